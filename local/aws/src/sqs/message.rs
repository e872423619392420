//! A message as it is stored, its attributes and their digests.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, by the injected clock.
pub(crate) type Millis = i64;

/// A message and what must survive a restart of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) body: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) attributes: BTreeMap<String, Attribute>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trace_header: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deduplication_id: Option<String>,
    pub(crate) sent_at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_received_at: Option<Millis>,
    #[serde(default)]
    pub(crate) receive_count: u32,
    /// The queue this message was given up on, when it lies in a dead-letter queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dead_letter_source: Option<String>,
}

impl Message {
    /// Counts one receive.
    pub(crate) fn mark_received(&mut self, at: Millis) {
        self.receive_count = self.receive_count.saturating_add(1);
        self.first_received_at.get_or_insert(at);
    }
}

/// A message attribute in its wire form: exactly one of the values is present.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Attribute {
    pub(crate) data_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) string_value: Option<String>,
    /// Base64, as on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) binary_value: Option<String>,
}

impl Attribute {
    /// The value's bytes, and whether they are binary.
    pub(crate) fn value(&self) -> Option<(Vec<u8>, bool)> {
        match (&self.string_value, &self.binary_value) {
            (Some(text), None) => Some((text.clone().into_bytes(), false)),
            (None, Some(encoded)) => STANDARD.decode(encoded).ok().map(|bytes| (bytes, true)),
            (None, None) | (Some(_), Some(_)) => None,
        }
    }
}

/// Hexadecimal MD5 of a body.
pub(crate) fn md5_of_body(body: &str) -> String {
    format!("{:x}", Md5::digest(body))
}

/// Hexadecimal MD5 of attributes in SQS's own encoding: per attribute in the order of the names,
/// the length-prefixed name and type, one byte for the kind of value, and the length-prefixed
/// value. None without attributes.
pub(crate) fn md5_of_attributes<'a>(
    attributes: impl Iterator<Item = (&'a str, &'a Attribute)>,
) -> Option<String> {
    let mut hash = Md5::new();
    let mut count = 0_usize;
    for (name, attribute) in attributes {
        let (value, is_binary) = attribute.value()?;
        for part in [name.as_bytes(), attribute.data_type.as_bytes()] {
            update_with_length(&mut hash, part);
        }
        hash.update([if is_binary { 2_u8 } else { 1 }]);
        update_with_length(&mut hash, &value);
        count += 1;
    }
    (count > 0).then(|| format!("{:x}", hash.finalize()))
}

fn update_with_length(hash: &mut Md5, bytes: &[u8]) {
    hash.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    hash.update(bytes);
}
