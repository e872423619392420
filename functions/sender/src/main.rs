//! The sender as a Lambda function.

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use mimalloc::MiMalloc;
use sender::{App, handle};
use telemetry::{Environment, Function, Machine};

/// Calls of the SDK are mostly allocating: see `docs/performance.md`.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::read(Function::Sender)?;
    telemetry::logs::start(&environment);
    let machine = Machine::of_lambda(&environment);
    let app = App::new(&environment, machine.clock, machine.metrics)?;
    let app = &app;
    run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        let answer = handle(event.payload, app).await;
        app.metrics.flush_emf(app.clock.now());
        Ok::<_, Error>(answer)
    }))
    .await
}
