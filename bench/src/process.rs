//! Programs that are measured from outside.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// What is started, again and again.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<String>,
    /// Its whole environment.
    pub(crate) variables: BTreeMap<String, String>,
    /// The emulator of another processor and its arguments, when it is not for this one.
    pub(crate) emulator: Vec<String>,
}

/// A process, ended when this is dropped.
pub(crate) struct Process {
    child: Child,
    /// Just before it was made.
    pub(crate) begun: Instant,
}

impl Program {
    pub(crate) fn start(&self, more: &[(&str, &str)]) -> Result<Process> {
        let mut command = match self.emulator.split_first() {
            Some((emulator, arguments)) => {
                let mut command = Command::new(emulator);
                command.args(arguments).arg(&self.path);
                command
            }
            None => Command::new(&self.path),
        };
        command
            .args(&self.arguments)
            .env_clear()
            .envs(&self.variables)
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            // Logs and metrics are written, as in Lambda, and nobody reads them.
            .stdout(Stdio::null());
        let begun = Instant::now();
        let child = command.spawn().with_context(|| self.path.display().to_string())?;
        Ok(Process { child, begun })
    }

    pub(crate) fn bytes(&self) -> Result<u64> {
        Ok(fs::metadata(&self.path).with_context(|| self.path.display().to_string())?.len())
    }
}

impl Process {
    /// Processor time of its threads so far, to the nanosecond. Linux tells it.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut sum = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let told = fs::read_to_string(thread?.path().join("schedstat"))?;
            let running = told.split_whitespace().next().context("no time")?;
            sum += running.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(sum))
    }

    /// Memory that is really there, in KiB.
    pub(crate) fn resident_kib(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let figure = line.and_then(|line| line.split_whitespace().next());
        Ok(figure.context("no memory")?.parse()?)
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
