//! The wall between companies: whoever asks, whatever with, and wherever an identifier stands,
//! nothing of another company is answered, moved, or left anywhere.

mod asking;
mod canaries;
mod control;
mod credentials;
mod cursors;
mod identifiers;
mod life;
mod log;
mod objects;
mod pretences;
mod remains;
mod site;
mod works;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::expect_file;

use asking::named;
use canaries::Canaries;
use remains::Remain;
use site::Site;

/// The campaign's least size.
const PROBES_MIN: usize = 5_000;

/// What the companies have, but for what every call leaves.
async fn belongings(site: &Site) -> Vec<String> {
    let all = remains::gather(site).await.into_iter();
    let lasting = all.filter(|remain| {
        remain.kind == "items of tables" && !remain.place.contains("guards")
            || ["objects of S3", "letters", "calls of Graph"].contains(&remain.kind)
    });
    let mut texts: Vec<String> = lasting.map(|Remain { place, text, .. }| place + &text).collect();
    texts.sort();
    texts
}

#[tokio::test]
async fn nothing_of_another_company_is_answered_moved_or_left_anywhere() {
    let mut site = Site::found().await;
    life::live(&mut site).await;
    let routes: Vec<_> = named().collect();

    let before = belongings(&site).await;
    identifiers::in_paths(&site, &routes).await;
    identifiers::of_colleagues(&site).await;
    identifiers::misspelt(&site).await;
    identifiers::by_other_methods(&site).await;
    credentials::forged_tokens(&site).await;
    assert!(belongings(&site).await == before, "something was changed");
    credentials::keys(&site).await;
    credentials::links(&site).await;
    pretences::named_companies(&site).await;
    pretences::hosts(&site).await;
    pretences::two_credentials(&site).await;
    site.works.settle(&site.office).await;
    // A key notes when it was used; nothing more may be there than before.
    assert_eq!(belongings(&site).await.len(), before.len(), "something was made");

    identifiers::in_queries(&site).await;
    identifiers::in_bodies(&site).await;
    pretences::namesakes(&site).await;
    pretences::idempotency_keys(&site).await;
    cursors::of_all_kinds(&site).await;
    let keys = objects::keys(&site).await;
    site.works.settle(&site.office).await;

    let remains = remains::gather(&site).await;
    let found = Canaries::of(&site).search(&remains);
    let mut counts = site.counts();
    counts.insert("keys of objects", keys);
    let text = report(&counts);
    println!("{text}{}", searched(&remains));
    let shown = found[..found.len().min(20)].join("\n");
    println!("{} found where they should not be\n{shown}", found.len());
    site.assert_whole();
    assert!(found.is_empty(), "{shown}");
    assert!(counts.values().sum::<usize>() > PROBES_MIN);
    expect_file!["../../../docs/proof/wall.md"].assert_eq(&text);
}

/// The counts, as the document tells them.
fn report(counts: &BTreeMap<&'static str, usize>) -> String {
    let mut text = include_str!("wall/report.md").to_owned();
    let _ = writeln!(text, "| kind | probes |\n| --- | ---: |");
    for (kind, count) in counts {
        let _ = writeln!(text, "| {kind} | {count} |");
    }
    let _ = writeln!(text, "| **all** | **{}** |", counts.values().sum::<usize>());
    text
}

/// How much of everything was searched. What is logged varies a little.
fn searched(remains: &[Remain]) -> String {
    let mut text = String::new();
    for kind in remains::KINDS {
        let pieces = remains.iter().filter(|remain| remain.kind == kind).count();
        assert!(pieces > 0, "nothing of {kind} was searched");
        let _ = writeln!(text, "searched: {pieces} {kind}");
    }
    text
}
