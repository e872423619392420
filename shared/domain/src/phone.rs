//! Telephone numbers in international form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a telephone number is + and 5 to 20 digits")]
pub struct PhoneError;

/// An E.164 number, kept as WhatsApp's `wa_id`: 5 to 20 digits without `+`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// The digits, as Meta writes them in `wa_id` and `from`.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The other spelling of the same mobile that WhatsApp may use (Brazil's ninth digit, Mexico's
    /// 1, Argentina's 9). For lookup only: what is stored is never rewritten.
    pub fn variant(&self) -> Option<Self> {
        let digits = self.0.as_str();
        let variant = match digits.len() {
            13 if digits.starts_with("55") && digits.get(4..5) == Some("9") => {
                splice(digits, 4, 5, "")
            }
            12 if digits.starts_with("55")
                && matches!(digits.get(4..5), Some("6" | "7" | "8" | "9")) =>
            {
                splice(digits, 4, 4, "9")
            }
            13 if digits.starts_with("521") => splice(digits, 2, 3, ""),
            12 if digits.starts_with("52") => splice(digits, 2, 2, "1"),
            13 if digits.starts_with("549") => splice(digits, 2, 3, ""),
            12 if digits.starts_with("54") => splice(digits, 2, 2, "9"),
            _ => None,
        }?;
        Some(Self(variant))
    }
}

fn splice(text: &str, from: usize, to: usize, middle: &str) -> Option<String> {
    Some(format!("{}{middle}{}", text.get(..from)?, text.get(to..)?))
}

impl FromStr for Phone {
    type Err = PhoneError;

    /// Accepts a leading `+`, spaces, hyphens, dots and parentheses.
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        let body = text.strip_prefix('+').unwrap_or(text);
        let mut digits = String::with_capacity(body.len().min(20));
        for c in body.chars() {
            match c {
                '0'..='9' if digits.len() < 20 => digits.push(c),
                ' ' | '-' | '.' | '(' | ')' => {}
                _ => return Err(PhoneError),
            }
        }
        if digits.len() < 5 { Err(PhoneError) } else { Ok(Self(digits)) }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

/// Hides all but the last two digits, so that a log line cannot carry a number.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+…{}", self.0.get(self.0.len().saturating_sub(2)..).unwrap_or(""))
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Phone;

    #[test]
    fn known_variants_point_at_each_other() {
        for (one, other) in [
            ("5511988887777", "551188887777"),
            ("5215512345678", "525512345678"),
            ("5491112345678", "541112345678"),
        ] {
            let one: Phone = one.parse().unwrap();
            let other: Phone = other.parse().unwrap();
            assert_eq!(one.variant().as_ref(), Some(&other));
            assert_eq!(other.variant().as_ref(), Some(&one));
        }
        assert_eq!("971501234567".parse::<Phone>().unwrap().variant(), None);
    }

    #[test]
    fn reads_the_usual_spellings_and_prints_one() {
        for text in ["+971 50-123 4567", "971501234567", "(971) 50.123.4567"] {
            assert_eq!(text.parse::<Phone>().unwrap().to_string(), "+971501234567");
        }
        for text in ["", "+12", "US.1349", "97150123456x", "123456789012345678901"] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
    }
}
