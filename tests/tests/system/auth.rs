//! Signing in and staying signed in, through the HTTP door.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use domain::audit::AuditEntry;
use domain::outbox::{Letter, OutboundEffect};
use domain::role::TenantRole;
use domain::tenant::User;
use domain::{Clock, UserId};
use http::header::SET_COOKIE;
use serde_json::{Value, json};

use crate::office::company::PASSWORD;
use crate::office::{Answer, Company, Office, Person};

mod factors;
mod forgeries;
mod keys;
mod passwords;
mod sessions;
mod tokens;

const LOGIN: &str = "/api/v1/auth/login";
const REFRESH: &str = "/api/v1/auth/refresh";
const ME: &str = "/api/v1/auth/me";

/// Somebody with a password, and the means to try things.
struct Omar {
    office: Office,
    company: Company,
    user: User,
}

impl Omar {
    async fn hired() -> Self {
        let office = Office::open().await;
        let company = Company::found(&office, "ALFA").await;
        let id = UserId::mint(&*office.cloud.ids, company.now);
        let user = User {
            password_hash: auth::password::hash(PASSWORD, &*office.cloud.ids).unwrap(),
            ..company.user(id, "Omar", TenantRole::Admin)
        };
        company.employ(&office, &user).await;
        Self { office, company, user }
    }

    async fn try_login(&self, password: &str) -> Answer {
        let body = json!({ "username": self.user.email.as_str(), "password": password });
        self.office.post(&Office::nobody(), LOGIN, &body).await
    }

    /// Signs in by password alone: access and refresh token.
    async fn sign_in(&self) -> (Person, String) {
        tokens(&self.try_login(PASSWORD).await.ok(200))
    }

    async fn refresh(&self, token: &str) -> Answer {
        let body = json!({ "refresh_token": token });
        self.office.post(&Office::nobody(), REFRESH, &body).await
    }

    /// The actions that the audit log has, in order.
    async fn audited(&self) -> Vec<String> {
        let mut entries: Vec<AuditEntry> = Vec::new();
        for item in self.items("audit").await {
            entries.push(serde_dynamo::from_attribute_value(item["doc"].clone()).unwrap());
        }
        entries.sort_by_key(|entry| entry.id);
        entries.into_iter().map(|entry| entry.action).collect()
    }

    /// The letters that wait to be sent.
    async fn letters(&self) -> Vec<Letter> {
        let due = self.office.cloud.store().due(self.office.cloud.clock.now(), 50).await.unwrap();
        due.into_iter()
            .filter_map(|due| {
                let OutboundEffect::Mail { user, letter } = due.item.effect else { return None };
                (user == self.user.id).then_some(letter)
            })
            .collect()
    }

    /// All items of a table.
    #[expect(clippy::disallowed_methods, reason = "a test may read a whole table")]
    async fn items(
        &self,
        table: &str,
    ) -> Vec<std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>> {
        let client = self.office.cloud.aws.dynamodb();
        let name = format!("hndasah-local-{table}");
        client.scan().table_name(name).send().await.unwrap().items.unwrap_or_default()
    }
}

/// Access and refresh token of an answer.
fn tokens(answer: &Value) -> (Person, String) {
    let person = Office::bearer(answer["access_token"].as_str().unwrap());
    (person, answer["refresh_token"].as_str().unwrap_or_default().to_owned())
}

fn cookie(answer: &Answer) -> &str {
    answer.header(SET_COOKIE.as_str()).unwrap()
}

/// What an authenticator app shows at an instant, by RFC 6238 and not by our own code.
fn app_code(secret_base32: &str, second: i64) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = secret_base32.chars().fold(String::new(), |mut bits, c| {
        write!(bits, "{:05b}", alphabet.find(c).unwrap()).unwrap();
        bits
    });
    let secret: Vec<u8> = (0..bits.len() / 8)
        .map(|byte| u8::from_str_radix(&bits[byte * 8..byte * 8 + 8], 2).unwrap())
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let mac = hmac::sign(&key, &(second / 30).to_be_bytes());
    let offset = usize::from(mac.as_ref()[19] & 15);
    let four: [u8; 4] = mac.as_ref()[offset..offset + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}
