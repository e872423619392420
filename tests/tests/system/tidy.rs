//! The house rules that a machine can hold, held by reading the files.

use std::collections::BTreeMap;

use crate::tree;

/// The crates of `shared/`, from pure to worldly: each uses only those before it.
const LADDER: [&str; 13] = [
    "domain",
    "planning",
    "language",
    "telemetry",
    "aws-clients",
    "tenancy",
    "whatsapp",
    "queue",
    "store",
    "blob",
    "ai",
    "web",
    "testkit",
];
/// Crates that compute: no input or output, no clock, no async.
const PURE: [&str; 3] = ["domain", "planning", "language"];
const WORLDLY: [&str; 9] =
    ["aws", "axum", "dynoxide", "futures", "http", "lambda", "reqwest", "tokio", "tower"];
/// Who may use a service's SDK, besides tests.
const SDK_OWNERS: [(&str, &[&str]); 2] = [
    // `campaign` looks at what is stored, past the functions.
    ("aws-sdk-dynamodb", &["aws-clients", "store", "embedded-aws", "campaign"]),
    // `local` plays Lambda, which polls queues; `campaign` looks at what they hold.
    ("aws-sdk-sqs", &["aws-clients", "queue", "embedded-aws", "local", "campaign"]),
];
const MOST_LINES: usize = 500;
const MOST_LINES_OF_A_MAIN: usize = 30;
/// What is text and ours, beside Rust.
const TEXTS: [&str; 8] = [".rs", ".md", ".toml", ".yaml", ".yml", ".json", ".html", ".js"];

/// A member of the workspace.
struct Member {
    folder: String,
    name: String,
    dependencies: Vec<String>,
    dev_dependencies: Vec<String>,
    /// Dependency lines that do not say `workspace = true`.
    own_versions: Vec<String>,
}

#[test]
fn shared_crates_use_only_those_above_them() {
    let members = members();
    let place = |name: &str| LADDER.iter().position(|step| *step == name);
    for member in members.iter().filter(|member| member.folder.starts_with("shared/")) {
        let own = place(&member.name).unwrap_or_else(|| panic!("{} has no step", member.name));
        for used in &member.dependencies {
            let is_ours = members.iter().any(|other| other.name == *used);
            // `testkit` is for tests, so it may stand on the embedded stack.
            let is_stand = member.name == "testkit" && used == "embedded-aws";
            if is_ours && !is_stand {
                let step = place(used).unwrap_or_else(|| panic!("{} uses {used}", member.name));
                assert!(step < own, "{} uses {used}, which is below it", member.name);
            }
        }
        if PURE.contains(&member.name.as_str()) {
            for used in &member.dependencies {
                assert!(
                    !WORLDLY.iter().any(|worldly| used.starts_with(worldly)),
                    "{} uses {used}",
                    member.name
                );
            }
        }
    }
}

#[test]
fn functions_do_not_use_each_other_and_nothing_deployed_uses_local_or_testkit() {
    let members = members();
    let functions: Vec<&str> = members
        .iter()
        .filter(|member| member.folder.starts_with("functions/"))
        .map(|member| member.name.as_str())
        .collect();
    assert_eq!(functions.len(), tree::folders("functions").len());
    for member in &members {
        if member.folder.starts_with("functions/") {
            let all = member.dependencies.iter().chain(&member.dev_dependencies);
            for used in all {
                assert!(!functions.contains(&used.as_str()), "{} uses {used}", member.name);
            }
            for used in ["local", "embedded-aws", "testkit"] {
                assert!(
                    !member.dependencies.iter().any(|name| name == used),
                    "{} would deploy {used}",
                    member.name
                );
            }
        }
    }
}

#[test]
fn one_crate_speaks_to_each_service() {
    for member in members().iter().filter(|member| member.name != "tests") {
        for (sdk, owners) in SDK_OWNERS {
            let uses = member.dependencies.iter().any(|used| used == sdk);
            assert!(!uses || owners.contains(&member.name.as_str()), "{} uses {sdk}", member.name);
        }
    }
    let host = ["graph", "facebook", "com"].join(".");
    for file in tree::files_ending(".", ".rs") {
        let knows = file.contains("shared/whatsapp/")
            || file.contains("shared/telemetry/src/environment")
            || file.starts_with("tests/");
        assert!(knows || !tree::read(&file).contains(&host), "{file} names {host}");
    }
}

#[test]
fn versions_live_in_the_root_manifest_only() {
    for member in members() {
        assert!(member.own_versions.is_empty(), "{}: {:?}", member.folder, member.own_versions);
    }
}

#[test]
fn files_stay_small_and_are_named_after_their_subject() {
    let mut too_long = BTreeMap::new();
    for file in tree::files_ending(".", ".rs") {
        assert!(!file.ends_with("/mod.rs"), "{file}: `foo.rs` beside `foo/`");
        for vague in ["utils", "common", "helpers", "manager", "service"] {
            assert!(!file.ends_with(&format!("/{vague}.rs")), "{file}: {vague} of what?");
        }
        let is_main = file.starts_with("functions/") && file.ends_with("/main.rs");
        let most = if is_main { MOST_LINES_OF_A_MAIN } else { MOST_LINES };
        let lines = tree::read(&file).lines().count();
        if lines > most {
            too_long.insert(file, lines);
        }
    }
    assert!(too_long.is_empty(), "{too_long:?}");
}

#[test]
fn every_function_prints_its_metrics_where_cloudwatch_reads_them() {
    let mains = tree::files_ending("functions", "/src/main.rs");
    assert!(mains.len() >= 10, "{mains:?}");
    for file in mains {
        let text = tree::read(&file);
        let is_lambda = text.contains("Machine::of_lambda(") || text.contains("web::boot::");
        assert!(is_lambda && !text.contains("Metrics::new("), "{file} prints nothing in Lambda");
    }
}

#[test]
fn no_file_is_unfinished_or_knows_whose_machine_this_is() {
    // In halves, so that this file does not find itself.
    let unfinished = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X:"].concat(),
        ["todo", "!("].concat(),
        ["unimplemented", "!("].concat(),
    ];
    let machines = ["work", "root", "home", "tmp", "Users"].map(|top| ["/", top, "/"].concat());
    for file in TEXTS.iter().flat_map(|ending| tree::files_ending(".", ending)) {
        if file.ends_with("package-lock.json") {
            continue;
        }
        let text = tree::read(&file);
        for (number, line) in text.lines().enumerate() {
            let place = format!("{file}:{}", number + 1);
            for word in &unfinished {
                assert!(!line.contains(word.as_str()), "{place}: {word}");
            }
            for machine in &machines {
                let stands_alone = line.match_indices(machine.as_str()).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}*)".contains(c))
                });
                assert!(!stands_alone, "{place}: {machine}");
            }
        }
    }
}

#[test]
fn every_sample_event_is_named_in_a_test() {
    let rust: String = tree::files_ending(".", ".rs").iter().map(|file| tree::read(file)).collect();
    for file in tree::files_ending("events", ".json") {
        let (folder, _) = file.rsplit_once('/').unwrap();
        let by_name = rust.contains(file.trim_start_matches("events/"));
        // A test may also walk the folder and sum up what it finds.
        let by_folder = rust.contains(&format!("{folder}\""));
        assert!(by_name || by_folder, "no test reads {file}");
    }
}

fn members() -> Vec<Member> {
    let manifests = tree::files_ending(".", "/Cargo.toml");
    let found: Vec<Member> = manifests.iter().map(|path| member(path)).collect();
    assert!(found.len() > 20, "{}", found.len());
    found
}

fn member(path: &str) -> Member {
    let mut found = Member {
        folder: path.trim_end_matches("/Cargo.toml").to_owned(),
        name: String::new(),
        dependencies: Vec::new(),
        dev_dependencies: Vec::new(),
        own_versions: Vec::new(),
    };
    let text = tree::read(path);
    let mut section = String::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        if section == "package" && key.trim() == "name" {
            value.trim().trim_matches('"').clone_into(&mut found.name);
        }
        if !section.ends_with("dependencies") {
            continue;
        }
        let used = key.trim().trim_end_matches(".workspace").to_owned();
        if !line.contains("workspace = true") {
            found.own_versions.push(line.to_owned());
        }
        if section == "dev-dependencies" {
            found.dev_dependencies.push(used);
        } else {
            found.dependencies.push(used);
        }
    }
    found
}
