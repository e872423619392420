//! What the descriptions of all functions share.

use std::collections::BTreeMap;

use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr};
use utoipa::{IntoParams, IntoResponses, OpenApi as _};

use crate::problem::{FieldProblem, ProblemDocument};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Hndasah",
        description = "Construction projects and the WhatsApp conversations that move them. \
            Errors are problem documents (RFC 9457); lists continue by cursor."
    ),
    components(schemas(ProblemDocument, FieldProblem))
)]
struct Base;

/// The document that the functions' own are merged into.
pub fn base() -> OpenApi {
    let mut base = Base::openapi();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    if let Some(components) = base.components.as_mut() {
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
    base
}

/// How a part of a list is asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParameters {
    /// Items wanted.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// `next_cursor` of the page before; also in the headers `Link` and `X-Next-Cursor`.
    pub cursor: Option<String>,
}

/// What any signed-in route may answer.
pub struct Usual;

/// What a route that needs no credential may answer.
pub struct OfAnybody;

/// What a list may answer besides [`Usual`].
pub struct OfList;

/// What a route with an identifier in its path may answer.
pub struct OfItem;

/// What a route with a body may answer.
pub struct OfBody;

/// What a route that a role forbids may answer.
pub struct OfRole;

/// What a route that takes `If-Match` may answer.
pub struct OfVersion;

impl IntoResponses for Usual {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            ("401", "No token, or one that is not valid"),
            ("429", "Called too often; `Retry-After` says when it may be worth another try"),
            ("500", "A defect of ours"),
            ("503", "A dependency is unavailable; try again"),
        ])
    }
}

impl IntoResponses for OfAnybody {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Usual::responses();
        all.remove("401");
        all
    }
}

impl IntoResponses for OfList {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            ("400", "The cursor is not for this list, or too old"),
            ("422", "A parameter is invalid"),
        ])
    }
}

impl IntoResponses for OfItem {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[("404", "Absent, or not the caller's to see")])
    }
}

impl IntoResponses for OfBody {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            ("400", "The body cannot be read"),
            ("409", "Somebody or something is in the way; `code` says what"),
            ("413", "The body is over 256 KB"),
            ("415", "The body is not JSON"),
            ("422", "A field is invalid; all of them are named"),
        ])
    }
}

impl IntoResponses for OfRole {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[("403", "The caller's role does not allow it")])
    }
}

impl IntoResponses for OfVersion {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            ("412", "It has changed since it was read; `etag` is the version now"),
            ("428", "`If-Match` is missing"),
        ])
    }
}

fn problems(all: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let content =
        ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDocument"))).build();
    all.iter()
        .map(|(status, description)| {
            let response = ResponseBuilder::new()
                .description(*description)
                .content("application/problem+json", content.clone())
                .build();
            ((*status).to_owned(), RefOr::T(response))
        })
        .collect()
}
