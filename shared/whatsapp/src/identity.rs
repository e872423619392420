//! Who somebody is: identifiers told apart by their shape, contacts matched by identifier.
//!
//! Meta has put business-scoped ids under phone keys and leaves either out, so the key under which
//! a value stands proves nothing; nor does a contact's place in its list.

use std::collections::HashMap;

use domain::Phone;
use domain::contact::{Bsuid, Sender};
use serde_json::value::RawValue;

use crate::json::Object;

/// Where `messages[]` name their sender.
pub(crate) const FROM: [&str; 3] = ["from", "from_user_id", "from_parent_user_id"];
/// Where `statuses[]` name the recipient; the last is the spelling of April and May 2026.
pub(crate) const RECIPIENT: [&str; 4] =
    ["recipient_id", "recipient_user_id", "recipient_parent_user_id", "parent_recipient_user_id"];
/// Where statuses of a group name the one participant they speak of.
pub(crate) const PARTICIPANT: [&str; 4] = [
    "recipient_participant_id",
    "participant_recipient_id",
    "recipient_participant_user_id",
    "recipient_participant_parent_user_id",
];
/// Where `contacts[]`, preferences and the answer to a send name the person.
pub(crate) const CONTACT: [&str; 3] = ["wa_id", "user_id", "parent_user_id"];

/// What is known of a person.
#[derive(Debug, Clone, Default)]
pub(crate) struct Identity {
    bsuid: Option<Bsuid>,
    /// Scoped to a set of portfolios: another scope than `bsuid`, kept apart from it.
    parent: Option<Bsuid>,
    phone: Option<Phone>,
    name: Option<String>,
}

impl Identity {
    /// Reads the values under these keys, by shape.
    pub(crate) fn read(object: &Object<'_>, keys: &[&str]) -> Self {
        let mut identity = Self::default();
        for value in keys.iter().filter_map(|key| object.id(key)) {
            match Bsuid::parse(&value) {
                Some(parent) if value.contains(".ENT.") => {
                    identity.parent.get_or_insert(parent);
                }
                Some(bsuid) => {
                    identity.bsuid.get_or_insert(bsuid);
                }
                None => identity.phone = identity.phone.or(value.parse().ok()),
            }
        }
        identity
    }

    /// Reads a `contacts[]` entry; everything in it is optional.
    pub(crate) fn of_contact(contact: &Object<'_>) -> Self {
        let name = contact.object("profile").and_then(|profile| profile.words("name"));
        Self { name, ..Self::read(contact, &CONTACT) }
    }

    /// Fills the gaps from another source on the same person.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            bsuid: self.bsuid.or(other.bsuid),
            parent: self.parent.or(other.parent),
            phone: self.phone.or(other.phone),
            name: self.name.or(other.name),
        }
    }

    /// The sender. The parent id stands in only where nothing else names the person: Meta takes it
    /// as a recipient too, so the message can be answered.
    pub(crate) fn into_sender(self) -> Sender {
        let bsuid = match self.phone {
            Some(_) => self.bsuid,
            None => self.bsuid.or(self.parent),
        };
        Sender { bsuid, phone: self.phone, name: self.name }
    }
}

/// The `contacts[]` of one change.
pub(crate) struct People<'a> {
    contacts: Vec<(&'a RawValue, Identity)>,
    by_id: HashMap<String, usize>,
}

impl<'a> People<'a> {
    pub(crate) fn read(value: &Object<'a>) -> Self {
        let mut people = Self { contacts: Vec::new(), by_id: HashMap::new() };
        for raw in value.list("contacts").unwrap_or_default() {
            let Some(contact) = Object::of(raw) else { continue };
            let identity = Identity::of_contact(&contact);
            let place = people.contacts.len();
            for id in ids(&identity) {
                people.by_id.entry(id).or_insert(place);
            }
            people.contacts.push((raw, identity));
        }
        people
    }

    /// The contact this person is, by business-scoped id and then by number.
    pub(crate) fn find(&self, identity: &Identity) -> Option<&(&'a RawValue, Identity)> {
        let place = ids(identity).find_map(|id| self.by_id.get(&id))?;
        self.contacts.get(*place)
    }
}

fn ids(identity: &Identity) -> impl Iterator<Item = String> {
    let bsuid = identity.bsuid.as_ref().map(|bsuid| bsuid.as_str().to_owned());
    let phone = identity.phone.as_ref().map(|phone| phone.digits().to_owned());
    let parent = identity.parent.as_ref().map(|parent| parent.as_str().to_owned());
    bsuid.into_iter().chain(phone).chain(parent)
}
