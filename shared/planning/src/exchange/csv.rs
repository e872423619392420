//! Lists of tasks as comma-separated values.
//!
//! The first row names the columns, in any order; case, blanks and underscores do not matter:
//!
//! | column | meaning |
//! | --- | --- |
//! | `id` | unique; required |
//! | `name` | |
//! | `type` | `task`, `start_milestone`, `finish_milestone`, `level_of_effort`, `summary` |
//! | `wbs` | where it stands in the work breakdown |
//! | `parent` | the id of the summary above |
//! | `duration` | of work: `5` or `5d` days, `2w` weeks, `4h` hours, `30m` minutes, or the words; required |
//! | `remaining` | the same |
//! | `predecessors` | `A; B SS+2d; C FF-4h`: id, then a type if not FS, then a lag |
//! | `constraint` | `start_no_earlier` and so on, as [`Rule`] is written |
//! | `constraint_date`, `deadline`, `actual_start`, `actual_finish` | `2026-03-02` or `2026-03-02T08:00` |
//! | `percent` | 0 to 100 |
//!
//! A day is the longest day of the calendar's week, a week is its week.

use std::collections::{HashMap, HashSet};

use super::{Account, ImportError, Imported, Stored, decode};
use crate::calendar::{Calendar, Moment};
use crate::network::{
    Activity, Constraint, Kind, Link, LinkKind, MOST_ACTIVITIES, MOST_LINKS, MOST_MINUTES, Network,
    Plan, Rule,
};

/// Longest id with its link: far longer than any code people use.
const MOST_TEXT: usize = 500;

const COLUMNS: [&str; 14] = [
    "id",
    "name",
    "type",
    "wbs",
    "parent",
    "duration",
    "remaining",
    "predecessors",
    "constraint",
    "constraint_date",
    "deadline",
    "actual_start",
    "actual_finish",
    "percent",
];

/// Reads a list of tasks into a plan that starts at `data_date` on one calendar.
pub fn read(bytes: &[u8], data_date: Moment, calendar: Calendar) -> Result<Imported, ImportError> {
    let mut account = Account::default();
    let text = decode::decode(bytes, &mut account)?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let columns = columns(&mut reader, &mut account)?;
    let mut plan = Plan::new("", data_date, calendar);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row =
            Row { columns: &columns, record, line: usize::try_from(line).unwrap_or_default() };
        if row.record.iter().all(str::is_empty) {
            account.skipped(row.line, "row", "", "an empty row");
            continue;
        }
        if plan.activities.len() >= MOST_ACTIVITIES {
            let (line, what) = (row.line, "activities");
            return Err(ImportError::Limit { line, what, most: MOST_ACTIVITIES });
        }
        plan.activities.push(row.activity(&plan)?);
        rows.push(row);
    }
    link(&mut plan, &rows, &mut account)?;
    account.taken = plan.activities.len() + plan.links.len();
    let plan = Network::new(plan)?.into_plan();
    let stored = vec![Stored::default(); plan.activities.len()];
    Ok(Imported { plan, stored, account })
}

/// Writes the tasks of a plan. Calendars, options and what has no column are left out; a link from
/// an id with a comma or a semicolon in it is written, but cannot be read again.
pub fn write(plan: &Plan) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    let mut predecessors = vec![String::new(); plan.activities.len()];
    for link in &plan.links {
        let before = plan.activities.get(link.predecessor);
        if let (Some(before), Some(cell)) = (before, predecessors.get_mut(link.successor)) {
            if !cell.is_empty() {
                cell.push_str("; ");
            }
            cell.push_str(&predecessor(&before.id, link));
        }
    }
    for (activity, predecessors) in plan.activities.iter().zip(predecessors) {
        let parent = activity.parent.and_then(|parent| plan.activities.get(parent));
        let constraint = activity.constraint;
        let date = |at: Option<Moment>| at.map(|at| at.to_string()).unwrap_or_default();
        let is_dated = |one: &Constraint| one.rule != Rule::AsLateAsPossible;
        let _ = writer.write_record([
            safe(&activity.id),
            safe(&activity.name),
            written(&activity.kind),
            safe(&activity.wbs),
            parent.map(|parent| safe(&parent.id)).unwrap_or_default(),
            format!("{}m", activity.duration),
            activity.remaining.map(|minutes| format!("{minutes}m")).unwrap_or_default(),
            predecessors,
            constraint.map(|constraint| written(&constraint.rule)).unwrap_or_default(),
            date(constraint.filter(is_dated).map(|constraint| constraint.date)),
            date(activity.deadline),
            date(activity.actual_start),
            date(activity.actual_finish),
            percent(activity.progress_bp),
        ]);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// A row with the places of its columns.
struct Row<'a> {
    columns: &'a HashMap<&'static str, usize>,
    record: csv::StringRecord,
    line: usize,
}

impl Row<'_> {
    fn text(&self, column: &str) -> &str {
        let place = self.columns.get(column);
        let text = place.and_then(|place| self.record.get(*place)).unwrap_or_default();
        unquoted(text)
    }

    fn activity(&self, plan: &Plan) -> Result<Activity, ImportError> {
        let id = self.text("id");
        if id.is_empty() {
            return Err(self.error("id", "is missing"));
        }
        let kind: Kind = self.word("type")?.unwrap_or(Kind::Task);
        let minutes = match self.text("duration") {
            "" if kind == Kind::Task => return Err(self.error("duration", "is missing")),
            "" => 0,
            text => self.minutes("duration", text, plan)?,
        };
        let remaining = match self.text("remaining") {
            "" => None,
            text => Some(self.minutes("remaining", text, plan)?),
        };
        if minutes < 0 || remaining.is_some_and(|minutes| minutes < 0) {
            return Err(self.error("duration", "is negative"));
        }
        let (actual_start, actual_finish) =
            (self.date("actual_start")?, self.date("actual_finish")?);
        if actual_finish.is_some() && actual_start.is_none_or(|start| actual_finish < Some(start)) {
            return Err(self.error("actual_finish", "is without or before an actual start"));
        }
        Ok(Activity {
            name: self.text("name").to_owned(),
            kind,
            wbs: self.text("wbs").to_owned(),
            remaining,
            progress_bp: self.percent()?,
            actual_start,
            actual_finish,
            constraint: self.constraint()?,
            deadline: self.date("deadline")?,
            ..Activity::task(id, if kind.is_milestone() { 0 } else { minutes })
        })
    }

    fn constraint(&self) -> Result<Option<Constraint>, ImportError> {
        let Some(rule) = self.word("constraint")? else { return Ok(None) };
        match self.date("constraint_date")? {
            Some(date) => Ok(Some(Constraint { rule, date })),
            None if rule == Rule::AsLateAsPossible => {
                Ok(Some(Constraint { rule, date: Moment::default() }))
            }
            None => Err(self.error("constraint_date", "is missing")),
        }
    }

    /// A word of an enumeration, as the JSON of a plan writes it.
    fn word<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<Option<T>, ImportError> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        let word = text.to_ascii_lowercase().replace([' ', '-'], "_");
        let value = serde_json::Value::String(word);
        let read = serde_json::from_value(value);
        read.map(Some).map_err(|_| self.error(column, &format!("`{text}` is not known")))
    }

    fn date(&self, column: &str) -> Result<Option<Moment>, ImportError> {
        match self.text(column) {
            "" => Ok(None),
            text => match text.parse() {
                Ok(at) => Ok(Some(at)),
                Err(_) => Err(self.error(column, &format!("`{text}` is not a date"))),
            },
        }
    }

    fn percent(&self) -> Result<u16, ImportError> {
        let text = self.text("percent").trim_end_matches('%').trim();
        if text.is_empty() {
            return Ok(0);
        }
        let points = text
            .parse::<rust_decimal::Decimal>()
            .ok()
            .and_then(|percent| u16::try_from(percent.checked_mul(100.into())?.round()).ok());
        let points = points.filter(|points| *points <= 10_000);
        points.ok_or_else(|| self.error("percent", &format!("`{text}` is not 0 to 100")))
    }

    /// A signed amount of work with a unit, `d` if there is none.
    fn minutes(&self, column: &str, text: &str, plan: &Plan) -> Result<i64, ImportError> {
        let text = text.trim();
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || "+-. ".contains(c));
        let number = text.strip_suffix(unit).unwrap_or(text).replace(' ', "");
        let calendar = plan.calendars.first();
        let size = match unit.to_ascii_lowercase().as_str() {
            "m" | "min" | "mins" | "minute" | "minutes" => Some(1),
            "h" | "hr" | "hrs" | "hour" | "hours" => Some(60),
            "" | "d" | "day" | "days" => calendar.map(Calendar::day_minutes),
            "w" | "wk" | "wks" | "week" | "weeks" => calendar.map(Calendar::week_minutes),
            _ => None,
        };
        let minutes = number
            .parse::<rust_decimal::Decimal>()
            .ok()
            .and_then(|number| i64::try_from(number.checked_mul(size?.into())?.round()).ok());
        let minutes = minutes.filter(|minutes| minutes.abs() <= MOST_MINUTES);
        minutes.ok_or_else(|| self.error(column, &format!("`{text}` is not a duration")))
    }

    fn error(&self, column: &str, reason: &str) -> ImportError {
        ImportError::malformed(self.line, column, reason)
    }
}

/// Sets parents and links, for which all ids must be known.
fn link(plan: &mut Plan, rows: &[Row<'_>], account: &mut Account) -> Result<(), ImportError> {
    let mut places = HashMap::new();
    for (n, (activity, row)) in plan.activities.iter().zip(rows).enumerate() {
        if places.insert(activity.id.clone(), n).is_some() {
            return Err(row.error("id", &format!("`{}` is there twice", activity.id)));
        }
    }
    let mut seen = HashSet::new();
    for (successor, row) in rows.iter().enumerate() {
        let parent = row.text("parent");
        if !parent.is_empty() {
            let Some(place) = places.get(parent).copied() else {
                return Err(row.error("parent", &format!("`{parent}` is not in the list")));
            };
            if let Some(activity) = plan.activities.get_mut(successor) {
                activity.parent = Some(place);
            }
        }
        for text in row.text("predecessors").split([';', ',']).map(str::trim) {
            if text.is_empty() {
                continue;
            }
            if text.len() > MOST_TEXT {
                let (line, what) = (row.line, "letters of a link");
                return Err(ImportError::Limit { line, what, most: MOST_TEXT });
            }
            let text = unquoted(text);
            let link = one_link(row, text, successor, &places, plan)?;
            if !seen.insert((link.predecessor, successor, link.kind)) {
                account.skipped(row.line, "predecessors", text, "the same link again");
                continue;
            }
            plan.links.push(link);
            if plan.links.len() > MOST_LINKS {
                let (line, what) = (row.line, "links");
                return Err(ImportError::Limit { line, what, most: MOST_LINKS });
            }
        }
    }
    Ok(())
}

/// `A`, `A SS`, `A FS+2d`, `A+2d`. An id that the list has is never taken apart.
fn one_link(
    row: &Row<'_>,
    text: &str,
    successor: usize,
    places: &HashMap<String, usize>,
    plan: &Plan,
) -> Result<Link, ImportError> {
    if let Some(predecessor) = places.get(text) {
        return Ok(Link::new(*predecessor, successor, LinkKind::FinishStart));
    }
    for (at, _) in text.char_indices().rev() {
        let (id, rest) = text.split_at(at);
        let Some(predecessor) = places.get(id.trim()).copied() else { continue };
        let rest = rest.trim();
        let typed = rest.get(..2).and_then(LinkKind::from_code);
        let (kind, lag) = match typed {
            Some(kind) => (kind, rest.get(2..).unwrap_or_default().trim()),
            None => (LinkKind::FinishStart, rest),
        };
        if !lag.is_empty() && !lag.starts_with(['+', '-']) {
            continue;
        }
        let lag = if lag.is_empty() { 0 } else { row.minutes("predecessors", lag, plan)? };
        return Ok(Link { lag, ..Link::new(predecessor, successor, kind) });
    }
    Err(row.error("predecessors", &format!("`{text}` is not a task of the list and a link")))
}

fn columns(
    reader: &mut csv::Reader<&[u8]>,
    account: &mut Account,
) -> Result<HashMap<&'static str, usize>, ImportError> {
    let header = reader.headers().map_err(|error| broken(&error))?;
    let mut found = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        let folded = name.to_ascii_lowercase().replace([' ', '_', '-'], "");
        let column = COLUMNS.into_iter().find(|column| column.replace('_', "") == folded);
        match column {
            Some(column) => {
                if found.insert(column, place).is_some() {
                    return Err(ImportError::malformed(1, column, "is there twice"));
                }
            }
            None => account.skipped(1, name, name, "no such column is read"),
        }
    }
    for required in ["id", "duration"] {
        if !found.contains_key(required) {
            let reason = format!("there is no column `{required}`");
            return Err(ImportError::WrongFormat { expected: "a list of tasks", reason });
        }
    }
    Ok(found)
}

/// What separates the columns: what the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    // The last of equals wins, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn broken(error: &csv::Error) -> ImportError {
    let line = error.position().map_or(0, csv::Position::line);
    ImportError::malformed(usize::try_from(line).unwrap_or_default(), "row", error.to_string())
}

fn predecessor(id: &str, link: &Link) -> String {
    let id = safe(id);
    match (link.kind, link.lag) {
        (LinkKind::FinishStart, 0) => id,
        (kind, 0) => format!("{id} {}", kind.code()),
        (kind, lag) => format!("{id} {}{lag:+}m", kind.code()),
    }
}

/// An enumeration as the JSON of a plan writes it.
fn written(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

fn percent(basis_points: u16) -> String {
    rust_decimal::Decimal::new(i64::from(basis_points), 2).normalize().to_string()
}

/// A spreadsheet runs what looks like a formula; a quote in front stops it.
fn safe(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// What it was before [`safe`].
fn unquoted(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

/// Spreadsheets pass over blanks, quotes and marks before they look.
fn is_formula(text: &str) -> bool {
    let is_passed = |c: char| c.is_whitespace() || ['"', '\'', '\u{feff}', '\u{200b}'].contains(&c);
    text.starts_with(['\'', '\t', '\r', '\n', '\0'])
        || text
            .trim_start_matches(is_passed)
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}
