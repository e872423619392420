//! `cargo xtask campaign`: the built functions as processes, among faults, kills and pauses.

#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    reason = "a set-up that fails ends the campaign; figures of JSON that are not there are null"
)]

mod arguments;
mod chaos;
mod clock;
mod doors;
mod lambda;
mod ledgers;
mod meta;
mod naive;
mod play;
mod report;
mod rig;
mod services;
mod waiting;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use arguments::Arguments;
use play::{Play, Size, Stage};
use rig::{Rig, Start};

/// Messages from which on a campaign has every person and every fault.
const FULL: usize = 1_000;
const NAIVE_MESSAGES: usize = 400;

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.context("no runtime").and_then(|runtime| {
        if given.first().is_some_and(|first| first == naive::ARGUMENT) {
            let served = runtime.block_on(naive::serve());
            return served.map(|()| true).map_err(|error| anyhow::anyhow!("{error}"));
        }
        let filter = tracing_subscriber::EnvFilter::new("error,campaign=info");
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
        runtime.block_on(run(&Arguments::read(given.into_iter())?))
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether everything held, and the naive function did not.
async fn run(arguments: &Arguments) -> Result<bool> {
    say(&format!("seed {}, {} messages", arguments.seed, arguments.messages));
    let outcome = play(arguments).await;
    if !matches!(outcome, Ok(true)) {
        say(&format!(
            "failed; again with --seed {} --messages {}",
            arguments.seed, arguments.messages
        ));
    }
    outcome
}

async fn play(arguments: &Arguments) -> Result<bool> {
    let (campaign, holds) = real(arguments).await?;
    let (naive, is_seen) = control(arguments).await?;
    let report = json!({
        "command": arguments.command(),
        "seed": arguments.seed,
        // The folder the functions were built into.
        "build": arguments.bins.file_name().map(|name| name.to_string_lossy()),
        "campaign": campaign,
        "naive": naive,
    });
    report::write(&arguments.report, &report)?;
    say(&format!("the report is in {}", arguments.report.display()));
    Ok(holds && is_seen)
}

/// R1, R4, R3 and R2 with the functions as they are.
async fn real(arguments: &Arguments) -> Result<(Value, bool)> {
    let is_quick = arguments.messages < FULL;
    let size = Size {
        messages: arguments.messages,
        patience: Duration::from_mins(if is_quick { 2 } else { 10 }),
        is_quick,
        is_plain: false,
    };
    let mut rig = Rig::start(Start {
        seed: arguments.seed,
        bins: arguments.bins.clone(),
        firms: 5,
        members: if is_quick { 3 } else { 38 },
        processor: None,
    })
    .await?;
    let play = Play::new(&rig, arguments.seed, size);
    let mut stages = Vec::new();
    for number in 0..3 {
        let stage = match number {
            0 => play.intake().await?,
            1 => play.pauses().await?,
            _ => play.redelivery().await?,
        };
        tell(&stage);
        stages.push(stage);
    }
    let figures = report::figures(&rig, &play, &stages).await?;
    drop(play);
    rig.end().await;
    let silent = figures["log_lines_with_a_canary"] == 0 && figures["panics"] == 0;
    let holds = stages.iter().all(|stage| stage.findings.violations.is_empty());
    Ok((figures, holds && silent))
}

/// The naive function: right in calm weather, or it would show nothing; wrong in rough.
async fn control(arguments: &Arguments) -> Result<(Value, bool)> {
    let own = std::env::current_exe()?;
    let mut rig = Rig::start(Start {
        seed: arguments.seed ^ 0xb,
        bins: arguments.bins.clone(),
        firms: 2,
        members: 8,
        processor: Some((own, &[naive::ARGUMENT])),
    })
    .await?;
    let patience = Duration::from_mins(2);
    let size = Size { messages: NAIVE_MESSAGES, patience, is_quick: false, is_plain: true };
    let play = Play::new(&rig, arguments.seed, size);
    let (calm, rough) = (play.calm().await?, play.rough().await?);
    drop(play);
    rig.end().await;
    tell(&calm);
    tell(&rough);
    let is_seen = calm.findings.violations.is_empty() && !rough.findings.violations.is_empty();
    Ok((json!([report::stage(&calm), report::stage(&rough)]), is_seen))
}

fn tell(stage: &Stage) {
    say(&format!(
        "{}: {} messages in {:.0} s, quiet after {:.0} s, {} violations",
        stage.name,
        stage.messages,
        stage.seconds,
        stage.quiet_seconds,
        stage.findings.violations.len()
    ));
    for violation in stage.findings.violations.iter().take(10) {
        say(&format!("  {}", violation.chars().take(400).collect::<String>()));
    }
}

fn say(text: &str) {
    // Nobody listens: there is nobody to tell that either.
    let _ = writeln!(io::stdout(), "{text}");
}
