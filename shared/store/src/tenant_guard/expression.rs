//! The few things a guard has to know of DynamoDB's expressions.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// An expression and what its names and values stand for.
#[derive(Clone, Copy)]
pub(super) struct Expression<'a> {
    pub(super) text: Option<&'a str>,
    pub(super) names: Option<&'a HashMap<String, String>>,
    pub(super) values: Option<&'a HashMap<String, AttributeValue>>,
}

impl<'a> Expression<'a> {
    /// What an attribute is set or compared to by `=`. `Some(None)` for anything but a text value.
    pub(super) fn equals(self, attribute: &str) -> impl Iterator<Item = Option<&'a str>> {
        let words: Vec<&str> = words(self.text.unwrap_or_default()).collect();
        let found: Vec<Option<&str>> = words
            .windows(3)
            .filter_map(|window| match window {
                [name, "=", value] if self.name(name) == attribute => Some(self.value(value)),
                _ => None,
            })
            .collect();
        found.into_iter()
    }

    fn name(self, word: &'a str) -> &'a str {
        self.names.and_then(|names| names.get(word)).map_or(word, String::as_str)
    }

    fn value(self, word: &str) -> Option<&'a str> {
        self.values?.get(word)?.as_s().ok().map(String::as_str)
    }
}

/// Names, values and keywords as they stand, and signs one by one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '#' | ':' | '_' | '.' | '[' | ']');
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let end = if is_part(first) {
            rest.find(|c: char| !is_part(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn an_expression_falls_into_its_words() {
        let text = "#pk=:pk AND begins_with(sk, :a) SET doc.x = doc.x+:n,ver = :v";
        let found: Vec<&str> = words(text).collect();
        assert_eq!(
            found.join(" "),
            "#pk = :pk AND begins_with ( sk , :a ) SET doc.x = doc.x + :n , ver = :v"
        );
    }
}
