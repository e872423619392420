//! The functions as Lambda wants them: one `bootstrap` for arm64 and Amazon Linux 2023 each.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run::{Outcome, cargo, cargo_output, root, run};
use crate::{bench, python, say};

/// glibc of Amazon Linux 2023; a newer one on the building machine would not load there.
const GLIBC: (u32, u32) = (2, 34);
const TARGET: &str = "aarch64-unknown-linux-gnu";
/// Of Debian: the emulator, and where the other processor's glibc is.
const EMULATORS: [&str; 2] = ["qemu-aarch64-static", "qemu-aarch64"];
const LIBRARIES: &str = "/usr/aarch64-linux-gnu";

/// Downloads what it needs when it is not there yet, and nothing after that.
pub(crate) fn package(arguments: &[&str]) -> Outcome<()> {
    let is_checked = match arguments {
        [] => false,
        ["--check"] => true,
        more => return Err(format!("package knows --check, not {}", more.join(" "))),
    };
    let names = functions()?;
    let target = target_folder()?;
    build(&names, &target)?;
    let built = target.join("lambda");
    for name in &names {
        let made = target.join(TARGET).join("release").join(name);
        let path = built.join(name).join("bootstrap");
        copy(&made, &path)?;
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let (major, minor) = newest_glibc(&bytes);
        let size = bytes.len() / 1024;
        say::line(&format!("{name:<14} {size:>9} KiB  glibc {major}.{minor}  {}", path.display()));
        if (major, minor) > GLIBC {
            return Err(format!("{name} would not load on Amazon Linux 2023"));
        }
    }
    if is_checked { check(&built) } else { Ok(()) }
}

fn build(names: &[String], target: &Path) -> Outcome<()> {
    let there =
        Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let there = there.map_err(|error| format!("rustc: {error}"))?;
    if !Path::new(String::from_utf8_lossy(&there.stdout).trim()).exists() {
        let mut add = Command::new("rustup");
        add.args(["target", "add", TARGET]);
        run(add)?;
    }
    let python = python::with(&target.join("zig-python"), "xtask/requirements.txt")?;
    // Cargo finds `cargo-zigbuild` there, and that finds its zig.
    let tools = python.parent().unwrap_or(&python).as_os_str().to_owned();
    let path = [tools, std::env::var_os("PATH").unwrap_or_default()].join(&OsString::from(":"));
    let zig_target = format!("{TARGET}.{}.{}", GLIBC.0, GLIBC.1);
    let binaries: Vec<&str> = names.iter().flat_map(|name| ["--bin", name.as_str()]).collect();
    let build = ["zigbuild", "--release", "--target", &zig_target];
    cargo(&[&build, binaries.as_slice()].concat(), &[("PATH", path.to_str().unwrap_or_default())])
}

/// Every function asks our Runtime API for an event and answers it, on the embedded AWS.
fn check(built: &Path) -> Outcome<()> {
    let bins = built.to_str().ok_or("the target folder's name is not text")?;
    let mut arguments = vec!["--only", "smoke", "--bins", bins];
    let emulator;
    if cfg!(not(target_arch = "aarch64")) {
        let is_there = |name: &&&str| {
            let asked = Command::new(name).arg("--version").stdout(Stdio::null()).status();
            asked.is_ok_and(|status| status.success())
        };
        let name = EMULATORS.iter().find(is_there).ok_or(
            "no qemu for arm64: Debian has it in `qemu-user-static`, and the libraries that the \
             functions load in `libc6-arm64-cross` and `libgcc-s1-arm64-cross`",
        )?;
        emulator = format!("{name} -L {LIBRARIES}");
        arguments.extend(["--emulator", &emulator]);
    }
    bench::run(&arguments)
}

/// The newest version of a symbol of glibc that a binary wants.
fn newest_glibc(binary: &[u8]) -> (u32, u32) {
    let mark = b"GLIBC_";
    let version = |at: usize| {
        let rest = binary.get(at + mark.len()..)?;
        let end = rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
        let (major, minor) = std::str::from_utf8(rest.get(..end)?).ok()?.split_once('.')?;
        // A third part is of versions long ago.
        let minor = minor.split('.').next()?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let places = binary.windows(mark.len()).enumerate().filter(|(_, found)| found == mark);
    places.filter_map(|(at, _)| version(at)).max().unwrap_or_default()
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
    use super::{functions, newest_glibc, target_directory};

    #[test]
    fn reads_which_glibc_a_binary_wants() {
        let binary = b"\0GLIBC_2.17\0GLIBC_2.2.5\0GLIBC_PRIVATE\0GLIBC_2.34\0GLIBC_2.9\0";
        assert_eq!(newest_glibc(binary), (2, 34));
        assert_eq!(newest_glibc(b"\0GLIBC_3.1\0GLIBC_2.40\0"), (3, 1));
        assert_eq!(newest_glibc(b"nothing"), (0, 0));
    }

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
