//! One configuration and one client per service, built when first used.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Setting};

use crate::transport;

/// Attempts of one call, the first included. Queues and streams retry what still fails.
const MAX_ATTEMPTS: u32 = 3;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
const MAIL_TIMEOUT: Duration = Duration::from_secs(10);

/// An AWS service we call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Dynamodb,
    DynamodbStreams,
    Sqs,
    S3,
    SecretsManager,
    Ses,
}

/// Clients of every service we call. Cheap to clone; clones share clients and connections.
#[derive(Debug, Clone)]
pub struct AwsClients {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    region: String,
    credentials: Credentials,
    endpoints: Endpoints,
    plain: OnceLock<SharedHttpClient>,
    encrypted: OnceLock<SharedHttpClient>,
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    sqs: OnceLock<aws_sdk_sqs::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
    secrets_manager: OnceLock<aws_sdk_secretsmanager::Client>,
    ses: OnceLock<aws_sdk_sesv2::Client>,
}

/// Where the services are, when not in AWS: base URLs as `http://127.0.0.1:8000`.
#[derive(Debug, Clone, Default)]
pub struct Endpoints {
    pub dynamodb: Option<String>,
    pub dynamodb_streams: Option<String>,
    pub sqs: Option<String>,
    pub s3: Option<String>,
    pub secrets_manager: Option<String>,
    pub ses: Option<String>,
}

impl AwsClients {
    /// Clients for the region, credentials and endpoints of the environment.
    pub fn new(environment: &Environment) -> Result<Self, MissingVariables> {
        let everywhere = environment.optional(Setting::AwsEndpointUrl);
        let endpoint = |setting| environment.optional(setting).or(everywhere).map(str::to_owned);
        let endpoints = Endpoints {
            dynamodb: endpoint(Setting::AwsEndpointUrlDynamodb),
            dynamodb_streams: endpoint(Setting::AwsEndpointUrlDynamodbStreams),
            sqs: endpoint(Setting::AwsEndpointUrlSqs),
            s3: endpoint(Setting::AwsEndpointUrlS3),
            secrets_manager: endpoint(Setting::AwsEndpointUrlSecretsManager),
            ses: endpoint(Setting::AwsEndpointUrlSes),
        };
        let credentials = Credentials::new(
            environment.get(Setting::AwsAccessKeyId)?,
            environment.get(Setting::AwsSecretAccessKey)?,
            environment.optional(Setting::AwsSessionToken).map(str::to_owned),
            None,
            "environment",
        );
        Ok(Self::build(environment.get(Setting::AwsRegion)?.to_owned(), credentials, endpoints))
    }

    /// Clients of the embedded stack, whose S3 knows this one pair of keys.
    pub fn embedded(endpoints: Endpoints) -> Self {
        let credentials =
            Credentials::new("embedded", "embedded-on-loopback", None, None, "embedded");
        Self::build("us-east-1".to_owned(), credentials, endpoints)
    }

    /// The configuration of one service; for a client with other timeouts or interceptors.
    pub fn config(&self, service: Service) -> SdkConfig {
        let endpoint = self.inner.endpoints.of(service);
        let http_client = if endpoint.is_some_and(|url| url.starts_with("http://")) {
            self.inner.plain.get_or_init(transport::plain)
        } else {
            self.inner.encrypted.get_or_init(transport::encrypted)
        };
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(self.inner.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(self.inner.credentials.clone()))
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .retry_config(RetryConfig::standard().with_max_attempts(MAX_ATTEMPTS))
            .timeout_config(timeouts)
            .http_client(http_client.clone());
        if let Some(url) = endpoint {
            config = config.endpoint_url(url);
        }
        config.build()
    }

    pub fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        self.inner
            .dynamodb
            .get_or_init(|| aws_sdk_dynamodb::Client::new(&self.config(Service::Dynamodb)))
    }

    pub fn sqs(&self) -> &aws_sdk_sqs::Client {
        self.inner.sqs.get_or_init(|| aws_sdk_sqs::Client::new(&self.config(Service::Sqs)))
    }

    pub fn s3(&self) -> &aws_sdk_s3::Client {
        self.inner.s3.get_or_init(|| {
            let config = aws_sdk_s3::config::Builder::from(&self.config(Service::S3))
                // An embedded bucket has no host name of its own.
                .force_path_style(self.inner.endpoints.s3.is_some());
            aws_sdk_s3::Client::from_conf(config.build())
        })
    }

    pub fn secrets_manager(&self) -> &aws_sdk_secretsmanager::Client {
        self.inner.secrets_manager.get_or_init(|| {
            aws_sdk_secretsmanager::Client::new(&self.config(Service::SecretsManager))
        })
    }

    /// The mail service. It is asked once: it has no key that would make a repetition harmless, so
    /// whoever sends decides about another attempt.
    pub fn ses(&self) -> &aws_sdk_sesv2::Client {
        self.inner.ses.get_or_init(|| {
            let timeouts = TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .operation_timeout(MAIL_TIMEOUT)
                .build();
            let config = aws_sdk_sesv2::config::Builder::from(&self.config(Service::Ses))
                .retry_config(RetryConfig::disabled())
                .timeout_config(timeouts);
            aws_sdk_sesv2::Client::from_conf(config.build())
        })
    }

    fn build(region: String, credentials: Credentials, endpoints: Endpoints) -> Self {
        let inner = Inner {
            region,
            credentials,
            endpoints,
            plain: OnceLock::new(),
            encrypted: OnceLock::new(),
            dynamodb: OnceLock::new(),
            sqs: OnceLock::new(),
            s3: OnceLock::new(),
            secrets_manager: OnceLock::new(),
            ses: OnceLock::new(),
        };
        Self { inner: Arc::new(inner) }
    }
}

impl Endpoints {
    fn of(&self, service: Service) -> Option<&str> {
        let url = match service {
            Service::Dynamodb => &self.dynamodb,
            Service::DynamodbStreams => &self.dynamodb_streams,
            Service::Sqs => &self.sqs,
            Service::S3 => &self.s3,
            Service::SecretsManager => &self.secrets_manager,
            Service::Ses => &self.ses,
        };
        url.as_deref()
    }
}
