//! Levels of effort: from the earliest start to the latest finish they are linked to.

use super::Kind;
use super::facts::Facts;
use super::lag::Tie;
use super::schedule::{Passes, Placed, Point};
use crate::calendar::Moment;

/// What the links of a hammock ask for.
#[derive(Clone, Copy, Default)]
struct Span {
    early_start: Option<Moment>,
    early_finish: Option<Moment>,
    late_start: Option<Moment>,
    late_finish: Option<Moment>,
}

/// The two dates of the far end of a link: early and late, or one that is actual.
type Far = (Moment, Moment);

impl Passes<'_> {
    pub(super) fn hammocks(&mut self) {
        let network = self.network;
        for n in &network.all.sequence {
            let Some(facts) = self.facts.get(*n) else { continue };
            if facts.kind != Kind::LevelOfEffort {
                continue;
            }
            let placed = self.place_hammock(*n, facts);
            if let Some(slot) = self.placed.get_mut(*n) {
                *slot = placed;
            }
        }
    }

    fn place_hammock(&self, n: usize, facts: &Facts) -> Placed {
        let mut span = Span::default();
        for link in self.network.all.into.of(n) {
            let Some(tie) = self.tie(*link) else { continue };
            let Some(placed) = self.placed.get(tie.link.predecessor) else { continue };
            let far = if tie.link.kind.leaves_finish() {
                let planned = (placed.early_finish.at, placed.late_finish.at);
                tie.before.actual_finish.map_or(planned, twice)
            } else {
                let late = placed.late_start.at;
                match tie.before.actual_start {
                    Some(start) if tie.link.kind.arrives_at_finish() => twice(start),
                    Some(start) => (start, late),
                    None => (placed.early_start.at, late),
                }
            };
            span.take(tie.link.kind.arrives_at_finish(), self.across(tie, far, tie.link.lag));
        }
        for link in self.network.all.out_of.of(n) {
            let Some(tie) = self.tie(*link) else { continue };
            let Some(placed) = self.placed.get(tie.link.successor) else { continue };
            let far = if tie.link.kind.arrives_at_finish() {
                tie.after
                    .actual_finish
                    .map_or((placed.early_finish.at, placed.late_finish.at), twice)
            } else {
                tie.after.actual_start.map_or((placed.early_start.at, placed.late_start.at), twice)
            };
            span.take(tie.link.kind.leaves_finish(), self.across(tie, far, -tie.link.lag));
        }
        self.stretch(facts, span)
    }

    fn across(&self, tie: Tie<'_>, (early, late): Far, lag: i64) -> Far {
        let calendar = self.lag_calendar(tie);
        (calendar.add(early, lag), calendar.add(late, lag))
    }

    fn stretch(&self, facts: &Facts, span: Span) -> Placed {
        let calendar = self.calendar(facts);
        let data_date = self.data_date(facts.project);
        let last = self.project_finish.get(facts.project).copied().unwrap_or(data_date);
        let start = span.early_start.unwrap_or(data_date).max(data_date);
        let finish = span.early_finish.unwrap_or(start).max(start);
        let late_finish = span.late_finish.unwrap_or(last);
        let late_start = span.late_start.unwrap_or(late_finish).min(late_finish);

        let start_work = calendar.work_before(start);
        let finish_work = calendar.work_before(finish);
        let early_start = Point { at: calendar.start_at(start_work), work: start_work };
        let early_finish = Point {
            at: if finish == start { early_start.at } else { calendar.finish_at(finish_work) },
            work: finish_work,
        };
        let late_work = calendar.work_before(late_finish);
        let late_start_work = calendar.work_before(late_start);
        Placed {
            early_start,
            early_finish,
            late_start: Point {
                at: if late_start < late_finish {
                    calendar.start_at(late_start_work)
                } else {
                    late_start
                },
                work: late_start_work,
            },
            late_finish: Point { at: calendar.finish_at(late_work), work: late_work },
            remaining: if facts.is_finished() { 0 } else { finish_work - start_work },
            held: false,
        }
    }
}

impl Span {
    fn take(&mut self, at_finish: bool, (early, late): Far) {
        if at_finish {
            self.early_finish = self.early_finish.max(Some(early));
            self.late_finish = self.late_finish.max(Some(late));
        } else {
            self.early_start = Some(self.early_start.map_or(early, |one| one.min(early)));
            self.late_start = Some(self.late_start.map_or(late, |one| one.min(late)));
        }
    }
}

fn twice(at: Moment) -> Far {
    (at, at)
}
