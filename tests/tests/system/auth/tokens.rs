//! Access tokens that are not good, and how they are counted.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Clock;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{ME, Omar};
use crate::office::Office;

#[tokio::test]
async fn every_bad_token_is_a_401_and_counted_by_its_fault() {
    let omar = Omar::hired().await;
    let (access, _) = omar.sign_in().await;
    let good = access.token.clone().unwrap();
    let header = jsonwebtoken::decode_header(&good).unwrap();
    let claims = good.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let private = STANDARD.decode(&omar.office.signing.keys[0].private_pkcs8_b64).unwrap();
    let own = EncodingKey::from_ed_der(&private);
    let public = STANDARD.decode(&omar.office.verification.keys[0].public_b64).unwrap();
    let public = EncodingKey::from_secret(&public);
    let now = omar.office.cloud.clock.now().as_second();
    let with = |claim: &str, value: Value| {
        let mut claims = claims.clone();
        claims[claim] = value;
        jsonwebtoken::encode(&header, &claims, &own).unwrap()
    };
    let headed = |change: &dyn Fn(&mut Header), key: &EncodingKey| {
        let mut header = header.clone();
        change(&mut header);
        jsonwebtoken::encode(&header, &claims, key).unwrap()
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = part(&json!({ "alg": "none", "typ": "at+jwt", "kid": header.kid }));
    let (body, signature) = good.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    let bad = [
        ("malformed", format!("{none}.{}.", part(&claims))),
        ("malformed", format!("{none}.{}.{signature}", part(&claims))),
        ("algorithm", headed(&|header| header.alg = Algorithm::HS256, &public)),
        ("key", headed(&|header| header.kid = Some("foreign".to_owned()), &own)),
        ("key", headed(&|header| header.kid = None, &own)),
        ("type", headed(&|header| header.typ = Some("JWT".to_owned()), &own)),
        ("type", headed(&|header| header.typ = None, &own)),
        ("expired", with("exp", json!(now - 30))),
        ("not_yet", with("nbf", json!(now + 31))),
        ("audience", with("aud", json!("another"))),
        ("issuer", with("iss", json!("another"))),
        ("claims", with("pv", json!(null))),
        ("signature", format!("{body}.{other}{}", &signature[1..])),
        ("malformed", format!("{body}.{}", &signature[..signature.len() - 5])),
        ("malformed", good[..good.len() / 3].to_owned()),
        ("malformed", format!("{good}{}", "A".repeat(10_000))),
        ("malformed", "A".repeat(10_240)),
        ("revoked", with("pv", json!(0))),
        ("revoked", with("sid", json!(format!("ses_{}", "0".repeat(26))))),
    ];
    for (fault, token) in &bad {
        let answer = omar.office.get(&Office::bearer(token), ME).await;
        assert_eq!(answer.status, 401, "{fault}: {}", answer.body);
        assert!(!answer.body.contains("ALFA"), "{fault}");
    }
    let text = omar.office.cloud.metrics.prometheus_text();
    let mut counted = 0;
    for (fault, _) in &bad {
        let same = bad.iter().filter(|(other, _)| other == fault).count();
        let line = format!("tokens_refused_total{{service=\"test\",reason=\"{fault}\"}} {same}\n");
        assert!(text.contains(&line), "{line} is not in:\n{text}");
        counted += 1;
    }
    println!("{counted} bad tokens, all 401 and counted");
    omar.office.get(&access, ME).await.ok(200);
}

#[tokio::test]
async fn nothing_secret_is_kept_as_it_is() {
    let omar = Omar::hired().await;
    let (access, refresh) = omar.sign_in().await;
    let enrolled = omar.office.post(&access, "/api/v1/auth/2fa/enroll", &json!({})).await.ok(200);
    let secret = enrolled["secret"].as_str().unwrap();
    for table in ["tenants", "audit", "jobs", "guards", "directory"] {
        let text = format!("{:?}", omar.items(table).await);
        for word in [refresh.as_str(), &refresh[64..150], secret, omar.user.email.as_str()] {
            let is_address = word == omar.user.email.as_str() && table == "tenants";
            assert!(is_address || !text.contains(word), "{table}");
        }
    }
    let user = omar.company.store.user(omar.user.id).await.unwrap().unwrap();
    let all = omar.company.store.sign_ins(user.id).await.unwrap();
    let shown = format!("{user:?} {all:?}");
    for word in ["argon2id", "Omar", "example.com", all.sessions[0].token_hash.expose()] {
        assert!(!shown.contains(word), "{word}: {shown}");
    }
}
