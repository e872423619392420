//! Least privilege: whatever the functions do in whole journeys, their roles in the template allow,
//! and what the roles allow, somebody does.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::Clock;
use jiff::SignedDuration;
use local::{MovingClock, Options, System};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

const PASSWORD: &str = "a long walk on the beach";
const NUMBER: &str = "200000000000001";
const OWNER_PHONE: &str = "971500000777";

/// What Lambda itself does in a function's name, to feed it.
const OF_LAMBDA: [&str; 8] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
];
/// What is granted and not used here, and when it is used.
const SELDOM: &[(&str, &str)] = &[
    ("accounts dynamodb:ConditionCheckItem tenants", "one owner demotes another"),
    ("accounts dynamodb:DeleteItem guards", "a repeatable request meets a failure"),
    ("accounts dynamodb:GetItem directory", "a request to a sub-domain"),
    ("auth dynamodb:GetItem directory", "a request to a sub-domain"),
    ("conversations dynamodb:DeleteItem guards", "a repeatable request meets a failure"),
    ("conversations dynamodb:GetItem directory", "a request to a sub-domain, or by a key"),
    ("conversations dynamodb:PutItem guards", "a request by a key"),
    ("conversations dynamodb:UpdateItem conversations", "a takeover while an answer waits"),
    ("dispatcher sqs:SendMessage dispatch-dlq", "Lambda gives a stream record up"),
    ("eraser sqs:SendMessage schedule-dlq", "a turn that nobody waited for fails twice"),
    ("scheduler sqs:SendMessage schedule-dlq", "a job by the clock fails twice"),
    ("sender dynamodb:Query tenants", "a phone code for somebody who has never written"),
    ("sender dynamodb:UpdateItem tenants", "Meta refuses the token of a number"),
];

/// Somebody at the API.
pub(crate) struct Journey {
    pub(crate) system: System,
    pub(crate) clock: Arc<MovingClock>,
    pub(crate) client: Client,
    pub(crate) token: String,
}

impl Journey {
    pub(crate) async fn begin() -> Self {
        let clock = Arc::new(MovingClock::starting_at("2026-11-21T08:00:00Z".parse().unwrap()));
        let options = Options { with_roles: true, ..Options::for_test(Arc::clone(&clock)) };
        let system = System::start(options).await.unwrap();
        Self { system, clock, client: Client::new(), token: String::new() }
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let call = self.client.request(method, format!("{}{path}", self.system.url()));
        let call = if self.token.is_empty() { call } else { call.bearer_auth(&self.token) };
        let call = if let Some(body) = body { call.json(&body) } else { call };
        let answer = call.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// A call that succeeds.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.ask(method.clone(), path, body).await;
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn delete(&self, path: &str) -> Value {
        self.call(Method::DELETE, path, None).await
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Value {
        self.token.clear();
        let login = json!({ "email": email, "password": password });
        let answer = self.post("/api/v1/auth/login", login).await;
        self.token = answer["access_token"].as_str().unwrap().to_owned();
        answer
    }

    /// Everything that waits, done; then the token of the newest letter's link.
    pub(crate) async fn link(&self) -> Value {
        self.system.drain().await.unwrap();
        let letters = self.system.aws().mailbox().letters();
        let text = &letters.first().unwrap().text;
        let (_, token) = text.split_once("#token=").unwrap();
        json!(token.split_whitespace().next().unwrap())
    }

    async fn receive(&self, body: &str) {
        self.post_to_webhook(body).await;
        self.system.drain().await.unwrap();
    }

    /// What Meta posts, taken and not worked off.
    pub(crate) async fn post_to_webhook(&self, body: &str) {
        let url = format!("{}/api/v1/webhooks/whatsapp", self.system.url());
        let signature = self.system.meta().sign(body.as_bytes());
        let call = self.client.post(url).header("x-hub-signature-256", signature);
        let call = call.header("content-type", "application/json").body(body.to_owned());
        assert!(call.send().await.unwrap().status().is_success());
    }

    /// What a person writes to a number, as Meta posts it.
    pub(crate) async fn hear(&self, number: &str, from: &str, wamid: &str, content: Value) {
        self.receive(&self.heard(number, from, wamid, &content)).await;
    }

    /// The body of it.
    pub(crate) fn heard(&self, number: &str, from: &str, wamid: &str, content: &Value) -> String {
        let mut message = json!({
            "from": from, "id": wamid, "timestamp": self.clock.now().as_second().to_string(),
        });
        message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "1", "phone_number_id": number },
            "messages": [message],
        });
        let change = json!({ "field": "messages", "value": value });
        let entry = json!({ "id": "1", "changes": [change] });
        json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string()
    }

    /// An order to the eraser, called until it is done; the last answer.
    pub(crate) async fn erase(&self, order: &Value) -> Value {
        loop {
            let answer = self.system.invoke("eraser", order.clone()).await.unwrap();
            match answer["state"].as_str().unwrap() {
                "working" => {}
                "waiting" => self.advance(SignedDuration::from_mins(16)).await,
                _ => return answer,
            }
        }
    }

    pub(crate) async fn advance(&self, by: SignedDuration) {
        self.system.advance(&self.clock, by).await.unwrap();
    }
}

pub(crate) const OWNER: &str = "dana@example.com";
pub(crate) const NEW_PASSWORD: &str = "tower crane sings at nine";

/// An organisation is founded, and its owner gets in by every way there is.
pub(crate) async fn an_owner_comes(journey: &mut Journey) {
    let email = OWNER;
    let new = json!({
        "organization_name": "Delta Works", "name": "Dana", "email": email, "password": PASSWORD,
    });
    journey.post("/api/v1/organizations", new).await;
    let token = journey.link().await;
    journey.post("/api/v1/auth/email/verify", json!({ "token": token })).await;
    journey.post("/api/v1/auth/password/forgot", json!({ "email": email })).await;
    let reset = json!({ "token": journey.link().await, "password": PASSWORD.to_uppercase() });
    journey.post("/api/v1/auth/password/reset", reset).await;
    let tokens = journey.sign_in(email, &PASSWORD.to_uppercase()).await;
    let refreshed =
        journey.post("/api/v1/auth/refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    refreshed.await;
    let change = json!({
        "current_password": PASSWORD.to_uppercase(), "new_password": NEW_PASSWORD,
    });
    let changed = journey.post("/api/v1/auth/password/change", change).await;
    journey.token = changed["access_token"].as_str().unwrap().to_owned();
    let proof = json!({ "password": NEW_PASSWORD });
    let proved = journey.post("/api/v1/auth/step-up", proof).await;
    journey.token = proved["access_token"].as_str().unwrap().to_owned();
}

/// Its number, the owner's phone, a colleague.
pub(crate) async fn numbers_and_people_come_and_go(journey: &Journey) {
    let api = "/api/v1";
    journey.system.graph().set_token(NUMBER, "EAA-of-the-number");
    let number = json!({ "phone_number_id": NUMBER, "access_token": "EAA-of-the-number" });
    let channel = journey.post("/api/v1/organization/channels", number).await;
    let channel = format!("{api}/organization/channels/{}", channel["id"].as_str().unwrap());
    journey.post(&format!("{channel}/verify"), json!({})).await;
    let token = json!({ "access_token": "EAA-of-the-number" });
    journey.post(&format!("{channel}/rotate-token"), token).await;

    journey
        .hear(
            NUMBER,
            OWNER_PHONE,
            "wamid.owner.1",
            json!({ "type": "text", "text": { "body": "hello" } }),
        )
        .await;
    journey.post("/api/v1/users/me/phone", json!({ "phone": format!("+{OWNER_PHONE}") })).await;
    journey.system.drain().await.unwrap();
    let sends = journey.system.graph().sends();
    let said = sends.last().unwrap().text();
    let code: String = said.chars().filter(char::is_ascii_digit).take(6).collect();
    journey.post("/api/v1/users/me/phone/verify", json!({ "code": code })).await;
    journey.delete("/api/v1/users/me/phone").await;

    let invited = json!({ "email": "eman@example.com", "name": "Eman", "role": "manager" });
    let user = journey.post("/api/v1/auth/register", invited).await;
    let joined = json!({ "token": journey.link().await, "password": PASSWORD });
    journey.post("/api/v1/auth/invitations/accept", joined).await;
    let user = format!("{api}/users/{}", user["id"].as_str().unwrap());
    journey.get("/api/v1/users").await;
    journey.get(&user).await;
    journey.post(&format!("{user}/deactivate"), json!({})).await;

    journey.delete(&channel).await;
}

/// API keys, the audit log, and what is one's own.
pub(crate) async fn keys_are_made_and_changed(journey: &mut Journey) {
    let api = "/api/v1";
    let key = json!({ "name": "ERP", "scopes": ["projects:read"], "auto_rotate": true });
    let made = journey.post("/api/v1/api-keys", key).await;
    let by_key = Journey::key_call(journey, made["key"].as_str().unwrap()).await;
    assert_eq!(by_key, StatusCode::OK);
    let once = json!({ "name": "once", "scopes": ["costs:read"] });
    let rotated = journey.post("/api/v1/api-keys", once).await;
    let rotated = format!("{api}/api-keys/{}", rotated["id"].as_str().unwrap());
    journey.post(&format!("{rotated}/rotate"), json!({})).await;
    journey.delete(&rotated).await;
    journey.get("/api/v1/api-keys").await;

    journey.get("/api/v1/auth/me").await;
    journey.get("/api/v1/auth/sessions").await;
    journey.post("/api/v1/auth/2fa/enroll", json!({})).await;
    journey.get("/api/v1/audit-log").await;
    journey.get("/api/v1/audit-log/verify").await;
    journey.get("/api/v1/audit-log/export").await;
    journey.post("/api/v1/auth/logout-all", json!({})).await;

    // A quarter later the key has a successor that waits to be seen.
    journey.advance(SignedDuration::from_hours(24 * 91)).await;
    journey.sign_in(OWNER, NEW_PASSWORD).await;
    let keys = journey.get("/api/v1/api-keys").await;
    let waiting = keys["api_keys"].as_array().unwrap().iter();
    let waiting = waiting.filter(|key| key["status"] == "pending_reveal").collect::<Vec<_>>();
    let reveal = format!("{api}/api-keys/{}/reveal", waiting[0]["id"].as_str().unwrap());
    journey.post(&reveal, json!({})).await;
    journey.post("/api/v1/auth/logout", json!({})).await;
}

impl Journey {
    pub(crate) async fn key_call(&self, key: &str) -> StatusCode {
        let call = self.client.get(format!("{}/api/v1/projects", self.system.url()));
        call.bearer_auth(key).send().await.unwrap().status()
    }
}

/// A site's chat, and what goes wrong there.
pub(crate) async fn a_site_writes(journey: &Journey) {
    let company = journey.system.companies()[0].company;
    let number = company.phone_number_id;
    let text = |body: &str| json!({ "type": "text", "text": { "body": body } });
    let foreman = "971501110001";
    for (place, words) in [
        "please add a task: fix the waterproofing on roof block C before thursday",
        "paid 1,450 AED for cement and sand today",
        "water leaking in the basement near the pump room, urgent",
        "what is the status of the project?",
        "show my tasks",
        "level 7 slab is 80% done",
    ]
    .into_iter()
    .enumerate()
    {
        journey.hear(number, foreman, &format!("wamid.roles.{place}"), text(words)).await;
    }
    let taps = journey.system.graph().sends();
    let buttons = taps.iter().filter_map(|send| {
        Some((
            send.wamid.clone(),
            send.body.pointer("/interactive/action/buttons/0/reply")?.clone(),
        ))
    });
    for (place, (asked, reply)) in buttons.collect::<Vec<_>>().into_iter().enumerate() {
        let tap = json!({
            "type": "interactive",
            "context": { "id": asked },
            "interactive": { "type": "button_reply", "button_reply": reply },
        });
        journey.hear(number, foreman, &format!("wamid.roles.tap.{place}"), tap).await;
    }
    journey.hear(number, "4915112345678", "wamid.roles.stranger", text("do you sell sand?")).await;
    // Too large for the queue, of a kind nobody knows; broken; of no number of ours.
    let large = json!({ "type": "hologram", "hologram": "x".repeat(400_000) });
    journey.hear(number, foreman, "wamid.roles.large", large).await;
    let poison = json!({ "timestamp": "half past nine", "type": "text", "text": { "body": "?" } });
    journey.hear(number, foreman, "wamid.roles.poison", poison).await;
    journey.hear("999999999999999", foreman, "wamid.roles.nobody", text("hello")).await;
    journey.receive("not even JSON").await;
}

/// The office beside it.
pub(crate) async fn an_office_answers(journey: &mut Journey) {
    journey.sign_in("james@gulf-horizon.example", "Marina-Tower-2026").await;
    let projects = journey.get("/api/v1/projects").await;
    let project = projects["projects"][0]["id"].as_str().unwrap().to_owned();
    for part in ["", "/members", "/insights", "/tasks", "/costs"] {
        journey.get(&format!("/api/v1/projects/{project}{part}")).await;
    }
    let inbox = journey.get("/api/v1/conversations").await;
    let one = inbox["conversations"].as_array().unwrap().iter();
    let one = one.map(|one| one["id"].as_str().unwrap()).next().unwrap();
    let one = format!("/api/v1/conversations/{one}");
    journey.get(&one).await;
    journey.get(&format!("{one}/messages")).await;
    journey.post(&format!("{one}/takeover"), json!({})).await;
    let said = json!({ "content": "On my way", "message_type": "text" });
    journey.post(&format!("{one}/messages"), said).await;
    journey.post(&format!("{one}/release"), json!({})).await;
    let quarantined = journey.get("/api/v1/quarantine").await;
    let id = quarantined["quarantine"][0]["id"].as_str().unwrap();
    journey.post(&format!("/api/v1/quarantine/{id}/replay"), json!({})).await;
    let organization = journey.get("/api/v1/organization").await;
    let version = organization["version"].as_u64().unwrap();
    let (tag, next) = (format!("\"v{version}\""), format!("\"v{}\"", version + 1));
    for (tag, slug) in [(tag, "gulf-horizon"), (next, "gulf-horizon-build")] {
        let url = format!("{}/api/v1/organization", journey.system.url());
        let call = journey.client.patch(url).bearer_auth(&journey.token).header("if-match", tag);
        let answer = call.json(&json!({ "slug": slug })).send().await.unwrap();
        assert!(answer.status().is_success());
    }
    // Enough for a rate limit to be written down, and requests that are to be carried out once.
    for _ in 0..8 {
        journey.get("/api/v1/projects").await;
        journey.get("/api/v1/conversations").await;
        journey.get("/api/v1/users").await;
    }
    let key = |name: &str| json!({ "name": name, "scopes": ["projects:read"] });
    let person = json!({ "email": "eva@example.com", "name": "Eva", "role": "member" });
    for (path, once, body) in [
        ("api-keys", "one", key("ERP")),
        ("api-keys", "one", key("ERP")),
        ("api-keys", "two", key("")),
        ("auth/register", "three", person),
    ] {
        let call = journey.client.post(format!("{}/api/v1/{path}", journey.system.url()));
        let call = call.bearer_auth(&journey.token).header("idempotency-key", once);
        let status = call.json(&body).send().await.unwrap().status();
        assert_eq!(status.is_success(), once != "two", "{path} {once}: {status}");
    }
    journey.sign_in("nadia@gulf-horizon.example", "Front-Desk-9082").await;
    journey.get("/api/v1/projects").await;
    journey.get("/health/ready").await;
    journey.get("/.well-known/jwks.json").await;
    journey.advance(SignedDuration::from_mins(10)).await;
    journey.advance(SignedDuration::from_hours(24 * 91)).await;
    journey.advance(SignedDuration::from_mins(20)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_allow_what_functions_do_and_little_else() {
    let mut journey = Journey::begin().await;
    an_owner_comes(&mut journey).await;
    numbers_and_people_come_and_go(&journey).await;
    keys_are_made_and_changed(&mut journey).await;
    a_site_writes(&journey).await;
    an_office_answers(&mut journey).await;
    // What is remembered of a caller for a while, when the order comes.
    journey.sign_in("james@gulf-horizon.example", "Marina-Tower-2026").await;
    let call = journey.client.post(format!("{}/api/v1/api-keys", journey.system.url()));
    let call = call.bearer_auth(&journey.token).header("idempotency-key", "last");
    call.json(&json!({ "name": "", "scopes": [] })).send().await.unwrap();
    let gone = journey.system.companies()[0].clone();
    let order = json!({
        "tenant_id": gone.routed.scope().tenant(),
        "organization_name": gone.company.name,
        "operator": "ops@example.com",
    });
    assert_eq!(journey.erase(&order).await["state"], "finished");
    let roles = journey.system.roles().unwrap();
    assert_eq!(roles.denied(), []);
    let unused: BTreeSet<String> = roles
        .unused()
        .into_iter()
        .filter(|grant| !OF_LAMBDA.contains(&grant.action.as_str()))
        .map(|grant| {
            let (_, place) = grant.resource.rsplit_once("hndasah-dev-").unwrap();
            format!("{} {} {place}", grant.function, grant.action)
        })
        .collect();
    let seldom = SELDOM.iter().map(|(grant, _)| (*grant).to_owned()).collect();
    assert_eq!(unused, seldom, "unused, beside those that are seldom used");
    journey.system.shutdown().await.unwrap();
}
