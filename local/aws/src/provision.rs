//! Making what a plan asks for, through the SDKs. Made again, it changes nothing.

mod queues;
mod tables;

use std::collections::BTreeMap;

use anyhow::Context as _;
use aws_sdk_s3::error::ProvideErrorMetadata as _;

use crate::sdk;
use crate::stack::EmbeddedAws;
use crate::template::{Function, Plan};

impl EmbeddedAws {
    /// Creates the tables, queues and buckets of a plan that are not there yet, and gives the
    /// queues the plan's attributes.
    pub async fn provision(&self, plan: &Plan) -> anyhow::Result<()> {
        let dynamodb = self.dynamodb();
        for table in &plan.tables {
            tables::create(&dynamodb, table)
                .await
                .with_context(|| format!("create the table {}", table.name))?;
        }
        let sqs = self.sqs();
        queues::create_all(&sqs, &plan.queues).await?;
        for bucket in &plan.buckets {
            self.create_bucket(&bucket.name)
                .await
                .with_context(|| format!("create the bucket {}", bucket.name))?;
        }
        Ok(())
    }

    /// The environment of a function as Lambda would set it, with the endpoints of this stack.
    pub fn environment(&self, function: &Function) -> BTreeMap<String, String> {
        let of_stack = [
            ("AWS_REGION", sdk::REGION),
            ("AWS_ACCESS_KEY_ID", sdk::ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", sdk::SECRET_KEY),
        ];
        let endpoints = self.endpoints().environment();
        let mut environment: BTreeMap<String, String> = of_stack
            .into_iter()
            .chain(endpoints)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let own = function
            .environment
            .iter()
            .map(|(name, value)| (name.clone(), value.resolve(|queue| self.queue_url(queue))));
        environment.extend(own);
        environment
    }

    async fn create_bucket(&self, name: &str) -> anyhow::Result<()> {
        let outcome = self.s3().create_bucket().bucket(name).send().await;
        let exists = ["BucketAlreadyExists", "BucketAlreadyOwnedByYou"];
        match outcome {
            Err(error) if error.code().is_some_and(|code| exists.contains(&code)) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(_) => Ok(()),
        }
    }
}
