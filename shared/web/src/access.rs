//! Who calls, and whether they may.

use axum::extract::{FromRef, FromRequestParts};
use http::header::AUTHORIZATION;
use http::request::Parts;
use tenancy::{Caller, TokenFault};

use crate::arrival::Arrival;
use crate::edge::Edge;
use crate::problem::Problem;

/// A caller with a valid token whose permissions have not changed since it was issued.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Caller);

/// A caller whose role reads and answers conversations; others get 403.
#[derive(Debug, Clone)]
pub struct Agent(pub Caller);

/// A caller whose role repairs the pipeline; others get 403.
#[derive(Debug, Clone)]
pub struct Operator(pub Caller);

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let edge = Edge::from_ref(state);
        let token = bearer(parts).ok_or_else(|| {
            Problem::unauthenticated("token_required", "Sign in and send the token")
        })?;
        let caller = verified(&edge, token).await?;
        if let Some(arrival) = parts.extensions.get::<Arrival>() {
            arrival.note_tenant(caller.scope().tenant());
        }
        if edge.permissions().hold(&edge, &caller).await? {
            Ok(Self(caller))
        } else {
            let title = "Sign in again: your permissions have changed";
            Err(Problem::unauthenticated("token_revoked", title))
        }
    }
}

impl<S> FromRequestParts<S> for Agent
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, state).await?;
        if caller.role().handles_conversations() {
            Ok(Self(caller))
        } else {
            Err(Problem::forbidden("your role does not handle conversations"))
        }
    }
}

impl<S> FromRequestParts<S> for Operator
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, state).await?;
        if caller.role().operates() {
            Ok(Self(caller))
        } else {
            Err(Problem::forbidden("your role does not operate the pipeline"))
        }
    }
}

async fn verified(edge: &Edge, token: &str) -> Result<Caller, Problem> {
    let keys = edge.keys().current().await?;
    let mut verified = keys.verifier.verify(token, edge.now());
    // A key this function has not seen yet, or a forger's invention.
    if verified == Err(TokenFault::Key)
        && let Some(newer) = edge.keys().newer(&keys).await?
    {
        verified = newer.verifier.verify(token, edge.now());
    }
    verified.map_err(|fault| {
        Problem::unauthenticated("invalid_token", "The token is not valid").caused_by(&fault)
    })
}

/// The token of `Authorization: Bearer …`, if that header is there exactly once.
fn bearer(parts: &Parts) -> Option<&str> {
    let mut values = parts.headers.get_all(AUTHORIZATION).iter();
    let (value, second) = (values.next()?, values.next());
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    (second.is_none() && scheme.eq_ignore_ascii_case("bearer")).then_some(token.trim())
}
