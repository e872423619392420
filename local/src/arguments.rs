//! The command line.

use std::path::PathBuf;

use local::{DEFAULT_PORT, Data};

pub(crate) const USAGE: &str = "\
Hndasah on this machine: every function, its queues and tables, and a phone to try it with.

Usage: cargo run [-- OPTIONS]        start everything on 127.0.0.1 and stay
       cargo run -- demo             play a day on site in memory and check what came of it

Options:
  --port N     where to listen (default 4000; 0 for any free port)
  --data DIR   where data are kept (default .local)
  --memory     keep nothing
  --log LEVEL  error, warn (default), info, debug, or a filter as `sender=debug,warn`
  --help       this text";

/// Warnings, but for one of the database's: at every start it is asked to create what there is.
const DEFAULT_LOG: &str = "warn,dynoxide::server=error";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Serve,
    Demo,
    Help,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) command: Command,
    pub(crate) port: u16,
    pub(crate) log: String,
    memory: bool,
    directory: PathBuf,
}

impl Arguments {
    pub(crate) fn data(&self) -> Data {
        if self.memory { Data::Memory } else { Data::Directory(self.directory.clone()) }
    }

    /// What to try when the start failed.
    pub(crate) fn hint(&self) -> String {
        format!(
            "Is another one running? This starts beside it: cargo run -- --memory --port {}",
            self.port.saturating_add(1)
        )
    }
}

/// Reads the arguments after the program's name.
pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        command: Command::Serve,
        port: DEFAULT_PORT,
        log: DEFAULT_LOG.to_owned(),
        memory: false,
        directory: PathBuf::from(".local"),
    };
    while let Some(word) = words.next() {
        let mut value = |what: &str| words.next().ok_or_else(|| format!("{word} needs {what}"));
        match word.as_str() {
            "demo" => arguments.command = Command::Demo,
            "--help" | "-h" => arguments.command = Command::Help,
            "--memory" => arguments.memory = true,
            "--data" => arguments.directory = value("a directory")?.into(),
            "--log" => arguments.log = value("a level")?,
            "--port" => {
                let text = value("a number")?;
                arguments.port =
                    text.parse().map_err(|_| format!("{text} is not a port number"))?;
            }
            other => return Err(format!("{other} is not understood")),
        }
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use local::Data;

    use super::{Command, read};

    fn of(text: &str) -> Result<super::Arguments, String> {
        read(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn reads_what_the_usage_promises() {
        let plain = of("").unwrap();
        assert_eq!((plain.command, plain.port), (Command::Serve, 4000));
        assert_eq!(plain.data(), Data::Directory(".local".into()));
        let told = of("--port 0 --data /x --log info").unwrap();
        assert_eq!((told.port, told.log.as_str()), (0, "info"));
        assert_eq!(of("--memory").unwrap().data(), Data::Memory);
        assert_eq!(of("demo").unwrap().command, Command::Demo);
        for (wrong, says) in
            [("--port", "needs"), ("--port 99999", "not a port"), ("--prot 1", "not understood")]
        {
            assert!(of(wrong).unwrap_err().contains(says), "{wrong}");
        }
    }
}
