//! The one list of environment variables.

use super::{Function, Setting};

/// Who gives a variable its value in AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// `template.yaml`, for the functions in `required_by` and for whom it suits.
    Template,
    /// The Lambda runtime.
    Runtime,
    /// Nobody; only the embedded stack sets it.
    Embedded,
}

/// One environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    pub setting: Setting,
    pub name: &'static str,
    pub set_by: SetBy,
    /// The functions that do not start without it.
    pub required_by: &'static [Function],
    pub default: Option<&'static str>,
}

impl Setting {
    /// The variable's name.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|variable| variable.setting == self).map_or("", |found| found.name)
    }
}

const ALL: &[Function] = &Function::ALL;
const NOBODY: &[Function] = &[];

/// Every environment variable there is. `template.yaml` and the README are tested against it.
pub const NAMES: &[Variable] = &[
    template(Setting::Stage, "STAGE", ALL),
    Variable { default: Some("info"), ..template(Setting::LogLevel, "LOG_LEVEL", NOBODY) },
    template(
        Setting::DirectoryTable,
        "DIRECTORY_TABLE",
        &[
            Function::Webhook,
            Function::Processor,
            Function::Eraser,
            Function::Auth,
            Function::Accounts,
            Function::Projects,
            Function::Conversations,
        ],
    ),
    template(
        Setting::TenantsTable,
        "TENANTS_TABLE",
        &[
            Function::Processor,
            Function::Sender,
            Function::Scheduler,
            Function::Eraser,
            Function::Auth,
            Function::Accounts,
            Function::Projects,
            Function::Conversations,
        ],
    ),
    template(
        Setting::ProjectsTable,
        "PROJECTS_TABLE",
        &[Function::Processor, Function::Sender, Function::Eraser, Function::Projects],
    ),
    template(
        Setting::ConversationsTable,
        "CONVERSATIONS_TABLE",
        &[
            Function::Processor,
            Function::Sender,
            Function::Eraser,
            Function::Accounts,
            Function::Conversations,
        ],
    ),
    template(
        Setting::JobsTable,
        "JOBS_TABLE",
        &[
            Function::Processor,
            Function::Sender,
            Function::Dispatcher,
            Function::Scheduler,
            Function::Eraser,
            Function::Auth,
            Function::Accounts,
            Function::Conversations,
        ],
    ),
    template(
        Setting::GuardsTable,
        "GUARDS_TABLE",
        &[
            Function::Eraser,
            Function::Auth,
            Function::Accounts,
            Function::Projects,
            Function::Conversations,
        ],
    ),
    template(
        Setting::AuditTable,
        "AUDIT_TABLE",
        &[
            Function::Processor,
            Function::Dispatcher,
            Function::Scheduler,
            Function::Eraser,
            Function::Auth,
            Function::Accounts,
            Function::Conversations,
        ],
    ),
    template(
        Setting::InboundQueueUrl,
        "INBOUND_QUEUE_URL",
        &[Function::Webhook, Function::Processor],
    ),
    template(
        Setting::StatusesQueueUrl,
        "STATUSES_QUEUE_URL",
        &[Function::Webhook, Function::Processor],
    ),
    template(
        Setting::OutboundQueueUrl,
        "OUTBOUND_QUEUE_URL",
        &[Function::Sender, Function::Dispatcher, Function::Scheduler],
    ),
    template(
        Setting::MediaBucket,
        "MEDIA_BUCKET",
        &[Function::Webhook, Function::Processor, Function::Eraser],
    ),
    template(Setting::MetaSecret, "META_SECRET", &[Function::Webhook]),
    template(Setting::SigningSecret, "SIGNING_SECRET", &[Function::Scheduler, Function::Auth]),
    template(
        Setting::VerificationSecret,
        "VERIFICATION_SECRET",
        &[
            Function::Scheduler,
            Function::Auth,
            Function::Accounts,
            Function::Projects,
            Function::Conversations,
        ],
    ),
    template(Setting::VaultSecret, "VAULT_SECRET", &[Function::Auth]),
    template(
        Setting::ProofSecret,
        "PROOF_SECRET",
        &[Function::Sender, Function::Auth, Function::Accounts],
    ),
    template(
        Setting::ChannelSecretPrefix,
        "CHANNEL_SECRET_PREFIX",
        &[Function::Sender, Function::Eraser, Function::Accounts],
    ),
    Variable {
        default: Some("https://graph.facebook.com"),
        ..template(Setting::GraphBaseUrl, "GRAPH_BASE_URL", NOBODY)
    },
    Variable { default: Some("v25.0"), ..template(Setting::GraphVersion, "GRAPH_VERSION", NOBODY) },
    // Where the links of letters lead: the frontend's origin.
    template(Setting::PublicUrl, "PUBLIC_URL", &[Function::Sender]),
    template(Setting::MailFrom, "MAIL_FROM", &[Function::Sender]),
    template(Setting::AllowedOrigins, "ALLOWED_ORIGINS", NOBODY),
    template(Setting::AllowedHosts, "ALLOWED_HOSTS", NOBODY),
    runtime(Setting::AwsRegion, "AWS_REGION", ALL),
    runtime(Setting::AwsAccessKeyId, "AWS_ACCESS_KEY_ID", ALL),
    runtime(Setting::AwsSecretAccessKey, "AWS_SECRET_ACCESS_KEY", ALL),
    runtime(Setting::AwsSessionToken, "AWS_SESSION_TOKEN", NOBODY),
    embedded(Setting::AwsEndpointUrl, "AWS_ENDPOINT_URL"),
    embedded(Setting::AwsEndpointUrlDynamodb, "AWS_ENDPOINT_URL_DYNAMODB"),
    embedded(Setting::AwsEndpointUrlDynamodbStreams, "AWS_ENDPOINT_URL_DYNAMODB_STREAMS"),
    embedded(Setting::AwsEndpointUrlSqs, "AWS_ENDPOINT_URL_SQS"),
    embedded(Setting::AwsEndpointUrlS3, "AWS_ENDPOINT_URL_S3"),
    embedded(Setting::AwsEndpointUrlSecretsManager, "AWS_ENDPOINT_URL_SECRETS_MANAGER"),
    embedded(Setting::AwsEndpointUrlSes, "AWS_ENDPOINT_URL_SESV2"),
];

const fn template(
    setting: Setting,
    name: &'static str,
    required_by: &'static [Function],
) -> Variable {
    Variable { setting, name, set_by: SetBy::Template, required_by, default: None }
}

const fn runtime(
    setting: Setting,
    name: &'static str,
    required_by: &'static [Function],
) -> Variable {
    Variable { setting, name, set_by: SetBy::Runtime, required_by, default: None }
}

const fn embedded(setting: Setting, name: &'static str) -> Variable {
    Variable { setting, name, set_by: SetBy::Embedded, required_by: &[], default: None }
}
