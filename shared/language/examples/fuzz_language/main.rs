//! Reads mutated messages for a while: `cargo xtask fuzz language --seconds 600`.
//!
//! Built with overflow checks. Stops with the text at the first panic or broken promise.

#![expect(clippy::print_stdout, reason = "the report of a program run by hand")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use domain::{Currency, Language};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use language::{Hints, best_match, fold, understand};

const SEEDS: &str = include_str!("seeds.txt");

/// Texts longer than what is read make no difference.
const LONGEST_CHARS: usize = 5000;

/// Characters that are cut, folded, joined or turned in a special way.
const ODD: [char; 40] = [
    '\0',
    '\n',
    '\t',
    ' ',
    '\u{a0}',
    '\u{ad}',
    '\u{200b}',
    '\u{200f}',
    '\u{202e}',
    '\u{feff}',
    '\u{300}',
    '\u{64b}',
    'ـ',
    'ء',
    'ﷺ',
    '﷼',
    'İ',
    'ß',
    'ŉ',
    '½',
    '²',
    '٫',
    '٬',
    '٪',
    '٠',
    '۹',
    '０',
    '№',
    '₽',
    '%',
    '-',
    '/',
    '.',
    ',',
    ':',
    '#',
    '+',
    '\u{1f477}',
    '\u{10ffff}',
    'ﬁ',
];

/// A small generator with a seed, so that a run can be repeated: xorshift64*.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(drawn).unwrap_or(0) % bound.max(1)
    }

    fn pick<'s, T: ?Sized>(&mut self, among: &[&'s T]) -> Option<&'s T> {
        let place = self.below(among.len());
        among.get(place).copied()
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    let number = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    let seconds = number("--seconds").unwrap_or(10);
    let mut chance = Chance(number("--seed").unwrap_or(1) | 1);
    let lines: Vec<&str> = SEEDS.lines().collect();
    let (hints, zone) = (hints(&lines), TimeZone::get("Africa/Cairo").unwrap_or(TimeZone::UTC));
    let begun = Instant::now();
    let (mut executions, mut slowest) = (0_u64, (Duration::ZERO, 0));
    while begun.elapsed() < Duration::from_secs(seconds) {
        let text = mutated(&mut chance, &lines);
        let days = i64::try_from(chance.below(40_000)).unwrap_or(0);
        let now = Timestamp::from_second(days * 86_400).unwrap_or(Timestamp::UNIX_EPOCH);
        let hints = if executions.is_multiple_of(4) { hints.clone() } else { Hints::default() };
        let started = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| broken(&text, &hints, now, &zone)));
        slowest = slowest.max((started.elapsed(), text.len()));
        executions += 1;
        let broken = outcome.unwrap_or(Some("a panic"));
        if let Some(promise) = broken {
            println!("{promise} after {executions} texts, at {now}: {text:?}");
            return ExitCode::FAILURE;
        }
    }
    let (time, bytes) = slowest;
    println!("{executions} texts in {seconds} s, the slowest {time:?} for {bytes} bytes");
    ExitCode::SUCCESS
}

fn hints(lines: &[&str]) -> Hints {
    let names = |from: usize, step: usize| {
        let few = lines.iter().skip(from).step_by(step).take(20);
        few.map(|line| line.chars().take(30).collect()).collect()
    };
    Hints {
        language: Some(Language::Ru),
        currency: Some(Currency::SAR),
        people: ["Ahmed Hassan", "سعيد المنصوري", "Иван Петров", "Abu Omar", "", "-", "Al"]
            .map(str::to_owned)
            .to_vec(),
        tasks: names(0, 7),
        projects: names(3, 11),
        suppliers: names(5, 13),
    }
}

/// The promise that reading this text breaks, if it does.
fn broken(text: &str, hints: &Hints, now: Timestamp, zone: &TimeZone) -> Option<&'static str> {
    let read = understand(text, hints, now, zone);
    if read.intents.is_empty() {
        return Some("no intent");
    }
    if !read.entities.is_sorted_by_key(|entity| entity.start) {
        return Some("entities out of order");
    }
    let bad = read.entities.iter().any(|entity| {
        text.get(entity.start..entity.end).is_none_or(|slice| slice.trim().is_empty())
    });
    if bad {
        return Some("a span outside the text");
    }
    let folded = fold(text);
    if fold(&folded) != folded {
        return Some("folding twice differs");
    }
    let alike = best_match(text, [text].into_iter());
    alike.iter().any(|(_, score)| *score < 0.99).then_some("a text unlike itself")
}

/// One to three seeds with up to twelve changes.
fn mutated(chance: &mut Chance, lines: &[&str]) -> String {
    let mut letters: Vec<char> = Vec::new();
    for _ in 0..=chance.below(3) {
        letters.extend(chance.pick(lines).unwrap_or("").chars());
        letters.extend([' ', '\n', '-', '.'].get(chance.below(5)));
    }
    for _ in 0..chance.below(12) {
        let at = chance.below(letters.len() + 1);
        let end = (at + chance.below(9)).min(letters.len());
        match chance.below(7) {
            0 => drop(letters.drain(at..end)),
            1 => {
                let copy: Vec<char> = letters.get(at..end).unwrap_or(&[]).to_vec();
                let to = chance.below(letters.len() + 1);
                letters.splice(to..to, copy);
            }
            2 => letters.insert(at, ODD.get(chance.below(ODD.len())).copied().unwrap_or(' ')),
            3 => letters.insert(
                at,
                char::from_digit(u32::try_from(chance.below(10)).unwrap_or(0), 10).unwrap_or('0'),
            ),
            4 => {
                let any = char::from_u32(u32::try_from(chance.below(0x11_0000)).unwrap_or(0));
                letters.insert(at, any.unwrap_or('\u{fffd}'));
            }
            5 => {
                let word = chance.pick(lines).unwrap_or("");
                let words: Vec<&str> = word.split(' ').collect();
                letters.splice(at..at, chance.pick(&words).unwrap_or("").chars());
            }
            _ => {
                let times = chance.below(200);
                let copy: Vec<char> = letters.get(at..end).unwrap_or(&[]).repeat(times);
                letters.splice(at..at, copy);
            }
        }
        letters.truncate(LONGEST_CHARS);
    }
    letters.into_iter().collect()
}
