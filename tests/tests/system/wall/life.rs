//! What goes on in a company before anybody tries its walls, so that there is something behind
//! them: messages, tasks, costs, answers, letters, codes, keys, events that nobody could read.

use std::collections::BTreeMap;

use domain::role::TenantRole;
use domain::{Clock, UserId};
use serde_json::{Value, json};
use tenancy::policy::KeyScope;

use super::site::Site;
use crate::office::Office;
use crate::office::company::PASSWORD;

const KEYS: &str = "/api/v1/api-keys";

/// Lives a day in both.
pub(crate) async fn live(site: &mut Site) {
    for side in 0..2 {
        let token = change_token(site, side).await;
        site.sides[side].credentials.insert("number's token", token);
        write(site, side).await;
        site.works.settle(&site.office).await;
        let credentials = administer(site, side).await;
        site.sides[side].credentials.extend(credentials);
        site.works.settle(&site.office).await;
        let links = read_letters(site, side);
        site.sides[side].credentials.extend(links);
        let head = head_of_the_log(site, side).await;
        site.sides[side].credentials.insert("head of the log", head);
    }
}

/// A token of the number's own, so that it cannot be taken for the other's.
async fn change_token(site: &Site, side: usize) -> String {
    let own = &site.sides[side];
    let token = format!("EAA-{}-token", own.word);
    site.office.graph.set_token(&own.company.number, &token);
    let path = format!("/api/v1/organization/channels/{}/rotate-token", own.company.channel);
    let body = json!({ "access_token": token });
    site.office.post(&own.company.owner, &path, &body).await.ok(200);
    token
}

/// The site's chat.
async fn write(site: &Site, side: usize) {
    let own = &site.sides[side];
    let word = own.word;
    let text = |body: String| json!({ "type": "text", "text": { "body": body } });
    for (number, (from, content)) in [
        (&own.foreman, text(format!("please add a task: fix the {word} roof before thursday"))),
        (&own.foreman, text(format!("paid 1,450 AED for {word} cement today"))),
        (&own.foreman, text(format!("water leaking in the {word} basement, urgent"))),
        (&own.foreman, text("what is the status of the project?".to_owned())),
        (&own.stranger, text(format!("hello, is this {word}?"))),
        // Too large for a queue, of a kind that nobody knows; and one that cannot be read.
        (&own.foreman, json!({ "type": "hologram", "hologram": word.repeat(40_000) })),
        (&own.foreman, json!({ "type": "text", "timestamp": word, "text": { "body": "?" } })),
    ]
    .into_iter()
    .enumerate()
    {
        site.works.write(&own.company, from, &format!("wamid.{word}.{number}"), content).await;
    }
}

/// The office beside it: everything by the API. What opens something is handed back.
async fn administer(site: &Site, side: usize) -> BTreeMap<&'static str, String> {
    let (office, own) = (&site.office, &site.sides[side]);
    let (company, word) = (&own.company, own.word);
    let owner = &company.owner;
    let mut credentials = BTreeMap::new();
    for (name, scopes) in [
        ("key with every scope", KeyScope::ALL.to_vec()),
        ("revoked key", KeyScope::ALL.to_vec()),
        ("key of one scope", vec![KeyScope::OrganizationRead]),
    ] {
        let scopes: Vec<&str> = scopes.into_iter().map(KeyScope::as_str).collect();
        let body = json!({ "name": format!("{word} {name}"), "scopes": scopes });
        let made = office.post(owner, KEYS, &body).await.ok(201);
        if name == "revoked key" {
            let path = format!("{KEYS}/{}", made["id"].as_str().unwrap());
            assert_eq!(office.delete(owner, &path).await.status, 204);
        }
        credentials.insert(name, made["key"].as_str().unwrap().to_owned());
    }
    let said = json!({ "content": format!("{word} is on its way"), "message_type": "text" });
    office.post(&company.agent, &company.inbox("/messages"), &said).await.ok(201);
    let invited = json!({
        "email": format!("{word}.newcomer@example.com"), "name": format!("{word} newcomer"),
        "role": "manager",
    });
    office.post(owner, "/api/v1/auth/register", &invited).await.ok(201);
    let linked = json!({ "phone": format!("+{}", own.stranger) });
    office.post(&company.agent, "/api/v1/users/me/phone", &linked).await.ok(202);

    // Somebody with a password, as the others came in by no door.
    let id = UserId::mint(&*office.cloud.ids, office.cloud.clock.now());
    let mut hired = company.user(id, &format!("{word} clerk"), TenantRole::Admin);
    hired.password_hash = auth::password::hash(PASSWORD, &*office.cloud.ids).unwrap();
    company.employ(office, &hired).await;
    let login = json!({ "username": hired.email.as_str(), "password": PASSWORD });
    let nobody = Office::nobody();
    let tokens = office.post(&nobody, "/api/v1/auth/login", &login).await.ok(200);
    for (name, member) in [("access token", "access_token"), ("refresh token", "refresh_token")] {
        credentials.insert(name, tokens[member].as_str().unwrap().to_owned());
    }
    let clerk = Office::bearer(&credentials["access token"]);
    let enrolled = office.post(&clerk, "/api/v1/auth/2fa/enroll", &json!({})).await.ok(200);
    credentials.insert("secret of a factor", enrolled["secret"].as_str().unwrap().to_owned());
    let forgotten = json!({ "email": hired.email.as_str() });
    office.post(&nobody, "/api/v1/auth/password/forgot", &forgotten).await;
    credentials.insert("owner's token", owner.token.clone().unwrap());
    credentials
}

/// The links in the letters to a side, and the code that was sent to a phone.
fn read_letters(site: &Site, side: usize) -> BTreeMap<&'static str, String> {
    let own = &site.sides[side];
    let mut found = BTreeMap::new();
    for letter in site.office.cloud.aws.mailbox().letters() {
        let to = letter.to.join(" ");
        let Some((_, token)) = letter.text.split_once("#token=") else { continue };
        let token = token.split_whitespace().next().unwrap().to_owned();
        if to.contains(&format!("{}.newcomer", own.word)) {
            found.insert("link of an invitation", token);
        } else if to.contains(&format!("{}.clerk", own.word)) {
            found.insert("link to a new password", token);
        }
    }
    assert_eq!(found.len(), 2, "{found:?}");
    let sends = site.office.graph.sends();
    let code = sends.iter().find_map(|send| {
        let is_own = send.chat.channel == own.company.number && send.chat.person == own.stranger;
        let digits = send.text().chars().filter(char::is_ascii_digit).take(6);
        let digits: String = digits.collect();
        (is_own && digits.len() == 6).then_some(digits)
    });
    found.insert("code for a phone", code.unwrap_or_else(|| panic!("no code: {sends:?}")));
    found
}

async fn head_of_the_log(site: &Site, side: usize) -> String {
    let owner = &site.sides[side].company.owner;
    let answer = site.office.get(owner, "/api/v1/audit-log/verify").await.ok(200);
    let Value::String(hash) = &answer["head"]["hash"] else { panic!("{answer}") };
    hash.clone()
}
