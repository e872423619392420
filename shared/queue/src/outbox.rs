//! Outbox items on their way into the outbound queue.

use crate::envelope::Outbound;
use crate::keys;
use crate::lanes::MAX_ENTRIES;
use crate::queues::{Entry, QueueKind, Queues, SendFailure};

/// How far a list of outbox items came.
#[derive(Debug)]
pub struct HandedOver {
    /// So many from the front are in the queue. Of the rest some may be, too: whoever receives them
    /// must be idempotent.
    pub count: usize,
    /// Why not all of them.
    pub failure: Option<SendFailure>,
}

impl Queues {
    /// Puts outbox items into the outbound queue, in order, until one call fails.
    ///
    /// Forgetting what was handed over is the caller's: a crash in between sends it again.
    pub async fn hand_over(&self, items: &[Outbound]) -> HandedOver {
        let mut count = 0;
        for call in items.chunks(MAX_ENTRIES) {
            let entries = match call.iter().map(entry).collect::<Result<Vec<_>, _>>() {
                Ok(entries) => entries,
                Err(error) => {
                    let failure = SendFailure::unwritable(QueueKind::Outbound, error);
                    return HandedOver { count, failure: Some(failure) };
                }
            };
            if let Err(failure) = self.send_all(QueueKind::Outbound, entries).await {
                return HandedOver { count, failure: Some(failure) };
            }
            count += call.len();
        }
        HandedOver { count, failure: None }
    }
}

fn entry(outbound: &Outbound) -> domain::Result<Entry> {
    let group = keys::tenant_group(&outbound.scope);
    Ok(Entry { group, dedup: None, body: outbound.to_body()? })
}
