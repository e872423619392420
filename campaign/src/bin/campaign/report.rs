//! What a campaign came to: JSON, and a page made from it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use campaign::check::Findings;
use campaign::storage::Storage;
use domain::message::Direction;
use serde_json::{Map, Value, json};
use telemetry::metrics::names::MESSAGES_PROCESSED;

use crate::chaos::{Counts, locked};
use crate::play::{Play, Stage};
use crate::rig::Rig;

const CAMPAIGNS: &str = "\
R1 and R4: waves of calls of one to five messages, among faults of every service and kills; 15 % of \
the calls are made again, 70 % of these after the queue has forgotten them; Meta's reports come in \
any order, some twice, some before the message has Meta's id. R3: more waves among faults, and \
environments that are stopped (SIGSTOP), taken for dead, and go on (SIGCONT) mostly after another \
has done their work. R2: everything once more, shuffled, seven days later. After each the faults \
end, everything comes to rest, and all of storage is read: what was said in the campaigns before is \
checked again. Time is skipped in the queues only (visibility, the window of deduplication, seven \
days); the functions go by the machine's clock and really wait.";

const FAULTS: &str = "\
At a proxy before each service. Refused: the connection is cut and the service never hears of the \
request. Lost: it does what it is asked, and the connection is cut before it can say so. Partial: \
SQS takes some entries of a batch. Stale: a read that does not ask for consistency is answered \
without the last writes. Kills (SIGKILL) are decided at the proxies and at the Runtime API: \
before_tx and mid_batch before the first and a later write of an invocation reaches its service, \
after_tx when the service has written, in_send when Graph has taken a message, before_ack when the \
function answers.";

/// Violations shown in full; the rest are counted.
const SHOWN_MAX: usize = 20;

/// The figures of the campaigns on a rig, their stages in order.
pub(crate) async fn figures(rig: &Rig, play: &Play<'_>, stages: &[Stage]) -> Result<Value> {
    let storage = play.storage().await;
    let logs = rig.logs()?;
    let ledger = locked(&play.books.ledger);
    let is_inbound = |direction| direction == Direction::Inbound;
    let stored = storage.messages.iter().filter(|m| is_inbound(m.record.direction)).count();
    let mut effects: BTreeMap<&str, usize> = BTreeMap::new();
    for effect in storage.messages.iter().flat_map(|message| &message.record.effects) {
        *effects.entry(&effect.kind).or_default() += 1;
    }
    let last = stages.last().context("nothing was played")?;
    Ok(json!({
        "firms": rig.firms.len(),
        "people": rig.firms.iter().map(|firm| firm.people.len()).sum::<usize>(),
        "said": ledger.said.len(),
        "stored": stored,
        "quarantined": storage.quarantined.len(),
        "duplicates_absorbed": absorbed(&logs),
        "calls": locked(&play.books.calls).len(),
        "calls_refused": ledger.refused,
        "calls_made_again": ledger.repeated,
        "effects": effects,
        "panics": panics(&logs),
        "messages_of_ours": storage.messages.len() - stored,
        "copies_at_graph": rig.graph.copies(0).len(),
        "sent_again": last.findings.repeated,
        "doubled": last.findings.doubled,
        "undecided": last.findings.undecided,
        "statuses": ledger.reported.len(),
        "audit_entries": storage.audit.len(),
        "items": items(&storage),
        "functions": functions(rig),
        "services": services(rig),
        "log_lines_with_a_canary": seen_in_logs(rig, &logs),
        "chaos": chaos(&rig.chaos.counts()),
        "stages": stages.iter().map(stage).collect::<Vec<_>>(),
    }))
}

pub(crate) fn stage(stage: &Stage) -> Value {
    json!({
        "name": stage.name,
        "messages": stage.messages,
        "seconds": rounded(stage.seconds),
        "quiet_seconds": rounded(stage.quiet_seconds),
        "invariants": invariants(&stage.findings),
        "violations": stage.findings.violations.iter().take(SHOWN_MAX).collect::<Vec<_>>(),
        "violations_total": stage.findings.violations.len(),
    })
}

fn invariants(findings: &Findings) -> Map<String, Value> {
    let of = |(name, checks): (&&'static str, &usize)| {
        let value = json!({ "checks": checks, "violations": findings.broken(name) });
        ((*name).to_owned(), value)
    };
    findings.checks.iter().map(of).collect()
}

fn items(storage: &Storage) -> BTreeMap<&str, usize> {
    let mut items = BTreeMap::new();
    for item in &storage.items {
        let table = item.table.rsplit('-').next().unwrap_or_default();
        *items.entry(table).or_default() += 1;
    }
    items
}

fn functions(rig: &Rig) -> Map<String, Value> {
    use std::sync::atomic::Ordering::Relaxed;
    let of = |(name, pool): (&&'static str, &std::sync::Arc<crate::lambda::Pool>)| {
        let (started, invoked) = (pool.started.load(Relaxed), pool.invoked.load(Relaxed));
        ((*name).to_owned(), json!({ "processes": started, "invocations": invoked }))
    };
    rig.pools.iter().map(of).collect()
}

fn services(rig: &Rig) -> Map<String, Value> {
    let of = |(name, (requests, faults)): (&'static str, (u64, BTreeMap<_, u64>))| {
        let faults: BTreeMap<String, u64> = faults
            .into_iter()
            .map(|(fault, count)| (format!("{fault:?}").to_lowercase(), count))
            .collect();
        (name.to_owned(), json!({ "requests": requests, "faults": faults }))
    };
    rig.services.counts().into_iter().map(of).collect()
}

fn chaos(counts: &Counts) -> Value {
    let table = |of: &BTreeMap<(&'static str, &'static str), usize>| {
        let mut rows: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for ((point, function), count) in of {
            rows.entry(point).or_default().insert(function, *count);
        }
        json!({ "total": of.values().sum::<usize>(), "by_point": rows })
    };
    json!({
        "kills": table(&counts.kills),
        "pauses": table(&counts.pauses),
        "pauses_outlasted": counts.outlasted,
        "pauses_beyond_claim": counts.beyond_claim,
        "deadlines": counts.deadlines,
        "lost_stream_batches": counts.lost_batches,
    })
}

/// Second deliveries that the processor recognised, as far as its environments lived to print it.
fn absorbed(logs: &[(&'static str, String)]) -> u64 {
    let lines = logs.iter().flat_map(|(_, log)| log.lines());
    let metrics = lines.filter(|line| line.contains("\"_aws\""));
    let values = metrics.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let duplicates = values.filter(|line| line["outcome"] == "duplicate");
    duplicates.filter_map(|line| line[MESSAGES_PROCESSED.name].as_u64()).sum()
}

/// Panics, by the lines that tell of them.
fn panics(logs: &[(&'static str, String)]) -> usize {
    let lines = logs.iter().flat_map(|(_, log)| log.lines());
    lines.filter(|line| line.contains("panicked")).count()
}

/// I6: what people wrote is in nobody's log.
fn seen_in_logs(rig: &Rig, logs: &[(&'static str, String)]) -> usize {
    let lines = logs.iter().flat_map(|(_, log)| log.lines());
    let tells = |line: &&str| rig.firms.iter().any(|firm| line.contains(&firm.canary));
    lines.filter(tells).count()
}

fn rounded(seconds: f64) -> Value {
    format!("{seconds:.1}").parse::<f64>().map_or(Value::Null, |seconds| json!(seconds))
}

/// Writes both files.
pub(crate) fn write(directory: &Path, report: &Value) -> Result<()> {
    std::fs::create_dir_all(directory)?;
    let path = directory.join("campaign.json");
    std::fs::write(&path, format!("{report:#}\n")).with_context(|| path.display().to_string())?;
    let path = directory.join("campaign.md");
    std::fs::write(&path, page(report)?).with_context(|| path.display().to_string())
}

fn page(report: &Value) -> Result<String> {
    let mut page = String::new();
    let of = &report["campaign"];
    introduction(&mut page, report)?;
    writeln!(page, "## Campaigns\n\n{CAMPAIGNS}\n")?;
    writeln!(
        page,
        "| campaign | messages | seconds | per second | then quiet after | violations |"
    )?;
    writeln!(page, "| --- | ---: | ---: | ---: | ---: | ---: |")?;
    for stage in of["stages"].as_array().into_iter().flatten() {
        writeln!(
            page,
            "| {} | {} | {} | {} | {} s | {} |",
            stage["name"].as_str().unwrap_or_default(),
            stage["messages"],
            stage["seconds"],
            per_second(stage),
            stage["quiet_seconds"],
            stage["violations_total"]
        )?;
    }
    invariants_table(&mut page, of)?;
    writeln!(
        page,
        "\n## Faults\n\n{FAULTS}\n\n| service | requests | faults |\n| --- | ---: | --- |"
    )?;
    for (name, service) in of["services"].as_object().into_iter().flatten() {
        writeln!(page, "| {name} | {} | {} |", service["requests"], list(&service["faults"]))?;
    }
    let chaos = &of["chaos"];
    for (title, table) in [("Kills", &chaos["kills"]), ("Pauses", &chaos["pauses"])] {
        writeln!(page, "\n## {title}: {}\n\n| where | of |\n| --- | --- |", table["total"])?;
        for (point, functions) in table["by_point"].as_object().into_iter().flatten() {
            writeln!(page, "| {point} | {} |", list(functions))?;
        }
    }
    writeln!(
        page,
        "\n{} pauses ended after another environment had done the work, {} lasted longer than a \
         sender's claim. Deadlines passed: {}. Stream batches that never reached their function: \
         {}.",
        chaos["pauses_outlasted"],
        chaos["pauses_beyond_claim"],
        list(&chaos["deadlines"]),
        chaos["lost_stream_batches"]
    )?;
    naive_part(&mut page, &report["naive"])?;
    Ok(page)
}

fn introduction(page: &mut String, report: &Value) -> Result<()> {
    let of = &report["campaign"];
    writeln!(page, "# The campaign\n")?;
    writeln!(
        page,
        "Made by `{}` from `campaign.json`: the built functions as processes of their own, among \
         faults, kills and pauses; every invariant is checked against what is stored. Seed {}, {} \
         build of the functions.\n",
        report["command"].as_str().unwrap_or_default(),
        report["seed"],
        report["build"].as_str().unwrap_or_default()
    )?;
    writeln!(
        page,
        "{} messages of {} people to {} firms in {} calls, {} of them made again after a 200, {} \
         answers other than 200. {} are stored, {} set aside; {} second deliveries were \
         recognised. {} messages of ours, {} copies at Graph: {} sent again because an answer was \
         lost, {} of them doubled, {} left to an operator. {} statuses, {} audit entries.\n",
        of["said"],
        of["people"],
        of["firms"],
        of["calls"],
        of["calls_made_again"],
        of["calls_refused"],
        of["stored"],
        of["quarantined"],
        of["duplicates_absorbed"],
        of["messages_of_ours"],
        of["copies_at_graph"],
        of["sent_again"],
        of["doubled"],
        of["undecided"],
        of["statuses"],
        of["audit_entries"]
    )?;
    Ok(())
}

fn invariants_table(page: &mut String, of: &Value) -> Result<()> {
    writeln!(page, "\n## Invariants after the last campaign\n")?;
    writeln!(page, "| invariant | checks | violations |\n| --- | ---: | ---: |")?;
    let last = of["stages"].as_array().and_then(|stages| stages.last());
    let invariants = last.and_then(|stage| stage["invariants"].as_object());
    let mut rows: Vec<(&String, &Value)> = invariants.into_iter().flatten().collect();
    rows.sort_by_key(|(name, _)| name.trim_start_matches('I').parse::<u32>().unwrap_or(0));
    for (name, found) in rows {
        writeln!(page, "| {name} | {} | {} |", found["checks"], found["violations"])?;
    }
    writeln!(
        page,
        "| I6, log lines with a word of a firm's | | {} |",
        of["log_lines_with_a_canary"]
    )?;
    Ok(())
}

fn naive_part(page: &mut String, naive: &Value) -> Result<()> {
    writeln!(
        page,
        "\n## The control\n\nA function that looks, writes and counts, in the processor's place, \
         judged by the same check of counts (I1, I3, I11).\n\n| weather | messages | violations |\
         \n| --- | ---: | ---: |"
    )?;
    for stage in naive.as_array().into_iter().flatten() {
        writeln!(
            page,
            "| {} | {} | {} |",
            stage["name"].as_str().unwrap_or_default(),
            stage["messages"],
            stage["violations_total"]
        )?;
    }
    Ok(())
}

fn per_second(stage: &Value) -> String {
    let (messages, seconds) = (stage["messages"].as_f64(), stage["seconds"].as_f64());
    match messages.zip(seconds).filter(|(messages, seconds)| *messages > 0.0 && *seconds > 0.0) {
        Some((messages, seconds)) => format!("{:.1}", messages / seconds),
        None => String::new(),
    }
}

fn list(of: &Value) -> String {
    let entries = of.as_object().into_iter().flatten();
    let entries: Vec<String> = entries.map(|(name, count)| format!("{name} {count}")).collect();
    if entries.is_empty() { "none".to_owned() } else { entries.join(", ") }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::page;

    #[test]
    fn the_page_is_made_from_the_figures() {
        let figures = include_str!("../../../../docs/proof/campaign.json");
        let page = page(&serde_json::from_str(figures).unwrap()).unwrap();
        expect_file!["../../../../docs/proof/campaign.md"].assert_eq(&page);
    }
}
