//! The anytime search: two populations of activity lists, one of schedules made forward and one
//! of schedules made backward, that breed into each other.
//!
//! After the hybrid genetic algorithm of Valls, Ballestín and Quintanilla (2008) and the
//! bi-population one of Debels and Vanhoucke (2005): a child is decoded the other way than its
//! parents, so improving forward and backward costs nothing extra.

#![expect(clippy::indexing_slicing, reason = "lists hold the numbers of tasks, each once")]

use super::bounds::Windows;
use super::order::topological;
use super::rules;
use super::search::{Search, Way};

pub struct Tune {
    pub first: usize,
    pub grow: usize, // percent
    pub patience: usize,
    pub mutate: u32, // per mille
    pub noise: u32,
    pub peak: u32,
    pub mode: u32,
}

pub fn tune() -> Tune {
    let get = |name: &str, default: u32| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    Tune {
        first: get("T_FIRST", 30) as usize,
        grow: get("T_GROW", 150) as usize,
        patience: get("T_PAT", 15) as usize,
        mutate: get("T_MUT", 20),
        noise: get("T_NOISE", 3),
        peak: get("T_PEAK", 50),
        mode: get("T_MODE", 0),
    }
}

#[derive(Clone)]
struct Member {
    list: Vec<u32>,
    makespan: u32,
}

/// Schedules by every rule, improved both ways: the instant answer.
pub(super) fn by_rules(search: &mut Search<'_, '_>, windows: &Windows, thousandths: u32) {
    for keys in rules::keys(search.ahead, windows) {
        let mut list = topological(search.ahead, |task| keys[task as usize]);
        search.improve(&mut list);
        if search.best.is_proved() || search.best.meter.is_spent(thousandths) {
            return;
        }
    }
}

/// Breeds until the share of the effort is spent or nothing shorter is possible.
pub(super) fn breed(search: &mut Search<'_, '_>, windows: &Windows, thousandths: u32) {
    let t = tune();
    let mut size = t.first;
    while !done(search, thousandths) {
        let mut population = start(search, windows, size, &t, thousandths);
        let mut best = u32::MAX;
        let mut quiet = 0;
        let mut way = Way::Backward;
        let mut other: Vec<Member> = Vec::new();
        while quiet < t.patience * 2 && !done(search, thousandths) {
            let first = other.is_empty();
            for place in 0..population.len() {
                if done(search, thousandths) {
                    return;
                }
                let child = child(search, &population, place, way, &t);
                if first {
                    other.push(child);
                } else if child.makespan <= other[place].makespan {
                    other[place] = child;
                } else if t.mode & 1 == 1 {
                    // worst of two random
                    let a = search.random.index(other.len());
                    let b = search.random.index(other.len());
                    let worst = if other[a].makespan > other[b].makespan { a } else { b };
                    if child.makespan <= other[worst].makespan {
                        other[worst] = child;
                    }
                }
            }
            std::mem::swap(&mut population, &mut other);
            way = match way {
                Way::Forward => Way::Backward,
                Way::Backward => Way::Forward,
            };
            let now = population.iter().map(|member| member.makespan).min().unwrap_or(u32::MAX);
            if now < best {
                best = now;
                quiet = 0;
            } else {
                quiet += 1;
            }
        }
        size = size * t.grow / 100;
    }
}

fn done(search: &Search<'_, '_>, thousandths: u32) -> bool {
    search.best.is_proved() || search.best.meter.is_spent(thousandths)
}

fn start(
    search: &mut Search<'_, '_>,
    windows: &Windows,
    size: usize,
    t: &Tune,
    thousandths: u32,
) -> Vec<Member> {
    let rules = rules::keys(search.ahead, windows);
    let spread = windows.critical / t.noise.max(1) + 1;
    let mut population = Vec::with_capacity(size);
    while population.len() < size {
        let keys = &rules[search.random.index(2)];
        let noise: Vec<i64> =
            keys.iter().map(|key| key + i64::from(search.random.below(spread))).collect();
        let mut list = topological(search.ahead, |task| noise[task as usize]);
        let makespan = search.evaluate(&mut list, Way::Forward);
        population.push(Member { list, makespan });
        if done(search, thousandths) {
            break;
        }
    }
    population
}

fn child(
    search: &mut Search<'_, '_>,
    parents: &[Member],
    place: usize,
    way: Way,
    t: &Tune,
) -> Member {
    let father = &parents[place];
    let (a, b) = (search.random.index(parents.len()), search.random.index(parents.len()));
    let mother = if parents[a].makespan <= parents[b].makespan { a } else { b };
    let mother = &parents[mother];
    let count = father.list.len();
    let length = count / 4 + search.random.index(count / 2 + 1);
    let from = search.random.index(count - length + 1);
    let to = from + length;
    let mut list = if search.random.below(100) < t.peak {
        keep_inside(&father.list, &mother.list, from, to)
    } else {
        keep_outside(&father.list, &mother.list, from, to)
    };
    if father.makespan == mother.makespan && t.mutate > 0 {
        mutate(search, &mut list, t.mutate, way);
    }
    let makespan = search.evaluate(&mut list, way);
    Member { list, makespan }
}

/// Father's tasks stay in the window, what is before and after is in mother's order.
fn keep_inside(father: &[u32], mother: &[u32], from: usize, to: usize) -> Vec<u32> {
    let mut class = vec![0_u8; father.len()];
    for task in &father[from..to] {
        class[*task as usize] = 1;
    }
    for task in &father[to..] {
        class[*task as usize] = 2;
    }
    let mut child = father.to_vec();
    let (mut early, mut late) = (0, to);
    for task in mother {
        match class[*task as usize] {
            0 => {
                child[early] = *task;
                early += 1;
            }
            2 => {
                child[late] = *task;
                late += 1;
            }
            _ => {}
        }
    }
    child
}

/// Father's tasks stay outside the window, those inside are in mother's order.
fn keep_outside(father: &[u32], mother: &[u32], from: usize, to: usize) -> Vec<u32> {
    let mut inside = vec![false; father.len()];
    for task in &father[from..to] {
        inside[*task as usize] = true;
    }
    let mut child = father.to_vec();
    let mut at = from;
    for task in mother.iter().filter(|task| inside[**task as usize]) {
        child[at] = *task;
        at += 1;
    }
    child
}

/// Swaps neighbours that no link holds apart.
fn mutate(search: &mut Search<'_, '_>, list: &mut [u32], per_mille: u32, _way: Way) {
    for place in 1..list.len() {
        if search.random.below(1000) < per_mille {
            let (before, after) = (list[place - 1], list[place]);
            if search.ahead.arcs_into(after).iter().all(|arc| arc.from != before) {
                list.swap(place - 1, place);
            }
        }
    }
}
