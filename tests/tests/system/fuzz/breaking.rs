//! Bodies broken in the ways that readers forget, and made smaller again.

use serde_json::{Map, Value, json};
use testkit::Dice;

/// Values that are of another type, at an edge, or look harmless.
fn odd(dice: &mut Dice) -> Value {
    let all = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("\u{202e}abc\u{2066}"),
        json!("\u{feff}x\u{200b}"),
        json!("👷\u{200d}♂️"),
        json!("e\u{301}".repeat(40)),
        json!("=cmd|' /C calc'!A0"),
        json!("../../etc/passwd"),
        json!("'; DROP TABLE users; --"),
        json!("{{7*7}}${7*7}<script>"),
        json!("9999-12-31T23:59:60Z"),
        json!("-009999-01-01T00:00:00Z"),
        json!("2026-03-01T08:00:00+25:61"),
        json!("P9999999999Y"),
        json!("1e9"),
        json!("+9715000000010000000000"),
        json!("a@b"),
        json!("a@xn--nxasmq6b.example"),
        json!("Asia/Dubai\0"),
        json!("prj_00000000000000000000000000"),
        json!("usr_zzzzzzzzzzzzzzzzzzzzzzzzzz"),
        json!("0.0.0.0/0"),
        json!("::ffff:127.0.0.1/200"),
        json!("http://169.254.169.254/"),
        json!("owner"),
        json!([]),
        json!([[]]),
        json!([null, null]),
        json!({}),
        json!({ "": "" }),
        json!({ "__proto__": { "role": "owner" } }),
        json!("x".repeat(5_000)),
    ];
    all[dice.below(all.len())].clone()
}

/// A body with up to six things wrong with it.
pub(super) fn broken(dice: &mut Dice, example: &Value) -> Vec<u8> {
    let mut body = example.clone();
    for _ in 0..dice.below(5) {
        let nodes = count(&body);
        let chosen = dice.below(nodes);
        change(&mut body, &mut { chosen }, dice);
    }
    let mut bytes = body.to_string().into_bytes();
    if dice.percent(30) {
        for _ in 0..=dice.below(3) {
            scratch(&mut bytes, dice);
        }
    }
    bytes
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Changes the node that so many others come before.
fn change(value: &mut Value, before: &mut usize, dice: &mut Dice) -> bool {
    if *before == 0 {
        change_here(value, dice);
        return true;
    }
    *before -= 1;
    match value {
        Value::Array(list) => list.iter_mut().any(|item| change(item, before, dice)),
        Value::Object(members) => members.values_mut().any(|item| change(item, before, dice)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn change_here(value: &mut Value, dice: &mut Dice) {
    match (dice.below(4), &mut *value) {
        (0, Value::Object(members)) => {
            let name = members.keys().nth(dice.below(members.len())).cloned();
            members.remove(&name.unwrap_or_default());
        }
        (1, Value::Object(members)) => {
            let name = members.keys().nth(dice.below(members.len())).cloned().unwrap_or_default();
            members.insert(name.to_uppercase(), odd(dice));
        }
        (2, Value::Object(members)) => {
            let names = ["id", "role", "tenant_id", "version", "", "a/b~c", "\u{202e}"];
            members.insert(names[dice.below(names.len())].to_owned(), odd(dice));
        }
        (0, Value::Array(list)) => {
            let again = list.first().cloned().unwrap_or_default();
            list.extend(std::iter::repeat_n(again, dice.below(60)));
        }
        (0, Value::String(text)) => {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let at = places.get(dice.below(places.len())).copied().unwrap_or(0);
            let code = u32::try_from(dice.below(0x3000)).unwrap_or(0);
            text.insert(at, char::from_u32(code).unwrap_or('\u{fffd}'));
        }
        (1, Value::String(text)) => *text = text.repeat(dice.below(30)),
        (2, Value::String(text)) => {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            text.truncate(places.get(dice.below(places.len())).copied().unwrap_or(0));
        }
        (3, inner) if dice.percent(30) => {
            let mut wrapped = inner.take();
            for _ in 0..=dice.below(90) {
                wrapped = if dice.percent(50) { json!([wrapped]) } else { json!({ "a": wrapped }) };
            }
            *inner = wrapped;
        }
        (_, inner) => *inner = odd(dice),
    }
}

/// One place of the text itself.
fn scratch(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let end = (at + dice.below(12)).min(bytes.len());
    match dice.below(5) {
        0 => drop(bytes.drain(at..end)),
        1 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        2 => bytes.insert(at, u8::try_from(dice.below(256)).unwrap_or(0)),
        3 => {
            let odd = ["1e999", "\\ud83d", "\\u0000", ",", "{", "]", "\"", "NaN", "/*", "\u{feff}"];
            bytes.splice(at..at, odd[dice.below(odd.len())].bytes());
        }
        _ => bytes.truncate(at),
    }
}

/// The same with one member, item or half of a text less.
pub(super) fn smaller(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        let parts = |size: usize| {
            (0..bytes.len()).step_by(size).map(move |from| {
                let to = (from + size).min(bytes.len());
                [&bytes[..from], &bytes[to..]].concat()
            })
        };
        let sizes = [bytes.len() / 2, bytes.len() / 8, 1];
        return sizes.into_iter().filter(|size| *size > 0).flat_map(parts).collect();
    };
    less(&body).into_iter().map(|value| value.to_string().into_bytes()).collect()
}

fn less(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(members) => {
            let mut all = Vec::new();
            for (name, inner) in members {
                let mut without: Map<String, Value> = members.clone();
                without.remove(name);
                all.push(Value::Object(without));
                for inner in less(inner) {
                    let mut with = members.clone();
                    with.insert(name.clone(), inner);
                    all.push(Value::Object(with));
                }
            }
            all
        }
        Value::Array(list) => (0..list.len().min(40))
            .map(|at| {
                let mut without = list.clone();
                without.remove(at);
                Value::Array(without)
            })
            .collect(),
        Value::String(text) => {
            let letters: Vec<char> = text.chars().collect();
            let half = letters.len() / 2;
            if half == 0 {
                return Vec::new();
            }
            let of = |part: &[char]| Value::String(part.iter().collect());
            vec![of(&letters[..half]), of(&letters[half..])]
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
