//! What a request needs of a role: the actions IAM knows it by, and on what.

use anyhow::{Context as _, bail};
use axum::http::{HeaderMap, Method, Uri};
use serde_json::Value;

use super::matches;
use crate::sdk::REGION;
use crate::template::ACCOUNT;

/// One action on one resource.
#[derive(Debug)]
pub(super) struct Need {
    pub(super) action: String,
    pub(super) resource: String,
    /// The partition keys it is about, where the request names them.
    keys: Option<Vec<String>>,
}

impl Need {
    fn new(action: impl Into<String>, resource: String) -> Self {
        Self { action: action.into(), resource, keys: None }
    }

    /// Whether a statement with a condition on keys is about this.
    pub(super) fn keys_match(&self, patterns: &[String]) -> bool {
        patterns.is_empty()
            || self.keys.as_ref().is_some_and(|keys| {
                keys.iter().all(|key| patterns.iter().any(|pattern| matches(pattern, key)))
            })
    }
}

/// Whether an action is one of the services here.
pub(super) fn is_known(action: &str) -> bool {
    ["dynamodb:", "sqs:", "s3:", "secretsmanager:", "ses:"]
        .iter()
        .any(|service| action.starts_with(service))
}

/// What a request needs. `service` is the variable that names the service's address.
pub(super) fn needs(
    service: &str,
    (method, uri, headers): (&Method, &Uri, &HeaderMap),
    body: &[u8],
) -> anyhow::Result<Vec<Need>> {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    let operation = target.and_then(|name| name.rsplit('.').next()).unwrap_or_default();
    if service.ends_with("_S3") {
        return object(method, uri).map(|need| vec![need]);
    }
    let request: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    match service.trim_start_matches("AWS_ENDPOINT_URL_") {
        "DYNAMODB" => table_needs(operation, &request),
        "SQS" => {
            let name = text(&request, "/QueueUrl").and_then(|url| url.rsplit('/').next());
            let name = name.context("a request names a queue")?;
            let action = operation.trim_end_matches("Batch");
            let queue = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}");
            Ok(vec![Need::new(format!("sqs:{action}"), queue)])
        }
        "SECRETS_MANAGER" => {
            let name = text(&request, "/SecretId").or_else(|| text(&request, "/Name"));
            let name = name.context("a request names a secret")?;
            Ok(vec![Need::new(format!("secretsmanager:{operation}"), name.to_owned())])
        }
        "SESV2" => {
            let from = text(&request, "/FromEmailAddress").context("a letter is from somebody")?;
            let domain = from.rsplit('@').next().unwrap_or_default().trim_end_matches('>');
            let identity = format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}");
            Ok(vec![Need::new("ses:SendEmail", identity)])
        }
        other => bail!("{other} has no gate"),
    }
}

fn object(method: &Method, uri: &Uri) -> anyhow::Result<Need> {
    let asks = |name: &str| {
        let query = uri.query().unwrap_or_default();
        query.split('&').any(|one| one.split('=').next() == Some(name))
    };
    let action = match method.as_str() {
        "GET" if asks("versions") => "s3:ListBucketVersions",
        "GET" | "HEAD" => "s3:GetObject",
        "PUT" => "s3:PutObject",
        "DELETE" if asks("versionId") => "s3:DeleteObjectVersion",
        "DELETE" => "s3:DeleteObject",
        other => bail!("{other} of an object has no gate"),
    };
    let key = uri.path().trim_matches('/');
    Ok(Need::new(action, format!("arn:aws:s3:::{key}")))
}

fn table_needs(operation: &str, request: &Value) -> anyhow::Result<Vec<Need>> {
    match operation {
        "TransactWriteItems" => each(request, |part| {
            let (kind, part) = part.as_object().and_then(|part| part.iter().next())?;
            let action = match kind.as_str() {
                "Put" => "PutItem",
                "Update" => "UpdateItem",
                "Delete" => "DeleteItem",
                "ConditionCheck" => "ConditionCheckItem",
                _ => return None,
            };
            one(action, part)
        }),
        "TransactGetItems" => each(request, |part| one("GetItem", part.get("Get")?)),
        "BatchGetItem" => Ok(request
            .get("RequestItems")
            .and_then(Value::as_object)
            .context("a batch has requests")?
            .iter()
            .map(|(name, wanted)| {
                let keys = wanted.get("Keys").and_then(Value::as_array).into_iter().flatten();
                let keys = keys.filter_map(|key| text(key, "/pk/S").map(str::to_owned));
                let action = "dynamodb:BatchGetItem";
                Need { keys: Some(keys.collect()), ..Need::new(action, table(name)) }
            })
            .collect()),
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" => {
            Ok(vec![one(operation, request).context("a request names a table")?])
        }
        other => bail!("{other} has no gate"),
    }
}

fn each(request: &Value, need: impl Fn(&Value) -> Option<Need>) -> anyhow::Result<Vec<Need>> {
    let parts = request.get("TransactItems").and_then(Value::as_array);
    let parts = parts.context("a transaction has parts")?;
    parts.iter().map(|part| need(part).context("a part of a transaction")).collect()
}

fn one(action: &str, request: &Value) -> Option<Need> {
    let mut resource = table(text(request, "/TableName")?);
    if let Some(index) = text(request, "/IndexName") {
        resource = format!("{resource}/index/{index}");
    }
    let key = ["/Key/pk/S", "/Item/pk/S"].iter().find_map(|place| text(request, place));
    let keys = key.map(|key| vec![key.to_owned()]);
    Some(Need { keys, ..Need::new(format!("dynamodb:{action}"), resource) })
}

fn table(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

fn text<'a>(value: &'a Value, place: &str) -> Option<&'a str> {
    value.pointer(place).and_then(Value::as_str)
}
