//! Users, and what leads to them: their addresses and their phones.

use domain::email::Email;
use domain::tenant::User;
use domain::{Phone, Result, UserId};
use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::key;
use crate::page::{Page, PageRequest};
use crate::read::Stretch;
use crate::tables::{Table, TenantStore};
use crate::transaction::{Part, Transaction};

/// Which user a phone or an address leads to.
#[derive(Serialize, Deserialize)]
struct UserLink {
    user: UserId,
}

impl TenantStore {
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        self.get(&key::user(&self.scope, id)).await
    }

    /// Users, oldest first.
    pub async fn users(&self, request: &PageRequest) -> Result<Page<User>> {
        let stretch = Stretch {
            table: Table::Tenants,
            index: None,
            pk: self.scope.partition(),
            prefix: "U#",
            newest_first: false,
        };
        self.records(&stretch, request).await
    }

    /// The user whose linked number this is.
    pub async fn user_of_phone(&self, phone: &Phone) -> Result<Option<UserId>> {
        let link: Option<UserLink> = self.get(&key::phone_link(&self.scope, phone)).await?;
        Ok(link.map(|link| link.user))
    }

    /// The user of this organisation under an address, invited ones included.
    pub async fn user_of_email(&self, email: &Email) -> Result<Option<UserId>> {
        let link: Option<UserLink> = self.get(&key::email_link(&self.scope, email)).await?;
        Ok(link.map(|link| link.user))
    }
}

impl Transaction {
    /// A user, and what leads to it: its address, and its phone if it has one.
    pub fn insert_user(&mut self, user: &User) {
        let item = Item::new(self.scope(), key::user(self.scope(), user.id), user.version, user);
        self.insert(Part::User, item);
        self.link(key::email_link(self.scope(), &user.email), user.id);
        if let Some(phone) = &user.phone {
            self.link_phone(phone, user.id);
        }
    }

    /// Writes a user over its version `old`. Links are not touched.
    pub fn replace_user(&mut self, user: &User, old: u64) {
        let item = Item::new(self.scope(), key::user(self.scope(), user.id), user.version, user);
        self.replace(Part::User, item, old);
    }

    /// Requires that nothing about a user has changed since it was read.
    pub fn require_user(&mut self, user: &User) {
        let at = key::user(self.scope(), user.id);
        self.require_version(Part::User, &at, user.version);
    }

    /// From now on the phone is the user's; refused when it is somebody's.
    pub fn link_phone(&mut self, phone: &Phone, user: UserId) {
        self.link(key::phone_link(self.scope(), phone), user);
    }

    /// The phone, which is linked to a user of this organisation, is nobody's any more.
    pub fn unlink_phone(&mut self, phone: &Phone) {
        self.delete_own(Part::Reference, &key::phone_link(self.scope(), phone));
    }

    fn link(&mut self, at: key::Key, user: UserId) {
        let item = Item::new(self.scope(), at, 1, &UserLink { user });
        // A part of its own: a user may be new where what leads to it is taken.
        self.insert(Part::Reference, item);
    }
}
