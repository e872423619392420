//! The result of the passes, and their sequence.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::{CriticalRule, FloatRule, Kind, Link, Network, Options, ProgressRule, Rule};
use crate::calendar::{Calendar, Moment};

/// The dates and floats of one activity. Floats are working minutes of its calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// The actual start, or the early start.
    pub start: Moment,
    /// The actual finish, or the early finish.
    pub finish: Moment,
    /// Of what remains: for started work it is the moment from which it can go on.
    pub early_start: Moment,
    pub early_finish: Moment,
    pub late_start: Moment,
    pub late_finish: Moment,
    /// Working minutes that were placed: what remains, or what the expected finish makes of it.
    pub remaining: i64,
    /// None for what is finished: an empty float is not zero.
    pub total_float: Option<i64>,
    /// None for what is finished.
    pub free_float: Option<i64>,
    pub critical: bool,
    /// Not critical, and with little total float.
    pub near_critical: bool,
    pub longest_path: bool,
}

/// Every activity of a plan on the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// In the order of the plan's activities.
    pub dates: Vec<Dates>,
    /// Of each link of the plan: whether it sets its successor's early dates.
    pub driving: Vec<bool>,
    /// The last early finish of all projects.
    pub finish: Moment,
    /// The last early finish of each project.
    pub project_finish: Vec<Moment>,
    /// Links whose successor started or finished before they allowed it, by place.
    pub out_of_sequence: Vec<usize>,
}

/// A moment and the work before it, on a calendar that goes without saying.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Point {
    pub(super) at: Moment,
    pub(super) work: i64,
}

impl Point {
    /// The later of both.
    pub(super) fn max(self, other: Self) -> Self {
        Self { at: self.at.max(other.at), work: self.work.max(other.work) }
    }
}

/// Where the passes stand with one activity.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Placed {
    pub(super) early_start: Point,
    pub(super) early_finish: Point,
    pub(super) late_start: Point,
    pub(super) late_finish: Point,
    pub(super) remaining: i64,
    /// Set by a constraint later than any link asked for.
    pub(super) held: bool,
}

/// What the passes read and write.
pub(super) struct Passes<'a> {
    pub(super) network: &'a Network,
    pub(super) facts: &'a [Facts],
    pub(super) links: &'a [Link],
    pub(super) options: &'a Options,
    pub(super) placed: Vec<Placed>,
    pub(super) driving: Vec<bool>,
    pub(super) free_float: Vec<i64>,
    pub(super) project_finish: Vec<Moment>,
    /// For each calendar the last point that was counted: ends of projects come again and again.
    pub(super) counted: Vec<Cell<Point>>,
}

pub(super) fn compute(network: &Network, facts: &[Facts], links: &[Link]) -> Schedule {
    let mut passes = Passes {
        network,
        facts,
        links,
        options: &network.plan.options,
        placed: vec![Placed::default(); facts.len()],
        driving: vec![false; links.len()],
        free_float: vec![0; facts.len()],
        project_finish: vec![Moment::from_minutes(i64::MIN); network.plan.projects.len()],
        counted: network.plan.calendars.iter().map(|_| Cell::default()).collect(),
    };
    passes.forward();
    passes.backward();
    passes.hammocks();
    passes.summaries();
    passes.free_floats();
    passes.finish()
}

impl Passes<'_> {
    pub(super) fn calendar(&self, facts: &Facts) -> &Calendar {
        self.network.plan.calendars.get(facts.calendar).unwrap_or(&self.network.clock)
    }

    /// The point of a moment that many activities have in common.
    pub(super) fn common_point(&self, facts: &Facts, at: Moment) -> Point {
        let Some(counted) = self.counted.get(facts.calendar) else { return Point { at, work: 0 } };
        let mut point = counted.get();
        if point.at != at || point.work == 0 {
            point = self.point(facts, at);
            counted.set(point);
        }
        point
    }

    pub(super) fn data_date(&self, project: usize) -> Moment {
        self.network.plan.projects.get(project).map(|one| one.data_date).unwrap_or_default()
    }

    /// The moment before which an activity cannot go on, or start.
    pub(super) fn earliest(&self, facts: &Facts) -> Moment {
        let Some(project) = self.network.plan.projects.get(facts.project) else {
            return Moment::default();
        };
        match project.planned_start.filter(|_| !facts.is_started()) {
            Some(start) => start.max(project.data_date),
            None => project.data_date,
        }
    }

    fn finish(self) -> Schedule {
        let longest = self.longest_path();
        let dates = (0..self.facts.len())
            .filter_map(|n| self.dates(n, longest.get(n).copied().unwrap_or_default()))
            .collect();
        let last = self.project_finish.iter().copied().max();
        Schedule {
            dates,
            finish: last.unwrap_or_default(),
            out_of_sequence: self.out_of_sequence(),
            project_finish: self.project_finish,
            driving: self.driving,
        }
    }

    pub(super) fn is_ms_project(&self) -> bool {
        self.options.progress == ProgressRule::ActualDates
    }

    fn dates(&self, n: usize, longest_path: bool) -> Option<Dates> {
        let (facts, placed) = (self.facts.get(n)?, self.placed.get(n)?);
        let is_over = facts.is_finished() && !self.is_ms_project();
        // MS Project does the latest possible at its late dates, which leaves no float.
        let is_late = self.is_ms_project() && Self::is_late_as_possible(facts);
        let float = || if is_late { 0 } else { self.total_float(facts, placed) };
        let total_float = (!is_over).then(float);
        let can_be_critical = !facts.is_finished() && facts.kind.is_scheduled();
        let float = total_float.filter(|_| can_be_critical);
        let critical = match self.options.critical {
            CriticalRule::TotalFloat => float.is_some_and(|one| one <= self.options.critical_up_to),
            CriticalRule::LongestPath => longest_path && can_be_critical,
        };
        let (start, finish) = if is_late {
            (placed.late_start.at, placed.late_finish.at)
        } else {
            (placed.early_start.at, placed.early_finish.at)
        };
        let late_start = match facts.actual_start.filter(|_| self.is_ms_project()) {
            Some(start) => start,
            None => placed.late_start.at,
        };
        Some(Dates {
            start: facts.actual_start.unwrap_or(start),
            finish: facts.actual_finish.unwrap_or(finish),
            early_start: placed.early_start.at,
            early_finish: placed.early_finish.at,
            late_start,
            late_finish: placed.late_finish.at,
            remaining: placed.remaining,
            total_float,
            free_float: self.free_float.get(n).copied().filter(|_| !is_over),
            critical,
            near_critical: !critical
                && float.is_some_and(|float| float <= self.options.near_critical_up_to),
            longest_path,
        })
    }

    pub(super) fn total_float(&self, facts: &Facts, placed: &Placed) -> i64 {
        let by_finish = placed.late_finish.work - placed.early_finish.work;
        let by_start = placed.late_start.work - placed.early_start.work;
        match self.options.float {
            FloatRule::Start => by_start,
            FloatRule::Smaller if !facts.is_started() => by_start.min(by_finish),
            FloatRule::Finish | FloatRule::Smaller => by_finish,
        }
    }

    /// Links between a predecessor that is not done and a successor that went ahead.
    fn out_of_sequence(&self) -> Vec<usize> {
        let ahead = |link: &Link| {
            let (Some(before), Some(after)) =
                (self.facts.get(link.predecessor), self.facts.get(link.successor))
            else {
                return false;
            };
            if !before.kind.is_scheduled() || !after.kind.is_scheduled() {
                return false;
            }
            let from =
                if link.kind.leaves_finish() { before.actual_finish } else { before.actual_start };
            let to = if link.kind.arrives_at_finish() {
                after.actual_finish
            } else {
                after.actual_start
            };
            match (from, to) {
                (None, Some(_)) => true,
                (Some(from), Some(to)) => to < from && link.lag >= 0,
                (_, None) => false,
            }
        };
        (0..).zip(self.links).filter(|(_, link)| ahead(link)).map(|(n, _)| n).collect()
    }

    pub(super) fn is_late_as_possible(facts: &Facts) -> bool {
        let as_late = |rule: Rule| rule == Rule::AsLateAsPossible;
        !facts.is_started() && facts.constraints().any(|constraint| as_late(constraint.rule))
    }

    /// The spans of summaries, from what is below them and not done. Deepest first.
    fn summaries(&mut self) {
        let activities = &self.network.plan.activities;
        if activities.iter().all(|one| one.kind != Kind::Summary) {
            return;
        }
        let mut depth = vec![0_usize; activities.len()];
        for (n, slot) in depth.iter_mut().enumerate() {
            let mut at = activities.get(n).and_then(|one| one.parent);
            while let Some(parent) = at {
                *slot += 1;
                at = activities.get(parent).and_then(|one| one.parent);
            }
        }
        let mut below: Vec<usize> = (0..activities.len()).collect();
        below.sort_by_key(|n| std::cmp::Reverse(depth.get(*n).copied().unwrap_or_default()));
        let mut spans = vec![None; activities.len()];
        for n in below {
            let Some(facts) = self.facts.get(n) else { continue };
            if facts.kind == Kind::Summary {
                self.place_summary(n, spans.get(n).copied().flatten());
            }
            let Some(placed) = self.placed.get(n).copied() else { continue };
            let is_over = facts.is_finished() && !self.is_ms_project();
            let is_empty = facts.kind == Kind::Summary && spans.get(n).copied().flatten().is_none();
            let parent = activities.get(n).and_then(|one| one.parent);
            if let Some(span) =
                parent.filter(|_| !is_over && !is_empty).and_then(|p| spans.get_mut(p))
            {
                *span = Some(span.map_or(placed, |span: Placed| span.around(&placed)));
            }
        }
    }

    fn place_summary(&mut self, n: usize, span: Option<Placed>) {
        let Some(facts) = self.facts.get(n) else { return };
        let calendar = self.calendar(facts);
        let at_data_date = || Placed::at(self.data_date(facts.project));
        let mut placed = span.unwrap_or_else(at_data_date);
        for point in placed.points() {
            point.work = calendar.work_before(point.at);
        }
        placed.remaining = placed.early_finish.work - placed.early_start.work;
        if let Some(slot) = self.placed.get_mut(n) {
            *slot = placed;
        }
    }
}

impl Placed {
    fn at(at: Moment) -> Self {
        let point = Point { at, work: 0 };
        Self {
            early_start: point,
            early_finish: point,
            late_start: point,
            late_finish: point,
            ..Self::default()
        }
    }

    fn points(&mut self) -> [&mut Point; 4] {
        [&mut self.early_start, &mut self.early_finish, &mut self.late_start, &mut self.late_finish]
    }

    /// The span of both. The work of the points is left to be counted.
    fn around(&self, other: &Self) -> Self {
        let first = |one: Point, other: Point| Point { at: one.at.min(other.at), work: 0 };
        let last = |one: Point, other: Point| Point { at: one.at.max(other.at), work: 0 };
        Self {
            early_start: first(self.early_start, other.early_start),
            early_finish: last(self.early_finish, other.early_finish),
            late_start: first(self.late_start, other.late_start),
            late_finish: last(self.late_finish, other.late_finish),
            ..Self::default()
        }
    }
}
