//! Levelling of a [`Network`]: when to do what, by its own calendars, links and constraints.
//!
//! Each schedule that is tried is made by the network's own forward pass, which is asked to hold
//! an activity back until there is room for it. So links, lags, calendars, constraints and
//! progress mean what they mean in [`Network::schedule`], and nothing of them is changed. What
//! varies is who comes first: priority rules give orders, and a search on a simplified copy in
//! whole ticks ([`super::level`]) gives a better one. The shortest schedule counts.
//!
//! - Work that is finished, levels of effort and summaries use nothing.
//! - What was started comes before what was not, and waits too if there is no room for both.
//! - What cannot be moved (a mandatory date, a date set by hand) stays where it is. If there is
//!   no room for it there, or for anything at all of that size, that is said in
//!   [`LevelledPlan::overdrawn`].
//! - An as-late-as-possible activity is done as soon as possible.
//! - Floats are those that links leave; resources are not looked at.

mod check;
mod copy;
mod room;

use std::time::Duration;

use serde::Serialize;

use super::{Effort, level};
use crate::calendar::{CalendarError, Moment};
use crate::network::{Assignment, Floors, Kind, Network, Plan, PlanError, Schedule};
pub use check::Broken;
use room::Store;

/// Most activities that use resources of which there is not enough for all: the time for one
/// schedule grows with the square of their number, and of this many it is some seconds.
pub const MOST_LEVELLED: usize = 10_000;

/// A schedule in which nothing is overdrawn, beside the one that looks at links only.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelledPlan {
    /// In the order of the plan's activities.
    pub schedule: Schedule,
    /// Where the last activity ends in it.
    pub finish: Moment,
    /// Where it would end if there were enough of everything.
    pub unlevelled_finish: Moment,
    /// No schedule of these links, calendars and capacities ends before.
    pub lower_bound: Moment,
    /// What was moved, in the order of the plan.
    pub delays: Vec<Delayed>,
    /// Where there is not enough, and nothing could be moved to change that.
    pub overdrawn: Vec<Overdrawn>,
    /// Orders that were scheduled, those of the simplified copy included.
    pub evaluations: u64,
    pub seed: u64,
}

/// An activity that levelling moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Delayed {
    pub activity: usize,
    pub from: Moment,
    pub to: Moment,
    /// Working minutes of its calendar.
    pub minutes: i64,
}

/// An activity for which there is not enough of a resource where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Overdrawn {
    pub activity: usize,
    pub resource: usize,
}

/// Why a network cannot be levelled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkRefusal {
    #[error("activity {activity} and a resource it uses never work at the same time: {error}")]
    NeverWorks { activity: String, error: CalendarError },
    #[error("{count} activities use resources that may run out; the most is {MOST_LEVELLED}")]
    TooMany { count: usize },
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error("the schedule found broke a rule: {0}")]
    Broken(#[from] Broken),
}

/// Levels a network with the resources and assignments of its plan.
///
/// The schedule is checked by code that shares nothing with what made it. The same network,
/// counted effort and seed give the same bytes.
pub fn level_network(
    network: &Network,
    effort: Effort<'_>,
    seed: u64,
) -> Result<LevelledPlan, NetworkRefusal> {
    let joined = joined(network)?;
    let network = joined.as_ref().unwrap_or(network);
    let none: Floors = vec![None; network.plan().activities.len()];
    let unlevelled = network.schedule_held(&none);
    let store = Store::new(network, &unlevelled);
    let count = store.users();
    if count > MOST_LEVELLED {
        return Err(NetworkRefusal::TooMany { count });
    }
    let mut best = Best { network, store: &store, found: None, evaluations: 0 };
    let began = now(effort);
    best.by_rules(&unlevelled, effort, began);
    let effort = rest(effort, began, best.evaluations);
    if best.finish() > Some(unlevelled.finish) {
        // Not enough to do everything as early as the links allow: look further.
        if let Some(copy) = copy::Copy::new(network, &unlevelled, &store)
            && let Ok(found) = level(&copy.project, effort, seed)
        {
            best.evaluations += found.evaluations;
            best.by_starts(&copy, &found.starts, &unlevelled);
        }
    }
    let Best { found, evaluations, .. } = best;
    let (floors, overdrawn) = found.map_or((none, Vec::new()), |(_, floors, over)| (floors, over));
    let schedule = network.schedule_held(&floors);
    let lower_bound = store.lower_bound(network, &unlevelled).max(unlevelled.finish);
    check::check(network, &schedule, &overdrawn)?;
    Ok(LevelledPlan {
        finish: schedule.finish,
        unlevelled_finish: unlevelled.finish,
        lower_bound: lower_bound.min(schedule.finish),
        delays: delays(network.plan(), &unlevelled, &schedule),
        overdrawn,
        schedule,
        evaluations,
        seed,
    })
}

fn now(effort: Effort<'_>) -> Duration {
    match effort {
        Effort::Time { clock, .. } => clock(),
        Effort::Evaluations(_) => Duration::ZERO,
    }
}

fn is_half_spent(effort: Effort<'_>, began: Duration) -> bool {
    match effort {
        Effort::Time { limit, clock } => clock().saturating_sub(began) >= limit / 2,
        Effort::Evaluations(_) => false,
    }
}

/// What is left of the time, less one more schedule like those that were made.
fn rest(effort: Effort<'_>, began: Duration, made: u64) -> Effort<'_> {
    match effort {
        Effort::Time { limit, clock } => {
            let spent = clock().saturating_sub(began);
            let one = spent / u32::try_from(made).unwrap_or(u32::MAX).max(1);
            Effort::Time { limit: limit.saturating_sub(spent + one), clock }
        }
        Effort::Evaluations(_) => effort,
    }
}

/// The best order so far.
struct Best<'n> {
    network: &'n Network,
    store: &'n Store,
    found: Option<(Key, Floors, Vec<Overdrawn>)>,
    evaluations: u64,
}

/// What makes one schedule better than another: less overdrawn, an earlier end, earlier starts.
type Key = (usize, Moment, i64);

impl Best<'_> {
    fn finish(&self) -> Option<Moment> {
        self.found.as_ref().map(|((_, finish, _), ..)| *finish)
    }

    /// Latest start, latest finish, least float, earliest start: whoever has the smallest first.
    fn by_rules(&mut self, schedule: &Schedule, effort: Effort<'_>, began: Duration) {
        for rule in 0..4 {
            if self.found.is_some() && is_half_spent(effort, began) {
                return;
            }
            let order = self.network.order_by(|n| {
                let dates = schedule.dates.get(n);
                let key = dates.map_or(0, |dates| match rule {
                    0 => dates.late_start.minutes(),
                    1 => dates.late_finish.minutes(),
                    2 => dates.late_finish - dates.early_finish,
                    _ => dates.early_start.minutes(),
                });
                (!self.is_started(n), key, dates.map(|dates| dates.late_finish))
            });
            self.offer(&order);
        }
    }

    /// In the order of the starts that a search found; what it did not look at in that of time.
    fn by_starts(&mut self, copy: &copy::Copy, starts: &[u64], schedule: &Schedule) {
        let mut at: Vec<Moment> = schedule.dates.iter().map(|dates| dates.early_start).collect();
        for (activity, start) in copy.activities.iter().zip(starts) {
            if let Some(slot) = at.get_mut(*activity) {
                *slot = copy.moment(*start);
            }
        }
        let order = self.network.order_by(|n| at.get(n).copied());
        self.offer(&order);
    }

    fn offer(&mut self, order: &[usize]) {
        self.evaluations += 1;
        let mut room = self.store.room(self.network);
        let (floors, finish) = self.network.hold(order, &mut room);
        let moved = floors.iter().flatten().map(|floor| floor.minutes()).sum();
        let key = (room.overdrawn.len(), finish, moved);
        if self.found.as_ref().is_none_or(|(best, ..)| key < *best) {
            room.overdrawn.sort_unstable();
            self.found = Some((key, floors, room.overdrawn));
        }
    }

    fn is_started(&self, n: usize) -> bool {
        let activity = self.network.plan().activities.get(n);
        activity.is_some_and(|activity| activity.actual_start.is_some())
    }
}

fn delays(plan: &Plan, before: &Schedule, after: &Schedule) -> Vec<Delayed> {
    let pairs = before.dates.iter().zip(&after.dates).zip(&plan.activities);
    (0..)
        .zip(pairs)
        .filter(|(_, ((before, after), activity))| {
            activity.kind.is_scheduled() && after.early_start > before.early_start
        })
        .map(|(activity, ((before, after), one))| Delayed {
            activity,
            from: before.early_start,
            to: after.early_start,
            minutes: plan
                .calendars
                .get(one.calendar)
                .map_or(0, |calendar| calendar.between(before.early_start, after.early_start)),
        })
        .collect()
}

/// The network with calendars that work when activities and their resources both do; none if
/// all are so already.
fn joined(network: &Network) -> Result<Option<Network>, NetworkRefusal> {
    let plan = network.plan();
    let other = |one: &&Assignment| {
        let theirs = plan.resources.get(one.resource).and_then(|resource| resource.calendar);
        let own = plan.activities.get(one.activity).map(|activity| activity.calendar);
        one.on_its_calendar && one.amount > 0 && theirs.is_some() && theirs != own
    };
    let mut changed: Option<Plan> = None;
    for assignment in plan.assignments.iter().filter(other) {
        let plan = changed.get_or_insert_with(|| plan.clone());
        let theirs = plan.resources.get(assignment.resource).and_then(|one| one.calendar);
        let Some(theirs) = theirs.and_then(|place| plan.calendars.get(place)).cloned() else {
            continue;
        };
        let Some(activity) = plan.activities.get_mut(assignment.activity) else { continue };
        if !matches!(activity.kind, Kind::Task) || activity.actual_finish.is_some() {
            continue;
        }
        let Some(own) = plan.calendars.get(activity.calendar) else { continue };
        let both = own
            .common(&theirs)
            .map_err(|error| NetworkRefusal::NeverWorks { activity: activity.id.clone(), error })?;
        let same = |one: &crate::calendar::Calendar| {
            one.week() == both.week() && one.exceptions() == both.exceptions()
        };
        if !same(own) {
            let known = plan.calendars.iter().position(same);
            activity.calendar = known.unwrap_or(plan.calendars.len());
            if known.is_none() {
                plan.calendars.push(both);
            }
        }
    }
    Ok(changed.map(Network::new).transpose()?)
}
