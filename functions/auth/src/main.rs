//! `auth` on Lambda.

use std::sync::Arc;

use auth::{App, PrivateKeys, SecretNames};
use aws_clients::{AwsClients, Secrets};
use telemetry::{Environment, Function, Setting, SystemClock};
use tenancy::proof::Proofs;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::read(Function::Auth)?;
    telemetry::logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let edge = web::boot::edge(&environment, &clients).await?;
    let secrets = Secrets::new(clients, Arc::new(SystemClock));
    let proofs = Proofs::new(&secrets.get(environment.get(Setting::ProofSecret)?).await?)?;
    let keys = PrivateKeys::of_secrets(secrets, SecretNames::of(&environment)?).await?;
    lambda_http::run(auth::router(App::new(edge, keys, proofs))).await
}
