//! Files made to do harm: whatever the bytes, the answer is a plan or an error, and comes soon.

use std::fmt::Write as _;

use planning::calendar::{Calendar, Moment};
use planning::exchange::{ImportError, csv, mspdi, xer};
use planning::network::{Activity, Kind, MOST_LEVELS, Network, Plan, PlanError};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_oneof, proptest};

const SITE: &[u8] = include_bytes!("fixtures/site.xer");
const HOUSE: &[u8] = include_bytes!("fixtures/house.xml");

/// Pieces of both formats, and numbers at the edges of types.
const PIECES: [&[u8]; 22] = [
    b"\t",
    b"\r\n",
    b"%T\tTASK\r\n",
    b"%R",
    b"\xFF",
    b"(",
    b")",
    b"(0||",
    b"-",
    b"9223372036854775807",
    b"-99999999999999",
    b"1e30",
    b"9999-12-31 23:59",
    b"-9999-01-01 00:00",
    b"2026-03-02 08:00",
    b"<",
    b"</Task>",
    b"<Task>",
    b"&amp;",
    b"PT99999999H0M0S",
    b"0",
    b"CS_MANDFIN",
];

/// A file with some places overwritten or widened by pieces.
fn broken(file: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(PIECES.to_vec()).prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    let change = (any::<prop::sample::Index>(), 0..12_usize, piece);
    (Just(file), prop::collection::vec(change, 1..6)).prop_map(|(file, changes)| {
        let mut bytes = file.to_vec();
        for (place, cut, piece) in changes {
            let from = place.index(bytes.len());
            let to = (from + cut).min(bytes.len());
            bytes.splice(from..to, piece);
        }
        bytes
    })
}

proptest! {
    #[test]
    fn a_broken_export_is_a_plan_or_an_error(bytes in broken(SITE)) {
        if let Ok(imported) = xer::read(&bytes) {
            let count = imported.plan.activities.len();
            let schedule = Network::new(imported.plan).unwrap().schedule();
            prop_assert!(schedule.dates.len() == count && imported.stored.len() == count);
        }
    }

    #[test]
    fn a_broken_project_is_a_plan_or_an_error(bytes in broken(HOUSE)) {
        if let Ok(imported) = mspdi::read(&bytes) {
            let network = Network::new(imported.plan).unwrap();
            let schedule = network.schedule();
            let (text, _) = mspdi::write(network.plan(), &schedule);
            prop_assert!(mspdi::read(text.as_bytes()).is_ok());
        }
    }

    #[test]
    fn a_list_of_anything_is_a_plan_or_an_error(text in "(id|duration|predecessors|A|1d|[,;\"\\n+-]|FS){0,40}") {
        let text = format!("id,duration,predecessors\n{text}");
        let start: Moment = "2026-03-02T08:00".parse().unwrap();
        if let Ok(imported) = csv::read(text.as_bytes(), start, Calendar::five_days()) {
            prop_assert!(Network::new(imported.plan).is_ok());
        }
    }
}

#[test]
fn recurring_exceptions_have_a_budget() {
    let mut exceptions = String::new();
    for _ in 0..10 {
        exceptions.push_str(
            "<Exception><TimePeriod><FromDate>1900-01-01T00:00:00</FromDate>\
             <ToDate>2900-01-01T00:00:00</ToDate></TimePeriod><Type>7</Type><Period>999999999</Period>\
             <DayWorking>0</DayWorking></Exception>",
        );
    }
    let text = format!(
        "<Project><Calendars><Calendar><Exceptions>{exceptions}</Exceptions></Calendar></Calendars></Project>"
    );
    let error = mspdi::read(text.as_bytes()).unwrap_err();
    assert!(matches!(error, ImportError::Limit { what: "days of exceptions", .. }), "{error}");
}

#[test]
fn summaries_have_a_depth() {
    let mut tasks = String::new();
    for n in 1..2_000 {
        write!(
            tasks,
            "<Task><UID>{n}</UID><OutlineLevel>{n}</OutlineLevel><Summary>1</Summary></Task>"
        )
        .unwrap();
    }
    let text = format!(
        "<Project><StartDate>2026-03-02T08:00:00</StartDate><Tasks>{tasks}</Tasks></Project>"
    );
    let error = mspdi::read(text.as_bytes()).unwrap_err();
    assert!(matches!(error, ImportError::Limit { what: "levels of summaries", .. }), "{error}");

    let start = "2026-03-02T08:00".parse().unwrap();
    let mut plan = Plan::new("deep", start, Calendar::five_days());
    for n in 0..100_000_usize {
        let parent = n.checked_sub(1);
        plan.activities.push(Activity {
            kind: Kind::Summary,
            parent,
            ..Activity::task(n.to_string(), 0)
        });
    }
    let too_deep = PlanError::TooMany { list: "levels", most: MOST_LEVELS };
    assert_eq!(Network::new(plan).unwrap_err(), too_deep);
}

#[test]
fn many_links_of_summaries_have_a_limit() {
    let mut tasks = String::new();
    for summary in 0..2_usize {
        let link = "<PredecessorLink><PredecessorUID>1</PredecessorUID></PredecessorLink>";
        let link = if summary == 1 { link } else { "" };
        write!(
            tasks,
            "<Task><UID>{}</UID><OutlineLevel>1</OutlineLevel><Summary>1</Summary>{link}</Task>",
            summary + 1
        )
        .unwrap();
        for n in 0..1_100 {
            let uid = 10 + summary * 10_000 + n;
            write!(tasks, "<Task><UID>{uid}</UID><OutlineLevel>2</OutlineLevel><Duration>PT8H0M0S</Duration></Task>")
                .unwrap();
        }
    }
    let text = format!(
        "<Project><StartDate>2026-03-02T08:00:00</StartDate><Tasks>{tasks}</Tasks></Project>"
    );
    let error = mspdi::read(text.as_bytes()).unwrap_err();
    assert!(matches!(error, ImportError::Limit { what: "links", .. }), "{error}");
}
