//! The keys behind tokens change while everybody stays signed in.

use std::sync::Arc;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use scheduler::{App, Schedule};
use serde_json::Value;
use telemetry::{Function, Machine};

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
