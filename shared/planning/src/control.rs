//! (module control)
