//! One message as a queue hands it out.

use aws_lambda_events::sqs::SqsMessage;

/// A received message.
#[derive(Debug, Clone)]
pub struct Record {
    pub id: String,
    pub receipt: String,
    pub body: String,
    /// The message group; empty where there is none.
    pub group: String,
    /// The FIFO sequence number: 20 digits, increasing in a group. The order of events.
    pub sequence: Option<String>,
    /// How often it was handed out, this time included; at least 1.
    pub receive_count: u32,
}

impl Record {
    pub(crate) fn of(message: SqsMessage) -> Self {
        let mut attributes = message.attributes;
        let receive_count = attributes
            .get("ApproximateReceiveCount")
            .and_then(|text| text.parse().ok())
            .unwrap_or(1);
        Self {
            id: message.message_id.unwrap_or_default(),
            receipt: message.receipt_handle.unwrap_or_default(),
            body: message.body.unwrap_or_default(),
            group: attributes.remove("MessageGroupId").unwrap_or_default(),
            sequence: attributes.remove("SequenceNumber"),
            receive_count,
        }
    }
}
