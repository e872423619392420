//! Whose message it is: the contact, found or made.
//!
//! Looked up by BSUID, then by the exact phone, then by the phone's known variant. An identity that
//! is seen for the first time beside a known one is linked to its contact; two identities that are
//! already two contacts stay so, and the stronger one, the BSUID, wins.

use domain::contact::{Contact, Sender};
use domain::tenant::UserStatus;
use domain::{ContactId, Error, UserId};
use jiff::Timestamp;
use store::TenantStore;

use crate::App;
use crate::event::Fault;

/// Names longer than this are cut: WhatsApp allows 25 characters, integrations send anything.
const NAME_CHARS_MAX: usize = 80;

/// A sender, recognised.
pub(crate) struct Known {
    pub(crate) contact: Contact,
    /// The stored version; `None` for a contact that is not stored yet.
    pub(crate) stored: Option<u64>,
    /// As it is stored.
    pub(crate) before: Option<Contact>,
    /// Identities that do not lead to the contact yet.
    pub(crate) new_identities: Vec<String>,
}

pub(crate) async fn recognise(
    app: &App,
    tenant: &TenantStore,
    sender: &Sender,
    now: Timestamp,
) -> Result<Known, Fault> {
    let bsuid = sender.bsuid.as_ref().map(|bsuid| bsuid.as_str().to_owned());
    let phone = sender.phone.as_ref().map(|phone| phone.digits().to_owned());
    let variant = sender.phone.as_ref().and_then(domain::Phone::variant);
    if bsuid.is_none() && phone.is_none() {
        return Err(Fault::Permanent("the message names no sender".to_owned()));
    }
    let by_bsuid = lookup(tenant, bsuid.as_deref()).await?;
    let by_phone = lookup(tenant, phone.as_deref()).await?;
    let found = match by_bsuid.or(by_phone) {
        Some(found) => Some(found),
        None => lookup(tenant, variant.as_ref().map(domain::Phone::digits)).await?,
    };
    let mut new_identities = Vec::new();
    new_identities.extend(bsuid.filter(|_| by_bsuid.is_none()));
    new_identities.extend(phone.filter(|_| by_phone.is_none()));
    let (mut contact, stored) = match found {
        Some(id) => {
            let contact = tenant.contact(id).await?.ok_or_else(|| {
                Error::internal("an identity leads to a contact that is not there")
            })?;
            let version = contact.version;
            (contact, Some(version))
        }
        None => (new_contact(app, sender, now), None),
    };
    let before = stored.map(|_| contact.clone());
    adopt(&mut contact, sender);
    contact.user = user_of(tenant, &contact).await?;
    Ok(Known { contact, stored, before, new_identities })
}

async fn lookup(tenant: &TenantStore, identity: Option<&str>) -> Result<Option<ContactId>, Error> {
    match identity {
        Some(identity) => tenant.contact_of(identity).await,
        None => Ok(None),
    }
}

/// The active user who writes from the contact's number: the one known, as long as the number is
/// theirs, else whoever has linked it since.
async fn user_of(tenant: &TenantStore, contact: &Contact) -> Result<Option<UserId>, Error> {
    let Some(phone) = &contact.phone else { return Ok(None) };
    let variant = phone.variant();
    if let Some(user) = contact.user
        && let Some(user) = tenant.user(user).await?
        && user.phone.is_some()
        && (user.phone.as_ref() == Some(phone) || user.phone == variant)
    {
        return Ok((user.status == UserStatus::Active).then_some(user.id));
    }
    for phone in [Some(phone), variant.as_ref()].into_iter().flatten() {
        if let Some(user) = tenant.user_of_phone(phone).await? {
            let user = tenant.user(user).await?;
            return Ok(user.filter(|user| user.status == UserStatus::Active).map(|user| user.id));
        }
    }
    Ok(None)
}

fn new_contact(app: &App, sender: &Sender, now: Timestamp) -> Contact {
    Contact {
        id: ContactId::mint(app.ids.as_ref(), now),
        name: String::new(),
        phone: sender.phone.clone(),
        bsuid: sender.bsuid.clone(),
        user: None,
        conversations: std::collections::BTreeMap::new(),
        created_at: now,
        version: 1,
    }
}

/// What the message tells of the contact that was not known.
fn adopt(contact: &mut Contact, sender: &Sender) {
    if let Some(name) = sender.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        contact.name = domain::text::clip(name, NAME_CHARS_MAX);
    }
    if contact.phone.is_none() {
        contact.phone.clone_from(&sender.phone);
    }
    if contact.bsuid.is_none() {
        contact.bsuid.clone_from(&sender.bsuid);
    }
    if contact.name.is_empty() {
        // Somebody must be able to tell conversations apart in a list.
        contact.name = contact.phone.as_ref().map(ToString::to_string).unwrap_or_default();
    }
}
