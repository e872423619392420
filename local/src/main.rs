//! `cargo run`: the whole system on this machine. `cargo run -- demo`: a day on site by script.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use local::{Options, System};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

mod arguments;
mod greeting;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let arguments = match arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(problem) => {
            writeln!(io::stderr(), "error: {problem}\n\n{}", arguments::USAGE)?;
            return Ok(ExitCode::from(2));
        }
    };
    if arguments.command == Command::Help {
        writeln!(io::stdout(), "{}", arguments::USAGE)?;
        return Ok(ExitCode::SUCCESS);
    }
    let filter = EnvFilter::try_new(arguments.log())
        .with_context(|| format!("--log {}", arguments.log()))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command {
            Command::Demo => demo().await,
            Command::Serve | Command::Help => serve(arguments).await,
        }
    })
}

async fn serve(arguments: Arguments) -> Result<ExitCode> {
    let begun = std::time::Instant::now();
    let data = arguments.data();
    let system = match System::start(Options::new(data.clone(), arguments.port)).await {
        Ok(system) => system,
        Err(error) => {
            writeln!(io::stderr(), "error: {error:#}\n{}", arguments.hint())?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let text = greeting::text(&system, &data, begun.elapsed())?;
    writeln!(io::stdout(), "{text}")?;
    wait_for_the_end().await?;
    writeln!(io::stdout(), "\nStopping …")?;
    system.shutdown().await?;
    Ok(ExitCode::SUCCESS)
}

async fn demo() -> Result<ExitCode> {
    let report = local::demo::run(false).await?;
    writeln!(io::stdout(), "{report}")?;
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Ctrl-C, or the signal with which service managers end a process.
async fn wait_for_the_end() -> Result<()> {
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
