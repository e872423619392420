//! A queue server that speaks the SQS protocol on a loopback port.
//!
//! Our own, because no well-kept embeddable one keeps FIFO order. It has what this system uses
//! of SQS, exactly: FIFO groups, order and deduplication, fair standard queues, visibility,
//! delays, long polls, dead letters, batches and their limits. Absent: tags, permissions,
//! `ReceiveRequestAttemptId`, listing of move tasks, and the older XML protocol.

pub(crate) mod arn;
mod broker;
mod checks;
mod deduplication;
mod error;
mod groups;
mod journal;
mod message;
mod operations;
mod protocol;
mod queue;
mod receipt;
mod settings;
mod state;

use std::path::Path;
use std::sync::Arc;

use domain::Clock;
use tokio::net::TcpListener;

use crate::server::Server;
use crate::sqs::broker::Broker;

/// A running queue server. Dropping it closes it without waiting.
pub(crate) struct Sqs {
    door: Door,
    server: Server,
}

/// Closes the broker when dropped, so that connections still open reach nothing.
struct Door(Arc<Broker>);

impl Sqs {
    /// Starts on a free port, with the log at `path` or in memory.
    pub(crate) async fn start(path: Option<&Path>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let broker = Arc::new(Broker::open(path, clock, endpoint)?);
        let server = Server::start(listener, protocol::router(Arc::clone(&broker)))?;
        Ok(Self { door: Door(broker), server })
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    pub(crate) fn queue_url(&self, name: &str) -> String {
        self.door.0.queue_url(name)
    }

    /// Lets long polls look again, after a test's clock was moved.
    pub(crate) fn wake(&self) {
        self.door.0.wake();
    }

    /// Ends long polls and serves nothing any more.
    pub(crate) async fn stop(self) {
        drop(self.door);
        self.server.stop().await;
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.0.close();
    }
}
