//! What was asked of people by links and codes.

use aws_lc_rs::digest;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::phone_code::PhoneCode;
use domain::proof::{PendingProof, Purpose};
use domain::{ProofId, Result, UserId};
use jiff::{SignedDuration, Timestamp};

use crate::item::Item;
use crate::key;
use crate::tables::TenantStore;
use crate::transaction::{Part, Transaction};

/// A user is asked for the same proof at most once in this time, however often somebody wants it.
const ASK_EVERY_S: i64 = 120;
/// A link that has run out is kept a day longer, for support; then the table forgets it.
const KEPT_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The version of a link that nobody has used. It changes once.
const UNUSED: u64 = 1;

/// The id of a link that is asked for now. Within two minutes it is the same, so that only one is
/// written and only one letter leaves.
pub fn proof_id(purpose: Purpose, user: UserId, now: Timestamp) -> ProofId {
    let slot = now.as_second().div_euclid(ASK_EVERY_S);
    let text = format!("{}|{user}|{slot}", purpose.as_str());
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let mut bytes = [0_u8; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash.as_ref()) {
        *byte = *hashed;
    }
    ProofId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl TenantStore {
    pub async fn pending_proof(&self, id: ProofId) -> Result<Option<PendingProof>> {
        self.get(&key::pending_proof(&self.scope, id)).await
    }

    /// A user's latest phone code.
    pub async fn phone_code(&self, user: UserId) -> Result<Option<PhoneCode>> {
        self.get(&key::phone_code(&self.scope, user)).await
    }
}

impl Transaction {
    /// A link; refused when it was asked for a moment ago.
    pub fn insert_proof(&mut self, proof: &PendingProof) {
        let item = self.proof_item(proof, UNUSED);
        self.insert(Part::Proof, item);
    }

    /// Uses a link up, at `now`; refused when it is used already.
    pub fn use_proof(&mut self, proof: &PendingProof, now: Timestamp) {
        let used = PendingProof { used_at: Some(now), ..proof.clone() };
        let item = self.proof_item(&used, UNUSED + 1);
        self.replace(Part::Proof, item, UNUSED);
    }

    /// A user's first phone code.
    pub fn insert_phone_code(&mut self, code: &PhoneCode) {
        let item = self.code_item(code);
        self.insert(Part::Proof, item);
    }

    /// Writes a user's phone code over its version `old`.
    pub fn replace_phone_code(&mut self, code: &PhoneCode, old: u64) {
        let item = self.code_item(code);
        self.replace(Part::Proof, item, old);
    }

    fn proof_item(&self, proof: &PendingProof, version: u64) -> Result<Item> {
        let at = key::pending_proof(self.scope(), proof.id);
        let gone = proof.expires_at.saturating_add(KEPT_AFTER).unwrap_or(Timestamp::MAX);
        let ttl = AttributeValue::N(gone.as_second().to_string());
        Ok(Item::new(self.scope(), at, version, proof)?.with("ttl", ttl))
    }

    fn code_item(&self, code: &PhoneCode) -> Result<Item> {
        let at = key::phone_code(self.scope(), code.user);
        Item::new(self.scope(), at, code.version, code)
    }
}
