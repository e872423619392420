//! Decimal arithmetic that says when a number no longer fits, where the operators would panic.

use rust_decimal::Decimal;

use super::figure::Undefined;

type Outcome = Result<Decimal, Undefined>;

pub(crate) fn add(a: Decimal, b: Decimal) -> Outcome {
    a.checked_add(b).ok_or(Undefined::OutOfRange)
}

pub(crate) fn sub(a: Decimal, b: Decimal) -> Outcome {
    a.checked_sub(b).ok_or(Undefined::OutOfRange)
}

pub(crate) fn mul(a: Decimal, b: Decimal) -> Outcome {
    a.checked_mul(b).ok_or(Undefined::OutOfRange)
}

/// `a / b`; a denominator of zero has the caller's reason.
pub(crate) fn div(a: Decimal, b: Decimal, when_zero: Undefined) -> Outcome {
    if b.is_zero() {
        return Err(when_zero);
    }
    a.checked_div(b).ok_or(Undefined::OutOfRange)
}

/// `a * b / c`. Multiplying first keeps what a division first would round away.
pub(crate) fn mul_div(a: Decimal, b: Decimal, c: Decimal, when_zero: Undefined) -> Outcome {
    div(mul(a, b)?, c, when_zero)
}

pub(crate) fn sum(values: impl IntoIterator<Item = Decimal>) -> Outcome {
    values.into_iter().try_fold(Decimal::ZERO, add)
}

/// `(value - base) / base * 100`.
pub(crate) fn percent_over(value: Decimal, base: Decimal, when_zero: Undefined) -> Outcome {
    mul_div(sub(value, base)?, Decimal::ONE_HUNDRED, base, when_zero)
}

/// A constant, in hundredths: 35 is 0.35.
pub(crate) const fn hundredths(count: u32) -> Decimal {
    Decimal::from_parts(count, 0, 0, false, 2)
}
