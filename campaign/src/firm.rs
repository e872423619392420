//! A firm with one project, its people, and a word that is in every text written to it.

use domain::project::{Member, Project, ProjectStatus};
use domain::role::{ProjectRole, TenantRole};
use domain::tenant::{Channel, ChannelStatus, NumberProfile, User, UserStatus};
use domain::{ChannelId, Clock, Currency, Ids, Language, ProjectId, UserId};
use embedded_aws::EmbeddedAws;
use jiff::Timestamp;
use rust_decimal::Decimal;
use store::{Commit, Store, TenantStore};
use tenancy::{Routed, TenantScope};

/// Strangers write to every firm from the same phones.
const STRANGERS: [&str; 2] = ["4915112345678", "4915112345679"];
/// In every text that is written to a firm, by its place.
const CANARIES: [&str; 5] = ["alpha", "bravo", "delta", "gamma", "omega"];
/// The secret that Meta's calls are signed with.
pub const APP_SECRET: &str = "app-secret-of-tests";

/// Where firms are founded.
pub struct Land<'a> {
    pub store: &'a Store,
    pub clock: &'a dyn Clock,
    pub ids: &'a dyn Ids,
}

/// A firm.
pub struct Firm {
    pub scope: TenantScope,
    pub store: TenantStore,
    pub channel: ChannelId,
    /// Meta's id of its number.
    pub number: String,
    pub project: ProjectId,
    /// Stands in every text that is written to it.
    pub canary: String,
    pub people: Vec<Person>,
}

/// Somebody who writes to a firm.
pub struct Person {
    /// Digits only.
    pub phone: String,
    /// `None`: a stranger.
    pub role: Option<ProjectRole>,
}

impl Firm {
    /// Founds the `place`th firm, with so many members and two strangers who write to it.
    pub async fn found(land: &Land<'_>, place: usize, members: usize) -> Self {
        let (ids, now) = (land.ids, land.clock.now());
        let scope = TenantScope::found(land.clock, ids);
        let firm = Self {
            store: land.store.for_tenant(&scope),
            channel: ChannelId::mint(ids, now),
            number: format!("10654035224292{place}"),
            project: ProjectId::mint(ids, now),
            canary: format!("canary{}", CANARIES[place]),
            people: people(place, members),
            scope,
        };
        let mut write = firm.store.transaction();
        write.insert_tenant(&testkit::tenant(&firm.scope, &firm.canary, now));
        write.insert_project(&firm.new_project(now));
        write.insert_channel(&Channel {
            id: firm.channel,
            phone_number_id: firm.number.clone(),
            display_phone: "+971 4 000 0000".to_owned(),
            status: ChannelStatus::Connected,
            profile: NumberProfile::default(),
            created_at: now,
            version: 1,
        });
        assert_eq!(write.commit().await.unwrap(), Commit::Done);
        for (place, person) in firm.people.iter().enumerate() {
            let Some(role) = person.role else { continue };
            // Each for himself: a transaction takes a hundred items.
            let mut write = firm.store.transaction();
            let user = UserId::mint(ids, now);
            write.insert_user(&firm.user(user, place, now));
            let (project, name) = (firm.project, format!("Member {place}"));
            write.insert_member(&Member { project, user, name, role, added_at: now });
            assert_eq!(write.commit().await.unwrap(), Commit::Done);
        }
        let routed = Routed::of_channel(&firm.scope, firm.channel);
        land.store.directory().route(&firm.scope, &firm.number, routed).await.unwrap();
        firm
    }

    fn new_project(&self, now: Timestamp) -> Project {
        Project {
            id: self.project,
            name: format!("Tower {}", self.canary),
            status: ProjectStatus::Active,
            currency: Currency::AED,
            time_zone: "Asia/Dubai".to_owned(),
            budget: Decimal::from(1_000_000),
            starts_on: None,
            ends_on: None,
            created_at: now,
            updated_at: now,
            tasks_total: 0,
            tasks_done: 0,
            cost_confirmed_minor: 0,
            insights_open: 0,
        }
    }

    fn user(&self, id: UserId, place: usize, now: Timestamp) -> User {
        User {
            id,
            email: format!("member{place}@{}.example.com", self.canary).parse().unwrap(),
            name: format!("Member {place}"),
            role: TenantRole::Member,
            status: UserStatus::Active,
            language: Language::En,
            phone: Some(self.people[place].phone.parse().unwrap()),
            password_hash: String::new(),
            permission_version: 1,
            created_at: now,
            version: 1,
        }
    }
}

fn people(firm: usize, members: usize) -> Vec<Person> {
    let members = (0..members).map(|place| Person {
        phone: format!("9715{firm}00000{place:02}"),
        role: Some(match place {
            // One, who is told of what the others report.
            0 => ProjectRole::Manager,
            _ if place.is_multiple_of(3) => ProjectRole::Engineer,
            _ => ProjectRole::Foreman,
        }),
    });
    let strangers = STRANGERS.map(|phone| Person { phone: phone.to_owned(), role: None });
    members.chain(strangers).collect()
}

/// Keeps the secret of Meta's calls under `meta`, and each firm's access token under `prefix` and
/// its channel.
pub async fn keep_secrets(aws: &EmbeddedAws, firms: &[Firm], meta: &str, prefix: &str) {
    let secret = serde_json::json!({ "app_secret": APP_SECRET, "verify_token": "token-of-tests" });
    let mut secrets = vec![(meta.to_owned(), secret.to_string())];
    for firm in firms {
        let token = format!("{{\"access_token\":\"token-{}\"}}", firm.number);
        secrets.push((format!("{prefix}{}", firm.channel), token));
    }
    let manager = aws.secrets_manager();
    for (name, secret) in secrets {
        manager.create_secret().name(name).secret_string(secret).send().await.unwrap();
    }
}
