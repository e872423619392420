//! Passwords: what may be one, how it is kept, how it is compared.
//!
//! Kept as argon2id with the floor OWASP names (19 MiB, two passes, one lane). A bcrypt hash of an
//! older system is accepted too, to be replaced at the next sign-in.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use domain::{Error, Ids, Result};

mod common;

pub use common::CommonPasswords;

/// The fewest characters of a new password. (NIST SP 800-63B asks for 8 beside a second factor
/// and 15 without; 12 stands between and applies to both.)
pub const CHARS_MIN: usize = 12;
/// A longer text is not a password: comparing it would cost more than it should.
pub const CHARS_MAX: usize = 128;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
/// How a hash of today's parameters begins.
const TODAY: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// A hash of this module's kind that no password has: its output was drawn at random. Compared
/// with when there is no user, so that a missing user takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy1pdA$\
                      9yJ0b4mTkq6Z3sXvWc1hUeR8pLdNfAgYiQ2oKxEjB7M";

/// Why a text may not become somebody's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("at least 12 characters")]
    TooShort,
    #[error("at most 128 characters")]
    TooLong,
    #[error("too many people use this password, or one made from it: attackers try it first")]
    Common,
    #[error("made from your own name or address: attackers try that first")]
    Personal,
}

impl Unfit {
    /// The code of the field's fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Common => "common_password",
            Self::Personal => "personal_password",
        }
    }
}

/// Whether a text may become the password of a person with this address and name.
pub fn check_new(password: &str, email: &str, name: &str) -> std::result::Result<(), Unfit> {
    let length = password.chars().count();
    if length < CHARS_MIN {
        return Err(Unfit::TooShort);
    }
    if length > CHARS_MAX {
        return Err(Unfit::TooLong);
    }
    let own = [email, email.split('@').next().unwrap_or_default(), name].map(common::squeezed);
    let forms = common::forms(password);
    if forms.iter().any(|form| form.len() > 2 && own.contains(&common::squeezed(form))) {
        return Err(Unfit::Personal);
    }
    if CommonPasswords::bundled().has_any(&forms) || common::is_run(password) {
        return Err(Unfit::Common);
    }
    Ok(())
}

/// The PHC string of a password, with a fresh salt.
pub fn hash(password: &str, ids: &dyn Ids) -> Result<String> {
    let mut salt = [0_u8; SALT_BYTES];
    ids.fill(&mut salt);
    let hash: PasswordHash = hasher()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether `password` is the one behind a PHC string, or a bcrypt hash. Takes tens of milliseconds
/// of a core: call it where blocking is allowed.
pub fn verify(password: &str, kept: &str) -> bool {
    if is_bcrypt(kept) {
        return bcrypt::verify(password, kept).unwrap_or(false);
    }
    let Ok(hash) = PasswordHash::new(kept) else { return false };
    // The string says its own parameters, so a hash from before they rise still verifies.
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// The work of [`verify`] for an address nobody has.
pub fn verify_nobody(password: &str) -> bool {
    verify(password, NOBODY)
}

/// Whether a hash should be made anew while its password is at hand.
pub fn is_outdated(kept: &str) -> bool {
    !kept.starts_with(TODAY)
}

fn is_bcrypt(kept: &str) -> bool {
    ["$2a$", "$2b$", "$2x$", "$2y$"].iter().any(|kind| kept.starts_with(kind))
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests;
