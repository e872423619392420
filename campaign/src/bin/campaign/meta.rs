//! Meta: posts signed calls through the API gateway until they are answered with 200.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use campaign::firm::APP_SECRET;
use campaign::phone::{PATH, TRIES_MAX};
use serde_json::{Value, json};
use whatsapp::{AppSecret, sign};

use crate::lambda::Pool;

/// Meta waits longer; it has seven days.
const REST: Duration = Duration::from_millis(100);

/// The poster of webhooks.
#[derive(Clone)]
pub(crate) struct Meta {
    pub(crate) webhook: Arc<Pool>,
}

impl Meta {
    /// Posts until it is taken in; how often it was not.
    pub(crate) async fn deliver(&self, body: &[u8]) -> Result<usize> {
        for refused in 0..TRIES_MAX {
            match self.post(body).await? {
                200 => return Ok(refused),
                500.. => tokio::time::sleep(REST).await,
                status => bail!("answered {status}: Meta would stop trying"),
            }
        }
        bail!("a call was refused {TRIES_MAX} times")
    }

    /// The status of one call; 502 when the function gave none.
    async fn post(&self, body: &[u8]) -> Result<u64> {
        let signature = sign(body, &AppSecret::new(APP_SECRET)?);
        let event = event(std::str::from_utf8(body)?, &signature);
        let event = serde_json::to_vec(&event)?;
        let Ok(answer) = self.webhook.invoke(event.into(), Arc::new(|| true)).await else {
            return Ok(502);
        };
        let answer: Value = serde_json::from_slice(&answer)?;
        Ok(answer["statusCode"].as_u64().unwrap_or(502))
    }
}

/// A call as an HTTP API hands it to a function.
fn event(body: &str, signature: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": format!("POST {PATH}"),
        "rawPath": PATH,
        "rawQueryString": "",
        "headers": {
            "host": "api.example.test",
            "content-type": "application/json",
            "x-hub-signature-256": signature,
        },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "example",
            "domainName": "api.example.test",
            "domainPrefix": "api",
            "http": {
                "method": "POST",
                "path": PATH,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "facebookexternalua",
            },
            "requestId": "ExampleRequest=",
            "routeKey": format!("POST {PATH}"),
            "stage": "$default",
            "time": "21/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1_795_255_200_000_i64,
        },
        "body": body,
        "isBase64Encoded": false,
    })
}
