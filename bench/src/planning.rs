//! What planning takes: the critical path, what-ifs, simulation and levelling, without any store.
//!
//! Times are those of this thread on a core where the system tells them, so a busy machine blurs
//! them less.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use jiff::ToSpan as _;
use jiff::civil::date;
use planning::calendar::Calendar;
use planning::control::simulate::{Others, Spec, simulate};
use planning::level::progen::{Shape, generate};
use planning::level::{Effort, Proof, level};
use planning::network::{Activity, Change, Link, LinkKind, Network, Plan};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::report::{Table, figure, micros, ratio};

const ACTIVITIES: usize = 10_000;
const LINKS: usize = 15_000;
const RUNS: usize = 200;
const ITERATIONS: u32 = 5_000;
const SIMULATED: usize = 500;
/// The shortest schedules known of the generated projects of 30, 60 and 120 tasks: those that
/// twelve seconds of the search found, of 120 tasks forty.
const SHORTEST: [(usize, [u32; 4], [u64; 16]); 3] = [
    (30, [20, 50, 70, 100], [59, 63, 88, 86, 63, 42, 47, 60, 81, 50, 59, 55, 65, 44, 65, 57]),
    (60, [20, 50, 70, 100], [87, 104, 127, 89, 77, 77, 58, 63, 78, 76, 67, 83, 98, 59, 76, 65]),
    (
        120,
        [10, 20, 30, 40],
        [109, 161, 208, 189, 106, 122, 110, 169, 96, 90, 119, 146, 124, 82, 102, 78],
    ),
];

pub(crate) fn measure() -> Result<[Table; 3]> {
    Ok([network()?, simulation()?, levelling()?])
}

/// One calendar, and four with 200 holidays each.
fn network() -> Result<Table> {
    let mut table = Table::new(
        "10,000 activities, 15,000 links",
        &["CPU ms", "ns each", "of check", "of passes"],
    );
    for (calendars, name) in [(1, "one calendar"), (4, "four calendars")] {
        let plan = plan(ACTIVITIES, LINKS, calendars)?;
        let network = Network::new(plan.clone())?;
        let copying = mean(|_| drop(black_box(plan.clone())));
        let check = mean(|_| drop(black_box(Network::new(plan.clone()))));
        let check = check.saturating_sub(copying);
        let passes = mean(|_| drop(black_box(network.schedule())));
        let what_if = mean(|run| {
            let change = Change::Remaining { activity: run * 31, minutes: 4_800 };
            drop(black_box(network.what_if(&[change])));
        });
        let each = Decimal::from(ACTIVITIES + LINKS);
        for (step, time) in
            [("checked and ordered", check), ("scheduled", passes), ("what if", what_if)]
        {
            let time = micros(time);
            let nanos = ratio(time * Decimal::ONE_THOUSAND, each);
            let of = |other| ratio(time, micros(other));
            let cells = [ratio(time, Decimal::ONE_THOUSAND), nanos, of(check), of(passes)];
            table.row(format!("{name}: {step}"), cells);
        }
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = most.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<i64>().ok());
    let most = kilobytes.map_or(Value::Null, |kb| figure(Decimal::from(kb) / Decimal::from(1024)));
    table.row("most memory of the process until here, MB", [most]);
    Ok(table)
}

fn simulation() -> Result<Table> {
    let network = Network::new(plan(SIMULATED, SIMULATED * 3 / 2, 1)?)?;
    let others = Some(Others { min_share: 0.9, max_share: 1.4 });
    let spec = Spec { iterations: ITERATIONS, others, ..Spec::default() };
    let began = on_core();
    black_box(simulate(&network, &spec)?);
    let took = micros(since(began));
    let passes = micros(mean(|_| drop(black_box(network.schedule()))));
    let each = took / Decimal::from(ITERATIONS);
    let mut table =
        Table::new("5,000 iterations of 500 tasks", &["CPU ms", "a second", "of passes"]);
    table.row(
        "simulated",
        [
            ratio(took, Decimal::ONE_THOUSAND),
            ratio(Decimal::from(1_000_000), each),
            ratio(each, passes),
        ],
    );
    Ok(table)
}

/// Projects like those of PSPLIB: every factor with every strength, three complexities in turn.
fn levelling() -> Result<Table> {
    let mut table = Table::new(
        "levelling, sixteen projects each",
        &["gap %", "to bound %", "proved", "1000/s"],
    );
    for (tasks, strengths, shortest) in SHORTEST {
        for limit_ms in [100, 1_000] {
            let (mut gap, mut bound) = (Decimal::ZERO, Decimal::ZERO);
            let (mut proved, mut made, mut spent) = (0, 0, Duration::ZERO);
            for (place, shortest) in shortest.into_iter().enumerate() {
                let shape = Shape {
                    tasks,
                    resources: 4,
                    complexity: [150, 180, 210].into_iter().cycle().nth(place).unwrap_or(150),
                    factor: [25, 50, 75, 100].into_iter().cycle().nth(place).unwrap_or(25),
                    strength: strengths.get(place / 4).copied().unwrap_or_default(),
                };
                let project = generate(shape, 1_000 + u64::try_from(place)?);
                let began = on_core();
                // Asking the system takes as long as a small schedule.
                let (calls, last) = (Cell::new(0_u32), Cell::new(Duration::ZERO));
                let clock = || {
                    if calls.get().is_multiple_of(16) {
                        last.set(since(began));
                    }
                    calls.set(calls.get() + 1);
                    last.get()
                };
                let limit = Duration::from_millis(limit_ms);
                let found = level(&project, Effort::Time { limit, clock: &clock }, 7)?;
                spent += since(began);
                made += found.evaluations;
                proved += usize::from(found.proof != Proof::None);
                gap += above(found.makespan, shortest)?;
                bound += above(found.makespan, found.lower_bound)?;
            }
            let count = Decimal::from(shortest.len());
            table.row(
                format!("{tasks} tasks, {limit_ms} ms"),
                [
                    ratio(gap, count),
                    ratio(bound, count),
                    Value::from(proved),
                    ratio(Decimal::from(made) * Decimal::ONE_THOUSAND, micros(spent)),
                ],
            );
        }
    }
    Ok(table)
}

/// By how many percent one length is above another.
fn above(length: u64, least: u64) -> Result<Decimal> {
    let (length, least) = (Decimal::from(length), Decimal::from(least));
    let above = (length - least) * Decimal::ONE_HUNDRED;
    above.checked_div(least).context("a project without length")
}

/// The time of one run on the core, as the mean of many.
fn mean(run: impl Fn(usize)) -> Duration {
    let began = on_core();
    (0..RUNS).for_each(run);
    since(began) / u32::try_from(RUNS).unwrap_or(1)
}

fn since(began: Duration) -> Duration {
    on_core().saturating_sub(began)
}

/// How long this thread has run on a core; where the system does not tell, by the clock.
fn on_core() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// A plan whose links go a random way forward, by a generator that is always the same.
fn plan(activities: usize, links: usize, calendars: usize) -> Result<Plan> {
    let mut plan = Plan::new("bench", "2026-03-02T08:00".parse()?, Calendar::five_days());
    for n in 1..calendars {
        let mut holidays = BTreeMap::new();
        for day in 0..200_i32 {
            let days = day * 23 + i32::try_from(n)?;
            holidays.insert(date(2026, 1, 1).checked_add(days.days())?, Vec::new());
        }
        plan.calendars.push(Calendar::new("site", Calendar::five_days().week().clone(), holidays)?);
    }
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % below
    };
    for n in 0..activities {
        let task = Activity::task(format!("A{n}"), 60 * i64::try_from(8 + random(72))?);
        plan.activities.push(Activity { calendar: random(calendars), ..task });
    }
    let kinds = [LinkKind::FinishStart, LinkKind::StartStart, LinkKind::FinishFinish];
    let mut known = BTreeSet::new();
    while plan.links.len() < links {
        let to = 1 + random(activities - 1);
        let from = to - 1 - random(to.min(60));
        let kind = if random(10) < 8 { 0 } else { 1 + random(2) };
        let lag = if random(10) == 0 { 480 } else { 0 };
        if let (true, Some(kind)) = (known.insert((from, to, kind)), kinds.get(kind)) {
            plan.links.push(Link { lag, ..Link::new(from, to, *kind) });
        }
    }
    Ok(plan)
}
