//! psplib
