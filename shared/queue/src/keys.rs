//! Which events wait for each other and which are the same.

use aws_lc_rs::digest::{Context, Digest, SHA256};
use domain::id::{encode_base32, encode_hex};
use tenancy::TenantScope;
use uuid::Uuid;

/// The group of events whose phone number belongs to no tenant.
pub const UNROUTED_GROUP: &str = "unrouted";
/// The group of signed bodies that could not be read.
pub const UNPARSED_GROUP: &str = "unparsed";

/// The FIFO group of one person's events: a tenant's contacts do not wait for each other.
///
/// A hash, so that neither metrics nor logs of the queue show who it is.
pub fn contact_group(scope: &TenantScope, identity: &str) -> String {
    group(scope, b"", identity)
}

/// The FIFO group of what concerns a phone number and nobody in particular.
pub fn channel_group(scope: &TenantScope, phone_number_id: &str) -> String {
    // The prefix keeps a phone number's own group apart from a contact of the same digits.
    group(scope, b"channel\0", phone_number_id)
}

/// The fair-queue group: one busy tenant does not make the others wait.
pub fn tenant_group(scope: &TenantScope) -> String {
    scope.tenant().to_string()
}

/// The deduplication id of a message.
pub fn message_dedup(phone_number_id: &str, wamid: &str) -> String {
    dedup(&format!("{phone_number_id}|{wamid}"))
}

/// The deduplication id of any event, from the key by which it is recognised again. SQS takes 128
/// characters of a small alphabet; a hash always fits.
pub fn dedup(key: &str) -> String {
    encode_hex(sha256(&[key.as_bytes()]).as_ref())
}

fn group(scope: &TenantScope, kind: &[u8], identity: &str) -> String {
    let tenant = scope.tenant().to_string();
    let hash = sha256(&[tenant.as_bytes(), b"\0", kind, identity.as_bytes()]);
    let mut head = [0_u8; 16];
    for (to, from) in head.iter_mut().zip(hash.as_ref()) {
        *to = *from;
    }
    encode_base32(Uuid::from_bytes(head))
}

fn sha256(parts: &[&[u8]]) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish()
}
