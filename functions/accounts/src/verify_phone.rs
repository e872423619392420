//! `POST /api/v1/users/me/phone/verify`

use axum::Json;
use axum::extract::State;
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
    let code = proved(&app, &store, (caller.scope(), caller.user()), &given.code, now).await?;
    let before = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    if let Some(variant) = code.phone.variant()
        && store.user_of_phone(&variant).await?.is_some_and(|user| user != before.id)
    {
        return Err(taken());
    }
    let after =
        User { phone: Some(code.phone.clone()), version: before.version + 1, ..before.clone() };
    let old = before.phone.as_ref().filter(|phone| **phone != code.phone);
    let unbound = match old {
        Some(phone) => binding::contact_bound_to(&store, phone, before.id).await?,
        None => None,
    };
    let bound = binding::contact_of(&store, &code.phone).await?;
    // Two spellings of one number are one contact, which is written once.
    let unbound = unbound.filter(|old| bound.as_ref().is_none_or(|new| new.id != old.id));
    let trail = arrival.trail(caller.actor());
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
    if !refused.is_empty() {
        return Err(Error::Conflict.into());
    }
    tracing::info!(user.id = %after.id, "a phone was linked");
    Ok(Json(after.into()))
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
    let code = store.phone_code(user).await?.ok_or_else(not_valid)?;
    let tried = code.tried(now).ok_or_else(not_valid)?;
    let counted = store.commit_patiently(|t| t.replace_phone_code(&tried, code.version)).await?;
    if !counted.is_empty() {
        return Err(Error::Conflict.into());
    }
    if app.tools.proofs.is_code(scope, tried.proof, given) { Ok(tried) } else { Err(not_valid()) }
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
