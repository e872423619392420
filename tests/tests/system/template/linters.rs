//! What the linters are told to pass over, and why.

use crate::tree;

/// A reason is a sentence.
const LEAST_REASON: usize = 30;

#[test]
fn a_check_that_is_skipped_has_its_reason_beside_it() {
    let config = tree::read(".checkov.yaml");
    let mut before = "";
    let mut skipped = Vec::new();
    for line in config.lines().map(str::trim) {
        if let Some(check) = line.strip_prefix("- CKV_") {
            let reason = before.strip_prefix("# ").unwrap_or_default();
            assert!(reason.len() >= LEAST_REASON, "CKV_{check}: {reason}");
            skipped.push(check);
        }
        before = line;
    }
    assert!(!skipped.is_empty());
    let template = tree::read("template.yaml");
    for line in template.lines().filter(|line| line.contains("CKV_")) {
        let (_, reason) = line.split_once("comment: ").unwrap_or_else(|| panic!("{line}"));
        assert!(reason.len() >= LEAST_REASON, "{line}");
    }
    // cfn-lint has nothing to pass over, and no place to say so.
    assert!(!template.contains("cfn-lint"), "a rule of cfn-lint is passed over");
    for file in [".cfnlintrc", ".cfnlintrc.yaml", ".cfnlintrc.yml"] {
        assert!(!tree::root().join(file).exists(), "{file}");
    }
}
