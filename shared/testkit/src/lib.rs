//! What tests are set up with: time and chance they control, the embedded AWS as `template.yaml`
//! makes it, services that fail when told to, and a small organisation to act in.
//!
//! For tests only, so a set-up that fails panics.

mod clock;
mod cloud;
mod dice;
mod faulty;
mod organisation;
mod stream;

pub use clock::{CountedIds, MovingClock};
pub use cloud::Cloud;
pub use dice::Dice;
pub use faulty::{Dialect, Fault, Faults, Faulty, Passage, Seen, Verdict, Watch};
pub use organisation::{Organisation, tenant};
pub use stream::Stream;
