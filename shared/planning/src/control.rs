//! Control of a running project: what was earned, what it will cost, when it ends, how sure that is.
//!
//! Frames: earned value after ISO 21508 and ANSI/EIA-748, earned schedule after Lipke (2003), the
//! health of a schedule after the fourteen points of the DCMA, risk after ISO 31000 and AACE 57R-09.
//!
//! *Invariant:* money and ratios are decimals and every operation on them is checked; a figure that
//! the numbers do not allow is [`Figure`] without a value and with a reason, never zero or infinity.
//! Floats appear in [`simulate`] only, which draws from distributions.
//!
//! Earned and planned value read the *baseline*; the present plan never changes them.

pub mod earned_schedule;
pub mod earned_value;
mod exact;
pub mod figure;
pub mod forecast;
pub mod health;
pub mod legacy;
pub mod performance;
pub mod progress;
pub mod quality;
pub mod recommend;
pub mod report;
pub mod risk;
pub mod s_curve;
pub mod simulate;
pub mod trend;
pub mod variance;

pub use figure::{Figure, Undefined};
