//! Posting the script as Meta would, and waiting until all of it has been worked off.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use aws_sdk_sqs::types::QueueAttributeName;
use axum::body::Bytes;
use domain::delivery::Delivery;
use domain::message::Direction;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::account::Account;
use super::script::{Does, Line, Posted, Who};
use crate::System;
use crate::graph::StoredMedia;
use crate::hub::Chat;
use crate::phone::compose::{Said, Words};
use crate::seed::{Person, Seeded, UNKNOWN_CALLER};

/// How long work may take until it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(25);
/// The first bytes of a JPEG: all that a picture needs to be here.
const PICTURE: &[u8] = &[0xff, 0xd8, 0xff, 0xe0];

/// One message that Meta posted, however often.
#[derive(Debug, Clone)]
pub(super) struct Original {
    pub(super) wamid: String,
    pub(super) person: String,
    pub(super) body: String,
    pub(super) at: Timestamp,
}

/// A day in progress.
pub(super) struct Play<'a> {
    system: &'a System,
    company: &'a Seeded,
    /// In the order each person wrote.
    pub(super) originals: Vec<Original>,
    /// Posts answered with 200, repetitions included.
    pub(super) accepted: usize,
    pub(super) refused: usize,
    pub(super) poison: usize,
}

impl<'a> Play<'a> {
    pub(super) fn new(system: &'a System) -> Result<Self> {
        let company = system.companies().first().ok_or_else(|| anyhow!("nobody is seeded"))?;
        let originals = Vec::new();
        Ok(Self { system, company, originals, accepted: 0, refused: 0, poison: 0 })
    }

    pub(super) fn system(&self) -> &System {
        self.system
    }

    pub(super) fn company(&self) -> &Seeded {
        self.company
    }

    fn person(&self, who: Who) -> &'static Person {
        self.company.company.people.get(who).unwrap_or(&UNKNOWN_CALLER)
    }

    /// Everybody's lines at the same time, each person's in order.
    pub(super) async fn wave(&mut self, lines: &[Line]) -> Result<()> {
        let mut by_person: BTreeMap<Who, Vec<Line>> = BTreeMap::new();
        for line in lines {
            by_person.entry(line.who).or_default().push(*line);
        }
        let everybody = by_person.into_values().map(|lines| self.lines_of_one(lines));
        let spoken = join_all(everybody).await;
        for (original, statuses) in spoken.into_iter().collect::<Result<Vec<_>>>()?.concat() {
            self.originals.push(original);
            self.count(&statuses);
        }
        Ok(())
    }

    fn count(&mut self, statuses: &[u16]) {
        let accepted = statuses.iter().filter(|status| **status == 200).count();
        self.accepted += accepted;
        self.refused += statuses.len() - accepted;
    }

    async fn lines_of_one(&self, lines: Vec<Line>) -> Result<Vec<(Original, Vec<u16>)>> {
        let mut spoken = Vec::new();
        for line in lines {
            let original = self.compose(line)?;
            let post = || async { self.post(&original.body).await };
            let statuses = match line.posted {
                Posted::Once => vec![post().await],
                Posted::TwiceInARow => vec![post().await, post().await],
                Posted::TwiceAtOnce => join_all([post(), post()]).await,
            };
            spoken.push((original, statuses));
        }
        Ok(spoken)
    }

    async fn post(&self, body: &str) -> u16 {
        self.system.meta().post(Bytes::copy_from_slice(body.as_bytes())).await.status.as_u16()
    }

    fn compose(&self, line: Line) -> Result<Original> {
        let person = self.person(line.who);
        let chat = Chat {
            channel: self.company.company.phone_number_id.to_owned(),
            person: person.phone.trim_start_matches('+').to_owned(),
        };
        let (words, quotes) = self.words(&chat, line.does)?;
        let said = Said { chat, name: person.name, quotes };
        let (graph, clock) = (self.system.graph(), self.system.clock());
        let message = said.message(&words, graph, clock, &telemetry::SystemIds);
        let wamid = message.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = said.body(&message).to_string();
        Ok(Original { wamid, person: said.chat.person, body, at: clock.now() })
    }

    fn words(&self, chat: &Chat, does: Does) -> Result<(Words, Option<String>)> {
        match does {
            Does::Says(text) => Ok((Words::Text { text: text.to_owned() }, None)),
            Does::Taps(place) => {
                let (wamid, button) = self.button(chat, place)?;
                let text = |key: &str| {
                    button.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
                };
                Ok((Words::Button { id: text("id"), title: text("title") }, Some(wamid)))
            }
            Does::Shows { caption } => {
                let media = self.system.graph().add_media(StoredMedia {
                    mime_type: "image/jpeg".to_owned(),
                    file_name: None,
                    bytes: Bytes::from_static(PICTURE),
                })?;
                Ok((Words::Media { media, caption: Some(caption.to_owned()) }, None))
            }
            Does::SharesPlace => {
                let name = Some("Gate 3".to_owned());
                Ok((Words::Location { latitude: 25.0805, longitude: 55.1403, name }, None))
            }
        }
    }

    /// A button of the last question that was asked in a chat.
    fn button(&self, chat: &Chat, place: usize) -> Result<(String, Value)> {
        let sends = self.system.graph().sends();
        let asked = sends.iter().rev().find_map(|send| {
            let buttons = send.body.pointer("/interactive/action/buttons")?;
            (send.chat == *chat).then_some((send.wamid.clone(), buttons))
        });
        let (wamid, buttons) =
            asked.with_context(|| format!("{} was asked nothing", chat.person))?;
        let button = buttons.get(place).and_then(|button| button.get("reply"));
        Ok((wamid, button.with_context(|| format!("there is no button {place}"))?.clone()))
    }

    /// A message that is signed and routed, and cannot be read: it has no time.
    pub(super) async fn post_poison(&mut self) {
        let mut body = crate::graph::envelope(
            self.company.company.phone_number_id,
            "messages",
            &json!({ "from": "971501110001", "id": "wamid.POISON", "type": "text" }),
        );
        if let Some(item) = body.pointer_mut("/entry/0/changes/0/value/messages/0")
            && let Some(fields) = item.as_object_mut()
        {
            fields.insert("timestamp".to_owned(), json!("half past nine"));
        }
        let status = self.post(&body.to_string()).await;
        self.poison += 1;
        self.count(&[status]);
    }

    /// Posts the first messages of the day once more.
    pub(super) async fn repeat_first(&mut self, count: usize) {
        let bodies: Vec<String> =
            self.originals.iter().take(count).map(|original| original.body.clone()).collect();
        for body in bodies {
            let status = self.post(&body).await;
            self.count(&[status]);
        }
    }

    /// Waits until queues and outbox are empty and everything sent has been reported as read.
    pub(super) async fn settle(&self) -> Result<()> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.is_settled().await? {
            if tokio::time::Instant::now() > deadline {
                bail!("there is still work after {} s", PATIENCE.as_secs());
            }
            tokio::time::sleep(STEP).await;
        }
        Ok(())
    }

    /// In the order in which work moves on, so that nothing slips past between two looks.
    async fn is_settled(&self) -> Result<bool> {
        if self.waiting_in("inbound.fifo").await? > 0 {
            return Ok(false);
        }
        let later = self.system.clock().now() + SignedDuration::from_hours(24);
        if !self.system.store().due(later, 10).await?.is_empty() {
            return Ok(false);
        }
        if self.waiting_in("outbound").await? > 0 {
            return Ok(false);
        }
        let account = Account::read(self.system, self.company).await?;
        let mut sent = account.messages.iter().filter(|m| m.direction == Direction::Outbound);
        if sent.any(|message| message.delivery != Delivery::Read) {
            return Ok(false);
        }
        if account.unlinked > 0 {
            return Ok(false);
        }
        Ok(self.waiting_in("statuses").await? == 0)
    }

    async fn waiting_in(&self, queue: &str) -> Result<u64> {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let url = self.system.aws().queue_url(&format!("hndasah-dev-{queue}"));
        let call = self.system.aws().sqs().get_queue_attributes().queue_url(url);
        let answer = call.set_attribute_names(Some(names.to_vec())).send().await?;
        let counts = answer.attributes.unwrap_or_default();
        Ok(counts.values().filter_map(|count| count.parse::<u64>().ok()).sum())
    }

    /// Milliseconds from each post to its reply, shortest first.
    pub(super) fn replied_after_ms(&self) -> Vec<i64> {
        let entries = self.system.hub().all();
        let mut seen = BTreeSet::new();
        let mut waits: Vec<i64> = entries
            .iter()
            .filter_map(|entry| {
                let answered = super::report::answered(&entry.passed)?;
                let original = self.originals.iter().find(|one| one.wamid == answered)?;
                seen.insert(answered.to_owned())
                    .then(|| entry.at.duration_since(original.at).as_millis())
                    .and_then(|wait| i64::try_from(wait).ok())
            })
            .collect();
        waits.sort_unstable();
        waits
    }
}
