//! A letter from its cause to the page where it is read.

use std::sync::Arc;

use domain::outbox::{Letter, OutboundEffect, OutboxItem};
use domain::{Clock, Ids, OutboxId, ProofId};
use local::{MovingClock, Options, System};
use store::Commit;
use telemetry::SystemIds;

#[tokio::test]
async fn a_letter_leaves_with_its_cause_and_can_be_read_at_mail() {
    let clock = Arc::new(MovingClock::starting_at(telemetry::SystemClock.now()));
    let system = System::start(Options::for_test(Arc::clone(&clock))).await.unwrap();
    let company = &system.companies()[0];
    let tenant = system.tenant(company);
    let login = company.company.people.iter().find_map(|person| person.login.as_ref()).unwrap();
    let accounts =
        system.store().directory().accounts_of(&login.email.parse().unwrap()).await.unwrap();
    let ids: &dyn Ids = &SystemIds;
    let now = clock.now();
    let mut transaction = tenant.transaction();
    transaction.insert_outbox(&OutboxItem {
        id: OutboxId::mint(ids, now),
        tenant: company.routed.scope().tenant(),
        due_at: now,
        effect: OutboundEffect::Mail {
            user: accounts[0].user(),
            letter: Letter::VerifyEmail { proof: ProofId::mint(ids, now) },
        },
        trace: "t-1".to_owned(),
    });
    assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
    system.drain().await.unwrap();

    let page = async |path: &str| {
        let answer = reqwest::get(format!("{}{path}", system.url())).await.unwrap();
        let policy = answer.headers().get("content-security-policy").cloned();
        (answer.status().as_u16(), policy, answer.text().await.unwrap())
    };
    let letters = system.aws().mailbox().letters();
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    let (status, policy, list) = page("/mail").await;
    assert!(status == 200 && policy.unwrap().to_str().unwrap().contains("default-src 'none'"));
    assert!(list.contains(&format!("<a href=\"/mail/{}\">", letter.id)), "{list}");
    assert!(list.contains(login.email), "{list}");

    let (status, _, shown) = page(&format!("/mail/{}", letter.id)).await;
    let link = format!("<a href=\"{}/verify-email#token=", system.url());
    assert!(status == 200 && shown.contains(&link), "{shown}");
    let (status, policy, html) = page(&format!("/mail/{}/html", letter.id)).await;
    assert!(status == 200 && html.contains(&link), "{html}");
    assert!(policy.unwrap().to_str().unwrap().contains("sandbox"));
    assert_eq!(page("/mail/nothing").await.0, 404);
    system.shutdown().await.unwrap();
}
