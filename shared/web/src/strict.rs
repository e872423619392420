//! JSON that means one thing only.
//!
//! What parsers disagree about is refused instead of read: a member given twice (RFC 8259 §4), a
//! number that no double can hold, half a surrogate pair, and nesting deeper than any body of ours.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Bodies are objects of texts and lists; an interactive message has the deepest, of six.
const DEPTH_MAX: usize = 32;

/// Reads one JSON text, whole.
pub(crate) fn parse(bytes: &[u8]) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Level(DEPTH_MAX).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// How much deeper a value may go.
#[derive(Clone, Copy)]
struct Level(usize);

impl Level {
    fn below<E: Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(below)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            let value = object.next_value_seed(below)?;
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is given twice"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::parse;

    #[test]
    fn it_reads_what_every_parser_reads_and_refuses_what_they_disagree_about() {
        let text = r#" {"a": [1, -2.5, 1e3, "й\n\ud83d\ude00", true, null, {"a": {}}]} "#;
        let read = parse(text.as_bytes()).unwrap();
        assert_eq!(read, serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(parse(b"18446744073709551615").unwrap(), json!(u64::MAX));

        let deep = |depth: usize| format!("{}0{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(deep(32).as_bytes()).is_ok());
        for (name, text) in [
            ("twice", r#"{"a": 1, "a": 1}"#.to_owned()),
            ("twice inside", r#"[{"b": {"a": 1, "a": 2}}]"#.to_owned()),
            ("twice, once escaped", r#"{"a": 1, "\u0061": 2}"#.to_owned()),
            ("NaN", r#"{"a": NaN}"#.to_owned()),
            ("infinity", r#"{"a": -Infinity}"#.to_owned()),
            ("too large a number", r#"{"a": 1e999}"#.to_owned()),
            ("half a pair", r#"{"a": "\ud800"}"#.to_owned()),
            ("the other half", r#"{"a": "\udc00"}"#.to_owned()),
            ("a pair the wrong way round", r#"{"a": "\udc00\ud800"}"#.to_owned()),
            ("a bare control character", "{\"a\": \"\u{1}\"}".to_owned()),
            ("depth 33", deep(33)),
            ("depth 200", deep(200)),
            ("depth 100,000", deep(100_000)),
            ("objects, depth 200", format!("{}1{}", r#"{"a":"#.repeat(200), "}".repeat(200))),
            ("something after", "{} {}".to_owned()),
            ("nothing", String::new()),
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{name}");
        }
        assert!(parse(b"{\"a\": \"\xff\"}").is_err());
    }
}
