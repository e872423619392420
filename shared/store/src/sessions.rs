//! How people sign in: their sessions, their second factor, their password.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};
use domain::factor::SecondFactor;
use domain::session::Session;
use domain::tenant::User;
use domain::{Error, Result, SessionId, UserId};

use crate::fault;
use crate::item::{self, Item};
use crate::key::{self, Key};
use crate::tables::{Table, TenantStore};
use crate::transaction::{Part, Transaction, key_of};

/// Sessions are bounded at sign-in, so one page has them all.
const SIGN_INS_MAX: i32 = 100;

/// Whether a token still stands for somebody.
#[derive(Debug, Clone)]
pub struct Standing {
    pub user: Option<User>,
    pub session: Option<Session>,
}

/// Everything a person signs in with, but for the password.
#[derive(Debug, Clone)]
pub struct SignIns {
    /// Oldest first; some may have ended without having been removed.
    pub sessions: Vec<Session>,
    pub factor: Option<SecondFactor>,
}

impl TenantStore {
    pub async fn session(&self, user: UserId, id: SessionId) -> Result<Option<Session>> {
        self.get(&key::session(&self.scope, user, id)).await
    }

    pub async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>> {
        self.get(&key::second_factor(&self.scope, user)).await
    }

    /// A user and a session of theirs, both strongly consistent, by one call.
    pub async fn standing(&self, user: UserId, session: SessionId) -> Result<Standing> {
        let place = |key: Key| (key.pk, key.sk);
        let of_user = place(key::user(&self.scope, user));
        let of_session = place(key::session(&self.scope, user, session));
        let keys = [of_user.clone(), of_session.clone()];
        let mut found = self.raw_many(Table::Tenants, &keys).await?;
        let mut take = |key| found.remove(key);
        let (user, session) = (take(&of_user), take(&of_session));
        Ok(Standing {
            user: user.map(|item| item::record(&self.scope, item)).transpose()?,
            session: session.map(|item| item::record(&self.scope, item)).transpose()?,
        })
    }

    /// Everything a person signs in with, but for the password.
    pub async fn sign_ins(&self, user: UserId) -> Result<SignIns> {
        let query = self
            .store
            .client
            .query()
            .table_name(self.store.name(Table::Tenants))
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(
                ":pk",
                AttributeValue::S(key::user_partition(&self.scope, user)),
            )
            .consistent_read(true)
            .limit(SIGN_INS_MAX);
        let output = Box::pin(query.send()).await.map_err(fault::of)?;
        let mut all = SignIns { sessions: Vec::new(), factor: None };
        for attributes in output.items.unwrap_or_default() {
            match item::text(&attributes, "sk") {
                Some(key::SECOND_FACTOR) => {
                    all.factor = Some(item::record(&self.scope, attributes)?);
                }
                Some(sk) if sk.starts_with(key::SESSIONS) => {
                    all.sessions.push(item::record(&self.scope, attributes)?);
                }
                // Another kind of thing of a person is not a way to sign in.
                Some(_) | None => {}
            }
        }
        Ok(all)
    }

    /// Writes a session over its version `old`, alone: half of what a transaction costs. `false`
    /// when it has another version by now, or has ended.
    pub async fn replace_session(&self, session: &Session, old: u64) -> Result<bool> {
        self.replace_alone(session_item(self, session)?, old).await
    }

    /// The same for a second factor.
    pub async fn replace_second_factor(&self, factor: &SecondFactor, old: u64) -> Result<bool> {
        self.replace_alone(factor_item(self, factor)?, old).await
    }

    async fn replace_alone(&self, item: Item, old: u64) -> Result<bool> {
        let put = self
            .store
            .client
            .put_item()
            .table_name(self.store.name(item.key.table))
            .set_item(Some(item.attributes))
            .condition_expression("ver = :old")
            .expression_attribute_values(":old", AttributeValue::N(old.to_string()));
        match Box::pin(put.send()).await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(fault::of(error)),
        }
    }
}

impl Transaction {
    pub fn insert_session(&mut self, session: &Session) {
        let item = session_item(self.tenant_store(), session);
        self.insert(Part::Session, item);
    }

    /// Writes a session over its version `old`.
    pub fn replace_session(&mut self, session: &Session, old: u64) {
        let item = session_item(self.tenant_store(), session);
        self.replace(Part::Session, item, old);
    }

    /// Ends a session; that it may have ended already is no hindrance.
    pub fn end_session(&mut self, user: UserId, id: SessionId) {
        let at = key::session(self.scope(), user, id);
        self.remove(Part::Session, &at, None);
    }

    /// A second factor where there is none.
    pub fn insert_second_factor(&mut self, factor: &SecondFactor) {
        let item = factor_item(self.tenant_store(), factor);
        self.insert(Part::Factor, item);
    }

    /// Writes a second factor over its version `old`.
    pub fn replace_second_factor(&mut self, factor: &SecondFactor, old: u64) {
        let item = factor_item(self.tenant_store(), factor);
        self.replace(Part::Factor, item, old);
    }

    /// Removes a second factor of version `old`.
    pub fn remove_second_factor(&mut self, user: UserId, old: u64) {
        let at = key::second_factor(self.scope(), user);
        self.remove(Part::Factor, &at, Some(old));
    }

    fn remove(&mut self, part: Part, at: &Key, version: Option<u64>) {
        let mut delete = Delete::builder()
            .table_name(self.tenant_store().store.name(at.table))
            .set_key(Some(key_of(at)));
        if let Some(version) = version {
            delete = delete
                .condition_expression("ver = :old")
                .expression_attribute_values(":old", AttributeValue::N(version.to_string()));
        }
        let built = delete
            .build()
            .map(|delete| TransactWriteItem::builder().delete(delete).build())
            .map_err(Error::internal);
        self.push(part, built);
    }
}

fn session_item(tenant: &TenantStore, session: &Session) -> Result<Item> {
    let at = key::session(tenant.scope(), session.user, session.id);
    Item::new(tenant.scope(), at, session.version, session)
}

fn factor_item(tenant: &TenantStore, factor: &SecondFactor) -> Result<Item> {
    let at = key::second_factor(tenant.scope(), factor.user);
    Item::new(tenant.scope(), at, factor.version, factor)
}
