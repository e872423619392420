//! Levels a PSPLIB file: `level -- FILE.sm --seconds 1 --seed 7 --json`.
//!
//! `--evaluations N` counts schedules instead of seconds, so that the output is the same bytes
//! each time.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use planning::exchange::psplib;
use planning::level::{Effort, Levelled, level};

const USAGE: &str = "level FILE.sm [--seconds S | --evaluations N] [--seed N] [--json]";

struct Options {
    file: String,
    time: Duration,
    evaluations: Option<u64>,
    seed: u64,
    json: bool,
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        file: String::new(),
        time: Duration::from_secs(1),
        evaluations: None,
        seed: 7,
        json: false,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value\n{USAGE}"));
        let wrong = |value: &str| format!("{word} {value}: not a number that makes sense\n{USAGE}");
        match word.as_str() {
            "--json" => options.json = true,
            "--seconds" => {
                let value = value()?;
                let seconds = value.parse().map_err(|_| wrong(&value))?;
                options.time = Duration::try_from_secs_f64(seconds).map_err(|_| wrong(&value))?;
            }
            "--evaluations" => {
                let value = value()?;
                options.evaluations = Some(value.parse().map_err(|_| wrong(&value))?);
            }
            "--seed" => {
                let value = value()?;
                options.seed = value.parse().map_err(|_| wrong(&value))?;
            }
            file if options.file.is_empty() && !file.starts_with('-') => {
                file.clone_into(&mut options.file);
            }
            unknown => return Err(format!("{unknown}: not known\n{USAGE}")),
        }
    }
    if options.file.is_empty() { Err(USAGE.into()) } else { Ok(options) }
}

fn run(options: &Options) -> Result<String, String> {
    let began = Instant::now();
    let name = &options.file;
    let bytes = std::fs::read(name).map_err(|error| format!("{name}: {error}"))?;
    let file = psplib::read(&bytes).map_err(|error| format!("{name}: {error}"))?;
    let clock = || began.elapsed();
    let effort = match options.evaluations {
        Some(most) => Effort::Evaluations(most),
        None => Effort::Time { limit: options.time, clock: &clock },
    };
    let levelled =
        level(&file.project(), effort, options.seed).map_err(|error| format!("{name}: {error}"))?;
    if options.json {
        return serde_json::to_string(&levelled).map_err(|error| error.to_string());
    }
    Ok(table(&levelled))
}

fn table(levelled: &Levelled) -> String {
    let mut text = format!(
        "makespan {}, lower bound {}, gap {:.2} %, proof {:?}, seed {}\njob  start",
        levelled.makespan, levelled.lower_bound, levelled.gap_pct, levelled.proof, levelled.seed
    );
    for (job, start) in (1..).zip(&levelled.starts) {
        let _ = write!(text, "\n{job:>3}  {start:>5}");
    }
    text
}
