//! I2 and I3: what was done because of messages, and the counters that sum it up.

use std::collections::BTreeMap;

use domain::message::{Author, Message};
use domain::project::{CostStatus, TaskStatus};

use super::{Check, Findings};
use crate::faults::ledger::{Said, Want};

impl Check<'_> {
    /// I2: every effect has its record, every record its one cause, every answer its one question.
    pub(super) fn effects_once(&self, findings: &mut Findings) {
        let mut caused: BTreeMap<(String, String), usize> = BTreeMap::new();
        for message in self.inbound() {
            for effect in &message.record.effects {
                *caused.entry((effect.kind.clone(), effect.id.clone())).or_default() += 1;
            }
        }
        for ((kind, id), times) in &caused {
            if *times > 1 {
                findings.broken(format!("I2 {kind} of {id} happened {times} times"));
            }
        }
        let mut made: Vec<(&str, String)> = Vec::new();
        made.extend(self.storage.tasks.iter().map(|t| ("task_created", t.record.id.to_string())));
        made.extend(self.storage.costs.iter().map(|c| ("cost_proposed", c.record.id.to_string())));
        made.extend(
            self.storage.insights.iter().map(|i| ("insight_raised", i.record.id.to_string())),
        );
        for (kind, id) in made {
            let key = (kind.to_owned(), id);
            if caused.remove(&key).is_none() {
                findings.broken(format!("I2 {} is there without a {kind}", key.1));
            }
        }
        let makes = ["task_created", "cost_proposed", "insight_raised"];
        for (kind, id) in caused.keys().filter(|(kind, _)| makes.contains(&kind.as_str())) {
            findings.broken(format!("I2 {kind} of {id} left nothing"));
        }
        for said in &self.ledger.said {
            self.effects_of(said, findings);
        }
        self.taps(findings);
    }

    /// What one message did and was answered.
    fn effects_of(&self, said: &Said, findings: &mut Findings) {
        let id = self.id_of(said);
        let message = self.inbound().find(|m| m.firm == said.firm && m.record.id == id);
        let Some(Message { effects, .. }) = message.map(|message| &message.record) else { return };
        let kinds: Vec<&str> = effects.iter().map(|effect| effect.kind.as_str()).collect();
        let as_wanted = match &said.want {
            Want::Kept | Want::Quarantine => kinds.is_empty(),
            Want::Task => kinds == ["task_created"],
            Want::Cost => kinds == ["cost_proposed"],
            Want::Issue => kinds == ["insight_raised"],
            Want::Tap(_) => kinds.len() <= 1,
        };
        if !as_wanted {
            findings.broken(format!("I2 {} ({:?}) did {kinds:?}", said.wamid, said.want));
        }
        let answers = self.outbound().filter(|answer| {
            answer.firm == said.firm && answer.record.reply_to.as_deref() == Some(&said.wamid)
        });
        let answers = answers.count();
        if answers > 1 || (answers == 0 && said.want != Want::Kept) {
            findings.broken(format!("I2 {} has {answers} answers", said.wamid));
        }
        if said.want == Want::Issue {
            self.told(said, findings);
        }
    }

    /// The one manager of a firm hears of what others report, once.
    fn told(&self, said: &Said, findings: &mut Findings) {
        let reporter_manages = self.world.firms[said.firm].people[0].phone == said.phone;
        let notices = self.outbound().filter(|notice| {
            notice.record.author == Author::Notice
                && notice.record.content.text().contains(&said.word)
        });
        let notices = notices.count();
        if notices != usize::from(!reporter_manages) {
            findings.broken(format!("I2 {notices} notices of {}", said.wamid));
        }
    }

    /// A tap counts once, however often it was made.
    fn taps(&self, findings: &mut Findings) {
        for button in self.ledger.tapped() {
            let id = button.rsplit('/').next().unwrap();
            let cost = self.storage.costs.iter().find(|cost| cost.record.id.to_string() == id);
            let task = self.storage.tasks.iter().find(|task| task.record.id.to_string() == id);
            let confirmed = cost.is_some_and(|cost| cost.record.status == CostStatus::Confirmed);
            let cancelled = task.is_some_and(|task| task.record.status == TaskStatus::Cancelled);
            if !confirmed && !cancelled {
                findings.broken(format!("I2 {button} was tapped for nothing"));
            }
        }
    }

    /// I3.
    pub(super) fn counters(&self, findings: &mut Findings) {
        for project in &self.storage.projects {
            let tasks: Vec<_> = self
                .storage
                .tasks
                .iter()
                .filter(|task| task.record.project == project.record.id)
                .map(|task| task.record.status)
                .collect();
            let total = tasks.iter().filter(|status| **status != TaskStatus::Cancelled).count();
            let done = tasks.iter().filter(|status| **status == TaskStatus::Done).count();
            let confirmed = self.storage.costs.iter().filter(|cost| {
                cost.record.project == project.record.id
                    && cost.record.status == CostStatus::Confirmed
            });
            let spent: i64 = confirmed.map(|cost| cost.record.money.minor_units()).sum();
            let insights = self.storage.insights.iter();
            let insights = insights.filter(|i| i.record.project == project.record.id).count();
            let record = &project.record;
            let kept = (record.tasks_total, record.tasks_done, record.insights_open);
            let counted = (number(total), number(done), number(insights));
            if kept != counted || record.cost_confirmed_minor != spent {
                let kept_money = record.cost_confirmed_minor;
                findings.broken(format!("I3 {kept:?} {kept_money}, counted {counted:?} {spent}"));
            }
        }
        self.conversations(findings);
    }

    fn conversations(&self, findings: &mut Findings) {
        let mut people = BTreeMap::new();
        for head in &self.storage.heads {
            *people.entry((head.firm, head.record.contact)).or_insert(0) += 1;
            let messages: Vec<&Message> = self
                .storage
                .messages
                .iter()
                .map(|message| &message.record)
                .filter(|message| message.conversation == head.record.id)
                .collect();
            let mut places: Vec<u64> = messages.iter().map(|message| message.seq).collect();
            places.sort_unstable();
            let dense = places.iter().zip(1..).all(|(place, expected)| *place == expected);
            let heard = messages.iter().filter(|message| message.author == Author::Contact).count();
            let (count, unread) = (head.record.message_count, head.record.unread);
            if !dense || count != number(messages.len()) || unread != number(heard) {
                let id = head.record.id;
                findings.broken(format!("I3 {id} says {count}, {unread} unread; has {places:?}"));
            }
        }
        let wrote: std::collections::BTreeSet<_> =
            self.ledger.said.iter().map(|said| (said.firm, &said.phone)).collect();
        if people.len() != wrote.len() || people.values().any(|conversations| *conversations != 1) {
            findings.broken(format!("I3 {} people have conversations {people:?}", wrote.len()));
        }
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap()
}
