//! The Lambda `processor`.

use aws_clients::AwsClients;
use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use mimalloc::MiMalloc;
use telemetry::{Environment, Function, Machine, logs};

/// Calls of the SDK are mostly allocating: see `docs/performance.md`.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::read(Function::Processor)?;
    logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let app = processor::App::new(&environment, clients, Machine::of_lambda(&environment))?;
    run(service_fn(|event: LambdaEvent<SqsEvent>| async {
        Ok::<_, Error>(processor::handle(event.payload, &app).await)
    }))
    .await
}
