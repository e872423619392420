//! Two companies side by side and one that stands by, everybody who may ask something of them, and
//! a record of what was asked and answered.

use std::cell::RefCell;
use std::collections::BTreeMap;

use axum::body::Body;
use domain::project::Member;
use domain::role::{ProjectRole, TenantRole};
use domain::{Clock, UserId};
use http::Method;
use serde_json::Value;

use super::asking::Ask;
use super::log::Log;
use super::works::Works;
use crate::matrix::Prober;
use crate::office::company::commit;
use crate::office::{Answer, Company, Office, Person};

/// In every text of a side, and nowhere else in the world.
const WORDS: [&str; 2] = ["greenfinch", "goldcrest"];
pub(crate) const BYSTANDER_PHONE: &str = "971589000111";
/// Headers that differ between any two answers.
const OF_THE_CALL: [&str; 3] = ["x-request-id", "ratelimit-remaining", "ratelimit-reset"];
/// Breaches told of at most; the rest are counted.
const TOLD_MAX: usize = 40;

pub(crate) struct Site {
    pub(crate) office: Office,
    pub(crate) sides: Vec<Side>,
    /// Its identifiers may be written where a side writes what it likes.
    pub(crate) bystander: Company,
    pub(crate) works: Works,
    pub(crate) log: Log,
    pub(crate) heard: RefCell<Vec<Heard>>,
    counts: RefCell<BTreeMap<&'static str, usize>>,
    breaches: RefCell<Vec<String>>,
}

/// One of the two companies.
pub(crate) struct Side {
    pub(crate) word: &'static str,
    pub(crate) company: Company,
    /// Every role in the organisation, in the project and out of it.
    pub(crate) askers: Vec<Person>,
    /// Who write to its number.
    pub(crate) foreman: String,
    pub(crate) stranger: String,
    /// What opens something, each under its name.
    pub(crate) credentials: BTreeMap<&'static str, String>,
}

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) struct By<'a> {
    pub(crate) person: &'a Person,
    /// Of which side; `None`: of none, whatever the credential says.
    pub(crate) side: Option<usize>,
}

/// A call that was made.
pub(crate) struct Heard {
    pub(crate) side: Option<usize>,
    pub(crate) asked: String,
    pub(crate) answered: String,
}

impl Site {
    pub(crate) async fn found() -> Self {
        let log = Log::listen();
        let office = Office::open_patient().await;
        let mut sides = Vec::new();
        for (place, word) in WORDS.into_iter().enumerate() {
            sides.push(Side::found(&office, place, word).await);
        }
        let bystander = Company::found(&office, "Bystander").await;
        hire(&office, &bystander, "Bystander", BYSTANDER_PHONE).await;
        let works = Works::beside(&office).await;
        let heard = RefCell::default();
        let (counts, breaches) = (RefCell::default(), RefCell::default());
        Self { office, sides, bystander, works, log, heard, counts, breaches }
    }

    /// A side and the other one, both ways round.
    pub(crate) fn pairs(&self) -> [(usize, &Side, &Side); 2] {
        [(0, &self.sides[0], &self.sides[1]), (1, &self.sides[1], &self.sides[0])]
    }

    /// The owner of a side, with a token of this minute.
    pub(crate) fn owner(&self, side: usize) -> Person {
        let company = &self.sides[side].company;
        self.office.person(&company.scope, company.owner.id, TenantRole::Owner)
    }

    /// Asks, counts and remembers.
    pub(crate) async fn ask(&self, kind: &'static str, by: By<'_>, ask: &Ask) -> Answer {
        let method = Method::from_bytes(ask.method.as_bytes()).unwrap();
        let headers: Vec<(&str, &str)> =
            ask.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = if ask.body.is_some() { Body::from(ask.text()) } else { Body::empty() };
        let answer = self.office.call(by.person, (method, &ask.path), &headers, body).await;
        *self.counts.borrow_mut().entry(kind).or_default() += 1;
        self.heard.borrow_mut().push(Heard {
            side: by.side,
            asked: ask.sent(),
            answered: format!("{} {:?} {}", answer.status, answer.headers, answer.body),
        });
        answer
    }

    /// Asks for something foreign and for something missing: both are answered alike.
    pub(crate) async fn alike(
        &self,
        kind: &'static str,
        by: By<'_>,
        (foreign, id): (&Ask, &str),
        (missing, no_id): (&Ask, &str),
    ) -> Answer {
        let one = self.ask(kind, by, foreign).await;
        let other = self.ask(kind, by, missing).await;
        let (first, second) = (said(&one, id), said(&other, no_id));
        if first != second {
            self.breach(kind, foreign, &format!("{first}\n  but of nothing {second}"));
        }
        one
    }

    /// Asks, and expects this refusal.
    pub(crate) async fn refused(
        &self,
        kind: &'static str,
        by: By<'_>,
        ask: &Ask,
        expected: (u16, &str),
    ) {
        let answer = self.ask(kind, by, ask).await;
        let problem: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let code = problem["code"].as_str().unwrap_or_default();
        if (answer.status.as_u16(), code) != expected && ask.method != "HEAD" {
            self.breach(kind, ask, &format!("{} {}, not {expected:?}", answer.status, answer.body));
        }
    }

    pub(crate) fn breach(&self, kind: &str, ask: &Ask, what: &str) {
        let Ask { method, path, headers, .. } = ask;
        let asked = format!("{kind}: {method} {path} {headers:?} {}", ask.text());
        self.breaches.borrow_mut().push(format!("{asked}\n  {what}"));
    }

    pub(crate) fn counts(&self) -> BTreeMap<&'static str, usize> {
        self.counts.borrow().clone()
    }

    pub(crate) fn breaches(&self) -> Vec<String> {
        self.breaches.borrow().clone()
    }

    #[track_caller]
    pub(crate) fn assert_whole(&self) {
        let breaches = self.breaches();
        let told = breaches.iter().take(TOLD_MAX).cloned().collect::<Vec<_>>().join("\n");
        assert!(breaches.is_empty(), "{} breaches\n{told}", breaches.len());
    }
}

impl Side {
    async fn found(office: &Office, place: usize, word: &'static str) -> Self {
        let company = Company::found(office, word).await;
        let mut write = company.store.transaction();
        write.claim_slug(word);
        commit(write).await;
        let mut askers = Vec::new();
        for prober in Prober::all() {
            askers.push(prober.enter(office, &company).await);
        }
        let credentials = BTreeMap::new();
        let (foreman, stranger) = (format!("97158{place}000111"), format!("49151{place}0002222"));
        hire(office, &company, word, &foreman).await;
        Self { word, company, askers, foreman, stranger, credentials }
    }

    pub(crate) fn by(&self, place: usize) -> By<'_> {
        By { person: &self.company.owner, side: Some(place) }
    }

    /// What is of this side alone, in lower case.
    pub(crate) fn canaries(&self) -> Vec<String> {
        let company = &self.company;
        let ids = [
            company.scope.tenant().key(),
            company.project.key(),
            company.other_project.key(),
            company.conversation.key(),
            company.channel.key(),
            company.message.key(),
            company.key.key(),
            company.owner.id.key(),
            company.agent.id.key(),
            company.member.id.key(),
            company.owner.session.key(),
            company.quarantined.clone(),
            company.number.clone(),
            self.word.to_owned(),
            self.foreman.clone(),
            self.stranger.clone(),
        ];
        let of_askers = self.askers.iter().map(|asker| asker.id.key());
        let secrets = self.credentials.values().cloned();
        ids.into_iter().chain(of_askers).chain(secrets).map(|text| text.to_lowercase()).collect()
    }
}

/// Somebody with a phone, on the site of a company's project.
async fn hire(office: &Office, company: &Company, word: &str, phone: &str) {
    let user = UserId::mint(&*office.cloud.ids, office.cloud.clock.now());
    let name = format!("{word} foreman");
    let mut hired = company.user(user, &name, TenantRole::Member);
    hired.phone = Some(phone.parse().unwrap());
    let (project, role) = (company.project, ProjectRole::Foreman);
    let mut write = company.store.transaction();
    write.insert_user(&hired);
    write.insert_member(&Member { project, user, name, role, added_at: company.now });
    commit(write).await;
}

/// An answer without what differs between any two, and with an identifier left out.
pub(crate) fn said(answer: &Answer, id: &str) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !OF_THE_CALL.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    let mut body = answer.body.clone();
    if let Some(request) = answer.header("x-request-id") {
        body = body.replace(request, "*");
    }
    let mut text = format!("{} {} {body}", answer.status, headers.join(", "));
    // No two cursors are the same, though they lead to the same place.
    if let Some(cursor) = answer.header("x-next-cursor") {
        text = text.replace(cursor, "*");
    }
    if id.is_empty() { text } else { text.replace(id, "*") }
}
