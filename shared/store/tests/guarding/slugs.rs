//! Sub-domains are one organisation's each.

use store::{Commit, Part, TenantStore};
use tenancy::TenantScope;
use testkit::Cloud;

#[tokio::test]
async fn a_sub_domain_is_taken_once_and_given_back_by_its_owner_alone() {
    let cloud = Cloud::start().await;
    let [alfa, beta] =
        [(); 2].map(|()| cloud.store().for_tenant(&TenantScope::found(&*cloud.clock, &*cloud.ids)));
    let claim = async |tenant: &TenantStore| {
        let mut transaction = tenant.transaction();
        transaction.claim_slug("acme");
        transaction.commit().await.unwrap()
    };
    let release = async |tenant: &TenantStore| {
        let mut transaction = tenant.transaction();
        transaction.release_slug("acme");
        transaction.commit().await.unwrap()
    };
    let directory = cloud.store().directory();
    assert_eq!(directory.tenant_of_slug("acme").await.unwrap(), None);
    assert_eq!(claim(&alfa).await, Commit::Done);
    assert_eq!(claim(&beta).await, Commit::Refused(vec![Part::Slug]));
    assert_eq!(release(&beta).await, Commit::Refused(vec![Part::Slug]));
    let owner = directory.tenant_of_slug("acme").await.unwrap();
    assert_eq!(owner, Some(alfa.scope().tenant()));
    assert_eq!(release(&alfa).await, Commit::Done);
    assert_eq!(claim(&beta).await, Commit::Done);
}
