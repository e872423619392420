//! The eraser as a Lambda function.

use eraser::{App, Order, handle};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use telemetry::{Environment, Function, Machine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::read(Function::Eraser)?;
    telemetry::logs::start(&environment);
    let app = App::new(&environment, Machine::of_lambda(&environment))?;
    let app = &app;
    run(service_fn(async |event: LambdaEvent<Order>| {
        Ok::<_, Error>(handle(event.payload, app).await?)
    }))
    .await
}
