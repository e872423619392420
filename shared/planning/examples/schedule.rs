//! Schedules a Primavera (`.xer`) or MS Project (`.xml`) file and sets what it computes beside
//! what the file has stored.
//!
//! `cargo run --release -p planning --example schedule -- FILE.xer|FILE.xml [--json]`
//!
//! Floats are printed in hours of the activity's calendar. `C` marks critical, `L` the longest
//! path, `*` a float that differs from the stored one.

#![expect(clippy::print_stderr, reason = "a program for a terminal")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use planning::calendar::Moment;
use planning::exchange::{Account, ImportError, Imported, Outcome, Stored, mspdi, xer};
use planning::network::{Activity, Dates, Network, Schedule};
use serde_json::{Value, json};

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
    let Some(file) = arguments.iter().find(|argument| !argument.starts_with("--")) else {
        return Err("schedule FILE.xer|FILE.xml [--json]".into());
    };
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let imported = read(&bytes).map_err(|error| format!("{file}: {error}"))?;
    let network = Network::new(imported.plan)?;
    let schedule = network.schedule();
    let rows: Vec<Row<'_>> = network
        .plan()
        .activities
        .iter()
        .zip(&schedule.dates)
        .zip(&imported.stored)
        .map(|((activity, dates), stored)| Row { activity, dates, stored })
        .collect();
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(out, "{:#}", to_json(&network, &schedule, &rows, &imported.account))?;
    } else {
        write!(out, "{}", to_text(&network, &schedule, &rows, &imported.account)?)?;
    }
    Ok(())
}

/// The content tells the formats apart, not the name.
fn read(bytes: &[u8]) -> Result<Imported, ImportError> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && byte.is_ascii());
    if first == Some(&b'<') { mspdi::read(bytes) } else { xer::read(bytes) }
}

/// An activity as computed and as stored.
struct Row<'a> {
    activity: &'a Activity,
    dates: &'a Dates,
    stored: &'a Stored,
}

impl Row<'_> {
    /// What is stored and differs from what was computed. What is not stored cannot differ.
    fn differing(&self) -> Vec<&'static str> {
        fn differs<T: PartialEq + Copy>(stored: Option<T>, computed: Option<T>) -> bool {
            stored.is_some() && stored != computed
        }
        let (dates, stored) = (self.dates, self.stored);
        let pairs = [
            ("early_start", differs(stored.early_start, Some(dates.early_start))),
            ("early_finish", differs(stored.early_finish, Some(dates.early_finish))),
            ("late_start", differs(stored.late_start, Some(dates.late_start))),
            ("late_finish", differs(stored.late_finish, Some(dates.late_finish))),
            ("total_float", differs(stored.total_float, dates.total_float)),
            ("free_float", differs(stored.free_float, dates.free_float)),
            ("longest_path", differs(stored.longest_path, Some(dates.longest_path))),
        ];
        pairs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

fn to_json(network: &Network, schedule: &Schedule, rows: &[Row<'_>], account: &Account) -> Value {
    let activities: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.activity.id,
                "name": row.activity.name,
                "kind": row.activity.kind,
                "start": row.dates.start,
                "finish": row.dates.finish,
                "early_start": row.dates.early_start,
                "early_finish": row.dates.early_finish,
                "late_start": row.dates.late_start,
                "late_finish": row.dates.late_finish,
                "total_float_minutes": row.dates.total_float,
                "free_float_minutes": row.dates.free_float,
                "total_float_hours": row.dates.total_float.map(hours),
                "free_float_hours": row.dates.free_float.map(hours),
                "critical": row.dates.critical,
                "near_critical": row.dates.near_critical,
                "longest_path": row.dates.longest_path,
                "stored": row.stored,
                "differs": row.differing(),
            })
        })
        .collect();
    let projects: Vec<Value> = network
        .plan()
        .projects
        .iter()
        .zip(&schedule.project_finish)
        .map(|(project, finish)| {
            json!({
                "id": project.id,
                "name": project.name,
                "data_date": project.data_date,
                "must_finish": project.must_finish,
                "finish": finish,
            })
        })
        .collect();
    json!({
        "projects": projects,
        "data_date": network.plan().projects.iter().find(|one| !one.is_external).map(|one| one.data_date),
        "finish": schedule.finish,
        "options": network.plan().options,
        "activities": activities,
        "out_of_sequence_links": schedule.out_of_sequence.len(),
        "account": account,
        "differing_activities": rows.iter().filter(|row| !row.differing().is_empty()).count(),
    })
}

fn to_text(
    network: &Network,
    schedule: &Schedule,
    rows: &[Row<'_>],
    account: &Account,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(
        text,
        "{:<20} {:<16} {:<16} {:<16} {:<16} {:>10} {:>10} {:>10} {:>10}  marks name",
        "activity",
        "early start",
        "early finish",
        "late start",
        "late finish",
        "TF",
        "stored",
        "FF",
        "stored"
    )?;
    for row in rows {
        let float = |minutes: Option<i64>| minutes.map_or("-".to_owned(), hours);
        let differing = row.differing();
        let mark = |is_on: bool, mark: &'static str| if is_on { mark } else { " " };
        writeln!(
            text,
            "{:<20} {} {} {} {} {:>10} {:>10} {:>10} {:>10}  {}{}{}   {}",
            row.activity.id,
            row.dates.early_start,
            row.dates.early_finish,
            row.dates.late_start,
            row.dates.late_finish,
            float(row.dates.total_float),
            float(row.stored.total_float),
            float(row.dates.free_float),
            float(row.stored.free_float),
            mark(row.dates.critical, "C"),
            mark(row.dates.longest_path, "L"),
            mark(differing.contains(&"total_float") || differing.contains(&"free_float"), "*"),
            row.activity.name,
        )?;
    }
    for (project, finish) in network.plan().projects.iter().zip(&schedule.project_finish) {
        let (name, data_date): (&str, Moment) = (&project.name, project.data_date);
        writeln!(text, "project {name}: data date {data_date}, finish {finish}")?;
    }
    let differing = rows.iter().filter(|row| !row.differing().is_empty()).count();
    writeln!(text, "{} activities, {differing} differ from the file", rows.len())?;
    for note in &account.notes {
        let outcome = match note.outcome {
            Outcome::Skipped => "skipped",
            Outcome::Altered => "altered",
        };
        let (line, rows, field, subject) = (note.line, note.rows, &note.field, &note.subject);
        writeln!(text, "line {line} ({rows} rows) {field} {subject}: {outcome}: {}", note.reason)?;
    }
    Ok(text)
}

/// Minutes as hours, to the minute: `7.5`, `-80`, `870.3333`.
fn hours(minutes: i64) -> String {
    let whole = rust_decimal::Decimal::from(minutes) / rust_decimal::Decimal::from(60);
    whole.round_dp(4).normalize().to_string()
}
