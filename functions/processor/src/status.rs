//! What the provider reports of a message of ours.

use std::str::FromStr;

use domain::delivery::ReportEvent;
use domain::message::Message;
use domain::{ConversationId, Error, MessageId, ProofId};
use store::TenantStore;
use whatsapp::StatusReport;

use crate::App;
use crate::event::{Arrived, Fault, Taken};

/// Attempts to write past others who change the same message.
const ATTEMPTS_MAX: u32 = 5;

/// Applies a report to its message, or keeps it until the message is known.
pub(crate) async fn take(app: &App, arrived: &Arrived) -> Result<Taken, Fault> {
    let status = whatsapp::decode_status(&arrived.raw)
        .map_err(|error| Fault::Permanent(telemetry::chain(&error)))?;
    let Some(report) = status.report else {
        tracing::info!(status = status.name, "a status that moves nothing");
        return Ok(Taken::Stored);
    };
    if status.callback.as_deref().is_some_and(|callback| callback.parse::<ProofId>().is_ok()) {
        tracing::info!(report = report.name(), "a status of a code, which is no message");
        return Ok(Taken::Stored);
    }
    let event = ReportEvent { report, at: status.timestamp, errors: status.errors.clone() };
    let scope = arrived.route.scope();
    let tenant = app.store.for_tenant(&scope);
    if let Some(message) = find(&tenant, &status).await? {
        return apply(&tenant, message, &status.provider_id, &event).await;
    }
    tenant.keep_early_report(&status.provider_id, report.name(), &event).await?;
    // The sender writes the reference and then reads what was kept; whoever comes second sees the
    // other's write.
    if let Some(message) = find(&tenant, &status).await? {
        return apply(&tenant, message, &status.provider_id, &event).await;
    }
    tracing::info!(tenant.id = %scope.tenant(), "a status came before its message: kept");
    Ok(Taken::Stored)
}

/// By what we sent along, which is known even before the provider's id is; else by that id.
async fn find(tenant: &TenantStore, status: &StatusReport) -> Result<Option<Message>, Error> {
    if let Some((conversation, message)) = status.callback.as_deref().and_then(callback)
        && let Some(found) = tenant.message(conversation, message).await?
    {
        return Ok(Some(found));
    }
    match tenant.message_of_provider(&status.provider_id).await? {
        Some((conversation, message)) => tenant.message(conversation, message).await,
        None => Ok(None),
    }
}

fn callback(text: &str) -> Option<(ConversationId, MessageId)> {
    let (conversation, message) = text.split_once('/')?;
    Some((ConversationId::from_str(conversation).ok()?, MessageId::from_str(message).ok()?))
}

async fn apply(
    tenant: &TenantStore,
    mut message: Message,
    provider_id: &str,
    event: &ReportEvent,
) -> Result<Taken, Fault> {
    for _ in 0..ATTEMPTS_MAX {
        let old = message.version;
        if !message.take_report(event) {
            return Ok(Taken::Duplicate);
        }
        if message.provider_id.is_none() {
            message.provider_id = Some(provider_id.to_owned());
        }
        match tenant.update_message(&message, old).await {
            Ok(()) => {
                tracing::info!(
                    tenant.id = %tenant.scope().tenant(),
                    message.id = %message.id,
                    report = event.report.name(),
                    "status applied"
                );
                return Ok(Taken::Stored);
            }
            Err(Error::Conflict) => {
                let found = tenant.message(message.conversation, message.id).await?;
                message = found.ok_or(Error::NotFound)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Conflict.into())
}
