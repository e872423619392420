//! The second factor: switched on, asked for, lost, switched off.

use domain::Clock;
use domain::outbox::Letter;
use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use super::{ME, Omar, app_code, tokens};
use crate::office::company::PASSWORD;
use crate::office::{Answer, Office, Person};

const VERIFY: &str = "/api/v1/auth/2fa/verify";
const STEP_UP: &str = "/api/v1/auth/step-up";
const DISABLE: &str = "/api/v1/auth/2fa/disable";
const CONFIRM: &str = "/api/v1/auth/2fa/confirm";

/// Omar with an app, and what it was given.
struct Phone {
    omar: Omar,
    access: Person,
    secret: String,
    recovery: Vec<String>,
}

impl Phone {
    async fn paired() -> Self {
        let omar = Omar::hired().await;
        let (access, _) = omar.sign_in().await;
        let enrolled =
            omar.office.post(&access, "/api/v1/auth/2fa/enroll", &json!({})).await.ok(200);
        let secret = enrolled["secret"].as_str().unwrap().to_owned();
        let link = enrolled["otpauth_url"].as_str().unwrap();
        assert!(link.contains(&format!("?secret={secret}&")), "{link}");
        let mut phone = Self { omar, access, secret, recovery: Vec::new() };
        // Before it is confirmed, nobody asks for it.
        phone.omar.sign_in().await;
        let code = json!({ "code": phone.code() });
        let on = phone.omar.office.post(&phone.access, CONFIRM, &code).await.ok(200);
        phone.recovery = codes(&on);
        phone
    }

    fn code(&self) -> String {
        app_code(&self.secret, self.omar.office.cloud.clock.now().as_second())
    }

    /// The next code, half a minute on.
    fn next_code(&self) -> String {
        self.omar.office.cloud.advance(30);
        self.code()
    }

    async fn first_step(&self) -> Value {
        let answer = self.omar.try_login(PASSWORD).await.ok(200);
        assert_eq!(answer["mfa_required"], true);
        assert!(answer.get("access_token").is_none() && answer.get("refresh_token").is_none());
        assert_eq!(answer["methods"], json!(["totp", "recovery_code"]));
        answer["mfa_token"].clone()
    }

    async fn second_step(&self, token: &Value, kind: &str, code: &str) -> Answer {
        let body = json!({ "mfa_token": token, kind: code });
        self.omar.office.post(&Office::nobody(), VERIFY, &body).await
    }
}

fn codes(answer: &Value) -> Vec<String> {
    serde_json::from_value(answer["recovery_codes"].clone()).unwrap()
}

#[tokio::test]
async fn a_login_takes_a_code_and_takes_it_once() {
    let phone = Phone::paired().await;
    let me = phone.omar.office.get(&phone.access, ME).await.ok(200);
    assert_eq!(me["second_factor"], true);
    let first = phone.first_step().await;
    // The code that confirmed the app was used.
    phone.second_step(&first, "code", &phone.code()).await.problem(401, "invalid_code");
    let code = phone.next_code();
    let answer = phone.second_step(&first, "code", &code).await.ok(200);
    let (access, refresh) = tokens(&answer);
    phone.omar.office.get(&access, ME).await.ok(200);
    phone.omar.refresh(&refresh).await.ok(200);
    let again = phone.first_step().await;
    for token in [&first, &again] {
        phone.second_step(token, "code", &code).await.problem(401, "invalid_code");
    }
    let next = phone.next_code();
    let both = join_all((0..3).map(|_| phone.second_step(&again, "code", &next))).await;
    assert_eq!(both.iter().filter(|answer| answer.status == 200).count(), 1, "{both:?}");
}

#[tokio::test]
async fn the_first_step_is_good_for_five_minutes_and_for_nothing_else() {
    let phone = Phone::paired().await;
    let first = phone.first_step().await;
    let as_access = Office::bearer(first.as_str().unwrap());
    phone.omar.office.get(&as_access, ME).await.problem(401, "invalid_token");
    phone.omar.refresh(first.as_str().unwrap()).await.problem(401, "invalid_refresh_token");
    let invented = json!("A".repeat(first.as_str().unwrap().len()));
    phone.second_step(&invented, "code", &phone.code()).await.problem(401, "invalid_mfa_token");
    phone.omar.office.cloud.advance(300);
    phone.second_step(&first, "code", &phone.code()).await.problem(401, "invalid_mfa_token");
}

#[tokio::test]
async fn a_recovery_code_is_good_once_however_it_is_typed() {
    let phone = Phone::paired().await;
    assert_eq!(phone.recovery.len(), 10);
    let first = phone.first_step().await;
    let typed = phone.recovery[3].to_uppercase().replace('-', " ");
    phone.second_step(&first, "recovery_code", &typed).await.ok(200);
    let first = phone.first_step().await;
    let used = &phone.recovery[3];
    phone.second_step(&first, "recovery_code", used).await.problem(401, "invalid_code");
    let stored = phone.omar.company.store.second_factor(phone.omar.user.id).await.unwrap().unwrap();
    assert_eq!((stored.recovery.len(), stored.failures), (9, 1));

    let renewed = json!({ "code": phone.next_code() });
    let path = "/api/v1/auth/2fa/recovery-codes";
    let fresh = codes(&phone.omar.office.post(&phone.access, path, &renewed).await.ok(200));
    let first = phone.first_step().await;
    let old = &phone.recovery[0];
    phone.second_step(&first, "recovery_code", old).await.problem(401, "invalid_code");
    phone.second_step(&first, "recovery_code", &fresh[0]).await.ok(200);
    let told = phone.omar.letters().await;
    assert_eq!(told, [Letter::SecondFactorChanged, Letter::SecondFactorChanged]);
    let actions = phone.omar.audited().await;
    for action in ["enrolled", "enabled", "recovery_code_used", "recovery_codes_renewed"] {
        assert!(actions.contains(&format!("second_factor.{action}")), "{action}: {actions:?}");
    }
}

#[tokio::test]
async fn five_wrong_codes_close_the_door_for_the_rest_of_five_minutes() {
    let phone = Phone::paired().await;
    let first = phone.first_step().await;
    phone.omar.office.cloud.advance(30);
    let wrong = if phone.code() == "000000" { "000001" } else { "000000" };
    let tries = join_all((0..8).map(|_| phone.second_step(&first, "code", wrong))).await;
    let refused = tries.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(refused, 5, "{tries:?}");
    let closed = phone.second_step(&first, "code", &phone.code()).await;
    closed.problem(429, "too_many_requests");
    assert_eq!(closed.header("retry-after"), Some("300"));
    let answer = phone.second_step(&first, "recovery_code", &phone.recovery[0]).await;
    answer.problem(429, "too_many_requests");
    phone.omar.office.cloud.advance(300);
    let first = phone.first_step().await;
    phone.second_step(&first, "code", &phone.code()).await.ok(200);
}

#[tokio::test]
async fn what_is_dangerous_takes_a_fresh_proof_and_with_an_app_a_code() {
    let phone = Phone::paired().await;
    let office = &phone.omar.office;
    office.cloud.advance(301);
    let off = json!({ "recovery_code": phone.recovery[0] });
    office.post(&phone.access, DISABLE, &off).await.problem(403, "step_up_required");
    let enroll = "/api/v1/auth/2fa/enroll";
    office.post(&phone.access, enroll, &json!({})).await.problem(403, "step_up_required");
    // A thief of the password gets no further with it.
    let by_password = json!({ "password": PASSWORD });
    office.post(&phone.access, STEP_UP, &by_password).await.problem(422, "validation");
    let code = json!({ "code": phone.code() });
    let fresh = office.post(&phone.access, STEP_UP, &code).await.ok(200);
    assert!(fresh.get("refresh_token").is_none());
    let fresh = Office::bearer(fresh["access_token"].as_str().unwrap());
    office.post(&phone.access, STEP_UP, &code).await.problem(422, "validation");
    office.post(&fresh, enroll, &json!({})).await.problem(409, "second_factor_on");
    let wrong = json!({ "recovery_code": "aaaa-aaaa-aaaa-aaaa" });
    office.post(&fresh, DISABLE, &wrong).await.problem(422, "validation");
    assert_eq!(office.post(&fresh, DISABLE, &off).await.status, 204);
    office.post(&fresh, DISABLE, &off).await.problem(409, "second_factor_off");
    let me = office.get(&fresh, ME).await.ok(200);
    assert_eq!(me["second_factor"], false);
    phone.omar.sign_in().await;
}

#[tokio::test]
async fn without_an_app_the_password_is_the_proof() {
    let omar = Omar::hired().await;
    let (old, refresh) = omar.sign_in().await;
    omar.office.cloud.advance(301);
    let post = async |path, body: Value| omar.office.post(&old, path, &body).await;
    post("/api/v1/auth/2fa/enroll", json!({})).await.problem(403, "step_up_required");
    let problem = post(STEP_UP, json!({ "password": "wrong" })).await.problem(422, "validation");
    assert_eq!(problem["errors"][0]["code"], "wrong_password");
    post(STEP_UP, json!({ "code": "000000" })).await.problem(422, "validation");
    post(STEP_UP, json!({})).await.problem(422, "validation");
    post(STEP_UP, json!({ "password": PASSWORD })).await.ok(200);
    // The session itself is fresh now, so its next token is too.
    let (next, _) = tokens(&omar.refresh(&refresh).await.ok(200));
    omar.office.post(&next, "/api/v1/auth/2fa/enroll", &json!({})).await.ok(200);
    post(CONFIRM, json!({ "code": "000000" })).await.problem(422, "validation");
}

#[tokio::test]
async fn an_organisation_may_want_a_second_factor_of_those_who_administer_it() {
    let omar = Omar::hired().await;
    let office = &omar.office;
    let (first, refresh) = omar.sign_in().await;
    let want = async |who: &Person, version: u64, wanted: bool| {
        let tag = format!("\"v{version}\"");
        let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
        let body = json!({ "require_second_factor": wanted }).to_string();
        let path = (Method::PATCH, "/api/v1/organization");
        office.call(who, path, &headers, body.into()).await
    };
    assert_eq!(want(&first, 1, true).await.ok(200)["require_second_factor"], true);

    // However fresh the password, it opens nothing dangerous any more; the rest as before.
    let key = json!({ "name": "ERP", "scopes": ["costs:read"] });
    let keys = "/api/v1/api-keys";
    let (signed_in, _) = omar.sign_in().await;
    let (refreshed, _) = tokens(&omar.refresh(&refresh).await.ok(200));
    for weak in [&signed_in, &refreshed] {
        office.post(weak, keys, &key).await.problem(403, "second_factor_required");
        want(weak, 2, false).await.problem(403, "second_factor_required");
        office.get(weak, keys).await.ok(200);
    }
    let by_password = office.post(&signed_in, STEP_UP, &json!({ "password": PASSWORD })).await;
    let still = Office::bearer(by_password.ok(200)["access_token"].as_str().unwrap());
    office.post(&still, keys, &key).await.problem(403, "second_factor_required");

    // The way there is open.
    let enrolled = office.post(&still, "/api/v1/auth/2fa/enroll", &json!({})).await.ok(200);
    let secret = enrolled["secret"].as_str().unwrap();
    let code = |seconds: i64| json!({ "code": app_code(secret, office.cloud.clock.now().as_second() + seconds) });
    office.post(&still, CONFIRM, &code(0)).await.ok(200);
    let proved = office.post(&still, STEP_UP, &code(30)).await.ok(200);
    let proved = Office::bearer(proved["access_token"].as_str().unwrap());
    office.post(&proved, keys, &key).await.ok(201);
    assert_eq!(want(&proved, 2, false).await.ok(200)["require_second_factor"], false);
}

#[tokio::test]
async fn a_new_password_is_no_second_factor() {
    let phone = Phone::paired().await;
    let office = &phone.omar.office;
    office.cloud.advance(301);
    let body = json!({ "current_password": PASSWORD, "new_password": "tower crane sings at nine" });
    let changed = office.post(&phone.access, "/api/v1/auth/password/change", &body).await.ok(200);
    let changed = Office::bearer(changed["access_token"].as_str().unwrap());
    let off = json!({ "recovery_code": phone.recovery[0] });
    office.post(&changed, DISABLE, &off).await.problem(403, "step_up_required");
}
