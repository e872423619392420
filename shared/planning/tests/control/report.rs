//! The whole report, and the files of the examples.

use planning::control::report::{Input, ReportError, report};
use planning::control::simulate::{Spec, simulate};
use planning::control::variance::ScheduleStatus;
use planning::network::{Network, Plan};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::dec;

fn example() -> Value {
    serde_json::from_str(include_str!("../../examples/control.json")).unwrap()
}

fn read(value: Value) -> Input {
    serde_json::from_value(value).unwrap()
}

#[test]
fn the_example_is_reported_with_every_part() {
    let report = report(&read(example())).unwrap();
    // The tasks are those of the oracle's E2.
    assert_eq!(report.earned_value.cpi.rounded(6), Some(dec("0.908163")));
    assert_eq!(report.earned_value.spi.rounded(6), Some(dec("0.773913")));
    let points: Vec<_> = report.cost.accounts.iter().map(|one| one.point.rounded(2)).collect();
    // Civil by its index, the frame and the services bottom-up with commitments.
    assert_eq!(points, [Some(dec("130000")), Some(dec("240000")), Some(dec("129000"))]);
    assert_eq!(report.budget.corrected.variance_pct.rounded(4), Some(dec("8.4783")));
    assert_eq!(report.budget.legacy.spend_variance_pct.rounded(2), Some(dec("-57.39")));
    let schedule = report.schedule.unwrap();
    assert_eq!(schedule.corrected.status, Some(ScheduleStatus::AtRisk));
    assert_eq!(schedule.legacy.status, Some(ScheduleStatus::OnTrack));
    assert!(report.health.score.is_some() && report.health.coverage == dec("0.9"));
    assert!(report.s_curve.len() > 10);
    assert_eq!(report.s_curve.last().unwrap().planned.value(), Some(dec("460000")));
    let check = report.cross_check.unwrap();
    assert!(check.disagree, "{check:?}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["recommendations"][0]["area"], "budget");
}

#[test]
fn estimates_of_some_accounts_are_no_estimate_of_the_project() {
    let some = report(&read(example())).unwrap();
    let estimate = &some.earned_value.estimates[4];
    assert_eq!(estimate.eac.value(), None, "civil has none");
    let mut all = example();
    all["accounts"]["civil"] = json!({"remaining": [{"cost_code": "02", "estimate": 18_000}]});
    let all = report(&read(all)).unwrap();
    // 196,000 + 18,000 + 165,000 + 118,000; F takes the open 120,000 of the services.
    assert_eq!(all.earned_value.estimates[4].eac.value(), Some(dec("497000")));
    assert_eq!(all.earned_value.estimates[5].eac.value(), Some(dec("499000")));
}

#[test]
fn little_input_gives_reasons_instead_of_figures() {
    let input = json!({
        "data_date": "2026-03-01",
        "tasks": [{"id": "a", "budget": 100, "start": "2026-03-01", "finish": "2026-03-11"}],
    });
    let report = report(&read(input)).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["earned_value"]["cpi"]["reason"], "no_actual_cost");
    assert_eq!(json["earned_schedule"]["index"]["reason"], "no_time_passed");
    assert_eq!(json["trend"]["direction"], "insufficient_data");
    assert_eq!(json["cost"]["accounts"][0]["why"], "no_actual_cost");
    assert_eq!(report.cost.point.value(), Some(dec("100")));
    assert_eq!(report.schedule.unwrap().corrected.variance_pct.value(), Some(Decimal::ZERO));
    // Without a register or a simulation, risk is not measured; it is not zero.
    assert_eq!(json["health"]["parts"][2]["score"], Value::Null);
    assert_eq!(report.health.score, Some(100));
}

#[test]
fn a_half_way_project_with_nothing_done_is_reported_late_and_dear() {
    let input = json!({
        "data_date": "2025-07-02",
        "tasks": [{
            "id": "all", "budget": 100_000, "actual_cost": 50_000,
            "start": "2025-01-01", "finish": "2025-12-31"
        }],
    });
    let report = report(&read(input)).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["schedule"]["legacy"]["status"], "on_track");
    assert_eq!(json["schedule"]["corrected"]["status"], "delayed");
    assert_eq!(json["budget"]["legacy"]["status"], "under_budget");
    assert_eq!(json["budget"]["corrected"]["status"], "over_budget");
    assert_eq!(report.health.score, Some(0));
    assert_eq!(report.recommendations.len(), 2);
}

#[test]
fn an_input_that_makes_no_sense_is_refused() {
    let mut unknown = example();
    unknown["accounts"]["roof"] = json!({});
    let refused = report(&read(unknown)).unwrap_err();
    assert_eq!(refused, ReportError::UnknownAccount("roof".to_owned()));
    let mut empty = example();
    empty["tasks"] = json!([]);
    empty["accounts"] = json!({});
    assert_eq!(report(&read(empty)).unwrap_err(), ReportError::NoTasks);
    let mut misspelt = example();
    misspelt["tasks"][0]["progres"] = json!(1);
    assert!(serde_json::from_value::<Input>(misspelt).is_err());
}

#[test]
fn the_simulation_of_the_example_is_later_and_dearer_than_its_plan() {
    let file: Value = serde_json::from_str(include_str!("../../examples/simulate.json")).unwrap();
    let plan: Plan = serde_json::from_value(file["plan"].clone()).unwrap();
    let spec: Spec = serde_json::from_value(file["spec"].clone()).unwrap();
    let outcome = simulate(&Network::new(plan).unwrap(), &spec).unwrap();
    assert!(outcome.time.bias_minutes > 0.0 && outcome.time.contingency_minutes > 0.0);
    assert!(outcome.cost.unwrap().contingency > Decimal::ZERO);
    assert!(outcome.time.late.is_some(), "the contract date of the plan");
}
