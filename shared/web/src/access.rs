//! Who calls, and whether they may: the gate before every handler.
//!
//! Invariant: a route that is not in the table of `tenancy::policy` lets nobody through.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, Method};
use jiff::Timestamp;
use telemetry::metrics::names::TOKENS_REFUSED;
use tenancy::key::ShownKey;
use tenancy::policy::{self, Access, Action, Reach, Route};
use tenancy::{Caller, TokenFault};

use crate::arrival::Arrival;
use crate::edge::Edge;
use crate::problem::Problem;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

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
    let from = request.extensions().get::<Arrival>().and_then(Arrival::source_ip);
    let caller = caller(edge, request.headers(), from, action).await?;
    if let Some(arrival) = request.extensions().get::<Arrival>() {
        arrival.note_tenant(caller.scope().tenant());
    }
    if caller.reach(action) == Reach::Deny {
        return Err(Problem::forbidden("your role does not allow it"));
    }
    if policy::rule(action).needs_fresh_proof {
        require_fresh(&caller, edge.now())?;
    }
    request.extensions_mut().insert(SignedIn(caller));
    Ok(())
}

/// Lets through whoever proved who they are a short while ago, with a second factor where their
/// organisation wants one.
pub fn require_fresh(caller: &Caller, now: Timestamp) -> Result<(), Problem> {
    if caller.lacks_second_factor() {
        Err(Problem::second_factor_required())
    } else if caller.is_fresh(now) {
        Ok(())
    } else {
        Err(Problem::step_up_required())
    }
}

/// What a request shows of its caller.
enum Shown<'a> {
    Token(&'a str),
    Key(&'a str),
}

async fn caller(
    edge: &Edge,
    headers: &HeaderMap,
    from: Option<IpAddr>,
    action: Action,
) -> Result<Caller, Problem> {
    let rule = policy::rule(action);
    let anew = rule.reads_permissions;
    let token = match shown(headers).ok_or_else(token_required)? {
        Shown::Token(token) => token,
        // What no scope opens, no key opens: there is nothing to look up.
        Shown::Key(_) if rule.scope.is_none() => {
            return Err(Problem::forbidden("no API key may do this"));
        }
        Shown::Key(text) => {
            return edge.api_keys().caller(edge, text, from, anew).await;
        }
    };
    let caller = verified(edge, token).await?;
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

/// The one credential of a request. Two are none: which one counts would be a guess.
fn shown(headers: &HeaderMap) -> Option<Shown<'_>> {
    let mut keys = headers.get_all(X_API_KEY).iter();
    match (keys.next(), keys.next()) {
        (None, _) => bearer(headers).map(|text| {
            if ShownKey::is_meant(text) { Shown::Key(text) } else { Shown::Token(text) }
        }),
        (Some(key), None) if !headers.contains_key(AUTHORIZATION) => {
            key.to_str().ok().map(Shown::Key)
        }
        (Some(_), _) => None,
    }
}

/// The token of `Authorization: Bearer …`, if that header is there exactly once.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, second) = (values.next()?, values.next());
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    (second.is_none() && scheme.eq_ignore_ascii_case("bearer")).then_some(token.trim())
}
