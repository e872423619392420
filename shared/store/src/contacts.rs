//! Contacts and the identities they are recognised by.

use domain::contact::Contact;
use domain::{ContactId, Result};
use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::key;
use crate::tables::TenantStore;
use crate::transaction::{Part, Transaction};

/// Which contact an identity (a phone's digits or a BSUID) belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRef {
    pub contact: ContactId,
}

impl TenantStore {
    pub async fn contact(&self, id: ContactId) -> Result<Option<Contact>> {
        self.get(&key::contact(&self.scope, id)).await
    }

    /// The contact an identity belongs to.
    pub async fn contact_of(&self, identity: &str) -> Result<Option<ContactId>> {
        let found: Option<IdentityRef> = self.get(&key::identity(&self.scope, identity)).await?;
        Ok(found.map(|found| found.contact))
    }
}

impl Transaction {
    pub fn insert_contact(&mut self, contact: &Contact) {
        let item = self.contact_item(contact);
        self.insert(Part::Contact, item);
    }

    /// Writes a contact over its version `old`.
    pub fn replace_contact(&mut self, contact: &Contact, old: u64) {
        let item = self.contact_item(contact);
        self.replace(Part::Contact, item, old);
    }

    /// Claims an identity for a contact; refused when it is somebody's already.
    pub fn insert_identity(&mut self, identity: &str, contact: ContactId) {
        let at = key::identity(self.scope(), identity);
        let item = Item::new(self.scope(), at, 1, &IdentityRef { contact })
            .map(|item| item.stray(self.scope()));
        self.insert(Part::Identity, item);
    }

    fn contact_item(&self, contact: &Contact) -> Result<Item> {
        let at = key::contact(self.scope(), contact.id);
        Ok(Item::new(self.scope(), at, contact.version, contact)?.stray(self.scope()))
    }
}
