//! The event sources of a deployment, from what the template says.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use domain::Clock;
use embedded_aws::template::{Source, SourceMapping};
use embedded_aws::{EmbeddedAws, Plan};
use tokio::sync::Notify;

use super::Driver;
use super::queue::{QueueDoor, QueueMapping, QueueSettings};
use super::schedule::{ScheduleDoor, ScheduleMapping};
use super::stream::checkpoints::Checkpoints;
use super::stream::{StreamDoor, StreamMapping, StreamSettings};

/// The doors event sources lead to, by the name of the function's binary.
pub struct Doors {
    pub queues: BTreeMap<&'static str, QueueDoor>,
    pub streams: BTreeMap<&'static str, StreamDoor>,
    pub schedules: BTreeMap<&'static str, ScheduleDoor>,
}

/// What a driver is made of.
pub struct Setup<'a> {
    pub aws: &'a Arc<EmbeddedAws>,
    pub plan: &'a Plan,
    pub doors: &'a Doors,
    pub checkpoints: Checkpoints,
}

impl Driver {
    /// Every event source of the plan; `clock` is that of the schedules.
    pub async fn new(setup: Setup<'_>, clock: Arc<dyn Clock>) -> Result<Self> {
        let Setup { aws, plan, doors, checkpoints } = setup;
        let mut driver = Self {
            queues: Vec::new(),
            streams: Vec::new(),
            schedules: Vec::new(),
            clock,
            written: Arc::new(Notify::new()),
        };
        for mapping in &plan.source_mappings {
            match &mapping.source {
                Source::Queue(name) => {
                    let door = door(plan, &mapping.function, &doors.queues)?;
                    let settings = QueueSettings {
                        name: name.clone(),
                        url: aws.queue_url(name),
                        batch_size: mapping.batch_size,
                        concurrency: mapping.max_concurrency.unwrap_or(2),
                        reports_item_failures: mapping.reports_item_failures,
                    };
                    let queue = QueueMapping::new(aws.sqs(), settings, Arc::clone(door));
                    driver.queues.push(Arc::new(queue));
                }
                Source::Stream(table) => {
                    let door = door(plan, &mapping.function, &doors.streams)?;
                    let settings =
                        stream_settings(aws, mapping, table, checkpoints.clone()).await?;
                    let stream = StreamMapping::new(Arc::clone(aws), settings, Arc::clone(door));
                    driver.streams.push(Arc::new(stream));
                }
            }
        }
        for schedule in plan.schedules.iter().filter(|schedule| schedule.is_enabled) {
            let door = door(plan, &schedule.function, &doors.schedules)?;
            let mapping = ScheduleMapping::new(schedule.clone(), Arc::clone(door));
            driver.schedules.push(Arc::new(mapping));
        }
        Ok(driver)
    }
}

async fn stream_settings(
    aws: &EmbeddedAws,
    mapping: &SourceMapping,
    table: &str,
    checkpoints: Checkpoints,
) -> Result<StreamSettings> {
    let described = aws.dynamodb().describe_table().table_name(table).send().await?;
    let stream_arn = described
        .table
        .and_then(|table| table.latest_stream_arn)
        .ok_or_else(|| anyhow!("{table} has no stream"))?;
    Ok(StreamSettings {
        table: table.to_owned(),
        stream_arn,
        dead_letters_url: mapping.on_failure.as_deref().map(|queue| aws.queue_url(queue)),
        checkpoints,
        mapping: mapping.clone(),
    })
}

/// The door of the function with a logical id.
pub(crate) fn door<'a, T>(
    plan: &Plan,
    function: &str,
    doors: &'a BTreeMap<&str, T>,
) -> Result<&'a T> {
    let binary = plan.function(function).and_then(|function| function.binary.as_deref());
    binary
        .and_then(|binary| doors.get(binary))
        .ok_or_else(|| anyhow!("{function} has no door of the kind its event source needs"))
}
