//! (module network)
