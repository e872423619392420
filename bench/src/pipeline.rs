//! The whole way of a message, Meta's post to Meta's Graph: stage by stage, then all at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use embedded_aws::Data;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use telemetry::SystemClock;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::meta::{self, TEXTS};
use crate::report::{Table, micros, rate, ratio};
use crate::seed::{Seed, phone};
use crate::site::{Setup, Site};
use crate::source::{self, Queue};

/// People who write; half of them are members.
const CONTACTS: usize = 100;
const SEED: Seed = Seed { projects: 5, members: 10, tasks: 20 };
/// Batches of one queue worked off at once, as the embedded stack does.
const WORKERS: usize = 4;
const REST: Duration = Duration::from_millis(20);

/// How far a run is; each stage ends when the one before has and nothing is left.
struct Run {
    site: Site,
    messages: usize,
    posted: AtomicUsize,
    stored: AtomicUsize,
    dispatched: AtomicUsize,
    is_dispatched: AtomicBool,
    sent: AtomicUsize,
}

pub(crate) async fn measure(messages: usize) -> Result<Table> {
    let mut table = Table::new("pipeline", &["items", "ms", "per s", "cpu µs"]);
    let directory = tempfile::tempdir()?;
    let file = |name: &str| Data::Directory(directory.path().join(name));
    for (place, apart, together) in
        [("memory", Data::Memory, Data::Memory), ("file", file("apart"), file("together"))]
    {
        let run = Run::new(apart, messages).await?;
        let posted = timed(spawn(&run, WORKERS, Run::post)).await?;
        let stored = timed(spawn(&run, WORKERS, Run::process)).await?;
        let dispatched = timed(spawn(&run, 1, Run::dispatch)).await?;
        let sent = timed(spawn(&run, WORKERS, Run::send)).await?;
        let items = run.dispatched.load(Ordering::Acquire);
        let run = Run::new(together, messages).await?;
        let all = timed(async {
            tokio::try_join!(
                spawn(&run, WORKERS, Run::post),
                spawn(&run, WORKERS, Run::process),
                spawn(&run, 1, Run::dispatch),
                spawn(&run, WORKERS, Run::send),
            )
            .map(|_| ())
        });
        for (stage, count, (time, cpu)) in [
            ("webhook: a post to inbound.fifo", messages, posted),
            ("processor: inbound.fifo to tables", messages, stored),
            ("dispatcher: stream to outbound", items, dispatched),
            ("sender: outbound to Graph", items, sent),
            ("messages, all stages at once", messages, all.await?),
        ] {
            let ms = u64::try_from(time.as_millis())?;
            let each = cpu.map_or(Value::Null, |cpu| ratio(micros(cpu), Decimal::from(count)));
            let cells = [count.into(), ms.into(), rate(count, time), each];
            table.row(format!("{place}, {stage}"), cells);
        }
    }
    Ok(table)
}

/// How long it took, and how much of the processors, the embedded services' part included.
async fn timed(work: impl Future<Output = Result<()>>) -> Result<(Duration, Option<Duration>)> {
    let (begun, before) = (Instant::now(), cpu());
    work.await?;
    let took = begun.elapsed();
    Ok((took, cpu().zip(before).map(|(after, before)| after.saturating_sub(before))))
}

/// Processor time of this process so far: the figure that others on the machine change least.
/// Linux tells it, in hundredths of a second.
fn cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Some(Duration::from_millis(ticks.sum::<Result<u64, _>>().ok()? * 10))
}

async fn spawn<F>(run: &Arc<Run>, workers: usize, stage: impl Fn(Arc<Run>) -> F) -> Result<()>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for _ in 0..workers {
        tasks.spawn(stage(Arc::clone(run)));
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

impl Run {
    async fn new(data: Data, messages: usize) -> Result<Arc<Self>> {
        let setup = Setup { data, clock: Arc::new(SystemClock), seed: SEED, is_metered: false };
        Ok(Arc::new(Self {
            site: Site::start(setup).await?,
            messages,
            posted: AtomicUsize::new(0),
            stored: AtomicUsize::new(0),
            dispatched: AtomicUsize::new(0),
            is_dispatched: AtomicBool::new(false),
            sent: AtomicUsize::new(0),
        }))
    }

    async fn post(self: Arc<Self>) -> Result<()> {
        loop {
            let number = self.posted.fetch_add(1, Ordering::AcqRel);
            if number >= self.messages {
                return Ok(());
            }
            let text = TEXTS.iter().cycle().nth(number / CONTACTS).copied().unwrap_or_default();
            let content = json!({ "body": text });
            let (from, at) = (phone(number % CONTACTS), self.site.clock.now());
            let item = meta::message(&from, number, at, "text", &content);
            self.site.post(meta::body("messages", &item)).await?;
        }
    }

    async fn process(self: Arc<Self>) -> Result<()> {
        while self.stored.load(Ordering::Acquire) < self.messages {
            let done = self.site.work(Queue::Inbound).await?.count;
            self.stored.fetch_add(done, Ordering::AcqRel);
            if done == 0 {
                sleep(REST).await;
            }
        }
        Ok(())
    }

    async fn dispatch(self: Arc<Self>) -> Result<()> {
        loop {
            let is_last = self.stored.load(Ordering::Acquire) >= self.messages;
            let read = self.site.dispatch(source::Table::Jobs).await?;
            self.dispatched.fetch_add(read.inserted, Ordering::AcqRel);
            if read.count == 0 && is_last {
                self.is_dispatched.store(true, Ordering::Release);
                return Ok(());
            }
            if read.count == 0 {
                sleep(REST).await;
            }
        }
    }

    async fn send(self: Arc<Self>) -> Result<()> {
        loop {
            let is_last = self.is_dispatched.load(Ordering::Acquire);
            let done = self.site.work(Queue::Outbound).await?.count;
            let sent = self.sent.fetch_add(done, Ordering::AcqRel) + done;
            if done == 0 && is_last && sent >= self.dispatched.load(Ordering::Acquire) {
                return Ok(());
            }
            if done == 0 {
                sleep(REST).await;
            }
        }
    }
}
