//! What weights were learned from, as eight bytes: they are stale when these differ.
//!
//! Not the source of the reader is hashed but what it makes of the messages, so that a comment
//! leaves the weights as they are and a grammar that finds other dates does not. Only of what turns
//! features into a ranking is it the source: the numbers beside the weights are fitted to that.

use language::learning::{self, Compiled};

use crate::corpus::{self, Message};

/// Of every so many messages one is read.
const EVERY: usize = 4;

/// From features to a ranking.
const RANKING: [&str; 3] = ["model.rs", "rank.rs", "segment.rs"];

struct Stamp(u64);

impl Stamp {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.0 = (self.0 ^ (self.0 >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// The stamp of the data, the trainer and the features as they are now.
///
/// # Errors
/// A file that cannot be read.
pub fn now() -> Result<Vec<u8>, String> {
    of_data(&crate::train::lexicon()?, &corpus::messages()?)
}

pub(crate) fn of_data(lexicon: &Compiled, messages: &[Message]) -> Result<Vec<u8>, String> {
    let mut stamp = Stamp(0xcbf2_9ce4_8422_2325);
    stamp.add(&lexicon.slots);
    stamp.add(&lexicon.pool);
    let data = corpus::folder();
    let own = corpus::root().join("training/src");
    for (folder, ending) in
        [(data.join("messages"), ".jsonl"), (data.join("generator"), ".txt"), (own, ".rs")]
    {
        for file in corpus::files(&folder, ending)? {
            stamp.add(file.path.as_bytes());
            stamp.add(file.text.replace('\r', "").as_bytes());
        }
    }
    for file in corpus::files(&corpus::root().join("shared/language/src"), ".rs")? {
        if RANKING.contains(&file.path.as_str()) {
            stamp.add(file.text.replace('\r', "").as_bytes());
        }
    }
    for message in messages.iter().step_by(EVERY) {
        for (hash, group) in learning::features(&message.text, lexicon) {
            stamp.add(&hash.to_le_bytes());
            stamp.add(&[group as u8]);
        }
    }
    Ok(stamp.0.to_le_bytes().to_vec())
}
