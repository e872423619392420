//! Codes that change with time (RFC 6238): SHA-1, six digits, thirty seconds, as every
//! authenticator app takes them.

use aws_lc_rs::{constant_time, hmac};
use domain::Ids;
use jiff::Timestamp;

/// RFC 4226 §4 recommends 160 bits.
pub(crate) const SECRET_BYTES: usize = 20;
const STEP_S: i64 = 30;
const DIGITS: usize = 6;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A fresh secret.
pub(crate) fn secret(ids: &dyn Ids) -> [u8; SECRET_BYTES] {
    let mut bytes = [0_u8; SECRET_BYTES];
    ids.fill(&mut bytes);
    bytes
}

/// The time step whose code was given: the present one, or the one before or after it, for clocks
/// that differ and people who type. Only steps after `last` count: no code is taken twice.
pub(crate) fn matching_step(
    secret: &[u8],
    given: &str,
    now: Timestamp,
    last: Option<u64>,
) -> Option<u64> {
    let present = u64::try_from(now.as_second().div_euclid(STEP_S)).ok()?;
    let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    // All are computed whatever comes, so that time tells nothing.
    [present.saturating_sub(1), present, present.saturating_add(1)]
        .into_iter()
        .filter(|step| {
            let right = code(secret, *step);
            constant_time::verify_slices_are_equal(right.as_bytes(), given.as_bytes()).is_ok()
        })
        .find(|step| last.is_none_or(|last| *step > last))
}

/// The code of a time step (RFC 4226 §5.3).
pub(crate) fn code(secret: &[u8], step: u64) -> String {
    let number = truncated(secret, step) % 1_000_000;
    format!("{number:0DIGITS$}")
}

fn truncated(secret: &[u8], step: u64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let offset = mac.as_ref().last().map_or(0, |byte| usize::from(byte & 0x0f));
    let four = mac.as_ref().iter().skip(offset).take(4);
    four.fold(0_u32, |number, byte| (number << 8) | u32::from(*byte)) & 0x7fff_ffff
}

/// Base32 of RFC 4648 without padding, as apps take a secret.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut put = |five: u32| {
        let place = usize::try_from(five & 31).unwrap_or(0);
        text.push(char::from(ALPHABET.get(place).copied().unwrap_or(b'A')));
    };
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            put(held >> bits);
            held &= (1 << bits) - 1;
        }
    }
    if bits > 0 {
        put(held << (5 - bits));
    }
    text
}

/// What an app reads off a picture or a link.
pub(crate) fn link(secret: &[u8], email: &str, organization: &str) -> String {
    let label = |text: &str| {
        text.bytes().fold(String::new(), |mut label, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
                label.push(char::from(byte));
            } else {
                use std::fmt::Write;
                let _ = write!(label, "%{byte:02X}");
            }
            label
        })
    };
    let issuer = label(&format!("Hndasah {organization}"));
    format!(
        "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}\
         &period={STEP_S}",
        label(email),
        base32(secret)
    )
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{base32, code, link, matching_step, truncated};

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238 Appendix B, its rows for SHA-1: eight digits, of which ours are the last six.
    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        for (second, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = second / 30;
            assert_eq!(format!("{:08}", truncated(SECRET, step) % 100_000_000), eight);
            assert_eq!(code(SECRET, step), eight[2..]);
        }
    }

    #[test]
    fn a_code_is_good_for_a_step_to_each_side_and_once() {
        let now = Timestamp::from_second(1_111_111_110).unwrap();
        let at = |seconds, last| {
            let now = now + SignedDuration::from_secs(seconds);
            matching_step(SECRET, "050 471", now, last)
        };
        let step = 1_111_111_111 / 30;
        for seconds in [-30, -1, 0, 29, 30, 59] {
            assert_eq!(at(seconds, None), Some(step), "{seconds}");
        }
        for seconds in [-31, 60] {
            assert_eq!(at(seconds, None), None, "{seconds}");
        }
        assert_eq!(at(0, Some(step - 1)), Some(step));
        assert_eq!(at(0, Some(step)), None);
        for wrong in ["", "050472", "0050471", "14050471", "o50471"] {
            assert_eq!(matching_step(SECRET, wrong, now, None), None, "{wrong}");
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648_and_a_link_escapes() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let link = link(SECRET, "a+b@example.com", "Gulf & Söhne");
        assert_eq!(
            link,
            "otpauth://totp/Hndasah%20Gulf%20%26%20S%C3%B6hne:a%2Bb@example.com\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hndasah%20Gulf%20%26%20S%C3%B6hne\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
