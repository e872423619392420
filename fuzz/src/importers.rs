//! Files of other planning programs: a plan that can be scheduled, or an error that says where.

use planning::calendar::{Calendar, Moment};
use planning::exchange::{Imported, csv, mspdi, psplib, xer};
use planning::network::Network;

use crate::Target;
use crate::pieces::Pieces;

pub(crate) const TARGET: Target = Target {
    name: "importers",
    run,
    seeds,
    words: &[
        "%T\tTASK",
        "%T\tCALENDAR",
        "%T\tTASKPRED",
        "%T\tRSRC",
        "%F\t",
        "%R\t",
        "%E",
        "\t",
        "\r\n",
        "(0||",
        "CS_MANDFIN",
        "9223372036854775807",
        "-99999999999999",
        "1e30",
        "9999-12-31 23:59",
        "-9999-01-01 00:00",
        "2026-03-02 08:00",
        "<Task>",
        "</Task>",
        "<OutlineLevel>",
        "<PredecessorLink>",
        "<Exception>",
        "<!DOCTYPE",
        "<!ENTITY",
        "&amp;",
        "&#0;",
        "<![CDATA[",
        "PT99999999H0M0S",
        "PT0H0M0S",
        "FS+2d",
        "SS-1w",
        "level_of_effort",
        "as_late_as_possible",
        "5e9d",
        "=1+1",
        "jobs (incl. supersource/sink )",
        "REQUESTS/DURATIONS",
        "RESOURCEAVAILABILITIES",
        "4294967295",
    ],
    // The smallest whole project of each kind and twice as much again.
    most_bytes: 24_000,
};

/// One byte says which reader.
fn run(data: &[u8]) {
    let mut pieces = Pieces(data);
    match pieces.byte() % 4 {
        0 => {
            if let Ok(imported) = xer::read(pieces.0) {
                whole(imported);
            }
        }
        1 => {
            if let Ok(imported) = mspdi::read(pieces.0) {
                whole(imported);
            }
        }
        2 => {
            if let Ok(imported) = csv::read(pieces.0, start(), Calendar::five_days()) {
                list(&imported);
                whole(imported);
            }
        }
        _ => {
            if let Ok(file) = psplib::read(pieces.0) {
                let again = psplib::read(psplib::write(&file).as_bytes());
                assert!(again.is_ok_and(|again| again.jobs == file.jobs), "written and read again");
                assert_eq!(file.project().tasks.len(), file.jobs.len(), "a task for every job");
            }
        }
    }
}

/// Every plan can be scheduled, written as MS Project's and read again.
fn whole(imported: Imported) {
    let count = imported.plan.activities.len();
    assert_eq!(imported.stored.len(), count, "what the file says of every activity");
    let network = Network::new(imported.plan).expect("what was read makes a network");
    let schedule = network.schedule();
    assert_eq!(schedule.dates.len(), count, "dates for every activity");
    let (text, _) = mspdi::write(network.plan(), &schedule);
    let again = mspdi::read(text.as_bytes());
    assert!(again.is_ok(), "what was written cannot be read: {:?}", again.err());
    no_formula(&csv::write(network.plan()));
}

/// A list written from a list is the same list.
fn list(imported: &Imported) {
    let text = csv::write(&imported.plan);
    let again = csv::read(text.as_bytes(), start(), Calendar::five_days());
    assert!(
        again.as_ref().is_ok_and(|again| again.plan == imported.plan),
        "{text} reads as {again:?}"
    );
}

/// No cell of a list begins what a spreadsheet would compute.
fn no_formula(text: &str) {
    let quoted_or_first = |(at, sign): (usize, char)| {
        let before = text.get(..at).unwrap_or_default();
        let begins = before.is_empty()
            || before.ends_with(['\n', ',']) && before.matches('"').count() % 2 == 0;
        let begins_quoted = before.ends_with(",\"") || before.ends_with("\n\"");
        ['=', '@'].contains(&sign)
            && (begins || begins_quoted && before.matches('"').count() % 2 == 1)
    };
    assert!(!text.char_indices().any(quoted_or_first), "a formula in {text}");
}

fn start() -> Moment {
    "2026-03-02T08:00".parse().expect("a moment")
}

fn seeds() -> Vec<Vec<u8>> {
    let house = include_bytes!("../../shared/planning/tests/fixtures/house.xml");
    let site = include_bytes!("../../shared/planning/tests/fixtures/site.xer");
    let blocks = include_bytes!("../../shared/planning/examples/blocks.xer");
    let thirty = include_bytes!("../../shared/planning/examples/thirty.sm");
    let tasks = b"id,name,type,wbs,parent,duration,remaining,predecessors,constraint,constraint_date,deadline,actual_start,actual_finish,percent\n\
        S,Site,summary,1,,,,,,,,,,\nA,Dig,task,1.1,S,5d,2d,,start_no_earlier,2026-03-03,2026-04-01T17:00,2026-03-02T08:00,,40%\n\
        B,Pour,task,1.2,S,2w,,A SS+2d; C FF-4h,,,,,,\nC,Form,task,1.3,S,30m,,A,as_late_as_possible,,,,,\nD,Done,finish_milestone,1.4,S,0,,B FS+1d,,,,,,\n";
    let of = |reader: u8, file: &[u8]| [&[reader], file].concat();
    vec![
        of(0, site),
        of(0, blocks),
        of(1, house),
        of(2, tasks),
        of(2, b"ID;Duration;Predecessors\nA;1;\nB;2w;A+2d\n"),
        of(3, thirty),
    ]
}
