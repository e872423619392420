//! `POST /api/v1/users/me/phone`

use axum::Json;
use axum::extract::State;
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::phone_code::PhoneCode;
use domain::{Error, OutboxId, Phone, ProofId};
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use web::openapi::{OfBody, Usual};
use web::{Arrival, Fields, Input, JsonBody, Problem, SignedIn};

use crate::App;

/// Sends a code by WhatsApp to the number that the caller says is theirs. Good for ten minutes and
/// five tries; a minute apart and five a day.
#[utoipa::path(
    post,
    path = "/api/v1/users/me/phone",
    tag = "users",
    request_body = NewPhone,
    responses((status = 202, description = "A code is on its way", body = CodeSent), Usual, OfBody),
    security(("token" = []))
)]
pub(crate) async fn link_phone(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    JsonBody(NewPhone { phone }): JsonBody<NewPhone>,
) -> Result<(StatusCode, Json<CodeSent>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let user = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    if user.phone.as_ref() == Some(&phone) {
        let detail = "the number is linked to this account already";
        return Err(Error::refused("phone_linked", detail).into());
    }
    let previous = store.phone_code(user.id).await?;
    let now = app.edge.now();
    let proof = ProofId::mint(app.edge.ids(), now);
    let code = PhoneCode::ask(previous.as_ref(), proof, user.id, phone, now)?;
    let trail = arrival.trail(caller.actor());
    let refused = store.commit_patiently(|transaction| {
        match &previous {
            Some(previous) => transaction.replace_phone_code(&code, previous.version),
            None => transaction.insert_phone_code(&code),
        }
        transaction.insert_outbox(&OutboxItem {
            id: OutboxId::mint(app.edge.ids(), now),
            tenant: caller.scope().tenant(),
            due_at: now,
            effect: OutboundEffect::PhoneCode { user: user.id, proof },
            trace: trail.trace.clone(),
        });
        let entry = trail.entry(app.edge.ids(), now, "user.phone_code_requested", user.id);
        transaction.audit(entry, None, Some(&user));
    });
    if !refused.await?.is_empty() {
        return Err(Error::Conflict.into());
    }
    tracing::info!(user.id = %user.id, proof.id = %proof, "a phone code was asked for");
    Ok((StatusCode::ACCEPTED, Json(CodeSent { expires_at: code.expires_at })))
}

/// The caller's number.
#[derive(ToSchema)]
pub(crate) struct NewPhone {
    /// In international form.
    #[schema(value_type = String, example = "+971501234567")]
    phone: Phone,
}

impl Input for NewPhone {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { phone: fields.parsed("phone", "a number in international form")? })
    }
}

/// Until when the code is good.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CodeSent {
    #[schema(value_type = String, example = "2026-03-01T08:10:00Z")]
    expires_at: Timestamp,
}
