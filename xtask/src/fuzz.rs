//! Mutated inputs against what must hold for any of them: libFuzzer on the targets of `fuzz`, and
//! bodies of the API through its routers.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::package::target_folder;
use crate::run::{Outcome, cargo, root};
use crate::say;

mod engine;
mod wanted;

use engine::Engine;
use wanted::Wanted;

/// Readers of bytes; `bodies` is beside them.
const READERS: [&str; 6] = ["webhook", "signature", "cursors", "importers", "tokens", "language"];
/// Through the routers, over a database: a test of the system, which sees no branches.
const BODIES: &str = "bodies";
/// A promise broken on purpose. Found in less than a second; after so many, the engine is blind.
const CONTROL: &str = "control";
const CONTROL_SECONDS: u64 = 30;

/// What is on every input's path and too slow as it is built for tests.
const OPTIMISED: [&str; 14] = [
    "csv",
    "domain",
    "encoding_rs",
    "fuzz",
    "jiff",
    "jsonwebtoken",
    "language",
    "planning",
    "quick-xml",
    "rust_decimal",
    "serde_core",
    "tenancy",
    "web",
    "whatsapp",
];

pub(crate) fn fuzz(arguments: &[&str]) -> Outcome<()> {
    let wanted = Wanted::read(arguments)?;
    let mut broken = Vec::new();
    if wanted.readers().next().is_some() {
        let engine = Engine { binary: build()?, folder: target_folder()?.join("fuzz") };
        control(&engine, wanted.seed)?;
        for target in wanted.readers() {
            if !read(&engine, target, &wanted)? {
                broken.push(target);
            }
        }
    }
    if wanted.targets.contains(&BODIES) {
        bodies(&wanted)?;
    }
    if broken.is_empty() { Ok(()) } else { Err(format!("broken: {}", broken.join(", "))) }
}

/// The engine, with our own crates instrumented and the rest as tests have it.
fn build() -> Outcome<PathBuf> {
    let optimised = OPTIMISED.map(|name| format!("profile.dev.package.{name}.opt-level=3"));
    let mut arguments = vec!["build", "--quiet", "--bin", "fuzz", "--features", "fuzz/engine"];
    for setting in &optimised {
        arguments.extend(["--config", setting]);
    }
    let instrument = root().join("fuzz/instrument");
    let instrument = instrument.to_str().ok_or("the project's path is not text")?;
    cargo(&arguments, &[("RUSTC_WORKSPACE_WRAPPER", instrument)])?;
    Ok(target_folder()?.join("debug/fuzz"))
}

/// Shows that the engine finds what there is to find.
fn control(engine: &Engine, seed: u64) -> Outcome<()> {
    let found = engine.run(CONTROL, CONTROL_SECONDS, seed)?;
    if found.failure.is_none() {
        return Err("the engine does not find a promise that is broken on purpose".to_owned());
    }
    say::line(&format!("control    found after {} executions, as it should be", found.executions));
    Ok(())
}

/// Whether a target kept its promises. What broke one is kept, as small as it gets.
fn read(engine: &Engine, target: &str, wanted: &Wanted) -> Outcome<bool> {
    let found = engine.run(target, wanted.seconds, wanted.seed)?;
    say::line(&format!(
        "{target:<10} {:>10} executions in {} s, {} a second, {} branches and counts seen, {} MB",
        found.executions,
        found.seconds,
        found.executions / found.seconds.max(1),
        found.features,
        found.memory_mb
    ));
    let Some(failure) = found.failure else { return Ok(true) };
    let small = engine.minimise(target, &failure)?;
    let kept = keep(target, &small)?;
    let bytes = fs::read(&kept).map_err(|error| error.to_string())?;
    say::line(&format!("{target}: {}", found.message));
    say::line(&format!("in {}: {:?}", kept.display(), String::from_utf8_lossy(&bytes)));
    Ok(false)
}

/// Where `cargo test` reads it for ever.
fn keep(target: &str, failure: &Path) -> Outcome<PathBuf> {
    let folder = root().join("fuzz/found").join(target);
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let kept = folder.join(failure.file_name().unwrap_or_default());
    fs::copy(failure, &kept).map_err(|error| error.to_string())?;
    Ok(kept)
}

fn bodies(wanted: &Wanted) -> Outcome<()> {
    let begun = Instant::now();
    let (seconds, seed) = (wanted.seconds.to_string(), wanted.seed.to_string());
    let test = "fuzz::bodies_of_any_kind_are_taken_or_refused";
    let arguments = ["test", "--quiet", "--test", "system", "--", "--exact", test, "--nocapture"];
    cargo(&arguments, &[("FUZZ_SECONDS", &seconds), ("FUZZ_SEED", &seed)])?;
    say::line(&format!("{BODIES:<10} {} s with the build", begun.elapsed().as_secs()));
    Ok(())
}
