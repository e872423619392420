//! The campaigns, one after the other on the same storage: each is checked, and all before it again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use campaign::check::{self, Check, Findings};
use campaign::ledger::{Reported, Want};
use campaign::phone;
use campaign::script::{Call, Mix, Scene, Script, Steps};
use campaign::storage::Storage;
use domain::Clock;
use futures::future::{join_all, try_join_all};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use telemetry::SystemClock;
use testkit::{Dice, Faults};

use crate::chaos::{Rates, locked};
use crate::ledgers::Books;
use crate::rig::Rig;
use crate::services::Weather;
use crate::waiting::Waiting;

/// Later than SQS remembers what it has seen.
const BEYOND_WINDOW_S: i64 = 310;
/// What is skipped when nothing moves. The functions' own waits, of up to a minute, go by the
/// machine's clock: what they wait for comes too early then, and that costs one of its receives.
const STALLED_S: i64 = 90;
const SEVEN_DAYS_S: i64 = 7 * 24 * 3_600;
/// Out of a hundred calls so many are made again although they were answered with 200, and of
/// those so many when SQS has forgotten them.
const REPEATED: u8 = 15;
const LATE: u8 = 70;
/// Calls of the redelivery at the same time.
const REDELIVERED_AT_ONCE: usize = 12;
/// How often Meta looks what there is to report.
const REPORT_EVERY: Duration = Duration::from_millis(300);
/// How often it is looked whether anything is left.
const LOOK_EVERY: Duration = Duration::from_millis(500);

const ROUGH: Weather = Weather {
    dynamodb: Faults { refused: 1, throttled: 1, broken: 1, lost: 3, partial: 0, stale: 10 },
    sqs: Faults { refused: 1, throttled: 1, broken: 1, lost: 3, partial: 3, stale: 0 },
    graph: Faults { refused: 2, throttled: 2, broken: 2, lost: 3, partial: 0, stale: 0 },
};

/// What is played.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) messages: usize,
    /// How long the quiet after a campaign may take.
    pub(crate) patience: Duration,
    /// Without anything whose end takes the functions a minute: no answer of Graph is lost and no
    /// sender dies.
    pub(crate) is_quick: bool,
    /// Only messages that are kept, and only counts are checked.
    pub(crate) is_plain: bool,
}

/// A campaign in figures.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) messages: usize,
    pub(crate) seconds: f64,
    pub(crate) quiet_seconds: f64,
    pub(crate) findings: Findings,
}

/// Plays on a rig.
pub(crate) struct Play<'a> {
    rig: &'a Rig,
    pub(crate) books: Books,
    script: Mutex<Script>,
    dice: Mutex<Dice>,
    /// Copies at Graph that were looked at for statuses.
    reported: AtomicUsize,
    wave: AtomicUsize,
    is_over: AtomicBool,
    size: Size,
}

impl<'a> Play<'a> {
    pub(crate) fn new(rig: &'a Rig, seed: u64, size: Size) -> Self {
        let poison_every = match size.messages {
            _ if size.is_plain => None,
            ..2_000 => Some(97),
            2_000.. => Some(500),
        };
        let mix = Mix { sizes: &[1, 2, 3, 4, 5], poison_every };
        Self {
            rig,
            books: Books::default(),
            script: Mutex::new(Script::new(&rig.firms, seed ^ 5, mix)),
            dice: Mutex::new(Dice::new(seed ^ 4)),
            reported: AtomicUsize::new(0),
            wave: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
            size,
        }
    }

    /// R1 and R4: intake to answer among faults and kills, statuses in any order and twice.
    pub(crate) async fn intake(&self) -> Result<Stage> {
        let rates = Rates {
            before_write: 4,
            after_write: 4,
            in_send: 4,
            before_ack: 8,
            random_every: Duration::from_millis(2_500),
            lost_batch: 60,
            ..Rates::default()
        };
        self.stage("R1 and R4", self.size.messages, (self.fitting(ROUGH), self.fitted(rates))).await
    }

    /// Half of the messages without any fault.
    pub(crate) async fn calm(&self) -> Result<Stage> {
        let nothing = (Weather::default(), Rates::default());
        self.stage("calm", self.size.messages / 2, nothing).await
    }

    /// The others with the faults of R1.
    pub(crate) async fn rough(&self) -> Result<Stage> {
        let rates = Rates { before_write: 4, after_write: 4, before_ack: 8, ..Rates::default() };
        self.stage("rough", self.size.messages, (ROUGH, rates)).await
    }

    /// R3: environments that are paused for longer than anybody waits for them, and go on.
    pub(crate) async fn pauses(&self) -> Result<Stage> {
        let rates = Rates { pause: 7, long_pause: 150, ..Rates::default() };
        let until = self.books.said() + self.size.messages / 10;
        self.stage("R3", until, (self.fitting(ROUGH), self.fitted(rates))).await
    }

    /// R2: everything once more, in another order, seven days later.
    pub(crate) async fn redelivery(&self) -> Result<Stage> {
        let begun = Instant::now();
        self.rig.skip(SEVEN_DAYS_S);
        let mut calls = locked(&self.books.calls).clone();
        locked(&self.dice).shuffle(&mut calls);
        let refused: Vec<usize> = stream::iter(calls.iter())
            .map(|body| self.rig.meta.deliver(body))
            .buffer_unordered(REDELIVERED_AT_ONCE)
            .try_collect()
            .await?;
        self.note(refused.iter().sum(), calls.len());
        self.end_of("R2", (self.books.said(), begun)).await
    }

    /// What a quick campaign has the time for.
    fn fitted(&self, rates: Rates) -> Rates {
        Rates { spares_senders: self.size.is_quick, ..rates }
    }

    fn fitting(&self, weather: Weather) -> Weather {
        if self.size.is_quick {
            // Of these nobody knows what became of the message, for a minute.
            let graph = Faults { lost: 0, broken: 0, refused: 0, ..weather.graph };
            return Weather { graph, ..weather };
        }
        weather
    }

    /// Waves until so many messages were said in all, in bad weather; then quiet, and the check.
    async fn stage(
        &self,
        name: &'static str,
        until: usize,
        (weather, rates): (Weather, Rates),
    ) -> Result<Stage> {
        let (before, begun) = (self.books.said(), Instant::now());
        self.rig.services.set(weather);
        self.rig.chaos.set(rates);
        let waves = async {
            while self.books.said() < until {
                self.wave().await?;
            }
            self.is_over.store(true, Ordering::SeqCst);
            anyhow::Ok(())
        };
        self.is_over.store(false, Ordering::SeqCst);
        futures::try_join!(waves, self.report())?;
        self.end_of(name, (self.books.said() - before, begun)).await
    }

    /// Everybody at once, each one step after the other.
    async fn wave(&self) -> Result<()> {
        let number = self.wave.fetch_add(1, Ordering::SeqCst);
        let copies = self.rig.graph.copies(0);
        let people: Vec<Steps> = {
            let scene = Scene { firms: &self.rig.firms, copies: &copies, now: SystemClock.now() };
            // The first one only opens conversations.
            locked(&self.script).wave(&scene, if self.size.is_plain { 0 } else { number })
        };
        let late = std::mem::take(&mut *locked(&self.books.late));
        let old = try_join_all(late.iter().map(|body| self.rig.meta.deliver(body)));
        let new = try_join_all(people.into_iter().map(|steps| self.speak(steps)));
        let (old, _) = futures::try_join!(old, new)?;
        self.note(old.iter().sum(), 0);
        // The queues forget what they have seen; what they still hold would come too early.
        self.until(|waiting| waiting.inbound, false).await?;
        self.rig.skip(BEYOND_WINDOW_S);
        tracing::info!(wave = number, said = self.books.said(), "a wave is over");
        Ok(())
    }

    async fn speak(&self, steps: Steps) -> Result<()> {
        for step in steps {
            try_join_all(step.into_iter().map(|call| self.say(call))).await?;
        }
        Ok(())
    }

    async fn say(&self, call: Call) -> Result<()> {
        let rare = call.said.iter().any(|said| said.want == Want::Quarantine);
        let (again, is_late, at_once) = {
            let mut dice = locked(&self.dice);
            // These are few, and must be recognised again like everything else.
            (rare || dice.percent(REPEATED), rare || dice.percent(LATE), dice.percent(50))
        };
        let deliver = || self.rig.meta.deliver(&call.body);
        let refused = match (again, is_late, at_once) {
            (false, _, _) => deliver().await?,
            (true, true, _) => {
                let refused = deliver().await?;
                locked(&self.books.late).push(call.body.clone());
                refused
            }
            (true, false, true) => {
                let both = join_all([deliver(), deliver()]).await;
                both.into_iter().sum::<Result<usize>>()?
            }
            (true, false, false) => deliver().await? + deliver().await?,
        };
        self.note(refused, usize::from(again));
        let mut ledger = locked(&self.books.ledger);
        ledger.notices += usize::from(call.said.is_empty());
        ledger.said.extend(call.said);
        locked(&self.books.calls).push(call.body);
        Ok(())
    }

    fn note(&self, refused: usize, repeated: usize) {
        let mut ledger = locked(&self.books.ledger);
        ledger.refused += refused;
        ledger.repeated += repeated;
    }

    /// Meta tells what became of the messages it took, for as long as people talk.
    async fn report(&self) -> Result<()> {
        while !self.is_over.load(Ordering::SeqCst) {
            tokio::time::sleep(REPORT_EVERY).await;
            self.report_new().await?;
        }
        Ok(())
    }

    /// Whether there was anything to report.
    async fn report_new(&self) -> Result<bool> {
        let copies = self.rig.graph.copies(self.reported.load(Ordering::SeqCst));
        self.reported.fetch_add(copies.len(), Ordering::SeqCst);
        let now = SystemClock.now().as_second();
        let mut calls = Vec::new();
        for copy in &copies {
            let mut dice = locked(&self.dice);
            let statuses = phone::reports(&mut dice);
            let callback = dice.percent(70).then(|| copy.callback.clone());
            let firm = self.rig.firms.iter().position(|firm| firm.number == copy.number);
            let Some(firm) = firm.filter(|_| !statuses.is_empty()) else { continue };
            let item =
                |status: &&str| phone::status(&copy.provider_id, callback.as_deref(), status, now);
            let items: Vec<_> = statuses.iter().map(item).collect();
            let body = phone::body(&self.rig.firms[firm], "statuses", &items);
            let reports: Vec<_> = statuses
                .into_iter()
                .map(|status| Reported {
                    firm,
                    provider_id: copy.provider_id.clone(),
                    callback: callback.clone(),
                    status,
                })
                .collect();
            calls.push((body, reports, dice.percent(REPEATED)));
        }
        let any = !calls.is_empty();
        try_join_all(calls.into_iter().map(|(body, reports, again)| async move {
            let mut refused = self.rig.meta.deliver(&body).await?;
            if again {
                refused += self.rig.meta.deliver(&body).await?;
            }
            self.note(refused, usize::from(again));
            locked(&self.books.ledger).reported.extend(reports);
            locked(&self.books.calls).push(body);
            anyhow::Ok(())
        }))
        .await?;
        Ok(any)
    }

    /// The sky clears, everything comes to rest, and storage is read and checked.
    async fn end_of(
        &self,
        name: &'static str,
        (messages, begun): (usize, Instant),
    ) -> Result<Stage> {
        let seconds = begun.elapsed().as_secs_f64();
        let quiet = Instant::now();
        self.rig.services.set(Weather::default());
        self.rig.chaos.set(Rates::default());
        let late = std::mem::take(&mut *locked(&self.books.late));
        try_join_all(late.iter().map(|body| self.rig.meta.deliver(body))).await?;
        self.until(Waiting::total, true).await?;
        let quiet_seconds = quiet.elapsed().as_secs_f64();
        let findings = self.check().await;
        tracing::info!(name, seconds, quiet_seconds, violations = findings.violations.len());
        Ok(Stage { name, messages, seconds, quiet_seconds, findings })
    }

    /// Waits until nothing of a kind is left twice in a row; says what is, when that takes too long.
    async fn until(&self, of: impl Fn(&Waiting) -> usize, reports: bool) -> Result<()> {
        let begun = Instant::now();
        let (mut calm, mut before, mut stalled) = (0, 0, 0);
        while calm < 2 {
            let any = reports && self.report_new().await?;
            let waiting = Waiting::now(self.rig).await?;
            let left = of(&waiting);
            calm = if any || left > 0 { 0 } else { calm + 1 };
            stalled = if left > 0 && left == before { stalled + 1 } else { 0 };
            before = left;
            if stalled == if self.size.is_quick { 6 } else { 20 } {
                // Something waits for its visibility timeout and nobody else for anything.
                self.rig.skip(STALLED_S);
                stalled = 0;
            }
            if begun.elapsed() > self.size.patience {
                bail!("this does not end: {waiting:?}");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    pub(crate) async fn storage(&self) -> Storage {
        Storage::read(&self.rig.aws.dynamodb(), &self.rig.firms).await
    }

    async fn check(&self) -> Findings {
        let storage = self.storage().await;
        let ledger = std::mem::take(&mut *locked(&self.books.ledger));
        let check = Check {
            firms: &self.rig.firms,
            ledger: &ledger,
            storage: &storage,
            copies: &self.rig.graph.copies(0),
            // Whoever waited has seen that there is nothing.
            waiting: &[],
        };
        let mut findings = if self.size.is_plain { check.counts() } else { check.run() };
        *locked(&self.books.ledger) = ledger;
        let now = SystemClock.now();
        check::chains(&self.rig.store, &self.rig.firms, now, &mut findings).await;
        findings
    }
}
