//! Whatever a body is, the answer is a clear problem.
//!
//! The table of bodies is the description of the API: a new endpoint is in it by being described.

use axum::body::Body;
use domain::role::TenantRole;
use http::Method;
use serde_json::{Map, Value, json};

use crate::office::{Answer, Company, Office};
use crate::openapi;

/// What no body may set: it follows from the path, the token or our own doing.
const FOREIGN: [&str; 8] = [
    "id",
    "role",
    "version",
    "permission_version",
    "password_hash",
    "created_at",
    "is_admin",
    "__proto__",
];
/// Members that are the name of somebody or something.
const NAMES: [&str; 4] = ["name", "display_name", "full_name", "label"];

/// An operation that takes a body.
struct Operation {
    method: Method,
    path: String,
    /// The names of its members and whether each is a text.
    members: Vec<(String, bool)>,
}

fn operations(company: &Company) -> Vec<Operation> {
    let document = openapi::document();
    let all = openapi::operations().into_iter();
    all.filter_map(|(method, path, operation)| {
        let content = &operation["requestBody"]["content"]["application/json"];
        let members = members(&document, content.get("schema")?);
        Some(Operation {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            path: addressed(&path, company),
            members,
        })
    })
    .collect()
}

/// The members of a schema, however it is referred to.
fn members(document: &Value, schema: &Value) -> Vec<(String, bool)> {
    let named = |schema: &Value| {
        let name = schema["$ref"].as_str()?.rsplit('/').next()?.to_owned();
        Some(document["components"]["schemas"][&name].clone())
    };
    let either = schema["oneOf"].as_array().into_iter().flatten();
    let schema = either.chain([schema]).find_map(named).unwrap_or_else(|| schema.clone());
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    let is_text = |property: &Value| property["type"].to_string().contains("string");
    properties.iter().map(|(name, property)| (name.clone(), is_text(property))).collect()
}

/// A path with identifiers in it: the company's where it has one, else of the right form.
fn addressed(path: &str, company: &Company) -> String {
    path.split('/')
        .map(|segment| match segment {
            "{project_id}" => company.project.to_string(),
            "{conversation_id}" => company.conversation.to_string(),
            "{quarantine_id}" => company.quarantined.clone(),
            "{user_id}" => company.member.id.to_string(),
            "{channel_id}" => company.channel.to_string(),
            parameter if parameter.starts_with('{') => {
                let kind = parameter.trim_matches(['{', '}']).trim_end_matches("_id");
                format!("{}_{}", kind.get(..3).unwrap_or(kind), "0".repeat(26))
            }
            fixed => fixed.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

struct Probe {
    office: Office,
    company: Company,
    sent: usize,
}

impl Probe {
    async fn new() -> Self {
        let office = Office::open().await;
        let company = Company::found(&office, "ALFA").await;
        Self { office, company, sent: 0 }
    }

    /// Sends a body as the owner, who may do everything.
    async fn send(&mut self, to: &Operation, body: impl Into<Body>) -> Answer {
        self.send_with(to, &[], body).await
    }

    async fn send_with(
        &mut self,
        to: &Operation,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        // Nobody is refused here for calling often; tokens are no older than that.
        if self.sent.is_multiple_of(10) {
            self.office.cloud.advance(60);
        }
        self.sent += 1;
        let company = &self.company;
        let owner = self.office.person(&company.scope, company.owner.id, TenantRole::Owner);
        let mut all = vec![("content-type", "application/json"), ("if-match", "\"v1\"")];
        all.extend_from_slice(headers);
        let answer =
            self.office.call(&owner, (to.method.clone(), &to.path), &all, body.into()).await;
        let name = format!("{} {}: {}", to.method, to.path, answer.body);
        assert!(answer.status.as_u16() < 500, "{name}");
        assert_ne!(answer.status, 429, "{name}");
        if !answer.status.is_success() {
            let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
            answer.problem(answer.status.as_u16(), &code);
        }
        answer
    }
}

/// Whether an answer is a fault of this member, with this code.
fn names(answer: &Answer, member: &str, code: &str) -> bool {
    let problem = answer.json();
    let pointer = format!("/{}", member.replace('~', "~0").replace('/', "~1"));
    problem["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|error| error["pointer"] == pointer && error["code"] == code)
}

#[tokio::test]
async fn what_is_not_plain_json_is_refused_by_every_endpoint() {
    let mut probe = Probe::new().await;
    let nested = |open: &str, close: &str| {
        format!("{{\"content\":{}1{}}}", open.repeat(200), close.repeat(200))
    };
    let hostile: [(&str, Vec<u8>, u16, &str); 16] = [
        ("lists, 200 deep", nested("[", "]").into(), 400, "malformed_body"),
        ("objects, 200 deep", nested("{\"a\":", "}").into(), 400, "malformed_body"),
        ("never closed", "[".repeat(100_000).into(), 400, "malformed_body"),
        ("10 MB", vec![b' '; 10 << 20], 413, "too_large"),
        ("10 MB of one text", format!("\"{}\"", "x".repeat(10 << 20)).into(), 413, "too_large"),
        ("a member twice", br#"{"a":1,"a":2}"#.into(), 400, "malformed_body"),
        ("twice, inside", br#"{"a":{"b":1,"b":1}}"#.into(), 400, "malformed_body"),
        ("NaN", br#"{"a":NaN}"#.into(), 400, "malformed_body"),
        ("infinity", br#"{"a":-Infinity}"#.into(), 400, "malformed_body"),
        ("too large a number", br#"{"a":1e999}"#.into(), 400, "malformed_body"),
        ("half a surrogate pair", br#"{"a":"\ud83d"}"#.into(), 400, "malformed_body"),
        ("the other half", br#"{"\udc00":"x"}"#.into(), 400, "malformed_body"),
        ("not UTF-8", vec![b'{', b'"', 0xc3, 0x28, b'"', b':', b'1', b'}'], 400, "malformed_body"),
        ("a mark before it", "\u{feff}{}".into(), 400, "malformed_body"),
        ("a list", br#"[{"a":1}]"#.into(), 400, "malformed_body"),
        ("two values", br#"{"a":1}{"a":1}"#.into(), 400, "malformed_body"),
    ];
    let all = operations(&probe.company);
    for operation in &all {
        for (name, body, status, code) in hostile.clone() {
            let answer = probe.send(operation, body).await;
            assert_eq!(answer.status, status, "{name} to {}: {}", operation.path, answer.body);
            assert_eq!(answer.json()["code"], code, "{name} to {}", operation.path);
        }
        let packed = [("content-encoding", "gzip")];
        let answer = probe.send_with(operation, &packed, "\u{1f}").await;
        answer.problem(415, "unsupported_media_type");
        let answer = probe.send_with(operation, &[("idempotency-key", "k")], vec![b' '; 1 << 20]);
        answer.await.problem(413, "too_large");
    }
    assert!(all.len() >= 3, "{} operations take a body", all.len());
    println!("{} hostile bodies to {} operations", probe.sent, all.len());
}

#[tokio::test]
async fn what_is_not_the_callers_to_set_is_named() {
    let mut probe = Probe::new().await;
    let all = operations(&probe.company);
    for operation in &all {
        for member in FOREIGN {
            if operation.members.iter().any(|(known, _)| known == member) {
                continue;
            }
            let body = json!({ member: "owner" });
            let answer = probe.send(operation, body.to_string()).await;
            answer.problem(422, "validation");
            assert!(names(&answer, member, "unknown_field"), "{}: {}", operation.path, answer.body);
        }
        let tenant = probe.company.scope.tenant();
        for member in ["tenant_id", "tenantId", "org_id"] {
            let answer = probe.send(operation, json!({ member: tenant }).to_string()).await;
            answer.problem(400, "tenant_not_accepted");
            assert!(names(&answer, member, "not_accepted"), "{}", answer.body);
        }
        // As many unknown members as fit are not as many faults.
        let many: Map<String, Value> = (0..5_000).map(|n| (format!("f{n}"), json!(n))).collect();
        let answer = probe.send(operation, Value::Object(many).to_string()).await;
        let faults = answer.problem(422, "validation")["errors"].as_array().unwrap().len();
        assert!(faults <= 40, "{faults}");
    }
    println!("{} attempts to set what is not theirs on {} operations", probe.sent, all.len());
}

#[tokio::test]
async fn texts_of_any_kind_are_taken_or_refused_and_names_show_all_there_is_to_them() {
    let mut probe = Probe::new().await;
    let invisible = [
        "\u{202e}radaH ramO",
        "Omar\u{200b}Haddad",
        "Omar\u{200d}",
        "\u{2067}Omar\u{2069}",
        "\u{feff}Omar",
        "Om\u{ad}ar",
        "\u{e0041}Omar",
    ];
    let odd = [
        "\0".to_owned(),
        "a\0b\u{1b}[31m".to_owned(),
        "x".repeat(100_000),
        "\u{301}".repeat(1_000),
        "👷\u{200d}♂️".repeat(10),
        "'; DROP TABLE users; --".to_owned(),
        "=cmd|' /C calc'!A0".to_owned(),
        "{{constructor}}${7*7}<script>".to_owned(),
        "عمر حداد".to_owned(),
        "\u{fffe}\u{10ffff}".to_owned(),
        String::new(),
        " \u{3000} ".to_owned(),
    ];
    let all = operations(&probe.company);
    let mut named = 0;
    for operation in &all {
        for (member, is_text) in &operation.members {
            for value in [json!(1), json!(true), json!([]), json!({}), Value::Null, json!(1e300)] {
                probe.send(operation, json!({ member.as_str(): value }).to_string()).await;
            }
            if !is_text {
                continue;
            }
            for text in invisible.map(str::to_owned).iter().chain(&odd) {
                let body = json!({ member.as_str(): text }).to_string();
                let answer = probe.send(operation, body).await;
                if text.contains('\0') {
                    assert!(answer.status.is_client_error(), "{} {member}", operation.path);
                }
                if NAMES.contains(&member.as_str()) && invisible.contains(&text.as_str()) {
                    let refused = names(&answer, member, "invisible_character");
                    assert!(refused, "{} {member}: {}", operation.path, answer.body);
                    named += 1;
                }
            }
        }
    }
    println!("{} texts to {} operations, {named} of them names", probe.sent, all.len());
}

#[tokio::test]
async fn a_form_is_read_with_the_same_care() {
    let office = Office::open().await;
    let media = [("content-type", "application/x-www-form-urlencoded")];
    let call = async |body: &str| {
        let path = "/api/v1/auth/login";
        let body = Body::from(body.to_owned());
        office.call(&Office::nobody(), (Method::POST, path), &media, body).await
    };
    call("username=a%40example.com&password=x&tenant_id=ten_1")
        .await
        .problem(400, "tenant_not_accepted");
    let unknown = call("username=a%40example.com&password=x&role=owner").await;
    unknown.problem(422, "validation");
    assert!(names(&unknown, "role", "unknown_field"));
    call("username=a%40example.com&username=b%40example.com&password=x")
        .await
        .problem(400, "malformed_body");
    for body in ["username=%00&password=x", "username=%ff%fe&password=%", "=&=&&&", ""] {
        let status = call(body).await.status;
        assert!(status.is_client_error(), "{body}: {status}");
    }
    call(&format!("password={}", "x".repeat(300 << 10))).await.problem(413, "too_large");
}
