//! Every value of `cpm.json`: networks computed by two other methods, passes and linear programmes.

#![expect(clippy::unwrap_used, reason = "a broken fixture has to fail its test")]

use std::collections::BTreeMap;

use planning::calendar::{Calendar, Moment};
use planning::network::{Activity, Link, LinkKind, Network, Plan};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    links: Vec<CaseLink>,
    project_duration: i64,
    activities: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
struct CaseLink {
    pred: String,
    succ: String,
    #[serde(rename = "type")]
    kind: LinkKind,
    lag: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct Expected {
    #[serde(rename = "dur")]
    duration: i64,
    es: i64,
    ef: i64,
    ls: i64,
    lf: i64,
    tf: i64,
    ff: i64,
    #[serde(rename = "critical")]
    critical: bool,
}

/// The oracle counts days; here a day is the working minutes of each calendar's day.
fn check(calendar: &Calendar, start: Moment) {
    let day = calendar.day_minutes();
    let cases: Vec<Case> = serde_json::from_str(include_str!("cpm.json")).unwrap();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let mut plan = Plan::new(case.name.as_str(), start, calendar.clone());
        let names: Vec<&String> = case.activities.keys().collect();
        for (id, expected) in &case.activities {
            plan.activities.push(Activity::task(id, expected.duration * day));
        }
        let place = |id: &String| names.iter().position(|name| *name == id).unwrap();
        for link in &case.links {
            let made = Link::new(place(&link.pred), place(&link.succ), link.kind);
            plan.links.push(Link { lag: link.lag * day, ..made });
        }
        let schedule = Network::new(plan).unwrap().schedule();
        assert_eq!(calendar.between(start, schedule.finish), case.project_duration * day);
        for ((id, expected), dates) in case.activities.iter().zip(&schedule.dates) {
            let days = |at: Moment| calendar.between(start, at);
            let found = [
                days(dates.early_start),
                days(dates.early_finish),
                days(dates.late_start),
                days(dates.late_finish),
                dates.total_float.unwrap(),
                dates.free_float.unwrap(),
            ];
            let wanted =
                [expected.es, expected.ef, expected.ls, expected.lf, expected.tf, expected.ff];
            assert_eq!(found, wanted.map(|days| days * day), "{} {id}", case.name);
            assert_eq!(dates.critical, expected.critical, "{} {id}", case.name);
        }
    }
}

#[test]
fn every_value_on_a_calendar_around_the_clock() {
    check(&Calendar::around_the_clock(), "2026-01-01".parse().unwrap());
}

#[test]
fn every_value_on_a_calendar_of_five_days() {
    check(&Calendar::five_days(), "2026-01-05T08:00".parse().unwrap());
}
