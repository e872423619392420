//! How often a secret is fetched, and what happens when it cannot be.
#![cfg(test)]

use std::sync::{Arc, Mutex};

use aws_clients::{AwsClients, Endpoints, SecretText, Secrets};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use domain::{Clock, Error};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// A Secrets Manager with one secret and a clock that is moved by hand.
struct World {
    now: Timestamp,
    secret: Option<&'static str>,
    up: bool,
    fetches: usize,
}

#[derive(Clone)]
struct Shared(Arc<Mutex<World>>);

impl Clock for Shared {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap().now
    }
}

async fn answer(State(world): State<Shared>) -> Response {
    let mut world = world.0.lock().unwrap();
    world.fetches += 1;
    let refuse = |status: StatusCode, code: &str| {
        (status, Json(json!({ "__type": code, "Message": "no" }))).into_response()
    };
    match world.secret {
        _ if !world.up => refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceError"),
        None => refuse(StatusCode::BAD_REQUEST, "ResourceNotFoundException"),
        Some(secret) => Json(json!({ "Name": "s", "SecretString": secret })).into_response(),
    }
}

async fn start() -> (Secrets, Shared) {
    let world =
        World { now: Timestamp::UNIX_EPOCH, secret: Some(r#""first""#), up: true, fetches: 0 };
    let world = Shared(Arc::new(Mutex::new(world)));
    let router = Router::new().fallback(answer).with_state(world.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let endpoints = Endpoints { secrets_manager: Some(endpoint), ..Endpoints::default() };
    (Secrets::new(AwsClients::embedded(endpoints), Arc::new(world.clone())), world)
}

fn change(world: &Shared, change: impl FnOnce(&mut World)) {
    change(&mut world.0.lock().unwrap());
}

#[tokio::test]
async fn a_secret_is_fetched_once_in_five_minutes_and_outlives_an_outage() {
    let (secrets, world) = start().await;
    let asked = join_all((0..20).map(|_| secrets.get::<String>("s"))).await;
    assert!(asked.into_iter().all(|text| text.unwrap() == "first"));
    assert_eq!(world.0.lock().unwrap().fetches, 1, "twenty at once, one fetch");

    change(&world, |world| world.secret = Some(r#""second""#));
    assert_eq!(secrets.get::<String>("s").await.unwrap(), "first");
    change(&world, |world| {
        world.now += SignedDuration::from_mins(5);
        world.up = false;
    });
    assert_eq!(secrets.get::<String>("s").await.unwrap(), "first", "old, and better than none");
    let refused = secrets.get::<String>("never seen").await;
    assert!(refused.unwrap_err().retryable());
    change(&world, |world| {
        world.now += SignedDuration::from_secs(30);
        world.up = true;
    });
    assert_eq!(secrets.get::<String>("s").await.unwrap(), "second");
}

#[tokio::test]
async fn a_refusal_asks_again_once_and_not_for_every_forgery() {
    let (secrets, world) = start().await;
    let first: String = secrets.get("s").await.unwrap();
    for _ in 0..10 {
        assert_eq!(secrets.changed("s", &first).await.unwrap(), None);
    }
    assert_eq!(world.0.lock().unwrap().fetches, 1);
    change(&world, |world| {
        world.secret = Some(r#""second""#);
        world.now += SignedDuration::from_secs(30);
    });
    for _ in 0..10 {
        let newer = secrets.changed("s", &first).await.unwrap();
        assert_eq!(newer.as_deref(), Some("second"), "also for those who come later");
    }
    assert_eq!(world.0.lock().unwrap().fetches, 2);
}

#[tokio::test]
async fn secrets_are_never_shown() {
    let (secrets, world) = start().await;
    let text: SecretText = secrets.get("s").await.unwrap();
    assert_eq!((text.expose(), format!("{text:?}").contains("first")), ("first", false));
    let error = secrets.get::<u64>("s").await.unwrap_err();
    assert!(!format!("{error:?} {}", telemetry::chain(&error)).contains("first"));
    change(&world, |world| world.secret = None);
    assert!(matches!(secrets.get::<String>("absent").await, Err(Error::NotFound)));
}

#[tokio::test]
async fn the_bundled_roots_make_a_client() {
    let endpoint = Some("https://127.0.0.1:1".to_owned());
    let endpoints = Endpoints { secrets_manager: endpoint, ..Endpoints::default() };
    let clients = AwsClients::embedded(endpoints);
    let clock = Arc::new(telemetry::SystemClock);
    // Nobody listens; a root that does not parse would panic before that is found out.
    let refused = Secrets::new(clients, clock).get::<String>("s").await;
    assert!(refused.unwrap_err().retryable());
}
