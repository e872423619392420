//! A person of an organisation, as answers show one.

use domain::role::TenantRole;
use domain::tenant::{Tenant, User};
use domain::{Language, TenantId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Person {
    #[schema(value_type = String, example = "usr_01jv8z0c9q0000000000000000")]
    id: UserId,
    #[schema(example = "omar@example.com")]
    email: String,
    #[schema(example = "Omar Haddad")]
    name: String,
    #[schema(value_type = String, example = "manager")]
    role: TenantRole,
    #[schema(value_type = String, example = "en")]
    language: Language,
    organization: Organization,
}

/// The organisation a person belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organization {
    #[schema(value_type = String, example = "ten_01jv8z0c9q0000000000000000")]
    id: TenantId,
    #[schema(example = "Gulf Build LLC")]
    name: String,
    #[schema(example = "Asia/Dubai")]
    time_zone: String,
    #[schema(example = "AED")]
    currency: String,
}

impl Person {
    pub(crate) fn of(user: User, tenant: Tenant) -> Self {
        Self {
            id: user.id,
            email: user.email.to_string(),
            name: user.name,
            role: user.role,
            language: user.language,
            organization: Organization {
                id: tenant.id,
                name: tenant.name,
                time_zone: tenant.time_zone,
                currency: tenant.currency.to_string(),
            },
        }
    }
}
