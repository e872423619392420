//! The system as a whole: the rules no single crate can hold, and what only shows end to end.
#![cfg(test)]

mod events;
mod template;
mod tidy;
mod tree;
