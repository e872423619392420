//! What is done because of a message: understanding, decision, answer.

use domain::content::Content;
use domain::conversation::Awaiting;
use domain::{ConversationId, Error, MessageId, ProjectId};
use language::{Hints, Understanding};
use store::TenantStore;

use super::Incoming;
use crate::App;
use crate::decide::{Named, Reading, decide, decide_tap};
use crate::event::Fault;
use crate::phrases;
use crate::plan::Plan;
use crate::situation::{Place, Situation, place_of, zone_of};
use crate::tap::Tap;
use crate::write::Draft;

/// A stranger is answered once in this time: each answer costs money.
const STRANGER_EVERY_HOURS: i64 = 12;

/// Understands, decides, and puts the plan into the draft.
pub(super) async fn on(
    app: &App,
    tenant: &TenantStore,
    draft: &mut Draft,
    incoming: &Incoming<'_>,
) -> Result<(), Fault> {
    let content = draft.message.content.clone();
    if let Content::System(notice) = &content {
        draft.link(notice.new_bsuid.as_ref(), notice.new_phone.as_ref());
        return Ok(());
    }
    if let Content::Choice(choice) = &content
        && let Ok(tap) = choice.id.parse::<Tap>()
    {
        return Box::pin(on_tap(app, tenant, draft, tap)).await;
    }
    if matches!(content, Content::Audio(_)) && draft.is_bot_active() && is_due(draft, incoming) {
        let reply = phrases::cannot_listen(draft.head.conversation.language);
        draft.plan = Plan::say(Content::Text { body: reply.to_owned() });
        return Ok(());
    }
    match content.text().trim() {
        "" => Ok(()),
        text => Box::pin(on_text(app, tenant, draft, text)).await,
    }
}

async fn on_text(
    app: &App,
    tenant: &TenantStore,
    draft: &mut Draft,
    text: &str,
) -> Result<(), Fault> {
    let user = draft.known.contact.user;
    let place = place_of(tenant, user, draft.head.conversation.project).await?;
    let understanding = understand(tenant, draft, &place, text).await?;
    draft.understood(&understanding);
    if !draft.is_bot_active() {
        return Ok(());
    }
    let stranger = matches!(place, Place::Stranger);
    let reading = Reading { text, understanding: &understanding, meant: None };
    decide_on(app, tenant, draft, place, &reading).await?;
    if stranger && !stranger_is_due(draft) {
        draft.plan.reply = None;
    }
    Ok(())
}

async fn on_tap(app: &App, tenant: &TenantStore, draft: &mut Draft, tap: Tap) -> Result<(), Fault> {
    let user = draft.known.contact.user;
    let wanted = tap.project().or(draft.head.conversation.project);
    let place = place_of(tenant, user, wanted).await?;
    match tap {
        Tap::PickProject { project } => on_project(app, tenant, draft, (project, place)).await,
        Tap::Meant { intent, message } => {
            let conversation = draft.head.conversation.id;
            let Some(text) = text_of(tenant, conversation, message).await? else { return Ok(()) };
            let understanding = understand(tenant, draft, &place, &text).await?;
            let reading =
                Reading { text: &text, understanding: &understanding, meant: Some(intent) };
            decide_on(app, tenant, draft, place, &reading).await
        }
        Tap::ConfirmCost { .. }
        | Tap::EditCost { .. }
        | Tap::RejectCost { .. }
        | Tap::CancelTask { .. }
        | Tap::UndoTask { .. }
        | Tap::ChangeTask { .. } => {
            let situation = situation(tenant, draft, place).await?;
            let named = match &situation.place {
                Place::Site(site) => named(tenant, site.project.id, tap).await?,
                Place::Stranger | Place::NoProject | Place::Choose(_) => Named::Nothing,
            };
            draft.plan = decide_tap(&situation, tap, &named);
            Ok(())
        }
    }
}

/// The sender has said which project: remembered, and the waiting text is decided on.
async fn on_project(
    app: &App,
    tenant: &TenantStore,
    draft: &mut Draft,
    (project, place): (ProjectId, Place),
) -> Result<(), Fault> {
    let waiting = match &draft.head.conversation.awaiting {
        Some(Awaiting::Project { text }) => Some(text.clone()),
        Some(Awaiting::CostAmount { .. }) | None => None,
    };
    let entered = matches!(&place, Place::Site(site) if site.project.id == project);
    if !entered {
        let reply = phrases::no_longer(draft.head.conversation.language).to_owned();
        draft.plan = Plan::say(Content::Text { body: reply });
        return Ok(());
    }
    let text = waiting.unwrap_or_default();
    let understanding = understand(tenant, draft, &place, &text).await?;
    draft.understood(&understanding);
    let reading = Reading { text: &text, understanding: &understanding, meant: None };
    decide_on(app, tenant, draft, place, &reading).await?;
    draft.plan.project = Some(project);
    Ok(())
}

async fn decide_on(
    app: &App,
    tenant: &TenantStore,
    draft: &mut Draft,
    mut place: Place,
    reading: &Reading<'_>,
) -> Result<(), Fault> {
    place.prepare(tenant, reading.intent().0).await?;
    let situation = situation(tenant, draft, place).await?;
    draft.plan = decide(&situation, reading, app.ids.as_ref());
    Ok(())
}

async fn understand(
    tenant: &TenantStore,
    draft: &Draft,
    place: &Place,
    text: &str,
) -> Result<Understanding, Error> {
    let (currency, zone) = match place {
        Place::Site(site) => (site.project.currency, site.zone.clone()),
        Place::Stranger | Place::NoProject | Place::Choose(_) => {
            let tenant = tenant.tenant().await?;
            (tenant.currency, zone_of(&tenant.time_zone))
        }
    };
    let hints = Hints {
        language: Some(draft.head.conversation.language),
        currency: Some(currency),
        ..Hints::default()
    };
    Ok(language::understand(text, &hints, draft.now, &zone))
}

async fn situation(tenant: &TenantStore, draft: &Draft, place: Place) -> Result<Situation, Error> {
    let awaited = match (&draft.head.conversation.awaiting, &place) {
        (Some(Awaiting::CostAmount { project, cost }), Place::Site(site))
            if *project == site.project.id =>
        {
            tenant.cost(*project, *cost).await?.map_or(Named::Nothing, Named::Cost)
        }
        _ => Named::Nothing,
    };
    Ok(Situation {
        now: draft.now,
        message: draft.message.id,
        language: draft.head.conversation.language,
        awaited,
        place,
    })
}

async fn named(tenant: &TenantStore, project: ProjectId, tap: Tap) -> Result<Named, Error> {
    let named = match tap {
        Tap::ConfirmCost { cost, .. }
        | Tap::EditCost { cost, .. }
        | Tap::RejectCost { cost, .. } => tenant.cost(project, cost).await?.map(Named::Cost),
        Tap::CancelTask { task, .. }
        | Tap::UndoTask { task, .. }
        | Tap::ChangeTask { task, .. } => tenant.task(project, task).await?.map(Named::Task),
        Tap::PickProject { .. } | Tap::Meant { .. } => None,
    };
    Ok(named.unwrap_or(Named::Nothing))
}

async fn text_of(
    tenant: &TenantStore,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Option<String>, Error> {
    let message = tenant.message(conversation, message).await?;
    Ok(message.filter(|m| m.revoked_at.is_none()).map(|m| m.content.text().to_owned()))
}

/// Whether the message is recent enough to be answered as news.
fn is_due(draft: &Draft, incoming: &Incoming<'_>) -> bool {
    draft.now.duration_since(incoming.message.timestamp).as_hours() < STRANGER_EVERY_HOURS
}

/// Strangers hear the same sentence once in a while, not after every message.
fn stranger_is_due(draft: &Draft) -> bool {
    draft.head.stored.is_none()
        || draft.now.duration_since(draft.previous_at).as_hours() >= STRANGER_EVERY_HOURS
}
