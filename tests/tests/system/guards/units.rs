//! What counting costs: writes to the store for each request, by how people call.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemInput;
use domain::role::TenantRole;
use http::Method;

use super::site::{self, ask, request, signed};
use crate::office::{Company, Office};

/// Counts writes to the guards, refused ones too: each is one unit.
#[derive(Debug, Clone, Default)]
struct Counter(Arc<AtomicU32>);

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "Counter"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let update = context.input().downcast_ref::<UpdateItemInput>();
        if update.and_then(|update| update.table_name()) == Some("hndasah-local-guards") {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Calls at a pace; returns answers that were no refusals and writes.
async fn calls(count: u32, seconds_between: i64, burst: u32) -> (u32, u32) {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let counter = Counter::default();
    let plain = office.cloud.aws.dynamodb();
    let config = plain.config().to_builder().interceptor(counter.clone()).build();
    let edge = site::edge(&office, Client::from_conf(config), site::names());
    let projects = projects::router(projects::App::new(edge, Vec::new()));
    let mut admitted = 0;
    for number in 0..count {
        if number % burst == 0 {
            office.cloud.advance(seconds_between);
        }
        let who = office.person(&company.scope, company.owner.id, TenantRole::Owner);
        office.settle().await;
        let request = request([203, 0, 113, 7], Method::GET, "/api/v1/projects", "");
        let answer = ask(&projects, signed(&who, request)).await;
        assert!([200, 429].contains(&answer.status.as_u16()), "{}", answer.body);
        admitted += u32::from(answer.status == 200);
    }
    (admitted, counter.0.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_request_costs_less_than_a_tenth_of_a_write_however_people_call() {
    for (name, count, seconds, burst, all_pass) in [
        ("one a minute", 60, 60, 1, true),
        ("a page now and then: eight at once, every half minute", 160, 30, 8, true),
        ("one a second", 240, 1, 1, true),
        ("sixty at once, every minute", 240, 60, 60, true),
        ("two a second, twice what is allowed", 240, 1, 2, false),
    ] {
        let (admitted, writes) = calls(count, seconds, burst).await;
        println!("{name}: {writes} writes for {count} requests, {admitted} of them admitted");
        assert!(writes * 10 < count, "{name}: {writes} writes for {count} requests");
        assert_eq!(admitted == count, all_pass, "{name}: {admitted} of {count}");
    }
}
