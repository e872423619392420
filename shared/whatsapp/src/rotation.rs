//! Notices that a person's business-scoped id has changed.

use domain::Phone;
use domain::contact::Bsuid;

use crate::inbound::open;
use crate::json::Object;

/// A person whose id was changed by the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    pub phone: Option<Phone>,
    pub previous: Option<Bsuid>,
    pub current: Bsuid,
}

/// Reads the `raw` text of a notice of the field `user_id_update`; `None` when it names no new id.
pub fn decode_rotation(raw: &str) -> Option<Rotation> {
    let (_, item) = open(raw).ok()?;
    let id = item.object("user_id")?;
    let bsuid = |id: &Object<'_>, key: &str| id.id(key).and_then(|text| Bsuid::parse(&text));
    Some(Rotation {
        phone: item.id("wa_id").and_then(|digits| format!("+{digits}").parse().ok()),
        previous: bsuid(&id, "previous"),
        current: bsuid(&id, "current")?,
    })
}
