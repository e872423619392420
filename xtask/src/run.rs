//! Running other programs from the project's root.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::say;

/// What a chore says when it cannot go on.
pub(crate) type Outcome<T> = Result<T, String>;

/// The project's root folder: the one above this crate.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// Runs cargo with these arguments and variables; an error unless it succeeds.
pub(crate) fn cargo(arguments: &[&str], variables: &[(&str, &str)]) -> Outcome<()> {
    let shown = format!("cargo {}", arguments.join(" "));
    say::line(&format!("== {shown}"));
    let status = Command::new("cargo")
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root())
        .status()
        .map_err(|error| format!("{shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown}: {status}")) }
}

/// Runs another program in the project's folder; an error unless it succeeds.
pub(crate) fn run(mut command: Command) -> Outcome<()> {
    let shown = command.get_program().to_string_lossy().into_owned();
    say::line(&format!("== {shown}"));
    let status = command.current_dir(root()).status();
    let status = status.map_err(|error| format!("{shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown}: {status}")) }
}

/// What cargo prints with these arguments, or `None` when it fails.
pub(crate) fn cargo_output(arguments: &[&str]) -> Option<String> {
    let output = Command::new("cargo")
        .args(arguments)
        .current_dir(root())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
