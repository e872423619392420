//! The forward pass: early dates, and which links drive them.

use super::facts::Facts;
use super::schedule::{Passes, Placed, Point};
use super::{Constraint, Kind, ProgressRule, Rule};
use crate::calendar::{Calendar, Moment};

/// The latest of what was asked for so far: as work, and as a moment for what has no duration.
#[derive(Clone, Copy)]
struct Latest {
    work: i64,
    at: Moment,
    /// A finish that was asked for and decided, where it may stand between working periods.
    finish: Option<Moment>,
}

impl Passes<'_> {
    pub(super) fn forward(&mut self) {
        let network = self.network;
        let mut has_work = vec![false; self.project_finish.len()];
        let mut asked = Vec::new();
        for n in &network.order.sequence {
            let Some(facts) = self.facts.get(*n) else { continue };
            asked.clear();
            let placed = self.place_early(*n, facts, &mut asked);
            if let Some(slot) = self.placed.get_mut(*n) {
                *slot = placed;
            }
            for (link, work) in asked.iter().filter(|_| !placed.held) {
                if let Some(driving) = self.driving.get_mut(*link) {
                    *driving = *work == placed.early_start.work;
                }
            }
            if let Some(last) = self.project_finish.get_mut(facts.project) {
                *last = placed.early_finish.at.max(*last);
            }
            if let Some(mark) = has_work.get_mut(facts.project) {
                *mark = true;
            }
        }
        let projects = self.project_finish.iter_mut().zip(&network.plan.projects);
        for ((last, project), has_work) in projects.zip(has_work) {
            if !has_work {
                *last = project.data_date;
            }
        }
    }

    /// The early dates of an activity. Its links are put into `starts` with the work before the
    /// start they ask for.
    pub(super) fn place_early(
        &self,
        n: usize,
        facts: &Facts,
        starts: &mut Vec<(usize, i64)>,
    ) -> Placed {
        if let (ProgressRule::ActualDates, Some(start)) =
            (self.options.progress, facts.actual_start)
        {
            return self.place_actual(facts, start);
        }
        let calendar = self.calendar(facts);
        let earliest = self.common_point(facts, self.earliest(facts));
        let mut latest = Latest::from(earliest);
        for link in self.network.order.into.of(n) {
            let Some(tie) = self.held_tie(*link) else { continue };
            let Some(asked) = self.asked_early(tie) else { continue };
            if tie.link.kind.arrives_at_finish() {
                starts.push((*link, asked.work - facts.remaining));
                latest.take_finish(asked, facts, calendar, true);
            } else {
                starts.push((*link, asked.work));
                latest.take_start(asked);
            }
        }
        let by_links = latest.work;
        if facts.is_started() {
            for at in [facts.resume, facts.external_start].into_iter().flatten() {
                latest.take_start(Point { at, work: calendar.work_before(at) });
            }
        } else {
            latest.constrain(facts, calendar, earliest);
            if self.options.constraints_over_links {
                latest.hold_back(facts, calendar);
            }
        }
        let held = latest.work != by_links;
        let mut placed = if facts.is_finished() {
            let point = Point { at: latest.at, work: latest.work };
            Placed { early_start: point, early_finish: point, ..Placed::default() }
        } else {
            latest.place(facts, calendar)
        };
        placed.held = held;
        self.keep_promise(n, facts, &mut placed);
        placed
    }

    /// MS Project: what has started stands where it started.
    fn place_actual(&self, facts: &Facts, start: Moment) -> Placed {
        let calendar = self.calendar(facts);
        let early_start = Point { at: start, work: calendar.work_before(start) };
        let early_finish = match (facts.actual_finish, facts.resume) {
            (Some(at), _) => Point { at, work: calendar.work_before(at) },
            (None, Some(resume)) if facts.remaining > 0 => {
                let work = calendar.work_before(resume).max(early_start.work) + facts.remaining;
                Point { at: calendar.finish_at(work), work }
            }
            (None, _) if facts.duration == 0 => early_start,
            (None, _) => {
                let work = early_start.work + facts.duration;
                Point { at: calendar.finish_at(work), work }
            }
        };
        let remaining = facts.remaining;
        Placed { early_start, early_finish, remaining, ..Placed::default() }
    }

    /// A promised finish sets what remains, unless links to the finish decide.
    fn keep_promise(&self, n: usize, facts: &Facts, placed: &mut Placed) {
        let Some(promised) = facts.expected_finish.filter(|_| self.options.expected_finish) else {
            return;
        };
        let finish_is_linked = || {
            let links = self.network.order.into.of(n);
            links
                .iter()
                .filter_map(|link| self.links.get(*link))
                .any(|l| l.kind.arrives_at_finish())
        };
        let earliest = placed.early_start.at.max(self.data_date(facts.project));
        if facts.kind != Kind::Task
            || facts.is_finished()
            || promised < earliest
            || Self::is_late_as_possible(facts)
            || finish_is_linked()
        {
            return;
        }
        let work = self.calendar(facts).work_before(promised);
        if work != placed.early_finish.work {
            placed.early_finish = Point { at: promised, work };
            placed.remaining = work - placed.early_start.work;
        }
    }
}

impl From<Point> for Latest {
    fn from(Point { at, work }: Point) -> Self {
        Self { work, at, finish: None }
    }
}

impl Latest {
    fn take_start(&mut self, asked: Point) {
        if asked.work > self.work {
            self.finish = None;
        }
        self.work = self.work.max(asked.work);
        self.at = self.at.max(asked.at);
    }

    /// A finish that a link asks for is kept as it is, if it touches working time, though the
    /// same work is done at the end of the period before; otherwise it is the next start.
    fn take_finish(&mut self, asked: Point, facts: &Facts, calendar: &Calendar, by_link: bool) {
        let work = asked.work - facts.remaining;
        if work > self.work {
            self.finish = None;
        }
        if by_link && work >= self.work {
            let touches = calendar.touches_work(asked.at);
            let at = if touches { asked.at } else { calendar.start_at(asked.work) };
            self.finish = Some(self.finish.map_or(at, |finish| finish.max(at)));
        }
        self.work = self.work.max(work);
        // The moment is only looked at where no work remains.
        self.at = self.at.max(asked.at);
    }

    fn constrain(&mut self, facts: &Facts, calendar: &Calendar, earliest: Point) {
        let point = |at: Moment| Point { at, work: calendar.work_before(at) };
        if let Some(at) = facts.external_start {
            self.take_start(point(at));
        }
        for Constraint { rule, date } in facts.constraints() {
            match rule {
                Rule::StartNoEarlier | Rule::StartOn => self.take_start(point(date)),
                Rule::FinishNoEarlier | Rule::FinishOn => {
                    self.take_finish(point(date), facts, calendar, false);
                }
                Rule::StartNoLater | Rule::FinishNoLater | Rule::AsLateAsPossible => {}
                Rule::MandatoryStart => *self = Self::from(point(date).max(earliest)),
                Rule::FixedStart => *self = Self::from(point(date)),
                Rule::MandatoryFinish => {
                    let work = calendar.work_before(date) - facts.remaining;
                    let at = if facts.remaining == 0 { date } else { calendar.start_at(work) };
                    *self = Self::from(Point { at, work }.max(earliest));
                }
            }
        }
    }

    /// Latest dates that win over links.
    fn hold_back(&mut self, facts: &Facts, calendar: &Calendar) {
        for Constraint { rule, date } in facts.constraints() {
            let work = match rule {
                Rule::StartNoLater => calendar.work_before(date),
                Rule::FinishNoLater => calendar.work_before(date) - facts.remaining,
                Rule::StartNoEarlier
                | Rule::FinishNoEarlier
                | Rule::StartOn
                | Rule::FinishOn
                | Rule::MandatoryStart
                | Rule::MandatoryFinish
                | Rule::FixedStart
                | Rule::AsLateAsPossible => continue,
            };
            if work < self.work {
                let at = if facts.remaining == 0 { date } else { calendar.start_at(work) };
                *self = Self { work, at, finish: None };
            }
        }
    }

    fn place(&self, facts: &Facts, calendar: &Calendar) -> Placed {
        let stands =
            facts.kind == Kind::FinishMilestone && calendar.finish_at(self.work) == self.at;
        let early_start = if stands {
            self.at
        } else if facts.kind == Kind::FinishMilestone {
            calendar.next_start(self.at)
        } else {
            calendar.start_at(self.work)
        };
        let early_finish = if facts.remaining == 0 {
            early_start
        } else {
            self.finish.unwrap_or_else(|| calendar.finish_at(self.work + facts.remaining))
        };
        Placed {
            early_start: Point { at: early_start, work: self.work },
            early_finish: Point { at: early_finish, work: self.work + facts.remaining },
            remaining: facts.remaining,
            ..Placed::default()
        }
    }
}
