//! Amounts of resources as files write them.

use rust_decimal::Decimal;

use crate::network::WHOLE_UNIT;

/// Units, of which 1 is a whole one, in ten thousandths; none if negative or out of range.
pub(super) fn amount(units: Decimal) -> Option<u32> {
    let amount = units.checked_mul(Decimal::from(WHOLE_UNIT))?.round();
    u32::try_from(amount).ok().filter(|amount| *amount < 1 << 31)
}
