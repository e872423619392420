//! Typed values of a row.

use super::tables::{RawRow, Table};
use crate::calendar::Moment;
use crate::exchange::ImportError;
use crate::network::MOST_MINUTES;

/// A row with the names of its fields.
#[derive(Clone, Copy)]
pub(super) struct Row<'t, 'a> {
    pub(super) table: &'t Table<'a>,
    pub(super) raw: &'t RawRow<'a>,
}

pub(super) fn rows<'t, 'a>(table: Option<&'t Table<'a>>) -> impl Iterator<Item = Row<'t, 'a>> {
    table.into_iter().flat_map(|table| table.rows.iter().map(move |raw| Row { table, raw }))
}

impl<'a> Row<'_, 'a> {
    pub(super) fn line(&self) -> usize {
        self.raw.line
    }

    pub(super) fn text(&self, field: &str) -> &'a str {
        self.table.value(self.raw, field)
    }

    /// A value that must be there.
    pub(super) fn required(&self, field: &str) -> Result<&'a str, ImportError> {
        match self.text(field) {
            "" => Err(self.error(field, "is missing")),
            value => Ok(value),
        }
    }

    pub(super) fn flag(&self, field: &str) -> Option<bool> {
        match self.text(field) {
            "Y" | "y" => Some(true),
            "N" | "n" => Some(false),
            _ => None,
        }
    }

    pub(super) fn date(&self, field: &str) -> Result<Option<Moment>, ImportError> {
        match self.text(field) {
            "" => Ok(None),
            text => match text.parse() {
                Ok(at) => Ok(Some(at)),
                Err(_) => Err(self.error(field, &format!("`{text}` is not a date"))),
            },
        }
    }

    /// Hours, as minutes.
    pub(super) fn minutes(&self, field: &str) -> Result<Option<i64>, ImportError> {
        let hours = self.decimal(field)?;
        let minutes = hours.map(|hours| hours.checked_mul(60.into()).map(|all| all.round()));
        match minutes {
            None => Ok(None),
            Some(minutes) => {
                let whole = minutes.and_then(|minutes| i64::try_from(minutes).ok());
                match whole.filter(|minutes| minutes.abs() <= MOST_MINUTES) {
                    Some(minutes) => Ok(Some(minutes)),
                    None => Err(self.error(field, "is out of range")),
                }
            }
        }
    }

    pub(super) fn decimal(
        &self,
        field: &str,
    ) -> Result<Option<rust_decimal::Decimal>, ImportError> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        // Some locales write a comma, and very small figures come in scientific notation.
        let plain = text.replace(',', ".");
        let parsed = plain
            .parse()
            .or_else(|_| rust_decimal::Decimal::from_scientific(&plain))
            .map_err(|_| self.error(field, &format!("`{text}` is not a number")))?;
        Ok(Some(parsed))
    }

    pub(super) fn error(&self, field: &str, reason: &str) -> ImportError {
        ImportError::malformed(self.line(), field, reason)
    }
}
