//! What must hold after any day, checked against storage.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::Actor;
use domain::message::{Direction, Message};
use domain::project::{CostStatus, TaskStatus};

use super::account::Account;
use super::play::Play;

/// A rule and how it was broken, if it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) rule: &'static str,
    pub(super) broken: Option<String>,
}

/// Every rule.
pub(super) fn judge(play: &Play<'_>, before: &Account, after: &Account) -> Vec<Verdict> {
    let verdict = |rule, outcome: Result<(), String>| Verdict { rule, broken: outcome.err() };
    let mut verdicts = vec![
        verdict("every accepted message is stored or quarantined, once", accounted(play, after)),
        verdict("every effect happened once", effects_once(before, after)),
        verdict("every effect is in the audit log once, and its chain holds", told(after)),
        verdict("running totals equal a recount", totals(after)),
        verdict("each contact's messages are in the order written", in_order(play, after)),
        verdict("every reply was sent once", sent_once(play, after)),
        verdict("no post was refused", equal("refused", play.refused, 0)),
    ];
    if let Some(roles) = play.system().roles() {
        let rule = "no function asked for what its role does not allow";
        verdicts.push(verdict(rule, within(roles)));
    }
    verdicts
}

fn equal<T: PartialEq + std::fmt::Display + Copy>(
    what: &str,
    found: T,
    wanted: T,
) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("{what}: {found}, not {wanted}")) }
}

fn inbound(account: &Account) -> impl Iterator<Item = &Message> {
    account.messages.iter().filter(|message| message.direction == Direction::Inbound)
}

fn accounted(play: &Play<'_>, after: &Account) -> Result<(), String> {
    let stored = inbound(after).count();
    equal("stored", stored, play.originals.len())?;
    equal("quarantined", after.quarantined, play.poison)?;
    let ids: BTreeSet<_> = inbound(after).map(|message| &message.provider_id).collect();
    equal("distinct", ids.len(), stored)
}

fn effects_once(before: &Account, after: &Account) -> Result<(), String> {
    let mut made: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for effect in inbound(after).flat_map(|message| &message.effects) {
        let of_kind = made.entry(effect.kind.as_str()).or_default();
        if !of_kind.insert(&effect.id) {
            return Err(format!("{} twice for {}", effect.kind, effect.id));
        }
    }
    let count = |kind: &str| made.get(kind).map_or(0, BTreeSet::len);
    let grown = |after: usize, before: usize| after.saturating_sub(before);
    equal("tasks", grown(after.tasks.len(), before.tasks.len()), count("task_created"))?;
    equal("costs", grown(after.costs.len(), before.costs.len()), count("cost_proposed"))?;
    equal("insights", grown(after.insights.len(), before.insights.len()), count("insight_raised"))?;
    let sources: Vec<_> = after.tasks.iter().filter_map(|task| task.source).collect();
    let distinct: BTreeSet<_> = sources.iter().collect();
    equal("messages that made a task", distinct.len(), sources.len())
}

fn told(after: &Account) -> Result<(), String> {
    let mut told: Vec<(String, &str)> = after
        .told
        .iter()
        .filter(|entry| matches!(entry.actor, Actor::Contact { .. }))
        .filter(|entry| ["task.", "cost.", "insight."].iter().any(|k| entry.action.starts_with(k)))
        .map(|entry| (entry.action.clone(), entry.target.as_str()))
        .collect();
    let mut done: Vec<(String, &str)> = inbound(after)
        .flat_map(|message| &message.effects)
        .map(|effect| (effect.kind.replacen('_', ".", 1), effect.id.as_str()))
        .collect();
    told.sort_unstable();
    done.sort_unstable();
    if told != done {
        return Err(format!("{} effects, {} entries", done.len(), told.len()));
    }
    equal("entries outside of the chain", after.unlinked, 0)?;
    equal("findings of its verification", after.tampered, 0)
}

fn totals(after: &Account) -> Result<(), String> {
    let Some(project) = &after.project else { return Err("the project is gone".to_owned()) };
    let tasks = |keep: fn(TaskStatus) -> bool| {
        u64::try_from(after.tasks.iter().filter(|task| keep(task.status)).count()).unwrap_or(0)
    };
    equal("tasks", project.tasks_total, tasks(|status| status != TaskStatus::Cancelled))?;
    equal("tasks done", project.tasks_done, tasks(|status| status == TaskStatus::Done))?;
    let confirmed = after.costs.iter().filter(|cost| cost.status == CostStatus::Confirmed);
    let spent: i64 = confirmed.map(|cost| cost.money.minor_units()).sum();
    equal("confirmed costs", project.cost_confirmed_minor, spent)?;
    let insights = u64::try_from(after.insights.len()).unwrap_or(0);
    equal("insights", project.insights_open, insights)?;
    for conversation in &after.conversations {
        let of_one = after.messages.iter().filter(|m| m.conversation == conversation.id);
        let count = u64::try_from(of_one.count()).unwrap_or(0);
        equal("messages of a conversation", conversation.message_count, count)?;
    }
    Ok(())
}

fn in_order(play: &Play<'_>, after: &Account) -> Result<(), String> {
    let mut written: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for original in &play.originals {
        written.entry(&original.person).or_default().push(&original.wamid);
    }
    for conversation in &after.conversations {
        let mut of_one: Vec<&Message> =
            inbound(after).filter(|message| message.conversation == conversation.id).collect();
        of_one.sort_unstable_by_key(|message| message.seq);
        let stored: Vec<&str> =
            of_one.iter().filter_map(|message| message.provider_id.as_deref()).collect();
        if !written.values().any(|wamids| *wamids == stored) {
            return Err(format!("{} has them in another order", conversation.contact_name));
        }
    }
    Ok(())
}

fn within(roles: &embedded_aws::Roles) -> Result<(), String> {
    match roles.denied().first() {
        Some(one) => Err(format!("{} on {} by {}", one.action, one.resource, one.function)),
        None => Ok(()),
    }
}

fn sent_once(play: &Play<'_>, after: &Account) -> Result<(), String> {
    let sends = play.system().graph().sends();
    let mut by_callback: BTreeMap<&str, usize> = BTreeMap::new();
    for send in &sends {
        let callback = send.body.get("biz_opaque_callback_data").and_then(|data| data.as_str());
        *by_callback.entry(callback.unwrap_or_default()).or_default() += 1;
    }
    let outbound = after.messages.iter().filter(|m| m.direction == Direction::Outbound);
    let mut count = 0;
    for message in outbound {
        let callback = format!("{}/{}", message.conversation, message.id);
        let times = by_callback.get(callback.as_str()).copied().unwrap_or(0);
        equal(&format!("sends of {}", message.id), times, 1)?;
        count += 1;
    }
    equal("sends", sends.len(), count)
}
