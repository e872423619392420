//! A promise that is broken on purpose, for a word that chance alone does not find: an engine that
//! does not find it measures nothing.

use crate::Target;

pub(crate) const TARGET: Target = Target {
    name: "control",
    run,
    seeds: || vec![b"sound".to_vec()],
    words: &["sound"],
    most_bytes: 64,
};

fn run(data: &[u8]) {
    let mut right = 0;
    // Letter by letter, so that each is progress.
    for (given, wanted) in data.iter().zip(b"unsound") {
        if given != wanted {
            break;
        }
        right += 1;
    }
    assert!(right < 7, "the broken promise was found");
}
