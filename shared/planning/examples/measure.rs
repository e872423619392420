//! What the critical path costs on 10,000 activities and 15,000 links, on one core.
//!
//! `cargo run --release -p planning --example measure`
//!
//! The means of repeated runs: checking and ordering a plan, its schedule, a what-if; with one
//! calendar, and with four that have 200 holidays each and lags between them.

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Instant;

use jiff::ToSpan as _;
use jiff::civil::date;
use planning::calendar::Calendar;
use planning::network::{Activity, Change, Link, LinkKind, Network, Plan};

const ACTIVITIES: usize = 10_000;
const LINKS: usize = 15_000;
const RUNS: usize = 300;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{:<16} {:>10} {:>14} {:>12}", "calendars", "check ms", "schedule ms", "what-if ms");
    for calendars in [1, 4] {
        let plan = plan(calendars)?;
        let network = Network::new(plan.clone())?;
        let copying = mean_us(|_| drop(plan.clone()));
        let check = mean_us(|_| drop(Network::new(plan.clone()))).saturating_sub(copying);
        let schedule = mean_us(|_| drop(network.schedule()));
        let what_if = mean_us(|run| {
            let change = Change::Remaining { activity: run * 31, minutes: 4_800 };
            drop(network.what_if(&[change]));
        });
        let ms = |us: u64| format!("{}.{:03}", us / 1_000, us % 1_000);
        println!("{calendars:<16} {:>10} {:>14} {:>12}", ms(check), ms(schedule), ms(what_if));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: unknown");
    println!("{peak}");
    Ok(())
}

/// The time of one run on the core, as the mean of many: the system counts in ticks.
fn mean_us(run: impl Fn(usize)) -> u64 {
    let start = on_core();
    (0..RUNS).for_each(run);
    (on_core() - start) / 1_000 / u64::try_from(RUNS).unwrap_or(1)
}

/// Nanoseconds this process has run on a core, which a busy machine does not blur; where the
/// system does not tell, those of the clock.
fn on_core() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let first = told.as_deref().and_then(|text| text.split(' ').next()?.parse().ok());
    first.unwrap_or_else(|| u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

/// A plan whose links go a random way forward, by a generator that is always the same.
fn plan(calendars: usize) -> Result<Plan, Box<dyn std::error::Error>> {
    let mut plan = Plan::new("measure", "2026-03-02T08:00".parse()?, Calendar::five_days());
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
    for n in 0..ACTIVITIES {
        let task = Activity::task(format!("A{n}"), 60 * i64::try_from(8 + random(72))?);
        plan.activities.push(Activity { calendar: random(calendars), ..task });
    }
    let kinds = [LinkKind::FinishStart, LinkKind::StartStart, LinkKind::FinishFinish];
    let mut known = std::collections::BTreeSet::new();
    while plan.links.len() < LINKS {
        let to = 1 + random(ACTIVITIES - 1);
        let from = to - 1 - random(to.min(60));
        let kind = if random(10) < 8 { 0 } else { 1 + random(2) };
        let lag = if random(10) == 0 { 480 } else { 0 };
        if let (true, Some(kind)) = (known.insert((from, to, kind)), kinds.get(kind)) {
            plan.links.push(Link { lag, ..Link::new(from, to, *kind) });
        }
    }
    Ok(plan)
}
