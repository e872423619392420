//! Which projects a caller may read, and what of them.

use domain::project::Project;
use domain::{Error, ProjectId};
use store::TenantStore;
use tenancy::Caller;
use tenancy::policy::{self, Action, Reach};
use web::Problem;

use crate::App;

/// The caller's view of the tables, and a project in it where the caller may do `action`.
///
/// A project the caller is no member of looks like an absent one, unless the role reaches all.
pub(crate) async fn project(
    app: &App,
    caller: &Caller,
    id: ProjectId,
    action: Action,
) -> Result<(TenantStore, Project), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    if caller.reach(action) != Reach::Allow {
        let member = store.member(id, caller.user()).await?.ok_or(Error::NotFound)?;
        if !policy::allows_in_project(member.role, action) {
            return Err(Problem::forbidden("your role in the project does not allow it"));
        }
    }
    let project = store.project(id).await?.ok_or(Error::NotFound)?;
    Ok((store, project))
}
