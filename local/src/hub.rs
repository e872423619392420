//! Everything that passed between the system and the outside: webhooks in, Graph calls out.
//!
//! The phone page draws its chats from it, the stand-in for Meta finds in it what it still has to
//! report after a restart, tests read from it what was sent.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

/// Entries kept; older ones go.
const KEPT_MAX: usize = 20_000;

/// A person on a business number: whose chat an entry belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Chat {
    /// Meta's phone number id of the business.
    pub channel: String,
    /// The person's digits, or the business-scoped id when the number is hidden.
    pub person: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Passed {
    /// A webhook posted to us, once per attempt.
    Webhook {
        chat: Chat,
        /// The body as posted.
        body: Value,
        /// What it is about: the message's id or the id of the message whose status it tells.
        wamid: String,
        /// `message`, or the status told.
        what: String,
        /// Our answer's HTTP status.
        status: u16,
        took_ms: u64,
    },
    /// A call we made to Graph.
    Call {
        chat: Chat,
        path: String,
        body: Value,
        /// The HTTP status answered; 0 when the answer was lost on the way.
        status: u16,
        answer: Value,
        /// Whether Meta acted on it.
        applied: bool,
    },
}

impl Passed {
    pub fn chat(&self) -> &Chat {
        match self {
            Self::Webhook { chat, .. } | Self::Call { chat, .. } => chat,
        }
    }
}

/// One thing that happened, numbered from 1 without gaps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub seq: u64,
    pub at: Timestamp,
    #[serde(flatten)]
    pub passed: Passed,
}

/// The log. Clones share it.
#[derive(Debug, Clone)]
pub struct Hub {
    inner: Arc<Mutex<Inner>>,
    latest: watch::Sender<u64>,
}

#[derive(Debug)]
struct Inner {
    entries: VecDeque<Entry>,
    file: Option<File>,
}

impl Hub {
    /// An empty log that is gone with the process.
    pub fn memory() -> Self {
        Self::of(VecDeque::new(), None)
    }

    /// The log in a file, continued.
    pub fn open(path: &Path) -> Result<Self> {
        let mut entries = VecDeque::new();
        if path.exists() {
            for line in BufReader::new(File::open(path)?).lines() {
                // A process that was killed may have left half a line; only the last can be one.
                let Ok(entry) = serde_json::from_str(&line?) else { continue };
                entries.push_back(entry);
                if entries.len() > KEPT_MAX {
                    entries.pop_front();
                }
            }
        }
        let file = rewrite(path.to_owned(), &entries)
            .with_context(|| format!("write {}", path.display()))?;
        Ok(Self::of(entries, Some(file)))
    }

    fn of(entries: VecDeque<Entry>, file: Option<File>) -> Self {
        let latest = entries.back().map_or(0, |entry: &Entry| entry.seq);
        let inner = Arc::new(Mutex::new(Inner { entries, file }));
        Self { inner, latest: watch::Sender::new(latest) }
    }

    /// Adds an entry; its number.
    pub fn add(&self, at: Timestamp, passed: Passed) -> u64 {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let seq = inner.entries.back().map_or(1, |last| last.seq + 1);
        let entry = Entry { seq, at, passed };
        if let Some(file) = &mut inner.file
            && let Err(error) = write_line(file, &entry)
        {
            tracing::warn!(%error, "the chat log could not be written");
        }
        inner.entries.push_back(entry);
        if inner.entries.len() > KEPT_MAX {
            inner.entries.pop_front();
        }
        drop(inner);
        self.latest.send_replace(seq);
        seq
    }

    /// The entries after a number, at most `limit`, oldest first.
    pub fn after(&self, seq: u64, limit: usize) -> Vec<Entry> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let start = inner.entries.partition_point(|entry| entry.seq <= seq);
        inner.entries.range(start..).take(limit).cloned().collect()
    }

    /// What `find` makes of the latest entry it makes something of.
    pub fn latest<T>(&self, find: impl Fn(&Entry) -> Option<T>) -> Option<T> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.entries.iter().rev().find_map(find)
    }

    /// Every entry kept.
    pub fn all(&self) -> Vec<Entry> {
        self.after(0, KEPT_MAX)
    }

    /// Ends when there is an entry with a higher number.
    pub async fn grown_beyond(&self, seq: u64) {
        let mut latest = self.latest.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = latest.wait_for(|latest| *latest > seq).await;
    }
}

fn rewrite(path: PathBuf, entries: &VecDeque<Entry>) -> Result<File> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    for entry in entries {
        write_line(&mut file, entry)?;
    }
    std::fs::rename(&beside, &path)?;
    Ok(OpenOptions::new().append(true).open(path)?)
}

/// One write per entry, so that a kill leaves whole lines.
fn write_line(file: &mut File, entry: &Entry) -> Result<()> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    file.write_all(&line)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::{Chat, Hub, Passed};

    #[test]
    fn a_file_is_continued_even_after_half_a_line() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("meta.jsonl");
        let passed = Passed::Call {
            chat: Chat { channel: "1".into(), person: "971500000001".into() },
            path: "/v25.0/1/messages".into(),
            body: json!({}),
            status: 200,
            answer: json!({}),
            applied: true,
        };
        let hub = Hub::open(&path).unwrap();
        assert_eq!(hub.add(Timestamp::UNIX_EPOCH, passed.clone()), 1);
        assert_eq!(hub.add(Timestamp::UNIX_EPOCH, passed.clone()), 2);
        drop(hub);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{{\"seq\":3,\"at")).unwrap();
        let hub = Hub::open(&path).unwrap();
        assert_eq!(hub.add(Timestamp::UNIX_EPOCH, passed), 3);
        assert_eq!(Hub::open(&path).unwrap().after(1, 10).len(), 2);
    }
}
