//! What became of a request, and who may say so.

use domain::Clock;
use domain::{Network, Result};
use store::{Begun, Claim, Commit, Once, Part, TenantStore};
use tenancy::TenantScope;
use testkit::Cloud;

struct Desk {
    cloud: Cloud,
    tenant: TenantStore,
}

fn once<'a>(asked: &'a str, fence: &'a str) -> Once<'a> {
    Once { caller: "usr_1", name: "/api/v1/api-keys\nk1", asked, fence }
}

impl Desk {
    async fn new() -> Self {
        let cloud = Cloud::start().await;
        let scope = TenantScope::found(&*cloud.clock, &*cloud.ids);
        let tenant = cloud.store().for_tenant(&scope);
        Self { cloud, tenant }
    }

    async fn begin(&self, asked: &str, fence: &str) -> Begun {
        self.tenant.begin_once(once(asked, fence), self.cloud.clock.now()).await.unwrap()
    }

    async fn mine(&self, fence: &str) -> Claim {
        match self.begin("a", fence).await {
            Begun::Mine(claim) => claim,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_request_runs_then_is_done_and_its_key_is_for_nothing_else() {
    let desk = Desk::new().await;
    let claim = desk.mine("f1").await;
    assert!(matches!(desk.begin("a", "f2").await, Begun::Running));
    assert!(matches!(desk.begin("b", "f2").await, Begun::Other));
    claim.finish(b"the answer").await.unwrap();
    for fence in ["f2", "f1"] {
        assert!(
            matches!(desk.begin("a", fence).await, Begun::Done(answer) if answer == b"the answer")
        );
    }
    assert!(matches!(desk.begin("b", "f3").await, Begun::Other));
    claim.release().await.unwrap();
    assert!(matches!(desk.begin("a", "f3").await, Begun::Done(_)), "what is done stays");
    desk.cloud.advance(24 * 3_600 + 1);
    desk.mine("f4").await;
}

#[tokio::test]
async fn a_repetition_of_the_beginning_itself_is_the_same_beginning() {
    let desk = Desk::new().await;
    desk.mine("f1").await;
    // The SDK repeats a call whose answer was lost.
    desk.mine("f1").await;
}

#[tokio::test]
async fn whoever_was_overtaken_writes_nothing() {
    let desk = Desk::new().await;
    let slow = desk.mine("slow").await;
    desk.cloud.advance(61);
    let quick = desk.mine("quick").await;
    slow.release().await.unwrap();
    slow.finish(b"slow").await.unwrap();
    assert!(matches!(desk.begin("a", "f3").await, Begun::Running));

    let commit = async |claim: &Claim, answer: &[u8], slug: &str| -> Result<Commit> {
        let mut transaction = desk.tenant.transaction();
        transaction.claim_slug(slug);
        transaction.finish_once(claim, answer);
        transaction.commit().await
    };
    let refused = commit(&slow, b"slow", "slow").await.unwrap();
    assert_eq!(refused, Commit::Refused(vec![Part::Once]));
    let directory = desk.cloud.store().directory();
    assert_eq!(directory.tenant_of_slug("slow").await.unwrap(), None);
    assert_eq!(commit(&quick, b"quick", "quick").await.unwrap(), Commit::Done);
    assert!(directory.tenant_of_slug("quick").await.unwrap().is_some());
    quick.finish(b"later").await.unwrap();
    assert!(matches!(desk.begin("a", "f3").await, Begun::Done(answer) if answer == b"quick"));
}

#[tokio::test]
async fn a_released_request_may_be_sent_again_and_senders_do_not_meet() {
    let desk = Desk::new().await;
    desk.mine("f1").await.release().await.unwrap();
    desk.mine("f2").await;
    let now = desk.cloud.clock.now();
    let guards = desk.cloud.store().guards();
    let other = TenantScope::found(&*desk.cloud.clock, &*desk.cloud.ids);
    let other = desk.cloud.store().for_tenant(&other);
    let colleague = Once { caller: "usr_2", ..once("a", "f3") };
    let network = Network::of(Some(std::net::Ipv4Addr::LOCALHOST.into()));
    for begun in [
        desk.tenant.begin_once(colleague, now).await,
        other.begin_once(once("a", "f4"), now).await,
        guards.begin_once(&network, once("a", "f5"), now).await,
        guards.begin_once(&Network::of(None), once("a", "f6"), now).await,
    ] {
        assert!(matches!(begun, Ok(Begun::Mine(_))));
    }
    assert!(matches!(guards.begin_once(&network, once("a", "f7"), now).await, Ok(Begun::Running)));
}
