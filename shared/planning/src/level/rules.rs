//! Priority rules: which task first.
//!
//! Kolisch (1996) compares them. All give keys of which the smallest goes first.

#![expect(clippy::indexing_slicing, reason = "vectors have one entry per task")]

use super::bounds::Windows;
use super::problem::Problem;

/// The keys of every rule for every task.
pub(super) fn keys(problem: &Problem, windows: &Windows) -> Vec<Vec<i64>> {
    let tasks = 0..problem.tasks();
    let duration = |task: usize| i64::from(problem.duration[task]);
    // Latest start and finish, up to a constant.
    let latest_start = |task: usize| -i64::from(windows.late[task]);
    let latest_finish = |task: usize| latest_start(task) + duration(task);
    let (all_after, work_after) = after(problem);
    vec![
        tasks.clone().map(latest_finish).collect(),
        tasks.clone().map(latest_start).collect(),
        // Most total successors.
        all_after.iter().map(|count| -count).collect(),
        // Greatest rank positional weight: the task and those right after it.
        tasks.clone().map(|task| -duration(task) - work_after[task]).collect(),
        // Least slack.
        tasks.map(|task| latest_start(task) - i64::from(windows.head[task])).collect(),
    ]
}

/// How many tasks come after each one, and how long those right after it take together.
fn after(problem: &Problem) -> (Vec<i64>, Vec<i64>) {
    let count = problem.tasks();
    let mut work = vec![0; count];
    // A bit for each later task; large projects count only those right after.
    let exact = count <= 2_000;
    let width = if exact { count.div_ceil(64) } else { 0 };
    let mut reached = vec![0_u64; width * count];
    let mut direct = vec![0; count];
    for task in problem.order.iter().rev() {
        for arc in problem.arcs_into(*task) {
            let (to, from) = (*task as usize, arc.from as usize);
            work[from] += i64::from(problem.duration[to]);
            direct[from] += 1;
            if exact {
                reached[from * width + to / 64] |= 1 << (to % 64);
                for word in 0..width {
                    reached[from * width + word] |= reached[to * width + word];
                }
            }
        }
    }
    if exact {
        let ones = |words: &[u64]| words.iter().map(|word| i64::from(word.count_ones())).sum();
        direct = (0..count).map(|task| ones(&reached[task * width..][..width])).collect();
    }
    (direct, work)
}
