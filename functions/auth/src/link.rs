//! Links in letters: asking for what they prove, and what they are good for when they come back.

use axum::Json;
use domain::audit::{Actor, Trail};
use domain::outbox::{Letter, OutboundEffect, OutboxItem};
use domain::proof::{PendingProof, Purpose};
use domain::tenant::User;
use domain::{Error, OutboxId};
use jiff::Timestamp;
use store::{Part, TenantStore, Transaction, proof_id};
use web::{Arrival, Problem};

use crate::App;
use crate::person::Person;

/// A link that still counts, and the user it is about.
pub(crate) struct Opened {
    pub(crate) store: TenantStore,
    pub(crate) proof: PendingProof,
    pub(crate) user: User,
}

/// Opens a token. Forged, unknown, used, too old, withdrawn: all look the same.
pub(crate) async fn open(app: &App, token: &str, purpose: Purpose) -> Result<Opened, Problem> {
    let proofs = app.keys.proofs().await?;
    let proved = proofs.open(token).ok_or_else(not_valid)?;
    let store = app.edge.store().for_tenant(&proved.scope);
    let proof = store.pending_proof(proved.proof).await?.ok_or_else(not_valid)?;
    let user = store.user(proof.user).await?.ok_or_else(not_valid)?;
    if !proof.stands(purpose, &user, app.edge.now()) {
        return Err(not_valid());
    }
    Ok(Opened { store, proof, user })
}

impl Opened {
    /// Writes the user as they are after the link, which is used up; `action` is told of it.
    pub(crate) async fn use_up(
        &self,
        app: &App,
        arrival: &Arrival,
        (user, action): (&User, &str),
        more: impl Fn(&Asking<'_>, &mut Transaction),
    ) -> Result<(), Problem> {
        let now = app.edge.now();
        let trail = arrival.trail(Actor::Anonymous);
        let asking = Asking { app, trail: &trail, now };
        let refused = self.store.commit_patiently(|transaction| {
            transaction.use_proof(&self.proof, now);
            transaction.replace_user(user, self.user.version);
            more(&asking, transaction);
            asking.tell(transaction, action, Some(&self.user), user);
        });
        settled(&refused.await?)
    }

    /// [`Self::use_up`] by a link that proves the user's address, which from then on can sign in.
    pub(crate) async fn prove_address(
        &self,
        app: &App,
        arrival: &Arrival,
        (user, action): (User, &str),
    ) -> Result<Json<Person>, Problem> {
        let list = |_: &Asking<'_>, transaction: &mut Transaction| {
            transaction.list_account(&user.email, user.id);
        };
        self.use_up(app, arrival, (&user, action), list).await?;
        tracing::info!(user.id = %user.id, action, "an address was proved");
        Ok(Json(Person::of(user, self.store.tenant().await?)))
    }
}

/// What the parts that were refused mean to whoever uses a link.
fn settled(refused: &[Part]) -> Result<(), Problem> {
    if refused.is_empty() {
        Ok(())
    } else if refused.contains(&Part::Proof) {
        Err(not_valid())
    } else {
        Err(Error::Conflict.into())
    }
}

fn not_valid() -> Problem {
    let message = "the link is not valid, or not any more: ask for another";
    Error::field("/token", "not_valid", message).into()
}

/// Something is asked of a user by a letter with a link.
pub(crate) struct Asking<'a> {
    pub(crate) app: &'a App,
    pub(crate) trail: &'a Trail,
    pub(crate) now: Timestamp,
}

impl Asking<'_> {
    /// Adds the link's record and its letter. Refused when the same was asked a moment ago.
    pub(crate) fn ask(&self, transaction: &mut Transaction, purpose: Purpose, user: &User) {
        let proof = proof_id(purpose, user.id, self.now);
        transaction.insert_proof(&PendingProof::ask(proof, purpose, user, self.now));
        let letter = match purpose {
            Purpose::VerifyEmail => Letter::VerifyEmail { proof },
            Purpose::Invitation => Letter::Invitation { proof },
            Purpose::PasswordReset => Letter::PasswordReset { proof },
        };
        self.write(transaction, user, letter);
    }

    /// Adds a letter to a user.
    pub(crate) fn write(&self, transaction: &mut Transaction, user: &User, letter: Letter) {
        transaction.insert_outbox(&OutboxItem {
            id: OutboxId::mint(self.app.edge.ids(), self.now),
            tenant: transaction.tenant(),
            due_at: self.now,
            effect: OutboundEffect::Mail { user: user.id, letter },
            trace: self.trail.trace.clone(),
        });
    }

    /// Adds an entry of the audit log for a change of a user.
    pub(crate) fn tell(
        &self,
        transaction: &mut Transaction,
        action: &str,
        before: Option<&User>,
        after: &User,
    ) {
        let entry = self.trail.entry(self.app.edge.ids(), self.now, action, after.id);
        transaction.audit(entry, before, Some(after));
    }
}
