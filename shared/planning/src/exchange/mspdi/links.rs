//! Links, also those of summaries.

use std::collections::HashSet;

use super::element::Element;
use super::tasks::Tasks;
use super::units::{is_elapsed, is_percent};
use crate::exchange::{Account, ImportError};
use crate::network::{Kind, LagCalendar, Link, LinkKind, MOST_LINKS, MOST_MINUTES};

/// The links of a file as they come together.
struct Links<'t> {
    tasks: &'t Tasks,
    list: Vec<Link>,
    seen: HashSet<(usize, usize, LinkKind)>,
    /// Pairs of tasks that were tried.
    tried: usize,
}

/// A link with what an account says of it.
struct Given {
    link: Link,
    line: usize,
    subject: String,
}

pub(super) fn read(
    elements: &[&Element],
    tasks: &Tasks,
    account: &mut Account,
) -> Result<Vec<Link>, ImportError> {
    let mut links = Links { tasks, list: Vec::new(), seen: HashSet::new(), tried: 0 };
    for (successor, element) in (0..).zip(elements) {
        for link in element.children("PredecessorLink") {
            let subject = format!("{} -> {}", link.text("PredecessorUID"), element.text("UID"));
            if link.flag("CrossProject") == Some(true) {
                let reason = "the predecessor is in another project";
                account.skipped(link.line, "PredecessorLink.CrossProject", &subject, reason);
                continue;
            }
            let Some(predecessor) = tasks.places.get(link.text("PredecessorUID")) else {
                let reason = "the predecessor is not among the tasks";
                account.skipped(link.line, "PredecessorLink.PredecessorUID", &subject, reason);
                continue;
            };
            let made = links.made(link, (*predecessor, successor), &subject, account)?;
            links.add(&Given { link: made, line: link.line, subject }, account)?;
        }
    }
    Ok(links.list)
}

impl Links<'_> {
    fn made(
        &self,
        element: &Element,
        (predecessor, successor): (usize, usize),
        subject: &str,
        account: &mut Account,
    ) -> Result<Link, ImportError> {
        let kind = match element.whole("Type")?.unwrap_or(1) {
            0 => LinkKind::FinishFinish,
            1 => LinkKind::FinishStart,
            2 => LinkKind::StartFinish,
            3 => LinkKind::StartStart,
            other => return Err(element.error("Type", &format!("`{other}` is not known"))),
        };
        let format = element.whole("LagFormat")?.unwrap_or(7);
        let lag = if is_percent(format) {
            let percent = element.whole("LinkLag")?.unwrap_or_default();
            let whole = self.tasks.list.get(predecessor).map_or(0, |one| one.duration);
            let reason = format!("{percent} % of the predecessor's duration, as it is now");
            account.altered(element.line, "PredecessorLink.LinkLag", subject, reason);
            whole.saturating_mul(percent) / 100
        } else {
            element.tenths("LinkLag")?.unwrap_or_default()
        };
        if lag.abs() > MOST_MINUTES {
            return Err(element.error("LinkLag", "is out of range"));
        }
        let lag_calendar = (lag != 0 && is_elapsed(format)).then_some(LagCalendar::AroundTheClock);
        Ok(Link { predecessor, successor, kind, lag, lag_calendar })
    }

    /// Adds a link; one to or from a summary becomes links of what is below it.
    fn add(&mut self, given: &Given, account: &mut Account) -> Result<(), ImportError> {
        let (link, line, subject) = (given.link, given.line, given.subject.as_str());
        let mut befores = self.leaves(link.predecessor);
        let afters = self.leaves(link.successor);
        if befores != [link.predecessor] || afters != [link.successor] {
            if !link.kind.leaves_finish() {
                // A summary starts with the first of its tasks.
                let start = |n: &usize| self.tasks.stored.get(*n).and_then(|stored| stored.start);
                befores = befores.into_iter().min_by_key(start).into_iter().collect();
            }
            let reason = "a link of a summary became links of the tasks below it";
            account.altered(line, "PredecessorLink", subject, reason);
        }
        self.tried = self.tried.saturating_add(befores.len().saturating_mul(afters.len()));
        if self.tried > MOST_LINKS {
            return Err(ImportError::Limit { line, what: "links", most: MOST_LINKS });
        }
        for before in befores {
            for after in &afters {
                if before == *after {
                    account.skipped(line, "PredecessorLink", subject, "a link to itself");
                } else if self.seen.insert((before, *after, link.kind)) {
                    self.list.push(Link { predecessor: before, successor: *after, ..link });
                } else {
                    account.skipped(line, "PredecessorLink", subject, "the same link again");
                }
            }
        }
        Ok(())
    }

    /// The tasks below a summary, which follow it; of a task, itself.
    fn leaves(&mut self, place: usize) -> Vec<usize> {
        let list = &self.tasks.list;
        let is_summary = |n: usize| list.get(n).is_some_and(|one| one.kind == Kind::Summary);
        if !is_summary(place) {
            return vec![place];
        }
        let is_below = |n: &usize| {
            let mut at = list.get(*n).and_then(|one| one.parent);
            while let Some(parent) = at.filter(|parent| *parent > place) {
                at = list.get(parent).and_then(|one| one.parent);
            }
            at == Some(place)
        };
        let below: Vec<usize> = (place + 1..list.len()).take_while(is_below).collect();
        self.tried = self.tried.saturating_add(below.len());
        below.into_iter().filter(|n| !is_summary(*n)).collect()
    }
}
