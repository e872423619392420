//! JSON logs on standard output: one event per fact, never content.

use std::error::Error;
use std::fmt::Write;

use tracing_subscriber::EnvFilter;

use crate::environment::{Environment, Setting};

/// A chain longer than this is a cycle.
const MAX_DEPTH: usize = 16;

/// Starts logging at the environment's level. A second call changes nothing.
pub fn start(environment: &Environment) {
    let level = environment.optional(Setting::LogLevel).unwrap_or("info");
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .try_init();
    if started.is_err() {
        tracing::debug!("logs were started before");
    }
}

/// An error with all its causes, `outer: inner: innermost`.
///
/// The JSON formatter drops `source()`, so whoever logs a failure passes it through here.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    for _ in 0..MAX_DEPTH {
        let Some(inner) = cause else { break };
        // Writing to a String does not fail.
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use domain::Error;

    use super::chain;

    #[test]
    fn a_chain_names_every_cause() {
        let inner = Error::unavailable("connection refused");
        let outer = Error::internal(inner);
        assert_eq!(
            chain(&outer),
            "internal error: a dependency is unavailable: connection refused"
        );
    }
}
