//! What the project manager should hear of. (R3: an issue report makes a risk alert.)

use domain::project::{Insight, InsightKind, Priority};
use domain::text::clip;
use domain::{Ids, InsightId};
use language::{Intent, UrgencyLevel};
use store::ProjectDelta;
use tenancy::policy::Action;

use super::{Reading, text};
use crate::phrases;
use crate::plan::Plan;
use crate::situation::{Site, Situation};

const SUMMARY_CHARS_MAX: usize = 300;
/// Members told of one insight.
const NOTIFIED_MAX: usize = 5;

/// An insight, and a notice to the project's managers.
pub(super) fn raise(
    situation: &Situation,
    site: &Site,
    reading: &Reading<'_>,
    ids: &dyn Ids,
) -> Plan {
    let language = situation.language;
    if !site.may(Action::ReportFromSite) {
        return Plan::say(text(phrases::role_forbids(language, &site.project.name)));
    }
    let kind = kind(reading.intent().0);
    let insight = Insight {
        id: InsightId::mint(ids, situation.now),
        project: site.project.id,
        kind,
        priority: priority(kind, reading.understanding.urgency.level),
        summary: clip(reading.text.trim(), SUMMARY_CHARS_MAX),
        reported_by: Some(site.user),
        source: situation.message,
        created_at: situation.now,
    };
    let notify: Vec<_> = site.managers.iter().copied().take(NOTIFIED_MAX).collect();
    let delta = ProjectDelta { insights_open: 1, ..ProjectDelta::default() };
    let reply = text(phrases::issue_raised(language, &insight, !notify.is_empty()));
    let plan = Plan::say(reply).effect("insight_raised", insight.id);
    Plan { totals: Some((site.project.id, delta)), new_insight: Some(insight), notify, ..plan }
}

fn kind(intent: Intent) -> InsightKind {
    if intent == Intent::SafetyReport {
        InsightKind::Safety
    } else if intent == Intent::CostOverrun {
        InsightKind::CostOverrun
    } else {
        InsightKind::RiskAlert
    }
}

/// A safety report is never less than high, whatever the points say.
fn priority(kind: InsightKind, level: UrgencyLevel) -> Priority {
    let priority = match level {
        UrgencyLevel::Low => Priority::Low,
        UrgencyLevel::Medium => Priority::Medium,
        UrgencyLevel::High => Priority::High,
        UrgencyLevel::Critical => Priority::Critical,
    };
    match (kind, priority) {
        (InsightKind::Safety, Priority::Low | Priority::Medium) => Priority::High,
        _ => priority,
    }
}
