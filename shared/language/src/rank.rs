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
/// An opt-out by rule has no more words than this.
const OPT_OUT_WORDS: usize = 4;

/// The few numbers of the classifier that are not weights; fitted by the trainer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// Scores are divided by it: above 1 makes confidences milder.
    pub temperature: f64,
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
            temperature: 1.0,
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
            temperature: number(0).max(0.01),
            safety_floor: number(1),
            opt_out_floor: number(2),
            segment_share: number(3),
            segment_floor: number(4),
            truth: std::array::from_fn(|knot| number(5 + knot)),
        }
    }

    /// As it is stored: four bytes a number.
    pub fn write(&self) -> Vec<u8> {
        let numbers = [
            self.temperature,
            self.safety_floor,
            self.opt_out_floor,
            self.segment_share,
            self.segment_floor,
        ];
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
            let mut shares = [0.0; INTENTS];
            if let Some(share) = shares.get_mut(Intent::OptOut as usize) {
                *share = 1.0;
            }
            shares
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
        let shares = softmax(&scores, self.tuning.temperature);
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
            let apart = sure(last) && sure(&next) && best(&last.shares).0 != best(&next.shares).0;
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
        let mut most = [0.0_f64; INTENTS];
        for (number, view) in views.iter().enumerate() {
            let early = if number == 0 { std::env::var("TW").ok().and_then(|x| x.split(',').nth(5).and_then(|x| x.parse().ok())).unwrap_or(1.2) } else { 1.0 };
            for ((most, share), intent) in most.iter_mut().zip(view.shares).zip(Intent::ALL) {
                *most = most.max(share * weight(intent) * early);
            }
        }
        let total: f64 = most.iter().sum();
        for (share, most) in shares.iter_mut().zip(most) {
            let part = self.tuning.segment_share;
            *share = *share * (1.0 - part) + part * most / total.max(1e-9);
        }
        shares
    }

    /// Puts first what must not be missed.
    fn guarded(&self, mut shares: Scores) -> Scores {
        let guards = [
            (Intent::OptOut, self.tuning.opt_out_floor),
            (Intent::SafetyReport, self.tuning.safety_floor),
        ];
        for (intent, floor) in guards {
            let (top, _) = best(&shares);
            if shares.get(intent as usize).is_some_and(|share| *share >= floor) {
                shares.swap(top, intent as usize);
            }
        }
        shares
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
            let because =
                if place < explained { self.because(view, intent) } else { Vec::new() };
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
            let evidence = self.model.evidence(known, intent) / self.tuning.temperature;
            match reasons.iter_mut().find(|(cause, _)| *cause == feature.cause) {
                Some((_, sum)) => *sum += evidence,
                None => reasons.push((feature.cause, evidence)),
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
                format!("{} ({})", sign.id.name(), self.text.slice(sign.first, sign.past))
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

/// How much a segment's intent counts in the whole: the manager acts on danger first, then on
/// trouble, money, work, and on talk last.
fn weight(intent: Intent) -> f64 {
    static W: std::sync::OnceLock<Vec<f64>> = std::sync::OnceLock::new();
    let w = W.get_or_init(|| std::env::var("TW").unwrap_or("8,4,2,1,0.3,1.2".into()).split(',').map(|x| x.parse().unwrap()).collect());
    match intent {
        Intent::SafetyReport | Intent::OptOut => w[0],
        Intent::IssueReport | Intent::TaskFailed | Intent::TaskBlocked => w[1],
        Intent::CostReport | Intent::CostQuery | Intent::CostOverrun => w[2],
        Intent::Greeting | Intent::Thanks | Intent::Other => w[4],
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
        | Intent::HumanHandoff => w[3],
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

fn softmax(scores: &Scores, temperature: f64) -> Scores {
    let highest = scores.iter().copied().fold(f64::MIN, f64::max);
    let mut shares = scores.map(|score| exp((score - highest) / temperature));
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}
