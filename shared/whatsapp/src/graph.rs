//! Meta's Graph API: sending messages and read receipts, and what Meta says of a number.
//!
//! There is no idempotency key at Meta, so the one thing this client must get right is *what became
//! of a request that failed*; [`SendError`] says it.

mod answer;
mod body;
mod error;
mod limits;
mod number;
mod policy;

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use domain::contact::{Bsuid, Sender};
use domain::content::Content;
use domain::settings::CodeTemplate;
use domain::{FieldError, Phone};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect;
use serde::Deserialize;

pub use self::error::{Answer, Cause, SendError, Wait};
pub use self::limits::MAX_CALLBACK_CHARS;
pub use self::number::Number;
pub use self::policy::{Policy, policy};

/// Where the Graph API is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphConfig {
    /// As in `https://graph.facebook.com`.
    pub base_url: String,
    /// As in `v25.0`.
    pub version: String,
}

/// How long a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    pub connect: Duration,
    /// From the start of the request to the end of the answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(10) }
    }
}

/// A business token. Never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct AccessToken(String);

impl AccessToken {
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    fn header(&self) -> Result<HeaderValue, SendError> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0))
            .map_err(|_| SendError::ChannelDown(Cause::Token))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// One of our numbers, and the right to use it.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub phone_number_id: &'a str,
    pub token: &'a AccessToken,
}

/// Whom a message goes to. Meta drops a business-scoped id in silence where a number is expected,
/// so the two never share a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    Phone(Phone),
    Bsuid(Bsuid),
}

impl Recipient {
    /// The way to reach a person: the number if it is known, else the business-scoped id.
    pub fn of(phone: Option<&Phone>, bsuid: Option<&Bsuid>) -> Option<Self> {
        phone.cloned().map(Self::Phone).or_else(|| bsuid.cloned().map(Self::Bsuid))
    }
}

/// A message to send.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    pub to: &'a Recipient,
    pub content: &'a Content,
    /// The provider's id of the message to quote. Reactions quote nothing.
    pub reply_to: Option<&'a str>,
    /// Our own id of the message; statuses bring it back. At most [`MAX_CALLBACK_CHARS`].
    pub callback: &'a str,
}

/// A code on its way to a number, in an approved authentication template.
#[derive(Debug, Clone, Copy)]
pub struct CodeMessage<'a> {
    /// Authentication templates go to numbers only; a business-scoped id is refused (131062).
    pub to: &'a Phone,
    pub template: &'a CodeTemplate,
    /// At most 15 characters.
    pub code: &'a str,
    /// As of [`Outgoing`].
    pub callback: &'a str,
}

/// What Meta said of a message it took. Taken is not delivered: statuses tell the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub provider_id: String,
    /// The recipient as WhatsApp knows it, which may be another spelling of the number.
    pub recipient: Sender,
}

/// Whether the person sees us typing until the answer, for 25 s at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    Shown,
    Hidden,
}

/// A client of the Graph API. Cheap to make: connections and TLS roots are set up at the first use.
#[derive(Debug)]
pub struct Graph {
    config: GraphConfig,
    timeouts: Timeouts,
    http: OnceLock<reqwest::Client>,
}

impl Graph {
    pub fn new(config: GraphConfig) -> Self {
        Self::with_timeouts(config, Timeouts::default())
    }

    pub fn with_timeouts(mut config: GraphConfig, timeouts: Timeouts) -> Self {
        config.base_url.truncate(config.base_url.trim_end_matches('/').len());
        Self { config, timeouts, http: OnceLock::new() }
    }

    /// Sends a message, after checking it against WhatsApp's limits.
    pub async fn send(&self, line: &Line<'_>, message: &Outgoing<'_>) -> Result<Sent, SendError> {
        limits::check(message).map_err(SendError::Invalid)?;
        let body = body::message(message);
        answer::sent(&self.post(line, body).await?)
    }

    /// Sends a code by template, which may leave outside the 24-hour window.
    pub async fn send_code(
        &self,
        line: &Line<'_>,
        message: &CodeMessage<'_>,
    ) -> Result<Sent, SendError> {
        answer::sent(&self.post(line, body::code(message)).await?)
    }

    /// What Meta knows of our number; proof that the token may use it. Reading is repeatable after
    /// any failure.
    pub async fn number(&self, line: &Line<'_>) -> Result<Number, SendError> {
        let url = format!("{}?fields={}", self.number_url(line.phone_number_id)?, number::FIELDS);
        let request = self.client()?.get(url).header(AUTHORIZATION, line.token.header()?);
        number::read(&answer::read(request.send().await).await?, line.phone_number_id)
    }

    /// Marks a person's message, and all before it, as read. Idempotent: any failure but
    /// [`SendError::Invalid`] may be tried again.
    pub async fn mark_read(
        &self,
        line: &Line<'_>,
        provider_id: &str,
        typing: Typing,
    ) -> Result<(), SendError> {
        self.post(line, body::read(provider_id, typing)).await.map(drop)
    }

    async fn post(&self, line: &Line<'_>, body: serde_json::Value) -> Result<Vec<u8>, SendError> {
        let url = format!("{}/messages", self.number_url(line.phone_number_id)?);
        let request = self
            .client()?
            .post(url)
            .header(AUTHORIZATION, line.token.header()?)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body.to_string());
        answer::read(request.send().await).await
    }

    fn number_url(&self, phone_number_id: &str) -> Result<String, SendError> {
        let plain = !phone_number_id.is_empty()
            && phone_number_id.len() <= 64
            && phone_number_id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain {
            return Err(SendError::Invalid(vec![FieldError {
                pointer: "/phone_number_id".to_owned(),
                code: "not_an_id",
                message: "a phone number id is letters and digits".to_owned(),
            }]));
        }
        let GraphConfig { base_url, version } = &self.config;
        Ok(format!("{base_url}/{version}/{phone_number_id}"))
    }

    fn client(&self) -> Result<&reqwest::Client, SendError> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = reqwest::Client::builder()
            .connect_timeout(self.timeouts.connect)
            .timeout(self.timeouts.total)
            .redirect(redirect::Policy::none())
            // A proxy from the environment would see tokens and texts.
            .no_proxy()
            .user_agent("hndasah")
            .build()
            .map_err(|error| SendError::retry(Wait::DEFAULT, Cause::Transport(error)))?;
        Ok(self.http.get_or_init(|| client))
    }
}
