//! When the keys behind access tokens change, and into what.
//!
//! A new key is published before it signs, and the old one stays published until its last token
//! has expired, so no token is ever refused because of a change of keys. Whoever carries a change
//! out may stop half-way and may run twice at once: the next step mends what is left.

use domain::{Ids, Result};
use jiff::{SignedDuration, Timestamp};

use crate::secrets::{
    KeyStatus, SigningKey, SigningSecret, VerificationKey, VerificationSecret, random_b64,
};

/// How long a key signs.
const SIGNS_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a key is published before it signs: verifiers keep the keys they read for five
/// minutes, others for as long as the key set's `max-age` says, which is the same.
const PUBLISHED_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How long a key is published after it signed: a signer may hold it for five minutes more, and
/// its last token is good for thirty.
const KEPT_FOR: SignedDuration = SignedDuration::from_mins(60);

/// What the two secrets should be at `now`, or `None` when they are what they should be.
///
/// Write the verification secret first: it always knows every key that the other one has.
pub fn step(
    signing: &SigningSecret,
    verification: &VerificationSecret,
    now: Timestamp,
    ids: &dyn Ids,
) -> Result<Option<(SigningSecret, VerificationSecret)>> {
    let is_known = |key: &SigningKey| verification.keys.iter().any(|known| known.kid == key.kid);
    let mut keys = signing.keys.clone();
    for key in &mut keys {
        // Its ten minutes begin when verifiers can know it.
        if key.since.is_none() || (key.status == KeyStatus::Published && !is_known(key)) {
            key.since = Some(now);
        }
    }
    let has = |keys: &[SigningKey], status| keys.iter().any(|key| key.status == status);
    let signs = has(&keys, KeyStatus::Signing);
    let ready = keys.iter().position(|key| {
        key.status == KeyStatus::Published && (!signs || is_past(key.since, PUBLISHED_FOR, now))
    });
    if let Some(place) = ready {
        let mut next = keys.swap_remove(place);
        next.status = KeyStatus::Signing;
        next.since = Some(now);
        keys = vec![next];
    } else if !signs {
        keys = vec![fresh(KeyStatus::Signing, now, ids)?];
    } else if !has(&keys, KeyStatus::Published)
        && keys.iter().all(|key| is_past(key.since, SIGNS_FOR, now))
    {
        keys.push(fresh(KeyStatus::Published, now, ids)?);
    }
    let known = published(&keys, &verification.keys, now)?;
    let cursor_key_b64 = match verification.cursor_key_b64.as_str() {
        "" => random_b64(ids),
        key => key.to_owned(),
    };
    let after = VerificationSecret { keys: known, cursor_key_b64, ..verification.clone() };
    let keys = SigningSecret { keys };
    Ok((keys != *signing || after != *verification).then_some((keys, after)))
}

/// The public keys: of all that sign or will, and of those that signed until lately.
fn published(
    keys: &[SigningKey],
    known: &[VerificationKey],
    now: Timestamp,
) -> Result<Vec<VerificationKey>> {
    let retired = known
        .iter()
        .filter(|known| keys.iter().all(|key| key.kid != known.kid))
        .filter(|known| !is_past(known.retired_at, KEPT_FOR, now))
        .map(|known| VerificationKey {
            retired_at: known.retired_at.or(Some(now)),
            ..known.clone()
        });
    let current = keys.iter().map(SigningKey::verification_key);
    current.chain(retired.map(Ok)).collect()
}

fn fresh(status: KeyStatus, now: Timestamp, ids: &dyn Ids) -> Result<SigningKey> {
    Ok(SigningKey { since: Some(now), ..SigningKey::generate(ids, status)? })
}

fn is_past(since: Option<Timestamp>, wait: SignedDuration, now: Timestamp) -> bool {
    since.is_some_and(|since| now.duration_since(since) >= wait)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use domain::Ids;
    use jiff::{SignedDuration, Timestamp};

    use super::step;
    use crate::secrets::{KeyStatus, SigningSecret, VerificationSecret, generate};
    use crate::{Signer, Verifier};

    struct Counted(AtomicU8);

    impl Ids for Counted {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    /// The two secrets, and a clock that a schedule reads.
    struct Rig {
        signing: SigningSecret,
        verification: VerificationSecret,
        now: Timestamp,
        ids: Counted,
    }

    impl Rig {
        fn new() -> Self {
            let ids = Counted(AtomicU8::new(1));
            let (signing, verification) = generate(&ids, "issuer", "audience").unwrap();
            let now = Timestamp::from_second(1_772_438_400).unwrap();
            let mut rig = Self { signing, verification, now, ids };
            assert!(rig.run(), "the first step notes since when the key signs");
            rig
        }

        fn run(&mut self) -> bool {
            let next = step(&self.signing, &self.verification, self.now, &self.ids).unwrap();
            let Some((signing, verification)) = next else { return false };
            (self.signing, self.verification) = (signing, verification);
            // Whatever signs can be verified.
            Signer::new(&self.signing, &self.verification).unwrap();
            assert_eq!(Verifier::new(&self.verification).unwrap().key_set().keys.len(), {
                self.verification.keys.len()
            });
            for key in &self.signing.keys {
                assert!(self.verification.keys.iter().any(|known| known.kid == key.kid));
            }
            true
        }

        fn after(&mut self, minutes: i64) -> bool {
            self.now += SignedDuration::from_mins(minutes);
            self.run()
        }

        fn signer(&self) -> &str {
            let signs = |key: &&_| {
                matches!(key, crate::secrets::SigningKey { status: KeyStatus::Signing, .. })
            };
            &self.signing.keys.iter().find(signs).unwrap().kid
        }
    }

    #[test]
    fn a_key_signs_for_ninety_days_with_overlap_at_both_ends() {
        let mut rig = Rig::new();
        let old = rig.signer().to_owned();
        assert!(!rig.after(90 * 24 * 60 - 1) && !rig.run());
        assert!(rig.after(1), "a new key is published");
        assert_eq!((rig.signer(), rig.signing.keys.len()), (old.as_str(), 2));
        assert_eq!(rig.verification.keys.len(), 2);
        assert!(!rig.after(9));
        assert!(rig.after(1), "and signs ten minutes later");
        assert_ne!(rig.signer(), old);
        assert_eq!((rig.signing.keys.len(), rig.verification.keys.len()), (1, 2));
        assert!(!rig.after(59));
        assert!(rig.after(1), "the old one is dropped when its last token has expired");
        assert_eq!(rig.verification.keys.len(), 1);
        assert_eq!(rig.verification.keys[0].kid, rig.signer());
        assert!(!rig.run());
    }

    #[test]
    fn an_empty_installation_gets_its_first_key_and_its_cursor_key() {
        let mut rig = Rig::new();
        rig.signing.keys.clear();
        rig.verification.keys.clear();
        rig.verification.cursor_key_b64.clear();
        assert!(rig.run());
        assert_eq!(rig.signing.keys.len(), 1);
        assert!(rig.verification.cursor_key().is_ok());
        assert!(!rig.run());
    }

    #[test]
    fn a_change_that_stopped_half_way_or_ran_twice_is_mended() {
        let mut rig = Rig::new();
        let before = rig.signing.clone();
        // The verification secret was written, the signing secret was not.
        rig.after(90 * 24 * 60);
        let orphan = rig.verification.keys[1].kid.clone();
        rig.signing = before;
        assert!(rig.after(1), "another key is made, the orphan is on its way out");
        assert_eq!((rig.signing.keys.len(), rig.verification.keys.len()), (2, 3));
        let retired = rig.verification.keys.iter().find(|key| key.kid == orphan).unwrap();
        assert_eq!(retired.retired_at, Some(rig.now));

        // Two ran at once, and the verification secret of the other won: its wait begins anew.
        let published = rig.signing.keys[1].kid.clone();
        rig.verification.keys.retain(|key| key.kid != published);
        assert!(rig.after(10));
        assert_ne!(rig.signer(), published);
        assert!(rig.after(10));
        assert_eq!(rig.signer(), published);
    }
}
