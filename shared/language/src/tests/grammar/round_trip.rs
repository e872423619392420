//! A value written in any style and language is read again, and the text of its entity alone
//! reads the same.

mod spell;

use domain::{Currency, Language};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use proptest::prelude::{ProptestConfig, Strategy, prop_assert_eq, proptest};
use proptest::test_runner::TestCaseError;
use rust_decimal::Decimal;

use crate::{EntityValue, Hints, understand};

/// Text before and behind that no grammar reads.
const FRAMES: [(&str, &str); 9] = [
    ("", ""),
    ("hello boss, ", " ok"),
    ("the client said ", "."),
    ("يا جماعة ", " تمام"),
    ("طيب، ", "؟"),
    ("ребята, ", " вот так"),
    ("😀 ", " 👷🏽"),
    ("(", ")"),
    ("\n", "\nthanks"),
];

fn read(text: &str) -> Vec<(EntityValue, String)> {
    let now: Timestamp = "2026-03-10T06:00:00Z".parse().unwrap();
    let hints = Hints { language: Some(Language::En), ..Hints::default() };
    let read = understand(text, &hints, now, &TimeZone::get("Asia/Riyadh").unwrap());
    let values = read.entities.into_iter();
    values.map(|entity| (entity.value, text[entity.start..entity.end].to_owned())).collect()
}

/// The only entity of a framed text has this value, and its text alone has it too.
fn holds(written: &str, frame: usize, value: &EntityValue) -> Result<(), TestCaseError> {
    let (before, behind) = FRAMES[frame % FRAMES.len()];
    let text = format!("{before}{written}{behind}");
    let found = read(&text);
    prop_assert_eq!(found.len(), 1, "{}: {:?}", text, &found);
    prop_assert_eq!(&found[0].0, value, "{}", &text);
    let alone = read(&found[0].1);
    prop_assert_eq!(alone.len(), 1, "{}: {:?}", &found[0].1, &alone);
    prop_assert_eq!(&alone[0].0, value, "{}", &found[0].1);
    Ok(())
}

/// Digits in groups of three.
fn grouped(whole: u64, mark: &str) -> String {
    let digits = whole.to_string();
    let mut groups: Vec<&str> = Vec::new();
    let mut end = digits.len();
    while end > 0 {
        let start = end.saturating_sub(3);
        groups.insert(0, &digits[start..end]);
        end = start;
    }
    groups.join(mark)
}

fn arabic_digits(text: &str) -> String {
    text.chars()
        .map(|letter| match letter.to_digit(10) {
            Some(digit) => char::from_u32(0x0660 + digit).unwrap(),
            None => letter,
        })
        .collect()
}

/// A number with two decimals, as it is written somewhere.
fn figure(whole: u64, cents: u64, style: usize) -> String {
    let fraction =
        |mark: &str| if cents == 0 { String::new() } else { format!("{mark}{cents:02}") };
    match style % 8 {
        0 => format!("{whole}{}", fraction(".")),
        1 => format!("{}{}", grouped(whole, ","), fraction(".")),
        2 => format!("{}{}", grouped(whole, "."), fraction(",")),
        3 => format!("{}{}", grouped(whole, " "), fraction(",")),
        4 => format!("{}{}", grouped(whole, "\u{a0}"), fraction(".")),
        5 => arabic_digits(&format!("{whole}{}", fraction("٫"))),
        6 => arabic_digits(&format!("{}{}", grouped(whole, "٬"), fraction("٫"))),
        _ => format!("{whole}{}", fraction(",")),
    }
}

fn amount(number: &str, style: usize) -> (String, &'static str) {
    let names: &[(&str, &'static str)] = &[
        ("aed", "AED"),
        ("AED", "AED"),
        ("درهم", "AED"),
        ("дирхам", "AED"),
        ("dirhams", "AED"),
        ("SAR", "SAR"),
        ("ريال", "SAR"),
        ("ريال قطري", "QAR"),
        ("جنيه", "EGP"),
        ("руб.", "RUB"),
        ("₽", "RUB"),
        ("рублей", "RUB"),
        ("$", "USD"),
        ("dollars", "USD"),
        ("دولار", "USD"),
        ("€", "EUR"),
        ("тенге", "KZT"),
    ];
    let (name, iso) = names[style % names.len()];
    let written = match style / names.len() % 3 {
        0 => format!("{number} {name}"),
        1 if name.len() < 4 => format!("{name} {number}"),
        _ if !number.ends_with(char::is_alphabetic) => format!("{number}{name}"),
        _ => format!("{number} {name}"),
    };
    (written, iso)
}

fn dates() -> impl Strategy<Value = Date> {
    (0_i32..36_000).prop_map(|days| {
        let first: Date = "2000-01-01".parse().unwrap();
        first.checked_add(jiff::Span::new().days(days)).unwrap()
    })
}

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const GULF: [&str; 12] = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];
const LEVANT: [&str; 12] = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
];
const RUSSIAN: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

fn date(date: Date, style: usize) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let name = |names: &[&'static str; 12]| names[usize::try_from(month - 1).unwrap()];
    match style % 12 {
        0 => date.to_string(),
        1 => format!("{day}/{month}/{year}"),
        2 => format!("{day:02}.{month:02}.{year}"),
        3 => format!("{day:02}-{month:02}-{year}"),
        4 => format!("{day} {} {year}", name(&ENGLISH)),
        5 => format!("{} {day}, {year}", name(&ENGLISH)),
        // Two digits of a year are near today.
        11 if (2016..=2046).contains(&year) => format!("{day}/{month:02}/{:02}", year % 100),
        6 => format!("{day}-{}-{year}", &name(&ENGLISH)[..3]),
        7 => arabic_digits(&format!("{day} {} {year}", name(&GULF))),
        8 => format!("{day} {} {year}", name(&LEVANT)),
        9 => format!("{day} {} {year}", name(&RUSSIAN)),
        10 => arabic_digits(&format!("{day}/{month}/{year}")),
        _ => format!("{day:02}/{month:02}/{year}"),
    }
}

const UNITS: [(&str, &str); 30] = [
    ("m3", "m3"),
    ("cubic meters", "m3"),
    ("متر مكعب", "m3"),
    ("кубов", "m3"),
    ("м³", "m3"),
    ("tons", "t"),
    ("طن", "t"),
    ("тонн", "t"),
    ("bags", "bag"),
    ("كيس", "bag"),
    ("мешков", "bag"),
    ("kg", "kg"),
    ("كيلو", "kg"),
    ("кг", "kg"),
    ("sqm", "m2"),
    ("م٢", "m2"),
    ("кв.м", "m2"),
    ("rolls", "roll"),
    ("рулонов", "roll"),
    ("pallets", "pallet"),
    ("поддонов", "pallet"),
    ("pcs", "pcs"),
    ("حبة", "pcs"),
    ("штук", "pcs"),
    ("trucks", "truck"),
    ("سيارات", "truck"),
    ("машин", "truck"),
    ("workers", "person"),
    ("عامل", "person"),
    ("рабочих", "person"),
];

const SPANS: [(&str, u32); 12] = [
    ("minutes", 1),
    ("hours", 60),
    ("days", 1440),
    ("weeks", 10_080),
    ("دقيقة", 1),
    ("ساعات", 60),
    ("أيام", 1440),
    ("أسابيع", 10_080),
    ("минут", 1),
    ("часов", 60),
    ("дней", 1440),
    ("недель", 10_080),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn amounts(whole in 1_u64..10_000_000, cents in 0_u64..100, style in 0_usize..10_000, frame in 0_usize..9) {
        let (written, iso) = amount(&figure(whole, cents, style), style / 8);
        let value = (Decimal::from(whole) + Decimal::new(i64::try_from(cents).unwrap(), 2)).normalize();
        let currency = Some(iso.parse::<Currency>().unwrap());
        holds(&written, frame, &EntityValue::Amount { amount: value, currency })?;
    }

    #[test]
    fn spelled_amounts(whole in 1_u32..1_000_000, style in 0_usize..10_000, frame in 0_usize..9) {
        let (number, name, iso) = match style % 3 {
            0 => (spell::english(whole), "dirhams", "AED"),
            1 => (spell::arabic(whole), "درهم", "AED"),
            _ => (spell::russian(whole), "рублей", "RUB"),
        };
        let currency = Some(iso.parse::<Currency>().unwrap());
        let value = EntityValue::Amount { amount: Decimal::from(whole).normalize(), currency };
        holds(&format!("{number} {name}"), frame, &value)?;
    }

    #[test]
    fn scaled_amounts(tenths in 11_i64..9_999, style in 0_usize..9) {
        let (word, factor) = [
            ("k", 1_000), (" thousand", 1_000), (" ألف", 1_000), (" тыс.", 1_000), ("к", 1_000),
            (" million", 1_000_000), (" مليون", 1_000_000), (" млн", 1_000_000), (" mln", 1_000_000),
        ][style];
        let number = Decimal::new(tenths, 1).normalize();
        let currency = Some("AED".parse::<Currency>().unwrap());
        let value = EntityValue::Amount { amount: (number * Decimal::from(factor)).normalize(), currency };
        holds(&format!("{number}{word} AED"), style, &value)?;
    }

    #[test]
    fn written_dates(day in dates(), style in 0_usize..12, frame in 0_usize..9) {
        holds(&date(day, style), frame, &EntityValue::Date { date: day })?;
    }

    #[test]
    fn days_and_months_without_a_year_are_near_today(ahead in -180_i32..180, style in 0_usize..5) {
        let today: Date = "2026-03-10".parse().unwrap();
        let day = today.checked_add(jiff::Span::new().days(ahead)).unwrap();
        // The rule: this year, or the next where this year's is long past.
        proptest::prop_assume!(day.year() == 2026);
        let name = |names: &[&'static str; 12]| names[usize::try_from(day.month() - 1).unwrap()];
        let written = match style {
            0 => format!("on {}/{}", day.day(), day.month()),
            1 => format!("{} {}", day.day(), name(&ENGLISH)),
            2 => format!("{} {}", day.day(), name(&LEVANT)),
            3 => format!("{} {}", day.day(), name(&RUSSIAN)),
            _ => format!("до {:02}.{:02}", day.day(), day.month()),
        };
        let found = read(&written);
        prop_assert_eq!(found.len(), 1, "{}", &written);
        prop_assert_eq!(&found[0].0, &EntityValue::Date { date: day }, "{}", &written);
    }

    #[test]
    fn quantities(tenths in 1_i64..100_000, unit in 0_usize..30, style in 0_usize..3, frame in 0_usize..9) {
        let (name, canonical) = UNITS[unit];
        let number = Decimal::new(tenths, 1).normalize();
        let written = match style {
            0 => number.to_string(),
            1 => arabic_digits(&number.to_string().replace('.', "٫")),
            _ => number.to_string().replace('.', ","),
        };
        let value = EntityValue::Quantity { value: number, unit: canonical.to_owned() };
        holds(&format!("{written} {name}"), frame, &value)?;
    }

    #[test]
    fn durations(count in 1_u32..90, span in 0_usize..12, style in 0_usize..2, frame in 0_usize..9) {
        let (name, minutes) = SPANS[span];
        let number = if style == 0 { count.to_string() } else { arabic_digits(&count.to_string()) };
        holds(&format!("{number} {name}"), frame, &EntityValue::Duration { minutes: count * minutes })?;
    }

    #[test]
    fn percentages(tenths in 1_i64..2_000, style in 0_usize..6, frame in 0_usize..9) {
        let number = Decimal::new(tenths, 1).normalize();
        let sign = ["%", " %", " percent", "٪", " بالمية", " процентов"][style];
        holds(&format!("{number}{sign}"), frame, &EntityValue::Percentage { value: number })?;
    }

    #[test]
    fn times(hour in 0_i8..24, minute in 0_i8..60, style in 0_usize..4, frame in 0_usize..9) {
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        let written = match style {
            0 => format!("{hour:02}:{minute:02}"),
            1 => format!("{twelve}:{minute:02} {}", if hour < 12 { "am" } else { "pm" }),
            2 => arabic_digits(&format!("الساعة {hour:02}:{minute:02}")),
            _ => format!("{twelve}:{minute:02}{}", if hour < 12 { "AM" } else { "PM" }),
        };
        let time = Time::new(hour, minute, 0, 0).unwrap();
        holds(&written, frame, &EntityValue::Time { time })?;
    }
}

#[test]
fn every_day_of_a_year_is_read_in_every_style() {
    let mut day: Date = "2028-01-01".parse().unwrap();
    while day.year() == 2028 {
        for style in 0..12 {
            let written = date(day, style);
            let values: Vec<EntityValue> =
                read(&written).into_iter().map(|(value, _)| value).collect();
            assert_eq!(values, [EntityValue::Date { date: day }], "{written}");
        }
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn a_number_spelled_is_the_number_in_three_languages() {
    for whole in (1..1_200).chain((1_200..1_000_000).step_by(7_919)) {
        for (text, name) in [
            (spell::english(whole), "dollars"),
            (spell::arabic(whole), "دولار"),
            (spell::russian(whole), "долларов"),
        ] {
            let written = format!("{text} {name}");
            let values: Vec<EntityValue> =
                read(&written).into_iter().map(|(value, _)| value).collect();
            let amount = Decimal::from(whole).normalize();
            let expected = EntityValue::Amount { amount, currency: Some(Currency::USD) };
            assert_eq!(values, [expected], "{written}");
        }
    }
}
