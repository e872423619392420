//! The words of a building site, in three languages, as concepts.

mod arabic;
mod english;
mod russian;

use std::sync::LazyLock;

use crate::text::Text;
use crate::vocabulary::Vocabulary;

/// What a word or phrase speaks of, whatever its language. The last group is not in the lexicon:
/// [`Scene`](crate::scene::Scene) sees it in the whole message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Concept {
    // Requests and questions.
    Add,
    Remind,
    Ask,
    HowMuch,
    When,
    Need,
    Send,
    Talk,
    // Tasks and their course.
    Task,
    MyTasks,
    Done,
    Started,
    Progress,
    Blocked,
    Failed,
    Test,
    Status,
    StatusAsk,
    Schedule,
    Late,
    // Money.
    Paid,
    Cost,
    Overrun,
    // What is built, and with what.
    Work,
    Element,
    Material,
    RanOut,
    Arrived,
    // Trouble.
    Defect,
    Trouble,
    Safety,
    Fell,
    Person,
    // Office.
    Approve,
    Reject,
    DailyLog,
    Today,
    Weather,
    Timesheet,
    Rfi,
    Detail,
    Change,
    ChangeOrder,
    Document,
    // Talk.
    Greeting,
    Thanks,
    Stop,
    OptOut,
    OptIn,
    Human,
    // Tone.
    Good,
    Bad,
    Urgent,
    Very,
    Not,
    /// Words of grammar, which do not tell one title from another.
    Filler,
    // Seen in the whole message.
    NotDone,
    NotArrived,
    Short,
    Alone,
    Titled,
    HasAmount,
    HasQuantity,
    HasPercent,
    Whole,
    HasDuration,
    HasDocument,
}

/// A phrase of the lexicon found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) concept: Concept,
    /// Tokens from `first` up to `past`.
    pub(crate) first: usize,
    pub(crate) past: usize,
    pub(crate) negated: bool,
    pub(crate) strengthened: bool,
}

static LEXICON: LazyLock<Vocabulary<Concept>> =
    LazyLock::new(|| Vocabulary::new(&[english::WORDS, arabic::WORDS, russian::WORDS]));

/// How many words a negation or an intensifier reaches over.
const REACH_TOKENS: usize = 3;

/// The phrases of a text, longest first where they overlap, in order.
pub(crate) fn hits(text: &Text<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let (mut not, mut very) = (None, None);
    let mut index = 0;
    while index < text.tokens.len() {
        if breaks(text, index) {
            (not, very) = (None, None);
        }
        let near = |place: Option<usize>| place.is_some_and(|past| index - past < REACH_TOKENS);
        let Some((tokens, concepts)) = LEXICON.find(text, index) else {
            index += 1;
            continue;
        };
        let past = index + tokens;
        let (negated, strengthened) = (near(not), near(very));
        for concept in concepts.iter().copied() {
            if concept == Concept::Not {
                not = Some(past);
                negate_before(&mut hits, text, index);
            } else if concept == Concept::Very {
                very = Some(past);
            }
            hits.push(Hit { concept, first: index, past, negated, strengthened });
        }
        index = past;
    }
    hits
}

/// A clause ends here, and with it what a negation reaches.
fn breaks(text: &Text<'_>, index: usize) -> bool {
    text.opens_line(index) || matches!(text.word(index), "." | "," | ";" | "!" | "?" | ":")
}

/// "проблем нет", "issues: none": a negation after its noun, when nothing follows it.
fn negate_before(hits: &mut [Hit], text: &Text<'_>, index: usize) {
    if text.word(index) == "нет" {
        for hit in hits.iter_mut().filter(|hit| hit.past == index) {
            hit.negated = true;
        }
    }
}
