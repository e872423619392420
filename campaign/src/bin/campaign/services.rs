//! The services as the functions see them: each behind a proxy that fails as it is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use embedded_aws::EmbeddedAws;
use testkit::{Dialect, Fault, Faults, Faulty};

use crate::chaos::Chaos;

/// How many of a hundred requests fail at each service.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Weather {
    pub(crate) dynamodb: Faults,
    pub(crate) sqs: Faults,
    pub(crate) graph: Faults,
}

/// The proxies. Clones are the same.
#[derive(Clone)]
pub(crate) struct Services {
    dynamodb: Faulty,
    sqs: Faulty,
    graph: Faulty,
}

impl Services {
    pub(crate) async fn before(
        aws: &EmbeddedAws,
        graph: &str,
        seed: u64,
        chaos: &Arc<Chaos>,
    ) -> Self {
        let endpoints = aws.endpoints();
        let services = Self {
            dynamodb: Faulty::before(&endpoints.dynamodb, Dialect::DynamoDb, seed).await,
            sqs: Faulty::before(&endpoints.sqs, Dialect::Sqs, seed ^ 1).await,
            graph: Faulty::before(graph, Dialect::Graph, seed ^ 2).await,
        };
        for (_, service) in services.all() {
            let chaos = Arc::clone(chaos);
            service.watch(Arc::new(move |seen| chaos.see(seen)));
        }
        services
    }

    /// The variables that lead an environment to its own doors.
    pub(crate) async fn doors(&self, number: usize) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL_DYNAMODB", self.dynamodb.door(number).await),
            ("AWS_ENDPOINT_URL_SQS", self.sqs.door(number).await),
            ("GRAPH_BASE_URL", self.graph.door(number).await),
        ]
    }

    pub(crate) fn set(&self, weather: Weather) {
        self.dynamodb.set(weather.dynamodb);
        self.sqs.set(weather.sqs);
        self.graph.set(weather.graph);
    }

    /// Requests and faults so far, by service.
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, (u64, BTreeMap<Fault, u64>)> {
        self.all().map(|(name, service)| (name, (service.requests(), service.injected()))).into()
    }

    fn all(&self) -> [(&'static str, &Faulty); 3] {
        [("DynamoDB", &self.dynamodb), ("SQS", &self.sqs), ("Graph", &self.graph)]
    }
}
