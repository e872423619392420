//! The embedded services as a function with a role meets them: a gate for each function and service
//! that lets through what the role in the template allows, and remembers what was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use crate::Endpoints;
use crate::server::Server;
use crate::template::{Plan, Statement};

mod request;

use request::Need;

/// Bodies are objects of a bucket at most.
const BODY_MAX: usize = 64 * 1024 * 1024;

/// Gates for every function of a plan. Dropping them closes them.
pub struct Roles {
    ledger: Arc<Ledger>,
    /// Of each function, by the variable that names the service's address.
    gates: BTreeMap<String, BTreeMap<&'static str, Server>>,
}

/// Who asked for what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The binary of the function.
    pub function: String,
    /// As in `dynamodb:GetItem`.
    pub action: String,
    /// An ARN; of a secret the name.
    pub resource: String,
}

#[derive(Default)]
struct Ledger {
    roles: BTreeMap<String, Vec<Statement>>,
    used: Mutex<BTreeSet<Use>>,
    denied: Mutex<BTreeSet<Use>>,
}

/// One function before one service.
struct Gate {
    ledger: Arc<Ledger>,
    function: String,
    service: &'static str,
    behind: String,
    http: reqwest::Client,
}

impl Roles {
    /// Opens the gates of every function that has a binary. Needs a Tokio runtime.
    pub async fn start(plan: &Plan, endpoints: &Endpoints) -> anyhow::Result<Self> {
        let functions = plan.functions.iter();
        let roles = functions
            .filter_map(|function| Some((function.binary.clone()?, function.role.clone())))
            .collect();
        let ledger = Arc::new(Ledger { roles, ..Ledger::default() });
        let mut gates = BTreeMap::new();
        for function in ledger.roles.keys() {
            let mut of_function = BTreeMap::new();
            for (service, behind) in endpoints.environment() {
                let gate = Arc::new(Gate {
                    ledger: Arc::clone(&ledger),
                    function: function.clone(),
                    service,
                    behind: behind.to_owned(),
                    http: reqwest::Client::new(),
                });
                let router = Router::new().fallback(pass).with_state(gate);
                let listener = TcpListener::bind("127.0.0.1:0").await?;
                of_function.insert(service, Server::start(listener, router)?);
            }
            gates.insert(function.clone(), of_function);
        }
        Ok(Self { ledger, gates })
    }

    /// The variables that lead a function's clients through its gates.
    pub fn environment(&self, function: &str) -> Vec<(&'static str, String)> {
        let gates = self.gates.get(function).into_iter().flatten();
        gates.map(|(service, gate)| (*service, gate.endpoint().to_owned())).collect()
    }

    /// What was asked for and is not allowed.
    pub fn denied(&self) -> Vec<Use> {
        lock(&self.ledger.denied).iter().cloned().collect()
    }

    /// What is allowed to call the embedded services and was never asked for: function, action,
    /// pattern of the resource.
    pub fn unused(&self) -> Vec<Use> {
        let used = lock(&self.ledger.used);
        let mut unused = Vec::new();
        for (function, statements) in &self.ledger.roles {
            for statement in statements.iter().filter(|statement| statement.allows) {
                for (action, resource) in pairs(statement) {
                    let is_used = used.iter().any(|one| {
                        one.function == *function
                            && matches(action, &one.action)
                            && matches(resource, &one.resource)
                    });
                    if !is_used && request::is_known(action) {
                        unused.push(Use {
                            function: function.clone(),
                            action: action.to_owned(),
                            resource: resource.to_owned(),
                        });
                    }
                }
            }
        }
        unused
    }
}

impl Ledger {
    /// Notes a need of a function; whether its role allows it.
    fn note(&self, function: &str, need: &Need) -> bool {
        let statements = self.roles.get(function).map_or(&[][..], Vec::as_slice);
        let covers = |statement: &Statement| {
            pairs(statement).any(|(action, resource)| {
                matches(action, &need.action) && matches(resource, &need.resource)
            }) && need.keys_match(&statement.leading_keys)
        };
        let is_allowed = statements.iter().any(|one| one.allows && covers(one))
            && !statements.iter().any(|one| !one.allows && covers(one));
        let record = Use {
            function: function.to_owned(),
            action: need.action.clone(),
            resource: need.resource.clone(),
        };
        lock(if is_allowed { &self.used } else { &self.denied }).insert(record);
        is_allowed
    }
}

impl Gate {
    async fn forward(
        &self,
        (method, uri, headers): (Method, &Uri, HeaderMap),
        body: Bytes,
    ) -> anyhow::Result<Response> {
        // The host is part of what S3's clients sign: it stays the one they called.
        let mut headers = headers;
        headers.remove(header::CONTENT_LENGTH);
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let call = self.http.request(method, format!("{}{path}", self.behind));
        let answer = call.headers(headers).body(body).send().await?;
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        headers.remove(header::TRANSFER_ENCODING);
        let mut response = Response::new(Body::from(answer.bytes().await?));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

async fn pass(
    State(gate): State<Arc<Gate>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let answered = async {
        let body = axum::body::to_bytes(body, BODY_MAX).await?;
        let needs = request::needs(gate.service, (&method, &uri, &headers), &body)
            .with_context(|| format!("what {} asks for", gate.function))?;
        let mut denied = Vec::new();
        for need in &needs {
            if !gate.ledger.note(&gate.function, need) {
                denied.push(format!("{} on {}", need.action, need.resource));
            }
        }
        if denied.is_empty() {
            gate.forward((method, &uri, headers), body).await
        } else {
            tracing::error!(function = gate.function, ?denied, "the role does not allow it");
            Ok(refusal(&gate, &denied.join(", ")))
        }
    };
    answered.await.unwrap_or_else(|error| {
        tracing::error!(function = gate.function, error = format!("{error:#}"), "a gate failed");
        (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response()
    })
}

/// What AWS says to a role without the right.
fn refusal(gate: &Gate, what: &str) -> Response {
    let message = format!("{} is not authorized to perform: {what}", gate.function);
    if gate.service.ends_with("_S3") {
        let xml = format!("<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>");
        return (StatusCode::FORBIDDEN, xml).into_response();
    }
    let body = serde_json::json!({ "__type": "AccessDeniedException", "message": message });
    let kind = [("x-amzn-errortype", "AccessDeniedException")];
    (StatusCode::BAD_REQUEST, kind, body.to_string()).into_response()
}

fn pairs(statement: &Statement) -> impl Iterator<Item = (&str, &str)> {
    statement.actions.iter().flat_map(|action| {
        statement.resources.iter().map(move |resource| (action.as_str(), resource.as_str()))
    })
}

/// Whether a text matches a pattern in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(before) else { return false };
    let mut starts = rest.char_indices().map(|(start, _)| start).chain([rest.len()]);
    starts.any(|start| rest.get(start..).is_some_and(|rest| matches(after, rest)))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
