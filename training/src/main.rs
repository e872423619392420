//! `cargo xtask train`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match training::train(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            training::say::problem(&problem);
            ExitCode::FAILURE
        }
    }
}
