//! How well messages were understood: shares, confusion, reliability, coverage.

#![expect(clippy::float_arithmetic, reason = "shares of messages are estimates, not money")]

use std::collections::BTreeMap;

use language::learning::INTENTS;
use language::{Intent, RankedIntent};

use crate::corpus::{LANGUAGES, Message};

/// Groups of the reliability table.
const BINS: usize = 10;

/// How many, and how many of them right at first or among the first three.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Score {
    pub(crate) all: usize,
    pub(crate) first: usize,
    pub(crate) third: usize,
}

/// Messages of like confidence.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bin {
    pub(crate) all: usize,
    pub(crate) right: usize,
    confidence: f64,
}

pub(crate) struct Measured {
    pub(crate) whole: Score,
    /// Messages of several matters.
    pub(crate) several: Score,
    pub(crate) languages: [Score; LANGUAGES.len()],
    /// By intent, then language.
    pub(crate) intents: [[Score; LANGUAGES.len()]; INTENTS],
    /// How often each intent came first.
    pub(crate) taken: [usize; INTENTS],
    /// What was taken for what, the most frequent first.
    pub(crate) confusion: Vec<((Intent, Intent), usize)>,
    pub(crate) bins: [Bin; BINS],
    /// The surest first: confidence, and whether it was right.
    curve: Vec<(f64, bool)>,
}

impl Score {
    fn add(&mut self, place: Option<usize>) {
        self.all += 1;
        self.first += usize::from(place == Some(0));
        self.third += usize::from(place.is_some_and(|place| place < 3));
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            first: self.first + other.first,
            third: self.third + other.third,
        }
    }

    /// `82.1 %`, or a dash for none.
    pub(crate) fn first_percent(self) -> String {
        percent(self.first, self.all)
    }

    pub(crate) fn third_percent(self) -> String {
        percent(self.third, self.all)
    }
}

impl Bin {
    pub(crate) fn confidence_percent(self) -> String {
        if self.all == 0 {
            return "–".to_owned();
        }
        format!("{:.1} %", 100.0 * self.confidence / float(self.all))
    }
}

impl Measured {
    pub(crate) fn new(messages: &[Message], read: &[Vec<RankedIntent>]) -> Self {
        let mut measured = Self {
            whole: Score::default(),
            several: Score::default(),
            languages: [Score::default(); LANGUAGES.len()],
            intents: [[Score::default(); LANGUAGES.len()]; INTENTS],
            taken: [0; INTENTS],
            confusion: Vec::new(),
            bins: [Bin::default(); BINS],
            curve: Vec::new(),
        };
        let mut confusion: BTreeMap<(Intent, Intent), usize> = BTreeMap::new();
        for (message, read) in messages.iter().zip(read) {
            let place = read.iter().position(|ranked| ranked.intent == message.intent);
            measured.whole.add(place);
            measured.languages[message.language].add(place);
            measured.intents[message.intent as usize][message.language].add(place);
            if !message.also.is_empty() {
                measured.several.add(place);
            }
            let Some(top) = read.first() else { continue };
            measured.taken[top.intent as usize] += 1;
            let right = place == Some(0);
            if !right {
                *confusion.entry((message.intent, top.intent)).or_default() += 1;
            }
            measured.curve.push((top.confidence, right));
            let bin = &mut measured.bins[bin_of(top.confidence)];
            bin.all += 1;
            bin.right += usize::from(right);
            bin.confidence += top.confidence;
        }
        measured.curve.sort_by(|(one, _), (next, _)| next.total_cmp(one));
        measured.confusion = confusion.into_iter().collect();
        measured.confusion.sort_by_key(|(pair, count)| (usize::MAX - count, *pair));
        measured
    }

    /// Of the surest messages, so many of a hundred: the share of right ones, and the lowest
    /// confidence among them.
    pub(crate) fn surest(&self, percent_of_all: usize) -> (String, f64) {
        let count = self.curve.len() * percent_of_all / 100;
        let surest = self.curve.iter().take(count);
        let right = surest.clone().filter(|(_, right)| *right).count();
        (
            percent(right, count),
            surest.clone().next_back().map_or(0.0, |(confidence, _)| *confidence),
        )
    }

    pub(crate) fn of_intent(&self, intent: Intent) -> Score {
        let languages = self.intents[intent as usize];
        languages.iter().fold(Score::default(), |sum, score| sum.plus(*score))
    }

    /// In a few lines.
    pub(crate) fn summary(&self) -> String {
        let mut lines = Vec::new();
        let rows = LANGUAGES.iter().zip(self.languages);
        let rows = rows.map(|(name, score)| (*name, score));
        for (name, score) in rows.chain([("all", self.whole), ("several", self.several)]) {
            let (first, third) = (score.first_percent(), score.third_percent());
            lines.push(format!("{name}: {} messages, first {first}, of three {third}", score.all));
        }
        lines.push(format!("surest 70 %: {}", self.surest(70).0));
        for intent in [Intent::SafetyReport, Intent::OptOut] {
            let score = self.of_intent(intent);
            let taken = self.taken[intent as usize];
            lines.push(format!("{intent}: {} found, {taken} taken", score.first_percent()));
        }
        lines.join("\n")
    }

    /// What was got wrong, a line each.
    pub(crate) fn errors(messages: &[Message], read: &[Vec<RankedIntent>]) -> Vec<String> {
        let line = |(message, read): (&Message, &Vec<RankedIntent>)| {
            let top = read.first().filter(|top| top.intent != message.intent)?;
            let several = if message.also.is_empty() { "" } else { " (several)" };
            let (intent, taken, confidence) = (message.intent, top.intent, top.confidence);
            Some(format!("{intent} -> {taken} {confidence:.2}{several}: {}", message.text))
        };
        messages.iter().zip(read).filter_map(line).collect()
    }
}

fn bin_of(confidence: f64) -> usize {
    (1..BINS).rev().find(|bin| confidence >= float(*bin) / float(BINS)).unwrap_or(0)
}

pub(crate) fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        "–".to_owned()
    } else {
        format!("{:.1} %", 100.0 * float(part) / float(whole))
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
