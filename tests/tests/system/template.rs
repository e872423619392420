//! What `cfn-lint` and `sam validate` do not notice in `template.yaml`.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;
use telemetry::environment::{Function, NAMES, SetBy};

use self::reading::{Resource, inside, named, of_kind, resources, statements, strings};
use crate::tree;

mod alarms;
mod controls;
mod linters;
mod reading;

const FUNCTION: &str = "AWS::Serverless::Function";
const QUEUE: &str = "AWS::SQS::Queue";
const TABLE: &str = "AWS::DynamoDB::Table";

/// Tables whose loss costs nothing: no backups, deleted with the stack.
const THROW_AWAY: [&str; 1] = ["GuardsTable"];
/// Statements that name every resource, and why they must.
const EVERY_RESOURCE: [(&str, &str); 1] =
    [("RuntimePolicy", "X-Ray has no resources that a policy could name")];
/// What no role may do to the audit log.
const NEVER: [&str; 2] = ["dynamodb:UpdateItem", "dynamodb:DeleteItem"];
/// But for the one that takes it away whole and can write nothing into it.
const ERASER: (&str, [&str; 2]) = ("EraserRole", ["dynamodb:PutItem", "dynamodb:UpdateItem"]);
/// A stack may have 500; the rest is for the next function.
const MOST_RESOURCES: usize = 450;

#[test]
fn a_function_says_how_long_how_much_how_many_and_as_whom() {
    let mut roles = BTreeSet::new();
    for function in of_kind(FUNCTION) {
        let name = &function.name;
        assert!(function.number(&["Timeout"]) <= 60, "{name}");
        assert!(function.number(&["MemorySize"]) >= 128, "{name}");
        assert!(function.number(&["ReservedConcurrentExecutions"]) >= 1, "{name}");
        let role = function.target(&["Role"]).unwrap_or_else(|| panic!("{name} has no role"));
        assert_eq!(named(&role).kind, "AWS::IAM::Role");
        assert!(roles.insert(role), "{name} shares its role");
        assert!(function.is(&["LoggingConfig", "LogFormat"], "JSON"), "{name}");
        let log = named(&function.target(&["LoggingConfig", "LogGroup"]).unwrap());
        assert!(log.number(&["RetentionInDays"]) >= 1, "{name}");
    }
}

/// A permission for each route, a mapping for each queue and stream, a role for each schedule, and a
/// stage for the API: `cargo xtask e2e` counts what SAM makes of it, the same number.
#[test]
fn what_sam_makes_of_it_leaves_room_in_a_stack() {
    let made: usize = of_kind(FUNCTION)
        .iter()
        .map(|function| {
            let of_events = function.events().into_iter().map(|event| match event.kind.as_str() {
                "ScheduleV2" => 2,
                "HttpApi" | "SQS" | "DynamoDB" => 1,
                other => panic!("{}: how many resources is {other}?", event.name),
            });
            of_events.sum::<usize>()
                + usize::from(function.property(&["EventInvokeConfig"]).is_some())
        })
        .sum();
    let apis = of_kind("AWS::Serverless::HttpApi").len();
    assert!(resources().len() + made + apis < MOST_RESOURCES);
}

/// Whoever hands an event over and does not wait, as EventBridge Scheduler, never learns that the
/// function failed.
#[test]
fn what_is_called_without_waiting_says_where_its_failures_go() {
    let scheduled =
        |one: &Resource| one.events().iter().any(|event| event.kind.starts_with("Schedule"));
    for function in of_kind(FUNCTION).into_iter().filter(scheduled) {
        let name = &function.name;
        assert!(function.number(&["EventInvokeConfig", "MaximumRetryAttempts"]) <= 2, "{name}");
        let path = ["EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination"];
        let queue = function.target(&path).unwrap_or_else(|| panic!("{name}: no OnFailure"));
        assert_eq!(named(&queue).kind, QUEUE);
        let role = named(&function.target(&["Role"]).unwrap());
        let may = statements(&role).iter().any(|one| {
            strings(&one["Action"]).contains(&"sqs:SendMessage".to_owned())
                && strings(&one["Resource"]).contains(&format!("{queue}.Arn"))
        });
        assert!(may, "{name} may not send to {queue}");
    }
}

#[test]
fn functions_and_folders_are_the_same_set_and_each_has_a_main() {
    let mut built: Vec<String> = of_kind(FUNCTION).iter().map(folder_of).collect();
    built.sort();
    assert_eq!(built, tree::folders("functions"));
    for name in built {
        let path = format!("functions/{name}/src/main.rs");
        assert!(tree::root().join(&path).exists(), "no {path}");
    }
}

#[test]
fn a_message_stays_invisible_for_six_timeouts_of_whoever_took_it() {
    for (function, event) in queue_events() {
        let queue = named(&event.target(&["Queue"]).unwrap());
        let needed = 6 * function.number(&["Timeout"]);
        assert!(queue.number(&["VisibilityTimeout"]) >= needed, "{}: < {needed}", queue.name);
    }
}

#[test]
fn a_queue_mapping_reports_single_failures_and_scales_in_one_way() {
    for (_, event) in queue_events() {
        let name = &event.name;
        let queue = named(&event.target(&["Queue"]).unwrap());
        assert!(event.number(&["BatchSize"]) <= 10, "{name}");
        assert!(reports_single_failures(&event), "{name}");
        assert!(event.number(&["ScalingConfig", "MaximumConcurrency"]) >= 2, "{name}");
        assert!(event.property(&["ProvisionedPollerConfig"]).is_none(), "{name}: two ways");
        if queue.is(&["FifoQueue"], "true") {
            let window = event.property(&["MaximumBatchingWindowInSeconds"]);
            assert!(window.is_none(), "{name}: a FIFO mapping has no window");
            assert!(queue.is(&["DeduplicationScope"], "messageGroup"), "{name}");
            assert!(queue.is(&["FifoThroughputLimit"], "perMessageGroupId"), "{name}");
        }
    }
    for function in of_kind(FUNCTION) {
        let sources = function.events();
        let most = sources
            .iter()
            .filter(|event| event.kind == "SQS")
            .map(|event| event.number(&["ScalingConfig", "MaximumConcurrency"]))
            .sum::<u64>();
        let reserved = function.number(&["ReservedConcurrentExecutions"]);
        assert!(reserved >= most, "{}: {reserved} < {most}", function.name);
    }
}

#[test]
fn nothing_that_fails_for_good_disappears() {
    for (_, event) in queue_events() {
        let queue = named(&event.target(&["Queue"]).unwrap());
        let dead = named(&queue.target(&["RedrivePolicy", "deadLetterTargetArn"]).unwrap());
        assert!(queue.number(&["RedrivePolicy", "maxReceiveCount"]) >= 3, "{}", queue.name);
        assert_eq!(queue.is(&["FifoQueue"], "true"), dead.is(&["FifoQueue"], "true"));
        let kept = dead.number(&["MessageRetentionPeriod"]);
        assert!(kept > queue.number(&["MessageRetentionPeriod"]), "{}", dead.name);
    }
    for event in of_kind(FUNCTION).iter().flat_map(Resource::events) {
        let destination = match event.kind.as_str() {
            "DynamoDB" => vec!["DestinationConfig", "OnFailure", "Destination"],
            "ScheduleV2" => vec!["DeadLetterConfig", "Arn"],
            _ => continue,
        };
        let queue = event.target(&destination).unwrap_or_else(|| panic!("{}", event.name));
        assert_eq!(named(&queue).kind, QUEUE);
    }
}

#[test]
fn a_stream_mapping_cannot_be_blocked_by_one_record() {
    let sources = of_kind(FUNCTION);
    let streams: Vec<Resource> = sources
        .iter()
        .flat_map(Resource::events)
        .filter(|event| event.kind == "DynamoDB")
        .collect();
    assert_eq!(streams.len(), 2);
    for event in streams {
        let table = named(&event.target(&["Stream"]).unwrap());
        assert!(table.is(&["StreamSpecification", "StreamViewType"], "NEW_IMAGE"));
        assert!(event.is(&["BisectBatchOnFunctionError"], "true"));
        assert!(event.is(&["StartingPosition"], "TRIM_HORIZON"));
        assert!(event.number(&["MaximumRetryAttempts"]) <= 10);
        assert!(event.number(&["MaximumRecordAgeInSeconds"]) <= 24 * 3_600);
        assert!(reports_single_failures(&event));
        assert!(strings(event.property(&["FilterCriteria"]).unwrap())[0].contains("INSERT"));
    }
}

#[test]
fn a_policy_names_what_it_grants_and_grants_what_the_function_was_told_of() {
    for owner in resources() {
        if !["AWS::IAM::Role", "AWS::IAM::ManagedPolicy"].contains(&owner.kind.as_str()) {
            continue;
        }
        for statement in statements(&owner) {
            if statement["Effect"].as_str() == Some("Deny") {
                let never = if owner.name == ERASER.0 { ERASER.1 } else { NEVER };
                assert_eq!(strings(&statement["Action"]), never, "{}", owner.name);
                assert_eq!(strings(&statement["Resource"]), ["AuditTable.Arn"], "{}", owner.name);
                continue;
            }
            assert_eq!(statement["Effect"].as_str(), Some("Allow"), "{}", owner.name);
            for action in strings(&statement["Action"]) {
                assert!(!action.contains('*'), "{}: {action}", owner.name);
            }
            let every = strings(&statement["Resource"]).iter().any(|resource| resource == "*");
            let listed = EVERY_RESOURCE.iter().any(|(name, _)| *name == owner.name);
            assert!(!every || listed, "{} names every resource", owner.name);
        }
    }
    for function in of_kind(FUNCTION) {
        let role = named(&function.target(&["Role"]).unwrap());
        let all = statements(&role);
        let (denied, allowed): (Vec<_>, Vec<_>) =
            all.iter().partition(|one| one["Effect"].as_str() == Some("Deny"));
        let granted: String = allowed.iter().flat_map(|one| strings(&one["Resource"])).collect();
        // Whoever may write an entry of the audit log is told that none may be changed.
        assert_eq!(granted.contains("AuditTable"), !denied.is_empty(), "{}", function.name);
        for resource in resources() {
            if resource.kind == TABLE || resource.kind == "AWS::S3::Bucket" {
                let told = strings(function.property(&["Environment"]).unwrap());
                let knows = told.contains(&resource.name);
                assert_eq!(
                    granted.contains(&resource.name),
                    knows,
                    "{}: environment and role differ on {}",
                    function.name,
                    resource.name
                );
            }
        }
    }
}

#[test]
fn a_table_is_kept_and_backed_up_or_is_on_the_throw_away_list() {
    for table in of_kind(TABLE) {
        let name = table.name.as_str();
        let kept = ["DeletionPolicy", "UpdateReplacePolicy"]
            .iter()
            .all(|policy| table.value[*policy].as_str() == Some("Retain"));
        let path = ["PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"];
        let backed_up = table.is(&path, "true");
        let throw_away = THROW_AWAY.contains(&name);
        assert_eq!((kept, backed_up), (!throw_away, !throw_away), "{name}");
        assert!(table.is(&["SSESpecification", "SSEEnabled"], "true"), "{name}");
        assert!(table.is(&["BillingMode"], "PAY_PER_REQUEST"), "{name}");
        let keys = table.property(&["KeySchema"]).unwrap();
        assert_eq!(strings(keys), ["pk", "HASH", "sk", "RANGE"], "{name}");
        if let Some(Value::Sequence(indexes)) = table.property(&["GlobalSecondaryIndexes"]) {
            for index in indexes {
                let index = index["IndexName"].as_str().unwrap();
                assert!(index.len() >= 3, "{name}: DynamoDB refuses the index name {index}");
            }
        }
    }
}

#[test]
fn queues_and_bucket_are_encrypted_and_refuse_plain_http() {
    let policies = resources();
    let refuses = |name: &str| {
        policies.iter().any(|policy| {
            policy.kind.ends_with("Policy")
                && ["Queues", "Bucket"].iter().any(|key| {
                    policy
                        .property(&[key])
                        .is_some_and(|value| strings(value).contains(&name.into()))
                })
                && statements(policy).iter().any(|statement| {
                    statement["Effect"].as_str() == Some("Deny")
                        && statement["Condition"]["Bool"]["aws:SecureTransport"].as_str()
                            == Some("false")
                })
        })
    };
    for queue in of_kind(QUEUE) {
        assert!(queue.is(&["SqsManagedSseEnabled"], "true"), "{}", queue.name);
        assert!(refuses(&queue.name), "{}", queue.name);
    }
    for bucket in of_kind("AWS::S3::Bucket") {
        assert!(bucket.property(&["BucketEncryption"]).is_some(), "{}", bucket.name);
        assert!(bucket.is(&["PublicAccessBlockConfiguration", "BlockPublicPolicy"], "true"));
        assert!(bucket.is(&["VersioningConfiguration", "Status"], "Enabled"));
        assert!(refuses(&bucket.name), "{}", bucket.name);
    }
}

#[test]
fn the_api_waits_a_little_longer_than_its_function() {
    let mut routes = BTreeSet::new();
    for function in of_kind(FUNCTION) {
        for event in function.events().iter().filter(|event| event.kind == "HttpApi") {
            let waits_ms = event.number(&["TimeoutInMillis"]);
            let works_ms = function.number(&["Timeout"]) * 1_000;
            assert!(waits_ms >= works_ms + 500 && waits_ms < 29_000, "{}", event.name);
            let method = inside(event.property(&["Method"]).unwrap()).as_str().unwrap();
            let path = inside(event.property(&["Path"]).unwrap()).as_str().unwrap();
            assert!(routes.insert(format!("{method} {path}")), "{method} {path} twice");
        }
    }
    let api = named("Api");
    assert!(api.is(&["StageName"], "$default"), "a named stage would be put before every path");
    let Some(Value::Mapping(limits)) = api.property(&["RouteSettings"]) else {
        panic!("no limits")
    };
    for route in limits.keys() {
        assert!(routes.contains(route.as_str().unwrap()), "no route {route:?}");
    }
}

#[test]
fn the_template_sets_exactly_the_variables_the_code_reads() {
    let template: Value = serde_yaml_ng::from_str(&tree::read("template.yaml")).unwrap();
    let globals = names(&template["Globals"]["Function"]["Environment"]["Variables"]);
    let mut set = globals.clone();
    let mut functions = BTreeSet::new();
    for function in of_kind(FUNCTION) {
        let folder = folder_of(&function);
        let own = names(function.property(&["Environment", "Variables"]).unwrap());
        for variable in NAMES.iter().filter(|variable| variable.set_by == SetBy::Template) {
            let needs = variable.required_by.iter().any(|one| one.name() == folder);
            let has = own.contains(variable.name) || globals.contains(variable.name);
            assert!(has || !needs, "{folder} does not start without {}", variable.name);
        }
        set.extend(own);
        functions.insert(folder);
    }
    // What begins with AWS_ comes from the runtime, or from the embedded stack alone.
    let read = NAMES.iter().filter(|variable| variable.set_by == SetBy::Template);
    assert_eq!(set, read.map(|variable| variable.name.to_owned()).collect());
    assert_eq!(functions, Function::ALL.iter().map(|one| one.name().to_owned()).collect());
}

#[test]
fn alarms_and_dashboard_read_metrics_that_the_code_counts() {
    let counted: BTreeSet<String> = tree::files_ending("shared/telemetry/src", ".rs")
        .iter()
        .filter(|file| file.contains("/metrics"))
        .flat_map(|file| quoted(&tree::read(file)).collect::<Vec<_>>())
        .collect();
    let watchers = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"];
    let texts: Vec<String> = watchers
        .iter()
        .flat_map(|kind| of_kind(kind))
        .flat_map(|watcher| strings(&watcher.value))
        .filter(|text| text.contains("Hndasah"))
        .collect();
    let words =
        texts.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_alphabetic() && c != '_'));
    let watched: BTreeSet<&str> =
        words.filter(|word| word.ends_with("_total") || word.ends_with("_seconds")).collect();
    assert!(watched.len() >= 4, "{watched:?}");
    for metric in watched {
        assert!(counted.contains(metric), "nothing counts {metric}");
    }
    assert!(counted.contains("stage"), "the alarms choose by stage; no metric carries it");
}

fn folder_of(function: &Resource) -> String {
    let metadata = &function.value["Metadata"];
    assert_eq!(metadata["BuildMethod"].as_str(), Some("rust-cargolambda"), "{}", function.name);
    metadata["BuildProperties"]["Binary"].as_str().unwrap().to_owned()
}

fn queue_events() -> Vec<(Resource, Resource)> {
    let mut found = Vec::new();
    for name in of_kind(FUNCTION).iter().map(|function| function.name.clone()) {
        for event in named(&name).events().into_iter().filter(|event| event.kind == "SQS") {
            found.push((named(&name), event));
        }
    }
    assert!(!found.is_empty());
    found
}

fn reports_single_failures(event: &Resource) -> bool {
    event
        .property(&["FunctionResponseTypes"])
        .is_some_and(|types| strings(types) == ["ReportBatchItemFailures"])
}

fn names(variables: &Value) -> BTreeSet<String> {
    let Value::Mapping(map) = variables else { panic!("no variables") };
    map.keys().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned)
}
