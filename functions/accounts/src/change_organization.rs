//! `PATCH /api/v1/organization`

use axum::Json;
use axum::extract::State;
use domain::settings::{
    Branding, CodeTemplate, Color, Limits, LogoUrl, Settings, Slug, TemplateLocale, TemplateName,
    WeekStart,
};
use domain::tenant::Tenant;
use domain::{Currency, Error, Language};
use jiff::tz::TimeZone;
use store::{Part, Transaction};
use utoipa::ToSchema;
use web::openapi::{OfBody, OfRole, OfVersion, Usual};
use web::{Arrival, Change, Etag, Fields, IfMatch, Input, JsonBody, Problem, SignedIn};

use crate::App;
use crate::organization::OrganizationAnswer;

/// Changes what the organisation says of itself. Absent members stay; null clears what can be.
#[utoipa::path(
    patch,
    path = "/api/v1/organization",
    tag = "organization",
    params(("If-Match" = String, Header, example = "\"v7\"", description = "The `ETag` that was read")),
    request_body = OrganizationChange,
    responses(
        (status = 200, description = "The organisation as it is now", body = OrganizationAnswer,
            headers(("ETag" = String, description = "Of the new version"))),
        Usual, OfRole, OfBody, OfVersion
    ),
    security(("token" = []))
)]
pub(crate) async fn change_organization(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    expected: IfMatch,
    JsonBody(change): JsonBody<OrganizationChange>,
) -> Result<(Etag, Json<OrganizationAnswer>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let before = store.tenant().await?;
    expected.check(before.version)?;
    let after = change.applied(&before);
    if after == before {
        return Ok((Etag(before.version), Json(before.into())));
    }
    if after.settings.require_second_factor != before.settings.require_second_factor {
        web::require_fresh(&caller, app.edge.now())?;
    }
    let after = Tenant { version: before.version + 1, ..after };
    let trail = arrival.trail(caller.actor());
    let refused = store
        .commit_patiently(|transaction| {
            transaction.replace_tenant(&after, before.version);
            move_slug(transaction, &before.settings, &after.settings);
            let now = app.edge.now();
            let entry = trail.entry(app.edge.ids(), now, "organization.changed", after.id);
            transaction.audit(entry, Some(&before), Some(&after));
        })
        .await?;
    if refused.contains(&Part::Tenant) {
        return Err(IfMatch::failed(store.tenant().await?.version));
    }
    if refused.contains(&Part::Slug) {
        let detail = "another organisation has this sub-domain";
        return Err(Error::refused("slug_taken", detail).into());
    }
    tracing::info!(tenant.id = %after.id, user.id = %caller.user(), "organisation changed");
    Ok((Etag(after.version), Json(after.into())))
}

fn move_slug(transaction: &mut Transaction, before: &Settings, after: &Settings) {
    if before.slug == after.slug {
        return;
    }
    if let Some(slug) = &before.slug {
        transaction.release_slug(slug.as_str());
    }
    if let Some(slug) = &after.slug {
        transaction.claim_slug(slug.as_str());
    }
}

/// What is to be different.
#[derive(ToSchema)]
pub(crate) struct OrganizationChange {
    #[schema(min_length = 2, max_length = 120, example = "Gulf Build LLC")]
    name: Option<String>,
    /// `en`, `ar` or `ru`: spoken to people whose language is not known.
    #[schema(value_type = Option<String>, example = "en")]
    language: Option<Language>,
    /// IANA name.
    #[schema(example = "Asia/Dubai")]
    time_zone: Option<String>,
    /// ISO 4217: of amounts that name none.
    #[schema(value_type = Option<String>, example = "AED")]
    currency: Option<Currency>,
    /// `monday`, `saturday` or `sunday`.
    #[schema(value_type = Option<String>, example = "monday")]
    week_start: Option<WeekStart>,
    /// Null gives it back.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 40, example = "gulf-build")]
    slug: Change<Slug>,
    #[schema(inline, value_type = Option<LimitsChange>)]
    limits: LimitsChange,
    /// Null clears all of it.
    #[schema(inline, value_type = Option<BrandingChange>)]
    branding: Change<BrandingChange>,
    /// Whether what is dangerous takes a second factor of owners and admins. To change it takes a
    /// fresh proof.
    #[schema(example = true)]
    require_second_factor: Option<bool>,
    /// Null clears it.
    #[schema(inline, value_type = Option<NewCodeTemplate>)]
    code_template: Change<CodeTemplate>,
}

/// How much the organisation allows itself.
#[derive(Default, ToSchema)]
struct LimitsChange {
    /// People who have not been deactivated.
    #[schema(minimum = 1, maximum = 500, example = 200)]
    users: Option<u32>,
    /// Numbers that have not been removed.
    #[schema(minimum = 1, maximum = 20, example = 5)]
    channels: Option<u32>,
}

/// How its pages and letters look. Null clears a part.
#[derive(ToSchema)]
struct BrandingChange {
    #[schema(value_type = Option<String>, max_length = 60, example = "Gulf Build")]
    name: Change<String>,
    #[schema(value_type = Option<String>, example = "#1a2b3c")]
    color: Change<Color>,
    #[schema(value_type = Option<String>, example = "https://cdn.example.com/logo.png")]
    logo_url: Change<LogoUrl>,
}

/// An approved authentication template of WhatsApp: its body and its button take the code.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read into the domain's own")]
struct NewCodeTemplate {
    #[schema(max_length = 512, example = "login_code")]
    name: String,
    /// Exactly the approved locale.
    #[schema(example = "en_US")]
    language: String,
}

impl OrganizationChange {
    fn applied(self, before: &Tenant) -> Tenant {
        let old = before.settings.clone();
        let limits = Limits {
            users: self.limits.users.unwrap_or(old.limits.users),
            channels: self.limits.channels.unwrap_or(old.limits.channels),
        };
        let branding = match self.branding {
            Change::Keep => old.branding,
            Change::Clear => Branding::default(),
            Change::Set(change) => Branding {
                name: change.name.applied(old.branding.name),
                color: change.color.applied(old.branding.color),
                logo_url: change.logo_url.applied(old.branding.logo_url),
            },
        };
        Tenant {
            name: self.name.unwrap_or_else(|| before.name.clone()),
            language: self.language.unwrap_or(before.language),
            time_zone: self.time_zone.unwrap_or_else(|| before.time_zone.clone()),
            currency: self.currency.unwrap_or(before.currency),
            settings: Settings {
                week_start: self.week_start.unwrap_or(old.week_start),
                limits,
                branding,
                require_second_factor: self
                    .require_second_factor
                    .unwrap_or(old.require_second_factor),
                slug: self.slug.applied(old.slug),
                code_template: self.code_template.applied(old.code_template),
            },
            ..before.clone()
        }
    }
}

impl Input for OrganizationChange {
    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.replacement("name", |fields, name| fields.optional_line(name, 2..=120));
        let language = fields.replacement("language", |fields, name| {
            fields.choice(name, &Language::ALL.map(|language| (language.as_str(), language)))
        });
        let time_zone = fields.replacement("time_zone", time_zone);
        let currency = fields.replacement("currency", |fields, name| {
            fields.optional_parsed(name, "three letters of ISO 4217")
        });
        let week_start = fields.replacement("week_start", |fields, name| {
            fields.choice(name, &WeekStart::ALL.map(|day| (day.as_str(), day)))
        });
        let slug =
            fields.change("slug", |fields, name| fields.optional_parsed(name, Slug::EXPECTED));
        let limits = fields.replacement("limits", |fields, name| fields.object(name, limits));
        let branding = fields.change("branding", |fields, name| fields.object(name, branding));
        let require_second_factor =
            fields.replacement("require_second_factor", |fields, name| Some(fields.flag(name)));
        let code_template =
            fields.change("code_template", |fields, name| fields.object(name, code_template));
        Some(Self {
            name,
            language,
            time_zone,
            currency,
            week_start,
            slug,
            limits: limits.unwrap_or_default(),
            branding,
            require_second_factor,
            code_template,
        })
    }
}

fn time_zone(fields: &mut Fields, name: &str) -> Option<String> {
    let text = fields.optional_text(name, 1..=64)?;
    let canonical = TimeZone::get(&text).ok().and_then(|zone| zone.iana_name().map(str::to_owned));
    if canonical.is_none() {
        fields.fault(name, "wrong_form", "expected an IANA name, as Asia/Dubai");
    }
    canonical
}

#[expect(clippy::unnecessary_wraps, reason = "what reads a member may find it faulty")]
fn limits(fields: &mut Fields) -> Option<LimitsChange> {
    let users =
        fields.replacement("users", |fields, name| fields.number(name, 1..=Limits::USERS_MAX));
    let channels = fields
        .replacement("channels", |fields, name| fields.number(name, 1..=Limits::CHANNELS_MAX));
    Some(LimitsChange { users, channels })
}

#[expect(clippy::unnecessary_wraps, reason = "what reads a member may find it faulty")]
fn branding(fields: &mut Fields) -> Option<BrandingChange> {
    let name = fields.change("name", |fields, name| fields.optional_line(name, 1..=60));
    let color =
        fields.change("color", |fields, name| fields.optional_parsed(name, Color::EXPECTED));
    let logo_url =
        fields.change("logo_url", |fields, name| fields.optional_parsed(name, LogoUrl::EXPECTED));
    Some(BrandingChange { name, color, logo_url })
}

fn code_template(fields: &mut Fields) -> Option<CodeTemplate> {
    let name = fields.parsed("name", TemplateName::EXPECTED);
    let language = fields.parsed("language", TemplateLocale::EXPECTED);
    Some(CodeTemplate { name: name?, language: language? })
}
