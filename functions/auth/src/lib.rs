//! Signs people in and publishes the keys that verify their tokens.

pub mod password;
