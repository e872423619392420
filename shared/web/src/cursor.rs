//! Cursors: where a list continues, sealed so that nobody can read or make one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Error, Ids, Result, TenantId};
use jiff::{SignedDuration, Timestamp};

use crate::seal::Seal;

const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Ours are about 150 characters.
const CURSOR_BYTES_MAX: usize = 1_024;
const EXPIRY_LEN: usize = 8;

/// Seals and opens cursors.
pub(crate) struct CursorSeal {
    seal: Seal,
}

/// What a cursor is good for. Another tenant's, another list's or another filter's does not open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) path: &'a str,
    pub(crate) filter: &'a str,
}

impl Binding<'_> {
    /// Neither an id nor a path has a line feed in it.
    fn bytes(&self) -> Vec<u8> {
        format!("cursor v1\n{}\n{}\n{}", self.tenant, self.path, self.filter).into_bytes()
    }
}

impl CursorSeal {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self> {
        Ok(Self { seal: Seal::new(key)? })
    }

    /// The cursor for a place in a list: sealed expiry and place.
    pub(crate) fn seal(
        &self,
        place: &str,
        binding: Binding<'_>,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Result<String> {
        let expiry_ms = now.saturating_add(GOOD_FOR).map_err(Error::internal)?.as_millisecond();
        let mut text = Vec::from(expiry_ms.to_be_bytes());
        text.extend_from_slice(place.as_bytes());
        Ok(URL_SAFE_NO_PAD.encode(self.seal.seal(text, &binding.bytes(), ids)?))
    }

    /// The place a cursor stands for; `None` when it is not ours, not for this list, or too old.
    pub(crate) fn open(
        &self,
        cursor: &str,
        binding: Binding<'_>,
        now: Timestamp,
    ) -> Option<String> {
        if cursor.len() > CURSOR_BYTES_MAX {
            return None;
        }
        let sealed = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let opened = self.seal.open(&sealed, &binding.bytes())?;
        let (expiry, place) = opened.split_at_checked(EXPIRY_LEN)?;
        let expiry_ms = i64::from_be_bytes(expiry.try_into().ok()?);
        let place = std::str::from_utf8(place).ok()?;
        (now.as_millisecond() < expiry_ms).then(|| place.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use domain::TenantId;
    use jiff::{SignedDuration, Timestamp};
    use telemetry::SystemIds;

    use super::{Binding, CursorSeal};

    #[test]
    fn a_cursor_opens_for_its_own_list_until_it_is_a_day_old() {
        let seal = CursorSeal::new(&[7; 32]).unwrap();
        let tenant = TenantId::from_str(&format!("ten_{}", "0".repeat(26))).unwrap();
        let stranger = TenantId::from_str(&format!("ten_{}1", "0".repeat(25))).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let own = Binding { tenant, path: "/a", filter: "status=done" };
        let cursor = seal.seal("K#0c", own, now, &SystemIds).unwrap();
        let opened = |binding, at| seal.open(&cursor, binding, at);
        assert_eq!(opened(own, now).as_deref(), Some("K#0c"));
        assert_eq!(opened(Binding { tenant: stranger, ..own }, now), None);
        assert_eq!(opened(Binding { path: "/b", ..own }, now), None);
        assert_eq!(opened(Binding { filter: "", ..own }, now), None);
        let day = now + SignedDuration::from_hours(24);
        assert!(opened(own, day - SignedDuration::from_millis(1)).is_some());
        assert_eq!(opened(own, day), None);
        for place in 0..cursor.len() {
            let mut bytes = cursor.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            // The last character's spare bits may be refused by the encoding instead.
            assert_eq!(seal.open(&changed, own, now), None, "{place}");
        }
        for junk in ["", "AAAA", "****", &"A".repeat(2_000)] {
            assert_eq!(seal.open(junk, own, now), None);
        }
    }
}
