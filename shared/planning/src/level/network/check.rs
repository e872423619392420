//! The checker of levelled networks: links, durations and capacities, read from the plan itself.
//!
//! Invariant: it shares no code with the passes or with what keeps the room. It counts working
//! time by the calendars, and adds up who uses what as events.

use std::collections::{BTreeMap, HashSet};

use super::Overdrawn;
use crate::calendar::{Calendar, Moment};
use crate::network::{
    Activity, Dates, Kind, LagCalendar, Link, LinkKind, Network, Plan, ProgressRule, Rule, Schedule,
};

/// The first rule that a schedule breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("activity {0} does not last as long as its work")]
    Duration(String),
    #[error("activity {0} starts before it may")]
    TooEarly(String),
    #[error("the link from {from} to {to} is broken")]
    Link { from: String, to: String },
    #[error("resource {resource} is overdrawn at {at}")]
    Overdrawn { resource: String, at: Moment },
}

/// Proves that what is left to do keeps links, durations, earliest dates and capacities.
pub(super) fn check(
    network: &Network,
    schedule: &Schedule,
    overdrawn: &[Overdrawn],
) -> Result<(), Broken> {
    let plan = network.plan();
    for (activity, dates) in plan.activities.iter().zip(&schedule.dates) {
        check_activity(plan, activity, dates)?;
    }
    for link in &plan.links {
        let ends = [link.predecessor, link.successor]
            .map(|n| plan.activities.get(n).zip(schedule.dates.get(n)));
        let [Some(from), Some(to)] = ends else { continue };
        if is_open(from.0)
            && is_open(to.0)
            && !gives_way(plan, to.0)
            && !holds(plan, link, from, to)
        {
            let (from, to) = (from.0.id.clone(), to.0.id.clone());
            return Err(Broken::Link { from, to });
        }
    }
    check_resources(plan, schedule, overdrawn)
}

fn is_open(activity: &Activity) -> bool {
    activity.kind.is_scheduled() && activity.actual_start.is_none()
}

/// Whether a constraint wins over links.
fn gives_way(plan: &Plan, activity: &Activity) -> bool {
    let wins = [Rule::MandatoryStart, Rule::MandatoryFinish, Rule::FixedStart];
    let constraints = [activity.constraint, activity.second_constraint];
    constraints.into_iter().flatten().any(|one| {
        wins.contains(&one.rule) || one.rule.is_hard() && plan.options.constraints_over_links
    })
}

fn check_activity(plan: &Plan, activity: &Activity, dates: &Dates) -> Result<(), Broken> {
    let Some(calendar) = plan.calendars.get(activity.calendar) else { return Ok(()) };
    if !is_open(activity) {
        return Ok(());
    }
    if calendar.between(dates.early_start, dates.early_finish) != dates.remaining {
        return Err(Broken::Duration(activity.id.clone()));
    }
    let too_early = |at: Moment| calendar.between(dates.early_start, at) > 0;
    let project = plan.projects.get(activity.project);
    let constraints = [activity.constraint, activity.second_constraint];
    let not_before = constraints.into_iter().flatten();
    let not_before = not_before
        .filter(|one| matches!(one.rule, Rule::StartNoEarlier | Rule::StartOn))
        .map(|one| one.date);
    if !gives_way(plan, activity)
        && (project.is_some_and(|project| too_early(project.data_date))
            || not_before.into_iter().any(too_early))
    {
        return Err(Broken::TooEarly(activity.id.clone()));
    }
    Ok(())
}

fn holds(plan: &Plan, link: &Link, from: (&Activity, &Dates), to: (&Activity, &Dates)) -> bool {
    let calendar = |place: usize| plan.calendars.get(place);
    let (leaves, reaches) = match link.kind {
        LinkKind::FinishStart => (from.1.early_finish, to.1.early_start),
        LinkKind::StartStart => (from.1.early_start, to.1.early_start),
        LinkKind::FinishFinish => (from.1.early_finish, to.1.early_finish),
        LinkKind::StartFinish => (from.1.early_start, to.1.early_finish),
    };
    let around_the_clock = Calendar::around_the_clock();
    let counted_on = match link.lag_calendar.unwrap_or(plan.options.lag_calendar) {
        LagCalendar::Predecessor => calendar(from.0.calendar),
        LagCalendar::Successor => calendar(to.0.calendar),
        LagCalendar::Project => {
            plan.projects.get(from.0.project).and_then(|one| calendar(one.calendar))
        }
        LagCalendar::AroundTheClock => Some(&around_the_clock),
    };
    let (Some(counted_on), Some(own)) = (counted_on, calendar(to.0.calendar)) else { return true };
    // No work may lie between where the link allows it and where it is.
    own.between(reaches, counted_on.add(leaves, link.lag)) <= 0
}

fn check_resources(
    plan: &Plan,
    schedule: &Schedule,
    overdrawn: &[Overdrawn],
) -> Result<(), Broken> {
    let known: HashSet<(usize, usize)> =
        overdrawn.iter().map(|one| (one.activity, one.resource)).collect();
    let mut events: BTreeMap<usize, Vec<(Moment, i64)>> = BTreeMap::new();
    // What is known not to fit is there, but it is not what breaks the rule.
    let mut excused: BTreeMap<usize, Vec<(Moment, Moment)>> = BTreeMap::new();
    for one in &plan.assignments {
        let Some((activity, dates)) =
            plan.activities.get(one.activity).zip(schedule.dates.get(one.activity))
        else {
            continue;
        };
        let is_external = plan.projects.get(activity.project).is_some_and(|one| one.is_external);
        if activity.kind != Kind::Task || activity.actual_finish.is_some() || is_external {
            continue;
        }
        for (from, to) in runs(plan, activity, dates) {
            let amount = i64::from(one.amount);
            let list = events.entry(one.resource).or_default();
            list.extend([(from, -amount), (to, amount)]);
            if known.contains(&(one.activity, one.resource)) {
                excused.entry(one.resource).or_default().push((from, to));
            }
        }
    }
    for (place, mut events) in events {
        let Some(resource) = plan.resources.get(place) else { continue };
        let Some(first) = resource.capacity.first() else { continue };
        let mut free = i64::from(first.amount);
        let pairs = resource.capacity.iter().zip(resource.capacity.iter().skip(1));
        events.extend(pairs.map(|(a, b)| (b.from, i64::from(b.amount) - i64::from(a.amount))));
        events.sort_unstable();
        let excused = excused.remove(&place).unwrap_or_default();
        let mut left = events.into_iter().peekable();
        while let Some((at, change)) = left.next() {
            free += change;
            let is_settled = left.peek().is_none_or(|next| next.0 != at);
            let is_excused = || excused.iter().any(|(from, to)| (*from..*to).contains(&at));
            if free < 0 && is_settled && !is_excused() {
                return Err(Broken::Overdrawn { resource: resource.id.clone(), at });
            }
        }
    }
    Ok(())
}

/// The stretches in which what is left of an activity is done.
fn runs(plan: &Plan, activity: &Activity, dates: &Dates) -> Vec<(Moment, Moment)> {
    let Some(calendar) = plan.calendars.get(activity.calendar) else { return Vec::new() };
    let started_by_clock =
        plan.options.progress == ProgressRule::ActualDates && activity.actual_start.is_some();
    let from = if started_by_clock {
        calendar.add(dates.early_finish, -dates.remaining)
    } else {
        dates.early_start
    };
    let mut found = Vec::new();
    let mut date = from.date();
    while Moment::midnight(date) < dates.early_finish {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        let shifts = calendar.exceptions().get(&date).or_else(|| calendar.week().get(weekday));
        for shift in shifts.into_iter().flatten() {
            let at = |minute: u16| Moment::midnight(date) + i64::from(minute);
            let (start, end) = (at(shift.from()).max(from), at(shift.to()).min(dates.early_finish));
            if start < end {
                found.push((start, end));
            }
        }
        match date.tomorrow() {
            Ok(next) => date = next,
            Err(_) => break,
        }
    }
    found
}
