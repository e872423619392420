//! The erasure of an organisation, on an operator's order.
//!
//! Invariants: nothing happens until the organisation's name has been typed as it is written there;
//! from then on there is a tombstone, and nobody works for the organisation any more. A turn stops
//! when its time is up and the next one goes on; stopping anywhere loses nothing but counts. The
//! last turn begins when whoever did not know of the tombstone yet has long been done.

use std::sync::Arc;

use aws_clients::{AwsClients, Secrets};
use blob::Blobs;
use domain::{Clock, Result};
use jiff::SignedDuration;
use store::{Store, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Machine, Setting};

mod order;
mod turn;

pub use order::{Answer, Order};

/// How long a turn begins anything new. The function may run for 60 s.
const TURN: SignedDuration = SignedDuration::from_secs(40);
/// What was under way at the order is over by then: a webhook remembers for five minutes where a
/// number leads, others for one minute that an organisation is there, and no function runs longer
/// than another.
const QUIET_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// What the eraser needs.
pub struct App {
    pub store: Store,
    pub blobs: Blobs,
    pub secrets: Secrets,
    /// Secret names are this and a channel's id.
    pub channel_secret_prefix: String,
    pub clock: Arc<dyn Clock>,
}

impl App {
    pub fn new(
        environment: &Environment,
        Machine { clock, .. }: Machine,
    ) -> std::result::Result<Self, MissingVariables> {
        let clients = AwsClients::new(environment)?;
        Ok(Self {
            store: Store::of(clients.clone(), TableNames::of(environment)),
            blobs: Blobs::new(clients.clone(), environment.get(Setting::MediaBucket)?),
            secrets: Secrets::new(clients, Arc::clone(&clock)),
            channel_secret_prefix: environment.get(Setting::ChannelSecretPrefix)?.to_owned(),
            clock,
        })
    }
}

/// Takes a turn of an erasure, the first one included. Repetition is how it goes on.
pub async fn handle(order: Order, app: &App) -> Result<Answer> {
    match order::check(&order, app).await? {
        order::Checked::Refused(reason) => {
            tracing::warn!(tenant.id = %order.tenant_id, reason, "an erasure was refused");
            Ok(Answer::Refused { reason: reason.to_owned() })
        }
        order::Checked::Ordered(tenant, tombstone) => {
            turn::Turn { app, tenant, tombstone }.take().await
        }
    }
}
