//! The webhook as a Lambda function.

use aws_clients::AwsClients;
use mimalloc::MiMalloc;
use telemetry::{Environment, Function, Machine};

/// Calls of the SDK are mostly allocating: see `docs/performance.md`.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::read(Function::Webhook)?;
    telemetry::logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let app = webhook::App::new(&environment, clients, Machine::of_lambda(&environment))?;
    lambda_http::run(webhook::router(app)).await
}
