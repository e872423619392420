//! What tests are set up with: time and chance they control, the embedded AWS as `template.yaml`
//! makes it, and a small organisation to act in.
//!
//! For tests only, so a set-up that fails panics.

mod clock;
mod cloud;
mod organisation;
mod stream;

pub use clock::{CountedIds, MovingClock};
pub use cloud::Cloud;
pub use organisation::Organisation;
