//! (module exchange)
