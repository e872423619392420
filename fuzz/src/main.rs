//! libFuzzer on one target: `cargo xtask fuzz`. Which one, and where the inputs to start from are
//! to be laid, the environment says, because the arguments are the engine's.

#![no_main]

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
    let quoted = |word: &&str| {
        let letters: String = word.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
        format!("\"{letters}\"\n")
    };
    let words: String = target.words.iter().map(quoted).collect();
    std::fs::write(folder.join("words"), words).expect("the words are laid");
    assert!(TARGET.set(target).is_ok(), "prepared twice");
}
