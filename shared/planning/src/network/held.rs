//! The forward pass with starts held back by something else than links, for levelling.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::facts::Facts;
use super::schedule::{Passes, Placed};
use super::{Network, Rule, Schedule, schedule};
use crate::calendar::Moment;

/// A piece of work where links, constraints and progress allow it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) activity: usize,
    /// A place among the calendars of the plan.
    pub(crate) calendar: usize,
    /// Working minutes of the calendar before its start.
    pub(crate) work: i64,
    /// Working minutes that it takes.
    pub(crate) minutes: i64,
}

/// Whether there is room for a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    Here,
    /// Not before this moment.
    After(Moment),
    /// Neither here nor later.
    Never,
}

/// What there is room for besides what links say.
pub(crate) trait Room {
    fn fit(&self, spot: &Spot) -> Fit;

    /// The work is there now; `fits` is whether there was room, for some of it cannot be moved.
    fn take(&mut self, spot: &Spot, fits: bool);
}

/// For each activity the moment before which it is held back.
pub(crate) type Floors = Vec<Option<Moment>>;

impl Network {
    /// The order that keeps the links and takes the smallest key first among what may be taken.
    pub(crate) fn order_by<K: Ord>(&self, key: impl Fn(usize) -> K) -> Vec<usize> {
        let links = &self.plan.links;
        let into = |n: usize| self.order.into.of(n).len();
        let mut waits: Vec<usize> = (0..self.facts.len()).map(into).collect();
        let free = self.order.sequence.iter().copied().filter(|n| into(*n) == 0);
        let mut heap: BinaryHeap<_> = free.map(|n| Reverse((key(n), n))).collect();
        let mut order = Vec::with_capacity(self.order.sequence.len());
        while let Some(Reverse((_, n))) = heap.pop() {
            order.push(n);
            for link in self.order.out_of.of(n) {
                let Some(next) = links.get(*link).map(|link| link.successor) else { continue };
                let Some(left) = waits.get_mut(next) else { continue };
                *left -= 1;
                if *left == 0 {
                    heap.push(Reverse((key(next), next)));
                }
            }
        }
        order
    }

    /// Serial schedule generation by the forward pass itself: each activity of an order that
    /// keeps the links at the first place for which there is room. What has to be held back for
    /// that, and the last finish.
    pub(crate) fn hold(&self, order: &[usize], room: &mut impl Room) -> (Floors, Moment) {
        let facts = self.early_facts();
        let mut floors = vec![None; facts.len()];
        let mut passes = self.passes(&facts);
        let mut finish = Moment::from_minutes(i64::MIN);
        for n in order {
            let Some(own) = facts.get(*n) else { continue };
            let (placed, floor) = passes.hold(*n, own, room);
            if let Some(slot) = floors.get_mut(*n) {
                *slot = floor;
            }
            finish = finish.max(placed.early_finish.at);
            if let Some(slot) = passes.placed.get_mut(*n) {
                *slot = placed;
            }
        }
        (floors, finish)
    }

    /// The schedule with activities held back. Nothing is moved as late as possible: what that
    /// would use up has been given to others.
    pub(crate) fn schedule_held(&self, floors: &[Option<Moment>]) -> Schedule {
        let mut facts = self.early_facts();
        for (facts, floor) in facts.iter_mut().zip(floors) {
            facts.external_start = facts.external_start.max(*floor);
        }
        schedule::compute(self, &facts, &self.plan.links)
    }

    /// The activities as they are, but as soon as possible.
    fn early_facts(&self) -> Vec<Facts> {
        let mut facts = self.facts.clone();
        for slot in facts.iter_mut().flat_map(|facts| &mut facts.constraints) {
            *slot = slot.filter(|constraint| constraint.rule != Rule::AsLateAsPossible);
        }
        facts
    }

    fn passes<'a>(&'a self, facts: &'a [Facts]) -> Passes<'a> {
        Passes {
            network: self,
            facts,
            links: &self.plan.links,
            options: &self.plan.options,
            placed: vec![Placed::default(); facts.len()],
            driving: Vec::new(),
            free_float: Vec::new(),
            project_finish: Vec::new(),
            counted: self.plan.calendars.iter().map(|_| Cell::default()).collect(),
        }
    }
}

impl Passes<'_> {
    /// Where an activity goes, and until when it had to be held back for that. What there is no
    /// room for, and what its constraint or its start holds, stays where its links allow it.
    fn hold(&self, n: usize, facts: &Facts, room: &mut impl Room) -> (Placed, Option<Moment>) {
        let spot = |placed: &Placed| {
            // Of what MS Project has started, what is left comes last.
            let (minutes, finish) = (placed.remaining, placed.early_finish.work);
            Spot { activity: n, calendar: facts.calendar, work: finish - minutes, minutes }
        };
        let first = self.place_early(n, facts, &mut Vec::new());
        let mut held = *facts;
        let (mut floor, mut placed) = (None, first);
        while placed.remaining > 0 {
            let at = spot(&placed);
            let next = match room.fit(&at) {
                Fit::Here => break,
                Fit::Never => None,
                Fit::After(later) => {
                    floor = Some(later);
                    held.external_start = held.external_start.max(floor);
                    Some(self.place_early(n, &held, &mut Vec::new()))
                }
            };
            let Some(next) = next.filter(|next| spot(next).work > at.work) else {
                room.take(&spot(&first), false);
                return (first, None);
            };
            placed = next;
        }
        room.take(&spot(&placed), true);
        (placed, floor)
    }
}
