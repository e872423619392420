//! Identifiers: a prefix that names the kind, `_`, and a `UUIDv7` in 26 Crockford base32 characters.
//!
//! They sort by the millisecond of creation and are not secrets.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::clock::Ids;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LEN: usize = 26;

/// The text is not an identifier of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {prefix}_ and 26 base32 characters")]
pub struct IdError {
    /// The prefix that was wanted, as in `prj`.
    pub prefix: &'static str,
}

/// 26 lower-case Crockford base32 characters for 128 bits, most significant first.
pub fn encode_base32(uuid: Uuid) -> String {
    let value = uuid.as_u128();
    (0..TEXT_LEN)
        .rev()
        .map(|place| {
            let digit = (value >> (place * 5)) & 31;
            let index = usize::try_from(digit).unwrap_or(0);
            char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
        })
        .collect()
}

/// Lower-case hexadecimal.
pub fn encode_hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

fn decode_base32(text: &str) -> Option<Uuid> {
    if text.len() != TEXT_LEN {
        return None;
    }
    let mut value: u128 = 0;
    for (place, byte) in text.bytes().enumerate() {
        let digit = u128::try_from(ALPHABET.iter().position(|a| *a == byte)?).ok()?;
        if place == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | digit;
    }
    Some(Uuid::from_u128(value))
}

macro_rules! define_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The kind's prefix, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A fresh identifier for something that comes to be at `at`.
            pub fn mint(ids: &dyn Ids, at: Timestamp) -> Self {
                Self(ids.uuid(at))
            }

            /// Wraps a UUID; for identifiers derived from another key.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The identifier without its prefix: 26 characters of `[0-9a-z]`, for storage keys.
            pub fn key(&self) -> String {
                encode_base32(self.0)
            }

            /// The bare UUID.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.key())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(decode_base32)
                    .map(Self)
                    .ok_or(IdError { prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

define_id!(
    /// An organisation: the unit of isolation.
    TenantId, "ten");
define_id!(
    /// A person who can sign in.
    UserId, "usr");
define_id!(
    /// A sign-in that lasts: a family of refresh tokens.
    SessionId, "ses");
define_id!(
    /// An API key.
    KeyId, "key");
define_id!(
    /// A proof that was asked of somebody by mail or message: an invitation, a reset, a code.
    ProofId, "prf");
define_id!(
    /// An entry of the audit log.
    AuditId, "aud");
define_id!(
    /// A WhatsApp business number of a tenant.
    ChannelId, "chn");
define_id!(
    /// A construction project.
    ProjectId, "prj");
define_id!(
    /// A piece of work in a project.
    TaskId, "tsk");
define_id!(
    /// A cost, proposed or confirmed.
    CostId, "cst");
define_id!(
    /// Something the project manager should know.
    InsightId, "ins");
define_id!(
    /// A person on the other end of a channel.
    ContactId, "cnt");
define_id!(
    /// The exchange with one contact on one channel.
    ConversationId, "cnv");
define_id!(
    /// One message, inbound or outbound.
    MessageId, "msg");
define_id!(
    /// A side effect that waits to be handed to a queue.
    OutboxId, "out");
define_id!(
    /// Background work.
    JobId, "job");

#[cfg(test)]
mod tests {
    use super::{ProjectId, TaskId, decode_base32, encode_base32};
    use uuid::Uuid;

    #[test]
    fn text_form_round_trips_and_keeps_order() {
        let values = [0, 1, 31, 32, u128::from(u64::MAX), u128::MAX / 3, u128::MAX];
        let mut texts = Vec::new();
        for value in values {
            let id = ProjectId::from_uuid(Uuid::from_u128(value));
            assert_eq!(id.to_string().parse::<ProjectId>(), Ok(id));
            texts.push(encode_base32(Uuid::from_u128(value)));
        }
        assert!(texts.is_sorted());
        assert_eq!(texts.last().map(String::as_str), Some("7zzzzzzzzzzzzzzzzzzzzzzzzz"));
    }

    #[test]
    fn refuses_what_is_not_an_identifier_of_its_kind() {
        let task = TaskId::from_uuid(Uuid::from_u128(7)).to_string();
        assert!(task.parse::<ProjectId>().is_err());
        for text in ["", "tsk_", "tsk_8zzzzzzzzzzzzzzzzzzzzzzzzz", "tsk_0000000000000000000000000I"]
        {
            assert!(text.parse::<TaskId>().is_err(), "{text}");
        }
        assert!(decode_base32(&"0".repeat(27)).is_none());
    }
}
