//! What a function knows of the world around it and what it tells it: the environment, the
//! machine's clock and randomness, JSON logs, metrics and the trace that joins them.
//!
//! Invariant: environment variables, the wall clock and the operating system's randomness are read
//! in this crate and nowhere else.

pub mod environment;
pub mod logs;
pub mod metrics;
pub mod system;
pub mod trace;

pub use environment::{Environment, Function, Setting};
pub use logs::chain;
pub use metrics::Metrics;
pub use system::{Machine, SystemClock, SystemIds};
pub use trace::Trace;
