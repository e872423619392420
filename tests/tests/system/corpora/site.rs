//! The whole system in one process, a phone that writes exactly what it is told to, and the API.

use std::sync::Arc;

use local::{MovingClock, Options, System};
use reqwest::Client;
use serde_json::Value;

/// Meta may batch a thousand; so many are one call here.
const MESSAGES_OF_A_CALL: usize = 40;

pub(super) struct Site {
    pub(super) system: System,
    client: Client,
    token: String,
    said: std::cell::Cell<usize>,
}

impl Site {
    pub(super) async fn open() -> Self {
        let clock = Arc::new(MovingClock::starting_at("2026-11-21T08:00:00Z".parse().unwrap()));
        let system = System::start(Options::for_test(clock)).await.unwrap();
        let client = Client::new();
        let owner = system.companies()[0].company.people.iter().rfind(|one| one.login.is_some());
        let login = owner.unwrap().login.as_ref().unwrap();
        let credentials = serde_json::json!({ "email": login.email, "password": login.password });
        let path = format!("{}/api/v1/auth/login", system.url());
        let answer = client.post(path).json(&credentials).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Self { system, client, token, said: std::cell::Cell::default() }
    }

    /// Writes to the first company from a phone: each text a message of its own, as JSON has it,
    /// quotes and all. Everything that follows from them is done. Their ids, in order.
    pub(super) async fn write(&self, from: &str, texts: &[String]) -> Vec<String> {
        let contents: Vec<String> =
            texts.iter().map(|text| format!(r#""type":"text","text":{{"body":{text}}}"#)).collect();
        self.send(from, &contents).await
    }

    /// The same with any content.
    pub(super) async fn send(&self, from: &str, contents: &[String]) -> Vec<String> {
        let number = self.system.companies()[0].company.phone_number_id;
        let now = self.system.clock().now().as_second();
        let mut ids = Vec::new();
        for batch in contents.chunks(MESSAGES_OF_A_CALL) {
            let mut items = Vec::new();
            for content in batch {
                let id = format!("wamid.corpus{:06}", self.said.get());
                self.said.set(self.said.get() + 1);
                items.push(format!(
                    r#"{{"from":"{from}","id":"{id}","timestamp":"{now}",{content}}}"#
                ));
                ids.push(id);
            }
            let body = format!(
                r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{
                "field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{
                "display_phone_number":"1","phone_number_id":"{number}"}},"contacts":[{{
                "wa_id":"{from}","profile":{{"name":"Somebody"}}}}],"messages":[{}]}}}}]}}]}}"#,
                items.join(",")
            );
            let url = format!("{}/api/v1/webhooks/whatsapp", self.system.url());
            let call = self.client.post(url).header("content-type", "application/json");
            let signature = self.system.meta().sign(body.as_bytes());
            let call = call.header("x-hub-signature-256", signature).body(body);
            assert_eq!(call.send().await.unwrap().status(), 200);
            self.system.drain().await.unwrap();
        }
        ids
    }

    /// A page of the API, as the owner sees it.
    pub(super) async fn get(&self, path: &str) -> Value {
        let call = self.client.get(format!("{}{path}", self.system.url()));
        let answer = call.bearer_auth(&self.token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// All messages of the conversation with a phone.
    pub(super) async fn messages(&self, conversation: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let path =
            format!("{}/api/v1/conversations/{conversation}/messages?limit=200", self.system.url());
        let mut next = path.clone();
        loop {
            let call = self.client.get(&next).bearer_auth(&self.token);
            let answer = call.send().await.unwrap();
            assert_eq!(answer.status(), 200);
            let cursor = answer.headers().get("x-next-cursor").cloned();
            let page: Value = answer.json().await.unwrap();
            all.extend(page.as_array().unwrap().iter().cloned());
            let Some(cursor) = cursor else { return all };
            next = format!("{path}&cursor={}", cursor.to_str().unwrap());
        }
    }
}
