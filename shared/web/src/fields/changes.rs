//! Members of a PATCH, where absent and null differ; choices, numbers, objects in objects.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::Fields;

/// What a body says of a member that may be cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<T> {
    /// Nothing: the member is absent, or at fault.
    Keep,
    /// Null.
    Clear,
    Set(T),
}

impl<T> Change<T> {
    /// The value after the change.
    pub fn applied(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl Fields {
    /// A member that may be cleared, read by `read` when it is neither absent nor null.
    pub fn change<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self, &str) -> Option<T>,
    ) -> Change<T> {
        match self.members.get(name) {
            None => Change::Keep,
            Some(Value::Null) => {
                self.members.remove(name);
                Change::Clear
            }
            Some(_) => read(self, name).map_or(Change::Keep, Change::Set),
        }
    }

    /// A member that may be absent but not null.
    pub fn replacement<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self, &str) -> Option<T>,
    ) -> Option<T> {
        match self.change(name, read) {
            Change::Keep => None,
            Change::Set(value) => Some(value),
            Change::Clear => {
                self.fault(name, "required", "this field cannot be empty");
                None
            }
        }
    }

    /// One of a few words; absent or null is none.
    pub fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.optional_text(name, 0..=100)?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.fault(name, "not_a_choice", format!("one of {}", words.join(", ")));
        }
        found
    }

    /// A whole number; absent or null is none.
    pub fn number(&mut self, name: &str, within: RangeInclusive<u32>) -> Option<u32> {
        let value = self.members.remove(name).filter(|value| !value.is_null())?;
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let held = number.filter(|number| within.contains(number));
        if held.is_none() {
            let message = format!("a whole number from {} to {}", within.start(), within.end());
            let code = if value.is_number() { "out_of_range" } else { "wrong_type" };
            self.fault(name, code, message);
        }
        held
    }

    /// An object in the object; absent or null is none. Its members are read by `read`, and those
    /// that are not are refused.
    pub fn object<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        match self.members.remove(name)? {
            Value::Null => None,
            Value::Object(members) => {
                let within = format!("{}/{name}", self.within);
                let mut inner = Self { members, errors: Vec::new(), within };
                let value = read(&mut inner);
                inner.refuse_unread();
                self.errors.append(&mut inner.errors);
                value
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                self.fault(name, "wrong_type", "expected an object");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Error;
    use serde_json::{Value, json};

    use crate::fields::{Change, Fields, Input};

    #[derive(Debug, PartialEq)]
    struct Patch {
        name: Option<String>,
        slug: Change<String>,
        users: Option<u32>,
        day: Option<u8>,
    }

    impl Input for Patch {
        fn read(fields: &mut Fields) -> Option<Self> {
            let name = fields.replacement("name", |fields, name| fields.optional_text(name, 2..=5));
            let slug = fields.change("slug", |fields, name| fields.optional_text(name, 1..=5));
            let users = fields.object("limits", |fields| fields.number("users", 1..=9));
            let day = fields.choice("day", &[("monday", 1), ("sunday", 7)]);
            Some(Self { name, slug, users, day })
        }
    }

    fn read(body: Value) -> Result<Patch, Vec<(String, &'static str)>> {
        let Value::Object(members) = body else { panic!("no object") };
        Fields::new(members).finish().map_err(|error| match error {
            Error::Invalid(faults) => {
                faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
            }
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn absent_null_and_a_value_differ_and_every_fault_has_its_place() {
        let nothing = Patch { name: None, slug: Change::Keep, users: None, day: None };
        assert_eq!(read(json!({})), Ok(nothing));
        let all =
            json!({ "name": "Omar", "slug": null, "limits": { "users": 9 }, "day": "sunday" });
        let name = Some("Omar".to_owned());
        let expected = Patch { name, slug: Change::Clear, users: Some(9), day: Some(7) };
        assert_eq!(read(all), Ok(expected));
        assert_eq!(read(json!({ "slug": "abc" })).unwrap().slug, Change::Set("abc".to_owned()));
        let bad = json!({
            "name": null, "slug": 7, "limits": { "users": 10, "role": 1 }, "day": "friday", "id": 1
        });
        let faults = [
            ("/name", "required"),
            ("/slug", "wrong_type"),
            ("/limits/users", "out_of_range"),
            ("/limits/role", "unknown_field"),
            ("/day", "not_a_choice"),
            ("/id", "unknown_field"),
        ];
        let faults = faults.map(|(pointer, code)| (pointer.to_owned(), code)).to_vec();
        assert_eq!(read(bad), Err(faults));
        let wrong = read(json!({ "limits": [], "day": 1 })).unwrap_err();
        assert!(wrong.iter().all(|(_, code)| *code == "wrong_type") && wrong.len() == 2);
    }
}
