//! Configuration of the real AWS SDKs for the embedded endpoints: plain HTTP, made-up
//! credentials, few and quick retries.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// The region the embedded services say they are in.
pub const REGION: &str = "us-east-1";
/// The access key the embedded services expect. Only S3 checks it.
pub const ACCESS_KEY: &str = "embedded";
/// The secret of `ACCESS_KEY`. Worth nothing: everything listens on loopback only.
pub const SECRET_KEY: &str = "embedded-on-loopback";

/// Where each service listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Streams answer here too.
    pub dynamodb: String,
    pub sqs: String,
    pub s3: String,
    pub secrets_manager: String,
    pub ses: String,
}

impl Endpoints {
    /// Environment variables that point an SDK's own configuration here.
    pub fn environment(&self) -> [(&'static str, &str); 6] {
        [
            ("AWS_ENDPOINT_URL_DYNAMODB", &self.dynamodb),
            ("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", &self.dynamodb),
            ("AWS_ENDPOINT_URL_SQS", &self.sqs),
            ("AWS_ENDPOINT_URL_S3", &self.s3),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &self.secrets_manager),
            ("AWS_ENDPOINT_URL_SESV2", &self.ses),
        ]
    }
}

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        if key.env() != "AWS_ENDPOINT_URL" {
            return None;
        }
        match key.service_id() {
            "DynamoDB" | "DynamoDB Streams" => Some(self.dynamodb.clone()),
            "SQS" => Some(self.sqs.clone()),
            "S3" => Some(self.s3.clone()),
            "Secrets Manager" => Some(self.secrets_manager.clone()),
            "SESv2" => Some(self.ses.clone()),
            _ => None,
        }
    }
}

/// One configuration for all clients: each finds its own endpoint in it.
pub fn config(endpoints: Endpoints) -> SdkConfig {
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "embedded");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(3)
                .with_initial_backoff(Duration::from_millis(20)),
        )
        .service_config(endpoints)
        .build()
}
