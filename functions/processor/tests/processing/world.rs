//! A site with its people, and a phone to write from.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_clients::AwsClients;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::conversation::Conversation;
use domain::message::{Direction, Message};
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::project::{Member, Project, ProjectStatus, Task, TaskStatus};
use domain::role::{ProjectRole, TenantRole};
use domain::tenant::{User, UserStatus};
use domain::{ChannelId, Clock, Currency, Language, ProjectId, UserId};
use jiff::SignedDuration;
use processor::App;
use queue::{Envelope, EventKind, Payload};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::{Commit, PageRequest, TenantStore};
use telemetry::{Function, Machine, Trace};
use tenancy::{Routed, TenantScope};
use testkit::Cloud;

pub(crate) const NUMBER: &str = "106540352242922";
pub(crate) const FOREMAN: &str = "971500000001";
pub(crate) const MANAGER: &str = "971500000002";
pub(crate) const CLIENT: &str = "971500000003";
pub(crate) const STRANGER: &str = "4915112345678";

pub(crate) struct World {
    pub(crate) cloud: Cloud,
    pub(crate) app: App,
    pub(crate) store: TenantStore,
    pub(crate) project: ProjectId,
    pub(crate) manager: UserId,
    route: Routed,
    sequence: AtomicU64,
}

impl World {
    pub(crate) async fn new() -> Self {
        let cloud = Cloud::start().await;
        let scope = TenantScope::found(&*cloud.clock, &*cloud.ids);
        let store = cloud.store().for_tenant(&scope);
        let now = cloud.clock.now();
        let project = ProjectId::mint(&*cloud.ids, now);
        let mut transaction = store.transaction();
        transaction.insert_tenant(&testkit::tenant(&scope, "Gulf Horizon", now));
        transaction.insert_project(&Project {
            id: project,
            name: "Marina Tower".to_owned(),
            status: ProjectStatus::Active,
            currency: Currency::AED,
            time_zone: "Asia/Dubai".to_owned(),
            budget: Decimal::from(100_000),
            starts_on: None,
            ends_on: None,
            created_at: now,
            updated_at: now,
            tasks_total: 0,
            tasks_done: 0,
            cost_confirmed_minor: 0,
            insights_open: 0,
        });
        let mut manager = None;
        for (phone, name, role) in [
            (FOREMAN, "Omar", ProjectRole::Foreman),
            (MANAGER, "Sara", ProjectRole::Manager),
            (CLIENT, "Lena", ProjectRole::Client),
        ] {
            let user = UserId::mint(&*cloud.ids, now);
            if role == ProjectRole::Manager {
                manager = Some(user);
            }
            transaction.insert_user(&person(user, phone, name, now));
            let (name, added_at) = (name.to_owned(), now);
            transaction.insert_member(&Member { project, user, name, role, added_at });
        }
        assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
        let route = Routed::of_channel(&scope, ChannelId::mint(&*cloud.ids, now));
        let app = app(&cloud, &[]);
        let manager = manager.unwrap();
        Self { cloud, app, store, project, manager, route, sequence: AtomicU64::new(1) }
    }

    /// The records a signed call with these messages would leave in the inbound queue.
    pub(crate) fn records(&self, items: &[Value]) -> Vec<SqsMessage> {
        self.records_of("messages", items)
    }

    pub(crate) fn records_of(&self, list: &str, items: &[Value]) -> Vec<SqsMessage> {
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "97140000000", "phone_number_id": NUMBER },
            list: items,
        });
        let entry = json!({ "id": "1", "changes": [{ "field": "messages", "value": value }] });
        let body = json!({ "object": "whatsapp_business_account", "entry": [entry] });
        self.records_of_body(body.to_string().as_bytes())
    }

    pub(crate) fn records_of_body(&self, body: &[u8]) -> Vec<SqsMessage> {
        let events = whatsapp::parse(body).unwrap();
        events.into_iter().map(|event| self.record(event)).collect()
    }

    fn record(&self, event: whatsapp::Event) -> SqsMessage {
        let kind = match event.kind {
            whatsapp::EventKind::Message => EventKind::Message,
            whatsapp::EventKind::Status => EventKind::Status,
            whatsapp::EventKind::Notice => EventKind::Notice,
        };
        let group = event.sender.as_ref().and_then(domain::contact::Sender::identity);
        let envelope = Envelope {
            route: Some(self.route),
            kind,
            phone_number_id: event.phone_number_id,
            sender: event.sender,
            payload: Payload::Inline(RawValue::from_string(event.raw).unwrap()),
            received_at: self.cloud.clock.now(),
            trace: Trace::mint(&*self.cloud.clock, &*self.cloud.ids),
        };
        self.queued(envelope.to_body().unwrap(), &group.unwrap_or_default())
    }

    pub(crate) fn queued(&self, body: String, group: &str) -> SqsMessage {
        let place = self.sequence.fetch_add(1, Ordering::Relaxed);
        let mut message = SqsMessage::default();
        message.message_id = Some(format!("record-{place}"));
        message.receipt_handle = Some("none".to_owned());
        message.body = Some(body);
        message.attributes = [
            ("MessageGroupId", group.to_owned()),
            ("SequenceNumber", format!("{place:020}")),
            ("ApproximateReceiveCount", "1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        message
    }

    pub(crate) async fn handle(&self, records: Vec<SqsMessage>) -> SqsBatchResponse {
        let mut event = SqsEvent::default();
        event.records = records;
        processor::handle(event, &self.app).await
    }

    /// Takes messages in; all of them must be taken.
    pub(crate) async fn take(&self, items: &[Value]) {
        let response = self.handle(self.records(items)).await;
        assert!(response.batch_item_failures.is_empty(), "{response:?}");
    }

    /// Takes a text in and returns what the product answered, if it did.
    pub(crate) async fn say(&self, from: &str, id: &str, body: &str) -> Option<Message> {
        self.cloud.advance(1);
        self.take(&[self.text(from, id, body)]).await;
        self.answer_to(from, id).await
    }

    /// Taps a button of an answer, by its title.
    pub(crate) async fn tap(
        &self,
        from: &str,
        id: &str,
        on: &Message,
        title: &str,
    ) -> Option<Message> {
        self.cloud.advance(1);
        self.take(&[self.tap_item(from, id, on, title)]).await;
        self.answer_to(from, id).await
    }

    pub(crate) fn tap_item(&self, from: &str, id: &str, on: &Message, title: &str) -> Value {
        let domain::content::Content::Buttons { buttons, .. } = &on.content else {
            panic!("no buttons: {:?}", on.content)
        };
        let button = buttons.iter().find(|button| button.title == title).unwrap();
        let reply = json!({ "id": button.id, "title": title });
        self.item(from, id, "interactive", json!({ "type": "button_reply", "button_reply": reply }))
    }

    pub(crate) fn text(&self, from: &str, id: &str, body: &str) -> Value {
        self.item(from, id, "text", json!({ "body": body }))
    }

    pub(crate) fn item(
        &self,
        from: &str,
        id: &str,
        kind: &str,
        content: impl Into<Value>,
    ) -> Value {
        let content: Value = content.into();
        let timestamp = self.cloud.clock.now().as_second().to_string();
        json!({ "from": from, "id": id, "timestamp": timestamp, "type": kind, kind: content })
    }

    async fn answer_to(&self, from: &str, id: &str) -> Option<Message> {
        let messages = self.messages(from).await;
        let answers = messages.into_iter().filter(|m| m.direction == Direction::Outbound);
        answers.into_iter().find(|answer| answer.reply_to.as_deref() == Some(id))
    }

    pub(crate) async fn head(&self, from: &str) -> Conversation {
        let contact = self.store.contact_of(from).await.unwrap().unwrap();
        let contact = self.store.contact(contact).await.unwrap().unwrap();
        let id = contact.conversation_on(self.route.channel()).unwrap();
        self.store.conversation(id).await.unwrap().unwrap()
    }

    /// A person's conversation in its order.
    pub(crate) async fn messages(&self, from: &str) -> Vec<Message> {
        let head = self.head(from).await;
        let request = PageRequest::first(200);
        let mut messages = self.store.messages(head.id, &request).await.unwrap().items;
        messages.reverse();
        assert_eq!(u64::try_from(messages.len()).unwrap(), head.message_count);
        messages
    }

    pub(crate) async fn tasks(&self) -> Vec<Task> {
        self.store.tasks(self.project, &PageRequest::first(200)).await.unwrap().items
    }

    pub(crate) async fn outbox(&self) -> Vec<OutboxItem> {
        let late = self.cloud.clock.now() + SignedDuration::from_hours(1);
        let due = self.cloud.store().due(late, 200).await.unwrap();
        due.into_iter().map(|due| due.item).collect()
    }

    /// The project, after its totals have been compared with a recount.
    pub(crate) async fn project(&self) -> Project {
        let project = self.store.project(self.project).await.unwrap().unwrap();
        let tasks = self.tasks().await;
        let counted = tasks.iter().filter(|t| t.status != TaskStatus::Cancelled).count();
        let done = tasks.iter().filter(|t| t.status == TaskStatus::Done).count();
        let page = PageRequest::first(200);
        let costs = self.store.costs(self.project, &page).await.unwrap().items;
        let spent: i64 = costs
            .iter()
            .filter(|cost| cost.status == domain::project::CostStatus::Confirmed)
            .map(|cost| cost.money.minor_units())
            .sum();
        let insights = self.store.insights(self.project, &page).await.unwrap().items;
        assert_eq!(project.tasks_total, u64::try_from(counted).unwrap());
        assert_eq!(project.tasks_done, u64::try_from(done).unwrap());
        assert_eq!(project.cost_confirmed_minor, spent);
        assert_eq!(project.insights_open, u64::try_from(insights.len()).unwrap());
        project
    }
}

/// The processor with some variables set otherwise.
pub(crate) fn app(cloud: &Cloud, set: &[(&str, &str)]) -> App {
    let environment = cloud.environment(Function::Processor, set);
    let clients = AwsClients::new(&environment).unwrap();
    let machine = Machine {
        clock: Arc::clone(&cloud.clock) as Arc<dyn Clock>,
        ids: cloud.ids.clone(),
        metrics: cloud.metrics.clone(),
    };
    App::new(&environment, clients, machine).unwrap()
}

/// How many outbox items ask for a message, and how many for a notice.
pub(crate) fn counted(outbox: &[OutboxItem]) -> (usize, usize) {
    let messages =
        outbox.iter().filter(|item| matches!(item.effect, OutboundEffect::Message { .. })).count();
    (messages, outbox.len() - messages)
}

fn person(id: UserId, phone: &str, name: &str, now: jiff::Timestamp) -> User {
    User {
        id,
        email: format!("{}@example.com", name.to_lowercase()).parse().unwrap(),
        name: name.to_owned(),
        role: TenantRole::Member,
        status: UserStatus::Active,
        language: Language::En,
        phone: Some(phone.parse().unwrap()),
        password_hash: String::new(),
        permission_version: 1,
        created_at: now,
        version: 1,
    }
}
