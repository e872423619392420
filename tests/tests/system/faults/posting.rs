//! Meta's calls: signed, and made again until they are answered with 200.

use axum::body::Body;
use campaign::firm::APP_SECRET;
use campaign::phone::{PATH, TRIES_MAX};
use http::{Method, Request, StatusCode};
use tower::ServiceExt;
use whatsapp::{AppSecret, sign};

use super::world::World;

/// One call.
pub(crate) async fn call(world: &World, body: &[u8]) -> StatusCode {
    let signature = sign(body, &AppSecret::new(APP_SECRET).unwrap());
    let request = Request::builder()
        .method(Method::POST)
        .uri(PATH)
        .header("X-Hub-Signature-256", signature)
        .body(Body::from(body.to_vec()))
        .unwrap();
    world.webhook.clone().oneshot(request).await.unwrap().status()
}

/// Calls until it is taken in; how often it was not.
pub(crate) async fn deliver(world: &World, body: &[u8]) -> usize {
    for refused in 0..TRIES_MAX {
        let status = call(world, body).await;
        if status == StatusCode::OK {
            return refused;
        }
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "Meta would stop trying");
    }
    panic!("a call was refused {TRIES_MAX} times")
}
