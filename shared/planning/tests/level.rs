//! Levelling through its door: `planning::level::level`, judged by the checker and by brute force.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::single_range_in_vec_init,
    reason = "a test that fails may panic; a calendar may have one shift"
)]

use planning::level::check::{Violation, check};
use planning::level::progen::{Shape, generate};
use planning::level::{
    Calendar, Demand, Effort, Levelled, Link, LinkKind, Project, Proof, Refusal, Resource, Step,
    Task, level,
};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;

fn counted(project: &Project, evaluations: u64, seed: u64) -> Levelled {
    level(project, Effort::Evaluations(evaluations), seed).unwrap()
}

fn task(duration: u32, demands: &[(usize, u32)]) -> Task {
    let demand =
        |(resource, amount): &(usize, u32)| Demand { resource: *resource, amount: *amount };
    Task { duration, demands: demands.iter().map(demand).collect(), ..Task::default() }
}

fn link(from: usize, to: usize, kind: LinkKind, lag: i32) -> Link {
    Link { from, to, kind, lag, lag_calendar: None }
}

/// Weeks of 7 ticks of which the first 5 are worked.
fn weekdays() -> Calendar {
    Calendar { shifts: vec![0..5], until: 7, cycle: 7 }
}

#[test]
fn without_resources_the_schedule_is_that_of_the_links() {
    use LinkKind::{
        FinishToFinish as FF, FinishToStart as FS, StartToFinish as SF, StartToStart as SS,
    };
    let tasks = [4, 10, 8, 6, 5, 3, 4, 0].map(|duration| task(duration, &[]));
    let links = [
        (0, 1, FS, 0),
        (1, 2, SS, 3),
        (1, 2, FF, 2),
        (2, 3, FS, 7),
        (1, 4, FS, -2),
        (4, 5, FF, 4),
        (3, 6, FS, 0),
        (4, 6, FS, 1),
        (5, 6, SF, 9),
        (6, 7, FS, 0),
    ]
    .map(|(from, to, kind, lag)| link(from, to, kind, lag));
    let project = Project { tasks: tasks.to_vec(), links: links.to_vec(), ..Project::default() };
    let levelled = counted(&project, 100, 7);
    assert_eq!(levelled.starts, [0, 4, 8, 23, 12, 18, 29, 33]);
    assert_eq!((levelled.makespan, levelled.lower_bound), (33, 33));
    assert_eq!((levelled.proof, levelled.gap_pct), (Proof::Energetic, 0.0));
}

#[test]
fn tasks_that_share_a_crew_follow_each_other() {
    let project = Project {
        tasks: vec![task(30, &[(0, 1)]), task(20, &[(0, 1)]), task(10, &[(0, 1)])],
        links: vec![Link::after(2, 0)],
        resources: vec![Resource::steady(1)],
        calendars: vec![],
    };
    let levelled = counted(&project, 100, 7);
    assert_eq!((levelled.makespan, levelled.lower_bound), (60, 60));
    assert_eq!(levelled.proof, Proof::Energetic);
}

#[test]
fn a_task_waits_for_capacity_that_comes_later() {
    let mut project = Project {
        tasks: vec![task(4, &[(0, 2)]), task(2, &[(0, 1)])],
        resources: vec![Resource::steady(2)],
        ..Project::default()
    };
    let steps = [(0, 1), (3, 2), (5, 0), (6, 3)];
    project.resources[0].capacity = steps.map(|(from, capacity)| Step { from, capacity }).to_vec();
    let levelled = counted(&project, 200, 7);
    assert_eq!(levelled.starts[0], 6);
    assert_eq!(levelled.makespan, 10);
}

#[test]
fn work_pauses_when_the_calendar_or_a_resource_does() {
    let mut crew = Resource::steady(1);
    crew.calendar = Some(0);
    let mut early = task(6, &[(0, 1)]);
    early.earliest = 3;
    let mut project = Project {
        tasks: vec![early, task(2, &[])],
        // Two working days after the end, over a weekend.
        links: vec![Link { lag_calendar: Some(0), ..link(0, 1, LinkKind::FinishToStart, 2) }],
        resources: vec![crew],
        calendars: vec![weekdays()],
    };
    // 3, 4, then 7 to 11 without the weekend; its end 11 plus day 11 and, after 12 and 13, day 14.
    let levelled = counted(&project, 50, 7);
    assert_eq!(levelled.starts, [3, 15]);
    assert_eq!((levelled.makespan, levelled.proof), (17, Proof::Energetic));
    project.tasks[1].calendar = Some(0);
    project.links[0] = link(0, 1, LinkKind::FinishToFinish, 3);
    // Finishes on 14 or later with 2 days of work: 10 and 11 end on 12; so 11 and 14.
    assert_eq!(counted(&project, 50, 7).starts, [3, 11]);
}

#[test]
fn calendars_without_common_time_are_refused() {
    let mut crew = Resource::steady(1);
    crew.calendar = Some(1);
    let mut only = task(1, &[(0, 1)]);
    only.calendar = Some(0);
    let weekend = Calendar { shifts: vec![5..7], ..weekdays() };
    let project = Project {
        tasks: vec![only],
        links: vec![],
        resources: vec![crew],
        calendars: vec![weekdays(), weekend],
    };
    let refused = level(&project, Effort::Evaluations(1), 7);
    assert_eq!(refused, Err(Refusal::NeverWorks(0)));
}

#[test]
fn what_has_no_schedule_is_refused_with_its_place() {
    let fine = Project {
        tasks: vec![task(1, &[(0, 1)]), task(1, &[(0, 1)]), task(1, &[])],
        links: vec![Link::after(0, 1)],
        resources: vec![Resource::steady(1)],
        calendars: vec![weekdays()],
    };
    let refusal = |change: &dyn Fn(&mut Project)| {
        let mut project = fine.clone();
        change(&mut project);
        level(&project, Effort::Evaluations(1), 7).err()
    };
    assert_eq!(refusal(&|_| ()), None);
    assert_eq!(
        refusal(&|project| project.links.extend([Link::after(1, 2), Link::after(2, 0)])),
        Some(Refusal::Cycle(vec![1, 2, 0]))
    );
    assert_eq!(
        refusal(&|project| project.links.push(Link::after(2, 2))),
        Some(Refusal::Cycle(vec![2]))
    );
    assert_eq!(
        refusal(&|project| project.tasks[1].demands.push(Demand { resource: 0, amount: 1 })),
        Some(Refusal::Short { task: 1, resource: 0, amount: 2, capacity: 1 })
    );
    assert_eq!(
        refusal(&|project| project.links[0].to = 3),
        Some(Refusal::Unknown { what: "link", index: 0, target: "task", named: 3 })
    );
    assert_eq!(
        refusal(&|project| project.tasks[2].calendar = Some(1)),
        Some(Refusal::Unknown { what: "task", index: 2, target: "calendar", named: 1 })
    );
    assert_eq!(refusal(&|project| project.calendars[0].cycle = 2), Some(Refusal::Calendar(0)));
    assert_eq!(
        refusal(&|project| project.resources[0].capacity[0].from = 1),
        Some(Refusal::Capacity(0))
    );
    assert!(matches!(
        refusal(&|project| project.tasks[0].duration = u32::MAX),
        Some(Refusal::TooLarge { what: "task", index: 0, .. })
    ));
    let long = |project: &mut Project| {
        project.tasks[0].duration = planning::level::LAST_TICK;
    };
    assert!(matches!(refusal(&long), Some(Refusal::TooLong(_))));
    let late = |project: &mut Project| {
        let from = planning::level::LAST_TICK;
        project.resources[0].capacity.push(Step { from, capacity: 2 });
    };
    assert!(matches!(refusal(&late), Some(Refusal::TooLong(_))));
    let slow = |project: &mut Project| {
        let until = planning::level::LAST_TICK;
        project.calendars[0] = Calendar { shifts: vec![until - 1..until], until, cycle: until };
        project.tasks[2].calendar = Some(0);
    };
    assert!(matches!(refusal(&slow), Some(Refusal::TooLong(_))));
}

#[test]
fn the_checker_names_the_rule_that_is_broken() {
    let mut project = Project {
        tasks: vec![task(2, &[(0, 1)]), task(2, &[(0, 1)]), task(6, &[])],
        links: vec![Link::after(0, 1)],
        resources: vec![Resource::steady(1)],
        calendars: vec![weekdays()],
    };
    project.tasks[1].earliest = 1;
    project.tasks[2].calendar = Some(0);
    assert_eq!(check(&project, &[0, 2, 1]), Ok(vec![2, 4, 9]));
    assert_eq!(check(&project, &[0, 2]), Err(Violation::Count { starts: 2, tasks: 3 }));
    assert_eq!(check(&project, &[0, 0, 0]), Err(Violation::TooEarly(1)));
    assert_eq!(check(&project, &[0, 1, 0]), Err(Violation::Link(0)));
    assert_eq!(check(&project, &[0, 2, 5]), Err(Violation::NotWorking(2)));
    project.links.clear();
    assert_eq!(check(&project, &[0, 1, 0]), Err(Violation::Overdrawn { resource: 0, tick: 1 }));
}

#[test]
fn generated_projects_are_proved_or_bounded_and_the_trace_falls() {
    for (tasks, strength) in [(10, 20), (30, 20), (60, 50)] {
        let shape = Shape { tasks, resources: 4, complexity: 180, factor: 75, strength };
        let project = generate(shape, 5);
        let levelled = counted(&project, 300, 7);
        let finishes = check(&project, &levelled.starts).unwrap();
        assert_eq!(finishes.iter().max(), Some(&levelled.makespan));
        assert!(levelled.lower_bound <= levelled.makespan);
        let falls = levelled.trace.windows(2).all(|pair| pair[1].makespan < pair[0].makespan);
        assert!(falls, "{:?}", levelled.trace);
        assert_eq!(levelled.trace.last().unwrap().makespan, levelled.makespan);
    }
}

#[test]
fn more_resources_than_fit_a_word_are_all_kept() {
    let shape = Shape { tasks: 20, resources: 9, complexity: 150, factor: 50, strength: 10 };
    let project = generate(shape, 3);
    let levelled = counted(&project, 200, 7);
    assert_eq!(check(&project, &levelled.starts).unwrap().iter().max(), Some(&levelled.makespan));
}

#[test]
fn a_clock_that_has_run_out_still_gives_a_schedule() {
    let project =
        generate(Shape { tasks: 120, resources: 4, complexity: 210, factor: 100, strength: 10 }, 1);
    let clock = || std::time::Duration::from_secs(5);
    let none = Effort::Time { limit: std::time::Duration::ZERO, clock: &clock };
    let levelled = level(&project, none, 7).unwrap();
    check(&project, &levelled.starts).unwrap();
}

/// Any small project: every kind of link, lags and leads, releases, capacities that change.
fn projects(tasks: usize, calendars: bool) -> impl Strategy<Value = Project> {
    let kind = prop::sample::select(vec![
        LinkKind::FinishToStart,
        LinkKind::StartToStart,
        LinkKind::FinishToFinish,
        LinkKind::StartToFinish,
    ]);
    let calendar =
        move || if calendars { any::<Option<bool>>().boxed() } else { Just(None).boxed() };
    let index = |which: Option<bool>| which.map(usize::from);
    let task =
        (0..4_u32, 0..3_u32, calendar(), prop::collection::vec((0..2_usize, 1..3_u32), 1..3))
            .prop_map(move |(duration, earliest, which, demands)| Task {
                earliest,
                calendar: index(which),
                ..task(duration, &demands)
            });
    let link = (0..tasks, 0..tasks, kind, -2..3_i32, calendar());
    let step = (1..4_u32, 0..3_u32);
    let resource = (prop::collection::vec(step, 0..3), 2..4_u32, calendar());
    (
        prop::collection::vec(task, 1..=tasks),
        prop::collection::vec(link, 0..tasks),
        prop::collection::vec(resource, 2),
    )
        .prop_map(move |(tasks, links, resources)| {
            let count = tasks.len();
            let links = links.into_iter().filter_map(|(a, b, kind, lag, which)| {
                let (from, to) = (a.min(b), a.max(b));
                let lag_calendar = index(which);
                (from < to && to < count).then_some(Link { from, to, kind, lag, lag_calendar })
            });
            let resources = resources.into_iter().map(|(steps, last, which)| {
                let mut from = 0;
                let mut capacity = Vec::new();
                for (length, amount) in steps {
                    capacity.push(Step { from, capacity: amount });
                    from += length;
                }
                capacity.push(Step { from, capacity: last });
                Resource { capacity, calendar: index(which) }
            });
            let shifts = Calendar { shifts: vec![1..3, 4..5], until: 6, cycle: 3 };
            let calendars = if calendars {
                vec![Calendar { shifts: vec![0..2], until: 3, cycle: 3 }, shifts]
            } else {
                vec![]
            };
            Project { tasks, links: links.collect(), resources: resources.collect(), calendars }
        })
}

/// The shortest schedule there is, found by trying all starts below `most`.
fn shortest(project: &Project, most: u64) -> Option<u64> {
    let count = project.tasks.len();
    let mut starts = vec![0; count];
    let mut best = None;
    loop {
        if let Ok(finishes) = check(project, &starts) {
            let makespan = finishes.into_iter().max().unwrap_or(0);
            best = Some(best.map_or(makespan, |best: u64| best.min(makespan)));
        }
        let Some(place) = starts.iter().position(|start| *start < most) else { return best };
        starts[place] += 1;
        starts[..place].fill(0);
    }
}

proptest! {
    #![proptest_config(Config { cases: 192, failure_persistence: None, ..Config::default() })]

    #[test]
    fn schedules_keep_every_rule_and_repeat(
        project in prop::bool::ANY.prop_flat_map(|calendars| projects(9, calendars)),
        seed in any::<u64>(),
        evaluations in 0..400_u64,
    ) {
        let before = project.clone();
        match level(&project, Effort::Evaluations(evaluations), seed) {
            Ok(levelled) => {
                let finishes = check(&project, &levelled.starts);
                prop_assert_eq!(finishes.unwrap().into_iter().max(), Some(levelled.makespan));
                prop_assert!(levelled.lower_bound <= levelled.makespan);
                prop_assert_eq!(
                    levelled.proof == Proof::None,
                    levelled.lower_bound < levelled.makespan
                );
                let again = counted(&project, evaluations, seed);
                prop_assert_eq!(
                    serde_json::to_vec(&levelled).unwrap(),
                    serde_json::to_vec(&again).unwrap()
                );
            }
            Err(refusal) => {
                let named = matches!(refusal, Refusal::Short { .. } | Refusal::NeverWorks(_));
                prop_assert!(named, "{refusal}");
            }
        }
        prop_assert_eq!(before, project);
    }

    #[test]
    fn what_is_proved_is_what_trying_everything_finds(
        project in prop::bool::ANY.prop_flat_map(|calendars| projects(4, calendars)),
    ) {
        let levelled = level(&project, Effort::Evaluations(200), 7);
        if let Some(levelled) = levelled.ok().filter(|levelled| levelled.makespan <= 13) {
            let best = shortest(&project, levelled.makespan).unwrap();
            prop_assert!(levelled.lower_bound <= best, "{levelled:?}, best {best}");
            if levelled.proof != Proof::None {
                prop_assert_eq!(levelled.makespan, best);
            }
        }
    }
}
