//! Buckets of calls, taken from in lots.

use domain::{Clock, Network};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use store::{Lease, LeaseAsk, TenantStore};
use tenancy::TenantScope;
use testkit::Cloud;

const ROUTE: &str = "GET /api/v1/projects";

fn ask(wanted: u32, least: u32, full_at: Option<Timestamp>) -> LeaseAsk {
    LeaseAsk { capacity: 60, window: SignedDuration::from_mins(1), wanted, least, full_at }
}

struct Bench {
    cloud: Cloud,
    tenant: TenantStore,
}

impl Bench {
    async fn new() -> Self {
        let cloud = Cloud::start().await;
        let scope = TenantScope::found(&*cloud.clock, &*cloud.ids);
        let tenant = cloud.store().for_tenant(&scope);
        Self { cloud, tenant }
    }

    async fn lease(&self, caller: &str, ask: LeaseAsk) -> Lease {
        self.tenant.lease_calls(caller, ROUTE, &ask, self.cloud.clock.now()).await.unwrap()
    }
}

#[tokio::test]
async fn a_bucket_gives_what_it_has_and_fills_at_a_steady_rate() {
    let bench = Bench::new().await;
    let first = bench.lease("usr_1", ask(25, 10, None)).await;
    assert_eq!(first.taken, 25);
    // A wrong guess costs a write, never a call.
    assert_eq!(bench.lease("usr_1", ask(25, 10, None)).await.taken, 25);
    let last = bench.lease("usr_1", ask(25, 10, Some(first.full_at))).await;
    assert_eq!(last.taken, 10, "what is left");
    let empty = bench.lease("usr_1", ask(25, 10, Some(last.full_at))).await;
    assert_eq!((empty.taken, empty.full_at), (0, last.full_at));
    assert_eq!(bench.lease("usr_2", ask(25, 10, None)).await.taken, 25, "another's is full");

    bench.cloud.advance(9);
    assert_eq!(bench.lease("usr_1", ask(25, 10, None)).await.taken, 0);
    bench.cloud.advance(1);
    assert_eq!(bench.lease("usr_1", ask(25, 10, None)).await.taken, 10);
    bench.cloud.advance(3_600);
    let after = bench.lease("usr_1", ask(100, 10, None)).await;
    assert_eq!(after.taken, 60, "never more than a full one");
}

#[tokio::test]
async fn many_who_take_at_once_never_take_more_than_there_is() {
    let bench = Bench::new().await;
    let takers = (0..12).map(|_| {
        let (ask, now) = (ask(20, 5, None), bench.cloud.clock.now());
        let tenant = &bench.tenant;
        async move { tenant.lease_calls("usr_1", ROUTE, &ask, now).await }
    });
    let taken: u32 = join_all(takers).await.into_iter().flatten().map(|lease| lease.taken).sum();
    assert_eq!(taken, 60);
}

#[tokio::test]
async fn tenants_and_networks_have_buckets_of_their_own_that_end() {
    let bench = Bench::new().await;
    let other = TenantScope::found(&*bench.cloud.clock, &*bench.cloud.ids);
    let other = bench.cloud.store().for_tenant(&other);
    let now = bench.cloud.clock.now();
    let everything = ask(60, 1, None);
    assert_eq!(bench.lease("usr_1", everything).await.taken, 60);
    assert_eq!(other.lease_calls("usr_1", ROUTE, &everything, now).await.unwrap().taken, 60);
    let guards = bench.cloud.store().guards();
    for third in [1, 2] {
        let network = Network::of(Some(std::net::Ipv4Addr::new(198, 51, third, 1).into()));
        let lease = guards.lease_calls(&network, ROUTE, &everything, now).await.unwrap();
        assert_eq!(lease.taken, 60);
        let again = guards.lease_calls(&network, ROUTE, &everything, now).await.unwrap();
        assert_eq!(again.taken, 0);
    }
    let items = bench.cloud.aws.dynamodb().scan().table_name("hndasah-local-guards").send().await;
    for item in items.unwrap().items.unwrap() {
        let ends: i64 = item["ttl"].as_n().unwrap().parse().unwrap();
        assert_eq!(ends - now.as_second(), 120);
    }
}
