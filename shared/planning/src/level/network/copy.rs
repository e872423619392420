//! A simplified copy of a network in whole ticks, for the search: a minute, or some minutes
//! where the network is long.
//!
//! It may be wrong where the passes know better (lags that are partly spent, dates that a link
//! keeps between working periods): what is found in it is only an order.

use super::room::Store;
use crate::calendar::{Calendar, MINUTES_A_DAY, Moment};
use crate::level::{
    Calendar as Ticks, Demand, LAST_TICK, Link, LinkKind, MOST_CAPACITY, MOST_RESOURCES, Project,
    Resource, Step, Task,
};
use crate::network::{self, LagCalendar, Network, Plan, Schedule};

/// So many times as long as the links alone need is looked ahead.
const STRETCH: i64 = 4;
const WEEK: i64 = 7 * MINUTES_A_DAY;
/// Minutes of a tick: the first with which there are not too many. Each divides a day.
const UNITS: [i64; 7] = [1, 5, 15, 30, 60, 120, 240];
const ENOUGH_TICKS: i64 = 60_000;

pub(super) struct Copy {
    pub(super) project: Project,
    /// The activity of each task.
    pub(super) activities: Vec<usize>,
    /// Tick 0.
    base: Moment,
    /// Minutes of a tick.
    unit: i64,
}

impl Copy {
    /// None if the network is too large or too long for it.
    pub(super) fn new(network: &Network, schedule: &Schedule, store: &Store) -> Option<Self> {
        let plan = network.plan();
        let left =
            |n: &usize| plan.activities.get(*n).is_some_and(|one| one.actual_finish.is_none());
        let activities: Vec<usize> = network.sequence().iter().copied().filter(left).collect();
        let starts = activities.iter().filter_map(|n| schedule.dates.get(*n));
        let first = starts.map(|dates| dates.early_start).min()?;
        let base = Moment::midnight(first.date());
        let span = (schedule.finish - base).max(WEEK);
        let minutes = (span.checked_mul(STRETCH)? / WEEK + 1).checked_mul(WEEK)?;
        let unit = UNITS.into_iter().find(|unit| minutes / unit <= ENOUGH_TICKS).unwrap_or(240);
        let until = u32::try_from(minutes / unit).ok().filter(|until| *until <= LAST_TICK)?;
        if store.resources.len() > MOST_RESOURCES {
            return None;
        }
        let mut copy = Self { project: Project::default(), activities, base, unit };
        for calendar in &plan.calendars {
            copy.project.calendars.push(copy.calendar(calendar, until));
        }
        for place in &store.resources {
            copy.project.resources.push(copy.resource(plan.resources.get(*place)?, until)?);
        }
        let mut place_of = vec![None; plan.activities.len()];
        for (place, n) in copy.activities.iter().enumerate() {
            *place_of.get_mut(*n)? = Some(place);
            copy.project.tasks.push(copy.task(plan, schedule, store, *n)?);
        }
        for link in &plan.links {
            let place = |n: usize| place_of.get(n).copied().flatten();
            if let Some((from, to)) = place(link.predecessor).zip(place(link.successor)) {
                copy.project.links.extend(copy.link(plan, link, from, to));
            }
        }
        Some(copy)
    }

    /// The moment of a tick.
    pub(super) fn moment(&self, tick: u64) -> Moment {
        let minutes = i64::try_from(tick).unwrap_or(i64::MAX).saturating_mul(self.unit);
        self.base + minutes
    }

    /// The nearest tick to a moment.
    fn tick(&self, at: Moment) -> Option<u32> {
        let tick = ((at - self.base).max(0) + self.unit / 2) / self.unit;
        u32::try_from(tick).ok().filter(|tick| *tick <= LAST_TICK)
    }

    fn calendar(&self, calendar: &Calendar, until: u32) -> Ticks {
        let periods = calendar.periods(self.base, self.moment(until.into())).into_iter();
        let shifts = periods.filter_map(|(from, to)| Some(self.tick(from)?..self.tick(to)?));
        let cycle = u32::try_from(WEEK / self.unit).unwrap_or(until);
        let mut ticks = Ticks { shifts: Vec::new(), until, cycle };
        for shift in shifts.filter(|shift| shift.start < shift.end) {
            // Rounding may bring two shifts together.
            match ticks.shifts.last_mut() {
                Some(last) if last.end >= shift.start => last.end = shift.end.max(last.end),
                _ => ticks.shifts.push(shift),
            }
        }
        ticks
    }

    fn resource(&self, resource: &network::Resource, until: u32) -> Option<Resource> {
        let mut capacity: Vec<Step> = Vec::new();
        for step in &resource.capacity {
            let from = self.tick(step.from)?;
            let step = Step { from, capacity: step.amount.min(MOST_CAPACITY) };
            match capacity.last_mut() {
                Some(last) if last.from == from => *last = step,
                None => capacity.push(Step { from: 0, ..step }),
                Some(_) => capacity.push(step),
            }
        }
        // What ends one day is there again after everything, so that every order has a schedule.
        let most = capacity.iter().map(|step| step.capacity).max()?;
        if capacity.last().is_some_and(|last| last.capacity < most && last.from < until) {
            capacity.push(Step { from: until, capacity: most });
        }
        Some(Resource { capacity, calendar: None })
    }

    fn task(&self, plan: &Plan, schedule: &Schedule, store: &Store, n: usize) -> Option<Task> {
        let (activity, dates) = (plan.activities.get(n)?, schedule.dates.get(n)?);
        let most = |number: usize| {
            let resource = store.resources.get(number).and_then(|place| plan.resources.get(*place));
            let amounts = resource.into_iter().flat_map(|one| &one.capacity);
            amounts.map(|step| step.amount).max().unwrap_or_default()
        };
        let demands = store.demands(n).iter().map(|(resource, amount)| Demand {
            resource: *resource,
            // More than there is could never be placed.
            amount: u32::try_from(*amount).unwrap_or(u32::MAX).min(most(*resource)),
        });
        Some(Task {
            duration: u32::try_from((dates.remaining + self.unit - 1) / self.unit).ok()?,
            earliest: u32::try_from((dates.early_start - self.base).max(0) / self.unit).ok()?,
            calendar: (dates.remaining > 0).then_some(activity.calendar),
            demands: demands.filter(|demand| demand.amount > 0).collect(),
        })
    }

    /// A link between what is left; none where progress has done with it.
    fn link(&self, plan: &Plan, link: &network::Link, from: usize, to: usize) -> Option<Link> {
        let started =
            |n: usize| plan.activities.get(n).is_some_and(|one| one.actual_start.is_some());
        if started(link.predecessor) && !link.kind.leaves_finish() {
            return None;
        }
        let calendar_of = |n: usize| plan.activities.get(n).map(|one| one.calendar);
        let lag_calendar = match link.lag_calendar.unwrap_or(plan.options.lag_calendar) {
            _ if link.lag == 0 => None,
            LagCalendar::Predecessor => calendar_of(link.predecessor),
            LagCalendar::Successor => calendar_of(link.successor),
            LagCalendar::Project => plan.projects.first().map(|project| project.calendar),
            LagCalendar::AroundTheClock => None,
        };
        let kind = match link.kind {
            network::LinkKind::FinishStart => LinkKind::FinishToStart,
            network::LinkKind::StartStart => LinkKind::StartToStart,
            network::LinkKind::FinishFinish => LinkKind::FinishToFinish,
            network::LinkKind::StartFinish => LinkKind::StartToFinish,
        };
        // A lag that is too long for a tick's number is too long for this search.
        let lag = i32::try_from(link.lag / self.unit).unwrap_or(i32::MAX);
        Some(Link { from, to, kind, lag, lag_calendar })
    }
}
