//! The anytime search: two populations of activity lists, one of schedules made forward and one
//! of schedules made backward, that breed into each other.
//!
//! After the hybrid genetic algorithm of Valls, Ballestín and Quintanilla (2008) and the
//! bi-population one of Debels and Vanhoucke (2005): a child is decoded the other way than its
//! parents, so improving forward and backward costs nothing extra.
//!
//! The constants are the best of those tried on generated projects of 30, 60 and 120 tasks.

#![expect(clippy::indexing_slicing, reason = "lists hold the numbers of tasks, each once")]

use super::bounds::Windows;
use super::order::topological;
use super::search::{Search, Way};

/// Members of the first population; each restart has half as many again as the one before.
const FIRST_MEMBERS: usize = 40;
/// Tasks of all lists of a population together: 16 MB.
const MOST_LISTED: usize = 1 << 22;
/// Generations without a shorter schedule after which a population is given up.
const PATIENCE: usize = 60;
/// The first lists follow a rule, disturbed by up to so much of the critical path, in percent:
/// more than it is long, as lists that are all alike end the search early.
const NOISE: u64 = 200;
/// How many children of a hundred have their father's order within the window; the others have
/// it outside.
const INSIDE: u32 = 20;
/// Of a thousand neighbours in a list, how many are swapped when parents are equally good.
const SWAPPED: u32 = 40;

#[derive(Clone)]
pub(super) struct Member {
    list: Vec<u32>,
    makespan: u32,
}

/// Schedules by every rule, improved both ways: the instant answer.
pub(super) fn by_rules(search: &mut Search<'_, '_>, keys: &[Vec<i64>]) -> Vec<Member> {
    let mut made = Vec::with_capacity(keys.len());
    for keys in keys {
        let mut list = topological(search.ahead, |task| keys[task as usize]);
        let makespan = search.improve(&mut list);
        made.push(Member { list, makespan });
        if done(search, 1000) {
            break;
        }
    }
    made
}

/// Breeds, at first with the members `made`, until the share of the effort is spent or nothing shorter is possible.
pub(super) fn breed(
    search: &mut Search<'_, '_>,
    windows: &Windows,
    keys: &[Vec<i64>],
    mut made: Vec<Member>,
    thousandths: u32,
) {
    let mut size = FIRST_MEMBERS;
    let spread = u64::from(windows.critical) * NOISE / 100 + 1;
    let spread = u32::try_from(spread).unwrap_or(u32::MAX);
    let most = (MOST_LISTED / search.ahead.tasks().max(1)).max(FIRST_MEMBERS);
    while !done(search, thousandths) {
        let mut population = std::mem::take(&mut made);
        while population.len() < size && !done(search, thousandths) {
            population.push(newcomer(search, &keys[..2], spread));
        }
        live(search, population, thousandths);
        size = (size + size / 2).min(most);
    }
}

fn done(search: &Search<'_, '_>, thousandths: u32) -> bool {
    search.best.is_proved() || search.best.meter.is_spent(thousandths)
}

/// A list that follows latest starts or finishes, more or less.
fn newcomer(search: &mut Search<'_, '_>, rules: &[Vec<i64>], spread: u32) -> Member {
    let keys = &rules[search.random.index(rules.len())];
    let disturbed: Vec<i64> =
        keys.iter().map(|key| key + i64::from(search.random.below(spread))).collect();
    let mut list = topological(search.ahead, |task| disturbed[task as usize]);
    let makespan = search.evaluate(&mut list, Way::Forward, u32::MAX);
    Member { list, makespan }
}

/// Generations, each made the other way than the one before. A child takes its father's place in
/// the population of its own direction if it is not worse than who is there.
fn live(search: &mut Search<'_, '_>, mut parents: Vec<Member>, thousandths: u32) {
    let mut others: Vec<Member> = Vec::with_capacity(parents.len());
    let mut way = Way::Backward;
    let (mut best, mut quiet) = (u32::MAX, 0);
    while quiet < PATIENCE {
        for place in 0..parents.len() {
            if done(search, thousandths) {
                return;
            }
            let most = others.get(place).map_or(u32::MAX, |member| member.makespan);
            let child = child(search, &parents, place, way, most);
            match others.get_mut(place) {
                Some(member) if child.makespan <= member.makespan => *member = child,
                Some(_) => {}
                None => others.push(child),
            }
        }
        std::mem::swap(&mut parents, &mut others);
        way = way.other();
        let now = parents.iter().map(|member| member.makespan).min().unwrap_or(u32::MAX);
        quiet = if now < best { 0 } else { quiet + 1 };
        best = best.min(now);
    }
}

/// The child of the parent at a place and of the better of two others.
fn child(
    search: &mut Search<'_, '_>,
    parents: &[Member],
    place: usize,
    way: Way,
    most: u32,
) -> Member {
    let father = &parents[place];
    let one = &parents[search.random.index(parents.len())];
    let two = &parents[search.random.index(parents.len())];
    let mother = if one.makespan <= two.makespan { one } else { two };
    let count = father.list.len();
    let length = count / 4 + search.random.index(count / 2 + 1);
    let from = search.random.index(count - length + 1);
    let window = from..from + length;
    let inside = search.random.below(100) < INSIDE;
    let mut list = cross(&father.list, &mother.list, &window, inside);
    if father.makespan == mother.makespan {
        swap(search, &mut list);
    }
    let makespan = search.evaluate(&mut list, way, most);
    Member { list, makespan }
}

/// The tasks before, in and after the window stay there. They keep father's order in the window
/// (`inside`) or outside, and take mother's elsewhere. If both keep the links, so does the child.
fn cross(
    father: &[u32],
    mother: &[u32],
    window: &std::ops::Range<usize>,
    inside: bool,
) -> Vec<u32> {
    let mut part = vec![0_u8; father.len()];
    for (place, task) in father.iter().enumerate().skip(window.start) {
        part[*task as usize] = if place < window.end { 1 } else { 2 };
    }
    let mut next = [0, window.start, window.end];
    let mut child = father.to_vec();
    for task in mother {
        let part = part[*task as usize];
        if (part == 1) != inside {
            let place = &mut next[part as usize];
            child[*place] = *task;
            *place += 1;
        }
    }
    child
}

/// Swaps neighbours here and there, where no link holds them.
fn swap(search: &mut Search<'_, '_>, list: &mut [u32]) {
    for place in 1..list.len() {
        if search.random.below(1000) < SWAPPED {
            let (before, after) = (list[place - 1], list[place]);
            if search.ahead.arcs_into(after).iter().all(|arc| arc.from != before) {
                list.swap(place - 1, place);
            }
        }
    }
}
