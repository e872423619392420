//! The rules of a running project: what the specification got wrong, forecasts, trend, risk, advice.

use jiff::civil::date;
use planning::control::earned_value::{EarnedValue, Method, Remaining, Totals};
use planning::control::forecast::{Account, Why, forecast_account, forecast_cost};
use planning::control::legacy;
use planning::control::progress::{Measure, Step};
use planning::control::recommend::{Area, recommendations};
use planning::control::risk::{
    Basis, Chances, Delivery, FactorLimits, LongLead, Risk, bad_weather, cash_gap,
    labour_shortfall, low_float_share, overall_risk, overdue_questions, red_audit_value,
    register_score, single_source, stale_records, supplier_lateness, unapproved_changes,
};
use planning::control::trend::{Direction, Period, cost_trend, recent_performance};
use planning::control::variance::{
    BudgetStatus, ScheduleStatus, budget_variance, plain_forecast_finish, schedule_variance,
};
use planning::control::{Figure, Undefined};
use rust_decimal::Decimal;

use crate::dec;

fn totals(bac: &str, pv: &str, ev: &str, ac: &str) -> Totals {
    Totals { bac: dec(bac), pv: dec(pv), ev: dec(ev), ac: dec(ac) }
}

fn account(totals: Totals, remaining: &[(&str, &str)], cpi: &[&str]) -> Account {
    let code = |(estimate, open): &(&str, &str)| Remaining {
        cost_code: "01".to_owned(),
        estimate: dec(estimate),
        open_commitment: dec(open),
    };
    Account {
        id: "a".to_owned(),
        totals,
        remaining: remaining.iter().map(code).collect(),
        cpi_history: cpi.iter().map(|cpi| dec(cpi)).collect(),
    }
}

#[test]
fn c20_a_job_half_way_through_with_nothing_done_is_not_on_track() {
    let (start, end, today) = (date(2025, 1, 1), date(2025, 12, 31), date(2025, 7, 2));
    let forecast = plain_forecast_finish(start, end, today, Decimal::ZERO).unwrap();
    let both = legacy::schedule_beside(start, end, today, forecast);
    assert_eq!(both.legacy.elapsed_variance_pct.value(), Some(dec("-50")));
    assert_eq!(both.legacy.status, Some(ScheduleStatus::OnTrack));
    assert_eq!(both.corrected.baseline_days, 364);
    assert_eq!(both.corrected.forecast_days, 546);
    assert_eq!(both.corrected.variance_pct.value(), Some(dec("50")));
    assert_eq!(both.corrected.status, Some(ScheduleStatus::Delayed));
}

#[test]
fn c21_money_spent_for_nothing_is_not_under_budget() {
    let spent = account(totals("100000", "50000", "0", "50000"), &[], &[]);
    let forecast = forecast_cost(std::slice::from_ref(&spent));
    let both = legacy::budget_beside(dec("100000"), dec("50000"), forecast.point);
    assert_eq!(both.legacy.spend_variance_pct.value(), Some(dec("-50")));
    assert_eq!(both.legacy.status, Some(BudgetStatus::UnderBudget));
    assert_eq!(both.corrected.variance_pct.value(), Some(dec("50")));
    assert_eq!(both.corrected.status, Some(BudgetStatus::OverBudget));
    assert_eq!(forecast.budget, both.corrected);
}

#[test]
fn c22_a_plan_without_a_duration_has_no_variance_instead_of_a_division_by_zero() {
    let day = date(2025, 1, 1);
    for planned in [day, date(2024, 12, 31)] {
        let variance = schedule_variance(day, planned, date(2025, 2, 1));
        assert_eq!(variance.variance_pct.reason(), Some(Undefined::NoDuration));
        assert_eq!(variance.status, None);
        assert_eq!(plain_forecast_finish(day, planned, day, Decimal::ZERO), None);
    }
}

#[test]
fn the_plain_forecast_starts_no_earlier_than_the_plan_and_rounds_days_up() {
    let (start, end) = (date(2025, 3, 1), date(2025, 3, 11));
    let before = plain_forecast_finish(start, end, date(2025, 1, 1), Decimal::ZERO);
    assert_eq!(before, Some(end));
    let third = plain_forecast_finish(start, end, date(2025, 3, 5), dec("0.333"));
    assert_eq!(third, Some(date(2025, 3, 12)));
}

#[test]
fn an_estimate_that_is_undefined_gives_no_budget_status() {
    let variance = budget_variance(dec("100"), Figure(Err(Undefined::NoEstimate)));
    assert_eq!(variance.variance_pct.reason(), Some(Undefined::NoEstimate));
    assert_eq!(variance.status, None);
}

#[test]
fn r5_counts_completed_tasks_and_none_is_zero() {
    assert_eq!(legacy::completion_rate(1, 4), dec("25"));
    assert_eq!(legacy::completion_rate(0, 0), Decimal::ZERO);
}

#[test]
fn an_undefined_figure_is_null_with_its_reason_in_json() {
    let figures = EarnedValue::of(totals("100", "0", "0", "0"), &[]);
    let json = serde_json::to_value(&figures).unwrap();
    assert!(json["cpi"]["value"].is_null());
    assert_eq!(json["cpi"]["reason"], "no_actual_cost");
    assert_eq!(json["estimates"][4]["eac"]["reason"], "no_estimate");
    assert_eq!(json["percent_complete"]["value"], "0");
    assert!(json["percent_complete"]["reason"].is_null());
}

#[test]
fn numbers_beyond_a_decimal_are_reported_and_do_not_panic() {
    let huge = Decimal::MAX;
    let figures = EarnedValue::of(Totals { bac: huge, pv: -huge, ev: -huge, ac: huge }, &[]);
    assert_eq!(figures.estimate(Method::Typical).eac.reason(), Some(Undefined::OutOfRange));
    assert_eq!(figures.cost_variance.reason(), Some(Undefined::OutOfRange));
}

#[test]
fn a_budget_that_is_spent_has_no_index_to_complete() {
    let figures = EarnedValue::of(totals("100", "90", "80", "100"), &[]);
    assert_eq!(figures.tcpi_bac.reason(), Some(Undefined::BudgetSpent));
    assert_eq!(figures.estimate(Method::Atypical).tcpi.value(), Some(Decimal::ONE));
}

#[test]
fn commitments_are_a_floor_of_each_cost_code() {
    let open = account(totals("100", "50", "50", "60"), &[("20", "35"), ("10", "0")], &[]);
    let figures = EarnedValue::of(open.totals, &open.remaining);
    assert_eq!(figures.estimate(Method::BottomUp).eac.value(), Some(dec("90")));
    assert_eq!(figures.estimate(Method::Committed).eac.value(), Some(dec("105")));
}

#[test]
fn the_method_follows_completeness_and_the_steadiness_of_the_index() {
    let left: &[(&str, &str)] = &[("50", "0")];
    let steady: &[&str] = &["0.90", "0.80", "0.85"];
    let cases = [
        ("0", "0", left, steady, Why::NoActualCost, vec![Method::Committed]),
        ("9.99", "20", left, steady, Why::TooEarly, vec![Method::Committed]),
        ("10", "20", left, steady, Why::StillEarly, vec![Method::Atypical, Method::Committed]),
        ("19.99", "20", left, steady, Why::StillEarly, vec![Method::Atypical, Method::Committed]),
        ("20", "20", left, steady, Why::StableIndex, vec![Method::Typical]),
        ("20", "20", left, &["0.80", "0.85"], Why::UnstableIndex, vec![Method::Committed]),
        ("20", "20", left, &["0.74", "0.80", "0.85"], Why::UnstableIndex, vec![Method::Committed]),
        ("20", "20", &[], &[], Why::UnstableIndex, vec![Method::Atypical]),
        ("100", "120", left, steady, Why::Complete, vec![Method::Atypical]),
    ];
    for (ev, ac, left, cpi, why, methods) in cases {
        let forecast = forecast_account(&account(totals("100", "50", ev, ac), left, cpi));
        assert_eq!((forecast.why, &forecast.methods), (why, &methods), "EV {ev}, CPI {cpi:?}");
        assert_eq!(forecast.without_estimate, left.is_empty());
    }
}

#[test]
fn between_ten_and_twenty_percent_the_forecast_is_a_range() {
    let early = account(totals("100", "30", "15", "20"), &[("100", "0")], &[]);
    let forecast = forecast_account(&early);
    assert_eq!(forecast.low.value(), Some(dec("105")));
    assert_eq!(forecast.point.value(), Some(dec("112.5")));
    assert_eq!(forecast.high.value(), Some(dec("120")));
}

#[test]
fn a_finished_account_costs_what_it_cost() {
    let done = account(totals("100", "100", "100", "130"), &[("0", "10")], &[]);
    let forecast = forecast_cost(&[done]);
    assert_eq!(forecast.point.value(), Some(dec("130")));
    assert_eq!(forecast.budget.variance_pct.value(), Some(dec("30")));
}

#[test]
fn the_project_is_the_sum_of_its_accounts_not_an_index_of_its_totals() {
    let steady: &[&str] = &["0.5", "0.5", "0.5"];
    let bad = account(totals("100", "100", "50", "100"), &[], steady);
    let good = account(totals("900", "300", "300", "150"), &[], &["2", "2", "2"]);
    let forecast = forecast_cost(&[bad, good]);
    // 100/0.5 + 900/2; BAC/CPI of the totals would be 1000 * 250/350 = 714.29.
    assert_eq!(forecast.point.value(), Some(dec("650")));
    assert_eq!(forecast.bac.value(), Some(dec("1000")));
}

#[test]
fn the_example_trend_worsens() {
    let cpi: Vec<Decimal> = ["1.02", "1.00", "0.97", "0.95"].iter().map(|cpi| dec(cpi)).collect();
    let trend = cost_trend(&cpi);
    assert_eq!(trend.slope.rounded(6), Some(dec("-0.024167")));
    assert_eq!(trend.direction, Direction::Worsening);
    assert_eq!(cost_trend(&cpi[..2]).direction, Direction::InsufficientData);
    assert_eq!(cost_trend(&cpi[..2]).slope.reason(), Some(Undefined::InsufficientData));
}

#[test]
fn a_slope_of_exactly_a_hundredth_is_stable_and_only_six_periods_count() {
    let series = |texts: &[&str]| texts.iter().map(|text| dec(text)).collect::<Vec<_>>();
    assert_eq!(cost_trend(&series(&["1", "1.01", "1.02"])).direction, Direction::Stable);
    assert_eq!(cost_trend(&series(&["1", "1.011", "1.022"])).direction, Direction::Improving);
    assert_eq!(cost_trend(&series(&["1", "0.99", "0.98"])).direction, Direction::Stable);
    let trend = cost_trend(&series(&["9", "5", "1", "1", "1", "1", "1", "1"]));
    assert_eq!((trend.direction, trend.periods), (Direction::Stable, 6));
}

#[test]
fn recent_performance_that_differs_from_all_of_it_is_said() {
    let period = |ev: &str, ac: &str| Period { ev: dec(ev), ac: dec(ac) };
    let periods =
        [period("100", "100"), period("180", "200"), period("260", "300"), period("340", "400")];
    let recent = recent_performance(&periods);
    assert_eq!(recent.cumulative.value(), Some(dec("0.85")));
    assert_eq!(recent.recent.value(), Some(dec("0.8")));
    assert!(!recent.differs, "exactly 0.05 is not more");
    let first_three = recent_performance(&periods[..3]);
    assert_eq!(first_three.recent, first_three.cumulative);
    assert_eq!(
        recent_performance(&periods[..2]).recent.reason(),
        Some(Undefined::InsufficientData)
    );
    let worse = [&periods[..3], &[period("320", "400")]].concat();
    assert!(recent_performance(&worse).differs);
}

#[test]
fn the_example_risk_is_its_register() {
    let risk = |id: &str, probability: &str, impact: &str| Risk {
        id: id.to_owned(),
        probability: dec(probability),
        impact: dec(impact),
        closed: false,
    };
    let mut risks = vec![risk("a", "0.4", "0.3"), risk("b", "0.2", "0.8"), risk("c", "0.5", "0.2")];
    assert_eq!(register_score(&risks), dec("0.33472"));
    let chances = Chances { late: dec("0.30"), over_budget: dec("0.25") };
    let overall = overall_risk(&risks, Some(chances));
    assert_eq!((overall.overall_score, overall.basis), (dec("0.33472"), Basis::Simulation));
    let late = overall_risk(&risks, Some(Chances { late: dec("0.8"), ..chances }));
    assert_eq!(late.overall_score, dec("0.8"));
    assert_eq!(overall_risk(&risks, None).basis, Basis::Register);
    risks[1].closed = true;
    assert_eq!(register_score(&risks), dec("0.208"));
    assert_eq!(register_score(&[]), Decimal::ZERO);
}

fn decimals(numbers: &[i64]) -> Vec<Decimal> {
    numbers.iter().map(|number| Decimal::from(*number)).collect()
}

#[test]
fn factors_are_exceeded_above_their_thresholds_only() {
    let limits = FactorLimits::default();
    let pairs = |pairs: &[(i64, i64)]| -> Vec<(Decimal, Decimal)> {
        pairs.iter().map(|(a, b)| (Decimal::from(*a), Decimal::from(*b))).collect()
    };
    let deliveries = |days: &[i64]| -> Vec<Delivery> {
        days.iter().map(|days| Delivery { late_days: Decimal::from(*days) }).collect()
    };
    let lead = |days: i64, suppliers| LongLead { lead_days: Decimal::from(days), suppliers };
    let positions = |red: i64| [(Decimal::from(100 - red), false), (Decimal::from(red), true)];
    let late = [-1, 0, 0, 0, 1, 1, 2, 3];
    // Each at its limit, and just beyond it.
    let cases = [
        (low_float_share(&decimals(&[2, 3, 4, 5]), &limits), "0.25", false),
        (low_float_share(&decimals(&[2, -1, 4, 5]), &limits), "0.5", true),
        (overdue_questions(&[false, false], &limits), "0", false),
        (overdue_questions(&[false, true], &limits), "1", true),
        (supplier_lateness(&deliveries(&[&late[..], &[5, 40]].concat()), &limits), "5", false),
        (supplier_lateness(&deliveries(&[&late[..], &[6, 40]].concat()), &limits), "6", true),
        (single_source(&[lead(20, 1), lead(60, 2)], &limits), "0", false),
        (single_source(&[lead(21, 1), lead(60, 2)], &limits), "1", true),
        (bad_weather(&[true, false, false, false, false], &limits), "0.2", false),
        (bad_weather(&[true, false, false, false], &limits), "0.25", true),
        (labour_shortfall(&pairs(&[(80, 80), (20, 10)]), &limits), "0.1", false),
        (labour_shortfall(&pairs(&[(80, 79), (20, 10)]), &limits), "0.11", true),
        (red_audit_value(&positions(5), &limits), "0.05", false),
        (red_audit_value(&positions(6), &limits), "0.06", true),
        (unapproved_changes(&decimals(&[3, 2]), dec("100"), &limits), "0.05", false),
        (unapproved_changes(&decimals(&[3, 3]), dec("100"), &limits), "0.06", true),
        (cash_gap(&pairs(&[(90, 90), (10, 0)]), &limits), "0.1", false),
        (cash_gap(&pairs(&[(90, 89), (10, 0)]), &limits), "0.11", true),
        (stale_records(Some(2), &limits), "2", false),
        (stale_records(Some(3), &limits), "3", true),
    ];
    for (factor, value, exceeded) in cases {
        assert_eq!(
            (factor.value.value(), factor.exceeded),
            (Some(dec(value)), exceeded),
            "{factor:?}"
        );
    }
}

#[test]
fn a_factor_names_its_evidence_and_says_when_there_is_nothing_to_measure() {
    let limits = FactorLimits::default();
    assert_eq!(low_float_share(&decimals(&[3, 1, 5, 2]), &limits).evidence, [1, 3]);
    assert_eq!(cash_gap(&[(dec("9"), dec("9")), (dec("1"), dec("0"))], &limits).evidence, [1]);
    let few = vec![Delivery { late_days: dec("90") }; 4];
    let unmeasured = [
        low_float_share(&[], &limits),
        supplier_lateness(&few, &limits),
        bad_weather(&[], &limits),
        labour_shortfall(&[], &limits),
        cash_gap(&[], &limits),
        stale_records(None, &limits),
    ];
    for factor in unmeasured {
        assert_eq!(factor.value.reason(), Some(Undefined::NotMeasured), "{factor:?}");
        assert!(!factor.exceeded);
    }
    assert_eq!(
        unapproved_changes(&decimals(&[1]), Decimal::ZERO, &limits).value.reason(),
        Some(Undefined::NoBudget)
    );
    assert_eq!(red_audit_value(&[], &limits).value.reason(), Some(Undefined::NoBudget));
    let strict = FactorLimits { cash_gap: Decimal::ZERO, ..limits };
    assert!(cash_gap(&[(dec("100"), dec("99"))], &strict).exceeded);
}

#[test]
fn r7_recommends_for_delay_over_budget_and_risk_above_its_limit() {
    let areas = |schedule, budget, risk: &str| -> Vec<Area> {
        let advice = recommendations(schedule, budget, Some(dec(risk)));
        advice.iter().map(|advice| advice.area).collect()
    };
    let (late, dear) = (Some(ScheduleStatus::Delayed), Some(BudgetStatus::OverBudget));
    assert_eq!(areas(late, dear, "0.71"), [Area::Schedule, Area::Budget, Area::Risk]);
    assert!(areas(Some(ScheduleStatus::AtRisk), Some(BudgetStatus::OnBudget), "0.7").is_empty());
    let json = serde_json::to_value(recommendations(late, dear, Some(dec("0.8")))).unwrap();
    assert_eq!(json[0]["priority"], "high");
    assert_eq!(json[0]["actions"][0], "review_critical_path");
    assert_eq!(json[1]["actions"][1], "optimize_procurement");
    assert_eq!(json[2]["priority"], "medium");
    assert_eq!(json[2]["actions"][2], "increase_monitoring");
}

#[test]
fn progress_claims_no_more_than_the_budget() {
    let share = |measure: &Measure| measure.claim().share.value();
    let units = Measure::Units { installed: dec("120"), budget: dec("100") };
    assert_eq!(share(&units), Some(Decimal::ONE));
    assert_eq!(units.claim().overrun, dec("20"));
    let nothing = Measure::Units { installed: dec("1"), budget: Decimal::ZERO };
    assert_eq!(nothing.claim().share.reason(), Some(Undefined::NoBudget));
    let half = Measure::FiftyFifty { started: true, finished: false };
    assert_eq!(share(&half), Some(dec("0.5")));
    assert_eq!(share(&Measure::ZeroHundred { finished: false }), Some(Decimal::ZERO));
    let step = |weight: &str, done| Step { weight: dec(weight), done };
    let steps = Measure::Milestones { steps: vec![step("1", true), step("3", false)] };
    assert_eq!(share(&steps), Some(dec("0.25")));
    let nobody = Measure::Milestones { steps: Vec::new() };
    assert_eq!(nobody.claim().share.reason(), Some(Undefined::NotMeasured));
    assert_eq!(share(&Measure::Physical { share: dec("-0.2") }), Some(Decimal::ZERO));
    assert_eq!(share(&Measure::LevelOfEffort { planned: dec("0.4") }), Some(dec("0.4")));
}
