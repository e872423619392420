//! `cargo xtask`: the project's chores, with nothing but the standard library.

use std::process::ExitCode;

mod check;
mod openapi;
mod package;
mod run;
mod say;

const HELP: &str = "\
cargo xtask <chore>

  check     fmt, clippy, test, doc, in that order; stops at the first that fails
  openapi   writes openapi.json anew from the routers
  package   builds every function for Lambda on arm64 into target/lambda/<function>/bootstrap
  help      this text
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let outcome = match (arguments.next().as_deref(), arguments.next()) {
        (Some("check"), None) => check::check(),
        (Some("openapi"), None) => openapi::openapi(),
        (Some("package"), None) => package::package(),
        (None | Some("help" | "--help" | "-h"), None) => {
            say::line(HELP.trim_end());
            Ok(())
        }
        (chore, more) => Err(format!(
            "no chore `{}`; try `cargo xtask help`",
            [chore.unwrap_or_default(), more.as_deref().unwrap_or_default()].join(" ").trim()
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say::problem(&problem);
            ExitCode::FAILURE
        }
    }
}
