//! A body that says nothing.

use web::{Fields, Input};

/// No body, or an empty object.
pub(crate) struct Nothing;

impl Input for Nothing {
    fn read(_: &mut Fields) -> Option<Self> {
        Some(Self)
    }
}
