//! The calls of the Cloud API that the product makes, answered as Meta answers them.

use axum::Json;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::answer::{Fault, Refusal};
use super::check::{self, Order};
use super::listener::Cut;
use super::media::StoredMedia;
use super::reports::Report;
use super::{Graph, lock, mint_wamid, multipart};
use crate::hub::{Chat, Passed};

/// Meta takes documents of 100 MB; a stand-in on a laptop need not.
const UPLOAD_BYTES_MAX: usize = 25 * 1024 * 1024;

pub(super) fn router(graph: Graph) -> Router {
    Router::new()
        .route("/{version}/{line}/messages", post(send))
        .route("/{version}/{line}/media", post(upload))
        // A node of Graph is told by its id alone: a number of ours, or a file.
        .route("/{version}/{node}", get(describe).delete(delete_media))
        .route("/files/{media}/bytes", get(download_media))
        .fallback(|| async { unknown_path() })
        .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX))
        .with_state(graph)
}

async fn send(
    State(graph): State<Graph>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Path((version, line)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let is_read_mark = body.get("status").is_some();
    let fault = if is_read_mark { None } else { lock(&graph.inner.faults).pop_front() };
    let mut loses_answer = false;
    let taken = match fault {
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Break) => {
            cut.now();
            return StatusCode::OK.into_response();
        }
        Some(Fault::Error { status, code }) => Err(Refusal::ordered(status, code)),
        Some(Fault::LoseAnswer) => {
            loses_answer = true;
            take(&graph, &version, &line, &headers, &body)
        }
        None => take(&graph, &version, &line, &headers, &body),
    };
    let (status, answer) = match &taken {
        Ok(answer) => (StatusCode::OK, answer.clone()),
        Err(refusal) => (refusal.status, refusal.body()),
    };
    let call = Passed::Call {
        chat: Chat { person: addressee(&graph, &body), channel: line.clone() },
        path: format!("/{version}/{line}/messages"),
        body,
        status: if loses_answer { 0 } else { status.as_u16() },
        answer: answer.clone(),
        applied: taken.is_ok(),
    };
    record(&graph, call);
    if loses_answer {
        cut.now();
    }
    (status, Json(answer)).into_response()
}

/// The call first, then the report it leads to: nobody hears of a message before it is logged.
fn record(graph: &Graph, call: Passed) {
    let inner = &graph.inner;
    let report = Report::of_call(&call);
    inner.hub.add(inner.clock.now(), call);
    if let Some(report) = report {
        lock(&inner.reports).push_back(report);
        inner.news.notify_one();
    }
}

fn take(
    graph: &Graph,
    version: &str,
    line: &str,
    headers: &HeaderMap,
    body: &Value,
) -> Result<Value, Refusal> {
    authorise(graph, version, line, headers)?;
    let media_exists = |id: &str| graph.media(id).is_some();
    match check::order(body, &media_exists)? {
        Order::Read => Ok(json!({ "success": true })),
        Order::Send(recipient) => {
            let contact = match recipient.strip_prefix('+') {
                _ if body.get("recipient").is_some() && body.get("to").is_none() => {
                    json!({ "input": recipient, "user_id": recipient })
                }
                Some(digits) => json!({ "input": recipient, "wa_id": digits }),
                None => json!({ "input": recipient, "wa_id": recipient }),
            };
            Ok(json!({
                "messaging_product": "whatsapp",
                "contacts": [contact],
                "messages": [{ "id": mint_wamid(&*graph.inner.ids) }],
            }))
        }
    }
}

fn authorise(graph: &Graph, version: &str, line: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    let numbers = version.strip_prefix('v').and_then(|version| version.split_once('.'));
    if !numbers
        .is_some_and(|(major, minor)| major.parse::<u16>().is_ok() && minor.parse::<u16>().is_ok())
    {
        return Err(Refusal::bad(2500, "Unknown path components"));
    }
    let lines = lock(&graph.inner.lines);
    let Some(token) = lines.get(line) else {
        return Err(Refusal::bad(
            100,
            format!("Unsupported post request. Object with ID '{line}' does not exist"),
        ));
    };
    if bearer(headers) == Some(token) { Ok(()) } else { Err(Refusal::token()) }
}

/// Whether the call carries any line's token; media calls name no line.
fn is_known(graph: &Graph, headers: &HeaderMap) -> Result<(), Refusal> {
    let lines = lock(&graph.inner.lines);
    let known = bearer(headers).is_some_and(|sent| lines.values().any(|token| token == sent));
    if known { Ok(()) } else { Err(Refusal::token()) }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Whose chat a call belongs to: whom it addresses, or who wrote the message it marks as read.
fn addressee(graph: &Graph, body: &Value) -> String {
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    if let Some(to) = text("to") {
        return to.trim_start_matches('+').to_owned();
    }
    if let Some(recipient) = text("recipient") {
        return recipient.to_owned();
    }
    let Some(read) = text("message_id") else { return String::new() };
    let wrote = graph.inner.hub.latest(|entry| match &entry.passed {
        Passed::Webhook { chat, wamid, .. } if wamid == read => Some(chat.person.clone()),
        Passed::Webhook { .. } | Passed::Call { .. } => None,
    });
    wrote.unwrap_or_default()
}

async fn upload(
    State(graph): State<Graph>,
    Path((version, line)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    authorise(&graph, &version, &line, &headers)?;
    let form = multipart::read(&headers, &body)
        .ok_or_else(|| Refusal::bad(100, "The body is not multipart/form-data"))?;
    let product = form.iter().find(|part| part.name == "messaging_product");
    if product.is_none_or(|part| part.bytes.as_ref() != b"whatsapp") {
        return Err(Refusal::bad(100, "The parameter messaging_product is required."));
    }
    let file = form
        .into_iter()
        .find(|part| part.name == "file")
        .ok_or_else(|| Refusal::bad(100, "The parameter file is required."))?;
    let media = StoredMedia {
        mime_type: file.mime_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        file_name: file.file_name,
        bytes: file.bytes,
    };
    let id = graph.add_media(media).map_err(|_| Refusal::bad(131_053, "Not stored"))?;
    Ok(Json(json!({ "id": id })))
}

async fn describe(
    State(graph): State<Graph>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let is_line = lock(&graph.inner.lines).contains_key(&id);
    if !is_line {
        return describe_media(&graph, &id, &headers);
    }
    authorise(&graph, &version, &id, &headers)?;
    Ok(Json(json!({
        "id": id,
        "display_phone_number": format!("+{id}"),
        "verified_name": "A business",
        "quality_rating": "GREEN",
    })))
}

fn describe_media(graph: &Graph, id: &str, headers: &HeaderMap) -> Result<Json<Value>, Refusal> {
    is_known(graph, headers)?;
    let media = graph.media(id).ok_or_else(|| absent(id))?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    Ok(Json(json!({
        "messaging_product": "whatsapp",
        "url": format!("http://{host}/files/{id}/bytes"),
        "mime_type": media.mime_type,
        // Hexadecimal here, base64 in webhooks, as Meta has it.
        "sha256": blob::sha256_hex(&media.bytes),
        "file_size": media.bytes.len(),
        "id": id,
    })))
}

async fn delete_media(
    State(graph): State<Graph>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    is_known(&graph, &headers)?;
    if graph.inner.media.delete(&id) {
        Ok(Json(json!({ "success": true })))
    } else {
        Err(absent(&id))
    }
}

async fn download_media(
    State(graph): State<Graph>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    is_known(&graph, &headers)?;
    let media = graph.media(&id).ok_or_else(|| absent(&id))?;
    Ok(([(header::CONTENT_TYPE, media.mime_type)], Body::from(media.bytes)).into_response())
}

fn absent(id: &str) -> Refusal {
    Refusal::bad(100, format!("Unsupported request. Object with ID '{id}' does not exist"))
}

fn unknown_path() -> Refusal {
    Refusal::bad(2500, "Unknown path components")
}
