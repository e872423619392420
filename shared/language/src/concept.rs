//! The concepts: what words speak of, whatever their language. `data/concepts.tsv` lists them;
//! their order there is their number here.

const TABLE: &str = include_str!("../data/concepts.tsv");

/// How many concepts there are.
pub(crate) const COUNT: usize = count(TABLE.as_bytes());

const NAMES: [&str; COUNT] = names();

/// A concept, by its line in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Concept(pub(crate) u8);

impl Concept {
    pub(crate) fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or("")
    }

    /// The concept of a name in the lexicon.
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        let id = NAMES.iter().position(|known| *known == name)?;
        u8::try_from(id).ok().map(Self)
    }
}

macro_rules! concepts {
    ($($constant:ident = $name:literal;)*) => {
        impl Concept {
            $(pub(crate) const $constant: Self = named($name);)*
        }
    };
}

// The concepts that rules name; the rest only the weights know.
concepts! {
    ADD = "add";
    REMIND = "remind";
    TASK = "task";
    FAILED = "failed";
    PASSED = "passed";
    LATE = "late";
    OVERRUN = "overrun";
    TROUBLE = "trouble";
    THEFT = "theft";
    SAFETY = "safety";
    INJURY = "injury";
    FIRE = "fire";
    UNPROTECTED = "unprotected";
    COLLAPSE = "collapse";
    REJECT = "reject";
    THANKS = "thanks";
    STOP_MESSAGES = "stop_messages";
    GOOD = "good";
    BAD = "bad";
    URGENT = "urgent";
    VERY = "very";
    NOT = "not";
    PLEASE = "please";
    FILLER = "filler";
}

const fn count(mut table: &[u8]) -> usize {
    let mut lines = 0;
    while let [byte, rest @ ..] = table {
        if *byte == b'\n' {
            lines += 1;
        }
        table = rest;
    }
    lines
}

#[expect(clippy::indexing_slicing, reason = "runs when compiling")]
const fn names() -> [&'static str; COUNT] {
    let mut names = [""; COUNT];
    let mut rest = TABLE;
    let mut line = 0;
    while line < COUNT {
        let (name, _) = rest.split_at(until(rest.as_bytes(), b'\t'));
        names[line] = name;
        let (_, after) = rest.split_at(until(rest.as_bytes(), b'\n') + 1);
        rest = after;
        line += 1;
    }
    names
}

/// How many bytes stand before the next `end`.
const fn until(mut bytes: &[u8], end: u8) -> usize {
    let mut length = 0;
    while let [byte, rest @ ..] = bytes {
        if *byte == end {
            return length;
        }
        length += 1;
        bytes = rest;
    }
    length
}

/// The concept a rule names; a name the table does not know is no program.
#[expect(clippy::indexing_slicing, clippy::panic, reason = "runs when compiling")]
const fn named(name: &str) -> Concept {
    let mut id = 0;
    while (id as usize) < COUNT {
        if same(NAMES[id as usize].as_bytes(), name.as_bytes()) {
            return Concept(id);
        }
        id += 1;
    }
    panic!("no such concept")
}

const fn same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([first, one_rest @ ..], [second, other_rest @ ..]) = (one, other) {
        if *first != *second {
            return false;
        }
        (one, other) = (one_rest, other_rest);
    }
    one.is_empty() && other.is_empty()
}
