//! What the panels beside the chat show, read from storage.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};
use store::{PageRequest, TenantStore, inbound_message_id};

use crate::phone::compose;
use crate::seed::Seeded;

/// Records of a kind shown.
const SHOWN_MAX: usize = 50;

/// What was understood of a message and what was done because of it; empty until it is processed.
pub(super) async fn understood(
    tenant: &TenantStore,
    seeded: &Seeded,
    person: &str,
    wamid: &str,
) -> Result<Value> {
    let waiting = json!({ "stored": false });
    let contact = match tenant.contact_of(&compose::user_id(person)).await? {
        Some(contact) => Some(contact),
        None => tenant.contact_of(person).await?,
    };
    let Some(contact) = contact else { return Ok(waiting) };
    let contact = tenant.contact(contact).await?;
    let channel = seeded.routed.channel();
    let Some(conversation) = contact.and_then(|contact| contact.conversation_on(channel)) else {
        return Ok(waiting);
    };
    let id = inbound_message_id(seeded.company.phone_number_id, wamid);
    let Some(message) = tenant.message(conversation, id).await? else { return Ok(waiting) };
    let proof = tenant.proof(conversation, id).await?.unwrap_or_default();
    let understanding = proof.understanding.as_deref().map(serde_json::from_str::<Value>);
    Ok(json!({
        "stored": true,
        "message_id": id,
        "conversation_id": conversation,
        "text": message.content.text(),
        "effects": message.effects,
        "understanding": understanding.transpose()?,
    }))
}

/// The project with its latest tasks, costs and insights, and the members' names.
pub(super) async fn project(tenant: &TenantStore, seeded: &Seeded) -> Result<Value> {
    let latest = PageRequest::first(SHOWN_MAX);
    let project = tenant.project(seeded.project).await?;
    let tasks = tenant.tasks(seeded.project, &latest).await?.items;
    let costs = tenant.costs(seeded.project, &latest).await?.items;
    let insights = tenant.insights(seeded.project, &latest).await?.items;
    let members = tenant.members(seeded.project, &latest).await?.items;
    let names: BTreeMap<String, String> =
        members.into_iter().map(|member| (member.user.to_string(), member.name)).collect();
    Ok(json!({
        "project": project,
        "spent": project.as_ref().map(|project| project.cost_confirmed().to_string()),
        "tasks": tasks,
        "costs": costs,
        "insights": insights,
        "names": names,
    }))
}
