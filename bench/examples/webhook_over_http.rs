//! The webhook's routes behind a listener, to be compared with a server in another language. Lambda
//! calls the same routes. Never deployed.

use anyhow::{Context as _, Result};
use aws_clients::AwsClients;
use mimalloc::MiMalloc;
use telemetry::{Environment, Function, Machine};
use tokio::net::TcpListener;

/// As the function has it.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let address = std::env::args().nth(1).context("the address to listen at")?;
    let environment = Environment::read(Function::Webhook)?;
    telemetry::logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let app = webhook::App::new(&environment, clients, Machine::of_lambda(&environment))?;
    axum::serve(TcpListener::bind(address).await?, webhook::router(app)).await?;
    Ok(())
}
