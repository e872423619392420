//! Letters about what was done to an account, so that a stranger's doing is noticed.

use domain::outbox::{Letter, OutboundEffect, OutboxItem};
use domain::{OutboxId, UserId};
use store::Transaction;
use web::Arrival;

use crate::App;

/// Has a letter sent by the transaction that it tells of.
pub(crate) fn send(
    app: &App,
    transaction: &mut Transaction,
    user: UserId,
    letter: Letter,
    arrival: &Arrival,
) {
    let now = app.edge.now();
    transaction.insert_outbox(&OutboxItem {
        id: OutboxId::mint(app.edge.ids(), now),
        tenant: transaction.tenant(),
        due_at: now,
        effect: OutboundEffect::Mail { user, letter },
        trace: arrival.request_id().to_string(),
    });
}
