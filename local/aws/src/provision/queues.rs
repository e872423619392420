//! Creating queues.

use anyhow::Context as _;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::create_queue::CreateQueueError;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

use crate::sqs;
use crate::template::Queue;

/// Creates queues and sets their attributes; first all of them, so that dead-letter queues are
/// there when they are named.
pub(crate) async fn create_all(client: &Client, queues: &[Queue]) -> anyhow::Result<()> {
    for queue in queues {
        create(client, queue).await.with_context(|| format!("create the queue {}", queue.name))?;
    }
    for queue in queues {
        set_redrive(client, queue)
            .await
            .with_context(|| format!("set the dead-letter queue of {}", queue.name))?;
    }
    Ok(())
}

async fn create(client: &Client, queue: &Queue) -> anyhow::Result<()> {
    let attributes = queue
        .attributes
        .iter()
        .map(|(name, value)| (QueueAttributeName::from(name.as_str()), value.clone()));
    let created = client
        .create_queue()
        .queue_name(&queue.name)
        .set_attributes(Some(attributes.clone().collect()))
        .send()
        .await;
    match created {
        Ok(_) => return Ok(()),
        Err(error)
            if error.as_service_error().is_some_and(CreateQueueError::is_queue_name_exists) => {}
        Err(error) => return Err(error.into()),
    }
    // It is there with other attributes: the template was changed since.
    let changeable = attributes.filter(|(name, _)| *name != QueueAttributeName::FifoQueue);
    let url = client.get_queue_url().queue_name(&queue.name).send().await?.queue_url;
    client
        .set_queue_attributes()
        .set_queue_url(url)
        .set_attributes(Some(changeable.collect()))
        .send()
        .await?;
    Ok(())
}

async fn set_redrive(client: &Client, queue: &Queue) -> anyhow::Result<()> {
    let Some(dead_letters) = &queue.dead_letters else { return Ok(()) };
    let policy = json!({
        "deadLetterTargetArn": sqs::arn::of_queue(&dead_letters.queue),
        "maxReceiveCount": dead_letters.max_receive_count,
    });
    let url = client.get_queue_url().queue_name(&queue.name).send().await?.queue_url;
    client
        .set_queue_attributes()
        .set_queue_url(url)
        .attributes(QueueAttributeName::RedrivePolicy, policy.to_string())
        .send()
        .await?;
    Ok(())
}
