//! Bounded lists.

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// 1 to 200.
    pub limit: usize,
    /// The [`Page::next`] of the page before; opaque, and meaningful only to the same list.
    pub after: Option<String>,
}

impl PageRequest {
    /// At most this many items in any page.
    pub const MAX_LIMIT: usize = 200;

    /// The first `limit` items.
    pub fn first(limit: usize) -> Self {
        Self { limit, after: None }
    }

    pub(crate) fn limit_i32(&self) -> i32 {
        i32::try_from(self.limit.clamp(1, Self::MAX_LIMIT)).unwrap_or(1)
    }
}

/// A part of a list, and where the next part begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}
