//! What a campaign is asked for.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

/// The command line.
pub(crate) struct Arguments {
    pub(crate) messages: usize,
    pub(crate) seed: u64,
    /// Where the report goes.
    pub(crate) report: PathBuf,
    /// Where the built functions are.
    pub(crate) bins: PathBuf,
}

impl Arguments {
    pub(crate) fn read(mut given: impl Iterator<Item = String>) -> Result<Self> {
        // Built together, so they lie together.
        let own = std::env::current_exe()?;
        let mut arguments = Self {
            messages: 10_000,
            seed: 20_260_302,
            report: PathBuf::from("docs/proof"),
            bins: own.parent().context("no folder")?.to_owned(),
        };
        while let Some(name) = given.next() {
            let value = given.next().with_context(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--messages" => arguments.messages = value.parse()?,
                "--seed" => arguments.seed = value.parse()?,
                "--report" => arguments.report = value.into(),
                "--bins" => arguments.bins = value.into(),
                _ => bail!("unknown argument {name}"),
            }
        }
        Ok(arguments)
    }

    /// The command that repeats it.
    pub(crate) fn command(&self) -> String {
        format!("cargo xtask campaign --messages {} --seed {}", self.messages, self.seed)
    }
}
