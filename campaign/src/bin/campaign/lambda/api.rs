//! The Runtime API: a function asks for its next event and answers it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::Clock;
use telemetry::SystemClock;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as Line, mpsc, oneshot};

use super::{Ended, Slot};
use crate::chaos::{Chaos, locked};

/// Lambda's limit for an answer.
const ANSWER_BYTES_MAX: usize = 6 << 20;

/// Where one process gets its events. Another process gets another desk, so that nothing is handed
/// to a dead one.
pub(crate) struct Desk {
    events: mpsc::UnboundedSender<Event>,
    line: Line<mpsc::UnboundedReceiver<Event>>,
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    count: u64,
    awaited: HashMap<String, oneshot::Sender<Result<Bytes, Ended>>>,
}

struct Event {
    id: String,
    body: Bytes,
    deadline_ms: i64,
}

impl Desk {
    pub(super) fn new() -> Arc<Self> {
        let (events, line) = mpsc::unbounded_channel();
        Arc::new(Self { events, line: Line::new(line), answers: Mutex::default() })
    }

    /// Lays an event down; what is answered to it.
    pub(super) fn offer(
        &self,
        body: Bytes,
        timeout: Duration,
    ) -> oneshot::Receiver<Result<Bytes, Ended>> {
        let (sender, receiver) = oneshot::channel();
        let mut answers = locked(&self.answers);
        answers.count += 1;
        let id = format!("00000000-0000-4000-8000-{:012x}", answers.count);
        answers.awaited.insert(id.clone(), sender);
        let timeout_ms = i64::try_from(timeout.as_millis()).unwrap_or(0);
        let deadline_ms = SystemClock.now().as_millisecond() + timeout_ms;
        // The desk holds the other end itself.
        let _ = self.events.send(Event { id, body, deadline_ms });
        receiver
    }

    fn answer(&self, id: &str, answer: Result<Bytes, Ended>) -> StatusCode {
        match locked(&self.answers).awaited.remove(id) {
            Some(awaited) => {
                // Nobody waits for an invocation that is over.
                let _ = awaited.send(answer);
                StatusCode::ACCEPTED
            }
            None => StatusCode::BAD_REQUEST,
        }
    }
}

/// The listening side of an environment, over the lives of its processes.
pub(crate) struct Front {
    address: String,
    side: Side,
}

#[derive(Clone)]
struct Side {
    desk: Arc<Mutex<Arc<Desk>>>,
    slot: Arc<Slot>,
    chaos: Arc<Chaos>,
}

impl Front {
    pub(super) async fn open(slot: Arc<Slot>, chaos: Arc<Chaos>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let side = Side { desk: Arc::new(Mutex::new(Desk::new())), slot, chaos };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(respond))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
            .route("/2018-06-01/runtime/init/error", post(fail_init))
            .layer(DefaultBodyLimit::max(ANSWER_BYTES_MAX))
            .with_state(side.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { address, side }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn desk(&self) -> Arc<Desk> {
        Arc::clone(&locked(&self.side.desk))
    }

    pub(super) fn renew(&self, desk: Arc<Desk>) {
        *locked(&self.side.desk) = desk;
    }
}

impl Side {
    fn desk(&self) -> Arc<Desk> {
        Arc::clone(&locked(&self.desk))
    }
}

async fn next(State(side): State<Side>) -> Response {
    side.slot.warm_up();
    let desk = side.desk();
    let Some(event) = desk.line.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        ("lambda-runtime-aws-request-id", event.id),
        ("lambda-runtime-deadline-ms", event.deadline_ms.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            format!("arn:aws:lambda:us-east-1:000000000000:function:{}", side.slot.function),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-00000000-000000000000000000000000;Sampled=0".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event.body).into_response()
}

async fn respond(State(side): State<Side>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    if side.chaos.before_ack(&side.slot) {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    side.desk().answer(&id, Ok(body))
}

async fn fail(State(side): State<Side>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let told = String::from_utf8_lossy(&body).into_owned();
    side.desk().answer(&id, Err(Ended::Failed(told)))
}

async fn fail_init(State(side): State<Side>, body: Bytes) -> StatusCode {
    let told = String::from_utf8_lossy(&body).into_owned();
    tracing::error!(function = side.slot.function, told, "a function could not start");
    StatusCode::ACCEPTED
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use axum::body::Bytes;
    use axum::http::StatusCode;

    use super::{Desk, Front};
    use crate::chaos::Chaos;
    use crate::lambda::{Ended, Slot};

    struct Function {
        http: reqwest::Client,
        base: String,
    }

    impl Function {
        async fn next(&self) -> (String, String) {
            let call = self.http.get(format!("{}/invocation/next", self.base));
            let answer = call.send().await.unwrap();
            let deadline = answer.headers()["lambda-runtime-deadline-ms"].to_str().unwrap();
            assert!(deadline.parse::<i64>().unwrap() > 0);
            let id = answer.headers()["lambda-runtime-aws-request-id"].to_str().unwrap();
            (id.to_owned(), answer.text().await.unwrap())
        }

        async fn post(&self, path: &str, body: &'static str) -> StatusCode {
            let call = self.http.post(format!("{}{path}", self.base)).body(body);
            call.send().await.unwrap().status()
        }
    }

    #[tokio::test]
    async fn an_event_is_asked_for_and_answered_once() {
        let slot = Arc::new(Slot::new(1, "processor"));
        let front = Front::open(slot, Chaos::new(1)).await;
        let base = format!("http://{}/2018-06-01/runtime", front.address());
        let function = Function { http: reqwest::Client::new(), base };
        let offer = |body: &'static str| {
            front.desk().offer(Bytes::from_static(body.as_bytes()), Duration::from_secs(30))
        };

        let answer = offer("first");
        let (id, event) = function.next().await;
        assert_eq!(event, "first");
        let path = format!("/invocation/{id}/response");
        assert_eq!(function.post(&path, "done").await, StatusCode::ACCEPTED);
        assert_eq!(answer.await.unwrap(), Ok(Bytes::from_static(b"done")));
        assert_eq!(function.post(&path, "again").await, StatusCode::BAD_REQUEST);

        let answer = offer("second");
        let (id, _) = function.next().await;
        function.post(&format!("/invocation/{id}/error"), "no").await;
        assert_eq!(answer.await.unwrap(), Err(Ended::Failed("no".to_owned())));

        // What lay there for a process that died is not handed to the next one.
        let lost = offer("third");
        front.renew(Desk::new());
        let answer = offer("fourth");
        let (id, event) = function.next().await;
        assert_eq!(event, "fourth");
        function.post(&format!("/invocation/{id}/response"), "done").await;
        assert!(lost.await.is_err());
        assert!(answer.await.unwrap().is_ok());
    }
}
