//! What every function of the HTTP API has in common: who calls, what they ask, how they are
//! answered.
//!
//! Invariants: every answer that is not a success is a problem document; every answer names its
//! request and carries the security headers; a tenant comes from a verified token alone; no log
//! line and no metric carries what a request or an answer said.

pub mod access;
mod api_keys;
mod arrival;
mod body;
pub mod boot;
mod cursor;
mod edge;
mod fields;
mod idempotency;
mod keys;
mod layers;
pub mod openapi;
mod paging;
mod path;
mod permissions;
mod problem;

pub use access::SignedIn;
pub use arrival::Arrival;
pub use body::{FormOrJson, JsonBody};
pub use edge::Edge;
pub use fields::{Fields, Input};
pub use idempotency::IdempotencyKey;
pub use keys::{KeyRing, Keys};
pub use layers::finish;
pub use paging::{NextPage, Paging};
pub use path::PathId;
pub use problem::{FieldProblem, Problem, ProblemDocument};
