//! Unpredictable bytes from the operating system.
//!
//! Not `domain::Ids`: message ids and receipt handles are names a server gives, and a seeded
//! source would hand out the handles of an earlier process again.

use aws_lc_rs::rand;

/// `N` unpredictable bytes.
pub(crate) fn bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    rand::fill(&mut bytes).map_err(|_| anyhow::anyhow!("no randomness from the system"))?;
    Ok(bytes)
}
