//! A mail service that speaks the SES v2 protocol on a loopback port, and keeps what it is given.
//!
//! Sending one simple letter; nothing else. An address under `.invalid` is refused, as an address
//! is that SES has learned not to write to.

mod mailbox;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, http::HeaderName};
use domain::Clock;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;

use crate::server::Server;

pub use mailbox::{MailFault, Mailbox, ReceivedLetter};

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// SES: addresses of one letter.
const RECIPIENTS_MAX: usize = 50;

/// A running mail service. Dropping it stops it without waiting.
pub(crate) struct Ses {
    server: Server,
    mailbox: Mailbox,
}

impl Ses {
    /// Starts on a free port, on the file at `path` or in memory.
    pub(crate) async fn start(path: Option<&Path>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let mailbox = Mailbox::open(path, clock)?;
        let router = Router::new()
            .route("/v2/email/outbound-emails", post(send))
            .with_state(mailbox.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        Ok(Self { server: Server::start(listener, router)?, mailbox })
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    pub(crate) fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await;
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    #[serde(default)]
    from_email_address: String,
    #[serde(default)]
    destination: Destination,
    content: Content,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    #[serde(default)]
    to_addresses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Simple,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Data,
    body: Parts,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parts {
    text: Option<Data>,
    html: Option<Data>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    data: String,
}

async fn send(State(mailbox): State<Mailbox>, body: Bytes) -> Response {
    let request: Request = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => return refusal("BadRequestException", &error.to_string()),
    };
    let fault = mailbox.next_fault();
    match fault {
        Some(MailFault::Throttled) => {
            let message = "Maximum sending rate exceeded.";
            return answer(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", message);
        }
        Some(MailFault::Paused) => {
            return refusal("SendingPausedException", "Email sending is paused.");
        }
        Some(MailFault::LostAnswer) | None => {}
    }
    let to = request.destination.to_addresses;
    if to.is_empty() || to.len() > RECIPIENTS_MAX || request.from_email_address.is_empty() {
        return refusal("BadRequestException", "A letter has a sender and 1 to 50 recipients.");
    }
    if to.iter().any(|address| !is_address(address)) {
        return refusal("BadRequestException", "Illegal address");
    }
    if to.iter().any(|address| address.ends_with(".invalid")) {
        return refusal("MessageRejected", "Email address is on the suppression list.");
    }
    let Simple { subject, body } = request.content.simple;
    let letter = ReceivedLetter {
        id: String::new(),
        at: mailbox.now(),
        from: request.from_email_address,
        to,
        subject: subject.data,
        text: body.text.map(|part| part.data).unwrap_or_default(),
        html: body.html.map(|part| part.data),
    };
    match mailbox.keep(letter) {
        Ok(_) if fault == Some(MailFault::LostAnswer) => {
            answer(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "lost on the way")
        }
        Ok(id) => Json(json!({ "MessageId": id })).into_response(),
        Err(error) => {
            let message = format!("{error:#}");
            answer(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", &message)
        }
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
}

fn refusal(code: &'static str, message: &str) -> Response {
    answer(StatusCode::BAD_REQUEST, code, message)
}

fn answer(status: StatusCode, code: &'static str, message: &str) -> Response {
    (status, [(ERROR_TYPE, code)], Json(json!({ "message": message }))).into_response()
}
