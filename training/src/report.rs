//! `docs/language-report.md`: what cross-validation found.

use std::fmt::Write;

use language::Intent;
use language::learning::Tuning;

use crate::corpus::LANGUAGES;
use crate::cross::FOLDS;
use crate::measure::{Measured, Score, percent};

/// Confusions that are listed.
const MOST_CONFUSIONS: usize = 30;

/// How large things are, in bytes and numbers.
pub(crate) struct Sizes {
    pub(crate) phrases: usize,
    pub(crate) lexicon: usize,
    pub(crate) generated: usize,
    pub(crate) all: usize,
}

pub(crate) fn write(measured: &Measured, tuning: &Tuning, sizes: &Sizes) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = head(&mut text, measured, sizes);
    let _ = by_intent(&mut text, measured);
    let _ = confidence(&mut text, measured, tuning);
    let _ = confusion(&mut text, measured);
    text
}

fn head(text: &mut String, measured: &Measured, sizes: &Sizes) -> std::fmt::Result {
    writeln!(text, "# How well messages are understood\n")?;
    writeln!(text, "Written by `cargo xtask train`; see [language.md](language.md).\n")?;
    writeln!(
        text,
        "{} hand-written messages, each read by weights that have not seen it ({FOLDS} folds); \
         {} generated messages and joined ones are only ever learned from. {} phrases in the \
         lexicon ({} KB); all data in the binary: {} KB.\n",
        measured.whole.all,
        sizes.generated,
        sizes.phrases,
        sizes.lexicon / 1000,
        sizes.all / 1000
    )?;
    writeln!(text, "| Messages | Number | First | Among three |\n|---|---|---|---|")?;
    let names = LANGUAGES.map(|language| match language {
        "en" => "English",
        "ar" => "Arabic",
        _ => "Russian",
    });
    let rows = names.into_iter().zip(measured.languages);
    for (name, score) in
        rows.chain([("All", measured.whole), ("Of several matters", measured.several)])
    {
        let (first, third) = (score.first_percent(), score.third_percent());
        writeln!(text, "| {name} | {} | {first} | {third} |", score.all)?;
    }
    Ok(())
}

fn by_intent(text: &mut String, measured: &Measured) -> std::fmt::Result {
    writeln!(text, "\n## By intent\n")?;
    writeln!(
        text,
        "Found: the share of an intent's messages that come first. Right: the share of \
         messages taken for it that are.\n"
    )?;
    writeln!(
        text,
        "| Intent | Number | Found | English | Arabic | Russian | Among three | Right |"
    )?;
    writeln!(text, "|---|---|---|---|---|---|---|---|")?;
    for intent in Intent::ALL {
        let score = measured.of_intent(intent);
        let [english, arabic, russian] =
            measured.intents[intent as usize].map(Score::first_percent);
        let right = percent(score.first, measured.taken[intent as usize]);
        let (first, third) = (score.first_percent(), score.third_percent());
        let all = score.all;
        writeln!(
            text,
            "| `{intent}` | {all} | {first} | {english} | {arabic} | {russian} | {third} | {right} |"
        )?;
    }
    Ok(())
}

fn confidence(text: &mut String, measured: &Measured, tuning: &Tuning) -> std::fmt::Result {
    writeln!(
        text,
        "\n## Reliability\n\n| Confidence | Messages | Mean | Right |\n|---|---|---|---|"
    )?;
    for (number, bin) in measured.bins.iter().enumerate() {
        let right = percent(bin.right, bin.all);
        let (low, high) = (number * 10, number * 10 + 10);
        writeln!(
            text,
            "| {low}–{high} % | {} | {} | {right} |",
            bin.all,
            bin.confidence_percent()
        )?;
    }
    writeln!(
        text,
        "\n## Coverage and accuracy\n\n| Surest | Right | From confidence |\n|---|---|---|"
    )?;
    for part in [10, 20, 30, 40, 50, 60, 70, 80, 90, 100] {
        let (right, from) = measured.surest(part);
        writeln!(text, "| {part} % | {right} | {from:.2} |")?;
    }
    writeln!(
        text,
        "\n`safety_report` comes first from a share of {:.2}, `opt_out` from {:.2}; a segment \
         stands alone from {:.2} and counts for {:.2} of the whole.",
        tuning.safety_floor, tuning.opt_out_floor, tuning.segment_floor, tuning.segment_share
    )
}

fn confusion(text: &mut String, measured: &Measured) -> std::fmt::Result {
    writeln!(text, "\n## Confusion\n\n| Meant | Taken for | Times |\n|---|---|---|")?;
    for ((meant, taken), count) in measured.confusion.iter().take(MOST_CONFUSIONS) {
        writeln!(text, "| `{meant}` | `{taken}` | {count} |")?;
    }
    Ok(())
}
