//! The functions as Lambda wants them: one `bootstrap` for arm64 and Amazon Linux 2023 each.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Outcome, cargo, cargo_output, root};
use crate::say;

/// glibc of Amazon Linux 2023; a newer one on the building machine would not load there.
const ZIG_TARGET: &str = "aarch64-unknown-linux-gnu.2.34";
const TARGET: &str = "aarch64-unknown-linux-gnu";

pub(crate) fn package() -> Outcome<()> {
    let names = functions()?;
    let binaries: Vec<&str> = names.iter().flat_map(|name| ["--bin", name.as_str()]).collect();
    let built = target_folder()?.join("lambda");
    if cargo_output(&["lambda", "--version"]).is_some() {
        // As `sam build` does for one function, but all at once.
        cargo(&[&["lambda", "build", "--release", "--arm64"], binaries.as_slice()].concat(), &[])?;
    } else if cargo_output(&["zigbuild", "--help"]).is_some() {
        let build = ["zigbuild", "--release", "--target", ZIG_TARGET];
        cargo(&[&build, binaries.as_slice()].concat(), &[])?;
        for name in &names {
            let made = target_folder()?.join(TARGET).join("release").join(name);
            copy(&made, &built.join(name).join("bootstrap"))?;
        }
    } else {
        return Err("neither cargo-lambda nor cargo-zigbuild is installed; \
                    `pip install cargo-lambda` brings the first, with zig as its linker, and \
                    `rustup target add aarch64-unknown-linux-gnu` the standard library"
            .to_owned());
    }
    for name in &names {
        let path = built.join(name).join("bootstrap");
        let bytes = fs::metadata(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        say::line(&format!("{name:<14} {:>9} KiB  {}", bytes.len() / 1024, path.display()));
    }
    Ok(())
}

/// The functions' names: their folders', which are their binaries' too.
pub(crate) fn functions() -> Outcome<Vec<String>> {
    let folder = root().join("functions");
    let entries = fs::read_dir(&folder).map_err(|error| format!("functions: {error}"))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| format!("functions: {error}"))?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Where cargo builds; it may be set outside the project.
pub(crate) fn target_folder() -> Outcome<PathBuf> {
    cargo_output(&["metadata", "--no-deps", "--format-version", "1"])
        .as_deref()
        .and_then(target_directory)
        .map(PathBuf::from)
        .ok_or_else(|| "cargo metadata does not say where it builds".to_owned())
}

/// The value of `target_directory` in cargo's JSON.
fn target_directory(metadata: &str) -> Option<String> {
    let (_, rest) = metadata.split_once("\"target_directory\":\"")?;
    let (path, _) = rest.split_once('"')?;
    Some(path.replace("\\\\", "\\"))
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    fs::copy(from, to).map_err(|error| format!("{}: {error}", from.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{functions, target_directory};

    #[test]
    fn finds_where_cargo_builds() {
        let json = r#"{"packages":[],"target_directory":"C:\\a\\target","version":1}"#;
        assert_eq!(target_directory(json).as_deref(), Some(r"C:\a\target"));
        assert_eq!(target_directory("{}"), None);
    }

    #[test]
    fn knows_the_functions() {
        let names = functions().unwrap();
        assert!(names.contains(&"webhook".to_owned()) && names.is_sorted(), "{names:?}");
    }
}
