//! Changes that are neither messages nor statuses: kept as they came, and a new id of a person
//! leads to the contact they are.

use domain::Error;
use store::{Commit, Quarantined, TenantStore};
use whatsapp::Rotation;

use crate::App;
use crate::event::{Arrived, Fault, Taken};

/// The field that tells of new ids.
const ROTATION: &str = "user_id_update";

pub(crate) async fn take(app: &App, arrived: &Arrived) -> Result<Taken, Fault> {
    let scope = arrived.route.scope();
    let tenant = app.store.for_tenant(&scope);
    let id = Quarantined::id_of(arrived.envelope.received_at, &arrived.raw);
    let origin = whatsapp::webhook::origin_of(&arrived.raw);
    let field = origin.as_ref().map_or("unknown", |origin| origin.field.as_str());
    // Before it is kept: what is kept counts as done.
    if field == ROTATION
        && let Some(rotation) = whatsapp::decode_rotation(&arrived.raw)
    {
        rotate(&tenant, &rotation).await?;
    }
    if !tenant.keep_notice(&id, field, &arrived.raw).await? {
        return Ok(Taken::Duplicate);
    }
    tracing::info!(tenant.id = %scope.tenant(), field, "notice stored");
    Ok(Taken::Stored)
}

/// The new id leads to the contact that the old one or the phone leads to. An id that is
/// somebody's already, because a message came first, stays theirs.
async fn rotate(tenant: &TenantStore, rotation: &Rotation) -> Result<(), Error> {
    let current = rotation.current.as_str();
    let mut found = None;
    let phone = rotation.phone.as_ref().map(domain::Phone::digits);
    for identity in [rotation.previous.as_ref().map(domain::contact::Bsuid::as_str), phone]
        .into_iter()
        .flatten()
    {
        if found.is_none() {
            found = tenant.contact_of(identity).await?;
        }
    }
    let Some(contact) = found else { return Ok(()) };
    if tenant.contact_of(current).await?.is_some() {
        return Ok(());
    }
    let mut contact = tenant.contact(contact).await?.ok_or(Error::NotFound)?;
    let old = contact.version;
    contact.bsuid = Some(rotation.current.clone());
    contact.version += 1;
    let mut transaction = tenant.transaction();
    transaction.insert_identity(current, contact.id);
    transaction.replace_contact(&contact, old);
    match transaction.commit().await? {
        Commit::Done => Ok(()),
        Commit::Refused(_) | Commit::Busy => Err(Error::Conflict),
    }
}
