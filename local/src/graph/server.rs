//! The stand-in's listening side, which can be closed and opened again on the same port.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;

use crate::graph::Graph;
use crate::graph::calls;
use crate::graph::listener::{Cut, CuttableListener};

/// How long a closing waits for calls under way.
const CLOSING_PATIENCE: Duration = Duration::from_secs(1);

/// The Graph API on a port.
pub struct GraphServer {
    graph: Graph,
    address: SocketAddr,
    running: Mutex<Option<Running>>,
}

struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl GraphServer {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start(graph: Graph) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let running = Mutex::new(Some(serve(listener, &graph)));
        Ok(Self { graph, address, running })
    }

    /// What `GRAPH_BASE_URL` is set to.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on connections are refused, and open ones are closed.
    pub async fn refuse_connections(&self) {
        let Some(Running { stop, mut task }) = self.running.lock().await.take() else { return };
        drop(stop);
        if tokio::time::timeout(CLOSING_PATIENCE, &mut task).await.is_err() {
            task.abort();
        }
    }

    /// Takes connections again, at the same address.
    pub async fn accept_connections(&self) -> Result<()> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let listener = TcpListener::bind(self.address).await.context("bind Graph again")?;
            *running = Some(serve(listener, &self.graph));
        }
        Ok(())
    }
}

fn serve(listener: TcpListener, graph: &Graph) -> Running {
    let (stop, stopped) = oneshot::channel::<()>();
    let service = calls::router(graph.clone()).into_make_service_with_connect_info::<Cut>();
    // Both a message and the sender's end mean stop.
    let shutdown = async move { drop(stopped.await) };
    let served = axum::serve(CuttableListener(listener), service).with_graceful_shutdown(shutdown);
    Running { stop, task: tokio::spawn(served.into_future()) }
}
