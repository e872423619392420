//! Secrets: fetched once, kept for five minutes, never shown; and put there.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;

use aws_sdk_secretsmanager::operation::delete_secret::DeleteSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use domain::{Clock, Error, Result};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::AwsClients;

/// How long a fetched secret is used without asking again.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);
/// Forged credentials must not turn into a stream of calls: at most one early refetch in this time.
const REFETCH_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// How long a caller waits for a newer version while there is one in hand.
const PATIENCE: Duration = Duration::from_secs(1);
/// Secrets kept at most; a channel has one.
const MAX_KEPT: usize = 1_000;

/// A secret's text. `Debug` does not show it, and it is never serialised.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(redacted)")
    }
}

/// Secrets of Secrets Manager, by name. Clones share one cache.
#[derive(Clone)]
pub struct Secrets {
    clients: AwsClients,
    clock: Arc<dyn Clock>,
    slots: Arc<Lock<HashMap<String, Slot>>>,
}

/// Whoever holds the lock fetches; the others wait for the result.
type Slot = Arc<Mutex<Option<Kept>>>;

#[derive(Clone)]
struct Kept {
    text: SecretText,
    /// Ask again after this instant.
    fresh_until: Timestamp,
    asked_at: Timestamp,
}

impl Secrets {
    pub fn new(clients: AwsClients, clock: Arc<dyn Clock>) -> Self {
        Self { clients, clock, slots: Arc::default() }
    }

    /// The current version of a JSON secret. `NotFound` when there is none.
    ///
    /// While Secrets Manager does not answer, the version last seen stays in use.
    pub async fn get<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        let slot = self.slot(name);
        let mut kept = slot.lock().await;
        let now = self.clock.now();
        if let Some(known) = kept.as_ref().filter(|known| now < known.fresh_until) {
            return parse(&known.text);
        }
        // The SDK's futures are large; boxed, those around it stay small.
        let fetch = Box::pin(self.fetch(name, now));
        let fetched = if kept.is_some() {
            let late = |_| Err(Error::unavailable("the secret store is slow"));
            timeout(PATIENCE, fetch).await.unwrap_or_else(late)
        } else {
            fetch.await
        };
        match (fetched, kept.as_mut()) {
            (Ok(fetched), _) => {
                // What cannot be read is not kept: an operator is about to fill it in.
                let value = parse(&fetched.text)?;
                *kept = Some(fetched);
                Ok(value)
            }
            (Err(error), Some(stale)) if error.retryable() => {
                tracing::warn!(error = telemetry::chain(&error), "using a secret past its time");
                stale.fresh_until = now + REFETCH_EVERY;
                parse(&stale.text)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// The same of a secret that the system itself has made: when it is absent, that is a defect of
    /// ours (`Internal`) and not something that a caller looked for in vain.
    pub async fn own<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        self.get(name).await.map_err(|error| {
            let is_absent = matches!(error, Error::NotFound);
            if is_absent { Error::internal("a secret of ours is not there") } else { error }
        })
    }

    /// After `used` was refused by whoever checks it: another version, if there is one.
    ///
    /// Try once with what this returns; `None` means that the refusal stands.
    pub async fn changed<T>(&self, name: &str, used: &T) -> Result<Option<T>>
    where
        T: DeserializeOwned + PartialEq,
    {
        let slot = self.slot(name);
        let mut kept = slot.lock().await;
        let now = self.clock.now();
        let recent = kept.as_ref().filter(|known| now < known.asked_at + REFETCH_EVERY);
        let value: T = if let Some(known) = recent {
            parse(&known.text)?
        } else {
            let fetched = Box::pin(self.fetch(name, now)).await?;
            let value = parse(&fetched.text)?;
            *kept = Some(fetched);
            value
        };
        Ok((value != *used).then_some(value))
    }

    /// Does not keep a value that could be parsed and is of no use all the same: an operator or the
    /// scheduler is about to fill it in.
    pub async fn forget(&self, name: &str) {
        *self.slot(name).lock().await = None;
    }

    /// Gives a secret another value, and makes it when there is none. From now on this process
    /// uses the new value; others within five minutes, or when the old one is refused.
    pub async fn put(&self, name: &str, value: &SecretText) -> Result<()> {
        let slot = self.slot(name);
        let mut kept = slot.lock().await;
        let manager = self.clients.secrets_manager();
        let put = manager.put_secret_value().secret_id(name).secret_string(value.expose());
        match put.send().await {
            Ok(_) => {}
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutSecretValueError::is_resource_not_found_exception) =>
            {
                let create = manager.create_secret().name(name).secret_string(value.expose());
                create.send().await.map_err(Error::unavailable)?;
            }
            Err(error) => return Err(Error::unavailable(error)),
        }
        *kept = None;
        Ok(())
    }

    /// Deletes a secret for good. One that is not there is deleted already.
    pub async fn delete(&self, name: &str) -> Result<()> {
        let slot = self.slot(name);
        let mut kept = slot.lock().await;
        let delete = self
            .clients
            .secrets_manager()
            .delete_secret()
            .secret_id(name)
            .force_delete_without_recovery(true);
        match delete.send().await {
            Ok(_) => {}
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteSecretError::is_resource_not_found_exception) => {}
            Err(error) => return Err(Error::unavailable(error)),
        }
        *kept = None;
        Ok(())
    }

    fn slot(&self, name: &str) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_KEPT && !slots.contains_key(name) {
            slots.clear();
        }
        Arc::clone(slots.entry(name.to_owned()).or_default())
    }

    async fn fetch(&self, name: &str, now: Timestamp) -> Result<Kept> {
        let answer = self
            .clients
            .secrets_manager()
            .get_secret_value()
            .secret_id(name)
            .version_stage("AWSCURRENT")
            .send()
            .await
            .map_err(|error| {
                let absent = error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception);
                if absent { Error::NotFound } else { Error::unavailable(error) }
            })?;
        let text = answer.secret_string.ok_or_else(|| Error::internal("the secret is binary"))?;
        Ok(Kept { text: SecretText(text), fresh_until: now + FRESH_FOR, asked_at: now })
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

/// The parser's message may quote the secret, so only its position is kept.
fn parse<T: DeserializeOwned>(text: &SecretText) -> Result<T> {
    serde_json::from_str(text.expose()).map_err(|error| {
        Error::internal(format!(
            "a secret has another shape at line {} column {}",
            error.line(),
            error.column()
        ))
    })
}
