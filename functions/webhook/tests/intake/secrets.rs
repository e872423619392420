//! Who may call: the handshake, the signature, and secrets that change.

use axum::http::StatusCode;
use jiff::SignedDuration;
use whatsapp::{AppSecret, sign};

use crate::rig::{PATH, Rig, SECRET, TOKEN, secret_json};

#[tokio::test]
async fn the_challenge_is_echoed_for_our_token_only() {
    let rig = Rig::start().await;
    let ask = |mode: &str, token: &str| {
        format!("{PATH}?hub.mode={mode}&hub.challenge=1158%2B201444&hub.verify_token={token}")
    };
    let (status, body) = rig.get(&ask("subscribe", TOKEN)).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "1158+201444"));
    let alias = ask("subscribe", TOKEN).replace(PATH, "/api/v1/whatsapp/webhook");
    assert_eq!(rig.get(&alias).await.0, StatusCode::OK);
    for refused in [
        ask("subscribe", "another"),
        ask("subscribe", ""),
        ask("unsubscribe", TOKEN),
        PATH.to_owned(),
        format!("{}&hub.mode=subscribe", ask("subscribe", TOKEN)),
    ] {
        let (status, body) = rig.get(&refused).await;
        assert_eq!((status, body.as_str()), (StatusCode::FORBIDDEN, ""), "{refused}");
    }
}

#[tokio::test]
async fn a_call_that_meta_did_not_sign_leaves_nothing() {
    let rig = Rig::start().await;
    let body = crate::calls::post_of(&[crate::calls::text("201001234567", "wamid.1", "hello")]);
    let other = sign(&body, &AppSecret::new("another secret").unwrap());
    let of_another_body = sign(b"{}", &AppSecret::new(SECRET).unwrap());
    for signature in [None, Some(other.as_str()), Some(of_another_body.as_str()), Some("sha256=")] {
        let (status, answer) = rig.post(signature, body.clone()).await;
        assert_eq!((status, answer.as_str()), (StatusCode::UNAUTHORIZED, ""), "{signature:?}");
    }
    assert!(rig.drain("inbound.fifo").await.is_empty());
    let metrics = rig.metrics.prometheus_text();
    assert!(metrics.contains("bad_signature_total{service=\"webhook\"} 4"), "{metrics}");
}

#[tokio::test]
async fn the_previous_secret_counts_and_a_new_one_is_picked_up_before_the_cache_ends() {
    let rig = Rig::start().await;
    let body = crate::calls::post_of(&[crate::calls::text("201001234567", "wamid.1", "hello")]);
    let by_new = sign(&body, &AppSecret::new("new").unwrap());
    assert_eq!(rig.post_signed(body.clone()).await.0, StatusCode::OK);
    assert_eq!(rig.post(Some(&by_new), body.clone()).await.0, StatusCode::UNAUTHORIZED);

    rig.set_secret(&secret_json("new", Some(SECRET))).await;
    rig.clock.advance(SignedDuration::from_secs(31));
    assert_eq!(rig.post(Some(&by_new), body.clone()).await.0, StatusCode::OK);
    assert_eq!(rig.post_signed(body.clone()).await.0, StatusCode::OK, "signed before the change");

    rig.set_secret(&secret_json("new", None)).await;
    rig.clock.advance(SignedDuration::from_mins(6));
    assert_eq!(rig.post_signed(body).await.0, StatusCode::UNAUTHORIZED);
}
