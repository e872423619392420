//! What a message says, by its type. Every type of the reference (§4.1) has its arm here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::contact::{Bsuid, Sender};
use domain::content::{Card, Choice, Content, Location, Media, OrderItem, SystemNotice};
use domain::id::encode_hex;
use rust_decimal::Decimal;

use crate::digest::unhex;
use crate::identity::Identity;
use crate::inbound::errors;
use crate::json::Object;

/// The longest type name kept.
const MAX_KIND_CHARS: usize = 64;

const SHA256_LEN: usize = 32;

/// The content of a message. Total: what cannot be read is named and left to the raw event.
pub(super) fn read(item: &Object<'_>) -> Content {
    let kind = kind(item);
    let content = match &*kind {
        "edit" => edit(item),
        "revoke" => original(item, "revoke").map(|original| Content::Revoke { original }),
        _ => plain(&kind, item),
    };
    content.unwrap_or_else(|| unreadable(kind, item))
}

fn kind(item: &Object<'_>) -> String {
    let kind = item.id("type").unwrap_or_else(|| "untyped".to_owned());
    kind.chars().take(MAX_KIND_CHARS).collect()
}

fn unreadable(kind: String, item: &Object<'_>) -> Content {
    let errors = errors(item);
    if errors.is_empty() {
        Content::Unknown { kind }
    } else {
        Content::Unsupported { kind: Some(kind), errors }
    }
}

fn original(item: &Object<'_>, key: &str) -> Option<String> {
    item.object(key)?.id("original_message_id")
}

/// An edit holds a message of any type but another edit or a revoke, so this goes one level deep.
fn edit(item: &Object<'_>) -> Option<Content> {
    let message = item.object("edit")?.object("message")?;
    let kind = kind(&message);
    let content = plain(&kind, &message).unwrap_or_else(|| unreadable(kind, &message));
    Some(Content::Edit { original: original(item, "edit")?, content: Box::new(content) })
}

/// Every type that does not hold another message. `None` when it cannot be read.
fn plain(kind: &str, item: &Object<'_>) -> Option<Content> {
    match kind {
        "request_welcome" => return Some(Content::Welcome),
        "unsupported" | "unknown" => return Some(unsupported(item)),
        "contacts" => {
            let contacts: Vec<Card> = item.objects(kind).iter().map(card).collect();
            return (!contacts.is_empty()).then_some(Content::Contacts { contacts });
        }
        _ => {}
    }
    let part = item.object(kind)?;
    match kind {
        "text" => Some(Content::Text { body: part.text("body")? }),
        "image" => media(&part).map(Content::Image),
        "video" => media(&part).map(Content::Video),
        "audio" => media(&part).map(Content::Audio),
        "voice" => media(&part).map(|media| Content::Audio(Media { voice: true, ..media })),
        "document" => media(&part).map(Content::Document),
        "sticker" => media(&part).map(Content::Sticker),
        "location" => location(&part).map(Content::Location),
        "interactive" => interactive(&part),
        "button" => {
            let text = part.text("text").unwrap_or_default();
            let payload = part.text("payload").unwrap_or_else(|| text.clone());
            Some(Content::TemplateButton { payload, text })
        }
        "reaction" => {
            Some(Content::Reaction { target: part.id("message_id")?, emoji: part.words("emoji") })
        }
        "order" => order(&part),
        "system" => Some(Content::System(system(&part))),
        _ => None,
    }
}

fn unsupported(item: &Object<'_>) -> Content {
    let kind = item.object("unsupported").and_then(|part| part.id("type"));
    Content::Unsupported { kind, errors: errors(item) }
}

fn media(part: &Object<'_>) -> Option<Media> {
    Some(Media {
        id: part.id("id")?,
        mime_type: part.text("mime_type").unwrap_or_default(),
        sha256: part.id("sha256").and_then(|text| sha256(&text)),
        caption: part.words("caption"),
        file_name: part.words("filename"),
        voice: part.is_true("voice"),
        animated: part.is_true("animated"),
    })
}

/// Meta writes base64 in webhooks and hexadecimal elsewhere; the length tells them apart.
fn sha256(text: &str) -> Option<String> {
    let bytes = unhex(&text.to_ascii_lowercase()).or_else(|| STANDARD.decode(text).ok())?;
    (bytes.len() == SHA256_LEN).then(|| encode_hex(&bytes))
}

fn location(part: &Object<'_>) -> Option<Location> {
    let degrees =
        |key: &str, most: f64| part.number::<f64>(key).filter(|degrees| degrees.abs() <= most);
    Some(Location {
        latitude: degrees("latitude", 90.0)?,
        longitude: degrees("longitude", 180.0)?,
        name: part.words("name"),
        address: part.words("address"),
    })
}

fn card(card: &Object<'_>) -> Card {
    let all = |list: &str, key: &str| {
        card.objects(list).iter().filter_map(|entry| entry.id(key)).collect()
    };
    Card {
        name: card.object("name").and_then(|name| name.words("formatted_name")),
        phones: all("phones", "phone"),
        emails: all("emails", "email"),
        origin: card.words("origin"),
    }
}

fn interactive(part: &Object<'_>) -> Option<Content> {
    let kind = part.id("type")?;
    let answer = part.object(&kind);
    match (&*kind, answer) {
        ("button_reply" | "list_reply", Some(answer)) => Some(Content::Choice(Choice {
            id: answer.id("id")?,
            title: answer.text("title").unwrap_or_default(),
        })),
        ("nfm_reply", Some(answer)) => {
            // A string that holds JSON, as documented; seen as bare JSON too.
            let response = answer.text("response_json").or_else(|| {
                answer.raw("response_json").map(|response| response.get().to_owned())
            })?;
            Some(Content::FlowReply { name: answer.text("name").unwrap_or_default(), response })
        }
        _ => Some(Content::Unknown {
            kind: format!("interactive.{kind}").chars().take(MAX_KIND_CHARS).collect(),
        }),
    }
}

/// All items or none: an order with a line missing would be another order.
fn order(part: &Object<'_>) -> Option<Content> {
    let lines = part.list("product_items")?;
    let items: Vec<OrderItem> =
        lines.into_iter().map(|line| order_item(&Object::of(line)?)).collect::<Option<_>>()?;
    Some(Content::Order { catalog_id: part.id("catalog_id")?, text: part.words("text"), items })
}

fn order_item(item: &Object<'_>) -> Option<OrderItem> {
    let price = item.scalar("item_price")?;
    Some(OrderItem {
        product: item.id("product_retailer_id")?,
        quantity: item.number("quantity")?,
        item_price: price.parse().or_else(|_| Decimal::from_scientific(&price)).ok()?,
        currency: item.id("currency")?,
    })
}

fn system(part: &Object<'_>) -> SystemNotice {
    let Sender { bsuid, phone, .. } = Identity::read(part, &["wa_id", "user_id"]).into_sender();
    // A parent id is another scope; only a plain one replaces the contact's.
    let new_bsuid: Option<Bsuid> = bsuid.filter(|bsuid| !bsuid.as_str().contains(".ENT."));
    SystemNotice {
        event: part.id("type").unwrap_or_default(),
        body: part.text("body").unwrap_or_default(),
        new_phone: phone,
        new_bsuid,
    }
}
