//! The dispatcher as a Lambda function.

use std::sync::Arc;

use aws_lambda_events::dynamodb::Event;
use dispatcher::{App, handle};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use telemetry::{Environment, Function, Metrics, SystemClock};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::read(Function::Dispatcher)?;
    telemetry::logs::start(&environment);
    let app = App::new(&environment, Arc::new(SystemClock), Metrics::new("dispatcher"))?;
    let app = &app;
    run(service_fn(async |event: LambdaEvent<Event>| {
        let answer = handle(event.payload, app).await;
        app.metrics.flush_emf(app.clock.now());
        Ok::<_, Error>(answer)
    }))
    .await
}
