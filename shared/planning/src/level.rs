//! (module level)
