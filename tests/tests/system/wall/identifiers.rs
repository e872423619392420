//! Identifiers of another company wherever one can stand: in the path, however it is spelt and with
//! whatever method, in the query, in the body.

use serde_json::{Value, json};
use tenancy::policy::{Access, ROUTES, Route};

use super::asking::{Ask, fresh_key, named, of_company, of_nothing, placed};
use super::site::{By, Site, said};
use crate::openapi;

const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
/// Parameters that some API or other chooses by.
const PARAMETERS: [&str; 8] =
    ["actor", "target", "project_id", "user_id", "conversation_id", "assignee_id", "owner", "id"];
/// Members that no body of ours has.
const MEMBERS: [&str; 10] = [
    "id",
    "user_id",
    "project_id",
    "conversation_id",
    "channel_id",
    "key_id",
    "assignee_id",
    "owner_id",
    "created_by",
    "version",
];
/// Names under which a body would choose its company.
const COMPANY_MEMBERS: [&str; 4] = ["tenant_id", "tenantId", "org_id", "business_id"];

/// Every route with an identifier, asked by every role.
pub(crate) async fn in_paths(site: &Site, routes: &[&Route]) {
    for (place, own, other) in site.pairs() {
        for route in routes {
            let foreign = of_company(route, &other.company);
            for person in &own.askers {
                let missing = of_nothing(&site.office, route);
                let by = By { person, side: Some(place) };
                compare(site, "in a path, every role", by, route, (&foreign, &missing)).await;
            }
        }
    }
}

async fn compare(
    site: &Site,
    kind: &'static str,
    by: By<'_>,
    route: &Route,
    (foreign, missing): (&str, &str),
) {
    let ask = |id: &str| Ask::of(route, &placed(route, id));
    let (theirs, nobodys) = (ask(foreign), ask(missing));
    let answer = site.alike(kind, by, (&theirs, foreign), (&nobodys, missing)).await;
    if answer.status.is_success() {
        site.breach(kind, &theirs, &format!("opened: {}", answer.body));
    }
}

/// What is of one's own company and somebody else's.
pub(crate) async fn of_colleagues(site: &Site) {
    let kind = "a colleague's session";
    for (place, own, _) in site.pairs() {
        for route in named().filter(|route| route.path.contains("{session_id}")) {
            let foreign = own.company.agent.session.to_string();
            for person in &own.askers {
                let missing = of_nothing(&site.office, route);
                let by = By { person, side: Some(place) };
                compare(site, kind, by, route, (&foreign, &missing)).await;
            }
        }
    }
}

/// Other spellings of an identifier, which a router, a parser or a proxy may read as the same.
pub(crate) async fn misspelt(site: &Site) {
    let kind = "in a path, misspelt";
    for (place, own, other) in site.pairs() {
        for route in named() {
            let foreign = of_company(route, &other.company);
            let missing = of_nothing(&site.office, route);
            let spelt = |id: &str| {
                let first = format!("%{:02x}{}", id.as_bytes()[0], &id[1..]);
                let bare = id.split_once('_').map_or(id, |(_, key)| key).to_owned();
                let own = of_company(route, &own.company);
                [
                    id.to_uppercase(),
                    first,
                    bare,
                    format!("{id}/"),
                    format!("{id}%00"),
                    format!("{id}%2f"),
                    format!("{id};v=1"),
                    format!("{own},{id}"),
                    format!("{own}%2f..%2f{id}"),
                    format!("{own}/../{id}"),
                ]
            };
            for (theirs, nobodys) in spelt(&foreign).into_iter().zip(spelt(&missing)) {
                compare(site, kind, own.by(place), route, (&theirs, &nobodys)).await;
            }
        }
    }
}

/// Methods that the route has and that it has not.
pub(crate) async fn by_other_methods(site: &Site) {
    let kind = "in a path, every method";
    let mut paths: Vec<&Route> = named().collect();
    paths.dedup_by_key(|route| route.path);
    for (place, own, other) in site.pairs() {
        for route in &paths {
            let foreign = of_company(route, &other.company);
            let missing = of_nothing(&site.office, route);
            for method in METHODS {
                let ask =
                    |id: &str| Ask { method: method.to_owned(), ..Ask::get(&placed(route, id)) };
                let (theirs, nobodys) = (ask(&foreign), ask(&missing));
                let by = own.by(place);
                let answer = site.alike(kind, by, (&theirs, &foreign), (&nobodys, &missing)).await;
                if answer.status.is_success() && method != "OPTIONS" {
                    site.breach(kind, &theirs, "opened");
                }
            }
        }
    }
}

/// Parameters of every route that reads.
pub(crate) async fn in_queries(site: &Site) {
    let kind = "in a query";
    for (place, own, other) in site.pairs() {
        for route in ROUTES.iter().filter(|route| route.method == "GET") {
            let path = own.company.addressed(route.path, &own.company.owner);
            for name in PARAMETERS {
                // Each export is an entry of the log that the next one reads.
                let is_chosen_by = ["actor", "target"].contains(&name);
                if route.path.ends_with("/export") && !is_chosen_by {
                    continue;
                }
                let foreign = other.company.owner.id.to_string();
                let missing = format!("usr_{}", fresh_key(&site.office));
                let ask = |id: &str| Ask::get(&path).query(name, id);
                let (theirs, nobodys) = (ask(&foreign), ask(&missing));
                site.alike(kind, own.by(place), (&theirs, &foreign), (&nobodys, &missing)).await;
            }
        }
    }
}

/// The members that each body has, and ones that none has.
pub(crate) async fn in_bodies(site: &Site) {
    let bodies = bodies();
    let kind = "in a body";
    for (place, own, _) in site.pairs() {
        for (route, declared) in &bodies {
            let path = own.company.addressed(route.path, &own.company.owner);
            let names = declared.iter().map(String::as_str).chain(MEMBERS);
            for name in names {
                // Somebody's whose name may be written down: a name is whatever one likes.
                let foreign = site.bystander.owner.id.to_string();
                let missing = format!("usr_{}", fresh_key(&site.office));
                let ask = |id: &str| Ask::of(route, &path).member(name, json!(id));
                let (theirs, nobodys) = (ask(&foreign), ask(&missing));
                let by = own.by(place);
                let one = site.ask(kind, by, &theirs).await;
                let other = site.ask(kind, by, &nobodys).await;
                // What was made differs in its identifiers; what was refused, in nothing, but that the
                // second comes after the first: to a version that is gone, or once too often.
                let same = if one.status.is_success() {
                    one.status == other.status || other.status == 412
                } else {
                    said(&one, &foreign) == said(&other, &missing) || other.status == 429
                };
                if !same {
                    site.breach(kind, &theirs, &format!("{}\n  {}", one.body, other.body));
                }
                if MEMBERS.contains(&name) && !one.status.is_client_error() {
                    site.breach(kind, &theirs, &format!("taken: {}", one.body));
                }
            }
            for name in COMPANY_MEMBERS {
                let theirs = json!(site.bystander.scope.tenant().to_string());
                let ask = Ask::of(route, &path).member(name, theirs);
                let refusal = (400, "tenant_not_accepted");
                site.refused("a company named in a body", own.by(place), &ask, refusal).await;
            }
        }
    }
}

/// Every route that a caller sends a JSON body to, and its members.
fn bodies() -> Vec<(&'static Route, Vec<String>)> {
    let document = openapi::document();
    let mut found = Vec::new();
    for route in ROUTES.iter().filter(|route| route.access != Access::Public) {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let name = [schema, &schema["oneOf"][0]]
            .into_iter()
            .find_map(|schema| schema["$ref"].as_str()?.rsplit('/').next());
        let Some(name) = name else { continue };
        let properties = &document["components"]["schemas"][name]["properties"];
        let members = properties.as_object().into_iter().flatten();
        found.push((route, members.map(|(name, _): (&String, &Value)| name.clone()).collect()));
    }
    assert!(found.len() > 12, "only {} routes with a body", found.len());
    found
}
