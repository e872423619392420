//! `POST /api/v1/api-keys`

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use domain::Error;
use http::StatusCode;
use ipnet::IpNet;
use jiff::Timestamp;
use store::{Commit, PageRequest};
use tenancy::key::{ApiKey, KeyStatus, KeyWish, LIFE_MAX, MintedKey};
use tenancy::policy::KeyScope;
use utoipa::ToSchema;
use web::openapi::{OfBody, OfRole, Usual};
use web::{Arrival, Creation, Fields, Input, JsonBody, Problem, SignedIn};

use crate::App;
use crate::api_key::{ATTEMPTS_MAX, ShownApiKey, holder};

/// Keys of one organisation that work or wait.
const LIVE_MAX: usize = 50;
const NETWORKS_MAX: usize = 20;

/// Makes an API key for the caller. Its text is in this answer and nowhere else.
#[utoipa::path(
    post,
    path = "/api/v1/api-keys",
    tag = "api-keys",
    params(
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 128,
            description = "Names this request, so that it makes one key however often it is sent")
    ),
    request_body = NewApiKey,
    responses(
        (status = 201, description = "The key, shown once", body = ShownApiKey),
        Usual, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn create_api_key(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    creation: Creation,
    JsonBody(new): JsonBody<NewApiKey>,
) -> Result<(StatusCode, Json<ShownApiKey>), Problem> {
    let (edge, now) = (&app.edge, app.edge.now());
    let store = edge.store().for_tenant(caller.scope());
    let newest = store.api_keys(&PageRequest::first(PageRequest::MAX_LIMIT)).await?;
    let lives = |key: &&ApiKey| !matches!(key.status(now), KeyStatus::Ended | KeyStatus::Revoked);
    if newest.items.iter().filter(lives).count() >= LIVE_MAX {
        let detail = format!("an organisation has at most {LIVE_MAX} keys; revoke one");
        return Err(Error::refused("too_many_api_keys", detail).into());
    }
    let trail = arrival.trail(caller.actor());
    for _ in 0..ATTEMPTS_MAX {
        let minted = MintedKey::mint(edge.ids());
        let wish = new.wish(now);
        let key = ApiKey::create(wish, holder(&caller), &minted, edge.ids(), now)?;
        let mut transaction = store.transaction();
        transaction.insert_api_key(&key);
        transaction.list_api_key(minted.stored().label(), key.id);
        let entry = trail.entry(edge.ids(), now, "api_key.created", key.id);
        transaction.audit(entry, None, Some(&key));
        let answer = ShownApiKey::of(&minted, key, now);
        creation.seal(StatusCode::CREATED, &answer)?.keep(&mut transaction);
        match transaction.commit().await? {
            Commit::Done => return Ok((StatusCode::CREATED, Json(answer))),
            // The label is taken, which is rarer than a lottery's first prize; draw again.
            Commit::Refused(_) | Commit::Busy => {}
        }
    }
    Err(Error::Conflict.into())
}

/// What the key is to be.
#[derive(ToSchema)]
pub(crate) struct NewApiKey {
    #[schema(min_length = 1, max_length = 100, example = "ERP import")]
    name: String,
    /// What it opens: no more than the caller's role allows.
    #[schema(value_type = Vec<String>, min_items = 1, example = json!(["costs:read", "projects:read"]))]
    scopes: BTreeSet<KeyScope>,
    /// Addresses and networks it may be used from, at most 20; absent for anywhere.
    #[schema(value_type = Option<Vec<String>>, example = json!(["203.0.113.0/24"]))]
    networks: Vec<IpNet>,
    /// When it ends: within 365 days, which is the default.
    #[schema(value_type = Option<String>, example = "2026-12-31T00:00:00Z")]
    expires_at: Option<Timestamp>,
    /// Give it a successor by itself when it is 90 days old. The holder is told by mail; the key
    /// is shown here.
    #[schema(default = false)]
    auto_rotate: bool,
}

impl NewApiKey {
    fn wish(&self, now: Timestamp) -> KeyWish {
        KeyWish {
            name: self.name.clone(),
            scopes: self.scopes.clone(),
            networks: self.networks.clone(),
            auto_rotate: self.auto_rotate,
            life: self.expires_at.map_or(LIFE_MAX, |end| end.duration_since(now)),
        }
    }
}

impl Input for NewApiKey {
    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.line("name", 1..=100);
        let scopes = fields.texts("scopes", 1..=KeyScope::ALL.len());
        let scopes = parsed(fields, "scopes", "a scope", &scopes, |text| text.parse().ok());
        let networks = fields.texts("networks", 0..=NETWORKS_MAX);
        let networks = parsed(fields, "networks", "an address or a network", &networks, network);
        let expires_at = fields.optional_parsed("expires_at", "an instant");
        let auto_rotate = fields.flag("auto_rotate");
        if scopes.is_empty() {
            fields.fault("scopes", "required", "a key needs a scope");
        }
        Some(Self {
            name: name?,
            scopes: scopes.into_iter().collect(),
            networks,
            expires_at,
            auto_rotate,
        })
    }
}

/// The members of a list, each read; a fault names the first that cannot be.
fn parsed<T>(
    fields: &mut Fields,
    name: &str,
    expected: &str,
    texts: &[String],
    read: impl Fn(&str) -> Option<T>,
) -> Vec<T> {
    let read: Vec<Option<T>> = texts.iter().map(|text| read(text)).collect();
    if let Some(place) = read.iter().position(Option::is_none) {
        fields.fault_at(name, place, "wrong_form", format!("expected {expected}"));
    }
    read.into_iter().flatten().collect()
}

fn network(text: &str) -> Option<IpNet> {
    let single = || text.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical()));
    text.parse::<IpNet>().ok().map(|network| network.trunc()).or_else(single)
}
