//! Lags: on whose calendar, how much of one is left, and what a link asks of a date.

use super::facts::Facts;
use super::schedule::{Passes, Point};
use super::{LagCalendar, Link, LinkKind, ProgressRule};
use crate::calendar::{Calendar, Moment};

/// A link with both its ends.
#[derive(Clone, Copy)]
pub(super) struct Tie<'a> {
    pub(super) link: &'a Link,
    pub(super) before: &'a Facts,
    pub(super) after: &'a Facts,
}

impl Passes<'_> {
    pub(super) fn tie(&self, link: usize) -> Option<Tie<'_>> {
        let link = self.links.get(link)?;
        let (before, after) = (self.facts.get(link.predecessor)?, self.facts.get(link.successor)?);
        Some(Tie { link, before, after })
    }

    /// Whether a link still holds. Under progress override what has started no longer waits to
    /// start, and what is finished waits for nothing.
    fn holds(&self, tie: Tie<'_>) -> bool {
        if self.options.progress == ProgressRule::ActualDates {
            return !tie.after.is_finished();
        }
        let is_past = if tie.link.kind.arrives_at_finish() {
            tie.after.is_finished()
        } else {
            tie.after.is_started()
        };
        !is_past || self.options.progress != ProgressRule::ProgressOverride
    }

    /// A link that holds, with both its ends.
    pub(super) fn held_tie(&self, link: usize) -> Option<Tie<'_>> {
        self.tie(link).filter(|tie| self.holds(*tie))
    }

    pub(super) fn lag_calendar(&self, tie: Tie<'_>) -> &Calendar {
        match tie.link.lag_calendar.unwrap_or(self.options.lag_calendar) {
            LagCalendar::Predecessor => self.calendar(tie.before),
            LagCalendar::Successor => self.calendar(tie.after),
            LagCalendar::AroundTheClock => &self.network.clock,
            LagCalendar::Project => {
                let project = self.network.plan.projects.get(tie.before.project);
                let calendar =
                    project.and_then(|one| self.network.plan.calendars.get(one.calendar));
                calendar.unwrap_or(&self.network.clock)
            }
        }
    }

    /// What is left of a lag: of a positive one the part that has not passed since the
    /// predecessor's actual date, of a negative one nothing.
    ///
    /// Without actual dates, and for links whose date is an actual one, it is the whole lag.
    pub(super) fn lag_left(&self, tie: Tie<'_>) -> i64 {
        let lag = tie.link.lag;
        let from = match tie.link.kind {
            LinkKind::FinishStart | LinkKind::FinishFinish => tie.before.actual_finish,
            LinkKind::StartStart => tie.before.actual_start,
            LinkKind::StartFinish => None,
        };
        let Some(from) = from.filter(|_| self.options.progress != ProgressRule::ActualDates) else {
            return lag;
        };
        if lag <= 0 {
            return 0;
        }
        let data_date = self.data_date(tie.before.project);
        // The work done, not the time passed: what stood still spends no lag.
        let is_worked_off = tie.link.kind == LinkKind::StartStart && !tie.before.is_finished();
        let counted_on =
            if is_worked_off { self.calendar(tie.before) } else { self.lag_calendar(tie) };
        (lag - counted_on.between(from, data_date).max(0)).max(0)
    }

    /// The early date a link asks for at its successor, on the successor's calendar.
    pub(super) fn asked_early(&self, tie: Tie<'_>) -> Option<Point> {
        let placed = self.placed.get(tie.link.predecessor)?;
        let (base, lag) = match tie.link.kind {
            LinkKind::FinishStart => (placed.early_finish, self.lag_left(tie)),
            LinkKind::StartStart => match tie.before.actual_start {
                Some(start) if !self.options.start_lag_from_early => {
                    (self.point(tie.before, start), tie.link.lag)
                }
                _ => (placed.early_start, self.lag_left(tie)),
            },
            LinkKind::FinishFinish => match tie.before.actual_finish {
                Some(_) if tie.after.is_finished() => (placed.early_finish, 0),
                Some(finish) => (self.point(tie.before, finish), tie.link.lag),
                None => (placed.early_finish, tie.link.lag),
            },
            LinkKind::StartFinish => match tie.before.actual_start {
                Some(start) => (self.point(tie.before, start), tie.link.lag),
                None => (placed.early_start, tie.link.lag + self.gap(tie)),
            },
        };
        let same = tie.before.calendar == tie.after.calendar;
        let lag_calendar = self.lag_calendar(tie);
        if lag == 0 {
            let moves_to_start = tie.before.kind.is_milestone() && !tie.before.is_started();
            if tie.link.kind == LinkKind::StartStart && moves_to_start {
                let at = lag_calendar.next_start(base.at);
                return Some(self.point(tie.after, at));
            }
            return Some(if same { base } else { self.point(tie.after, base.at) });
        }
        let moved = self.moved(base, tie.before, lag_calendar, lag);
        Some(if same && std::ptr::eq(lag_calendar, self.calendar(tie.after)) {
            moved
        } else {
            self.point(tie.after, moved.at)
        })
    }

    /// The late date a link asks for at its predecessor, on the predecessor's calendar: of its
    /// finish or of its start, by the kind of link.
    pub(super) fn asked_late(&self, tie: Tie<'_>) -> Option<Point> {
        let placed = self.placed.get(tie.link.successor)?;
        let arrives_at_finish = tie.link.kind.arrives_at_finish();
        let base = if arrives_at_finish { placed.late_finish } else { placed.late_start };
        let lag = if tie.after.is_finished() { 0 } else { self.lag_left(tie) + self.gap(tie) };
        let same = tie.before.calendar == tie.after.calendar;
        if lag == 0 {
            return Some(if same { base } else { self.point(tie.before, base.at) });
        }
        let lag_calendar = self.lag_calendar(tie);
        let moved = self.moved(base, tie.after, lag_calendar, -lag);
        Some(if same && std::ptr::eq(lag_calendar, self.calendar(tie.before)) {
            moved
        } else {
            self.point(tie.before, moved.at)
        })
    }

    fn gap(&self, tie: Tie<'_>) -> i64 {
        let is_plain = tie.link.kind == LinkKind::StartFinish && tie.link.lag == 0;
        if is_plain { self.options.start_finish_gap } else { 0 }
    }

    /// A point on the calendar of `of`, as a point on that calendar.
    pub(super) fn point(&self, of: &Facts, at: Moment) -> Point {
        Point { at, work: self.calendar(of).work_before(at) }
    }

    /// A point of `of`, moved by `lag` on the lag's calendar, as a point of the lag's calendar.
    fn moved(&self, base: Point, of: &Facts, lag_calendar: &Calendar, lag: i64) -> Point {
        let shared = std::ptr::eq(lag_calendar, self.calendar(of));
        let from = if shared { base.work } else { lag_calendar.work_before(base.at) };
        let work = from + lag;
        let at = if lag > 0 { lag_calendar.finish_at(work) } else { lag_calendar.start_at(work) };
        Point { at, work }
    }
}
