//! Claims on a message, and writes that stand up to others at the same records.

use std::time::Duration;

use domain::message::{Author, Message};
use domain::{Error, Result};
use store::{Commit, Part, Transaction};

use crate::change;
use crate::errand::Errand;

/// Times a write is tried again because another transaction was at the same items.
const BUSY_MAX: u32 = 8;
const BUSY_PAUSE: Duration = Duration::from_millis(15);

/// How a claim ended.
pub(crate) enum Claim {
    /// The message is ours until its `claim_until`.
    Held(Box<Message>),
    /// The message changed since it was read.
    Changed,
    /// The bot may no longer speak.
    Withdrawn,
}

impl Errand<'_> {
    /// Claims a message; for a bot's, in one transaction with the check that it may speak, so that
    /// a takeover comes either before the claim or after it and never unseen.
    pub(crate) async fn claim(&self, message: &Message) -> Result<Claim> {
        let claimed = change::claimed(message, self.app.clock.now());
        // A transaction even when alone: its token tells our own repetition from another's claim.
        let commit = self
            .commit(|transaction| {
                transaction.replace_message(&claimed, message.version);
                if let Author::Bot { generation } = message.author {
                    transaction.require_bot(message.conversation, generation);
                }
            })
            .await?;
        Ok(match commit {
            Commit::Done => Claim::Held(Box::new(claimed)),
            Commit::Refused(parts) if parts.contains(&Part::Message) => Claim::Changed,
            Commit::Refused(_) => Claim::Withdrawn,
            Commit::Busy => Claim::Changed,
        })
    }

    /// Writes a message over its version `old`; false when it has changed since.
    pub(crate) async fn write(&self, message: &Message, old: u64) -> Result<bool> {
        match self.tenant.update_message(message, old).await {
            Ok(()) => Ok(true),
            Err(Error::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Commits what `fill` asks for; waits out others at the same items.
    pub(crate) async fn commit(&self, fill: impl Fn(&mut Transaction)) -> Result<Commit> {
        for round in 0..BUSY_MAX {
            let mut transaction = self.tenant.transaction();
            fill(&mut transaction);
            match transaction.commit().await? {
                Commit::Busy => tokio::time::sleep(BUSY_PAUSE * (round + 1)).await,
                ended @ (Commit::Done | Commit::Refused(_)) => return Ok(ended),
            }
        }
        Err(Error::Conflict)
    }
}
