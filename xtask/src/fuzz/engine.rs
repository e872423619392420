//! libFuzzer, run as a program of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run::Outcome;

/// An input that takes longer, or more memory, is a failure like a panic.
const MOST_SECONDS: &str = "-timeout=20";
const MOST_MEMORY: &str = "-rss_limit_mb=1024";
const MINIMISING_SECONDS: &str = "-max_total_time=20";

pub(super) struct Engine {
    pub(super) binary: PathBuf,
    /// Where inputs are laid and found.
    pub(super) folder: PathBuf,
}

/// What became of a run.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) executions: u64,
    pub(super) seconds: u64,
    /// Branches, how often they were taken, and comparisons: what the engine tells inputs apart by.
    pub(super) features: u64,
    pub(super) memory_mb: u64,
    /// The input at which it stopped, and what the panic said.
    pub(super) failure: Option<PathBuf>,
    pub(super) message: String,
}

impl Engine {
    /// Looks for so many seconds. The same seed tries the same inputs in the same order.
    pub(super) fn run(&self, target: &str, seconds: u64, seed: u64) -> Outcome<Found> {
        let folder = self.folder.join(target);
        let _ = fs::remove_dir_all(&folder);
        for part in ["seeds", "broken"] {
            fs::create_dir_all(folder.join(part)).map_err(|error| error.to_string())?;
        }
        let mut command = self.command(target);
        command
            .arg(format!("-seed={seed}"))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-dict={}", folder.join("words").display()))
            .arg(format!("-artifact_prefix={}/", folder.join("broken").display()))
            .args(["-print_final_stats=1", "-reload=0"])
            .arg(folder.join("seeds"));
        let said = said(command)?;
        fs::write(folder.join("log"), &said).map_err(|error| error.to_string())?;
        Ok(Found { failure: only_file(&folder.join("broken"))?, ..read(&said) })
    }

    /// The smallest input like this one.
    pub(super) fn minimise(&self, target: &str, failure: &Path) -> Outcome<PathBuf> {
        let name = failure.file_name().unwrap_or_default();
        let small = self.folder.join(target).join("small").with_file_name(name);
        let mut command = self.command(target);
        command
            .args(["-minimize_crash=1", MINIMISING_SECONDS])
            .arg(format!("-exact_artifact_path={}", small.display()))
            .arg(failure);
        said(command)?;
        Ok(if small.exists() { small } else { failure.to_owned() })
    }

    fn command(&self, target: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command.env("FUZZ_TARGET", target).env("FUZZ_FOLDER", self.folder.join(target));
        command.args([MOST_SECONDS, MOST_MEMORY]);
        command
    }
}

fn said(mut command: Command) -> Outcome<String> {
    let output = command.stdout(Stdio::null()).output().map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn only_file(folder: &Path) -> Outcome<Option<PathBuf>> {
    let mut files = fs::read_dir(folder).map_err(|error| error.to_string())?;
    files
        .next()
        .map(|file| file.map(|file| file.path()))
        .transpose()
        .map_err(|error| error.to_string())
}

/// The engine's own figures.
fn read(said: &str) -> Found {
    let number = |text: &str| text.split_whitespace().next()?.parse().ok();
    let after = |line: &str, name: &str| {
        let (_, rest) = line.split_once(name)?;
        number(rest)
    };
    let mut found = Found::default();
    let mut lines = said.lines();
    while let Some(line) = lines.next() {
        if let Some(count) = after(line, "stat::number_of_executed_units:") {
            found.executions = count;
        } else if let Some(count) = after(line, "stat::peak_rss_mb:") {
            found.memory_mb = count;
        } else if let Some(count) = after(line, " ft: ") {
            found.features = count;
        } else if line.contains("panicked at") {
            lines.next().unwrap_or_default().clone_into(&mut found.message);
        } else if line.contains("ERROR: libFuzzer") && found.message.is_empty() {
            line.clone_into(&mut found.message);
        }
        if let Some((_, rest)) = line.split_once(" runs in ") {
            found.seconds = number(rest).unwrap_or_default();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_figures_of_a_run_are_read() {
        let found = read(
            "#8\tNEW    cov: 9 ft: 11 corp: 3/15b lim: 80 exec/s: 0 rss: 27Mb\n\
             Done 971 runs in 21 second(s)\n\
             stat::number_of_executed_units: 971\nstat::peak_rss_mb:    31\n",
        );
        assert_eq!((found.executions, found.seconds), (971, 21));
        assert_eq!((found.features, found.memory_mb), (11, 31));
        let broken = read("thread '<unnamed>' panicked at a.rs:1:1:\nits origin\n");
        assert_eq!(broken.message, "its origin");
    }
}
