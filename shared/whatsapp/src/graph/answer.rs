//! What Graph's answer, or its absence, means.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use crate::graph::Sent;
use crate::graph::error::{Answer, Cause, SendError, Wait};
use crate::graph::policy::{Policy, policy};
use crate::identity::{CONTACT, Identity};
use crate::inbound::provider_error;
use crate::json::Object;

/// The most read of an answer; Graph's are under 2 KiB.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The longest `Retry-After` believed.
const MAX_RETRY_AFTER_SECS: u64 = 60 * 60;

/// The body of a success, or why there is none.
pub(super) async fn read(result: reqwest::Result<Response>) -> Result<Vec<u8>, SendError> {
    let response = result.map_err(no_answer)?;
    let status = response.status();
    let pause = retry_after(response.headers());
    let body = read_body(response).await;
    if status.is_success() {
        // Taken, but the id is lost.
        return body.ok_or_else(|| SendError::Ambiguous(unreadable(status)));
    }
    Err(refusal(status, pause, &body.unwrap_or_default()))
}

/// The id in the body of a success.
pub(super) fn sent(body: &[u8]) -> Result<Sent, SendError> {
    let text = String::from_utf8_lossy(body);
    let read = || {
        let answer = Object::parse(&text).ok()?;
        let provider_id = answer.objects("messages").first()?.id("id")?;
        let contacts = answer.objects("contacts");
        let recipient = contacts.first().map(|contact| Identity::read(contact, &CONTACT));
        Some(Sent { provider_id, recipient: recipient.unwrap_or_default().into_sender() })
    };
    // Success without an id: it was taken and cannot be named.
    read().ok_or_else(|| SendError::Ambiguous(unreadable(StatusCode::OK)))
}

fn unreadable(status: StatusCode) -> Cause {
    Cause::Unreadable { status: status.as_u16() }
}

/// Without a connection nothing left, so that alone is safe to repeat.
fn no_answer(error: reqwest::Error) -> SendError {
    // An address in the error would carry the number's id into logs.
    let error = error.without_url();
    if error.is_connect() {
        SendError::retry(Wait::DEFAULT, Cause::Transport(error))
    } else if error.is_builder() {
        SendError::Fix(Cause::Transport(error))
    } else {
        SendError::Ambiguous(Cause::Transport(error))
    }
}

async fn read_body(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

/// Whole seconds; a date is ignored, for want of a clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(MAX_RETRY_AFTER_SECS)))
}

fn refusal(status: StatusCode, pause: Option<Duration>, body: &[u8]) -> SendError {
    let text = String::from_utf8_lossy(body);
    let error = Object::parse(&text).ok().and_then(|answer| answer.object("error"));
    let Some(error) = error else {
        return decide(by_status(status), pause, unreadable(status));
    };
    let code: Option<i64> = error.number("code");
    let unknown_code = || {
        if error.is_true("is_transient") { Policy::Ambiguous } else { by_status(status) }
    };
    let answer = Answer {
        status: status.as_u16(),
        error: provider_error(&error),
        trace: error.id("fbtrace_id"),
    };
    let cause = Cause::Answer(Box::new(answer));
    decide(code.and_then(policy).unwrap_or_else(unknown_code), pause, cause)
}

/// For what carries no code of the table: only what HTTP itself promises is taken as not processed.
fn by_status(status: StatusCode) -> Policy {
    match status {
        StatusCode::TOO_MANY_REQUESTS => Policy::Retry(Wait::seconds(60)),
        StatusCode::UNAUTHORIZED => Policy::ChannelDown,
        StatusCode::REQUEST_TIMEOUT => Policy::Ambiguous,
        _ if status.is_server_error() => Policy::Ambiguous,
        _ => Policy::Fix,
    }
}

fn decide(policy: Policy, pause: Option<Duration>, cause: Cause) -> SendError {
    match policy {
        Policy::Retry(wait) => {
            let first = pause.unwrap_or(wait.first);
            SendError::retry(Wait { first, ..wait }, cause)
        }
        Policy::Ambiguous => SendError::Ambiguous(cause),
        Policy::ChannelDown => SendError::ChannelDown(cause),
        Policy::WindowClosed => SendError::WindowClosed(cause),
        Policy::Recipient => SendError::Recipient(cause),
        Policy::Fix => SendError::Fix(cause),
    }
}
