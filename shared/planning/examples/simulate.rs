//! Monte Carlo simulation of a plan:
//! `cargo run --release -p planning --example simulate -- shared/planning/examples/simulate.json`.
//!
//! The file holds a `planning::network::Plan` under `plan` and a
//! `planning::control::simulate::Spec` under `spec`; `simulate.json` beside this file is one. Or it
//! is a Primavera (`.xer`) or MS Project (`.xml`) file, whose tasks may all last from 0.9 to 1.4 of
//! what remains of them. `--spread MIN,MAX` sets other shares, `--seed N` and `--iterations N`
//! replace those of the file; `--json` prints the whole outcome.

#![expect(clippy::print_stderr, reason = "a program for a terminal")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use planning::control::simulate::{Others, Outcome, Spec, simulate};
use planning::exchange::{mspdi, xer};
use planning::network::{Network, Plan};

/// How many activities the table shows.
const ROWS: usize = 15;
/// What a task of an imported plan may last, as shares of what remains.
const SPREAD: Others = Others { min_share: 0.9, max_share: 1.4 };

#[derive(serde::Deserialize)]
struct File {
    plan: Plan,
    #[serde(default)]
    spec: Spec,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        arguments.iter().skip_while(|argument| *argument != name).nth(1).map(String::as_str)
    };
    let Some(path) = arguments.first().filter(|argument| !argument.starts_with("--")) else {
        return Err("simulate FILE.json [--seed N] [--iterations N] [--json]".into());
    };
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let mut file = read(&bytes).map_err(|error| format!("{path}: {error}"))?;
    if let Some((min, max)) = after("--spread").and_then(|shares| shares.split_once(',')) {
        file.spec.others = Some(Others { min_share: min.parse()?, max_share: max.parse()? });
    }
    if let Some(seed) = after("--seed") {
        file.spec.seed = seed.parse()?;
    }
    if let Some(iterations) = after("--iterations") {
        file.spec.iterations = iterations.parse()?;
    }
    let network = Network::new(file.plan)?;
    let outcome = simulate(&network, &file.spec)?;
    let as_json = arguments.iter().any(|argument| argument == "--json");
    let text = if as_json { serde_json::to_string(&outcome)? } else { in_words(&outcome)? };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// The content tells the formats apart, not the name.
fn read(bytes: &[u8]) -> Result<File, Box<dyn std::error::Error>> {
    if bytes.trim_ascii_start().starts_with(b"{") {
        return Ok(serde_json::from_slice(bytes)?);
    }
    let is_xer = bytes.starts_with(b"ERMHDR");
    let plan = if is_xer { xer::read(bytes)? } else { mspdi::read(bytes)? }.plan;
    Ok(File { plan, spec: Spec { others: Some(SPREAD), ..Spec::default() } })
}

#[expect(clippy::float_arithmetic, reason = "minutes shown as days")]
fn in_words(outcome: &Outcome) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let time = &outcome.time;
    let day = f64::from(u16::try_from(time.day_minutes).unwrap_or(1));
    writeln!(out, "{} iterations, seed {}", outcome.iterations, outcome.seed)?;
    let minutes = &time.minutes;
    writeln!(
        out,
        "plan alone   {}   holds in {} of 1",
        time.deterministic_finish, time.on_plan.probability
    )?;
    for (name, quantile, finish) in [
        ("P10", minutes.p10, time.finish.p10),
        ("P50", minutes.p50, time.finish.p50),
        ("P80", minutes.p80, time.finish.p80),
        ("P90", minutes.p90, time.finish.p90),
    ] {
        let (days, error) = (quantile.value / day, quantile.standard_error / day);
        writeln!(out, "{name}          {finish}   {days:.2} days (standard error {error:.2})")?;
    }
    let (mean, sd, bias) = (minutes.mean / day, minutes.sd / day, time.bias_minutes / day);
    writeln!(out, "mean {mean:.2} days, deviation {sd:.2}, {bias:+.2} to the plan")?;
    if let Some((date, late)) = time.contract_finish.zip(time.late) {
        writeln!(out, "P(after {date}) {} +- {:.4}", late.probability, late.standard_error)?;
    }
    if let Some(cost) = &outcome.cost {
        let amount = &cost.amount;
        writeln!(
            out,
            "cost: plan {}, P10 {}, P50 {}, P80 {}, P90 {}",
            cost.deterministic,
            amount.p10.value,
            amount.p50.value,
            amount.p80.value,
            amount.p90.value
        )?;
        if let Some((budget, over)) = cost.budget.zip(cost.over_budget) {
            writeln!(
                out,
                "P(cost above {budget}) {} +- {:.4}",
                over.probability, over.standard_error
            )?;
        }
    }
    writeln!(
        out,
        "\n{:<24} {:>11} {:>10} {:>11} {:>11}",
        "activity", "criticality", "cruciality", "sensitivity", "swing, days"
    )?;
    for place in outcome.tornado.iter().take(ROWS) {
        if let Some(one) = outcome.activities.get(*place) {
            let number =
                |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
            writeln!(
                out,
                "{:<24} {:>11.3} {:>10} {:>11} {:>11}",
                one.id,
                one.criticality,
                number(one.cruciality),
                number(one.sensitivity),
                number(one.swing_minutes.map(|swing| swing / day))
            )?;
        }
    }
    Ok(out)
}
