//! `openapi.json`, written by the same test that fails when it is stale.

use crate::run::{Outcome, cargo};

pub(crate) fn openapi() -> Outcome<()> {
    cargo(
        &["test", "--workspace", "--test", "system", "openapi"],
        // `expect-test` rewrites the expected file when this is set.
        &[("UPDATE_EXPECT", "1")],
    )
}
