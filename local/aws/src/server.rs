//! An HTTP server on loopback that can be stopped.

use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a stop waits for requests under way.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// A server. Dropping it stops it without waiting.
pub(crate) struct Server {
    endpoint: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, router: Router) -> anyhow::Result<Self> {
        let endpoint = format!("http://{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps Nagle's delay");
            }
        });
        let (stop, stopped) = oneshot::channel::<()>();
        // Both a message and the sender's end mean stop.
        let shutdown = async move { drop(stopped.await) };
        let serve = axum::serve(listener, router).with_graceful_shutdown(shutdown);
        let task = tokio::spawn(serve.into_future());
        Ok(Self { endpoint, stop, task })
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Stops accepting, lets requests under way finish, and returns.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        if tokio::time::timeout(STOP_PATIENCE, self.task).await.is_err() {
            tracing::debug!("a server was stopped with requests under way");
        }
    }
}
