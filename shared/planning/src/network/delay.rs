//! How late the finish is against the baseline, and where on the path the delay arose.
//!
//! A management attribution along the driving links of today's schedule. It is not a forensic
//! time-impact analysis (AACE 29R-03), and a report of it has to say so.

use serde::{Deserialize, Serialize};

use super::{Baseline, Network, Schedule};

/// The delay of the controlling activity. Minutes of work on the project's calendar; negative is
/// ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delay {
    /// The activity whose finish was compared.
    pub activity: usize,
    pub minutes: i64,
    /// Working minutes of a day of the project's calendar, to show days.
    pub day_minutes: i64,
    /// Total float of that activity against the contract date, if there is one.
    pub contract_float: Option<i64>,
    /// Along the driving links, first to last. Their minutes add up to [`Delay::minutes`].
    pub causes: Vec<Cause>,
}

/// What one activity added to the delay it inherited from the one that drives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    pub activity: usize,
    /// Its own part of the delay.
    pub minutes: i64,
    /// The delay of its driving predecessor.
    pub inherited: i64,
    /// Whether the baseline knows it. If not, all that is later than its driver is its own.
    pub in_baseline: bool,
}

impl Network {
    /// The delay of `controlling`, the milestone of the contract; without one, of the activity
    /// that finishes last and is in the baseline. None when the baseline knows no such activity.
    pub fn delay(
        &self,
        schedule: &Schedule,
        baseline: &Baseline,
        controlling: Option<usize>,
    ) -> Option<Delay> {
        let last = || {
            let known = |n: &usize| self.late_by(schedule, baseline, *n).is_some();
            let finish = |n: &usize| schedule.dates.get(*n).map(|dates| dates.finish);
            self.order.sequence.iter().copied().filter(known).max_by_key(finish)
        };
        let activity = controlling.or_else(last)?;
        let minutes = self.late_by(schedule, baseline, activity)?;
        let project = self.plan.projects.get(self.plan.activities.get(activity)?.project)?;
        let dates = schedule.dates.get(activity)?;
        Some(Delay {
            activity,
            minutes,
            day_minutes: self.plan.calendars.get(project.calendar)?.day_minutes(),
            contract_float: project.must_finish.and(dates.total_float),
            causes: self.causes(schedule, baseline, activity, minutes),
        })
    }

    fn late_by(&self, schedule: &Schedule, baseline: &Baseline, n: usize) -> Option<i64> {
        let activity = self.plan.activities.get(n)?;
        let agreed = baseline.activities.get(&activity.id)?;
        let project = self.plan.projects.get(activity.project)?;
        let calendar = self.plan.calendars.get(project.calendar)?;
        Some(calendar.between(agreed.finish, schedule.dates.get(n)?.finish))
    }

    /// From the controlling activity back over the driver that is itself the latest.
    fn causes(
        &self,
        schedule: &Schedule,
        baseline: &Baseline,
        last: usize,
        minutes: i64,
    ) -> Vec<Cause> {
        let mut causes = Vec::new();
        let (mut activity, mut late, mut known) = (last, minutes, true);
        loop {
            let drivers = self.drivers(schedule, activity);
            let latest = drivers
                .into_iter()
                .map(|n| (self.late_by(schedule, baseline, n), n))
                .max_by_key(|(late, n)| (*late, std::cmp::Reverse(*n)));
            // A driver that the baseline lacks hands its whole delay on.
            let inherited = latest.map_or(0, |(late_by, _)| late_by.unwrap_or(late));
            causes.push(Cause {
                activity,
                minutes: late - inherited,
                inherited,
                in_baseline: known,
            });
            let Some((late_by, driver)) = latest else { break };
            (activity, late, known) = (driver, inherited, late_by.is_some());
        }
        causes.reverse();
        causes
    }
}
