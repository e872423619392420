//! What a message changes: the outcome of a decision, before anything is written.

use domain::content::Content;
use domain::conversation::{Awaiting, BotState};
use domain::message::Effect;
use domain::project::{Cost, Insight, Task};
use domain::{ProjectId, UserId};
use store::ProjectDelta;

/// Everything a decision wants written, with the message that causes it.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) new_task: Option<Task>,
    pub(crate) changed_task: Option<Change<Task>>,
    pub(crate) new_cost: Option<Cost>,
    pub(crate) changed_cost: Option<Change<Cost>>,
    pub(crate) new_insight: Option<Insight>,
    /// Members to be told of the new insight.
    pub(crate) notify: Vec<UserId>,
    pub(crate) totals: Option<(ProjectId, ProjectDelta)>,
    pub(crate) reply: Option<Content>,
    /// What the bot waits for next; a decision that does not say ends the waiting.
    pub(crate) awaiting: Option<Awaiting>,
    /// The project this contact's messages go to from now on.
    pub(crate) project: Option<ProjectId>,
    pub(crate) bot: Option<BotState>,
    pub(crate) effects: Vec<Effect>,
}

/// A record as it was read, and as it is to be.
#[derive(Debug)]
pub(crate) struct Change<T> {
    pub(crate) before: T,
    pub(crate) after: T,
}

impl Plan {
    /// Changes nothing, says something.
    pub(crate) fn say(reply: Content) -> Self {
        Self { reply: Some(reply), ..Self::default() }
    }

    pub(crate) fn effect(mut self, kind: &str, id: impl std::fmt::Display) -> Self {
        self.effects.push(Effect { kind: kind.to_owned(), id: format!("{id}") });
        self
    }
}
