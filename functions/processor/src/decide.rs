//! From what a message means to what it changes. Pure: records in, a plan out.
//!
//! A reading suggests, the rules here decide: only a member's message changes anything, only by the
//! role the member has in the project, what is reversible is done with an undo, and money is only
//! ever proposed. (R2 and R3 of the project-controls reference, and its C26.)

mod answers;
mod choices;
mod costs;
mod issues;
mod tasks;

use domain::content::{Button, Content, Row};
use domain::conversation::{Awaiting, BotState};
use domain::text::clip;
use domain::{Ids, Language};
use language::{EntityValue, Intent, Understanding};

pub(crate) use choices::{Named, decide_tap};

use crate::phrases;
use crate::plan::Plan;
use crate::situation::{Place, Site, Situation};
use crate::tap::{Tap, TaskChange};

/// R2: tasks and costs are acted on above this confidence, strictly.
const ACTS_ABOVE: f64 = 0.8;
/// R2: issues and overruns are reported above this confidence, strictly.
const REPORTS_ABOVE: f64 = 0.7;
/// A question is answered above this confidence: a wrong answer changes nothing.
const ANSWERS_ABOVE: f64 = 0.5;
/// WhatsApp shows at most three reply buttons.
const BUTTONS_MAX: usize = 3;

/// What a person wrote, and what it seems to mean.
pub(crate) struct Reading<'a> {
    pub(crate) text: &'a str,
    pub(crate) understanding: &'a Understanding,
    /// Set when the sender has said which of our guesses was meant.
    pub(crate) meant: Option<Intent>,
}

impl Reading<'_> {
    pub(crate) fn intent(&self) -> (Intent, f64) {
        let top = self.understanding.top();
        self.meant.map_or((top.intent, top.confidence), |intent| (intent, 1.0))
    }

    fn location(&self) -> Option<String> {
        self.understanding.entities.iter().find_map(|entity| {
            if let EntityValue::Location { text } = &entity.value {
                return Some(text.clone());
            }
            None
        })
    }
}

/// Decides on a text.
pub(crate) fn decide(situation: &Situation, reading: &Reading<'_>, ids: &dyn Ids) -> Plan {
    let language = situation.language;
    let (intent, confidence) = reading.intent();
    if let Some(plan) = by_anyone(language, intent, confidence) {
        return plan;
    }
    let site = match &situation.place {
        Place::Stranger => return Plan::say(text(phrases::stranger(language))),
        Place::NoProject => return Plan::say(text(phrases::no_project(language))),
        Place::Choose(projects) => return ask_project(language, projects, reading.text),
        Place::Site(site) => site,
    };
    if let Some(plan) = costs::amend(situation, site, reading) {
        return plan;
    }
    if intent != Intent::Other && confidence <= gate(intent) {
        return ask_meaning(situation, reading);
    }
    by_member(situation, site, reading, ids)
}

/// What anybody may say, member or not.
fn by_anyone(language: Language, intent: Intent, confidence: f64) -> Option<Plan> {
    if confidence <= REPORTS_ABOVE {
        return None;
    }
    let farewell = if intent == Intent::OptOut {
        phrases::opted_out(language)
    } else if intent == Intent::HumanHandoff {
        phrases::handed_over(language)
    } else {
        return (intent == Intent::Thanks).then(Plan::default);
    };
    Some(Plan { bot: Some(BotState::Paused), ..Plan::say(text(farewell)) })
}

fn by_member(situation: &Situation, site: &Site, reading: &Reading<'_>, ids: &dyn Ids) -> Plan {
    let language = situation.language;
    let (intent, _) = reading.intent();
    match intent {
        Intent::TaskCreate => tasks::create(situation, site, reading, ids),
        Intent::TaskComplete => tasks::change(situation, site, reading, TaskChange::Done),
        Intent::TaskBlocked => tasks::change(situation, site, reading, TaskChange::Blocked),
        Intent::TaskProgress => match tasks::percent(reading.understanding) {
            Some(percent) => tasks::change(situation, site, reading, percent),
            None => Plan::say(text(phrases::which_percent(language))),
        },
        Intent::CostReport => costs::propose(situation, site, reading, ids),
        Intent::IssueReport | Intent::SafetyReport | Intent::CostOverrun | Intent::TaskFailed => {
            issues::raise(situation, site, reading, ids)
        }
        Intent::StatusRequest => Plan::say(text(answers::status(situation, site))),
        Intent::TaskQuery | Intent::ScheduleQuery => {
            Plan::say(text(answers::open_tasks(situation, site)))
        }
        Intent::CostQuery => Plan::say(text(answers::costs(language, site))),
        Intent::Greeting | Intent::OptIn => {
            Plan::say(text(phrases::welcome(language, &site.user_name, &site.project.name)))
        }
        Intent::MaterialRequest
        | Intent::DeliveryReport
        | Intent::ApprovalReply
        | Intent::DailyLog
        | Intent::Timesheet
        | Intent::RfiQuestion
        | Intent::ChangeRequest
        | Intent::DocumentRequest => Plan::say(text(phrases::kept(language))),
        Intent::Other | Intent::Thanks | Intent::OptOut | Intent::HumanHandoff => {
            Plan::say(text(phrases::help(language)))
        }
    }
}

/// The confidence an intent must exceed to be acted on without asking.
fn gate(intent: Intent) -> f64 {
    if matches!(
        intent,
        Intent::TaskCreate
            | Intent::TaskComplete
            | Intent::TaskProgress
            | Intent::TaskBlocked
            | Intent::CostReport
    ) {
        ACTS_ABOVE
    } else if matches!(
        intent,
        Intent::IssueReport
            | Intent::SafetyReport
            | Intent::CostOverrun
            | Intent::TaskFailed
            | Intent::OptOut
            | Intent::HumanHandoff
    ) {
        REPORTS_ABOVE
    } else {
        ANSWERS_ABOVE
    }
}

/// Below the gate: the best guesses as buttons; the tap decides.
fn ask_meaning(situation: &Situation, reading: &Reading<'_>) -> Plan {
    let language = situation.language;
    let buttons: Vec<Button> = reading
        .understanding
        .intents
        .iter()
        .filter_map(|ranked| {
            let title = phrases::offer(language, ranked.intent)?;
            let tap = Tap::Meant { intent: ranked.intent, message: situation.message };
            Some(Button { id: tap.to_string(), title: title.to_owned() })
        })
        .take(BUTTONS_MAX)
        .collect();
    if buttons.is_empty() {
        return Plan::say(text(phrases::help(language)));
    }
    Plan::say(Content::Buttons { body: phrases::which_meaning(language).to_owned(), buttons })
}

fn ask_project(
    language: Language,
    projects: &[(domain::ProjectId, String)],
    message: &str,
) -> Plan {
    let rows = projects
        .iter()
        .map(|(project, name)| Row {
            id: Tap::PickProject { project: *project }.to_string(),
            title: clip(name, 24),
            description: None,
        })
        .collect();
    Plan {
        awaiting: Some(Awaiting::Project { text: message.to_owned() }),
        ..Plan::say(Content::List {
            body: phrases::which_project(language).to_owned(),
            button: phrases::projects_button(language).to_owned(),
            rows,
        })
    }
}

fn text(body: impl Into<String>) -> Content {
    Content::Text { body: body.into() }
}
