//! The secrets, as a JSON file only its owner can read.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// The current value of a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Secret {
    pub(crate) string: Option<String>,
    /// Base64, as on the wire.
    pub(crate) binary: Option<String>,
    pub(crate) version: String,
    /// Seconds since the Unix epoch.
    pub(crate) changed_at: i64,
}

/// All secrets, by name.
pub(crate) struct SecretFile {
    path: Option<PathBuf>,
    secrets: BTreeMap<String, Secret>,
}

impl SecretFile {
    /// Reads the file at `path`, if there is one, or begins empty and in memory.
    pub(crate) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self { path: None, secrets: BTreeMap::new() }) };
        let secrets = match std::fs::read(path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).context("the file of secrets is corrupt")?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error).context("read the file of secrets"),
        };
        Ok(Self { path: Some(path.to_owned()), secrets })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Secret> {
        self.secrets.get(name)
    }

    /// Sets a secret and writes the file.
    pub(crate) fn put(&mut self, name: String, secret: Secret) -> anyhow::Result<()> {
        self.secrets.insert(name, secret);
        self.write()
    }

    /// Forgets a secret; whether it was there.
    pub(crate) fn remove(&mut self, name: &str) -> anyhow::Result<bool> {
        let was_there = self.secrets.remove(name).is_some();
        self.write()?;
        Ok(was_there)
    }

    /// Whole and by rename.
    fn write(&self) -> anyhow::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let fresh = path.with_extension("new");
        let mut file = create_private(&fresh)?;
        file.write_all(&serde_json::to_vec_pretty(&self.secrets)?)?;
        file.sync_data()?;
        std::fs::rename(&fresh, path).context("replace the file of secrets")
    }
}

fn create_private(path: &Path) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).context("create the file of secrets")
}
