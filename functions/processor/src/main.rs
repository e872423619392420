//! The Lambda `processor`.

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use telemetry::{Environment, Function, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::read(Function::Processor)?;
    logs::start(&environment);
    let app = processor::App::of(&environment)?;
    run(service_fn(|event: LambdaEvent<SqsEvent>| async {
        Ok::<_, Error>(processor::handle(event.payload, &app).await)
    }))
    .await
}
