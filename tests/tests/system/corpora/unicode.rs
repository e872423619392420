//! Odd characters: a message keeps every one of them, a name keeps those that show.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::site::Site;
use crate::office::{Company, Office};

const STRANGER: &str = "447700900123";
/// The longest name of an organisation.
const NAME_CHARS_MAX: usize = 120;

/// What becomes of a text as a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    /// Kept as it is, but for blanks at its ends and more than one in a row.
    Kept,
    /// Something in it does not show, or directs what stands around it.
    Refused,
    /// Too long or too short.
    Sized,
}

struct Case {
    of: &'static str,
    text: String,
    name: Name,
}

/// Refused inside a name.
const HIDDEN: [(&str, RangeInclusive<u32>); 24] = [
    ("directions and joiners", 0x200b..=0x200f),
    ("overrides", 0x202a..=0x202e),
    ("isolates", 0x2066..=0x2069),
    ("invisible operators", 0x2060..=0x2064),
    ("odd format characters", 0x206a..=0x206f),
    ("Arabic letter mark", 0x61c..=0x61c),
    ("soft hyphen", 0xad..=0xad),
    ("byte order mark", 0xfeff..=0xfeff),
    ("noncharacters", 0xfffe..=0xffff),
    ("noncharacters", 0xfdd0..=0xfdd3),
    ("interlinear marks", 0xfff9..=0xfffb),
    ("variation selectors", 0xfe00..=0xfe0f),
    ("tags", 0xe0041..=0xe0050),
    ("more selectors", 0xe0100..=0xe0103),
    ("private use", 0xe000..=0xe003),
    ("the replacement", 0xfffd..=0xfffd),
    ("the last of all", 0x10_fffe..=0x10_ffff),
    ("blank letters", 0x115f..=0x1160),
    ("a blank letter", 0x3164..=0x3164),
    ("a narrow blank letter", 0xffa0..=0xffa0),
    ("a blank pattern", 0x2800..=0x2800),
    ("controls", 0x0..=0x8),
    ("controls", 0xe..=0x1f),
    ("later controls", 0x7f..=0x84),
];

/// Kept there; blanks as one space.
const SHOWN: [(&str, RangeInclusive<u32>); 13] = [
    ("white space", 0x9..=0xd),
    ("spaces", 0x2000..=0x200a),
    ("a space that does not break", 0xa0..=0xa0),
    ("a narrow one", 0x202f..=0x202f),
    ("a mathematical space", 0x205f..=0x205f),
    ("a wide space", 0x3000..=0x3000),
    ("Ogham space", 0x1680..=0x1680),
    ("Arabic-Indic digits", 0x660..=0x669),
    ("Persian digits", 0x6f0..=0x6f4),
    ("presentation forms", 0xfe8d..=0xfe94),
    ("ligatures", 0xfef5..=0xfefc),
    ("full width", 0xff10..=0xff14),
    ("mathematical letters", 0x1d400..=0x1d404),
];

/// Kept as they stand.
const WRITTEN: [&str; 54] = [
    "برج المارينا ٧",
    "ﷺ ﷽",
    "ﻻ ﻷ",
    "مَرْحَبًا بِكُمْ",
    "کارگاه شماره ۷",
    "פרויקט מגדל",
    "Башня «Марина»",
    "Йод й",
    "株式会社タワー",
    "ｶﾀｶﾅ",
    "แผนงาน",
    "हिन्दी क्ष",
    "한국어 탑",
    "ΟΔΟΣ ς σ",
    "İstanbul ıi",
    "straße STRASSE ẞ",
    "ŉ ǆ ǅ",
    "Zoë Å Å",
    "e\u{301} é",
    "o\u{308} ö",
    "한 \u{1112}\u{1161}\u{11ab}",
    "ﬁ fi ﬃ",
    "Ω Ω K K",
    "① ½ ² ㎡ m²",
    "№ 7 ™ ℅",
    "pаypal (Cyrillic а)",
    "ＡＢＣ аbс",
    "𝕋𝕠𝕨𝕖𝕣",
    "🏗👷🚧",
    "🇦🇪🇸🇦🇷🇺",
    "👍🏽👎🏿",
    "عمر Omar ٧ 7 (א)",
    "a\u{300}\u{301}\u{302}\u{303}",
    "\u{301}lone",
    "₽ ﷼ د.إ",
    "\\u0041 %41 &#65;",
    "<b>not bold</b> & \"quoted\" 'too'",
    "'; DROP TABLE tasks; --",
    "{{7*7}} ${7*7} <%= 7 %>",
    "../../etc/passwd",
    "=1+1",
    "null",
    "true",
    "NaN",
    "00",
    "-0",
    "1e309",
    "[object Object]",
    "C:\\CON\\NUL",
    "http://[::1]/",
    "ᚠᛇᚻ᛫ᛒᛦᚦ",
    "𓀀𓂀",
    "𒀀𒁀",
    "😀\u{20e3}",
];

/// Held together by what does not show.
const JOINED: [&str; 7] = [
    "👷\u{200d}♂️",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦",
    "🏴\u{e0067}\u{e0062}\u{e007f}",
    "❤️",
    "7\u{fe0f}\u{20e3}",
    "می\u{200c}خواهم",
    "क्\u{200d}ष",
];

fn cases() -> Vec<Case> {
    let inside = |(of, range): (&'static str, RangeInclusive<u32>), name| {
        let texts = range.filter_map(char::from_u32).map(|c| format!("Tower{c}Seven"));
        texts.map(|text| Case { of, text, name }).collect::<Vec<_>>()
    };
    let one = |of, name| move |text: String| Case { of, text, name };
    let mut all: Vec<Case> =
        HIDDEN.into_iter().flat_map(|row| inside(row, Name::Refused)).collect();
    all.extend(SHOWN.into_iter().flat_map(|row| inside(row, Name::Kept)));
    all.extend(WRITTEN.map(str::to_owned).map(one("written", Name::Kept)));
    all.extend(JOINED.map(str::to_owned).map(one("joined", Name::Refused)));
    let long = [
        format!("e{}", "\u{301}".repeat(2_000)),
        format!("Z{}", "\u{35f}\u{489}".repeat(500)),
        "ﷺ".repeat(1_000),
        "👷".repeat(1_000),
        "ا".repeat(4_096),
        "Ж".repeat(4_096),
        "x".repeat(4_096),
        "\u{1d400}".repeat(1_500),
        "ab\n".repeat(1_000),
    ];
    all.extend(long.map(one("long", Name::Sized)));
    all.extend(["a", "ا", "👷"].map(str::to_owned).map(one("one letter", Name::Sized)));
    all.push(one("a flood that fits", Name::Kept)(format!("Z{}", "\u{35f}\u{489}".repeat(50))));
    all
}

/// As Meta writes it: everything beyond ASCII escaped.
fn escaped(text: &str) -> String {
    let mut json = String::from("\"");
    for unit in text.encode_utf16() {
        write!(json, "\\u{unit:04x}").unwrap();
    }
    json.push('"');
    json
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_read_back_as_it_was_written() {
    let all = cases();
    let site = Site::open().await;
    let plain: Vec<String> = all.iter().map(|case| json!(case.text).to_string()).collect();
    let coded: Vec<String> = all.iter().map(|case| escaped(&case.text)).collect();
    let first = site.write(STRANGER, &plain).await;
    let second = site.write(STRANGER, &coded).await;
    let expected: BTreeMap<&str, &Case> =
        first.iter().chain(&second).map(String::as_str).zip(all.iter().chain(&all)).collect();

    let inbox = site.get("/api/v1/conversations").await;
    let conversation = &inbox["conversations"][0];
    let stored = site.messages(conversation["id"].as_str().unwrap()).await;
    let mut seen = 0;
    for message in stored.iter().filter(|message| message["direction"] == "inbound") {
        let case = expected[message["provider_id"].as_str().unwrap()];
        assert_eq!(message["content"], case.text, "{}", case.of);
        assert_eq!(message["body"], json!({ "type": "text", "body": case.text }), "{}", case.of);
        seen += 1;
    }
    assert_eq!(seen, 2 * all.len(), "a message is missing");
    assert!(all.len() >= 200, "{}", all.len());
    println!("{} odd texts, each written plainly and escaped, read back to the letter", all.len());
    site.system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_character_costs_nothing_but_itself() {
    let site = Site::open().await;
    let halves: Vec<String> = [
        r#""\ud83d""#,
        r#""\udc77""#,
        r#""cut \ud83d!""#,
        r#""\udc77\ud83d""#,
        r#""\ud83d\ud83d\udc77""#,
        r#""\ud83d\u0041""#,
        r#""ok \ud83d\udc77 and \udbff""#,
        r#""\ud800\u0000\udfff""#,
    ]
    .map(str::to_owned)
    .to_vec();
    let ids = site.write(STRANGER, &halves).await;
    let inbox = site.get("/api/v1/conversations").await;
    let conversation = inbox["conversations"][0]["id"].as_str().unwrap();
    let stored = site.messages(conversation).await;
    for (id, half) in ids.iter().zip(&halves) {
        let found =
            stored.iter().find(|message| message["provider_id"] == **id).expect("it is kept");
        let content = found["content"].as_str().unwrap();
        assert!(content.contains('\u{fffd}'), "{half}: {content:?}");
        let whole = half.contains(r"\ud83d\udc77");
        assert_eq!(content.contains('👷'), whole, "{half}: {content:?}");
        let letters = if half.contains('!') { "cut " } else { "" };
        assert!(content.starts_with(letters), "{half}: {content:?}");
    }
    site.system.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_name_shows_all_there_is_to_it() {
    const PATH: &str = "/api/v1/organization";
    let office = Office::open_patient().await;
    let company = Company::found(&office, "ALFA").await;
    let mut etag = "\"v1\"".to_owned();
    let mut count = BTreeMap::new();
    for (place, case) in cases().into_iter().enumerate() {
        let body = json!({ "name": case.text });
        let answer = office.patch(&company.owner, PATH, &etag, &body).await;
        *count.entry(format!("{:?}", case.name)).or_insert(0) += 1;
        let fault = || answer.problem(422, "validation")["errors"][0]["code"].clone();
        match case.name {
            Name::Kept => {
                let words: Vec<&str> = case.text.split_whitespace().collect();
                assert_eq!(answer.status, 200, "{}: {:?}: {}", case.of, case.text, answer.body);
                let after = answer.json();
                assert_eq!(after["name"], words.join(" "), "{}: {:?}", case.of, case.text);
                etag = answer.header("etag").unwrap().to_owned();
                let read = office.get(&company.member, PATH).await.ok(200);
                assert_eq!(read["name"], after["name"], "{place}");
            }
            Name::Refused => {
                assert_eq!(fault(), "invisible_character", "{}: {:?}", case.of, case.text);
            }
            Name::Sized => {
                let long = case.text.chars().count() > NAME_CHARS_MAX;
                let code = if long { "too_long" } else { "too_short" };
                assert_eq!(fault(), code, "{}: {:?}", case.of, case.text);
            }
        }
    }
    assert!(count.values().all(|many| *many >= 10), "{count:?}");
    println!("names: {count:?}");
    // JSON cannot say half a character, so neither can a name.
    let headers = [("content-type", "application/json"), ("if-match", &*etag)];
    let body = axum::body::Body::from(r#"{"name":"Tower \ud83d"}"#);
    let answer = office.call(&company.owner, (http::Method::PATCH, PATH), &headers, body).await;
    answer.problem(400, "malformed_body");
    let name: Value = office.get(&company.owner, PATH).await.ok(200)["name"].clone();
    assert!(!name.as_str().unwrap().contains('\u{fffd}'), "{name}");
}
