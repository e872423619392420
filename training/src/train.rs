//! `cargo xtask train`: cross-validation, then the weights from all messages, then the report.

use std::fs;
use std::path::Path;

use language::learning::{self, Compiled};

use crate::corpus::{self, LANGUAGES, Message};
use crate::cross::{self, Folds};
use crate::dataset::{Dictionary, Example, hashed};
use crate::learner::{self, Course};
use crate::measure::Measured;
use crate::{generator, pack, report, say, stamp, tune, variants};

/// Generated messages of each intent and language; found by cross-validation, see the report.
const GENERATED_EACH: usize = 100;
/// Messages joined from two hand-written ones.
const JOINED: usize = 1500;
/// What a hand-written message weighs, a generated one, and one of two.
const WRITTEN_WEIGHT: f32 = 3.0;
const GENERATED_WEIGHT: f32 = 1.0;
const JOINED_WEIGHT: f32 = 0.5;

const COURSE: Course =
    Course { epochs: 16, rate: 0.3, decay: 0.002, smoothing: 0.02, dropout_percent: 40 };

/// Everything weights are learned from.
struct Material {
    lexicon: Compiled,
    messages: Vec<Message>,
    written: Vec<Example>,
    generated: Vec<Example>,
    dictionary: Dictionary,
}

/// Learns, measures, and writes weights and report. `--errors` lists what cross-validation got
/// wrong; `--generated N` takes another number of generated messages and writes nothing, nor does
/// `--dry`.
///
/// # Errors
/// Data that cannot be read, by file and line; a file that cannot be written.
pub fn train(arguments: &[String]) -> Result<(), String> {
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let place = arguments.iter().position(|argument| argument == "--generated");
    let other = place.and_then(|place| arguments.get(place + 1)).and_then(|n| n.parse().ok());
    let material = material(other.unwrap_or(GENERATED_EACH))?;
    say::line(&format!(
        "{} phrases, {} hand-written messages, {} generated, {} features",
        material.lexicon.phrases,
        material.messages.len(),
        material.generated.len(),
        material.dictionary.hashes.len()
    ));
    let folds = cross_validated(&material);
    let tuning = tune::tune(&folds, &material.messages);
    let read = folds.read(&material.messages, &tuning);
    let measured = Measured::new(&material.messages, &read);
    say::line(&measured.summary());
    if has("--errors") {
        for line in Measured::errors(&material.messages, &read) {
            say::line(&line);
        }
    }
    if other.is_some() || has("--dry") {
        return Ok(());
    }
    let examples = everything(&material);
    let learned = learner::learn(&refs(&examples), material.dictionary.hashes.len(), &COURSE);
    let stamp = stamp::of_data(&material.lexicon, &material.messages)?;
    let packed = (&material.dictionary, &material.lexicon);
    let bytes = pack::pack(&learned, packed, &tuning, &stamp);
    say::line(&format!("{} bytes of weights", bytes.len()));
    write(&corpus::folder().join("weights.bin"), &bytes)?;
    let sizes = report::Sizes {
        phrases: material.lexicon.phrases,
        lexicon: material.lexicon.slots.len() + material.lexicon.pool.len(),
        generated: material.generated.len(),
        all: bytes.len(),
    };
    let text = report::write(&measured, &tuning, &sizes);
    write(&corpus::root().join("docs/language-report.md"), text.as_bytes())
}

/// The lexicon of the data folder.
///
/// # Errors
/// A file that cannot be read, or a line in it.
pub(crate) fn lexicon() -> Result<Compiled, String> {
    let files = corpus::files(&corpus::folder().join("lexicon"), ".tsv")?;
    let mut parts = Vec::new();
    for file in &files {
        let language = (0..).zip(LANGUAGES).find(|(_, name)| file.path.starts_with(name));
        let (language, _) =
            language.ok_or_else(|| format!("lexicon/{}: of no language", file.path))?;
        parts.push((file.path.as_str(), language, file.text.as_str()));
    }
    learning::compile(&parts)
}

fn material(each: usize) -> Result<Material, String> {
    let lexicon = lexicon()?;
    let messages = corpus::messages()?;
    let made = generator::generate(each)?;
    let written = hashed(messages.iter(), &lexicon);
    let generated = hashed(made.iter(), &lexicon);
    let dictionary = Dictionary::of(&[&written, &generated]);
    let written = dictionary.examples(&written, &messages, WRITTEN_WEIGHT);
    let generated = dictionary.examples(&generated, &made, GENERATED_WEIGHT);
    Ok(Material { lexicon, messages, written, generated, dictionary })
}

/// Weights for each fold. Generated messages are only ever learned from, and what is joined is
/// joined from messages of the other folds.
fn cross_validated(material: &Material) -> Folds {
    let of_message = cross::split(&material.messages);
    let weights = (0..cross::FOLDS).map(|fold| {
        let others = |place: &usize| of_message[*place] != fold;
        let places: Vec<usize> = (0..material.messages.len()).filter(others).collect();
        let joined = joined(material, &places);
        let examples: Vec<&Example> = places
            .iter()
            .map(|place| &material.written[*place])
            .chain(&material.generated)
            .chain(&joined)
            .collect();
        let learned = learner::learn(&examples, material.dictionary.hashes.len(), &COURSE);
        let packed = (&material.dictionary, &material.lexicon);
        pack::pack(&learned, packed, &learning::Tuning::default(), &[])
    });
    let weights = weights.collect();
    Folds { weights, of_message }
}

fn everything(material: &Material) -> Vec<Example> {
    let places: Vec<usize> = (0..material.messages.len()).collect();
    let mut examples = material.written.clone();
    examples.extend(material.generated.iter().cloned());
    examples.extend(joined(material, &places));
    examples
}

fn joined(material: &Material, places: &[usize]) -> Vec<Example> {
    let own: Vec<&Message> = places.iter().map(|place| &material.messages[*place]).collect();
    let joined = variants::joined(&own, JOINED);
    let features = hashed(joined.iter(), &material.lexicon);
    material.dictionary.examples(&features, &joined, JOINED_WEIGHT)
}

fn refs(examples: &[Example]) -> Vec<&Example> {
    examples.iter().collect()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}
