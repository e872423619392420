//! The inbox: conversations, their messages, who answers, and events that need an operator.

use axum::Router;
use axum::extract::FromRef;
use queue::Queues;
use utoipa::openapi::OpenApi;
use web::Edge;

mod conversation;
mod get_conversation;
mod list_conversations;
mod list_messages;
mod list_quarantine;
mod message;
mod release_conversation;
mod replay_quarantined;
mod retry;
mod send_message;
mod silence;
mod take_over_conversation;

/// What the routes work with.
#[derive(Clone)]
pub struct App {
    edge: Edge,
    queues: Queues,
}

impl App {
    pub fn new(edge: Edge, queues: Queues) -> Self {
        Self { edge, queues }
    }
}

impl FromRef<App> for Edge {
    fn from_ref(app: &App) -> Self {
        app.edge.clone()
    }
}

/// The one door: Lambda, the embedded stack and the tests call it.
pub fn router(app: App) -> Router {
    let edge = app.edge.clone();
    web::finish(served().with_state(app), &edge)
}

/// What the routes take and answer.
pub fn openapi() -> OpenApi {
    described().into_openapi()
}

web::endpoints! {
    App:
    list_conversations,
    get_conversation,
    list_messages,
    send_message,
    take_over_conversation,
    release_conversation,
    list_quarantine,
    replay_quarantined,
}
