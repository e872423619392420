//! The inbox: conversations, their messages, who answers, and events that need an operator.

use axum::Router;
use axum::extract::FromRef;
use queue::Queues;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
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
    let (router, _) = described().split_for_parts();
    web::finish(router.with_state(app), &edge)
}

/// What the routes take and answer.
pub fn openapi() -> OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_conversations::list_conversations))
        .routes(routes!(get_conversation::get_conversation))
        .routes(routes!(list_messages::list_messages, send_message::send_message))
        .routes(routes!(take_over_conversation::take_over_conversation))
        .routes(routes!(release_conversation::release_conversation))
        .routes(routes!(list_quarantine::list_quarantine))
        .routes(routes!(replay_quarantined::replay_quarantined))
}
