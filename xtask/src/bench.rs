//! The benchmark, optimised as what is deployed.

use crate::package::{functions, target_folder};
use crate::python;
use crate::run::{Outcome, cargo};

/// Sections that measure built functions from outside.
const OUTSIDE: [&str; 2] = ["init", "fastapi"];
/// What they are compared with.
const EXAMPLES: [&str; 4] = ["--example", "hello", "--example", "webhook_over_http"];

pub(crate) fn bench(arguments: &[&str]) -> Outcome<()> {
    let only = arguments.windows(2).find(|pair| pair.first() == Some(&"--only"));
    let only = only.and_then(|pair| pair.last().copied());
    let mut arguments = arguments.to_vec();
    if only.is_none_or(|only| OUTSIDE.contains(&only)) {
        build()?;
    }
    let python;
    if only.is_none_or(|only| only == "fastapi") {
        let folder = target_folder()?.join("bench-python");
        python = python::with(&folder, "bench/fastapi/requirements.txt")?;
        arguments.extend(["--python", python.to_str().unwrap_or_default()]);
    }
    run(&arguments)
}

/// Without a package's name: one package alone would resolve other features.
pub(crate) fn run(arguments: &[&str]) -> Outcome<()> {
    cargo(&[&["run", "--release", "--bin", "bench", "--"], arguments].concat(), &[])
}

fn build() -> Outcome<()> {
    let names = functions()?;
    let mut wanted = vec!["build", "--release", "--bin", "bench"];
    wanted.extend(names.iter().flat_map(|name| ["--bin", name.as_str()]));
    wanted.extend(EXAMPLES);
    cargo(&wanted, &[])
}
