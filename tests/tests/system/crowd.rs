//! Many work in one organisation at once while DynamoDB throttles, loses answers and reads old
//! values: what was answered is true, and nobody's work undoes another's.

mod check;
mod client;
mod control;
mod ledger;
mod site;

use std::fmt::Write as _;

use futures::future::join_all;
use testkit::Fault;

use check::Storage;
use client::Client;
use ledger::Ledger;
use site::Site;

const CLIENTS: usize = 64;
/// Calls of a run in the tests; the campaign's full size is 50,000.
const CALLS: usize = 1_500;
/// Longer than a request holds its key.
const PATIENCE_S: i64 = 61;
/// Rounds in which everybody asks again for everything: once for an answer, once to compare it.
const ROUNDS: usize = 2;

/// How many calls there are to be.
fn calls() -> usize {
    #[expect(clippy::disallowed_methods, reason = "whoever wants the whole campaign says so")]
    let given = std::env::var("HNDASAH_CALLS").ok();
    given.map_or(CALLS, |text| text.parse().expect("HNDASAH_CALLS is a number"))
}

/// What a crowd did and what it left.
struct Campaign {
    ledger: Ledger,
    storage: Storage,
    figures: String,
}

impl Campaign {
    async fn play(seed: u64, calls: usize) -> Self {
        let site = Site::found(seed, calls).await;
        let clients = join_all((0..CLIENTS).map(|place| Client::enter(&site, seed, place))).await;
        let mut clients = join_all(clients.into_iter().map(Client::work)).await;
        let made = site.made.get();
        site.dynamodb.calm();
        for _ in 0..ROUNDS {
            site.office.cloud.advance(PATIENCE_S);
            join_all(clients.iter_mut().map(Client::insist)).await;
        }
        drop(clients);
        let storage = Storage::read(&site).await;
        let ledger = site.ledger.borrow().clone();
        let figures = figures(&site, &ledger, &storage, made);
        for fault in [Fault::Throttled, Fault::Lost, Fault::Stale] {
            assert!(site.dynamodb.injected().contains_key(&fault), "no {fault:?} was met");
        }
        Self { ledger, storage, figures }
    }
}

fn figures(site: &Site, ledger: &Ledger, storage: &Storage, made: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "| what | how often |\n| --- | ---: |");
    let _ = writeln!(text, "| clients | {CLIENTS} |\n| calls | {made} |");
    let _ = writeln!(text, "| requests to DynamoDB | {} |", site.dynamodb.requests());
    for (fault, count) in site.dynamodb.injected() {
        let _ = writeln!(text, "| {fault:?} | {count} |");
    }
    let repeated: usize =
        ledger.promises.iter().map(|promise| promise.kept.len().saturating_sub(1)).sum();
    let _ = writeln!(text, "| requests under a key | {} |", ledger.promises.len());
    let _ = writeln!(text, "| their repetitions compared (I10) | {repeated} |");
    let changes = ledger.done.iter().filter(|done| done.version.is_some()).count();
    let _ = writeln!(text, "| changes by version told (I11) | {changes} |");
    let _ = writeln!(text, "| messages in order (I11) | {} |", storage.messages.len());
    let _ = writeln!(text, "| lists read to their end (I12) | {} |", ledger.walks.len());
    let _ = writeln!(text, "| entries of the audit log (I13) | {} |", storage.audit.len());
    let _ = writeln!(text, "\n| call | answer | how often |\n| --- | ---: | ---: |");
    for ((what, status), count) in &ledger.answers {
        let _ = writeln!(text, "| {what} | {status} | {count} |");
    }
    text
}

#[tokio::test]
async fn a_crowd_loses_no_update_and_is_told_the_truth() {
    let seed = crate::faults::seed();
    let campaign = Campaign::play(seed, calls()).await;
    println!("{}", campaign.figures);
    let violations = check::run(&campaign.ledger, &campaign.storage);
    let shown = violations.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(violations.is_empty(), "{} violations\n{shown}", violations.len());
    let unanswered = campaign.ledger.promises.iter().filter(|promise| promise.kept.is_empty());
    println!("{} requests were refused for good", unanswered.count());
    assert!(campaign.ledger.walks.len() > 10 && campaign.ledger.done.len() > 100);
    control::every_kind_of_damage_is_found(&campaign);
}
