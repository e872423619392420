//! What is posted: drawn once from a seed.

use std::collections::BTreeMap;

use domain::Clock as _;
use local::seed::COMPANIES;
use serde_json::{Value, json};
use tenancy::policy::{Action, allows_in_project};

/// A small generator; the same seed draws the same.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `limit` (xorshift64*).
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % limit
    }
}

/// What a message is meant to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// From a member: makes a task.
    Task,
    /// From a stranger: is stored.
    Note,
    /// Cannot be read: is quarantined.
    Poison,
}

#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) number: usize,
    pub(crate) from: String,
    pub(crate) meaning: Meaning,
}

impl Planned {
    pub(crate) fn wamid(&self) -> String {
        format!("wamid.KILL{}", self.number)
    }

    pub(crate) fn title(&self) -> String {
        format!("inspect scaffold number {}", self.number)
    }

    fn item(&self) -> Value {
        let body = match self.meaning {
            Meaning::Task => format!("add a task: {}", self.title()),
            Meaning::Note | Meaning::Poison => format!("note {}", self.number),
        };
        let seconds = telemetry::SystemClock.now().as_second().to_string();
        let timestamp =
            if self.meaning == Meaning::Poison { "no time".to_owned() } else { seconds };
        json!({
            "from": self.from, "id": self.wamid(), "timestamp": timestamp, "type": "text",
            "text": { "body": body },
        })
    }
}

/// One call of Meta: one to five messages of one person, in order.
#[derive(Debug, Clone)]
pub(crate) struct Call(Vec<Planned>);

impl Call {
    pub(crate) fn body(&self) -> Vec<u8> {
        let items: Vec<Value> = self.0.iter().map(Planned::item).collect();
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": "1", "phone_number_id": COMPANIES[0].phone_number_id,
            },
            "messages": items,
        });
        let entry = json!({ "id": "1", "changes": [{ "field": "messages", "value": value }] });
        json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().into_bytes()
    }
}

pub(crate) struct Plan {
    pub(crate) messages: Vec<Planned>,
    calls: BTreeMap<String, Vec<Call>>,
}

impl Plan {
    pub(crate) fn draw(chance: &mut Chance, count: usize) -> Self {
        let members: Vec<&str> = COMPANIES[0]
            .people
            .iter()
            .filter(|person| allows_in_project(person.role.project, Action::ChangeTasks))
            .map(|person| person.phone.trim_start_matches('+'))
            .collect();
        let mut messages = Vec::new();
        let mut calls: BTreeMap<String, Vec<Call>> = BTreeMap::new();
        while messages.len() < count {
            let member = chance.below(100) < 15;
            let from = if member {
                members[chance.below(members.len())].to_owned()
            } else {
                format!("4915100000{:03}", chance.below(60))
            };
            let mut call = Vec::new();
            for _ in 0..=chance.below(5) {
                let meaning = match (chance.below(100), member) {
                    (0, _) => Meaning::Poison,
                    (_, true) => Meaning::Task,
                    (_, false) => Meaning::Note,
                };
                let number = messages.len();
                let planned = Planned { number, from: from.clone(), meaning };
                messages.push(planned.clone());
                call.push(planned);
            }
            let calls = calls.entry(from).or_default();
            calls.push(Call(call.clone()));
            // Meta sends some twice though it heard 200.
            if chance.below(100) < 15 {
                calls.push(Call(call));
            }
        }
        Self { messages, calls }
    }

    /// About how many calls of Graph and reports of Meta the answers will take: each is marked as
    /// read, sent, and reported sent, delivered and read.
    pub(crate) fn exchanges(&self) -> usize {
        5 * self.messages.iter().filter(|planned| planned.meaning == Meaning::Task).count()
    }

    /// The calls spread over lanes; a person's calls stay in one and in order.
    pub(crate) fn lanes(&self, count: usize) -> Vec<Vec<Call>> {
        let mut lanes = vec![Vec::new(); count];
        for calls in self.calls.values() {
            let shortest = lanes.iter_mut().min_by_key(|lane| lane.len()).unwrap();
            shortest.extend(calls.iter().cloned());
        }
        lanes
    }
}
