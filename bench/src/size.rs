//! How much there is of it.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::report::Table;

pub(crate) fn count() -> Result<Table> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own.parent().unwrap_or(own);
    let mut sum = Sum::default();
    sum.walk(root)?;
    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    let packages = lock.lines().filter(|line| *line == "[[package]]").count();
    let mut table = Table::new("size", &["count"]);
    table.row("crates of ours", [sum.crates.into()]);
    table.row("packages in Cargo.lock, ours included", [packages.into()]);
    table.row("Rust lines of ours, blank ones left out", [sum.lines.into()]);
    table.row("of these, lines of tests", [sum.test_lines.into()]);
    Ok(table)
}

#[derive(Default)]
struct Sum {
    crates: usize,
    lines: usize,
    test_lines: usize,
}

impl Sum {
    fn walk(&mut self, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !["node_modules", "target"].contains(&&*name) && !name.starts_with('.') {
                    self.walk(&path)?;
                }
            } else if name == "Cargo.toml" && folder.join("src").is_dir() {
                self.crates += 1;
            } else if name.ends_with(".rs") {
                let mut in_test = path.iter().any(|part| part == "tests" || part == "tests.rs");
                for line in fs::read_to_string(&path)?.lines().filter(|line| !line.is_empty()) {
                    in_test |= line == "#[cfg(test)]";
                    self.lines += 1;
                    self.test_lines += usize::from(in_test);
                }
            }
        }
        Ok(())
    }
}
