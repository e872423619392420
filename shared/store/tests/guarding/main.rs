//! Throttle, rate limits, idempotency records and sub-domains against the embedded DynamoDB.

mod leases;
mod once;
mod slugs;
mod throttle;
