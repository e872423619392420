//! Entries of the audit log as the API shows them, and how they are chosen.

use domain::audit::{Actor, AuditEntry, Via};
use domain::{AuditId, Error};
use jiff::Timestamp;
use serde::Serialize;
use store::AuditFilter;
use utoipa::{IntoParams, ToSchema};
use web::Paging;

/// Longer than any identifier and any action.
const CHARS_MAX: usize = 80;

/// Which entries are wanted; all that is given must hold. A page may hold fewer entries than asked
/// for and still have a next one.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters, which are read one by one")]
pub(crate) struct AuditParameters {
    /// A user, an API key or a contact. For a user also what their keys and their phone did.
    #[param(example = "usr_01jv8z0c9q0000000000000000")]
    actor: Option<String>,
    /// An action, as in `task.created`, or all of a kind, as in `task`.
    #[param(example = "task.created")]
    action: Option<String>,
    /// The identifier of what it was done to.
    #[param(example = "tsk_01jv8z0c9q0000000000000000")]
    target: Option<String>,
    /// Not before this instant.
    #[param(example = "2026-03-01T00:00:00Z")]
    from: Option<String>,
    /// Before this instant.
    #[param(example = "2026-04-01T00:00:00Z")]
    to: Option<String>,
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntryAnswer {
    #[schema(value_type = String, example = "aud_01jv8z0c9q0000000000000000")]
    id: AuditId,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    at: Timestamp,
    actor: ActorAnswer,
    #[schema(example = "task.created")]
    action: String,
    #[schema(example = "tsk_01jv8z0c9q0000000000000000")]
    target: String,
    #[schema(value_type = String, example = "chat")]
    via: Via,
    /// The caller's network: /24 of IPv4, /48 of IPv6.
    #[schema(example = "203.0.113.0/24")]
    ip_prefix: Option<String>,
    /// The request or message it was done with, as in the log.
    #[schema(example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    trace: String,
    /// SHA-256 of the record before.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    before: Option<String>,
    /// SHA-256 of the record after.
    #[schema(example = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752")]
    after: Option<String>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActorAnswer {
    /// `user`, `key`, `contact`, `anonymous` or `system`.
    #[schema(example = "contact")]
    pub(crate) kind: &'static str,
    #[schema(example = "cnt_01jv8z0c9q0000000000000000")]
    pub(crate) id: Option<String>,
    /// The user a key or a contact acts for.
    #[schema(example = "usr_01jv8z0c9q0000000000000000")]
    pub(crate) user_id: Option<String>,
}

impl ActorAnswer {
    pub(crate) fn of(actor: &Actor) -> Self {
        let known =
            |kind, id: String, user: Option<String>| Self { kind, id: Some(id), user_id: user };
        match actor {
            Actor::User { id } => known("user", id.to_string(), Some(id.to_string())),
            Actor::Key { id, user } => known("key", id.to_string(), Some(user.to_string())),
            Actor::Contact { id, user } => {
                known("contact", id.to_string(), user.map(|user| user.to_string()))
            }
            Actor::Anonymous => Self { kind: "anonymous", id: None, user_id: None },
            Actor::System => Self { kind: "system", id: None, user_id: None },
        }
    }
}

impl From<AuditEntry> for AuditEntryAnswer {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            actor: ActorAnswer::of(&entry.actor),
            action: entry.action,
            target: entry.target,
            via: entry.via,
            ip_prefix: entry.ip_prefix,
            trace: entry.trace,
            before: entry.before,
            after: entry.after,
        }
    }
}

/// The filter in a query.
pub(crate) fn filter(paging: &Paging) -> Result<AuditFilter, Error> {
    let text = |name: &'static str| match paging.parameter(name) {
        Some(text) if text.is_empty() || text.chars().count() > CHARS_MAX => {
            Err(Error::field(name, "out_of_range", "expected 1 to 80 characters"))
        }
        text => Ok(text.map(str::to_owned)),
    };
    let instant = |name: &'static str| {
        let parsed = paging.parameter(name).map(str::parse::<Timestamp>).transpose();
        parsed.map_err(|_| Error::field(name, "not_an_instant", "expected 2026-03-01T00:00:00Z"))
    };
    let filter = AuditFilter {
        actor: text("actor")?,
        action: text("action")?,
        target: text("target")?,
        from: instant("from")?,
        to: instant("to")?,
    };
    if filter.from.zip(filter.to).is_some_and(|(from, to)| from >= to) {
        return Err(Error::field("to", "out_of_range", "expected an instant after `from`"));
    }
    Ok(filter)
}
