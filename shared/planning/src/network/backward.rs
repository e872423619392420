//! The backward pass: late dates; as-late-as-possible; free floats.

use super::facts::Facts;
use super::schedule::{Passes, Placed, Point};
use super::{Constraint, Kind, LinkKind, Rule};
use crate::calendar::{Calendar, Moment};

impl Passes<'_> {
    pub(super) fn backward(&mut self) {
        let network = self.network;
        for n in network.order.sequence.iter().rev() {
            let (Some(facts), Some(placed)) = (self.facts.get(*n), self.placed.get(*n).copied())
            else {
                continue;
            };
            let mut placed = self.place_late(*n, facts, placed);
            if Self::is_late_as_possible(facts) && !self.is_ms_project() {
                self.move_late(*n, facts, &mut placed);
            }
            if let Some(slot) = self.placed.get_mut(*n) {
                *slot = placed;
            }
        }
    }

    /// From where late dates of a project are counted back.
    fn last(&self, project: usize) -> Moment {
        let contract = self.network.plan.projects.get(project).and_then(|one| one.must_finish);
        let computed = if self.options.float_from_all_projects {
            self.project_finish.iter().copied().max()
        } else {
            self.project_finish.get(project).copied()
        };
        contract.or(computed).unwrap_or_default()
    }

    fn place_late(&self, n: usize, facts: &Facts, mut placed: Placed) -> Placed {
        let calendar = self.calendar(facts);
        if self.is_ms_project() && facts.is_finished() {
            placed.late_start = placed.early_start;
            placed.late_finish = placed.early_finish;
            return placed;
        }
        let mut finish = self.common_point(facts, self.last(facts.project));
        let mut start = None;
        let links = self.network.order.out_of.of(n);
        for link in links {
            let Some(tie) = self.held_tie(*link) else { continue };
            let Some(asked) = self.asked_late(tie) else { continue };
            if tie.link.kind.leaves_finish() {
                finish.take_earlier(asked);
                continue;
            }
            // The moment is only looked at where no work remains.
            let work = asked.work + placed.remaining;
            if work < finish.work {
                start = None;
            }
            if work <= finish.work && tie.link.lag == 0 {
                let at = start.map_or(asked.at, |start: Point| start.at.min(asked.at));
                start = Some(Point { at, work: asked.work });
            }
            finish.take_earlier(Point { at: asked.at, work });
        }
        if links.is_empty() && self.options.open_ends_critical {
            finish = placed.early_finish;
        }
        finish.constrain_late(facts, placed.remaining, calendar);
        let deadline = facts.deadline.filter(|_| self.is_ms_project());
        for at in [deadline, facts.external_finish].into_iter().flatten() {
            finish.take_earlier(Point { at, work: calendar.work_before(at) });
        }
        placed.set_late(facts, finish, calendar);
        if let Some(mut start) = start.filter(|start| start.work == placed.late_start.work) {
            // Primavera keeps a late start that is asked for at the end of a working period, or
            // after it, at that end.
            if start.at != placed.late_start.at && !calendar.touches_work(start.at) {
                start.at = calendar.finish_at(start.work);
            }
            placed.late_start = start;
        }
        placed
    }

    /// Uses up the free float of an as-late-as-possible activity, whose successors are placed.
    fn move_late(&mut self, n: usize, facts: &Facts, placed: &mut Placed) {
        let Some(slack) = self.slack_to_successors(n, placed) else { return };
        self.drive_from_behind(n, placed, slack);
        if slack <= 0 {
            return;
        }
        let calendar = self.calendar(facts);
        let start = placed.early_start.work + slack;
        let finish = placed.early_finish.work + slack;
        let is_at_finish = facts.kind == Kind::FinishMilestone;
        let at = |work: i64| {
            if is_at_finish { calendar.finish_at(work) } else { calendar.start_at(work) }
        };
        placed.early_start = Point { at: at(start), work: start };
        placed.early_finish = Point {
            at: if facts.remaining == 0 { at(finish) } else { calendar.finish_at(finish) },
            work: finish,
        };
    }

    /// Its successors, not its predecessors, say when an as-late-as-possible activity is done.
    fn drive_from_behind(&mut self, n: usize, placed: &Placed, slack: i64) {
        let network = self.network;
        for link in network.order.into.of(n) {
            if let Some(driving) = self.driving.get_mut(*link) {
                *driving &= slack <= 0;
            }
        }
        for link in network.order.out_of.of(n) {
            let is_closest = self.slack(*link, placed) == Some(slack);
            if let Some(driving) = self.driving.get_mut(*link) {
                *driving = is_closest;
            }
        }
    }

    pub(super) fn free_floats(&mut self) {
        for n in 0..self.facts.len() {
            let (Some(facts), Some(placed)) = (self.facts.get(n), self.placed.get(n)) else {
                continue;
            };
            // As Primavera has it: who promised a finish has no room to move.
            let is_pinned = facts.constraints().any(|one| one.rule == Rule::MandatoryFinish)
                || (self.options.expected_finish && facts.expected_finish.is_some());
            let float = if facts.kind.is_scheduled() && !is_pinned {
                self.slack_to_successors(n, placed).unwrap_or_default().max(0)
            } else {
                0
            };
            if let Some(slot) = self.free_float.get_mut(n) {
                *slot = float;
            }
        }
    }

    /// The smallest slack of the links out of an activity, and never more than what is left to
    /// the finish of the project: a lead may leave a link more room than there is.
    fn slack_to_successors(&self, n: usize, placed: &Placed) -> Option<i64> {
        let facts = self.facts.get(n)?;
        let links = self.network.order.out_of.of(n);
        let slack = links.iter().filter_map(|link| self.slack(*link, placed)).min();
        if slack.is_none() && self.is_ms_project() {
            return Some(self.total_float(facts, placed));
        }
        let own = self.project_finish.get(facts.project).copied();
        // A link may lead to another project, which ends when it does.
        let all = || self.project_finish.iter().copied().max();
        let last = if slack.is_none() { own } else { all() }?;
        let left = self.common_point(facts, last).work - placed.early_finish.work;
        Some(slack.map_or(left, |slack| slack.min(left)))
    }

    /// Working minutes, on the predecessor's calendar, by which a link could be longer.
    fn slack(&self, link: usize, before: &Placed) -> Option<i64> {
        let tie = self.held_tie(link)?;
        let after = self.placed.get(tie.link.successor)?;
        let to =
            if tie.link.kind.arrives_at_finish() { after.early_finish } else { after.early_start };
        let from = match tie.link.kind {
            LinkKind::FinishStart | LinkKind::FinishFinish => before.early_finish,
            LinkKind::StartStart | LinkKind::StartFinish => before.early_start,
        };
        let calendar = self.calendar(tie.before);
        let lag = self.lag_left(tie);
        let lag_calendar = self.lag_calendar(tie);
        let is_shared = std::ptr::eq(lag_calendar, calendar);
        if is_shared || lag == 0 {
            let same = tie.before.calendar == tie.after.calendar;
            let to = if same { to.work } else { calendar.work_before(to.at) };
            return Some(to - from.work - lag);
        }
        Some(calendar.work_before(lag_calendar.add(to.at, -lag)) - from.work)
    }
}

impl Point {
    /// Keeps the earlier one; at the same work, the earlier moment.
    fn take_earlier(&mut self, other: Self) {
        self.at = self.at.min(other.at);
        self.work = self.work.min(other.work);
    }

    fn constrain_late(&mut self, facts: &Facts, remaining: i64, calendar: &Calendar) {
        for Constraint { rule, date } in facts.constraints() {
            let work = calendar.work_before(date);
            let finish = Self { at: date, work };
            let from_start = Self {
                at: if remaining == 0 { date } else { calendar.finish_at(work + remaining) },
                work: work + remaining,
            };
            match rule {
                Rule::FinishNoLater | Rule::FinishOn => self.take_earlier(finish),
                Rule::MandatoryFinish => *self = finish,
                Rule::StartNoLater | Rule::StartOn if !facts.is_started() => {
                    self.take_earlier(from_start);
                }
                Rule::MandatoryStart if !facts.is_started() => *self = from_start,
                Rule::StartNoLater
                | Rule::StartOn
                | Rule::MandatoryStart
                | Rule::FixedStart
                | Rule::StartNoEarlier
                | Rule::FinishNoEarlier
                | Rule::AsLateAsPossible => {}
            }
        }
    }
}

impl Placed {
    fn set_late(&mut self, facts: &Facts, finish: Point, calendar: &Calendar) {
        let stands = || facts.kind == Kind::StartMilestone && calendar.touches_work(finish.at);
        let at = if facts.is_finished() || stands() {
            finish.at
        } else {
            calendar.finish_at(finish.work)
        };
        self.late_finish = Point { at, work: finish.work };
        let work = finish.work - self.remaining;
        let at = if self.remaining == 0 { at } else { calendar.start_at(work) };
        self.late_start = Point { at, work };
    }
}
