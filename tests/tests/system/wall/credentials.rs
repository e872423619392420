//! Tokens, keys and links that are all but right, and right ones of somebody else.

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Clock;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tenancy::policy::{Access, KeyScope, ROUTES, Route, rule};

use super::asking::{Ask, named, of_company, of_nothing, placed};
use super::site::{By, Side, Site};
use crate::office::{Office, Person};

fn signed() -> impl Iterator<Item = (&'static Route, Option<KeyScope>)> {
    ROUTES.iter().filter_map(|route| match route.access {
        Access::Public => None,
        Access::To(action) => Some((route, rule(action).scope)),
    })
}

/// Every route with every kind of token that is none.
pub(crate) async fn forged_tokens(site: &Site) {
    let nobody = Office::nobody();
    for (place, own, other) in site.pairs() {
        let forger = Forger::of(&site.office, own, other);
        // Everything that is forged below is good but for what is said of it.
        let good = Office::bearer(&forger.with("jti", json!("another")));
        site.office.get(&good, "/api/v1/projects").await.ok(200);
        let tokens = forger.tokens(&site.office, own, other);
        for (route, _) in signed() {
            let path = own.company.addressed(route.path, &own.company.owner);
            for (kind, token, code) in &tokens {
                let ask = Ask::of(route, &path).with("authorization", &format!("Bearer {token}"));
                let by = By { person: &nobody, side: None };
                site.refused(kind, by, &ask, (401, code)).await;
            }
            // One's own in a form that is none.
            let token = own.company.owner.token.as_deref().unwrap();
            for form in [token.to_owned(), format!("Basic {token}"), format!("Token {token}")] {
                let ask = Ask::of(route, &path).with("authorization", &form);
                let by = By { person: &nobody, side: Some(place) };
                site.refused("tokens in another form", by, &ask, (401, "token_required")).await;
            }
        }
    }
}

/// Tokens that are all but right.
struct Forger {
    header: Header,
    claims: Value,
    key: EncodingKey,
    /// The other company's owner's.
    theirs: Value,
}

fn claims(person: &Person) -> Value {
    let claims = person.token.as_deref().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

impl Forger {
    fn of(office: &Office, own: &Side, other: &Side) -> Self {
        let token = own.company.owner.token.as_deref().unwrap();
        let private = STANDARD.decode(&office.signing.keys[0].private_pkcs8_b64).unwrap();
        Self {
            header: jsonwebtoken::decode_header(token).unwrap(),
            claims: claims(&own.company.owner),
            key: EncodingKey::from_ed_der(&private),
            theirs: claims(&other.company.owner),
        }
    }

    fn with(&self, claim: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[claim] = value;
        jsonwebtoken::encode(&self.header, &claims, &self.key).unwrap()
    }

    fn headed(&self, change: impl FnOnce(&mut Header), key: &EncodingKey) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        jsonwebtoken::encode(&header, &self.claims, key).unwrap()
    }

    /// Kind, token, and the code of its refusal.
    fn tokens(
        &self,
        office: &Office,
        own: &Side,
        other: &Side,
    ) -> Vec<(&'static str, String, &'static str)> {
        let now = office.cloud.clock.now().as_second();
        let public = STANDARD.decode(&office.verification.keys[0].public_b64).unwrap();
        let stranger = Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap();
        let strange_key = EncodingKey::from_ed_der(stranger.as_ref());
        let symmetric = EncodingKey::from_secret(&public);
        let kid = office.verification.keys[0].kid.as_str();
        let none = part(&json!({ "alg": "none", "typ": "at+jwt", "kid": kid }));
        let genuine = own.company.owner.token.clone().unwrap();
        let parts: Vec<&str> = genuine.split('.').collect();
        let [head, _, signature] = parts[..] else { unreachable!() };
        let theirs = other.company.owner.token.clone().unwrap();
        let of_theirs = theirs.rsplit('.').next().unwrap();
        let invalid = "invalid_token";
        let mut tokens: Vec<(&'static str, String, &'static str)> = [
            ("tokens without a signature", format!("{none}.{}.", part(&self.claims))),
            ("tokens without a signature", format!("{none}.{}.{signature}", part(&self.claims))),
            ("tokens of another algorithm", self.headed(|h| h.alg = Algorithm::HS256, &symmetric)),
            ("tokens of another key", self.headed(|_| (), &strange_key)),
            (
                "tokens of another key",
                self.headed(|h| h.kid = Some("foreign".to_owned()), &self.key),
            ),
            ("tokens of another key", self.headed(|h| h.kid = None, &self.key)),
            ("tokens of another kind", self.headed(|h| h.typ = Some("JWT".to_owned()), &self.key)),
            ("tokens of another time", self.with("exp", json!(now - 31))),
            ("tokens of another time", self.with("nbf", json!(now + 31))),
            ("tokens for others", self.with("aud", json!("other"))),
            ("tokens of others", self.with("iss", json!("other"))),
            ("tokens with swapped claims", format!("{head}.{}.{signature}", part(&self.theirs))),
            ("tokens with swapped claims", format!("{head}.{}.{of_theirs}", part(&self.claims))),
            ("tokens cut off", genuine[..genuine.len() - 2].to_owned()),
            ("tokens of another kind", own.credentials["refresh token"].clone()),
            ("tokens of another kind", own.credentials["link of an invitation"].clone()),
        ]
        .into_iter()
        .map(|(kind, token)| (kind, token, invalid))
        .collect();
        // Signed by ourselves, should an issuer ever mix people up.
        let mixed = "tokens with claims of two companies";
        for (claim, name) in [("tid", "tid"), ("sub", "sub"), ("sid", "sid")] {
            tokens.push((mixed, self.with(claim, self.theirs[name].clone()), "token_revoked"));
        }
        tokens.push((mixed, self.with("pv", json!(0)), "token_revoked"));
        tokens
    }
}

/// API keys: the other company's, revoked ones, mixed ones, of one scope.
pub(crate) async fn keys(site: &Site) {
    let nobody = Office::nobody();
    for (place, own, other) in site.pairs() {
        let key = |side: &Side, name: &str| side.credentials[name].clone();
        let (mine, theirs) = (key(own, "key with every scope"), key(other, "key with every scope"));
        let revoked = key(own, "revoked key");
        let mixed = recombined(&mine, &theirs);
        for (route, scope) in signed() {
            let path = own.company.addressed(route.path, &own.company.owner);
            let ask = Ask::of(route, &path);
            let closed =
                if scope.is_some() { (401, "invalid_api_key") } else { (403, "forbidden") };
            for (kind, text) in [
                ("keys that were revoked", &revoked),
                ("keys with another's secret", &mixed),
                ("keys cut off", &mine[..mine.len() - 1].to_owned()),
            ] {
                let by = By { person: &nobody, side: None };
                site.refused(kind, by, &ask.with("x-api-key", text), closed).await;
            }
            let one = &own.credentials["key of one scope"];
            let by = By { person: &nobody, side: Some(place) };
            if scope != Some(KeyScope::OrganizationRead) {
                let ask = ask.with("x-api-key", one);
                site.refused("keys of another scope", by, &ask, (403, "forbidden")).await;
            }
        }
        // A good one opens nothing that is of another company.
        for route in named() {
            let (foreign, missing) =
                (of_company(route, &other.company), of_nothing(&site.office, route));
            let ask = |id: &str| Ask::of(route, &placed(route, id)).with("x-api-key", &mine);
            let by = By { person: &nobody, side: Some(place) };
            let (theirs, nobodys) = (ask(&foreign), ask(&missing));
            let kind = "keys and what is another's";
            let answer = site.alike(kind, by, (&theirs, &foreign), (&nobodys, &missing)).await;
            if answer.status.is_success() {
                site.breach(kind, &theirs, &answer.body);
            }
        }
    }
}

/// The label of one key with the secret of another, and a checksum that is right.
fn recombined(label: &str, secret: &str) -> String {
    let body = format!("{}{}", &label[..17], &secret[17..50]);
    let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = !body.bytes().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    });
    let mut checksum = [0_u8; 6];
    for place in checksum.iter_mut().rev() {
        *place = alphabet[usize::try_from(rest % 62).unwrap()];
        rest /= 62;
    }
    format!("{body}_{}", std::str::from_utf8(&checksum).unwrap())
}

/// Links of letters and refresh tokens with a part of the other company's.
pub(crate) async fn links(site: &Site) {
    let nobody = Office::nobody();
    let by = By { person: &nobody, side: None };
    let row = |path: &str| tenancy::policy::route("POST", path).unwrap();
    for (_, own, other) in site.pairs() {
        let (mine, theirs) = (
            &own.credentials["link of an invitation"],
            &other.credentials["link of an invitation"],
        );
        for (path, code) in [
            ("/api/v1/auth/invitations/accept", "token"),
            ("/api/v1/auth/password/reset", "token"),
            ("/api/v1/auth/email/verify", "token"),
        ] {
            let route = row(path);
            let ask = |token: &str| Ask::of(route, path).member(code, json!(token));
            let of_nobody = ask(&"A".repeat(mine.len()));
            for token in damaged(mine, theirs) {
                let kind = "links with a part changed";
                site.alike(kind, by, (&ask(&token), ""), (&of_nobody, "")).await;
            }
        }
        let (mine, theirs) =
            (&own.credentials["refresh token"], &other.credentials["refresh token"]);
        let path = "/api/v1/auth/refresh";
        let ask = |token: &str| Ask::of(row(path), path).member("refresh_token", json!(token));
        for token in damaged(mine, theirs) {
            let kind = "refresh tokens with a part changed";
            site.refused(kind, by, &ask(&token), (401, "invalid_refresh_token")).await;
        }
    }
}

/// A token with the first so many characters of another, and with one character changed.
fn damaged(mine: &str, theirs: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for at in (1..mine.len() - 1).step_by(4) {
        let mixed = format!("{}{}", &theirs[..at], &mine[at..]);
        let other = if &mine[at..=at] == "A" { "B" } else { "A" };
        tokens.push(format!("{}{other}{}", &mine[..at], &mine[at + 1..]));
        if mixed != mine && mixed != theirs {
            tokens.push(mixed);
        }
    }
    tokens
}
