//! Proofs by a constraint program: is there a schedule shorter than the best?
//!
//! Starts are variables between the times that the links give. Each resource is a cumulative
//! constraint, and each pair of tasks that cannot run together has a literal that says which goes
//! first (Schutt, Feydt, Stuckey, Wallace 2011).
//!
//! Explanations are pointwise: with the others the solver has returned schedules that are not the
//! shortest as proved. Its schedules are checked like any other, a panic ends only the proof.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pumpkin_conflict_resolvers::resolvers::ResolutionResolver;
use pumpkin_constraints::{cumulative_with_options, less_than_or_equals};
use pumpkin_core::Solver;
use pumpkin_core::branching::branchers::autonomous_search::AutonomousSearch;
use pumpkin_core::branching::branchers::independent_variable_value_brancher::IndependentVariableValueBrancher;
use pumpkin_core::branching::value_selection::InDomainMin;
use pumpkin_core::branching::variable_selection::Smallest;
use pumpkin_core::constraints::Constraint;
use pumpkin_core::predicate;
use pumpkin_core::results::{ProblemSolution, SatisfactionResult};
use pumpkin_core::termination::TerminationCondition;
use pumpkin_core::variables::{AffineView, DomainId, Literal, TransformableVariable};
use pumpkin_propagators::cumulative::options::{CumulativeOptions, CumulativePropagationMethod};
use pumpkin_propagators::cumulative::time_table::CumulativeExplanationType;

use super::bounds::Windows;
use super::calendar::index;
use super::effort::Part;
use super::problem::{Problem, signed};

/// Above these the program is too large to prove anything in the time there is.
const MOST_TASKS: usize = 300;
const MOST_PAIRS: usize = 20_000;
const MOST_TICKS: u32 = 1 << 15;

/// What a proof came to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    /// No schedule is shorter.
    Shortest,
    /// The starts of a shorter one, to be checked.
    Shorter(Vec<u32>),
    Unknown,
}

/// A constraint program over the starts of a problem without calendars.
struct Program {
    solver: Solver,
    starts: Vec<DomainId>,
    tails: Vec<u32>,
}

struct Budget<'a, 'c>(&'a mut Part<'c>);

impl TerminationCondition for Budget<'_, '_> {
    fn should_stop(&mut self) -> bool {
        !self.0.step()
    }
}

/// Looks for schedules shorter than `length` and offers each, until none is left or the part of
/// the effort is spent. `offer` gives the length of its schedule, or `None` to stop.
pub(super) fn prove(
    problem: &Problem,
    windows: &Windows,
    length: u32,
    part: &mut Part<'_>,
    mut offer: impl FnMut(&[u32]) -> Option<u32>,
) -> bool {
    if is_hopeless(problem, length) {
        return false;
    }
    catch_unwind(AssertUnwindSafe(|| {
        let Some(mut program) = Program::new(problem, windows, length) else { return false };
        loop {
            match program.search(part) {
                Answer::Shortest => return true,
                Answer::Unknown => return false,
                Answer::Shorter(starts) => match offer(&starts) {
                    Some(length) => program.shorten(length),
                    None => return false,
                },
            }
        }
    }))
    .unwrap_or(false)
}

/// Whether a proof is not tried.
pub(super) fn is_hopeless(problem: &Problem, length: u32) -> bool {
    !problem.plain || problem.tasks() > MOST_TASKS || length > MOST_TICKS
}

impl Program {
    /// The program of all schedules shorter than `length`; `None` if it is too large.
    fn new(problem: &Problem, windows: &Windows, length: u32) -> Option<Self> {
        let mut solver = Solver::default();
        let latest = signed(length) - 1;
        let mut starts = Vec::with_capacity(problem.tasks());
        for (head, tail) in windows.head.iter().zip(&windows.tail) {
            // An empty domain is not one: the bound would have seen it.
            let last = (latest - signed(*tail)).max(signed(*head));
            starts.push(solver.new_bounded_integer(signed(*head), last));
        }
        let mut program = Self { solver, starts, tails: windows.tail.clone() };
        program.shorten(length);
        for (task, to) in (0..).zip(program.starts.clone()) {
            for arc in problem.arcs_into(task) {
                let from = *program.starts.get(arc.from as usize)?;
                program.distance(from, to, arc.lag, None);
            }
        }
        for resource in 0..problem.profile.resources() {
            program.cumulative(problem, resource, length)?;
        }
        program.pairs(problem)?;
        Some(program)
    }

    /// Only schedules shorter than this from now on.
    fn shorten(&mut self, length: u32) {
        let tag = self.solver.new_constraint_tag();
        for (start, tail) in self.starts.iter().zip(&self.tails) {
            let last = signed(length) - 1 - signed(*tail);
            self.solver.add_clause([predicate!(start <= last)], tag);
        }
    }

    /// `from + lag <= to`, or only if a literal is true.
    fn distance(&mut self, from: DomainId, to: DomainId, lag: i32, when: Option<Literal>) {
        let tag = self.solver.new_constraint_tag();
        let terms: [AffineView<DomainId>; 2] = [from.scaled(1), to.scaled(-1)];
        let constraint = less_than_or_equals(terms, -lag, tag);
        match when {
            None => constraint.post(&mut self.solver),
            Some(literal) => constraint.implied_by(&mut self.solver, literal),
        }
    }

    fn cumulative(&mut self, problem: &Problem, resource: usize, length: u32) -> Option<()> {
        let capacity = |tick: u32| problem.profile.capacity(tick as usize, resource);
        let most = (0..length).map(capacity).max()?;
        let (mut starts, mut durations, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
        for (task, start) in (0..).zip(&self.starts) {
            let amount = problem.profile.amount(task, resource);
            if amount > 0 {
                starts.push(*start);
                durations.push(signed(*problem.duration.get(task as usize)?));
                amounts.push(signed(amount));
            }
        }
        // Where there is less, a task that stands still takes the rest.
        let mut tick = 0;
        while tick < length {
            let here = capacity(tick);
            let end = (tick..length).find(|next| capacity(*next) != here).unwrap_or(length);
            if here < most {
                starts.push(self.solver.new_bounded_integer(signed(tick), signed(tick)));
                durations.push(signed(end - tick));
                amounts.push(signed(most - here));
            }
            tick = end;
        }
        if starts.is_empty() {
            return Some(());
        }
        let options = CumulativeOptions::new(
            false,
            CumulativeExplanationType::Pointwise,
            false,
            CumulativePropagationMethod::TimeTableOverIntervalIncremental,
            false,
        );
        let tag = self.solver.new_constraint_tag();
        cumulative_with_options(starts, durations, amounts, signed(most), options, tag)
            .post(&mut self.solver);
        Some(())
    }

    /// Which goes first of each two tasks that never fit together.
    fn pairs(&mut self, problem: &Problem) -> Option<()> {
        let resources = problem.profile.resources();
        let most: Vec<u64> = (0..resources)
            .map(|resource| {
                let ticks = 0..=problem.profile.early_ticks();
                let all = ticks.map(|tick| problem.profile.capacity(tick, resource));
                all.max().unwrap_or(0).into()
            })
            .collect();
        let amount = |task, resource| u64::from(problem.profile.amount(task, resource));
        let apart = |a: u32, b: u32| {
            (0..).zip(&most).any(|(at, most)| amount(a, at) + amount(b, at) > *most)
        };
        let tasks = index(problem.tasks());
        let pairs = (0..tasks).flat_map(|a| (0..a).map(move |b| (b, a)));
        let pairs: Vec<(u32, u32)> = pairs.filter(|(a, b)| apart(*a, *b)).collect();
        if pairs.len() > MOST_PAIRS {
            return Some(());
        }
        for (a, b) in pairs {
            let (first, second) = (*self.starts.get(a as usize)?, *self.starts.get(b as usize)?);
            let lasts = |task: u32| problem.duration.get(task as usize).copied().map(signed);
            let ahead = self.solver.new_literal();
            self.distance(first, second, lasts(a)?, Some(ahead));
            self.distance(second, first, lasts(b)?, Some(!ahead));
        }
        Some(())
    }

    fn search(&mut self, part: &mut Part<'_>) -> Answer {
        // What conflicts name goes first; what they do not, in order of time.
        let rest = IndependentVariableValueBrancher::new(Smallest::new(&self.starts), InDomainMin);
        let mut brancher = AutonomousSearch::new(rest);
        let mut resolver = ResolutionResolver::default();
        match self.solver.satisfy(&mut brancher, &mut Budget(part), &mut resolver) {
            SatisfactionResult::Satisfiable(found) => {
                let solution = found.solution();
                let value = |start: &DomainId| solution.get_integer_value(*start).unsigned_abs();
                Answer::Shorter(self.starts.iter().map(value).collect())
            }
            SatisfactionResult::Unsatisfiable(..) => Answer::Shortest,
            SatisfactionResult::Unknown(..) => Answer::Unknown,
        }
    }
}
