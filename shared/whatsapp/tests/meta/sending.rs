//! The Graph client against a server on loopback that answers as told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use domain::Phone;
use domain::contact::Bsuid;
use domain::content::{Button, Card, Content, Location, Media, Row};
use expect_test::expect_file;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use whatsapp::graph::{Cause, Line, Outgoing, Recipient, Sent, Timeouts, Typing};
use whatsapp::{AccessToken, Graph, GraphConfig, SendError};

/// What the server does with the next request.
enum Reply {
    Json(u16, Value),
    JsonAfter(u16, &'static str, Value),
    Html(u16),
    Redirect,
    Never,
}

#[derive(Default)]
struct Script {
    replies: VecDeque<Reply>,
    /// Path, authorization, body.
    seen: Vec<(String, String, Value)>,
}

#[derive(Clone, Default)]
struct Meta(Arc<Mutex<Script>>);

impl Meta {
    /// Starts a server and a client of it.
    async fn start(replies: impl IntoIterator<Item = Reply>) -> (Self, Graph) {
        let meta = Self::default();
        meta.0.lock().unwrap().replies.extend(replies);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let graph = graph(&format!("http://{}/", listener.local_addr().unwrap()));
        let app = Router::new().fallback(answer).with_state(meta.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (meta, graph)
    }

    fn seen(&self) -> Vec<(String, String, Value)> {
        self.0.lock().unwrap().seen.clone()
    }
}

async fn answer(State(meta): State<Meta>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let reply = {
        let mut script = meta.0.lock().unwrap();
        let token = headers["authorization"].to_str().unwrap().to_owned();
        let is_read = body.is_empty() && !headers.contains_key("content-type");
        assert!(is_read || headers["content-type"] == "application/json");
        let address = uri.path_and_query().unwrap().to_string();
        script.seen.push((address, token, serde_json::from_slice(&body).unwrap_or_default()));
        script.replies.pop_front().unwrap_or(Reply::Html(500))
    };
    let status = |code| StatusCode::from_u16(code).unwrap();
    match reply {
        Reply::Json(code, body) => (status(code), body.to_string()).into_response(),
        Reply::JsonAfter(code, after, body) => {
            (status(code), [("retry-after", after)], body.to_string()).into_response()
        }
        Reply::Html(code) => (status(code), Html("<html>Sorry</html>")).into_response(),
        Reply::Redirect => {
            (StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")]).into_response()
        }
        Reply::Never => std::future::pending().await,
    }
}

fn graph(base_url: &str) -> Graph {
    let config = GraphConfig { base_url: base_url.to_owned(), version: "v25.0".to_owned() };
    let total = Duration::from_millis(500);
    Graph::with_timeouts(config, Timeouts { connect: total, total })
}

fn phone() -> Recipient {
    Recipient::Phone("971500000011".parse().unwrap())
}

fn text(body: &str) -> Content {
    Content::Text { body: body.to_owned() }
}

async fn send_to(graph: &Graph, to: &Recipient, content: &Content) -> Result<Sent, SendError> {
    let token = AccessToken::new("canary-token");
    let line = Line { phone_number_id: "106540352240001", token: &token };
    let message =
        Outgoing { to, content, reply_to: Some("wamid.IN1"), callback: "msg_01k6fixture" };
    graph.send(&line, &message).await
}

async fn send(graph: &Graph, content: &Content) -> Result<Sent, SendError> {
    send_to(graph, &phone(), content).await
}

fn accepted() -> Reply {
    Reply::Json(
        200,
        json!({ "messaging_product": "whatsapp",
            "contacts": [{ "input": "+971500000011", "wa_id": "971500000011" }],
            "messages": [{ "id": "wamid.OUT1", "message_status": "accepted" }] }),
    )
}

fn refused(code: i64) -> Value {
    json!({ "error": { "message": format!("(#{code}) No, canary-text"), "type": "OAuthException",
        "code": code, "error_data": { "messaging_product": "whatsapp", "details": "Because." },
        "fbtrace_id": "Az8" } })
}

/// The name of the error's variant.
fn verdict(error: &SendError) -> &'static str {
    match error {
        SendError::Invalid(_) => "invalid",
        SendError::Retry { .. } => "retry",
        SendError::Ambiguous(_) => "ambiguous",
        SendError::ChannelDown(_) => "channel down",
        SendError::WindowClosed(_) => "window closed",
        SendError::Recipient(_) => "recipient",
        SendError::Fix(_) => "fix",
    }
}

fn sendable() -> Vec<Content> {
    let media = |id: &str| Media { id: id.to_owned(), ..Media::default() };
    let captioned = |id: &str| Media { caption: Some("Level 2".to_owned()), ..media(id) };
    vec![
        text("Готово ✅"),
        Content::Image(captioned("1")),
        Content::Video(media("2")),
        Content::Audio(Media { voice: true, ..media("3") }),
        Content::Audio(media("4")),
        Content::Document(Media { file_name: Some("report.pdf".to_owned()), ..captioned("5") }),
        Content::Sticker(media("6")),
        Content::Location(Location {
            latitude: 25.2,
            longitude: -55.27,
            name: Some("Gate 2".to_owned()),
            address: None,
        }),
        Content::Contacts {
            contacts: vec![Card {
                name: Some("Samir".to_owned()),
                phones: vec!["+971500000099".to_owned()],
                ..Card::default()
            }],
        },
        Content::Reaction { target: "wamid.IN1".to_owned(), emoji: Some("👍".to_owned()) },
        Content::Reaction { target: "wamid.IN1".to_owned(), emoji: None },
        Content::Buttons {
            body: "Added.".to_owned(),
            buttons: vec![Button { id: "undo".to_owned(), title: "Undo".to_owned() }],
        },
        Content::List {
            body: "Which project?".to_owned(),
            button: "Choose".to_owned(),
            rows: vec![
                Row { id: "1".to_owned(), title: "Marina".to_owned(), description: None },
                Row {
                    id: "2".to_owned(),
                    title: "Villa".to_owned(),
                    description: Some("Block C".to_owned()),
                },
            ],
        },
    ]
}

#[tokio::test]
async fn every_sendable_kind_goes_out_as_the_cloud_api_wants_it() {
    let contents = sendable();
    let (meta, graph) = Meta::start(contents.iter().map(|_| accepted())).await;
    for content in &contents {
        let sent = send(&graph, content).await.unwrap();
        assert_eq!(sent.provider_id, "wamid.OUT1");
        assert_eq!(sent.recipient.identity().as_deref(), Some("971500000011"));
    }
    let mut bodies = String::new();
    for (path, token, body) in meta.seen() {
        assert_eq!(path, "/v25.0/106540352240001/messages");
        assert_eq!(token, "Bearer canary-token");
        bodies.push_str(&body.to_string());
        bodies.push('\n');
    }
    expect_file!["./bodies.txt"].assert_eq(&bodies);
}

#[tokio::test]
async fn a_business_scoped_id_goes_into_recipient_and_never_into_to() {
    let answer = json!({ "contacts": [{ "input": "AE.1", "user_id": "AE.1" }],
        "messages": [{ "id": "wamid.OUT2" }] });
    let (meta, graph) = Meta::start([Reply::Json(200, answer)]).await;
    let to = Recipient::Bsuid(Bsuid::parse("AE.1").unwrap());
    let sent = send_to(&graph, &to, &text("hi")).await.unwrap();
    assert_eq!(sent.recipient.bsuid, Bsuid::parse("AE.1"));
    let (_, _, body) = &meta.seen()[0];
    assert_eq!((&body["recipient"], &body["to"]), (&json!("AE.1"), &Value::Null));
    assert_eq!(body["biz_opaque_callback_data"], "msg_01k6fixture");
    let number: Phone = "971500000011".parse().unwrap();
    let both = Recipient::of(Some(&number), Bsuid::parse("AE.1").as_ref());
    assert_eq!(both, Some(Recipient::Phone(number)));
}

#[tokio::test]
async fn each_class_of_refusal_gets_its_verdict_and_keeps_the_reason() {
    let cases = [
        (400, 130_429, "retry"),
        (400, 131_056, "retry"),
        (500, 131_000, "ambiguous"),
        (500, 2, "ambiguous"),
        (401, 190, "channel down"),
        (403, 368, "channel down"),
        (400, 131_047, "window closed"),
        (400, 131_026, "recipient"),
        (400, 100, "fix"),
        // Codes nobody has listed yet, by HTTP status.
        (400, 987_654, "fix"),
        (503, 987_654, "ambiguous"),
        (429, 987_654, "retry"),
    ];
    let replies = cases.iter().map(|(status, code, _)| Reply::Json(*status, refused(*code)));
    let (_meta, graph) = Meta::start(replies).await;
    for (status, code, expected) in cases {
        let error = send(&graph, &text("hi")).await.unwrap_err();
        assert_eq!(verdict(&error), expected, "{code}");
        let answer = error.answer().unwrap();
        assert_eq!((answer.status, answer.error.code), (status, code));
        assert_eq!(answer.error.details.as_deref(), Some("Because."));
        assert_eq!(answer.trace.as_deref(), Some("Az8"));
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains(&code.to_string()) && !source.contains("canary"), "{source}");
    }
}

#[tokio::test]
async fn a_wait_asked_for_by_the_server_is_kept_and_transient_unknowns_are_ambiguous() {
    let mut transient = refused(987_654);
    transient["error"]["is_transient"] = json!(true);
    let (_meta, graph) = Meta::start([
        Reply::JsonAfter(400, "17", refused(130_429)),
        Reply::JsonAfter(400, "Wed, 21 Oct 2026 07:28:00 GMT", refused(131_056)),
        Reply::Json(400, transient),
    ])
    .await;
    for expected in [(17, 34), (1, 4)] {
        let SendError::Retry { wait, .. } = send(&graph, &text("hi")).await.unwrap_err() else {
            panic!("not a retry");
        };
        assert_eq!((wait.before(0).as_secs(), wait.before(1).as_secs()), expected);
    }
    assert_eq!(verdict(&send(&graph, &text("hi")).await.unwrap_err()), "ambiguous");
}

#[tokio::test]
async fn an_answer_that_is_not_graphs_is_judged_by_what_may_have_happened() {
    let oversized = Reply::Json(200, json!({ "messages": "x".repeat(100_000) }));
    let (meta, graph) = Meta::start([
        Reply::Html(500),
        Reply::Html(502),
        Reply::Html(429),
        Reply::Html(404),
        Reply::Html(200),
        Reply::Json(200, json!({ "messages": [] })),
        oversized,
        Reply::Redirect,
    ])
    .await;
    for expected in
        ["ambiguous", "ambiguous", "retry", "fix", "ambiguous", "ambiguous", "ambiguous", "fix"]
    {
        let error = send(&graph, &text("hi")).await.unwrap_err();
        assert_eq!(verdict(&error), expected, "{error:?}");
        assert!(error.provider_error().is_none());
    }
    assert_eq!(meta.seen().len(), 8, "no redirect is followed");
}

#[tokio::test]
async fn silence_after_the_request_left_is_ambiguous_and_a_refused_connection_is_not() {
    let (_meta, graph) = Meta::start([Reply::Never]).await;
    assert_eq!(verdict(&send(&graph, &text("hi")).await.unwrap_err()), "ambiguous");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let cut = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.read_u8().await.unwrap();
        // Dropped with the request half read.
    });
    assert_eq!(verdict(&send(&self::graph(&address), &text("hi")).await.unwrap_err()), "ambiguous");
    cut.await.unwrap();

    // The listener is gone, so nothing can leave.
    let error = send(&self::graph(&address), &text("hi")).await.unwrap_err();
    assert_eq!(verdict(&error), "retry");
}

#[tokio::test]
async fn what_breaks_a_limit_never_leaves_and_every_fault_is_named() {
    let (meta, graph) = Meta::start([]).await;
    let button = |id: &str, title: &str| Button { id: id.to_owned(), title: title.to_owned() };
    let row = |id: String| Row { id, title: "r".to_owned(), description: Some("d".repeat(73)) };
    let media =
        |id: &str| Media { id: id.to_owned(), caption: Some("c".repeat(1025)), ..Media::default() };
    let cases = [
        (text(""), vec!["/body"]),
        (text(&"я".repeat(4097)), vec!["/body"]),
        (Content::Image(media("")), vec!["/id", "/caption"]),
        (Content::Audio(Media { caption: Some("c".to_owned()), ..media("1") }), vec!["/caption"]),
        (Content::Contacts { contacts: vec![Card::default()] }, vec!["/contacts/0/name"]),
        (
            Content::Location(Location {
                latitude: 91.0,
                longitude: f64::NAN,
                ..Location::default()
            }),
            vec!["/latitude", "/longitude"],
        ),
        (
            Content::Buttons {
                body: "b".repeat(1025),
                buttons: vec![
                    button("1", "a"),
                    button("1", "a"),
                    button("", &"t".repeat(21)),
                    button("4", "d"),
                ],
            },
            vec![
                "/body",
                "/buttons",
                "/buttons/2/id",
                "/buttons/2/title",
                "/buttons/1/id",
                "/buttons/1/title",
            ],
        ),
        (
            Content::List { body: "b".to_owned(), button: String::new(), rows: Vec::new() },
            vec!["/button", "/rows"],
        ),
        (
            Content::List {
                body: "b".to_owned(),
                button: "b".to_owned(),
                rows: vec![row("1".to_owned()), row("1".repeat(201))],
            },
            vec!["/rows/0/description", "/rows/1/id", "/rows/1/description"],
        ),
        (Content::Welcome, vec!["/type"]),
    ];
    for (content, expected) in cases {
        let SendError::Invalid(faults) = send(&graph, &content).await.unwrap_err() else {
            panic!("{content:?} was sent");
        };
        let pointers: Vec<&str> = faults.iter().map(|fault| &*fault.pointer).collect();
        assert_eq!(pointers, expected, "{content:?}");
    }
    assert_eq!(meta.seen(), []);
}

#[tokio::test]
async fn characters_count_and_bytes_do_not() {
    let (_meta, graph) = Meta::start([accepted()]).await;
    send(&graph, &text(&"🏗".repeat(4096))).await.unwrap();
}

#[tokio::test]
async fn a_read_receipt_may_show_typing() {
    let success = || Reply::Json(200, json!({ "success": true }));
    let (meta, graph) = Meta::start([success(), success(), Reply::Json(400, refused(100))]).await;
    let token = AccessToken::new("t");
    let line = Line { phone_number_id: "1", token: &token };
    graph.mark_read(&line, "wamid.IN1", Typing::Hidden).await.unwrap();
    graph.mark_read(&line, "wamid.IN1", Typing::Shown).await.unwrap();
    let error = graph.mark_read(&line, "wamid.IN1", Typing::Shown).await.unwrap_err();
    assert_eq!(verdict(&error), "fix");
    let plain =
        json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN1" });
    let mut typing = plain.clone();
    typing["typing_indicator"] = json!({ "type": "text" });
    let bodies: Vec<Value> = meta.seen().into_iter().map(|(_, _, body)| body).collect();
    assert_eq!(bodies, [plain, typing.clone(), typing]);
}

#[tokio::test]
async fn a_broken_token_or_number_id_never_reaches_the_wire_or_a_log() {
    let (meta, graph) = Meta::start([]).await;
    let token = AccessToken::new("canary\ntoken");
    assert!(!format!("{token:?}").contains("canary"));
    let error = graph
        .mark_read(&Line { phone_number_id: "1", token: &token }, "wamid.1", Typing::Hidden)
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::ChannelDown(Cause::Token)), "{error:?}");
    for phone_number_id in ["", "../me", "1/2", "1?x"] {
        let error = graph
            .mark_read(&Line { phone_number_id, token: &token }, "wamid.1", Typing::Hidden)
            .await
            .unwrap_err();
        assert_eq!(verdict(&error), "invalid", "{phone_number_id}");
    }
    assert_eq!(meta.seen(), []);
}

#[tokio::test]
async fn a_number_is_read_with_its_token_and_only_its_own_answer_is_believed() {
    let token = AccessToken::new("t-1");
    let line = Line { phone_number_id: "106540352242922", token: &token };
    let full = json!({
        "id": "106540352242922", "display_phone_number": "+971 4 555 0100",
        "verified_name": "Gulf Build", "quality_rating": "GREEN", "extra": [1]
    });
    let bare = json!({ "id": "106540352242922", "display_phone_number": "+971 4 555 0100" });
    let other = json!({ "id": "2", "display_phone_number": "+971 4 555 0100" });
    let refusal = json!({ "error": { "code": 190, "message": "no" } });
    let absent = json!({ "error": { "code": 100, "message": "no" } });
    let replies = [
        Reply::Json(200, full),
        Reply::Json(200, bare),
        Reply::Json(200, other),
        Reply::Json(200, json!([])),
        Reply::Json(401, refusal),
        Reply::Json(400, absent),
        Reply::Html(502),
        Reply::Redirect,
        Reply::Never,
    ];
    let (meta, graph) = Meta::start(replies).await;
    let number = graph.number(&line).await.unwrap();
    assert_eq!(number.display_phone, "+971 4 555 0100");
    assert_eq!(number.verified_name.as_deref(), Some("Gulf Build"));
    assert_eq!(number.quality.as_deref(), Some("GREEN"));
    let number = graph.number(&line).await.unwrap();
    assert_eq!((number.verified_name, number.quality), (None, None));
    assert!(matches!(graph.number(&line).await, Err(SendError::Fix(Cause::Unreadable { .. }))));
    assert!(matches!(graph.number(&line).await, Err(SendError::Fix(Cause::Unreadable { .. }))));
    assert!(matches!(graph.number(&line).await, Err(SendError::ChannelDown(_))));
    assert!(matches!(graph.number(&line).await, Err(SendError::Fix(Cause::Answer(_)))));
    assert!(matches!(graph.number(&line).await, Err(SendError::Ambiguous(_))));
    assert!(matches!(graph.number(&line).await, Err(SendError::Fix(_))));
    assert!(matches!(graph.number(&line).await, Err(SendError::Ambiguous(_))));
    let (path, authorization, body) = meta.seen()[0].clone();
    let asked =
        "/v25.0/106540352242922?fields=id,display_phone_number,verified_name,quality_rating";
    assert_eq!((path.as_str(), authorization.as_str(), body), (asked, "Bearer t-1", Value::Null));
    for bad in ["", "1/2", "..", "1?x"] {
        let line = Line { phone_number_id: bad, token: &token };
        assert!(matches!(graph.number(&line).await, Err(SendError::Invalid(_))), "{bad}");
    }
}
