//! Which part of a list is wanted, and where the next part is.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, Query};
use axum::response::{IntoResponseParts, ResponseParts};
use domain::Error;
use http::header::LINK;
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use store::PageRequest;
use tenancy::Caller;

use crate::cursor::Binding;
use crate::edge::Edge;
use crate::keys::Keys;
use crate::problem::Problem;

const DEFAULT_LIMIT: usize = 50;
const X_NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");

/// `?limit=` (1 to 200, 50 by default) and `?cursor=`, with the list they belong to.
pub struct Paging {
    edge: Edge,
    keys: Arc<Keys>,
    path: String,
    limit: usize,
    cursor: Option<String>,
    parameters: Vec<(String, String)>,
    /// The other parameters as they were written, in order: a cursor is good for these alone.
    filter: String,
}

/// The cursor of the next page, if there is one. As response parts: `Link` with `rel="next"` and
/// `X-Next-Cursor`.
#[derive(Debug, Clone, Default)]
pub struct NextPage {
    cursor: Option<String>,
    link: Option<String>,
}

impl Paging {
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Another query parameter of the list, as in `status`.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What to ask the store for. A cursor that is not this caller's, of this list, is a 400.
    pub fn request(&self, caller: &Caller) -> Result<PageRequest, Problem> {
        let after = match &self.cursor {
            None => None,
            Some(cursor) => Some(
                self.keys
                    .cursors
                    .open(cursor, self.binding(caller), self.edge.now())
                    .ok_or_else(invalid_cursor)?,
            ),
        };
        Ok(PageRequest { limit: self.limit, after })
    }

    /// The way to the page that begins after `next`.
    pub fn next(&self, caller: &Caller, next: Option<&str>) -> Result<NextPage, Problem> {
        let Some(place) = next else { return Ok(NextPage::default()) };
        let edge = &self.edge;
        let cursor = self.keys.cursors.seal(place, self.binding(caller), edge.now(), edge.ids())?;
        let and = if self.filter.is_empty() { "" } else { "&" };
        let link = format!(
            "<{}?{}{and}limit={}&cursor={cursor}>; rel=\"next\"",
            self.path, self.filter, self.limit
        );
        Ok(NextPage { cursor: Some(cursor), link: Some(link) })
    }

    fn binding(&self, caller: &Caller) -> Binding<'_> {
        Binding { tenant: caller.scope().tenant(), path: &self.path, filter: &self.filter }
    }
}

impl NextPage {
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    pub fn has_more(&self) -> bool {
        self.cursor.is_some()
    }
}

impl IntoResponseParts for NextPage {
    type Error = Problem;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Problem> {
        let (Some(cursor), Some(link)) = (self.cursor, self.link) else { return Ok(parts) };
        for (name, text) in [(X_NEXT_CURSOR, cursor), (LINK, link)] {
            let value = HeaderValue::from_str(&text).map_err(Error::internal)?;
            parts.headers_mut().insert(name, value);
        }
        Ok(parts)
    }
}

impl<S> FromRequestParts<S> for Paging
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(mut parameters) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| Problem::bad_request("invalid_query", "The query cannot be read"))?;
        let limit = match take(&mut parameters, "limit") {
            None => DEFAULT_LIMIT,
            Some(text) => limit_of(&text)?,
        };
        let cursor = take(&mut parameters, "cursor");
        let filter = parts
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| {
                let name = pair.split('=').next().unwrap_or_default();
                !pair.is_empty() && name != "limit" && name != "cursor"
            })
            .collect::<Vec<_>>()
            .join("&");
        let edge = Edge::from_ref(state);
        Ok(Self {
            keys: edge.keys().current().await?,
            edge,
            path: parts.uri.path().to_owned(),
            limit,
            cursor,
            parameters,
            filter,
        })
    }
}

fn take(parameters: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let place = parameters.iter().position(|(known, _)| known == name)?;
    Some(parameters.remove(place).1)
}

fn limit_of(text: &str) -> Result<usize, Problem> {
    text.parse()
        .ok()
        .filter(|limit| (1..=PageRequest::MAX_LIMIT).contains(limit))
        .ok_or_else(|| Error::field("limit", "out_of_range", "expected 1 to 200").into())
}

fn invalid_cursor() -> Problem {
    Problem::bad_request("invalid_cursor", "The cursor is not for this list, or too old")
}
