//! Calendars: weeks, exceptions, working weeks, and what one inherits from its base.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::element::Element;
use super::recurrence;
use crate::calendar::{Calendar, CalendarError, MOST_EXCEPTIONS, Shift};
use crate::exchange::shifts::{minute_of_day, united};
use crate::exchange::{Account, ImportError, MOST_CALENDARS, MOST_DATES};

/// Longest chain of calendars that inherit from each other.
const MOST_PARENTS: usize = 16;

type Shifts = Vec<Shift>;

/// The calendars of a file, and a place for each of their numbers.
pub(super) struct Calendars {
    pub(super) list: Vec<Calendar>,
    places: HashMap<String, usize>,
    /// Calendars without working time, by number, with their lines.
    empty: HashMap<String, usize>,
    clock: Option<usize>,
}

/// What one calendar says itself: nothing of a day it inherits.
struct Draft {
    uid: String,
    name: String,
    base: String,
    line: usize,
    /// Monday first.
    week: [Option<Shifts>; 7],
    exceptions: BTreeMap<Date, Shifts>,
}

impl Calendars {
    /// The place of a calendar, or none when there is no such calendar.
    pub(super) fn place(&self, uid: &str) -> Result<Option<usize>, ImportError> {
        if let Some(line) = self.empty.get(uid) {
            let reason = CalendarError::NoWorkingTime.to_string();
            return Err(ImportError::malformed(*line, "Calendar.WeekDays", reason));
        }
        Ok(self.places.get(uid).copied())
    }

    /// The calendar of the project.
    pub(super) fn default_place(
        &mut self,
        root: &Element,
        account: &mut Account,
    ) -> Result<usize, ImportError> {
        if let Some(place) = self.place(root.text("CalendarUID"))? {
            return Ok(place);
        }
        let reason = "no such calendar: Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00";
        account.altered(root.line, "Project.CalendarUID", root.text("CalendarUID"), reason);
        self.list.push(Calendar::five_days());
        Ok(self.list.len() - 1)
    }

    /// The calendar of elapsed durations.
    pub(super) fn clock(&mut self) -> usize {
        let list = &mut self.list;
        *self.clock.get_or_insert_with(|| {
            list.push(Calendar::around_the_clock());
            list.len() - 1
        })
    }
}

pub(super) fn read(root: &Element, account: &mut Account) -> Result<Calendars, ImportError> {
    let mut drafts = Vec::new();
    let mut days_left = recurrence::MOST_DAYS;
    for element in root.list("Calendars", "Calendar") {
        drafts.push(draft(element, &mut days_left, account)?);
    }
    let by_uid: HashMap<&str, &Draft> = drafts.iter().map(|one| (one.uid.as_str(), one)).collect();
    let mut calendars =
        Calendars { list: Vec::new(), places: HashMap::new(), empty: HashMap::new(), clock: None };
    let mut dates = 0;
    for draft in &drafts {
        let (week, exceptions) = with_base(draft, &by_uid);
        dates += exceptions.len();
        if dates > MOST_DATES || calendars.list.len() >= MOST_CALENDARS {
            let (line, what) = (draft.line, "dates in calendars");
            return Err(ImportError::Limit { line, what, most: MOST_DATES });
        }
        match Calendar::new(draft.name.as_str(), week, exceptions) {
            Ok(calendar) => {
                calendars.places.insert(draft.uid.clone(), calendars.list.len());
                calendars.list.push(calendar);
            }
            Err(CalendarError::NoWorkingTime) => {
                let reason = "no working time; nobody who is scheduled may use it";
                account.skipped(draft.line, "Calendar.WeekDays", &draft.name, reason);
                calendars.empty.insert(draft.uid.clone(), draft.line);
            }
            Err(error) => {
                let (line, field) = (draft.line, "Calendar");
                return Err(ImportError::malformed(line, field, error.to_string()));
            }
        }
    }
    Ok(calendars)
}

fn draft(
    element: &Element,
    days_left: &mut usize,
    account: &mut Account,
) -> Result<Draft, ImportError> {
    let mut draft = Draft {
        uid: element.text("UID").to_owned(),
        name: element.text("Name").to_owned(),
        base: element.text("BaseCalendarUID").to_owned(),
        line: element.line,
        week: std::array::from_fn(|_| None),
        exceptions: BTreeMap::new(),
    };
    for day in element.list("WeekDays", "WeekDay") {
        if day.whole("DayType")? == Some(0) {
            // Files of Project 2003 have their exceptions here, later ones repeat them here.
            let shifts = shifts(day, &draft.name, account)?;
            for date in recurrence::dates(day, days_left)? {
                draft.exceptions.insert(date, shifts.clone());
            }
        } else {
            let place = weekday(day)?;
            if let Some(slot) = draft.week.get_mut(place) {
                *slot = Some(shifts(day, &draft.name, account)?);
            }
        }
    }
    for week in element.list("WorkWeeks", "WorkWeek") {
        working_week(week, &mut draft, days_left, account)?;
    }
    for exception in element.list("Exceptions", "Exception") {
        let shifts = shifts(exception, &draft.name, account)?;
        for date in recurrence::dates(exception, days_left)? {
            draft.exceptions.insert(date, shifts.clone());
        }
        limit(exception, &draft)?;
    }
    Ok(draft)
}

/// Another week for some dates: an exception on each of them.
fn working_week(
    week: &Element,
    draft: &mut Draft,
    days_left: &mut usize,
    account: &mut Account,
) -> Result<(), ImportError> {
    let mut days: [Option<Shifts>; 7] = std::array::from_fn(|_| None);
    for day in week.list("WeekDays", "WeekDay") {
        if let Some(slot) = days.get_mut(weekday(day)?) {
            *slot = Some(shifts(day, &draft.name, account)?);
        }
    }
    if week.child("TimePeriod").is_none() {
        return Ok(());
    }
    for date in recurrence::dates(week, days_left)? {
        let place = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        if let Some(Some(shifts)) = days.get(place) {
            draft.exceptions.insert(date, shifts.clone());
        }
    }
    limit(week, draft)
}

fn limit(element: &Element, draft: &Draft) -> Result<(), ImportError> {
    if draft.exceptions.len() <= MOST_EXCEPTIONS {
        return Ok(());
    }
    let (line, what) = (element.line, "exceptions of a calendar");
    Err(ImportError::Limit { line, what, most: MOST_EXCEPTIONS })
}

/// The place of a day in a week that starts on Monday; MS Project's starts on Sunday, with 1.
fn weekday(day: &Element) -> Result<usize, ImportError> {
    let number = day.whole("DayType")?.filter(|number| (1..=7).contains(number));
    match number.and_then(|number| usize::try_from(number).ok()) {
        Some(number) => Ok((number + 5) % 7),
        None => Err(day.error("DayType", "is not a day of the week")),
    }
}

/// The hours of a day. A working day without hours has the usual ones.
fn shifts(day: &Element, name: &str, account: &mut Account) -> Result<Shifts, ImportError> {
    if day.flag("DayWorking") == Some(false) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for time in day.list("WorkingTimes", "WorkingTime") {
        let minute = |field: &str| {
            let text = time.text(field);
            minute_of_day(text)
                .ok_or_else(|| time.error(field, &format!("`{text}` is not a time of day")))
        };
        if time.text("FromTime").is_empty() && time.text("ToTime").is_empty() {
            continue;
        }
        let from = minute("FromTime")?;
        let to = match minute("ToTime")? {
            0 => 1440,
            to => to,
        };
        if to < from {
            let reason = "hours over midnight end at midnight";
            account.altered(time.line, "WorkingTime.ToTime", name, reason);
        }
        found.extend(Shift::new(from, if to < from { 1440 } else { to }));
    }
    if found.is_empty() {
        found = vec![Shift::MORNING, Shift::AFTERNOON];
    }
    Ok(united(found))
}

/// What a calendar says, over what its base says, over the base's base.
fn with_base(
    draft: &Draft,
    by_uid: &HashMap<&str, &Draft>,
) -> ([Shifts; 7], BTreeMap<Date, Shifts>) {
    let mut week = draft.week.clone();
    let mut exceptions = draft.exceptions.clone();
    let mut base = by_uid.get(draft.base.as_str());
    for _ in 0..MOST_PARENTS {
        let Some(above) = base.filter(|above| above.uid != draft.uid) else { break };
        // A day of the week that is set here holds on the dates of the base's exceptions too
        // only where there is no exception: MS Project lets dates win over days.
        for (day, from) in week.iter_mut().zip(&above.week) {
            if day.is_none() {
                day.clone_from(from);
            }
        }
        for (date, shifts) in &above.exceptions {
            exceptions.entry(*date).or_insert_with(|| shifts.clone());
        }
        base = by_uid.get(above.base.as_str());
    }
    (week.map(Option::unwrap_or_default), exceptions)
}
