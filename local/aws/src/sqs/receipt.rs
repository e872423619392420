//! Receipt handles: which receive of which message a consumer holds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::sqs::error::{Code, Result};

/// What a handle stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) sequence: u64,
    pub(crate) receipt: u64,
}

impl Receipt {
    /// The opaque text for a message of `queue`.
    pub(crate) fn handle(self, queue: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{queue}/{}/{}", self.sequence, self.receipt))
    }

    /// Reads a handle that was given out by `queue`.
    pub(crate) fn parse(queue: &str, handle: &str) -> Result<Self> {
        Self::decode(queue, handle).ok_or_else(|| {
            Code::ReceiptHandleIsInvalid.because("The input receipt handle is invalid.")
        })
    }

    fn decode(queue: &str, handle: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(handle).ok()?).ok()?;
        let (sequence, receipt) = text.strip_prefix(queue)?.strip_prefix('/')?.split_once('/')?;
        Some(Self { sequence: sequence.parse().ok()?, receipt: receipt.parse().ok()? })
    }
}
