//! The rules can fail: each is shown a template that breaks it.

use crate::{openapi, tree};

/// A rule, and what to put where in the template so that it must fail.
struct Control {
    name: &'static str,
    rule: fn(),
    damages: &'static [(&'static str, &'static str)],
}

macro_rules! controls {
    ($($($rule:ident)::+: [$(($from:expr, $to:expr)),+ $(,)?],)+) => {
        [$(Control {
            name: stringify!($($rule)::+),
            rule: $($rule)::+,
            damages: &[$(($from, $to)),+],
        }),+]
    };
}

fn all() -> Vec<Control> {
    let mut all = of_what_runs();
    all.extend(of_what_is_kept_and_watched());
    all
}

/// Of functions and what calls them.
fn of_what_runs() -> Vec<Control> {
    controls![
        super::a_function_says_how_long_how_much_how_many_and_as_whom: [
            ("      Timeout: 5\n", ""),
            ("      Timeout: 5\n", "      Timeout: 61\n"),
            ("      MemorySize: 1024\n", ""),
            ("Role: !GetAtt SenderRole.Arn", "Role: !GetAtt ProcessorRole.Arn"),
            ("LogGroup: !Ref SenderLog}", "LogGroup: !Ref AlarmTopic}"),
        ],
        super::what_sam_makes_of_it_leaves_room_in_a_stack: [
            ("Type: ScheduleV2", "Type: Schedule"),
        ],
        super::what_is_called_without_waiting_says_where_its_failures_go: [
            ("        DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt ScheduleDeadLetterQueue.Arn}}\n", ""),
            ("Action: sqs:SendMessage, Resource: !GetAtt ScheduleDeadLetterQueue.Arn", "Action: sqs:SendMessage, Resource: !GetAtt OutboundQueue.Arn"),
        ],
        super::functions_and_folders_are_the_same_set_and_each_has_a_main: [
            ("Binary: dispatcher", "Binary: dispatch"),
        ],
        super::a_message_stays_invisible_for_six_timeouts_of_whoever_took_it: [
            ("VisibilityTimeout: 180", "VisibilityTimeout: 179"),
            ("VisibilityTimeout: 360", "VisibilityTimeout: 180"),
        ],
        super::a_queue_mapping_reports_single_failures_and_scales_in_one_way: [
            ("            BatchSize: 10\n", "            BatchSize: 11\n"),
            ("            BatchSize: 10\n", "            BatchSize: 10\n            MaximumBatchingWindowInSeconds: 1\n"),
            ("            ScalingConfig: {MaximumConcurrency: 50}", "            ScalingConfig: {MaximumConcurrency: 51}"),
            ("            ScalingConfig: {MaximumConcurrency: 50}", "            ScalingConfig: {MaximumConcurrency: 50}\n            ProvisionedPollerConfig: {MinimumPollers: 2}"),
            ("            FunctionResponseTypes: [ReportBatchItemFailures]\n", ""),
        ],
        super::nothing_that_fails_for_good_disappears: [
            ("maxReceiveCount: 20", "maxReceiveCount: 2"),
            ("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 345600"),
            ("            DestinationConfig: {OnFailure: {Destination: !GetAtt DispatchDeadLetterQueue.Arn}}\n", ""),
            ("            DeadLetterConfig: {Arn: !GetAtt ScheduleDeadLetterQueue.Arn}\n", ""),
        ],
        super::a_stream_mapping_cannot_be_blocked_by_one_record: [
            ("            BisectBatchOnFunctionError: true\n", ""),
            ("MaximumRetryAttempts: 10", "MaximumRetryAttempts: -1"),
            ("StreamViewType: NEW_IMAGE", "StreamViewType: KEYS_ONLY"),
        ],
    ]
    .into()
}

/// Of the rest.
fn of_what_is_kept_and_watched() -> Vec<Control> {
    controls![
        super::a_policy_names_what_it_grants_and_grants_what_the_function_was_told_of: [
            ("Action: dynamodb:GetItem, Resource: !GetAtt DirectoryTable.Arn", "Action: dynamodb:GetItem, Resource: \"*\""),
            ("Action: dynamodb:GetItem, Resource: !GetAtt DirectoryTable.Arn", "Action: \"dynamodb:*\", Resource: !GetAtt DirectoryTable.Arn"),
            ("              - {Effect: Deny, Action: [dynamodb:UpdateItem, dynamodb:DeleteItem], Resource: !GetAtt AuditTable.Arn}\n", ""),
            ("          PROJECTS_TABLE: !Ref ProjectsTable\n", ""),
        ],
        super::a_table_is_kept_and_backed_up_or_is_on_the_throw_away_list: [
            ("PointInTimeRecoveryEnabled: true", "PointInTimeRecoveryEnabled: false"),
            ("    UpdateReplacePolicy: Retain\n", ""),
            ("      SSESpecification: {SSEEnabled: true}\n", ""),
        ],
        super::queues_and_bucket_are_encrypted_and_refuse_plain_http: [
            ("      SqsManagedSseEnabled: true\n", ""),
            ("\"aws:SecureTransport\": \"false\"", "\"aws:SecureTransport\": \"true\""),
            ("      VersioningConfiguration: {Status: Enabled}\n", ""),
        ],
        super::the_api_waits_a_little_longer_than_its_function: [
            ("Path: /api/v1/auth/login, TimeoutInMillis: 11000", "Path: /api/v1/auth/login, TimeoutInMillis: 10000"),
            ("Path: /api/v1/auth/login, TimeoutInMillis: 11000", "Path: /api/v1/auth/login, TimeoutInMillis: 29000"),
            ("        POST /api/v1/auth/login:\n", "        POST /api/v1/auth/signin:\n"),
        ],
        super::the_template_sets_exactly_the_variables_the_code_reads: [
            ("          META_SECRET: ", "          META_SECRETS: "),
        ],
        super::alarms_and_dashboard_read_metrics_that_the_code_counts: [
            ("SELECT SUM(quarantined_total)", "SELECT SUM(quarantine_total)"),
        ],
        super::alarms::an_alarm_tells_somebody_and_sleeps_while_nothing_happens: [
            ("      AlarmActions: [!Ref AlarmTopic]\n", "      AlarmActions: []\n"),
            ("      TreatMissingData: notBreaching\n", ""),
        ],
        super::alarms::no_function_table_or_dead_letter_queue_is_left_out: [
            ("OR FunctionName = '${SenderFunction}'", ""),
            ("OR TableName = '${AuditTable}'", ""),
            ("FILL(schedule,0)", "0"),
            ("Value: !GetAtt DispatchDeadLetterQueue.QueueName", "Value: !GetAtt InboundQueue.QueueName"),
        ],
        super::alarms::whatever_waits_is_watched_for_how_long: [
            ("Dimensions: [{Name: QueueName, Value: !GetAtt StatusesQueue.QueueName}]\n      Statistic", "Dimensions: []\n      Statistic"),
        ],
        super::alarms::a_function_that_nears_its_timeout_is_noticed: [
            ("      Threshold: 24000\n", "      Threshold: 30000\n"),
            ("!If [HasReserve, 80, 8]", "!If [HasReserve, 100, 8]"),
        ],
        openapi::the_template_routes_exactly_what_is_answered: [
            ("Path: /health/ready", "Path: /health/live"),
        ],
    ]
    .into()
}

#[test]
fn every_rule_fails_for_a_template_that_breaks_it() {
    let template = tree::read("template.yaml");
    for Control { name, rule, damages } in all() {
        assert!(tree::holds_for(template.clone(), rule), "{name} fails for the template itself");
        for (from, to) in damages {
            assert!(template.contains(from), "{name}: nothing to damage: {from}");
            let damaged = template.replacen(from, to, 1);
            assert!(!tree::holds_for(damaged, rule), "{name} holds although {from:?} is {to:?}");
        }
    }
}

#[test]
fn every_rule_has_a_control() {
    let controlled: Vec<&str> =
        all().iter().map(|control| control.name.rsplit(' ').next().unwrap()).collect();
    for file in ["template.rs", "template/alarms.rs"] {
        let text = tree::read(&format!("tests/tests/system/{file}"));
        for test in text.split("#[test]\n").skip(1) {
            let (_, test) = test.split_once("fn ").unwrap();
            let (name, _) = test.split_once('(').unwrap();
            let is_controlled = controlled.iter().any(|one| one.ends_with(name));
            assert!(is_controlled, "{name} is shown no damaged template");
        }
    }
}
