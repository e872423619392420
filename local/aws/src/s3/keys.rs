//! The directory of keys: which objects there are, in the order of S3.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{Connection, OptionalExtension as _, params};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS objects (
        bucket TEXT NOT NULL,
        key TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        etag TEXT NOT NULL,
        modified_s INTEGER NOT NULL,
        PRIMARY KEY (bucket, key)
    ) WITHOUT ROWID;";

const NEXT: &str = "
    SELECT key, bytes, etag, modified_s FROM objects
    WHERE bucket = ?1 AND key > ?2 AND key >= ?3
    ORDER BY key LIMIT 1";

/// An object as listings show it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) bytes: i64,
    pub(crate) etag: String,
    pub(crate) modified_s: i64,
}

/// What to list.
#[derive(Debug, Default)]
pub(crate) struct Listing<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) prefix: &'a str,
    pub(crate) delimiter: Option<&'a str>,
    /// Only keys after this one.
    pub(crate) after: String,
    pub(crate) limit: usize,
}

/// One page of a listing.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) entries: Vec<Entry>,
    pub(crate) common_prefixes: Vec<String>,
    /// Where the next page begins, when there is one.
    pub(crate) next: Option<String>,
}

/// The directory, in a file or in memory.
pub(crate) struct Keys {
    connection: Mutex<Connection>,
}

impl Keys {
    pub(crate) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let connection = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// The name under which an object of this key is stored.
    pub(crate) fn stored_name(key: &str) -> String {
        let digest = digest::digest(&digest::SHA256, key.as_bytes());
        URL_SAFE_NO_PAD.encode(digest.as_ref())
    }

    /// Adds an object or replaces what is known of it.
    pub(crate) fn put(&self, bucket: &str, entry: &Entry) -> rusqlite::Result<()> {
        let Entry { key, bytes, etag, modified_s } = entry;
        let sql = "INSERT OR REPLACE INTO objects VALUES (?1, ?2, ?3, ?4, ?5)";
        self.lock().execute(sql, params![bucket, key, bytes, etag, modified_s]).map(drop)
    }

    pub(crate) fn delete(&self, bucket: &str, key: &str) -> rusqlite::Result<()> {
        let sql = "DELETE FROM objects WHERE bucket = ?1 AND key = ?2";
        self.lock().execute(sql, params![bucket, key]).map(drop)
    }

    /// A page of keys in order. Keys with the delimiter after the prefix are folded into one
    /// common prefix, and passed over in one step.
    pub(crate) fn list(&self, listing: &Listing<'_>) -> rusqlite::Result<Page> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(NEXT)?;
        let mut page = Page::default();
        let mut after = listing.after.clone();
        loop {
            let found = statement
                .query_row(params![listing.bucket, after, listing.prefix], |row| {
                    Ok(Entry {
                        key: row.get(0)?,
                        bytes: row.get(1)?,
                        etag: row.get(2)?,
                        modified_s: row.get(3)?,
                    })
                })
                .optional()?;
            let Some(entry) = found.filter(|entry| entry.key.starts_with(listing.prefix)) else {
                return Ok(page);
            };
            if page.entries.len() + page.common_prefixes.len() >= listing.limit {
                page.next = Some(after);
                return Ok(page);
            }
            if let Some(prefix) = listing.common_prefix(&entry.key) {
                // No key in UTF-8 sorts after this one and still has the prefix.
                after = format!("{prefix}\u{10FFFF}");
                page.common_prefixes.push(prefix.to_owned());
            } else {
                after.clone_from(&entry.key);
                page.entries.push(entry);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listing<'_> {
    fn common_prefix<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.delimiter.filter(|delimiter| !delimiter.is_empty())?;
        let rest = key.get(self.prefix.len()..)?;
        let end = self.prefix.len() + rest.find(delimiter)? + delimiter.len();
        key.get(..end)
    }
}
