//! The operations of the SQS API, one file per subject.

pub(crate) mod delete;
pub(crate) mod queues;
pub(crate) mod receive;
pub(crate) mod redrive;
pub(crate) mod send;
pub(crate) mod visibility;

use serde_json::{Value, json};

use crate::sqs::error::Refusal;

/// The answer of a batch: what was done and what was refused, by entry.
#[derive(Debug, Default)]
pub(crate) struct BatchOutcome {
    successful: Vec<Value>,
    failed: Vec<Value>,
}

impl BatchOutcome {
    pub(crate) fn add(&mut self, id: &str, outcome: Result<Value, Refusal>) {
        match outcome {
            Ok(mut answer) => {
                if let Some(fields) = answer.as_object_mut() {
                    fields.insert("Id".to_owned(), Value::from(id));
                }
                self.successful.push(answer);
            }
            Err(refusal) => self.failed.push(json!({
                "Id": id,
                "SenderFault": true,
                "Code": refusal.code.query(),
                "Message": refusal.message,
            })),
        }
    }

    pub(crate) fn into_answer(self) -> Value {
        json!({ "Successful": self.successful, "Failed": self.failed })
    }
}
