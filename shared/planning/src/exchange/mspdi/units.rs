//! Values of elements: dates, durations, numbers, flags.

use rust_decimal::Decimal;

use super::element::Element;
use crate::calendar::Moment;
use crate::exchange::ImportError;
use crate::network::MOST_MINUTES;

impl Element {
    pub(super) fn flag(&self, field: &str) -> Option<bool> {
        match self.text(field).to_ascii_lowercase().as_str() {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        }
    }

    pub(super) fn whole(&self, field: &str) -> Result<Option<i64>, ImportError> {
        match self.text(field) {
            "" => Ok(None),
            text => match text.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(self.error(field, &format!("`{text}` is not a whole number"))),
            },
        }
    }

    /// Percent, as basis points from 0 to 10,000. MS Project writes whole ones, others do not.
    pub(super) fn percent(&self, field: &str) -> Result<u16, ImportError> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(0);
        }
        let Ok(percent) = text.parse::<Decimal>() else {
            return Err(self.error(field, &format!("`{text}` is not a percentage")));
        };
        let percent = percent.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED);
        Ok(u16::try_from((percent * Decimal::ONE_HUNDRED).round()).unwrap_or_default())
    }

    pub(super) fn moment(&self, field: &str) -> Result<Option<Moment>, ImportError> {
        match self.text(field) {
            // What MS Project writes for no date.
            "" | "NA" => Ok(None),
            text => match text.parse() {
                Ok(at) => Ok(Some(at)),
                Err(_) => Err(self.error(field, &format!("`{text}` is not a date"))),
            },
        }
    }

    /// `PT8H0M0S`, to the minute.
    pub(super) fn duration(&self, field: &str) -> Result<Option<i64>, ImportError> {
        match self.text(field) {
            "" => Ok(None),
            text => match duration(text).filter(|minutes| minutes.abs() <= MOST_MINUTES) {
                Some(minutes) => Ok(Some(minutes)),
                None => Err(self.error(field, &format!("`{text}` is not a duration"))),
            },
        }
    }

    /// Tenths of a minute, as minutes, however many: a slack may be as long as the calendar. Older
    /// files write them with decimals.
    pub(super) fn tenths(&self, field: &str) -> Result<Option<i64>, ImportError> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let minutes = text.parse::<Decimal>().ok().and_then(|tenths| {
            let minutes = tenths.checked_div(Decimal::TEN)?;
            let away = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
            i64::try_from(minutes.round_dp_with_strategy(0, away)).ok()
        });
        match minutes {
            Some(minutes) => Ok(Some(minutes)),
            None => Err(self.error(field, &format!("`{text}` is not tenths of a minute"))),
        }
    }
}

/// Minutes of `PnDTnHnMnS`, of which any part may be missing and a day has 24 hours.
pub(super) fn duration(text: &str) -> Option<i64> {
    let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (days, time) = rest.strip_prefix('P')?.split_once('T').unwrap_or((rest.get(1..)?, ""));
    let mut seconds = Decimal::ZERO;
    for (part, units) in
        [(days, [('D', 86_400)].as_slice()), (time, [('H', 3_600), ('M', 60), ('S', 1)].as_slice())]
    {
        let mut rest = part;
        for (unit, size) in units {
            if let Some((number, after)) = rest.split_once(*unit) {
                let amount = number.parse::<Decimal>().ok()?;
                seconds = seconds.checked_add(amount.checked_mul(Decimal::from(*size))?)?;
                rest = after;
            }
        }
        if !rest.is_empty() {
            return None;
        }
    }
    let minutes = i64::try_from((seconds / Decimal::from(60)).round()).ok()?;
    Some(sign * minutes)
}

/// Whether a unit of durations or lags is one of the clock: `ed`, `eh`, `e%` and so on.
pub(super) fn is_elapsed(format: i64) -> bool {
    matches!(format, 4 | 6 | 8 | 10 | 12 | 20 | 36 | 38 | 40 | 42 | 44 | 52)
}

/// Whether a unit of lags is percent of the predecessor's duration.
pub(super) fn is_percent(format: i64) -> bool {
    matches!(format, 19 | 20 | 51 | 52)
}
