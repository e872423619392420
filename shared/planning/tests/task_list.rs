//! Lists of tasks as comma-separated values.

#![expect(clippy::unwrap_used, reason = "a broken fixture has to fail its test")]

use planning::calendar::{Calendar, Moment};
use planning::exchange::{ImportError, Imported, csv};
use planning::network::{Activity, Kind, Link, LinkKind, Network, Plan, Rule};

fn read(text: &str) -> Result<Imported, ImportError> {
    let start: Moment = "2026-03-02T08:00".parse().unwrap();
    csv::read(text.as_bytes(), start, Calendar::five_days())
}

const LIST: &str = "\
ID,Name,Type,Parent,Duration,Remaining,Predecessors,Constraint,Constraint Date,Percent,Colour
S,\"Shell, all\",summary,,,,,,,,red
A,Dig,,S,2d,1d,,,,50,
B-1,\"Pour
concrete\",task,S,1.5w,,A+1d,start no earlier,2026-03-09,,
C,Roof,,S,4h,,A SS+2d; B-1 FF-4h,,,,
D,Done,finish_milestone,,,,C,,,,
";

#[test]
fn a_list_becomes_a_plan() {
    let imported = read(LIST).unwrap();
    let plan = imported.plan;
    assert_eq!(plan.activities[0].name, "Shell, all");
    assert_eq!(plan.activities[2].duration, 3_600);
    assert_eq!(plan.activities[1].remaining, Some(480));
    assert_eq!(plan.activities[1].progress_bp, 5_000);
    assert_eq!(plan.activities[4].kind, Kind::FinishMilestone);
    assert_eq!(plan.activities[2].parent, Some(0));
    assert_eq!(plan.activities[2].constraint.unwrap().rule, Rule::StartNoEarlier);
    let link = |from, to, kind, lag| Link { lag, ..Link::new(from, to, kind) };
    assert_eq!(
        plan.links,
        [
            link(1, 2, LinkKind::FinishStart, 480),
            link(1, 3, LinkKind::StartStart, 960),
            link(2, 3, LinkKind::FinishFinish, -240),
            link(3, 4, LinkKind::FinishStart, 0),
        ]
    );
    let fields: Vec<_> = imported.account.notes.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(fields, ["Colour"]);
}

#[test]
fn what_we_write_is_what_we_read() {
    let mut plan = read(LIST).unwrap().plan;
    plan.activities[1].name = "=cmd()".to_owned();
    plan.activities[2].name = "'quoted".to_owned();
    plan.activities[3].actual_start = Some("2026-03-02T08:00".parse().unwrap());
    plan.activities[3].deadline = Some("2026-04-02T17:00".parse().unwrap());
    let text = csv::write(&plan);
    assert!(text.contains(",'=cmd(),"), "{text}");
    assert_eq!(read(&text).unwrap().plan, plan);
    assert!(Network::new(plan).is_ok());
}

/// Texts that a spreadsheet would compute, in every cell that holds a text of somebody's.
#[test]
fn no_cell_of_a_list_is_a_formula() {
    let corpus: Vec<String> =
        serde_json::from_str(include_str!("../../../tests/corpora/formulas.json")).unwrap();
    assert!(corpus.len() >= 60, "{}", corpus.len());
    let start: Moment = "2026-03-02T08:00".parse().unwrap();
    let mut cells = 0;
    for text in &corpus {
        let mut plan = Plan::new("", start, Calendar::five_days());
        let summary = Activity { kind: Kind::Summary, ..Activity::task(text.clone(), 0) };
        let leaf = Activity {
            name: text.clone(),
            wbs: text.clone(),
            parent: Some(0),
            ..Activity::task(format!("{text} leaf"), 480)
        };
        plan.activities = vec![summary, leaf, Activity::task("last", 480)];
        let link = |from, to, kind, lag| Link { lag, ..Link::new(from, to, kind) };
        plan.links =
            vec![link(1, 2, LinkKind::StartStart, 60), link(1, 2, LinkKind::FinishFinish, 0)];
        let written = csv::write(&plan);
        let mut reader = ::csv::ReaderBuilder::new().from_reader(written.as_bytes());
        for cell in reader
            .records()
            .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let passed = |c: char| c.is_whitespace() || "\"'\u{feff}\u{200b}".contains(c);
            let computes = cell
                .trim_start_matches(passed)
                .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
            assert!(!computes || cell.starts_with('\''), "{text:?} became {cell:?}");
            assert!(!cell.starts_with(['\t', '\r', '\n', '\0']), "{text:?} became {cell:?}");
            cells += 1;
        }
    }
    println!("{} texts in {cells} cells", corpus.len());
}

#[test]
fn a_link_to_what_looks_like_a_formula_is_read_back() {
    let mut plan = read(LIST).unwrap().plan;
    for (activity, id) in plan.activities.iter_mut().zip(["=A", "-B", "'C", "@D \"E\""]) {
        id.clone_into(&mut activity.id);
    }
    let text = csv::write(&plan);
    assert!(text.contains("'=A") || text.contains("'-B"), "{text}");
    assert_eq!(read(&text).unwrap().plan, plan);
}

#[test]
fn other_separators_and_encodings_are_read() {
    let plan = read("id;name;duration\nA;x,y;1d\n").unwrap().plan;
    assert_eq!(plan.activities[0].name, "x,y");
    let start: Moment = "2026-03-02T08:00".parse().unwrap();
    let latin = b"id\tname\tduration\nA\tBeg\xFCn\t1\n";
    let plan = csv::read(latin, start, Calendar::five_days()).unwrap().plan;
    assert_eq!((plan.activities[0].name.as_str(), plan.activities[0].duration), ("Begün", 480));
}

#[test]
fn what_cannot_be_read_is_named_by_line_and_column() {
    let cases = [
        ("id,duration\nA,\n", 2, "duration", "is missing"),
        ("id,duration\n,1d\n", 2, "id", "is missing"),
        ("id,duration\nA,1d\nB,soon\n", 3, "duration", "`soon` is not a duration"),
        ("id,duration\nA,-1d\n", 2, "duration", "is negative"),
        ("id,duration\nA,1d\nA,1d\n", 3, "id", "`A` is there twice"),
        ("id,duration,parent\nA,1d,Z\n", 2, "parent", "`Z` is not in the list"),
        ("id,duration,type\nA,1d,odd\n", 2, "type", "`odd` is not known"),
        ("id,duration,percent\nA,1d,101\n", 2, "percent", "`101` is not 0 to 100"),
        ("id,duration,deadline\nA,1d,soon\n", 2, "deadline", "`soon` is not a date"),
        ("id,id,duration\n", 1, "id", "is there twice"),
        (
            "id,duration,predecessors\nA,1d,\nB,1d,Z FS\n",
            3,
            "predecessors",
            "`Z FS` is not a task of the list and a link",
        ),
        (
            "id,duration,actual_finish\nA,1d,2026-03-02\n",
            2,
            "actual_finish",
            "is without or before an actual start",
        ),
    ];
    for (text, line, field, reason) in cases {
        let expected =
            ImportError::Malformed { line, field: field.to_owned(), reason: reason.to_owned() };
        assert_eq!(read(text).unwrap_err(), expected);
    }
    assert!(matches!(read("a,b\n1,2\n"), Err(ImportError::WrongFormat { .. })));
    assert!(matches!(read(""), Err(ImportError::WrongFormat { .. })));
    assert!(matches!(read("id,duration\nA,99999999999d\n"), Err(ImportError::Malformed { .. })));
}
