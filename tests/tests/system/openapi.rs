//! `openapi.json` says what the routers say, and the template routes what they answer.

use std::collections::{BTreeMap, BTreeSet};

use embedded_aws::Plan;
use expect_test::expect_file;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::tree;

const VERBS: [&str; 30] = [
    "accept_",
    "change_",
    "confirm_",
    "connect_",
    "deactivate_",
    "create_",
    "disable_",
    "disconnect_",
    "end_",
    "enroll_",
    "export_",
    "get_",
    "invite_",
    "link_",
    "list_",
    "refresh",
    "release_",
    "renew_",
    "replay_",
    "request_",
    "reset_",
    "reveal_",
    "revoke_",
    "rotate_",
    "send_",
    "sign_",
    "step_",
    "take_",
    "unlink_",
    "verify_",
];

/// The description of the whole API.
fn description() -> OpenApi {
    let mut description = web::openapi::base();
    for part in
        [auth::openapi(), accounts::openapi(), projects::openapi(), conversations::openapi()]
    {
        description.merge(part);
    }
    description
}

pub(crate) fn document() -> Value {
    serde_json::to_value(description()).unwrap()
}

/// Every operation: method in capitals, path, description.
pub(crate) fn operations() -> Vec<(String, String, Value)> {
    let document = document();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    found
}

#[test]
fn whatever_is_counted_may_be_refused_and_whatever_works_may_fail() {
    let document = document();
    for route in tenancy::policy::ROUTES {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        let Some(responses) = operation["responses"].as_object() else { continue };
        let free = route.budget == tenancy::policy::Budget::Free;
        for status in ["429", "500", "503"].into_iter().filter(|_| !free) {
            assert!(responses.contains_key(status), "{} {}: {status}", route.method, route.path);
        }
    }
}

#[test]
fn the_document_is_fresh() {
    let text = format!("{}\n", description().to_pretty_json().unwrap());
    expect_file!["../../../openapi.json"].assert_eq(&text);
}

#[test]
fn every_operation_has_a_name_and_says_how_it_fails() {
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations() {
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(VERBS.iter().any(|verb| name.starts_with(verb)), "{name}");
        assert!(names.insert(name.clone()), "{name} twice");
        assert!(operation["summary"].is_string(), "{method} {path} says nothing");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
        let is_open = operation["security"] == serde_json::json!([{}]);
        // Nobody is signed in there yet, and may fail to be.
        let signs_in = ["sign_in", "verify_second_factor", "refresh"].contains(&name.as_str());
        assert_eq!(!is_open, responses.contains_key("401") && !signs_in, "{name}");
        for (status, response) in responses.iter().filter(|(status, _)| !status.starts_with('2')) {
            assert!(
                response["content"]["application/problem+json"].is_object(),
                "{name} {status}: {response}"
            );
        }
    }
    let schemas = document()["components"]["schemas"].clone();
    let text = document().to_string();
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(schemas[name].is_object(), "{name} is nowhere");
    }
}

#[test]
pub(crate) fn the_template_routes_exactly_what_is_answered() {
    let stage = BTreeMap::from([("Stage".to_owned(), "dev".to_owned())]);
    let plan = Plan::read(&tree::read("template.yaml"), &stage).unwrap();
    let routed: BTreeSet<(String, String)> = plan
        .routes
        .into_iter()
        .map(|route| (route.method.to_uppercase(), route.path))
        // For Meta alone, and described by Meta.
        .filter(|(_, path)| !path.contains("webhook"))
        .collect();
    let answered = operations().into_iter().map(|(method, path, _)| (method, path)).collect();
    assert_eq!(routed, answered);
}
