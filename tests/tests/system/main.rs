//! The system as a whole: the rules no single crate can hold, and what only shows end to end.
#![cfg(test)]

mod api;
mod api_keys;
mod audit;
mod events;
mod faults;
mod isolation;
mod journeys;
mod mail;
mod office;
mod openapi;
mod policy;
mod template;
mod tidy;
mod tree;
