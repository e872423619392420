//! Points 11 to 14: how the plan is kept, and whether its longest path is one.

use rust_decimal::Decimal;

use super::checks::{Placed, is_task};
use super::{Check, Finding, Limit, Subject};
use crate::calendar::{Calendar, Moment};
use crate::control::exact::{add, div, hundredths};
use crate::control::figure::Undefined;
use crate::network::{Change, MOST_MINUTES};

const FEW: Decimal = hundredths(5);
const INDEX: Decimal = hundredths(95);
/// The DCMA's intentional slip.
const SLIP_DAYS: i64 = 600;

impl Subject<'_> {
    pub(super) fn missed_tasks(&self) -> Finding {
        let limit = Limit::at_most(Check::MissedTasks, FEW);
        let due = self.due();
        let missed = |(one, agreed): &(Placed<'_>, Moment)| {
            one.activity.actual_finish.is_none_or(|finish| finish > *agreed)
        };
        let places: Vec<usize> =
            due.iter().filter(|due| missed(due)).map(|(one, _)| one.place).collect();
        limit.share(places.len(), due.len(), places)
    }

    /// Slip of the last activity without successors by slip of the first task on the longest path;
    /// counted on that task's calendar, and a twentieth of it is allowed for other calendars.
    pub(super) fn critical_path_test(&self) -> Finding {
        let limit = Limit::at_least(Check::CriticalPathTest, INDEX);
        let is_open = |one: &Placed<'_>| is_task(one) && one.activity.actual_finish.is_none();
        let path = self.schedule.longest_path();
        let first = path.into_iter().filter_map(|place| self.placed(place)).find(is_open);
        let last = self
            .scheduled()
            .filter(|one| self.network.successors(one.place).is_empty())
            .max_by_key(|one| one.dates.finish);
        let Some((one, last)) = first.zip(last) else { return limit.share(0, 0, Vec::new()) };
        let slip = SLIP_DAYS * self.day(one.activity);
        let value = self
            .moved_by(&one, slip, &last)
            .and_then(|moved| div(moved.into(), slip.into(), Undefined::NotMeasured));
        let well = value.is_ok_and(|value| value >= INDEX);
        limit.finding(value, 1, if well { Vec::new() } else { vec![one.place] })
    }

    /// Of the first project: float to the contract date, without one to the baseline's finish.
    pub(super) fn path_length_index(&self) -> Finding {
        let limit = Limit::at_least(Check::PathLengthIndex, INDEX);
        limit.finding(self.index(), 1, Vec::new())
    }

    pub(super) fn execution_index(&self) -> Finding {
        let limit = Limit::at_least(Check::ExecutionIndex, INDEX);
        let due = self.due();
        let open: Vec<usize> = due
            .iter()
            .filter(|(one, _)| one.activity.actual_finish.is_none())
            .map(|(one, _)| one.place)
            .collect();
        // All that is finished, also what was not due: work done ahead makes up for work late.
        let known = |one: &Placed<'_>| self.agreed_finish(one).is_some();
        let finished = self
            .scheduled()
            .filter(|one| is_task(one) && one.activity.actual_finish.is_some() && known(one));
        limit.share(finished.count(), due.len(), open)
    }

    /// By how much `last` finishes later when `one` lasts `slip` minutes longer.
    fn moved_by(&self, one: &Placed<'_>, slip: i64, last: &Placed<'_>) -> Result<i64, Undefined> {
        let minutes = one.dates.remaining.saturating_add(slip).min(MOST_MINUTES);
        let change = Change::Remaining { activity: one.place, minutes };
        let slipped = self.network.what_if(&[change]).map_err(|_| Undefined::NotMeasured)?;
        let after = slipped.dates.get(last.place).ok_or(Undefined::NotMeasured)?;
        let calendar = self.network.plan().calendars.get(one.activity.calendar);
        let calendar = calendar.ok_or(Undefined::NotMeasured)?;
        Ok(calendar.between(last.dates.finish, after.finish))
    }

    fn index(&self) -> Result<Decimal, Undefined> {
        let plan = self.network.plan();
        let project = plan.projects.first().ok_or(Undefined::NotMeasured)?;
        let calendar: &Calendar =
            plan.calendars.get(project.calendar).ok_or(Undefined::NotMeasured)?;
        let finish = *self.schedule.project_finish.first().ok_or(Undefined::NotMeasured)?;
        let agreed = self.evidence.baseline.and_then(crate::network::Baseline::finish);
        let wanted = project.must_finish.or(agreed).ok_or(Undefined::NotMeasured)?;
        let length = Decimal::from(calendar.between(project.data_date, finish));
        let float = Decimal::from(calendar.between(finish, wanted));
        if length <= Decimal::ZERO {
            return Err(Undefined::WorkComplete);
        }
        div(add(length, float)?, length, Undefined::WorkComplete)
    }

    /// Tasks that the baseline has finished by the data date, with that finish.
    fn due(&self) -> Vec<(Placed<'_>, Moment)> {
        self.scheduled()
            .filter(is_task)
            .filter_map(|one| Some((one, self.agreed_finish(&one)?)))
            .filter(|(one, agreed)| *agreed <= self.data_date(one.activity))
            .collect()
    }

    fn agreed_finish(&self, one: &Placed<'_>) -> Option<Moment> {
        let agreed = self.evidence.baseline?.activities.get(&one.activity.id)?;
        Some(agreed.finish)
    }
}
