//! The table that decides who may do what, written down.

use std::fmt::Write as _;

use domain::role::{ProjectRole, TenantRole};
use expect_test::expect_file;
use tenancy::policy::{self, Access, Budget, RULES};

/// A table with its head.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

#[test]
fn the_document_says_what_the_table_says() {
    let roles: Vec<&str> = TenantRole::ALL.map(TenantRole::as_str).to_vec();
    let actions = table(
        &[&["action"], roles.as_slice(), &["key scope", "needs"]].concat(),
        RULES.iter().map(|rule| {
            let mut row = vec![format!("`{}`", rule.action.as_str())];
            row.extend(rule.roles.iter().map(|reach| reach.as_str().replace("deny", "–")));
            row.push(rule.scope.map_or("–".to_owned(), |scope| format!("`{}`", scope.as_str())));
            row.push(if rule.needs_fresh_proof { "fresh proof" } else { "" }.to_owned());
            row
        }),
    );
    let in_projects: Vec<_> =
        RULES.iter().filter(|rule| rule.project_roles.contains(&true)).collect();
    let names: Vec<String> =
        in_projects.iter().map(|rule| format!("`{}`", rule.action.as_str())).collect();
    let head: Vec<&str> =
        std::iter::once("role in the project").chain(names.iter().map(String::as_str)).collect();
    let project_roles = table(
        &head,
        ProjectRole::ALL.into_iter().map(|role| {
            let allowed =
                |action| if policy::allows_in_project(role, action) { "yes" } else { "–" };
            std::iter::once(role.as_str().to_owned())
                .chain(in_projects.iter().map(|rule| allowed(rule.action).to_owned()))
                .collect()
        }),
    );
    let routes = table(
        &["route", "who", "at most", "repeatable by key"],
        policy::ROUTES.iter().map(|route| {
            let who = match route.access {
                Access::Public => "anybody".to_owned(),
                Access::To(action) => format!("`{}`", action.as_str()),
            };
            let most = match route.budget {
                Budget::Usual => "60 a minute",
                Budget::Messages => "30 a minute",
                Budget::Credentials => "10 a minute",
                Budget::Exports => "5 an hour",
                Budget::Free => "–",
            };
            let creates = if route.creates { "`Idempotency-Key`" } else { "" };
            vec![
                format!("`{} {}`", route.method, route.path),
                who,
                most.to_owned(),
                creates.to_owned(),
            ]
        }),
    );
    let text = format!(
        "# Who may do what\n\n\
         Made from the two tables of `shared/tenancy/src/policy/`; a test fails when it is stale. \
         The gate before every handler decides by them, and the chat's rules ask them. What is \
         not in them is refused. \
         `GET /api/v1/policy` answers the same.\n\n\
         ## Actions\n\n\
         `allow`: in the whole organisation. `member`: in projects one is a member of, as far as \
         the role there allows. `own`: what is one's own. A key does what its scopes say, and no \
         more than the person who made it. Fresh proof: within the last five minutes \
         (`POST /api/v1/auth/step-up`).\n\n{actions}\n\
         ## Roles in a project\n\n\
         For those who reach an action as a member, and for everybody who writes from a linked \
         phone.\n\n{project_roles}\n\
         ## Routes\n\n{routes}"
    );
    expect_file!["../../../docs/policy.md"].assert_eq(&text);
}
