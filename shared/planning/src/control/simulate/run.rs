//! The iterations, and what is kept of them.

use rust_decimal::Decimal;

use super::model::{Days, Model};
use super::outcome::{Chance, Cost, Finishes, Outcome, Sensitivity, Time};
use super::spec::Spec;
use super::statistics::{Ranks, Spread, mean_and_deviation};
use super::{ENGINE, day_minutes, float, float_of_count};
use crate::calendar::{Calendar, Moment};
use crate::network::{Network, Rerun};

/// Iterations whose single durations are kept, for correlations and swings.
const KEPT_ITERATIONS: usize = 5_000;
/// Durations kept in all: 80 MB.
const KEPT_DURATIONS: usize = 10_000_000;
/// Money is drawn in ten-thousandths, the most digits an amount has.
const MONEY_DIGITS: u32 = 4;
const MONEY_SCALE: f64 = 10_000.0;
/// The parts of the tornado: a tenth of the iterations at either end.
const TAIL: usize = 10;

struct Run<'a> {
    network: &'a Network,
    spec: &'a Spec,
    model: &'a Model,
    rerun: Rerun<'a>,
    calendar: Calendar,
    data_date: Moment,
    /// Deviates of the groups in this iteration.
    groups: Vec<f64>,
    /// What each event adds to durations in this iteration.
    delays: Vec<i64>,
    kept: usize,
    /// Of each uncertain duration, the kept iterations.
    durations: Vec<Vec<i64>>,
    duration_sums: Vec<i64>,
    finishes: Vec<Moment>,
    minutes: Vec<i64>,
    costs: Vec<i64>,
    on_path: Vec<u32>,
}

pub(super) fn run(network: &Network, spec: &Spec, model: &Model) -> Outcome {
    let plan = network.plan();
    let project = plan.projects.first();
    let calendar = project.and_then(|project| plan.calendars.get(project.calendar));
    let slots = model.durations.len();
    let kept = KEPT_ITERATIONS.min(KEPT_DURATIONS / slots.max(1)).min(spec.iterations as usize);
    let mut run = Run {
        network,
        spec,
        model,
        rerun: Rerun::new(network),
        calendar: calendar.cloned().unwrap_or_else(Calendar::around_the_clock),
        data_date: project.map(|project| project.data_date).unwrap_or_default(),
        groups: Vec::with_capacity(model.groups.len()),
        delays: Vec::with_capacity(model.events.len()),
        kept,
        durations: vec![Vec::with_capacity(kept); slots],
        duration_sums: vec![0; slots],
        finishes: Vec::new(),
        minutes: Vec::new(),
        costs: Vec::new(),
        on_path: vec![0; plan.activities.len()],
    };
    // Before any duration is drawn the rerun is the plan itself.
    run.rerun.run();
    let planned_finish = run.rerun.finish();
    let planned_cost = run.planned_cost(planned_finish);
    for iteration in 0..spec.iterations {
        run.iterate(iteration);
    }
    Outcome {
        engine: ENGINE,
        seed: spec.seed,
        iterations: spec.iterations,
        time: run.time(planned_finish),
        cost: run.cost(planned_cost),
        tornado: Vec::new(),
        activities: run.sensitivities(),
    }
    .with_tornado()
}

impl Run<'_> {
    fn iterate(&mut self, iteration: u32) {
        let model = self.model;
        self.groups.clear();
        self.groups.extend(model.groups.iter().map(|group| group.normal(iteration)));
        let mut cost = self.draw_events(iteration);
        for (slot, duration) in model.durations.iter().enumerate() {
            let drawn = duration.drawn.as_ref();
            let own = drawn.map_or(duration.planned, |of| whole(of.value(iteration, &self.groups)));
            let delay = |event: &usize| self.delays.get(*event).copied().unwrap_or_default();
            let longer: i64 = duration.events.iter().map(delay).sum();
            let minutes = own.max(0).saturating_add(longer);
            self.rerun.set_remaining(duration.activity, minutes);
            self.keep(slot, minutes);
        }
        for (count, on_path) in self.on_path.iter_mut().zip(self.rerun.run()) {
            *count += u32::from(on_path);
        }
        let finish = self.rerun.finish();
        let minutes = self.calendar.between(self.data_date, finish);
        for line in &model.costs {
            let each = line.quantity.value(iteration, &self.groups)
                * line.rate.value(iteration, &self.groups);
            cost = cost.saturating_add(money(each * self.days(&line.days, minutes)));
        }
        self.finishes.push(finish);
        self.minutes.push(minutes);
        self.costs.push(cost);
    }

    /// Decides which events happen; what they cost.
    fn draw_events(&mut self, iteration: u32) -> i64 {
        self.delays.clear();
        let mut cost = 0_i64;
        for event in &self.model.events {
            let happens = event.occurrence.uniform(iteration) < event.probability;
            let value = |of: &Option<super::model::Variable>| {
                of.as_ref().filter(|_| happens).map_or(0.0, |of| of.value(iteration, &self.groups))
            };
            cost = cost.saturating_add(money(value(&event.cost)));
            self.delays.push(whole(value(&event.delay)).max(0));
        }
        cost
    }

    fn keep(&mut self, slot: usize, minutes: i64) {
        if let Some(sum) = self.duration_sums.get_mut(slot) {
            *sum = sum.saturating_add(minutes);
        }
        if let Some(durations) =
            self.durations.get_mut(slot).filter(|durations| durations.len() < self.kept)
        {
            durations.push(minutes);
        }
    }

    /// How often a cost counts, when the project takes this many minutes.
    fn days(&self, days: &Days, minutes: i64) -> f64 {
        match days {
            Days::Once => 1.0,
            Days::OfProject => float(minutes) / day_minutes(Some(&self.calendar)),
            Days::OfActivity(place, day) => float(self.rerun.remaining(*place)) / day,
        }
    }

    fn planned_cost(&self, finish: Moment) -> i64 {
        let minutes = self.calendar.between(self.data_date, finish);
        let of =
            |line: &super::model::CostModel| money(line.likely * self.days(&line.days, minutes));
        self.model.costs.iter().map(of).fold(0, i64::saturating_add)
    }

    fn time(&self, planned_finish: Moment) -> Time {
        let minutes = Spread::of(&self.minutes);
        let planned = self.calendar.between(self.data_date, planned_finish);
        let mut ordered = self.finishes.clone();
        ordered.sort_unstable();
        let finish = |percent: usize| {
            let rank = (ordered.len() * percent).div_ceil(100);
            ordered.get(rank.max(1) - 1).copied().unwrap_or_default()
        };
        let from_plan = self.network.plan().projects.first().and_then(|one| one.must_finish);
        let contract_finish = self.spec.contract_finish.or(from_plan);
        Time {
            day_minutes: self.calendar.day_minutes(),
            deterministic_minutes: planned,
            deterministic_finish: planned_finish,
            bias_minutes: minutes.mean - float(planned),
            contingency_minutes: minutes.p80.value - float(planned),
            finish: Finishes { p10: finish(10), p50: finish(50), p80: finish(80), p90: finish(90) },
            on_plan: chance(&self.finishes, |finish| *finish <= planned_finish),
            late: contract_finish.map(|date| chance(&self.finishes, |finish| *finish > date)),
            contract_finish,
            minutes,
        }
    }

    fn cost(&self, planned: i64) -> Option<Cost> {
        if self.model.costs.is_empty() && self.model.events.iter().all(|one| one.cost.is_none()) {
            return None;
        }
        let amount = Spread::of(&self.costs)
            .map(|value| Decimal::new(whole(value), MONEY_DIGITS).normalize());
        let deterministic = Decimal::new(planned, MONEY_DIGITS).normalize();
        let budget = self.spec.budget;
        Some(Cost {
            contingency: amount.p80.value - deterministic,
            over_budget: budget.map(|budget| {
                chance(&self.costs, |cost| Decimal::new(*cost, MONEY_DIGITS) > budget)
            }),
            amount,
            deterministic,
            budget,
        })
    }

    fn sensitivities(&self) -> Vec<Sensitivity> {
        let mut slots = vec![None; self.on_path.len()];
        for (slot, duration) in self.model.durations.iter().enumerate() {
            if let Some(place) = slots.get_mut(duration.activity) {
                *place = Some(slot);
            }
        }
        let project = self.minutes.get(..self.kept).unwrap_or(&self.minutes);
        let project = Project {
            ranks: Ranks::of(project),
            sd: mean_and_deviation(project).1,
            minutes: project,
        };
        let count = f64::from(self.spec.iterations);
        let of = |(place, activity): (usize, &crate::network::Activity)| {
            let is_open = activity.kind.is_scheduled() && activity.actual_finish.is_none();
            let critical = self.on_path.get(place).copied().filter(|_| is_open)?;
            let criticality = f64::from(critical) / count;
            let slot = slots.get(place).copied().flatten();
            let varied =
                slot.and_then(|slot| self.durations.get(slot)).map(|kept| Varied::of(kept));
            let sum = slot.and_then(|slot| self.duration_sums.get(slot)).copied();
            Some(Sensitivity {
                id: activity.id.clone(),
                criticality,
                cruciality: varied.as_ref().and_then(|one| one.ranks.correlation(&project.ranks)),
                sensitivity: varied
                    .as_ref()
                    .filter(|one| one.sd > 0.0 && project.sd > 0.0)
                    .map(|one| criticality * one.sd / project.sd),
                swing_minutes: varied
                    .as_ref()
                    .filter(|one| one.sd > 0.0)
                    .map(|one| project.swing(&one.ranks.order)),
                mean_minutes: sum
                    .map_or(float(activity.remaining_minutes()), |sum| float(sum) / count),
            })
        };
        self.network.plan().activities.iter().enumerate().filter_map(of).collect()
    }
}

struct Project<'a> {
    ranks: Ranks,
    sd: f64,
    minutes: &'a [i64],
}

impl Project<'_> {
    /// Mean of the last tenth in this order, less that of the first.
    fn swing(&self, order: &[usize]) -> f64 {
        let tail = (order.len() / TAIL).max(1);
        let sum = |places: &mut dyn Iterator<Item = &usize>| -> i64 {
            places.take(tail).filter_map(|place| self.minutes.get(*place)).sum()
        };
        float(sum(&mut order.iter().rev()) - sum(&mut order.iter())) / float_of_count(tail)
    }
}

struct Varied {
    ranks: Ranks,
    sd: f64,
}

impl Varied {
    fn of(kept: &[i64]) -> Self {
        Self { ranks: Ranks::of(kept), sd: mean_and_deviation(kept).1 }
    }
}

fn chance<T>(sample: &[T], is_so: impl Fn(&T) -> bool) -> Chance {
    let (count, all) = (sample.iter().filter(|one| is_so(one)).count(), sample.len().max(1));
    let share = float_of_count(count) / float_of_count(all);
    Chance {
        probability: (Decimal::from(count) / Decimal::from(all)).round_dp(6).normalize(),
        standard_error: (share * (1.0 - share) / float_of_count(all)).sqrt(),
    }
}

fn money(amount: f64) -> i64 {
    whole(amount * MONEY_SCALE)
}

/// The nearest integer; what is beyond is the largest one.
#[expect(clippy::cast_possible_truncation, reason = "a cast from a float saturates")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}
