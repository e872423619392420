//! The AWS JSON 1.0 protocol: one POST per operation, named by `X-Amz-Target`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::sqs::broker::Broker;
use crate::sqs::error::{Code, Result};
use crate::sqs::operations::{delete, queues, receive, redrive, send, visibility};

/// A batch of 1 MiB, every character of it escaped.
const MAX_REQUEST_BYTES: usize = 8 * 1_048_576;

/// The queue server's only route. SDKs post to the endpoint itself; the queue is in the body.
pub(crate) fn router(broker: Arc<Broker>) -> Router {
    Router::new()
        .route("/", post(serve))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state(broker)
}

async fn serve(State(broker): State<Arc<Broker>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix("AmazonSQS.")).unwrap_or_default();
    match answer(&broker, operation, &body).await {
        Ok(answer) => {
            let json = [(header::CONTENT_TYPE, "application/x-amz-json-1.0")];
            (json, answer.to_string()).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn answer(broker: &Broker, operation: &str, body: &[u8]) -> Result<Value> {
    match operation {
        "SendMessage" => send::send_message(broker, parse(body)?),
        "SendMessageBatch" => send::send_message_batch(broker, parse(body)?),
        "ReceiveMessage" => receive::receive_message(broker, parse(body)?).await,
        "DeleteMessage" => delete::delete_message(broker, &parse(body)?),
        "DeleteMessageBatch" => delete::delete_message_batch(broker, &parse(body)?),
        "ChangeMessageVisibility" => visibility::change_message_visibility(broker, &parse(body)?),
        "ChangeMessageVisibilityBatch" => {
            visibility::change_message_visibility_batch(broker, &parse(body)?)
        }
        "CreateQueue" => queues::create_queue(broker, parse(body)?),
        "GetQueueUrl" => queues::get_queue_url(broker, &parse(body)?),
        "ListQueues" => queues::list_queues(broker, &parse(body)?),
        "GetQueueAttributes" => queues::get_queue_attributes(broker, &parse(body)?),
        "SetQueueAttributes" => queues::set_queue_attributes(broker, parse(body)?),
        "DeleteQueue" => queues::delete_queue(broker, &parse(body)?),
        "PurgeQueue" => queues::purge_queue(broker, &parse(body)?),
        "StartMessageMoveTask" => redrive::start_message_move_task(broker, &parse(body)?),
        _ => Err(Code::UnknownOperation.because(format!("{operation} is not served here."))),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body)
        .map_err(|error| Code::InvalidParameterValue.because(format!("{error}")))
}
