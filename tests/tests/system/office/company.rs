//! A company with one of everything, and a word that is in every text of it.

use domain::contact::{Contact, Sender};
use domain::content::Content;
use domain::conversation::{BotState, Conversation, ConversationStatus};
use domain::delivery::Delivery;
use domain::message::{Author, Direction, Message};
use domain::project::{
    Cost, CostStatus, Insight, InsightKind, Member, Priority, Project, ProjectStatus, Task,
    TaskStatus,
};
use domain::role::{ProjectRole, TenantRole};
use domain::tenant::{Channel, ChannelStatus, NumberProfile, User, UserStatus};
use domain::{
    ChannelId, Clock, ContactId, ConversationId, CostId, Currency, InsightId, KeyId, Language,
    MessageId, Money, ProjectId, TaskId, UserId,
};
use jiff::{SignedDuration, Timestamp};
use queue::{Envelope, EventKind, Payload};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use store::{Commit, Part, Proof, Quarantined, TenantStore, Transaction};
use telemetry::Trace;
use tenancy::key::{ApiKey, Holder, KeyWish, MintedKey};
use tenancy::policy::KeyScope;
use tenancy::{Routed, TenantScope};

use super::{Office, Person};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

pub(crate) struct Company {
    pub(crate) scope: TenantScope,
    pub(crate) store: TenantStore,
    pub(crate) owner: Person,
    pub(crate) agent: Person,
    pub(crate) other_agent: Person,
    /// In the first project, and in no other.
    pub(crate) member: Person,
    pub(crate) project: ProjectId,
    pub(crate) other_project: ProjectId,
    pub(crate) conversation: ConversationId,
    /// Connected: routed, with a token that Meta takes.
    pub(crate) channel: ChannelId,
    pub(crate) number: String,
    pub(crate) message: MessageId,
    pub(crate) quarantined: String,
    /// An API key of the owner's.
    pub(crate) key: KeyId,
    pub(crate) now: Timestamp,
}

impl Company {
    /// Founds it. `word` is in its name and in everything that is written there.
    pub(crate) async fn found(office: &Office, word: &str) -> Self {
        let (clock, ids) = (&*office.cloud.clock, &*office.cloud.ids);
        let now = clock.now();
        let scope = TenantScope::found(clock, ids);
        let store = office.cloud.store().for_tenant(&scope);
        let mut company = Self {
            owner: office.person(&scope, UserId::mint(ids, now), TenantRole::Owner),
            agent: office.person(&scope, UserId::mint(ids, now), TenantRole::Agent),
            other_agent: office.person(&scope, UserId::mint(ids, now), TenantRole::Agent),
            member: office.person(&scope, UserId::mint(ids, now), TenantRole::Member),
            project: ProjectId::mint(ids, now),
            other_project: ProjectId::mint(ids, now),
            conversation: ConversationId::mint(ids, now),
            channel: ChannelId::mint(ids, now),
            number: String::new(),
            message: MessageId::mint(ids, now),
            quarantined: String::new(),
            key: KeyId::mint(ids, now),
            scope,
            store,
            now,
        };
        company.number = (company.channel.uuid().as_u128() % 1_000_000_000_000_000).to_string();
        let mut write = company.store.transaction();
        write.insert_channel(&Channel {
            id: company.channel,
            phone_number_id: company.number.clone(),
            display_phone: format!("+{}", company.number),
            status: ChannelStatus::Connected,
            profile: NumberProfile::default(),
            created_at: now,
            version: 1,
        });
        let routed = Routed::of_channel(&company.scope, company.channel);
        write.route_number(&company.number, routed, now);
        write.insert_tenant(&testkit::tenant(&company.scope, &format!("{word} Contracting"), now));
        company.insert_people(&mut write, word);
        company.insert_projects(office, &mut write, word);
        company.insert_conversation(office, &mut write, word);
        company.insert_key(office, &mut write, word);
        commit(write).await;
        office.set_token(company.channel, &company.number, "EAA-first-token").await;
        company.quarantine(office, word).await;
        company
    }

    /// A user's record, as it is stored.
    pub(crate) fn user(&self, id: UserId, name: &str, role: TenantRole) -> User {
        User {
            id,
            email: format!("{}@example.com", name.to_lowercase().replace(' ', "."))
                .parse()
                .unwrap(),
            name: name.to_owned(),
            role,
            status: UserStatus::Active,
            language: Language::En,
            phone: None,
            password_hash: String::new(),
            permission_version: 1,
            created_at: self.now,
            version: 1,
        }
    }

    /// One more person, who can sign in.
    pub(crate) async fn employ(&self, office: &Office, user: &User) {
        let mut write = self.store.transaction();
        write.insert_user(user);
        commit(write).await;
        let directory = office.cloud.store().directory();
        directory.list_account(&self.scope, &user.email, user.id).await.unwrap();
    }

    pub(crate) async fn head(&self) -> Conversation {
        self.store.conversation(self.conversation).await.unwrap().unwrap()
    }

    /// An answer of the bot, under its generation, as far on its way as `delivery` says.
    pub(crate) async fn bot_answers(
        &self,
        office: &Office,
        delivery: Delivery,
        claim_until: Option<Timestamp>,
    ) -> Message {
        let head = self.head().await;
        let mut answer = Message {
            direction: Direction::Outbound,
            author: Author::Bot { generation: head.generation },
            delivery,
            claim_until,
            ..text(&head, MessageId::mint(&*office.cloud.ids, self.now), "from the bot", self.now)
        };
        answer.seq = head.message_count + 1;
        let after =
            Conversation { message_count: answer.seq, version: head.version + 1, ..head.clone() };
        let mut write = self.store.transaction();
        write.insert_message(Part::Reply, &answer, &Proof::default());
        write.replace_conversation(&after, head.version);
        commit(write).await;
        answer
    }

    /// `count` more tasks, every third of them done.
    pub(crate) async fn plan(&self, office: &Office, count: usize) {
        let mut write = self.store.transaction();
        for place in 0..count {
            let status = if place % 3 == 0 { TaskStatus::Done } else { TaskStatus::NotStarted };
            let id = TaskId::mint(&*office.cloud.ids, self.now);
            write.insert_task(&self.task(id, &format!("task {place}"), status));
        }
        commit(write).await;
    }

    /// A route's path with identifiers of this company in it.
    pub(crate) fn addressed(&self, path: &str, who: &Person) -> String {
        path.replace("{project_id}", &self.project.to_string())
            .replace("{conversation_id}", &self.conversation.to_string())
            .replace("{quarantine_id}", &self.quarantined)
            .replace("{channel_id}", &self.channel.to_string())
            .replace("{key_id}", &self.key.to_string())
            .replace("{user_id}", &self.member.id.to_string())
            .replace("{session_id}", &who.session.to_string())
    }

    /// A route's path with identifiers in it that nothing has.
    pub(crate) fn missing(office: &Office, path: &str) -> String {
        let uuid = domain::Ids::uuid(&*office.cloud.ids, office.cloud.clock.now());
        let key = domain::id::encode_base32(uuid);
        let mut path = path.replace("{quarantine_id}", &format!("00000000000000-{:032x}", 7));
        for (kind, prefix) in [
            ("project", "prj"),
            ("conversation", "cnv"),
            ("user", "usr"),
            ("session", "ses"),
            ("channel", "chn"),
            ("key", "key"),
        ] {
            path = path.replace(&format!("{{{kind}_id}}"), &format!("{prefix}_{key}"));
        }
        path
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/v1/projects/{}{rest}", self.project)
    }

    pub(crate) fn inbox(&self, rest: &str) -> String {
        format!("/api/v1/conversations/{}{rest}", self.conversation)
    }

    fn insert_people(&self, write: &mut Transaction, word: &str) {
        for (person, name, role) in [
            (&self.owner, "owner", TenantRole::Owner),
            (&self.agent, "agent", TenantRole::Agent),
            (&self.other_agent, "second agent", TenantRole::Agent),
            (&self.member, "member", TenantRole::Member),
        ] {
            write.insert_user(&self.user(person.id, &format!("{word} {name}"), role));
        }
    }

    fn insert_projects(&self, office: &Office, write: &mut Transaction, word: &str) {
        let ids = &*office.cloud.ids;
        for (id, name) in [(self.project, "tower"), (self.other_project, "villa")] {
            write.insert_project(&Project {
                id,
                name: format!("{word} {name}"),
                status: ProjectStatus::Active,
                currency: Currency::AED,
                time_zone: "Asia/Dubai".to_owned(),
                budget: Decimal::from(2_000_000),
                starts_on: Some(jiff::civil::date(2026, 1, 5)),
                ends_on: None,
                created_at: self.now,
                updated_at: self.now,
                tasks_total: 3,
                tasks_done: 1,
                cost_confirmed_minor: 25_000_050,
                insights_open: 1,
            });
        }
        write.insert_member(&Member {
            project: self.project,
            user: self.member.id,
            name: format!("{word} member"),
            role: ProjectRole::Engineer,
            added_at: self.now,
        });
        let task = TaskId::mint(ids, self.now);
        write.insert_task(&self.task(task, &format!("{word} task"), TaskStatus::InProgress));
        write.insert_cost(&Cost {
            id: CostId::mint(ids, self.now),
            project: self.project,
            description: format!("{word} cement"),
            money: Money::new(Decimal::new(25_000_050, 2), Currency::AED).unwrap(),
            status: CostStatus::Confirmed,
            spent_on: jiff::civil::date(2026, 3, 1),
            reported_by: Some(self.member.id),
            decided_by: Some(self.owner.id),
            source: Some(self.message),
            created_at: self.now,
            updated_at: self.now,
            version: 1,
        });
        write.insert_insight(&Insight {
            id: InsightId::mint(ids, self.now),
            project: self.project,
            kind: InsightKind::RiskAlert,
            priority: Priority::High,
            summary: format!("{word} water"),
            reported_by: None,
            source: self.message,
            created_at: self.now,
        });
    }

    fn task(&self, id: TaskId, title: &str, status: TaskStatus) -> Task {
        Task {
            id,
            project: self.project,
            title: title.to_owned(),
            status,
            priority: Priority::Medium,
            progress: 30,
            due_on: Some(jiff::civil::date(2026, 3, 5)),
            assignee: Some(self.member.id),
            location: Some(format!("{title}, block C")),
            created_by: Some(self.member.id),
            source: Some(self.message),
            created_at: self.now,
            updated_at: self.now,
            version: 1,
            undo: None,
        }
    }

    fn insert_conversation(&self, office: &Office, write: &mut Transaction, word: &str) {
        let ids = &*office.cloud.ids;
        let (contact, channel) = (ContactId::mint(ids, self.now), self.channel);
        write.insert_identity("971500000001", contact);
        write.insert_contact(&Contact {
            id: contact,
            name: format!("{word} contact"),
            phone: Some("+971500000001".parse().unwrap()),
            bsuid: None,
            user: None,
            conversations: [(channel.to_string(), self.conversation)].into(),
            created_at: self.now,
            version: 1,
        });
        let head = Conversation {
            id: self.conversation,
            contact,
            contact_name: format!("{word} contact"),
            channel,
            status: ConversationStatus::Pending,
            bot: BotState::Active,
            generation: 1,
            assignee: None,
            assigned_at: None,
            language: Language::En,
            project: Some(self.project),
            awaiting: None,
            message_count: 1,
            unread: 1,
            last_message_at: self.now,
            last_message: format!("{word} hello"),
            last_inbound_at: Some(self.now),
            created_at: self.now,
            version: 1,
        };
        let mut message = text(&head, self.message, &format!("{word} hello"), self.now);
        message.seq = 1;
        message.provider_id = Some(format!("wamid.{word}"));
        let proof = Proof { raw: Some(format!("{{\"{word}\":1}}")), understanding: None };
        write.insert_conversation(&head);
        write.insert_message(Part::Message, &message, &proof);
    }

    fn insert_key(&self, office: &Office, write: &mut Transaction, word: &str) {
        let ids = &*office.cloud.ids;
        let minted = MintedKey::mint(ids);
        let holder = Holder { user: self.owner.id, role: TenantRole::Owner };
        let wish = KeyWish {
            name: format!("{word} key"),
            scopes: [KeyScope::ProjectsRead].into(),
            networks: Vec::new(),
            auto_rotate: false,
            life: SignedDuration::from_hours(24),
        };
        let key = ApiKey::create(wish, holder, &minted, ids, self.now).unwrap();
        let key = ApiKey { id: self.key, ..key };
        write.insert_api_key(&key);
        write.list_api_key(minted.stored().label(), key.id);
    }

    async fn quarantine(&mut self, office: &Office, word: &str) {
        let channel = ChannelId::mint(&*office.cloud.ids, self.now);
        let raw = RawValue::from_string(format!("{{\"id\":\"wamid.{word}\"}}")).unwrap();
        let envelope = Envelope {
            route: Some(Routed::of_channel(&self.scope, channel)),
            kind: EventKind::Message,
            phone_number_id: Some("106540352242922".to_owned()),
            sender: Some(Sender {
                phone: Some("+971500000001".parse().unwrap()),
                ..Sender::default()
            }),
            payload: Payload::Inline(raw),
            received_at: self.now,
            trace: Trace::parse("of-the-webhook").unwrap(),
        };
        self.quarantined = Quarantined::id_of(self.now, word);
        let record = Quarantined {
            id: self.quarantined.clone(),
            reason: format!("{word} could not be read"),
            envelope: envelope.to_body().unwrap(),
            received_at: self.now,
            quarantined_at: self.now,
        };
        self.store.quarantine(&record).await.unwrap();
    }
}

/// A text of the contact.
fn text(head: &Conversation, id: MessageId, body: &str, at: Timestamp) -> Message {
    let (_, message) = head.reply(UserId::from_uuid(uuid::Uuid::nil()), id, body, at).unwrap();
    Message {
        direction: Direction::Inbound,
        author: Author::Contact,
        content: Content::Text { body: body.to_owned() },
        delivery: Delivery::Received,
        ..message
    }
}

pub(crate) async fn commit(write: Transaction) {
    assert_eq!(write.commit().await.unwrap(), Commit::Done);
}
