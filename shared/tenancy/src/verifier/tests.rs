use std::sync::atomic::{AtomicU8, Ordering};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::role::TenantRole;
use domain::{Clock, Ids, SessionId, UserId};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde_json::{Value, json};

use super::{TokenFault, Verifier};
use crate::secrets::{KeyStatus, SigningKey, SigningSecret, VerificationSecret, generate};
use crate::{Signer, Subject, TenantScope};

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        "2026-03-01T08:00:00Z".parse().unwrap()
    }
}

/// Bytes that count up: every id differs.
struct CountingIds(AtomicU8);

impl Ids for CountingIds {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

struct Rig {
    signing: SigningSecret,
    secret: VerificationSecret,
    verifier: Verifier,
    token: String,
    now: Timestamp,
}

fn rig() -> Rig {
    let ids = CountingIds(AtomicU8::new(1));
    let now = FixedClock.now();
    let (signing, secret) = generate(&ids, "https://hndasah.test", "hndasah-api").unwrap();
    let scope = TenantScope::found(&FixedClock, &ids);
    let subject = Subject {
        scope: &scope,
        user: UserId::mint(&ids, now),
        role: TenantRole::Agent,
        permission_version: 3,
        session: SessionId::mint(&ids, now),
        proved_at: now,
        is_weak: false,
    };
    let token = Signer::new(&signing, &secret).unwrap().issue(&subject, now, &ids).unwrap();
    let verifier = Verifier::new(&secret).unwrap();
    let caller = verifier.verify(&token.access_token, now).unwrap();
    assert_eq!(caller.scope(), &scope);
    assert_eq!(caller.user(), subject.user);
    assert_eq!((caller.role(), caller.permission_version()), (TenantRole::Agent, 3));
    Rig { signing, secret, verifier, token: token.access_token, now }
}

impl Rig {
    fn claims(&self) -> Value {
        let part = self.token.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    /// Signed with our own key, whatever it says.
    fn signed(&self, header: &Header, claims: &Value) -> String {
        let private = STANDARD.decode(&self.signing.keys[0].private_pkcs8_b64).unwrap();
        jsonwebtoken::encode(header, claims, &EncodingKey::from_ed_der(&private)).unwrap()
    }

    fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.secret.keys[0].kid.clone());
        header
    }

    fn refused(&self, token: &str) -> TokenFault {
        self.verifier.verify(token, self.now).unwrap_err()
    }
}

#[test]
fn a_claim_that_is_missing_or_wrong_is_refused() {
    let rig = rig();
    let claims = rig.claims();
    for name in
        ["iss", "aud", "sub", "tid", "role", "pv", "sid", "auth_time", "jti", "iat", "nbf", "exp"]
    {
        let mut without = claims.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(rig.refused(&rig.signed(&rig.header(), &without)), TokenFault::Claims, "{name}");
    }
    assert_eq!(claims.as_object().unwrap().len(), 12);
    let second = rig.now.as_second();
    for (name, value, fault) in [
        ("iss", json!("https://elsewhere.test"), TokenFault::Issuer),
        ("aud", json!("another-api"), TokenFault::Audience),
        ("exp", json!(second - 30), TokenFault::Expired),
        ("nbf", json!(second + 31), TokenFault::NotYet),
        ("tid", json!("ten_short"), TokenFault::Claims),
        ("role", json!("super_admin"), TokenFault::Claims),
    ] {
        let mut changed = claims.clone();
        changed[name] = value;
        assert_eq!(rig.refused(&rig.signed(&rig.header(), &changed)), fault, "{name}");
    }
    let mut in_leeway = claims;
    in_leeway["exp"] = json!(second - 29);
    in_leeway["nbf"] = json!(second + 30);
    assert!(rig.verifier.verify(&rig.signed(&rig.header(), &in_leeway), rig.now).is_ok());
}

#[test]
fn a_forged_header_or_signature_is_refused() {
    let rig = rig();
    let claims = rig.claims();
    let body = URL_SAFE_NO_PAD.encode(claims.to_string());
    let kid = rig.secret.keys[0].kid.clone();

    let none = json!({ "alg": "none", "typ": "at+jwt", "kid": kid }).to_string();
    assert!(
        rig.verifier.verify(&format!("{}.{body}.", URL_SAFE_NO_PAD.encode(none)), rig.now).is_err()
    );

    let public = STANDARD.decode(&rig.secret.keys[0].public_b64).unwrap();
    let mut symmetric = rig.header();
    symmetric.alg = Algorithm::HS256;
    let forged = jsonwebtoken::encode(&symmetric, &claims, &EncodingKey::from_secret(&public));
    assert_eq!(rig.refused(&forged.unwrap()), TokenFault::Algorithm);

    let mut foreign = rig.header();
    foreign.kid = Some("somebody-else".to_owned());
    assert_eq!(rig.refused(&rig.signed(&foreign, &claims)), TokenFault::Key);
    foreign.kid = None;
    assert_eq!(rig.refused(&rig.signed(&foreign, &claims)), TokenFault::Key);

    let mut identity = rig.header();
    identity.typ = Some("JWT".to_owned());
    assert_eq!(rig.refused(&rig.signed(&identity, &claims)), TokenFault::Type);

    let (head, signature) =
        (rig.token.split('.').next().unwrap(), rig.token.rsplit('.').next().unwrap());
    let mut promoted = claims.clone();
    promoted["role"] = json!("owner");
    let promoted = URL_SAFE_NO_PAD.encode(promoted.to_string());
    assert_eq!(rig.refused(&format!("{head}.{promoted}.{signature}")), TokenFault::Signature);
    for garbage in ["", ".", "..", "a.b.c", &"x".repeat(5_000)] {
        assert!(rig.verifier.verify(garbage, rig.now).is_err(), "{garbage}");
    }
}

#[test]
fn a_token_is_good_for_half_an_hour_and_keys_are_published() {
    let rig = rig();
    let at = |minutes, seconds| {
        let passed = SignedDuration::from_mins(minutes) + SignedDuration::from_secs(seconds);
        rig.verifier.verify(&rig.token, rig.now.checked_add(passed).unwrap())
    };
    assert!(at(30, 29).is_ok());
    assert_eq!(at(30, 30), Err(TokenFault::Expired));
    let set = serde_json::to_value(rig.verifier.key_set()).unwrap();
    let public = STANDARD.decode(&rig.secret.keys[0].public_b64).unwrap();
    assert_eq!(
        set,
        json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
            "kid": rig.secret.keys[0].kid, "x": URL_SAFE_NO_PAD.encode(public),
        }] })
    );
}

/// The private key of RFC 8037 A.1 as randomness.
struct Rfc8037;

impl Ids for Rfc8037 {
    fn fill(&self, bytes: &mut [u8]) {
        let seed = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
        bytes.copy_from_slice(&URL_SAFE_NO_PAD.decode(seed).unwrap());
    }
}

#[test]
fn the_vector_of_rfc_8037_a_4_is_signed_and_verified() {
    let key = SigningKey::generate(&Rfc8037, KeyStatus::Signing).unwrap();
    let public = STANDARD.decode(key.verification_key().unwrap().public_b64).unwrap();
    assert_eq!(URL_SAFE_NO_PAD.encode(&public), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvp\
                     Ar_MuM0KAg";
    let private = STANDARD.decode(&key.private_pkcs8_b64).unwrap();
    let private = EncodingKey::from_ed_der(&private);
    let signed = jsonwebtoken::crypto::sign(message, &private, Algorithm::EdDSA).unwrap();
    assert_eq!(signed, signature);
    let public = DecodingKey::from_ed_der(&public);
    let verify = |message: &[u8]| {
        jsonwebtoken::crypto::verify(signature, message, &public, Algorithm::EdDSA).unwrap()
    };
    assert!(verify(message) && !verify(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZQ"));
}

/// The library reads the example of RFC 7515 A.1, and we refuse it: it is signed with HS256.
#[test]
fn the_vector_of_rfc_7515_a_1_holds_and_is_no_token_of_ours() {
    let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9\
               CAow";
    let message = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4\
                   MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let key = DecodingKey::from_secret(&URL_SAFE_NO_PAD.decode(key).unwrap());
    let verify = |signature| {
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::HS256).unwrap()
    };
    assert!(verify(signature));
    assert!(!verify("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXA"));
    assert_eq!(rig().refused(&format!("{message}.{signature}")), TokenFault::Algorithm);
}
