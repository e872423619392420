//! A secret store that speaks the Secrets Manager protocol on a loopback port.
//!
//! Creating a secret, giving it another value, reading the current one, deleting it; nothing else. The
//! values are in a JSON file only its owner can read, or in memory.

mod file;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::Clock;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::random;
use crate::secrets::file::{Secret, SecretFile};
use crate::server::Server;

/// A running secret store. Dropping it stops it without waiting.
pub(crate) struct Secrets {
    server: Server,
}

struct Store {
    clock: Arc<dyn Clock>,
    secrets: Mutex<SecretFile>,
}

impl Secrets {
    /// Starts on a free port, on the file at `path` or in memory.
    pub(crate) async fn start(path: Option<&Path>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let secrets = Mutex::new(SecretFile::open(path)?);
        let store = Arc::new(Store { clock, secrets });
        let router = Router::new().route("/", post(serve)).with_state(store);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        Ok(Self { server: Server::start(listener, router)? })
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await;
    }
}

#[derive(Debug, Deserialize)]
struct Request {
    /// The name on creation, the name or the ARN afterwards.
    #[serde(rename = "SecretId", alias = "Name")]
    id: String,
    #[serde(rename = "SecretString")]
    string: Option<String>,
    #[serde(rename = "SecretBinary")]
    binary: Option<String>,
}

/// Why a request was refused, under the name an SDK knows.
enum Refusal {
    Invalid(String),
    Exists,
    Absent,
    Failed(anyhow::Error),
}

async fn serve(State(store): State<Arc<Store>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    let operation =
        target.and_then(|name| name.strip_prefix("secretsmanager.")).unwrap_or_default();
    let answer = serde_json::from_slice(&body)
        .map_err(|error| Refusal::Invalid(error.to_string()))
        .and_then(|request| store.answer(operation, request));
    let json = [(header::CONTENT_TYPE, "application/x-amz-json-1.1")];
    match answer {
        Ok(answer) => (json, answer.to_string()).into_response(),
        Err(refusal) => {
            let (status, code, message) = refusal.parts();
            let body = json!({ "__type": code, "Message": message });
            (status, json, body.to_string()).into_response()
        }
    }
}

impl Store {
    fn answer(&self, operation: &str, request: Request) -> Result<Value, Refusal> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let name = name_of(&request.id).to_owned();
        match operation {
            "GetSecretValue" => {
                let secret = secrets.get(&name).ok_or(Refusal::Absent)?;
                Ok(show(&name, secret))
            }
            "DeleteSecret" => {
                let was_there = secrets.remove(&name).map_err(Refusal::Failed)?;
                let deleted_at = self.clock.now().as_second();
                let answer = json!({ "ARN": arn(&name), "Name": name, "DeletionDate": deleted_at });
                if was_there { Ok(answer) } else { Err(Refusal::Absent) }
            }
            "CreateSecret" if secrets.get(&name).is_some() => Err(Refusal::Exists),
            "PutSecretValue" if secrets.get(&name).is_none() => Err(Refusal::Absent),
            "CreateSecret" | "PutSecretValue" => {
                let version: [u8; 16] = random::bytes().map_err(Refusal::Failed)?;
                let secret = Secret {
                    string: request.string,
                    binary: request.binary,
                    version: uuid::Builder::from_random_bytes(version).into_uuid().to_string(),
                    changed_at: self.clock.now().as_second(),
                };
                let answer = json!({
                    "ARN": arn(&name),
                    "Name": name,
                    "VersionId": secret.version,
                    "VersionStages": ["AWSCURRENT"],
                });
                secrets.put(name, secret).map_err(Refusal::Failed)?;
                Ok(answer)
            }
            _ => Err(Refusal::Invalid(format!("{operation} is not served here"))),
        }
    }
}

fn show(name: &str, secret: &Secret) -> Value {
    let mut shown = json!({
        "ARN": arn(name),
        "Name": name,
        "VersionId": secret.version,
        "VersionStages": ["AWSCURRENT"],
        "CreatedDate": secret.changed_at,
    });
    if let Some(fields) = shown.as_object_mut() {
        let values = [("SecretString", &secret.string), ("SecretBinary", &secret.binary)];
        for (field, value) in values {
            if let Some(value) = value {
                fields.insert(field.to_owned(), Value::from(value.as_str()));
            }
        }
    }
    shown
}

const ARN_PREFIX: &str = "arn:aws:secretsmanager:us-east-1:000000000000:secret:";
/// Where AWS puts six random characters.
const ARN_SUFFIX: &str = "-embedd";

fn arn(name: &str) -> String {
    format!("{ARN_PREFIX}{name}{ARN_SUFFIX}")
}

fn name_of(id: &str) -> &str {
    let name = id.strip_prefix(ARN_PREFIX).and_then(|rest| rest.strip_suffix(ARN_SUFFIX));
    name.unwrap_or(id)
}

impl Refusal {
    fn parts(self) -> (StatusCode, &'static str, String) {
        match self {
            Self::Invalid(why) => (StatusCode::BAD_REQUEST, "InvalidRequestException", why),
            Self::Exists => {
                let why = "The operation failed because the secret already exists.".to_owned();
                (StatusCode::BAD_REQUEST, "ResourceExistsException", why)
            }
            Self::Absent => {
                let why = "Secrets Manager can't find the specified secret.".to_owned();
                (StatusCode::BAD_REQUEST, "ResourceNotFoundException", why)
            }
            Self::Failed(error) => {
                let why = format!("{error:#}");
                (StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceError", why)
            }
        }
    }
}
