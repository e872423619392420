//! `POST /api/v1/auth/login`

use axum::Json;
use axum::extract::State;
use domain::TenantId;
use domain::email::Email;
use domain::tenant::{User, UserStatus};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::json;
use store::{Commit, SignIns};
use telemetry::metrics::names::LOGINS;
use tenancy::password::CHARS_MAX;
use tenancy::vault::challenge::{self, Challenge};
use tenancy::{TenantScope, password};
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Fields, FormOrJson, Input, Problem};

use crate::App;
use crate::opening::{Carrier, Opening, SignedInAnswer};
use crate::throttle::Attempt;
use crate::visit::Visit;

/// Organisations tried under one address: each costs a password comparison.
const ACCOUNTS_MAX: usize = 5;

/// Signs a person in. Takes JSON, or the form of an OAuth 2 password grant.
///
/// An unknown address, a wrong password and a person who may not sign in look the same. Whoever
/// has a second factor gets an `mfa_token` instead of tokens, for `POST /api/v1/auth/2fa/verify`.
#[utoipa::path(
    post,
    path = "/api/v1/auth/login",
    tag = "auth",
    request_body(content(
        (Login = "application/json"),
        (Login = "application/x-www-form-urlencoded")
    )),
    responses(
        (status = 200, description = "Signed in, or the second step awaits", body = LoginAnswer),
        (status = 401, description = "The address or the password is wrong",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; `Retry-After` says when the next may be made",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        OfAnybody, OfBody
    ),
    security(())
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    FormOrJson(login): FormOrJson<Login>,
) -> Result<(HeaderMap, Json<LoginAnswer>), Problem> {
    let Ok(email) = login.username.parse::<Email>() else {
        // As much work as for an address, which this is not.
        matching(&app, Vec::new(), login.password).await?;
        return Err(refused(&app));
    };
    let attempt = Attempt::begin(&app, &email, &visit).await?;
    let people = people_of(&app, &email, login.organization).await?;
    let (carrier, given) = (login.refresh_in, login.password.clone());
    let mut matching = matching(&app, people, login.password).await?;
    if matching.len() > 1 {
        attempt.succeeded().await?;
        return Err(choose(&app, &matching).await?);
    }
    let Some((scope, user)) = matching.pop() else {
        attempt.failed().await?;
        return Err(refused(&app));
    };
    let all = app.edge.store().for_tenant(&scope).sign_ins(user.id).await?;
    if all.factor.as_ref().is_some_and(domain::factor::SecondFactor::is_active) {
        app.edge.metrics().count(&LOGINS, ["second_step"]);
        let answer = LoginAnswer::SecondStep(second_step(&app, scope, &user).await?);
        return Ok((HeaderMap::new(), Json(answer)));
    }
    let opening = open(&app, &scope, &user, &visit, &all).await?;
    attempt.succeeded().await?;
    rehash(&app, &scope, &user, &visit, given).await?;
    app.edge.metrics().count(&LOGINS, ["signed_in"]);
    let (headers, Json(answer)) = opening.answer(&app, (&scope, user), carrier).await?;
    Ok((headers, Json(LoginAnswer::SignedIn(Box::new(answer)))))
}

fn refused(app: &App) -> Problem {
    app.edge.metrics().count(&LOGINS, ["refused"]);
    Problem::unauthenticated("invalid_credentials", "The address or the password is wrong")
}

/// The people under the address, in the organisation that was named or in any.
async fn people_of(
    app: &App,
    email: &Email,
    wanted: Option<TenantId>,
) -> domain::Result<Vec<(TenantScope, User)>> {
    let store = app.edge.store();
    let accounts = store.directory().accounts_of(email).await?;
    let mut people = Vec::new();
    let named = |scope: &TenantScope| wanted.is_none_or(|wanted| wanted == scope.tenant());
    let scopes = accounts.iter().map(|account| (account.scope(), account.user()));
    for (scope, id) in scopes.filter(|(scope, _)| named(scope)).take(ACCOUNTS_MAX) {
        // A row of the directory outlives a change of address; the user's record decides.
        if let Some(user) = store.for_tenant(&scope).user(id).await?
            && user.email == *email
        {
            people.push((scope, user));
        }
    }
    if accounts.is_empty() {
        // Somebody would have been read here: nobody takes as long.
        store.directory().accounts_of(email).await?;
    }
    Ok(people)
}

/// Those whose password it is and who may sign in. Nobody costs as much as somebody.
async fn matching(
    app: &App,
    people: Vec<(TenantScope, User)>,
    given: String,
) -> domain::Result<Vec<(TenantScope, User)>> {
    app.with_passwords(move || {
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
}

/// The password is right in several organisations: the person has to say which.
async fn choose(app: &App, matching: &[(TenantScope, User)]) -> domain::Result<Problem> {
    let mut organizations = Vec::new();
    for (scope, _) in matching {
        let tenant = app.edge.store().for_tenant(scope).tenant().await?;
        organizations.push(json!({ "id": tenant.id, "name": tenant.name }));
    }
    let title = "Send `organization` as well";
    Ok(Problem::new(StatusCode::CONFLICT, "choose_organization", title)
        .with("organizations", organizations))
}

async fn second_step(
    app: &App,
    scope: TenantScope,
    user: &User,
) -> domain::Result<SecondStepAnswer> {
    let challenge = Challenge {
        scope,
        user: user.id,
        permission_version: user.permission_version,
        expires_at: app.edge.now().saturating_add(challenge::GOOD_FOR).unwrap_or_default(),
    };
    Ok(SecondStepAnswer {
        mfa_required: true,
        mfa_token: app.keys.current().await?.vault.write_challenge(&challenge),
        methods: ["totp", "recovery_code"],
        expires_in: challenge::GOOD_FOR.as_secs(),
    })
}

async fn open(
    app: &App,
    scope: &TenantScope,
    user: &User,
    visit: &Visit,
    all: &SignIns,
) -> Result<Opening, Problem> {
    let opening = Opening::new(app, scope, user, visit, false);
    let mut transaction = app.edge.store().for_tenant(scope).transaction();
    let entry = visit.trail_of(user.id).entry(
        app.edge.ids(),
        opening.session.created_at,
        "session.opened",
        opening.session.id,
    );
    opening.write(&mut transaction, entry, &all.sessions);
    match transaction.commit().await? {
        Commit::Done => Ok(opening),
        Commit::Refused(_) | Commit::Busy => Err(domain::Error::Conflict.into()),
    }
}

/// Keeps a password under a hash of today, while it is at hand. Another sign-in may be faster.
async fn rehash(
    app: &App,
    scope: &TenantScope,
    user: &User,
    visit: &Visit,
    given: String,
) -> domain::Result<()> {
    if !password::is_outdated(&user.password_hash) {
        return Ok(());
    }
    let edge = app.edge.clone();
    let hash = app.with_passwords(move || password::hash(&given, edge.ids())).await??;
    let mut transaction = app.edge.store().for_tenant(scope).transaction();
    let entry = visit.trail_of(user.id).entry(
        app.edge.ids(),
        app.edge.now(),
        "user.password_rehashed",
        user.id,
    );
    let version = user.version.saturating_add(1);
    let after = User { password_hash: hash, version, ..user.clone() };
    transaction.replace_user(&after, user.version);
    transaction.audit(entry, Some(user), Some(&after));
    transaction.commit().await.map(|_| ())
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
    /// `body` (the default), or `cookie`: then the refresh token comes as `__Host-rt`, which no
    /// script can read.
    #[schema(value_type = Option<String>, example = "body")]
    refresh_in: Carrier,
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
        let refresh_in = Carrier::read(fields);
        let email = fields.optional_text("email", 1..=254);
        let username = match email {
            Some(email) => Some(email),
            None => fields.text("username", 1..=254),
        };
        let password = fields.text("password", 1..=CHARS_MAX);
        Some(Self { username: username?, password: password?, organization, refresh_in })
    }
}

/// Tokens, or the way to the second step.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum LoginAnswer {
    SignedIn(Box<SignedInAnswer>),
    SecondStep(SecondStepAnswer),
}

/// The password was right, and the code is awaited.
#[derive(Serialize, ToSchema)]
pub(crate) struct SecondStepAnswer {
    #[schema(example = true)]
    mfa_required: bool,
    /// For `POST /api/v1/auth/2fa/verify`.
    #[schema(example = "AZ0v3m1Xc0qQn5mXo0dV4gGdL9tq")]
    mfa_token: String,
    #[schema(value_type = Vec<String>, example = json!(["totp", "recovery_code"]))]
    methods: [&'static str; 2],
    /// Seconds.
    #[schema(example = 300)]
    expires_in: i64,
}
