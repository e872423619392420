//! The series of a Gantt chart.

use serde::{Deserialize, Serialize};

use super::{Baseline, Kind, Plan, Schedule};
use crate::calendar::Moment;

/// A row of the chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    pub id: String,
    pub name: String,
    pub kind: Kind,
    /// How deep below summaries it stands; 0 at the top.
    pub depth: usize,
    pub start: Moment,
    pub finish: Moment,
    /// 0..=10000.
    pub progress_bp: u16,
    /// Up to here it may slip: the late finish, when that is later than the finish.
    pub float_to: Option<Moment>,
    pub critical: bool,
    pub longest_path: bool,
    pub baseline_start: Option<Moment>,
    pub baseline_finish: Option<Moment>,
    /// The ids of the activities that drive its early dates.
    pub driven_by: Vec<String>,
}

/// A bar for each activity, in the order of the plan.
pub fn gantt(plan: &Plan, schedule: &Schedule, baseline: Option<&Baseline>) -> Vec<Bar> {
    let mut drivers: Vec<Vec<String>> = vec![Vec::new(); plan.activities.len()];
    for (link, driving) in plan.links.iter().zip(&schedule.driving) {
        let before = plan.activities.get(link.predecessor).filter(|_| *driving);
        if let (Some(before), Some(slot)) = (before, drivers.get_mut(link.successor)) {
            slot.push(before.id.clone());
        }
    }
    let rows = plan.activities.iter().zip(&schedule.dates).zip(drivers);
    rows.map(|((activity, dates), driven_by)| {
        let agreed = baseline.and_then(|baseline| baseline.activities.get(&activity.id));
        let has_float = activity.actual_finish.is_none() && dates.late_finish > dates.finish;
        Bar {
            id: activity.id.clone(),
            name: activity.name.clone(),
            kind: activity.kind,
            depth: depth(plan, activity.parent),
            start: dates.start,
            finish: dates.finish,
            progress_bp: activity.progress_bp,
            float_to: has_float.then_some(dates.late_finish),
            critical: dates.critical,
            longest_path: dates.longest_path,
            baseline_start: agreed.map(|agreed| agreed.start),
            baseline_finish: agreed.map(|agreed| agreed.finish),
            driven_by,
        }
    })
    .collect()
}

fn depth(plan: &Plan, mut parent: Option<usize>) -> usize {
    let mut depth = 0;
    while let Some(above) = parent.and_then(|n| plan.activities.get(n)) {
        depth += 1;
        parent = above.parent;
    }
    depth
}
