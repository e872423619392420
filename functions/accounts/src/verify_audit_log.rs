//! `GET /api/v1/audit-log/verify`

use axum::Json;
use axum::extract::State;
use domain::Error;
use serde::Serialize;
use store::{ChainHead, Finding};
use utoipa::ToSchema;
use web::openapi::{OfList, OfRole, PageParameters, Usual};
use web::{NextPage, Paging, Problem, SignedIn};

use crate::App;

/// Proves that the audit log is as it was written, page by page: it is if no page has a finding.
///
/// First the chain: each link must have its number, follow the link before and hold its entries
/// unchanged. Then the table: each row must be in a link. Rows of the last 24 hours that are not
/// linked yet are counted as `pending`.
#[utoipa::path(
    get,
    path = "/api/v1/audit-log/verify",
    tag = "audit log",
    params(
        ("known_seq" = Option<u64>, Query,
            description = "`head.seq` of an earlier verification; with `known_hash`", example = 12),
        ("known_hash" = Option<String>, Query,
            description = "`head.hash` of that verification: everything up to it is then proved \
                to be the same as then, even against one who could rewrite the whole chain",
            example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        PageParameters
    ),
    responses(
        (status = 200, description = "What one page found", body = VerificationAnswer),
        Usual, OfList, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn verify_audit_log(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<(NextPage, Json<VerificationAnswer>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let known = known(&paging)?;
    let request = paging.request(&caller)?;
    let found = store.verify_audit(&request, known.as_ref(), app.edge.now()).await?;
    if !found.findings.is_empty() {
        let count = found.findings.len();
        tracing::error!(tenant.id = %caller.scope().tenant(), count, "the audit log was changed");
    }
    let next = paging.next(&caller, found.next.as_deref())?;
    let answer = VerificationAnswer {
        intact: found.findings.is_empty(),
        links_checked: found.links,
        entries_checked: found.entries,
        rows_checked: found.rows,
        pending: found.pending,
        findings: found.findings.iter().map(FindingAnswer::of).collect(),
        head: found.head.map(|ChainHead { seq, hash }| HeadAnswer { seq, hash }),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

fn known(paging: &Paging) -> Result<Option<ChainHead>, Error> {
    let (seq, hash) = (paging.parameter("known_seq"), paging.parameter("known_hash"));
    let (Some(seq), Some(hash)) = (seq, hash) else {
        return match seq.or(hash) {
            None => Ok(None),
            Some(_) => {
                let message = "known_seq and known_hash belong together";
                Err(Error::field("known_seq", "required", message))
            }
        };
    };
    let seq = seq.parse().ok().filter(|seq| (1..1_000_000_000_000).contains(seq));
    let seq = seq.ok_or_else(|| Error::field("known_seq", "out_of_range", "expected a number"))?;
    Ok(Some(ChainHead { seq, hash: hash.to_owned() }))
}

/// What one page of a verification found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerificationAnswer {
    /// Nothing was found on this page.
    #[schema(example = true)]
    intact: bool,
    #[schema(example = 50)]
    links_checked: usize,
    #[schema(example = 120)]
    entries_checked: usize,
    #[schema(example = 0)]
    rows_checked: usize,
    /// Rows so new that their link may still come.
    #[schema(example = 0)]
    pending: usize,
    findings: Vec<FindingAnswer>,
    /// The end of the chain. Kept elsewhere, it proves more later.
    head: Option<HeadAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// Something that is not as it was written.
#[derive(Debug, Serialize, ToSchema)]
struct FindingAnswer {
    /// `entry_changed`, `entry_removed`, `entry_inserted`, `link_changed`, `link_removed`,
    /// `link_moved` or `history_rewritten`.
    #[schema(example = "entry_changed")]
    kind: &'static str,
    /// The link it is about.
    #[schema(example = 12)]
    seq: Option<u64>,
    /// The entry it is about.
    #[schema(example = "aud_01jv8z0c9q0000000000000000")]
    entry_id: Option<String>,
}

/// A link of the chain.
#[derive(Debug, Serialize, ToSchema)]
struct HeadAnswer {
    #[schema(example = 412)]
    seq: u64,
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    hash: String,
}

impl FindingAnswer {
    fn of(finding: &Finding) -> Self {
        Self {
            kind: finding.kind.as_str(),
            seq: finding.seq,
            entry_id: finding.entry.map(|id| id.to_string()),
        }
    }
}
