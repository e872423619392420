//! A user of the organisation, as answers show one.

use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use domain::{Language, UserId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A person of the organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAnswer {
    #[schema(value_type = String, example = "usr_01jv8z0c9q0000000000000000")]
    id: UserId,
    #[schema(example = "sara@example.com")]
    email: String,
    #[schema(example = "Sara Nasser")]
    name: String,
    #[schema(value_type = String, example = "manager")]
    role: TenantRole,
    /// `invited` until the address is proved, `active`, `suspended` or `deactivated`.
    #[schema(value_type = String, example = "active")]
    status: UserStatus,
    #[schema(value_type = String, example = "ar")]
    language: Language,
    /// The number this person writes from, once it is linked.
    #[schema(example = "+971501234567")]
    phone: Option<String>,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    created_at: Timestamp,
    /// The number in the `ETag`.
    #[schema(example = 7)]
    version: u64,
}

impl From<User> for UserAnswer {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email.to_string(),
            name: user.name,
            role: user.role,
            status: user.status,
            language: user.language,
            phone: user.phone.map(|phone| phone.to_string()),
            created_at: user.created_at,
            version: user.version,
        }
    }
}
