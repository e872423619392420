//! What becomes of a message, told as Meta tells it: signed webhooks, one per state, repeated
//! until they are answered with 200.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::answer::title;
use super::{Inner, lock};
use crate::hub::{Chat, Entry, Passed};
use crate::meta::Meta;

/// The states a message goes through and how long after the one before.
const STATES: [(&str, Duration); 3] = [
    ("sent", Duration::from_millis(60)),
    ("delivered", Duration::from_millis(240)),
    ("read", Duration::from_millis(700)),
];
/// First wait before a post is repeated; doubled each time.
const REPEAT_AFTER: Duration = Duration::from_millis(250);
/// Doublings of that wait; then it stays. Meta gives up after seven days, this never does.
const DOUBLINGS_MAX: u32 = 7;
/// How often reports that are not due yet are looked at.
const STEP: Duration = Duration::from_millis(40);

/// A message and the states not told yet.
#[derive(Debug, Clone)]
pub(super) struct Report {
    chat: Chat,
    wamid: String,
    callback: Option<String>,
    /// How many of `STATES` have been told.
    told: usize,
    attempts: u32,
    due: Instant,
}

impl Report {
    /// What a call leads to; nothing when it was no send, or a send that Meta drops silently.
    pub(super) fn of_call(call: &Passed) -> Option<Self> {
        let Passed::Call { chat, body, answer, applied: true, .. } = call else { return None };
        let wamid = answer.pointer("/messages/0/id")?.as_str()?.to_owned();
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        if text("to").is_some_and(|to| domain::contact::Bsuid::parse(to).is_some()) {
            return None;
        }
        let callback = text("biz_opaque_callback_data").map(str::to_owned);
        let due = Instant::now() + STATES.first().map_or(Duration::ZERO, |(_, wait)| *wait);
        Some(Self { chat: chat.clone(), wamid, callback, told: 0, attempts: 0, due })
    }

    fn state(&self) -> Option<&'static str> {
        STATES.get(self.told).map(|(state, _)| *state)
    }
}

/// What an earlier run took and had not reported to the end.
pub(super) fn unfinished(entries: &[Entry]) -> VecDeque<Report> {
    let mut reports: BTreeMap<String, Report> = BTreeMap::new();
    for entry in entries {
        if let Some(report) = Report::of_call(&entry.passed) {
            reports.insert(report.wamid.clone(), report);
        }
        if let Passed::Webhook { wamid, what, status: 200, .. } = &entry.passed
            && let Some(report) = reports.get_mut(wamid)
        {
            let place = STATES.iter().position(|(state, _)| state == what);
            report.told = place.map_or(STATES.len(), |place| place + 1);
        }
    }
    reports.into_values().filter(|report| report.told < STATES.len()).collect()
}

/// Posts each waiting report once, due or not; whether there was any.
pub(super) async fn post_all(inner: &Inner, meta: &Meta) -> bool {
    if !*lock(&inner.reporting) {
        return false;
    }
    let waiting: Vec<Report> = lock(&inner.reports).drain(..).collect();
    let any = !waiting.is_empty();
    for report in waiting {
        post(inner, meta, report).await;
    }
    any
}

pub(super) async fn keep_posting(inner: &Inner, meta: &Meta) {
    loop {
        let is_empty = lock(&inner.reports).is_empty() || !*lock(&inner.reporting);
        if is_empty {
            inner.news.notified().await;
            continue;
        }
        let now = Instant::now();
        let due = {
            let mut reports = lock(&inner.reports);
            let (due, later): (VecDeque<Report>, VecDeque<Report>) =
                reports.drain(..).partition(|report| report.due <= now);
            *reports = later;
            due
        };
        for report in due {
            post(inner, meta, report).await;
        }
        tokio::time::sleep(STEP).await;
    }
}

/// Tells one state; what is left to tell goes back to the end of the queue.
async fn post(inner: &Inner, meta: &Meta, mut report: Report) {
    let Some(state) = report.state() else { return };
    let failure = lock(&inner.unreachable).get(&report.chat.person).copied();
    let (what, error) = match failure {
        Some(code) => ("failed", Some(code)),
        None => (state, None),
    };
    let now = inner.clock.now();
    let body = webhook(&report, what, error, now);
    let posted = meta.post(body.to_string()).await;
    inner.hub.add(
        now,
        Passed::Webhook {
            chat: report.chat.clone(),
            body,
            wamid: report.wamid.clone(),
            what: what.to_owned(),
            status: posted.status.as_u16(),
            took_ms: posted.took_ms,
        },
    );
    if posted.status.as_u16() == 200 {
        if failure.is_some() {
            return;
        }
        report.told += 1;
        report.attempts = 0;
        let Some((_, wait)) = STATES.get(report.told) else { return };
        report.due = Instant::now() + *wait;
    } else {
        report.due = Instant::now() + REPEAT_AFTER * 2_u32.pow(report.attempts.min(DOUBLINGS_MAX));
        report.attempts = report.attempts.saturating_add(1);
    }
    lock(&inner.reports).push_back(report);
}

fn webhook(report: &Report, state: &str, error: Option<i64>, now: Timestamp) -> Value {
    let mut status = json!({
        "id": report.wamid,
        "status": state,
        "timestamp": now.as_second().to_string(),
        "recipient_id": report.chat.person,
    });
    if let Some(fields) = status.as_object_mut() {
        if domain::contact::Bsuid::parse(&report.chat.person).is_some() {
            fields.remove("recipient_id");
            fields.insert("recipient_user_id".to_owned(), json!(report.chat.person));
        }
        if let Some(callback) = &report.callback {
            fields.insert("biz_opaque_callback_data".to_owned(), json!(callback));
        }
        if state == "sent" {
            let pricing = json!({
                "billable": false,
                "pricing_model": "PMP",
                "type": "free_customer_service",
                "category": "service",
            });
            fields.insert("pricing".to_owned(), pricing);
        }
        if let Some(code) = error {
            let details = json!({ "details": "Message was not delivered." });
            let error = json!({
                "code": code,
                "title": title(code),
                "message": title(code),
                "error_data": details,
            });
            fields.insert("errors".to_owned(), json!([error]));
        }
    }
    envelope(&report.chat.channel, "statuses", &status)
}

/// A webhook body with one item, as Meta posts it.
pub(crate) fn envelope(channel: &str, list: &str, item: &Value) -> Value {
    json!({
        "object": "whatsapp_business_account",
        "entry": [{
            "id": "100000000000001",
            "changes": [{
                "field": "messages",
                "value": {
                    "messaging_product": "whatsapp",
                    "metadata": {
                        "display_phone_number": channel,
                        "phone_number_id": channel,
                    },
                    list: [item],
                },
            }],
        }],
    })
}
