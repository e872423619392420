//! Primavera exports: one as Primavera writes it, and broken ones.

#![expect(clippy::unwrap_used, reason = "a broken fixture has to fail its test")]

use jiff::civil::date;
use planning::calendar::{Moment, Shift};
use planning::exchange::{ImportError, Imported, Outcome, xer};
use planning::network::{Kind, LinkKind, Network, PlanError, ProgressRule, Rule};

/// Derived by hand: two calendars, the second inheriting the exceptions of the first; work that
/// started before its predecessor was done; SS and FF with lags; a lead; a date that is missed.
const SITE: &[u8] = include_bytes!("fixtures/site.xer");

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn site() -> Imported {
    xer::read(SITE).unwrap()
}

/// The fixture with a piece of text replaced.
fn with(from: &str, to: &str) -> Vec<u8> {
    let (text, ..) = encoding_rs::WINDOWS_1252.decode(SITE);
    assert!(text.contains(from), "{from}");
    encoding_rs::WINDOWS_1252.encode(&text.replace(from, to)).0.into_owned()
}

#[test]
fn every_date_and_float_is_the_one_in_the_file() {
    let imported = site();
    let network = Network::new(imported.plan).unwrap();
    let schedule = network.schedule();
    assert_eq!(schedule.finish, at("2026-03-23T17:00"));
    for ((activity, dates), stored) in
        network.plan().activities.iter().zip(&schedule.dates).zip(&imported.stored)
    {
        let id = &activity.id;
        assert_eq!(Some(dates.early_start), stored.early_start, "{id}");
        assert_eq!(Some(dates.early_finish), stored.early_finish, "{id}");
        assert_eq!(Some(dates.late_start), stored.late_start, "{id}");
        assert_eq!(Some(dates.late_finish), stored.late_finish, "{id}");
        assert_eq!(dates.total_float, stored.total_float, "{id}");
        assert_eq!(dates.free_float, stored.free_float, "{id}");
        assert_eq!(Some(dates.longest_path), stored.longest_path, "{id}");
        assert_eq!(dates.critical, stored.total_float.is_some_and(|float| float <= 0), "{id}");
    }
    // A110 was not done when A120 began.
    assert_eq!(schedule.out_of_sequence, [1]);
}

#[test]
fn the_plan_is_what_the_file_says() {
    let plan = site().plan;
    assert_eq!(plan.projects[0].name, "OBRA–1");
    assert_eq!(plan.projects[0].data_date, at("2026-03-02"));
    assert_eq!(plan.options.progress, ProgressRule::RetainedLogic);
    assert_eq!(plan.activities.len(), 8);
    assert_eq!(plan.activities[2].name, "Excavación");
    assert_eq!(plan.activities[2].wbs, "OBRA–1.CIM");
    assert_eq!(plan.activities[2].progress_bp, 5_000);
    assert_eq!(plan.activities[7].kind, Kind::FinishMilestone);
    let constraint = plan.activities[5].constraint.unwrap();
    assert_eq!((constraint.rule, constraint.date), (Rule::StartNoEarlier, at("2026-03-10")));
    assert_eq!((plan.links[3].kind, plan.links[3].lag), (LinkKind::FinishFinish, 480));
    assert_eq!(plan.links[4].lag, -480);
}

#[test]
fn calendars_are_read_in_both_layouts_and_inherit_exceptions() {
    let plan = site().plan;
    let [base, plant] = plan.calendars.as_slice() else { panic!("{:?}", plan.calendars) };
    assert_eq!(base.week()[0], [Shift::MORNING, Shift::AFTERNOON]);
    assert!(base.week()[6].is_empty());
    let eight = Shift::new(480, 960).unwrap();
    assert!(plant.week().iter().all(|shifts| shifts == &[eight]));
    for calendar in [base, plant] {
        assert_eq!(calendar.exceptions()[&date(2026, 3, 20)], []);
        assert_eq!(calendar.exceptions()[&date(2026, 3, 7)], [Shift::MORNING]);
        assert_eq!(calendar.exceptions().len(), 2);
    }
}

#[test]
fn a_shift_that_ends_at_midnight_ends_the_day() {
    let plan = xer::read(&with("f|16:00|s|8:00", "f|00:00|s|00:00")).unwrap().plan;
    assert_eq!(plan.calendars[1].week()[3], [Shift::ALL_DAY]);
}

#[test]
fn nothing_is_left_out_without_a_note() {
    let account = site().account;
    let about = |field: &str| account.notes.iter().find(|note| note.field == field).unwrap();
    let note = about("ACTVCODE");
    assert_eq!((note.line, note.rows, note.outcome), (30, 2, Outcome::Skipped));
    let note = about("TASKPRED.pred_task_id");
    assert_eq!((note.line, note.rows, note.subject.as_str()), (45, 1, "777 -> 3"));
    assert_eq!(account.taken, 1 + 2 + 8 + 9);
}

#[test]
fn what_cannot_be_read_is_named_by_line_and_field() {
    let cases = [
        ("2026-03-10 00:00", "10-Mar-26", "cstr_date", "`10-Mar-26` is not a date"),
        ("\tPR_SS\t24\t", "\tPR_SS\tx4\t", "lag_hr_cnt", "`x4` is not a number"),
        ("\tPR_FF\t8", "\tPR_XX\t8", "TASKPRED.pred_type", "`PR_XX` is not known"),
        ("d|46101", "d|x", "CALENDAR.clndr_data", "`x` is not the number of a date"),
        ("|s|8:00)", "|s|8h)", "CALENDAR.clndr_data", "`8h` is not a time of day"),
        ("(0||7()((0||0(f", "(0||7((((0||0(f", "CALENDAR.clndr_data", "`)` expected, `(` found"),
        ("\tFT_FF\t", "\tFT_XX\t", "SCHEDOPTIONS.sched_float_type", "`FT_XX` is not known"),
        ("\tTK_Active\t", "\tTK_Odd\t", "TASK.status_code", "`TK_Odd` is not known"),
        ("2026-02-27 17:00", "2026-02-10 17:00", "TASK.act_end_date", "is before the actual start"),
        ("%R\t900\tOBRA", "%R\t\tOBRA", "proj_id", "is missing"),
        ("%T\tCURRTYPE", "%R\tx", "%R", "a row before a table"),
    ];
    for (from, to, field, reason) in cases {
        let error = xer::read(&with(from, to)).unwrap_err();
        let (text, ..) = encoding_rs::WINDOWS_1252.decode(SITE);
        let line = text[..text.find(from).unwrap()].matches('\n').count() + 1;
        let expected =
            ImportError::Malformed { line, field: field.to_owned(), reason: reason.to_owned() };
        assert_eq!(error, expected, "{to}");
    }
    assert_eq!(
        ImportError::Malformed { line: 3, field: "f".into(), reason: "r".into() }.to_string(),
        "line 3, f: r"
    );
}

#[test]
fn a_cycle_in_a_file_is_the_cycle() {
    // A120 waits for A130, which waits for A120.
    let read = xer::read(&with("\t3\t2\t900\t900\tPR_FS", "\t3\t4\t900\t900\tPR_FS"));
    let Err(ImportError::Plan(PlanError::Cycle(cycle))) = read else { panic!("{read:?}") };
    assert_eq!(cycle.len(), 2);
    assert!(cycle.iter().all(|id| ["A120", "A130"].contains(&id.as_str())), "{cycle:?}");
}

#[test]
fn what_is_odd_is_read_and_noted() {
    let cases = [
        ("\tTT_FinMile\t", "\tTT_Odd\t", "TASK.task_type"),
        ("\tCS_MEOB\t", "\tCS_Odd\t", "TASK.cstr_type"),
        ("\t102\t0\tCP_Drtn\t", "\t999\t0\tCP_Drtn\t", "TASK.clndr_id"),
        ("\tPR_FF\t8", "\tPR_SS\t8", "TASKPRED.pred_type"),
        ("\tA160\t", "\tA150\t", "TASK.task_code"),
        (
            "\t2026-03-02 00:00\t2026-02-16 08:00\t\t2026-03-23",
            "\t\t2026-02-16 08:00\t\t2026-03-23",
            "PROJECT.last_recalc_date",
        ),
        ("%T\tSCHEDOPTIONS", "%T\tSOMETHING", "SCHEDOPTIONS"),
    ];
    for (from, to, field) in cases {
        let read = xer::read(&with(from, to)).unwrap();
        assert!(read.account.notes.iter().any(|note| note.field == field), "{to}");
    }
    let twice = xer::read(&with("\tA160\t", "\tA150\t")).unwrap().plan;
    assert_eq!(twice.activities[5].id, "OBRA–1:A150");
    assert_eq!(twice.activities[6].id, "OBRA–1:A150#7");
}

#[test]
fn a_line_break_inside_a_value_ends_nothing() {
    let plan =
        xer::read(&with("Hormigón de limpieza", "Hormigón\r\n\r\nde limpieza")).unwrap().plan;
    assert_eq!(plan.activities[3].name, "Hormigón\r\n\r\nde limpieza");
    assert_eq!(plan.activities[4].id, "A140");
    let broken = xer::read(&with("%T\tACTVCODE", "%T\tACTVCODE\r\nand more")).unwrap_err();
    assert!(matches!(broken, ImportError::Malformed { line: 31, .. }), "{broken:?}");
}

#[test]
fn options_are_those_of_the_file() {
    let changed = with(
        "\tN\tY\tY\tN\tFT_FF\trcal_Predecessor\tY\tN\t",
        "\tY\tN\tN\tN\tFT_MIN\trcal_24Hour\tN\tY\t",
    );
    let options = xer::read(&changed).unwrap().plan.options;
    assert_eq!(options.progress, ProgressRule::ProgressOverride);
    assert!(
        options.open_ends_critical && !options.expected_finish && !options.start_lag_from_early
    );
    assert_eq!(serde_json::to_value(options.lag_calendar).unwrap(), "around_the_clock");
    assert_eq!(serde_json::to_value(options.float).unwrap(), "smaller");
}

#[test]
fn a_calendar_without_working_time_is_an_error_only_if_it_is_used() {
    let empty = "f|8:00|s|8:00";
    let text = with("f|16:00|s|8:00", empty);
    let Err(ImportError::Malformed { line, field, .. }) = xer::read(&text) else { panic!() };
    assert_eq!(line, 12);
    assert_eq!(field, "CALENDAR.clndr_data");
    let (text, ..) = encoding_rs::WINDOWS_1252.decode(&text);
    let unused = text.replace("\t2\t102\t0\t", "\t2\t101\t0\t");
    let read = xer::read(unused.as_bytes()).unwrap();
    assert_eq!(read.plan.calendars.len(), 1);
    assert!(read.account.notes.iter().any(|note| note.line == 12));
}

#[test]
fn hostile_files_are_refused_without_harm() {
    let wrong = |bytes: &[u8]| xer::read(bytes).unwrap_err();
    assert!(matches!(wrong(b""), ImportError::WrongFormat { .. }));
    assert!(matches!(wrong(b"<Project/>"), ImportError::WrongFormat { .. }));
    assert!(matches!(wrong(b"ERMHDR\t8\n%E\n"), ImportError::WrongFormat { .. }));
    // Nothing that a plan could start with.
    let no_project = b"ERMHDR\t8\n%T\tPROJECT\n%F\tproj_id\n%T\tTASK\n%F\ttask_id\n%E\n";
    assert!(matches!(wrong(no_project), ImportError::WrongFormat { .. }));
    let deep = with("(0||7()((0||0(f|16:00|s|8:00)())))", &"(0||7()(".repeat(10_000));
    assert!(matches!(wrong(&deep), ImportError::Limit { line: 12, what: "levels", .. }));
    let wide = format!("ERMHDR\t8\n%T\tTASK\n%F\t{}\n", "a\t".repeat(1_000));
    assert!(matches!(wrong(wide.as_bytes()), ImportError::Limit { line: 3, what: "fields", .. }));
    let huge = with(
        "\t102\t0\tCP_Drtn\tTT_Task\tDT_FixedDUR2\tTK_NotStart\tA140\tPilotes\t\t-20\t12\t56",
        "\t102\t0\tCP_Drtn\tTT_Task\tDT_FixedDUR2\tTK_NotStart\tA140\tPilotes\t\t-20\t12\t99999999999",
    );
    assert!(matches!(wrong(&huge), ImportError::Malformed { line: 26, .. }));
    // Cut anywhere, a file is an error or a smaller plan.
    for length in (0..SITE.len()).step_by(97) {
        let _ = xer::read(&SITE[..length]);
    }
}
