//! Numbers below a million in words.

pub(super) fn english(number: u32) -> String {
    const SMALL: [&str; 20] = [
        "",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] =
        ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let below_hundred = |number: u32| match number {
        0..20 => SMALL[at(number)].to_owned(),
        _ if number.is_multiple_of(10) => TENS[at(number / 10)].to_owned(),
        _ => format!("{}-{}", TENS[at(number / 10)], SMALL[at(number % 10)]),
    };
    let below_thousand = |number: u32| match (number / 100, number % 100) {
        (0, rest) => below_hundred(rest),
        (hundreds, 0) => format!("{} hundred", SMALL[at(hundreds)]),
        (hundreds, rest) => format!("{} hundred and {}", SMALL[at(hundreds)], below_hundred(rest)),
    };
    match (number / 1000, number % 1000) {
        (0, rest) => below_thousand(rest),
        (thousands, 0) => format!("{} thousand", below_thousand(thousands)),
        (thousands, rest) => {
            format!("{} thousand {}", below_thousand(thousands), below_thousand(rest))
        }
    }
}

const RUSSIAN_SMALL: [&str; 20] = [
    "",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];
const RUSSIAN_TENS: [&str; 10] = [
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
];
const RUSSIAN_HUNDREDS: [&str; 10] = [
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
];

pub(super) fn russian(number: u32) -> String {
    let below_thousand = |number: u32, feminine: bool| {
        let mut words = vec![RUSSIAN_HUNDREDS[at(number / 100)]];
        let rest = number % 100;
        let small = if rest < 20 { rest } else { rest % 10 };
        if rest >= 20 {
            words.push(RUSSIAN_TENS[at(rest / 10)]);
        }
        words.push(match (small, feminine) {
            (1, true) => "одна",
            (2, true) => "две",
            _ => RUSSIAN_SMALL[at(small)],
        });
        join(&words, " ")
    };
    let rest = below_thousand(number % 1000, false);
    match number / 1000 {
        0 => rest,
        thousands => {
            let word = match (thousands % 100, thousands % 10) {
                (11..=14, _) => "тысяч",
                (_, 1) => "тысяча",
                (_, 2..=4) => "тысячи",
                _ => "тысяч",
            };
            join(&[&below_thousand(thousands, true), word, &rest], " ")
        }
    }
}

pub(super) fn arabic(number: u32) -> String {
    const SMALL: [&str; 20] = [
        "",
        "واحد",
        "اثنين",
        "ثلاثة",
        "أربعة",
        "خمسة",
        "ستة",
        "سبعة",
        "ثمانية",
        "تسعة",
        "عشرة",
        "احدعش",
        "اثنعش",
        "ثلاثة عشر",
        "أربعة عشر",
        "خمسة عشر",
        "ستة عشر",
        "سبعة عشر",
        "ثمانية عشر",
        "تسعة عشر",
    ];
    const TENS: [&str; 10] =
        ["", "", "عشرين", "ثلاثين", "أربعين", "خمسين", "ستين", "سبعين", "ثمانين", "تسعين"];
    const HUNDREDS: [&str; 10] =
        ["", "مية", "ميتين", "ثلاثمية", "أربعمية", "خمسمية", "ستمية", "سبعمية", "ثمانمية", "تسعمية"];
    let below_thousand = |number: u32| {
        let mut words = vec![HUNDREDS[at(number / 100)]];
        let rest = number % 100;
        words.push(SMALL[at(if rest < 20 { rest } else { rest % 10 })]);
        if rest >= 20 {
            words.push(TENS[at(rest / 10)]);
        }
        join(&words, " و")
    };
    let thousands = match number / 1000 {
        0 => String::new(),
        1 => "ألف".to_owned(),
        2 => "ألفين".to_owned(),
        thousands @ 3..=10 => format!("{} آلاف", below_thousand(thousands)),
        thousands => format!("{} ألف", below_thousand(thousands)),
    };
    join(&[&thousands, &below_thousand(number % 1000)], " و")
}

fn join(words: &[&str], mark: &str) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(mark)
}

fn at(number: u32) -> usize {
    usize::try_from(number).unwrap()
}
