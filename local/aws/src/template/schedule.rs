//! Schedule expressions.

use std::time::Duration;

use anyhow::{Context as _, bail};

/// The interval of `rate(5 minutes)`. A `cron` expression is refused: nothing here uses one.
pub(crate) fn interval(expression: &str) -> anyhow::Result<Duration> {
    let inner = expression
        .trim()
        .strip_prefix("rate(")
        .and_then(|rest| rest.strip_suffix(')'))
        .with_context(|| format!("{expression} is not a rate"))?;
    let (number, unit) = inner.trim().split_once(' ').context("a rate is a number and a unit")?;
    let number: u64 = number.parse().context("a rate begins with a number")?;
    let seconds: u64 = match unit.trim() {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 60 * 60,
        "day" | "days" => 24 * 60 * 60,
        other => bail!("{other} is not a unit of a rate"),
    };
    if number == 0 {
        bail!("a rate is at least 1");
    }
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}
