//! The table at the end of the day.

use std::fmt;

use domain::message::Direction;
use serde_json::Value;

use super::account::Account;
use super::invariants::{self, Verdict};
use super::play::Play;
use crate::hub::Passed;

/// What the day came to.
#[derive(Debug)]
pub struct Report {
    rows: Vec<(&'static str, String)>,
    verdicts: Vec<Verdict>,
}

impl Report {
    pub(super) fn of(play: &Play<'_>, before: &Account, after: &Account) -> Self {
        let of_direction =
            |direction| after.messages.iter().filter(move |message| message.direction == direction);
        let stored = of_direction(Direction::Inbound).count();
        let effects: usize =
            of_direction(Direction::Inbound).map(|message| message.effects.len()).sum();
        let entries = play.system().hub().all();
        let replies = entries.iter().filter(|entry| answered(&entry.passed).is_some()).count();
        let absorbed = play.accepted.saturating_sub(stored + after.quarantined);
        let waits = play.replied_after_ms();
        let rows = vec![
            ("posts accepted", play.accepted.to_string()),
            ("messages stored", stored.to_string()),
            ("understood", after.understood.to_string()),
            ("effects", effects.to_string()),
            ("audit entries", after.told.len().to_string()),
            ("replies", replies.to_string()),
            ("notices", (play.system().graph().sends().len() - replies).to_string()),
            ("duplicates absorbed", absorbed.to_string()),
            ("quarantined", after.quarantined.to_string()),
            ("POST to reply, p50", format!("{} ms", percentile(&waits, 50))),
            ("POST to reply, p95", format!("{} ms", percentile(&waits, 95))),
        ];
        Self { rows, verdicts: invariants::judge(play, before, after) }
    }

    /// Whether every rule held.
    pub fn holds(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.broken.is_none())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "A day on site in English, Arabic and Russian\n")?;
        for (name, value) in &self.rows {
            writeln!(f, "  {name:<22} {value:>8}")?;
        }
        writeln!(f)?;
        for verdict in &self.verdicts {
            match &verdict.broken {
                None => writeln!(f, "  holds   {}", verdict.rule)?,
                Some(how) => writeln!(f, "  BROKEN  {} ({how})", verdict.rule)?,
            }
        }
        Ok(())
    }
}

/// The provider id of the message that a send answers.
pub(super) fn answered(passed: &Passed) -> Option<&str> {
    match passed {
        Passed::Call { body, applied: true, .. } => {
            body.pointer("/context/message_id").and_then(Value::as_str)
        }
        Passed::Call { .. } | Passed::Webhook { .. } => None,
    }
}

/// The smallest value that is not below this share of the values; they are sorted.
fn percentile(values: &[i64], percent: usize) -> i64 {
    let place = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(place).copied().unwrap_or(0)
}
