//! Names of documents ("drawing A-101") and of places on site ("block C", "الطابق 3", "ось А").

use std::sync::LazyLock;

use crate::entity::Findings;
use crate::text::{Kind, Text};
use crate::understanding::EntityValue;
use crate::vocabulary::Vocabulary;

/// A label is a letter, a number or a short code; longer ones are words.
const LONGEST_LABEL_CHARS: usize = 5;

/// More parts than this make no document number.
const MOST_CODE_TOKENS: usize = 9;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// Followed by a label: block C.
    Labelled,
    /// A place by itself: the roof.
    Named,
    /// Before a labelled noun: third floor.
    Ordinal,
    Document,
    /// "No.", "№" between a noun and its label.
    NumberSign,
}

static PLACES: LazyLock<Vocabulary<Word>> = LazyLock::new(|| Vocabulary::new(&[WORDS]));

use Word as W;

const WORDS: &[(Word, &str)] = &[
    (
        W::Labelled,
        "block|blk|building|bldg|tower|zone|floor|level|axis|grid|gridline|room|villa|unit|apartment|flat|house|gate|plot|wing|column|phase|section|شقة|فيلا|بلوك|بلك|مبنى|بناية|عمارة|برج|منطقة|زون|طابق|دور|محور|غرفة|قطعة|عمود|مرحلة|بوابة|قطاع|блок|блока|блоке|корпус|корпуса|корпусе|секция|секции|секцию|этаж|этажа|этаже|ось|оси|осях|зона|зоны|зоне|комната|комнате|квартира|квартире|дом|подъезд|подъезде|колонна|колонны|колонне|здание|захватка|захватке",
    ),
    (
        W::Named,
        "roof|basement|ground floor|podium|mezzanine|rooftop|parking|السطح|سطح|القبو|سرداب|بدروم|الطابق الأرضي|الدور الأرضي|крыша|крыше|крышу|кровля|кровле|кровлю|подвал|подвале|цоколь|паркинг",
    ),
    (
        W::Ordinal,
        "first|second|third|fourth|fifth|1st|2nd|3rd|الأول|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع|العاشر|первый|первом|второй|втором|третий|третьем|четвертый|четвертом|пятый|пятом",
    ),
    (
        W::Document,
        "drawing|dwg|sheet|invoice|detail|document|doc|spec|submittal|rfi|po|purchase order|boq|permit|contract|مخطط|لوحة|رسمة|فاتورة|مستند|عقد|تصريح|чертеж|чертежа|чертежу|чертежи|лист|листа|счет|счета|накладная|накладной|накладную|договор|договора|акт|акта",
    ),
    (W::NumberSign, "no|no .|number|num|nr|#|№|رقم|номер"),
];

pub(crate) fn find(findings: &mut Findings<'_, '_>) {
    let text = findings.text;
    let mut index = 0;
    while index < text.tokens.len() {
        if let Some(past) = document(text, index).filter(|_| findings.is_free(index)) {
            let value = EntityValue::Document { text: text.slice(index, past).to_owned() };
            findings.add(index, past, value);
            index = past;
        } else if let Some(past) = location(findings, index) {
            let value = EntityValue::Location { text: text.slice(index, past).to_owned() };
            findings.add(index, past, value);
            index = past;
        } else {
            index += 1;
        }
    }
}

fn word(text: &Text<'_>, index: usize) -> Option<(usize, Word)> {
    PLACES.first(text, index).map(|(tokens, word)| (index + tokens, word))
}

/// Past "No." or "#", if it stands at `index`.
fn number_sign(text: &Text<'_>, index: usize) -> usize {
    match word(text, index) {
        Some((past, Word::NumberSign)) => past + usize::from(text.word(past) == "."),
        Some(_) | None => index,
    }
}

/// "drawing A-101", "invoice #4512", "plan.pdf".
fn document(text: &Text<'_>, index: usize) -> Option<usize> {
    if text.word(index + 1) == "."
        && text.attached(index + 1)
        && text.attached(index + 2)
        && matches!(text.word(index + 2), "pdf" | "dwg" | "xlsx" | "xls" | "docx" | "doc" | "jpg")
    {
        return Some(index + 3);
    }
    let Some((past, Word::Document)) = word(text, index) else { return None };
    code(text, number_sign(text, past))
}

/// Attached letters, digits and marks with a digit among them: `A-101`, `4512`, `S-2/R1`.
fn code(text: &Text<'_>, first: usize) -> Option<usize> {
    let mut past = first;
    let mut end = first;
    let mut digits = false;
    while past < first + MOST_CODE_TOKENS && (past == first || text.attached(past)) {
        let mark = matches!(text.word(past), "-" | "/" | "." | "_");
        if text.is(past, Kind::Symbol) && (!mark || past == first) {
            break;
        }
        if !text.word(past).is_empty() && !mark {
            digits |= text.word(past).bytes().any(|byte| byte.is_ascii_digit());
            end = past + 1;
        }
        past += 1;
    }
    (digits && end > first).then_some(end)
}

/// Places in a row are one: "roof block C".
fn location(findings: &Findings<'_, '_>, first: usize) -> Option<usize> {
    let mut past = first;
    while let Some(next) = part(findings, past) {
        past = next;
    }
    (past > first).then_some(past)
}

fn part(findings: &Findings<'_, '_>, index: usize) -> Option<usize> {
    let text = findings.text;
    if !findings.is_free(index) {
        return None;
    }
    let (past, found) = word(text, index).or_else(|| counted_floor(text, index))?;
    match found {
        Word::Named => Some(past),
        Word::Ordinal => match word(text, past) {
            Some((past, Word::Labelled)) => Some(past),
            Some(_) | None => None,
        },
        Word::Labelled => match word(text, past) {
            Some((past, Word::Ordinal)) => Some(past),
            Some(_) | None => label(findings, number_sign(text, past)),
        },
        Word::Document | Word::NumberSign => None,
    }
}

/// "3rd" in "3rd floor", "3" in "3 этаж", "3-м" in "на 3-м этаже".
fn counted_floor(text: &Text<'_>, index: usize) -> Option<(usize, Word)> {
    text.integer(index)?;
    let past = match text.word(index + 1) {
        "st" | "nd" | "rd" | "th" if text.attached(index + 1) => index + 2,
        "-" if text.attached(index + 1) => index + 3,
        "этаж" | "этаже" | "этажа" | "секция" | "секции" | "корпус" => {
            index + 1
        }
        _ => return None,
    };
    matches!(word(text, past), Some((_, Word::Labelled))).then_some((past, Word::Ordinal))
}

/// The label of a place, with parts joined by dashes or slashes: `C`, `12`, `C3`, `А-Б`.
fn label(findings: &Findings<'_, '_>, first: usize) -> Option<usize> {
    let text = findings.text;
    let mut past = first;
    while findings.is_free(past) && is_label(text, past) {
        let joined = matches!(text.word(past + 1), "-" | "/")
            && text.attached(past + 1)
            && text.attached(past + 2)
            && is_label(text, past + 2);
        past += if joined { 2 } else { 1 };
        if !joined {
            return Some(past);
        }
    }
    None
}

fn is_label(text: &Text<'_>, index: usize) -> bool {
    let word = text.word(index);
    if text.is(index, Kind::Number) {
        return word.len() <= LONGEST_LABEL_CHARS && word.bytes().all(|byte| byte.is_ascii_digit());
    }
    if !text.is(index, Kind::Word) || word.chars().count() > LONGEST_LABEL_CHARS {
        return false;
    }
    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
    let single = word.chars().count() == 1;
    // "block a" may go on in small letters; "و" is Arabic for "and".
    let original = text.slice(index, index + 1);
    let lone = single && word != "و" && !original.chars().any(char::is_lowercase);
    digits || lone
}
