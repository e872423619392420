//! A day of a few firms, with faults at every service until its last hour.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

use campaign::check::{self, Check, Findings};
use campaign::ledger::{Ledger, Want};
use campaign::script::{Call, Mix, Script, Steps};
use campaign::storage::{Owned, Storage};
use domain::Clock;
use domain::message::{Direction, Message};
use futures::future::join_all;
use testkit::{Dice, Fault, Faults};

use super::posting;
use super::pump::{Mishaps, Pump};
use super::world::World;

/// Out of a hundred calls so many are made again although they were answered with 200.
const REPEATED: u8 = 15;
/// Later than SQS remembers what it has seen.
const BEYOND_WINDOW_S: i64 = 310;

/// Of what the people say.
pub(crate) const MIX: Mix = Mix { sizes: &[1, 1, 2, 2, 3], poison_every: Some(97) };

const DYNAMODB: Faults =
    Faults { refused: 2, throttled: 2, broken: 2, lost: 3, partial: 0, stale: 0 };
const SQS: Faults = Faults { refused: 3, throttled: 3, broken: 3, lost: 4, partial: 8, stale: 0 };
const GRAPH: Faults = Faults { refused: 4, throttled: 5, broken: 4, lost: 5, partial: 0, stale: 0 };
const MISHAPS: Mishaps = Mishaps { unacknowledged: 2, lost_batch: 8 };

/// Whether services fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Calm,
    Rough,
}

/// A campaign and what it has led to.
pub(crate) struct Campaign {
    pub(crate) world: World,
    pub(crate) ledger: Ledger,
    pub(crate) waiting: Vec<String>,
    seconds: f64,
}

impl Campaign {
    /// Plays so many waves, and in the end what is left without faults.
    pub(crate) async fn play(seed: u64, members: &[usize], waves: usize, weather: Weather) -> Self {
        let world = World::start(seed, members).await;
        let started = Instant::now();
        let ledger = RefCell::default();
        let waiting = {
            let day = Day {
                world: &world,
                ledger: &ledger,
                pump: Pump::new(&world, &ledger, seed ^ 3).await,
                dice: RefCell::new(Dice::new(seed ^ 4)),
                late: RefCell::default(),
            };
            day.play(seed, waves, weather).await;
            day.pump.waiting().await
        };
        let seconds = started.elapsed().as_secs_f64();
        Self { ledger: ledger.into_inner(), waiting, world, seconds }
    }

    /// Reads everything that is stored and compares it with what was said.
    pub(crate) async fn check(&self) -> (Storage, Findings) {
        let storage = self.world.storage().await;
        let mut findings = Check {
            firms: &self.world.firms,
            ledger: &self.ledger,
            storage: &storage,
            copies: &self.world.graph.copies(0),
            waiting: &self.waiting,
        }
        .run();
        let (store, now) = (self.world.cloud.store(), self.world.cloud.clock.now());
        check::chains(&store, &self.world.firms, now, &mut findings).await;
        (storage, findings)
    }

    pub(crate) fn figures(&self, storage: &Storage, findings: &Findings) -> Figures {
        let inbound = |m: &&_| is_inbound(m);
        let mut effects: BTreeMap<String, usize> = BTreeMap::new();
        for message in &storage.messages {
            for effect in &message.record.effects {
                *effects.entry(effect.kind.clone()).or_default() += 1;
            }
        }
        let injected = self
            .world
            .services
            .all()
            .map(|(name, service)| (name, service.requests(), service.injected()));
        let stored = storage.messages.iter().filter(inbound).count();
        Figures {
            accepted: self.ledger.said.len(),
            stored,
            quarantined: storage.quarantined.len(),
            refused: self.ledger.refused,
            repeated: self.ledger.repeated,
            absorbed: counted(&self.world, "outcome=\"duplicate\""),
            retried: counted(&self.world, "outcome=\"retried\""),
            lost_batches: self.ledger.lost_batches,
            unacknowledged: self.ledger.unacknowledged,
            effects,
            replies: storage.messages.len() - stored,
            told: storage.audit.len(),
            copies: self.world.graph.copies(0).len(),
            sent_again: findings.repeated,
            doubled: findings.doubled,
            undecided: findings.undecided,
            turned_in_call: findings.turned_in_call,
            statuses: self.ledger.reported.len(),
            injected: injected.to_vec(),
            seconds: self.seconds,
        }
    }
}

/// What a campaign came to, in numbers.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) accepted: usize,
    stored: usize,
    pub(crate) quarantined: usize,
    refused: usize,
    repeated: usize,
    pub(crate) absorbed: u64,
    retried: u64,
    lost_batches: usize,
    unacknowledged: usize,
    effects: BTreeMap<String, usize>,
    replies: usize,
    told: usize,
    copies: usize,
    sent_again: usize,
    doubled: usize,
    undecided: usize,
    turned_in_call: usize,
    statuses: usize,
    pub(crate) injected: Vec<(&'static str, u64, BTreeMap<Fault, u64>)>,
    seconds: f64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "accepted {} = stored {} + quarantined {}; calls refused {}, made twice {}",
            self.accepted, self.stored, self.quarantined, self.refused, self.repeated
        )?;
        writeln!(
            f,
            "duplicates absorbed {}, records retried {}, not acknowledged {}, stream \
            batches lost {}",
            self.absorbed, self.retried, self.unacknowledged, self.lost_batches
        )?;
        writeln!(
            f,
            "effects {:?}; audit entries, each linked once, {}; statuses {}",
            self.effects, self.told, self.statuses
        )?;
        writeln!(
            f,
            "messages of ours {}, copies at Graph {}, sent again {}, of them doubled {}, \
            undecided {}",
            self.replies, self.copies, self.sent_again, self.doubled, self.undecided
        )?;
        for (name, requests, injected) in &self.injected {
            writeln!(f, "{name}: {requests} requests, {injected:?}")?;
        }
        write!(f, "turned within a call {}; {:.1} s", self.turned_in_call, self.seconds)
    }
}

/// A campaign under way.
struct Day<'a> {
    world: &'a World,
    ledger: &'a RefCell<Ledger>,
    pump: Pump<'a>,
    dice: RefCell<Dice>,
    /// Calls to be made once more when SQS has forgotten them.
    late: RefCell<Vec<Vec<u8>>>,
}

impl Day<'_> {
    async fn play(&self, seed: u64, waves: usize, weather: Weather) {
        let mut script = Script::new(&self.world.firms, seed ^ 5, MIX);
        if weather == Weather::Rough {
            self.rage();
        }
        for wave in 0..waves {
            let steps = script.wave(&self.world.scene(&self.world.graph.copies(0)), wave);
            self.pass(steps).await;
            self.world.cloud.advance(BEYOND_WINDOW_S);
        }
        self.world.services.calm();
        self.pump.mishaps.set(Mishaps::default());
        let nothing = (0..script.seats()).map(|_| Vec::new()).collect();
        self.pass(nothing).await;
    }

    fn rage(&self) {
        let services = &self.world.services;
        services.dynamodb.set(DYNAMODB);
        services.sqs.set(SQS);
        services.graph.set(GRAPH);
        self.pump.mishaps.set(MISHAPS);
    }

    /// Everybody at once, each one step after the other, while the functions work.
    async fn pass(&self, people: Vec<Steps>) {
        let posting = Cell::new(true);
        let late = self.late.take();
        let calls = async {
            let old = join_all(late.iter().map(|body| posting::deliver(self.world, body)));
            let new = join_all(people.into_iter().map(|steps| self.speak(steps)));
            let (old, _) = futures::join!(old, new);
            self.ledger.borrow_mut().refused += old.iter().sum::<usize>();
            posting.set(false);
        };
        futures::join!(calls, self.pump.run(&posting));
    }

    async fn speak(&self, steps: Steps) {
        for step in steps {
            join_all(step.into_iter().map(|call| self.say(call))).await;
        }
    }

    async fn say(&self, call: Call) {
        let fate = {
            let mut dice = self.dice.borrow_mut();
            // These are few, and must be recognised again like everything else.
            let rare = call.said.iter().all(|said| said.want == Want::Quarantine);
            if rare { Some(2) } else { dice.percent(REPEATED).then(|| dice.below(3)) }
        };
        let deliver = || posting::deliver(self.world, &call.body);
        let refused = match fate {
            // The same call twice at once, twice in a row, or again when SQS has forgotten it.
            Some(0) => {
                let (first, second) = futures::join!(deliver(), deliver());
                first + second
            }
            Some(1) => deliver().await + deliver().await,
            Some(_) => {
                self.late.borrow_mut().push(call.body.clone());
                deliver().await
            }
            None => deliver().await,
        };
        let mut ledger = self.ledger.borrow_mut();
        ledger.refused += refused;
        ledger.repeated += usize::from(fate.is_some());
        ledger.notices += usize::from(call.said.is_empty());
        ledger.said.extend(call.said);
    }
}

fn is_inbound(message: &Owned<Message>) -> bool {
    message.record.direction == Direction::Inbound
}

/// The sum of a metric's lines that hold `label`.
fn counted(world: &World, label: &str) -> u64 {
    let text = world.cloud.metrics.prometheus_text();
    let lines = text.lines().filter(|line| line.contains(label));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}
