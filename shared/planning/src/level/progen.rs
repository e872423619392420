//! Projects like those of the published instance sets, for tests and measurements.
//!
//! After `ProGen` (Kolisch, Sprecher, Drexl 1995), the generator of PSPLIB: network complexity is
//! the mean number of links per task, resource factor the share of resources a task uses,
//! resource strength how much there is between the least that works (0) and what the schedule of
//! the links alone would take (1). The random numbers differ from `ProGen`'s, so do the projects.

#![expect(clippy::indexing_slicing, reason = "tables have one entry per task or resource")]

use super::project::{Demand, Link, Project, Resource, Task};
use super::random::Random;

/// What to generate. The published sets have 4 resources and
/// - 30 and 60 tasks: complexity 150, 180, 210; factor 25, 50, 75, 100; strength 20, 50, 70, 100
/// - 120 tasks: the same complexities and factors; strength 10, 20, 30, 40, 50.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Beside the source and the sink, which come first and last.
    pub tasks: usize,
    pub resources: usize,
    /// Percent.
    pub complexity: usize,
    pub factor: usize,
    pub strength: u32,
}

/// Tasks last 1 to 10 ticks and use 1 to 10 of a resource.
const MOST: u32 = 10;
/// Tasks without a predecessor or without a successor, and most of either of one task.
const ENDS: usize = 3;
const MOST_LINKS_OF_ONE: usize = 3;

/// A project of this shape; the same for the same seed.
pub fn generate(shape: Shape, seed: u64) -> Project {
    let mut random = Random::new(seed);
    let duration: Vec<u32> = (0..shape.tasks + 2)
        .map(|task| if is_inner(task, shape) { 1 + random.below(MOST) } else { 0 })
        .collect();
    let links = links(shape, &mut random);
    let demands = demands(shape, &mut random);
    let resources = (0..shape.resources)
        .map(|resource| {
            let of = |task: usize| demands[task][resource];
            let least = (0..demands.len()).map(of).max().unwrap_or(0);
            let most = peak(&duration, &links, of).max(least);
            Resource::steady(least + (shape.strength * (most - least) + 50) / 100)
        })
        .collect();
    let tasks = duration.iter().zip(&demands).map(|(duration, row)| {
        let used = row.iter().enumerate().filter(|(_, amount)| **amount > 0);
        let demands = used.map(|(resource, amount)| Demand { resource, amount: *amount });
        Task { duration: *duration, demands: demands.collect(), ..Task::default() }
    });
    Project {
        tasks: tasks.collect(),
        links: links.into_iter().map(|(from, to)| Link::after(from, to)).collect(),
        resources,
        calendars: Vec::new(),
    }
}

fn is_inner(task: usize, shape: Shape) -> bool {
    task > 0 && task <= shape.tasks
}

/// Each task gets a predecessor and a successor, then links are added that say something new.
fn links(shape: Shape, random: &mut Random) -> Vec<(usize, usize)> {
    let sink = shape.tasks + 1;
    let ends = ENDS.min(shape.tasks);
    let mut net = Net { after: vec![Vec::new(); sink + 1], before: vec![0; sink + 1] };
    for task in 1..=ends {
        net.add(0, task);
        net.add(sink - task, sink);
    }
    for task in ends + 1..sink {
        let inner = 1..task.min(sink - ends);
        let open = inner.filter(|from| net.after[*from].len() < MOST_LINKS_OF_ONE);
        let open: Vec<usize> = open.collect();
        let from = if open.is_empty() { 0 } else { open[random.index(open.len())] };
        net.add(from, task);
    }
    for task in (1..sink - ends).rev() {
        if net.after[task].is_empty() {
            let first = (task + 1).max(ends + 1);
            let to = first + random.index(sink - first);
            net.add(task, to);
        }
    }
    let wanted = (shape.tasks + 2) * shape.complexity / 100;
    for _ in 0..wanted * 100 {
        if net.after.iter().map(Vec::len).sum::<usize>() >= wanted {
            break;
        }
        let from = 1 + random.index(shape.tasks);
        let to = 1 + random.index(shape.tasks);
        let free = from < to && from < sink - ends && to > ends;
        let short =
            free && net.after[from].len() < MOST_LINKS_OF_ONE && net.before[to] < MOST_LINKS_OF_ONE;
        if short && !net.makes_redundant(from, to) {
            net.add(from, to);
        }
    }
    let all = net.after.into_iter().enumerate();
    all.flat_map(|(from, after)| after.into_iter().map(move |to| (from, to))).collect()
}

struct Net {
    after: Vec<Vec<usize>>,
    before: Vec<usize>,
}

impl Net {
    fn add(&mut self, from: usize, to: usize) {
        if !self.after[from].contains(&to) {
            self.after[from].push(to);
            self.before[to] += 1;
        }
    }

    fn reaches(&self, from: usize, to: usize) -> bool {
        from == to || self.after[from].iter().any(|next| *next <= to && self.reaches(*next, to))
    }

    /// Whether a link is implied by others, or would make another one implied.
    fn makes_redundant(&self, from: usize, to: usize) -> bool {
        self.reaches(from, to)
            || (0..=from).filter(|early| self.reaches(*early, from)).any(|early| {
                self.after[early].iter().any(|late| *late >= to && self.reaches(to, *late))
            })
    }
}

fn demands(shape: Shape, random: &mut Random) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; shape.resources]; shape.tasks + 2];
    let mut cells: Vec<(usize, usize)> =
        (1..=shape.tasks).flat_map(|task| (0..shape.resources).map(move |r| (task, r))).collect();
    // Each task uses one resource at least, as in the published sets.
    for (task, row) in table.iter_mut().enumerate() {
        if is_inner(task, shape) && shape.resources > 0 {
            row[random.index(shape.resources)] = 1 + random.below(MOST);
        }
    }
    let wanted = (cells.len() * shape.factor.min(100) / 100).max(shape.tasks);
    cells.retain(|(task, resource)| table[*task][*resource] == 0);
    for _ in shape.tasks..wanted {
        let (task, resource) = cells.swap_remove(random.index(cells.len()));
        table[task][resource] = 1 + random.below(MOST);
    }
    table
}

/// The most that is used at once if every task starts as early as its links allow.
fn peak(duration: &[u32], links: &[(usize, usize)], of: impl Fn(usize) -> u32) -> u32 {
    let mut start = vec![0; duration.len()];
    let mut sorted = links.to_vec();
    sorted.sort_unstable();
    for (from, to) in sorted {
        start[to] = start[to].max(start[from] + duration[from]);
    }
    let used = |tick: u32| -> u32 {
        let runs = |task: &usize| start[*task] <= tick && tick < start[*task] + duration[*task];
        (0..duration.len()).filter(runs).map(&of).sum()
    };
    start.iter().map(|tick| used(*tick)).max().unwrap_or(0)
}
