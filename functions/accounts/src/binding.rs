//! The contact that writes from a user's phone.

use domain::contact::Contact;
use domain::{Phone, Result, UserId};
use store::{TenantStore, Transaction};

/// The contact with a number, by either spelling of it.
pub(crate) async fn contact_of(store: &TenantStore, phone: &Phone) -> Result<Option<Contact>> {
    for spelling in [Some(phone.clone()), phone.variant()].into_iter().flatten() {
        if let Some(id) = store.contact_of(spelling.digits()).await? {
            return store.contact(id).await;
        }
    }
    Ok(None)
}

/// The contact with a number, if it acts for the user.
pub(crate) async fn contact_bound_to(
    store: &TenantStore,
    phone: &Phone,
    user: UserId,
) -> Result<Option<Contact>> {
    Ok(contact_of(store, phone).await?.filter(|contact| contact.user == Some(user)))
}

/// From now on the contact acts for the user.
pub(crate) fn bind(transaction: &mut Transaction, contact: &Contact, user: UserId) {
    replace(transaction, contact, Some(user));
}

/// From now on the contact acts for nobody.
pub(crate) fn unbind(transaction: &mut Transaction, contact: &Contact) {
    replace(transaction, contact, None);
}

fn replace(transaction: &mut Transaction, contact: &Contact, user: Option<UserId>) {
    let after = Contact { user, version: contact.version + 1, ..contact.clone() };
    transaction.replace_contact(&after, contact.version);
}
