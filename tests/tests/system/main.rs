//! The system as a whole: the rules no single crate can hold, and what only shows end to end.
#![cfg(test)]
#![allow(clippy::large_futures, reason = "a test awaits its future where it makes it")]

mod accounts;
mod api;
mod api_keys;
mod audit;
mod auth;
mod corpora;
mod crowd;
mod erasure;
mod events;
mod faults;
mod fuzz;
mod guards;
mod journeys;
mod mail;
mod matrix;
mod office;
mod openapi;
mod operations;
mod policy;
mod roles;
mod template;
mod tidy;
mod tree;
mod wall;
