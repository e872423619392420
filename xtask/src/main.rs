//! `cargo xtask`: the project's chores, with nothing but the standard library.

use std::process::ExitCode;

mod bench;
mod campaign;
mod check;
mod e2e;
mod fuzz;
mod openapi;
mod package;
mod python;
mod run;
mod say;
mod train;

const HELP: &str = "\
cargo xtask <chore>

  check     fmt, clippy, test, doc, in that order; stops at the first that fails
  openapi   writes openapi.json anew from the routers
  bench     measures time and DynamoDB units on the embedded AWS; [--json FILE] [--messages N] [--only SECTION]
  campaign  the built functions among faults, kills and pauses; [--messages N] [--seed S]
            [--report DIR], [--bins DIR] of built functions
  e2e       deploys template.yaml into an emulated AWS and uses it over HTTP;
            [--bins DIR] of built functions, [--report FILE]
  fuzz      looks for bytes that break a promise: webhook, signature, cursors, importers, tokens,
            language, bodies or all of them, which share the time; [--seconds N] [--seed N]
  package   builds every function for Lambda on arm64 into target/lambda/<function>/bootstrap;
            [--check]: starts each, under qemu on another processor, and has it answer an event
  train     learns the weights of `language` from its data and measures them; [--errors] [--dry]
  help      this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["check"] => check::check(),
        ["openapi"] => openapi::openapi(),
        ["bench", more @ ..] => bench::bench(more),
        ["campaign", more @ ..] => campaign::campaign(more),
        ["e2e", more @ ..] => e2e::e2e(more),
        ["fuzz", more @ ..] => fuzz::fuzz(more),
        ["package", more @ ..] => package::package(more),
        ["train", more @ ..] => train::train(more),
        [] | ["help" | "--help" | "-h"] => {
            say::line(HELP.trim_end());
            Ok(())
        }
        _ => Err(format!("no chore `{}`; try `cargo xtask help`", words.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say::problem(&problem);
            ExitCode::FAILURE
        }
    }
}
