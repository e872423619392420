//! Who calls, and whether they may: the gate before every handler.
//!
//! Invariant: a route that is not in the table of `tenancy::policy` lets nobody through.

use axum::extract::{FromRequestParts, Request};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method};
use telemetry::metrics::names::TOKENS_REFUSED;
use tenancy::policy::{self, Access, Action, Reach, Route};
use tenancy::{Caller, TokenFault};

use crate::arrival::Arrival;
use crate::edge::Edge;
use crate::problem::Problem;

/// The caller, whom the gate has let through to this route.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Self, Problem> {
        // A handler that asks for a caller on a public route is a defect, and gets none.
        parts.extensions.get::<Self>().cloned().ok_or_else(token_required)
    }
}

/// The row of a matched route.
pub(crate) fn row(method: &Method, path: &str) -> Result<&'static Route, Problem> {
    // HEAD is answered by the handler of GET.
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    policy::route(method, path).ok_or_else(|| {
        let known = policy::ROUTES.iter().any(|route| route.path == path);
        if known { Problem::method_not_allowed() } else { Problem::not_found() }
    })
}

/// Lets a request through to its route, with the caller in it, or says why not.
pub(crate) async fn admit(
    edge: &Edge,
    request: &mut Request,
    route: &Route,
) -> Result<(), Problem> {
    let Access::To(action) = route.access else { return Ok(()) };
    let caller = caller(edge, request.headers(), action).await?;
    if let Some(arrival) = request.extensions().get::<Arrival>() {
        arrival.note_tenant(caller.scope().tenant());
    }
    if caller.reach(action) == Reach::Deny {
        return Err(Problem::forbidden("your role does not allow it"));
    }
    if policy::rule(action).needs_fresh_proof && !caller.is_fresh(edge.now()) {
        let status = http::StatusCode::FORBIDDEN;
        let title = "Prove again who you are: POST /api/v1/auth/step-up";
        return Err(Problem::new(status, "step_up_required", title));
    }
    request.extensions_mut().insert(SignedIn(caller));
    Ok(())
}

async fn caller(edge: &Edge, headers: &HeaderMap, action: Action) -> Result<Caller, Problem> {
    let token = bearer(headers).ok_or_else(token_required)?;
    let caller = verified(edge, token).await?;
    let anew = policy::rule(action).reads_permissions;
    if edge.permissions().hold(edge, &caller, anew).await? {
        Ok(caller)
    } else {
        edge.metrics().count(&TOKENS_REFUSED, ["revoked"]);
        let title = "Sign in again: your permissions have changed";
        Err(Problem::unauthenticated("token_revoked", title))
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
        edge.metrics().count(&TOKENS_REFUSED, [fault.as_str()]);
        Problem::unauthenticated("invalid_token", "The token is not valid").caused_by(&fault)
    })
}

fn token_required() -> Problem {
    Problem::unauthenticated("token_required", "Sign in and send the token")
}

/// The token of `Authorization: Bearer …`, if that header is there exactly once.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, second) = (values.next()?, values.next());
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    (second.is_none() && scheme.eq_ignore_ascii_case("bearer")).then_some(token.trim())
}
