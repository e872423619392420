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
mod creation;
pub mod csv;
mod cursor;
mod edge;
#[doc(hidden)]
pub mod endpoints;
mod etag;
mod fields;
mod hosts;
mod idempotency;
mod keys;
mod layers;
mod limits;
pub mod openapi;
mod paging;
mod path;
mod permissions;
mod problem;
mod seal;
mod strict;

pub use access::{SignedIn, require_fresh};
pub use arrival::Arrival;
pub use body::{FormOrJson, JsonBody};
pub use creation::{Creation, Seal};
pub use edge::Edge;
pub use etag::{Etag, IfMatch};
pub use fields::{Change, Fields, Input};
pub use hosts::Hosts;
pub use idempotency::IdempotencyKey;
pub use keys::{KeyRing, Keys};
pub use layers::finish;
pub use limits::{Limit, Limits};
pub use paging::{NextPage, Paging};
pub use path::PathId;
pub use problem::{FieldProblem, Problem, ProblemDocument};
