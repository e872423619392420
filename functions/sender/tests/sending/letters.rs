//! Letters: once, in the user's language, and what the mail service's refusals do.

use std::collections::BTreeSet;

use domain::letter::{Posting, PostingState};
use domain::outbox::{Letter, OutboundEffect, OutboxItem};
use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use domain::{Clock, Language, ProofId, SessionId, UserId};
use embedded_aws::MailFault;
use jiff::SignedDuration;
use store::Commit;
use telemetry::{Function, Setting};
use tenancy::key::{ApiKey, Holder, KeyWish, MintedKey};
use tenancy::policy::KeyScope;
use tenancy::proof::{ProofSecret, Proofs};

use crate::world::World;

/// Somebody to write to, and the secret behind links.
async fn addressee(world: &World, language: Language, email: &str) -> (User, Proofs) {
    let (ids, now) = (&*world.cloud.ids, world.cloud.clock.now());
    let user = User {
        id: UserId::mint(ids, now),
        email: email.parse().unwrap(),
        name: "Omar <b>Haddad</b>".to_owned(),
        role: TenantRole::Owner,
        status: UserStatus::Active,
        language,
        phone: None,
        password_hash: String::new(),
        permission_version: 1,
        created_at: now,
        version: 1,
    };
    let mut transaction = world.organisation.store.transaction();
    transaction.insert_tenant(&testkit::tenant(&world.organisation.scope, "Gulf Build", now));
    transaction.insert_user(&user);
    assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
    let secret = ProofSecret::generate(ids);
    let environment = world.cloud.environment(Function::Sender, &[]);
    let name = environment.get(Setting::ProofSecret).unwrap();
    let value = serde_json::to_string(&secret).unwrap();
    let manager = world.cloud.aws.secrets_manager();
    manager.create_secret().name(name).secret_string(value).send().await.unwrap();
    (user, Proofs::new(&secret).unwrap())
}

fn mail(world: &World, user: &User, letter: Letter) -> OutboxItem {
    world.item(OutboundEffect::Mail { user: user.id, letter })
}

async fn posting(world: &World, item: &OutboxItem) -> Posting {
    world.organisation.store.posting(item.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_letter_is_sent_once_however_often_the_queue_brings_it() {
    let world = World::new().await;
    let (omar, proofs) = addressee(&world, Language::Ru, "omar@example.com").await;
    let proof = ProofId::mint(&*world.cloud.ids, world.cloud.clock.now());
    let item = mail(&world, &omar, Letter::PasswordReset { proof });
    for _ in 0..3 {
        world.enqueue(&item).await;
    }
    while world.work_after(361).await > 0 {}
    world.enqueue(&item).await;
    assert_eq!(world.work().await, 0);

    let letters = world.cloud.aws.mailbox().letters();
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    assert_eq!(letter.to, ["omar@example.com"]);
    assert_eq!(letter.subject, "Новый пароль");
    let token = proofs.token(&world.organisation.scope, proof);
    let link = format!("http://localhost:3000/reset-password#token={token}");
    assert!(letter.text.contains(&link) && letter.text.contains("Gulf Build"), "{}", letter.text);
    let html = letter.html.as_deref().unwrap();
    assert!(html.contains(&format!("<a href=\"{link}\">")), "{html}");
    assert!(html.contains("Omar &lt;b&gt;Haddad&lt;/b&gt;") && !html.contains("<b>"), "{html}");
    let PostingState::Sent { provider_id } = posting(&world, &item).await.state else {
        panic!("not sent")
    };
    assert_eq!(provider_id, letter.id);
    assert!(world.counted("letters_total{service=\"test\",outcome=\"sent\"} 1"));
}

#[tokio::test]
async fn every_kind_of_letter_goes_out_and_no_token_is_stored() {
    let world = World::new().await;
    let (omar, proofs) = addressee(&world, Language::Ar, "omar@example.com").await;
    let now = world.cloud.clock.now();
    let proof = ProofId::mint(&*world.cloud.ids, now);
    let letters = [
        Letter::VerifyEmail { proof },
        Letter::Invitation { proof },
        Letter::PasswordReset { proof },
        Letter::PasswordChanged,
        Letter::SessionRevoked { session: SessionId::mint(&*world.cloud.ids, now) },
        Letter::SecondFactorChanged,
    ];
    let token = proofs.token(&world.organisation.scope, proof);
    for letter in letters {
        let with_link = matches!(
            letter,
            Letter::VerifyEmail { .. } | Letter::Invitation { .. } | Letter::PasswordReset { .. }
        );
        let item = mail(&world, &omar, letter);
        world.enqueue(&item).await;
        assert_eq!(world.work().await, 0);
        let sent = world.cloud.aws.mailbox().letters().remove(0);
        assert_eq!(sent.text.contains(&token), with_link, "{}", sent.text);
        let stored = serde_json::to_string(&posting(&world, &item).await).unwrap();
        assert!(!stored.contains(&token) && !stored.contains("omar@example.com"), "{stored}");
    }
    assert_eq!(world.cloud.aws.mailbox().letters().len(), 6);
}

#[tokio::test]
async fn a_throttled_letter_comes_later_and_a_lost_answer_sends_again() {
    let world = World::new().await;
    let (omar, _) = addressee(&world, Language::En, "omar@example.com").await;
    let mailbox = world.cloud.aws.mailbox().clone();
    mailbox.fail_next(2, MailFault::Throttled);
    mailbox.fail_next(1, MailFault::Paused);
    let item = mail(&world, &omar, Letter::PasswordChanged);
    world.enqueue(&item).await;
    assert_eq!(world.work().await, 1);
    assert_eq!(posting(&world, &item).await.state, PostingState::Waiting);
    for seconds in [3, 5] {
        assert_eq!(world.work_after(seconds).await, 1);
        assert!(mailbox.letters().is_empty());
    }
    assert_eq!(world.work_after(9).await, 1);
    assert_eq!(mailbox.letters().len(), 1);
    assert_eq!(posting(&world, &item).await.attempts, 1);

    // Nobody knows whether it left: it is tried again when the claim has lapsed, three times in all.
    mailbox.fail_next(9, MailFault::LostAnswer);
    let lost = mail(&world, &omar, Letter::SecondFactorChanged);
    world.enqueue(&lost).await;
    assert_eq!(world.work().await, 1);
    assert_eq!(world.work_after(5).await, 0);
    assert_eq!(mailbox.letters().len(), 2);
    for _ in 0..4 {
        world.work_after(31).await;
    }
    assert_eq!(mailbox.letters().len(), 4);
    let given_up = PostingState::GivenUp { reason: "outcome_unknown".to_owned() };
    assert_eq!(posting(&world, &lost).await.state, given_up);
    for outcome in ["sent", "put_off", "blocked", "unknown", "abandoned"] {
        assert!(
            world.counted(&format!("letters_total{{service=\"test\",outcome=\"{outcome}\"")),
            "{outcome}"
        );
    }
    assert_eq!(world.work_after(361).await, 0);
}

#[tokio::test]
async fn a_refused_address_and_a_person_who_left_are_written_down_and_left_alone() {
    let world = World::new().await;
    let (gone, _) = addressee(&world, Language::En, "gone@example.invalid").await;
    let refused = mail(&world, &gone, Letter::PasswordChanged);
    let stranger = User { id: UserId::mint(&*world.cloud.ids, gone.created_at), ..gone.clone() };
    let nobody = mail(&world, &stranger, Letter::PasswordChanged);
    for (item, reason) in [(&refused, "rejected"), (&nobody, "no_addressee")] {
        world.enqueue(item).await;
        assert_eq!(world.work().await, 0);
        let given_up = PostingState::GivenUp { reason: reason.to_owned() };
        assert_eq!(posting(&world, item).await.state, given_up);
    }
    assert!(world.cloud.aws.mailbox().letters().is_empty());
    assert!(world.counted("letters_total{service=\"test\",outcome=\"refused\"} 2"));
}

#[tokio::test]
async fn a_letter_about_a_key_says_what_is_true_when_it_is_sent_and_never_the_key() {
    let world = World::new().await;
    let (omar, _) = addressee(&world, Language::En, "omar@example.com").await;
    let (ids, now) = (&*world.cloud.ids, world.cloud.clock.now());
    let minted = MintedKey::mint(ids);
    let holder = Holder { user: omar.id, role: omar.role };
    let wish = KeyWish {
        name: "ERP import".to_owned(),
        scopes: BTreeSet::from([KeyScope::CostsRead]),
        networks: Vec::new(),
        auto_rotate: false,
        life: SignedDuration::from_hours(24 * 100),
    };
    let key = ApiKey::create(wish, holder, &minted, ids, now).unwrap();
    let (old, pending) = key.rotate_unseen(ids, now).unwrap();
    let mut transaction = world.organisation.store.transaction();
    transaction.insert_api_key(&key);
    transaction.insert_api_key(&pending);
    assert_eq!(transaction.commit().await.unwrap(), Commit::Done);

    let remind = |key: &ApiKey| mail(&world, &omar, Letter::KeyReminder { key: key.id });
    for (item, subject) in [
        (remind(&pending), "A new API key waits for you"),
        (remind(&key), "An API key should be changed"),
    ] {
        world.enqueue(&item).await;
        assert_eq!(world.work().await, 0);
        let letter = world.cloud.aws.mailbox().letters().remove(0);
        assert_eq!(letter.subject, subject);
        assert!(letter.text.contains("ERP import"), "{}", letter.text);
        assert!(letter.text.contains("/settings/api-keys/key_"), "{}", letter.text);
        assert!(!letter.text.contains("wac_live_") && !letter.text.contains("#token"));
    }
    let mut transaction = world.organisation.store.transaction();
    transaction.replace_api_key(&old, key.version);
    assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
    let moot = remind(&old);
    world.enqueue(&moot).await;
    assert_eq!(world.work().await, 0);
    let given_up = PostingState::GivenUp { reason: "no_longer_true".to_owned() };
    assert_eq!(posting(&world, &moot).await.state, given_up);
}
