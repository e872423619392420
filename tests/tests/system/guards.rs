//! What stands before every handler: limits, promises, hosts, bodies.

mod bodies;
mod hosts;
mod limits;
mod once;
mod site;
mod units;
