//! Entries into their chains: each once, whoever brings them and however often.

use futures::future::join_all;
use jiff::SignedDuration;
use testkit::Dice;

use super::Archive;
use crate::office::Company;

#[tokio::test]
async fn several_tenants_entries_are_linked_once_by_linkers_at_work_together() {
    let archive = Archive::open().await;
    let mut companies = Vec::new();
    for word in ["ALFA", "BETA", "GAMMA"] {
        companies.push(Company::found(&archive.office, word).await);
    }
    let beginning = companies[0].now;
    // Over the end of a month.
    archive.office.cloud.advance(31 * 86_400);
    for (place, company) in companies.iter().enumerate() {
        let days = 30 * 24 + 5 * i64::try_from(place).unwrap();
        let at = beginning + SignedDuration::from_hours(days);
        archive.tell(company, at, &["task.created"; 70]).await;
    }
    // Every batch comes twice, in no order, four of them at a time.
    let records = archive.records().await;
    assert_eq!(records.len(), 210);
    let mut batches: Vec<_> = records.chunks(9).chain(records.chunks(31)).collect();
    Dice::new(3).shuffle(&mut batches);
    while !batches.is_empty() {
        let some: Vec<_> = batches.drain(..batches.len().min(4)).collect();
        let taken = join_all(some.iter().map(|batch| archive.dispatch(batch.to_vec()))).await;
        batches.extend(some.iter().zip(taken).filter(|(_, taken)| !taken).map(|(batch, _)| batch));
    }
    for company in &companies {
        let verdict = archive.verify(company, "limit=200").await;
        assert_eq!(verdict.kinds, [""; 0], "{verdict:?}");
        assert_eq!((verdict.entries, verdict.rows, verdict.pending), (70, 70, 0), "{verdict:?}");
        assert_eq!(verdict.head["seq"], verdict.links, "no number is left out");
    }
}

#[tokio::test]
async fn a_verification_goes_page_by_page_and_says_what_is_not_linked_yet() {
    let archive = Archive::open().await;
    let company = Company::found(&archive.office, "ALFA").await;
    let empty = archive.verify(&company, "limit=2").await;
    assert_eq!((empty.entries, empty.rows, empty.kinds.len()), (0, 0, 0));
    assert!(empty.head.is_null());
    for _ in 0..5 {
        archive.tell(&company, company.now, &["task.created", "task.done"]).await;
        archive.chain_what_is_new().await;
    }
    archive.tell(&company, company.now, &["cost.proposed"; 3]).await;
    let verdict = archive.verify(&company, "limit=2").await;
    assert_eq!(verdict.kinds, [""; 0], "{verdict:?}");
    assert_eq!((verdict.links, verdict.most_links, verdict.entries), (5, 2, 10), "{verdict:?}");
    assert_eq!((verdict.rows, verdict.pending), (13, 3), "{verdict:?}");
    assert!(verdict.pages >= 4, "{verdict:?}");
    archive.chain_what_is_new().await;
    let verdict = archive.verify(&company, "limit=200").await;
    assert_eq!((verdict.entries, verdict.rows, verdict.pending), (13, 13, 0), "{verdict:?}");
}

#[tokio::test]
async fn an_entry_that_comes_a_day_late_is_not_linked_and_holds_nobody_up() {
    let archive = Archive::open().await;
    let company = Company::found(&archive.office, "ALFA").await;
    archive.tell(&company, company.now, &["task.created"]).await;
    archive.office.cloud.advance(24 * 3_600 + 1);
    let now = company.now + SignedDuration::from_secs(24 * 3_600 + 1);
    archive.tell(&company, now, &["task.done"]).await;
    let mut records = archive.records().await;
    let mut unreadable = records[0].clone();
    unreadable.change.new_image.remove("doc");
    records.insert(0, unreadable);
    assert!(archive.dispatch(records).await);
    let verdict = archive.verify(&company, "").await;
    assert_eq!((verdict.entries, verdict.rows), (1, 2), "{verdict:?}");
    assert_eq!(verdict.kinds, ["entry_inserted"]);
    let metrics = archive.office.cloud.metrics.prometheus_text();
    for counted in ["audit_refused_total", "stream_unreadable_total"] {
        assert!(metrics.contains(counted), "{metrics}");
    }
}
