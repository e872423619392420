//! Every key of every table, in one place.
//!
//! A partition key starts with `T#<tenant>`; the tenant's id has a fixed width, so no partition is
//! a prefix of another tenant's.

use aws_lc_rs::digest;
use domain::id::encode_hex;
use domain::{
    AuditId, ContactId, ConversationId, CostId, InsightId, KeyId, MessageId, OutboxId, ProjectId,
    ProofId, SessionId, TaskId, UserId,
};
use jiff::Timestamp;
use tenancy::TenantScope;
use tenancy::key::KeyLabel;
use uuid::Uuid;

use crate::tables::Table;

/// Where an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) table: Table,
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// How many index partitions share a tenant's inbox: one takes 1,000 writes a second.
pub(crate) const INBOX_SHARDS: u8 = 4;
/// How many index partitions share the due outbox items of all tenants.
pub(crate) const DUE_SHARDS: u8 = 10;

/// How many partitions share a month of a tenant's audit log.
pub(crate) const AUDIT_SHARDS: u8 = 8;
/// What the sort keys of entries begin with; the stream's filter in the template names it too.
pub(crate) const AUDIT_ENTRY: &str = "E#";

fn key(table: Table, pk: String, sk: impl Into<String>) -> Key {
    Key { table, pk, sk: sk.into() }
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn hash(text: &str) -> String {
    encode_hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// An instant as 14 digits of milliseconds: sorts as text.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{:014}", at.as_millisecond().max(0))
}

/// How the sort keys in an organisation's own partition begin, or what they are.
pub(crate) const TENANT: &str = "META";
pub(crate) const TOMBSTONE: &str = "ERASED";
pub(crate) const USER: &str = "U#";
pub(crate) const CHANNEL: &str = "CH#";
pub(crate) const EMAIL_LINK: &str = "E#";
pub(crate) const PROOF: &str = "PRF#";
pub(crate) const PHONE_CODE: &str = "PC#";
/// How the directory's partition keys of e-mail addresses begin.
pub(crate) const EMAIL: &str = "EMAIL#";

pub(crate) fn tenant(scope: &TenantScope) -> Key {
    key(Table::Tenants, scope.partition(), TENANT)
}

/// What stays of an organisation that was erased.
pub(crate) fn tombstone(scope: &TenantScope) -> Key {
    key(Table::Tenants, scope.partition(), TOMBSTONE)
}

pub(crate) fn user(scope: &TenantScope, id: UserId) -> Key {
    key(Table::Tenants, scope.partition(), format!("{USER}{}", id.key()))
}

/// How the sort keys of a person's sessions begin, and what that of the second factor is.
pub(crate) const SESSIONS: &str = "RF#";
pub(crate) const SECOND_FACTOR: &str = "MFA";

pub(crate) fn session(scope: &TenantScope, user: UserId, id: SessionId) -> Key {
    key(Table::Tenants, user_partition(scope, user), format!("{SESSIONS}{}", id.key()))
}

pub(crate) fn second_factor(scope: &TenantScope, user: UserId) -> Key {
    key(Table::Tenants, user_partition(scope, user), SECOND_FACTOR)
}

pub(crate) fn channel(scope: &TenantScope, id: domain::ChannelId) -> Key {
    key(Table::Tenants, scope.partition(), format!("{CHANNEL}{}", id.key()))
}

pub(crate) fn phone_link(scope: &TenantScope, phone: &domain::Phone) -> Key {
    key(Table::Tenants, scope.partition(), format!("P#{}", phone.digits()))
}

/// What the sort keys of API keys begin with.
pub(crate) const API_KEY_PREFIX: &str = "AK#";
/// The index partition of API keys of all tenants, by when something is to be done with them: a
/// key is written a few times in its life.
pub(crate) const DUE_KEYS: &str = "KEYS#DUE";

pub(crate) fn api_key(scope: &TenantScope, id: KeyId) -> Key {
    key(Table::Tenants, scope.partition(), format!("{API_KEY_PREFIX}{}", id.key()))
}

/// Where the gate looks for a key: before a tenant is known.
pub(crate) fn api_key_ref(label: &KeyLabel) -> Key {
    key(Table::Directory, format!("AKEY#{}", label.as_str()), "REF")
}

/// When a key was used last. Among what may be lost, so that a function that only reads needs no
/// right to write the tenant's records.
pub(crate) fn api_key_use(scope: &TenantScope, id: KeyId) -> Key {
    key(Table::Guards, format!("{}#{API_KEY_PREFIX}{}", scope.partition(), id.key()), "USED")
}

/// Whose an address is in the organisation; hashed, as in the directory.
pub(crate) fn email_link(scope: &TenantScope, email: &domain::email::Email) -> Key {
    key(Table::Tenants, scope.partition(), format!("{EMAIL_LINK}{}", hash(email.as_str())))
}

/// What was asked by a link.
pub(crate) fn pending_proof(scope: &TenantScope, id: ProofId) -> Key {
    key(Table::Tenants, scope.partition(), format!("{PROOF}{}", id.key()))
}

/// A user's latest phone code.
pub(crate) fn phone_code(scope: &TenantScope, user: UserId) -> Key {
    key(Table::Tenants, scope.partition(), format!("{PHONE_CODE}{}", user.key()))
}

/// An address in the directory.
pub(crate) fn account(scope: &TenantScope, email: &domain::email::Email) -> Key {
    key(Table::Directory, email_partition(email), scope.partition())
}

/// Hashed: a partition key is visible in metrics and traces, an address must not be.
pub(crate) fn email_partition(email: &domain::email::Email) -> String {
    format!("{EMAIL}{}", hash(email.as_str()))
}

/// A phone number id in the directory.
pub(crate) fn routed_number(phone_number_id: &str) -> Key {
    key(Table::Directory, format!("WAPN#{phone_number_id}"), "REF")
}

pub(crate) fn contact(scope: &TenantScope, id: ContactId) -> Key {
    key(Table::Conversations, format!("{}#N#{}", scope.partition(), id.key()), "META")
}

/// An identity is hashed: a partition key is visible in metrics and traces, a phone must not be.
pub(crate) fn identity(scope: &TenantScope, identity: &str) -> Key {
    key(Table::Conversations, format!("{}#X#{}", scope.partition(), hash(identity)), "REF")
}

pub(crate) fn conversation(scope: &TenantScope, id: ConversationId) -> Key {
    key(Table::Conversations, conversation_partition(scope, id), "META")
}

pub(crate) fn conversation_partition(scope: &TenantScope, id: ConversationId) -> String {
    format!("{}#C#{}", scope.partition(), id.key())
}

pub(crate) fn message(scope: &TenantScope, conversation: ConversationId, id: MessageId) -> Key {
    key(
        Table::Conversations,
        conversation_partition(scope, conversation),
        format!("M#{}", id.key()),
    )
}

/// What the provider calls a message → where it is, and reports that came before it.
pub(crate) fn provider_partition(scope: &TenantScope, provider_id: &str) -> String {
    format!("{}#W#{}", scope.partition(), hash(provider_id))
}

pub(crate) fn provider_ref(scope: &TenantScope, provider_id: &str) -> Key {
    key(Table::Conversations, provider_partition(scope, provider_id), "REF")
}

pub(crate) fn early_report(scope: &TenantScope, provider_id: &str, report: &str) -> Key {
    key(Table::Conversations, provider_partition(scope, provider_id), format!("S#{report}"))
}

pub(crate) fn quarantine_partition(scope: &TenantScope) -> String {
    format!("{}#Q", scope.partition())
}

pub(crate) fn quarantined(scope: &TenantScope, id: &str) -> Key {
    key(Table::Conversations, quarantine_partition(scope), id)
}

/// Under which id an event was quarantined first, by the hash that tells it apart.
pub(crate) fn quarantine_ref(scope: &TenantScope, hash: &str) -> Key {
    key(Table::Conversations, format!("{}#{hash}", quarantine_partition(scope)), "REF")
}

/// Webhook changes that are neither messages nor statuses.
pub(crate) fn notices_partition(scope: &TenantScope) -> String {
    format!("{}#E", scope.partition())
}

pub(crate) fn notice(scope: &TenantScope, id: &str) -> Key {
    key(Table::Conversations, notices_partition(scope), id)
}

/// Index partitions of items that nothing else of the tenant's leads to: contacts, identities,
/// reports before their message, and under which id an event was kept.
pub(crate) fn stray_partition(scope: &TenantScope, shard: u8) -> String {
    format!("{}#STRAY#{shard}", scope.partition())
}

/// In which of them an item is.
pub(crate) fn stray_shard(key: &Key) -> u8 {
    key.pk.bytes().last().unwrap_or_default() % INBOX_SHARDS
}

/// Under which id a change was kept, by the hash that tells it apart.
pub(crate) fn notice_ref(scope: &TenantScope, hash: &str) -> Key {
    key(Table::Conversations, format!("{}#E#{hash}", scope.partition()), "REF")
}

pub(crate) fn inbox_partition(scope: &TenantScope, shard: u8) -> String {
    format!("{}#INBOX#{shard}", scope.partition())
}

pub(crate) fn inbox_shard(id: ConversationId) -> u8 {
    u8::try_from(id.uuid().as_u128() % u128::from(INBOX_SHARDS)).unwrap_or(0)
}

pub(crate) fn project_partition(scope: &TenantScope, id: ProjectId) -> String {
    format!("{}#P#{}", scope.partition(), id.key())
}

pub(crate) fn project(scope: &TenantScope, id: ProjectId) -> Key {
    key(Table::Projects, project_partition(scope, id), "META")
}

pub(crate) fn member(scope: &TenantScope, project: ProjectId, user: UserId) -> Key {
    key(Table::Projects, project_partition(scope, project), format!("M#{}", user.key()))
}

pub(crate) fn task(scope: &TenantScope, project: ProjectId, id: TaskId) -> Key {
    key(Table::Projects, project_partition(scope, project), format!("K#{}", id.key()))
}

pub(crate) fn cost(scope: &TenantScope, project: ProjectId, id: CostId) -> Key {
    key(Table::Projects, project_partition(scope, project), format!("C#{}", id.key()))
}

pub(crate) fn insight(scope: &TenantScope, project: ProjectId, id: InsightId) -> Key {
    key(Table::Projects, project_partition(scope, project), format!("I#{}", id.key()))
}

pub(crate) fn user_partition(scope: &TenantScope, user: UserId) -> String {
    format!("{}#U#{}", scope.partition(), user.key())
}

pub(crate) fn projects_partition(scope: &TenantScope) -> String {
    format!("{}#PROJ", scope.partition())
}

pub(crate) fn outbox(scope: &TenantScope, id: OutboxId) -> Key {
    key(Table::Jobs, format!("{}#O#{}", scope.partition(), id.key()), "OUT")
}

/// The index partition of a tenant's letters.
pub(crate) fn letters_partition(scope: &TenantScope) -> String {
    format!("{}#LETTERS", scope.partition())
}

/// What became of the letter that an outbox item asks for.
pub(crate) fn posting(scope: &TenantScope, id: OutboxId) -> Key {
    key(Table::Jobs, format!("{}#O#{}", scope.partition(), id.key()), "LETTER")
}

/// An entry of the audit log: a partition a month and shard, in order of time. The identifier is
/// minted at the instant of the entry, so it alone says where the entry is.
pub(crate) fn audit(scope: &TenantScope, id: AuditId) -> Key {
    let shard = id.uuid().as_u128() % u128::from(AUDIT_SHARDS);
    let pk = audit_partition(scope, audit_instant(id), u8::try_from(shard).unwrap_or(0));
    key(Table::Audit, pk, format!("{AUDIT_ENTRY}{}", id.key()))
}

/// Which link of the chain an entry is in; beside the entry.
pub(crate) fn audit_mark(scope: &TenantScope, id: AuditId) -> Key {
    let Key { table, pk, .. } = audit(scope, id);
    key(table, pk, format!("L#{}", id.key()))
}

pub(crate) fn audit_partition(scope: &TenantScope, month: Timestamp, shard: u8) -> String {
    format!("{}#A#{}#{shard}", scope.partition(), month.strftime("%Y%m"))
}

/// An instant of the month after, in which [`audit_partition`] names the next partition.
pub(crate) fn next_month(month: Timestamp) -> Timestamp {
    let date = month.to_zoned(jiff::tz::TimeZone::UTC).date().first_of_month();
    let next = date.checked_add(jiff::Span::new().months(1)).ok();
    let next = next.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok());
    next.map_or(Timestamp::MAX, |next| next.timestamp())
}

/// The instant an entry's identifier was minted at, in milliseconds.
pub(crate) fn audit_instant(id: AuditId) -> Timestamp {
    i64::try_from(id.uuid().as_u128() >> 80)
        .ok()
        .and_then(|millis| Timestamp::from_millisecond(millis).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Below every identifier minted at `at` or later, above all others.
pub(crate) fn audit_floor(at: Timestamp) -> AuditId {
    let millis = u128::try_from(at.as_millisecond()).unwrap_or(0);
    AuditId::from_uuid(Uuid::from_u128(millis << 80))
}

/// The chain of a tenant's audit log, by number.
pub(crate) fn audit_chain(scope: &TenantScope) -> String {
    format!("{}#L", scope.partition())
}

pub(crate) fn audit_link(scope: &TenantScope, seq: u64) -> Key {
    key(Table::Audit, audit_chain(scope), format!("{seq:012}"))
}

/// Entries of all tenants by the time they were written, for the sweep.
pub(crate) fn audit_written(id: AuditId) -> (String, String) {
    let shard = id.uuid().as_u128() % u128::from(DUE_SHARDS);
    (format!("WRITTEN#{shard}"), format!("{}#{}", instant(audit_instant(id)), id.key()))
}

/// Where it is remembered how many calls a caller (`usr_…`, `key_…`) may still make.
pub(crate) fn leases(scope: &TenantScope, caller: &str) -> String {
    format!("{}#RL#{caller}", scope.partition())
}

/// Where a caller's requests are that are carried out once.
pub(crate) fn requests(scope: &TenantScope, caller: &str) -> String {
    format!("{}#IDEM#{caller}", scope.partition())
}

pub(crate) fn due_partition(shard: u8) -> String {
    format!("DUE#{shard}")
}
