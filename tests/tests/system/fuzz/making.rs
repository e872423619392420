//! Bodies and paths as the description has them.

use serde_json::{Map, Value, json};

use crate::office::Company;

/// How deep a description is followed.
const DEEPEST: usize = 8;

/// A body as a schema wants it.
pub(super) fn example(document: &Value, schema: &Value) -> Value {
    of(document, schema, 0)
}

fn of(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return of(document, &document["components"]["schemas"][name], depth + 1);
    }
    if let Some(example) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return example.clone();
    }
    if let Some(first) = ["oneOf", "anyOf", "allOf"].iter().find_map(|many| schema[*many].get(0)) {
        return of(document, first, depth + 1);
    }
    if let Some(properties) = schema["properties"].as_object() {
        let member =
            |(name, schema): (&String, &Value)| (name.clone(), of(document, schema, depth + 1));
        return Value::Object(properties.iter().map(member).collect::<Map<_, _>>());
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].get(0)?.as_str());
    match kind.unwrap_or_default() {
        "array" => json!([of(document, &schema["items"], depth + 1)]),
        "boolean" => json!(true),
        "integer" | "number" => json!(1),
        "object" => json!({}),
        _ => schema["enum"].get(0).cloned().unwrap_or_else(|| json!("text")),
    }
}

/// A path with the identifiers of a company that may be changed without harm to the next body.
pub(super) fn addressed(path: &str, company: &Company) -> String {
    company.addressed(path, &company.owner)
}
