//! Whose data this is: the scope every read and write demands, and how it is earned.
//!
//! Invariant: a [`TenantScope`] cannot be made from a tenant id. It is earned from a verified
//! token or API key, from a row of the directory or an envelope of our own queues ([`Routed`]),
//! from the key of one of our own stream records, from a text that only we can have made
//! ([`proof`], [`vault`]), or by founding a new tenant.

mod caller;
mod claims;
pub mod key;
pub mod password;
pub mod policy;
pub mod proof;
pub mod rotation;
pub mod scope;
pub mod secrets;
mod signer;
pub mod vault;
mod verifier;

pub use caller::{Caller, Credential};
pub use scope::{Account, Routed, TenantScope};
pub use signer::{IssuedToken, Signer, Subject};
pub use verifier::{Jwk, JwkSet, TokenFault, Verifier};
