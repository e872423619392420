//! `POST /api/v1/users/me/phone/verify`

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use domain::audit::Trail;
use domain::phone_code::PhoneCode;
use domain::tenant::User;
use domain::{Error, UserId};
use jiff::Timestamp;
use store::{Part, TenantStore};
use tenancy::TenantScope;
use utoipa::ToSchema;
use web::openapi::{OfBody, Usual};
use web::{Arrival, Fields, Input, JsonBody, Problem, SignedIn};

use crate::user::UserAnswer;
use crate::{App, binding};

/// Times it is tried past others who write at the same records.
const ATTEMPTS_MAX: u32 = 5;
const PAUSE: Duration = Duration::from_millis(20);

/// Links the caller's number by the code that was sent to it: from then on what is written from it
/// is the caller's doing.
#[utoipa::path(
    post,
    path = "/api/v1/users/me/phone/verify",
    tag = "users",
    request_body = GivenCode,
    responses((status = 200, description = "Linked", body = UserAnswer), Usual, OfBody),
    security(("token" = []))
)]
pub(crate) async fn verify_phone(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    JsonBody(given): JsonBody<GivenCode>,
) -> Result<Json<UserAnswer>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let now = app.edge.now();
    let mut code = proved(&app, &store, (caller.scope(), caller.user()), &given.code, now).await?;
    let trail = arrival.trail(caller.actor());
    for attempt in 1..=ATTEMPTS_MAX {
        if let Some(user) = link(&app, &store, caller.user(), &code, &trail).await? {
            tracing::info!(user.id = %user.id, "a phone was linked");
            return Ok(Json(user.into()));
        }
        tokio::time::sleep(PAUSE * attempt).await;
        let latest = store.phone_code(caller.user()).await?;
        code = latest.filter(|latest| latest.proof == code.proof).ok_or_else(not_valid)?;
    }
    Err(Error::Conflict.into())
}

/// Links the number a code was sent to. `None` when something of it was changed meanwhile: the
/// sender still notes that the code has left.
async fn link(
    app: &App,
    store: &TenantStore,
    user: UserId,
    code: &PhoneCode,
    trail: &Trail,
) -> Result<Option<User>, Problem> {
    let now = app.edge.now();
    let before = store.user(user).await?.ok_or(Error::NotFound)?;
    if let Some(variant) = code.phone.variant()
        && store.user_of_phone(&variant).await?.is_some_and(|user| user != before.id)
    {
        return Err(taken());
    }
    let after =
        User { phone: Some(code.phone.clone()), version: before.version + 1, ..before.clone() };
    let old = before.phone.as_ref().filter(|phone| **phone != code.phone);
    let unbound = match old {
        Some(phone) => binding::contact_bound_to(store, phone, before.id).await?,
        None => None,
    };
    let bound = binding::contact_of(store, &code.phone).await?;
    // Two spellings of one number are one contact, which is written once.
    let unbound = unbound.filter(|old| bound.as_ref().is_none_or(|new| new.id != old.id));
    let refused = store.commit_patiently(|transaction| {
        transaction.replace_phone_code(&code.used(now), code.version);
        transaction.replace_user(&after, before.version);
        if let Some(phone) = old {
            transaction.unlink_phone(phone);
        }
        if before.phone.as_ref() != Some(&code.phone) {
            transaction.link_phone(&code.phone, after.id);
        }
        if let Some(contact) = &unbound {
            binding::unbind(transaction, contact);
        }
        if let Some(contact) = &bound {
            binding::bind(transaction, contact, after.id);
        }
        let entry = trail.entry(app.edge.ids(), now, "user.phone_linked", after.id);
        transaction.audit(entry, Some(&before), Some(&after));
    });
    let refused = refused.await?;
    if refused.contains(&Part::Reference) {
        return Err(taken());
    }
    Ok(refused.is_empty().then_some(after))
}

/// The code whose digits were given. The try is counted before they are compared, so that nobody
/// has more tries by asking many times at once.
async fn proved(
    app: &App,
    store: &TenantStore,
    (scope, user): (&TenantScope, UserId),
    given: &str,
    now: Timestamp,
) -> Result<PhoneCode, Problem> {
    // Before a try is counted that could not be compared.
    let proofs = app.tools.proofs().await?;
    for attempt in 1..=ATTEMPTS_MAX {
        let code = store.phone_code(user).await?.ok_or_else(not_valid)?;
        let tried = code.tried(now).ok_or_else(not_valid)?;
        let refused = store.commit_patiently(|t| t.replace_phone_code(&tried, code.version));
        if refused.await?.is_empty() {
            let right = proofs.is_code(scope, tried.proof, given);
            return if right { Ok(tried) } else { Err(not_valid()) };
        }
        tokio::time::sleep(PAUSE * attempt).await;
    }
    Err(Error::Conflict.into())
}

fn not_valid() -> Problem {
    let message = "the code is wrong, used up or too old";
    Error::field("/code", "not_valid", message).into()
}

/// Only who holds the phone in their hand gets as far as to learn this.
fn taken() -> Problem {
    let detail = "the number is linked to another account of the organisation";
    Error::refused("phone_taken", detail).into()
}

/// The digits from the message.
#[derive(ToSchema)]
pub(crate) struct GivenCode {
    #[schema(min_length = 6, max_length = 6, example = "042617")]
    code: String,
}

impl Input for GivenCode {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { code: fields.text("code", 6..=6)? })
    }
}
