//! The crate through its doors: bodies in, events and values out; messages in, requests out.

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod intake;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod sending;
