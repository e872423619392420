//! The sender as a Lambda function.

use std::sync::Arc;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use sender::{App, handle};
use telemetry::{Environment, Function, Metrics, SystemClock};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::read(Function::Sender)?;
    telemetry::logs::start(&environment);
    let app = App::new(&environment, Arc::new(SystemClock), Metrics::new("sender"))?;
    let app = &app;
    run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        let answer = handle(event.payload, app).await;
        app.metrics.flush_emf(app.clock.now());
        Ok::<_, Error>(answer)
    }))
    .await
}
