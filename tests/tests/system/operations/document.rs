//! What the document says, compared with the template, the tests and the rehearsal.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use crate::tree;

const DOCUMENT: &str = "docs/operations.md";
/// The line of a procedure that says how it was tried.
const REHEARSED: &str = "Rehearsed: ";
const NOT_REHEARSED: &str = "Not rehearsed: ";

/// The part of the document under a heading of the second level.
fn chapter(name: &str) -> String {
    let text = tree::read(DOCUMENT);
    let (_, after) = text.split_once(&format!("\n## {name}\n")).unwrap_or_else(|| panic!("{name}"));
    after.split("\n## ").next().unwrap().to_owned()
}

/// The first cells of a chapter's table, without their backquotes.
fn first_cells(chapter: &str) -> BTreeSet<String> {
    let rows = chapter.lines().filter_map(|line| line.strip_prefix("| "));
    rows.skip(2).map(|row| row.split(" |").next().unwrap().replace('`', "")).collect()
}

/// The resources of one kind: logical name and properties.
fn resources(kind: &str) -> Vec<(String, Value)> {
    let template: Value = serde_yaml_ng::from_str(&tree::read("template.yaml")).unwrap();
    let all = template["Resources"].as_mapping().unwrap().clone();
    all.into_iter()
        .filter(|(_, resource)| resource["Type"].as_str() == Some(kind))
        .map(|(name, resource)| (name.as_str().unwrap().to_owned(), resource["Properties"].clone()))
        .collect()
}

#[test]
fn every_alarm_is_explained_and_nothing_else() {
    let alarms: BTreeSet<String> = resources("AWS::CloudWatch::Alarm")
        .iter()
        .map(|(_, alarm)| {
            let Value::Tagged(name) = &alarm["AlarmName"] else { panic!("{alarm:?}") };
            name.value.as_str().unwrap().strip_prefix("hndasah-${Stage}-").unwrap().to_owned()
        })
        .collect();
    assert_eq!(first_cells(&chapter("Alarms")), alarms);
}

#[test]
fn every_widget_of_the_dashboard_is_explained_and_nothing_else() {
    let (_, dashboard) = resources("AWS::CloudWatch::Dashboard").remove(0);
    let Value::Tagged(body) = &dashboard["DashboardBody"] else { panic!("no body") };
    let body = body.value.as_str().unwrap();
    let titles = body.split("\"title\": \"").skip(1);
    let titles: BTreeSet<String> =
        titles.map(|text| text.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(first_cells(&chapter("Dashboard")), titles);
}

#[test]
fn every_queue_of_dead_letters_has_its_paragraph() {
    let chapter = chapter("Procedures");
    for (name, queue) in resources("AWS::SQS::Queue") {
        if name.contains("DeadLetter") {
            let Value::Tagged(name) = &queue["QueueName"] else { panic!("{queue:?}") };
            let name = name.value.as_str().unwrap().strip_prefix("hndasah-${Stage}-").unwrap();
            assert!(chapter.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn every_procedure_says_how_it_was_tried_and_that_is_there() {
    let tests: String = ["tests/tests/system", "functions"]
        .iter()
        .flat_map(|folder| tree::files_ending(folder, ".rs"))
        .map(|path| tree::read(&path))
        .collect();
    let rehearsal: String =
        tree::files_ending("tests/e2e", ".py").iter().map(|path| tree::read(path)).collect();
    let chapter = chapter("Procedures");
    let mut named = BTreeSet::new();
    for procedure in chapter.split("\n### ").skip(1) {
        let (heading, text) = procedure.split_once('\n').unwrap();
        let said = text.lines().filter_map(|line| line.strip_prefix(REHEARSED));
        let said: Vec<&str> = said.collect();
        let excuses = text.lines().filter_map(|line| line.strip_prefix(NOT_REHEARSED));
        assert!(
            !said.is_empty() || excuses.clone().any(|excuse| excuse.len() > 30),
            "{heading}: neither tried nor excused"
        );
        for place in said.iter().flat_map(|line| line.split(", ")) {
            let place = place.trim_matches(|c| c == '`' || c == '.');
            if let Some(step) = place.strip_prefix("xtask e2e: ") {
                assert!(rehearsal.contains(step), "{heading}: no step `{step}`");
            } else {
                let test = place.rsplit("::").next().unwrap();
                assert!(tests.contains(&format!("fn {test}()")), "{heading}: no test `{place}`");
                named.insert(test.to_owned());
            }
        }
    }
    // And the other way round: what is tried here is written there.
    let here = tree::read("tests/tests/system/operations.rs");
    for test in here.split("\nasync fn ").skip(1) {
        let (name, _) = test.split_once("()").unwrap();
        assert!(named.contains(name), "no procedure names {name}");
    }
}
