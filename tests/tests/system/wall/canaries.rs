//! The search for words of one side in what is another's, and for secrets where none may be.

use super::remains::{Owner, Remain};
use super::site::Site;
use crate::office::company::PASSWORD;

/// What people said and who they are: never in a log (docs/logging.md).
const SAID: [&str; 10] = [
    "on its way",
    "basement",
    "cement",
    "hologram",
    "status of the project",
    "971500000001",
    "somebody",
    "newcomer",
    "@example.com",
    "tower crane sings",
];
/// Where nothing that opens something is kept, not even its holder's.
const AT_REST: [&str; 4] =
    ["lines of the log", "messages of queues", "items of tables", "objects of S3"];

/// What belongs where.
pub(crate) struct Canaries {
    of_sides: Vec<Vec<String>>,
    credentials: Vec<String>,
    personal: Vec<String>,
}

impl Canaries {
    pub(crate) fn of(site: &Site) -> Self {
        let mut credentials = vec![PASSWORD.to_owned()];
        let mut personal: Vec<String> = SAID.map(str::to_owned).into();
        for side in &site.sides {
            let of_side = side.credentials.iter().filter(|(name, _)| **name != "head of the log");
            credentials.extend(of_side.map(|(_, text)| text.clone()));
            credentials.extend(side.askers.iter().filter_map(|asker| asker.token.clone()));
            personal.extend([side.word, &side.foreman, &side.stranger].map(str::to_owned));
        }
        let of_sides = site.sides.iter().map(super::site::Side::canaries).collect();
        Self { of_sides, credentials, personal }
    }

    /// What is where it should not be, in words.
    pub(crate) fn search(&self, remains: &[Remain]) -> Vec<String> {
        remains.iter().flat_map(|remain| self.in_one(remain)).collect()
    }

    fn in_one(&self, remain: &Remain) -> Vec<String> {
        let lower = remain.text.to_lowercase();
        let of = |side: usize| {
            let words = self.of_sides[side].iter();
            let found = words.filter(|word| is_in(&lower, word) && !is_in(&remain.asked, word));
            found.cloned().collect::<Vec<_>>()
        };
        let is_one_sides = of(0).is_empty() || of(1).is_empty();
        let mut found: Vec<String> = match remain.owner {
            Owner::Side(side) => of(1 - side),
            Owner::Either if is_one_sides => Vec::new(),
            Owner::Either | Owner::Nobody => [of(0), of(1)].concat(),
        };
        if AT_REST.contains(&remain.kind) {
            let secrets = self.credentials.iter().filter(|secret| is_in(&remain.text, secret));
            found.extend(secrets.cloned());
        }
        if remain.kind == "lines of the log" {
            let said = self.personal.iter().filter(|word| is_in(&lower, word));
            found.extend(said.cloned());
        }
        let Remain { kind, place, owner, text, .. } = remain;
        let shown: String = text.chars().take(600).collect();
        found.sort();
        found.dedup();
        let tell = |word| format!("{kind}, {place}, {owner:?}: {word}\n  {shown}");
        found.into_iter().map(tell).collect()
    }
}

/// Whether a text has a word. Six digits are one only when they stand alone: as part of an instant
/// or of an identifier they mean something else.
fn is_in(text: &str, word: &str) -> bool {
    let is_code = word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
        !is_code || !part(before) && !part(after)
    })
}
