//! A JSON object read one level at a time, leniently.
//!
//! A field of the wrong type reads as absent instead of failing its object, and every value can be
//! had as the text it was. Nothing recurses, so depth costs no stack.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The longest identifier read: Meta's run to about 150 characters.
const MAX_ID_LEN: usize = 512;

/// The fields of an object, each as its raw text. The last of repeated keys counts.
pub(crate) struct Object<'a> {
    /// By key, each key once.
    fields: Vec<(Text<'a>, &'a RawValue)>,
}

impl<'a> Object<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    pub(crate) fn of(raw: &'a RawValue) -> Option<Self> {
        Self::parse(raw.get()).ok()
    }

    /// Every field, `null` ones included.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.fields.iter().map(|(key, value)| (&*key.0, *value))
    }

    /// The field, unless it is absent or `null`.
    pub(crate) fn raw(&self, key: &str) -> Option<&'a RawValue> {
        let place = self.fields.binary_search_by(|(other, _)| (*other.0).cmp(key)).ok()?;
        let (_, raw) = self.fields.get(place)?;
        (raw.get() != "null").then_some(*raw)
    }

    /// A string.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        text(self.raw(key)?)
    }

    /// A string that says something.
    pub(crate) fn words(&self, key: &str) -> Option<String> {
        self.text(key).filter(|text| !text.is_empty())
    }

    /// An identifier: a string or integer, not empty, of sane length.
    pub(crate) fn id(&self, key: &str) -> Option<String> {
        self.scalar(key).filter(|id| (1..=MAX_ID_LEN).contains(&id.len()))
    }

    /// A number, or a string that spells one.
    pub(crate) fn number<T: FromStr>(&self, key: &str) -> Option<T> {
        self.scalar(key)?.parse().ok()
    }

    /// Epoch seconds, spelled either way.
    pub(crate) fn time(&self, key: &str) -> Option<Timestamp> {
        Timestamp::from_second(self.number(key)?).ok()
    }

    /// `true`, spelled either way.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.scalar(key).as_deref() == Some("true")
    }

    pub(crate) fn object(&self, key: &str) -> Option<Self> {
        Self::of(self.raw(key)?)
    }

    pub(crate) fn list(&self, key: &str) -> Option<Vec<&'a RawValue>> {
        serde_json::from_str(self.raw(key)?.get()).ok()
    }

    /// The objects of a list; what is not an object is left out.
    pub(crate) fn objects(&self, key: &str) -> Vec<Self> {
        self.list(key).unwrap_or_default().into_iter().filter_map(Self::of).collect()
    }

    /// A string, number or boolean, as text.
    pub(crate) fn scalar(&self, key: &str) -> Option<String> {
        let raw = self.raw(key)?;
        match raw.get().as_bytes().first()? {
            b'{' | b'[' => None,
            b'"' => text(raw),
            _ => Some(raw.get().to_owned()),
        }
    }
}

fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str::<Text<'_>>(raw.get()).ok().map(|text| text.0.into_owned())
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object<'de>, M::Error> {
        let mut fields: Vec<(Text<'de>, &'de RawValue)> = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        // The last one first; sorting leaves equal keys as they are.
        fields.reverse();
        fields.sort_by(|(one, _), (other, _)| one.0.cmp(&other.0));
        fields.dedup_by(|(later, _), (kept, _)| later.0 == kept.0);
        Ok(Object { fields })
    }
}

/// A string in which a lone UTF-16 surrogate, which a cut emoji leaves behind, becomes U+FFFD
/// instead of failing everything around it.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde_json hands a string out as bytes when asked, surrogates and all.
        deserializer.deserialize_bytes(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Text<'de>, E> {
        Ok(Text(String::from_utf8_lossy(bytes)))
    }

    /// One with escapes.
    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Text<'de>, E> {
        Ok(Text(String::from_utf8_lossy(bytes).into_owned().into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(text.to_owned().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::Object;

    #[test]
    fn every_reader_takes_both_spellings_and_never_fails_its_neighbours() {
        let text = r#"{"a":"7","b":7,"c":true,"d":"true","e":null,"f":[],"g":{"x":1},"h":"","\ud83d":1,"i":"cut \ud83d!"}"#;
        let object = Object::parse(text).unwrap();
        assert_eq!(object.number::<i64>("a"), Some(7));
        assert_eq!(object.number::<i64>("b"), Some(7));
        assert_eq!(object.id("b").as_deref(), Some("7"));
        assert!(object.is_true("c") && object.is_true("d") && !object.is_true("a"));
        assert!(object.raw("e").is_none() && object.text("b").is_none());
        assert!(object.id("f").is_none() && object.id("g").is_none() && object.id("h").is_none());
        assert_eq!(object.object("g").and_then(|g| g.number::<u8>("x")), Some(1));
        let cut = object.text("i").unwrap();
        assert!(cut.starts_with("cut \u{fffd}") && cut.ends_with('!'), "{cut}");
        assert_eq!(object.iter().count(), 10);
    }

    #[test]
    fn the_last_of_repeated_keys_counts_however_it_is_spelled() {
        let text = r#"{"b":1,"a":1,"\u0061":2,"c":3,"a":4,"b":null}"#;
        let object = Object::parse(text).unwrap();
        let fields: Vec<_> = object.iter().map(|(key, raw)| (key, raw.get())).collect();
        assert_eq!(fields, [("a", "4"), ("b", "null"), ("c", "3")]);
        assert!(Object::parse(r#"["a"]"#).is_err() && Object::parse(r#"{"a":1} x"#).is_err());
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = format!(r#"{{"x":{}{},"id":"1"}}"#, "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(Object::parse(&deep).unwrap().id("id").as_deref(), Some("1"));
    }
}
