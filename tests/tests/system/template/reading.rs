//! `template.yaml` as values: `!Ref X` and its like are tagged strings.

use serde_yaml_ng::Value;

use crate::tree;

/// A resource of the template.
pub(super) struct Resource {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) value: Value,
}

impl Resource {
    /// A property by its path, as `Events`, `Inbound`.
    pub(super) fn property(&self, path: &[&str]) -> Option<&Value> {
        let mut value = self.value.get("Properties")?;
        for key in path {
            value = inside(value).get(*key)?;
        }
        Some(value)
    }

    /// A whole number that must be there.
    pub(super) fn number(&self, path: &[&str]) -> u64 {
        let value = self.property(path).unwrap_or_else(|| panic!("{}: no {path:?}", self.name));
        inside(value).as_u64().unwrap_or_else(|| panic!("{}: {path:?} {value:?}", self.name))
    }

    /// Whether a property is the word or the boolean given.
    pub(super) fn is(&self, path: &[&str], wanted: &str) -> bool {
        self.property(path).is_some_and(|value| match inside(value) {
            Value::String(text) => text == wanted,
            Value::Bool(flag) => flag.to_string() == wanted,
            Value::Null
            | Value::Number(_)
            | Value::Sequence(_)
            | Value::Mapping(_)
            | Value::Tagged(_) => false,
        })
    }

    /// The resource a property refers to, by `!Ref X` or `!GetAtt X.Arn`.
    pub(super) fn target(&self, path: &[&str]) -> Option<String> {
        let text = inside(self.property(path)?).as_str()?;
        Some(text.split('.').next().unwrap_or(text).to_owned())
    }

    /// The events that start a function: name, kind and properties.
    pub(super) fn events(&self) -> Vec<Resource> {
        let Some(Value::Mapping(events)) = self.property(&["Events"]) else { return Vec::new() };
        events
            .iter()
            .map(|(name, value)| Resource {
                name: format!("{}.{}", self.name, name.as_str().unwrap()),
                kind: value["Type"].as_str().unwrap().to_owned(),
                value: value.clone(),
            })
            .collect()
    }
}

/// Every resource, in the order of the file.
pub(super) fn resources() -> Vec<Resource> {
    let template: Value = serde_yaml_ng::from_str(&tree::read("template.yaml")).unwrap();
    let Value::Mapping(resources) = &template["Resources"] else { panic!("no resources") };
    resources
        .iter()
        .map(|(name, value)| Resource {
            name: name.as_str().unwrap().to_owned(),
            kind: value["Type"].as_str().unwrap().to_owned(),
            value: value.clone(),
        })
        .collect()
}

/// The resources of one type.
pub(super) fn of_kind(kind: &str) -> Vec<Resource> {
    let found: Vec<Resource> = resources().into_iter().filter(|found| found.kind == kind).collect();
    assert!(!found.is_empty(), "no {kind}");
    found
}

/// The resource of this name.
pub(super) fn named(name: &str) -> Resource {
    resources().into_iter().find(|found| found.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// The value behind a tag. Of `!If [condition, value, otherwise]` it is the value: what prod gets.
pub(super) fn inside(value: &Value) -> &Value {
    let Value::Tagged(tagged) = value else { return value };
    if tagged.tag == "If" { inside(&tagged.value[1]) } else { inside(&tagged.value) }
}

/// Every string in a value, at any depth.
pub(super) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Sequence(items) => items.iter().flat_map(strings).collect(),
        Value::Mapping(map) => map.values().flat_map(strings).collect(),
        Value::Tagged(tagged) => strings(&tagged.value),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// The statements of a role or a managed policy.
pub(super) fn statements(resource: &Resource) -> Vec<Value> {
    let mut documents: Vec<&Value> = resource.property(&["PolicyDocument"]).into_iter().collect();
    if let Some(Value::Sequence(policies)) = resource.property(&["Policies"]) {
        documents.extend(policies.iter().filter_map(|policy| policy.get("PolicyDocument")));
    }
    documents.iter().flat_map(|one| one["Statement"].as_sequence().unwrap().clone()).collect()
}
