//! The languages the product speaks.

use serde::{Deserialize, Serialize};

/// A language the product understands and answers in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    Ar,
    Ru,
}
