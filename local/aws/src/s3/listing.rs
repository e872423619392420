//! Listing objects, page by page.

use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::dto::{
    CommonPrefix, ETag, ListObjectVersionsInput, ListObjectVersionsOutput, ListObjectsV2Input,
    ListObjectsV2Output, Object, ObjectVersion, Timestamp,
};
use s3s::{S3Result, s3_error};

use crate::s3::keys::{Entry, Keys, Listing};
use crate::s3::objects::internal;

/// Objects of a page, and the largest page. A limit of S3.
const MAX_KEYS: i32 = 1_000;

/// Answers a listing from the directory of keys.
pub(crate) fn list(keys: &Keys, input: ListObjectsV2Input) -> S3Result<ListObjectsV2Output> {
    let after = match &input.continuation_token {
        Some(token) => read_token(token)?,
        None => input.start_after.clone().unwrap_or_default(),
    };
    let max_keys = input.max_keys.unwrap_or(MAX_KEYS).clamp(0, MAX_KEYS);
    let page = keys
        .list(&Listing {
            bucket: &input.bucket,
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref(),
            after,
            limit: usize::try_from(max_keys).unwrap_or(0),
        })
        .map_err(internal)?;
    let key_count = page.entries.len() + page.common_prefixes.len();
    let fold = |prefix| CommonPrefix { prefix: Some(prefix) };
    Ok(ListObjectsV2Output {
        key_count: i32::try_from(key_count).ok(),
        max_keys: Some(max_keys),
        is_truncated: Some(page.next.is_some()),
        contents: Some(page.entries.into_iter().map(show).collect()),
        common_prefixes: Some(page.common_prefixes.into_iter().map(fold).collect()),
        continuation_token: input.continuation_token,
        next_continuation_token: page.next.map(|next| URL_SAFE_NO_PAD.encode(next)),
        delimiter: input.delimiter,
        name: Some(input.bucket),
        prefix: input.prefix,
        start_after: input.start_after,
        ..ListObjectsV2Output::default()
    })
}

/// The same with versions. Nothing is kept here of what an object was before, so each has the one
/// that S3 calls `null`: of before versions were kept.
pub(crate) fn versions(
    keys: &Keys,
    input: ListObjectVersionsInput,
) -> S3Result<ListObjectVersionsOutput> {
    let max_keys = input.max_keys.unwrap_or(MAX_KEYS).clamp(0, MAX_KEYS);
    let page = keys
        .list(&Listing {
            bucket: &input.bucket,
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: None,
            after: input.key_marker.clone().unwrap_or_default(),
            limit: usize::try_from(max_keys).unwrap_or(0),
        })
        .map_err(internal)?;
    let version = |entry: Entry| ObjectVersion {
        key: Some(entry.key),
        size: Some(entry.bytes),
        is_latest: Some(true),
        version_id: Some("null".to_owned()),
        ..ObjectVersion::default()
    };
    Ok(ListObjectVersionsOutput {
        max_keys: Some(max_keys),
        is_truncated: Some(page.next.is_some()),
        next_key_marker: page.next,
        versions: Some(page.entries.into_iter().map(version).collect()),
        name: Some(input.bucket),
        prefix: input.prefix,
        ..ListObjectVersionsOutput::default()
    })
}

fn show(entry: Entry) -> Object {
    let modified_s = u64::try_from(entry.modified_s).unwrap_or(0);
    Object {
        key: Some(entry.key),
        size: Some(entry.bytes),
        e_tag: Some(ETag::Strong(entry.etag)),
        last_modified: Some(Timestamp::from(UNIX_EPOCH + Duration::from_secs(modified_s))),
        ..Object::default()
    }
}

fn read_token(token: &str) -> S3Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| s3_error!(InvalidArgument))?;
    String::from_utf8(bytes).map_err(|_| s3_error!(InvalidArgument))
}
