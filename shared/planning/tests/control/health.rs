//! The health score, what it covers and why it is what it is.

use planning::control::health::{Band, Known, Quality, Reason, cost_score, health, schedule_score};
use planning::control::variance::{BudgetStatus, ScheduleStatus};
use rust_decimal::Decimal;

use crate::dec;

/// On plan, without risk or open quality.
fn well() -> Known {
    Known {
        schedule_variance_pct: Some(Decimal::ZERO),
        budget_variance_pct: Some(Decimal::ZERO),
        overall_risk: Some(Decimal::ZERO),
        quality: Some(Quality {
            overdue_snag_share: Decimal::ZERO,
            failed_inspection_share: Decimal::ZERO,
            open_high_safety_event: false,
        }),
        ..Known::default()
    }
}

#[test]
fn the_example_is_sixty_nine_and_to_be_watched() {
    let mut known = well();
    known.schedule_variance_pct = Some(dec("12"));
    known.budget_variance_pct = Some(dec("4"));
    known.overall_risk = Some(dec("0.45"));
    known.quality =
        known.quality.map(|quality| Quality { overdue_snag_share: dec("0.2"), ..quality });
    let health = health(&known);
    assert_eq!((health.score, health.band), (Some(69), Some(Band::Watch)));
    assert_eq!(health.coverage, Decimal::ONE);
    let points: Vec<_> = health.parts.iter().map(|part| part.points).collect();
    let expected = ["22.4", "26.6", "11", "9"].map(|points| Some(dec(points)));
    assert_eq!(points, expected);
    let because =
        [Reason::BehindBaseline, Reason::AboveBudget, Reason::AtRisk, Reason::QualityOpen];
    assert_eq!(health.reasons, because);
}

#[test]
fn on_plan_without_risk_is_a_hundred_and_needs_no_reason() {
    let health = health(&well());
    assert_eq!((health.score, health.band), (Some(100), Some(Band::Good)));
    assert!(health.reasons.is_empty());
}

#[test]
fn score_and_status_meet_on_the_same_edges() {
    for (variance, score, status) in [
        ("-5", "1", ScheduleStatus::OnTrack),
        ("10", "0.7", ScheduleStatus::AtRisk),
        ("12", "0.64", ScheduleStatus::AtRisk),
        ("20", "0.4", ScheduleStatus::Delayed),
        ("40", "0", ScheduleStatus::Delayed),
        ("1000", "0", ScheduleStatus::Delayed),
    ] {
        assert_eq!(schedule_score(dec(variance)), dec(score), "{variance} %");
        assert_eq!(ScheduleStatus::of(dec(variance)), status);
    }
    for (variance, score, status) in [
        ("-5.001", "1", BudgetStatus::UnderBudget),
        ("4", "0.76", BudgetStatus::OnBudget),
        ("5", "0.7", BudgetStatus::OverBudget),
        ("10", "0.4", BudgetStatus::OverBudget),
        ("25", "0", BudgetStatus::OverBudget),
    ] {
        assert_eq!(cost_score(dec(variance)), dec(score), "{variance} %");
        assert_eq!(BudgetStatus::of(dec(variance)), status);
    }
}

#[test]
fn what_is_not_known_does_not_count_and_too_little_is_no_number() {
    let cost_missing = Known { budget_variance_pct: None, ..well() };
    let partial = health(&cost_missing);
    assert_eq!((partial.score, partial.coverage), (Some(100), dec("0.65")));
    assert_eq!(partial.reasons, [Reason::CostNotMeasured]);
    let half = Known { budget_variance_pct: None, overall_risk: None, ..well() };
    assert_eq!(health(&half).score, None);
    assert_eq!(health(&half).coverage, dec("0.45"));
    assert!(health(&half).reasons.contains(&Reason::TooLittleKnown));
    let nothing = health(&Known::default());
    assert_eq!((nothing.score, nothing.band, nothing.coverage), (None, None, Decimal::ZERO));
}

#[test]
fn a_stopped_site_is_never_above_forty_nine() {
    let stopped = health(&Known { work_stopped: true, ..well() });
    assert_eq!((stopped.score, stopped.band), (Some(49), Some(Band::Act)));
    assert_eq!(stopped.reasons, [Reason::WorkStopped]);
    let unsound = health(&Known { structural_finding: true, ..well() });
    assert_eq!((unsound.score, unsound.reasons), (Some(49), vec![Reason::StructuralFinding]));
}

#[test]
fn quality_never_falls_below_nothing() {
    let quality = Quality {
        overdue_snag_share: dec("7"),
        failed_inspection_share: dec("1"),
        open_high_safety_event: true,
    };
    let health = health(&Known { quality: Some(quality), ..well() });
    assert_eq!(health.parts[3].score, Some(Decimal::ZERO));
    assert_eq!(health.score, Some(90));
}
