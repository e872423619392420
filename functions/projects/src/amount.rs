//! Money in answers: never a float.

use domain::Money;
use serde::Serialize;
use utoipa::ToSchema;

/// An amount of a currency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Amount {
    /// Decimal, with the currency's digits after the point.
    #[schema(example = "1500.00")]
    amount: String,
    /// ISO 4217.
    #[schema(example = "AED")]
    currency: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { amount: money.amount().to_string(), currency: money.currency().to_string() }
    }
}
