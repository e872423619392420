use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::names::{
    ACTIVE_CONVERSATIONS, BAD_SIGNATURE, INTAKE_DURATION, INTAKE_EVENTS, OUTBOX_OLDEST_DUE,
};
use super::{MAX_SERIES, Metrics};

#[test]
fn a_flush_prints_each_fact_once_and_prometheus_keeps_the_sum() {
    let metrics = Metrics::new("webhook");
    metrics.add(&INTAKE_EVENTS, ["message"], 2);
    metrics.count(&INTAKE_EVENTS, ["status"]);
    metrics.count(&BAD_SIGNATURE, []);
    metrics.set(&OUTBOX_OLDEST_DUE, [], 7);
    for _ in 0..150 {
        metrics.observe(&INTAKE_DURATION, [], Duration::from_millis(250));
    }

    let now = Timestamp::UNIX_EPOCH;
    let lines: Vec<Value> = metrics
        .take_emf("prod", now)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4, "two label-less (150 durations), two kinds: {lines:#?}");
    let message = lines.iter().find(|line| line["kind"] == "message").unwrap();
    assert_eq!(
        *message,
        json!({
            "_aws": { "Timestamp": 0, "CloudWatchMetrics": [{
                "Namespace": "Hndasah",
                "Dimensions": [["service", "stage", "kind"]],
                "Metrics": [{ "Name": "intake_events_total", "Unit": "Count" }],
            }] },
            "service": "webhook", "stage": "prod", "kind": "message", "intake_events_total": 2,
        })
    );
    let durations: usize = lines
        .iter()
        .filter_map(|line| line["intake_duration_seconds"].as_array())
        .map(Vec::len)
        .sum();
    assert_eq!(durations, 150);
    assert_eq!(metrics.take_emf("prod", now), "", "nothing happened since");

    metrics.count(&INTAKE_EVENTS, ["message"]);
    let text = metrics.prometheus_text();
    for expected in [
        "# TYPE intake_events_total counter\n",
        "intake_events_total{service=\"webhook\",kind=\"message\"} 3\n",
        "outbox_oldest_due_seconds{service=\"webhook\"} 7\n",
        "intake_duration_seconds_bucket{service=\"webhook\",le=\"0.1\"} 0\n",
        "intake_duration_seconds_bucket{service=\"webhook\",le=\"0.25\"} 150\n",
        "intake_duration_seconds_sum{service=\"webhook\"} 37.5\n",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn services_share_a_registry_and_series_are_limited() {
    let metrics = Metrics::new("local");
    let sender = metrics.for_service("sender");
    sender.count(&ACTIVE_CONVERSATIONS, []);
    for place in 0..MAX_SERIES + 10 {
        sender.count(&INTAKE_EVENTS, [&place.to_string()]);
    }
    let text = metrics.prometheus_text();
    assert!(text.contains("active_conversations_total{service=\"sender\"} 1"));
    assert!(text.contains("intake_events_total{service=\"sender\",kind=\"other\"} 10"));
}
