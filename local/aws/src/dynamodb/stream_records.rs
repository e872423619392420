//! A second connection to the database file, for the stream's records.
//!
//! Knows a private table of `dynoxide`, whose version is pinned for that reason.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use rusqlite::{Connection, params};

/// What consumers see is the stored sequence number plus this.
const PUBLIC_OFFSET: u128 = 100_000_000_000_000_000_000;

const INDEX: &str = "
    CREATE INDEX IF NOT EXISTS stream_records_by_sequence
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// The last record always stays: the next sequence number is derived from it.
const TRIM: &str = "
    DELETE FROM _stream_records
    WHERE table_name = ?1
      AND CAST(sequence_number AS INTEGER) <= ?2
      AND CAST(sequence_number AS INTEGER) < (
          SELECT MAX(CAST(sequence_number AS INTEGER))
          FROM _stream_records WHERE table_name = ?1)";

/// The records of all streams of one database file.
pub(crate) struct StreamRecords {
    connection: Mutex<Connection>,
}

impl StreamRecords {
    /// Opens the file and sees to the index.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(INDEX)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Deletes the records of `table` up to `sequence`, as consumers see it; how many.
    pub(crate) fn trim(&self, table: &str, sequence: &str) -> anyhow::Result<usize> {
        let public: u128 = sequence.parse().context("a sequence number is digits")?;
        let stored = public.checked_sub(PUBLIC_OFFSET).context("not a sequence number")?;
        let stored = i64::try_from(stored).context("not a sequence number")?;
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(connection.execute(TRIM, params![table, stored])?)
    }
}
