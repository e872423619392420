//! Orders of tasks that keep the links.

#![expect(clippy::indexing_slicing, reason = "lists hold the numbers of tasks, each once")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::calendar::index;
use super::problem::Problem;

/// The topological order that takes the smallest key first among what may be taken. Tasks on or
/// behind a cycle are left out.
pub(super) fn topological<K: Ord>(problem: &Problem, key: impl Fn(u32) -> K) -> Vec<u32> {
    let count = problem.tasks();
    let mut waits = vec![0_u32; count];
    let mut after: Vec<Vec<u32>> = vec![Vec::new(); count];
    for task in 0..index(count) {
        for arc in problem.arcs_into(task) {
            waits[task as usize] += 1;
            after[arc.from as usize].push(task);
        }
    }
    let free = (0..index(count)).filter(|task| waits[*task as usize] == 0);
    let mut heap: BinaryHeap<Reverse<(K, u32)>> =
        free.map(|task| Reverse((key(task), task))).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse((_, task))) = heap.pop() {
        order.push(task);
        for next in &after[task as usize] {
            waits[*next as usize] -= 1;
            if waits[*next as usize] == 0 {
                heap.push(Reverse((key(*next), *next)));
            }
        }
    }
    order
}

/// Sorts a list that keeps the links by start; equal starts stay as they were. The answer keeps
/// the links too.
pub(super) fn by_start(problem: &Problem, list: &mut [u32], starts: &[u32], keys: &mut Vec<u64>) {
    if !problem.sorted_by_start {
        let sorted = topological(problem, |task| starts[task as usize]);
        list.copy_from_slice(&sorted);
        return;
    }
    keys.clear();
    let keyed = (0_u64..).zip(list.iter());
    keys.extend(keyed.map(|(place, task)| (u64::from(starts[*task as usize]) << 32) | place));
    keys.sort_unstable();
    let before = list.to_vec();
    for (place, key) in list.iter_mut().zip(keys.iter()) {
        *place = before[(*key & 0xffff_ffff) as usize];
    }
}
