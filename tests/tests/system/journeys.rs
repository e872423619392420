//! Whole journeys over real HTTP: a message in, an answer out, a person takes over, a restart.

use std::sync::Arc;
use std::time::Duration;

use domain::delivery::Delivery;
use domain::message::{Direction, Message};
use jiff::SignedDuration;
use local::graph::{AcceptedSend, Fault};
use local::hub::Chat;
use local::phone::compose::{Said, Words};
use local::{Data, MovingClock, Options, System};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use store::PageRequest;
use telemetry::SystemIds;

/// A second on an idle machine, as `cargo run -- demo` shows; tests share theirs.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);
const FOREMAN: &str = "971501110001";

/// Somebody of the office who has signed in.
struct Office {
    client: Client,
    url: String,
    token: String,
}

impl Office {
    async fn sign_in(system: &System) -> Self {
        let people = system.companies()[0].company.people;
        let login = people.iter().find_map(|person| person.login.as_ref()).unwrap();
        let client = Client::new();
        let url = system.url();
        let credentials = json!({ "email": login.email, "password": login.password });
        let call = client.post(format!("{url}/api/v1/auth/login")).json(&credentials);
        let answer: Value = call.send().await.unwrap().json().await.unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Self { client, url, token }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let call = self.client.request(method, format!("{}{path}", self.url));
        let call = call.bearer_auth(&self.token);
        let call = if let Some(body) = body { call.json(&body) } else { call };
        call.send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.call(Method::GET, path, None).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    /// The one conversation there is.
    async fn conversation(&self) -> String {
        let inbox = self.get("/api/v1/conversations").await;
        let conversations = inbox["conversations"].as_array().unwrap();
        assert_eq!(conversations.len(), 1, "{inbox}");
        conversations[0]["id"].as_str().unwrap().to_owned()
    }
}

/// What Meta posts when the foreman writes.
fn from_foreman(system: &System, text: &str) -> String {
    from(system, FOREMAN, "Omar Haddad", text)
}

/// What Meta posts when somebody writes.
fn from(system: &System, digits: &str, name: &str, text: &str) -> String {
    let chat = Chat {
        channel: system.companies()[0].company.phone_number_id.to_owned(),
        person: digits.to_owned(),
    };
    let said = Said { chat, name, quotes: None };
    let words = Words::Text { text: text.to_owned() };
    let message = said.message(&words, system.graph(), system.clock(), &SystemIds);
    said.body(&message).to_string()
}

/// Posts a body over the network, signed.
async fn post_signed(system: &System, body: &str) -> StatusCode {
    let url = format!("{}/api/v1/webhooks/whatsapp", system.url());
    let call = Client::new()
        .post(url)
        .header("content-type", "application/json")
        .header("x-hub-signature-256", system.meta().sign(body.as_bytes()))
        .body(body.to_owned());
    call.send().await.unwrap().status()
}

/// The sends so far, once there are `count`.
async fn sends(system: &System, count: usize) -> Vec<AcceptedSend> {
    let enough = async {
        let mut seen = 0;
        while system.graph().sends().len() < count {
            system.hub().grown_beyond(seen).await;
            seen = system.hub().all().last().map_or(0, |entry| entry.seq);
        }
    };
    tokio::time::timeout(ANSWER_PATIENCE, enough).await.expect("an answer in time");
    system.graph().sends()
}

/// Every stored message of the foreman's conversation, oldest first.
async fn stored(system: &System) -> Vec<Message> {
    let tenant = system.tenant(&system.companies()[0]);
    let all = PageRequest::first(PageRequest::MAX_LIMIT);
    let conversations = tenant.conversations(&all).await.unwrap().items;
    let mut messages = tenant.messages(conversations[0].id, &all).await.unwrap().items;
    messages.sort_unstable_by_key(|message| message.seq);
    messages
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_message_is_answered_read_and_taken_over() {
    let system = System::start(Options::new(Data::Memory, 0)).await.unwrap();
    let body = from_foreman(&system, "please add a task: clear the scaffolding by friday");
    assert_eq!(post_signed(&system, &body).await, StatusCode::OK);
    let reply = sends(&system, 1).await.remove(0);
    assert!(reply.text().contains("clear the scaffolding"), "{}", reply.text());

    let office = Office::sign_in(&system).await;
    let messages = format!("/api/v1/conversations/{}/messages", office.conversation().await);
    let listed = office.get(&messages).await;
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "{listed}");
    let first = office.call(Method::GET, &format!("{messages}?limit=1"), None).await;
    let cursor = first.headers()["x-next-cursor"].to_str().unwrap().to_owned();
    assert!(first.headers()["link"].to_str().unwrap().contains("rel=\"next\""));
    let second = office.get(&format!("{messages}?limit=1&cursor={cursor}")).await;
    assert_eq!(second.as_array().map(Vec::len), Some(1));

    let takeover = messages.replace("/messages", "/takeover");
    let taken = office.call(Method::POST, &takeover, None).await;
    assert_eq!(taken.status(), StatusCode::OK);
    assert_eq!(taken.json::<Value>().await.unwrap()["is_bot_active"], json!(false));
    let words = json!({ "content": "I will look at it myself", "message_type": "text" });
    let written = office.call(Method::POST, &messages, Some(words)).await;
    assert_eq!(written.status(), StatusCode::CREATED);
    assert_eq!(sends(&system, 2).await[1].text(), "I will look at it myself");
    system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_already_queued_does_not_leave_after_a_takeover() {
    let clock = Arc::new(MovingClock::starting_at("2026-11-21T08:00:00Z".parse().unwrap()));
    let system = System::start(Options::for_test(Arc::clone(&clock))).await.unwrap();
    // Pair rate limit: the answer goes back to the queue and waits there.
    system.graph().fail_next(1, Fault::Error { status: 400, code: 131_056 });
    let body = from_foreman(&system, "please add a task: clear the scaffolding by friday");
    assert_eq!(post_signed(&system, &body).await, StatusCode::OK);
    system.drain().await.unwrap();
    assert_eq!(system.graph().sends(), []);

    let office = Office::sign_in(&system).await;
    let conversation = office.conversation().await;
    let takeover = format!("/api/v1/conversations/{conversation}/takeover");
    assert_eq!(office.call(Method::POST, &takeover, None).await.status(), StatusCode::OK);
    for _ in 0..4 {
        system.advance(&clock, SignedDuration::from_mins(10)).await.unwrap();
    }
    assert_eq!(system.graph().sends(), []);
    let answer = stored(&system).await.pop().unwrap();
    assert_eq!((answer.direction, answer.delivery), (Direction::Outbound, Delivery::Cancelled));
    system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn however_graph_fails_each_answer_leaves_once() {
    let clock = Arc::new(MovingClock::starting_at("2026-11-21T08:00:00Z".parse().unwrap()));
    let system = System::start(Options::for_test(Arc::clone(&clock))).await.unwrap();
    let faults = [
        Some(Fault::Error { status: 400, code: 130_429 }),
        Some(Fault::Error { status: 500, code: 131_000 }),
        Some(Fault::LoseAnswer),
        Some(Fault::Break),
        None,
    ];
    for (place, fault) in faults.into_iter().enumerate() {
        if let Some(fault) = fault {
            system.graph().fail_next(1, fault);
        } else {
            system.graph_server().refuse_connections().await;
        }
        let body = from_foreman(&system, "what is the status of the project?");
        assert_eq!(post_signed(&system, &body).await, StatusCode::OK);
        system.drain().await.unwrap();
        system.graph_server().accept_connections().await.unwrap();
        for _ in 0..3 {
            system.advance(&clock, SignedDuration::from_mins(7)).await.unwrap();
        }
        assert_eq!(system.graph().sends().len(), place + 1);
    }
    let messages = stored(&system).await;
    let answers = messages.iter().filter(|message| message.direction == Direction::Outbound);
    assert!(answers.clone().all(|answer| answer.delivery == Delivery::Read), "{messages:?}");
    assert_eq!(answers.count(), 5);
    system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn data_survive_a_restart_and_work_in_flight_is_taken_up() {
    let directory = tempfile::tempdir().unwrap();
    let options = |background| Options {
        background,
        ..Options::new(Data::Directory(directory.path().to_owned()), 0)
    };
    let system = System::start(options(true)).await.unwrap();
    let first = from_foreman(&system, "please add a task: clear the scaffolding by friday");
    assert_eq!(post_signed(&system, &first).await, StatusCode::OK);
    sends(&system, 1).await;
    system.shutdown().await.unwrap();

    // Nobody works here: what comes in waits in its queue when the process is killed.
    let system = System::start(options(false)).await.unwrap();
    let second = from_foreman(&system, "what is the status of the project?");
    assert_eq!(post_signed(&system, &second).await, StatusCode::OK);
    assert_eq!(stored(&system).await.len(), 2);
    system.kill().await;

    let system = System::start(options(true)).await.unwrap();
    assert_eq!(sends(&system, 2).await.len(), 2);
    // Meta may send what it sent before; it is there already.
    assert_eq!(post_signed(&system, &first).await, StatusCode::OK);
    let third = from_foreman(&system, "thank you");
    assert_eq!(post_signed(&system, &third).await, StatusCode::OK);
    let office = Office::sign_in(&system).await;
    office.conversation().await;
    let tasks = format!("/api/v1/projects/{}/tasks", system.companies()[0].project);
    let tasks = office.get(&tasks).await.to_string();
    assert_eq!(tasks.matches("clear the scaffolding").count(), 1, "{tasks}");
    system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_becomes_a_members_by_the_code_that_arrives_on_it() {
    const NEW_PHONE: &str = "447700900123";
    let system = System::start(Options::new(Data::Memory, 0)).await.unwrap();
    let office = Office::sign_in(&system).await;
    let words = "please add a task: order the lift";
    let stranger = from(&system, NEW_PHONE, "A new phone", words);
    assert_eq!(post_signed(&system, &stranger).await, StatusCode::OK);
    let first = sends(&system, 1).await.remove(0);
    assert!(!first.text().contains("order the lift"), "a stranger did it: {}", first.text());

    let number = json!({ "phone": format!("+{NEW_PHONE}") });
    let asked = office.call(Method::POST, "/api/v1/users/me/phone", Some(number)).await;
    assert_eq!(asked.status(), StatusCode::ACCEPTED);
    let message = sends(&system, 2).await.remove(1);
    assert_eq!(message.chat.person, NEW_PHONE);
    let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit());
    let code = message.text().lines().find(is_code).expect("a code on a line of its own");
    let given = Some(json!({ "code": code }));
    let linked = office.call(Method::POST, "/api/v1/users/me/phone/verify", given).await;
    assert_eq!(linked.status(), StatusCode::OK);
    assert_eq!(linked.json::<Value>().await.unwrap()["phone"], format!("+{NEW_PHONE}"));

    let member = from(&system, NEW_PHONE, "A new phone", words);
    assert_eq!(post_signed(&system, &member).await, StatusCode::OK);
    let done = sends(&system, 3).await.remove(2);
    assert!(done.text().contains("order the lift"), "{}", done.text());
    system.shutdown().await.unwrap();
}
