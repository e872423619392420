//! What a killed process leaves behind. Dropping the stack awaits nothing, like a kill.

use std::fs::OpenOptions;
use std::io::Write as _;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName as System, QueueAttributeName};
use embedded_aws::{Data, EmbeddedAws, Options};

use crate::rig::{MovingClock, in_directory};

async fn send(client: &Client, url: &str, body: &str) -> String {
    let send = client.send_message().queue_url(url).message_body(body).message_group_id("site");
    send.message_deduplication_id(body).send().await.unwrap().message_id.unwrap()
}

async fn receive(client: &Client, url: &str, most: i32) -> Vec<Message> {
    let receive = client.receive_message().queue_url(url).max_number_of_messages(most);
    let receive = receive.message_system_attribute_names(System::All);
    receive.send().await.unwrap().messages.unwrap_or_default()
}

async fn fifo(client: &Client) -> String {
    let create = client.create_queue().queue_name("inbound.fifo");
    let create = create.attributes(QueueAttributeName::FifoQueue, "true");
    create.send().await.unwrap().queue_url.unwrap()
}

#[tokio::test]
async fn queues_go_on_where_a_kill_left_them() {
    let directory = tempfile::tempdir().unwrap();
    let first_id = {
        let aws = in_directory(directory.path()).await;
        let client = aws.sqs();
        let url = fifo(&client).await;
        let first_id = send(&client, &url, "1").await;
        for body in ["2", "3", "4"] {
            send(&client, &url, body).await;
        }
        let held = receive(&client, &url, 2).await;
        let delete = client.delete_message().queue_url(&url);
        delete.set_receipt_handle(held[0].receipt_handle.clone()).send().await.unwrap();
        first_id
    };
    let aws = in_directory(directory.path()).await;
    let client = aws.sqs();
    // The URL from before names another port; the queue is found by its name.
    let url = "http://127.0.0.1:1/000000000000/inbound.fifo";
    assert_eq!(send(&client, url, "1").await, first_id, "still absorbed");
    let back = receive(&client, url, 10).await;
    let bodies: Vec<&str> = back.iter().map(|message| message.body().unwrap()).collect();
    assert_eq!(bodies, ["2", "3", "4"], "in order, the deleted one gone, in flight is back");
    let counts: Vec<&str> = back
        .iter()
        .map(|message| message.attributes().unwrap()[&System::ApproximateReceiveCount].as_str())
        .collect();
    assert_eq!(counts, ["2", "1", "1"], "earlier receives count");
}

#[tokio::test]
async fn a_log_cut_short_loses_only_what_was_not_answered() {
    let directory = tempfile::tempdir().unwrap();
    {
        let aws = in_directory(directory.path()).await;
        let client = aws.sqs();
        let url = fifo(&client).await;
        send(&client, &url, "answered").await;
    }
    let log = directory.path().join("sqs.log");
    let mut file = OpenOptions::new().append(true).open(&log).unwrap();
    file.write_all(br#"{"Sent":{"queue":"inbound.fifo","sequ"#).unwrap();
    drop(file);
    {
        let aws = in_directory(directory.path()).await;
        let url = aws.queue_url("inbound.fifo");
        send(&aws.sqs(), &url, "after").await;
    }
    let aws = in_directory(directory.path()).await;
    let url = aws.queue_url("inbound.fifo");
    let back = receive(&aws.sqs(), &url, 10).await;
    let bodies: Vec<&str> = back.iter().map(|message| message.body().unwrap()).collect();
    assert_eq!(bodies, ["answered", "after"]);
    drop(aws);
    // Damage in the middle is not a cut: nothing is silently dropped.
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replacen("\"Sent\"", "\"Snt\"", 1)).unwrap();
    let options = Options {
        data: Data::Directory(directory.path().to_owned()),
        clock: std::sync::Arc::new(MovingClock::default()),
    };
    let error = EmbeddedAws::start(options).await.err().unwrap();
    assert!(format!("{error:#}").contains("corrupt"), "{error:#}");
}

#[tokio::test]
async fn the_log_is_rewritten_when_most_of_it_is_garbage() {
    let directory = tempfile::tempdir().unwrap();
    {
        let aws = in_directory(directory.path()).await;
        let client = aws.sqs();
        let url = fifo(&client).await;
        send(&client, &url, "kept").await;
        assert_eq!(receive(&client, &url, 1).await.len(), 1);
        let junk = client.create_queue().queue_name("junk").send().await.unwrap();
        let junk = junk.queue_url.unwrap();
        for _ in 0..12 {
            let body = "x".repeat(1_000_000);
            client.send_message().queue_url(&junk).message_body(body).send().await.unwrap();
            let got = receive(&client, &junk, 1).await;
            let delete = client.delete_message().queue_url(&junk);
            delete.set_receipt_handle(got[0].receipt_handle.clone()).send().await.unwrap();
        }
    }
    let bytes = std::fs::metadata(directory.path().join("sqs.log")).unwrap().len();
    assert!(bytes < 6_000_000, "{bytes} bytes are left of 12,000,000");
    let aws = in_directory(directory.path()).await;
    let client = aws.sqs();
    let url = aws.queue_url("inbound.fifo");
    let first_id = send(&client, &url, "kept").await;
    let back = receive(&client, &url, 10).await;
    assert_eq!(back.len(), 1);
    assert_eq!(back[0].message_id(), Some(&*first_id), "the window is in the rewritten log");
    assert_eq!(back[0].attributes().unwrap()[&System::ApproximateReceiveCount], "2");
}

#[tokio::test]
async fn everything_answered_is_there_after_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    {
        let aws = in_directory(directory.path()).await;
        aws.s3().create_bucket().bucket("media").send().await.unwrap();
        let body = aws_sdk_s3::primitives::ByteStream::from_static(b"plan");
        let key = "drawings/block c.pdf";
        aws.s3().put_object().bucket("media").key(key).body(body).send().await.unwrap();
        let secrets = aws.secrets_manager();
        secrets.create_secret().name("meta").secret_string("s").send().await.unwrap();
        let table = crate::dynamodb::table(&aws.dynamodb(), "kept", None).await;
        crate::dynamodb::put(&aws.dynamodb(), &table, "a", "1").await.unwrap();
    }
    let aws = in_directory(directory.path()).await;
    let listed = aws.s3().list_objects_v2().bucket("media").send().await.unwrap();
    assert_eq!(listed.contents()[0].key(), Some("drawings/block c.pdf"));
    let secret = aws.secrets_manager().get_secret_value().secret_id("meta").send().await.unwrap();
    assert_eq!(secret.secret_string(), Some("s"));
    let rows = aws.dynamodb().query().table_name("kept");
    let rows = rows.key_condition_expression("pk = :pk");
    let pk = aws_sdk_dynamodb::types::AttributeValue::S("a".to_owned());
    let rows = rows.expression_attribute_values(":pk", pk).send().await.unwrap();
    assert_eq!(rows.count(), 1);
}

#[tokio::test]
async fn a_directory_has_one_user_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let aws = in_directory(directory.path()).await;
    let again = || Options {
        data: Data::Directory(directory.path().to_owned()),
        clock: std::sync::Arc::new(MovingClock::default()),
    };
    let error = EmbeddedAws::start(again()).await.err().unwrap();
    assert!(format!("{error:#}").contains("in use"), "{error:#}");
    aws.shutdown().await.unwrap();
    EmbeddedAws::start(again()).await.unwrap();
}
