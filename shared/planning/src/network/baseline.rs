//! What was agreed, and how far the schedule has moved from it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Network, Plan, Schedule};
use crate::calendar::Moment;

/// An agreed schedule, by the ids of activities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    pub activities: BTreeMap<String, BaselineActivity>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineActivity {
    pub start: Moment,
    pub finish: Moment,
    /// Working minutes.
    pub duration: i64,
}

/// How one activity differs from the baseline. Minutes of work on its calendar; positive is later
/// or longer. An activity that the baseline or the plan lacks has nothing to compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variance {
    pub id: String,
    pub in_baseline: bool,
    pub in_plan: bool,
    pub start: Option<i64>,
    pub finish: Option<i64>,
    pub duration: Option<i64>,
}

impl Baseline {
    /// A schedule, kept as it is.
    pub fn of(plan: &Plan, schedule: &Schedule) -> Self {
        let activities = plan.activities.iter().zip(&schedule.dates).map(|(activity, dates)| {
            let kept = BaselineActivity {
                start: dates.start,
                finish: dates.finish,
                duration: activity.duration,
            };
            (activity.id.clone(), kept)
        });
        Self { activities: activities.collect() }
    }

    /// The last finish agreed.
    pub fn finish(&self) -> Option<Moment> {
        self.activities.values().map(|activity| activity.finish).max()
    }
}

impl Network {
    /// Every activity of the plan, then those only the baseline has.
    pub fn compare(&self, schedule: &Schedule, baseline: &Baseline) -> Vec<Variance> {
        let plan = self.plan();
        let mut found = Vec::with_capacity(plan.activities.len());
        let mut known = BTreeSet::new();
        for (activity, dates) in plan.activities.iter().zip(&schedule.dates) {
            known.insert(activity.id.as_str());
            let agreed = baseline.activities.get(&activity.id);
            let calendar = plan.calendars.get(activity.calendar);
            let moved = |from: Moment, to: Moment| calendar.map(|one| one.between(from, to));
            found.push(Variance {
                id: activity.id.clone(),
                in_baseline: agreed.is_some(),
                in_plan: true,
                start: agreed.and_then(|agreed| moved(agreed.start, dates.start)),
                finish: agreed.and_then(|agreed| moved(agreed.finish, dates.finish)),
                duration: agreed.map(|agreed| activity.duration - agreed.duration),
            });
        }
        let gone = baseline.activities.keys().filter(|id| !known.contains(id.as_str()));
        found.extend(gone.map(|id| Variance {
            id: id.clone(),
            in_baseline: true,
            in_plan: false,
            start: None,
            finish: None,
            duration: None,
        }));
        found
    }
}
