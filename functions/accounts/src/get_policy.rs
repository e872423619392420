//! `GET /api/v1/policy`

use axum::Json;
use domain::role::{ProjectRole, TenantRole};
use serde::Serialize;
use tenancy::policy::{self, RULES, Rule};
use utoipa::ToSchema;
use web::openapi::Usual;

/// Who may do what: the table that decides, as it decides.
#[utoipa::path(
    get,
    path = "/api/v1/policy",
    tag = "policy",
    responses((status = 200, description = "The table", body = Policy), Usual),
    security(("token" = []))
)]
pub(crate) async fn get_policy() -> Json<Policy> {
    Json(Policy { actions: RULES.iter().map(ActionAnswer::of).collect() })
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Policy {
    actions: Vec<ActionAnswer>,
}

/// What the table says of one action.
#[derive(Debug, Serialize, ToSchema)]
struct ActionAnswer {
    #[schema(example = "read_costs")]
    action: &'static str,
    /// `deny`, `own`, `member` (in projects of the caller) or `allow`, by the role in the
    /// organisation.
    roles: Vec<RoleReach>,
    /// Roles in a project that allow it there, in the chat too.
    #[schema(example = json!(["owner", "manager"]))]
    project_roles: Vec<&'static str>,
    /// The scope an API key needs; without one no key may.
    #[schema(example = "costs:read")]
    key_scope: Option<&'static str>,
    /// The caller must have proved who they are within the last five minutes.
    #[schema(example = false)]
    needs_fresh_proof: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct RoleReach {
    #[schema(example = "manager")]
    role: &'static str,
    #[schema(example = "allow")]
    reach: &'static str,
}

impl ActionAnswer {
    fn of(rule: &Rule) -> Self {
        Self {
            action: rule.action.as_str(),
            roles: TenantRole::ALL
                .into_iter()
                .map(|role| RoleReach {
                    role: role.as_str(),
                    reach: policy::reach(role, rule.action).as_str(),
                })
                .collect(),
            project_roles: ProjectRole::ALL
                .into_iter()
                .filter(|role| policy::allows_in_project(*role, rule.action))
                .map(ProjectRole::as_str)
                .collect(),
            key_scope: rule.scope.map(policy::KeyScope::as_str),
            needs_fresh_proof: rule.needs_fresh_proof,
        }
    }
}
