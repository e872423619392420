//! How a function of the API starts on Lambda.

use aws_clients::{AwsClients, Secrets};
use domain::{Error, Result};
use store::{Store, TableNames};
use telemetry::{Environment, Machine, Setting};

use crate::edge::Edge;
use crate::hosts::Hosts;
use crate::keys::KeyRing;

/// The edge that a function's environment describes. Nobody is asked for anything yet.
pub fn edge(environment: &Environment, clients: &AwsClients) -> Result<Edge> {
    let machine = Machine::of_lambda(environment);
    let name = environment.get(Setting::VerificationSecret).map_err(Error::internal)?;
    let secrets = Secrets::new(clients.clone(), machine.clock.clone());
    let keys = KeyRing::of_secret(secrets, name);
    let store = Store::of(clients.clone(), TableNames::of(environment));
    let hosts = Hosts::new(&environment.allowed_hosts());
    Ok(Edge::with_keys(store, keys, machine, &environment.allowed_origins()).serving(hosts))
}
