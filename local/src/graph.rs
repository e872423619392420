//! A stand-in for Meta's Graph API on a loopback port: takes our calls as Meta documents them,
//! then reports `sent`, `delivered` and `read` back in signed webhooks.
//!
//! Faults can be ordered for tests: errors by code, answers that never come or are lost after the
//! call took effect, refused connections.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use domain::{Clock, Ids};
use serde_json::Value;
use tokio::sync::Notify;

mod answer;
mod calls;
mod check;
mod listener;
mod media;
mod multipart;
mod reports;
mod server;

pub use answer::Fault;
pub use media::StoredMedia;
pub(crate) use reports::envelope;
pub use server::GraphServer;

use crate::hub::{Chat, Hub, Passed};
use crate::meta::Meta;
use media::MediaShelf;
use reports::Report;

/// The stand-in. Clones share everything.
#[derive(Clone)]
pub struct Graph {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    hub: Hub,
    media: MediaShelf,
    /// Phone number id → the access token that may use it.
    lines: Mutex<HashMap<String, String>>,
    faults: Mutex<VecDeque<Fault>>,
    /// People to whom nothing can be delivered, and the error code told instead.
    unreachable: Mutex<BTreeMap<String, i64>>,
    reports: Mutex<VecDeque<Report>>,
    /// Whether reports are sent at all.
    reporting: Mutex<bool>,
    /// Told when there is something to report.
    news: Notify,
}

/// What the stand-in is made with.
pub struct GraphParts<'a> {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub hub: Hub,
    /// Where media files are kept; `None` keeps them in memory.
    pub media: Option<&'a Path>,
}

/// A send that Meta took.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptedSend {
    pub chat: Chat,
    pub wamid: String,
    /// The body we posted.
    pub body: Value,
}

impl AcceptedSend {
    /// The words of it, whatever its type.
    pub fn text(&self) -> &str {
        let at = |pointer: &str| self.body.pointer(pointer).and_then(Value::as_str);
        at("/text/body").or_else(|| at("/interactive/body/text")).unwrap_or_default()
    }
}

impl Graph {
    pub fn new(parts: GraphParts<'_>) -> Result<Self> {
        let GraphParts { clock, ids, hub, media } = parts;
        let inner = Inner {
            clock,
            ids,
            media: MediaShelf::open(media)?,
            lines: Mutex::default(),
            faults: Mutex::default(),
            unreachable: Mutex::default(),
            reports: Mutex::new(reports::unfinished(&hub.all())),
            reporting: Mutex::new(true),
            news: Notify::new(),
            hub,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// From now on `token`, and no other, may use this phone number id.
    pub fn set_token(&self, phone_number_id: &str, token: &str) {
        lock(&self.inner.lines).insert(phone_number_id.to_owned(), token.to_owned());
    }

    /// The next `count` sends meet this fault; read marks do not count and pass.
    pub fn fail_next(&self, count: usize, fault: Fault) {
        lock(&self.inner.faults).extend(std::iter::repeat_n(fault, count));
    }

    /// Messages to this person are taken and then reported failed with this code.
    pub fn fail_delivery_to(&self, person: &str, code: i64) {
        lock(&self.inner.unreachable).insert(person.to_owned(), code);
    }

    /// Whether what becomes of messages is reported. Reports that were held back come when it is
    /// switched on again.
    pub fn set_reporting(&self, on: bool) {
        *lock(&self.inner.reporting) = on;
        self.inner.news.notify_one();
    }

    /// Every send that took effect, oldest first.
    pub fn sends(&self) -> Vec<AcceptedSend> {
        self.inner.hub.all().into_iter().filter_map(|entry| accepted(entry.passed)).collect()
    }

    /// The provider ids that we marked as read, in order, repetitions included.
    pub fn reads(&self) -> Vec<String> {
        let read = |passed| match passed {
            Passed::Call { body, applied: true, .. } if body.get("status").is_some() => {
                Some(body.get("message_id")?.as_str()?.to_owned())
            }
            Passed::Call { .. } | Passed::Webhook { .. } => None,
        };
        self.inner.hub.all().into_iter().filter_map(|entry| read(entry.passed)).collect()
    }

    /// Keeps a file, as an upload does.
    pub fn add_media(&self, media: StoredMedia) -> Result<String> {
        self.inner.media.add(media, &*self.inner.ids)
    }

    pub fn media(&self, id: &str) -> Option<StoredMedia> {
        self.inner.media.get(id)
    }

    /// Posts every report that waits, each at most once; whether there was any.
    pub async fn report_all(&self, meta: &Meta) -> bool {
        reports::post_all(&self.inner, meta).await
    }

    /// Posts reports as they fall due, for as long as it is awaited.
    pub async fn keep_reporting(&self, meta: &Meta) {
        reports::keep_posting(&self.inner, meta).await;
    }
}

/// A fresh provider id in Meta's form.
pub(crate) fn mint_wamid(ids: &dyn Ids) -> String {
    use base64::Engine as _;
    let mut random = [0_u8; 24];
    ids.fill(&mut random);
    format!("wamid.{}", base64::engine::general_purpose::STANDARD.encode(random))
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accepted(passed: Passed) -> Option<AcceptedSend> {
    match passed {
        Passed::Call { chat, body, answer, applied: true, .. } => {
            let wamid = answer.pointer("/messages/0/id")?.as_str()?.to_owned();
            Some(AcceptedSend { chat, wamid, body })
        }
        Passed::Call { .. } | Passed::Webhook { .. } => None,
    }
}
