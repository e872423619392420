//! What is free of every resource at every tick, several resources to a word.
//!
//! A lane holds what is free, with its top bit always set. Taking a demand away leaves that bit
//! where it was exactly if there was enough, so one subtraction asks for all lanes. Four lanes of
//! 16 bits make a word if all there is fits into 15, and two of 32 if not.

#![expect(clippy::indexing_slicing, reason = "ticks are below the length that `reserve` made")]

use super::calendar::gcd;
use super::problem::MOST_WORDS;
use super::project::Project;

pub(super) type Word = u64;

/// How resources share words.
#[derive(Clone, Copy, Debug)]
struct Lanes {
    /// Of one lane.
    bits: usize,
    /// The top bit of each lane.
    guard: Word,
}

impl Lanes {
    const NARROW: Self = Self { bits: 16, guard: 0x8000_8000_8000_8000 };
    const WIDE: Self = Self { bits: 32, guard: 0x8000_0000_8000_0000 };

    fn in_word(self) -> usize {
        64 / self.bits
    }

    fn put(self, amount: u32, resource: usize) -> Word {
        Word::from(amount) << (resource % self.in_word() * self.bits)
    }

    fn get(self, words: &[Word], resource: usize) -> u32 {
        let word = words[resource / self.in_word()] >> (resource % self.in_word() * self.bits);
        u32::try_from(word & ((1 << (self.bits - 1)) - 1)).unwrap_or(0)
    }
}

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
    lanes: Lanes,
}

impl Profile {
    /// `None` if the changes of capacity reach too far for the memory there is.
    pub(super) fn new(project: &Project, unit: u32) -> Option<Self> {
        let resources = project.resources.len();
        let shares = shares(project);
        let most = project.resources.iter().zip(&shares).flat_map(|(resource, share)| {
            resource.capacity.iter().map(move |step| step.capacity / share)
        });
        let lanes = if most.max() < Some(1 << 15) { Lanes::NARROW } else { Lanes::WIDE };
        let words = resources.div_ceil(lanes.in_word()).max(1);
        let mut demands = vec![0; words * project.tasks.len()];
        for (task, words) in project.tasks.iter().zip(demands.chunks_mut(words)) {
            for demand in task.demands.iter().filter(|_| task.duration > 0) {
                let (resource, share) = (demand.resource, shares[demand.resource]);
                words[resource / lanes.in_word()] += lanes.put(demand.amount / share, resource);
            }
        }
        let steps = || project.resources.iter().flat_map(|resource| &resource.capacity);
        let last = steps().map(|step| step.from / unit).max().unwrap_or(0) as usize;
        if words * last > MOST_WORDS {
            return None;
        }
        let mut early = vec![lanes.guard; words * last];
        let mut late = vec![lanes.guard; words];
        for (number, resource) in project.resources.iter().enumerate() {
            let ends = resource.capacity.iter().skip(1).map(|step| (step.from / unit) as usize);
            for (step, end) in resource.capacity.iter().zip(ends.chain([last])) {
                for tick in (step.from / unit) as usize..end {
                    early[tick * words + number / lanes.in_word()] +=
                        lanes.put(step.capacity / shares[number], number);
                }
            }
            let finally = resource.capacity.last().map_or(0, |step| step.capacity);
            late[number / lanes.in_word()] += lanes.put(finally / shares[number], number);
        }
        Some(Self { words, early, late, demands, resources, lanes })
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

    /// The bits that stay when a demand fits.
    pub(super) fn guard(&self) -> Word {
        self.lanes.guard
    }

    /// How much of a resource a task takes, in shares of it.
    pub(super) fn amount(&self, task: u32, resource: usize) -> u32 {
        self.lanes.get(self.demand(task), resource)
    }

    /// How much of a resource there is at a tick, in the same shares.
    pub(super) fn capacity(&self, tick: usize, resource: usize) -> u32 {
        let words = self.early.get(tick * self.words..).filter(|left| !left.is_empty());
        self.lanes.get(words.unwrap_or(&self.late), resource)
    }

    pub(super) fn mirrored(&self, horizon: u32) -> Self {
        if self.is_steady() {
            return self.clone();
        }
        let mut most = self.late.clone();
        for resource in 0..self.resources {
            let all = (0..=self.early_ticks()).map(|tick| self.capacity(tick, resource));
            let (all, lanes) = (all.max().unwrap_or(0), self.lanes);
            let finally = lanes.get(&most, resource);
            most[resource / lanes.in_word()] += lanes.put(all - finally, resource);
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
pub(super) fn fits(free: &[Word], demand: &[Word], guard: Word) -> bool {
    free.iter().zip(demand).all(|(free, demand)| fits_one(*free, *demand, guard))
}

pub(super) fn fits_one(free: Word, demand: Word, guard: Word) -> bool {
    (free - demand) & guard == guard
}

/// The greatest common divisor of what tasks take of each resource: amounts are counted in it,
/// and what there is beyond its multiples is of no use to anybody.
fn shares(project: &Project) -> Vec<u32> {
    let mut shares = vec![0; project.resources.len()];
    for task in &project.tasks {
        for demand in &task.demands {
            shares[demand.resource] = gcd(demand.amount, shares[demand.resource]);
        }
    }
    shares.into_iter().map(|share| share.max(1)).collect()
}
