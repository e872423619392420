//! The tables of a file, as they stand.

use std::collections::HashMap;

use crate::exchange::{Account, ImportError};

/// Most rows of a file: the largest published exports have less than a million.
const MOST_ROWS: usize = 4_000_000;
const MOST_FIELDS: usize = 500;
/// Tables that are read. Of others the rows are counted.
const WANTED: [&str; 9] = [
    "CALENDAR",
    "PROJECT",
    "PROJWBS",
    "RSRC",
    "SCHEDOPTIONS",
    "TASK",
    "TASKPRED",
    "TASKRSRC",
    "EXCEPTION",
];

/// A table whose rows are read.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    pub(super) line: usize,
    fields: HashMap<&'a str, usize>,
    width: usize,
    pub(super) rows: Vec<RawRow<'a>>,
}

#[derive(Debug)]
pub(super) struct RawRow<'a> {
    pub(super) line: usize,
    values: Vec<&'a str>,
}

#[derive(Debug, Default)]
pub(super) struct Tables<'a> {
    by_name: HashMap<&'a str, Table<'a>>,
    pub(super) last_line: usize,
    /// The release that wrote the file: 6 of `6.0.0`.
    pub(super) release: Option<u32>,
}

impl<'a> Tables<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&Table<'a>> {
        self.by_name.get(name)
    }
}

impl<'a> Table<'a> {
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    pub(super) fn value(&self, row: &RawRow<'a>, field: &str) -> &'a str {
        let place = self.fields.get(field);
        place.and_then(|place| row.values.get(*place)).map_or("", |value| value.trim())
    }
}

/// Where the reading of lines stands.
#[derive(Default)]
struct Splitter<'a> {
    tables: Tables<'a>,
    /// The table at hand, and whether its rows are kept.
    name: Option<(&'a str, bool)>,
    table: Table<'a>,
    rows: usize,
    rows_skipped: usize,
}

pub(super) fn split<'a>(text: &'a str, account: &mut Account) -> Result<Tables<'a>, ImportError> {
    if !text.starts_with("ERMHDR") {
        return Err(ImportError::WrongFormat {
            expected: "a Primavera export",
            reason: "line 1 does not start with ERMHDR".to_owned(),
        });
    }
    let mut splitter = Splitter::default();
    for (line, content) in (1..).zip(text.split('\n')) {
        let content = content.strip_suffix('\r').unwrap_or(content);
        splitter.tables.last_line = line;
        let (marker, rest) = content.split_once('\t').unwrap_or((content, ""));
        match marker {
            "ERMHDR" if line == 1 => {
                let version = rest.split(['\t', '.']).next();
                splitter.tables.release = version.and_then(|number| number.parse().ok());
            }
            "%T" => {
                splitter.close(account);
                splitter.open(line, rest.trim());
            }
            "%F" => splitter.fields(line, rest)?,
            "%R" => splitter.row(line, rest, account)?,
            "%E" => break,
            "" if rest.is_empty() => {}
            _ => splitter.stray(line, account)?,
        }
    }
    splitter.close(account);
    Ok(splitter.tables)
}

impl<'a> Splitter<'a> {
    fn open(&mut self, line: usize, name: &'a str) {
        let is_wanted = WANTED.contains(&name);
        self.name = Some((name, is_wanted));
        self.table = Table { line, ..Table::default() };
        self.rows_skipped = 0;
    }

    /// Puts the table at hand away. The same table a second time adds to the first.
    fn close(&mut self, account: &mut Account) {
        let Some((name, is_wanted)) = self.name.take() else { return };
        if !is_wanted {
            if self.rows_skipped > 0 {
                account.skipped_rows(self.table.line, self.rows_skipped, name);
            }
            return;
        }
        let table = std::mem::take(&mut self.table);
        match self.tables.by_name.get_mut(name) {
            Some(first) if first.fields == table.fields => first.rows.extend(table.rows),
            Some(_) => account.skipped_rows(table.line, table.rows.len(), name),
            None => {
                self.tables.by_name.insert(name, table);
            }
        }
    }

    fn fields(&mut self, line: usize, rest: &'a str) -> Result<(), ImportError> {
        if self.name.is_none() {
            return Err(ImportError::malformed(line, "%F", "fields before a table"));
        }
        let names = rest.split('\t').map(str::trim);
        self.table.fields = names.zip(0..).filter(|(name, _)| !name.is_empty()).collect();
        self.table.width = rest.split('\t').count();
        if self.table.width > MOST_FIELDS {
            return Err(ImportError::Limit { line, what: "fields", most: MOST_FIELDS });
        }
        Ok(())
    }

    fn row(
        &mut self,
        line: usize,
        rest: &'a str,
        account: &mut Account,
    ) -> Result<(), ImportError> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(ImportError::Limit { line, what: "rows", most: MOST_ROWS });
        }
        let Some((name, is_wanted)) = self.name else {
            return Err(ImportError::malformed(line, "%R", "a row before a table"));
        };
        if !is_wanted {
            self.rows_skipped += 1;
            return Ok(());
        }
        if self.table.width == 0 {
            return Err(ImportError::malformed(line, name, "a row before the fields"));
        }
        let values: Vec<&str> = rest.split('\t').take(MOST_FIELDS).collect();
        let beyond = values.iter().skip(self.table.width).any(|value| !value.trim().is_empty());
        if beyond {
            let reason = format!("{} values for {} fields", values.len(), self.table.width);
            return Err(ImportError::malformed(line, name, reason));
        }
        if values.len() < self.table.width {
            let reason = format!(
                "{} values for {} fields; the others are taken as empty",
                values.len(),
                self.table.width
            );
            account.altered(line, name, values.first().unwrap_or(&""), reason);
        }
        self.table.rows.push(RawRow { line, values });
        Ok(())
    }

    /// A line without a marker goes on with the text of the row before, as notes may.
    fn stray(&mut self, line: usize, account: &mut Account) -> Result<(), ImportError> {
        let Some((name, is_wanted)) = self.name else {
            return Err(ImportError::malformed(line, "%T", "a line that no table owns"));
        };
        let is_short =
            self.table.rows.last().is_some_and(|row| row.values.len() < self.table.width);
        if is_wanted && (is_short || self.table.rows.is_empty()) {
            return Err(ImportError::malformed(line, name, "a line without %T, %F, %R or %E"));
        }
        account.skipped(line, name, name, "a line break inside a value: the rest is left out");
        Ok(())
    }
}
