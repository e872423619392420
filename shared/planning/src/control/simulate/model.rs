//! A specification, checked against its plan and ready to be drawn from.

use std::collections::{HashMap, HashSet};

use super::distribution::{Distribution, Sampler};
use super::random::{Purpose, Sequence};
use super::shape::Logarithms;
use super::spec::{ITERATIONS, MOST_LINES, MOST_STEPS, Spec, SpecError, Timing};
use crate::network::{Activity, Kind, Network};

/// What is drawn in each iteration.
pub(super) struct Model {
    pub(super) groups: Vec<Sequence>,
    pub(super) durations: Vec<DurationModel>,
    pub(super) events: Vec<EventModel>,
    pub(super) costs: Vec<CostModel>,
}

/// What remains of one activity: drawn or planned, and longer by what happens.
pub(super) struct DurationModel {
    pub(super) activity: usize,
    pub(super) planned: i64,
    pub(super) drawn: Option<Variable>,
    /// Places of events that delay it.
    pub(super) events: Vec<usize>,
}

pub(super) struct EventModel {
    pub(super) probability: f64,
    pub(super) occurrence: Sequence,
    pub(super) delay: Option<Variable>,
    pub(super) cost: Option<Variable>,
}

pub(super) struct CostModel {
    pub(super) quantity: Variable,
    pub(super) rate: Variable,
    /// `quantity * rate` if all turns out as is most likely.
    pub(super) likely: f64,
    pub(super) days: Days,
}

/// How many times a cost counts.
pub(super) enum Days {
    Once,
    OfProject,
    /// Place of the activity, and the working minutes of its day.
    OfActivity(usize, f64),
}

/// A distribution with its own random numbers, alone or in a group.
pub(super) struct Variable {
    sampler: Sampler,
    sequence: Sequence,
    group: Option<Shared>,
}

/// The part that a group has in one of its members.
#[derive(Clone, Copy)]
struct Shared {
    group: usize,
    common: f64,
    own: f64,
}

impl Variable {
    /// The value in an iteration, given the deviates of the groups in it.
    pub(super) fn value(&self, iteration: u32, groups: &[f64]) -> f64 {
        match self.group {
            None => self.sampler.draw(self.sequence, iteration),
            Some(shared) => {
                let common = groups.get(shared.group).copied().unwrap_or_default();
                let own = self.sequence.normal(iteration);
                self.sampler.at_normal(shared.common * common + shared.own * own)
            }
        }
    }
}

/// What is needed while a model is made.
struct Maker<'a> {
    spec: &'a Spec,
    network: &'a Network,
    places: HashMap<&'a str, usize>,
    logarithms: Logarithms,
    of_activity: HashMap<&'a str, Shared>,
    of_cost: HashMap<&'a str, Shared>,
}

impl Model {
    pub(super) fn new(network: &Network, spec: &Spec) -> Result<Self, SpecError> {
        check_size(network, spec)?;
        let activities = &network.plan().activities;
        let can_vary = |one: &Activity| one.kind == Kind::Task && one.actual_finish.is_none();
        let mut maker = Maker {
            spec,
            network,
            places: (0..)
                .zip(activities)
                .filter(|(_, one)| can_vary(one))
                .map(|(n, one)| (one.id.as_str(), n))
                .collect(),
            logarithms: Logarithms::new(),
            of_activity: HashMap::new(),
            of_cost: HashMap::new(),
        };
        maker.read_groups()?;
        let sequence = |name: &str| Sequence::new(spec.seed, Purpose::Group, name);
        Ok(Self {
            groups: spec.groups.iter().map(|group| sequence(&group.name)).collect(),
            durations: maker.durations()?,
            events: maker.events()?,
            costs: maker.costs()?,
        })
    }
}

fn check_size(network: &Network, spec: &Spec) -> Result<(), SpecError> {
    if !ITERATIONS.contains(&spec.iterations) {
        return Err(SpecError::Iterations(spec.iterations));
    }
    for (list, length) in [
        ("durations", spec.durations.len()),
        ("groups", spec.groups.len()),
        ("events", spec.events.len()),
        ("costs", spec.costs.len()),
    ] {
        if length > MOST_LINES {
            return Err(SpecError::TooMany { list });
        }
    }
    let delayed: usize = spec.events.iter().map(|event| event.activities.len()).sum();
    let plan = network.plan();
    let lines = [plan.activities.len(), plan.links.len(), spec.costs.len(), delayed];
    let steps = u64::from(spec.iterations) * lines.iter().map(|n| *n as u64).sum::<u64>();
    if steps > MOST_STEPS {
        return Err(SpecError::TooMuch { steps });
    }
    Ok(())
}

impl Maker<'_> {
    fn read_groups(&mut self) -> Result<(), SpecError> {
        let mut names = HashSet::new();
        let costs: HashSet<&str> = self.spec.costs.iter().map(|cost| cost.id.as_str()).collect();
        for (place, group) in self.spec.groups.iter().enumerate() {
            if !names.insert(group.name.as_str()) {
                return Err(SpecError::Twice(group.name.clone()));
            }
            let rho = share(&group.name, group.correlation)?;
            let shared = Shared { group: place, common: rho.sqrt(), own: (1.0 - rho).sqrt() };
            for id in &group.activities {
                self.place(id)?;
                if self.of_activity.insert(id, shared).is_some() {
                    return Err(SpecError::Twice(id.clone()));
                }
            }
            for id in &group.costs {
                if !costs.contains(id.as_str()) {
                    return Err(SpecError::UnknownCost(id.clone()));
                }
                if self.of_cost.insert(id, shared).is_some() {
                    return Err(SpecError::Twice(id.clone()));
                }
            }
        }
        Ok(())
    }

    /// In the order of the plan's activities, those only that may differ from the plan.
    fn durations(&self) -> Result<Vec<DurationModel>, SpecError> {
        let mut drawn: HashMap<usize, Distribution> = HashMap::new();
        for uncertain in &self.spec.durations {
            let place = self.place(&uncertain.activity)?;
            if drawn.insert(place, uncertain.remaining).is_some() {
                return Err(SpecError::Twice(uncertain.activity.clone()));
            }
        }
        let mut delayed: HashMap<usize, Vec<usize>> = HashMap::new();
        for (event, line) in self.spec.events.iter().enumerate() {
            for id in &line.activities {
                delayed.entry(self.place(id)?).or_default().push(event);
            }
        }
        let mut models = Vec::new();
        for (activity, one) in self.network.plan().activities.iter().enumerate() {
            if !self.places.contains_key(one.id.as_str()) {
                continue;
            }
            let planned = one.remaining_minutes();
            let distribution = drawn
                .get(&activity)
                .copied()
                .map_or_else(|| self.by_default(planned), |distribution| Ok(Some(distribution)))?;
            let events = delayed.remove(&activity).unwrap_or_default();
            if distribution.is_none() && events.is_empty() {
                continue;
            }
            let group = self.of_activity.get(one.id.as_str()).copied();
            let drawn = distribution
                .map(|of| self.variable(Purpose::Duration, &one.id, &of, group))
                .transpose()?;
            models.push(DurationModel { activity, planned, drawn, events });
        }
        Ok(models)
    }

    fn by_default(&self, planned: i64) -> Result<Option<Distribution>, SpecError> {
        let Some(others) = self.spec.others.filter(|_| planned > 0) else { return Ok(None) };
        if !(0.0..=1.0).contains(&others.min_share) || !(1.0..=100.0).contains(&others.max_share) {
            return Err(SpecError::Others);
        }
        let mode = super::float(planned);
        let (min, max) = (mode * others.min_share, mode * others.max_share);
        Ok(Some(Distribution::BetaPert { min, mode, max }))
    }

    fn events(&self) -> Result<Vec<EventModel>, SpecError> {
        let mut ids = HashSet::new();
        let model = |event: &super::spec::Event| {
            let variable = |purpose, of: &Option<Distribution>| {
                of.as_ref().map(|of| self.variable(purpose, &event.id, of, None)).transpose()
            };
            Ok(EventModel {
                probability: share(&event.id, event.probability)?,
                occurrence: Sequence::new(self.spec.seed, Purpose::Occurrence, &event.id),
                delay: variable(Purpose::Delay, &event.delay)?,
                cost: variable(Purpose::Impact, &event.cost)?,
            })
        };
        let events = self.spec.events.iter();
        if let Some(twice) = events.clone().find(|event| !ids.insert(event.id.as_str())) {
            return Err(SpecError::Twice(twice.id.clone()));
        }
        events.map(model).collect()
    }

    fn costs(&self) -> Result<Vec<CostModel>, SpecError> {
        let mut ids = HashSet::new();
        let mut models = Vec::with_capacity(self.spec.costs.len());
        for line in &self.spec.costs {
            if !ids.insert(line.id.as_str()) {
                return Err(SpecError::Twice(line.id.clone()));
            }
            let group = self.of_cost.get(line.id.as_str()).copied();
            models.push(CostModel {
                quantity: self.variable(Purpose::Quantity, &line.id, &line.quantity, None)?,
                rate: self.variable(Purpose::Rate, &line.id, &line.rate, group)?,
                likely: line.quantity.likely() * line.rate.likely(),
                days: match &line.timing {
                    Timing::Once => Days::Once,
                    Timing::ProjectDay => Days::OfProject,
                    Timing::ActivityDay(id) => {
                        let place = self.place(id)?;
                        Days::OfActivity(place, self.day_minutes(place))
                    }
                },
            });
        }
        Ok(models)
    }

    fn variable(
        &self,
        purpose: Purpose,
        id: &str,
        distribution: &Distribution,
        group: Option<Shared>,
    ) -> Result<Variable, SpecError> {
        distribution
            .check()
            .map_err(|error| SpecError::Distribution { id: id.to_owned(), error })?;
        Ok(Variable {
            sampler: Sampler::new(distribution, &self.logarithms),
            sequence: Sequence::new(self.spec.seed, purpose, id),
            group,
        })
    }

    fn place(&self, id: &str) -> Result<usize, SpecError> {
        self.places.get(id).copied().ok_or_else(|| SpecError::UnknownActivity(id.to_owned()))
    }

    fn day_minutes(&self, activity: usize) -> f64 {
        let plan = self.network.plan();
        let calendar = plan.activities.get(activity).map(|one| one.calendar);
        super::day_minutes(calendar.and_then(|calendar| plan.calendars.get(calendar)))
    }
}

fn share(id: &str, number: f64) -> Result<f64, SpecError> {
    if (0.0..=1.0).contains(&number) {
        return Ok(number);
    }
    Err(SpecError::Share { id: id.to_owned(), number: number.to_string() })
}
