//! Forged, twisted and stale tokens: none gets in, each is counted, and the genuine one still does.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use domain::Clock;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use tenancy::secrets::generate;

use super::{ME, Omar};
use crate::office::{Company, Office};

/// A genuine token, the keys behind it, and those of somebody else.
struct Forger {
    good: String,
    header: Value,
    claims: Value,
    kid: String,
    own: EncodingKey,
    foreign: EncodingKey,
    public: Vec<u8>,
    /// The foreign public key.
    foreign_x: String,
    now: i64,
}

type Forgeries = Vec<(String, String)>;

fn packed(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

impl Forger {
    fn new(office: &Office, good: String) -> Self {
        let part = |place: usize| {
            let bytes = URL_SAFE_NO_PAD.decode(good.split('.').nth(place).unwrap()).unwrap();
            serde_json::from_slice::<Value>(&bytes).unwrap()
        };
        let private = |key: &str| EncodingKey::from_ed_der(&STANDARD.decode(key).unwrap());
        let (foreign, foreign_public) =
            generate(&*office.cloud.ids, "https://hndasah.test", "hndasah-api").unwrap();
        let foreign_public = STANDARD.decode(&foreign_public.keys[0].public_b64).unwrap();
        Self {
            header: part(0),
            claims: part(1),
            kid: part(0)["kid"].as_str().unwrap().to_owned(),
            own: private(&office.signing.keys[0].private_pkcs8_b64),
            foreign: private(&foreign.keys[0].private_pkcs8_b64),
            public: STANDARD.decode(&office.verification.keys[0].public_b64).unwrap(),
            foreign_x: packed(foreign_public),
            now: office.cloud.clock.now().as_second(),
            good,
        }
    }

    /// A token of any two texts, well signed.
    fn signed(header: &str, claims: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
        let text = format!("{}.{}", packed(header), packed(claims));
        let signature = crypto::sign(text.as_bytes(), key, algorithm).unwrap();
        format!("{text}.{signature}")
    }

    fn headed(&self, header: &str, key: &EncodingKey) -> String {
        Self::signed(header, &self.claims.to_string(), key, Algorithm::EdDSA)
    }

    /// The header with a member changed, or without it.
    fn header_with(&self, name: &str, value: Option<Value>) -> String {
        with(&self.header, name, value).to_string()
    }

    /// The genuine claims but for one, signed with our own key.
    fn claiming(&self, name: &str, value: Option<Value>) -> String {
        self.saying(&with(&self.claims, name, value).to_string())
    }

    fn saying(&self, claims: &str) -> String {
        Self::signed(&self.header.to_string(), claims, &self.own, Algorithm::EdDSA)
    }

    fn without_signature(&self) -> Forgeries {
        let claims = packed(self.claims.to_string());
        let signature = self.good.rsplit_once('.').unwrap().1;
        let mut all = Vec::new();
        for name in ["none", "None", "NONE", "nOnE", " none", "none\u{0}", "", "null"] {
            let header = packed(self.header_with("alg", Some(json!(name))));
            all.push((format!("alg {name:?}"), format!("{header}.{claims}.")));
            all.push((format!("alg {name:?}, signed"), format!("{header}.{claims}.{signature}")));
        }
        for odd in [Value::Null, json!(["EdDSA"]), json!(0), json!({ "EdDSA": 1 })] {
            let header = packed(self.header_with("alg", Some(odd.clone())));
            all.push((format!("alg {odd}"), format!("{header}.{claims}.{signature}")));
        }
        let header = packed(self.header_with("alg", None));
        all.push(("no alg".to_owned(), format!("{header}.{claims}.{signature}")));
        all
    }

    /// The public key used as a shared secret, and other names for what we sign with.
    fn of_another_algorithm(&self) -> Forgeries {
        let der = [
            &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..],
            &self.public,
        ]
        .concat();
        let body = STANDARD.encode(&der);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
        let secrets: [(&str, Vec<u8>); 7] = [
            ("raw", self.public.clone()),
            ("base64", STANDARD.encode(&self.public).into_bytes()),
            ("base64url", packed(&self.public).into_bytes()),
            ("DER", der),
            ("PEM", pem.into_bytes()),
            ("kid", self.kid.clone().into_bytes()),
            ("nothing", Vec::new()),
        ];
        let mut all = Vec::new();
        let claims = self.claims.to_string();
        for (name, algorithm) in
            [("HS256", Algorithm::HS256), ("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)]
        {
            let header = self.header_with("alg", Some(json!(name)));
            for (form, secret) in &secrets {
                let key = EncodingKey::from_secret(secret);
                let token = Self::signed(&header, &claims, &key, algorithm);
                all.push((format!("{name} with the public key as {form}"), token));
            }
        }
        for name in ["RS256", "PS512", "ES256", "ES384", "HS256", "eddsa", "Ed25519", "EdDSA "] {
            let header = self.header_with("alg", Some(json!(name)));
            all.push((format!("{name}, signed by us"), self.headed(&header, &self.own)));
        }
        all
    }

    /// Keys that the token itself names or brings.
    fn with_another_key(&self) -> Forgeries {
        let mut all = Vec::new();
        for kid in [
            "../../../../dev/null",
            "/proc/self/environ",
            "' UNION SELECT 'AAAA",
            "$(id)",
            "http://attacker.example/jwks.json",
            "",
            "0",
            &self.kid.to_lowercase(),
            &format!("{} ", self.kid),
            &format!("{}\u{0}", self.kid),
            &self.kid[..self.kid.len() - 1],
            &"k".repeat(2_000),
        ] {
            let header = self.header_with("kid", Some(json!(kid)));
            let name: String = kid.chars().take(40).collect();
            all.push((format!("kid {name:?}, ours"), self.headed(&header, &self.own)));
            all.push((format!("kid {name:?}, theirs"), self.headed(&header, &self.foreign)));
        }
        for kid in [Value::Null, json!(7), json!([self.kid]), json!({ "kid": self.kid })] {
            let header = self.header_with("kid", Some(kid.clone()));
            all.push((format!("kid {kid}"), self.headed(&header, &self.own)));
        }
        all.push(("no kid".to_owned(), self.headed(&self.header_with("kid", None), &self.own)));
        let genuine = self.header.to_string();
        all.push(("our kid, their key".to_owned(), self.headed(&genuine, &self.foreign)));
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": self.foreign_x, "kid": self.kid });
        for (name, value) in [
            ("jwk", jwk.clone()),
            ("jku", json!("https://attacker.example/jwks.json")),
            ("jku", json!("file:///etc/passwd")),
            ("x5u", json!("https://attacker.example/chain.pem")),
            ("x5c", json!([self.foreign_x])),
            ("x5t", json!(self.foreign_x)),
            ("x5t#S256", json!(self.foreign_x)),
            ("keys", json!([jwk])),
        ] {
            let header = self.header_with(name, Some(value));
            all.push((format!("brings its {name}"), self.headed(&header, &self.foreign)));
        }
        all
    }

    /// Headers that our key signed and that are still not those of an access token.
    fn with_another_header(&self) -> Forgeries {
        let mut all = Vec::new();
        for typ in ["JWT", "jwt", "at+JWT", "application/at+jwt", "at+jwt ", "", "dpop+jwt", "JOSE"]
        {
            let header = self.header_with("typ", Some(json!(typ)));
            all.push((format!("typ {typ:?}"), self.headed(&header, &self.own)));
        }
        all.push(("no typ".to_owned(), self.headed(&self.header_with("typ", None), &self.own)));
        for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!("exp"), json!(1)] {
            let header = self.header_with("crit", Some(crit.clone()));
            all.push((format!("crit {crit}"), self.headed(&header, &self.own)));
        }
        let kid = &self.kid;
        let genuine = self.header.to_string();
        for header in [
            format!(r#"{{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"{kid}"}}"#),
            format!(r#"{{"alg":"EdDSA","typ":"at+jwt","kid":"{kid}","kid":"x"}}"#),
            format!(r#"{{"alg":"EdDSA","typ":"JWT","typ":"at+jwt","kid":"{kid}"}}"#),
            format!("[{genuine}]"),
            format!("{genuine}{genuine}"),
            format!("\u{feff}{genuine}"),
            format!("{genuine}\u{0}"),
            format!("{}{genuine}{}", "[".repeat(400), "]".repeat(400)),
            "null".to_owned(),
            String::new(),
        ] {
            let name: String = header.chars().take(60).collect();
            all.push((format!("header {name}"), self.headed(&header, &self.own)));
        }
        all
    }

    /// Claims that our key signed and that are missing, wrong, early, late, or there twice.
    fn with_other_claims(&self) -> Forgeries {
        let now = self.now;
        let mut all = Vec::new();
        for (name, values) in [
            ("exp", vec![json!(now - 30), json!(0), json!(-1), json!(i64::MIN), json!(1e30)]),
            ("exp", vec![json!((now + 600).to_string()), json!(false), json!([])]),
            ("nbf", vec![json!(now + 31), json!(i64::MAX), json!("now"), json!(null)]),
            ("iat", vec![json!(now + 31), json!(now + 86_400), json!(i64::MAX), json!("now")]),
            ("auth_time", vec![json!(now + 31), json!(i64::MAX), json!(false)]),
            ("iss", vec![json!("https://hndasah.test/"), json!("HTTPS://HNDASAH.TEST")]),
            ("iss", vec![json!(["https://hndasah.test"]), json!(""), json!(null)]),
            ("aud", vec![json!("hndasah-api "), json!("another"), json!("")]),
            ("aud", vec![json!(["hndasah-api"]), json!(["hndasah-api", "another"]), json!(null)]),
            ("sub", vec![json!(""), json!("usr_1"), json!(self.claims["tid"]), json!(7)]),
            ("sub", vec![json!(format!("usr_{}", "0".repeat(26)))]),
            ("tid", vec![json!("*"), json!(self.claims["sub"]), json!(null)]),
            ("tid", vec![json!(format!("ten_{}", "0".repeat(26)))]),
            ("role", vec![json!("root"), json!("OWNER"), json!(["owner"]), json!(null)]),
            ("pv", vec![json!(-1), json!(0), json!(1e3), json!("1")]),
            ("sid", vec![json!(format!("ses_{}", "0".repeat(26))), json!("")]),
            ("weak", vec![json!("false"), json!(0), json!(null)]),
        ] {
            for value in values {
                let token = self.claiming(name, Some(value.clone()));
                all.push((format!("{name} {value}"), token));
            }
        }
        for name in [
            "exp",
            "nbf",
            "iat",
            "auth_time",
            "iss",
            "aud",
            "sub",
            "tid",
            "role",
            "pv",
            "sid",
            "jti",
        ] {
            all.push((format!("no {name}"), self.claiming(name, None)));
        }
        let genuine = self.claims.to_string();
        let inside = &genuine[1..genuine.len() - 1];
        for twice in ["exp", "tid", "role", "sub", "aud"] {
            let claims = format!("{{\"{twice}\":{},{inside}}}", self.claims[twice]);
            all.push((format!("{twice} twice"), self.saying(&claims)));
        }
        for claims in [
            format!("[{genuine}]"),
            format!("{genuine} {genuine}"),
            format!("\u{feff}{genuine}"),
            format!("{genuine}\u{0}"),
            json!(self.good).to_string(),
            "{}".to_owned(),
            "null".to_owned(),
            String::new(),
        ] {
            let name: String = claims.chars().take(40).collect();
            all.push((format!("claims {name}"), self.saying(&claims)));
        }
        all
    }

    /// The genuine token, written in another way.
    fn spelt_otherwise(&self) -> Forgeries {
        let good = &self.good;
        let (body, signature) = good.rsplit_once('.').unwrap();
        let (header, claims) = body.split_once('.').unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let last = signature.chars().last().unwrap();
        // Its lowest bits say nothing.
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let place = alphabet.find(last).unwrap();
        let twin = &alphabet[place + 1..=place + 1];
        let cut = &signature[..signature.len() - 1];
        let mut reversed = bytes.clone();
        reversed.reverse();
        [
            ("spare bits", format!("{body}.{cut}{twin}")),
            ("padded", format!("{body}.{}", URL_SAFE.encode(&bytes))),
            ("padded header", format!("{header}=.{claims}.{signature}")),
            ("one byte more", format!("{body}.{}", packed([&bytes[..], &[0]].concat()))),
            ("one byte less", format!("{body}.{}", packed(&bytes[..63]))),
            ("the order of the group more", format!("{body}.{}", packed(malleated(&bytes)))),
            ("reversed", format!("{body}.{}", packed(&reversed))),
            ("zeros", format!("{body}.{}", packed([0; 64]))),
            ("a dot more", format!("{good}.")),
            ("a part more", format!("{good}.{signature}")),
            ("five parts", format!("{good}.{header}.{claims}")),
            ("two parts", body.to_owned()),
            ("one part", header.to_owned()),
            ("dots", "..".to_owned()),
            ("a dot first", format!(".{good}")),
            ("twice", format!("{good},{good}")),
            ("twice, apart", format!("{good} {good}")),
            ("quoted", format!("\"{good}\"")),
            ("of lower case", good.to_lowercase()),
            ("percent-encoded", good.replace('.', "%2E")),
            ("parts exchanged", format!("{claims}.{header}.{signature}")),
            ("in itself", format!("{}.{}.{signature}", packed(good), packed(good))),
            ("long", format!("{good}{}", "A".repeat(6_000))),
            ("longer", "e".repeat(60_000)),
            ("not ASCII", format!("{good}é")),
        ]
        .map(|(name, token)| (name.to_owned(), token))
        .to_vec()
    }
}

/// The same signature with another number in it: RFC 8032 demands that it is below the order of the
/// group, and a lenient reader takes both.
fn malleated(signature: &[u8]) -> Vec<u8> {
    let mut order = [0_u8; 32];
    order[..16].copy_from_slice(&[
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14,
    ]);
    order[31] = 0x10;
    let mut carry = 0_u16;
    let mut changed = signature.to_vec();
    for (byte, add) in changed[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    changed
}

fn with(object: &Value, name: &str, value: Option<Value>) -> Value {
    let mut changed = object.clone();
    let members = changed.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    changed
}

#[tokio::test]
async fn no_forged_token_gets_in() {
    let omar = Omar::hired().await;
    let (access, _) = omar.sign_in().await;
    let forger = Forger::new(&omar.office, access.token.clone().unwrap());
    let all = [
        forger.without_signature(),
        forger.of_another_algorithm(),
        forger.with_another_key(),
        forger.with_another_header(),
        forger.with_other_claims(),
        forger.spelt_otherwise(),
    ]
    .concat();
    let mut counted = 0;
    for (name, token) in &all {
        let answer = omar.office.get(&Office::bearer(token), ME).await;
        assert_eq!(answer.status, 401, "{name}: {}", answer.body);
        assert!(!answer.body.contains("ALFA") && !answer.body.contains("omar"), "{name}");
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        match code.as_str() {
            "invalid_token" | "token_revoked" => counted += 1,
            "token_required" => assert!(!token.is_ascii(), "{name}"),
            other => panic!("{name}: {other}"),
        }
    }
    let metrics = omar.office.cloud.metrics.prometheus_text();
    let refused: usize = metrics
        .lines()
        .filter(|line| line.starts_with("tokens_refused_total"))
        .filter_map(|line| line.rsplit_once(' ')?.1.parse::<usize>().ok())
        .sum();
    assert_eq!(refused, counted, "{metrics}");
    assert!(all.len() >= 60, "{}", all.len());
    println!("{} forged tokens, {counted} counted by their fault", all.len());

    // What the forger changes is what makes the difference.
    for token in [
        forger.saying(&forger.claims.to_string()),
        forger.claiming("iat", Some(json!(forger.now + 30))),
        forger.claiming("nbf", Some(json!(forger.now + 30))),
        forger.claiming("exp", Some(json!(forger.now - 29))),
        forger.headed(&forger.header.to_string(), &forger.own),
    ] {
        omar.office.get(&Office::bearer(&token), ME).await.ok(200);
    }
}

#[tokio::test]
async fn a_genuine_token_must_come_in_the_one_header_and_form() {
    let omar = Omar::hired().await;
    let (access, _) = omar.sign_in().await;
    let good = access.token.unwrap();
    let bearer = format!("Bearer {good}");
    let path = (http::Method::GET, ME);
    let call = async |headers: &[(&str, &str)]| {
        let nobody = Office::nobody();
        omar.office.call(&nobody, path.clone(), headers, axum::body::Body::empty()).await
    };
    let odd = [
        good.clone(),
        format!("Token {good}"),
        format!("Basic {good}"),
        format!("Bearer{good}"),
        format!("Bearer,{good}"),
        format!("Bearer Bearer {good}"),
        format!(" Bearer {good}"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
    ];
    for header in &odd {
        assert_eq!(call(&[("authorization", header)]).await.status, 401, "{header}");
    }
    for headers in [
        &[("authorization", &*bearer), ("authorization", &*bearer)][..],
        &[("authorization", &*bearer), ("x-api-key", "wac_live_x")],
        &[("x-api-key", &*good)],
        &[("x-authorization", &*bearer)],
        &[("cookie", &*format!("access_token={good}"))],
    ] {
        let answer = call(headers).await;
        // What means to be an API key may not do this anyway.
        let status = if headers[0].0 == "x-api-key" { 403 } else { 401 };
        assert_eq!(answer.status, status, "{headers:?}");
    }
    let in_the_query = format!("{ME}?access_token={good}");
    omar.office.get(&Office::nobody(), &in_the_query).await.problem(401, "token_required");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        call(&[("authorization", &format!("{scheme} {good}"))]).await.ok(200);
    }
    // It is good in its own organisation alone.
    let beta = Company::found(&omar.office, "CANARY-B").await;
    let foreign = format!("/api/v1/projects/{}", beta.project);
    let answer = omar.office.get(&Office::bearer(&good), &foreign).await;
    answer.problem(404, "not_found");
    assert!(!answer.body.contains("CANARY"));
}
