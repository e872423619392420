//! AES-256-GCM: text that only we can read or make, bound to what it is for.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::{Error, Ids, Result};

/// One key.
pub(crate) struct Seal {
    key: LessSafeKey,
}

impl Seal {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(Error::internal)?;
        Ok(Self { key: LessSafeKey::new(key) })
    }

    /// A fresh nonce, then the sealed text. What it is bound to is not in it.
    pub(crate) fn seal(
        &self,
        mut text: Vec<u8>,
        bound_to: &[u8],
        ids: &dyn Ids,
    ) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_LEN];
        ids.fill(&mut nonce);
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(bound_to),
                &mut text,
            )
            .map_err(Error::internal)?;
        let mut sealed = Vec::from(nonce);
        sealed.append(&mut text);
        Ok(sealed)
    }

    /// The text; `None` when it is not ours or was sealed for something else.
    pub(crate) fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let opened = self.key.open_in_place(nonce, Aad::from(bound_to), &mut text).ok()?;
        Some(opened.to_vec())
    }
}
