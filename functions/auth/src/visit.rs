//! How a request to sign in or to go on came, beside what it says.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequestParts};
use domain::UserId;
use domain::audit::{Actor, Trail};
use http::HeaderMap;
use http::header::{ORIGIN, USER_AGENT};
use http::request::Parts;
use web::{Arrival, Edge};

use crate::cookie;

/// A header that a page of another site cannot send without asking first.
const CSRF_HEADER: &str = "x-csrf-protection";
/// What a device calls itself is kept as far as a person would read it.
const DEVICE_CHARS_MAX: usize = 160;

/// A request's surroundings.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) arrival: Arrival,
    /// What the browser or program calls itself.
    pub(crate) device: Option<String>,
    /// The refresh token that the browser keeps for us.
    pub(crate) cookie: Option<String>,
    /// Whether a page of ours sent it: the header is there and the origin is one of ours.
    pub(crate) is_from_own_page: bool,
}

impl Visit {
    /// What the audit log says of what this user does here.
    pub(crate) fn trail_of(&self, user: UserId) -> Trail {
        self.arrival.trail(Actor::User { id: user })
    }
}

impl<S> FromRequestParts<S> for Visit
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let arrival = Arrival::from_request_parts(parts, state).await?;
        let edge = Edge::from_ref(state);
        let headers = &parts.headers;
        let has_header = headers.contains_key(CSRF_HEADER);
        let is_own = headers.get(ORIGIN).is_some_and(|origin| edge.is_own_origin(origin));
        Ok(Self {
            arrival,
            device: device(headers),
            cookie: cookie::read(headers),
            is_from_own_page: has_header && is_own,
        })
    }
}

fn device(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(USER_AGENT)?.to_str().ok()?;
    let kept: String = text.chars().filter(|c| !c.is_control()).take(DEVICE_CHARS_MAX).collect();
    Some(kept).filter(|kept| !kept.is_empty())
}
