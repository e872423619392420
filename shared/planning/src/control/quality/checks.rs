//! Points 1 to 10: what can be seen in the plan and its dates.

use rust_decimal::Decimal;

use super::{Check, Finding, Limit, Subject};
use crate::control::exact::hundredths;
use crate::network::{Activity, Dates, Kind, Link, LinkKind};

const NONE: Decimal = Decimal::ZERO;
const FEW: Decimal = hundredths(5);
const MOST: Decimal = hundredths(90);
/// Two months of working days.
const LONG_DAYS: i64 = 44;

/// An activity with its place and dates.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) place: usize,
    pub(super) activity: &'a Activity,
    pub(super) dates: &'a Dates,
}

impl Subject<'_> {
    pub(super) fn logic(&self) -> Finding {
        let open = |one: &Placed<'_>| {
            self.network.predecessors(one.place).is_empty()
                || self.network.successors(one.place).is_empty()
        };
        self.of_open(Limit::at_most(Check::Logic, FEW), |_| true, open)
    }

    pub(super) fn leads(&self) -> Finding {
        self.of_links(Limit::at_most(Check::Leads, NONE), |link| link.lag < 0)
    }

    pub(super) fn lags(&self) -> Finding {
        self.of_links(Limit::at_most(Check::Lags, FEW), |link| link.lag > 0)
    }

    /// The only share of what is well; its places are the others.
    pub(super) fn link_types(&self) -> Finding {
        let limit = Limit::at_least(Check::LinkTypes, MOST);
        let links = self.open_links();
        let others: Vec<usize> = links
            .iter()
            .filter(|(_, link)| link.kind != LinkKind::FinishStart)
            .map(|(place, _)| *place)
            .collect();
        limit.share(links.len() - others.len(), links.len(), others)
    }

    pub(super) fn hard_constraints(&self) -> Finding {
        let hard = |one: &Placed<'_>| {
            let both = [one.activity.constraint, one.activity.second_constraint];
            both.iter().flatten().any(|constraint| constraint.rule.is_hard())
        };
        self.of_open(Limit::at_most(Check::HardConstraints, FEW), |_| true, hard)
    }

    pub(super) fn high_float(&self) -> Finding {
        let high = |one: &Placed<'_>| {
            one.dates.total_float.is_some_and(|float| float > LONG_DAYS * self.day(one.activity))
        };
        self.of_open(Limit::at_most(Check::HighFloat, FEW), |_| true, high)
    }

    pub(super) fn negative_float(&self) -> Finding {
        let negative = |one: &Placed<'_>| one.dates.total_float.is_some_and(|float| float < 0);
        self.of_open(Limit::at_most(Check::NegativeFloat, NONE), |_| true, negative)
    }

    pub(super) fn high_duration(&self) -> Finding {
        let long = |one: &Placed<'_>| one.activity.duration > LONG_DAYS * self.day(one.activity);
        self.of_open(Limit::at_most(Check::HighDuration, FEW), is_task, long)
    }

    /// The only point that looks at finished work too.
    pub(super) fn invalid_dates(&self) -> Finding {
        let invalid = |one: &Placed<'_>| {
            let data_date = self.data_date(one.activity);
            let actual = [one.activity.actual_start, one.activity.actual_finish];
            let from_the_future = actual.into_iter().flatten().any(|at| at > data_date);
            let not_started = one.activity.actual_start.is_none();
            let not_finished = one.activity.actual_finish.is_none();
            from_the_future
                || (not_started && one.dates.start < data_date)
                || (not_finished && one.dates.finish < data_date)
        };
        let all: Vec<_> = self.scheduled().collect();
        let wrong: Vec<usize> =
            all.iter().filter(|one| invalid(one)).map(|one| one.place).collect();
        Limit::at_most(Check::InvalidDates, NONE).share(wrong.len(), all.len(), wrong)
    }

    pub(super) fn resources(&self) -> Finding {
        let limit = Limit::at_most(Check::Resources, NONE);
        let Some(loaded) = self.evidence.loaded else { return limit.share(0, 0, Vec::new()) };
        let empty = |one: &Placed<'_>| !loaded.get(one.place).copied().unwrap_or_default();
        self.of_open(limit, is_task, empty)
    }

    /// Tasks and milestones with their dates, summaries and levels of effort apart.
    pub(super) fn scheduled(&self) -> impl Iterator<Item = Placed<'_>> {
        self.network
            .plan()
            .activities
            .iter()
            .zip(&self.schedule.dates)
            .enumerate()
            .filter(|(_, (activity, _))| activity.kind.is_scheduled())
            .map(|(place, (activity, dates))| Placed { place, activity, dates })
    }

    pub(super) fn placed(&self, place: usize) -> Option<Placed<'_>> {
        let activity = self.network.plan().activities.get(place)?;
        Some(Placed { place, activity, dates: self.schedule.dates.get(place)? })
    }

    /// Working minutes of a day of an activity.
    pub(super) fn day(&self, activity: &Activity) -> i64 {
        let calendar = self.network.plan().calendars.get(activity.calendar);
        calendar.map_or(1, |calendar| calendar.day_minutes().max(1))
    }

    pub(super) fn data_date(&self, activity: &Activity) -> crate::calendar::Moment {
        let project = self.network.plan().projects.get(activity.project);
        project.map(|project| project.data_date).unwrap_or_default()
    }

    fn of_open(
        &self,
        limit: Limit,
        counts: impl Fn(&Placed<'_>) -> bool,
        is_so: impl Fn(&Placed<'_>) -> bool,
    ) -> Finding {
        let open: Vec<_> = self
            .scheduled()
            .filter(|one| one.activity.actual_finish.is_none() && counts(one))
            .collect();
        let places: Vec<usize> =
            open.iter().filter(|one| is_so(one)).map(|one| one.place).collect();
        limit.share(places.len(), open.len(), places)
    }

    fn of_links(&self, limit: Limit, is_so: impl Fn(&Link) -> bool) -> Finding {
        let links = self.open_links();
        let places: Vec<usize> =
            links.iter().filter(|(_, link)| is_so(link)).map(|(place, _)| *place).collect();
        limit.share(places.len(), links.len(), places)
    }

    /// Links whose successor is not finished.
    fn open_links(&self) -> Vec<(usize, &Link)> {
        let plan = self.network.plan();
        let is_open = |link: &Link| {
            plan.activities.get(link.successor).is_some_and(|one| one.actual_finish.is_none())
        };
        plan.links.iter().enumerate().filter(|(_, link)| is_open(link)).collect()
    }
}

pub(super) fn is_task(one: &Placed<'_>) -> bool {
    one.activity.kind == Kind::Task
}
