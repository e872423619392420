//! Cursors: a place in a list comes back for the same list of the same organisation alone.

use std::fmt::Write as _;

use axum::extract::FromRequestParts;
use futures::executor::block_on;
use http::Request;
use tenancy::Caller;
use web::{Edge, Paging};

use crate::Target;
use crate::office::{OFFICE, Office};
use crate::pieces::Pieces;

const LISTS: [&str; 4] = [
    "/api/v1/projects",
    "/api/v1/conversations",
    "/api/v1/projects/prj_1/tasks?status=done",
    "/api/v1/projects/prj_1/tasks?status=done&limit=7",
];
/// Sort keys of tables have at most 1,024 bytes, ours fewer than 200. Broken letters take three.
const LONGEST_PLACE: usize = 256;

pub(crate) const TARGET: Target = Target {
    name: "cursors",
    run,
    seeds,
    words: &["cursor=", "limit=", "&", "=", "%", "%00", "%ff", "+", "?", "200", "201"],
    most_bytes: 2_048,
};

fn run(data: &[u8]) {
    let office = &*OFFICE;
    let mut pieces = Pieces(data);
    let way = pieces.byte();
    let place = usize::from(pieces.byte()) % LISTS.len();
    let list = LISTS.get(place).copied().unwrap_or("/");
    match way % 3 {
        0 => anything(office, list, &pieces.text()),
        1 => {
            let place = String::from_utf8_lossy(pieces.take(LONGEST_PLACE / 3)).into_owned();
            there_and_back(office, list, &place);
        }
        _ => {
            let genuine = made(office, list, "K#0c#of the first").expect("a cursor is made");
            let text = pieces.patched(&genuine);
            assert!(
                text == genuine || open(&office.edge, list, &text, &office.callers[0]).is_none(),
                "{text}"
            );
        }
    }
}

/// Whatever stands in a query: an answer, and never a place that we did not name.
fn anything(office: &Office, list: &str, text: &str) {
    assert!(open(&office.edge, list, text, &office.callers[0]).is_none(), "{text:?} is a place");
    if let Some(paging) = paging(&office.edge, &format!("{list}?{text}")) {
        assert!((1..=200).contains(&paging.limit()), "{text:?}");
        for caller in &office.callers {
            let after = paging.request(caller).ok().and_then(|request| request.after);
            assert!(after.is_none(), "{text:?} is a place");
        }
    }
}

/// A place, sealed and opened again.
fn there_and_back(office: &Office, list: &str, place: &str) {
    let [first, second] = &office.callers;
    let cursor = made(office, list, place).expect("a cursor is made");
    assert_eq!(open(&office.edge, list, &cursor, first).as_deref(), Some(place), "its own list");
    assert_eq!(open(&office.edge, list, &cursor, second), None, "another organisation");
    assert_eq!(open(&office.next_day, list, &cursor, first), None, "a day later");
    for other in LISTS {
        let is_same = bare(other) == bare(list);
        assert_eq!(
            open(&office.edge, other, &cursor, first).is_some(),
            is_same,
            "{other} of {list}"
        );
    }
}

/// A list without its limit, which may change from page to page.
fn bare(list: &str) -> &str {
    list.trim_end_matches("&limit=7")
}

fn made(office: &Office, list: &str, place: &str) -> Option<String> {
    let next = paging(&office.edge, list)?.next(&office.callers[0], Some(place)).ok()?;
    next.cursor().map(str::to_owned)
}

/// What a text stands for as the cursor of a list.
fn open(edge: &Edge, list: &str, text: &str, caller: &Caller) -> Option<String> {
    let and = if list.contains('?') { '&' } else { '?' };
    let written = text.bytes().fold(String::new(), |mut written, byte| {
        // Writing to memory cannot fail.
        let _ = write!(written, "%{byte:02x}");
        written
    });
    paging(edge, &format!("{list}{and}cursor={written}"))?.request(caller).ok()?.after
}

fn paging(edge: &Edge, uri: &str) -> Option<Paging> {
    let (mut parts, ()) = Request::builder().uri(uri).body(()).ok()?.into_parts();
    block_on(Paging::from_request_parts(&mut parts, edge)).ok()
}

fn seeds() -> Vec<Vec<u8>> {
    let genuine = made(&OFFICE, LISTS[0], "K#0c").unwrap_or_default();
    let mut seeds = Vec::new();
    for way in 0..3 {
        for (list, text) in ["K#0c", "limit=5&cursor=AAAA", "T#ten#prj\u{202e}"].iter().enumerate()
        {
            let list = u8::try_from(list).unwrap_or(0);
            seeds.push([&[way, list], text.as_bytes()].concat());
        }
        seeds.push([&[way, 1], genuine.as_bytes()].concat());
    }
    seeds
}
