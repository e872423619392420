//! Read and write units of DynamoDB, as it tells them: for one of each thing that happens, and
//! for a mix of them, with the functions' own time.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use domain::Clock as _;
use embedded_aws::Data;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use testkit::MovingClock;

use crate::cost::Mix;
use crate::intake;
use crate::meta::{self, TEXTS};
use crate::meter::Spent;
use crate::report::{Table, figure, micros, ratio};
use crate::seed::{Seed, phone};
use crate::site::{Setup, Site};
use crate::source::{self, Queue};

const STRANGER: &str = "4915112345678";
const DAY_S: i64 = 86_400;
/// What Meta tells of a message of ours.
const STATUSES: [&str; 3] = ["sent", "delivered", "read"];
/// Messages of the mix, from as many strangers as members.
const MESSAGES: usize = 400;
const MEMBERS: usize = 5;

/// A site that is written to, one message at a time, on a clock of its own.
struct Chat {
    site: Site,
    clock: Arc<MovingClock>,
    messages: usize,
}

pub(crate) async fn measure() -> Result<Table> {
    let mut table = Table::new("DynamoDB units", &["writes", "reads", "calls; writes by place"]);
    let mut chat = Chat::begin(20).await?;
    chat.strangers(&mut table).await?;
    chat.members(&mut table).await?;
    let mut large = Chat::begin(200).await?;
    let status = large.say(&phone(1), "what is the status of the project?", 1).await?;
    table.row("status_request, 200 tasks", cells(&status));
    Ok(table)
}

/// Members and strangers write what they write, seven seconds apart.
pub(crate) async fn mix(posts: usize) -> Result<Mix> {
    let intake = intake::post(posts).await?;
    Chat::begin(20).await?.mix(intake).await
}

/// Means for one inbound message.
pub(crate) fn means(mix: &Mix) -> Table {
    let mut table = Table::new("mean for a message", &["writes", "reads", "own µs"]);
    for (name, spent) in [
        ("processor, the message".to_owned(), &mix.processor),
        ("dispatcher".to_owned(), &mix.dispatcher),
        ("dispatcher, audit entries one by one".to_owned(), &mix.linker),
        (format!("sender, {} answers for {} messages", mix.answers, mix.messages), &mix.sender),
        ("processor, three statuses for an answer".to_owned(), &mix.statuses),
    ] {
        let own = micros(spent.took.saturating_sub(spent.waited));
        table.row(name, [spent.writes, spent.reads, own].map(|sum| ratio(sum, mix.messages)));
    }
    table
}

impl Chat {
    async fn begin(tasks: usize) -> Result<Self> {
        let clock = Arc::new(MovingClock::default());
        let seed = Seed { projects: 1, members: MEMBERS, tasks };
        let (data, the_clock) = (Data::Memory, Arc::clone(&clock) as Arc<_>);
        let setup = Setup { data, clock: the_clock, seed, is_metered: true };
        Ok(Self { site: Site::start(setup).await?, clock, messages: 0 })
    }

    async fn strangers(&mut self, table: &mut Table) -> Result<()> {
        let text = "good morning, who is responsible for the tower?";
        let first = self.say(STRANGER, text, 0).await?;
        table.row("unknown contact, first message, answered", cells(&first));
        let [dispatched, sent] = self.deliver().await?;
        table.row("dispatch: an answer to its queue", cells(&dispatched));
        table.row("send: an answer to Graph", cells(&sent));
        for status in STATUSES {
            table.row(format!("status webhook: {status}"), cells(&self.report(status).await?));
        }
        let text = "I have a question about the parking";
        for (name, wait) in [("", 1), (", next inbox minute", 61)] {
            let spent = self.say(STRANGER, text, wait).await?;
            table.row(format!("known stranger, no answer{name}"), cells(&spent));
        }
        Ok(())
    }

    async fn members(&mut self, table: &mut Table) -> Result<()> {
        let foreman = phone(1);
        let long = "the concrete truck is at the gate and the crew is waiting on level 7. ";
        self.say(&foreman, "hello", 61).await?;
        for (name, text, wait) in [
            ("member, no answer", "thank you", 1),
            ("member, no answer, next inbox minute", "thank you", 61),
            ("member, answered", "hello", 1),
            ("member, answered, next inbox minute", "hello", 61),
            ("member, 1,000 characters", &long.repeat(14), 1),
            ("status_request", "what is the status of the project?", 1),
            ("task_create", "please add a task: fix the waterproofing before thursday", 1),
            ("task_progress", "progress on the waterproofing is 60%", 1),
            ("issue_report, manager told", "there is a big crack in column C3, urgent", 1),
            ("cost_report, proposed", "paid 1,500.50 AED for cement bags", 1),
        ] {
            table.row(name, cells(&self.say(&foreman, text, wait).await?));
            self.deliver().await?;
        }
        table.row("audit: 5 entries into their chain", cells(&self.link().await?));
        let tap = self.site.graph.tap()?;
        let confirmed = self.take_in(&foreman, ("interactive", &tap), 1).await?;
        table.row("cost_report, confirmed by a tap", cells(&confirmed));
        table.row("audit: an entry into its chain", cells(&self.link().await?));
        self.messages -= 1;
        let again = self.take_in(&foreman, ("interactive", &tap), DAY_S).await?;
        table.row("a duplicate, a day later", cells(&again));
        Ok(())
    }

    async fn mix(&mut self, intake: Duration) -> Result<Mix> {
        let before = self.site.stored_bytes().await?;
        let [processor, dispatcher, linker, sender, statuses] = Default::default();
        let messages = Decimal::from(MESSAGES);
        let answers = Decimal::ZERO;
        let mut mix = Mix {
            messages,
            answers,
            processor,
            dispatcher,
            linker,
            sender,
            statuses,
            stored_bytes: 0,
            intake,
        };
        for number in 0..MESSAGES {
            let text = TEXTS.iter().cycle().nth(number / (2 * MEMBERS)).unwrap_or(&"");
            mix.processor.add(self.say(&phone(number % (2 * MEMBERS)), text, 7).await?);
            let before = self.site.graph.last().0;
            let [dispatched, sent] = self.deliver().await?;
            mix.dispatcher.add(dispatched);
            mix.linker.add(self.link().await?);
            mix.sender.add(sent);
            if before != self.site.graph.last().0 {
                mix.answers += Decimal::ONE;
                for status in STATUSES {
                    mix.statuses.add(self.report(status).await?);
                }
            }
        }
        mix.stored_bytes = self.site.stored_bytes().await?.saturating_sub(before);
        Ok(mix)
    }

    async fn say(&mut self, from: &str, text: &str, wait_s: i64) -> Result<Spent> {
        self.take_in(from, ("text", &json!({ "body": text })), wait_s).await
    }

    /// A message comes so many seconds later; what the processor spends on it.
    async fn take_in(
        &mut self,
        from: &str,
        (kind, content): (&str, &Value),
        wait_s: i64,
    ) -> Result<Spent> {
        self.pass(wait_s);
        let item = meta::message(from, self.messages, self.clock.now(), kind, content);
        self.messages += 1;
        self.site.post(meta::body("messages", &item)).await?;
        self.worked(Queue::Inbound).await
    }

    /// Sends what waits to be sent: what dispatcher and sender spend.
    async fn deliver(&mut self) -> Result<[Spent; 2]> {
        self.site.meter.take();
        let mut dispatched = Spent::default();
        loop {
            let step = self.site.dispatch(source::Table::Jobs).await?;
            dispatched.add(Spent { took: step.took, ..self.site.meter.take() });
            if step.count == 0 {
                break;
            }
        }
        let mut sent = Spent::default();
        loop {
            let step = self.site.work(Queue::Outbound).await?;
            sent.add(Spent { took: step.took, ..self.site.meter.take() });
            if step.count == 0 {
                return Ok([dispatched, sent]);
            }
        }
    }

    /// Brings what was told to the audit log into its chain: what that takes.
    async fn link(&self) -> Result<Spent> {
        self.site.meter.take();
        let mut linked = Spent::default();
        loop {
            let step = self.site.dispatch(source::Table::Audit).await?;
            linked.add(Spent { took: step.took, ..self.site.meter.take() });
            if step.count == 0 {
                return Ok(linked);
            }
        }
    }

    /// A status of the last message of ours.
    async fn report(&mut self, status: &str) -> Result<Spent> {
        self.pass(1);
        let (id, sent) = self.site.graph.last();
        let item = json!({
            "id": id,
            "status": status,
            "timestamp": self.clock.now().as_second().to_string(),
            "recipient_id": sent["to"],
            "biz_opaque_callback_data": sent["biz_opaque_callback_data"],
        });
        self.site.post(meta::body("statuses", &item)).await?;
        self.worked(Queue::Statuses).await
    }

    async fn worked(&self, queue: Queue) -> Result<Spent> {
        self.site.meter.take();
        let step = self.site.work(queue).await?;
        ensure!(step.count == 1, "a message of {queue:?} was not taken");
        Ok(Spent { took: step.took, ..self.site.meter.take() })
    }

    fn pass(&self, seconds: i64) {
        self.clock.advance(seconds);
        self.site.aws.wake();
    }
}

fn cells(spent: &Spent) -> [Value; 3] {
    let calls = spent.calls.iter().map(|(operation, count)| format!("{count} {operation}"));
    let places =
        spent.written.iter().map(|(place, units)| format!("{place} {}", units.normalize()));
    let text = [calls.collect::<Vec<_>>().join(" "), places.collect::<Vec<_>>().join(" ")];
    [figure(spent.writes), figure(spent.reads), text.join("; ").into()]
}
