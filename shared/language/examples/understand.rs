//! What messages mean, at a terminal.
//!
//! ```sh
//! cargo run --release -p language --example understand -- --now 2026-03-10T09:00+03:00 \
//!     [--locale ar] [--currency SAR] [--table] < messages.jsonl
//! ```
//!
//! Reads `{"text": …}` a line and writes a line each:
//! `{language, intents: [{intent, confidence, because}], segments: [{text, start, end, intents}],
//! entities: [{type, text, start, end, value}], sentiment: {label, score}, urgency: {points,
//! level, because}}`. Places are bytes of the text. A line that is no such object gives
//! `{"line": 3, "error": …}`. `--table` writes for people.

#![expect(clippy::float_arithmetic, reason = "a percentage for people")]

use std::io::{self, BufRead, BufWriter, Write};
use std::process::ExitCode;

use domain::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use language::{Entity, Hints, RankedIntent, Sentiment, Understanding, Urgency, understand};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Line {
    text: String,
}

struct Asked {
    hints: Hints,
    now: Timestamp,
    zone: TimeZone,
    table: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let answered = asked(&arguments).and_then(|asked| answer(&asked));
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(io::stderr(), "understand: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn asked(arguments: &[String]) -> Result<Asked, String> {
    let mut hints = Hints::default();
    let mut now = None;
    let mut table = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--table" {
            table = true;
            continue;
        }
        let value = rest.next().ok_or_else(|| format!("{argument} needs a value"))?;
        let wrong = |what: &str| format!("{value} is no {what}");
        match argument.as_str() {
            "--now" => now = Some(instant(value).ok_or_else(|| wrong("time with an offset"))?),
            "--locale" => {
                let tag = value.split(['-', '_']).next().unwrap_or_default().to_lowercase();
                let language = serde_json::from_value(Value::String(tag));
                hints.language = Some(language.map_err(|_| wrong("language we read"))?);
            }
            "--currency" => {
                hints.currency = Some(value.parse().map_err(|_| wrong("currency"))?);
            }
            _ => return Err(format!("{argument} is unknown")),
        }
    }
    let (now, zone) = now.ok_or("--now 2026-03-10T09:00+03:00 is needed: dates depend on it")?;
    Ok(Asked { hints, now, zone, table })
}

/// An instant and the zone of its offset.
fn instant(text: &str) -> Option<(Timestamp, TimeZone)> {
    let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text).ok()?;
    let offset = pieces.to_numeric_offset().unwrap_or(jiff::tz::Offset::UTC);
    let time = pieces.time().unwrap_or(jiff::civil::Time::midnight());
    let now = offset.to_timestamp(pieces.date().to_datetime(time)).ok()?;
    Some((now, TimeZone::fixed(offset)))
}

fn answer(asked: &Asked) -> Result<(), String> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = input.read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        if read == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let written = match serde_json::from_slice::<Line>(&line) {
            Ok(Line { text }) => {
                let read = understand(&text, &asked.hints, asked.now, &asked.zone);
                if asked.table {
                    table(&mut out, &text, &read)
                } else {
                    json(&mut out, &text, &read)
                }
            }
            Err(error) => {
                let error = json!({ "line": number, "error": error.to_string() });
                writeln!(out, "{error}")
            }
        };
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(|error| error.to_string())?,
        }
    }
    out.flush().map_err(|error| error.to_string())
}

#[derive(Serialize)]
struct Answer<'a> {
    language: Language,
    intents: &'a [RankedIntent],
    segments: Vec<Part<'a>>,
    entities: Vec<Named<'a>>,
    sentiment: &'a Sentiment,
    urgency: &'a Urgency,
}

#[derive(Serialize)]
struct Part<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    intents: &'a [RankedIntent],
}

#[derive(Serialize)]
struct Named<'a> {
    r#type: Value,
    text: &'a str,
    start: usize,
    end: usize,
    value: Value,
}

fn json(out: &mut impl Write, text: &str, read: &Understanding) -> io::Result<()> {
    let slice = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    let named = |entity: &Entity| {
        let (kind, value) = kind_and_value(&json!(entity.value));
        let (start, end) = (entity.start, entity.end);
        Named { r#type: kind, text: slice(start, end), start, end, value }
    };
    let segments = read.segments.iter().map(|segment| {
        let (start, end) = (segment.start, segment.end);
        Part { text: slice(start, end), start, end, intents: &segment.intents }
    });
    let answer = Answer {
        language: read.language,
        intents: &read.intents,
        segments: segments.collect(),
        entities: read.entities.iter().map(named).collect(),
        sentiment: &read.sentiment,
        urgency: &read.urgency,
    };
    serde_json::to_writer(&mut *out, &answer)?;
    writeln!(out)
}

/// The type of an entity's value, and the value without it: alone where it has one field.
fn kind_and_value(value: &Value) -> (Value, Value) {
    let mut fields = value.as_object().cloned().unwrap_or_default();
    let kind = fields.remove("type").unwrap_or_default();
    let value = if fields.len() == 1 {
        fields.into_iter().next().map_or(Value::Null, |(_, value)| value)
    } else {
        Value::Object(fields)
    };
    (kind, value)
}

fn table(out: &mut impl Write, text: &str, read: &Understanding) -> io::Result<()> {
    writeln!(out, "{text}")?;
    let row = |name: &str, words: String| format!("  {name:<12} {words}");
    writeln!(out, "{}", row("language", json!(read.language).to_string().replace('"', "")))?;
    for ranked in read.intents.iter().take(3) {
        let words = format!(
            "{:<18} {:>5.1} %  {}",
            ranked.intent.name(),
            ranked.confidence * 100.0,
            ranked.because.join(", ")
        );
        writeln!(out, "{}", row("intent", words))?;
    }
    if read.segments.len() > 1 {
        for segment in &read.segments {
            let top = segment.intents.first();
            let name = top.map_or("", |top| top.intent.name());
            let words = text.get(segment.start..segment.end).unwrap_or_default();
            writeln!(out, "{}", row("segment", format!("{name:<18} {words}")))?;
        }
    }
    for entity in &read.entities {
        let (kind, value) = kind_and_value(&json!(entity.value));
        let words = text.get(entity.start..entity.end).unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default();
        writeln!(out, "{}", row("entity", format!("{kind:<18} {words} = {value}")))?;
    }
    let label = json!(read.sentiment.label).to_string().replace('"', "");
    writeln!(out, "{}", row("sentiment", format!("{label} {}", read.sentiment.score)))?;
    let level = json!(read.urgency.level).to_string().replace('"', "");
    let because = read.urgency.because.join(", ");
    writeln!(out, "{}\n", row("urgency", format!("{level} ({}) {because}", read.urgency.points)))
}
