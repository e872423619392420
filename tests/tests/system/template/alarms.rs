//! The alarms: each thing that can fail is watched, and by the number it has.

use super::reading::{Resource, named, of_kind, resources, strings};
use super::{FUNCTION, QUEUE, TABLE, queue_events};

const ALARM: &str = "AWS::CloudWatch::Alarm";

/// Alarms over several things at once, and the things.
const OVER_ALL: [(&str, &str); 4] = [
    ("FunctionErrorsAlarm", FUNCTION),
    ("FunctionThrottlesAlarm", FUNCTION),
    ("TableThrottlesAlarm", TABLE),
    ("TableErrorsAlarm", TABLE),
];

#[test]
pub(super) fn an_alarm_tells_somebody_and_sleeps_while_nothing_happens() {
    for alarm in of_kind(ALARM) {
        let told = strings(alarm.property(&["AlarmActions"]).unwrap());
        assert_eq!(told, ["AlarmTopic"], "{}", alarm.name);
        assert!(alarm.is(&["TreatMissingData"], "notBreaching"), "{}", alarm.name);
        let text = alarm.property(&["AlarmDescription"]).unwrap();
        assert!(strings(text)[0].len() > 20, "{} says nothing", alarm.name);
    }
}

#[test]
pub(super) fn no_function_table_or_dead_letter_queue_is_left_out() {
    for (alarm, kind) in OVER_ALL {
        let watched = strings(&named(alarm).value).concat();
        for one in of_kind(kind) {
            assert!(watched.contains(&format!("'${{{}}}'", one.name)), "{alarm}: {}", one.name);
        }
    }
    let watched = strings(&named("DeadLettersAlarm").value);
    let all = named("DeadLettersAlarm");
    let metrics = all.property(&["Metrics"]).unwrap().as_sequence().unwrap();
    let sum = metrics.last().unwrap()["Expression"].as_str().unwrap();
    for queue in dead_letter_queues() {
        assert!(watched.contains(&format!("{}.QueueName", queue.name)), "{}", queue.name);
    }
    for metric in metrics.iter().filter(|metric| metric["MetricStat"].is_mapping()) {
        let id = metric["Id"].as_str().unwrap();
        assert!(sum.contains(&format!("FILL({id},0)")), "{id} is read and not summed");
    }
}

#[test]
pub(super) fn whatever_waits_is_watched_for_how_long() {
    let of_age: Vec<String> = of_kind(ALARM)
        .iter()
        .filter(|alarm| alarm.is(&["MetricName"], "ApproximateAgeOfOldestMessage"))
        .flat_map(|alarm| strings(alarm.property(&["Dimensions"]).unwrap()))
        .collect();
    for (_, event) in queue_events() {
        let queue = event.target(&["Queue"]).unwrap();
        assert!(of_age.contains(&format!("{queue}.QueueName")), "{queue}");
    }
}

/// What is called by events, so that nobody sees it being slow; the API has an alarm of its own.
#[test]
pub(super) fn a_function_that_nears_its_timeout_is_noticed() {
    for function in of_kind(FUNCTION) {
        let called_by = |kind: &str| function.events().iter().any(|event| event.kind == kind);
        if !called_by("SQS") && !called_by("DynamoDB") && !called_by("ScheduleV2") {
            continue;
        }
        let alarm = of_kind(ALARM).into_iter().find(|alarm| {
            alarm.is(&["MetricName"], "Duration")
                && strings(alarm.property(&["Dimensions"]).unwrap()).contains(&function.name)
        });
        let alarm = alarm.unwrap_or_else(|| panic!("{} has no alarm", function.name));
        let four_fifths_ms = function.number(&["Timeout"]) * 800;
        assert_eq!(alarm.number(&["Threshold"]), four_fifths_ms, "{}", alarm.name);
    }
    let webhook = named("WebhookFunction").number(&["ReservedConcurrentExecutions"]);
    assert_eq!(named("WebhookConcurrencyAlarm").number(&["Threshold"]), webhook * 4 / 5);
}

/// Queues that something gives up into.
fn dead_letter_queues() -> Vec<Resource> {
    let all = resources();
    let texts: Vec<String> = all
        .iter()
        .filter(|one| one.kind == FUNCTION || one.kind == QUEUE)
        .flat_map(|one| {
            let mut places = vec![one.property(&["RedrivePolicy"]).cloned()];
            places.push(one.property(&["EventInvokeConfig"]).cloned());
            for event in one.events() {
                places.push(event.property(&["DestinationConfig"]).cloned());
                places.push(event.property(&["DeadLetterConfig"]).cloned());
            }
            places.into_iter().flatten().flat_map(|place| strings(&place)).collect::<Vec<_>>()
        })
        .collect();
    let found: Vec<Resource> = all
        .into_iter()
        .filter(|one| one.kind == QUEUE && texts.contains(&format!("{}.Arn", one.name)))
        .collect();
    assert!(found.len() >= 5, "{}", found.len());
    found
}
