//! The nested text in which Primavera stores a calendar.
//!
//! A node is `(0||name(key|value|key|value)(children))`. Only the parentheses mean something:
//! line breaks come as DEL characters or blanks, and project calendars have none at all.

use crate::exchange::ImportError;

const MOST_DEPTH: usize = 16;
const MOST_NODES: usize = 200_000;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Node<'a> {
    pub(super) name: &'a str,
    attributes: &'a str,
    pub(super) children: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    pub(super) fn child(&self, name: &str) -> Option<&Node<'a>> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The value of a key. The order of keys differs between exports.
    pub(super) fn value(&self, key: &str) -> Option<&'a str> {
        let mut parts = self.attributes.split('|');
        while let (Some(found), Some(value)) = (parts.next(), parts.next()) {
            if found.trim() == key {
                return Some(value.trim());
            }
        }
        None
    }
}

/// Reads the node that `text` starts with.
pub(super) fn parse(text: &str, line: usize) -> Result<Node<'_>, ImportError> {
    Reader { rest: text, line, nodes: 0 }.node(0)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn node(&mut self, depth: usize) -> Result<Node<'a>, ImportError> {
        self.nodes += 1;
        if depth > MOST_DEPTH {
            return Err(ImportError::Limit { line: self.line, what: "levels", most: MOST_DEPTH });
        }
        if self.nodes > MOST_NODES {
            return Err(ImportError::Limit { line: self.line, what: "nodes", most: MOST_NODES });
        }
        self.expect('(')?;
        let head = self.until('(')?;
        let name = head.rsplit('|').next().unwrap_or(head).trim();
        self.expect('(')?;
        let attributes = self.until(')')?;
        if attributes.contains('(') {
            return Err(self.error("`)` expected, `(` found"));
        }
        self.expect(')')?;
        self.expect('(')?;
        let mut children = Vec::new();
        while self.peek() == Some('(') {
            children.push(self.node(depth + 1)?);
        }
        self.expect(')')?;
        self.expect(')')?;
        Ok(Node { name, attributes, children })
    }

    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
        self.rest.chars().next()
    }

    fn expect(&mut self, wanted: char) -> Result<(), ImportError> {
        let found = self.peek();
        if found == Some(wanted) {
            self.rest = self.rest.get(wanted.len_utf8()..).unwrap_or_default();
            return Ok(());
        }
        let found = found.map_or("the end".to_owned(), |c| format!("`{c}`"));
        Err(self.error(&format!("`{wanted}` expected, {found} found")))
    }

    fn until(&mut self, end: char) -> Result<&'a str, ImportError> {
        let Some((text, _)) = self.rest.split_once(end) else {
            return Err(self.error(&format!("no `{end}`")));
        };
        self.rest = self.rest.get(text.len()..).unwrap_or_default();
        Ok(text)
    }

    fn error(&self, reason: &str) -> ImportError {
        ImportError::malformed(self.line, "CALENDAR.clndr_data", reason)
    }
}
