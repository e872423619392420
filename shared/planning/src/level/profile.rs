//! What is free of every resource at every tick, four resources to a word.
//!
//! A lane of 32 bits holds what is free, with its top bit always set. Taking a demand away leaves
//! that bit where it was exactly if there was enough, so one subtraction asks four questions.

#![expect(clippy::indexing_slicing, reason = "ticks are below the length that `reserve` made")]

use super::problem::MOST_WORDS;
use super::project::Project;

/// Four lanes.
pub(super) type Word = u128;

const LANES: usize = 4;
const GUARD: Word = 0x8000_0000_8000_0000_8000_0000_8000_0000;

/// Capacities over time and the demands of the tasks.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// Words per tick.
    pub(super) words: usize,
    /// What there is at each tick before the last change, guards set.
    early: Vec<Word>,
    /// What there is from then on.
    late: Vec<Word>,
    demands: Vec<Word>,
    resources: usize,
}

impl Profile {
    /// `None` if the changes of capacity reach too far for the memory there is.
    pub(super) fn new(project: &Project, unit: u32) -> Option<Self> {
        let resources = project.resources.len();
        let words = resources.div_ceil(LANES).max(1);
        let mut demands = vec![0; words * project.tasks.len()];
        for (task, lanes) in project.tasks.iter().zip(demands.chunks_mut(words)) {
            for demand in task.demands.iter().filter(|_| task.duration > 0) {
                lanes[demand.resource / LANES] += lane(demand.amount, demand.resource);
            }
        }
        let steps = || project.resources.iter().flat_map(|resource| &resource.capacity);
        let last = steps().map(|step| step.from / unit).max().unwrap_or(0) as usize;
        if words * last > MOST_WORDS {
            return None;
        }
        let mut early = vec![GUARD; words * last];
        let mut late = vec![GUARD; words];
        for (number, resource) in project.resources.iter().enumerate() {
            let ends = resource.capacity.iter().skip(1).map(|step| (step.from / unit) as usize);
            for (step, end) in resource.capacity.iter().zip(ends.chain([last])) {
                for tick in (step.from / unit) as usize..end {
                    early[tick * words + number / LANES] += lane(step.capacity, number);
                }
            }
            let finally = resource.capacity.last().map_or(0, |step| step.capacity);
            late[number / LANES] += lane(finally, number);
        }
        Some(Self { words, early, late, demands, resources })
    }

    /// As if nobody used anything, so that capacities do not matter.
    pub(super) fn unused(&self) -> Self {
        let (early, late) = (Vec::new(), self.late.clone());
        Self { early, late, demands: vec![0; self.demands.len()], ..*self }
    }

    pub(super) fn resources(&self) -> usize {
        self.resources
    }

    pub(super) fn is_steady(&self) -> bool {
        self.early.is_empty()
    }

    /// Ticks before the last change of a capacity.
    pub(super) fn early_ticks(&self) -> usize {
        self.early.len() / self.words
    }

    pub(super) fn demand(&self, task: u32) -> &[Word] {
        &self.demands[task as usize * self.words..][..self.words]
    }

    /// How much of a resource a task takes.
    pub(super) fn amount(&self, task: u32, resource: usize) -> u32 {
        unlane(self.demand(task)[resource / LANES], resource)
    }

    /// How much of a resource there is at a tick.
    pub(super) fn capacity(&self, tick: usize, resource: usize) -> u32 {
        let words = self.early.get(tick * self.words..).filter(|left| !left.is_empty());
        unlane(words.unwrap_or(&self.late)[resource / LANES], resource)
    }

    pub(super) fn mirrored(&self, horizon: u32) -> Self {
        if self.is_steady() {
            return self.clone();
        }
        let mut most = self.late.clone();
        for resource in 0..self.resources {
            let all = (0..=self.early_ticks()).map(|tick| self.capacity(tick, resource));
            let word = &mut most[resource / LANES];
            *word -= lane(unlane(*word, resource), resource);
            *word += lane(all.max().unwrap_or(0), resource);
        }
        let mut early = Vec::with_capacity(horizon as usize * self.words);
        for tick in (0..horizon as usize).rev() {
            let words = self.early.get(tick * self.words..(tick + 1) * self.words);
            early.extend_from_slice(words.unwrap_or(&self.late));
        }
        Self { early, late: most, ..self.clone() }
    }

    /// Fills what is free from tick `from` to tick `to` as if nothing were placed.
    pub(super) fn fill(&self, free: &mut [Word], from: usize, to: usize) {
        let early = self.early_ticks().clamp(from, to);
        let (base, rest) =
            free[from * self.words..to * self.words].split_at_mut((early - from) * self.words);
        base.copy_from_slice(
            &self.early[from.min(self.early_ticks()) * self.words..][..base.len()],
        );
        match self.late[..] {
            [only] => rest.fill(only),
            _ => rest.chunks_mut(self.words).for_each(|tick| tick.copy_from_slice(&self.late)),
        }
    }
}

/// Whether a demand fits into what is free.
pub(super) fn fits(free: &[Word], demand: &[Word]) -> bool {
    free.iter().zip(demand).all(|(free, demand)| (free - demand) & GUARD == GUARD)
}

pub(super) fn fits_one(free: Word, demand: Word) -> bool {
    (free - demand) & GUARD == GUARD
}

fn lane(amount: u32, resource: usize) -> Word {
    Word::from(amount) << (resource % LANES * 32)
}

fn unlane(word: Word, resource: usize) -> u32 {
    let lane = (word >> (resource % LANES * 32)) & 0x7fff_ffff;
    u32::try_from(lane).unwrap_or(0)
}
