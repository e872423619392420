//! A password somebody chooses: whether it will do, and its hash.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use domain::{Error, Result};
use web::Fields;

use crate::{App, password};

/// Characters of a password that somebody may choose.
const CHARS: RangeInclusive<usize> = 12..=128;
/// Fewer different characters are a pattern, not a password.
const DIFFERENT_MIN: usize = 5;

/// Reads the member `password` of a body.
pub(crate) fn read(fields: &mut Fields) -> Option<String> {
    let password = fields.text("password", CHARS)?;
    if acceptable(&password) {
        return Some(password);
    }
    fields.fault("password", "too_weak", "choose one that is harder to guess");
    None
}

/// Whether a password of the right length is one that nobody guesses first.
fn acceptable(password: &str) -> bool {
    password.chars().collect::<BTreeSet<_>>().len() >= DIFFERENT_MIN
}

/// Hashes it, as many at once as there is memory for.
pub(crate) async fn hash(app: &App, password: String) -> Result<String> {
    let _permit = app.comparisons.acquire().await.map_err(Error::internal)?;
    let edge = app.edge.clone();
    tokio::task::spawn_blocking(move || password::hash(&password, edge.ids()))
        .await
        .map_err(Error::internal)?
}
