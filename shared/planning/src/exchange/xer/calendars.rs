//! `CALENDAR`: weeks, exceptions by serial date, inherited exceptions.

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;
use jiff::civil::{Date, date};

use super::row::{Row, rows};
use super::structure::{self, Node};
use super::tables::Tables;
use crate::calendar::{Calendar, MOST_EXCEPTIONS, Shift};
use crate::exchange::shifts::{minute_of_day, united};
use crate::exchange::{Account, ImportError, MOST_CALENDARS, MOST_DATES};

/// Day 0 of the serial dates: those of Excel and OLE.
const SERIAL_START: Date = date(1899, 12, 30);
/// 31 December 9999.
const LAST_SERIAL: i64 = 2_958_465;
/// Longest chain of calendars that inherit from each other.
const MOST_PARENTS: usize = 16;

type Exceptions = BTreeMap<Date, Vec<Shift>>;

/// The calendars of a file, and a place for each of their ids.
pub(super) struct Calendars {
    pub(super) list: Vec<Calendar>,
    places: HashMap<String, usize>,
    /// Calendars that make no sense, by id.
    broken: HashMap<String, ImportError>,
    default: usize,
}

/// A calendar before its base's exceptions are added.
struct Draft {
    id: String,
    name: String,
    base: String,
    line: usize,
    week: [Vec<Shift>; 7],
    exceptions: Exceptions,
}

impl Calendars {
    /// The place of a calendar, or none when there is no such calendar. One that makes no sense
    /// is an error only here, where somebody needs it.
    pub(super) fn place(&self, id: &str) -> Result<Option<usize>, ImportError> {
        match self.broken.get(id) {
            Some(error) => Err(error.clone()),
            None => Ok(self.places.get(id).copied()),
        }
    }

    fn give_up(
        &mut self,
        id: &str,
        (line, name): (usize, &str),
        error: ImportError,
        account: &mut Account,
    ) {
        let reason = format!("{error}; nobody who is scheduled may use it");
        account.skipped(line, "CALENDAR.clndr_data", name, reason);
        self.broken.insert(id.to_owned(), error);
    }

    pub(super) fn default_place(&self) -> usize {
        self.default
    }
}

pub(super) fn read(tables: &Tables<'_>, account: &mut Account) -> Result<Calendars, ImportError> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut default_id = String::new();
    let mut calendars =
        Calendars { list: Vec::new(), places: HashMap::new(), broken: HashMap::new(), default: 0 };
    for row in rows(tables.get("CALENDAR")) {
        let id = row.required("clndr_id")?;
        if drafts.iter().any(|other| other.id == id) || calendars.broken.contains_key(id) {
            return Err(row.error("CALENDAR.clndr_id", &format!("`{id}` is there twice")));
        }
        if row.flag("default_flag") == Some(true) && default_id.is_empty() {
            id.clone_into(&mut default_id);
        }
        if drafts.len() >= MOST_CALENDARS {
            let (line, what) = (row.line(), "calendars");
            return Err(ImportError::Limit { line, what, most: MOST_CALENDARS });
        }
        match draft(&row, account) {
            Ok(draft) => drafts.push(draft),
            Err(error @ ImportError::Malformed { .. }) => {
                let place = (row.line(), row.text("clndr_name"));
                calendars.give_up(id, place, error, account);
            }
            Err(other) => return Err(other),
        }
    }
    let by_id: HashMap<&str, &Draft> = drafts.iter().map(|one| (one.id.as_str(), one)).collect();
    let mut dates = 0;
    for draft in &drafts {
        let exceptions = inherited(draft, &by_id);
        dates += exceptions.len();
        if dates > MOST_DATES {
            let (line, what) = (draft.line, "dates in calendars");
            return Err(ImportError::Limit { line, what, most: MOST_DATES });
        }
        match Calendar::new(draft.name.as_str(), draft.week.clone(), exceptions) {
            Ok(calendar) => {
                calendars.places.insert(draft.id.clone(), calendars.list.len());
                calendars.list.push(calendar);
            }
            Err(error) => {
                let (line, field) = (draft.line, "CALENDAR.clndr_data");
                let error = ImportError::malformed(line, field, error.to_string());
                calendars.give_up(&draft.id, (line, &draft.name), error, account);
            }
        }
    }
    if calendars.list.is_empty() {
        account.altered(
            tables.last_line,
            "CALENDAR",
            "CALENDAR",
            "the file has no calendars: Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00",
        );
        calendars.list.push(Calendar::five_days());
    }
    calendars.default = calendars.places.get(&default_id).copied().unwrap_or_default();
    Ok(calendars)
}

fn draft(row: &Row<'_, '_>, account: &mut Account) -> Result<Draft, ImportError> {
    let id = row.required("clndr_id")?.to_owned();
    let name = row.text("clndr_name").to_owned();
    let base = row.text("base_clndr_id").to_owned();
    let mut draft = Draft {
        id,
        name,
        base,
        line: row.line(),
        week: std::array::from_fn(|_| Vec::new()),
        exceptions: Exceptions::new(),
    };
    let data = row.text("clndr_data");
    let root = if data.is_empty() { Node::default() } else { structure::parse(data, row.line())? };
    if let Some(days) = root.child("DaysOfWeek") {
        for day in &days.children {
            let number = day.name.parse().ok().filter(|number| (1..=7).contains(number));
            let sunday_first: usize = number.ok_or_else(|| {
                let reason = format!("`{}` is not a day of the week", day.name);
                row.error("CALENDAR.clndr_data", &reason)
            })?;
            let Some(slot) = draft.week.get_mut((sunday_first + 5) % 7) else { continue };
            *slot = shifts(day, row, account)?;
        }
    } else {
        let reason = "no days of the week: Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00";
        account.altered(row.line(), "CALENDAR.clndr_data", &draft.name, reason);
        draft.week.clone_from(Calendar::five_days().week());
    }
    for exception in root.child("Exceptions").into_iter().flat_map(|list| &list.children) {
        let text = exception.value("d").unwrap_or_default();
        let day = text.parse().ok().and_then(serial_date);
        let Some(day) = day else {
            let reason = format!("`{text}` is not the number of a date");
            return Err(row.error("CALENDAR.clndr_data", &reason));
        };
        let shifts = shifts(exception, row, account)?;
        if draft.exceptions.insert(day, shifts).is_some() {
            let reason = format!("two exceptions on {day}; the later one counts");
            account.altered(row.line(), "CALENDAR.clndr_data", &draft.name, reason);
        }
        if draft.exceptions.len() > MOST_EXCEPTIONS {
            let (line, what) = (row.line(), "exceptions of a calendar");
            return Err(ImportError::Limit { line, what, most: MOST_EXCEPTIONS });
        }
    }
    Ok(draft)
}

/// The shifts below a node. A finish at midnight is the end of the day.
fn shifts(
    day: &Node<'_>,
    row: &Row<'_, '_>,
    account: &mut Account,
) -> Result<Vec<Shift>, ImportError> {
    let mut found = Vec::new();
    for child in &day.children {
        let minute = |key: &str| {
            let text = child.value(key).unwrap_or_default();
            minute_of_day(text).ok_or_else(|| {
                row.error("CALENDAR.clndr_data", &format!("`{text}` is not a time of day"))
            })
        };
        let from = minute("s")?;
        let to = match minute("f")? {
            0 => 1440,
            to => to,
        };
        if to < from {
            let reason = "a shift over midnight ends at midnight";
            account.altered(row.line(), "CALENDAR.clndr_data", row.text("clndr_name"), reason);
            found.extend(Shift::new(from, 1440));
        } else {
            found.extend(Shift::new(from, to));
        }
    }
    Ok(united(found))
}

fn serial_date(serial: i64) -> Option<Date> {
    if !(1..=LAST_SERIAL).contains(&serial) {
        return None;
    }
    SERIAL_START.checked_add(SignedDuration::from_hours(serial * 24)).ok()
}

/// The exceptions of a calendar, over those of its base, over those of the base's base.
fn inherited(draft: &Draft, by_id: &HashMap<&str, &Draft>) -> Exceptions {
    let mut exceptions = draft.exceptions.clone();
    let mut base = by_id.get(draft.base.as_str());
    for _ in 0..MOST_PARENTS {
        let Some(above) = base else { break };
        for (day, shifts) in &above.exceptions {
            exceptions.entry(*day).or_insert_with(|| shifts.clone());
        }
        base = by_id.get(above.base.as_str());
    }
    exceptions
}
