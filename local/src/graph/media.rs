//! Files at Meta: uploaded by us or attached by the person at the phone.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Result;
use axum::body::Bytes;
use domain::Ids;
use serde::{Deserialize, Serialize};

use super::lock;

/// Files kept in memory; the oldest are forgotten, as Meta forgets after some days.
const KEPT_MAX: usize = 200;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMedia {
    pub mime_type: String,
    pub file_name: Option<String>,
    pub bytes: Bytes,
}

/// What is said of a file in the file beside it.
#[derive(Serialize, Deserialize)]
struct Label {
    mime_type: String,
    file_name: Option<String>,
}

/// The shelf, in memory or in a directory.
pub(super) struct MediaShelf {
    directory: Option<PathBuf>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    media: HashMap<String, StoredMedia>,
    order: std::collections::VecDeque<String>,
}

impl MediaShelf {
    pub(super) fn open(directory: Option<&Path>) -> Result<Self> {
        if let Some(directory) = directory {
            fs::create_dir_all(directory)?;
        }
        Ok(Self { directory: directory.map(Path::to_owned), held: Mutex::default() })
    }

    /// Keeps a file under a fresh id of 15 digits, as Meta's are.
    pub(super) fn add(&self, media: StoredMedia, ids: &dyn Ids) -> Result<String> {
        let mut random = [0_u8; 8];
        ids.fill(&mut random);
        let id = format!("{:015}", u64::from_be_bytes(random) % 1_000_000_000_000_000);
        if let Some(directory) = &self.directory {
            let label =
                Label { mime_type: media.mime_type.clone(), file_name: media.file_name.clone() };
            fs::write(directory.join(&id), &media.bytes)?;
            fs::write(directory.join(format!("{id}.json")), serde_json::to_vec(&label)?)?;
        }
        let mut held = lock(&self.held);
        held.media.insert(id.clone(), media);
        held.order.push_back(id.clone());
        if held.order.len() > KEPT_MAX
            && let Some(oldest) = held.order.pop_front()
        {
            held.media.remove(&oldest);
        }
        Ok(id)
    }

    pub(super) fn get(&self, id: &str) -> Option<StoredMedia> {
        if let Some(media) = lock(&self.held).media.get(id) {
            return Some(media.clone());
        }
        // An id of ours is digits only, so it cannot lead out of the directory.
        let directory = self.directory.as_ref()?;
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let label = fs::read(directory.join(format!("{id}.json"))).ok()?;
        let Label { mime_type, file_name } = serde_json::from_slice(&label).ok()?;
        let bytes = fs::read(directory.join(id)).ok()?.into();
        Some(StoredMedia { mime_type, file_name, bytes })
    }

    /// Forgets a file; whether there was one.
    pub(super) fn delete(&self, id: &str) -> bool {
        let was_there = self.get(id).is_some();
        lock(&self.held).media.remove(id);
        if let (true, Some(directory)) = (was_there, &self.directory) {
            let _ = fs::remove_file(directory.join(id));
            let _ = fs::remove_file(directory.join(format!("{id}.json")));
        }
        was_there
    }
}
