//! Levelling of networks: the plan's own calendars, links and constraints, judged by hand and by
//! adding up.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails may panic, and knows how many there are"
)]

use std::collections::BTreeMap;

use planning::calendar::{Calendar, Moment, Shift};
use planning::exchange::{psplib, xer};
use planning::level::{
    Effort, LevelledPlan, MOST_LEVELLED, NetworkRefusal, Overdrawn, Proof, level, level_network,
};
use planning::network::{
    Activity, Assignment, Availability, Constraint, Kind, Link, LinkKind, Network, Plan, PlanError,
    Resource, Rule, WHOLE_UNIT,
};
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;

const DAY: i64 = 480;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// Tasks of so many days that all need one crew, of which there is one.
fn crew(days: &[(&str, i64)]) -> Plan {
    let mut plan = Plan::new("Site", at("2026-03-02T08:00"), Calendar::five_days());
    for (place, (id, days)) in days.iter().enumerate() {
        plan.activities.push(Activity::task(*id, days * DAY));
        plan.assignments.push(Assignment {
            activity: place,
            resource: 0,
            amount: WHOLE_UNIT,
            on_its_calendar: false,
        });
    }
    plan.resources = vec![Resource::steady("crew", WHOLE_UNIT)];
    plan
}

fn after(from: usize, to: usize) -> Link {
    Link::new(from, to, LinkKind::FinishStart)
}

fn levelled(plan: Plan) -> LevelledPlan {
    level_network(&Network::new(plan).unwrap(), Effort::Evaluations(300), 7).unwrap()
}

fn starts(found: &LevelledPlan) -> Vec<String> {
    found.schedule.dates.iter().map(|dates| dates.start.to_string()).collect()
}

#[test]
fn work_that_shares_a_crew_follows_by_the_calendar() {
    let mut plan = crew(&[("DIG", 3), ("POUR", 4), ("FENCE", 2)]);
    plan.links = vec![after(0, 1)];
    let found = levelled(plan);
    // Nine days of work from Monday; the fence goes where it keeps nobody waiting.
    assert_eq!(found.finish, at("2026-03-12T17:00"));
    assert_eq!(found.unlevelled_finish, at("2026-03-10T17:00"));
    assert_eq!(found.lower_bound, found.finish);
    assert_eq!(found.overdrawn, []);
    let late = found.delays.iter().map(|delay| delay.minutes).sum::<i64>();
    assert!(late > 0 && found.delays.iter().all(|delay| delay.to > delay.from), "{found:?}");
}

#[test]
fn enough_of_everything_changes_nothing() {
    let mut plan = crew(&[("DIG", 3), ("POUR", 4), ("FENCE", 2)]);
    plan.resources[0].capacity[0].amount = 3 * WHOLE_UNIT;
    let network = Network::new(plan).unwrap();
    let found = level_network(&network, Effort::Evaluations(300), 7).unwrap();
    assert_eq!(found.schedule, network.schedule());
    assert_eq!((found.delays.len(), found.finish), (0, found.unlevelled_finish));
}

#[test]
fn a_resource_that_is_limited_by_nobody_or_unassigned_is_not_levelled() {
    let mut plan = crew(&[("DIG", 3), ("POUR", 4)]);
    plan.resources[0].capacity.clear();
    assert_eq!(levelled(plan.clone()).delays, []);
    plan.resources[0].capacity = Resource::steady("", WHOLE_UNIT).capacity;
    plan.assignments.clear();
    assert_eq!(levelled(plan).delays, []);
}

#[test]
fn lags_of_all_kinds_and_constraints_hold_as_they_did() {
    let mut plan = crew(&[("A", 5), ("B", 5), ("C", 3), ("D", 2)]);
    plan.links = vec![
        Link { lag: DAY, ..Link::new(0, 1, LinkKind::StartStart) },
        Link { lag: -DAY, ..after(1, 2) },
        Link { lag: 2 * DAY, ..Link::new(1, 3, LinkKind::FinishFinish) },
    ];
    plan.activities[3].constraint =
        Some(Constraint { rule: Rule::StartNoEarlier, date: at("2026-03-04T08:00") });
    let found = levelled(plan);
    // A, then B: fifteen days in all, none of them at once.
    assert_eq!(found.schedule.dates[0].start, at("2026-03-02T08:00"));
    assert_eq!(found.schedule.dates[1].start, at("2026-03-09T08:00"));
    assert_eq!(found.finish, at("2026-03-20T17:00"));
}

#[test]
fn capacity_that_changes_is_kept_to_the_minute() {
    let mut plan = crew(&[("A", 2), ("B", 2)]);
    plan.resources[0].capacity = vec![
        Availability { from: Moment::default(), amount: 0 },
        Availability { from: at("2026-03-04T10:00"), amount: 2 * WHOLE_UNIT },
    ];
    let found = levelled(plan);
    assert_eq!(starts(&found), ["2026-03-04T10:00", "2026-03-04T10:00"]);
    assert_eq!(found.finish, at("2026-03-06T10:00"));
}

#[test]
fn work_pauses_with_the_calendar_of_its_resource() {
    let mut plan = crew(&[("A", 3)]);
    let holiday = BTreeMap::from([(at("2026-03-03T00:00").date(), Vec::new())]);
    let week = Calendar::five_days().week().clone();
    plan.calendars.push(Calendar::new("crew", week, holiday).unwrap());
    plan.resources[0].calendar = Some(1);
    assert_eq!(levelled(plan.clone()).finish, at("2026-03-04T17:00"));
    plan.assignments[0].on_its_calendar = true;
    assert_eq!(levelled(plan.clone()).finish, at("2026-03-05T17:00"));
    let night = std::array::from_fn(|_| vec![Shift::new(1200, 1440).unwrap()]);
    plan.calendars[1] = Calendar::new("night", night, BTreeMap::new()).unwrap();
    let refused = level_network(&Network::new(plan).unwrap(), Effort::Evaluations(1), 7);
    assert!(matches!(refused, Err(NetworkRefusal::NeverWorks { activity, .. }) if activity == "A"));
}

#[test]
fn what_cannot_be_moved_or_never_fits_is_named() {
    let mut plan = crew(&[("A", 2), ("B", 2), ("C", 1)]);
    let fixed = Some(Constraint { rule: Rule::MandatoryStart, date: at("2026-03-02T08:00") });
    plan.activities[0].constraint = fixed;
    plan.activities[1].constraint = fixed;
    plan.assignments[2].amount = 3 * WHOLE_UNIT;
    let found = levelled(plan);
    assert_eq!(starts(&found)[..2], ["2026-03-02T08:00", "2026-03-02T08:00"]);
    let places: Vec<(usize, usize)> =
        found.overdrawn.iter().map(|one| (one.activity, one.resource)).collect();
    assert!(places.contains(&(2, 0)) && places.len() == 2, "{places:?}");
}

#[test]
fn who_leaves_for_good_does_not_drag_work_along() {
    let mut plan = crew(&[("A", 2), ("B", 2)]);
    plan.resources[0].capacity = vec![
        Availability { from: Moment::default(), amount: WHOLE_UNIT },
        Availability { from: at("2026-03-05T08:00"), amount: 0 },
    ];
    let found = levelled(plan.clone());
    // Two days are left for the second one, and there is only one.
    assert_eq!(found.overdrawn.len(), 1);
    assert_eq!(starts(&found), ["2026-03-02T08:00", "2026-03-02T08:00"]);
    plan.resources[0].capacity[1].from = at("2026-03-06T08:00");
    let found = levelled(plan);
    assert_eq!((found.overdrawn.len(), found.finish), (0, at("2026-03-05T17:00")));
}

#[test]
fn started_work_goes_on_first_and_finished_work_uses_nothing() {
    let mut plan = crew(&[("DONE", 3), ("NEW", 5), ("OPEN", 4)]);
    plan.projects[0].data_date = at("2026-03-09T08:00");
    for (place, finish) in [(0, Some(at("2026-03-04T17:00"))), (2, None)] {
        plan.activities[place].actual_start = Some(at("2026-03-02T08:00"));
        plan.activities[place].actual_finish = finish;
    }
    plan.activities[2].remaining = Some(DAY);
    let found = levelled(plan);
    assert_eq!(found.schedule.dates[2].early_finish, at("2026-03-09T17:00"));
    assert_eq!(found.schedule.dates[1].start, at("2026-03-10T08:00"));
}

#[test]
fn two_calendars_share_a_machine_by_the_hour() {
    let mut plan = crew(&[("DAY", 2), ("NIGHT", 1)]);
    let night = std::array::from_fn(|_| vec![Shift::new(1080, 1320).unwrap()]);
    plan.calendars.push(Calendar::new("night", night, BTreeMap::new()).unwrap());
    plan.activities[1].calendar = 1;
    plan.activities[1].duration = 480;
    let found = levelled(plan);
    // The one works while the other rests.
    assert_eq!(starts(&found), ["2026-03-02T08:00", "2026-03-02T18:00"]);
    assert_eq!(found.finish, at("2026-03-03T22:00"));
}

#[test]
fn places_that_do_not_exist_are_refused() {
    let mut plan = crew(&[("A", 1)]);
    plan.assignments[0].resource = 1;
    let refused = |plan: Plan| Network::new(plan).err();
    assert!(matches!(refused(plan), Some(PlanError::Dangling { list: "resources", .. })));
    let mut plan = crew(&[("A", 1)]);
    let first = plan.resources[0].capacity[0];
    plan.resources[0].capacity.push(first);
    assert_eq!(refused(plan), Some(PlanError::Capacity("crew".to_owned())));
}

#[test]
fn more_than_can_be_levelled_in_time_is_refused() {
    let ids: Vec<String> = (0..=MOST_LEVELLED).map(|n| n.to_string()).collect();
    let days: Vec<(&str, i64)> = ids.iter().map(|id| (id.as_str(), 1)).collect();
    let network = Network::new(crew(&days)).unwrap();
    let refused = level_network(&network, Effort::Evaluations(1), 7).unwrap_err();
    assert_eq!(refused, NetworkRefusal::TooMany { count: MOST_LEVELLED + 1 });
}

#[test]
fn the_example_plan_is_levelled_by_hand() {
    let imported = xer::read(include_bytes!("../examples/blocks.xer")).unwrap();
    let network = Network::new(imported.plan).unwrap();
    assert_eq!(network.schedule().finish, at("2026-03-27T17:00"));
    let found = level_network(&network, Effort::Evaluations(300), 7).unwrap();
    // 26 days of masonry without the holiday of 20 March; the roof ends two days after the walls.
    let walls = found.schedule.dates[4].finish;
    assert_eq!((walls, found.finish), (at("2026-04-07T17:00"), at("2026-04-09T17:00")));
    assert_eq!((found.lower_bound, found.overdrawn.len()), (at("2026-04-07T17:00"), 0));
}

#[test]
fn the_example_instance_is_proved() {
    let file = psplib::read(include_bytes!("../examples/thirty.sm")).unwrap();
    let found = level(&file.project(), Effort::Evaluations(20_000), 7).unwrap();
    assert_eq!((found.makespan, found.lower_bound, found.proof), (78, 78, Proof::Cp));
}

/// Plans of up to twelve tasks on two calendars with links of all kinds and two resources.
fn plans() -> impl Strategy<Value = Plan> {
    let tasks = prop::collection::vec((1_i64..6, 0_usize..2, 0_u32..3, 0_u32..3), 2..12);
    let links = prop::collection::vec((0_usize..12, 0_usize..12, 0_usize..4, -1_i64..3), 0..12);
    (tasks, links, any::<bool>()).prop_map(|(tasks, links, as_late)| {
        let mut plan = Plan::new("p", at("2026-03-02T08:00"), Calendar::five_days());
        let six = std::array::from_fn(|day| {
            if day < 6 { vec![Shift::new(420, 900).unwrap()] } else { Vec::new() }
        });
        plan.calendars.push(Calendar::new("six", six, BTreeMap::new()).unwrap());
        plan.resources = vec![Resource::steady("a", 2), Resource::steady("b", 3)];
        for (n, (days, calendar, a, b)) in tasks.iter().enumerate() {
            let task = Activity::task(format!("T{n}"), days * 240);
            plan.activities.push(Activity { calendar: *calendar, ..task });
            for (resource, amount) in [(0, *a), (1, *b)] {
                let (activity, on_its_calendar) = (n, false);
                plan.assignments.push(Assignment { activity, resource, amount, on_its_calendar });
            }
        }
        if as_late {
            plan.activities[0].constraint =
                Some(Constraint { rule: Rule::AsLateAsPossible, date: Moment::default() });
        }
        let kinds = [
            LinkKind::FinishStart,
            LinkKind::StartStart,
            LinkKind::FinishFinish,
            LinkKind::StartFinish,
        ];
        let mut known = std::collections::BTreeSet::new();
        for (from, to, kind, lag) in links {
            let (from, to) = (from % tasks.len(), to % tasks.len());
            if from < to && known.insert((from, to, kind)) {
                plan.links.push(Link { lag: lag * 240, ..Link::new(from, to, kinds[kind]) });
            }
        }
        plan
    })
}

/// The most of a resource in use at any hour of the schedule, looked at hour by hour.
fn peak(plan: &Plan, found: &LevelledPlan, resource: usize) -> u32 {
    let mut at = plan.projects[0].data_date;
    let mut most = 0;
    while at < found.finish {
        let uses = |one: &&Assignment| {
            let (dates, activity) =
                (found.schedule.dates[one.activity], &plan.activities[one.activity]);
            one.resource == resource
                && (dates.start..dates.finish).contains(&at)
                && plan.calendars[activity.calendar].between(at, at + 60) > 0
        };
        most = most.max(plan.assignments.iter().filter(uses).map(|one| one.amount).sum());
        at = at + 60;
    }
    most
}

proptest! {
    #![proptest_config(Config { cases: 96, ..Config::default() })]

    #[test]
    fn every_levelled_plan_keeps_its_links_and_capacities(plan in plans(), seed in any::<u64>()) {
        let network = Network::new(plan.clone()).unwrap();
        let found = level_network(&network, Effort::Evaluations(200), seed).unwrap();
        prop_assert_eq!(&found.overdrawn, &Vec::<Overdrawn>::new());
        prop_assert!(peak(&plan, &found, 0) <= 2 && peak(&plan, &found, 1) <= 3);
        prop_assert!(found.lower_bound <= found.finish);
        prop_assert!(found.unlevelled_finish <= found.finish);
        // Held back by constraints instead, the ordinary passes give the same dates.
        let mut held = plan.clone();
        for (activity, dates) in held.activities.iter_mut().zip(&found.schedule.dates) {
            if activity.kind == Kind::Task {
                let date = dates.early_start;
                activity.constraint = Some(Constraint { rule: Rule::StartNoEarlier, date });
            }
        }
        let again = Network::new(held).unwrap().schedule();
        for (one, other) in found.schedule.dates.iter().zip(&again.dates) {
            prop_assert_eq!(one.early_start, other.early_start);
        }
        let same = level_network(&network, Effort::Evaluations(200), seed).unwrap();
        prop_assert_eq!(found, same);
    }
}
