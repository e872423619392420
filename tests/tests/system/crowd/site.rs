//! One organisation with many at work in it at once, over a DynamoDB that fails.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use aws_clients::{AwsClients, Service};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use domain::conversation::Conversation;
use domain::delivery::Delivery;
use domain::message::Message;
use domain::role::TenantRole;
use domain::{Clock, ConversationId, MessageId, ProofId, TaskId, UserId};
use store::{PageRequest, Store};
use telemetry::Function;
use testkit::{Cloud, Dialect, Faults, Faulty};

use super::ledger::Ledger;
use crate::office::company::commit;
use crate::office::{Company, Office};

/// People who are there when it begins and whom nobody touches.
const QUIET_PEOPLE: usize = 30;
/// Conversations that everybody is at, and ones that nobody touches.
const BUSY_HEADS: usize = 8;
const QUIET_HEADS: usize = 40;
/// Those whose roles everybody changes.
const CHANGED: usize = 4;
const TASKS: usize = 60;
/// How long the clock stands still.
const CALLS_A_SECOND: usize = 100;

pub(crate) struct Site {
    pub(crate) office: Office,
    pub(crate) company: Company,
    pub(crate) dynamodb: Faulty,
    pub(crate) busy: Vec<ConversationId>,
    pub(crate) changed: Vec<UserId>,
    /// What each list holds from first to last, by the list's path.
    pub(crate) quiet: BTreeMap<String, Vec<String>>,
    pub(crate) ledger: RefCell<Ledger>,
    /// Calls made so far, and how many there are to be.
    pub(crate) made: Cell<usize>,
    pub(crate) calls: usize,
}

impl Site {
    pub(crate) async fn found(seed: u64, calls: usize) -> Self {
        let cloud = Cloud::start().await;
        let upstream = cloud.aws.endpoints().dynamodb.clone();
        let dynamodb = Faulty::before(&upstream, Dialect::DynamoDb, seed).await;
        let set = [("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url())];
        let clients = AwsClients::new(&cloud.environment(Function::Accounts, &set)).unwrap();
        // Two tries and no waiting: failures reach the handlers oftener than in production.
        let retries = RetryConfig::standard()
            .with_max_attempts(2)
            .with_initial_backoff(Duration::from_millis(2));
        let config = clients.config(Service::Dynamodb).into_builder().retry_config(retries).build();
        let store = Store::new(aws_sdk_dynamodb::Client::new(&config), cloud.table_names());
        let office = Office::open_over(cloud, store, Office::patience()).await;
        let company = Company::found(&office, "Crowd").await;
        let mut site = Self {
            office,
            company,
            dynamodb,
            busy: Vec::new(),
            changed: Vec::new(),
            quiet: BTreeMap::new(),
            ledger: RefCell::default(),
            made: Cell::default(),
            calls,
        };
        site.furnish().await;
        site.dynamodb.set(Faults { throttled: 5, lost: 2, stale: 10, ..Faults::default() });
        site
    }

    async fn furnish(&mut self) {
        let head = self.company.head().await;
        let ids = &*self.office.cloud.ids;
        let mut write = self.company.store.transaction();
        let mut quiet = Vec::new();
        for place in 0..BUSY_HEADS + QUIET_HEADS {
            let id = ConversationId::mint(ids, self.company.now);
            write.insert_conversation(&Conversation { id, message_count: 0, ..head.clone() });
            if place < BUSY_HEADS { self.busy.push(id) } else { quiet.push(id.to_string()) }
        }
        commit(write).await;
        self.quiet.insert("/api/v1/conversations".to_owned(), quiet);
        self.company.plan(&self.office, TASKS).await;
        let tasks = self.company.store.tasks(self.company.project, &PageRequest::first(200)).await;
        let tasks = tasks.unwrap().items.iter().map(|task| task.id.to_string()).collect();
        self.quiet.insert(self.company.path("/tasks"), tasks);
        let mut people = Vec::new();
        for place in 0..QUIET_PEOPLE + CHANGED {
            let user = UserId::mint(ids, self.company.now);
            self.company
                .employ(
                    &self.office,
                    &self.company.user(user, &format!("quiet {place}"), TenantRole::Viewer),
                )
                .await;
            if place < CHANGED { self.changed.push(user) } else { people.push(user.to_string()) }
        }
        self.quiet.insert("/api/v1/users".to_owned(), people);
    }

    /// One more administrator, who can sign in.
    pub(crate) async fn hire(&self, place: usize) -> UserId {
        let id = UserId::mint(&*self.office.cloud.ids, self.company.now);
        let user = self.company.user(id, &format!("clerk {place}"), TenantRole::Admin);
        self.company.employ(&self.office, &user).await;
        id
    }

    /// Counts a call; time goes on with them.
    pub(crate) fn tick(&self) {
        self.made.set(self.made.get() + 1);
        if self.made.get().is_multiple_of(CALLS_A_SECOND) {
            self.office.cloud.advance(1);
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.made.get() >= self.calls
    }

    /// A task comes in by the chat.
    pub(crate) async fn add_task(&self) {
        let tasks = self.company.store.tasks(self.company.project, &PageRequest::first(1)).await;
        let mut task = tasks.unwrap().items.remove(0);
        let now = self.office.cloud.clock.now();
        task.id = TaskId::mint(&*self.office.cloud.ids, now);
        let mut write = self.company.store.transaction();
        write.insert_task(&task);
        commit(write).await;
    }

    /// Meta takes a message: its record changes after it was answered.
    pub(crate) async fn deliver(&self, conversation: ConversationId, message: MessageId) {
        let Some(sent) = self.company.store.message(conversation, message).await.unwrap() else {
            return;
        };
        if sent.delivery != Delivery::Queued {
            return;
        }
        let provider_id = format!("wamid.{}", ProofId::mint(&*self.office.cloud.ids, sent.at));
        let after = Message {
            delivery: Delivery::Accepted,
            provider_id: Some(provider_id),
            version: sent.version + 1,
            ..sent.clone()
        };
        // Somebody else may have delivered it just now.
        let _ = self.company.store.update_message(&after, sent.version).await;
    }
}
