//! An organisation, as answers show one.

use domain::settings::{Branding, CodeTemplate, Limits, Slug, WeekStart};
use domain::tenant::Tenant;
use domain::{Language, TenantId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The organisation and what it has set for itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationAnswer {
    #[schema(value_type = String, example = "ten_01jv8z0c9q0000000000000000")]
    id: TenantId,
    #[schema(example = "Gulf Build LLC")]
    name: String,
    #[schema(value_type = String, example = "en")]
    language: Language,
    #[schema(example = "Asia/Dubai")]
    time_zone: String,
    #[schema(example = "AED")]
    currency: String,
    #[schema(value_type = String, example = "monday")]
    week_start: WeekStart,
    /// The sub-domain of its login page.
    #[schema(value_type = Option<String>, example = "gulf-build")]
    slug: Option<Slug>,
    limits: LimitsAnswer,
    branding: BrandingAnswer,
    /// Whether what is dangerous takes a second factor of owners and admins.
    #[schema(example = false)]
    require_second_factor: bool,
    /// Carries codes to people who have not written within a day.
    code_template: Option<CodeTemplateAnswer>,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    created_at: Timestamp,
    /// The number in the `ETag`.
    #[schema(example = 7)]
    version: u64,
}

/// How much the organisation allows itself.
#[derive(Debug, Serialize, ToSchema)]
struct LimitsAnswer {
    #[schema(example = 200)]
    users: u32,
    #[schema(example = 5)]
    channels: u32,
}

/// How its pages and letters look.
#[derive(Debug, Serialize, ToSchema)]
struct BrandingAnswer {
    #[schema(example = "Gulf Build")]
    name: Option<String>,
    #[schema(example = "#1a2b3c")]
    color: Option<String>,
    #[schema(example = "https://cdn.example.com/logo.png")]
    logo_url: Option<String>,
}

/// An approved authentication template of WhatsApp.
#[derive(Debug, Serialize, ToSchema)]
struct CodeTemplateAnswer {
    #[schema(example = "login_code")]
    name: String,
    #[schema(example = "en_US")]
    language: String,
}

impl From<Tenant> for OrganizationAnswer {
    fn from(tenant: Tenant) -> Self {
        let settings = tenant.settings;
        Self {
            id: tenant.id,
            name: tenant.name,
            language: tenant.language,
            time_zone: tenant.time_zone,
            currency: tenant.currency.to_string(),
            week_start: settings.week_start,
            slug: settings.slug,
            limits: settings.limits.into(),
            branding: settings.branding.into(),
            require_second_factor: settings.require_second_factor,
            code_template: settings.code_template.map(CodeTemplateAnswer::from),
            created_at: tenant.created_at,
            version: tenant.version,
        }
    }
}

impl From<Limits> for LimitsAnswer {
    fn from(limits: Limits) -> Self {
        Self { users: limits.users, channels: limits.channels }
    }
}

impl From<Branding> for BrandingAnswer {
    fn from(branding: Branding) -> Self {
        Self {
            name: branding.name,
            color: branding.color.map(String::from),
            logo_url: branding.logo_url.map(String::from),
        }
    }
}

impl From<CodeTemplate> for CodeTemplateAnswer {
    fn from(template: CodeTemplate) -> Self {
        Self { name: template.name.into(), language: template.language.into() }
    }
}
