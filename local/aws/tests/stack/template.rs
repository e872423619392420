//! Reading a template and making what it asks for.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;
use embedded_aws::Plan;
use embedded_aws::template::{EnvironmentValue, Source};

use crate::rig::in_memory;

const TEMPLATE: &str = include_str!("template.yaml");

fn plan() -> Plan {
    let parameters = BTreeMap::from([("Stage".to_owned(), "local".to_owned())]);
    Plan::read(TEMPLATE, &parameters).unwrap()
}

#[test]
fn a_plan_has_what_the_template_says() {
    let plan = plan();
    let jobs = &plan.tables[0];
    assert_eq!(jobs.name, "hndasah-local-jobs");
    assert_eq!(jobs.stream.as_deref(), Some("NEW_IMAGE"));
    assert_eq!(jobs.time_to_live.as_deref(), Some("ttl"));
    assert_eq!(jobs.indexes[0].projection.non_key_attributes, ["doc"]);
    let inbound = plan.queue("hndasah-local-inbound.fifo").unwrap();
    assert!(inbound.is_fifo);
    assert_eq!(inbound.visibility_timeout_s(), 180);
    assert_eq!(inbound.attributes["DeduplicationScope"], "messageGroup");
    let dead_letters = inbound.dead_letters.as_ref().unwrap();
    assert_eq!(dead_letters.queue, "hndasah-local-inbound-dlq.fifo");
    assert_eq!(dead_letters.max_receive_count, 20);
    assert_eq!(plan.buckets[0].name, "hndasah-local-media-000000000000-us-east-1");
    let ids: Vec<&str> = plan.functions.iter().map(|f| f.logical_id.as_str()).collect();
    assert_eq!(ids, ["WebhookFunction", "ProcessorFunction"], "the condition drops the third");
}

#[test]
fn a_plan_knows_what_calls_which_function() {
    let plan = plan();
    let routes: Vec<String> =
        plan.routes.iter().map(|r| format!("{} {} {}", r.method, r.path, r.function)).collect();
    assert_eq!(
        routes,
        [
            "GET /api/v1/webhooks/whatsapp WebhookFunction",
            "ANY /api/v1/conversations/{conversation_id} WebhookFunction"
        ]
    );
    let [queue, stream] = plan.source_mappings.as_slice() else { panic!("two mappings") };
    assert_eq!(queue.source, Source::Queue("hndasah-local-inbound.fifo".to_owned()));
    assert_eq!((queue.batch_size, queue.max_concurrency), (10, Some(50)));
    assert!(queue.reports_item_failures);
    assert_eq!(stream.source, Source::Stream("hndasah-local-jobs".to_owned()));
    assert_eq!((stream.batch_size, stream.reports_item_failures), (100, false));
    let record = |name: &str, keys: &[&str]| {
        let image: serde_json::Map<_, _> =
            keys.iter().map(|key| ((*key).to_owned(), serde_json::json!({"S": "x"}))).collect();
        serde_json::json!({ "eventName": name, "dynamodb": { "NewImage": image } })
    };
    assert!(queue.takes(&record("REMOVE", &[])), "without a filter everything is taken");
    assert!(stream.takes(&record("INSERT", &["g1pk"])));
    assert!(!stream.takes(&record("INSERT", &[])));
    assert!(!stream.takes(&record("MODIFY", &["g1pk"])));
    let sweep = &plan.schedules[0];
    assert_eq!(sweep.every, Duration::from_mins(5));
    assert_eq!(sweep.input.as_deref(), Some(r#"{"detail":{"job":"outbox_sweep"}}"#));
    assert!(sweep.is_enabled && !plan.schedules[1].is_enabled);
}

#[test]
fn environments_are_resolved_but_for_queue_urls() {
    let plan = plan();
    let webhook = plan.function_of_binary("webhook").unwrap();
    assert_eq!(
        (&*webhook.name, webhook.timeout),
        ("hndasah-local-webhook", Duration::from_secs(5))
    );
    assert_eq!(plan.function("ProcessorFunction").unwrap().timeout, Duration::from_secs(30));
    let resolved: Vec<(String, String)> = webhook
        .environment
        .iter()
        .map(|(name, value)| (name.clone(), value.resolve(|queue| format!("url of {queue}"))))
        .collect();
    let expected = [
        ("ALLOWED_ORIGINS", "http://a.example,http://b.example"),
        ("INBOUND_QUEUE_URL", "url of hndasah-local-inbound.fifo"),
        ("JOBS_TABLE", "hndasah-local-jobs"),
        ("LOG_LEVEL", "debug"),
        ("META_SECRET", "hndasah/local/meta"),
        ("STAGE", "local"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(resolved, expected);
    let url = &webhook.environment["INBOUND_QUEUE_URL"];
    assert_eq!(*url, EnvironmentValue::QueueUrl("hndasah-local-inbound.fifo".to_owned()));
}

#[test]
fn a_template_that_cannot_be_followed_is_refused_by_name() {
    let wrong = TEMPLATE.replace("!GetAtt InboundQueue.Arn", "!GetAtt NoQueue.Arn");
    let error = Plan::read(&wrong, &BTreeMap::new()).unwrap_err();
    assert!(format!("{error:#}").contains("ProcessorFunction"), "{error:#}");
    assert!(Plan::read("Parameters: {Stage: {Type: String}}", &BTreeMap::new()).is_err());
}

#[tokio::test]
async fn a_plan_is_provisioned_once_however_often_it_is_asked() {
    let (aws, _) = in_memory().await;
    let plan = plan();
    aws.provision(&plan).await.unwrap();
    let url = aws.queue_url("hndasah-local-inbound.fifo");
    let changed = aws.sqs().set_queue_attributes().queue_url(&url);
    let changed = changed.attributes(QueueAttributeName::VisibilityTimeout, "7");
    changed.send().await.unwrap();
    aws.provision(&plan).await.unwrap();
    let attributes = aws.sqs().get_queue_attributes().queue_url(&url);
    let attributes = attributes.attribute_names(QueueAttributeName::All).send().await.unwrap();
    let attributes = attributes.attributes.unwrap();
    assert_eq!(attributes[&QueueAttributeName::VisibilityTimeout], "180", "the template wins");
    assert!(attributes[&QueueAttributeName::RedrivePolicy].contains("inbound-dlq.fifo"));
    let table = aws.dynamodb().describe_table().table_name("hndasah-local-jobs").send().await;
    let table = table.unwrap().table.unwrap();
    assert_eq!(table.global_secondary_indexes()[0].index_name(), Some("gsi1"));
    assert!(table.latest_stream_arn().is_some());
    let ttl = aws.dynamodb().describe_time_to_live().table_name("hndasah-local-jobs");
    let ttl = ttl.send().await.unwrap().time_to_live_description.unwrap();
    assert_eq!(ttl.attribute_name(), Some("ttl"));
    let environment = aws.environment(plan.function_of_binary("webhook").unwrap());
    assert_eq!(environment["INBOUND_QUEUE_URL"], url);
    assert_eq!(environment["AWS_ENDPOINT_URL_DYNAMODB"], aws.endpoints().dynamodb);
    aws.s3().head_bucket().bucket(&plan.buckets[0].name).send().await.unwrap();
    aws.shutdown().await.unwrap();
}
