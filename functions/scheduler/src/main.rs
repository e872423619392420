//! The scheduler as a Lambda function.

use aws_lambda_events::eventbridge::EventBridgeEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use scheduler::{App, Schedule, handle};
use telemetry::{Environment, Function, Machine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::read(Function::Scheduler)?;
    telemetry::logs::start(&environment);
    let app = App::new(&environment, Machine::of_lambda(&environment))?;
    let app = &app;
    run(service_fn(async |event: LambdaEvent<EventBridgeEvent<Schedule>>| {
        let answer = handle(event.payload, app).await;
        app.metrics.flush_emf(app.clock.now());
        Ok::<_, Error>(answer?)
    }))
    .await
}
