//! Files of other planning programs: bytes in, a [`Plan`] and an account out.
//!
//! What a file holds and a plan has no place for, and what had to be read differently than it was
//! written, is in the [`Account`], by line and field. What cannot be read at all is an
//! [`ImportError`], with the line and the field.
//!
//! Hostile files are bounded: bytes, rows, nesting and the size of what is built all have limits,
//! and an XML file may not declare a document type, so it has no entities of its own.

mod account;
pub mod csv;
mod decode;
pub mod mspdi;
pub mod psplib;
mod shifts;
mod units;
pub mod xer;

pub use account::{Account, ImportError, Note, Outcome};

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::network::Plan;

/// The largest file that is read: the largest published Primavera exports are below 100 MB.
pub const MOST_BYTES: usize = 128 * 1024 * 1024;

/// Most calendars of a file. Real ones have a few hundred, one for each resource.
const MOST_CALENDARS: usize = 5_000;
/// Most exceptions of all calendars of a file, inherited ones counted for each.
const MOST_DATES: usize = 2_000_000;

/// What was read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub plan: Plan,
    /// What the file says of each activity of the plan, computed by the program that wrote it.
    pub stored: Vec<Stored>,
    pub account: Account,
}

/// The figures that a file holds for an activity. Floats are working minutes; what the file
/// leaves empty is none, which is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    pub start: Option<Moment>,
    pub finish: Option<Moment>,
    pub early_start: Option<Moment>,
    pub early_finish: Option<Moment>,
    pub late_start: Option<Moment>,
    pub late_finish: Option<Moment>,
    pub total_float: Option<i64>,
    pub free_float: Option<i64>,
    pub critical: Option<bool>,
    pub longest_path: Option<bool>,
    pub baseline_start: Option<Moment>,
    pub baseline_finish: Option<Moment>,
    pub baseline_duration: Option<i64>,
}
