//! The `.sm` files of PSPLIB: one project, one mode per job, renewable resources.
//!
//! Layout after Kolisch and Sprecher (1997), "PSPLIB, a project scheduling problem library". Jobs
//! are numbered from 1 in the file and from 0 here; the first and last are the source and sink.

mod lines;
mod read;
mod write;

use thiserror::Error;

pub use self::read::read;
pub use self::write::write;
use crate::level::{Demand, Link, Project, Resource, Task};

/// Most bytes of a file; the largest published one has some 20 kB.
pub const MOST_BYTES: usize = 8 << 20;
/// Most jobs and resources, those that can be levelled.
pub const MOST_JOBS: usize = crate::level::MOST_TASKS;
pub const MOST_RESOURCES: usize = crate::level::MOST_RESOURCES;
/// The largest figure of a file.
pub const MOST_FIGURE: u32 = crate::level::LAST_TICK;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The name of the generator's own file, and the seed it began with, as they are written.
    pub basedata: String,
    pub generator_seed: String,
    /// The sum of all durations, by which every schedule can end.
    pub horizon: u32,
    pub information: Information,
    pub jobs: Vec<Job>,
    /// How much there is of each resource.
    pub capacities: Vec<u32>,
}

/// The row of the project. The figures are kept, not used: the makespan is what is minimised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Information {
    pub release: u32,
    pub due: u32,
    pub tardiness_cost: u32,
    /// The length of the critical path.
    pub links_alone: u32,
}

/// One job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    pub duration: u32,
    /// How much it takes of each resource.
    pub requests: Vec<u32>,
    /// The jobs that wait for its end, numbered from 0.
    pub successors: Vec<usize>,
}

/// Where a file is not what it should be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}, {field}: {reason}")]
pub struct Malformed {
    /// Numbered from 1; the line after the last if something is missing.
    pub line: usize,
    pub field: &'static str,
    pub reason: String,
}

impl File {
    /// The project to level. A tick is the file's unit of time.
    pub fn project(&self) -> Project {
        let tasks = self.jobs.iter().map(|job| {
            let used = job.requests.iter().enumerate().filter(|(_, amount)| **amount > 0);
            let demands = used.map(|(resource, amount)| Demand { resource, amount: *amount });
            Task { duration: job.duration, demands: demands.collect(), ..Task::default() }
        });
        let links =
            self.jobs.iter().enumerate().flat_map(|(from, job)| {
                job.successors.iter().map(move |to| Link::after(from, *to))
            });
        Project {
            tasks: tasks.collect(),
            links: links.collect(),
            resources: self.capacities.iter().map(|most| Resource::steady(*most)).collect(),
            calendars: Vec::new(),
        }
    }
}
