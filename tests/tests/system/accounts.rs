//! The organisation and its people, through the door: sign-up to leaving.

mod bodies;
mod channels;
mod joining;
mod organization;
mod passwords;
mod phones;
mod users;

use domain::audit::AuditEntry;
use domain::outbox::{Letter, OutboundEffect, OutboxItem};
use domain::{ProofId, UserId};
use serde_json::{Value, json};
use tenancy::TenantScope;

use crate::office::{Office, Person};

pub(crate) const PASSWORD: &str = "a long walk on the beach";

/// The outbox items of a tenant, oldest first.
pub(crate) async fn outbox(office: &Office, scope: &TenantScope) -> Vec<OutboxItem> {
    let stream = office.cloud.stream("JobsTable").await;
    let mut items = Vec::new();
    for record in stream.records {
        let image = record.change.new_image;
        let Some(doc) = image.get("doc").cloned() else { continue };
        let item: OutboxItem = serde_dynamo::from_attribute_value(doc).unwrap();
        if item.tenant == scope.tenant() {
            items.push(item);
        }
    }
    items
}

/// The proofs of the letters to a user, oldest first.
pub(crate) async fn letters(office: &Office, scope: &TenantScope, to: UserId) -> Vec<ProofId> {
    let items = outbox(office, scope).await.into_iter();
    items.filter_map(|item| proof_to(to, &item.effect)).collect()
}

fn proof_to(to: UserId, effect: &OutboundEffect) -> Option<ProofId> {
    let OutboundEffect::Mail { user, letter } = effect else { return None };
    let (Letter::VerifyEmail { proof }
    | Letter::Invitation { proof }
    | Letter::PasswordReset { proof }) = letter
    else {
        return None;
    };
    (*user == to).then_some(*proof)
}

/// The token of the last letter to a user.
pub(crate) async fn last_link(office: &Office, scope: &TenantScope, to: UserId) -> String {
    let proof = *letters(office, scope, to).await.last().expect("a letter was written");
    office.proofs.token(scope, proof)
}

/// What the audit log has of a tenant, oldest first.
pub(crate) async fn audited(office: &Office, scope: &TenantScope) -> Vec<AuditEntry> {
    let stream = office.cloud.stream("AuditTable").await;
    let mut entries: Vec<AuditEntry> = Vec::new();
    for record in stream.records {
        let image = record.change.new_image;
        let owner: String =
            serde_dynamo::from_attribute_value(image.get("t").cloned().unwrap()).unwrap();
        if owner == scope.tenant().key() {
            let doc = image.get("doc").cloned().unwrap();
            entries.push(serde_dynamo::from_attribute_value(doc).unwrap());
        }
    }
    entries
}

/// The actions of a tenant's audit log.
pub(crate) async fn actions(office: &Office, scope: &TenantScope) -> Vec<String> {
    // Signing in is told too, and is not what these tests are about.
    let told = audited(office, scope).await.into_iter().map(|entry| entry.action);
    told.filter(|action| !action.starts_with("session.")).collect()
}

/// Signs in; the token stands for whoever it is.
pub(crate) async fn sign_in(office: &Office, email: &str, password: &str) -> Person {
    let body = json!({ "username": email, "password": password });
    let answer = office.post(&Office::nobody(), "/api/v1/auth/login", &body).await.ok(200);
    Person {
        id: answer["user"]["id"].as_str().unwrap().parse().unwrap(),
        session: domain::SessionId::from_uuid(uuid::Uuid::nil()),
        token: Some(answer["access_token"].as_str().unwrap().to_owned()),
    }
}

/// A problem but for the request it answers.
pub(crate) fn words(mut problem: Value) -> Value {
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}
