//! Why a message did not go out, named by what the caller can do.

use std::time::Duration;

use domain::FieldError;
use domain::content::ProviderError;

/// The longest wait asked for.
const MAX_WAIT: Duration = Duration::from_mins(5);

/// A send that did not end in an answer with an id.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Breaks WhatsApp's limits; nothing was sent. Pointers are into the content, or
    /// `/callback`, `/reply_to`, `/phone_number_id`.
    #[error("the message breaks WhatsApp's limits")]
    Invalid(Vec<FieldError>),
    /// Refused before anything was processed: sending again is safe, after the wait.
    #[error("not taken; safe to send again later")]
    Retry {
        wait: Wait,
        #[source]
        cause: Cause,
    },
    /// It may have gone out. Sending again may double it: wait for a status that carries the
    /// callback, and repeat once at most.
    #[error("the outcome is unknown")]
    Ambiguous(#[source] Cause),
    /// This number or its account cannot send until an operator acts: stop its queue.
    #[error("the channel cannot send")]
    ChannelDown(#[source] Cause),
    /// The 24-hour window is closed; only a template may go.
    #[error("the customer service window is closed")]
    WindowClosed(#[source] Cause),
    /// This person cannot or may not be reached now; do not try again by itself.
    #[error("the recipient cannot be reached")]
    Recipient(#[source] Cause),
    /// This message is wrong, or something it needs is; the channel is well. Do not try again
    /// unchanged.
    #[error("the message needs a change")]
    Fix(#[source] Cause),
}

impl SendError {
    pub(super) fn retry(wait: Wait, cause: Cause) -> Self {
        Self::Retry { wait, cause }
    }

    /// What Meta said, if it was Meta that said no.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Invalid(_) => None,
            Self::Retry { cause, .. }
            | Self::Ambiguous(cause)
            | Self::ChannelDown(cause)
            | Self::WindowClosed(cause)
            | Self::Recipient(cause)
            | Self::Fix(cause) => match cause {
                Cause::Answer(answer) => Some(answer),
                Cause::Transport(_) | Cause::Unreadable { .. } | Cause::Token => None,
            },
        }
    }

    /// The provider's error, to keep with the message.
    pub fn provider_error(&self) -> Option<&ProviderError> {
        self.answer().map(|answer| &answer.error)
    }
}

/// What stood in the way.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// No answer came.
    #[error("the Graph API did not answer")]
    Transport(#[source] reqwest::Error),
    /// An answer came that is not Graph's JSON: a gateway's page, or a cut body.
    #[error("HTTP {status} without a readable Graph answer")]
    Unreadable { status: u16 },
    /// Graph said no.
    #[error("{0}")]
    Answer(Box<Answer>),
    /// The token cannot be written into a header.
    #[error("the access token has characters no token has")]
    Token,
}

/// Graph's error object. `Display` leaves out the texts, which may quote the recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP; inconsistent at Meta, so nothing is decided by it when a code is known.
    pub status: u16,
    pub error: ProviderError,
    /// `fbtrace_id`, for Meta's support.
    pub trace: Option<String>,
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Graph error {} (HTTP {})", self.error.code, self.status)?;
        match &self.trace {
            Some(trace) => write!(f, ", trace {trace}"),
            None => Ok(()),
        }
    }
}

/// How long to wait before trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Before the first repetition.
    pub first: Duration,
    /// How much longer each further wait is.
    pub factor: u32,
}

impl Wait {
    pub(super) const DEFAULT: Self = Self::seconds(1);

    pub(super) const fn seconds(first: u64) -> Self {
        Self { first: Duration::from_secs(first), factor: 2 }
    }

    /// The wait before repetition `n`, counted from 0: `first × factor^n`, at most five minutes
    /// unless the first wait is already longer. Without jitter: chance is the caller's.
    #[must_use]
    pub fn before(&self, repetition: u32) -> Duration {
        let growth = self.factor.saturating_pow(repetition);
        self.first.saturating_mul(growth).min(MAX_WAIT.max(self.first))
    }
}
