//! Objects, their keys and their events.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use crate::rig::in_memory;

async fn put(client: &Client, key: &str, body: &str) {
    let body = ByteStream::from(body.as_bytes().to_vec());
    client.put_object().bucket("media").key(key).body(body).send().await.unwrap();
}

async fn get(client: &Client, key: &str) -> String {
    let got = client.get_object().bucket("media").key(key).send().await.unwrap();
    String::from_utf8(got.body.collect().await.unwrap().to_vec()).unwrap()
}

/// Keys and common prefixes, over as many pages as it takes.
async fn list(client: &Client, prefix: &str, delimiter: Option<&str>) -> Vec<String> {
    let list = client.list_objects_v2().bucket("media").prefix(prefix).max_keys(2);
    let mut pages = list.set_delimiter(delimiter.map(str::to_owned)).into_paginator().send();
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        seen.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
        seen.extend(page.common_prefixes().iter().map(|p| p.prefix().unwrap().to_owned()));
    }
    seen.sort();
    seen
}

#[tokio::test]
async fn any_key_can_be_put_and_is_listed_as_it_was_put() {
    let (aws, _) = in_memory().await;
    let client = aws.s3();
    client.create_bucket().bucket("media").send().await.unwrap();
    let long = format!("claims/{}", "x".repeat(1_000));
    let keys = ["claims", "claims/a", "claims/a/b", "claims/a/c", &long, "صور/سطح.jpg"];
    for key in keys {
        put(&client, key, key).await;
    }
    for key in keys {
        assert_eq!(get(&client, key).await, key);
    }
    let mut sorted: Vec<String> = keys.map(str::to_owned).to_vec();
    sorted.sort();
    assert_eq!(list(&client, "", None).await, sorted);
    assert_eq!(list(&client, "", Some("/")).await, ["claims", "claims/", "صور/"]);
    assert_eq!(list(&client, "claims/", Some("/")).await, ["claims/a", "claims/a/", &long]);
    client.delete_object().bucket("media").key(&long).send().await.unwrap();
    let gone = client.get_object().bucket("media").key(&long).send().await;
    assert!(gone.unwrap_err().into_service_error().is_no_such_key());
    assert_eq!(list(&client, "claims/x", None).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_object_keeps_what_was_said_of_it_and_is_told_of() {
    let (aws, _) = in_memory().await;
    let client = aws.s3();
    client.create_bucket().bucket("media").send().await.unwrap();
    let mut events = aws.object_events();
    let put = || {
        let put = client.put_object().bucket("media").key("a").content_type("image/png");
        let put = put.metadata("sender", "cnt_1").if_none_match("*");
        put.body(ByteStream::from_static(b"0123456789")).send()
    };
    put().await.unwrap();
    let again = put().await.unwrap_err();
    assert_eq!(again.code(), Some("PreconditionFailed"));
    let head = client.head_object().bucket("media").key("a").send().await.unwrap();
    assert_eq!(head.content_type(), Some("image/png"));
    assert_eq!(head.metadata().unwrap()["sender"], "cnt_1");
    let part = client.get_object().bucket("media").key("a").range("bytes=2-4").send().await;
    assert_eq!(&*part.unwrap().body.collect().await.unwrap().to_vec(), b"234");
    let copy = client.copy_object().bucket("media").key("b").copy_source("media/a");
    copy.send().await.unwrap();
    assert_eq!(get(&client, "b").await, "0123456789");
    let first = events.recv().await.unwrap();
    assert_eq!((&*first.bucket, &*first.key, first.bytes), ("media", "a", 10));
    assert_eq!(events.recv().await.unwrap().key, "b");
    assert!(events.try_recv().is_err(), "a refused put is not told of");
}

#[tokio::test]
async fn parts_become_one_object_under_its_key() {
    let (aws, _) = in_memory().await;
    let client = aws.s3();
    client.create_bucket().bucket("media").send().await.unwrap();
    let key = "video/".repeat(60);
    let key = key.trim_end_matches('/');
    let upload = client.create_multipart_upload().bucket("media").key(key).send().await.unwrap();
    assert_eq!(upload.key(), Some(key));
    let upload_id = upload.upload_id.unwrap();
    let mut parts = Vec::new();
    for (number, bytes) in [(1, 5 * 1_048_576), (2, 3)] {
        let part = client.upload_part().bucket("media").key(key).upload_id(&upload_id);
        let part = part.part_number(number).body(ByteStream::from(vec![7_u8; bytes]));
        let etag = part.send().await.unwrap().e_tag;
        parts.push(CompletedPart::builder().part_number(number).set_e_tag(etag).build());
    }
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    let complete = client.complete_multipart_upload().bucket("media").key(key);
    let complete = complete.upload_id(upload_id).multipart_upload(parts);
    assert_eq!(complete.send().await.unwrap().key(), Some(key));
    let listed = client.list_objects_v2().bucket("media").send().await.unwrap();
    assert_eq!(listed.contents()[0].size(), Some(5 * 1_048_576 + 3));
}
