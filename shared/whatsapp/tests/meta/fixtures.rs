//! Every body in `events/whatsapp/`, read and summed up.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use domain::contact::Sender;
use expect_test::expect_file;
use whatsapp::inbound::Forwarding;
use whatsapp::{
    AppSecret, AppSecrets, Event, EventKind, decode_message, decode_status, parse, sign, verify,
};

/// File name without ending → body.
pub(crate) fn all() -> BTreeMap<String, Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/whatsapp");
    let mut bodies = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        bodies.insert(name, fs::read(path).unwrap());
    }
    bodies
}

#[test]
fn every_fixture_reads_as_recorded() {
    let secrets = AppSecrets { current: AppSecret::new("fixture").unwrap(), previous: None };
    let mut summary = String::new();
    let mut seen = BTreeMap::new();
    for (name, body) in all() {
        assert!(verify(&body, Some(&sign(&body, &secrets.current)), &secrets), "{name}");
        let events = parse(&body).unwrap();
        assert_eq!(parse(&body).unwrap(), events, "{name} reads the same twice");
        writeln!(summary, "# {name}").unwrap();
        for event in events {
            summarise(&event, &mut summary);
            let earlier = seen.insert(event.dedup_key.clone(), name.clone());
            assert_eq!(earlier, None, "{} of {name} was seen before", event.dedup_key);
        }
        summary.push('\n');
    }
    expect_file!["./fixtures.txt"].assert_eq(&summary);
}

fn summarise(event: &Event, out: &mut String) {
    writeln!(out, "{} {} key={}", event.kind.as_str(), event.name, event.dedup_key).unwrap();
    let number = event.phone_number_id.as_deref().unwrap_or("-");
    let account = event.waba_id.as_deref().unwrap_or("-");
    let id = event.provider_id.as_deref().unwrap_or("-");
    let at = event.timestamp.map_or_else(|| "-".to_owned(), |at| at.to_string());
    writeln!(out, "  number={number} account={account} id={id} at={at}").unwrap();
    match event.kind {
        EventKind::Message => message(event, out),
        EventKind::Status => status(event, out),
        EventKind::Notice => writeln!(out, "  raw={}", short(&event.raw)).unwrap(),
    }
}

fn message(event: &Event, out: &mut String) {
    let message = decode_message(&event.raw).unwrap();
    assert_eq!(Some(&message.provider_id), event.provider_id.as_ref());
    assert_eq!(Some(&message.sender), event.sender.as_ref());
    assert_eq!(Some(message.timestamp), event.timestamp);
    assert_eq!(message.phone_number_id, event.phone_number_id);
    writeln!(out, "  from {}", person(&message.sender)).unwrap();
    writeln!(out, "  {}", serde_json::to_string(&message.content).unwrap()).unwrap();
    if let Some(reply_to) = message.reply_to {
        writeln!(out, "  reply_to={reply_to}").unwrap();
    }
    if message.forwarding != Forwarding::Original {
        writeln!(out, "  {:?}", message.forwarding).unwrap();
    }
    if let Some(group) = message.group_id {
        writeln!(out, "  group={group}").unwrap();
    }
    if let Some(referral) = message.referral {
        writeln!(out, "  {referral:?}").unwrap();
    }
    for error in message.errors {
        writeln!(out, "  {error:?}").unwrap();
    }
}

fn status(event: &Event, out: &mut String) {
    let status = decode_status(&event.raw).unwrap();
    assert_eq!(Some(&status.provider_id), event.provider_id.as_ref());
    let report = status.report.map_or_else(|| "-".to_owned(), |report| format!("{report:?}"));
    writeln!(out, "  {} → {report} for {}", status.name, person(&status.recipient)).unwrap();
    writeln!(out, "  callback={:?} participant={:?}", status.callback, status.participant).unwrap();
    if let Some(pricing) = status.pricing {
        writeln!(out, "  pricing={}", short(&pricing)).unwrap();
    }
    for error in status.errors {
        writeln!(out, "  {error:?}").unwrap();
    }
}

fn person(sender: &Sender) -> String {
    serde_json::to_string(sender).unwrap()
}

fn short(raw: &str) -> String {
    let words: Vec<&str> = raw.split_whitespace().collect();
    words.join(" ").chars().take(240).collect()
}
