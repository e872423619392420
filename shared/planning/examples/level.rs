//! Levels a project so that no resource is overdrawn.
//!
//! `cargo run --release -p planning --example level -- FILE [--seconds S] [--seed N] [--json]`
//!
//! The file is an instance of PSPLIB (`.sm`), or a Primavera (`.xer`) or MS Project (`.xml`) file
//! with resources, which are levelled by its own calendars, links and constraints.
//! `--evaluations N` counts schedules instead of seconds, so that the output is the same bytes
//! each time.

#![expect(clippy::print_stderr, reason = "a program for a terminal")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use planning::exchange::{ImportError, Imported, mspdi, psplib, xer};
use planning::level::{Effort, Levelled, LevelledPlan, level, level_network};
use planning::network::{Network, Plan};
use serde_json::json;

const USAGE: &str =
    "level FILE.sm|FILE.xer|FILE.xml [--seconds S | --evaluations N] [--seed N] [--json]";

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
            // Whoever reads may have had enough.
            let _ = writeln!(std::io::stdout(), "{text}");
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
    let clock = || began.elapsed();
    let effort = match options.evaluations {
        Some(most) => Effort::Evaluations(most),
        None => Effort::Time { limit: options.time, clock: &clock },
    };
    let failed = |error: &dyn std::fmt::Display| format!("{name}: {error}");
    if let Some(plan) = plan(&bytes) {
        let network = Network::new(plan.map_err(|error| failed(&error))?.plan);
        let network = network.map_err(|error| failed(&error))?;
        let found =
            level_network(&network, effort, options.seed).map_err(|error| failed(&error))?;
        return Ok(if options.json {
            json(network.plan(), &found).to_string()
        } else {
            dates(network.plan(), &found)
        });
    }
    let file = psplib::read(&bytes).map_err(|error| failed(&error))?;
    let levelled = level(&file.project(), effort, options.seed).map_err(|error| failed(&error))?;
    if options.json {
        return serde_json::to_string(&levelled).map_err(|error| error.to_string());
    }
    Ok(table(&levelled))
}

/// The plan of a project file; none for anything else. The content tells them apart.
fn plan(bytes: &[u8]) -> Option<Result<Imported, ImportError>> {
    let first = bytes.iter().find(|byte| byte.is_ascii_graphic());
    if first == Some(&b'<') {
        Some(mspdi::read(bytes))
    } else {
        bytes.windows(6).take(4).any(|part| part == b"ERMHDR").then(|| xer::read(bytes))
    }
}

fn json(plan: &Plan, found: &LevelledPlan) -> serde_json::Value {
    let id = |place: usize| plan.activities.get(place).map(|activity| &activity.id);
    let resource = |place: usize| plan.resources.get(place).map(|resource| &resource.id);
    let activities: Vec<_> = plan.activities.iter().zip(&found.schedule.dates).collect();
    json!({
        "finish": found.finish,
        "unlevelled_finish": found.unlevelled_finish,
        "lower_bound": found.lower_bound,
        "evaluations": found.evaluations,
        "seed": found.seed,
        "activities": activities.iter().map(|(activity, dates)| json!({
            "id": activity.id,
            "start": dates.start,
            "finish": dates.finish,
            "total_float_minutes": dates.total_float,
        })).collect::<Vec<_>>(),
        "delays": found.delays.iter().map(|delay| json!({
            "id": id(delay.activity),
            "from": delay.from,
            "to": delay.to,
            "minutes": delay.minutes,
        })).collect::<Vec<_>>(),
        "overdrawn": found.overdrawn.iter().map(|one| json!({
            "id": id(one.activity),
            "resource": resource(one.resource),
        })).collect::<Vec<_>>(),
    })
}

fn dates(plan: &Plan, found: &LevelledPlan) -> String {
    let mut text = format!(
        "finish {}, by links alone {}, not before {}, seed {}\n{:<20} {:<16} {:<16} {:>8}  name",
        found.finish,
        found.unlevelled_finish,
        found.lower_bound,
        found.seed,
        "activity",
        "start",
        "finish",
        "hours"
    );
    let mut delays = found.delays.iter().peekable();
    for (place, (activity, dates)) in plan.activities.iter().zip(&found.schedule.dates).enumerate()
    {
        let delay = delays.next_if(|delay| delay.activity == place);
        let hours = delay.map_or(String::new(), |delay| {
            format!("+{}.{:02}", delay.minutes / 60, delay.minutes % 60 * 100 / 60)
        });
        let (id, start, finish) = (&activity.id, dates.start, dates.finish);
        let _ = write!(text, "\n{id:<20} {start} {finish} {hours:>8}  {}", activity.name);
    }
    for one in &found.overdrawn {
        let activity = plan.activities.get(one.activity).map_or("", |activity| &activity.id);
        let resource = plan.resources.get(one.resource).map_or("", |resource| &resource.id);
        let _ = write!(text, "\nnot enough of {resource} for {activity}");
    }
    text
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
