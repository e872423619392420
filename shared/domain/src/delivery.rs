//! How far a message has come: a lattice that only goes up.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::content::ProviderError;

/// The state of a message. Inbound messages are `received` for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Inbound.
    Received,
    /// Stored; waits in the outbox or the queue.
    Queued,
    /// A sender has claimed it; the provider may or may not have it.
    Sending,
    /// The provider's answer was lost; a status or an operator decides.
    Unknown,
    /// The provider took it.
    Accepted,
    Sent,
    Delivered,
    Read,
    Played,
    /// The provider refused it or gave up; final unless delivery evidence arrives.
    Failed,
    /// Withdrawn before it left, as by a takeover.
    Cancelled,
}

/// What the provider reports of a message it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    Sent,
    Delivered,
    Read,
    Played,
    Failed,
}

/// A report with its time and, for `failed`, its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEvent {
    pub report: Report,
    pub at: Timestamp,
    #[serde(default)]
    pub errors: Vec<ProviderError>,
}

impl Report {
    /// The name under which the first time of a report is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed => "failed",
        }
    }
}

impl Delivery {
    fn rank(self) -> u8 {
        match self {
            Self::Received | Self::Queued | Self::Sending | Self::Unknown | Self::Cancelled => 0,
            Self::Accepted => 1,
            Self::Sent => 2,
            Self::Failed => 3,
            Self::Delivered => 4,
            Self::Read => 5,
            Self::Played => 6,
        }
    }

    /// The state after a report, or `None` when the report changes nothing.
    ///
    /// Ranks accepted < sent < failed < delivered < read < played: a late `sent` cannot revive a
    /// failed message, `failed` cannot overrule proof of delivery, and proof of delivery overrules
    /// `failed`. (whatsapp-cloud-api reference §5.) The join of a set of reports is its maximum, so
    /// order and repetition do not matter.
    #[must_use]
    pub fn after(self, report: Report) -> Option<Self> {
        let reported = match report {
            Report::Sent => Self::Sent,
            Report::Delivered => Self::Delivered,
            Report::Read => Self::Read,
            Report::Played => Self::Played,
            Report::Failed => Self::Failed,
        };
        (self != Self::Received && reported.rank() > self.rank()).then_some(reported)
    }
}

#[cfg(test)]
mod tests {
    use super::{Delivery, Report};

    const REPORTS: [Report; 5] =
        [Report::Sent, Report::Delivered, Report::Read, Report::Played, Report::Failed];

    fn apply(start: Delivery, reports: &[Report]) -> Delivery {
        reports.iter().fold(start, |state, report| state.after(*report).unwrap_or(state))
    }

    #[test]
    fn any_order_and_any_repetition_ends_the_same() {
        for mask in 0_u32..32 {
            let set: Vec<Report> = REPORTS
                .into_iter()
                .enumerate()
                .filter(|(place, _)| mask & (1 << place) != 0)
                .map(|(_, report)| report)
                .collect();
            let expected = apply(Delivery::Accepted, &set);
            let mut reversed = set.clone();
            reversed.reverse();
            reversed.extend(set.clone());
            assert_eq!(apply(Delivery::Accepted, &reversed), expected, "{set:?}");
        }
    }

    #[test]
    fn a_late_sent_revives_nothing_and_delivery_overrules_failure() {
        assert_eq!(Delivery::Failed.after(Report::Sent), None);
        assert_eq!(Delivery::Failed.after(Report::Delivered), Some(Delivery::Delivered));
        assert_eq!(Delivery::Read.after(Report::Failed), None);
        assert_eq!(Delivery::Unknown.after(Report::Sent), Some(Delivery::Sent));
        assert_eq!(Delivery::Received.after(Report::Read), None);
    }
}
