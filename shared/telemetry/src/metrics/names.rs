//! The metrics there are.

use super::{Counter, Gauge, Histogram};

pub const HTTP_REQUESTS: Counter<3> = Counter {
    name: "http_requests_total",
    help: "HTTP requests answered",
    labels: ["method", "route", "status"],
};
pub const HTTP_REQUEST_DURATION: Histogram<2> = Histogram {
    name: "http_request_duration_seconds",
    help: "Time from request to answer",
    labels: ["method", "route"],
};
/// Label `status`: `accepted`, `failed`, `unknown` (an answer was lost), `undecided` (an operator
/// must look), `cancelled`.
pub const WHATSAPP_MESSAGES_SENT: Counter<1> = Counter {
    name: "whatsapp_messages_sent_total",
    help: "Messages handed to the provider, by outcome",
    labels: ["status"],
};
/// Label `outcome`: `sent`, `refused` (the address, or whom it is for), `put_off` (the mail service
/// asked to come later), `blocked` (the mail service will not send for us), `unknown` (an answer was
/// lost), `abandoned` (three answers were).
pub const LETTERS: Counter<1> = Counter {
    name: "letters_total",
    help: "Letters handed to the mail service, by outcome",
    labels: ["outcome"],
};
/// Label `what`: `reminded`, `rotated`, `closed`.
pub const KEYS_KEPT_UP: Counter<1> = Counter {
    name: "api_keys_kept_up_total",
    help: "API keys the schedule did something with",
    labels: ["what"],
};
/// Counted when a conversation has its first inbound message of a UTC day, so that the sum over a
/// day is the number of conversations active on it, whichever environments they met.
pub const ACTIVE_CONVERSATIONS: Counter<0> = Counter {
    name: "active_conversations_total",
    help: "Conversations with a first inbound message of the day",
    labels: [],
};
/// Label `kind`: an envelope's kind.
pub const INTAKE_EVENTS: Counter<1> = Counter {
    name: "intake_events_total",
    help: "Events of the provider accepted into a queue",
    labels: ["kind"],
};
pub const INTAKE_DURATION: Histogram<0> = Histogram {
    name: "intake_duration_seconds",
    help: "Time to accept one webhook call",
    labels: [],
};
pub const INTAKE_BYTES: Counter<0> =
    Counter { name: "intake_bytes_total", help: "Bytes of signed webhook bodies", labels: [] };
pub const ENQUEUE_RETRIES: Counter<1> = Counter {
    name: "enqueue_retries_total",
    help: "Queue entries sent again after a failure",
    labels: ["queue"],
};
pub const BAD_SIGNATURE: Counter<0> = Counter {
    name: "bad_signature_total",
    help: "Webhook calls refused for their signature",
    labels: [],
};
pub const QUEUE_BATCHES: Counter<1> = Counter {
    name: "queue_batches_total",
    help: "Batches received from a queue",
    labels: ["queue"],
};
/// Label `outcome`: `stored`, `duplicate`, `quarantined`, `retried`, `erased` (dropped: its
/// organisation is gone).
pub const MESSAGES_PROCESSED: Counter<1> = Counter {
    name: "messages_processed_total",
    help: "Queue records handled, by outcome",
    labels: ["outcome"],
};
/// Label `kind`: an effect's kind, as `task_created`.
pub const EFFECTS: Counter<1> =
    Counter { name: "effects_total", help: "Effects of understood messages", labels: ["kind"] };
pub const QUARANTINED: Counter<0> =
    Counter { name: "quarantined_total", help: "Events set aside for an operator", labels: [] };
pub const OUTBOX_DISPATCHED: Counter<0> =
    Counter { name: "outbox_dispatched_total", help: "Outbox items handed to a queue", labels: [] };
pub const OUTBOX_OLDEST_DUE: Gauge<0> = Gauge {
    name: "outbox_oldest_due_seconds",
    help: "Age of the oldest outbox item that is due and not handed over",
    labels: [],
};
pub const STREAM_UNREADABLE: Counter<0> = Counter {
    name: "stream_unreadable_total",
    help: "Records of a stream that could not be read and were passed over",
    labels: [],
};
/// Label `by`: `stream`, `sweep` (the stream had lost it).
pub const AUDIT_LINKED: Counter<1> = Counter {
    name: "audit_linked_total",
    help: "Entries of the audit log taken into their chain",
    labels: ["by"],
};
pub const AUDIT_REFUSED: Counter<0> = Counter {
    name: "audit_refused_total",
    help: "Rows of the audit log too old to be linked, or unreadable",
    labels: [],
};
/// Label `reason`: `unknown`, `no_conversation`, `window_closed`.
pub const NOTICES_UNDELIVERABLE: Counter<1> = Counter {
    name: "notices_undeliverable_total",
    help: "Notices to members that could not be sent as a message",
    labels: ["reason"],
};
/// Label `reason`: what is wrong with the token, or `revoked`.
pub const TOKENS_REFUSED: Counter<1> = Counter {
    name: "tokens_refused_total",
    help: "Access tokens that were refused, by reason",
    labels: ["reason"],
};
/// Label `outcome`: `signed_in`, `second_step` (the password was right, the code is awaited),
/// `refused`, `throttled`.
pub const LOGINS: Counter<1> =
    Counter { name: "logins_total", help: "Attempts to sign in, by outcome", labels: ["outcome"] };
/// Label `outcome`: `rotated`, `repeated` (within the grace), `refused`, `reused` (the session was
/// ended).
pub const REFRESHES: Counter<1> = Counter {
    name: "refreshes_total",
    help: "Refresh tokens presented, by outcome",
    labels: ["outcome"],
};
pub const KEYS_ROTATED: Counter<0> = Counter {
    name: "keys_rotated_total",
    help: "Changes of the keys behind access tokens",
    labels: [],
};
/// Label `route`: as the table of routes writes it.
pub const RATE_LIMITED: Counter<1> = Counter {
    name: "rate_limited_total",
    help: "Requests refused because their caller had made too many",
    labels: ["route"],
};
