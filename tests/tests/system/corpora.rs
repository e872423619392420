//! Texts collected because they break things: odd characters, formulas, instructions to machines.
//! Each goes in through the real door and is looked at where it comes out.

mod injections;
mod site;
mod unicode;
