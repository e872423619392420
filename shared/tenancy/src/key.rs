//! API keys: their records, and every decision about them.
//!
//! A key acts for the person it was shown to, within its scopes and what that person may do now.
//! Its text is shown once and kept nowhere; what is stored is its hash.

use std::collections::BTreeSet;

use domain::role::TenantRole;
use domain::{Error, Ids, KeyId, Result, UserId};
use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::policy::{self, KeyScope};

mod gate;
mod life;
mod text;

pub use gate::{GenuineKey, KeyFault, KeyRef};
pub use life::{KeyStatus, Upkeep};
pub use text::{KeyLabel, MintedKey, ShownKey, StoredSecret};

/// The longest a key may live.
pub const LIFE_MAX: SignedDuration = SignedDuration::from_hours(365 * 24);
/// How long the old key of a rotation works beside the new one.
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long the old key works at least after the new one was shown.
const OVERLAP_AFTER_REVEAL: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A key that is changed by itself lives at least this long: two overlaps and a little.
pub const AUTO_ROTATED_LIFE_MIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An API key, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    pub id: KeyId,
    pub name: String,
    /// For whom it acts: who has seen it, or who is to be told that there is one to see.
    pub user: UserId,
    #[serde(default)]
    pub scopes: BTreeSet<KeyScope>,
    /// Where it may be used from; empty for anywhere.
    #[serde(default)]
    pub networks: Vec<IpNet>,
    /// Whether a successor is made when it is 90 days old.
    #[serde(default)]
    pub auto_rotate: bool,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// `None` until somebody has seen the key: it does not exist before.
    #[serde(default)]
    pub secret: Option<StoredSecret>,
    /// The key that it takes the place of.
    #[serde(default)]
    pub replaces: Option<KeyId>,
    /// The key that takes its place. There is never a second.
    #[serde(default)]
    pub successor: Option<KeyId>,
    /// When its time beside the successor is over.
    #[serde(default)]
    pub overlap_ends_at: Option<Timestamp>,
    #[serde(default)]
    pub reminded_at: Option<Timestamp>,
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
    /// When its end was written down; nothing is left to be done with it then.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    pub version: u64,
}

/// What somebody asks of a new key.
#[derive(Debug, Clone)]
pub struct KeyWish {
    pub name: String,
    pub scopes: BTreeSet<KeyScope>,
    pub networks: Vec<IpNet>,
    pub auto_rotate: bool,
    pub life: SignedDuration,
}

/// Who is shown a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    pub user: UserId,
    pub role: TenantRole,
}

impl ApiKey {
    /// A new key. `Invalid` when a scope goes beyond what the role of its holder allows, or when
    /// it would live too long, or too shortly to be changed by itself.
    pub fn create(
        wish: KeyWish,
        holder: Holder,
        minted: &MintedKey,
        ids: &dyn Ids,
        now: Timestamp,
    ) -> Result<Self> {
        within_role(&wish.scopes, holder.role)?;
        if wish.life <= SignedDuration::ZERO || wish.life > LIFE_MAX {
            let message = "expected an instant within the next 365 days";
            return Err(Error::field("/expires_at", "out_of_range", message));
        }
        if wish.auto_rotate && wish.life < AUTO_ROTATED_LIFE_MIN {
            let message = "a key that is changed by itself lives at least 30 days";
            return Err(Error::field("/expires_at", "out_of_range", message));
        }
        Ok(Self {
            id: KeyId::mint(ids, now),
            name: wish.name,
            user: holder.user,
            scopes: wish.scopes,
            networks: wish.networks,
            auto_rotate: wish.auto_rotate,
            created_at: now,
            expires_at: now + wish.life,
            secret: Some(minted.stored()),
            replaces: None,
            successor: None,
            overlap_ends_at: None,
            reminded_at: None,
            revoked_at: None,
            closed_at: None,
            version: 1,
        })
    }

    /// The key with its successor, both good for an overlap; the successor is for `holder`.
    pub fn rotate(
        &self,
        holder: Holder,
        minted: &MintedKey,
        ids: &dyn Ids,
        now: Timestamp,
    ) -> Result<(Self, Self)> {
        within_role(&self.scopes, holder.role)?;
        let (old, pending) = self.rotate_unseen(ids, now)?;
        let successor = Self { user: holder.user, secret: Some(minted.stored()), ..pending };
        Ok((old, successor))
    }

    /// The key with a successor that nobody has seen yet, so that there is nothing to steal.
    pub fn rotate_unseen(&self, ids: &dyn Ids, now: Timestamp) -> Result<(Self, Self)> {
        match self.status(now) {
            KeyStatus::Active if self.successor.is_none() => {}
            KeyStatus::Active | KeyStatus::Ending => {
                let detail = "it has a successor already; change that one";
                return Err(Error::refused("key_already_rotated", detail));
            }
            KeyStatus::Pending => {
                return Err(Error::refused("key_not_revealed", "nobody has seen this key yet"));
            }
            KeyStatus::Ended | KeyStatus::Revoked => {
                return Err(Error::refused("key_ended", "a key that has ended is not changed"));
            }
        }
        let id = KeyId::mint(ids, now);
        let old = Self {
            successor: Some(id),
            overlap_ends_at: Some(now + OVERLAP),
            version: self.version + 1,
            ..self.clone()
        };
        let life = self.expires_at.duration_since(self.created_at);
        let successor = Self {
            id,
            created_at: now,
            expires_at: now + life,
            secret: None,
            replaces: Some(self.id),
            successor: None,
            overlap_ends_at: None,
            reminded_at: None,
            closed_at: None,
            version: 1,
            ..self.clone()
        };
        Ok((old, successor))
    }

    /// The key once it has been shown to `holder`, which happens once.
    pub fn reveal(&self, holder: Holder, minted: &MintedKey, now: Timestamp) -> Result<Self> {
        match self.status(now) {
            KeyStatus::Pending => {}
            KeyStatus::Active | KeyStatus::Ending => {
                let detail = "it was shown before; rotate it for another";
                return Err(Error::refused("key_already_revealed", detail));
            }
            KeyStatus::Ended | KeyStatus::Revoked => {
                return Err(Error::refused("key_ended", "a key that has ended is not shown"));
            }
        }
        within_role(&self.scopes, holder.role)?;
        Ok(Self {
            user: holder.user,
            secret: Some(minted.stored()),
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// The old key after its successor was shown: a week is left at least. `None` when that
    /// changes nothing.
    #[must_use]
    pub fn after_reveal(&self, now: Timestamp) -> Option<Self> {
        let until = now + OVERLAP_AFTER_REVEAL;
        let short = self.overlap_ends_at.is_some_and(|ends| ends < until);
        (self.status(now) == KeyStatus::Ending && short).then(|| Self {
            overlap_ends_at: Some(until),
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// The key without its power, from now on. `None` when it has none.
    #[must_use]
    pub fn revoke(&self, now: Timestamp) -> Option<Self> {
        match self.status(now) {
            KeyStatus::Revoked | KeyStatus::Ended => None,
            KeyStatus::Pending | KeyStatus::Active | KeyStatus::Ending => {
                Some(Self { revoked_at: Some(now), version: self.version + 1, ..self.clone() })
            }
        }
    }
}

/// A key can be given no more than its holder may do.
fn within_role(scopes: &BTreeSet<KeyScope>, role: TenantRole) -> Result<()> {
    if scopes.is_empty() {
        return Err(Error::field("/scopes", "required", "a key needs a scope"));
    }
    match scopes.iter().find(|scope| !policy::grants(role, **scope)) {
        None => Ok(()),
        Some(scope) => {
            let message = format!("your role does not allow {}", scope.as_str());
            Err(Error::field("/scopes", "beyond_role", message))
        }
    }
}

#[cfg(test)]
mod tests;
