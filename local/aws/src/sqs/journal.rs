//! The durable log: every change of the queues as one line of JSON.
//!
//! What it promises: a change is in the file before its request is answered, so it survives the
//! process being killed (`SIGKILL`). It is not flushed to the disk, so it may not survive the
//! machine losing power. A tail cut short by a kill is dropped: nobody was answered for it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use crate::sqs::message::{Message, Millis};

/// The log is not rewritten below this size.
const LEAST_COMPACTION_BYTES: u64 = 4 * 1_048_576;

/// One change. Receipts and visibility deadlines are not recorded: after a restart messages in
/// flight can be received at once, and old receipts are outdated.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Entry<'a> {
    /// A queue was created or its attributes were set.
    Queue {
        name: Cow<'a, str>,
        attributes: Cow<'a, BTreeMap<String, String>>,
        at: Millis,
    },
    QueueDeleted {
        name: Cow<'a, str>,
    },
    Purged {
        queue: Cow<'a, str>,
    },
    /// A message was accepted; `original` when it opened a deduplication window.
    Sent {
        queue: Cow<'a, str>,
        sequence: u64,
        visible_at: Millis,
        message: Cow<'a, Message>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        original: bool,
    },
    Received {
        queue: Cow<'a, str>,
        sequences: Cow<'a, [u64]>,
        at: Millis,
    },
    Deleted {
        queue: Cow<'a, str>,
        sequences: Cow<'a, [u64]>,
    },
    /// An open deduplication window, in a rewritten log.
    Window {
        queue: Cow<'a, str>,
        key: Cow<'a, str>,
        message_id: Cow<'a, str>,
        sequence: u64,
        until: Millis,
    },
    /// The highest sequence number given out, in a rewritten log.
    Sequence {
        last: u64,
    },
}

/// The log, or nothing when the queues live in memory only.
#[derive(Debug)]
pub(crate) struct Journal {
    file: Option<LogFile>,
    /// Lines of the request at hand.
    pending: Vec<u8>,
}

#[derive(Debug)]
struct LogFile {
    path: PathBuf,
    file: File,
    bytes: u64,
    compact_at: u64,
}

impl Journal {
    /// A journal that keeps nothing.
    pub(crate) fn none() -> Self {
        Self { file: None, pending: Vec::new() }
    }

    /// Opens the log at `path`, giving every change in it to `replay`.
    pub(crate) fn open(
        path: &Path,
        mut replay: impl FnMut(Entry<'static>) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut reader = BufReader::new(file);
        let mut bytes = 0_u64;
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            match serde_json::from_slice::<Entry<'static>>(&line) {
                Ok(entry) if line.ends_with(b"\n") => replay(entry)?,
                // Cut short by a kill, which can only be the end of the file.
                Ok(_) | Err(_) if reader.fill_buf()?.is_empty() => break,
                Ok(_) => bail!("the queue log has a line without an end at byte {bytes}"),
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("the queue log is corrupt at byte {bytes}"));
                }
            }
            bytes += length as u64;
        }
        let mut file = reader.into_inner();
        file.set_len(bytes)?;
        file.seek(SeekFrom::Start(bytes))?;
        let compact_at = LEAST_COMPACTION_BYTES;
        let file = LogFile { path: path.to_owned(), file, bytes, compact_at };
        Ok(Self { file: Some(file), pending: Vec::new() })
    }

    /// Adds a change to the request at hand.
    pub(crate) fn record(&mut self, entry: &Entry<'_>) -> anyhow::Result<()> {
        if self.file.is_some() {
            serde_json::to_writer(&mut self.pending, entry)?;
            self.pending.push(b'\n');
        }
        Ok(())
    }

    /// Writes the changes of the request at hand, in one piece.
    pub(crate) fn commit(&mut self) -> anyhow::Result<()> {
        let Some(log) = &mut self.file else { return Ok(()) };
        if self.pending.is_empty() {
            return Ok(());
        }
        log.file.write_all(&self.pending).context("write the queue log")?;
        log.bytes += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }

    /// Whether the log has grown enough to be rewritten: to twice what was last worth keeping.
    pub(crate) fn wants_compaction(&self) -> bool {
        self.file.as_ref().is_some_and(|log| log.bytes >= log.compact_at)
    }

    /// Replaces the log by `entries`, which describe the present state in full.
    pub(crate) fn compact<'a>(
        &mut self,
        entries: impl Iterator<Item = Entry<'a>>,
    ) -> anyhow::Result<()> {
        let Some(log) = &mut self.file else { return Ok(()) };
        let path = log.path.with_extension("new");
        let mut writer = BufWriter::new(File::create(&path)?);
        for entry in entries {
            serde_json::to_writer(&mut writer, &entry)?;
            writer.write_all(b"\n")?;
        }
        let mut file = writer.into_inner()?;
        file.sync_data()?;
        std::fs::rename(&path, &log.path)?;
        log.bytes = file.stream_position()?;
        log.compact_at = LEAST_COMPACTION_BYTES.max(log.bytes.saturating_mul(2));
        log.file = file;
        Ok(())
    }
}
