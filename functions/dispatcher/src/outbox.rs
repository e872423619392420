//! Outbox items to the outbound queue.
//!
//! Invariant: an item is forgotten only after the queue has it.

use jiff::SignedDuration;
use queue::Outbound;
use store::Due;
use telemetry::metrics::names::OUTBOX_DISPATCHED;

use crate::App;

/// An item due this soon goes at once: two machines' clocks differ by less, and the sweep would
/// hold it up for a minute.
const SKEW: SignedDuration = SignedDuration::from_secs(2);

/// Hands over what is due, in order; the first record that could not be.
pub(crate) async fn hand_over(app: &App, due: Vec<(String, Due)>) -> Option<String> {
    let latest = app.clock.now() + SKEW;
    let (sequences, items): (Vec<String>, Vec<Outbound>) = due
        .into_iter()
        .filter(|(_, due)| due.item.due_at <= latest)
        .map(|(sequence, Due { scope, item })| (sequence, Outbound { scope, item }))
        .unzip();
    let handed = app.queues.hand_over(&items).await;
    let sent = items.iter().take(handed.count);
    app.store.forget_handed_over(sent.map(|sent| (&sent.scope, &sent.item))).await;
    let count = u64::try_from(handed.count).unwrap_or(u64::MAX);
    app.metrics.add(&OUTBOX_DISPATCHED, [], count);
    let Some(failure) = handed.failure else {
        if count > 0 {
            tracing::info!(count, "outbox items were handed over");
        }
        return None;
    };
    let error = telemetry::chain(&failure);
    let left = items.len() - handed.count;
    tracing::warn!(count, left, error, "outbox items wait for the stream to come again");
    // Without a sequence number the whole batch comes again, which is as good.
    Some(sequences.into_iter().nth(handed.count).unwrap_or_default())
}
