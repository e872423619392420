//! `POST /api/v1/auth/register`

use axum::Json;
use axum::extract::State;
use domain::email::Email;
use domain::membership::NO_PASSWORD;
use domain::proof::Purpose;
use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use domain::{Error, Language, UserId};
use http::StatusCode;
use serde::Serialize;
use store::{PageRequest, Part, TenantStore};
use tenancy::Caller;
use utoipa::ToSchema;
use web::openapi::{OfBody, OfRole, Usual};
use web::{Arrival, Creation, Fields, Input, JsonBody, Problem, SignedIn};

use crate::link::Asking;
use crate::{App, personal};

/// Times the address is looked up again because somebody else invited the same person.
const ATTEMPTS_MAX: u32 = 5;

/// Invites a person by a letter with a link that is good for seven days. Inviting somebody who has
/// not joined yet sends another letter, with the name and role of this request.
#[utoipa::path(
    post,
    path = "/api/v1/auth/register",
    tag = "users",
    request_body = NewUser,
    responses(
        (status = 201, description = "Invited; a letter is on its way", body = Invited),
        Usual, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn invite_user(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    creation: Creation,
    JsonBody(new): JsonBody<NewUser>,
) -> Result<(StatusCode, Json<Invited>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let inviting = Inviting {
        app: &app,
        arrival: &arrival,
        caller: &caller,
        store: &store,
        creation: &creation,
    };
    if new.role == TenantRole::Owner {
        inviting.require_owner()?;
    }
    for _ in 0..ATTEMPTS_MAX {
        let invited = match store.user_of_email(&new.email).await? {
            None => inviting.first(&new).await?,
            Some(id) => inviting.again(id, &new).await?,
        };
        if let Some(user) = invited {
            tracing::info!(tenant.id = %caller.scope().tenant(), user.id = %user.id, "invited");
            return Ok((StatusCode::CREATED, Json(Invited::of(user))));
        }
    }
    Err(Error::Conflict.into())
}

struct Inviting<'a> {
    app: &'a App,
    arrival: &'a Arrival,
    caller: &'a Caller,
    store: &'a TenantStore,
    creation: &'a Creation,
}

impl Inviting<'_> {
    fn require_owner(&self) -> Result<(), Problem> {
        if self.caller.role() == TenantRole::Owner {
            return Ok(());
        }
        Err(Problem::forbidden("only an owner makes somebody an owner"))
    }

    /// Somebody who is new here. `None`: not new any more.
    async fn first(&self, new: &NewUser) -> Result<Option<User>, Problem> {
        let limit = self.store.tenant().await?.settings.limits.users;
        if people(self.store).await? >= limit {
            let detail = format!("the organisation allows itself {limit} people");
            return Err(Error::refused("user_limit", detail).into());
        }
        let now = self.app.edge.now();
        let user = User {
            id: UserId::mint(self.app.edge.ids(), now),
            email: new.email.clone(),
            name: new.name.clone(),
            role: new.role,
            status: UserStatus::Invited,
            language: new.language.unwrap_or_default(),
            phone: None,
            password_hash: NO_PASSWORD.to_owned(),
            permission_version: 1,
            created_at: now,
            version: 1,
        };
        let refused = self.commit(None, &user, true).await?;
        Ok(refused.is_empty().then_some(user))
    }

    /// Somebody who was invited before. `None`: look again.
    async fn again(&self, id: UserId, new: &NewUser) -> Result<Option<User>, Problem> {
        let before = self.store.user(id).await?.ok_or(Error::NotFound)?;
        if before.role == TenantRole::Owner {
            self.require_owner()?;
        }
        let is_out = [UserStatus::Invited, UserStatus::Deactivated].contains(&before.status);
        if !is_out || !before.never_joined() {
            let detail = "the person has an account here already";
            return Err(Error::refused("already_member", detail).into());
        }
        let user = User {
            name: new.name.clone(),
            role: new.role,
            language: new.language.unwrap_or(before.language),
            status: UserStatus::Invited,
            permission_version: before.permission_version + 1,
            version: before.version + 1,
            ..before.clone()
        };
        let mut refused = self.commit(Some(&before), &user, true).await?;
        if refused == [Part::Proof] {
            // The last letter left a moment ago, and its link is as good.
            refused = self.commit(Some(&before), &user, false).await?;
        }
        Ok(refused.is_empty().then_some(user))
    }

    async fn commit(
        &self,
        before: Option<&User>,
        user: &User,
        with_letter: bool,
    ) -> Result<Vec<Part>, Problem> {
        let trail = self.arrival.trail(self.caller.actor());
        let seal = self.creation.seal(StatusCode::CREATED, &Invited::of(user.clone()))?;
        let asking = Asking { app: self.app, trail: &trail, now: self.app.edge.now() };
        let refused = self.store.commit_patiently(|transaction| {
            match before {
                Some(before) => transaction.replace_user(user, before.version),
                None => transaction.insert_user(user),
            }
            if with_letter {
                asking.ask(transaction, Purpose::Invitation, user);
            }
            asking.tell(transaction, "user.invited", before, user);
            seal.keep(transaction);
        });
        Ok(refused.await?)
    }
}

/// How many have not been deactivated.
async fn people(store: &TenantStore) -> Result<u32, Problem> {
    let mut count = 0;
    let mut request = PageRequest::first(PageRequest::MAX_LIMIT);
    loop {
        let page = store.users(&request).await?;
        let staying = page.items.iter().filter(|user| user.status != UserStatus::Deactivated);
        count += u32::try_from(staying.count()).unwrap_or(u32::MAX);
        match page.next {
            Some(next) => request.after = Some(next),
            None => return Ok(count),
        }
    }
}

/// Whom to invite.
#[derive(ToSchema)]
pub(crate) struct NewUser {
    #[schema(value_type = String, example = "sara@example.com")]
    email: Email,
    #[schema(min_length = 1, max_length = 120, example = "Sara Nasser")]
    name: String,
    /// `owner` (by an owner only), `admin`, `manager`, `agent`, `member` or `viewer`.
    #[schema(value_type = String, example = "manager")]
    role: TenantRole,
    /// `en`, `ar` or `ru`: what letters to this person are written in.
    #[schema(value_type = Option<String>, example = "ar")]
    language: Option<Language>,
}

impl Input for NewUser {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = personal::email(fields);
        let name = personal::name(fields);
        let role = fields.required_choice("role", &TenantRole::ALL.map(|r| (r.as_str(), r)));
        let language = personal::language(fields);
        Some(Self { email: email?, name: name?, role: role?, language })
    }
}

/// Somebody who was invited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invited {
    #[schema(value_type = String, example = "usr_01jv8z0c9q0000000000000000")]
    id: UserId,
    #[schema(value_type = String, example = "sara@example.com")]
    email: Email,
    #[schema(example = "Sara Nasser")]
    name: String,
    #[schema(value_type = String, example = "manager")]
    role: TenantRole,
    #[schema(value_type = String, example = "invited")]
    status: UserStatus,
    #[schema(value_type = String, example = "ar")]
    language: Language,
}

impl Invited {
    fn of(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            status: user.status,
            language: user.language,
        }
    }
}
