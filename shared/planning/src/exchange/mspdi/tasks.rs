//! Tasks and their links.

use std::collections::{HashMap, HashSet};

use super::ID_ALIAS;
use super::calendars::Calendars;
use super::element::Element;
use super::links;
use super::units::is_elapsed;
use crate::calendar::Moment;
use crate::exchange::{Account, ImportError, Stored};
use crate::network::{Activity, Constraint, Kind, Link, MOST_LEVELS, Options, Rule};

#[derive(Default)]
pub(super) struct Tasks {
    pub(super) list: Vec<Activity>,
    pub(super) stored: Vec<Stored>,
    pub(super) links: Vec<Link>,
    /// Places by unique number.
    pub(super) places: HashMap<String, usize>,
}

/// What the tasks of a file have in common.
struct Reading<'a> {
    /// The number of the text field that holds ids.
    id_field: Option<&'a str>,
    /// By task: the calendars of the resources that work on it.
    resources: HashMap<&'a str, Vec<usize>>,
    project_calendar: usize,
}

pub(super) fn read(
    root: &Element,
    calendars: &mut Calendars,
    options: &Options,
    account: &mut Account,
) -> Result<Tasks, ImportError> {
    let project_calendar = calendars.place(root.text("CalendarUID"))?;
    let reading = Reading {
        id_field: id_field(root),
        resources: resource_calendars(root, calendars),
        project_calendar: project_calendar.unwrap_or(calendars.list.len() - 1),
    };
    let mut tasks = Tasks::default();
    let mut elements = Vec::new();
    let mut above: Vec<(i64, usize)> = Vec::new();
    let mut ids = HashSet::new();
    for element in root.list("Tasks", "Task") {
        let uid = element.text("UID");
        if element.flag("IsNull") == Some(true) {
            account.skipped(element.line, "Task.IsNull", uid, "an empty row");
            continue;
        }
        if element.flag("Active") == Some(false) {
            account.skipped(element.line, "Task.Active", uid, "inactive: it schedules nothing");
            continue;
        }
        if uid.is_empty() {
            return Err(element.error("UID", "is missing"));
        }
        let place = tasks.list.len();
        if tasks.places.insert(uid.to_owned(), place).is_some() {
            return Err(element.error("UID", &format!("`{uid}` is there twice")));
        }
        let mut activity = reading.activity(element, calendars, options, account)?;
        if !ids.insert(activity.id.clone()) {
            let reason = "the id is not unique: the number of the task is put behind it";
            activity.id = format!("{}#{uid}", activity.id);
            account.altered(element.line, "Task.ExtendedAttribute", &activity.id, reason);
            ids.insert(activity.id.clone());
        }
        let level = element.whole("OutlineLevel")?.unwrap_or(1);
        above.retain(|(other, _)| *other < level);
        activity.parent = above.last().map(|(_, place)| *place);
        if activity.kind == Kind::Summary {
            above.push((level, place));
            if above.len() > MOST_LEVELS {
                let (line, what) = (element.line, "levels of summaries");
                return Err(ImportError::Limit { line, what, most: MOST_LEVELS });
            }
        }
        tasks.stored.push(stored(element)?);
        tasks.list.push(activity);
        elements.push(element);
    }
    tasks.links = links::read(&elements, &tasks, account)?;
    Ok(tasks)
}

impl Reading<'_> {
    fn activity(
        &self,
        element: &Element,
        calendars: &mut Calendars,
        options: &Options,
        account: &mut Account,
    ) -> Result<Activity, ImportError> {
        let uid = element.text("UID");
        let id = match self.id_field.and_then(|field| extended(element, field)) {
            Some(id) if !id.is_empty() => id,
            _ => uid,
        };
        let duration = element.duration("Duration")?.unwrap_or_default().max(0);
        let kind = if element.flag("Summary") == Some(true) {
            Kind::Summary
        } else if duration == 0 {
            Kind::FinishMilestone
        } else {
            Kind::Task
        };
        let remaining = element.duration("RemainingDuration")?.map(|minutes| minutes.max(0));
        let mut activity = Activity {
            name: element.text("Name").to_owned(),
            kind,
            wbs: element.text("WBS").to_owned(),
            calendar: self.calendar(element, calendars, account)?,
            remaining: remaining.filter(|_| kind == Kind::Task),
            progress_bp: element.percent("PercentComplete")?,
            actual_start: element.moment("ActualStart")?,
            actual_finish: element.moment("ActualFinish")?,
            resume: resume(element)?,
            deadline: element.moment("Deadline")?,
            constraint: constraint(element, options, account)?,
            ..Activity::task(id, if kind == Kind::Task { duration } else { 0 })
        };
        if element.flag("IsSubproject") == Some(true) {
            let reason = "stands for another file, whose tasks are not here";
            account.altered(element.line, "Task.IsSubproject", uid, reason);
        }
        if activity.kind == Kind::Summary {
            if activity.constraint.is_some() {
                let reason = "a summary follows its tasks: its constraint is left out";
                account.altered(element.line, "Task.ConstraintType", uid, reason);
            }
            (activity.actual_start, activity.actual_finish, activity.resume) = (None, None, None);
            activity.constraint = None;
            activity.duration = duration;
        }
        settle(element, &mut activity, account)?;
        Ok(activity)
    }

    /// Its own calendar, or that of its resources, or the project's.
    fn calendar(
        &self,
        element: &Element,
        calendars: &mut Calendars,
        account: &mut Account,
    ) -> Result<usize, ImportError> {
        let uid = element.text("CalendarUID");
        let format = element.whole("DurationFormat")?.unwrap_or_default();
        if is_elapsed(format) && element.flag("Summary") != Some(true) {
            return Ok(calendars.clock());
        }
        if !matches!(uid, "" | "-1" | "0") || (uid == "0" && calendars.place(uid)?.is_some()) {
            if let Some(place) = calendars.place(uid)? {
                return Ok(place);
            }
            let reason = "no such calendar: the project's is taken";
            account.altered(element.line, "Task.CalendarUID", element.text("UID"), reason);
        }
        if element.flag("IgnoreResourceCalendar") == Some(true) {
            return Ok(self.project_calendar);
        }
        let of_resources = self.resources.get(element.text("UID")).map(Vec::as_slice);
        let differs = |place: &&usize| !same_hours(calendars, **place, self.project_calendar);
        let of_resources = of_resources.unwrap_or_default();
        match of_resources.iter().find(differs) {
            None => Ok(self.project_calendar),
            Some(place) if of_resources.iter().all(|one| same_hours(calendars, *one, *place)) => {
                Ok(*place)
            }
            Some(_) => {
                let reason = "resources with several calendars: the project's is taken";
                account.altered(element.line, "Task.CalendarUID", element.text("UID"), reason);
                Ok(self.project_calendar)
            }
        }
    }
}

/// Where a task whose work stopped goes on, if that is later than where it stopped.
fn resume(element: &Element) -> Result<Option<Moment>, ImportError> {
    let (stop, resume) = (element.moment("Stop")?, element.moment("Resume")?);
    Ok(resume.filter(|resume| stop.is_some_and(|stop| *resume > stop)))
}

fn constraint(
    element: &Element,
    options: &Options,
    account: &mut Account,
) -> Result<Option<Constraint>, ImportError> {
    let uid = element.text("UID");
    if element.flag("ExternalTask") == Some(true) {
        let reason = "of another project: held at the start that the file has for it";
        account.altered(element.line, "Task.ExternalTask", uid, reason);
        let start = element.moment("Start")?;
        return Ok(start.map(|date| Constraint { rule: Rule::FixedStart, date }));
    }
    if element.flag("Manual") == Some(true) && element.flag("Summary") != Some(true) {
        let reason = "scheduled by hand: it keeps its start";
        account.altered(element.line, "Task.Manual", uid, reason);
        let start = element.moment("ManualStart")?.or(element.moment("Start")?);
        return Ok(start.map(|date| Constraint { rule: Rule::FixedStart, date }));
    }
    if element.tenths("LevelingDelay")?.is_some_and(|delay| delay != 0) {
        account.skipped(element.line, "Task.LevelingDelay", uid, "a delay of levelling");
    }
    let must = options.constraints_over_links;
    let rule = match element.whole("ConstraintType")?.unwrap_or_default() {
        0 => return Ok(None),
        1 => Rule::AsLateAsPossible,
        2 if must => Rule::MandatoryStart,
        2 => Rule::StartOn,
        3 if must => Rule::MandatoryFinish,
        3 => Rule::FinishOn,
        4 => Rule::StartNoEarlier,
        5 => Rule::StartNoLater,
        6 => Rule::FinishNoEarlier,
        7 => Rule::FinishNoLater,
        other => {
            return Err(element.error("ConstraintType", &format!("`{other}` is not known")));
        }
    };
    let date = element.moment("ConstraintDate")?;
    if date.is_none() && rule != Rule::AsLateAsPossible {
        let reason = "a constraint without a date is left out";
        account.altered(element.line, "Task.ConstraintDate", uid, reason);
        return Ok(None);
    }
    Ok(Some(Constraint { rule, date: date.unwrap_or_default() }))
}

/// What is finished has started, and what was finished before it started is no file to trust.
fn settle(
    element: &Element,
    activity: &mut Activity,
    account: &mut Account,
) -> Result<(), ImportError> {
    match (activity.actual_start, activity.actual_finish) {
        (None, Some(finish)) => {
            let reason = "finished without an actual start: its start is taken";
            account.altered(element.line, "Task.ActualStart", &activity.id, reason);
            let start = element.moment("Start")?.unwrap_or(finish);
            activity.actual_start = Some(start.min(finish));
            Ok(())
        }
        (Some(start), Some(finish)) if finish < start => {
            Err(element.error("ActualFinish", "is before the actual start"))
        }
        _ => Ok(()),
    }
}

fn stored(element: &Element) -> Result<Stored, ImportError> {
    let mut baselines = element.children("Baseline");
    let baseline = baselines.find(|baseline| baseline.text("Number") == "0");
    let of_baseline = |name: &str| baseline.map(|one| one.moment(name)).transpose();
    Ok(Stored {
        start: element.moment("Start")?,
        finish: element.moment("Finish")?,
        early_start: element.moment("EarlyStart")?,
        early_finish: element.moment("EarlyFinish")?,
        late_start: element.moment("LateStart")?,
        late_finish: element.moment("LateFinish")?,
        total_float: element.tenths("TotalSlack")?,
        free_float: element.tenths("FreeSlack")?,
        critical: element.flag("Critical"),
        longest_path: None,
        baseline_start: of_baseline("Start")?.flatten(),
        baseline_finish: of_baseline("Finish")?.flatten(),
        baseline_duration: baseline.map(|one| one.duration("Duration")).transpose()?.flatten(),
    })
}

/// The field that carries ids, by what people call it.
fn id_field(root: &Element) -> Option<&str> {
    let mut fields = root.list("ExtendedAttributes", "ExtendedAttribute");
    let field = fields.find(|field| field.text("Alias").eq_ignore_ascii_case(ID_ALIAS))?;
    Some(field.text("FieldID"))
}

fn extended<'a>(element: &'a Element, field: &str) -> Option<&'a str> {
    let mut values = element.children("ExtendedAttribute");
    values.find(|value| value.text("FieldID") == field).map(|value| value.text("Value"))
}

fn resource_calendars<'a>(
    root: &'a Element,
    calendars: &Calendars,
) -> HashMap<&'a str, Vec<usize>> {
    let mut of_resource = HashMap::new();
    for resource in root.list("Resources", "Resource") {
        // Material and cost have no working time.
        let works = matches!(resource.text("Type"), "1" | "");
        let place = calendars.place(resource.text("CalendarUID")).ok().flatten();
        if let Some(place) = place.filter(|_| works) {
            of_resource.insert(resource.text("UID"), place);
        }
    }
    let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
    for assignment in root.list("Assignments", "Assignment") {
        if let Some(place) = of_resource.get(assignment.text("ResourceUID")) {
            let list = found.entry(assignment.text("TaskUID")).or_default();
            if !list.contains(place) {
                list.push(*place);
            }
        }
    }
    found
}

fn same_hours(calendars: &Calendars, one: usize, other: usize) -> bool {
    if one == other {
        return true;
    }
    let pair = calendars.list.get(one).zip(calendars.list.get(other));
    pair.is_some_and(|(one, other)| {
        one.week() == other.week() && one.exceptions() == other.exceptions()
    })
}
