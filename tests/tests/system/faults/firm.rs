//! A firm with one project, its people, and a word that is in every text written to it.

use domain::project::{Member, Project, ProjectStatus};
use domain::role::{ProjectRole, TenantRole};
use domain::settings::Settings;
use domain::tenant::{Channel, ChannelStatus, NumberProfile, Tenant, User, UserStatus};
use domain::{ChannelId, Clock, Currency, Language, ProjectId, UserId};
use jiff::Timestamp;
use rust_decimal::Decimal;
use store::{Commit, TenantStore};
use tenancy::{Routed, TenantScope};
use testkit::Cloud;

/// Strangers write to every firm from the same phones.
const STRANGERS: [&str; 2] = ["4915112345678", "4915112345679"];
const ROLES: [ProjectRole; 5] = [
    ProjectRole::Manager,
    ProjectRole::Foreman,
    ProjectRole::Engineer,
    ProjectRole::Foreman,
    ProjectRole::Foreman,
];

/// A firm.
pub(crate) struct Firm {
    pub(crate) scope: TenantScope,
    pub(crate) store: TenantStore,
    pub(crate) channel: ChannelId,
    /// Meta's id of its number.
    pub(crate) number: String,
    pub(crate) project: ProjectId,
    /// Stands in every text that is written to it.
    pub(crate) canary: String,
    pub(crate) people: Vec<Person>,
}

/// Somebody who writes to a firm.
pub(crate) struct Person {
    /// Digits only.
    pub(crate) phone: String,
    /// `None`: a stranger.
    pub(crate) role: Option<ProjectRole>,
}

impl Firm {
    /// Founds the `place`th firm, with so many members and two strangers who write to it.
    pub(crate) async fn found(cloud: &Cloud, place: usize, members: usize) -> Self {
        let (ids, now) = (&*cloud.ids, cloud.clock.now());
        let scope = TenantScope::found(&*cloud.clock, ids);
        let firm = Self {
            store: cloud.store().for_tenant(&scope),
            channel: ChannelId::mint(ids, now),
            number: format!("10654035224292{place}"),
            project: ProjectId::mint(ids, now),
            canary: format!("canary{}", ["alpha", "bravo", "delta"][place]),
            people: people(place, members),
            scope,
        };
        let mut write = firm.store.transaction();
        write.insert_tenant(&Tenant {
            id: firm.scope.tenant(),
            name: firm.canary.clone(),
            language: Language::En,
            time_zone: "Asia/Dubai".to_owned(),
            currency: Currency::AED,
            settings: Settings::default(),
            created_at: now,
            version: 1,
        });
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
        for (place, person) in firm.people.iter().enumerate() {
            let Some(role) = person.role else { continue };
            let user = UserId::mint(ids, now);
            write.insert_user(&firm.user(user, place, now));
            let (project, name) = (firm.project, format!("Member {place}"));
            write.insert_member(&Member { project, user, name, role, added_at: now });
        }
        assert_eq!(write.commit().await.unwrap(), Commit::Done);
        let routed = Routed::of_channel(&firm.scope, firm.channel);
        cloud.store().directory().route(&firm.scope, &firm.number, routed).await.unwrap();
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
        role: Some(ROLES[place % ROLES.len()]),
    });
    let strangers = STRANGERS.map(|phone| Person { phone: phone.to_owned(), role: None });
    members.chain(strangers).collect()
}
