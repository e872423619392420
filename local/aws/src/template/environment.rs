//! Values of a function's environment.

/// A value, or what it stands for until the services run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvironmentValue {
    Text(String),
    /// The URL of the queue with this name.
    QueueUrl(String),
}

impl EnvironmentValue {
    /// The value, with `queue_url` giving the URL of a queue by its name.
    pub fn resolve(&self, queue_url: impl FnOnce(&str) -> String) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::QueueUrl(name) => queue_url(name),
        }
    }
}
