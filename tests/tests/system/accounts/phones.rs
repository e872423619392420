//! Numbers that people prove to be theirs.

use domain::outbox::OutboundEffect;
use domain::role::TenantRole;
use domain::tenant::User;
use domain::{Phone, UserId};
use serde_json::json;

use super::{actions, outbox, words};
use crate::office::{Company, Office, Person};

const PATH: &str = "/api/v1/users/me/phone";
const VERIFY: &str = "/api/v1/users/me/phone/verify";
/// Of the contact of every company.
const KNOWN: &str = "+971500000001";

/// The digits of the last code on its way to a user.
async fn last_code(office: &Office, company: &Company, to: UserId) -> String {
    let mut latest = outbox(office, &company.scope).await.into_iter().rev();
    let proof = latest.find_map(|item| {
        let OutboundEffect::PhoneCode { user, proof } = item.effect else { return None };
        (user == to).then_some(proof)
    });
    office.proofs.code(&company.scope, proof.expect("a code is on its way"))
}

/// Other digits.
fn wrong(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn ask(office: &Office, who: &Person, phone: &str) {
    let answer = office.post(who, PATH, &json!({ "phone": phone })).await;
    assert!(answer.ok(202)["expires_at"].is_string());
}

#[tokio::test]
async fn a_number_is_linked_by_its_code_and_the_contact_acts_for_the_user_until_it_is_unlinked() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let who = &company.member;
    ask(&office, who, "+971 50 000 0001").await;
    let code = last_code(&office, &company, who.id).await;
    let queued = serde_json::to_string(&outbox(&office, &company.scope).await).unwrap();
    assert!(!queued.contains(&code) && !queued.contains("97150"), "ids only: {queued}");
    let linked = office.post(who, VERIFY, &json!({ "code": code })).await.ok(200);
    assert_eq!(linked["phone"], KNOWN);
    let contact = company.head().await.contact;
    let phone: Phone = KNOWN.parse().unwrap();
    assert_eq!(company.store.user_of_phone(&phone).await.unwrap(), Some(who.id));
    assert_eq!(company.store.contact(contact).await.unwrap().unwrap().user, Some(who.id));
    // A code opens once.
    office.post(who, VERIFY, &json!({ "code": code })).await.problem(422, "validation");
    office.cloud.advance(61);
    office.post(who, PATH, &json!({ "phone": KNOWN })).await.problem(409, "phone_linked");

    // Another number in its place.
    ask(&office, who, "+971500000777").await;
    let code = last_code(&office, &company, who.id).await;
    office.post(who, VERIFY, &json!({ "code": code })).await.ok(200);
    assert_eq!(company.store.user_of_phone(&phone).await.unwrap(), None);
    assert_eq!(company.store.contact(contact).await.unwrap().unwrap().user, None);
    for _ in 0..2 {
        assert_eq!(office.delete(who, PATH).await.status.as_u16(), 204);
    }
    let other: Phone = "+971500000777".parse().unwrap();
    assert_eq!(company.store.user_of_phone(&other).await.unwrap(), None);
    let (asked, linked) = ("user.phone_code_requested", "user.phone_linked");
    let expected = [asked, linked, asked, linked, "user.phone_unlinked"];
    assert_eq!(actions(&office, &company.scope).await, expected);
}

#[tokio::test]
async fn a_code_has_five_tries_even_at_once_and_ten_minutes() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let who = &company.member;
    office.post(who, VERIFY, &json!({ "code": "123456" })).await.problem(422, "validation");
    ask(&office, who, KNOWN).await;
    let code = last_code(&office, &company, who.id).await;
    let guess = json!({ "code": wrong(&code) });
    let tries = (0..12).map(|_| office.post(who, VERIFY, &guess));
    let answers = futures::future::join_all(tries).await;
    assert!(answers.iter().all(|answer| [409, 422].contains(&answer.status.as_u16())));
    for _ in 0..5 {
        office.post(who, VERIFY, &guess).await.problem(422, "validation");
    }
    let record = company.store.phone_code(who.id).await.unwrap().unwrap();
    assert_eq!(record.tries, 5);
    let spent = office.post(who, VERIFY, &json!({ "code": code })).await;
    let spent = words(spent.problem(422, "validation"));

    office.cloud.advance(61);
    ask(&office, who, KNOWN).await;
    let late = last_code(&office, &company, who.id).await;
    assert_ne!(late, code);
    office.cloud.advance(600);
    let late = office.post(who, VERIFY, &json!({ "code": late })).await;
    assert_eq!(words(late.problem(422, "validation")), spent);
    assert!(company.store.user(who.id).await.unwrap().unwrap().phone.is_none());
}

#[tokio::test]
async fn codes_are_a_minute_apart_and_the_newer_one_counts() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let who = &company.member;
    ask(&office, who, KNOWN).await;
    let old = last_code(&office, &company, who.id).await;
    let soon = office.post(who, PATH, &json!({ "phone": KNOWN })).await;
    soon.problem(409, "code_sent_recently");
    office.cloud.advance(61);
    ask(&office, who, KNOWN).await;
    office.post(who, VERIFY, &json!({ "code": old })).await.problem(422, "validation");
    let new = last_code(&office, &company, who.id).await;
    office.post(who, VERIFY, &json!({ "code": new })).await.ok(200);
}

#[tokio::test]
async fn a_number_of_a_colleague_is_refused_to_whoever_holds_it() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let id = UserId::mint(&*office.cloud.ids, company.now);
    // The same Mexican mobile in WhatsApp's two spellings.
    let colleague = User {
        phone: Some("+5215512345678".parse().unwrap()),
        ..company.user(id, "Nora", TenantRole::Manager)
    };
    company.employ(&office, &colleague).await;
    for phone in ["+5215512345678", "+525512345678"] {
        ask(&office, &company.member, phone).await;
        let code = last_code(&office, &company, company.member.id).await;
        let taken = office.post(&company.member, VERIFY, &json!({ "code": code })).await;
        taken.problem(409, "phone_taken");
        office.cloud.advance(61);
    }
    assert_eq!(company.store.user_of_phone(&colleague.phone.unwrap()).await.unwrap(), Some(id));
}
