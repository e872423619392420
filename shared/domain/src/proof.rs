//! What was asked of somebody by a link in a letter, and until when it counts.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{ProofId, UserId};
use crate::tenant::{User, UserStatus};

/// What a proof is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// That whoever signed up reads the address.
    VerifyEmail,
    /// That whoever was invited reads the address.
    Invitation,
    /// That whoever wants a new password reads the address.
    PasswordReset,
}

impl Purpose {
    /// How long a link is good.
    pub const fn good_for(self) -> SignedDuration {
        match self {
            Self::VerifyEmail => SignedDuration::from_hours(24),
            Self::Invitation => SignedDuration::from_hours(7 * 24),
            Self::PasswordReset => SignedDuration::from_mins(30),
        }
    }

    /// The word used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
        }
    }

    /// The status of a user of whom it is asked.
    const fn asked_of(self) -> UserStatus {
        match self {
            Self::VerifyEmail | Self::Invitation => UserStatus::Invited,
            Self::PasswordReset => UserStatus::Active,
        }
    }
}

/// The record behind a link. The token in the link is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingProof {
    pub id: ProofId,
    pub purpose: Purpose,
    pub user: UserId,
    /// The user's when it was asked: a change of password or status makes older links worthless.
    pub permission_version: u64,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Once set, the link has done what it could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
}

impl PendingProof {
    /// A link for `user` from `now` on.
    pub fn ask(id: ProofId, purpose: Purpose, user: &User, now: Timestamp) -> Self {
        Self {
            id,
            purpose,
            user: user.id,
            permission_version: user.permission_version,
            created_at: now,
            expires_at: now.saturating_add(purpose.good_for()).unwrap_or(Timestamp::MAX),
            used_at: None,
        }
    }

    /// Whether the link still does for `user` what it is for. A role may have changed meanwhile,
    /// and an invitation stands all the same: what counts there is that it was not withdrawn.
    pub fn stands(&self, purpose: Purpose, user: &User, now: Timestamp) -> bool {
        let is_current =
            purpose == Purpose::Invitation || self.permission_version == user.permission_version;
        self.purpose == purpose
            && self.user == user.id
            && self.used_at.is_none()
            && now < self.expires_at
            && is_current
            && user.status == purpose.asked_of()
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    use super::{PendingProof, Purpose};
    use crate::id::{ProofId, UserId};
    use crate::locale::Language;
    use crate::role::TenantRole;
    use crate::tenant::{User, UserStatus};

    fn user(status: UserStatus) -> User {
        User {
            id: UserId::from_uuid(Uuid::from_u128(1)),
            email: "omar@example.com".parse().unwrap(),
            name: "Omar".to_owned(),
            role: TenantRole::Member,
            status,
            language: Language::En,
            phone: None,
            password_hash: "!".to_owned(),
            permission_version: 1,
            created_at: Timestamp::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn a_link_counts_once_in_its_time_for_its_user_and_purpose() {
        let now = Timestamp::UNIX_EPOCH;
        let id = ProofId::from_uuid(Uuid::from_u128(9));
        let (active, invited) = (user(UserStatus::Active), user(UserStatus::Invited));
        for (purpose, of, hours_twice) in [
            (Purpose::VerifyEmail, &invited, 48),
            (Purpose::Invitation, &invited, 7 * 48),
            (Purpose::PasswordReset, &active, 1),
        ] {
            let proof = PendingProof::ask(id, purpose, of, now);
            let end = now + SignedDuration::from_mins(30 * hours_twice);
            assert_eq!(proof.expires_at, end);
            assert!(proof.stands(purpose, of, now));
            assert!(proof.stands(purpose, of, end - SignedDuration::from_millis(1)));
            assert!(!proof.stands(purpose, of, end));
            let used = PendingProof { used_at: Some(now), ..proof.clone() };
            assert!(!used.stands(purpose, of, now));
            let somebody = User { id: UserId::from_uuid(Uuid::from_u128(2)), ..of.clone() };
            assert!(!proof.stands(purpose, &somebody, now));
            for status in UserStatus::ALL.into_iter().filter(|status| *status != of.status) {
                assert!(!proof.stands(purpose, &User { status, ..of.clone() }, now));
            }
            for other in [Purpose::VerifyEmail, Purpose::Invitation, Purpose::PasswordReset] {
                assert_eq!(proof.stands(other, of, now), other == purpose);
            }
            let changed = User { permission_version: 2, ..of.clone() };
            assert_eq!(proof.stands(purpose, &changed, now), purpose == Purpose::Invitation);
        }
    }
}
