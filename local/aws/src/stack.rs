//! The whole embedded AWS, started and stopped together.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use aws_types::SdkConfig;
use domain::Clock;
use tempfile::TempDir;
use tokio::sync::broadcast;

use crate::dynamodb::DynamoDb;
use crate::s3::{ObjectCreated, S3};
use crate::sdk::{self, Endpoints};
use crate::secrets::Secrets;
use crate::ses::{Mailbox, Ses};
use crate::sqs::Sqs;

/// Where the data are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Nowhere: they go when the stack goes.
    Memory,
    /// In this directory, made if it is not there. One process at a time.
    Directory(PathBuf),
}

/// What a stack is started with.
pub struct Options {
    pub data: Data,
    /// Moves visibility, delays, deduplication and long polls of queues, and, in memory, the
    /// time to live of items.
    pub clock: Arc<dyn Clock>,
}

/// DynamoDB, SQS, S3, Secrets Manager and SES on loopback ports, for one process or one test.
///
/// Dropping it is like killing it: nothing is awaited, and with a directory everything answered
/// before is there at the next start. `shutdown` lets requests under way finish first.
pub struct EmbeddedAws {
    endpoints: Endpoints,
    config: SdkConfig,
    sqs: Sqs,
    dynamodb: DynamoDb,
    s3: S3,
    secrets: Secrets,
    ses: Ses,
    /// Objects are files even in memory; these go with the stack.
    _temporary: Option<TempDir>,
    /// Held while the directory is in use.
    _lock: Option<File>,
}

impl EmbeddedAws {
    /// Starts every service on a free port of 127.0.0.1. Needs a Tokio runtime.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let Options { data, clock } = options;
        let (directory, temporary, lock) = match data {
            Data::Memory => (None, Some(tempfile::tempdir()?), None),
            Data::Directory(directory) => {
                let lock = take_lock(&directory)?;
                (Some(directory), None, Some(lock))
            }
        };
        let file = |name: &str| directory.as_ref().map(|directory| directory.join(name));
        let objects = match &temporary {
            Some(temporary) => temporary.path().to_owned(),
            None => file("s3").context("no directory")?,
        };
        let dynamodb = DynamoDb::start(file("dynamodb.sqlite").as_deref(), Arc::clone(&clock))?;
        let sqs = Sqs::start(file("sqs.log").as_deref(), Arc::clone(&clock)).await?;
        let s3 = S3::start(&objects, file("s3-keys.sqlite").as_deref()).await?;
        let secrets = Secrets::start(file("secrets.json").as_deref(), Arc::clone(&clock)).await?;
        let ses = Ses::start(file("mail.jsonl").as_deref(), clock).await?;
        let endpoints = Endpoints {
            dynamodb: dynamodb.endpoint().to_owned(),
            sqs: sqs.endpoint().to_owned(),
            s3: s3.endpoint().to_owned(),
            secrets_manager: secrets.endpoint().to_owned(),
            ses: ses.endpoint().to_owned(),
        };
        let config = sdk::config(endpoints.clone());
        Ok(Self {
            endpoints,
            config,
            sqs,
            dynamodb,
            s3,
            secrets,
            ses,
            _temporary: temporary,
            _lock: lock,
        })
    }

    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Configuration from which every client finds its endpoint here.
    pub fn sdk_config(&self) -> &SdkConfig {
        &self.config
    }

    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    pub fn dynamodb_streams(&self) -> aws_sdk_dynamodbstreams::Client {
        aws_sdk_dynamodbstreams::Client::new(&self.config)
    }

    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    pub fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config).force_path_style(true);
        aws_sdk_s3::Client::from_conf(config.build())
    }

    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::new(&self.config)
    }

    /// The letters that were sent.
    pub fn mailbox(&self) -> &Mailbox {
        self.ses.mailbox()
    }

    /// The URL of a queue of this name, whether or not it exists.
    pub fn queue_url(&self, name: &str) -> String {
        self.sqs.queue_url(name)
    }

    /// Makes long polls look again. To be called after a test's clock was moved.
    pub fn wake(&self) {
        self.sqs.wake();
    }

    /// Objects created from now on. A receiver more than 1,024 events behind loses the oldest.
    pub fn object_events(&self) -> broadcast::Receiver<ObjectCreated> {
        self.s3.object_events()
    }

    /// Deletes items whose time to live is over; how many. In a directory the machine's clock
    /// decides, in memory the injected one.
    pub async fn sweep_expired_items(&self) -> anyhow::Result<usize> {
        self.dynamodb.sweep_expired().await
    }

    /// Deletes a table's stream records up to and including a sequence number that every
    /// consumer is done with; how many. In memory nothing is deleted.
    pub async fn trim_stream(&self, table: &str, up_to_sequence: &str) -> anyhow::Result<usize> {
        self.dynamodb.trim_stream(table, up_to_sequence).await
    }

    /// Ends long polls, lets requests under way finish and closes the files.
    pub async fn shutdown(self) -> anyhow::Result<()> {
        // Idle connections would be waited for.
        drop(self.config);
        self.sqs.stop().await;
        self.s3.stop().await;
        self.secrets.stop().await;
        self.ses.stop().await;
        self.dynamodb.stop().await
    }
}

/// Two processes on one directory would write over each other's log.
fn take_lock(directory: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(directory)
        .with_context(|| format!("create the data directory {}", directory.display()))?;
    let lock = File::create(directory.join("lock"))?;
    lock.try_lock()
        .with_context(|| format!("{} is in use by another process", directory.display()))?;
    Ok(lock)
}
