//! `POST /api/v1/auth/login`

use axum::Json;
use axum::extract::State;
use domain::email::Email;
use domain::tenant::{User, UserStatus};
use domain::{Error, Result, SessionId, TenantId};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use tenancy::{Subject, TenantScope};
use utoipa::ToSchema;
use web::openapi::OfBody;
use web::{Fields, FormOrJson, Input, Problem};

use crate::person::Person;
use crate::{App, password};

/// Organisations tried under one address: each costs a password comparison.
const ACCOUNTS_MAX: usize = 5;
/// A longer password is not one: comparing it would cost more than it should.
const PASSWORD_CHARS_MAX: usize = 128;

/// Signs a person in. Takes JSON, or the form of an OAuth 2 password grant.
///
/// An unknown address, a wrong password and a person who may not sign in look the same.
#[utoipa::path(
    post,
    path = "/api/v1/auth/login",
    tag = "auth",
    request_body(content(
        (Login = "application/json"),
        (Login = "application/x-www-form-urlencoded")
    )),
    responses(
        (status = 200, description = "Signed in", body = SignedInAnswer),
        (status = 401, description = "The address or the password is wrong",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        OfBody
    ),
    security(())
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    FormOrJson(login): FormOrJson<Login>,
) -> std::result::Result<Json<SignedInAnswer>, Problem> {
    let people = people_of(&app, &login).await?;
    let mut matching = matching(&app, people, login.password).await?;
    if matching.len() > 1 {
        return Err(choose(&app, &matching).await?);
    }
    let Some((scope, user)) = matching.pop() else {
        let title = "The address or the password is wrong";
        return Err(Problem::unauthenticated("invalid_credentials", title));
    };
    let now = app.edge.now();
    let subject = Subject {
        session: SessionId::mint(app.edge.ids(), now),
        proved_at: now,
        scope: &scope,
        user: user.id,
        role: user.role,
        permission_version: user.permission_version,
    };
    let token = app.signer.issue(&subject, now, app.edge.ids())?;
    tracing::info!(tenant.id = %scope.tenant(), user.id = %user.id, "signed in");
    let tenant = app.edge.store().for_tenant(&scope).tenant().await?;
    Ok(Json(SignedInAnswer {
        access_token: token.access_token,
        token_type: "bearer",
        expires_in: token.expires_in_s,
        user: Person::of(user, tenant),
    }))
}

/// The people under the address, in the organisation that was named or in any.
async fn people_of(app: &App, login: &Login) -> Result<Vec<(TenantScope, User)>> {
    let Ok(email) = login.username.parse::<Email>() else { return Ok(Vec::new()) };
    let accounts = app.edge.store().directory().accounts_of(&email).await?;
    let mut people = Vec::new();
    for account in accounts {
        let scope = account.scope();
        let wanted = login.organization.is_none_or(|wanted| wanted == scope.tenant());
        if !wanted || people.len() >= ACCOUNTS_MAX {
            continue;
        }
        // A row of the directory outlives a change of address; the user's record decides.
        if let Some(user) = app.edge.store().for_tenant(&scope).user(account.user()).await?
            && user.email == email
        {
            people.push((scope, user));
        }
    }
    Ok(people)
}

/// Those whose password it is and who may sign in. Nobody costs as much as somebody.
async fn matching(
    app: &App,
    people: Vec<(TenantScope, User)>,
    given: String,
) -> Result<Vec<(TenantScope, User)>> {
    let _permit = app.comparisons.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || {
        if people.is_empty() {
            password::verify_nobody(&given);
        }
        people
            .into_iter()
            .filter(|(_, user)| {
                let right = password::verify(&given, &user.password_hash);
                right && user.status == UserStatus::Active
            })
            .collect()
    })
    .await
    .map_err(Error::internal)
}

/// The password is right in several organisations: the person has to say which.
async fn choose(app: &App, matching: &[(TenantScope, User)]) -> Result<Problem> {
    let mut organizations = Vec::new();
    for (scope, _) in matching {
        let tenant = app.edge.store().for_tenant(scope).tenant().await?;
        organizations.push(json!({ "id": tenant.id, "name": tenant.name }));
    }
    let title = "Send `organization` as well";
    Ok(Problem::new(StatusCode::CONFLICT, "choose_organization", title)
        .with("organizations", organizations))
}

/// Who signs in.
#[derive(ToSchema)]
pub(crate) struct Login {
    /// The e-mail address; `email` is the same.
    #[schema(example = "omar@example.com")]
    username: String,
    #[schema(example = "correct horse battery staple")]
    password: String,
    /// Which organisation, when the address belongs to several.
    #[schema(value_type = Option<String>, example = "ten_01jv8z0c9q0000000000000000")]
    organization: Option<TenantId>,
}

impl Input for Login {
    fn read(fields: &mut Fields) -> Option<Self> {
        // What else an OAuth 2 client sends says nothing here.
        for name in ["scope", "client_id", "client_secret"] {
            fields.optional_text(name, 0..=1_000);
        }
        if fields.optional_text("grant_type", 0..=100).is_some_and(|grant| grant != "password") {
            fields.fault("grant_type", "unsupported", "only `password`");
        }
        let organization = fields.optional_parsed("organization", "an organisation's id");
        let email = fields.optional_text("email", 1..=254);
        let username = match email {
            Some(email) => Some(email),
            None => fields.text("username", 1..=254),
        };
        let password = fields.text("password", 1..=PASSWORD_CHARS_MAX);
        Some(Self { username: username?, password: password?, organization })
    }
}

/// An access token and whose it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedInAnswer {
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln")]
    access_token: String,
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 1800)]
    expires_in: i64,
    user: Person,
}
