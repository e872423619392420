//! Varied messages from the templates of `data/generator`.

use std::collections::BTreeMap;

use language::Intent;
use language::learning::tier;

use crate::chance::Chance;
use crate::corpus::{self, LANGUAGES, Message};
use crate::noise;

/// Fillers nest up to so deep.
const DEEPEST: usize = 5;
/// Of a hundred messages, so many get words before and after, and a second matter.
const PRE_PERCENT: usize = 15;
const POST_PERCENT: usize = 15;
const JOINED_PERCENT: usize = 10;

/// A piece of a template.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Slot(String),
    Number(u64, u64),
    Choice(Vec<Vec<Node>>),
    Maybe(Vec<Node>),
}

type Row = Vec<Node>;

/// The templates of one language.
#[derive(Debug, Default)]
struct Grammar {
    slots: BTreeMap<String, Vec<Row>>,
    templates: BTreeMap<Intent, Vec<Row>>,
}

/// Messages for every intent and language that has templates, `each` of them; the same for the
/// same files.
///
/// # Errors
/// A line of a template file that cannot be read, by file and number.
pub(crate) fn generate(each: usize) -> Result<Vec<Message>, String> {
    let mut messages = Vec::new();
    let files = corpus::files(&corpus::folder().join("generator"), ".txt")?;
    let mut grammars: BTreeMap<usize, Grammar> = BTreeMap::new();
    for file in &files {
        let language = LANGUAGES
            .iter()
            .position(|language| file.path.starts_with(language))
            .ok_or_else(|| format!("generator/{}: of no language", file.path))?;
        read(grammars.entry(language).or_default(), &file.path, &file.text)?;
    }
    for (language, grammar) in &grammars {
        check(grammar, LANGUAGES.get(*language).copied().unwrap_or(""))?;
        for intent in grammar.templates.keys() {
            let seed = (*language as u64) << 32 | *intent as u64;
            let mut chance = Chance::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
            for _ in 0..each {
                messages.push(message(grammar, *language, *intent, &mut chance));
            }
        }
    }
    Ok(messages)
}

fn message(grammar: &Grammar, language: usize, intent: Intent, chance: &mut Chance) -> Message {
    let mut text = one_of(grammar, intent, chance);
    let (mut first, mut also) = (intent, Vec::new());
    let others: Vec<&Intent> = grammar.templates.keys().collect();
    if chance.percent(JOINED_PERCENT)
        && let Some(other) = chance.pick(&others).map(|other| **other)
        && other != intent
        && joins(intent)
        && joins(other)
    {
        let second = one_of(grammar, other, chance);
        let one = Message { text, intent, also: Vec::new(), language };
        let two = Message { text: second, intent: other, also: Vec::new(), language };
        let joined =
            if chance.percent(50) { join(&one, &two, chance) } else { join(&two, &one, chance) };
        (text, first, also) = (joined.text, joined.intent, joined.also);
    }
    for (slot, percent) in [("pre", PRE_PERCENT), ("post", POST_PERCENT)] {
        // A greeting before a greeting is nothing new; a word after "stop" may be.
        let Some(rows) = grammar.slots.get(slot).filter(|_| first != Intent::Greeting) else {
            continue;
        };
        if chance.percent(percent)
            && let Some(row) = chance.pick(rows)
        {
            let words = expand(grammar, row, chance, 0);
            text =
                if slot == "pre" { format!("{words} {text}") } else { format!("{text} {words}") };
        }
    }
    let text = noise::spoil(&tidy(&text), chance);
    Message { text, intent: first, also, language }
}

/// One message after the other, as one.
pub(crate) fn join(one: &Message, two: &Message, chance: &mut Chance) -> Message {
    let marks = [". ", ", ", " ", "\n", " - ", "; ", "! ", "... "];
    let words: &[&str] = match two.language {
        0 => &[" and ", " also ", ", also ", " and then ", ". Also ", ", btw ", " but "],
        1 => &[" و", " وكمان ", " وبعدين ", "، وايضا ", " بس ", "، "],
        _ => &[" и ", ", а ещё ", ", также ", " плюс ", ". И ", ", а ", ", но "],
    };
    let joint = if chance.percent(55) { chance.pick(&marks) } else { chance.pick(words) };
    let joint = joint.copied().unwrap_or(" ");
    let text = format!("{}{joint}{}", one.text.trim_end_matches(['.', '!']), two.text);
    let (first, other) = if tier(two.intent) < tier(one.intent) { (two, one) } else { (one, two) };
    Message { text, intent: first.intent, also: vec![other.intent], language: first.language }
}

/// Whether a message of this intent is joined with others at all.
pub(crate) fn joins(intent: Intent) -> bool {
    !matches!(intent, Intent::OptOut | Intent::OptIn | Intent::Other | Intent::HumanHandoff)
}

fn one_of(grammar: &Grammar, intent: Intent, chance: &mut Chance) -> String {
    let rows = grammar.templates.get(&intent).map_or(&[][..], Vec::as_slice);
    chance.pick(rows).map_or(String::new(), |row| expand(grammar, row, chance, 0))
}

fn expand(grammar: &Grammar, row: &[Node], chance: &mut Chance, depth: usize) -> String {
    let mut text = String::new();
    for node in row {
        match node {
            Node::Text(words) => text.push_str(words),
            Node::Number(low, high) => {
                let span = high.saturating_sub(*low) + 1;
                text.push_str(&(low + chance.next() % span).to_string());
            }
            Node::Maybe(inner) => {
                if chance.percent(50) {
                    text.push_str(&expand(grammar, inner, chance, depth));
                }
            }
            Node::Choice(rows) => {
                if let Some(inner) = chance.pick(rows) {
                    text.push_str(&expand(grammar, inner, chance, depth));
                }
            }
            Node::Slot(name) => {
                let rows = grammar.slots.get(name).map_or(&[][..], Vec::as_slice);
                if depth < DEEPEST
                    && let Some(inner) = chance.pick(rows)
                {
                    text.push_str(&expand(grammar, inner, chance, depth + 1));
                }
            }
        }
    }
    text
}

fn tidy(text: &str) -> String {
    let lines = text.split('\n').map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n").replace(" ,", ",").replace(" .", ".").replace(" ?", "?")
}

fn read(grammar: &mut Grammar, file: &str, text: &str) -> Result<(), String> {
    let mut slot: Option<String> = None;
    let mut intent: Option<Intent> = None;
    for (number, line) in text.lines().enumerate() {
        let place = || format!("generator/{file}:{}", number + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with("# ") || line == "#" {
            continue;
        }
        if let Some(name) = line.strip_prefix('@') {
            (slot, intent) = (Some(name.trim().to_owned()), None);
            grammar.slots.entry(name.trim().to_owned()).or_default();
        } else if let Some(name) = line.strip_prefix('=') {
            let name = name.trim();
            let found = Intent::ALL.into_iter().find(|intent| intent.name() == name);
            intent = Some(found.ok_or_else(|| format!("{}: no intent `{name}`", place()))?);
            slot = None;
        } else {
            let row = Parser::row(line).map_err(|problem| format!("{}: {problem}", place()))?;
            if let Some(slot) = &slot {
                grammar.slots.entry(slot.clone()).or_default().push(row);
            } else if let Some(intent) = intent {
                grammar.templates.entry(intent).or_default().push(row);
            } else {
                return Err(format!("{}: belongs to no slot and no intent", place()));
            }
        }
    }
    Ok(())
}

/// Every slot that is named must be there.
fn check(grammar: &Grammar, language: &str) -> Result<(), String> {
    let mut rows: Vec<&Row> =
        grammar.slots.values().chain(grammar.templates.values()).flatten().collect();
    while let Some(row) = rows.pop() {
        for node in row {
            match node {
                Node::Slot(name) if !grammar.slots.contains_key(name) => {
                    return Err(format!("generator/{language}: no slot `{name}`"));
                }
                Node::Choice(inner) => rows.extend(inner),
                Node::Maybe(inner) => rows.push(inner),
                Node::Slot(_) | Node::Text(_) | Node::Number(..) => {}
            }
        }
    }
    Ok(())
}

struct Parser<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
}

impl<'a> Parser<'a> {
    fn row(line: &'a str) -> Result<Row, String> {
        let mut parser = Self { rest: line.chars().peekable() };
        let row = parser.nodes(&[])?;
        match parser.rest.next() {
            None => Ok(row),
            Some(letter) => Err(format!("`{letter}` without its beginning")),
        }
    }

    /// Nodes up to one of the closing letters, which stays.
    fn nodes(&mut self, closing: &[char]) -> Result<Row, String> {
        let mut row = Vec::new();
        let mut text = String::new();
        while let Some(letter) = self.rest.peek().copied() {
            if closing.contains(&letter) {
                break;
            }
            self.rest.next();
            let node = match letter {
                '{' => self.slot()?,
                '(' => {
                    let mut rows = vec![self.nodes(&['|', ')'])?];
                    while self.rest.next_if_eq(&'|').is_some() {
                        rows.push(self.nodes(&['|', ')'])?);
                    }
                    self.close(')')?;
                    Node::Choice(rows)
                }
                '[' => {
                    let inner = self.nodes(&[']', '|'])?;
                    let mut rows = vec![inner];
                    while self.rest.next_if_eq(&'|').is_some() {
                        rows.push(self.nodes(&[']', '|'])?);
                    }
                    self.close(']')?;
                    Node::Maybe(vec![Node::Choice(rows)])
                }
                letter => {
                    text.push(letter);
                    continue;
                }
            };
            if !text.is_empty() {
                row.push(Node::Text(std::mem::take(&mut text)));
            }
            row.push(node);
        }
        if !text.is_empty() {
            row.push(Node::Text(text));
        }
        Ok(row)
    }

    fn slot(&mut self) -> Result<Node, String> {
        let mut name = String::new();
        while let Some(letter) = self.rest.next_if(|letter| *letter != '}') {
            name.push(letter);
        }
        self.close('}')?;
        let Some(range) = name.strip_prefix('#') else { return Ok(Node::Slot(name)) };
        let bounds = range.split_once('-').and_then(|(low, high)| {
            Some((low.trim().parse::<u64>().ok()?, high.trim().parse::<u64>().ok()?))
        });
        bounds
            .map(|(low, high)| Node::Number(low, high.max(low)))
            .ok_or_else(|| format!("`{{{name}}}` is no range"))
    }

    fn close(&mut self, letter: char) -> Result<(), String> {
        self.rest.next_if_eq(&letter).map(|_| ()).ok_or_else(|| format!("`{letter}` is missing"))
    }
}
