//! From scores to ranked intents with confidences, for the parts of a message and for its whole.

#![expect(clippy::float_arithmetic, reason = "confidences are estimates, not money")]

use crate::concept::Concept;
use crate::exponential::exp;
use crate::feature::{Cause, Feature, Part, features};
use crate::model::{INTENTS, Known, Model, Scores};
use crate::segment;
use crate::sign::Sign;
use crate::table::Table;
use crate::text::{Kind, Text};
use crate::understanding::{Intent, RankedIntent, Segment};

/// Nothing is ever surer than this.
const HIGHEST_CONFIDENCE: f64 = 0.99;
/// Intents below this confidence are not listed.
const LOWEST_CONFIDENCE: f64 = 0.01;
/// How many of the best intents are always listed, and explained.
const EXPLAINED: usize = 3;
/// How many reasons an explanation gives.
const MOST_REASONS: usize = 4;
/// How far from the beginning, and from each other, "add" and "task" may stand.
const HEAD_TOKENS: usize = 4;
/// What puts one of two equal shares first.
const A_HAIR: f64 = 1e-9;
/// Where the words of a guard are said, a share so many times smaller is enough.
const SAID: f64 = 3.0;
const DANGERS: [Concept; 5] =
    [Concept::SAFETY, Concept::INJURY, Concept::FIRE, Concept::UNPROTECTED, Concept::COLLAPSE];
/// An opt-out by rule has no more words than this.
const OPT_OUT_WORDS: usize = 4;

/// The few numbers of the classifier that are not weights; fitted by the trainer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// From these shares on, `safety_report` and `opt_out` come first: missing one costs more
    /// than asking.
    pub safety_floor: f64,
    pub opt_out_floor: f64,
    /// The share of the best segment's view in that of the message.
    pub segment_share: f64,
    /// A piece is a segment of its own above this confidence.
    pub segment_floor: f64,
    /// What a confidence of 0, 0.1, ... 1.0 is in truth.
    pub truth: [f64; KNOTS],
}

/// Points of the curve from confidence to truth.
pub const KNOTS: usize = 11;

impl Default for Tuning {
    fn default() -> Self {
        Self {
            safety_floor: 1.0,
            opt_out_floor: 1.0,
            segment_share: 0.3,
            segment_floor: 0.6,
            truth: [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
        }
    }
}

impl Tuning {
    pub(crate) fn read(table: Table<'_>) -> Self {
        let number = |place: usize| f64::from(f32::from_bits(table.long(place * 4)));
        if table.0.is_empty() {
            return Self::default();
        }
        Self {
            safety_floor: number(0),
            opt_out_floor: number(1),
            segment_share: number(2),
            segment_floor: number(3),
            truth: std::array::from_fn(|knot| number(4 + knot)),
        }
    }

    /// As it is stored: four bytes a number.
    pub fn write(&self) -> Vec<u8> {
        let numbers =
            [self.safety_floor, self.opt_out_floor, self.segment_share, self.segment_floor];
        #[expect(clippy::cast_possible_truncation, reason = "seven digits are enough")]
        let bytes = |number: &f64| (*number as f32).to_le_bytes();
        numbers.iter().chain(&self.truth).flat_map(bytes).collect()
    }

    /// The share of such messages that are understood right.
    fn truth_of(&self, confidence: f64) -> f64 {
        let mut low = (0.0, 0.0);
        for (knot, truth) in (0_u32..).zip(self.truth) {
            let at = f64::from(knot) / 10.0;
            if confidence <= at {
                let (from, below) = low;
                let width = at - from;
                let part = if width > 0.0 { (confidence - from) / width } else { 1.0 };
                return below + (truth - below) * part;
            }
            low = (at, truth);
        }
        low.1
    }
}

/// A part of the text as the classifier sees it.
struct View {
    first: usize,
    past: usize,
    features: Vec<Feature>,
    known: Vec<Known>,
    /// Of each intent, summing to 1.
    shares: Scores,
}

/// Ranks the intents of a message.
pub(crate) struct Ranker<'r, 'a> {
    pub(crate) model: Model<'r>,
    pub(crate) tuning: Tuning,
    pub(crate) text: &'r Text<'a>,
    pub(crate) signs: &'r [Sign],
}

impl Ranker<'_, '_> {
    /// The intents of the whole, and the segments in the order of the text.
    pub(crate) fn rank(&self) -> (Vec<RankedIntent>, Vec<Segment>) {
        let whole = self.view(0, self.text.tokens.len());
        let views = self.segments(&whole);
        let shares = if self.opts_out() {
            only(Intent::OptOut)
        } else if self.adds_task() {
            only(Intent::TaskCreate)
        } else {
            self.guarded(self.joined(&whole, &views))
        };
        let segments = if views.is_empty() {
            let (start, end) = self.text.span(whole.first, whole.past);
            vec![Segment { start, end, intents: self.list(&shares, &whole, 1) }]
        } else {
            let segment = |view: &View| {
                let (start, end) = self.text.span(view.first, view.past);
                Segment { start, end, intents: self.list(&view.shares, view, 1) }
            };
            views.iter().map(segment).collect()
        };
        (self.list(&shares, &whole, EXPLAINED), segments)
    }

    fn view(&self, first: usize, past: usize) -> View {
        let part = Part::new(self.text, self.signs, first, past);
        let features = features(&part);
        let known = self.model.known(&features);
        let scores = self.model.scores(&known);
        let shares = softmax(&scores);
        View { first, past, features, known, shares }
    }

    /// The parts of the message that speak of different matters; none when it is of one.
    fn segments(&self, whole: &View) -> Vec<View> {
        let pieces = segment::pieces(self.text);
        if pieces.len() < 2 {
            return Vec::new();
        }
        let mut views: Vec<View> = Vec::new();
        for (first, past) in pieces {
            let next = self.view(first, past);
            let Some(last) = views.last() else {
                views.push(next);
                continue;
            };
            let sure = |view: &View| best(&view.shares).1 > self.tuning.segment_floor;
            // A greeting before a matter is none of it, however unsure the matter.
            let apart = sure(last)
                && (sure(&next) || is_talk(last))
                && best(&last.shares).0 != best(&next.shares).0;
            if apart {
                views.push(next);
            } else {
                let first = last.first;
                views.pop();
                views.push(self.view(first, past));
            }
        }
        if views.len() < 2 || views.iter().any(|view| view.past == 0) || whole.known.is_empty() {
            return Vec::new();
        }
        views
    }

    /// The view of the whole with that of its segments.
    fn joined(&self, whole: &View, views: &[View]) -> Scores {
        let mut shares = whole.shares;
        if views.is_empty() {
            return shares;
        }
        let order = |view: &&View| {
            let (top, share) = best(&view.shares);
            let tier = Intent::ALL.get(top).copied().map_or(TALK, tier);
            let unsure = share <= self.tuning.segment_floor && tier < TALK;
            (if unsure { UNSURE } else { tier }, view.first)
        };
        let Some(first) = views.iter().min_by_key(order) else { return shares };
        let part = self.tuning.segment_share;
        for (share, own) in shares.iter_mut().zip(first.shares) {
            *share = *share * (1.0 - part) + part * own;
        }
        shares
    }

    /// Puts first what must not be missed, no surer than half of both: below the gates, so that
    /// the product asks.
    fn guarded(&self, mut shares: Scores) -> Scores {
        let guards = [
            (Intent::OptOut, self.tuning.opt_out_floor, &[Concept::STOP_MESSAGES][..]),
            (Intent::SafetyReport, self.tuning.safety_floor, &DANGERS[..]),
        ];
        for (intent, floor, words) in guards {
            let (top, most) = best(&shares);
            let place = intent as usize;
            let own = shares.get(place).copied().unwrap_or(0.0);
            let floor = if self.says(words) { floor / SAID } else { floor };
            if own < floor || top == place {
                continue;
            }
            let half = f64::midpoint(own, most);
            for (place, share) in [(top, half - A_HAIR), (place, half)] {
                if let Some(slot) = shares.get_mut(place) {
                    *slot = share;
                }
            }
        }
        shares
    }

    /// "Add a task: …" at the head: what follows the colon is the task, whatever it speaks of.
    fn adds_task(&self) -> bool {
        let is = |sign: &Sign, concept: Concept| sign.id.0 == u16::from(concept.0);
        let colon = |past: usize| self.text.word(past) == ":";
        let begins = |sign: &Sign| sign.first == 0 && is(sign, Concept::TASK) && colon(sign.past);
        if self.signs.iter().any(begins) {
            return true;
        }
        let Some(add) = self.signs.iter().find(|sign| is(sign, Concept::ADD)) else { return false };
        let near = |sign: &&Sign| sign.first >= add.past && sign.first < add.past + HEAD_TOKENS;
        let task = self.signs.iter().filter(near).find(|sign| is(sign, Concept::TASK));
        add.first < HEAD_TOKENS && (colon(add.past) || task.is_some_and(|task| colon(task.past)))
    }

    fn says(&self, concepts: &[Concept]) -> bool {
        let ids = || concepts.iter().map(|concept| u16::from(concept.0));
        self.signs.iter().any(|sign| ids().any(|id| id == sign.id.0))
    }

    /// The words that end all messages, alone.
    fn opts_out(&self) -> bool {
        let words = (0..self.text.tokens.len()).filter(|index| self.text.is(*index, Kind::Word));
        let asked = |sign: &Sign| sign.id.0 == u16::from(Concept::STOP_MESSAGES.0);
        let said = |index: usize| {
            let mut own = self.signs.iter().filter(|s| s.first <= index && index < s.past);
            own.any(|sign| asked(sign) || sign.id.0 == u16::from(Concept::PLEASE.0))
        };
        self.signs.iter().any(asked)
            && words.clone().count() <= OPT_OUT_WORDS
            && words.clone().all(said)
    }

    /// The intents worth listing, best first.
    fn list(&self, shares: &Scores, view: &View, explained: usize) -> Vec<RankedIntent> {
        let mut order: Vec<(Intent, f64)> = Intent::ALL.into_iter().zip(*shares).collect();
        order.sort_by(|(_, one), (_, next)| next.total_cmp(one));
        let raw = order.first().map_or(0.0, |(_, share)| *share);
        let top = self.tuning.truth_of(raw).min(HIGHEST_CONFIDENCE);
        let rest = if raw < 1.0 { (1.0 - top) / (1.0 - raw) } else { 0.0 };
        let mut listed = Vec::new();
        for (place, (intent, share)) in order.into_iter().enumerate() {
            let confidence = if place == 0 { top } else { (share * rest).min(top) };
            let worth = place < EXPLAINED || confidence >= LOWEST_CONFIDENCE;
            if !worth && intent != Intent::Other {
                continue;
            }
            let because = if place < explained { self.because(view, intent) } else { Vec::new() };
            let confidence = (confidence * 1e4).round() / 1e4;
            listed.push(RankedIntent { intent, confidence, because });
        }
        listed
    }

    /// The strongest reasons: `paid (دفعت) amount (1500) +1.8`.
    fn because(&self, view: &View, intent: Intent) -> Vec<String> {
        let part = Part::new(self.text, self.signs, view.first, view.past);
        let mut reasons: Vec<(Cause, f64)> = Vec::new();
        for known in &view.known {
            let Some(feature) = view.features.get(known.feature) else { continue };
            let evidence = self.model.evidence(known, intent);
            let cause = signed(&part, feature.cause);
            match reasons.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, sum)) => *sum += evidence,
                None => reasons.push((cause, evidence)),
            }
        }
        reasons.sort_by(|(_, one), (_, next)| next.total_cmp(one));
        let worth = |(cause, sum): &&(Cause, f64)| *cause != Cause::Shape && *sum >= 0.05;
        let told = reasons.iter().filter(worth).take(MOST_REASONS);
        told.map(|(cause, sum)| format!("{} {sum:+.1}", self.tell(&part, *cause))).collect()
    }

    fn tell(&self, part: &Part<'_, '_>, cause: Cause) -> String {
        let sign = |place: usize| {
            part.signs.get(place).map_or(String::new(), |sign| {
                let words = self.text.slice(sign.first, sign.past);
                if sign.id.is_weak() {
                    words.to_owned()
                } else {
                    format!("{} ({words})", sign.id.name())
                }
            })
        };
        match cause {
            Cause::Signs(one, other) if one == other => sign(one),
            Cause::Signs(one, other) => format!("{} … {}", sign(one), sign(other)),
            Cause::Tokens(first, past) => self.text.slice(first, past).to_owned(),
            Cause::Shape => "its form".to_owned(),
        }
    }
}

/// The sign that the tokens of a cause are, if they are one: its words and letters speak with it.
fn signed(part: &Part<'_, '_>, cause: Cause) -> Cause {
    let Cause::Tokens(first, past) = cause else { return cause };
    let own = |sign: &Sign| sign.first <= first && past <= sign.past;
    part.signs.iter().position(own).map_or(cause, |place| Cause::Signs(place, place))
}

fn only(intent: Intent) -> Scores {
    let mut shares = [0.0; INTENTS];
    if let Some(share) = shares.get_mut(intent as usize) {
        *share = 1.0;
    }
    shares
}

fn is_talk(view: &View) -> bool {
    Intent::ALL.get(best(&view.shares).0).is_some_and(|top| tier(*top) == TALK)
}

/// The last tiers: matters that are only guessed, and talk.
const UNSURE: u8 = 4;
const TALK: u8 = 5;

/// What a manager acts on first: danger, then trouble, money, work, and talk last.
pub fn tier(intent: Intent) -> u8 {
    match intent {
        Intent::SafetyReport | Intent::OptOut => 0,
        Intent::IssueReport | Intent::TaskFailed | Intent::TaskBlocked => 1,
        Intent::CostReport | Intent::CostQuery | Intent::CostOverrun => 2,
        Intent::Greeting | Intent::Thanks | Intent::Other => TALK,
        Intent::TaskCreate
        | Intent::TaskComplete
        | Intent::TaskProgress
        | Intent::TaskQuery
        | Intent::MaterialRequest
        | Intent::DeliveryReport
        | Intent::ApprovalReply
        | Intent::StatusRequest
        | Intent::ScheduleQuery
        | Intent::DailyLog
        | Intent::Timesheet
        | Intent::RfiQuestion
        | Intent::ChangeRequest
        | Intent::DocumentRequest
        | Intent::OptIn
        | Intent::HumanHandoff => 3,
    }
}

fn best(shares: &Scores) -> (usize, f64) {
    let mut best = (0, 0.0);
    for (intent, share) in shares.iter().enumerate() {
        if *share > best.1 {
            best = (intent, *share);
        }
    }
    best
}

fn softmax(scores: &Scores) -> Scores {
    let highest = scores.iter().copied().fold(f64::MIN, f64::max);
    let mut shares = scores.map(|score| exp(score - highest));
    let total: f64 = shares.iter().sum();
    for share in &mut shares {
        *share /= total;
    }
    shares
}
