//! What messages name. The values are written `kind value`, in the order of the text.

use domain::{Currency, Language};

use super::{read, read_as};
use crate::{EntityValue, Hints};

fn show(value: &EntityValue) -> String {
    match value {
        EntityValue::Amount { amount, currency: Some(currency) } => format!("{amount} {currency}"),
        EntityValue::Amount { amount, currency: None } => format!("{amount} ?"),
        EntityValue::Date { date } => date.to_string(),
        EntityValue::Time { time } => time.strftime("%H:%M").to_string(),
        EntityValue::Duration { minutes } => format!("{minutes} minutes"),
        EntityValue::Quantity { value, unit } => format!("{value} {unit}"),
        EntityValue::Percentage { value } => format!("{value}%"),
        EntityValue::Location { text } => format!("at {text}"),
        EntityValue::Document { text } => format!("doc {text}"),
        EntityValue::Person { name } => format!("person {name}"),
        EntityValue::Task { title } => format!("about {title}"),
        EntityValue::Project { name } => format!("project {name}"),
        EntityValue::Supplier { name } => format!("supplier {name}"),
        EntityValue::TaskTitle { text } => format!("task {text}"),
    }
}

fn check(cases: &[(&str, &str)]) {
    let mut missed = Vec::new();
    for (message, expected) in cases {
        let shown: Vec<String> =
            read(message).entities.iter().map(|entity| show(&entity.value)).collect();
        if shown.join("; ") != *expected {
            missed.push(format!("{message}: {} instead of {expected}", shown.join("; ")));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn amounts_are_exact() {
    check(&[
        ("paid 1500 AED", "1500 AED"),
        ("AED 1,234.56", "1234.56 AED"),
        ("1.234,56 EUR", "1234.56 EUR"),
        ("€1.500", "1500 EUR"),
        ("1,500 SAR", "1500 SAR"),
        ("1.500 KWD", "1.5 KWD"),
        ("paid $1.5k for diesel", "1500 USD"),
        ("2 million AED", "2000000 AED"),
        ("2m AED", "2000000 AED"),
        ("2 مليون درهم", "2000000 AED"),
        ("مليون ريال", "1000000 SAR"),
        ("١٢٣٤٫٥ درهم", "1234.5 AED"),
        ("١٬٢٣٤٫٥ ريال قطري", "1234.5 QAR"),
        ("500 جنيه و 20 دينار أردني", "500 EGP; 20 JOD"),
        ("заплатили 45 000 рублей", "45000 RUB"),
        ("45 000,50 ₽", "45000.5 RUB"),
        ("45 тыс. руб", "45000 RUB"),
        ("1,5 млн руб.", "1500000 RUB"),
        ("45к руб", "45000 RUB"),
        ("500р и 600р", "500 RUB; 600 RUB"),
        ("AED 500 AED 600", "500 AED; 600 AED"),
        ("paid 1500 for cement", "1500 AED"),
        ("12,34,567 INR", "1234567 INR"),
        ("2500 د.إ", "2500 AED"),
        ("300 dinars", "300 ?"),
    ]);
    let kuwait = Hints {
        language: Some(Language::Ar),
        currency: "KWD".parse::<Currency>().ok(),
        ..Hints::default()
    };
    let read = read_as("دفعنا 1.500 دينار", &kuwait);
    assert_eq!(read.amount().map(|(amount, _)| amount.to_string()), Some("1.5".to_owned()));
    assert_eq!(read.amount().and_then(|(_, currency)| currency), kuwait.currency);
}

#[test]
fn numbers_of_something_else_are_no_amounts() {
    check(&[
        ("paid for C30/37 concrete", ""),
        ("paid at block 4", "at block 4"),
        ("paid, call +971 50 123 4567", ""),
        ("paid, call 050-123-4567", ""),
        ("paid on 12/03/2026", "2026-03-12"),
        ("bought 50 bags of cement", "50 bag"),
        ("paid 30%", "30%"),
        ("invoice 4512 paid", "doc invoice 4512"),
        ("paid at 5:30 pm", "17:30"),
        ("paid in 2025", ""),
        ("invoice for 3 doors", "3 pcs"),
    ]);
}

#[test]
fn quantities_percentages_and_durations_have_canonical_units() {
    check(&[
        ("12.5 m3 of concrete", "12.5 m3"),
        ("10m³", "10 m3"),
        ("3 tons of rebar", "3 t"),
        ("٥٠ كيس اسمنت", "50 bag"),
        ("20 мешков цемента", "20 bag"),
        ("1,500 т", "1.5 t"),
        ("120 متر مربع بلاط", "120 m2"),
        ("25 кв. м", "25 m2"),
        ("200 blocks", "200 pcs"),
        ("12 workers", "12 person"),
        ("60%", "60%"),
        ("٪٦٠", "60%"),
        ("60 بالمية", "60%"),
        ("45,5 процентов", "45.5%"),
        ("worked 8 hours", "480 minutes"),
        ("3 ساعات", "180 minutes"),
        ("ساعتين", "120 minutes"),
        ("1,5 часа", "90 minutes"),
        ("2-day delay", "2880 minutes"),
    ]);
}

#[test]
fn days_follow_the_written_rules() {
    check(&[
        ("today", "2026-03-10"),
        ("بكرا", "2026-03-11"),
        ("послезавтра", "2026-03-12"),
        ("yesterday", "2026-03-09"),
        ("before thursday", "2026-03-12"),
        ("by tuesday", "2026-03-17"),
        ("next Thursday", "2026-03-19"),
        ("last friday", "2026-03-06"),
        ("قبل الخميس", "2026-03-12"),
        ("يوم الأحد القادم", "2026-03-15"),
        ("الجمعة الماضية", "2026-03-06"),
        ("в следующую среду", "2026-03-18"),
        ("к пятнице", "2026-03-13"),
        ("12/03/2026", "2026-03-12"),
        ("03/25/2026", "2026-03-25"),
        ("12.04.26", "2026-04-12"),
        ("2026-03-12", "2026-03-12"),
        ("١٢/٠٤/٢٠٢٦", "2026-04-12"),
        ("до 15.04", "2026-04-15"),
        ("12 March", "2026-03-12"),
        ("March 12th, 2027", "2027-03-12"),
        ("١٢ آذار", "2026-03-12"),
        ("5 يناير ٢٠٢٧", "2027-01-05"),
        ("12 марта", "2026-03-12"),
        ("10 February", "2026-02-10"),
        ("1 August 2025", "2025-08-01"),
        ("15 августа", "2026-08-15"),
        ("in 3 days", "2026-03-13"),
        ("بعد يومين", "2026-03-12"),
        ("через неделю", "2026-03-17"),
        ("3 дня назад", "2026-03-07"),
        ("next week", "2026-03-16"),
        ("tomorrow at 17:30", "2026-03-11; 17:30"),
        ("الساعة ٥ مساء", "17:00"),
        ("31/02/2026", ""),
    ]);
}

#[test]
fn places_documents_and_titles_keep_their_writing() {
    check(&[
        ("leak on roof block C", "at roof block C"),
        ("crack in column C3", "at column C3"),
        ("الطابق الثالث بلوك ٤", "at الطابق الثالث بلوك ٤"),
        ("на 3-м этаже, ось А-Б", "at 3-м этаже; at ось А-Б"),
        ("send drawing A-101 rev 2", "doc drawing A-101"),
        ("счет № 45/2", "doc счет № 45/2"),
        ("see Plan.pdf", "doc Plan.pdf"),
        (
            "please add a task: fix the waterproofing on roof block C before thursday",
            "task fix the waterproofing on roof block C; at roof block C; 2026-03-12",
        ),
        (
            "Create task Inspect C30/37 cubes by Friday, please",
            "task Inspect C30/37 cubes; 2026-03-13",
        ),
        ("add a task to call the supplier", "task call the supplier"),
        ("task: before sunday, paint the gate", "2026-03-15; task paint the gate"),
        ("أضف مهمة: إصلاح العزل قبل الخميس", "task إصلاح العزل; 2026-03-12"),
        ("добавь задачу проверить опалубку до пятницы", "task проверить опалубку; 2026-03-13"),
        ("remind me to order sand tomorrow", "task order sand; 2026-03-11"),
    ]);
}
