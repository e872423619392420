//! `projects` on Lambda.

use aws_clients::AwsClients;
use telemetry::{Environment, Function};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::read(Function::Projects)?;
    telemetry::logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let edge = web::boot::edge(&environment, &clients)?;
    lambda_http::run(projects::router(projects::App::new(edge, Vec::new()))).await
}
