//! The mail service: one call a letter, and what its refusals mean.

use std::fmt::Debug;

use aws_clients::AwsClients;
use aws_sdk_sesv2::error::SdkError;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Setting};

use crate::mail::words::Written;

const UTF_8: &str = "UTF-8";

/// Where letters go, and in whose name.
#[derive(Clone)]
pub struct Post {
    clients: AwsClients,
    /// As in `Hndasah <no-reply@example.com>`.
    from: String,
    /// The origin that links lead to, without a slash at the end.
    pub(crate) public_url: String,
    /// The name of the secret behind links.
    pub(crate) proof_secret: String,
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A letter the mail service did not confirm.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostError {
    /// Not taken; the same letter may be taken later.
    #[error("the mail service asks to come later")]
    Throttled(#[source] Cause),
    /// Not taken, for a reason that somebody must mend: the account, the domain, the permission.
    #[error("the mail service will not send for us")]
    Blocked(#[source] Cause),
    /// Not taken, and never will be.
    #[error("the mail service refuses the letter: {reason}")]
    Refused {
        reason: &'static str,
        #[source]
        cause: Cause,
    },
    /// Nobody knows whether it was taken.
    #[error("the mail service's answer was lost")]
    Unknown(#[source] Cause),
}

impl Post {
    pub(crate) fn new(
        clients: AwsClients,
        environment: &Environment,
    ) -> Result<Self, MissingVariables> {
        Ok(Self {
            clients,
            from: environment.get(Setting::MailFrom)?.to_owned(),
            public_url: environment.get(Setting::PublicUrl)?.trim_end_matches('/').to_owned(),
            proof_secret: environment.get(Setting::ProofSecret)?.to_owned(),
        })
    }

    /// Hands a letter to the mail service; its own name for it.
    pub(super) async fn send(&self, letter: &Written) -> Result<String, PostError> {
        let content = content(letter)
            .map_err(|error| PostError::Refused { reason: "unwritable", cause: error.into() })?;
        let request = self
            .clients
            .ses()
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(letter.to.as_str()).build())
            .content(EmailContent::builder().simple(content).build());
        match Box::pin(request.send()).await {
            Ok(answer) => Ok(answer.message_id.unwrap_or_default()),
            Err(error) => Err(class(error)),
        }
    }
}

fn content(letter: &Written) -> Result<Message, aws_sdk_sesv2::error::BuildError> {
    let part = |text: &str| Content::builder().data(text).charset(UTF_8).build();
    let body = Body::builder().text(part(&letter.text)?).html(part(&letter.html)?).build();
    Ok(Message::builder().subject(part(&letter.subject)?).body(body).build())
}

/// What a refusal means.
fn class<R>(error: SdkError<SendEmailError, R>) -> PostError
where
    R: Debug + Send + Sync + 'static,
{
    use SendEmailError as Said;
    let SdkError::ServiceError(service) = &error else {
        // Before anything left: what cannot be written down now cannot be later.
        return match error {
            SdkError::ConstructionFailure(_) => {
                PostError::Refused { reason: "unwritable", cause: error.into() }
            }
            _ => PostError::Unknown(error.into()),
        };
    };
    match service.err() {
        Said::TooManyRequestsException(_) | Said::LimitExceededException(_) => {
            PostError::Throttled(error.into())
        }
        Said::AccountSuspendedException(_)
        | Said::SendingPausedException(_)
        | Said::MailFromDomainNotVerifiedException(_)
        | Said::NotFoundException(_) => PostError::Blocked(error.into()),
        Said::MessageRejected(_) => PostError::Refused { reason: "rejected", cause: error.into() },
        Said::BadRequestException(_) => {
            PostError::Refused { reason: "bad_request", cause: error.into() }
        }
        // What the model does not name: throttling and missing rights by code, the rest may have
        // happened.
        other => match other.meta().code() {
            Some("ThrottlingException" | "Throttling" | "ServiceUnavailable") => {
                PostError::Throttled(error.into())
            }
            Some("AccessDeniedException" | "AccessDenied" | "NotAuthorized") => {
                PostError::Blocked(error.into())
            }
            _ => PostError::Unknown(error.into()),
        },
    }
}
