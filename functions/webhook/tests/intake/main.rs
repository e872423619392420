//! The webhook from Meta's side: what is answered and what is in the queues then.
#![cfg(test)]

mod calls;
mod rig;
mod secrets;
