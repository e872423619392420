//! DynamoDB and its streams: `dynoxide` served on a loopback port, on a file or in memory.
//!
//! On a file, two things are done to it that it does not do itself. Commits are not flushed to
//! the disk one by one (`synchronous = NORMAL` under write-ahead logging): they survive the
//! process being killed, which is what is promised, though the last ones may not survive the
//! machine losing power. And the stream's records get an index and can be trimmed, because every
//! write to a table with a stream looks for the last of them.

mod stream_records;

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use domain::Clock;
use dynoxide::Database;
use dynoxide::server::serve_with_shutdown;
use tokio::sync::oneshot;

use crate::dynamodb::stream_records::StreamRecords;

/// A running DynamoDB. Dropping it stops it without waiting.
pub(crate) struct DynamoDb {
    database: Database,
    stream_records: Option<Arc<StreamRecords>>,
    endpoint: String,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// `dynoxide`'s view of our clock. Only an in-memory database can be given one; a file follows
/// the machine's clock.
struct ClockOfDomain(Arc<dyn Clock>);

impl DynamoDb {
    /// Starts on a free port, on the file at `path` or in memory.
    pub(crate) fn start(path: Option<&Path>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let (database, stream_records) = match path {
            Some(path) => {
                let (database, records) = open(path)?;
                (database, Some(Arc::new(records)))
            }
            None => (Database::memory_with_clock(Arc::new(ClockOfDomain(clock)))?, None),
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let served = database.clone();
        // A thread of its own: every request is one synchronous call into SQLite.
        let thread = std::thread::Builder::new()
            .name("embedded-dynamodb".to_owned())
            .spawn(move || serve(listener, served, stopped))?;
        Ok(Self { database, stream_records, endpoint, stop, thread })
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Deletes the items whose time to live is over; how many.
    pub(crate) async fn sweep_expired(&self) -> anyhow::Result<usize> {
        let database = self.database.clone();
        Ok(tokio::task::spawn_blocking(move || database.sweep_ttl()).await??)
    }

    /// Deletes stream records of a table up to a sequence number as consumers see it; how many.
    /// In memory nothing is deleted.
    pub(crate) async fn trim_stream(&self, table: &str, sequence: &str) -> anyhow::Result<usize> {
        let Some(records) = self.stream_records.clone() else { return Ok(0) };
        let (table, sequence) = (table.to_owned(), sequence.to_owned());
        tokio::task::spawn_blocking(move || records.trim(&table, &sequence)).await?
    }

    /// Lets requests under way finish and closes the database.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        drop(self.stop);
        drop(self.database);
        tokio::task::spawn_blocking(move || self.thread.join())
            .await?
            .map_err(|_| anyhow!("the DynamoDB thread panicked"))
    }
}

fn open(path: &Path) -> anyhow::Result<(Database, StreamRecords)> {
    let text = path.to_str().context("the data directory is not UTF-8")?;
    let database = Database::new(text)?;
    // By its name it ends a bulk load; what it does is to set `synchronous = NORMAL`, which a
    // second connection could not do for this one.
    database.disable_bulk_loading()?;
    let records = StreamRecords::open(path)?;
    Ok((database, records))
}

fn serve(listener: std::net::TcpListener, database: Database, stopped: oneshot::Receiver<()>) {
    let served = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| {
            let served = runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener)
                    .map_err(|error| error.to_string())?;
                // Both a message and the sender's end mean stop.
                let shutdown = async move { drop(stopped.await) };
                serve_with_shutdown(listener, database, shutdown).await
            });
            // A connection with half a request must not hold the process.
            runtime.shutdown_timeout(Duration::from_millis(200));
            served
        });
    if let Err(error) = served {
        tracing::error!(error, "the embedded DynamoDB ended");
    }
}

impl dynoxide::storage_backend::Clock for ClockOfDomain {
    fn now_unix_secs(&self) -> u64 {
        u64::try_from(self.0.now().as_second()).unwrap_or(0)
    }

    fn now_unix_secs_f64(&self) -> f64 {
        let micros = u64::try_from(self.0.now().as_microsecond()).unwrap_or(0);
        Duration::from_micros(micros).as_secs_f64()
    }
}
