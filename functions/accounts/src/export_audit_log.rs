//! `GET /api/v1/audit-log/export`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Error;
use domain::audit::AuditEntry;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use store::PageRequest;
use web::openapi::{OfList, OfRole, Usual};
use web::{Arrival, Paging, Problem, SignedIn, csv};

use crate::App;
use crate::audit_log::{ActorAnswer, AuditEntryAnswer, AuditParameters, filter};

/// Entries of one call: about 3 MB, and Lambda answers with at most 6.
const ROWS_MAX: usize = 5_000;
const COLUMNS: [&str; 12] = [
    "id",
    "at",
    "actor_kind",
    "actor_id",
    "actor_user_id",
    "action",
    "target",
    "via",
    "ip_prefix",
    "trace",
    "before",
    "after",
];

/// The audit log as a file, newest first, at most 5,000 entries a call: the headers `Link` and
/// `X-Next-Cursor` lead on. Is told to the log itself.
#[utoipa::path(
    get,
    path = "/api/v1/audit-log/export",
    tag = "audit log",
    params(
        ("format" = Option<String>, Query, description = "`csv` or `jsonl`, one entry a line",
            example = "csv"),
        ("rows" = Option<u16>, Query, description = "Entries wanted", minimum = 1, maximum = 5000),
        ("cursor" = Option<String>, Query, description = "`X-Next-Cursor` of the call before"),
        AuditParameters
    ),
    responses(
        (status = 200, description = "Entries", content(
            (String = "text/csv", example = "id,at,actor_kind,actor_id,actor_user_id,action,target,via,ip_prefix,trace,before,after"),
            (AuditEntryAnswer = "application/x-ndjson")
        )),
        Usual, OfList, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn export_audit_log(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<Response, Problem> {
    let format = Format::of(paging.parameter("format"))?;
    let limit = rows(paging.parameter("rows"))?;
    let request = PageRequest { limit, after: paging.request(&caller)?.after };
    let store = app.edge.store().for_tenant(caller.scope());
    let now = app.edge.now();
    let page = store.audit_entries(&filter(&paging)?, &request, now).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let count = page.items.len();
    let body = format.write(page.items)?;

    let trail = arrival.trail(caller.actor());
    let told = trail.entry(app.edge.ids(), now, "audit_log.exported", caller.scope().tenant());
    let mut transaction = store.transaction();
    transaction.audit::<()>(told, None, None);
    store.commit_once(transaction).await?;
    tracing::info!(tenant.id = %caller.scope().tenant(), count, "audit log exported");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (CONTENT_DISPOSITION, HeaderValue::from_static(format.disposition())),
    ];
    Ok((next, headers, body).into_response())
}

fn rows(text: Option<&str>) -> Result<usize, Error> {
    let Some(text) = text else { return Ok(ROWS_MAX) };
    text.parse()
        .ok()
        .filter(|rows| (1..=ROWS_MAX).contains(rows))
        .ok_or_else(|| Error::field("rows", "out_of_range", "expected 1 to 5000"))
}

#[derive(Debug, Clone, Copy)]
enum Format {
    Csv,
    JsonLines,
}

impl Format {
    fn of(text: Option<&str>) -> Result<Self, Error> {
        match text {
            None | Some("csv") => Ok(Self::Csv),
            Some("jsonl") => Ok(Self::JsonLines),
            Some(_) => Err(Error::field("format", "unknown", "expected csv or jsonl")),
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => csv::CONTENT_TYPE,
            Self::JsonLines => "application/x-ndjson",
        }
    }

    fn disposition(self) -> &'static str {
        match self {
            Self::Csv => "attachment; filename=\"audit-log.csv\"",
            Self::JsonLines => "attachment; filename=\"audit-log.jsonl\"",
        }
    }

    fn write(self, entries: Vec<AuditEntry>) -> Result<String, Error> {
        let mut text = String::new();
        match self {
            Self::Csv => {
                text.push_str(&csv::row(COLUMNS));
                for entry in &entries {
                    text.push_str(&line(entry));
                }
            }
            Self::JsonLines => {
                for entry in entries {
                    let answer = AuditEntryAnswer::from(entry);
                    text.push_str(&serde_json::to_string(&answer).map_err(Error::internal)?);
                    text.push('\n');
                }
            }
        }
        Ok(text)
    }
}

fn line(entry: &AuditEntry) -> String {
    let actor = ActorAnswer::of(&entry.actor);
    let via = serde_json::to_value(entry.via).unwrap_or_default();
    csv::row([
        entry.id.to_string().as_str(),
        entry.at.to_string().as_str(),
        actor.kind,
        actor.id.as_deref().unwrap_or_default(),
        actor.user_id.as_deref().unwrap_or_default(),
        entry.action.as_str(),
        entry.target.as_str(),
        via.as_str().unwrap_or_default(),
        entry.ip_prefix.as_deref().unwrap_or_default(),
        entry.trace.as_str(),
        entry.before.as_deref().unwrap_or_default(),
        entry.after.as_deref().unwrap_or_default(),
    ])
}
