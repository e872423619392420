//! A code of the second factor, and what comes of it.

use aws_lc_rs::digest;
use domain::factor::SecondFactor;
use domain::id::encode_hex;
use domain::{Error, Hidden, Ids};
use store::TenantStore;
use web::{Fields, Problem};

use crate::{ATTEMPTS_MAX, App, totp};

/// Codes on paper: as many as other services give.
const RECOVERY_CODES: usize = 10;
/// 80 bits each: nobody guesses one, so no slow hash is needed.
const RECOVERY_BYTES: usize = 10;

/// What a person typed.
pub(crate) enum Code {
    /// Six digits of the app.
    App(String),
    /// A recovery code.
    Recovery(String),
}

/// A second factor before and after a code that was right.
pub(crate) struct Passed {
    pub(crate) before: SecondFactor,
    /// To be written over `before` with whatever the code was given for.
    pub(crate) after: SecondFactor,
    /// Whether a recovery code was used up.
    pub(crate) is_recovery: bool,
}

impl Code {
    /// The member `code`, or `recovery_code` in its place.
    pub(crate) fn read(fields: &mut Fields) -> Option<Self> {
        let recovery = fields.optional_text("recovery_code", 1..=40);
        if let Some(recovery) = recovery {
            return Some(Self::Recovery(recovery));
        }
        fields.text("code", 1..=20).map(Self::App)
    }

    /// Looks at the code. A wrong one is counted, and the fifth in five minutes locks the factor
    /// for the rest of them; `wrong` is the answer to it.
    pub(crate) async fn check(
        &self,
        app: &App,
        store: &TenantStore,
        mut factor: SecondFactor,
        wrong: impl Fn() -> Problem,
    ) -> Result<Passed, Problem> {
        for _ in 0..ATTEMPTS_MAX {
            let now = app.edge.now();
            if let Some(until) = factor.locked_until(now) {
                return Err(Problem::too_many(until.duration_since(now)));
            }
            if let Some(after) = self.passed(app, store, &factor).await? {
                let is_recovery = matches!(self, Self::Recovery(_));
                return Ok(Passed { before: factor, after, is_recovery });
            }
            if store.replace_second_factor(&factor.failed(now), factor.version).await? {
                return Err(wrong());
            }
            // Somebody else's try was counted first; ours must be too.
            let found = store.second_factor(factor.user).await?;
            factor = found.ok_or(Error::Conflict)?;
        }
        Err(Error::Conflict.into())
    }

    async fn passed(
        &self,
        app: &App,
        store: &TenantStore,
        factor: &SecondFactor,
    ) -> domain::Result<Option<SecondFactor>> {
        match self {
            Self::Recovery(code) => Ok(factor.recovered(&hash_of_recovery(code))),
            Self::App(code) => {
                let keys = app.keys.current().await?;
                let secret = keys.vault.open(store.scope(), factor.user, factor.sealed.expose())?;
                let step = totp::matching_step(&secret, code, app.edge.now(), factor.last_step);
                Ok(step.map(|step| factor.passed(step)))
            }
        }
    }
}

/// Fresh recovery codes: as a person gets them, once, and as they are kept.
pub(crate) fn recovery_codes(ids: &dyn Ids) -> (Vec<String>, Vec<Hidden>) {
    let codes = (0..RECOVERY_CODES).map(|_| {
        let mut bytes = [0_u8; RECOVERY_BYTES];
        ids.fill(&mut bytes);
        let text = totp::base32(&bytes).to_lowercase();
        let groups: Vec<&str> =
            (0..4).filter_map(|group| text.get(group * 4..group * 4 + 4)).collect();
        groups.join("-")
    });
    codes.map(|code| (code.clone(), Hidden::new(hash_of_recovery(&code)))).unzip()
}

/// SHA-256 of a code in hexadecimal, however it was typed.
fn hash_of_recovery(code: &str) -> String {
    let plain: String = code.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    encode_hex(digest::digest(&digest::SHA256, plain.as_bytes()).as_ref())
}

/// The answer to a wrong code of somebody who is signed in.
pub(crate) fn wrong_code() -> Problem {
    Error::field("/code", "wrong_code", "the code is wrong, too old, or was used before").into()
}

/// The active second factor among what somebody signs in with.
pub(crate) fn active(factor: Option<SecondFactor>) -> Result<SecondFactor, Problem> {
    factor.filter(SecondFactor::is_active).ok_or_else(|| {
        Error::refused("second_factor_off", "there is no second factor to ask for").into()
    })
}
