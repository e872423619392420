//! A password somebody chooses: whether it will do, and its hash.

use std::ops::RangeInclusive;

use domain::email::Email;
use domain::{Error, Result};
use web::Fields;

use crate::{App, password};

const CHARS: RangeInclusive<usize> = password::CHARS_MIN..=password::CHARS_MAX;

/// Reads the member `password` of a body.
pub(crate) fn read(fields: &mut Fields) -> Option<String> {
    fields.text("password", CHARS)
}

/// Its hash, if it will do for this person. As many at once as there is memory for.
pub(crate) async fn hash(app: &App, chosen: String, email: &Email, name: &str) -> Result<String> {
    password::check_new(&chosen, email.as_str(), name)
        .map_err(|unfit| Error::field("/password", unfit.code(), unfit.to_string()))?;
    let _permit = app.comparisons.acquire().await.map_err(Error::internal)?;
    let edge = app.edge.clone();
    tokio::task::spawn_blocking(move || password::hash(&chosen, edge.ids()))
        .await
        .map_err(Error::internal)?
}
