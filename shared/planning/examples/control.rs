//! Earned value, earned schedule and forecast of a project:
//! `cargo run --release -p planning --example control -- shared/planning/examples/control.json`.
//!
//! The file is `planning::control::report::Input`; `control.json` beside this file is one. Amounts
//! are numbers or strings, moments are `2026-03-02T08:00`. `--json` prints the whole report.

#![expect(clippy::print_stderr, reason = "a program for a terminal")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use planning::control::Figure;
use planning::control::earned_value::EarnedValue;
use planning::control::report::{Input, Report, report};

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
    let as_json = arguments.iter().any(|argument| argument == "--json");
    let Some(path) = arguments.iter().find(|argument| !argument.starts_with("--")) else {
        return Err("control FILE.json [--json]".into());
    };
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let input: Input = serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
    let report = report(&input)?;
    let text = if as_json { serde_json::to_string_pretty(&report)? } else { in_words(&report)? };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

fn in_words(report: &Report) -> Result<String, Box<dyn std::error::Error>> {
    let mut out = String::new();
    let at = report.performance.at;
    writeln!(out, "Earned value at {at}")?;
    earned_value(&mut out, &report.earned_value)?;
    for insight in &report.performance.insights {
        writeln!(out, "  ! {}: {} {}", insight.id, word(&insight.kind)?, insight.amount)?;
    }
    earned_schedule(&mut out, report)?;
    forecast(&mut out, report)?;
    let score = report.health.score.map_or("none".to_owned(), |score| score.to_string());
    writeln!(
        out,
        "\nHealth {score} {}, coverage {}",
        word(&report.health.band)?,
        report.health.coverage
    )?;
    for reason in &report.health.reasons {
        writeln!(out, "  {}", word(reason)?)?;
    }
    for advice in &report.recommendations {
        writeln!(out, "  {}: {}", word(&advice.area)?, advice.actions.join(", "))?;
    }
    Ok(out)
}

fn earned_value(out: &mut String, figures: &EarnedValue) -> Result<(), std::fmt::Error> {
    let totals = figures.totals;
    writeln!(
        out,
        "  BAC {}  PV {}  EV {}  AC {}",
        totals.bac.normalize(),
        totals.pv.normalize(),
        totals.ev.normalize(),
        totals.ac.normalize()
    )?;
    for (name, figure, digits) in [
        ("CV", figures.cost_variance, 2),
        ("SV", figures.schedule_variance, 2),
        ("CPI", figures.cpi, 6),
        ("SPI", figures.spi, 6),
        ("complete", figures.percent_complete, 6),
        ("spent", figures.percent_spent, 6),
        ("TCPI(BAC)", figures.tcpi_bac, 6),
    ] {
        writeln!(out, "  {name:<10} {}", shown(figure, digits))?;
    }
    for one in &figures.estimates {
        write!(out, "  EAC {}      {}", one.method.letter(), shown(one.eac, 2))?;
        if one.eac.value().is_some() {
            write!(out, ", VAC {}, TCPI {}", shown(one.vac, 2), shown(one.tcpi, 6))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn earned_schedule(out: &mut String, report: &Report) -> Result<(), std::fmt::Error> {
    let es = &report.earned_schedule;
    writeln!(
        out,
        "\nEarned schedule (days; {} to {})",
        report.baseline_start, report.baseline_finish
    )?;
    writeln!(
        out,
        "  AT {}  PD {}",
        shown(Ok(es.actual_time).into(), 4),
        shown(Ok(es.planned_duration).into(), 4)
    )?;
    for (name, figure) in [
        ("ES", es.earned_schedule),
        ("SV(t)", es.variance),
        ("SPI(t)", es.index),
        ("IEAC(t)", es.estimate_at_completion),
        ("TSPI", es.to_complete_index),
    ] {
        writeln!(out, "  {name:<10} {}", shown(figure, 4))?;
    }
    Ok(())
}

fn forecast(out: &mut String, report: &Report) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(out, "\nForecast")?;
    for account in &report.cost.accounts {
        let methods: String = account.methods.iter().map(|method| method.letter()).collect();
        let point = shown(account.point, 2);
        writeln!(
            out,
            "  {:<12} {point:>14}  method {methods}: {}",
            account.id,
            word(&account.why)?
        )?;
    }
    let cost = &report.cost;
    let [low, point, high] = [cost.low, cost.point, cost.high].map(|figure| shown(figure, 2));
    writeln!(out, "  EAC {point} ({low} to {high}), BAC {}", shown(cost.bac, 2))?;
    let budget = report.budget;
    writeln!(
        out,
        "  budget variance {} %: {} (the specification's: {} %: {})",
        shown(budget.corrected.variance_pct, 2),
        word(&budget.corrected.status)?,
        shown(budget.legacy.spend_variance_pct, 2),
        word(&budget.legacy.status)?
    )?;
    if let (Some(finish), Some(both)) = (report.forecast_finish, report.schedule) {
        writeln!(
            out,
            "  finish {finish}: {} %: {} (the specification's: {} %: {})",
            shown(both.corrected.variance_pct, 2),
            word(&both.corrected.status)?,
            shown(both.legacy.elapsed_variance_pct, 2),
            word(&both.legacy.status)?
        )?;
    }
    if let Some(check) = report.cross_check {
        let agree = if check.disagree { "the two disagree" } else { "the two agree" };
        writeln!(out, "  finish by earned schedule {}: {agree}", check.earned_finish)?;
    }
    writeln!(
        out,
        "  CPI trend {}: {}",
        shown(report.trend.slope, 6),
        word(&report.trend.direction)?
    )?;
    Ok(())
}

/// The figure, or why there is none.
fn shown(figure: Figure, digits: u32) -> String {
    match (figure.rounded(digits), figure.reason()) {
        (Some(value), _) => value.to_string(),
        (None, Some(reason)) => format!("- ({reason})"),
        (None, None) => "-".to_owned(),
    }
}

/// The word that stands for it in JSON, with spaces.
fn word<T: serde::Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let json = serde_json::to_value(value)?;
    Ok(json.as_str().unwrap_or("unknown").replace('_', " "))
}
