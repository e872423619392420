//! Password hashing: argon2id with the floor OWASP names (19 MiB, two passes, one lane).

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use domain::{Error, Ids, Result};

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;

/// A hash of this module's kind that no password has: its output was drawn at random. Compared
/// with when there is no user, so that a missing user takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy1pdA$\
                      9yJ0b4mTkq6Z3sXvWc1hUeR8pLdNfAgYiQ2oKxEjB7M";

/// The PHC string of a password, with a fresh salt.
pub fn hash(password: &str, ids: &dyn Ids) -> Result<String> {
    let mut salt = [0_u8; SALT_BYTES];
    ids.fill(&mut salt);
    let hash: PasswordHash = hasher()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether `password` is the one behind a PHC string. Takes tens of milliseconds of a core: call
/// it where blocking is allowed.
pub fn verify(password: &str, phc: &str) -> bool {
    let Ok(hash) = PasswordHash::new(phc) else { return false };
    // The string says its own parameters, so a hash from before they rise still verifies.
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// The work of [`verify`] for an address nobody has.
pub(crate) fn verify_nobody(password: &str) -> bool {
    verify(password, NOBODY)
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use telemetry::SystemIds;

    use super::{NOBODY, hash, verify, verify_nobody};

    #[test]
    fn a_hash_says_its_parameters_and_knows_its_password() {
        let phc = hash("correct horse", &SystemIds).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert_ne!(phc, hash("correct horse", &SystemIds).unwrap());
        assert!(verify("correct horse", &phc));
        for (password, phc) in [("correct hors", phc.as_str()), ("", &phc), ("x", "plain text")] {
            assert!(!verify(password, phc), "{password} {phc}");
        }
    }

    #[test]
    fn nobody_is_a_hash_of_the_same_cost() {
        let hash = argon2::PasswordHash::new(NOBODY).unwrap();
        assert!(hash.hash.is_some() && hash.salt.is_some());
        assert!(NOBODY.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!verify_nobody("anything"));
    }
}
