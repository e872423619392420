//! The AWS SDK's clients, built by hand, and the secrets they fetch.
//!
//! Invariant: nothing here reads a profile, a metadata service or the system's certificates: the
//! credentials come from the environment, the region too, and AWS hosts are trusted through five
//! bundled roots. Loading all that is most of a cold start.

mod clients;
pub mod secrets;
mod transport;

pub use clients::{AwsClients, Endpoints, Service};
pub use secrets::{SecretText, Secrets};
