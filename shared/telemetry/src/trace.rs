//! The correlation id that joins a request, its queue messages and its replies in the logs.

use std::fmt;

use domain::{Clock, Ids};
use serde::{Deserialize, Serialize};

/// Longer ids are not ours and not a proxy's.
const MAX_LEN: usize = 128;

/// A correlation id: visible ASCII, at most 128 bytes, safe in a header and a log line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Trace(String);

impl Trace {
    /// A fresh id; sorts by time.
    pub fn mint(clock: &dyn Clock, ids: &dyn Ids) -> Self {
        Self(ids.uuid(clock.now()).simple().to_string())
    }

    /// An id somebody else chose, if it is harmless.
    pub fn parse(text: &str) -> Option<Self> {
        let harmless = |b: u8| b.is_ascii_alphanumeric() || b"-_=:;.".contains(&b);
        ((1..=MAX_LEN).contains(&text.len()) && text.bytes().all(harmless))
            .then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Trace {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("expected 1 to 128 characters of a trace id")
    }
}

impl From<Trace> for String {
    fn from(trace: Trace) -> Self {
        trace.0
    }
}
