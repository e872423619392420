//! What a million inbound messages cost: the measured figures in AWS's prices.
//!
//! ```text
//! C = hooks·1.00/M + Σ invocations·0.20/M + Σ invocations·ms/1000·MB/1024·0.0000133334
//!   + sqs requests·0.50/M + writes·0.625/M + reads·0.125/M + GB·0.45 + GB of logs·0.53
//! ```
//!
//! Prices of us-east-1 in 2026, arm64, nothing free. Left out: X-Ray, media and alarms.

use std::time::Duration;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::meter::Spent;
use crate::report::{Table, figure, micros};

/// USD a million, and of a gigabyte.
const HOOK: Decimal = of(100, 2);
const INVOCATION: Decimal = of(20, 2);
const GB_SECOND: Decimal = of(133_334, 10);
const SQS_REQUEST: Decimal = of(50, 2);
const WRITE_UNIT: Decimal = of(625, 3);
const READ_UNIT: Decimal = of(125, 3);
/// A month of a table with its backup.
const STORED_GB: Decimal = of(45, 2);
/// Ingested, and kept for a month.
const LOGGED_GB: Decimal = of(53, 2);

/// Assumed. Lambda gives 1,769 MB a whole core.
const MEMORY_MB: Decimal = of(256, 0);
const CORE_MB: Decimal = of(1769, 0);
const STATUSES: Decimal = of(3, 0);
const BATCH: Decimal = of(4, 0);
const DYNAMODB_MS: Decimal = of(5, 0);
const TRANSACTION_MS: Decimal = of(10, 0);
const SQS_MS: Decimal = of(8, 0);
/// The mark that a message was read, and the answer.
const GRAPH_CALLS_MS: Decimal = of(300, 0);
/// Millions a month: three queues that are asked all the time.
const IDLE_POLLS: Decimal = of(195, 2);
/// KB of logs for a message or an answer.
const LOGS_KB: Decimal = of(9, 1);

/// So many of the last of so many places.
const fn of(mantissa: u32, places: u32) -> Decimal {
    Decimal::from_parts(mantissa, 0, 0, false, places)
}

/// What was measured, over a mix of messages.
pub(crate) struct Mix {
    pub(crate) messages: Decimal,
    pub(crate) answers: Decimal,
    pub(crate) processor: Spent,
    pub(crate) dispatcher: Spent,
    /// Audit entries brought into their chain, one by one: at most what it costs.
    pub(crate) linker: Spent,
    pub(crate) sender: Spent,
    pub(crate) statuses: Spent,
    /// What the tables hold more afterwards.
    pub(crate) stored_bytes: u64,
    /// A post to its answer.
    pub(crate) intake: Duration,
}

/// One line of the bill, for a million inbound messages.
struct Line {
    name: &'static str,
    inputs: String,
    usd: Decimal,
}

pub(crate) fn table(mix: &Mix) -> Table {
    let mut table = Table::new("a million inbound messages", &["USD", "for one message"]);
    let lines = lines(mix);
    let sum: Decimal = lines.iter().map(|line| line.usd).sum();
    for line in lines {
        table.row(line.name, [figure(line.usd), line.inputs.into()]);
    }
    table.row("sum", [figure(sum), Value::Null]);
    table
}

fn lines(mix: &Mix) -> Vec<Line> {
    let answers = per(mix.answers, mix.messages);
    let hooks = Decimal::ONE + STATUSES * answers;
    let reports = STATUSES * mix.answers;
    let intake_ms = scaled(micros(mix.intake) / of(1000, 0)) + SQS_MS;
    let messages = batch_ms(&mix.processor, mix.messages, Decimal::ZERO);
    let statuses = batch_ms(&mix.statuses, reports, Decimal::ZERO);
    let dispatch = batch_ms(&mix.dispatcher, mix.answers, SQS_MS);
    let send = batch_ms(&mix.sender, mix.answers, GRAPH_CALLS_MS);
    let requests = requests(answers);
    let all = [&mix.processor, &mix.dispatcher, &mix.linker, &mix.sender, &mix.statuses];
    let writes = per(all.iter().map(|spent| spent.writes).sum(), mix.messages);
    let reads = per(all.iter().map(|spent| spent.reads).sum(), mix.messages);
    let stored_kb = per(Decimal::from(mix.stored_bytes) / of(1000, 0), mix.messages);
    let logged_kb = LOGS_KB * (Decimal::ONE + answers);
    let batches = |items: Decimal| items / BATCH;
    let line = |name, inputs, usd| Line { name, inputs, usd };
    vec![
        line("API Gateway", format!("{} posts", short(hooks)), hooks * HOOK),
        line(
            "Lambda webhook",
            format!("{} of {} ms", short(hooks), short(intake_ms)),
            lambda(hooks, intake_ms),
        ),
        line(
            "SQS",
            format!("{} and idle polls", short(requests)),
            (requests + IDLE_POLLS) * SQS_REQUEST,
        ),
        line(
            "Lambda processor",
            format!("batches of {} ms and, of statuses, {} ms", short(messages), short(statuses)),
            lambda(batches(Decimal::ONE), messages) + lambda(batches(STATUSES * answers), statuses),
        ),
        line(
            "Lambda dispatcher, sender",
            format!("batches of {} and {} ms", short(dispatch), short(send)),
            lambda(batches(answers), dispatch) + lambda(batches(answers), send),
        ),
        line("DynamoDB writes", short(writes), writes * WRITE_UNIT),
        line("DynamoDB reads", short(reads), reads * READ_UNIT),
        line("a month's storage", format!("{} KB", short(stored_kb)), stored_kb * STORED_GB),
        line("logs", format!("{} KB", short(logged_kb)), logged_kb * LOGGED_GB),
    ]
}

/// Sent, and received and deleted in batches: by inbound messages, statuses and answers. A post is
/// sent alone, answers in batches.
fn requests(answers: Decimal) -> Decimal {
    let batch = Decimal::TWO / BATCH;
    let posts = (Decimal::ONE + STATUSES * answers) * (Decimal::ONE + batch);
    posts + answers * (Decimal::ONE / BATCH + batch)
}

/// A batch of what was measured for some items: own time of each, and waiting once, for they wait
/// side by side.
fn batch_ms(spent: &Spent, items: Decimal, more_ms: Decimal) -> Decimal {
    let own = micros(spent.took.saturating_sub(spent.waited)) / of(1000, 0);
    let calls = |is_transaction: bool| -> Decimal {
        let of_kind =
            spent.calls.iter().filter(|(name, _)| name.starts_with("Transact") == is_transaction);
        of_kind.map(|(_, count)| Decimal::from(*count)).sum()
    };
    let waiting = calls(false) * DYNAMODB_MS + calls(true) * TRANSACTION_MS;
    scaled(per(own, items)) * BATCH + per(waiting, items) + more_ms
}

/// On the part of a core that a function has.
fn scaled(own_ms: Decimal) -> Decimal {
    own_ms * CORE_MB / MEMORY_MB
}

/// Millions of invocations.
fn lambda(millions: Decimal, ms: Decimal) -> Decimal {
    let gb_seconds = ms / of(1000, 0) * MEMORY_MB / of(1024, 0);
    millions * (INVOCATION + gb_seconds * GB_SECOND * of(1_000_000, 0))
}

fn per(of: Decimal, to: Decimal) -> Decimal {
    of.checked_div(to).unwrap_or_default()
}

fn short(value: Decimal) -> String {
    value.round_dp(2).normalize().to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use rust_decimal::Decimal;

    use super::{Mix, lambda, lines, requests};
    use crate::meter::Spent;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn spent(writes: Decimal, reads: Decimal, own_us: u64, calls: &[(&str, u32)]) -> Spent {
        let calls: BTreeMap<String, u32> =
            calls.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        Spent { writes, reads, calls, took: Duration::from_micros(own_us), ..Spent::default() }
    }

    #[test]
    fn a_gigabyte_second_costs_what_lambda_says() {
        // A million invocations of 4 s at 256 MB are a million GB s.
        assert_eq!(lambda(Decimal::ONE, d("4000")), d("13.5334"));
    }

    #[test]
    fn an_unanswered_message_is_sent_once_and_received_in_a_batch() {
        assert_eq!(requests(Decimal::ZERO), d("1.5"));
        assert_eq!(requests(Decimal::ONE), d("1.5") + d("4.5") + d("0.75"));
    }

    #[test]
    fn a_bill_by_hand() {
        let mix = Mix {
            messages: d("100"),
            answers: d("50"),
            processor: spent(d("1400"), d("600"), 200_000, &[("Get", 500), ("TransactWrite", 100)]),
            dispatcher: spent(d("100"), d("0"), 20_000, &[("Delete", 50)]),
            linker: spent(d("50"), d("10"), 0, &[]),
            sender: spent(d("400"), d("250"), 50_000, &[("Get", 200), ("TransactWrite", 100)]),
            statuses: spent(d("150"), d("150"), 75_000, &[("Get", 150), ("Update", 150)]),
            stored_bytes: 200_000,
            intake: Duration::from_micros(256),
        };
        let bill: Vec<(&str, Decimal)> =
            lines(&mix).iter().map(|line| (line.name, line.usd.round_dp(3))).collect();
        let share = d("0.256") * d("0.0000133334") * d("1000") / d("1.024");
        // 2.5 posts of 1.769 + 8 ms.
        let webhook = d("2.5") * (d("0.2") + d("9.769") * share);
        // Own 4 × 2 ms and 4 × 0.5 ms at 6.91 times; five reads and a transaction, two calls.
        let processor = d("0.25") * (d("0.2") + (d("55.28125") + d("35")) * share)
            + d("0.375") * (d("0.2") + (d("13.8203125") + d("10")) * share);
        let dispatcher = d("0.125") * (d("0.2") + (d("11.05625") + d("5") + d("8")) * share);
        let sender = d("0.125") * (d("0.2") + (d("27.640625") + d("40") + d("300")) * share);
        let expected = [
            ("API Gateway", d("2.5")),
            ("Lambda webhook", webhook),
            ("SQS", d("3.0375")),
            ("Lambda processor", processor),
            ("Lambda dispatcher, sender", dispatcher + sender),
            ("DynamoDB writes", d("13.125")),
            ("DynamoDB reads", d("1.2625")),
            ("a month's storage", d("0.9")),
            ("logs", d("0.7155")),
        ];
        assert_eq!(bill, expected.map(|(name, usd)| (name, usd.round_dp(3))));
    }
}
