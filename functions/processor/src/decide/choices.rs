//! Taps on what we offered.

use domain::project::{Cost, Task};
use tenancy::policy::Action;

use super::{costs, tasks, text};
use crate::phrases;
use crate::plan::Plan;
use crate::situation::{Place, Site, Situation};
use crate::tap::Tap;

/// The record a tap names, if it is there.
#[derive(Debug)]
pub(crate) enum Named {
    Nothing,
    Cost(Cost),
    Task(Task),
}

/// Decides on a tap. `PickProject` and `Meant` are texts decided anew and do not come here.
pub(crate) fn decide_tap(situation: &Situation, tap: Tap, named: &Named) -> Plan {
    let language = situation.language;
    let site: &Site = match &situation.place {
        Place::Site(site) if tap.project() == Some(site.project.id) => site,
        Place::Stranger => return Plan::say(text(phrases::stranger(language))),
        Place::Site(_) | Place::NoProject | Place::Choose(_) => {
            return Plan::say(text(phrases::no_longer(language)));
        }
    };
    match (tap, named) {
        // First of all: a role that may not hears nothing of the amount either.
        (
            Tap::ConfirmCost { .. } | Tap::EditCost { .. } | Tap::RejectCost { .. },
            Named::Cost(_),
        ) if !site.may(Action::ConfirmCosts) => {
            Plan::say(text(phrases::role_forbids(language, &site.project.name)))
        }
        (Tap::ConfirmCost { .. }, Named::Cost(cost)) => costs::confirm(situation, site, cost),
        (Tap::EditCost { .. }, Named::Cost(cost)) => costs::edit(situation, site, cost),
        (Tap::RejectCost { .. }, Named::Cost(cost)) => costs::reject(situation, site, cost),
        (Tap::CancelTask { .. }, Named::Task(task)) => tasks::cancel(situation, site, task),
        (Tap::UndoTask { version, .. }, Named::Task(task)) => {
            tasks::undo(situation, site, task, version)
        }
        (Tap::ChangeTask { change, .. }, Named::Task(task)) if site.may(Action::ChangeTasks) => {
            tasks::apply(situation, site, task, change)
        }
        (Tap::ChangeTask { .. }, Named::Task(_)) => {
            Plan::say(text(phrases::role_forbids(language, &site.project.name)))
        }
        _ => Plan::say(text(phrases::no_longer(language))),
    }
}
