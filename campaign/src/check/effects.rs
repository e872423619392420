//! I2 and I3: what was done because of messages, and the counters that sum it up.

use std::collections::BTreeMap;

use domain::ConversationId;
use domain::message::{Author, Message};
use domain::project::{CostStatus, TaskStatus};

use super::{Check, Findings};
use crate::ledger::{Said, Want};

impl Check<'_> {
    /// I2: every effect has its record, every record its one cause, every answer its one question.
    pub(crate) fn effects_once(&self, findings: &mut Findings) {
        let mut caused: BTreeMap<(String, String), usize> = BTreeMap::new();
        for message in self.inbound() {
            for effect in &message.record.effects {
                *caused.entry((effect.kind.clone(), effect.id.clone())).or_default() += 1;
            }
        }
        for ((kind, id), times) in &caused {
            findings.look("I2", *times == 1, || format!("{kind} of {id} happened {times} times"));
        }
        let mut made: Vec<(&str, String)> = Vec::new();
        made.extend(self.storage.tasks.iter().map(|t| ("task_created", t.record.id.to_string())));
        made.extend(self.storage.costs.iter().map(|c| ("cost_proposed", c.record.id.to_string())));
        made.extend(
            self.storage.insights.iter().map(|i| ("insight_raised", i.record.id.to_string())),
        );
        for (kind, id) in made {
            let key = (kind.to_owned(), id);
            let has_cause = caused.remove(&key).is_some();
            findings.look("I2", has_cause, || format!("{} is there without a {kind}", key.1));
        }
        let makes = ["task_created", "cost_proposed", "insight_raised"];
        for (kind, id) in caused.keys().filter(|(kind, _)| makes.contains(&kind.as_str())) {
            findings.look("I2", false, || format!("{kind} of {id} left nothing"));
        }
        let stored: BTreeMap<_, _> =
            self.inbound().map(|m| ((m.firm, m.record.id), &m.record)).collect();
        let mut answers: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for answer in self.outbound() {
            if let Some(question) = answer.record.reply_to.as_deref() {
                *answers.entry((answer.firm, question)).or_default() += 1;
            }
        }
        for said in &self.ledger.said {
            // Whether it is there is another invariant's.
            let Some(message) = stored.get(&(said.firm, self.id_of(said))) else { continue };
            did_as_wanted(said, message, findings);
            let count = answers.get(&(said.firm, said.wamid.as_str())).copied().unwrap_or(0);
            let one = count == 1 || (count == 0 && said.want == Want::Kept);
            findings.look("I2", one, || format!("{} has {count} answers", said.wamid));
            if said.want == Want::Issue {
                self.told(said, findings);
            }
        }
        self.taps(findings);
    }

    /// The one manager of a firm hears of what others report, once.
    fn told(&self, said: &Said, findings: &mut Findings) {
        let reporter_manages = self.firms[said.firm].people[0].phone == said.phone;
        let notices = self.outbound().filter(|notice| {
            notice.record.author == Author::Notice
                && notice.record.content.text().contains(&said.word)
        });
        let notices = notices.count();
        findings.look("I2", notices == usize::from(!reporter_manages), || {
            format!("{notices} notices of {}", said.wamid)
        });
    }

    /// A tap counts once, however often it was made.
    fn taps(&self, findings: &mut Findings) {
        for button in self.ledger.tapped() {
            let id = button.rsplit('/').next().unwrap();
            let cost = self.storage.costs.iter().find(|cost| cost.record.id.to_string() == id);
            let task = self.storage.tasks.iter().find(|task| task.record.id.to_string() == id);
            let confirmed = cost.is_some_and(|cost| cost.record.status == CostStatus::Confirmed);
            let cancelled = task.is_some_and(|task| task.record.status == TaskStatus::Cancelled);
            findings
                .look("I2", confirmed || cancelled, || format!("{button} was tapped for nothing"));
        }
    }

    /// I3.
    pub(crate) fn counters(&self, findings: &mut Findings) {
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
            let kept_money = record.cost_confirmed_minor;
            findings.look("I3", kept == counted && kept_money == spent, || {
                format!("{kept:?} {kept_money}, counted {counted:?} {spent}")
            });
        }
        self.conversations(findings);
    }

    /// I3, and I11: an update that overwrote another would give a place twice.
    fn conversations(&self, findings: &mut Findings) {
        let mut people = BTreeMap::new();
        let mut of: BTreeMap<ConversationId, Vec<&Message>> = BTreeMap::new();
        for message in &self.storage.messages {
            of.entry(message.record.conversation).or_default().push(&message.record);
        }
        for head in &self.storage.heads {
            *people.entry((head.firm, head.record.contact)).or_insert(0) += 1;
            let messages = of.remove(&head.record.id).unwrap_or_default();
            let mut places: Vec<u64> = messages.iter().map(|message| message.seq).collect();
            places.sort_unstable();
            let dense = places.iter().zip(1..).all(|(place, expected)| *place == expected);
            let heard = messages.iter().filter(|message| message.author == Author::Contact).count();
            let (count, unread) = (head.record.message_count, head.record.unread);
            let id = head.record.id;
            findings.look("I11", dense, || format!("{id} has {places:?}"));
            let counted = (number(messages.len()), number(heard));
            findings.look("I3", (count, unread) == counted, || {
                format!("{id} says {count}, {unread} unread; has {counted:?}")
            });
        }
        findings.look("I3", of.is_empty(), || format!("messages of no conversation: {of:?}"));
        let wrote: std::collections::BTreeSet<_> =
            self.ledger.said.iter().map(|said| (said.firm, &said.phone)).collect();
        let one_each = people.values().all(|conversations| *conversations == 1);
        findings.look("I3", people.len() == wrote.len() && one_each, || {
            format!("{} people have conversations {people:?}", wrote.len())
        });
    }
}

fn did_as_wanted(said: &Said, message: &Message, findings: &mut Findings) {
    let kinds: Vec<&str> = message.effects.iter().map(|effect| effect.kind.as_str()).collect();
    let as_wanted = match &said.want {
        Want::Kept | Want::Quarantine => kinds.is_empty(),
        Want::Task => kinds == ["task_created"],
        Want::Cost => kinds == ["cost_proposed"],
        Want::Issue => kinds == ["insight_raised"],
        Want::Tap(_) => kinds.len() <= 1,
    };
    findings.look("I2", as_wanted, || format!("{} ({:?}) did {kinds:?}", said.wamid, said.want));
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap()
}
