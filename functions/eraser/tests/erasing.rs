//! An erasure that is stopped anywhere goes on, through the eraser's door.
#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::content::Content;
use domain::message::{Author, Message};
use domain::{Clock, MessageId};
use eraser::{Answer, App, Order, handle};
use jiff::{SignedDuration, Timestamp};
use store::{Commit, Part, Proof};
use telemetry::{Function, Machine};
use testkit::{Cloud, Dialect, Fault, Faults, Faulty, MovingClock, Organisation};

const NAME: &str = "Marsa Contracting";
const MESSAGES: usize = 240;
/// A quarter of an hour, and a second.
const QUIET_S: i64 = 901;

/// Time goes on whenever somebody looks.
struct Ticking {
    clock: Arc<MovingClock>,
    step_s: i64,
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        self.clock.advance(self.step_s);
        self.clock.now()
    }
}

struct World {
    cloud: Cloud,
    organisation: Organisation,
    dynamodb: Faulty,
}

impl World {
    /// An organisation with a conversation of many messages.
    async fn new() -> Self {
        let cloud = Cloud::start().await;
        let organisation = Organisation::found(&cloud).await;
        let endpoint = cloud.aws.endpoints().environment();
        let endpoint = endpoint.into_iter().find(|(name, _)| name.ends_with("_DYNAMODB")).unwrap();
        let dynamodb = Faulty::before(endpoint.1, Dialect::DynamoDb, 7).await;
        let world = Self { cloud, organisation, dynamodb };
        world.fill().await;
        world
    }

    async fn fill(&self) {
        let now = self.cloud.clock.now();
        let store = &self.organisation.store;
        let mut founding = store.transaction();
        founding.insert_tenant(&testkit::tenant(&self.organisation.scope, NAME, now));
        assert_eq!(founding.commit().await.unwrap(), Commit::Done);
        let head = store.conversation(self.organisation.conversation).await.unwrap().unwrap();
        for _ in 0..MESSAGES / 40 {
            let mut transaction = store.transaction();
            for _ in 0..40 {
                let id = MessageId::mint(&*self.cloud.ids, now);
                let content = Content::Text { body: "a word".to_owned() };
                let message = Message::outbound(id, &head, Author::Notice, content, now);
                transaction.insert_message(Part::Message, &message, &Proof::default());
            }
            assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
        }
    }

    /// The eraser; its clock goes on by so many seconds at each look.
    fn app(&self, step_s: i64) -> App {
        let clock: Arc<dyn Clock> =
            Arc::new(Ticking { clock: Arc::clone(&self.cloud.clock), step_s });
        let machine = Machine {
            clock,
            ids: Arc::clone(&self.cloud.ids) as _,
            metrics: self.cloud.metrics.clone(),
        };
        let set = [("AWS_ENDPOINT_URL_DYNAMODB", self.dynamodb.url())];
        App::new(&self.cloud.environment(Function::Eraser, &set), machine).unwrap()
    }

    fn order(&self) -> Order {
        Order {
            tenant_id: self.organisation.scope.tenant(),
            organization_name: NAME.to_owned(),
            operator: "ops@example.com".to_owned(),
        }
    }

    /// How many items of the organisation there are in each table.
    #[expect(clippy::disallowed_methods, reason = "a test looks at everything there is")]
    async fn left(&self) -> BTreeMap<String, usize> {
        let client = self.cloud.aws.dynamodb();
        let mut left = BTreeMap::new();
        for table in client.list_tables().send().await.unwrap().table_names.unwrap() {
            let mut pages = client.scan().table_name(&table).into_paginator().items().send();
            while let Some(item) = pages.next().await {
                let text = format!("{:?}", item.unwrap());
                if text.contains(&self.organisation.scope.tenant().key()) {
                    *left.entry(table.clone()).or_default() += 1;
                }
            }
        }
        left
    }

    /// Calls until it is finished; how many turns that took.
    async fn finish(&self, app: &App) -> usize {
        for turn in 1..=200 {
            match handle(self.order(), app).await.unwrap() {
                Answer::Working { .. } => {}
                Answer::Waiting { until, .. } => {
                    assert!(until > self.cloud.clock.now());
                    self.cloud.clock.advance(QUIET_S);
                }
                Answer::Finished { .. } => return turn,
                Answer::Refused { reason } => panic!("{reason}"),
            }
        }
        panic!("it comes to no end");
    }

    /// Nothing but the tombstone, which says who, when and how much.
    async fn is_gone(&self) {
        let left = self.left().await;
        assert_eq!(left.values().sum::<usize>(), 1, "{left:?}");
        let tombstone = self.organisation.store.tombstone().await.unwrap().unwrap();
        assert_eq!(tombstone.operator, "ops@example.com");
        assert!(tombstone.finished_at.unwrap() > tombstone.ordered_at);
        // A turn that was killed has counted nothing; the last one has.
        assert!(tombstone.erased["tenants"] > 0, "{:?}", tombstone.erased);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_erases_nobody() {
    let world = World::new().await;
    let before = world.left().await;
    let app = world.app(0);
    let meant = world.order();
    let slips = [
        Order { organization_name: "Marsa Contractors".to_owned(), ..meant.clone() },
        Order { organization_name: String::new(), ..meant.clone() },
        Order { operator: " ".to_owned(), ..meant.clone() },
        Order { tenant_id: domain::TenantId::mint(&*world.cloud.ids, app.clock.now()), ..meant },
    ];
    for slip in slips {
        let answer = handle(slip.clone(), &app).await.unwrap();
        assert!(matches!(answer, Answer::Refused { .. }), "{slip:?}: {answer:?}");
    }
    assert_eq!(world.left().await, before);
    assert_eq!(world.organisation.store.tombstone().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_ends_in_time_and_the_next_goes_on() {
    let world = World::new().await;
    // Eight looks at the clock fill a turn.
    let app = world.app(5);
    let Answer::Working { .. } = handle(world.order(), &app).await.unwrap() else {
        panic!("all of it in one turn")
    };
    assert!(world.finish(&world.app(1)).await > 1);
    world.is_gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_finished_before_it_is_quiet() {
    let world = World::new().await;
    let app = world.app(0);
    let first = handle(world.order(), &app).await.unwrap();
    let Answer::Waiting { until, erased } = first else { panic!("{first:?}") };
    assert_eq!(until.duration_since(world.cloud.clock.now()), SignedDuration::from_mins(15));
    assert!(erased["conversations"] >= u64::try_from(MESSAGES).unwrap());
    // Written by somebody who did not know yet.
    let late = world.organisation.store.keep_early_report("wamid.late", "sent", &"late").await;
    late.unwrap();
    world.cloud.clock.advance(QUIET_S);
    assert!(matches!(handle(world.order(), &app).await.unwrap(), Answer::Finished { .. }));
    world.is_gone().await;
    let again = handle(world.order(), &app).await.unwrap();
    assert!(matches!(again, Answer::Finished { .. }), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_is_killed_anywhere_is_taken_again() {
    let world = World::new().await;
    for requests in [1, 2, 4, 8, 16, 32, 64, 96, 128] {
        let (app, order) = (world.app(0), world.order());
        let stop_at = world.dynamodb.requests() + requests;
        let turn = tokio::spawn(async move { handle(order, &app).await });
        while world.dynamodb.requests() < stop_at && !turn.is_finished() {
            tokio::task::yield_now().await;
        }
        turn.abort();
        let _ = turn.await;
    }
    world.finish(&world.app(0)).await;
    world.is_gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_fails_is_taken_again() {
    let world = World::new().await;
    let app = world.app(0);
    world.dynamodb.set(Faults { refused: 2, broken: 2, lost: 2, ..Faults::default() });
    let mut failed = 0;
    for _ in 0..2 {
        failed += usize::from(handle(world.order(), &app).await.is_err());
    }
    world.dynamodb.set(Faults::always(Fault::Broken));
    failed += usize::from(handle(world.order(), &app).await.is_err());
    assert!(failed > 0, "{:?}", world.dynamodb.injected());
    world.dynamodb.calm();
    world.finish(&app).await;
    world.is_gone().await;
}
