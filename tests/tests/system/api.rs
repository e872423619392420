//! The HTTP API through its doors: real tables, real queues, fixed time.

mod answering;
mod edges;
mod reading;
mod signing_in;
