//! S3 on a loopback port: `s3s-fs` for the bytes, and our own directory of keys in front of it.
//!
//! `s3s-fs` keeps an object under a file name made of its key, so keys beyond some 150 bytes
//! fail, and so does a key that is the prefix of another. Here every object is stored under the
//! digest of its key, and `Keys` knows the key, so both work and listings show what was put.

mod keys;
mod listing;
mod objects;

use std::path::Path;

use anyhow::anyhow;
use axum::Router;
use axum::error_handling::HandleError;
use axum::http::StatusCode;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

use crate::s3::keys::Keys;
use crate::s3::objects::Objects;
use crate::sdk::{ACCESS_KEY, SECRET_KEY};
use crate::server::Server;

/// Events kept for a receiver that is behind.
const EVENTS_KEPT: usize = 1_024;

/// An object was put, copied or completed from parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectCreated {
    pub bucket: String,
    pub key: String,
    pub bytes: u64,
    /// Without quotes, as in event notifications.
    pub etag: String,
}

/// A running S3. Dropping it stops it without waiting.
pub(crate) struct S3 {
    created: broadcast::Sender<ObjectCreated>,
    server: Server,
}

impl S3 {
    /// Starts on a free port, on the directory `root`. `keys` is the file of the directory of
    /// keys, or none to keep it in memory.
    pub(crate) async fn start(root: &Path, keys: Option<&Path>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(root)?;
        let files = FileSystem::new(root).map_err(|error| anyhow!("{error:?}"))?;
        let (created, _) = broadcast::channel(EVENTS_KEPT);
        let objects = Objects::new(files, Keys::open(keys)?, created.clone());
        let mut builder = S3ServiceBuilder::new(objects);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = HandleError::new(builder.build(), |error| async move {
            tracing::warn!(?error, "a request to the embedded S3 failed");
            StatusCode::INTERNAL_SERVER_ERROR
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Server::start(listener, Router::new().fallback_service(service))?;
        Ok(Self { created, server })
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    pub(crate) fn object_events(&self) -> broadcast::Receiver<ObjectCreated> {
        self.created.subscribe()
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await;
    }
}
