//! `auth` on Lambda.

use aws_clients::{AwsClients, Secrets};
use telemetry::{Environment, Function, Setting, SystemClock};
use tenancy::Signer;
use tenancy::proof::Proofs;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::read(Function::Auth)?;
    telemetry::logs::start(&environment);
    let clients = AwsClients::new(&environment)?;
    let edge = web::boot::edge(&environment, &clients).await?;
    let secrets = Secrets::new(clients, std::sync::Arc::new(SystemClock));
    let signing = secrets.get(environment.get(Setting::SigningSecret)?).await?;
    let verification = secrets.get(environment.get(Setting::VerificationSecret)?).await?;
    let signer = Signer::new(&signing, &verification)?;
    let proofs = Proofs::new(&secrets.get(environment.get(Setting::ProofSecret)?).await?)?;
    lambda_http::run(auth::router(auth::App::new(edge, signer, proofs))).await
}
