//! A value written in any style is read again, and the text of an entity reads the same alone.
