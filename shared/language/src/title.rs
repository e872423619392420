//! The title of a task that a message asks for: the work without the request and the due date.

use std::sync::LazyLock;

use crate::concept::Concept;
use crate::lexicon::Hit;
use crate::text::{Kind, Text};
use crate::understanding::{Entity, EntityValue};
use crate::vocabulary::Vocabulary;

/// How many tokens may stand between "add" and "task", and between "task" and its colon.
const REACH_TOKENS: usize = 5;

/// Joins the request to the work: "a task *to* fix", "задачу *на* завтра".
static JOINTS: LazyLock<Vocabulary<()>> = LazyLock::new(|| {
    Vocabulary::new(&[&[(
        (),
        "me|us|him|them|ني|نا|мне|нам|ему|им|to|for|that|called|named|list|:|-|,|\"|“|«|'|ل|بعنوان|اسمها|باسم|انه|هي|о том чтобы|чтобы|под названием|названием|на|по|please|رجاء|пожалуйста",
    )]])
});

/// Before a due date, and so no part of the work.
static DUE: LazyLock<Vocabulary<()>> = LazyLock::new(|| {
    Vocabulary::new(&[&[(
        (),
        "before|by|on|until|till|due|due by|due on|for|at|the|no later than|deadline|deadline :|,|-|:|;|(|قبل|يوم|إلى|حتى|لغاية|بحلول|في|موعدها|до|к|на|в|во|не позднее|срок|срок :|срок -|до конца",
    )]])
});

/// May follow a due date at the end of the work.
static TAIL: LazyLock<Vocabulary<()>> = LazyLock::new(|| {
    Vocabulary::new(&[&[(
        (),
        "please|urgent|urgently|asap|thanks|thank you|رجاء|لو سمحت|من فضلك|عاجل|ضروري|شكرا|пожалуйста|срочно|спасибо|.|,|!|)|\"|”|»|'",
    )]])
});

/// A phrase of adding that ends so names the task itself; folded.
const TASKS: [&str; 14] = [
    "task",
    "tasks",
    "todo",
    "ticket",
    "job",
    "مهمه",
    "المهمه",
    "تاسك",
    "تذكره",
    "задачу",
    "задача",
    "задачи",
    "задание",
    "пункт",
];

/// The title, where the message asks for a task and names its work.
pub(crate) fn find(text: &Text<'_>, hits: &[Hit], entities: &[Entity]) -> Option<Entity> {
    let first = begin(text, hits)?;
    let mut from = skip(text, first, &JOINTS);
    let mut past = end_of_sentence(text, from);
    // "before Thursday, fix the roof": the date comes first.
    let lead = skip(text, from, &DUE);
    if let Some(after) = dated_until(text, entities, lead) {
        from = skip(text, skip(text, after, &DUE), &JOINTS);
    }
    loop {
        let shorter = without_tail(text, entities, from, past);
        if shorter == past {
            break;
        }
        past = shorter;
    }
    let (start, end) = text.span(from, past);
    let title = text.slice(from, past);
    let worded = (from..past).any(|index| text.is(index, Kind::Word));
    worded.then(|| Entity { value: EntityValue::TaskTitle { text: title.to_owned() }, start, end })
}

/// Past the words of the request: "add … task", "task:", "remind me to".
fn begin(text: &Text<'_>, hits: &[Hit]) -> Option<usize> {
    let of = |concept: Concept| hits.iter().filter(move |hit| hit.concept == concept);
    if let Some(remind) = of(Concept::REMIND).next() {
        return Some(remind.past);
    }
    let asked = |task: &&Hit| {
        of(Concept::ADD).any(|add| add.past <= task.first && task.first - add.past < REACH_TOKENS)
    };
    let colon = |task: &Hit| {
        let near = task.past..task.past + REACH_TOKENS;
        near.clone().find(|index| matches!(text.word(*index), ":")).map(|index| index + 1)
    };
    let task = of(Concept::TASK).find(asked);
    // "create task", as one phrase.
    let both = || {
        let named = |add: &&Hit| TASKS.contains(&text.word(add.past.saturating_sub(1)));
        of(Concept::ADD).find(|add| add.past > add.first + 1 && named(add))
    };
    if let Some(task) = task.or_else(both) {
        return Some(colon(task).unwrap_or(task.past));
    }
    // "Task: …", "New task - …" at the head of the message.
    let task = of(Concept::TASK).find(|task| task.first < REACH_TOKENS)?;
    colon(task).filter(|past| *past == task.past + 1)
}

fn skip(text: &Text<'_>, mut index: usize, words: &Vocabulary<()>) -> usize {
    while let Some((tokens, _)) = words.find(text, index) {
        index += tokens;
    }
    index
}

fn end_of_sentence(text: &Text<'_>, first: usize) -> usize {
    let ends = |index: usize| {
        let stop = matches!(text.word(index), "." | "!" | "?" | ";") && !text.attached(index + 1);
        index > first && (stop || text.opens_line(index))
    };
    (first..text.tokens.len()).find(|index| ends(*index)).unwrap_or(text.tokens.len())
}

/// Past the date or time that begins at a token.
fn dated_until(text: &Text<'_>, entities: &[Entity], first: usize) -> Option<usize> {
    let start = text.tokens.get(first)?.start;
    let date = entities.iter().find(|entity| entity.start == start && is_due(entity))?;
    (first..text.tokens.len())
        .find(|index| text.tokens.get(*index).is_some_and(|token| token.start >= date.end))
}

fn is_due(entity: &Entity) -> bool {
    matches!(entity.value, EntityValue::Date { .. } | EntityValue::Time { .. })
}

/// One due date, its preposition, or one word of courtesy less at the end.
fn without_tail(text: &Text<'_>, entities: &[Entity], from: usize, past: usize) -> usize {
    let Some(last) = past.checked_sub(1).filter(|last| *last > from) else { return past };
    let (_, end) = text.span(last, past);
    let date = entities.iter().find(|entity| entity.end == end && is_due(entity));
    let Some(date) = date else {
        let back = (1..=3).filter_map(|length| past.checked_sub(length));
        let mut back = back.filter(|first| *first > from);
        let tail =
            back.find(|first| TAIL.find(text, *first).is_some_and(|(n, _)| first + n == past));
        return tail.unwrap_or(past);
    };
    let opens = |index: &usize| text.tokens.get(*index).is_some_and(|t| t.start == date.start);
    let Some(mut first) = (from..past).find(opens).filter(|first| *first > from) else {
        return past;
    };
    let before = |first: usize| {
        (1..=3)
            .filter_map(|length| first.checked_sub(length))
            .filter(|start| *start > from)
            .find(|start| DUE.find(text, *start).is_some_and(|(tokens, _)| start + tokens == first))
    };
    while let Some(shorter) = before(first) {
        first = shorter;
    }
    first
}
