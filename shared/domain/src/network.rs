//! Where a caller comes from, as far as limits care.

use std::fmt;
use std::net::IpAddr;

/// The network an address is of: what one subscriber can change at will counts as one.
/// IPv4 /24, IPv6 /64; mapped addresses count as IPv4.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Network(String);

impl Network {
    /// The network of an address. Callers whose address is not known share one.
    pub fn of(ip: Option<IpAddr>) -> Self {
        Self(match ip.map(|ip| ip.to_canonical()) {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(ip)) => {
                let [a, b, c, _] = ip.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            Some(IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn neighbours_are_one_network_and_others_are_not() {
        let network = |text: &str| Network::of(Some(text.parse().unwrap()));
        for (one, other, same) in [
            ("203.0.113.1", "203.0.113.254", true),
            ("203.0.113.1", "203.0.112.1", false),
            ("::ffff:203.0.113.1", "203.0.113.9", true),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ] {
            assert_eq!(network(one) == network(other), same, "{one} {other}");
        }
        assert_eq!(Network::of(None), Network::of(None));
    }
}
