//! What Meta says of one of our numbers.

use crate::graph::error::{Cause, SendError};
use crate::json::Object;

/// What is asked for; without it Meta answers with less.
pub(super) const FIELDS: &str = "id,display_phone_number,verified_name,quality_rating";
/// Longer texts are not what they should be.
const TEXT_CHARS_MAX: usize = 200;

/// A number as Meta knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// As people write it, as in `+971 4 555 0100`.
    pub display_phone: String,
    /// The name people see.
    pub verified_name: Option<String>,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`; an open set.
    pub quality: Option<String>,
}

/// Reads the answer for a number. One that is for another number, or for none, is not believed.
pub(super) fn read(body: &[u8], phone_number_id: &str) -> Result<Number, SendError> {
    let text = String::from_utf8_lossy(body);
    let read = || {
        let answer = Object::parse(&text).ok()?;
        let words = |key| answer.words(key).filter(|text| text.chars().count() <= TEXT_CHARS_MAX);
        (answer.id("id")? == phone_number_id).then_some(())?;
        Some(Number {
            display_phone: words("display_phone_number")?,
            verified_name: words("verified_name"),
            quality: words("quality_rating"),
        })
    };
    read().ok_or(SendError::Fix(Cause::Unreadable { status: 200 }))
}
