//! What is there of each resource at each moment, and what is left of it.

use std::collections::BTreeMap;

use super::Overdrawn;
use crate::calendar::{Calendar, Moment};
use crate::network::{Availability, Fit, Kind, Network, Room, Schedule, Spot};

/// The resources that may run out, and who uses how much of them.
pub(super) struct Store {
    /// Places in the plan.
    pub(super) resources: Vec<usize>,
    capacities: Vec<Vec<Step>>,
    /// Whether all who use it have one calendar, and its capacity never changes: then the gaps
    /// of that calendar need not be looked at.
    is_uniform: Vec<bool>,
    /// Of each activity: a place in `resources`, and an amount.
    demands: Vec<Vec<(usize, i64)>>,
}

/// So much from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    from: Moment,
    amount: i64,
}

impl Store {
    pub(super) fn new(network: &Network, schedule: &Schedule) -> Self {
        let plan = network.plan();
        let works = |n: usize| {
            let (activity, dates) = (plan.activities.get(n)?, schedule.dates.get(n)?);
            let project = plan.projects.get(activity.project)?;
            let is_ours = activity.kind == Kind::Task && !project.is_external;
            (is_ours && activity.actual_finish.is_none() && dates.remaining > 0)
                .then_some(activity.calendar)
        };
        // By resource, then by activity: two assignments of one crew count together.
        let mut used: BTreeMap<usize, BTreeMap<usize, i64>> = BTreeMap::new();
        for one in plan.assignments.iter().filter(|one| one.amount > 0) {
            if works(one.activity).is_some() {
                let users = used.entry(one.resource).or_default();
                *users.entry(one.activity).or_default() += i64::from(one.amount);
            }
        }
        let mut store = Self {
            resources: Vec::new(),
            capacities: Vec::new(),
            is_uniform: Vec::new(),
            demands: vec![Vec::new(); plan.activities.len()],
        };
        for (place, users) in used {
            let Some(resource) = plan.resources.get(place) else { continue };
            let least = resource.capacity.iter().map(|step| i64::from(step.amount)).min();
            // What is enough for all of them at once never runs out.
            if least.is_none_or(|least| users.values().sum::<i64>() <= least) {
                continue;
            }
            let mut calendars = users.keys().filter_map(|n| works(*n));
            let first = calendars.next();
            let one_calendar = calendars.all(|calendar| Some(calendar) == first);
            for (activity, amount) in users {
                if let Some(list) = store.demands.get_mut(activity) {
                    list.push((store.resources.len(), amount));
                }
            }
            store.resources.push(place);
            store.is_uniform.push(one_calendar && resource.capacity.len() == 1);
            store.capacities.push(steps(&resource.capacity));
        }
        store
    }

    /// How many activities use what may run out.
    pub(super) fn users(&self) -> usize {
        self.demands.iter().filter(|demands| !demands.is_empty()).count()
    }

    pub(super) fn demands(&self, activity: usize) -> &[(usize, i64)] {
        self.demands.get(activity).map_or(&[], Vec::as_slice)
    }

    /// The empty room.
    pub(super) fn room<'s>(&'s self, network: &'s Network) -> Stock<'s> {
        let calendars = &network.plan().calendars;
        let (store, free) = (self, self.capacities.clone());
        Stock { store, calendars, free, overdrawn: Vec::new() }
    }

    /// Of resources whose users have one calendar: they cannot be done before all there is of it
    /// has done all that is to be done.
    pub(super) fn lower_bound(&self, network: &Network, schedule: &Schedule) -> Moment {
        let plan = network.plan();
        let mut bound = schedule.finish;
        for (number, steps) in self.capacities.iter().enumerate() {
            let (mut work, mut first, mut calendar) = (0_i64, None, None);
            for (activity, demands) in self.demands.iter().enumerate() {
                let Some((_, amount)) = demands.iter().find(|(one, _)| *one == number) else {
                    continue;
                };
                let (Some(dates), Some(one)) =
                    (schedule.dates.get(activity), plan.activities.get(activity))
                else {
                    continue;
                };
                // What is more than there ever is does not hold the others up.
                let most = steps.iter().map(|step| step.amount).max().unwrap_or_default();
                if *amount <= most {
                    work = work.saturating_add(amount.saturating_mul(dates.remaining));
                }
                first =
                    Some(first.map_or(dates.early_start, |at: Moment| at.min(dates.early_start)));
                calendar = Some(one.calendar);
            }
            let most = steps.iter().map(|step| step.amount).max().unwrap_or_default();
            let calendar = calendar.and_then(|place| plan.calendars.get(place));
            if let (true, Some(first), Some(calendar)) =
                (self.is_uniform.get(number) == Some(&true) && most > 0, first, calendar)
            {
                let minutes = work.saturating_add(most - 1) / most;
                bound = bound.max(calendar.finish_at(calendar.work_before(first) + minutes));
            }
        }
        bound
    }
}

/// Capacities in order; the first from the beginning of time.
fn steps(capacity: &[Availability]) -> Vec<Step> {
    let mut steps: Vec<Step> =
        capacity.iter().map(|one| Step { from: one.from, amount: i64::from(one.amount) }).collect();
    if let Some(first) = steps.first_mut() {
        first.from = Moment::from_minutes(i64::MIN);
    }
    steps
}

/// What is left.
pub(super) struct Stock<'s> {
    store: &'s Store,
    calendars: &'s [Calendar],
    free: Vec<Vec<Step>>,
    pub(super) overdrawn: Vec<Overdrawn>,
}

impl Stock<'_> {
    /// When the work is done, and in one piece if its gaps do not matter.
    fn periods(&self, spot: &Spot, is_uniform: bool) -> Vec<(Moment, Moment)> {
        let Some(calendar) = self.calendars.get(spot.calendar) else { return Vec::new() };
        let from = calendar.start_at(spot.work);
        let to = calendar.finish_at(spot.work + spot.minutes);
        if is_uniform { vec![(from, to)] } else { calendar.periods(from, to) }
    }

    fn is_uniform(&self, number: usize) -> bool {
        self.store.is_uniform.get(number).copied().unwrap_or_default()
    }

    /// Whether there is so much there; if not, after the last stretch in which there is less.
    fn fit_one(&self, number: usize, amount: i64, spot: &Spot) -> Fit {
        let Some(steps) = self.free.get(number) else { return Fit::Here };
        for (from, to) in self.periods(spot, self.is_uniform(number)).into_iter().rev() {
            let after = steps.partition_point(|step| step.from < to);
            let before = steps.partition_point(|step| step.from <= from).saturating_sub(1);
            let is_short =
                |place: &usize| steps.get(*place).is_some_and(|step| step.amount < amount);
            if let Some(place) = (before..after).rev().find(is_short) {
                // The next step with enough; the last one lasts for ever.
                let end = steps.iter().skip(place).find(|step| step.amount >= amount);
                return end.map_or(Fit::Never, |step| Fit::After(step.from));
            }
        }
        Fit::Here
    }

    fn draw(&mut self, number: usize, amount: i64, spot: &Spot) {
        let periods = self.periods(spot, self.is_uniform(number));
        let Some(steps) = self.free.get_mut(number) else { return };
        for (from, to) in periods {
            let first = cut(steps, from);
            let last = cut(steps, to);
            for step in steps.iter_mut().take(last).skip(first) {
                step.amount -= amount;
            }
        }
    }

    /// Whether there ever is so much, if nobody else is there.
    fn is_enough(&self, number: usize, amount: i64) -> bool {
        let steps = self.store.capacities.get(number);
        steps.is_some_and(|steps| steps.iter().any(|step| amount <= step.amount))
    }
}

impl Room for Stock<'_> {
    fn fit(&self, spot: &Spot) -> Fit {
        let demands = self.store.demands(spot.activity).iter();
        let demands = demands.filter(|(number, amount)| self.is_enough(*number, *amount));
        let fits = demands.map(|(number, amount)| self.fit_one(*number, *amount, spot));
        fits.max().unwrap_or(Fit::Here)
    }

    fn take(&mut self, spot: &Spot, fits: bool) {
        let store = self.store;
        for (number, amount) in store.demands(spot.activity) {
            let may_be_short = !fits || !self.is_enough(*number, *amount);
            if let (true, Some(resource)) = (
                may_be_short && self.fit_one(*number, *amount, spot) != Fit::Here,
                store.resources.get(*number),
            ) {
                self.overdrawn.push(Overdrawn { activity: spot.activity, resource: *resource });
            }
            self.draw(*number, *amount, spot);
        }
    }
}

/// The place of the step that begins at a moment, which is made if there is none.
fn cut(steps: &mut Vec<Step>, at: Moment) -> usize {
    let place = steps.partition_point(|step| step.from < at);
    if steps.get(place).is_none_or(|step| step.from != at) {
        let amount = place.checked_sub(1).and_then(|before| steps.get(before));
        let amount = amount.map_or(0, |step| step.amount);
        steps.insert(place, Step { from: at, amount });
    }
    place
}
