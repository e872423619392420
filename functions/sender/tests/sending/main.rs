//! The sender through its door, against the embedded AWS and a Graph that does as it is told.
#![cfg(test)]

mod answers;
mod codes;
mod graph;
mod letters;
mod notices;
mod once;
mod world;
