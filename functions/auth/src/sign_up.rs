//! `POST /api/v1/organizations`

use axum::Json;
use axum::extract::State;
use domain::audit::Actor;
use domain::email::Email;
use domain::proof::Purpose;
use domain::role::TenantRole;
use domain::settings::Settings;
use domain::tenant::{Tenant, User, UserStatus};
use domain::{Currency, Error, Language, UserId};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::Part;
use tenancy::TenantScope;
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Arrival, Creation, Fields, Input, JsonBody, Problem};

use crate::link::Asking;
use crate::person::Person;
use crate::{App, new_password, personal};

/// Each sends a letter to an address that nobody has proved yet.
const PER_ADDRESS_MAX: u32 = 5;
const PER_ADDRESS_WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// Founds an organisation. Its owner can sign in once the link in the letter has been used.
///
/// An address may belong to several organisations, so nothing is looked up, and the answer says
/// nothing about others.
#[utoipa::path(
    post,
    path = "/api/v1/organizations",
    tag = "organization",
    request_body = NewOrganization,
    responses(
        (status = 201, description = "Founded; a letter is on its way", body = SignedUp),
        (status = 429, description = "Five for this address today, or too many from this network",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        OfAnybody, OfBody
    ),
    security(())
)]
pub(crate) async fn sign_up(
    State(app): State<App>,
    arrival: Arrival,
    creation: Creation,
    JsonBody(mut new): JsonBody<NewOrganization>,
) -> Result<(StatusCode, Json<SignedUp>), Problem> {
    let founded = app
        .edge
        .store()
        .guards()
        .count("sign-up", new.email.as_str(), PER_ADDRESS_WINDOW, app.edge.now())
        .await?;
    if founded.count > PER_ADDRESS_MAX {
        return Err(Problem::too_many(founded.ends_at.duration_since(app.edge.now())));
    }
    let password = std::mem::take(&mut new.password);
    let password_hash = new_password::hash(&app, password, &new.email, &new.name).await?;
    let now = app.edge.now();
    let scope = TenantScope::found(app.edge.clock(), app.edge.ids());
    let owner = new.owner(UserId::mint(app.edge.ids(), now), password_hash, now);
    let tenant = new.organisation(&scope, now);
    let trail = arrival.trail(Actor::Anonymous);
    let asking = Asking { app: &app, trail: &trail, now };
    let user = Person::of(owner.clone(), tenant.clone());
    let answer = SignedUp { user, verification: "pending" };
    let seal = creation.seal(StatusCode::CREATED, &answer)?;
    let store = app.edge.store().for_tenant(&scope);
    let refused: Vec<Part> = store
        .commit_patiently(|transaction| {
            transaction.insert_tenant(&tenant);
            transaction.insert_user(&owner);
            asking.ask(transaction, Purpose::VerifyEmail, &owner);
            let ids = app.edge.ids();
            let entry = trail.entry(ids, now, "organization.founded", tenant.id);
            transaction.audit(entry, None, Some(&tenant));
            asking.tell(transaction, "user.invited", None, &owner);
            seal.keep(transaction);
        })
        .await?;
    if refused == [Part::Once] {
        return Err(Error::Conflict.into());
    }
    if !refused.is_empty() {
        return Err(Error::internal("a new organisation was there already").into());
    }
    tracing::info!(tenant.id = %tenant.id, user.id = %owner.id, "an organisation was founded");
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A new organisation and its owner.
#[derive(ToSchema)]
pub(crate) struct NewOrganization {
    /// The organisation's name.
    #[schema(min_length = 2, max_length = 120, example = "Gulf Build LLC")]
    organization_name: String,
    /// The owner's name.
    #[schema(min_length = 1, max_length = 120, example = "Omar Haddad")]
    name: String,
    #[schema(value_type = String, example = "omar@example.com")]
    email: Email,
    #[schema(min_length = 12, max_length = 128, example = "correct horse battery staple")]
    password: String,
    /// `en`, `ar` or `ru`.
    #[schema(value_type = Option<String>, default = "en", example = "ar")]
    language: Language,
    /// IANA name.
    #[schema(default = "UTC", example = "Asia/Dubai")]
    time_zone: Option<String>,
    /// ISO 4217.
    #[schema(value_type = Option<String>, default = "USD", example = "AED")]
    currency: Option<Currency>,
}

impl NewOrganization {
    fn owner(&self, id: UserId, password_hash: String, now: Timestamp) -> User {
        User {
            id,
            email: self.email.clone(),
            name: self.name.clone(),
            role: TenantRole::Owner,
            status: UserStatus::Invited,
            language: self.language,
            phone: None,
            password_hash,
            permission_version: 1,
            created_at: now,
            version: 1,
        }
    }

    fn organisation(&self, scope: &TenantScope, now: Timestamp) -> Tenant {
        Tenant {
            id: scope.tenant(),
            name: self.organization_name.clone(),
            language: self.language,
            time_zone: self.time_zone.clone().unwrap_or_else(|| "UTC".to_owned()),
            currency: self.currency.unwrap_or(Currency::USD),
            settings: Settings::default(),
            created_at: now,
            version: 1,
        }
    }
}

impl Input for NewOrganization {
    fn read(fields: &mut Fields) -> Option<Self> {
        let organization_name = fields.line("organization_name", 2..=120);
        let name = personal::name(fields);
        let email = personal::email(fields);
        let password = new_password::read(fields);
        let language = personal::language(fields).unwrap_or_default();
        let time_zone = personal::time_zone(fields);
        let currency = fields.optional_parsed("currency", "three letters of ISO 4217");
        Some(Self {
            organization_name: organization_name?,
            name: name?,
            email: email?,
            password: password?,
            language,
            time_zone,
            currency,
        })
    }
}

/// Who founded what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedUp {
    user: Person,
    /// `pending`: the link in the letter makes the account usable.
    #[schema(example = "pending")]
    verification: &'static str,
}
