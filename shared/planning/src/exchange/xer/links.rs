//! `TASKPRED`.

use std::collections::HashSet;

use super::activities::Activities;
use super::row::rows;
use super::tables::Tables;
use crate::exchange::{Account, ImportError};
use crate::network::{Link, LinkKind};

pub(super) fn read(
    tables: &Tables<'_>,
    activities: &Activities,
    account: &mut Account,
) -> Result<Vec<Link>, ImportError> {
    let mut links = Vec::new();
    let mut seen = HashSet::new();
    for row in rows(tables.get("TASKPRED")) {
        let (before, after) = (row.required("pred_task_id")?, row.required("task_id")?);
        let subject = format!("{before} -> {after}");
        let places = (activities.place(before), activities.place(after));
        let (Some(predecessor), Some(successor)) = places else {
            let (field, reason) = if places.0.is_none() {
                ("TASKPRED.pred_task_id", "the predecessor is not in the file")
            } else {
                ("TASKPRED.task_id", "the successor is not in the file")
            };
            account.skipped(row.line(), field, &subject, reason);
            continue;
        };
        let kind =
            match row.text("pred_type") {
                "" => {
                    let reason = "a link without a type is finish to start";
                    account.altered(row.line(), "TASKPRED.pred_type", &subject, reason);
                    LinkKind::FinishStart
                }
                code => LinkKind::from_code(code.strip_prefix("PR_").unwrap_or(code)).ok_or_else(
                    || row.error("TASKPRED.pred_type", &format!("`{code}` is not known")),
                )?,
            };
        if predecessor == successor {
            account.skipped(row.line(), "TASKPRED.task_id", &subject, "a link to itself");
            continue;
        }
        if !seen.insert((predecessor, successor, kind)) {
            let reason = "the same link a second time";
            account.skipped(row.line(), "TASKPRED.pred_type", &subject, reason);
            continue;
        }
        let lag = row.minutes("lag_hr_cnt")?.unwrap_or_default();
        links.push(Link { predecessor, successor, kind, lag, lag_calendar: None });
    }
    Ok(links)
}
