//! Everything the engine ever found, and everything it starts from, read once more.

#![expect(clippy::unwrap_used, reason = "a finding that cannot be read has to fail its test")]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use fuzz::{TARGETS, Target};

/// What was found for a target: a file of bytes each.
fn found(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found").join(target.name);
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    let paths = files.map(|file| file.unwrap().path());
    paths.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

#[test]
fn what_was_ever_found_is_mended() {
    let mut replayed = 0;
    for target in TARGETS.iter().filter(|target| target.name != "control") {
        for (name, bytes) in found(target) {
            assert!(catch_unwind(|| (target.run)(&bytes)).is_ok(), "{}: {name}", target.name);
            replayed += 1;
        }
    }
    println!("{replayed} inputs that once broke a promise");
}

#[test]
fn every_seed_keeps_every_promise() {
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{}", target.name);
        let kept = |bytes: &[u8]| catch_unwind(|| (target.run)(bytes)).is_ok();
        for (place, seed) in seeds.iter().enumerate() {
            assert!(seed.len() <= target.most_bytes, "{} {place} is cut", target.name);
            assert!(kept(seed), "{} {place}", target.name);
        }
        // Cut short, too.
        for (place, seed) in seeds.iter().enumerate().step_by(seeds.len() / 80 + 1) {
            for end in (0..seed.len()).step_by(seed.len() / 4 + 1) {
                assert!(kept(&seed[..end]), "{} {place} to {end}", target.name);
            }
        }
        println!("{}: {} seeds", target.name, seeds.len());
    }
}

#[test]
fn a_broken_promise_is_noticed() {
    let control = fuzz::target("control").unwrap();
    assert!(catch_unwind(|| (control.run)(b"unsound")).is_err());
    assert!(fuzz::target("nothing").is_none());
}
