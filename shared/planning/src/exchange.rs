//! (module exchange)

pub mod psplib;
