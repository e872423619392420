//! The hand-written messages and the other files of `shared/language/data`.

use std::fs;
use std::path::{Path, PathBuf};

use language::Intent;
use serde::Deserialize;

pub const LANGUAGES: [&str; 3] = ["en", "ar", "ru"];

/// A message whose meaning a person has noted.
#[derive(Debug, Clone)]
pub struct Message {
    pub text: String,
    pub intent: Intent,
    /// What else it says.
    pub also: Vec<Intent>,
    /// The place in [`LANGUAGES`].
    pub language: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    intent: Intent,
    #[serde(default)]
    also: Vec<Intent>,
}

/// A file by its path below the data folder.
pub struct File {
    pub path: String,
    pub text: String,
}

/// The folder of the data.
pub fn folder() -> PathBuf {
    root().join("shared/language/data")
}

/// The project's root folder.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// The files below a folder with an ending, in the order of their paths.
///
/// # Errors
/// What the system says of a file that cannot be read.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let problem = |error| format!("{}: {error}", next.display());
        for entry in fs::read_dir(&next).map_err(problem)? {
            let path = entry.map_err(problem)?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                let below = path.strip_prefix(folder).unwrap_or(&path);
                files.push(File { path: below.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
    files.sort_by(|one, next| one.path.cmp(&next.path));
    Ok(files)
}

/// The hand-written messages in the order of the files.
///
/// # Errors
/// A line that is no message, by file and number.
pub fn messages() -> Result<Vec<Message>, String> {
    let mut messages = Vec::new();
    for file in files(&folder().join("messages"), ".jsonl")? {
        let language = LANGUAGES
            .iter()
            .position(|language| file.path.starts_with(language))
            .ok_or_else(|| format!("messages/{}: of no language", file.path))?;
        for (number, line) in file.text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let Line { text, intent, also } = serde_json::from_str(line)
                .map_err(|error| format!("messages/{}:{}: {error}", file.path, number + 1))?;
            messages.push(Message { text, intent, also, language });
        }
    }
    Ok(messages)
}

/// What makes two messages the same: folded, without marks and numbers.
pub fn key(text: &str) -> String {
    let letters = |letter: char| if letter.is_alphabetic() { letter } else { ' ' };
    let plain: String = language::fold(text).chars().map(letters).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
