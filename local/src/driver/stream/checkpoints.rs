//! How far each stream has been worked off, kept over restarts.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};

/// The last sequence number done, by stream and shard. Clones share it.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    file: Option<PathBuf>,
    done: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Checkpoints {
    /// Those of a file, or none yet; `None` keeps them in memory only.
    pub fn open(file: Option<PathBuf>) -> Result<Self> {
        let done = match &file {
            Some(path) if path.exists() => serde_json::from_slice(&fs::read(path)?)
                .with_context(|| format!("{} is damaged", path.display()))?,
            Some(_) | None => BTreeMap::new(),
        };
        Ok(Self { file, done: Arc::new(Mutex::new(done)) })
    }

    pub fn get(&self, stream: &str, shard: &str) -> Option<String> {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.get(&key(stream, shard)).cloned()
    }

    /// On return the file has it: a crash repeats at most the batch that was under way.
    pub fn set(&self, stream: &str, shard: &str, sequence: &str) -> Result<()> {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.insert(key(stream, shard), sequence.to_owned());
        if let Some(path) = &self.file {
            // Written beside and renamed, so that a crash leaves the old file or the new one.
            let beside = path.with_extension("new");
            fs::write(&beside, serde_json::to_vec(&*done)?)?;
            fs::rename(&beside, path)?;
        }
        Ok(())
    }
}

fn key(stream: &str, shard: &str) -> String {
    format!("{stream} {shard}")
}
