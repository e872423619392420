//! libFuzzer on one target: `cargo xtask fuzz`. Which one, and where the inputs to start from are
//! to be laid, the environment says, because the arguments are the engine's.

#![no_main]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use fuzz::Target;

static TARGET: OnceLock<Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: prepare(),
    |data: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.run)(data);
        }
    }
);

#[expect(clippy::disallowed_methods, reason = "the engine takes the arguments for its own")]
#[expect(clippy::expect_used, reason = "without them there is nothing to do")]
fn prepare() {
    let variable = |name| std::env::var(name).expect("cargo xtask fuzz sets it");
    let target = fuzz::target(&variable("FUZZ_TARGET")).expect("there is such a target");
    let folder = PathBuf::from(variable("FUZZ_FOLDER"));
    for (place, seed) in (target.seeds)().into_iter().enumerate() {
        std::fs::write(folder.join("seeds").join(format!("{place:04}")), seed)
            .expect("a seed is laid");
    }
    let mut words = String::new();
    for word in target.words {
        words.push('"');
        let letters = word.bytes().try_for_each(|byte| write!(words, "\\x{byte:02x}"));
        assert!(letters.is_ok(), "writing to memory cannot fail");
        words.push_str("\"\n");
    }
    std::fs::write(folder.join("words"), words).expect("the words are laid");
    assert!(TARGET.set(target).is_ok(), "prepared twice");
}
