//! Costs by chat: proposed by a message, made real by a person's yes.

use domain::content::Content;
use domain::conversation::Awaiting;
use domain::project::{Cost, CostStatus};
use domain::text::clip;
use domain::{CostId, Ids, Money};
use rust_decimal::Decimal;
use store::ProjectDelta;
use tenancy::policy::Action;

use super::tasks::button;
use super::{Named, Reading, text};
use crate::phrases;
use crate::plan::{Change, Plan};
use crate::situation::{Site, Situation};
use crate::tap::Tap;

const DESCRIPTION_CHARS_MAX: usize = 200;

/// A proposed cost, with Confirm, Edit and Reject.
pub(super) fn propose(
    situation: &Situation,
    site: &Site,
    reading: &Reading<'_>,
    ids: &dyn Ids,
) -> Plan {
    let language = situation.language;
    if !site.may(Action::ReportFromSite) {
        return Plan::say(text(phrases::role_forbids(language, &site.project.name)));
    }
    let money = match money(site, reading) {
        Ok(money) => money,
        Err(Unusable::NoAmount) => return Plan::say(text(phrases::which_amount(language))),
        Err(Unusable::OtherCurrency) => {
            return Plan::say(text(phrases::other_currency(language, site.project.currency)));
        }
    };
    let cost = Cost {
        id: CostId::mint(ids, situation.now),
        project: site.project.id,
        description: clip(reading.text.trim(), DESCRIPTION_CHARS_MAX),
        money,
        status: CostStatus::Proposed,
        spent_on: reading.understanding.date().unwrap_or_else(|| site.today(situation.now)),
        reported_by: Some(site.user),
        decided_by: None,
        source: Some(situation.message),
        created_at: situation.now,
        updated_at: situation.now,
        version: 1,
    };
    let plan = Plan::say(offer(situation, site, &cost)).effect("cost_proposed", cost.id);
    Plan { new_cost: Some(cost), ..plan }
}

/// The corrected amount the bot has asked for, if that is what the text is.
pub(super) fn amend(situation: &Situation, site: &Site, reading: &Reading<'_>) -> Option<Plan> {
    let Named::Cost(cost) = &situation.awaited else { return None };
    // Asked when they still might.
    if cost.project != site.project.id || !site.may(Action::ConfirmCosts) {
        return None;
    }
    let money = bare_amount(site, reading.text).or_else(|| money(site, reading).ok())?;
    Some(amended(situation, site, cost, money))
}

/// A proposed cost with a new amount, offered again.
fn amended(situation: &Situation, site: &Site, cost: &Cost, money: Money) -> Plan {
    if cost.status != CostStatus::Proposed {
        return settled(situation, cost);
    }
    let mut changed = cost.clone();
    changed.version += 1;
    changed.updated_at = situation.now;
    changed.money = money;
    Plan {
        reply: Some(offer(situation, site, &changed)),
        changed_cost: Some(Change { before: cost.clone(), after: changed }),
        ..Plan::default()
    }
    .effect("cost_amended", cost.id)
}

/// A yes of somebody who may: the cost counts from now on.
pub(super) fn confirm(situation: &Situation, site: &Site, cost: &Cost) -> Plan {
    let language = situation.language;
    if cost.status != CostStatus::Proposed {
        return settled(situation, cost);
    }
    let delta =
        ProjectDelta { cost_confirmed_minor: cost.money.minor_units(), ..ProjectDelta::default() };
    Plan {
        totals: Some((site.project.id, delta)),
        changed_cost: Some(decided(situation, site, cost, CostStatus::Confirmed)),
        ..Plan::say(text(phrases::cost_confirmed(language, cost)))
    }
    .effect("cost_confirmed", cost.id)
}

/// A no of somebody who may.
pub(super) fn reject(situation: &Situation, site: &Site, cost: &Cost) -> Plan {
    if cost.status != CostStatus::Proposed {
        return settled(situation, cost);
    }
    Plan {
        changed_cost: Some(decided(situation, site, cost, CostStatus::Rejected)),
        ..Plan::say(text(phrases::cost_rejected(situation.language, cost)))
    }
    .effect("cost_rejected", cost.id)
}

/// Asks for the right amount.
pub(super) fn edit(situation: &Situation, site: &Site, cost: &Cost) -> Plan {
    if cost.status != CostStatus::Proposed {
        return settled(situation, cost);
    }
    Plan {
        awaiting: Some(Awaiting::CostAmount { project: site.project.id, cost: cost.id }),
        ..Plan::say(text(phrases::right_amount(situation.language, site.project.currency)))
    }
}

/// A second tap changes nothing and hears how the first one ended.
fn settled(situation: &Situation, cost: &Cost) -> Plan {
    Plan::say(text(phrases::cost_is_settled(situation.language, cost)))
}

fn decided(situation: &Situation, site: &Site, cost: &Cost, status: CostStatus) -> Change<Cost> {
    let mut changed = cost.clone();
    changed.version += 1;
    changed.updated_at = situation.now;
    changed.status = status;
    changed.decided_by = Some(site.user);
    Change { before: cost.clone(), after: changed }
}

fn offer(situation: &Situation, site: &Site, cost: &Cost) -> Content {
    let language = situation.language;
    if !site.may(Action::ConfirmCosts) {
        return text(phrases::cost_waits(language, cost));
    }
    let (project, cost_id) = (site.project.id, cost.id);
    Content::Buttons {
        body: phrases::cost_proposed(language, cost, &site.project.name),
        buttons: vec![
            button(Tap::ConfirmCost { project, cost: cost_id }, phrases::confirm(language)),
            button(Tap::EditCost { project, cost: cost_id }, phrases::edit(language)),
            button(Tap::RejectCost { project, cost: cost_id }, phrases::reject(language)),
        ],
    }
}

enum Unusable {
    NoAmount,
    OtherCurrency,
}

/// The amount in the text, re-read from the original; a project keeps costs in one currency.
fn money(site: &Site, reading: &Reading<'_>) -> Result<Money, Unusable> {
    let (amount, currency) = reading.understanding.amount().ok_or(Unusable::NoAmount)?;
    if currency.is_some_and(|currency| currency != site.project.currency) {
        return Err(Unusable::OtherCurrency);
    }
    positive(site, amount).ok_or(Unusable::NoAmount)
}

/// A number alone, as the answer to "how much?".
fn bare_amount(site: &Site, text: &str) -> Option<Money> {
    let plain: String = language::fold(text).chars().filter(|c| *c != ' ' && *c != ',').collect();
    positive(site, Decimal::from_str_exact(&plain).ok()?)
}

fn positive(site: &Site, amount: Decimal) -> Option<Money> {
    let money = Money::new(amount, site.project.currency).ok()?;
    (money.minor_units() > 0).then_some(money)
}
