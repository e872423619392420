//! The members of a request body, read one by one, every fault collected.

use std::ops::RangeInclusive;
use std::str::FromStr;

use domain::{Error, FieldError, Result, text};
use serde_json::{Map, Value};

mod changes;

pub use changes::Change;

/// A request body that can be read from its members.
///
/// `read` takes every member it knows, so that all faults are found; it may return `None` only
/// after a member was at fault. Members it does not take are refused.
pub trait Input: Sized {
    fn read(fields: &mut Fields) -> Option<Self>;
}

/// The members not read yet, and what was wrong with those that were.
#[derive(Debug)]
pub struct Fields {
    members: Map<String, Value>,
    errors: Vec<FieldError>,
    /// Where the members are in the body, as in `/branding`; empty for the body itself.
    within: String,
}

impl Fields {
    pub(crate) fn new(members: Map<String, Value>) -> Self {
        Self { members, errors: Vec::new(), within: String::new() }
    }

    /// A text that must be there, with a number of characters within `length`.
    pub fn text(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        if matches!(self.members.get(name), None | Some(Value::Null)) {
            self.members.remove(name);
            self.fault(name, "required", "this field is required");
            return None;
        }
        self.optional_text(name, length)
    }

    /// A text that may be absent or null.
    pub fn optional_text(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        match self.members.remove(name)? {
            Value::Null => None,
            Value::String(text) => {
                let characters = text.chars().count();
                if characters < *length.start() {
                    let message = format!("at least {} characters", length.start());
                    self.fault(name, "too_short", message);
                    None
                } else if characters > *length.end() {
                    self.fault(name, "too_long", format!("at most {} characters", length.end()));
                    None
                } else if !text::is_plain(&text) {
                    let message = "control characters are not accepted";
                    self.fault(name, "control_character", message);
                    None
                } else {
                    Some(text)
                }
            }
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.fault(name, "wrong_type", "expected a text");
                None
            }
        }
    }

    /// A line that must be there: a name or a title, as [`text::line`] leaves it, its number of
    /// characters within `length`.
    pub fn line(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        if self.tidy(name) { self.text(name, length) } else { None }
    }

    /// A line that may be absent or null.
    pub fn optional_line(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        if self.tidy(name) { self.optional_text(name, length) } else { None }
    }

    /// Puts a text's line in its place; false when it has none, which is then a fault.
    fn tidy(&mut self, name: &str) -> bool {
        let Some(Value::String(given)) = self.members.get(name) else { return true };
        if let Some(line) = text::line(given) {
            self.members.insert(name.to_owned(), Value::String(line));
            return true;
        }
        self.members.remove(name);
        let message = "characters that cannot be seen are not accepted";
        self.fault(name, "invisible_character", message);
        false
    }

    /// A text of a particular form that may be absent or null.
    pub fn optional_parsed<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let text = self.optional_text(name, 0..=1_000)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fault(name, "wrong_form", format!("expected {expected}"));
        }
        parsed
    }

    /// A text of a particular form that must be there.
    pub fn parsed<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let text = self.text(name, 0..=1_000)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fault(name, "wrong_form", format!("expected {expected}"));
        }
        parsed
    }

    /// A list of texts of at most a thousand characters; absent means empty.
    pub fn texts(&mut self, name: &str, count: RangeInclusive<usize>) -> Vec<String> {
        let values = match self.members.remove(name) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(values)) => values,
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                self.fault(name, "wrong_type", "expected a list of texts");
                return Vec::new();
            }
        };
        if !count.contains(&values.len()) {
            let message = format!("expected {} to {} members", count.start(), count.end());
            self.fault(name, "wrong_count", message);
            return Vec::new();
        }
        let texts: Vec<String> = values
            .iter()
            .filter_map(Value::as_str)
            .filter(|text| text.chars().count() <= 1_000)
            .map(str::to_owned)
            .collect();
        if texts.len() < values.len() {
            self.fault(name, "wrong_type", "expected a list of texts");
            return Vec::new();
        }
        texts
    }

    /// A yes or no; absent means no.
    pub fn flag(&mut self, name: &str) -> bool {
        match self.members.remove(name) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(flag)) => flag,
            Some(Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
                self.fault(name, "wrong_type", "expected true or false");
                false
            }
        }
    }

    /// Notes a fault of a member.
    pub fn fault(&mut self, name: &str, code: &'static str, message: impl Into<String>) {
        self.note(&pointer(name), code, message.into());
    }

    /// Notes a fault of one member of a list.
    pub fn fault_at(
        &mut self,
        name: &str,
        place: usize,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.note(&format!("{}/{place}", pointer(name)), code, message.into());
    }

    fn note(&mut self, at: &str, code: &'static str, message: String) {
        let pointer = format!("{}{at}", self.within);
        self.errors.push(FieldError { pointer, code, message });
    }

    /// The input, or everything that is wrong with it.
    pub(crate) fn finish<T: Input>(mut self) -> Result<T> {
        let input = T::read(&mut self);
        self.refuse_unread();
        match input {
            Some(input) if self.errors.is_empty() => Ok(input),
            Some(_) | None => Err(Error::Invalid(self.errors)),
        }
    }

    /// What nobody has read is refused, not ignored.
    fn refuse_unread(&mut self) {
        let unknown: Vec<String> = self.members.keys().take(20).cloned().collect();
        for name in unknown {
            self.fault(&name, "unknown_field", "there is no such field");
        }
    }
}

/// The JSON pointer (RFC 6901) to a member.
pub(crate) fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
