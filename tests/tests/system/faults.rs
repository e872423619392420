//! DynamoDB, SQS and Graph fail in every way there is, at every stage and all at once: nothing is
//! lost and nothing is done twice.

mod control;
mod day;
mod feed;
mod posting;
mod pump;
mod single;
mod world;

use day::{Campaign, Weather};
use testkit::Fault;

/// The seed of a run, and of the one before it that failed.
pub(crate) fn seed() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "whoever looks for a failure repeats its run")]
    let given = std::env::var("HNDASAH_SEED").ok();
    let seed = given.map_or(20_260_302, |text| text.parse().expect("HNDASAH_SEED is a number"));
    println!("HNDASAH_SEED={seed}");
    seed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_of_faults_loses_nothing_and_does_nothing_twice() {
    let campaign = Campaign::play(seed(), &[5, 5, 4], 5, Weather::Rough).await;
    let (storage, findings) = campaign.check().await;
    let figures = campaign.figures(&storage, &findings);
    println!("{figures}");
    assert!(findings.violations.is_empty(), "{:#?}", findings.violations);
    // Otherwise nothing was shown.
    for (service, _, injected) in &figures.injected {
        let all = Fault::ANYWHERE.iter().all(|fault| injected.contains_key(fault));
        assert!(all, "{service}: {injected:?}");
    }
    assert!(figures.accepted > 300 && figures.quarantined > 0 && figures.absorbed > 0);
}
