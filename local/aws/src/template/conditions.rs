//! Conditions of a template.

use anyhow::{Context as _, bail};
use serde_yaml_ng::Value as Yaml;

use crate::template::resolve::{Template, long_form};

impl Template {
    /// Whether a named condition holds.
    pub(super) fn condition(&self, name: &str) -> anyhow::Result<bool> {
        let condition = self.root.get("Conditions").and_then(|all| all.get(name));
        self.holds(condition.with_context(|| format!("the condition {name} is not defined"))?)
    }

    fn holds(&self, yaml: &Yaml) -> anyhow::Result<bool> {
        let (name, argument) = if let Yaml::Tagged(tagged) = yaml {
            (tagged.tag.to_string(), &tagged.value)
        } else {
            let (name, argument) = long_form(yaml).context("a condition is a function")?;
            (name.to_owned(), argument)
        };
        let arguments = argument.as_sequence().map(Vec::as_slice).unwrap_or_default();
        match (name.trim_start_matches('!').trim_start_matches("Fn::"), arguments) {
            ("Equals", [left, right]) => Ok(self.value(left)? == self.value(right)?),
            ("Not", [inner]) => Ok(!self.holds(inner)?),
            ("And", all) => all.iter().try_fold(true, |so_far, one| Ok(so_far && self.holds(one)?)),
            ("Or", all) => all.iter().try_fold(false, |so_far, one| Ok(so_far || self.holds(one)?)),
            ("Condition", []) => self.condition(argument.as_str().unwrap_or_default()),
            (other, _) => bail!("the condition function {other} is not supported"),
        }
    }
}
