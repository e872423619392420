//! API Gateway's part: the routes of the template, and 404 for everything else.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use embedded_aws::template::Route;
use serde_json::json;
use tower::ServiceExt as _;

/// HTTP API: a payload of more than 10 MB is refused before any function sees it.
const BODY_BYTES_MAX: u64 = 10 * 1024 * 1024;

/// Hands each request to the function whose route it matches.
#[derive(Clone)]
pub struct Gateway {
    routes: Arc<[Mounted]>,
}

struct Mounted {
    method: String,
    segments: Vec<Segment>,
    function: Router,
}

enum Segment {
    Fixed(String),
    /// `{name}`: any one segment that is not empty.
    Parameter,
}

impl Gateway {
    /// Mounts functions, each under its routes.
    pub fn new<'a>(routes: impl IntoIterator<Item = (&'a Route, Router)>) -> Self {
        let mounted = routes.into_iter().map(|(route, function)| Mounted {
            method: route.method.clone(),
            segments: segments(&route.path).map(Segment::of).collect(),
            function,
        });
        Self { routes: mounted.collect() }
    }

    /// Answers one request.
    pub async fn call(&self, mut request: Request) -> Response {
        let Some(function) = self.function_for(request.method(), request.uri().path()) else {
            return problem(StatusCode::NOT_FOUND, "not_found", "Not found");
        };
        if declared_length(&request) > BODY_BYTES_MAX {
            return problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "Payload too large");
        }
        // A request made inside the process has no connection; it comes from this machine.
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            request.extensions_mut().insert(ConnectInfo(here));
        }
        let answered: Result<Response, Infallible> = function.oneshot(request).await;
        answered.unwrap_or_else(|never| match never {})
    }

    /// As a router's fallback.
    pub fn into_router(self) -> Router {
        Router::new().fallback(move |request: Request| {
            let gateway = self.clone();
            async move { gateway.call(request).await }
        })
    }

    /// Fixed segments win over parameters, as in API Gateway. A preflight goes where the path
    /// leads, because CORS is answered in the functions.
    fn function_for(&self, method: &Method, path: &str) -> Option<Router> {
        let wanted: Vec<&str> = segments(path).collect();
        self.routes
            .iter()
            .filter(|route| route.takes(method))
            .filter_map(|route| Some((route.rank(&wanted)?, route)))
            .min_by_key(|(parameters, _)| *parameters)
            .map(|(_, route)| route.function.clone())
    }
}

impl Mounted {
    fn takes(&self, method: &Method) -> bool {
        self.method == "ANY" || self.method == method.as_str() || *method == Method::OPTIONS
    }

    /// How many parameters it takes for this route to match, or `None` when it does not.
    fn rank(&self, path: &[&str]) -> Option<usize> {
        if path.len() != self.segments.len() {
            return None;
        }
        let mut parameters = 0;
        for (segment, text) in self.segments.iter().zip(path) {
            match segment {
                Segment::Fixed(fixed) if fixed == text => {}
                Segment::Parameter if !text.is_empty() => parameters += 1,
                Segment::Fixed(_) | Segment::Parameter => return None,
            }
        }
        Some(parameters)
    }
}

impl Segment {
    fn of(text: &str) -> Self {
        if text.starts_with('{') && text.ends_with('}') {
            Self::Parameter
        } else {
            Self::Fixed(text.to_owned())
        }
    }
}

fn segments(path: &str) -> std::str::Split<'_, char> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

fn declared_length(request: &Request) -> u64 {
    let length = request.headers().get(header::CONTENT_LENGTH);
    length.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0)
}

/// An answer of the gateway itself, worded like the functions'.
fn problem(status: StatusCode, code: &str, title: &str) -> Response {
    let body = json!({
        "type": format!("/problems/{code}"),
        "title": title,
        "status": status.as_u16(),
        "code": code,
    });
    let kind = (header::CONTENT_TYPE, "application/problem+json");
    (status, [kind], Body::from(body.to_string())).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use axum::Router;
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use axum::routing::any;
    use embedded_aws::Plan;

    use super::Gateway;

    async fn ask(gateway: &Gateway, method: &str, path: &str) -> (StatusCode, String) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let answer = gateway.call(request).await;
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_request_reaches_the_function_of_its_route_and_no_other() {
        let plan = Plan::read(include_str!("../../template.yaml"), &BTreeMap::new()).unwrap();
        let gateway = Gateway::new(plan.routes.iter().map(|route| {
            let name = plan.function(&route.function).and_then(|f| f.binary.clone()).unwrap();
            (route, Router::new().fallback(any(move || async move { name })))
        }));
        for (method, path, function) in [
            ("GET", "/api/v1/webhooks/whatsapp?hub.mode=subscribe", "webhook"),
            ("POST", "/api/v1/whatsapp/webhook", "webhook"),
            ("GET", "/api/v1/conversations/cnv_1/messages", "conversations"),
            ("GET", "/api/v1/projects/prj_1/tasks", "projects"),
            ("GET", "/.well-known/jwks.json", "auth"),
            ("OPTIONS", "/api/v1/projects", "projects"),
        ] {
            assert_eq!(ask(&gateway, method, path).await, (StatusCode::OK, function.to_owned()));
        }
        for (method, path) in [
            ("DELETE", "/api/v1/webhooks/whatsapp"),
            ("GET", "/api/v1/projects/"),
            ("GET", "/api/v1/projects/prj_1/tasks/extra"),
            ("GET", "/api/v1/nothing"),
            ("GET", "/"),
        ] {
            let (status, body) = ask(&gateway, method, path).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert!(body.contains(r#""code":"not_found""#));
        }
    }
}
