//! MS Project files: one as MS Project writes it, what we write ourselves, and broken ones.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a broken fixture has to fail its test"
)]

use jiff::civil::date;
use planning::calendar::{Calendar, Moment, Shift};
use planning::exchange::{ImportError, Outcome, mspdi};
use planning::network::{
    Activity, Constraint, Kind, LagCalendar, Link, LinkKind, Network, Plan, ProgressRule, Rule,
};

/// Derived by hand: a lag of work and one of the clock, elapsed days, progress, a missed date.
const HOUSE: &str = include_str!("fixtures/house.xml");

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn with(from: &str, to: &str) -> String {
    assert!(HOUSE.contains(from), "{from}");
    HOUSE.replacen(from, to, 1)
}

#[test]
fn every_date_and_slack_is_the_one_in_the_file() {
    let imported = mspdi::read(HOUSE.as_bytes()).unwrap();
    let network = Network::new(imported.plan).unwrap();
    let schedule = network.schedule();
    for ((activity, dates), stored) in
        network.plan().activities.iter().zip(&schedule.dates).zip(&imported.stored)
    {
        let id = &activity.id;
        assert_eq!(Some(dates.start), stored.start, "{id}");
        assert_eq!(Some(dates.finish), stored.finish, "{id}");
        assert_eq!(Some(dates.early_start), stored.early_start, "{id}");
        assert_eq!(Some(dates.early_finish), stored.early_finish, "{id}");
        assert_eq!(Some(dates.late_start), stored.late_start, "{id}");
        assert_eq!(Some(dates.late_finish), stored.late_finish, "{id}");
        assert_eq!(dates.total_float, stored.total_float, "{id}");
        assert_eq!(dates.free_float, stored.free_float, "{id}");
    }
}

#[test]
fn the_plan_is_what_the_file_says() {
    let imported = mspdi::read(HOUSE.as_bytes()).unwrap();
    let plan = imported.plan;
    assert_eq!(plan.projects[0].name, "House & garage");
    assert_eq!(plan.projects[0].status_date, Some(at("2026-03-02T17:00")));
    assert_eq!(plan.options.progress, ProgressRule::ActualDates);
    let parents: Vec<_> = plan.activities.iter().map(|activity| activity.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(1), Some(1), Some(1), Some(1), Some(1), Some(1)]);
    assert_eq!(plan.activities[2].progress_bp, 5_000);
    assert_eq!(plan.activities[2].remaining, Some(480));
    assert_eq!(plan.activities[7].kind, Kind::FinishMilestone);
    assert_eq!(plan.links[0].lag, 480);
    assert_eq!((plan.links[3].kind, plan.links[3].lag), (LinkKind::StartStart, 1_440));
    assert_eq!(plan.links[3].lag_calendar, Some(LagCalendar::AroundTheClock));
    let standard = &plan.calendars[0];
    let days: Vec<_> = standard.exceptions().keys().copied().collect();
    let may = |year| date(year, 5, 1);
    assert_eq!(days, [date(2026, 3, 6), may(2027), may(2028), may(2029)]);
    let notes = imported.account.notes;
    assert!(
        notes.iter().any(|note| note.field == "Task.IsNull" && note.outcome == Outcome::Skipped)
    );
    assert!(notes.iter().any(|note| note.field == "CurrencySymbol" && note.rows == 1));
    assert!(notes.iter().any(|note| note.field == "TimephasedData"));
}

#[test]
fn a_link_of_a_summary_binds_what_is_below_it() {
    let link =
        "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink>";
    let added = format!(
        "<Task><UID>9</UID><OutlineLevel>1</OutlineLevel><Duration>PT8H0M0S</Duration>{link}</Task></Tasks>"
    );
    let imported = mspdi::read(with("</Tasks>", &added).as_bytes()).unwrap();
    let of_summary = imported.plan.links.iter().filter(|link| link.successor == 8).count();
    assert_eq!(of_summary, 6);
    let schedule = Network::new(imported.plan).unwrap().schedule();
    assert_eq!(schedule.dates[8].early_start, at("2026-03-23T08:00"));
    let note = imported.account.notes.iter().find(|note| note.field == "PredecessorLink").unwrap();
    assert_eq!((note.outcome, note.subject.as_str()), (Outcome::Altered, "1 -> 9"));
}

#[test]
fn a_task_scheduled_by_hand_keeps_its_start_and_an_inactive_one_is_left_out() {
    let by_hand = with("<UID>6</UID>", "<UID>6</UID><Manual>1</Manual>");
    let imported = mspdi::read(by_hand.as_bytes()).unwrap();
    let constraint = imported.plan.activities[6].constraint.unwrap();
    assert_eq!((constraint.rule, constraint.date), (Rule::FixedStart, at("2026-03-17T08:00")));
    let inactive = with("<UID>6</UID>", "<UID>6</UID><Active>0</Active>");
    let imported = mspdi::read(inactive.as_bytes()).unwrap();
    assert_eq!((imported.plan.activities.len(), imported.plan.links.len()), (7, 4));
    let fields: Vec<_> = imported.account.notes.iter().map(|note| note.field.as_str()).collect();
    assert!(fields.contains(&"Task.Active") && fields.contains(&"PredecessorLink.PredecessorUID"));
}

#[test]
fn what_cannot_be_read_is_named_by_line_and_field() {
    let cases = [
        ("PT40H0M0S", "PT40X", "Task.Duration", "`PT40X` is not a duration"),
        (
            "2026-03-19T17:00:00</Con",
            "19.3.2026</Con",
            "Task.ConstraintDate",
            "`19.3.2026` is not a date",
        ),
        ("<ConstraintType>7", "<ConstraintType>70", "Task.ConstraintType", "`70` is not known"),
        (
            "<LinkLag>4800",
            "<LinkLag>much",
            "PredecessorLink.LinkLag",
            "`much` is not tenths of a minute",
        ),
        ("<Type>3</Type>", "<Type>4</Type>", "PredecessorLink.Type", "`4` is not known"),
        ("<DayType>3", "<DayType>9", "WeekDay.DayType", "is not a day of the week"),
        (
            "<FromTime>08:00",
            "<FromTime>25:00",
            "WorkingTime.FromTime",
            "`25:00:00` is not a time of day",
        ),
        ("<UID>3</UID><ID>", "<UID>2</UID><ID>", "Task.UID", "`2` is there twice"),
        ("House &amp;", "House &evil;", "Title", "the entity `evil` is not known"),
    ];
    for (from, to, wanted, why) in cases {
        let text = with(from, to);
        let error = mspdi::read(text.as_bytes()).unwrap_err();
        let ImportError::Malformed { line, field, reason } = &error else { panic!("{error:?}") };
        assert_eq!((field.as_str(), reason.as_str()), (wanted, why));
        let place = HOUSE.find(from).unwrap();
        assert_eq!(*line, HOUSE[..place].matches('\n').count() + 1, "{to}");
    }
}

#[test]
fn hostile_files_are_refused_without_harm() {
    let wrong = |text: &str| mspdi::read(text.as_bytes()).unwrap_err();
    let entities = "<!DOCTYPE Project [<!ENTITY a \"b\">]><Project>&a;</Project>";
    assert!(matches!(wrong(entities), ImportError::Malformed { line: 1, .. }));
    let deep = format!("<Project>{}", "<Tasks>".repeat(100_000));
    assert!(matches!(wrong(&deep), ImportError::Limit { what: "levels", .. }));
    let deep = format!("<Project>{}", "<x>".repeat(100_000));
    assert!(matches!(wrong(&deep), ImportError::Limit { what: "levels", .. }));
    assert!(matches!(wrong(""), ImportError::WrongFormat { .. }));
    assert!(matches!(wrong("<html></html>"), ImportError::WrongFormat { .. }));
    assert!(matches!(wrong("<Project><Tasks>"), ImportError::Malformed { .. }));
    assert!(matches!(wrong("<Project></Tasks>"), ImportError::Malformed { .. }));
    let long = format!("<Project><Name>{}</Name></Project>", "x".repeat(70_000));
    assert!(matches!(wrong(&long), ImportError::Limit { what: "bytes of text", .. }));
    let never_ending = with("<ToDate>2030-12-31", "<ToDate>9999-12-31")
        .replace("<EnteredByOccurrences>1", "<EnteredByOccurrences>0")
        .replace("<Type>2</Type><Month>4", "<Type>1</Type><Month>4");
    assert!(matches!(wrong(&never_ending), ImportError::Limit { .. }));
    for length in (0..HOUSE.len()).step_by(89).filter(|length| HOUSE.is_char_boundary(*length)) {
        assert!(mspdi::read(&HOUSE.as_bytes()[..length]).is_err());
    }
}

/// A plan of what the format can say.
fn plan() -> Plan {
    let mut plan = Plan::new("A <b> & \"c\"", at("2026-03-02T08:00"), Calendar::five_days());
    plan.options.progress = ProgressRule::ActualDates;
    plan.options.lag_calendar = LagCalendar::Successor;
    plan.options.float = planning::network::FloatRule::Smaller;
    plan.options.expected_finish = false;
    plan.options.constraints_over_links = true;
    plan.projects[0].status_date = Some(at("2026-03-04T17:00"));
    let mut week = Calendar::five_days().week().clone();
    week[6] = vec![Shift::ALL_DAY];
    let exceptions = [
        (date(2026, 4, 3), Vec::new()),
        (date(2026, 4, 4), vec![Shift::new(1_320, 1_440).unwrap()]),
    ];
    plan.calendars.push(Calendar::new("Нач", week, exceptions.into()).unwrap());
    let summary = Activity { kind: Kind::Summary, ..Activity::task("S-1", 0) };
    let started = Activity {
        parent: Some(0),
        progress_bp: 2_500,
        remaining: Some(720),
        actual_start: Some(at("2026-03-02T08:00")),
        ..Activity::task("A-1", 960)
    };
    let finished = Activity {
        parent: Some(0),
        progress_bp: 10_000,
        remaining: Some(0),
        actual_start: Some(at("2026-03-02T08:00")),
        actual_finish: Some(at("2026-03-03T12:00")),
        ..Activity::task("A-2", 720)
    };
    let constraint = |rule| Some(Constraint { rule, date: at("2026-03-12T08:00") });
    let other = Activity {
        calendar: 1,
        wbs: "2.1".to_owned(),
        deadline: Some(at("2026-03-20T17:00")),
        constraint: constraint(Rule::StartNoEarlier),
        ..Activity::task("B & C", 485)
    };
    let by_hand = Activity { constraint: constraint(Rule::FixedStart), ..Activity::task("D", 60) };
    let end = Activity::milestone("E", Kind::FinishMilestone);
    plan.activities = vec![summary, started, finished, other, by_hand, end];
    let clock = Some(LagCalendar::AroundTheClock);
    plan.links = vec![
        Link { lag: 480, ..Link::new(1, 3, LinkKind::FinishStart) },
        Link { lag: -90, ..Link::new(2, 3, LinkKind::StartStart) },
        Link { lag: 1_440, lag_calendar: clock, ..Link::new(3, 5, LinkKind::FinishFinish) },
        Link::new(4, 5, LinkKind::StartFinish),
    ];
    plan
}

#[test]
fn what_we_write_is_what_we_read() {
    let made = plan();
    let schedule = Network::new(made.clone()).unwrap().schedule();
    let (text, account) = mspdi::write(&made, &schedule);
    assert_eq!(account.notes, []);
    let read = mspdi::read(text.as_bytes()).unwrap();
    let mut expected = made;
    // What a file says of nothing is the default of the format.
    for activity in &mut expected.activities {
        activity.name.clone_from(&activity.id);
    }
    assert_eq!(read.plan, expected);
    for (dates, stored) in schedule.dates.iter().zip(&read.stored) {
        assert_eq!(Some(dates.start), stored.start);
        assert_eq!(Some(dates.late_finish), stored.late_finish);
        assert_eq!((dates.total_float, dates.free_float), (stored.total_float, stored.free_float));
        assert_eq!(Some(dates.critical), stored.critical);
    }
}

#[test]
fn what_the_format_cannot_say_is_noted() {
    let mut made = plan();
    made.options.lag_calendar = LagCalendar::Predecessor;
    made.activities[5].kind = Kind::StartMilestone;
    made.activities[3].expected_finish = Some(at("2026-03-30"));
    made.projects[0].must_finish = Some(at("2026-04-30"));
    let schedule = Network::new(made.clone()).unwrap().schedule();
    let (_, account) = mspdi::write(&made, &schedule);
    let fields: Vec<_> = account.notes.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(fields, ["must_finish", "expected_finish", "lag_calendar", "lag_calendar", "kind"]);
}

#[test]
fn a_file_that_was_read_and_written_reads_the_same() {
    let first = mspdi::read(HOUSE.as_bytes()).unwrap().plan;
    let schedule = Network::new(first.clone()).unwrap().schedule();
    let (text, _) = mspdi::write(&first, &schedule);
    let second = mspdi::read(text.as_bytes()).unwrap().plan;
    let again = Network::new(second).unwrap().schedule();
    assert_eq!(again.dates, schedule.dates);
}
