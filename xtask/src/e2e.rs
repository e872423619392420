//! The real template and the built functions in an emulated AWS, used from outside over HTTP.
//!
//! What is done there is written in `tests/e2e`; this prepares it: binaries, and a Python of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::package::{functions, target_folder};
use crate::python;
use crate::run::{Outcome, cargo, root, run};

/// `--bins DIR` takes binaries that are built; `--report FILE` gets the report of a run that holds.
pub(crate) fn e2e(arguments: &[&str]) -> Outcome<()> {
    let wanted = Wanted::read(arguments)?;
    let target = target_folder()?;
    let bins = match wanted.bins {
        Some(bins) => bins,
        None => build(&target)?,
    };
    let python = prepare(&target.join("e2e-python"))?;
    let mut rehearsal = Command::new(python);
    rehearsal.env("PYTHONDONTWRITEBYTECODE", "1");
    rehearsal.arg(root().join("tests/e2e/driver.py"));
    rehearsal.arg("--bins").arg(bins).arg("--folder").arg(target.join("e2e-run"));
    if let Some(report) = wanted.report {
        rehearsal.arg("--report").arg(report);
    }
    run(rehearsal)
}

#[derive(Debug, Default, PartialEq)]
struct Wanted {
    bins: Option<PathBuf>,
    report: Option<PathBuf>,
}

impl Wanted {
    fn read(arguments: &[&str]) -> Outcome<Self> {
        let mut wanted = Self::default();
        let mut rest = arguments.iter();
        while let Some(option) = rest.next() {
            let place = match *option {
                "--bins" => &mut wanted.bins,
                "--report" => &mut wanted.report,
                _ => return Err(format!("e2e knows --bins and --report, not {option}")),
            };
            let value = rest.next().ok_or_else(|| format!("{option} wants a path"))?;
            // As it is said here: the driver runs in the project's folder.
            *place = Some(std::path::absolute(value).map_err(|error| error.to_string())?);
        }
        Ok(wanted)
    }
}

/// The functions as they are deployed, but for this machine.
fn build(target: &Path) -> Outcome<PathBuf> {
    let names = functions()?;
    let binaries: Vec<&str> = names.iter().flat_map(|name| ["--bin", name.as_str()]).collect();
    cargo(&[&["build", "--release"], binaries.as_slice()].concat(), &[])?;
    Ok(target.join("release"))
}

/// A Python with the emulators in it.
fn prepare(folder: &Path) -> Outcome<PathBuf> {
    let python = python::with(folder, "tests/e2e/requirements.txt")?;
    // For the binary in it alone; what it depends on does not agree with MiniStack.
    let emulator = ["--no-deps", "--constraint", ".ci/requirements.txt", "aws-sam-cli"];
    python::install(&python, &emulator)?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn reads_its_options() {
        assert_eq!(Wanted::read(&[]), Ok(Wanted::default()));
        let wanted = Wanted::read(&["--report", "a.md", "--bins", "b"]).unwrap();
        assert!(wanted.bins.unwrap().ends_with("b") && wanted.report.unwrap().ends_with("a.md"));
        assert!(Wanted::read(&["--bins"]).is_err());
        assert!(Wanted::read(&["--fast"]).is_err());
    }
}
