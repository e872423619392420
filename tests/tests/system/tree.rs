//! The project's files, for tests that read them.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::{fs, panic};

/// What builds and tools leave behind; everything else is the project.
const NOT_OURS: [&str; 7] =
    [".aws-sam", ".git", ".local", ".schemathesis", ".venv", "node_modules", "target"];

/// The project's root folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

thread_local! {
    /// What `template.yaml` says instead, while a test looks at one that is damaged.
    static INSTEAD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Whether a rule about the template holds for another text of it.
pub(crate) fn holds_for(template: String, rule: fn()) -> bool {
    INSTEAD.with(|instead| *instead.borrow_mut() = Some(template));
    let held = panic::catch_unwind(rule).is_ok();
    INSTEAD.with(|instead| instead.borrow_mut().take());
    held
}

/// The text of a file, by its path from the root.
pub(crate) fn read(path: &str) -> String {
    if path == "template.yaml"
        && let Some(instead) = INSTEAD.with(|instead| instead.borrow().clone())
    {
        return instead;
    }
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder, as paths from the root with `/`, sorted.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    let mut paths: Vec<String> = found
        .iter()
        .map(|path| {
            let parts = path.strip_prefix(root()).unwrap().components();
            parts.map(|part| part.as_os_str().to_str().unwrap()).collect::<Vec<_>>().join("/")
        })
        .collect();
    paths.sort();
    paths
}

/// The same, of one kind.
pub(crate) fn files_ending(folder: &str, ending: &str) -> Vec<String> {
    files(folder).into_iter().filter(|path| path.ends_with(ending)).collect()
}

/// The names of the folders directly below a folder, sorted.
pub(crate) fn folders(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(Result::unwrap);
    let mut names: Vec<String> = entries
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && !NOT_OURS.iter().any(|other| name == *other) {
            walk(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}
