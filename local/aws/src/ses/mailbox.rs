//! The letters that were sent, the latest five hundred.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use domain::Clock;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::random;

/// Letters kept; older ones are forgotten.
const LETTERS_MAX: usize = 500;

/// A letter, as it was given to the mail service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedLetter {
    /// The mail service's own name for it.
    pub id: String,
    pub at: Timestamp,
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
}

/// What a send meets instead of success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailFault {
    /// Too many at once; nothing is taken.
    Throttled,
    /// The account may not send; nothing is taken.
    Paused,
    /// The letter is taken, and the answer says that something failed.
    LostAnswer,
}

/// Everything that was sent. Clones share it.
#[derive(Clone)]
pub struct Mailbox {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    letters: Mutex<Letters>,
    faults: Mutex<VecDeque<MailFault>>,
}

struct Letters {
    kept: VecDeque<ReceivedLetter>,
    file: Option<File>,
}

impl Mailbox {
    /// Reads the file at `path`, if there is one, or begins empty and in memory. The file is
    /// written anew, so that it does not grow for ever.
    pub(crate) fn open(path: Option<&Path>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let (mut kept, mut file) = (VecDeque::new(), None);
        if let Some(path) = path {
            kept = read(path)?;
            let beside = path.with_extension("new");
            let mut fresh = create_private(&beside)?;
            for letter in &kept {
                write(&mut fresh, letter)?;
            }
            std::fs::rename(&beside, path).context("replace the file of letters")?;
            file = Some(fresh);
        }
        let letters = Mutex::new(Letters { kept, file });
        Ok(Self { inner: Arc::new(Inner { clock, letters, faults: Mutex::default() }) })
    }

    /// The letters, newest first.
    pub fn letters(&self) -> Vec<ReceivedLetter> {
        self.lock().kept.iter().rev().cloned().collect()
    }

    /// The next `count` sends meet this fault.
    pub fn fail_next(&self, count: usize, fault: MailFault) {
        let mut faults = self.inner.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.extend(std::iter::repeat_n(fault, count));
    }

    pub(super) fn next_fault(&self) -> Option<MailFault> {
        self.inner.faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Keeps a letter under a fresh id, and returns that.
    pub(super) fn keep(&self, letter: ReceivedLetter) -> anyhow::Result<String> {
        let name: [u8; 16] = random::bytes()?;
        let id = uuid::Builder::from_random_bytes(name).into_uuid().to_string();
        let letter = ReceivedLetter { id: id.clone(), ..letter };
        let mut letters = self.lock();
        if let Some(file) = &mut letters.file {
            write(file, &letter)?;
        }
        letters.kept.push_back(letter);
        if letters.kept.len() > LETTERS_MAX {
            letters.kept.pop_front();
        }
        Ok(id)
    }

    fn lock(&self) -> MutexGuard<'_, Letters> {
        self.inner.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The latest letters of a file. A line cut short by a kill is dropped.
fn read(path: &Path) -> anyhow::Result<VecDeque<ReceivedLetter>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(VecDeque::new()),
        Err(error) => return Err(error).context("read the file of letters"),
    };
    let letters: Vec<_> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let old = letters.len().saturating_sub(LETTERS_MAX);
    Ok(letters.into_iter().skip(old).collect())
}

fn write(file: &mut File, letter: &ReceivedLetter) -> anyhow::Result<()> {
    let mut line = serde_json::to_string(letter)?;
    line.push('\n');
    file.write_all(line.as_bytes()).context("write a letter")
}

/// Letters hold links that open doors: only the owner reads them.
fn create_private(path: &Path) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).context("create the file of letters")
}
