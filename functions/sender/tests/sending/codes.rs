//! Phone codes: as text in an open window, else by template; once, and never written down.

use domain::delivery::Delivery;
use domain::message::Author;
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::phone_code::PhoneCode;
use domain::role::TenantRole;
use domain::settings::{CodeTemplate, Settings};
use domain::tenant::{ChannelStatus, Tenant, User, UserStatus};
use domain::{Clock, Currency, Language, ProofId, UserId};
use jiff::SignedDuration;
use store::Commit;
use tenancy::proof::{ProofSecret, Proofs};

use crate::graph::Answer;
use crate::world::World;

/// Of the organisation's one contact.
const KNOWN: &str = "+971500000001";
const STRANGE: &str = "+971500000002";

/// A code that was asked for, and what asks to send it.
struct Asked {
    user: UserId,
    digits: String,
    item: OutboxItem,
}

impl Asked {
    async fn record(&self, world: &World) -> PhoneCode {
        world.organisation.store.phone_code(self.user).await.unwrap().unwrap()
    }
}

/// A user of an organisation with or without a template, who says that a number is theirs.
async fn ask(world: &World, phone: &str, with_template: bool) -> Asked {
    let (ids, now) = (&*world.cloud.ids, world.cloud.clock.now());
    let secret = ProofSecret::generate(ids);
    let text = serde_json::to_string(&secret).unwrap();
    let manager = world.cloud.aws.secrets_manager();
    let name = &world.app.config.proof_secret;
    manager.create_secret().name(name).secret_string(text).send().await.unwrap();
    let template =
        CodeTemplate { name: "login_code".parse().unwrap(), language: "en_US".parse().unwrap() };
    let scope = &world.organisation.scope;
    let settings =
        Settings { code_template: with_template.then_some(template), ..Settings::default() };
    let user = User {
        id: UserId::mint(ids, now),
        email: "sara@example.com".parse().unwrap(),
        name: "Sara\nNasser".to_owned(),
        role: TenantRole::Member,
        status: UserStatus::Active,
        language: Language::En,
        phone: None,
        password_hash: String::new(),
        permission_version: 1,
        created_at: now,
        version: 1,
    };
    let proof = ProofId::mint(ids, now);
    let code = PhoneCode::ask(None, proof, user.id, phone.parse().unwrap(), now).unwrap();
    let mut write = world.organisation.store.transaction();
    write.insert_tenant(&Tenant {
        id: scope.tenant(),
        name: "Gulf Horizon".to_owned(),
        language: Language::En,
        time_zone: "UTC".to_owned(),
        currency: Currency::AED,
        settings,
        created_at: now,
        version: 1,
    });
    write.insert_user(&user);
    write.insert_phone_code(&code);
    assert_eq!(write.commit().await.unwrap(), Commit::Done);
    Asked {
        user: user.id,
        digits: Proofs::new(&secret).unwrap().code(scope, proof),
        item: world.item(OutboundEffect::PhoneCode { user: user.id, proof }),
    }
}

#[tokio::test]
async fn in_an_open_window_a_text_leaves_once_and_is_kept_nowhere() {
    let world = World::new().await;
    let asked = ask(&world, KNOWN, true).await;
    for _ in 0..3 {
        world.enqueue(&asked.item).await;
    }
    while world.work_after(361).await > 0 {}

    let sent = world.graph.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!((&sent[0]["type"], &sent[0]["to"]), (&"text".into(), &KNOWN.into()));
    let text = sent[0]["text"]["body"].as_str().unwrap();
    assert!(text.lines().any(|line| line == asked.digits), "{text}");
    assert!(text.contains("Gulf Horizon") && text.contains("Sara Nasser"), "{text}");
    let record = asked.record(&world).await;
    assert_eq!(
        (record.delivery, record.attempts, record.claim_until),
        (Delivery::Accepted, 1, None)
    );
    assert_eq!(sent[0]["biz_opaque_callback_data"], record.proof.to_string());
    assert!(!serde_json::to_string(&record).unwrap().contains(&asked.digits));
    // Agents read conversations; a code is none of their business.
    assert_eq!(world.organisation.head().await.message_count, 1);
}

#[tokio::test]
async fn outside_it_the_template_carries_the_code_in_text_and_button() {
    for phone in [KNOWN, STRANGE] {
        let world = World::new().await;
        let day = SignedDuration::from_hours(24);
        let close = |head: &mut domain::conversation::Conversation| {
            head.last_inbound_at = Some(head.created_at - day);
        };
        world.organisation.change_head(close).await;
        let asked = ask(&world, phone, true).await;
        world.enqueue(&asked.item).await;
        assert_eq!(world.work().await, 0);
        let parameters = serde_json::json!([{ "type": "text", "text": asked.digits }]);
        let record = asked.record(&world).await;
        let expected = serde_json::json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": phone,
            "biz_opaque_callback_data": record.proof.to_string(),
            "type": "template",
            "template": {
                "name": "login_code",
                "language": { "code": "en_US" },
                "components": [
                    { "type": "body", "parameters": parameters },
                    { "type": "button", "sub_type": "url", "index": "0", "parameters": parameters },
                ],
            },
        });
        assert_eq!(world.graph.sent(), [expected]);
        assert_eq!(record.delivery, Delivery::Accepted);
    }
}

#[tokio::test]
async fn when_the_provider_says_the_window_is_closed_the_template_goes_instead() {
    let world = World::new().await;
    let asked = ask(&world, KNOWN, true).await;
    world.graph.will([Answer::Error(400, 131_047)]);
    world.enqueue(&asked.item).await;
    assert_eq!(world.work().await, 0);
    let kinds: Vec<_> = world.graph.sent().iter().map(|body| body["type"].clone()).collect();
    assert_eq!(kinds, ["text", "template"]);
    assert_eq!(asked.record(&world).await.delivery, Delivery::Accepted);
}

#[tokio::test]
async fn without_a_way_nothing_leaves_and_the_record_says_why() {
    let world = World::new().await;
    let asked = ask(&world, STRANGE, false).await;
    world.enqueue(&asked.item).await;
    assert_eq!(world.work().await, 0);
    assert!(world.graph.sent().is_empty());
    let record = asked.record(&world).await;
    assert_eq!(
        (record.delivery, record.error.unwrap().title.as_str()),
        (Delivery::Failed, "no_template")
    );
    assert!(world.counted("status=\"failed\"} 1"));
}

#[tokio::test]
async fn a_lost_answer_is_waited_for_and_the_code_sent_once_more_and_never_again() {
    let world = World::new().await;
    let asked = ask(&world, KNOWN, false).await;
    world.graph.will([Answer::Lost, Answer::Page(502)]);
    world.enqueue(&asked.item).await;
    assert_eq!(world.work().await, 1);
    assert_eq!(asked.record(&world).await.delivery, Delivery::Unknown);
    world.work_after(61).await;
    assert_eq!(world.graph.sent().len(), 2);
    for _ in 0..4 {
        world.enqueue(&asked.item).await;
        world.work_after(61).await;
    }
    assert_eq!(world.graph.sent().len(), 2);
    assert_eq!(asked.record(&world).await.attempts, 2);
}

#[tokio::test]
async fn a_safe_refusal_is_tried_again_at_once() {
    let world = World::new().await;
    let asked = ask(&world, KNOWN, false).await;
    world.graph.will([Answer::Error(429, 130_429), Answer::Error(429, 130_429)]);
    world.enqueue(&asked.item).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.graph.sent().len(), 3);
    let record = asked.record(&world).await;
    assert_eq!((record.delivery, record.attempts), (Delivery::Accepted, 1));
}

#[tokio::test]
async fn a_code_that_opens_nothing_any_more_is_not_sent() {
    let world = World::new().await;
    let old = ask(&world, KNOWN, true).await;
    let before = old.record(&world).await;
    world.cloud.advance(61);
    let (ids, now) = (&*world.cloud.ids, world.cloud.clock.now());
    let proof = ProofId::mint(ids, now);
    let newer = PhoneCode::ask(Some(&before), proof, old.user, before.phone.clone(), now).unwrap();
    let mut write = world.organisation.store.transaction();
    write.replace_phone_code(&newer, before.version);
    assert_eq!(write.commit().await.unwrap(), Commit::Done);
    world.enqueue(&old.item).await;
    assert_eq!(world.work().await, 0);
    // And the newer one comes too late.
    world.cloud.advance(600);
    world.enqueue(&world.item(OutboundEffect::PhoneCode { user: old.user, proof })).await;
    assert_eq!(world.work().await, 0);
    assert!(world.graph.sent().is_empty());
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_then_the_channel_is_marked() {
    let world = World::new().await;
    let asked = ask(&world, KNOWN, false).await;
    // Read once, so that there is an older token in memory.
    world.enqueue(&world.text(Author::Notice).await).await;
    assert_eq!(world.work().await, 0);
    world.cloud.advance(31);
    world.set_token("token-2").await;
    world.graph.will([Answer::Error(401, 190)]);
    world.enqueue(&asked.item).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(asked.record(&world).await.delivery, Delivery::Accepted);
    assert_eq!(world.graph.tokens(), ["Bearer token-1", "Bearer token-1", "Bearer token-2"]);

    let world = World::new().await;
    let asked = ask(&world, KNOWN, false).await;
    world.graph.will([Answer::Error(401, 190)]);
    world.enqueue(&asked.item).await;
    assert_eq!(world.work().await, 0);
    assert_eq!(asked.record(&world).await.delivery, Delivery::Failed);
    let channel = world.organisation.channel;
    let channel = world.organisation.store.channel(channel).await.unwrap().unwrap();
    assert_eq!(channel.status, ChannelStatus::Disconnected);
}

#[tokio::test]
async fn through_a_number_that_was_taken_off_nothing_leaves() {
    let world = World::new().await;
    let store = &world.organisation.store;
    let id = world.organisation.channel;
    store.mark_channel(id, ChannelStatus::Connected, ChannelStatus::Removed).await.unwrap();
    // The provider's refusals and successes do not bring it back.
    store.mark_channel(id, ChannelStatus::Disconnected, ChannelStatus::Connected).await.unwrap();
    assert_eq!(store.channel(id).await.unwrap().unwrap().status, ChannelStatus::Removed);
    let message = world.text(Author::Notice).await;
    world.enqueue(&message).await;
    let asked = ask(&world, KNOWN, true).await;
    world.enqueue(&asked.item).await;
    assert_eq!(world.work().await, 0);
    assert!(world.graph.sent().is_empty());
    assert_eq!(world.stored(&message).await.errors[0].title, "channel_removed");
    assert_eq!(asked.record(&world).await.error.unwrap().title, "no_channel");
}
