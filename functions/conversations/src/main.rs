//! `conversations` on Lambda.

use aws_clients::AwsClients;
use queue::{QueueUrls, Queues};
use telemetry::{Environment, Function};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::read(Function::Conversations)?;
    telemetry::logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let edge = web::boot::edge(&environment, &clients)?;
    let queues = Queues::new(clients, QueueUrls::of(&environment), edge.metrics().clone());
    lambda_http::run(conversations::router(conversations::App::new(edge, queues))).await
}
