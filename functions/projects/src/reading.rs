//! Which projects a caller may read.

use domain::project::Project;
use domain::{Error, ProjectId, Result};
use store::TenantStore;
use tenancy::Caller;

use crate::App;

/// The caller's view of the tables, and a project in it that the caller may read.
///
/// A project the caller is no member of looks like an absent one, unless the role reads all.
pub(crate) async fn project(
    app: &App,
    caller: &Caller,
    id: ProjectId,
) -> Result<(TenantStore, Project)> {
    let store = app.edge.store().for_tenant(caller.scope());
    if !caller.role().reads_every_project() && store.member(id, caller.user()).await?.is_none() {
        return Err(Error::NotFound);
    }
    let project = store.project(id).await?.ok_or(Error::NotFound)?;
    Ok((store, project))
}
