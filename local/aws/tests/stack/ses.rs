//! Letters.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use embedded_aws::{EmbeddedAws, MailFault};

use crate::rig::{in_directory, in_memory};

async fn send(aws: &EmbeddedAws, to: &str, subject: &str) -> Result<String, SendEmailError> {
    let part = |text: &str| Content::builder().data(text).charset("UTF-8").build().unwrap();
    let body = Body::builder().text(part("مرحبًا")).html(part("<p>مرحبًا</p>")).build();
    let message = Message::builder().subject(part(subject)).body(body).build();
    let retries = aws_sdk_sesv2::config::retry::RetryConfig::disabled();
    let config = aws_sdk_sesv2::config::Builder::from(aws.sdk_config()).retry_config(retries);
    Client::from_conf(config.build())
        .send_email()
        .from_email_address("Hndasah <no-reply@example.com>")
        .destination(Destination::builder().to_addresses(to).build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await
        .map(|answer| answer.message_id.unwrap())
        .map_err(aws_sdk_sesv2::error::SdkError::into_service_error)
}

#[tokio::test]
async fn a_letter_is_kept_as_it_was_given_and_the_newest_is_first() {
    let (aws, _) = in_memory().await;
    let first = send(&aws, "omar@example.com", "one").await.unwrap();
    let second = send(&aws, "omar@example.com", "two").await.unwrap();
    assert_ne!(first, second);
    let letters = aws.mailbox().letters();
    assert_eq!(letters.iter().map(|letter| &letter.id).collect::<Vec<_>>(), [&second, &first]);
    let letter = &letters[1];
    assert_eq!((letter.subject.as_str(), letter.text.as_str()), ("one", "مرحبًا"));
    assert_eq!(letter.html.as_deref(), Some("<p>مرحبًا</p>"));
    assert_eq!(letter.to, ["omar@example.com"]);
    assert_eq!(letter.from, "Hndasah <no-reply@example.com>");
}

#[tokio::test]
async fn refusals_are_the_sdk_s_own_and_take_nothing_but_a_lost_answer_does() {
    let (aws, _) = in_memory().await;
    let refused = send(&aws, "gone@example.invalid", "x").await.unwrap_err();
    assert!(refused.is_message_rejected(), "{refused:?}");
    for address in ["", "nobody", "nobody@", "@example.com"] {
        let refused = send(&aws, address, "x").await.unwrap_err();
        assert!(refused.is_bad_request_exception(), "{address}: {refused:?}");
    }
    aws.mailbox().fail_next(1, MailFault::Throttled);
    aws.mailbox().fail_next(1, MailFault::Paused);
    let throttled = send(&aws, "omar@example.com", "x").await.unwrap_err();
    assert!(throttled.is_too_many_requests_exception(), "{throttled:?}");
    let paused = send(&aws, "omar@example.com", "x").await.unwrap_err();
    assert!(paused.is_sending_paused_exception(), "{paused:?}");
    assert!(aws.mailbox().letters().is_empty());

    aws.mailbox().fail_next(1, MailFault::LostAnswer);
    let lost = send(&aws, "omar@example.com", "x").await.unwrap_err();
    assert!(lost.meta().code() == Some("InternalFailure"), "{lost:?}");
    assert_eq!(aws.mailbox().letters().len(), 1);
}

#[tokio::test]
async fn the_latest_five_hundred_letters_outlive_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let aws = in_directory(directory.path()).await;
    for number in 0..503 {
        send(&aws, "omar@example.com", &number.to_string()).await.unwrap();
    }
    let before = aws.mailbox().letters();
    assert_eq!((before.len(), before[0].subject.as_str()), (500, "502"));
    drop(aws);
    let aws = in_directory(directory.path()).await;
    assert_eq!(aws.mailbox().letters(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = std::fs::metadata(directory.path().join("mail.jsonl")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}
