//! Whoever says that they are of another company, in a header, by the host's name, with two
//! credentials at once or with somebody's `Idempotency-Key`, is refused or not heard.

use serde_json::{Value, json};
use tenancy::policy::{Access, ROUTES, Route};

use super::asking::{Ask, fresh_key};
use super::site::{BYSTANDER_PHONE, By, Side, Site, said};
use crate::office::Office;
use crate::office::Person;

/// Ways to name a company beside the credential.
const HEADERS: [&str; 5] =
    ["x-tenant-id", "X-Tenant", "x-organization-id", "X-Org-ID", "x-business-id"];
const PARAMETERS: [&str; 5] = ["tenant_id", "tenantId", "organization_id", "org%5Fid", "tid"];

fn signed() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.access != Access::Public)
}

/// A company's name in every place that is not the credential.
pub(crate) async fn named_companies(site: &Site) {
    let refusal = (400, "tenant_not_accepted");
    for (place, own, other) in site.pairs() {
        for route in ROUTES {
            let path = own.company.addressed(route.path, &own.company.owner);
            let ask = Ask::of(route, &path);
            let theirs = other.company.scope.tenant().to_string();
            for name in HEADERS {
                let kind = "a company named in a header";
                site.refused(kind, own.by(place), &ask.with(name, &theirs), refusal).await;
            }
            for name in PARAMETERS {
                let kind = "a company named in a query";
                site.refused(kind, own.by(place), &ask.query(name, &theirs), refusal).await;
            }
        }
    }
}

/// Names of hosts, and what a proxy says of them.
pub(crate) async fn hosts(site: &Site) {
    for (place, own, other) in site.pairs() {
        let by = own.by(place);
        let of_other = format!("{}.app.example.com", other.word);
        for route in signed() {
            let path = own.company.addressed(route.path, &own.company.owner);
            let ask = Ask::of(route, &path);
            let kind = "the other's sub-domain";
            for host in [&of_other, "nobodys.app.example.com"] {
                let ask = ask.with("host", host);
                site.refused(kind, by, &ask, (403, "tenant_mismatch")).await;
            }
            let kind = "hosts that are not ours";
            let invalid = (400, "invalid_host");
            for host in ["evil.test", "a.b.app.example.com"] {
                site.refused(kind, by, &ask.with("host", host), invalid).await;
            }
            let two = ask.with("host", "api.example.com").with("host", &of_other);
            site.refused(kind, by, &two, invalid).await;
        }
        let elsewhere = format!("/api/v1/projects/{}", other.company.project);
        for route in signed().filter(|route| route.method == "GET") {
            if route.path.ends_with("/export") {
                continue;
            }
            let path = own.company.addressed(route.path, &own.company.owner);
            let plain = Ask::get(&path);
            for (name, value) in [
                ("x-forwarded-host", of_other.as_str()),
                ("forwarded", &format!("host={of_other}")),
                ("x-original-url", &elsewhere),
                ("x-rewrite-url", &elsewhere),
                ("x-http-method-override", "DELETE"),
                ("x-forwarded-user", &other.company.owner.id.to_string()),
            ] {
                let kind = "headers that only a proxy reads";
                let pretending = plain.with(name, value);
                site.alike(kind, by, (&pretending, ""), (&plain, "")).await;
            }
        }
    }
}

/// Two credentials are none.
pub(crate) async fn two_credentials(site: &Site) {
    let kind = "two credentials";
    let nobody = Office::nobody();
    for (place, own, other) in site.pairs() {
        let bearer =
            |person: &Person| format!("Bearer {}", person.token.as_deref().unwrap_or_default());
        let (mine, theirs) = (bearer(&own.company.owner), bearer(&other.company.owner));
        let key = &other.credentials["key with every scope"];
        for route in signed() {
            let path = own.company.addressed(route.path, &own.company.owner);
            let ask = Ask::of(route, &path);
            for two in [
                ask.with("authorization", &mine).with("authorization", &theirs),
                ask.with("authorization", &theirs).with("authorization", &mine),
                ask.with("authorization", &mine).with("x-api-key", key),
                ask.with("authorization", &format!("{mine}, {theirs}")),
            ] {
                let by = By { person: &nobody, side: Some(place) };
                let answer = site.ask(kind, by, &two).await;
                if answer.status != 401 {
                    site.breach(kind, &two, &format!("{} {}", answer.status, answer.body));
                }
            }
        }
    }
}

/// A key names a request of whoever sent it: for everybody else it is new.
pub(crate) async fn idempotency_keys(site: &Site) {
    let kind = "somebody's idempotency key";
    let creating: Vec<&Route> =
        signed().filter(|route| route.creates && !route.path.ends_with("/rotate")).collect();
    assert!(creating.len() >= 4, "{}", creating.len());
    for (place, own, other) in site.pairs() {
        for route in &creating {
            let key = format!("key-{}", fresh_key(&site.office));
            let ask = |side: &Side| {
                let path = side.company.addressed(route.path, &side.company.owner);
                Ask::of(route, &path).with("idempotency-key", &key)
            };
            // The same body of both, so that only the sender can tell the two apart.
            let mut first = ask(other);
            if route.path.ends_with("/channels") {
                let token = json!(other.credentials["number's token"]);
                let spare = json!(format!("{}9", &other.company.number[..14]));
                site.office.graph.set_token(spare.as_str().unwrap(), token.as_str().unwrap());
                first = first.member("phone_number_id", spare).member("access_token", token);
            }
            let second = Ask { path: ask(own).path, ..first.clone() };
            let made = site.ask(kind, other.by(1 - place), &first).await;
            assert_eq!(made.status, 201, "{} {}", route.path, made.body);
            let again = site.ask(kind, own.by(place), &second).await;
            if again.header("idempotency-replayed").is_some() || again.body == made.body {
                site.breach(kind, &second, &format!("replayed: {}", again.body));
            }
            let colleague = &other.askers[3];
            let by = By { person: colleague, side: Some(1 - place) };
            let again = site.ask(kind, by, &first).await;
            if again.header("idempotency-replayed").is_some() {
                site.breach(kind, &first, &format!("replayed to a colleague: {}", again.body));
            }
            // Whoever sent it gets it again, so that the above means something.
            let again = site.ask(kind, other.by(1 - place), &first).await;
            assert_eq!(again.header("idempotency-replayed"), Some("true"), "{}", route.path);
            assert_eq!(again.body, made.body);
        }
    }
}

/// What names a person or a number anywhere in the world: whether another company has it is not
/// told. It is the bystander's, as what one writes is stored.
pub(crate) async fn namesakes(site: &Site) {
    let kind = "names that another company has";
    for (place, own, other) in site.pairs() {
        let by = own.by(place);
        let nobody = Office::nobody();
        let anybody = By { person: &nobody, side: None };
        let fresh = fresh_key(&site.office);
        let (email, no_email) =
            ("bystander.agent@example.com".to_owned(), format!("{fresh}@example.com"));
        let row = |path: &str, method: &str| tenancy::policy::route(method, path).unwrap();
        let both = |path: &str, members: [(&str, &str, &str); 1], more: Value| {
            let base = Ask::of(row(path, "POST"), path);
            let base = more
                .as_object()
                .unwrap()
                .iter()
                .fold(base, |ask, (name, value)| ask.member(name, value.clone()));
            let [(name, theirs, nobodys)] = members;
            (base.member(name, json!(theirs)), base.member(name, json!(nobodys)))
        };
        let organization = own.company.scope.tenant().to_string();
        let of_own = json!({ "organization": organization });
        let number = &site.bystander.number;
        let no_number = "799999999999999";
        let wrong = json!({ "access_token": "EAA-not-that-token" });
        let pairs = [
            (
                anybody,
                both("/api/v1/auth/login", [("username", &email, &no_email)], of_own.clone()),
            ),
            (anybody, both("/api/v1/auth/password/forgot", [("email", &email, &no_email)], of_own)),
            (
                by,
                both(
                    "/api/v1/organization/channels",
                    [("phone_number_id", number, no_number)],
                    wrong,
                ),
            ),
        ];
        for (by, (theirs, nobodys)) in pairs {
            site.alike(kind, by, (&theirs, &email), (&nobodys, &no_email)).await;
        }
        // An invitation is made either way.
        let (theirs, nobodys) =
            both("/api/v1/auth/register", [("email", &email, &no_email)], json!({}));
        let (one, two) = (site.ask(kind, by, &theirs).await, site.ask(kind, by, &nobodys).await);
        if one.status != two.status {
            site.breach(kind, &theirs, &said(&one, ""));
        }
        let (phone, no_phone) = (format!("+{BYSTANDER_PHONE}"), "+4915100000099".to_owned());
        let (theirs, nobodys) =
            both("/api/v1/users/me/phone", [("phone", &phone, &no_phone)], json!({}));
        let member = By { person: &own.company.member, side: Some(place) };
        let agent = By { person: &own.company.other_agent, side: Some(place) };
        let (one, two) =
            (site.ask(kind, member, &theirs).await, site.ask(kind, agent, &nobodys).await);
        if said(&one, "") != said(&two, "") {
            site.breach(kind, &theirs, &format!("{}\n  {}", said(&one, ""), said(&two, "")));
        }
        // The head of another company's log proves nothing of one's own.
        let verify = Ask::get("/api/v1/audit-log/verify").query("known_seq", "1");
        let head = &other.credentials["head of the log"];
        let (theirs, nobodys) =
            (verify.query("known_hash", head), verify.query("known_hash", &"0".repeat(64)));
        site.alike(kind, by, (&theirs, head), (&nobodys, &"0".repeat(64))).await;
    }
}
