//! No answer of the bot leaves after a takeover, not even one that was ready.
//!
//! Once the head says so, a sender's claim fails: it demands the bot's generation. What is left are
//! answers that wait, which are cancelled here so that everybody sees it, and answers a sender had
//! claimed just before, which are waited for.

use std::time::Duration;

use domain::conversation::{Conversation, Withdrawal};
use domain::{Error, Result};
use store::{PageRequest, TenantStore};
use tokio::time::{sleep, timeout};

use crate::App;

/// An answer older than this many messages left or was cancelled long ago.
const LOOK_BACK: usize = 20;
const STEP: Duration = Duration::from_millis(50);
/// Longer than a call of Meta's that succeeds, and within what a caller waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// Cancels the bot's answers that wait and waits for those on their way, at most five seconds.
pub(crate) async fn bot(app: &App, store: &TenantStore, head: &Conversation) -> Result<()> {
    let settled = timeout(PATIENCE, async {
        while !is_settled(app, store, head).await? {
            sleep(STEP).await;
        }
        Ok(())
    });
    settled.await.unwrap_or_else(|_| {
        tracing::warn!(conversation.id = %head.id, "an answer of the bot was still on its way");
        Ok(())
    })
}

async fn is_settled(app: &App, store: &TenantStore, head: &Conversation) -> Result<bool> {
    let latest = store.messages(head.id, &PageRequest::first(LOOK_BACK)).await?;
    let mut settled = true;
    for message in &latest.items {
        match head.withdraw(message, app.edge.now()) {
            Withdrawal::Nothing => {}
            Withdrawal::Wait => settled = false,
            Withdrawal::Cancel(cancelled) => {
                match store.update_message(&cancelled, message.version).await {
                    Ok(()) => {}
                    // A sender was faster: the next look tells how far it got.
                    Err(Error::Conflict) => settled = false,
                    Err(error) => return Err(error),
                }
            }
        }
    }
    Ok(settled)
}
