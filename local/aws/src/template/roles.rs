//! What the role of a function allows.

use anyhow::{Context as _, bail, ensure};
use serde_json::Value as Json;
use serde_yaml_ng::Value as Yaml;

use crate::template::resolve::Template;

/// One statement of a role's policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Otherwise it denies.
    pub allows: bool,
    /// As in `dynamodb:GetItem`.
    pub actions: Vec<String>,
    /// Patterns of ARNs; of a secret the name.
    pub resources: Vec<String>,
    /// Patterns of which every partition key must match one; empty for any key.
    pub leading_keys: Vec<String>,
}

/// The statements of a function's role, its managed policies included.
pub(super) fn read(template: &Template, function: &Yaml) -> anyhow::Result<Vec<Statement>> {
    let role = function.get("Properties").and_then(|properties| properties.get("Role"));
    let Some(role) = role.and_then(|role| template.referred(role, "Arn")) else {
        return Ok(Vec::new());
    };
    let properties = template.resource(role).and_then(|role| role.get("Properties"));
    let properties = properties.with_context(|| format!("{role} has no properties"))?;
    let mut documents = Vec::new();
    for policy in list(properties.get("Policies")) {
        documents.extend(policy.get("PolicyDocument"));
    }
    for managed in list(properties.get("ManagedPolicyArns")) {
        let policy = template.referred(managed, "Arn").and_then(|id| template.resource(id));
        let policy =
            policy.with_context(|| format!("a policy of {role} is not in the template"))?;
        documents.extend(policy.get("Properties").and_then(|all| all.get("PolicyDocument")));
    }
    let statements = documents.into_iter().flat_map(|document| list(document.get("Statement")));
    statements.map(|statement| read_statement(template, statement)).collect()
}

fn read_statement(template: &Template, statement: &Yaml) -> anyhow::Result<Statement> {
    let value = template.value(statement)?.context("a statement is something")?;
    Ok(Statement {
        allows: value.get("Effect").and_then(Json::as_str) == Some("Allow"),
        actions: texts(value.get("Action")),
        resources: texts(value.get("Resource"))
            .iter()
            .map(|it| without_arn_of_secret(it))
            .collect(),
        leading_keys: leading_keys(value.get("Condition"))?,
    })
}

/// The one condition that is understood. Another would be a right nobody here can judge.
fn leading_keys(condition: Option<&Json>) -> anyhow::Result<Vec<String>> {
    let Some(condition) = condition.and_then(Json::as_object) else { return Ok(Vec::new()) };
    let mut patterns = Vec::new();
    for (operator, operands) in condition {
        let keys = operands.as_object().context("a condition has operands")?;
        for (key, values) in keys {
            ensure!(key == "dynamodb:LeadingKeys", "the condition key {key} is not supported");
            match operator.as_str() {
                "ForAllValues:StringLike" => patterns.extend(texts(Some(values))),
                "Null" => {}
                other => bail!("the condition operator {other} is not supported"),
            }
        }
    }
    Ok(patterns)
}

fn list(yaml: Option<&Yaml>) -> &[Yaml] {
    yaml.and_then(Yaml::as_sequence).map_or(&[], Vec::as_slice)
}

/// A text or a list of texts.
fn texts(value: Option<&Json>) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    items.iter().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// A secret's ARN ends with characters nobody knows in advance; here its name is enough.
fn without_arn_of_secret(resource: &str) -> String {
    resource.split_once(":secret:").map_or(resource, |(_, name)| name).to_owned()
}
