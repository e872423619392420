//! `auth` on Lambda.

use std::sync::Arc;

use auth::{App, PrivateKeys, SecretNames};
use aws_clients::{AwsClients, Secrets};
use telemetry::{Environment, Function, SystemClock};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::read(Function::Auth)?;
    telemetry::logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let edge = web::boot::edge(&environment, &clients)?;
    let secrets = Secrets::new(clients, Arc::new(SystemClock));
    let keys = PrivateKeys::of_secrets(secrets, SecretNames::of(&environment)?);
    lambda_http::run(auth::router(App::new(edge, keys))).await
}
