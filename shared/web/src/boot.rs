//! How a function of the API starts on Lambda.

use aws_clients::{AwsClients, Secrets};
use domain::{Error, Result};
use store::{Store, TableNames};
use telemetry::{Environment, Machine, Setting};
use tenancy::secrets::VerificationSecret;

use crate::edge::Edge;

/// The edge that a function's environment describes.
pub async fn edge(environment: &Environment, clients: &AwsClients) -> Result<Edge> {
    let machine = Machine::of_lambda(environment.function());
    let name = environment.get(Setting::VerificationSecret).map_err(Error::internal)?;
    let verification: VerificationSecret =
        Secrets::new(clients.clone(), machine.clock.clone()).get(name).await?;
    let store = Store::new(clients.dynamodb().clone(), table_names(environment));
    Edge::new(store, &verification, machine, &environment.allowed_origins())
}

/// A function knows the names of the tables it may use; the others stay empty.
fn table_names(environment: &Environment) -> TableNames {
    let name = |setting| environment.optional(setting).unwrap_or_default().to_owned();
    TableNames {
        directory: name(Setting::DirectoryTable),
        tenants: name(Setting::TenantsTable),
        projects: name(Setting::ProjectsTable),
        conversations: name(Setting::ConversationsTable),
        jobs: name(Setting::JobsTable),
        guards: name(Setting::GuardsTable),
    }
}
