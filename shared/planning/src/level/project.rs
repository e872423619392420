//! What is levelled: tasks, links, resources and calendars, in whole ticks.

use std::ops::Range;

use thiserror::Error;

/// Limits of one project. They hold memory and time, not meaning: the published instance sets end
/// at 300 tasks, real schedules at some thousand.
pub const MOST_TASKS: usize = 10_000;
pub const MOST_LINKS: usize = 100_000;
pub const MOST_RESOURCES: usize = 64;
/// The latest tick that a figure of the input may name, in the caller's ticks.
pub const LAST_TICK: u32 = 1 << 26;
/// The most of a resource that there can be: 31 bits, as the profile packs four into a word.
pub const MOST_CAPACITY: u32 = (1 << 31) - 1;

/// A project to level. A tick is what the caller says it is: a day, an hour, a minute. Times are
/// divided by their greatest common divisor before any search, so a fine tick costs nothing if
/// the figures are coarse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    pub tasks: Vec<Task>,
    pub links: Vec<Link>,
    pub resources: Vec<Resource>,
    pub calendars: Vec<Calendar>,
}

/// A task: once started it runs through the working ticks of its calendar without a gap.
///
/// It works only when its own calendar and the calendars of all resources it uses do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// Working ticks. Zero is a milestone: it stands at any tick and uses nothing.
    pub duration: u32,
    /// Not before this tick.
    pub earliest: u32,
    /// An index into the project's calendars; without one every tick is worked.
    pub calendar: Option<usize>,
    pub demands: Vec<Demand>,
}

/// So much of a resource in every working tick of the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    pub resource: usize,
    pub amount: u32,
}

/// A minimum distance: the point of `from` plus the lag is not after the point of `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub from: usize,
    pub to: usize,
    pub kind: LinkKind,
    /// Ticks; negative is a lead.
    pub lag: i32,
    /// Whose working ticks the lag counts; without one it counts all.
    pub lag_calendar: Option<usize>,
}

/// Which end of the first task holds which end of the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    FinishToStart,
    StartToStart,
    FinishToFinish,
    StartToFinish,
}

/// A renewable resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What there is from each tick on, first at tick 0, in order of time. The last lasts forever.
    pub capacity: Vec<Step>,
    /// When the resource works. Tasks that use it pause outside.
    pub calendar: Option<usize>,
}

/// A capacity that holds from a tick on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub from: u32,
    pub capacity: u32,
}

/// Working time: the ticks of `shifts` before `until`, and after it the last `cycle` ticks before
/// `until`, over and over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// In order, not overlapping, none beyond `until`.
    pub shifts: Vec<Range<u32>>,
    pub until: u32,
    /// Ticks, at most `until`; must hold some working time.
    pub cycle: u32,
}

/// Why a project cannot be levelled. Indices are those of the project's own lists.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    #[error("too many {what}: {count}, the most is {most}")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("{what} {index} names {target} {named}, which does not exist")]
    Unknown { what: &'static str, index: usize, target: &'static str, named: usize },
    #[error("{what} {index}: {value} is past the limit of {most}")]
    TooLarge { what: &'static str, index: usize, value: u64, most: u64 },
    #[error("calendar {0}: shifts must be in order and before its end, its cycle must hold work")]
    Calendar(usize),
    #[error("resource {0}: capacities must be in order of time and begin at tick 0")]
    Capacity(usize),
    #[error("task {task} needs {amount} of resource {resource}, which ends with {capacity}")]
    Short { task: usize, resource: usize, amount: u32, capacity: u32 },
    #[error("task {0}: its calendar and those of its resources never work together")]
    NeverWorks(usize),
    #[error("the links form a cycle through tasks {0:?}")]
    Cycle(Vec<usize>),
    #[error("the schedule would be longer than {0} ticks after division by the common divisor")]
    TooLong(usize),
    #[error("the schedule found broke a rule: {0}")]
    Broken(super::check::Violation),
}

impl Resource {
    /// A resource of which there is always as much.
    pub fn steady(capacity: u32) -> Self {
        Self { capacity: vec![Step { from: 0, capacity }], calendar: None }
    }
}

impl Link {
    /// Finish to start without lag, the common link.
    pub fn after(from: usize, to: usize) -> Self {
        Self { from, to, kind: LinkKind::FinishToStart, lag: 0, lag_calendar: None }
    }
}

impl Project {
    /// Refuses what has no meaning or no end.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        for (what, count, most) in [
            ("tasks", self.tasks.len(), MOST_TASKS),
            ("links", self.links.len(), MOST_LINKS),
            ("resources", self.resources.len(), MOST_RESOURCES),
            ("calendars", self.calendars.len(), MOST_TASKS),
        ] {
            if count > most {
                return Err(Refusal::TooMany { what, count, most });
            }
        }
        for (index, calendar) in self.calendars.iter().enumerate() {
            check_calendar(index, calendar)?;
        }
        for (index, resource) in self.resources.iter().enumerate() {
            self.check_resource(index, resource)?;
        }
        for (index, task) in self.tasks.iter().enumerate() {
            self.check_task(index, task)?;
        }
        self.links.iter().enumerate().try_for_each(|(index, link)| self.check_link(index, link))
    }

    fn check_resource(&self, index: usize, resource: &Resource) -> Result<(), Refusal> {
        let steps = &resource.capacity;
        let ordered = steps.iter().zip(steps.iter().skip(1)).all(|(a, b)| a.from < b.from);
        if !ordered || steps.first().is_none_or(|step| step.from != 0) {
            return Err(Refusal::Capacity(index));
        }
        for step in steps {
            small("resource", index, step.from.into())?;
            let (value, most) = (u64::from(step.capacity), u64::from(MOST_CAPACITY));
            if value > most {
                return Err(Refusal::TooLarge { what: "resource", index, value, most });
            }
        }
        self.check_named("resource", index, resource.calendar)
    }

    fn check_task(&self, index: usize, task: &Task) -> Result<(), Refusal> {
        small("task", index, task.duration.into())?;
        small("task", index, task.earliest.into())?;
        self.check_named("task", index, task.calendar)?;
        for (at, demand) in task.demands.iter().enumerate() {
            let Some(resource) = self.resources.get(demand.resource) else {
                let named = demand.resource;
                return Err(Refusal::Unknown { what: "task", index, target: "resource", named });
            };
            let same = |other: &&Demand| other.resource == demand.resource;
            let amount: u64 =
                task.demands.iter().filter(same).map(|other| u64::from(other.amount)).sum();
            let first = task.demands.iter().position(|other| other.resource == demand.resource);
            let capacity = resource.capacity.last().map_or(0, |step| step.capacity);
            if task.duration > 0 && first == Some(at) && amount > u64::from(capacity) {
                let amount = u32::try_from(amount).unwrap_or(u32::MAX);
                let resource = demand.resource;
                return Err(Refusal::Short { task: index, resource, amount, capacity });
            }
        }
        Ok(())
    }

    fn check_link(&self, index: usize, link: &Link) -> Result<(), Refusal> {
        small("link", index, link.lag.unsigned_abs().into())?;
        for named in [link.from, link.to] {
            if named >= self.tasks.len() {
                return Err(Refusal::Unknown { what: "link", index, target: "task", named });
            }
        }
        self.check_named("link", index, link.lag_calendar)
    }

    fn check_named(
        &self,
        what: &'static str,
        index: usize,
        calendar: Option<usize>,
    ) -> Result<(), Refusal> {
        match calendar {
            Some(named) if named >= self.calendars.len() => {
                Err(Refusal::Unknown { what, index, target: "calendar", named })
            }
            _ => Ok(()),
        }
    }
}

fn small(what: &'static str, index: usize, value: u64) -> Result<(), Refusal> {
    let most = u64::from(LAST_TICK);
    if value > most { Err(Refusal::TooLarge { what, index, value, most }) } else { Ok(()) }
}

fn check_calendar(index: usize, calendar: &Calendar) -> Result<(), Refusal> {
    small("calendar", index, calendar.until.into())?;
    let mut last = 0;
    for shift in &calendar.shifts {
        if shift.start < last || shift.end <= shift.start || shift.end > calendar.until {
            return Err(Refusal::Calendar(index));
        }
        last = shift.end;
    }
    let tail = calendar.until.checked_sub(calendar.cycle).ok_or(Refusal::Calendar(index))?;
    if last <= tail {
        return Err(Refusal::Calendar(index));
    }
    Ok(())
}
