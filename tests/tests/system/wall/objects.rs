//! Keys of objects in S3. Nobody outside is given one, and no address is signed for anybody: the
//! layer below is tried with what somebody could get hold of.

use blob::{Blobs, Owner};
use serde_json::json;
use telemetry::{Function, Setting};

use super::asking::Ask;
use super::site::Site;
use crate::office::{Company, Office};
use crate::tree;

/// A claim is its owner's alone, however its key is spelt; how many keys were tried.
pub(crate) async fn keys(site: &Site) -> usize {
    let cloud = &site.office.cloud;
    let environment = cloud.environment(Function::Processor, &[]);
    let blobs = Blobs::new(cloud.clients(), environment.get(Setting::MediaBucket).unwrap());
    let mut tried = 0;
    for (_, own, other) in site.pairs() {
        let (mine, theirs) = (&own.company.scope, &other.company.scope);
        let bytes = format!("a file of {}", other.word).into_bytes();
        let key = blobs.put_claim(Owner::Tenant(theirs), bytes.clone()).await.unwrap();
        assert_eq!(blobs.get_claim(Owner::Tenant(theirs), &key).await.unwrap(), bytes);
        let hash = key.rsplit('/').next().unwrap();
        let (of_mine, of_theirs) = (mine.tenant().key(), theirs.tenant().key());
        let spellings = [
            key.clone(),
            format!("/{key}"),
            format!("claims/{of_mine}/{hash}"),
            format!("claims/{of_mine}/../{of_theirs}/{hash}"),
            format!("claims/{of_mine}/..%2f{of_theirs}%2f{hash}"),
            format!("claims/{of_mine}//{hash}"),
            format!("claims//{of_theirs}/{hash}"),
            format!("claims/unrouted/../{of_theirs}/{hash}"),
            format!("quarantine/../{key}"),
            format!("quarantine/{key}"),
            key.to_uppercase(),
            hash.to_owned(),
            String::new(),
        ];
        for spelling in &spellings {
            let ask = Ask::get(spelling);
            for owner in [Owner::Tenant(mine), Owner::Unrouted] {
                tried += 1;
                if blobs.get_claim(owner, spelling).await.is_ok() {
                    site.breach("keys of objects", &ask, "opened as a claim");
                }
            }
            tried += 1;
            if blobs.get_quarantine(spelling).await.is_ok() {
                site.breach("keys of objects", &ask, "opened as a quarantined body");
            }
        }
    }
    tried
}

#[test]
fn nothing_signs_an_address_for_somebody_else() {
    // Whoever adds a route that does has a wall to add to this module.
    for folder in ["functions", "shared"] {
        for file in tree::files_ending(folder, ".rs") {
            let signs = ["presi", "gned"].concat();
            assert!(!tree::read(&file).contains(&signs), "{file} signs addresses");
        }
    }
    let template = tree::read("template.yaml");
    assert!(!template.contains("ProtocolType: WEBSOCKET"), "channels have a wall of their own");
}

#[tokio::test]
async fn a_quarantined_event_of_another_company_is_not_replayed() {
    let office = Office::open().await;
    let own = Company::found(&office, "own").await;
    let other = Company::found(&office, "other").await;
    // Had it ever come into the wrong hands, it would still name its owner.
    let misplaced = other.store.quarantined_event(&other.quarantined).await.unwrap();
    own.store.quarantine(&misplaced).await.unwrap();
    let path = format!("/api/v1/quarantine/{}/replay", misplaced.id);
    office.post(&own.owner, &path, &json!({})).await.problem(500, "internal");
    assert!(office.cloud.receive("InboundQueue").await.records.is_empty());
}
