//! Pythons of our own, below cargo's target folder: nothing is installed on the machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Outcome, run};

const PIP: [&str; 5] = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];

/// A Python in `folder`, made when there is none, with what a file of requirements names.
pub(crate) fn with(folder: &Path, requirements: &str) -> Outcome<PathBuf> {
    let python = folder.join("bin/python");
    if !python.exists() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(folder);
        run(make)?;
    }
    install(&python, &["--requirement", requirements])?;
    Ok(python)
}

/// Asks no registry for what is there already.
pub(crate) fn install(python: &Path, what: &[&str]) -> Outcome<()> {
    let mut pip = Command::new(python);
    pip.args(PIP).args(what);
    run(pip)
}
