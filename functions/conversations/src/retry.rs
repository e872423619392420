//! A change to the head of a conversation, against others who change it too.

use std::time::Duration;

use domain::audit::Trail;
use domain::conversation::Conversation;
use domain::{ConversationId, Error, Result};
use store::{Commit, TenantStore};
use tokio::time::sleep;

use crate::App;

/// Attempts before the caller is told of the conflict.
pub(crate) const ATTEMPTS_MAX: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// Reads the head, decides, and writes over the version it read; again when somebody was faster.
/// Returns the head as it is afterwards. `None` from `decide` means that nothing is to be changed.
/// A change is told to the audit log as `action`.
pub(crate) async fn change_head(
    app: &App,
    store: &TenantStore,
    (id, trail, action): (ConversationId, &Trail, &str),
    decide: impl Fn(&Conversation) -> Result<Option<Conversation>>,
) -> Result<Conversation> {
    for attempt in 0..ATTEMPTS_MAX {
        pause(attempt).await;
        let head = store.conversation(id).await?.ok_or(Error::NotFound)?;
        let Some(changed) = decide(&head)? else { return Ok(head) };
        let mut transaction = store.transaction();
        transaction.replace_conversation(&changed, head.version);
        let entry = trail.entry(app.edge.ids(), app.edge.now(), action, id);
        transaction.audit(entry, Some(&head), Some(&changed));
        match transaction.commit().await? {
            Commit::Done => return Ok(changed),
            Commit::Refused(_) | Commit::Busy => {}
        }
    }
    Err(Error::Conflict)
}

/// Nothing before the first attempt, then twice as long each time.
pub(crate) async fn pause(attempt: u32) {
    if attempt > 0 {
        sleep(FIRST_PAUSE * 2_u32.saturating_pow(attempt - 1)).await;
    }
}
