//! The phone: a page to write from as a person on site, and what the page asks for.
//!
//! Invariant: the page changes nothing by itself. What a person writes goes through the webhook,
//! signed as Meta signs it; everything else it shows is read.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{Clock, Ids};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Store;
use tokio::sync::watch;

use crate::driver::stopped;
use crate::graph::{Graph, StoredMedia};
use crate::hub::{Chat, Hub};
use crate::meta::Meta;
use crate::seed::{Person, Seeded, UNKNOWN_CALLER};

pub mod compose;
mod reading;

use compose::Words;

const PAGE: &str = include_str!("phone/page.html");
/// The largest file that can be attached.
const ATTACHMENT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long a question for news is left open.
const NEWS_PATIENCE: Duration = Duration::from_secs(25);
/// Entries in one answer.
const NEWS_MAX: usize = 500;

/// What the phone works with.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) meta: Meta,
    pub(crate) graph: Graph,
    pub(crate) hub: Hub,
    pub(crate) store: Store,
    pub(crate) companies: Arc<[Seeded]>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) stop: watch::Receiver<bool>,
}

pub(crate) fn router(phone: Phone) -> Router {
    let upload = post(attach).layer(DefaultBodyLimit::max(ATTACHMENT_BYTES_MAX));
    Router::new()
        .route("/phone", get(|| async { Html(PAGE) }))
        .route("/phone/api/people", get(list_people))
        .route("/phone/api/send", post(send))
        .route("/phone/api/media", upload)
        .route("/phone/api/media/{id}", get(show_media))
        .route("/phone/api/news", get(wait_for_news))
        .route("/phone/api/understood", get(show_understood))
        .route("/phone/api/project", get(show_project))
        .with_state(phone)
}

/// A failure in words the page can show.
struct Trouble(StatusCode, String);

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl<E: Into<anyhow::Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        let error: anyhow::Error = error.into();
        tracing::warn!(error = format!("{error:#}"), "the phone page was not answered");
        Self(StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"))
    }
}

impl Phone {
    fn company(&self, channel: &str) -> Result<&Seeded, Trouble> {
        self.companies
            .iter()
            .find(|seeded| seeded.company.phone_number_id == channel)
            .ok_or_else(|| Trouble(StatusCode::NOT_FOUND, "no such number".to_owned()))
    }
}

async fn list_people(State(phone): State<Phone>) -> Json<Value> {
    let companies: Vec<Value> = phone
        .companies
        .iter()
        .map(|seeded| {
            let company = seeded.company;
            let people: Vec<Value> =
                company.people.iter().chain([&UNKNOWN_CALLER]).map(person_json).collect();
            json!({
                "name": company.name,
                "language": company.language,
                "channel": company.phone_number_id,
                "phone": company.display_phone,
                "project": company.project,
                "people": people,
            })
        })
        .collect();
    Json(json!({ "companies": companies }))
}

fn person_json(person: &Person) -> Value {
    json!({
        "name": person.name,
        "title": person.title,
        "phone": person.phone,
        "id": person.phone.trim_start_matches('+'),
        "language": person.language,
    })
}

#[derive(Deserialize)]
struct Sending {
    #[serde(flatten)]
    chat: Chat,
    #[serde(flatten)]
    words: Words,
    /// The provider id of the message this one quotes.
    quotes: Option<String>,
}

async fn send(
    State(phone): State<Phone>,
    Json(sending): Json<Sending>,
) -> Result<Json<Value>, Trouble> {
    let seeded = phone.company(&sending.chat.channel)?;
    let name = seeded
        .company
        .people
        .iter()
        .chain([&UNKNOWN_CALLER])
        .find(|person| person.phone.trim_start_matches('+') == sending.chat.person)
        .map_or("Somebody", |person| person.name);
    let said = compose::Said { chat: sending.chat, name, quotes: sending.quotes };
    let message = said.message(&sending.words, &phone.graph, &*phone.clock, &*phone.ids);
    let posted = said.post(message, &phone.meta, &phone.hub, &*phone.clock).await;
    Ok(Json(json!({ "wamid": posted.wamid, "status": posted.status })))
}

#[derive(Deserialize)]
struct Attachment {
    name: Option<String>,
}

async fn attach(
    State(phone): State<Phone>,
    Query(attachment): Query<Attachment>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Value>, Trouble> {
    let mime_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mime_type = mime_type.unwrap_or("application/octet-stream").to_owned();
    let media = StoredMedia { mime_type, file_name: attachment.name, bytes };
    Ok(Json(json!({ "id": phone.graph.add_media(media)? })))
}

/// A file as it was attached. The page shows pictures and plays sound; anything else is saved, so
/// that an attached page cannot act as one of ours.
async fn show_media(
    State(phone): State<Phone>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let media = phone
        .graph
        .media(&id)
        .ok_or_else(|| Trouble(StatusCode::NOT_FOUND, "no such file".to_owned()))?;
    let plain = ["image/png", "image/jpeg", "image/webp", "image/gif"];
    let is_shown =
        plain.contains(&media.mime_type.as_str()) || media.mime_type.starts_with("audio/");
    let headers = [
        (header::CONTENT_TYPE, media.mime_type),
        (header::CONTENT_DISPOSITION, if is_shown { "inline" } else { "attachment" }.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
    ];
    Ok((headers, media.bytes).into_response())
}

#[derive(Deserialize)]
struct Since {
    after: u64,
}

/// What has happened since; waits for something to happen.
async fn wait_for_news(State(phone): State<Phone>, Query(since): Query<Since>) -> Json<Value> {
    let mut stop = phone.stop.clone();
    tokio::select! {
        () = phone.hub.grown_beyond(since.after) => {}
        () = stopped(&mut stop) => {}
        () = tokio::time::sleep(NEWS_PATIENCE) => {}
    }
    Json(json!({ "entries": phone.hub.after(since.after, NEWS_MAX) }))
}

#[derive(Deserialize)]
struct OfMessage {
    #[serde(flatten)]
    chat: Chat,
    wamid: String,
}

async fn show_understood(
    State(phone): State<Phone>,
    Query(of): Query<OfMessage>,
) -> Result<Json<Value>, Trouble> {
    let seeded = phone.company(&of.chat.channel)?;
    let tenant = phone.store.for_tenant(&seeded.routed.scope());
    Ok(Json(reading::understood(&tenant, seeded, &of.chat.person, &of.wamid).await?))
}

#[derive(Deserialize)]
struct OfChannel {
    channel: String,
}

async fn show_project(
    State(phone): State<Phone>,
    Query(of): Query<OfChannel>,
) -> Result<Json<Value>, Trouble> {
    let seeded = phone.company(&of.channel)?;
    let tenant = phone.store.for_tenant(&seeded.routed.scope());
    Ok(Json(reading::project(&tenant, seeded).await?))
}
