//! AWS on loopback, for one process and for tests: DynamoDB with streams, SQS, S3, Secrets
//! Manager and SES, spoken to by the real AWS SDKs over plain HTTP.
//!
//! [`EmbeddedAws::start`] binds everything to free ports of 127.0.0.1. [`Plan::read`] reads
//! `template.yaml`, and [`EmbeddedAws::provision`] makes its tables, queues and buckets.
//!
//! Invariant: knows no function and no store. What the system is comes from the template.

mod dynamodb;
mod provision;
mod random;
mod roles;
mod s3;
pub mod sdk;
mod secrets;
mod server;
mod ses;
mod sqs;
mod stack;
pub mod template;

pub use roles::{Roles, Use};
pub use s3::ObjectCreated;
pub use sdk::Endpoints;
pub use ses::{MailFault, Mailbox, ReceivedLetter};
pub use stack::{Data, EmbeddedAws, Options};
pub use template::Plan;
