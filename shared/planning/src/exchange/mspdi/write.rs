//! Writes a plan as an MS Project file.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::ID_ALIAS;
use crate::calendar::{Calendar, Moment, Shift};
use crate::exchange::Account;
use crate::network::{
    Activity, Constraint, Dates, Kind, LagCalendar, Link, LinkKind, Plan, Resource, Rule, Schedule,
    WHOLE_UNIT,
};

/// MS Project's number of the field `Text1`, which carries the ids of activities.
const TEXT1: &str = "188743731";

/// A plan and its schedule as an MS Project file, and what the format has no place for.
///
/// The notes name an activity's place among the tasks, from 1, where a file would have a line.
pub fn write(plan: &Plan, schedule: &Schedule) -> (String, Account) {
    let mut account = Account::default();
    let mut writer = Writer { text: String::new(), depth: 0 };
    let order = outline(plan);
    let mut uids = vec![0; plan.activities.len()];
    for (uid, (n, _)) in (1..).zip(&order) {
        if let Some(slot) = uids.get_mut(*n) {
            *slot = uid;
        }
    }
    let mut into: Vec<Vec<&Link>> = vec![Vec::new(); plan.activities.len()];
    for link in &plan.links {
        if let Some(list) = into.get_mut(link.successor) {
            list.push(link);
        }
    }
    writer.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
    writer.text.push_str("<Project xmlns=\"http://schemas.microsoft.com/project\">\n");
    writer.depth = 1;
    writer.project(plan, &mut account);
    writer.inside("ExtendedAttributes", |writer| {
        writer.inside("ExtendedAttribute", |writer| {
            writer.value("FieldID", TEXT1);
            writer.value("FieldName", "Text1");
            writer.value("Alias", ID_ALIAS);
        });
    });
    writer.inside("Calendars", |writer| {
        for (uid, calendar) in (1..).zip(&plan.calendars) {
            writer.calendar(uid, calendar);
        }
    });
    writer.inside("Tasks", |writer| {
        for (n, level) in &order {
            let (activity, dates) = (plan.activities.get(*n), schedule.dates.get(*n));
            let (Some((activity, dates)), Some(links)) = (activity.zip(dates), into.get(*n)) else {
                continue;
            };
            let uid = uids.get(*n).copied().unwrap_or_default();
            lost(activity, uid, &mut account);
            writer.inside("Task", |writer| {
                writer.task(activity, dates, (uid, *level));
                for link in links {
                    writer.link(plan, link, &uids, &mut account);
                }
            });
        }
    });
    writer.resources(plan, &uids);
    writer.text.push_str("</Project>\n");
    account.taken = plan.activities.len() + plan.links.len() + plan.calendars.len();
    (writer.text, account)
}

/// The activities with their levels, each summary before what is below it.
fn outline(plan: &Plan) -> Vec<(usize, usize)> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); plan.activities.len()];
    let mut open = Vec::new();
    for (n, activity) in plan.activities.iter().enumerate().rev() {
        match activity.parent.and_then(|parent| below.get_mut(parent)) {
            Some(list) => list.push(n),
            None => open.push((n, 1)),
        }
    }
    let mut order = Vec::with_capacity(plan.activities.len());
    while let Some((n, level)) = open.pop() {
        order.push((n, level));
        open.extend(below.get(n).into_iter().flatten().map(|child| (*child, level + 1)));
    }
    order
}

struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    fn value(&mut self, name: &str, value: impl std::fmt::Display) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
        for character in value.to_string().chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                // Readers make a line feed of it, and XML has no other control characters.
                '\r' => self.text.push_str("&#13;"),
                '\t' | '\n' => self.text.push(character),
                other if other.is_control() => self.text.push(' '),
                other => self.text.push(other),
            }
        }
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    fn optional(&mut self, name: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    fn flag(&mut self, name: &str, is_on: bool) {
        self.value(name, u8::from(is_on));
    }

    fn inside(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        self.text.push_str(">\n");
        self.depth += 1;
        write(self);
        self.depth -= 1;
        self.indent();
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n('\t', self.depth));
    }

    fn project(&mut self, plan: &Plan, account: &mut Account) {
        if plan.projects.len() > 1 {
            let reason = "a file has one project: the first one's dates are written";
            account.altered(0, "projects", "Project", reason);
        }
        let Some(project) = plan.projects.first() else { return };
        self.value("SaveVersion", 14);
        self.optional("UID", Some(&project.id).filter(|id| !id.is_empty()));
        self.value("Name", &project.name);
        self.flag("ScheduleFromStart", true);
        self.value("StartDate", seconds(project.data_date));
        let calendar = plan.calendars.get(project.calendar);
        let day = calendar.map_or(480, Calendar::day_minutes).max(1);
        self.value("CriticalSlackLimit", plan.options.critical_up_to / day);
        self.value("CalendarUID", project.calendar + 1);
        self.value("MinutesPerDay", day);
        self.value("MinutesPerWeek", calendar.map_or(2_400, Calendar::week_minutes));
        self.flag("HonorConstraints", plan.options.constraints_over_links);
        self.optional("StatusDate", project.status_date.map(seconds));
        if project.must_finish.is_some() {
            let reason = "a file has no contract date; a deadline of a milestone does the same";
            account.skipped(0, "must_finish", &project.name, reason);
        }
    }

    fn calendar(&mut self, uid: usize, calendar: &Calendar) {
        self.inside("Calendar", |writer| {
            writer.value("UID", uid);
            writer.value("Name", calendar.name());
            writer.flag("IsBaseCalendar", true);
            writer.value("BaseCalendarUID", -1);
            writer.inside("WeekDays", |writer| {
                // Sunday, 1, comes first.
                let from_sunday = calendar.week().iter().cycle().skip(6).take(7);
                for (day, shifts) in (1..).zip(from_sunday) {
                    writer.inside("WeekDay", |writer| {
                        writer.value("DayType", day);
                        writer.hours(shifts);
                    });
                }
            });
            if calendar.exceptions().is_empty() {
                return;
            }
            writer.inside("Exceptions", |writer| {
                for (date, shifts) in calendar.exceptions() {
                    writer.exception(*date, shifts);
                }
            });
        });
    }

    fn resources(&mut self, plan: &Plan, uids: &[usize]) {
        if plan.resources.is_empty() {
            return;
        }
        self.inside("Resources", |writer| {
            for (uid, resource) in (1..).zip(&plan.resources) {
                writer.inside("Resource", |writer| writer.resource(uid, resource));
            }
        });
        self.inside("Assignments", |writer| {
            for (uid, one) in (1..).zip(&plan.assignments) {
                writer.inside("Assignment", |writer| {
                    writer.value("UID", uid);
                    writer.value("TaskUID", uids.get(one.activity).copied().unwrap_or_default());
                    writer.value("ResourceUID", one.resource + 1);
                    writer.value("Units", units(one.amount));
                });
            }
        });
    }

    fn resource(&mut self, uid: usize, resource: &Resource) {
        self.value("UID", uid);
        self.value("ID", uid);
        self.value("Name", if resource.name.is_empty() { &resource.id } else { &resource.name });
        self.value("Type", 1);
        let most = resource.capacity.iter().map(|step| step.amount).max();
        self.value("MaxUnits", units(most.unwrap_or(WHOLE_UNIT)));
        self.optional("CalendarUID", resource.calendar.map(|place| place + 1));
        if resource.capacity.len() < 2 {
            return;
        }
        let ends = resource.capacity.iter().skip(1).map(|step| Some(step.from - 1)).chain([None]);
        self.inside("AvailabilityPeriods", |writer| {
            for (step, end) in resource.capacity.iter().zip(ends) {
                writer.inside("AvailabilityPeriod", |writer| {
                    writer.value("AvailableFrom", seconds(step.from));
                    writer.value("AvailableTo", end.map_or("NA".to_owned(), seconds));
                    writer.value("AvailableUnits", units(step.amount));
                });
            }
        });
    }

    fn exception(&mut self, date: Date, shifts: &[Shift]) {
        self.inside("Exception", |writer| {
            writer.flag("EnteredByOccurrences", false);
            writer.inside("TimePeriod", |writer| {
                writer.value("FromDate", format_args!("{date}T00:00:00"));
                writer.value("ToDate", format_args!("{date}T23:59:00"));
            });
            writer.value("Occurrences", 1);
            writer.value("Type", 1);
            writer.hours(shifts);
        });
    }

    fn hours(&mut self, shifts: &[Shift]) {
        self.flag("DayWorking", !shifts.is_empty());
        if shifts.is_empty() {
            return;
        }
        self.inside("WorkingTimes", |writer| {
            for shift in shifts {
                writer.inside("WorkingTime", |writer| {
                    writer.value("FromTime", clock(shift.from()));
                    writer.value("ToTime", clock(shift.to()));
                });
            }
        });
    }

    fn task(&mut self, activity: &Activity, dates: &Dates, (uid, level): (usize, usize)) {
        self.value("UID", uid);
        self.value("ID", uid);
        self.value("Name", &activity.name);
        self.flag("Active", true);
        self.flag("Manual", is_by_hand(activity));
        self.flag("IsNull", false);
        self.optional("WBS", Some(&activity.wbs).filter(|wbs| !wbs.is_empty()));
        self.value("OutlineLevel", level);
        self.dates(activity, dates);
        self.value("CalendarUID", activity.calendar + 1);
        self.constraint(activity);
        self.optional("Deadline", activity.deadline.map(seconds));
        self.inside("ExtendedAttribute", |writer| {
            writer.value("FieldID", TEXT1);
            writer.value("Value", &activity.id);
        });
    }

    fn dates(&mut self, activity: &Activity, dates: &Dates) {
        self.value("Start", seconds(dates.start));
        self.value("Finish", seconds(dates.finish));
        self.value("Duration", duration(activity.duration));
        if is_by_hand(activity) {
            let start = activity.constraint.map_or(dates.start, |constraint| constraint.date);
            self.value("ManualStart", seconds(start));
        }
        self.value("DurationFormat", 7);
        if let (Some(resume), Some(start)) = (activity.resume, activity.actual_start) {
            self.value("Stop", seconds(start));
            self.value("Resume", seconds(resume));
        }
        self.flag("Milestone", activity.kind.is_milestone());
        self.flag("Summary", activity.kind == Kind::Summary);
        self.flag("Critical", dates.critical);
        self.value("EarlyStart", seconds(dates.early_start));
        self.value("EarlyFinish", seconds(dates.early_finish));
        self.value("LateStart", seconds(dates.late_start));
        self.value("LateFinish", seconds(dates.late_finish));
        self.optional("FreeSlack", dates.free_float.map(tenths));
        self.optional("TotalSlack", dates.total_float.map(tenths));
        self.value("PercentComplete", activity.progress_bp / 100);
        self.optional("ActualStart", activity.actual_start.map(seconds));
        self.optional("ActualFinish", activity.actual_finish.map(seconds));
        if activity.kind == Kind::Task {
            self.optional("RemainingDuration", activity.remaining.map(duration));
        }
    }

    fn constraint(&mut self, activity: &Activity) {
        let Some(Constraint { rule, date }) = activity.constraint else { return };
        let number = match rule {
            Rule::FixedStart => return,
            Rule::AsLateAsPossible => 1,
            Rule::MandatoryStart | Rule::StartOn => 2,
            Rule::MandatoryFinish | Rule::FinishOn => 3,
            Rule::StartNoEarlier => 4,
            Rule::StartNoLater => 5,
            Rule::FinishNoEarlier => 6,
            Rule::FinishNoLater => 7,
        };
        self.value("ConstraintType", number);
        if rule != Rule::AsLateAsPossible {
            self.value("ConstraintDate", seconds(date));
        }
    }

    fn link(&mut self, plan: &Plan, link: &Link, uids: &[usize], account: &mut Account) {
        let uid = uids.get(link.predecessor).copied().unwrap_or_default();
        let own = link.lag_calendar.unwrap_or(plan.options.lag_calendar);
        let on_clock = link.lag != 0 && own == LagCalendar::AroundTheClock;
        let calendar = |n: usize| plan.activities.get(n).map(|activity| activity.calendar);
        let project = plan.projects.first().map(|project| project.calendar);
        let counted_on = match own {
            LagCalendar::Predecessor => calendar(link.predecessor),
            LagCalendar::Project => project,
            LagCalendar::Successor | LagCalendar::AroundTheClock => calendar(link.successor),
        };
        if link.lag != 0 && counted_on != calendar(link.successor) {
            let line = uids.get(link.successor).copied().unwrap_or_default();
            let reason = "a lag counts on the successor's calendar in the file";
            account.altered(line, "lag_calendar", &uid.to_string(), reason);
        }
        self.inside("PredecessorLink", |writer| {
            writer.value("PredecessorUID", uid);
            writer.value(
                "Type",
                match link.kind {
                    LinkKind::FinishFinish => 0,
                    LinkKind::FinishStart => 1,
                    LinkKind::StartFinish => 2,
                    LinkKind::StartStart => 3,
                },
            );
            writer.flag("CrossProject", false);
            writer.value("LinkLag", tenths(link.lag));
            writer.value("LagFormat", if on_clock { 8 } else { 7 });
        });
    }
}

/// What a task of the file cannot say.
fn lost(activity: &Activity, line: usize, account: &mut Account) {
    let mut note = |field: &str, reason: &str| account.altered(line, field, &activity.id, reason);
    match activity.kind {
        Kind::StartMilestone => note("kind", "a milestone of the file stands at a finish"),
        Kind::LevelOfEffort => note("kind", "a level of effort becomes a task"),
        Kind::Task if activity.duration == 0 => note("kind", "no duration makes a milestone"),
        Kind::Task | Kind::FinishMilestone | Kind::Summary => {}
    }
    let fields = [
        ("expected_finish", activity.expected_finish.is_some()),
        ("second_constraint", activity.second_constraint.is_some()),
        ("external_start", activity.external_start.is_some()),
        ("external_finish", activity.external_finish.is_some()),
        ("progress_bp", !activity.progress_bp.is_multiple_of(100)),
    ];
    for (field, _) in fields.into_iter().filter(|(_, is_lost)| *is_lost) {
        note(field, "the file has no place for this");
    }
}

fn is_by_hand(activity: &Activity) -> bool {
    activity.constraint.is_some_and(|constraint| constraint.rule == Rule::FixedStart)
}

fn seconds(at: Moment) -> String {
    format!("{at}:00")
}

fn duration(minutes: i64) -> String {
    format!("PT{}H{}M0S", minutes / 60, minutes % 60)
}

/// Ten thousandths as units.
fn units(amount: u32) -> String {
    format!("{}.{:04}", amount / WHOLE_UNIT, amount % WHOLE_UNIT)
}

fn tenths(minutes: i64) -> i64 {
    minutes.saturating_mul(10)
}

/// A time of day; the end of the day is midnight.
fn clock(minute: u16) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{:02}:{:02}:00", minute / 60 % 24, minute % 60);
    text
}
