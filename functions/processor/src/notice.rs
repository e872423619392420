//! Changes that are neither messages nor statuses: kept as they came.

use store::Quarantined;

use crate::App;
use crate::event::{Arrived, Fault, Taken};

pub(crate) async fn take(app: &App, arrived: &Arrived) -> Result<Taken, Fault> {
    let scope = arrived.route.scope();
    let id = Quarantined::id_of(arrived.envelope.received_at, &arrived.raw);
    let origin = whatsapp::webhook::origin_of(&arrived.raw);
    let field = origin.as_ref().map_or("unknown", |origin| origin.field.as_str());
    if !app.store.for_tenant(&scope).keep_notice(&id, field, &arrived.raw).await? {
        return Ok(Taken::Duplicate);
    }
    tracing::info!(tenant.id = %scope.tenant(), field, "notice stored");
    Ok(Taken::Stored)
}
