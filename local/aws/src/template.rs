//! `template.yaml` as a plan: what there is to create, and what calls which function.

mod conditions;
mod environment;
mod filter;
mod functions;
mod plan;
mod resolve;
mod resources;
mod roles;
mod schedule;

pub use environment::EnvironmentValue;
pub use filter::Filter;
pub use plan::{
    Attribute, Bucket, DeadLetters, Function, Index, KeyPart, Plan, Projection, Queue, Route,
    Schedule, Source, SourceMapping, Table,
};
pub(crate) use resolve::ACCOUNT;
pub use roles::Statement;
