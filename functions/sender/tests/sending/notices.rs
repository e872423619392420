//! Members are told of insights in their own conversation.

use domain::delivery::Delivery;
use domain::message::Author;
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::project::{Insight, InsightKind, Priority, Project, ProjectStatus};
use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use domain::{Clock, Currency, InsightId, Language, MessageId, ProjectId, UserId};
use jiff::SignedDuration;
use store::{Commit, PageRequest};

use crate::world::World;

/// An insight, and the manager who is to be told: the person of the organisation's conversation.
async fn insight(world: &World, language: Language, phone: &str) -> OutboxItem {
    let (ids, now) = (&*world.cloud.ids, world.cloud.clock.now());
    let user = User {
        id: UserId::mint(ids, now),
        email: "omar@example.com".parse().unwrap(),
        name: "Omar".to_owned(),
        role: TenantRole::Manager,
        status: UserStatus::Active,
        language,
        phone: Some(phone.parse().unwrap()),
        password_hash: String::new(),
        permission_version: 1,
        created_at: now,
        version: 1,
    };
    let project = Project {
        id: ProjectId::mint(ids, now),
        name: "Marina Tower".to_owned(),
        status: ProjectStatus::Active,
        currency: "AED".parse::<Currency>().unwrap(),
        time_zone: "Asia/Dubai".to_owned(),
        budget: 1_000_000.into(),
        starts_on: None,
        ends_on: None,
        created_at: now,
        updated_at: now,
        tasks_total: 0,
        tasks_done: 0,
        cost_confirmed_minor: 0,
        insights_open: 0,
    };
    let insight = Insight {
        id: InsightId::mint(ids, now),
        project: project.id,
        kind: InsightKind::Safety,
        priority: Priority::Critical,
        summary: "A worker fell from the scaffold".to_owned(),
        reported_by: Some(user.id),
        source: MessageId::mint(ids, now),
        created_at: now,
    };
    let mut transaction = world.organisation.store.transaction();
    transaction.insert_user(&user);
    transaction.insert_project(&project);
    transaction.insert_insight(&insight);
    assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
    world.item(OutboundEffect::NotifyInsight {
        user: user.id,
        project: project.id,
        insight: insight.id,
    })
}

#[tokio::test]
async fn a_manager_is_told_once_and_in_their_language() {
    let world = World::new().await;
    let item = insight(&world, Language::Ar, "+971500000001").await;
    world.organisation.take_over().await;
    world.enqueue(&item).await;
    world.enqueue(&item).await;
    while world.work_after(361).await > 0 {}

    let sent = world.graph.sent();
    assert_eq!(sent.len(), 1);
    let text = sent[0]["text"]["body"].as_str().unwrap();
    for words in ["تنبيه سلامة", "حرجة", "Marina Tower", "Omar", "A worker fell from the scaffold"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let head = world.organisation.head().await;
    assert_eq!(head.message_count, 2);
    let page = world.organisation.store.messages(head.id, &PageRequest::first(10)).await.unwrap();
    let stored = &page.items[0];
    assert_eq!((page.items.len(), stored.seq, stored.author), (1, 2, Author::Notice));
    assert_eq!(stored.delivery, Delivery::Accepted);
    assert_eq!(stored.content.preview(), head.last_message);
}

#[tokio::test]
async fn a_manager_who_cannot_be_reached_is_counted_and_costs_nothing() {
    let world = World::new().await;
    let stranger = insight(&world, Language::Ru, "+971500000002").await;
    world.enqueue(&stranger).await;
    assert_eq!(world.work().await, 0);
    assert!(world.counted("reason=\"no_conversation\""));

    let day = SignedDuration::from_hours(24);
    let asleep = insight(&world, Language::En, "+971500000001").await;
    world.organisation.change_head(|head| head.last_inbound_at = Some(head.created_at - day)).await;
    world.enqueue(&asleep).await;
    assert_eq!(world.work().await, 0);
    assert!(world.counted("reason=\"window_closed\""));
    assert!(world.graph.sent().is_empty());
    assert_eq!(world.organisation.head().await.message_count, 1);
}
