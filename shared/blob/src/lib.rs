//! Objects too large for a queue or too strange for a table, in S3.
//!
//! Invariant: a claim is read only by the scope that wrote it.

use aws_clients::AwsClients;
use aws_lc_rs::digest::{SHA256, digest};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::ByteStream;
use domain::id::encode_hex;
use domain::{Error, Result};
use tenancy::TenantScope;

/// Largest object we write or read. A webhook body, the largest thing we keep, has 4 MB.
pub const MAX_BYTES: usize = 6 * 1024 * 1024;
/// Versions deleted in one go: each is a call of its own.
const ERASED_AT_ONCE: i32 = 100;
/// Longest name under `quarantine/`.
const MAX_NAME_LEN: usize = 100;

/// The bucket of media, claims and quarantined bodies. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    clients: AwsClients,
    bucket: String,
}

/// Whose claim it is: a tenant's, or nobody's yet (an event of an unknown number).
#[derive(Debug, Clone, Copy)]
pub enum Owner<'a> {
    Tenant(&'a TenantScope),
    Unrouted,
}

impl Owner<'_> {
    fn prefix(self) -> String {
        match self {
            Self::Tenant(scope) => format!("claims/{}/", scope.tenant().key()),
            Self::Unrouted => "claims/unrouted/".to_owned(),
        }
    }
}

impl Blobs {
    pub fn new(clients: AwsClients, bucket: impl Into<String>) -> Self {
        Self { clients, bucket: bucket.into() }
    }

    /// Keeps what does not fit into a queue; the key goes into the queue instead.
    ///
    /// The key is the content's hash, so the same event twice is one object.
    pub async fn put_claim(&self, owner: Owner<'_>, bytes: Vec<u8>) -> Result<String> {
        let key = format!("{}{}", owner.prefix(), sha256_hex(&bytes));
        self.put(&key, bytes).await?;
        Ok(key)
    }

    /// A claim's bytes. `NotFound` when it is somebody else's or was never written.
    pub async fn get_claim(&self, owner: Owner<'_>, key: &str) -> Result<Vec<u8>> {
        let name = key.strip_prefix(&owner.prefix()).ok_or(Error::NotFound)?;
        if name.len() != 64 || !name.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Error::NotFound);
        }
        self.get(key).await
    }

    /// Keeps a raw body for an operator, as `quarantine/<name>`; returns the key.
    pub async fn put_quarantine(&self, name: &str, bytes: Vec<u8>) -> Result<String> {
        let safe = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
        let length = (1..=MAX_NAME_LEN).contains(&name.len());
        if !length || !name.bytes().all(safe) || name.contains("..") {
            return Err(Error::internal("a quarantine name of other characters or length"));
        }
        let key = format!("quarantine/{name}");
        self.put(&key, bytes).await?;
        Ok(key)
    }

    /// A quarantined body; for operators and replays.
    pub async fn get_quarantine(&self, key: &str) -> Result<Vec<u8>> {
        let name = key.strip_prefix("quarantine/").ok_or(Error::NotFound)?;
        if name.contains("..") {
            return Err(Error::NotFound);
        }
        self.get(key).await
    }

    /// Deletes a tenant's claims, at most a page of them, with everything that was ever under their
    /// keys. How many, and whether none is left.
    pub async fn erase_claims(&self, scope: &TenantScope) -> Result<(usize, bool)> {
        let listed = self
            .clients
            .s3()
            .list_object_versions()
            .bucket(&self.bucket)
            .prefix(Owner::Tenant(scope).prefix())
            .max_keys(ERASED_AT_ONCE)
            .send()
            .await
            .map_err(Error::unavailable)?;
        let versions = listed.versions().iter().map(|one| (one.key(), one.version_id()));
        let markers = listed.delete_markers().iter().map(|one| (one.key(), one.version_id()));
        let mut count = 0;
        for (key, version) in versions.chain(markers) {
            let delete = self.clients.s3().delete_object().bucket(&self.bucket);
            let delete = delete.set_key(key.map(str::to_owned));
            let delete = delete.set_version_id(version.map(str::to_owned));
            delete.send().await.map_err(Error::unavailable)?;
            count += 1;
        }
        Ok((count, !listed.is_truncated().unwrap_or(false)))
    }

    async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<()> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::internal(TooLarge { bytes: bytes.len() }));
        }
        let body = ByteStream::from(bytes);
        let put = self.clients.s3().put_object().bucket(&self.bucket).key(key).body(body);
        // The SDK's futures are large; boxed, those around it stay small.
        Box::pin(put.send()).await.map_err(Error::unavailable)?;
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>> {
        let get = self.clients.s3().get_object().bucket(&self.bucket).key(key);
        let object = Box::pin(get.send()).await.map_err(|error| {
            let absent = error.as_service_error().is_some_and(GetObjectError::is_no_such_key);
            if absent { Error::NotFound } else { Error::unavailable(error) }
        })?;
        let announced = object.content_length.and_then(|len| usize::try_from(len).ok());
        if let Some(bytes) = announced.filter(|bytes| *bytes > MAX_BYTES) {
            return Err(Error::internal(TooLarge { bytes }));
        }
        let body = object.body.collect().await.map_err(Error::unavailable)?;
        Ok(body.to_vec())
    }
}

/// The content's SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    encode_hex(digest(&SHA256, bytes).as_ref())
}

#[derive(Debug, thiserror::Error)]
#[error("an object of {bytes} bytes is over the limit of {MAX_BYTES}")]
struct TooLarge {
    bytes: usize,
}
