//! `accounts` on Lambda.

use aws_clients::{AwsClients, Secrets};
use telemetry::{Environment, Function, SystemClock};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::read(Function::Accounts)?;
    telemetry::logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let edge = web::boot::edge(&environment, &clients)?;
    let secrets = Secrets::new(clients, std::sync::Arc::new(SystemClock));
    let app = accounts::App::new(edge, &environment, secrets)?;
    lambda_http::run(accounts::router(app)).await
}
