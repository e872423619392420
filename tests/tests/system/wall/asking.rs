//! Requests as values, and for every route one that its handler takes.

use std::cell::Cell;

use domain::Clock;
use serde_json::{Map, Value, json};
use tenancy::policy::{ROUTES, Route};

use crate::office::company::PASSWORD;
use crate::office::{Company, Office};

thread_local! {
    /// So that no two requests that count tries name the same person.
    static NAMES: Cell<u32> = const { Cell::new(0) };
}

/// A request before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Map<String, Value>>,
}

impl Ask {
    /// What a route takes, at a path of it.
    pub(crate) fn of(route: &Route, path: &str) -> Self {
        let body = well_formed(route);
        let mut headers = Vec::new();
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        if route.method == "PATCH" {
            headers.push(("if-match".to_owned(), "\"v1\"".to_owned()));
        }
        Self { method: route.method.to_owned(), path: path.to_owned(), headers, body }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self { method: "GET".to_owned(), path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// The same with one more header.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut ask = self.clone();
        ask.headers.push((name.to_owned(), value.to_owned()));
        ask
    }

    /// The same with one more parameter.
    pub(crate) fn query(&self, name: &str, value: &str) -> Self {
        let and = if self.path.contains('?') { '&' } else { '?' };
        Self { path: format!("{}{and}{name}={value}", self.path), ..self.clone() }
    }

    /// The same with another or one more member of the body.
    pub(crate) fn member(&self, name: &str, value: Value) -> Self {
        let mut ask = self.clone();
        ask.body.get_or_insert_default().insert(name.to_owned(), value);
        ask
    }

    pub(crate) fn text(&self) -> String {
        self.body.as_ref().map(|body| Value::Object(body.clone()).to_string()).unwrap_or_default()
    }

    /// Everything that is sent, to be searched.
    pub(crate) fn sent(&self) -> String {
        format!("{} {} {:?} {}", self.method, self.path, self.headers, self.text()).to_lowercase()
    }
}

/// The routes that name a thing in their path.
pub(crate) fn named() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.path.contains('{'))
}

/// A route's path with another identifier in the place of its own.
pub(crate) fn placed(route: &Route, id: &str) -> String {
    let parts = route.path.split('/');
    parts.map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}

/// What stands in a path where the route has its identifier.
fn identifier(route: &Route, path: &str) -> String {
    let mut pairs = route.path.split('/').zip(path.split('/'));
    pairs.find(|(part, _)| part.starts_with('{')).unwrap().1.to_owned()
}

/// The identifier of a company's thing of a route's kind.
pub(crate) fn of_company(route: &Route, company: &Company) -> String {
    identifier(route, &company.addressed(route.path, &company.owner))
}

/// One that nothing has, of a route's kind.
pub(crate) fn of_nothing(office: &Office, route: &Route) -> String {
    identifier(route, &Company::missing(office, route.path))
}

/// A key that no identifier has.
pub(crate) fn fresh_key(office: &Office) -> String {
    domain::id::encode_base32(domain::Ids::uuid(&*office.cloud.ids, office.cloud.clock.now()))
}

/// A body that a route's handler takes; `None` for one that reads none.
fn well_formed(route: &Route) -> Option<Map<String, Value>> {
    let number = NAMES.replace(NAMES.get() + 1);
    let someone = format!("somebody{number}@example.com");
    let body = match (route.method, route.path) {
        ("GET" | "DELETE", _) | (_, "/api/v1/auth/logout" | "/api/v1/auth/logout-all") => {
            return None;
        }
        (_, "/api/v1/auth/login") => json!({ "username": someone, "password": PASSWORD }),
        (_, "/api/v1/auth/2fa/verify") => json!({ "mfa_token": "x".repeat(80), "code": "123456" }),
        (_, "/api/v1/auth/refresh") => json!({ "refresh_token": "x".repeat(160) }),
        (_, "/api/v1/auth/step-up") => json!({ "password": "not that password" }),
        (
            _,
            "/api/v1/auth/2fa/confirm"
            | "/api/v1/auth/2fa/disable"
            | "/api/v1/auth/2fa/recovery-codes"
            | "/api/v1/users/me/phone/verify",
        ) => {
            json!({ "code": "123456" })
        }
        (_, "/api/v1/auth/password/change") => json!({
            "current_password": "not that password", "new_password": "tower crane sings at nine",
        }),
        (_, "/api/v1/auth/password/forgot") => json!({ "email": someone }),
        (_, "/api/v1/auth/email/verify") => json!({ "token": "x".repeat(86) }),
        (_, "/api/v1/auth/password/reset" | "/api/v1/auth/invitations/accept") => {
            json!({ "token": "x".repeat(86), "password": "tower crane sings at nine" })
        }
        (_, "/api/v1/auth/register") => {
            json!({ "email": someone, "name": "Somebody", "role": "viewer" })
        }
        (_, "/api/v1/organizations") => json!({
            "organization_name": "Somebody's", "name": "Somebody", "email": someone,
            "password": "tower crane sings at nine",
        }),
        ("PATCH", "/api/v1/organization") => json!({ "week_start": "monday" }),
        (_, "/api/v1/organization/channels") => {
            json!({ "phone_number_id": format!("7{number:09}"), "access_token": "EAA-no-token" })
        }
        (_, path) if path.ends_with("/rotate-token") => {
            json!({ "access_token": "EAA-first-token" })
        }
        ("PATCH", _) => json!({ "role": "viewer" }),
        (_, "/api/v1/users/me/phone") => json!({ "phone": format!("+4915{number:08}") }),
        (_, "/api/v1/api-keys") => json!({ "name": "wall", "scopes": ["projects:read"] }),
        (_, path) if path.ends_with("/messages") => {
            json!({ "content": "hello", "message_type": "text" })
        }
        _ => json!({}),
    };
    let Value::Object(body) = body else { unreachable!() };
    Some(body)
}
