//! Cross-validation over the hand-written messages, then the weights from all of them.

use std::time::Instant;

use language::learning::{self, Compiled, Tuning, Weights};
use language::{Intent, RankedIntent};

use crate::chance::Chance;
use crate::corpus::{self, LANGUAGES, Message};
use crate::dataset::{Dictionary, Example, hashed};
use crate::learner::{self, Course};
use crate::{cross, generator, pack, say, tune};


pub struct Settings {
    each: usize,
    hand_weight: f32,
    course: Course,
    show: bool,
}

fn number(arguments: &[String], name: &str, default: f64) -> f64 {
    let place = arguments.iter().position(|argument| argument == name);
    place.and_then(|p| arguments.get(p + 1)).and_then(|v| v.parse().ok()).unwrap_or(default)
}

pub fn train(arguments: &[String]) -> Result<(), String> {
    let n = |name: &str, default: f64| number(arguments, name, default);
    let settings = Settings {
        each: n("--each", 100.0) as usize,
        hand_weight: n("--hand", 3.0) as f32,
        course: Course {
            epochs: n("--epochs", 12.0) as usize,
            rate: n("--rate", 0.3) as f32,
            decay: n("--decay", 0.002) as f32,
            smoothing: n("--smooth", 0.02) as f32,
            dropout: n("--drop", 0.0) as usize,
        },
        show: arguments.iter().any(|a| a == "--show"),
    };
    let begun = Instant::now();
    let lexicon = lexicon()?;
    let messages = corpus::messages()?;
    let generated = generator::generate(settings.each)?;
    say::line(&format!(
        "{} phrases, {} + {} bytes; {} hand-written, {} generated; {:?}",
        lexicon.phrases, lexicon.slots.len(), lexicon.pool.len(), messages.len(), generated.len(), begun.elapsed()
    ));
    if arguments.iter().any(|a| a == "--generated") {
        let mut chance = Chance::new(4);
        for _ in 0..60 {
            let m = chance.pick(&generated).unwrap();
            say::line(&format!("{} | {}", m.intent, m.text));
        }
    }
    let hand_features = hashed(messages.iter(), &lexicon);
    let generated_features = hashed(generated.iter(), &lexicon);
    let dictionary = Dictionary::of(&[&hand_features, &generated_features]);
    let hand: Vec<Example> = hand_features.iter().zip(&messages).map(|(f, m)| dictionary.example(f, m.intent as usize, settings.hand_weight)).collect();
    let made: Vec<Example> = generated_features.iter().zip(&generated).map(|(f, m)| dictionary.example(f, m.intent as usize, 1.0)).collect();
    say::line(&format!("{} features; {:?}", dictionary.hashes.len(), begun.elapsed()));
    let extra = (n("--spoiled", 0.0) as usize, n("--joined", 0.0) as usize, n("--sw", 1.0) as f32, n("--jw", 1.0) as f32);
    let folds = cross::folds(&messages, (&hand, &made), (&dictionary, &lexicon), &settings.course, extra);
    let plain = folds.read(&messages, &Tuning { segment_share: 0.0, ..Tuning::default() });
    say::line(&format!("plain: {}", plain.iter().zip(&messages).filter(|(r, m)| r[0].intent == m.intent).count() as f64 / messages.len() as f64));
    if arguments.iter().any(|a| a == "--grid") {
        for share in [0.0, 0.3, 0.5, 0.7, 0.85, 1.0] { for floor in [0.3, 0.45, 0.6, 0.75] {
            let r = folds.read(&messages, &Tuning { segment_share: share, segment_floor: floor, ..Tuning::default() });
            let ok = |multi: bool| messages.iter().zip(&r).filter(|(m, r)| m.also.is_empty() != multi && m.intent == r[0].intent).count();
            say::line(&format!("grid {share} {floor}: single {} multi {} sum {}", ok(false), ok(true), ok(false) + ok(true)));
        } }
    }
    let tuning = if arguments.iter().any(|a| a == "--tune") { tune::tune(&folds, &messages) } else { Tuning::default() };
    say::line(&format!("{tuning:?}"));
    let results: Vec<Option<Vec<RankedIntent>>> = folds.read(&messages, &tuning).into_iter().map(Some).collect();
    report(&messages, &results, settings.show);
    say::line(&format!("{:?}", begun.elapsed()));
    let own: Vec<&Message> = messages.iter().collect();
    let more = cross::more(&own, (&dictionary, &lexicon), extra);
    let examples: Vec<&Example> = hand.iter().chain(&made).chain(&more).collect();
    let learned = learner::learn(&examples, dictionary.hashes.len(), &settings.course);
    let bytes = pack::pack(&learned, &dictionary, &lexicon, &tuning, &[]);
    say::line(&format!("{} bytes", bytes.len()));
    if arguments.iter().any(|a| a == "--write") {
        std::fs::write(corpus::folder().join("weights.bin"), &bytes).map_err(|e| e.to_string())?;
    }
    Ok(())
}

fn report(messages: &[Message], results: &[Option<Vec<RankedIntent>>], show: bool) {
    let mut by_language = [[0_usize; 3]; 4];
    let mut by_intent = [[0_usize; 3]; 27];
    let mut curve = Vec::new();
    let mut confusion = std::collections::BTreeMap::new();
    for (m, r) in messages.iter().zip(results) {
        let Some(r) = r else { continue };
        let top = r[0].intent;
        let right = top == m.intent;
        let three = r.iter().take(3).any(|x| x.intent == m.intent);
        for row in [&mut by_language[m.language], ] { row[0] += 1; row[1] += right as usize; row[2] += three as usize; }
        let row = &mut by_language[3]; row[0] += 1; row[1] += right as usize; row[2] += three as usize;
        let row = &mut by_intent[m.intent as usize]; row[0] += 1; row[1] += right as usize; row[2] += three as usize;
        curve.push((r[0].confidence, right));
        if !right {
            *confusion.entry((m.intent, top)).or_insert(0_usize) += 1;
            if show {
                say::line(&format!("  {} -> {} {:.2}{}: {}", m.intent, top, r[0].confidence, if m.also.is_empty() { "" } else { " (also)" }, m.text));
            }
        }
    }
    for (i, row) in by_language.iter().enumerate() {
        let name = LANGUAGES.get(i).copied().unwrap_or("all");
        say::line(&format!("{name}: {} top1 {:.1} top3 {:.1}", row[0], 100.0 * row[1] as f64 / row[0].max(1) as f64, 100.0 * row[2] as f64 / row[0].max(1) as f64));
    }
    for (i, row) in by_intent.iter().enumerate() {
        say::line(&format!("   {:18} {:4} top1 {:.1} top3 {:.1}", Intent::ALL[i], row[0], 100.0 * row[1] as f64 / row[0].max(1) as f64, 100.0 * row[2] as f64 / row[0].max(1) as f64));
    }
    let multi: Vec<_> = messages.iter().zip(results).filter(|(m, _)| !m.also.is_empty()).collect();
    say::line(&format!("multi: {} right {}", multi.len(), multi.iter().filter(|(m, r)| r.as_ref().unwrap()[0].intent == m.intent).count()));
    curve.sort_by(|a, b| b.0.total_cmp(&a.0));
    for percent in [30, 50, 70, 80, 90, 100] {
        let take = curve.len() * percent / 100;
        let right = curve.iter().take(take).filter(|c| c.1).count();
        say::line(&format!("  most confident {percent} %: {:.1} (from {:.2})", 100.0 * right as f64 / take.max(1) as f64, curve.get(take.saturating_sub(1)).map_or(0.0, |c| c.0)));
    }
    let mut confusion: Vec<_> = confusion.into_iter().collect();
    confusion.sort_by_key(|(_, c)| std::cmp::Reverse(*c));
    for ((a, b), c) in confusion.iter().take(25) {
        say::line(&format!("   {a} -> {b}: {c}"));
    }
}

fn lexicon() -> Result<Compiled, String> {
    let folder = corpus::folder().join("lexicon");
    let mut texts = Vec::new();
    for language in LANGUAGES {
        let path = folder.join(format!("{language}.tsv"));
        let text = if path.exists() { std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))? } else { String::new() };
        texts.push((format!("lexicon/{language}.tsv"), text));
    }
    let files: Vec<(&str, &str)> = texts.iter().map(|(f, t)| (f.as_str(), t.as_str())).collect();
    learning::compile(&files)
}

