//! One error, named by what the caller can do about it.

use std::error::Error as StdError;

/// The result of every fallible operation above the edge.
pub type Result<T> = std::result::Result<T, Error>;

type Source = Box<dyn StdError + Send + Sync>;

/// What went wrong, from the caller's side. Sources are kept and never repeated in `Display`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is wrong; every faulty field is named. HTTP 422.
    #[error("the input is invalid")]
    Invalid(Vec<FieldError>),
    /// The input is well formed and a rule forbids it. HTTP 409, or 422 for `window_closed`.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// Absent, or somebody else's: the two look the same. HTTP 404.
    #[error("not found")]
    NotFound,
    /// Somebody changed it first; read again and retry. HTTP 409.
    #[error("changed by somebody else in the meantime")]
    Conflict,
    /// A dependency failed in a way that passes; retry later. HTTP 503.
    #[error("a dependency is unavailable")]
    Unavailable(#[source] Source),
    /// A defect or corrupt stored data; retrying does not help. HTTP 500.
    #[error("internal error")]
    Internal(#[source] Source),
}

impl Error {
    /// An `Unavailable` with its cause.
    pub fn unavailable(source: impl Into<Source>) -> Self {
        Self::Unavailable(source.into())
    }

    /// An `Internal` with its cause.
    pub fn internal(source: impl Into<Source>) -> Self {
        Self::Internal(source.into())
    }

    /// An `Invalid` with a single faulty field.
    pub fn field(
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::Invalid(vec![FieldError { pointer: pointer.into(), code, message: message.into() }])
    }

    /// A `Refused` with its machine-readable code.
    pub fn refused(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Refused(Refusal { code, detail: detail.into() })
    }

    /// Whether the same call may succeed later without anybody changing it.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::Conflict => true,
            Self::Invalid(_) | Self::Refused(_) | Self::NotFound | Self::Internal(_) => false,
        }
    }
}

/// One faulty field of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer to the field, as in `/due_on`; query and path parameters by bare name.
    pub pointer: String,
    /// Machine-readable reason, as in `required`, `too_long`, `not_a_date`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

/// A rule that said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Machine-readable reason, as in `window_closed`.
    pub code: &'static str,
    /// A sentence for people.
    pub detail: String,
}
