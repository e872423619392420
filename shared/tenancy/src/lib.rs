//! Whose data this is: the scope every read and write demands, and how it is earned.
//!
//! Invariant: a [`TenantScope`] cannot be made from a tenant id. It is earned from a verified
//! token, from a row of the directory or an envelope of our own queues ([`Routed`]), from the key
//! of one of our own stream records, or by founding a new tenant.

pub mod scope;

pub use scope::{Account, Routed, TenantScope};
