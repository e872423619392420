//! One of the crowd: what they do is drawn by dice, and what fails they try again like anybody.

use axum::body::Body;
use domain::role::TenantRole;
use domain::{Clock, UserId};
use http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::Dice;

use super::ledger::{Done, Promise, Walk};
use super::site::Site;
use crate::office::{Answer, Person};

/// A token and its proof are renewed well before they end.
const RENEWED_AFTER_S: i64 = 200;
/// A page that fails so often is given up, and the walk with it.
const TRIES_MAX: usize = 20;
const PAGES_MAX: usize = 400;
/// What was written longer ago is in every replica of an index, however far that lags.
const LAG_S: i64 = 30;
const ROLES: [&str; 3] = ["viewer", "member", "agent"];
const KEYS: &str = "/api/v1/api-keys";
const REGISTER: &str = "/api/v1/auth/register";
const ORGANIZATION: &str = "/api/v1/organization";

pub(crate) struct Client<'a> {
    site: &'a Site,
    place: usize,
    dice: Dice,
    id: UserId,
    person: Person,
    since: Timestamp,
    /// Requests made under keys, by their place in the ledger.
    own: Vec<usize>,
    steps: usize,
}

impl<'a> Client<'a> {
    pub(crate) async fn enter(site: &'a Site, seed: u64, place: usize) -> Self {
        let id = site.hire(place).await;
        let dice = Dice::of(seed, u64::try_from(place).unwrap());
        let person = site.office.person(&site.company.scope, id, TenantRole::Admin);
        let since = site.office.cloud.clock.now();
        Self { site, place, dice, id, person, since, own: Vec::new(), steps: 0 }
    }

    /// Works until there have been enough calls of everybody.
    pub(crate) async fn work(mut self) -> Self {
        while !self.site.is_over() {
            self.steps += 1;
            self.renew();
            match self.dice.below(100) {
                0..22 => self.send().await,
                22..36 => self.repeat().await,
                36..46 => self.take_or_release().await,
                46..56 => self.rename().await,
                56..64 => self.promote().await,
                64..68 => self.make_key().await,
                68..72 => self.revoke_key().await,
                72..75 => self.invite().await,
                75..78 => self.site.add_task().await,
                78..82 => self.deliver().await,
                _ => self.walk().await,
            }
        }
        self
    }

    /// Everything asked for under a key is asked for once more.
    pub(crate) async fn insist(&mut self) {
        self.renew();
        for promise in self.own.clone() {
            self.keep(promise).await;
        }
    }

    fn renew(&mut self) {
        let now = self.site.office.cloud.clock.now();
        if now.duration_since(self.since).as_secs() >= RENEWED_AFTER_S {
            let scope = &self.site.company.scope;
            self.person = self.site.office.person(scope, self.id, TenantRole::Admin);
            self.since = now;
        }
    }

    async fn call(
        &self,
        what: &'static str,
        (method, path): (Method, &str),
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        self.site.tick();
        let mut all = headers.to_vec();
        if !body.is_empty() {
            all.push(("content-type", "application/json"));
        }
        let call = self.site.office.call(&self.person, (method, path), &all, Body::from(body));
        let answer = call.await;
        let mut ledger = self.site.ledger.borrow_mut();
        *ledger.answers.entry((what, answer.status.as_u16())).or_default() += 1;
        answer
    }

    fn told(&self, what: &'static str, answer: &Answer, target: &str, version: Option<u64>) {
        let trace = answer.header("x-request-id").unwrap().to_owned();
        let done = Done { trace, what, target: target.to_owned(), version };
        self.site.ledger.borrow_mut().done.push(done);
    }

    async fn ask_once(&mut self, what: &'static str, path: String, body: &Value) {
        let key = format!("crowd-{}-{}", self.place, self.steps);
        let promise = Promise { what, path, key, body: body.to_string(), kept: Vec::new() };
        let place = {
            let mut ledger = self.site.ledger.borrow_mut();
            ledger.promises.push(promise);
            ledger.promises.len() - 1
        };
        self.own.push(place);
        self.keep(place).await;
    }

    /// Sends a request under its key, once more or for the first time.
    async fn keep(&self, place: usize) {
        let Promise { what, path, key, body, .. } =
            self.site.ledger.borrow().promises[place].clone();
        let headers = [("idempotency-key", key.as_str())];
        let answer = self.call(what, (Method::POST, &path), &headers, body).await;
        if !answer.status.is_success() {
            return;
        }
        if answer.header("idempotency-replayed").is_none() {
            let id = answer.json()["id"].as_str().unwrap().to_owned();
            self.told(what, &answer, &id, None);
        }
        let kept = (answer.status.as_u16(), answer.body);
        self.site.ledger.borrow_mut().promises[place].kept.push(kept);
    }

    async fn send(&mut self) {
        let conversation = self.site.busy[self.dice.below(self.site.busy.len())];
        let path = format!("/api/v1/conversations/{conversation}/messages");
        let content = format!("{} of {}", self.steps, self.place);
        let body = json!({ "content": content, "message_type": "text" });
        self.ask_once("send a message", path, &body).await;
    }

    async fn make_key(&mut self) {
        let name = format!("key {} of {}", self.steps, self.place);
        let body = json!({ "name": name, "scopes": ["projects:read"] });
        self.ask_once("make a key", KEYS.to_owned(), &body).await;
    }

    async fn invite(&mut self) {
        let email = format!("new{}.{}@example.com", self.steps, self.place);
        let body = json!({ "email": email, "name": "Newcomer", "role": "viewer" });
        self.ask_once("invite somebody", REGISTER.to_owned(), &body).await;
    }

    /// One of one's requests, sent again. Mostly one of late: its answer may be on its way yet.
    async fn repeat(&mut self) {
        let count = self.own.len();
        if count == 0 {
            return;
        }
        let back = if self.dice.percent(50) {
            self.dice.below(count.min(3))
        } else {
            self.dice.below(count)
        };
        let place = self.own[count - 1 - back];
        if self.dice.percent(30) {
            // Two windows at once.
            futures::join!(self.keep(place), self.keep(place));
        } else {
            self.keep(place).await;
        }
    }

    async fn take_or_release(&mut self) {
        let conversation = self.site.busy[self.dice.below(self.site.busy.len())];
        let take = self.dice.percent(50);
        let (what, verb) = if take { ("take over", "takeover") } else { ("release", "release") };
        let path = format!("/api/v1/conversations/{conversation}/{verb}");
        let body = if take { json!({ "force": true }) } else { json!({}) };
        self.call(what, (Method::POST, &path), &[], body.to_string()).await;
    }

    /// Reads, and changes what was read if nobody else has.
    async fn change(&mut self, what: &'static str, path: &str, body: &Value) {
        let read = self.call("read before a change", (Method::GET, path), &[], String::new()).await;
        if !read.status.is_success() {
            return;
        }
        let etag = format!("\"v{}\"", read.json()["version"]);
        let headers = [("if-match", etag.as_str())];
        let answer = self.call(what, (Method::PATCH, path), &headers, body.to_string()).await;
        let Some(after) = answer.header("etag").filter(|_| answer.status.is_success()) else {
            return;
        };
        if after != etag {
            let version = answer.json()["version"].as_u64();
            let target = answer.json()["id"].as_str().unwrap().to_owned();
            self.told(what, &answer, &target, version);
        }
    }

    async fn rename(&mut self) {
        let name = format!("Name {} of {}", self.steps, self.place);
        self.change("rename the organisation", ORGANIZATION, &json!({ "name": name })).await;
    }

    async fn promote(&mut self) {
        let user = self.site.changed[self.dice.below(self.site.changed.len())];
        let role = ROLES[self.dice.below(ROLES.len())];
        let path = format!("/api/v1/users/{user}");
        self.change("change a role", &path, &json!({ "role": role })).await;
    }

    /// The last success of one's own of a kind.
    fn last(&self, what: &str) -> Option<(String, Value)> {
        let ledger = self.site.ledger.borrow();
        let mut own = self.own.iter().rev().map(|place| &ledger.promises[*place]);
        let promise = own.find(|promise| promise.what == what && !promise.kept.is_empty())?;
        Some((promise.path.clone(), serde_json::from_str(&promise.kept[0].1).unwrap()))
    }

    async fn revoke_key(&mut self) {
        let Some((_, made)) = self.last("make a key") else { return };
        let path = format!("{KEYS}/{}", made["id"].as_str().unwrap());
        self.call("revoke a key", (Method::DELETE, &path), &[], String::new()).await;
    }

    async fn deliver(&mut self) {
        let Some((_, sent)) = self.last("send a message") else { return };
        let id = |name: &str| sent[name].as_str().unwrap().to_owned();
        let (conversation, message) = (id("conversation_id"), id("id"));
        self.site.deliver(conversation.parse().unwrap(), message.parse().unwrap()).await;
    }

    /// A list from its first page to its last, with others at work in it.
    async fn walk(&mut self) {
        let (list, quiet) = self.list();
        let limit = 5 + self.dice.below(30);
        let mut walk = Walk { list: list.clone(), quiet, seen: Vec::new() };
        let mut next = format!("{list}?limit={limit}");
        let mut tries = 0;
        for _ in 0..PAGES_MAX {
            self.renew();
            let answer = self.call("read a page", (Method::GET, &next), &[], String::new()).await;
            if !answer.status.is_success() {
                tries += 1;
                if tries > TRIES_MAX || self.site.is_over() {
                    return;
                }
                continue;
            }
            let body = answer.json();
            let page = body
                .as_array()
                .or_else(|| body.as_object().unwrap().values().find_map(Value::as_array));
            let ids = page.unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
            walk.seen.extend(ids);
            let Some(cursor) = answer.header("x-next-cursor") else {
                self.site.ledger.borrow_mut().walks.push(walk);
                return;
            };
            next = format!("{list}?limit={limit}&cursor={cursor}");
        }
    }

    /// A list, and what will be in it to the end.
    fn list(&mut self) -> (String, Vec<String>) {
        let lists: Vec<_> = self.site.quiet.iter().collect();
        let chosen = self.dice.below(lists.len() + 1);
        if let Some((list, quiet)) = lists.get(chosen) {
            return ((*list).clone(), (*quiet).clone());
        }
        let conversation = self.site.busy[self.dice.below(self.site.busy.len())];
        let list = format!("/api/v1/conversations/{conversation}/messages");
        let ledger = self.site.ledger.borrow();
        let there = |promise: &&Promise| promise.path == list;
        let said = ledger.promises.iter().filter(there).filter_map(|p| p.kept.first());
        let now = self.site.office.cloud.clock.now();
        let id = |(_, body): &(u16, String)| {
            let body: Value = serde_json::from_str(body).unwrap();
            let at: Timestamp = body["at"].as_str().unwrap().parse().unwrap();
            let is_everywhere = now.duration_since(at).as_secs() > LAG_S;
            is_everywhere.then(|| body["id"].as_str().unwrap().to_owned())
        };
        let quiet = said.filter_map(id).collect();
        drop(ledger);
        (list, quiet)
    }
}
