//! Who may become what: the rules over users of an organisation.

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::phone::Phone;
use crate::role::TenantRole;
use crate::tenant::{User, UserStatus};

/// What is to become of a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UserChange {
    pub role: Option<TenantRole>,
    pub status: Option<UserStatus>,
}

/// A user after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub user: User,
    /// An owner who was active is not any more: another one must be there.
    pub loses_owner: bool,
    /// The number that is theirs no longer: who may not sign in does not act by phone either.
    pub unlinked: Option<Phone>,
}

impl User {
    /// Whether only an owner may make this change: it makes one, or it is done to one.
    pub fn needs_owner(&self, change: &UserChange) -> bool {
        self.role == TenantRole::Owner || change.role == Some(TenantRole::Owner)
    }

    /// The user after `by` changed them; `None` when nothing would be different.
    ///
    /// Refused: `own_account` when it is oneself, `not_accepted` for a status while the invitation
    /// is open (deactivating withdraws it). Nobody becomes `invited` again.
    pub fn changed(&self, by: UserId, change: &UserChange) -> Result<Option<Changed>> {
        let role = change.role.unwrap_or(self.role);
        let status = change.status.unwrap_or(self.status);
        if (role, status) == (self.role, self.status) {
            return Ok(None);
        }
        if by == self.id {
            let detail = "nobody changes their own role or status";
            return Err(Error::refused("own_account", detail));
        }
        let was_invited = self.status == UserStatus::Invited;
        let is_settled = status == self.status || status == UserStatus::Deactivated;
        if status == UserStatus::Invited && !was_invited || was_invited && !is_settled {
            let detail = "the person has to accept the invitation";
            return Err(Error::refused("not_accepted", detail));
        }
        if self.never_joined() && status == UserStatus::Active {
            let detail = "the person never joined: invite them again";
            return Err(Error::refused("not_accepted", detail));
        }
        let unlinked = self.phone.clone().filter(|_| status != UserStatus::Active);
        let user = Self {
            role,
            status,
            phone: self.phone.clone().filter(|_| unlinked.is_none()),
            permission_version: self.permission_version + 1,
            version: self.version + 1,
            ..self.clone()
        };
        let loses_owner = self.is_active_owner() && !user.is_active_owner();
        Ok(Some(Changed { user, loses_owner, unlinked }))
    }

    /// Whether this user keeps the organisation from being without an owner.
    pub fn is_active_owner(&self) -> bool {
        self.role == TenantRole::Owner && self.status == UserStatus::Active
    }

    /// Whether the person has never set a password.
    pub fn never_joined(&self) -> bool {
        self.password_hash == NO_PASSWORD
    }
}

/// In place of the hash of somebody who has not set a password: no password has it.
pub const NO_PASSWORD: &str = "!";

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::{NO_PASSWORD, UserChange};
    use crate::error::Error;
    use crate::id::UserId;
    use crate::locale::Language;
    use crate::role::TenantRole::{self, Admin, Member, Owner};
    use crate::tenant::UserStatus::{self, Active, Deactivated, Invited, Suspended};
    use crate::tenant::{User, UserStatus as Status};

    fn user(role: TenantRole, status: UserStatus) -> User {
        User {
            id: UserId::from_uuid(Uuid::from_u128(1)),
            email: "omar@example.com".parse().unwrap(),
            name: "Omar".to_owned(),
            role,
            status,
            language: Language::En,
            phone: Some("+971500000001".parse().unwrap()),
            password_hash: if status == Invited { NO_PASSWORD } else { "$argon2id$" }.to_owned(),
            permission_version: 4,
            created_at: Timestamp::UNIX_EPOCH,
            version: 7,
        }
    }

    fn other() -> UserId {
        UserId::from_uuid(Uuid::from_u128(2))
    }

    fn change(role: Option<TenantRole>, status: Option<Status>) -> UserChange {
        UserChange { role, status }
    }

    #[test]
    fn every_change_ends_older_tokens_and_whoever_is_out_has_no_phone() {
        for status in [Suspended, Deactivated] {
            let omar = user(Member, Active);
            let changed = omar.changed(other(), &change(None, Some(status))).unwrap().unwrap();
            assert_eq!(changed.user.status, status);
            assert_eq!((changed.user.permission_version, changed.user.version), (5, 8));
            assert_eq!((changed.unlinked, changed.user.phone), (omar.phone, None));
        }
        let promoted =
            user(Member, Active).changed(other(), &change(Some(Admin), None)).unwrap().unwrap();
        assert_eq!((promoted.user.role, promoted.user.permission_version), (Admin, 5));
        assert!(promoted.user.phone.is_some() && promoted.unlinked.is_none());
        let same = user(Member, Active).changed(other(), &change(Some(Member), Some(Active)));
        assert_eq!(same.unwrap(), None);
    }

    #[test]
    fn owners_are_made_and_unmade_by_owners_and_never_lost_unseen() {
        let table = [
            (user(Member, Active), change(Some(Owner), None), true, false),
            (user(Owner, Active), change(Some(Admin), None), true, true),
            (user(Owner, Active), change(None, Some(Suspended)), true, true),
            (user(Owner, Active), change(None, Some(Deactivated)), true, true),
            (user(Owner, Suspended), change(Some(Member), None), true, false),
            (user(Member, Active), change(Some(Admin), None), false, false),
        ];
        for (user, change, needs_owner, loses_owner) in table {
            assert_eq!(user.needs_owner(&change), needs_owner, "{user:?} {change:?}");
            let changed = user.changed(other(), &change).unwrap().unwrap();
            assert_eq!(changed.loses_owner, loses_owner, "{user:?} {change:?}");
        }
    }

    #[test]
    fn nobody_changes_themselves_and_an_invitation_is_accepted_or_withdrawn() {
        let code = |result: Result<_, Error>| match result {
            Err(Error::Refused(refusal)) => refusal.code,
            other => panic!("{other:?}"),
        };
        let omar = user(Admin, Active);
        for own in [change(Some(Owner), None), change(None, Some(Deactivated))] {
            assert_eq!(code(omar.changed(omar.id, &own)), "own_account");
        }
        for status in [Active, Suspended] {
            let invited = user(Member, Invited);
            assert_eq!(code(invited.changed(other(), &change(None, Some(status)))), "not_accepted");
        }
        let back = omar.changed(other(), &change(None, Some(Invited)));
        assert_eq!(code(back), "not_accepted");
        let withdrawn = user(Member, Invited).changed(other(), &change(None, Some(Deactivated)));
        let withdrawn = withdrawn.unwrap().unwrap().user;
        assert_eq!(withdrawn.status, Deactivated);
        assert_eq!(code(withdrawn.changed(other(), &change(None, Some(Active)))), "not_accepted");
        let returned = user(Member, Deactivated).changed(other(), &change(None, Some(Active)));
        assert_eq!(returned.unwrap().unwrap().user.status, Active);
    }
}
