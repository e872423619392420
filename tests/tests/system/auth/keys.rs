//! The keys behind tokens change while everybody stays signed in.

use std::sync::Arc;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use scheduler::{App, Schedule};
use serde_json::Value;
use telemetry::{Function, Machine};
use tower::ServiceExt as _;
use web::Edge;

use super::{ME, Omar, tokens};
use crate::office::{Office, Person};

const MINUTE_S: i64 = 60;

fn scheduler(office: &Office) -> App {
    let machine = Machine {
        clock: Arc::clone(&office.cloud.clock) as _,
        ids: Arc::clone(&office.cloud.ids) as _,
        metrics: office.cloud.metrics.clone(),
    };
    App::new(&office.cloud.environment(Function::Scheduler, &[]), machine).unwrap()
}

fn kid(person: &Person) -> String {
    let header = jsonwebtoken::decode_header(person.token.as_deref().unwrap()).unwrap();
    header.kid.unwrap()
}

#[tokio::test]
async fn after_ninety_days_another_key_signs_and_nobody_is_signed_out() {
    let omar = Omar::hired().await;
    let app = scheduler(&omar.office);
    let tick = include_str!("../../../../events/schedule/key-rotation.json");
    let run = async || {
        let tick: EventBridgeEvent<Schedule> = serde_json::from_str(tick).unwrap();
        scheduler::handle(tick, &app).await.unwrap();
    };
    let published = async || {
        let answer = omar.office.get(&Office::nobody(), "/.well-known/jwks.json").await.ok(200);
        let keys: Vec<Value> = answer["keys"].as_array().unwrap().clone();
        keys.len()
    };
    run().await;
    omar.office.cloud.advance(90 * 24 * 60 * MINUTE_S);
    let (old, mut refresh) = omar.sign_in().await;
    let first = kid(&old);
    run().await;
    // Who verifies reads the secret again within five minutes, who signs too.
    omar.office.cloud.advance(5 * MINUTE_S);
    assert_eq!(published().await, 2);
    assert_eq!(kid(&omar.sign_in().await.0), first, "published, and not yet used");
    omar.office.cloud.advance(10 * MINUTE_S);
    run().await;
    omar.office.cloud.advance(5 * MINUTE_S);
    let (new, next) = tokens(&omar.refresh(&refresh).await.ok(200));
    refresh = next;
    assert_ne!(kid(&new), first);
    for token in [&old, &new] {
        omar.office.get(token, ME).await.ok(200);
    }
    for _ in 0..5 {
        omar.office.cloud.advance(15 * MINUTE_S);
        run().await;
    }
    omar.office.cloud.advance(5 * MINUTE_S);
    assert_eq!(published().await, 1);
    let (last, _) = tokens(&omar.refresh(&refresh).await.ok(200));
    omar.office.get(&last, ME).await.ok(200);
    omar.office.get(&old, ME).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn a_function_that_starts_before_its_secret_is_filled_answers_500_and_then_as_ever() {
    let omar = Omar::hired().await;
    let (office, name) = (&omar.office, "hndasah/local/late");
    let machine = Machine {
        clock: Arc::clone(&office.cloud.clock) as _,
        ids: Arc::clone(&office.cloud.ids) as _,
        metrics: office.cloud.metrics.clone(),
    };
    let edge = Edge::with_keys(office.cloud.store(), office.keys_of(name), machine, &[]);
    let projects = projects::router(projects::App::new(edge, Vec::new()));
    let (omar, _) = omar.sign_in().await;
    let ask = async || {
        let token = format!("Bearer {}", omar.token.as_deref().unwrap());
        let request = Request::get("/api/v1/projects").header("authorization", token);
        let answer = projects.clone().oneshot(request.body(Body::empty()).unwrap()).await;
        answer.unwrap().status()
    };
    assert_eq!(ask().await, StatusCode::INTERNAL_SERVER_ERROR);
    // As the template makes it.
    let manager = office.cloud.aws.secrets_manager();
    manager.create_secret().name(name).secret_string("{}").send().await.unwrap();
    assert_eq!(ask().await, StatusCode::INTERNAL_SERVER_ERROR);
    let secret = serde_json::to_string(&office.verification).unwrap();
    manager.put_secret_value().secret_id(name).secret_string(secret).send().await.unwrap();
    assert_eq!(ask().await, StatusCode::OK, "what could not be read was kept");
}
