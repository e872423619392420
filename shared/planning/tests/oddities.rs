//! Files as tools really write them, and what they leave out: small ones, made by hand.

#![expect(clippy::unwrap_used, reason = "a broken fixture has to fail its test")]

use encoding_rs::{Encoding, UTF_16LE, WINDOWS_1251, WINDOWS_1252, WINDOWS_1256};
use planning::calendar::{Calendar, Moment, Shift};
use planning::exchange::{Imported, Outcome, csv, mspdi, xer};
use planning::network::{
    Activity, Assignment, Availability, Kind, LagCalendar, Network, Plan, Resource, Rule,
    WHOLE_UNIT,
};

/// A table of a Primavera export: its name, its fields, its rows.
type Table<'a> = (&'a str, &'a str, &'a [&'a str]);

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// Values are separated by `;` here, and by tabs in the file.
fn export(tables: &[Table<'_>]) -> String {
    let mut lines = vec!["ERMHDR\t19.12\t2026-03-02\tProject\tadmin".to_owned()];
    for (name, fields, rows) in tables {
        lines.extend([format!("%T\t{name}"), format!("%F\t{}", fields.replace(';', "\t"))]);
        lines.extend(rows.iter().map(|row| format!("%R\t{}", row.replace(';', "\t"))));
    }
    lines.extend(["%E".to_owned(), String::new()]);
    lines.join("\r\n")
}

const PROJECT: Table<'_> =
    ("PROJECT", "proj_id;proj_short_name;last_recalc_date", &["1;P;2026-03-02 08:00"]);

fn tasks(rows: &[&str]) -> String {
    export(&[PROJECT, ("TASK", TASK, rows)])
}

const TASK: &str = "task_id;proj_id;task_code;task_name;task_type;status_code;target_drtn_hr_cnt;remain_drtn_hr_cnt";

fn has_note(imported: &Imported, field: &str, outcome: Outcome) -> bool {
    imported.account.notes.iter().any(|note| note.field == field && note.outcome == outcome)
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable);
    bytes.into_owned()
}

fn utf_16(text: &str, mark: &[u8]) -> Vec<u8> {
    mark.iter().copied().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn an_old_export_is_read_in_the_code_page_of_its_letters() {
    let names = [
        (WINDOWS_1251, "Рытьё котлована под фундамент"),
        (WINDOWS_1256, "حفر الأساسات وصب الخرسانة"),
        (WINDOWS_1252, "Betón – excavación en señal"),
    ];
    for (encoding, name) in names {
        let text = tasks(&[&format!("7;1;A;{name};TT_Task;TK_NotStart;8;8")]);
        let read = xer::read(&encoded(&text, encoding)).unwrap();
        assert_eq!(read.plan.activities[0].name, name);
        let note = read.account.notes.iter().find(|note| note.field == "encoding").unwrap();
        assert_eq!((note.line, note.subject.as_str()), (7, encoding.name()));
    }
}

#[test]
fn currency_signs_say_nothing_about_the_letters() {
    // As Primavera lists them; the same bytes are Polish letters in another code page.
    let signs = ["1;£", "2;¥", "3;€", "4;¥"];
    let text = export(&[
        ("CURRTYPE", "curr_id;curr_symbol", &signs),
        PROJECT,
        ("TASK", TASK, &["7;1;A;Concrete;TT_Task;TK_NotStart;8;8"]),
    ]);
    let read = xer::read(&encoded(&text, WINDOWS_1252)).unwrap();
    assert_eq!(read.plan.activities[0].name, "Concrete");
    let note = read.account.notes.iter().find(|note| note.field == "encoding").unwrap();
    assert_eq!(note.subject, "windows-1252");
}

#[test]
fn marks_of_byte_order_are_no_text() {
    let text = tasks(&["7;1;A;Größe;TT_Task;TK_NotStart;8;8"]);
    let with_mark = format!("\u{feff}{text}");
    let blank_before = format!("\r\n\r\n{text}");
    for bytes in [with_mark.into_bytes(), utf_16(&text, &[0xFF, 0xFE]), blank_before.into_bytes()] {
        let read = xer::read(&bytes).unwrap();
        assert_eq!(
            (read.plan.activities.len(), read.plan.activities[0].name.as_str()),
            (1, "Größe")
        );
    }
}

#[test]
fn an_export_of_few_columns_is_read_with_what_it_has() {
    let text = export(&[
        ("PROJECT", "proj_id;proj_short_name", &["1;P"]),
        (
            "TASK",
            "task_id;task_code;target_start_date;target_drtn_hr_cnt",
            &["1;A;2026-03-04 08:00;16", "2;B;2026-03-06 08:00;8"],
        ),
        ("TASKPRED", "task_id;pred_task_id", &["2;1"]),
    ]);
    let read = xer::read(text.as_bytes()).unwrap();
    assert_eq!(read.plan.projects[0].data_date, at("2026-03-04T08:00"));
    for field in ["PROJECT.last_recalc_date", "CALENDAR", "SCHEDOPTIONS", "TASKPRED.pred_type"] {
        assert!(has_note(&read, field, Outcome::Altered), "{field}: {:?}", read.account.notes);
    }
    let schedule = Network::new(read.plan).unwrap().schedule();
    assert_eq!(schedule.finish, at("2026-03-06T17:00"));
}

#[test]
fn types_of_links_are_read_with_and_without_their_prefix() {
    let text = export(&[
        PROJECT,
        ("TASK", TASK, &["1;1;A;A;TT_Task;TK_NotStart;8;8", "2;1;B;B;TT_Task;TK_NotStart;8;8"]),
        ("TASKPRED", "task_id;pred_task_id;pred_type;lag_hr_cnt", &["2;1;PR_SS;-4", "2;1;FF;2,5"]),
    ]);
    let plan = xer::read(text.as_bytes()).unwrap().plan;
    let links: Vec<_> = plan.links.iter().map(|link| (link.kind.code(), link.lag)).collect();
    assert_eq!(links, [("SS", -240), ("FF", 150)]);
}

#[test]
fn columns_and_tables_that_are_not_read_are_counted() {
    let task = format!("{TASK};guid");
    let text = export(&[
        PROJECT,
        ("TASK", &task, &["1;1;A;A;TT_Task;TK_NotStart;8;8;x", "2;1;B;B;TT_Task;TK_NotStart;8;8;"]),
        ("UDFTYPE", "udf_type_id", &["1", "2", "3"]),
        ("RSRC", "rsrc_id;email_addr", &["1;a@b.example"]),
    ]);
    let read = xer::read(text.as_bytes()).unwrap();
    let of = |field: &str| read.account.notes.iter().find(|note| note.field == field).unwrap();
    assert_eq!((of("TASK.guid").rows, of("UDFTYPE").rows, of("RSRC.email_addr").rows), (1, 3, 1));
}

#[test]
fn resources_of_an_export_have_units_by_date() {
    let text = export(&[
        PROJECT,
        ("TASK", TASK, &["1;1;A;A;TT_Task;TK_NotStart;8;8", "2;1;B;B;TT_Task;TK_NotStart;8;8"]),
        (
            "RSRC",
            "rsrc_id;rsrc_short_name;rsrc_name;rsrc_type",
            &["10;MAS;Masons;RT_Labor", "11;CEM;Cement;RT_Mat", "12;FREE;Free;RT_Equip"],
        ),
        (
            "RSRCRATE",
            "rsrc_id;max_qty_per_hr;start_date",
            &["10;1.5;2026-05-01 00:00", "10;2;2026-01-01 00:00", "12;0;2026-01-01 00:00"],
        ),
        (
            "TASKRSRC",
            "task_id;rsrc_id;target_qty_per_hr;remain_qty_per_hr",
            &["1;10;2;1.25", "2;10;1;", "2;11;5;5", "1;;1;1", "9;10;1;1", "2;12;1;1"],
        ),
    ]);
    let read = xer::read(text.as_bytes()).unwrap();
    let plan = &read.plan;
    let names: Vec<_> = plan.resources.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(names, ["MAS", "FREE"]);
    assert_eq!(
        plan.resources[0].capacity,
        [
            Availability { from: at("2026-01-01"), amount: 20_000 },
            Availability { from: at("2026-05-01"), amount: 15_000 },
        ]
    );
    assert_eq!(plan.resources[1].capacity, []);
    let used: Vec<_> =
        plan.assignments.iter().map(|one| (one.activity, one.resource, one.amount)).collect();
    assert_eq!(used, [(0, 0, 12_500), (1, 0, 10_000), (1, 1, 10_000)]);
    for field in ["RSRC.rsrc_type", "TASKRSRC.rsrc_id", "TASKRSRC.task_id"] {
        assert!(has_note(&read, field, Outcome::Skipped), "{field}");
    }
    assert!(has_note(&read, "RSRCRATE.max_qty_per_hr", Outcome::Altered));
    let twice = text.replace("%R\t12\tFREE", "%R\t10\tFREE");
    let refused = xer::read(twice.as_bytes()).unwrap_err().to_string();
    assert_eq!(refused, "line 13, RSRC.rsrc_id: `10` is there twice");
}

#[test]
fn float_counts_from_the_end_of_each_project_or_of_all() {
    let rows = ["1;1;A;A;TT_Task;TK_NotStart;8;8", "2;2;B;B;TT_Task;TK_NotStart;40;40"];
    let projects = ["1;P;2026-03-02 08:00", "2;Q;2026-03-02 08:00"];
    let floats = |flag: &str| {
        let options = format!("1;{flag};SD_Both");
        let text = export(&[
            ("PROJECT", "proj_id;proj_short_name;last_recalc_date", &projects),
            (
                "SCHEDOPTIONS",
                "proj_id;sched_use_project_end_date_for_float;sched_outer_depend_type",
                &[&options],
            ),
            ("TASK", TASK, &rows),
        ]);
        let plan = xer::read(text.as_bytes()).unwrap().plan;
        let schedule = Network::new(plan).unwrap().schedule();
        schedule.dates.iter().map(|dates| dates.total_float).collect::<Vec<_>>()
    };
    assert_eq!(floats("Y"), [Some(0), Some(0)]);
    assert_eq!(floats("N"), [Some(4 * 480), Some(0)]);
}

#[test]
fn dates_from_other_projects_count_unless_the_options_say_no() {
    let finish = |depend: &str| {
        let options = format!("1;{depend}");
        let text = export(&[
            PROJECT,
            ("SCHEDOPTIONS", "proj_id;sched_outer_depend_type", &[&options]),
            (
                "TASK",
                "task_id;proj_id;task_code;target_drtn_hr_cnt;external_early_start_date",
                &["1;1;A;8;2026-03-05 08:00"],
            ),
        ]);
        let plan = xer::read(text.as_bytes()).unwrap().plan;
        Network::new(plan).unwrap().schedule().finish
    };
    assert_eq!(finish("SD_Both"), at("2026-03-05T17:00"));
    assert_eq!(finish("SD_None"), at("2026-03-02T17:00"));
}

/// An MS Project file around what is given.
fn project(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Project xmlns=\"http://schemas.microsoft.com/project\">\
         <StartDate>2026-03-02T08:00:00</StartDate>{inside}</Project>"
    )
}

fn task(uid: u32, minutes: i64, inside: &str) -> String {
    format!(
        "<Task><UID>{uid}</UID><Name>T{uid}</Name><OutlineLevel>1</OutlineLevel>\
         <Duration>PT{}H{}M0S</Duration>{inside}</Task>",
        minutes / 60,
        minutes % 60
    )
}

fn after(uid: u32, lag: i64, format: u32) -> String {
    format!(
        "<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>1</Type>\
         <LinkLag>{lag}</LinkLag><LagFormat>{format}</LagFormat></PredecessorLink>"
    )
}

#[test]
fn an_xml_file_is_read_in_the_encoding_it_names() {
    let text =
        project(&format!("<Tasks>{}</Tasks>", task(1, 480, ""))).replace("T1<", "Рытьё котлована<");
    let declared = text.replace("UTF-8", "windows-1251");
    let sixteen = text.replace("UTF-8", "UTF-16");
    let files = [
        format!("\u{feff}{text}").into_bytes(),
        encoded(&declared, WINDOWS_1251),
        utf_16(&sixteen, &[0xFF, 0xFE]),
        utf_16(&sixteen, &[]),
    ];
    for bytes in files {
        let read = mspdi::read(&bytes).unwrap();
        assert_eq!(read.plan.activities[0].name, "Рытьё котлована");
        assert!(!has_note(&read, "encoding", Outcome::Altered));
    }
    assert_eq!(UTF_16LE.name(), "UTF-16LE");
}

#[test]
fn lags_are_work_clock_or_percent_and_may_be_negative() {
    let tasks = [
        task(1, 960, ""),
        task(2, 480, &after(1, 4_800, 7)),
        task(3, 480, &after(1, 14_400, 8)),
        task(4, 480, &after(1, 50, 19)),
        task(5, 480, &after(1, -4_800, 7)),
        task(6, 480, &after(1, -50, 52)),
    ];
    let read = mspdi::read(project(&format!("<Tasks>{}</Tasks>", tasks.concat())).as_bytes());
    let plan = read.unwrap().plan;
    let clock = Some(LagCalendar::AroundTheClock);
    let lags: Vec<_> = plan.links.iter().map(|link| (link.lag, link.lag_calendar)).collect();
    assert_eq!(lags, [(480, None), (1_440, clock), (480, None), (-480, None), (-480, clock)]);
    let schedule = Network::new(plan).unwrap().schedule();
    let starts: Vec<_> = schedule.dates.iter().map(|dates| dates.start.to_string()).collect();
    assert_eq!(
        starts[1..],
        [
            "2026-03-05T08:00",
            "2026-03-05T08:00",
            "2026-03-05T08:00",
            "2026-03-03T08:00",
            "2026-03-03T09:00"
        ]
    );
}

#[test]
fn elapsed_work_runs_through_nights_and_a_day_may_have_24_hours() {
    let hours = "<Calendars><Calendar><UID>1</UID><Name>All</Name><WeekDays><WeekDay>\
        <DayType>2</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime>\
        <FromTime>00:00:00</FromTime><ToTime>00:00:00</ToTime></WorkingTime></WorkingTimes>\
        </WeekDay></WeekDays></Calendar></Calendars>";
    let tasks = task(1, 2_880, "<DurationFormat>8</DurationFormat>");
    let text = project(&format!("<CalendarUID>1</CalendarUID>{hours}<Tasks>{tasks}</Tasks>"));
    let plan = mspdi::read(text.as_bytes()).unwrap().plan;
    assert_eq!(plan.calendars[0].week()[0], [Shift::ALL_DAY]);
    let schedule = Network::new(plan).unwrap().schedule();
    assert_eq!(schedule.finish, at("2026-03-04T08:00"));
}

#[test]
fn what_stands_for_other_files_is_held_and_named() {
    let tasks = [
        task(1, 480, "<ExternalTask>1</ExternalTask><Start>2026-03-09T08:00:00</Start>"),
        task(2, 480, &after(1, 0, 7)),
        task(3, 480, "<IsSubproject>1</IsSubproject><SubprojectName>b.mpp</SubprojectName>"),
        task(
            4,
            480,
            "<Summary>1</Summary><ConstraintType>4</ConstraintType>\
             <ConstraintDate>2026-03-20T08:00:00</ConstraintDate>",
        ),
    ];
    let read = mspdi::read(project(&format!("<Tasks>{}</Tasks>", tasks.concat())).as_bytes());
    let read = read.unwrap();
    let constraint = read.plan.activities[0].constraint.unwrap();
    assert_eq!((constraint.rule, constraint.date), (Rule::FixedStart, at("2026-03-09T08:00")));
    assert_eq!(
        (read.plan.activities[3].kind, read.plan.activities[3].constraint),
        (Kind::Summary, None)
    );
    for field in ["Task.ExternalTask", "Task.IsSubproject", "Task.ConstraintType"] {
        assert!(has_note(&read, field, Outcome::Altered), "{field}");
    }
    let schedule = Network::new(read.plan).unwrap().schedule();
    assert_eq!(schedule.dates[1].start, at("2026-03-10T08:00"));
}

#[test]
fn percentages_may_have_decimals_and_flags_may_be_words() {
    let read = |percent: &str| {
        let inside =
            format!("<PercentComplete>{percent}</PercentComplete><Summary>False</Summary>");
        mspdi::read(project(&format!("<Tasks>{}</Tasks>", task(1, 480, &inside))).as_bytes())
    };
    for (percent, points) in [("33.33", 3_333), ("50", 5_000), ("100", 10_000), ("120", 10_000)] {
        assert_eq!(read(percent).unwrap().plan.activities[0].progress_bp, points);
    }
    let refused = read("half").unwrap_err().to_string();
    assert_eq!(refused, "line 2, Task.PercentComplete: `half` is not a percentage");
}

#[test]
fn constraints_of_all_eight_types_are_read() {
    let dated = |uid: u32, kind: u32| {
        let date = "<ConstraintDate>2026-03-20T08:00:00</ConstraintDate>";
        task(uid, 480, &format!("<ConstraintType>{kind}</ConstraintType>{date}"))
    };
    let tasks: String = (0..8).map(|kind| dated(kind + 1, kind)).collect();
    let soft = format!("<HonorConstraints>0</HonorConstraints><Tasks>{tasks}</Tasks>");
    let plan = mspdi::read(project(&soft).as_bytes()).unwrap().plan;
    let rules: Vec<_> =
        plan.activities.iter().map(|one| one.constraint.map(|one| one.rule)).collect();
    let expected = [
        None,
        Some(Rule::AsLateAsPossible),
        Some(Rule::StartOn),
        Some(Rule::FinishOn),
        Some(Rule::StartNoEarlier),
        Some(Rule::StartNoLater),
        Some(Rule::FinishNoEarlier),
        Some(Rule::FinishNoLater),
    ];
    assert_eq!(rules, expected);
    let hard = soft.replace("<HonorConstraints>0", "<HonorConstraints>1");
    let plan = mspdi::read(project(&hard).as_bytes()).unwrap().plan;
    let must = plan
        .activities
        .iter()
        .filter_map(|one| one.constraint)
        .filter(|one| matches!(one.rule, Rule::MandatoryStart | Rule::MandatoryFinish));
    assert_eq!(must.count(), 2);
}

#[test]
fn resources_of_an_xml_file_have_units_by_date() {
    let period = |from: &str, to: &str, units: &str| {
        format!(
            "<AvailabilityPeriod><AvailableFrom>{from}</AvailableFrom>\
             <AvailableTo>{to}</AvailableTo><AvailableUnits>{units}</AvailableUnits>\
             </AvailabilityPeriod>"
        )
    };
    let periods = period("1984-01-01T00:00:00", "2026-04-30T23:59:00", "1.00")
        + &period("2026-05-01T00:00:00", "2026-06-30T23:59:00", "0.50")
        + &period("2026-08-01T00:00:00", "2049-12-31T23:59:00", "2");
    let resources = format!(
        "<Resources><Resource><UID>0</UID></Resource>\
         <Resource><UID>1</UID><Name>Crew</Name><Type>1</Type><MaxUnits>2.00</MaxUnits>\
         <AvailabilityPeriods>{periods}</AvailabilityPeriods></Resource>\
         <Resource><UID>2</UID><Name>Crane</Name><MaxUnits>0.25</MaxUnits></Resource>\
         <Resource><UID>3</UID><Name>Sand</Name><Type>0</Type></Resource></Resources>"
    );
    let assigned = |task: u32, resource: &str, units: &str| {
        format!(
            "<Assignment><TaskUID>{task}</TaskUID><ResourceUID>{resource}</ResourceUID>\
             <Units>{units}</Units></Assignment>"
        )
    };
    let assignments = [
        assigned(1, "1", "0.75"),
        assigned(1, "-65535", "1"),
        assigned(1, "3", "4"),
        assigned(9, "1", "1"),
    ];
    let text = project(&format!(
        "<Tasks>{}</Tasks>{resources}<Assignments>{}</Assignments>",
        task(1, 480, ""),
        assignments.concat()
    ));
    let read = mspdi::read(text.as_bytes()).unwrap();
    let steps: Vec<_> = read.plan.resources[0]
        .capacity
        .iter()
        .map(|step| (step.from.to_string(), step.amount))
        .collect();
    let expected = [
        ("1970-01-01T00:00", 10_000),
        ("2026-05-01T00:00", 5_000),
        ("2026-06-30T23:59", 0),
        ("2026-08-01T00:00", 20_000),
    ];
    let expected = expected.map(|(from, amount)| (from.to_owned(), amount));
    assert_eq!(steps, expected);
    assert_eq!(read.plan.resources[1].capacity[0].amount, 2_500);
    assert_eq!(read.plan.resources.len(), 2);
    let one = Assignment { activity: 0, resource: 0, amount: 7_500, on_its_calendar: false };
    assert_eq!(read.plan.assignments, [one]);
    for field in ["Resource.Type", "Assignment.ResourceUID", "Assignment.TaskUID"] {
        assert!(has_note(&read, field, Outcome::Skipped), "{field}");
    }
}

#[test]
fn resources_that_we_write_are_what_we_read() {
    let mut plan = Plan::new("P", at("2026-03-02T08:00"), Calendar::five_days());
    plan.activities = vec![Activity::task("A", 480), Activity::task("B", 480)];
    let mut crew = Resource::steady("1", 25_000);
    crew.name = "Crew & sons".to_owned();
    crew.calendar = Some(0);
    let mut crane = Resource::steady("2", WHOLE_UNIT);
    crane.capacity.push(Availability { from: at("2026-05-01"), amount: 5_000 });
    plan.resources = vec![crew, crane];
    plan.assignments = [(0, 0, 12_345), (1, 1, 10_000)]
        .map(|(activity, resource, amount)| Assignment {
            activity,
            resource,
            amount,
            on_its_calendar: false,
        })
        .to_vec();
    let schedule = Network::new(plan.clone()).unwrap().schedule();
    let (text, account) = mspdi::write(&plan, &schedule);
    assert_eq!(account.notes, []);
    let read = mspdi::read(text.as_bytes()).unwrap().plan;
    assert_eq!((read.resources, read.assignments), (plan.resources, plan.assignments));
}

#[test]
fn durations_of_a_list_have_units_in_letters_or_words() {
    let text = "id;duration;predecessors\nA;3 days;\nB;1 Week;A\nC;90 mins;A FS+4 hrs\n";
    let read = csv::read(text.as_bytes(), at("2026-03-02T08:00"), Calendar::five_days()).unwrap();
    let minutes: Vec<_> = read.plan.activities.iter().map(|one| one.duration).collect();
    assert_eq!(minutes, [1_440, 2_400, 90]);
    assert_eq!(read.plan.links[1].lag, 240);
}
