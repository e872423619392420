//! Every route, tried by every role: what the table says is what is answered.

use std::collections::BTreeSet;

use axum::body::Body;
use domain::project::Member;
use domain::role::{ProjectRole, TenantRole};
use domain::{Clock, UserId};
use http::Method;
use serde_json::json;
use tenancy::policy::{self, Access, Action, Reach, Route};

use crate::office::{Answer, Company, Office, Person};
use crate::openapi;

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let answered: BTreeSet<(String, String)> =
        openapi::operations().into_iter().map(|(method, path, _)| (method, path)).collect();
    let rows: BTreeSet<(String, String)> = policy::ROUTES
        .iter()
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    let without: Vec<_> = answered.difference(&rows).collect();
    println!("routes without a row: {without:?}");
    assert_eq!(answered, rows);
}

/// A probe's caller: a role in the organisation, and whether the person is in the project.
pub(crate) struct Prober {
    role: TenantRole,
    in_project: Option<ProjectRole>,
}

impl Prober {
    pub(crate) fn all() -> Vec<Self> {
        let projects = [None, Some(ProjectRole::Engineer), Some(ProjectRole::Viewer)];
        TenantRole::ALL
            .into_iter()
            .flat_map(|role| projects.map(|in_project| Self { role, in_project }))
            .collect()
    }

    /// A new person of that kind, who has just signed in.
    pub(crate) async fn enter(&self, office: &Office, company: &Company) -> Person {
        let id = UserId::mint(&*office.cloud.ids, office.cloud.clock.now());
        let user = company.user(id, &format!("prober {}", id.key()), self.role);
        let mut write = company.store.transaction();
        write.insert_user(&user);
        if let Some(role) = self.in_project {
            write.insert_member(&Member {
                project: company.project,
                user: id,
                name: "prober".to_owned(),
                role,
                added_at: company.now,
            });
        }
        crate::office::company::commit(write).await;
        office.person(&company.scope, id, self.role)
    }

    /// What the table says of this person and a route.
    fn expected(&self, route: &Route) -> Expected {
        let Access::To(action) = route.access else { return Expected::Through };
        match policy::reach(self.role, action) {
            Reach::Deny => Expected::Forbidden,
            Reach::Own | Reach::Allow => Expected::Through,
            Reach::Member if !route.path.contains("{project_id}") => Expected::Through,
            Reach::Member => match self.in_project {
                None => Expected::Absent,
                Some(role) if policy::allows_in_project(role, action) => Expected::Through,
                Some(_) => Expected::Forbidden,
            },
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// Past the gate: whatever the handler says then, it is not about permission.
    Through,
    Forbidden,
    Absent,
}

/// Whether an answer is what was expected.
fn fits(answer: &Answer, expected: &Expected) -> bool {
    let status = answer.status.as_u16();
    match expected {
        Expected::Through => !matches!(status, 401 | 403 | 404 | 405 | 429) && status < 500,
        Expected::Forbidden => status == 403 && answer.json()["code"] == "forbidden",
        Expected::Absent => status == 404 && answer.json()["code"] == "not_found",
    }
}

async fn probe(office: &Office, who: &Person, method: &str, path: &str) -> Answer {
    let headers = [("content-type", "application/json")];
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    office.call(who, (method, path), &headers, Body::from(json!({}).to_string())).await
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() {
    let office = Office::open().await;
    let mut probes = 0;
    let mut wrong = Vec::new();
    for route in policy::ROUTES.iter().filter(|route| route.access != Access::Public) {
        // Probes that get through may change what they are about: each route has its own company.
        let mut alfa = Company::found(&office, "ALFA").await;
        for prober in Prober::all() {
            // A replayed event is gone.
            if route.path.ends_with("/replay") {
                alfa = Company::found(&office, "ALFA").await;
            }
            let who = prober.enter(&office, &alfa).await;
            let path = alfa.addressed(route.path, &who);
            let answer = probe(&office, &who, route.method, &path).await;
            let expected = prober.expected(route);
            probes += 1;
            if !fits(&answer, &expected) {
                let Prober { role, in_project } = prober;
                let (status, body) = (answer.status, answer.body);
                wrong.push(format!(
                    "{} {path} {role:?} {in_project:?}: {expected:?}, {status} {body}",
                    route.method
                ));
            }
        }
    }
    println!("{probes} probes of roles in their own organisation");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nobody_gets_in_without_a_credential() {
    let office = Office::open().await;
    let alfa = Company::found(&office, "ALFA").await;
    for route in policy::ROUTES.iter().filter(|route| route.access != Access::Public) {
        let path = alfa.addressed(route.path, &alfa.owner);
        let answer = probe(&office, &Office::nobody(), route.method, &path).await;
        answer.problem(401, "token_required");
    }
}

#[tokio::test]
async fn an_old_proof_is_not_enough_for_what_is_dangerous() {
    let office = Office::open().await;
    let alfa = Company::found(&office, "ALFA").await;
    let prober = Prober { role: TenantRole::Owner, in_project: None };
    let who = prober.enter(&office, &alfa).await;
    office.cloud.advance(6 * 60);
    let mut asked = 0;
    for route in policy::ROUTES {
        let Access::To(action) = route.access else { continue };
        if action == Action::OwnAccount {
            continue;
        }
        let path = alfa.addressed(route.path, &who);
        let answer = probe(&office, &who, route.method, &path).await;
        let wants = policy::rule(action).needs_fresh_proof;
        let told = answer.status == 403 && answer.json()["code"] == "step_up_required";
        assert_eq!(told, wants, "{} {path}: {} {}", route.method, answer.status, answer.body);
        asked += usize::from(wants);
    }
    assert!(asked >= 7, "only {asked} routes asked for a fresh proof");
}
