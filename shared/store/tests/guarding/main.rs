//! Throttle, rate limits, idempotency records and sub-domains against the embedded DynamoDB.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a test may read a whole table")]

mod leases;
mod once;
mod slugs;
mod throttle;
