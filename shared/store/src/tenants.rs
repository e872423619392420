//! The organisation, its users, its channels.

use domain::tenant::{Channel, Tenant, User};
use domain::{ChannelId, Error, Phone, Result, UserId};
use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::key;
use crate::tables::TenantStore;
use crate::transaction::{Commit, Part, Transaction};

/// Which user writes from a phone.
#[derive(Serialize, Deserialize)]
struct PhoneLink {
    user: UserId,
}

impl TenantStore {
    pub async fn tenant(&self) -> Result<Tenant> {
        self.get(&key::tenant(&self.scope)).await?.ok_or(Error::NotFound)
    }

    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        self.get(&key::user(&self.scope, id)).await
    }

    pub async fn channel(&self, id: ChannelId) -> Result<Option<Channel>> {
        self.get(&key::channel(&self.scope, id)).await
    }

    /// The user whose linked number this is.
    pub async fn user_of_phone(&self, phone: &Phone) -> Result<Option<UserId>> {
        let link: Option<PhoneLink> = self.get(&key::phone_link(&self.scope, phone)).await?;
        Ok(link.map(|link| link.user))
    }

    /// Writes a channel's record as it is now.
    pub async fn put_channel(&self, channel: &Channel) -> Result<()> {
        self.put(Item::new(&self.scope, key::channel(&self.scope, channel.id), 1, channel)?).await
    }

    pub(crate) async fn put(&self, item: Item) -> Result<()> {
        self.store
            .client
            .put_item()
            .table_name(self.store.name(item.key.table))
            .set_item(Some(item.attributes))
            .send()
            .await
            .map_err(crate::fault::of)?;
        Ok(())
    }

    /// Commits, where a refusal can only mean that the things are there already.
    pub async fn commit_once(&self, transaction: Transaction) -> Result<bool> {
        match transaction.commit().await? {
            Commit::Done => Ok(true),
            Commit::Refused(_) => Ok(false),
            Commit::Busy => Err(Error::Conflict),
        }
    }
}

impl Transaction {
    pub fn insert_tenant(&mut self, tenant: &Tenant) {
        let item = Item::new(self.scope(), key::tenant(self.scope()), 1, tenant);
        self.insert(Part::Tenant, item);
    }

    /// A user and the link from its phone, if it has one.
    pub fn insert_user(&mut self, user: &User) {
        let item = Item::new(
            self.scope(),
            key::user(self.scope(), user.id),
            user.permission_version,
            user,
        );
        self.insert(Part::Tenant, item);
        if let Some(phone) = &user.phone {
            let link = PhoneLink { user: user.id };
            let item = Item::new(self.scope(), key::phone_link(self.scope(), phone), 1, &link);
            self.insert(Part::Tenant, item);
        }
    }

    pub fn insert_channel(&mut self, channel: &Channel) {
        let item = Item::new(self.scope(), key::channel(self.scope(), channel.id), 1, channel);
        self.insert(Part::Tenant, item);
    }
}
