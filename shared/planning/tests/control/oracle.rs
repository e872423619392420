//! Every earned value and earned schedule of the oracle.

use planning::calendar::Moment;
use planning::control::Undefined;
use planning::control::earned_schedule::EarnedSchedule;
use planning::control::earned_value::{EarnedValue, Method, Totals};
use planning::control::legacy;
use planning::control::performance::{Curve, Insight, InsightKind, Performance, Task};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{assert_figure, dec, number, oracle};

fn totals(case: &Value) -> Totals {
    Totals {
        bac: number(&case["BAC"]),
        pv: number(&case["PV"]),
        ev: number(&case["EV"]),
        ac: number(&case["AC"]),
    }
}

/// Compares what the oracle names.
fn assert_earned_value(figures: &EarnedValue, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        let eac = |method| figures.estimate(method);
        let figure = match name.as_str() {
            "BAC" => Ok(figures.totals.bac).into(),
            "PV" => Ok(figures.totals.pv).into(),
            "EV" => Ok(figures.totals.ev).into(),
            "AC" => Ok(figures.totals.ac).into(),
            "CV" => figures.cost_variance,
            "SV" => figures.schedule_variance,
            "CPI" => figures.cpi,
            "SPI" => figures.spi,
            "percent_complete" => figures.percent_complete,
            "percent_spent" => figures.percent_spent,
            "EAC_cpi" => eac(Method::Typical).eac,
            "EAC_at_plan" => eac(Method::Atypical).eac,
            "EAC_cpi_spi" => eac(Method::CostAndSchedule).eac,
            "EAC_80_20" => eac(Method::Weighted).eac,
            "ETC_cpi" => eac(Method::Typical).etc,
            "VAC_cpi" => eac(Method::Typical).vac,
            "TCPI_bac" => figures.tcpi_bac,
            "TCPI_eac_cpi" => eac(Method::Typical).tcpi,
            other => panic!("the oracle expects {other}"),
        };
        assert_figure(figure, value);
    }
}

#[test]
fn e1_has_every_figure_of_the_oracle() {
    let case = oracle("/evm/0");
    assert_earned_value(&EarnedValue::of(totals(&case), &[]), &case["expect"]);
}

#[test]
fn e2_sums_its_tasks_and_sees_what_was_earned_too_early() {
    let case = oracle("/evm/1");
    assert_eq!(case["curve"], "linear");
    let day = |value: &Value| Moment::from_minutes(value.as_i64().unwrap() * 1440);
    let task = |task: &Value| Task {
        id: task["n"].as_str().unwrap().to_owned(),
        account: None,
        budget: number(&task["bac"]),
        start: day(&task["start"]),
        finish: day(&task["finish"]),
        calendar: 0,
        curve: Curve::Linear,
        progress: number(&task["pct"]) / Decimal::ONE_HUNDRED,
        actual_cost: number(&task["ac"]),
    };
    let tasks: Vec<Task> = case["tasks"].as_array().unwrap().iter().map(task).collect();
    let performance = Performance::of(&tasks, &[], day(&case["data_date_day"])).unwrap();
    assert_earned_value(&EarnedValue::of(performance.totals, &[]), &case["expect"]);
    let insight =
        |id: &str, kind, amount: &str| Insight { id: id.to_owned(), kind, amount: dec(amount) };
    let expected = [
        insight("Excavation", InsightKind::BudgetExceeded, "2000"),
        insight("MEP rough-in", InsightKind::EarnedBeforePlanned, "6000"),
    ];
    assert_eq!(performance.insights, expected);
}

#[test]
fn e3_nothing_planned_and_nothing_spent_is_undefined_and_the_budget_stands() {
    let case = oracle("/evm/2/cases/0");
    let figures = EarnedValue::of(totals(&case), &[]);
    assert_figure(figures.cpi, &case["CPI"]);
    assert_figure(figures.spi, &case["SPI"]);
    assert_eq!(figures.cpi.reason(), Some(Undefined::NoActualCost));
    assert_eq!(figures.spi.reason(), Some(Undefined::NoPlannedValue));
    assert_figure(figures.estimate(Method::Atypical).eac, &case["EAC"]);
    assert_eq!(figures.estimate(Method::Typical).eac.reason(), Some(Undefined::NoActualCost));
}

#[test]
fn e3_money_spent_for_nothing_has_an_index_of_zero_and_no_typical_estimate() {
    let case = oracle("/evm/2/cases/1");
    let figures = EarnedValue::of(totals(&case), &[]);
    assert_figure(figures.cpi, &case["CPI"]);
    assert_figure(figures.spi, &case["SPI"]);
    for method in [Method::Typical, Method::CostAndSchedule, Method::Weighted] {
        let eac = figures.estimate(method).eac;
        assert_eq!(eac.reason(), Some(Undefined::NoEarnedValue), "{method:?}");
    }
    assert_eq!(figures.estimate(Method::Atypical).eac.value(), Some(Decimal::from(110)));
    assert!(case["EAC"].as_str().unwrap().contains("= 110"));
}

#[test]
fn e3_complete_work_has_no_index_to_complete() {
    let case = oracle("/evm/2/cases/2");
    let figures = EarnedValue::of(totals(&case), &[]);
    assert_figure(figures.cpi, &case["CPI"]);
    assert_figure(figures.spi, &case["SPI"]);
    for method in [Method::Typical, Method::Atypical, Method::CostAndSchedule, Method::Weighted] {
        assert_figure(figures.estimate(method).eac, &case["EAC"]);
    }
    assert_eq!(figures.tcpi_bac.reason(), Some(Undefined::WorkComplete));
    assert_eq!(case["TCPI_bac"], "undefined: work complete");
}

#[test]
fn earned_schedule_has_every_figure_of_the_oracle() {
    let part = oracle("/earned_schedule");
    let planned: Vec<Decimal> =
        part["PV_cumulative_by_month"].as_array().unwrap().iter().map(number).collect();
    let cases = part["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let figures = EarnedSchedule::of(&planned, number(&case["EV"]), number(&case["AT"]));
        assert_eq!(figures.planned_duration, number(&part["PD"]));
        assert_figure(figures.earned_schedule, &case["ES"]);
        assert_figure(figures.variance, &case["SVt"]);
        assert_figure(figures.index, &case["SPIt"]);
        assert_figure(figures.estimate_at_completion, &case["IEACt"]);
        match case.get("TSPI") {
            Some(index) => assert_figure(figures.to_complete_index, index),
            None => assert_eq!(figures.to_complete_index.value(), None),
        }
        let month = case["AT"].as_u64().unwrap().min(5);
        let pv = planned[usize::try_from(month).unwrap()];
        let ev = number(&case["EV"]);
        let totals = Totals { bac: *planned.last().unwrap(), pv, ev, ac: Decimal::ZERO };
        assert_figure(EarnedValue::of(totals, &[]).spi, &case["SPI_dollar"]);
    }
}

#[test]
fn rule_r4_is_exact_on_its_edges() {
    let cases = oracle("/seed_formulas/schedule");
    assert_eq!(cases.as_array().unwrap().len(), 4);
    for case in cases.as_array().unwrap() {
        let date = |name: &str| case[name].as_str().unwrap().parse().unwrap();
        let both = legacy::schedule_beside(
            date("start"),
            date("end"),
            date("actual_end"),
            date("actual_end"),
        );
        // After the end the specification's operand and ours are the same.
        assert_figure(both.legacy.elapsed_variance_pct, &case["variance"]);
        assert_figure(both.corrected.variance_pct, &case["variance"]);
        assert_eq!(serde_json::to_value(both.legacy.status).unwrap(), case["status"]);
        assert_eq!(serde_json::to_value(both.corrected.status).unwrap(), case["status"]);
    }
}

#[test]
fn rule_r6_is_exact_on_its_edges() {
    let cases = oracle("/seed_formulas/budget");
    assert_eq!(cases.as_array().unwrap().len(), 5);
    for case in cases.as_array().unwrap() {
        let (total, actual) = (number(&case["total"]), number(&case["actual"]));
        let both = legacy::budget_beside(total, actual, Ok(actual).into());
        assert_figure(both.legacy.spend_variance_pct, &case["variance"]);
        assert_eq!(serde_json::to_value(both.legacy.status).unwrap(), case["status"]);
        if total.is_zero() {
            // C23: the specification says "on budget"; we say what is missing.
            assert_eq!(both.corrected.variance_pct.reason(), Some(Undefined::NoBudget));
            assert_eq!(serde_json::to_value(both.corrected.status).unwrap(), "no_budget");
        } else {
            assert_figure(both.corrected.variance_pct, &case["variance"]);
            assert_eq!(serde_json::to_value(both.corrected.status).unwrap(), case["status"]);
        }
    }
}
