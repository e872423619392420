//! The environment variables: one table of names, read once.

use std::collections::BTreeMap;
use std::fmt;

mod names;

pub use names::{NAMES, SetBy, Variable};

/// A function of the system; named as its folder and its binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    Webhook,
    Processor,
    Sender,
    Dispatcher,
    Scheduler,
    Eraser,
    Auth,
    Accounts,
    Projects,
    Conversations,
}

impl Function {
    /// Every function, in data-flow order.
    pub const ALL: [Self; 10] = [
        Self::Webhook,
        Self::Processor,
        Self::Sender,
        Self::Dispatcher,
        Self::Scheduler,
        Self::Eraser,
        Self::Auth,
        Self::Accounts,
        Self::Projects,
        Self::Conversations,
    ];

    /// The folder's and the binary's name; the `service` of logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Processor => "processor",
            Self::Sender => "sender",
            Self::Dispatcher => "dispatcher",
            Self::Scheduler => "scheduler",
            Self::Eraser => "eraser",
            Self::Auth => "auth",
            Self::Accounts => "accounts",
            Self::Projects => "projects",
            Self::Conversations => "conversations",
        }
    }
}

/// What an environment variable sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Stage,
    LogLevel,
    DirectoryTable,
    TenantsTable,
    ProjectsTable,
    ConversationsTable,
    JobsTable,
    GuardsTable,
    AuditTable,
    InboundQueueUrl,
    StatusesQueueUrl,
    OutboundQueueUrl,
    MediaBucket,
    MetaSecret,
    SigningSecret,
    VerificationSecret,
    VaultSecret,
    ProofSecret,
    ChannelSecretPrefix,
    PublicUrl,
    MailFrom,
    GraphBaseUrl,
    GraphVersion,
    AllowedOrigins,
    AllowedHosts,
    AwsRegion,
    AwsAccessKeyId,
    AwsSecretAccessKey,
    AwsSessionToken,
    AwsEndpointUrl,
    AwsEndpointUrlDynamodb,
    AwsEndpointUrlDynamodbStreams,
    AwsEndpointUrlSqs,
    AwsEndpointUrlS3,
    AwsEndpointUrlSecretsManager,
    AwsEndpointUrlSes,
}

/// Variables that a function needs and that are absent or empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("missing environment variables: {}", .names.join(", "))]
pub struct MissingVariables {
    pub names: Vec<&'static str>,
}

/// The environment of one function, read once in its `main`.
///
/// Invariant: everything the function requires is present.
#[derive(Clone)]
pub struct Environment {
    function: Function,
    values: BTreeMap<Setting, String>,
}

impl Environment {
    /// The process environment, checked for what `function` requires.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn read(function: Function) -> Result<Self, MissingVariables> {
        Self::of(function, |name| std::env::var(name).ok())
    }

    /// The same from another source of values; for the embedded stack and for tests.
    pub fn of(
        function: Function,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, MissingVariables> {
        let mut values = BTreeMap::new();
        let mut missing = Vec::new();
        for variable in NAMES {
            let value = lookup(variable.name)
                .filter(|value| !value.is_empty())
                .or_else(|| variable.default.map(str::to_owned));
            if let Some(value) = value {
                values.insert(variable.setting, value);
            } else if variable.required_by.contains(&function) {
                missing.push(variable.name);
            }
        }
        if missing.is_empty() {
            Ok(Self { function, values })
        } else {
            Err(MissingVariables { names: missing })
        }
    }

    /// Whose environment this is.
    pub fn function(&self) -> Function {
        self.function
    }

    /// A setting this function requires.
    pub fn get(&self, setting: Setting) -> Result<&str, MissingVariables> {
        self.optional(setting).ok_or_else(|| MissingVariables { names: vec![setting.name()] })
    }

    /// A setting that may be absent.
    pub fn optional(&self, setting: Setting) -> Option<&str> {
        self.values.get(&setting).map(String::as_str)
    }

    /// The origins browsers may call from.
    pub fn allowed_origins(&self) -> Vec<String> {
        self.list(Setting::AllowedOrigins)
    }

    /// The names the API answers to besides API Gateway's own, as `api.example.com` or
    /// `*.app.example.com`.
    pub fn allowed_hosts(&self) -> Vec<String> {
        self.list(Setting::AllowedHosts)
    }

    fn list(&self, setting: Setting) -> Vec<String> {
        self.optional(setting)
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

impl fmt::Debug for Environment {
    /// Names only: some values are credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("function", &self.function)
            .field("settings", &self.values.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, Function, NAMES, SetBy, Setting};

    #[test]
    fn an_error_names_everything_that_is_missing() {
        let error = Environment::of(Function::Webhook, |name| {
            (name == "STAGE" || name == "MEDIA_BUCKET").then(|| "x".to_owned())
        })
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "missing environment variables: DIRECTORY_TABLE, INBOUND_QUEUE_URL, \
             STATUSES_QUEUE_URL, META_SECRET, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"
        );
    }

    #[test]
    fn defaults_fill_in_and_values_stay_out_of_debug() {
        let environment =
            Environment::of(Function::Sender, |name| Some(format!("secret of {name}")));
        let environment = environment.unwrap();
        assert!(!format!("{environment:?}").contains("secret of"));
        let bare = Environment::of(Function::Sender, |name| {
            (!name.starts_with("GRAPH_")).then(|| "x".to_owned())
        });
        assert_eq!(bare.unwrap().get(Setting::GraphVersion), Ok("v25.0"));
    }

    #[test]
    fn every_setting_has_one_name_and_the_template_sets_no_runtime_name() {
        for (place, variable) in NAMES.iter().enumerate() {
            assert_eq!(variable.setting.name(), variable.name);
            assert!(NAMES.iter().skip(place + 1).all(|other| other.name != variable.name));
            let from_aws = variable.name.starts_with("AWS_");
            assert_eq!(from_aws, variable.set_by != SetBy::Template, "{}", variable.name);
        }
    }
}
