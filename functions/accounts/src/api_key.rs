//! An API key, as answers show one.

use domain::{KeyId, UserId};
use jiff::Timestamp;
use serde::Serialize;
use tenancy::key::{ApiKey, Holder, MintedKey};
use tenancy::{Caller, policy::KeyScope};
use utoipa::ToSchema;

/// Times a change is tried again because somebody else changed the key first.
pub(crate) const ATTEMPTS_MAX: u32 = 4;

/// An API key without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyAnswer {
    #[schema(value_type = String, example = "key_01jv8z0c9q0000000000000000")]
    id: KeyId,
    #[schema(example = "ERP import")]
    name: String,
    /// The beginning of the key; null until it was shown.
    #[schema(example = "wac_live_Ab3dEf9h")]
    prefix: Option<String>,
    #[schema(example = json!(["costs:read", "projects:read"]))]
    scopes: Vec<&'static str>,
    /// Where it may be used from; empty for anywhere.
    #[schema(value_type = Vec<String>, example = json!(["203.0.113.0/24"]))]
    networks: Vec<String>,
    /// Whether it gets a successor by itself when it is 90 days old.
    auto_rotate: bool,
    /// `active`; `ending`: it has a successor and works beside it for a while; `pending_reveal`: it
    /// was made by rotation and nobody has seen it; `ended`; `revoked`.
    #[schema(example = "active")]
    status: &'static str,
    /// For whom it acts: never more than that person may do.
    #[schema(value_type = String, example = "usr_01jv8z0c9q0000000000000000")]
    user_id: UserId,
    /// The key that it takes the place of.
    #[schema(value_type = Option<String>, example = "key_01jv8z0c9q0000000000000000")]
    replaces: Option<KeyId>,
    /// The key that takes its place.
    #[schema(value_type = Option<String>, example = json!(null))]
    successor: Option<KeyId>,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    created_at: Timestamp,
    /// When it ends by itself.
    #[schema(value_type = String, example = "2027-03-01T08:00:00Z")]
    ends_at: Timestamp,
    /// Exact to an hour.
    #[schema(value_type = Option<String>, example = "2026-03-02T09:00:00Z")]
    last_used_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, example = json!(null))]
    revoked_at: Option<Timestamp>,
}

/// An API key with its secret, which is shown in this answer and never again.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownApiKey {
    /// Send it as `Authorization: Bearer …` or `X-API-Key`.
    #[schema(example = "wac_live_Ab3dEf9h_0123456789ABCDEFGHIJKLMNOPQRSTUV_2Y8qIt")]
    key: String,
    #[serde(flatten)]
    about: ApiKeyAnswer,
}

impl ApiKeyAnswer {
    pub(crate) fn of(key: ApiKey, last_used_at: Option<Timestamp>, now: Timestamp) -> Self {
        Self {
            status: key.status(now).as_str(),
            ends_at: key.ends_at(),
            id: key.id,
            name: key.name,
            prefix: key.secret.map(|secret| secret.label().prefix()),
            scopes: key.scopes.into_iter().map(KeyScope::as_str).collect(),
            networks: key.networks.iter().map(ToString::to_string).collect(),
            auto_rotate: key.auto_rotate,
            user_id: key.user,
            replaces: key.replaces,
            successor: key.successor,
            created_at: key.created_at,
            last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

impl ShownApiKey {
    pub(crate) fn of(minted: &MintedKey, key: ApiKey, now: Timestamp) -> Self {
        Self { key: minted.text().to_owned(), about: ApiKeyAnswer::of(key, None, now) }
    }
}

/// Whoever asks is who is shown the key.
pub(crate) fn holder(caller: &Caller) -> Holder {
    Holder { user: caller.user(), role: caller.role() }
}
