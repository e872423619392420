//! Two organisations, each with somebody who has signed in, and the keys behind their tokens.

use std::sync::{Arc, LazyLock};

use aws_clients::{AwsClients, Endpoints};
use domain::role::TenantRole;
use domain::{Clock, SessionId, UserId};
use jiff::{SignedDuration, Timestamp};
use store::{Store, TableNames};
use telemetry::{Machine, Metrics};
use tenancy::secrets::generate;
use tenancy::{Caller, Signer, Subject, TenantScope, Verifier};
use web::Edge;

use crate::chance::Counted;

/// When everything happens.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// Time stands still.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

pub(crate) struct Office {
    pub(crate) verifier: Verifier,
    /// What every function answers with, over tables that nobody asks.
    pub(crate) edge: Edge,
    /// The same a day later.
    pub(crate) next_day: Edge,
    /// Of the first organisation and the second.
    pub(crate) callers: [Caller; 2],
    pub(crate) tokens: [String; 2],
    pub(crate) scopes: [TenantScope; 2],
}

pub(crate) static OFFICE: LazyLock<Office> = LazyLock::new(open);

fn open() -> Office {
    let ids = Counted::default();
    let (signing, verification) =
        generate(&ids, "https://hndasah.test", "hndasah-api").expect("keys are made");
    let signer = Signer::new(&signing, &verification).expect("one of them signs");
    let verifier = Verifier::new(&verification).expect("and verifies");
    let scopes = [(); 2].map(|()| TenantScope::found(&Still(NOW), &ids));
    let tokens = scopes.each_ref().map(|scope| {
        let subject = Subject {
            scope,
            user: UserId::mint(&ids, NOW),
            role: TenantRole::Owner,
            permission_version: 1,
            session: SessionId::mint(&ids, NOW),
            proved_at: NOW,
            is_weak: false,
        };
        signer.issue(&subject, NOW, &ids).expect("a token is issued").access_token
    });
    let callers =
        tokens.each_ref().map(|token| verifier.verify(token, NOW).expect("a token is genuine"));
    let nowhere = Some("http://127.0.0.1:1".to_owned());
    let clients = AwsClients::embedded(Endpoints { dynamodb: nowhere, ..Endpoints::default() });
    let edge = |now: Timestamp| {
        let machine = Machine {
            clock: Arc::new(Still(now)),
            ids: Arc::new(Counted::default()),
            metrics: Metrics::new("fuzz"),
        };
        let store = Store::new(clients.dynamodb().clone(), nothing());
        Edge::new(store, &verification, machine, &[]).expect("the keys are keys")
    };
    Office {
        edge: edge(NOW),
        next_day: edge(NOW.saturating_add(SignedDuration::from_hours(24)).unwrap_or(NOW)),
        verifier,
        callers,
        tokens,
        scopes,
    }
}

/// Tables without names.
fn nothing() -> TableNames {
    TableNames {
        directory: String::new(),
        tenants: String::new(),
        projects: String::new(),
        conversations: String::new(),
        jobs: String::new(),
        guards: String::new(),
        audit: String::new(),
    }
}
