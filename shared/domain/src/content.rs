//! What a message says, in typed form. The raw event is kept beside it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::text::clip;

const PREVIEW_CHARS: usize = 80;

/// The content of a message, inbound or outbound. Tagged by `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    Text {
        body: String,
    },
    Image(Media),
    Video(Media),
    Audio(Media),
    Document(Media),
    Sticker(Media),
    Location(Location),
    Contacts {
        contacts: Vec<Card>,
    },
    /// A tap on one of our reply buttons or list rows; `id` is what we gave it.
    Choice(Choice),
    /// A tap on a template's quick reply.
    TemplateButton {
        payload: String,
        text: String,
    },
    /// A submitted WhatsApp Flow; `response` is the JSON text as it came.
    FlowReply {
        name: String,
        response: String,
    },
    Reaction {
        target: String,
        emoji: Option<String>,
    },
    Order {
        catalog_id: String,
        text: Option<String>,
        items: Vec<OrderItem>,
    },
    System(SystemNotice),
    /// A new version of an earlier message of the same sender.
    Edit {
        original: String,
        content: Box<Content>,
    },
    /// The sender took an earlier message back.
    Revoke {
        original: String,
    },
    /// A first-contact ping without content.
    Welcome,
    /// WhatsApp could not deliver the content to an API.
    Unsupported {
        kind: Option<String>,
        errors: Vec<ProviderError>,
    },
    /// A type this version does not know; the raw event has it all.
    Unknown {
        kind: String,
    },
    /// Outbound: text with up to three reply buttons.
    Buttons {
        body: String,
        buttons: Vec<Button>,
    },
    /// Outbound: text with a menu of up to ten rows.
    List {
        body: String,
        button: String,
        rows: Vec<Row>,
    },
}

impl Content {
    /// The words in it: what a person would read first. Empty for what has none.
    pub fn text(&self) -> &str {
        match self {
            Self::Text { body } | Self::Buttons { body, .. } | Self::List { body, .. } => body,
            Self::Image(media)
            | Self::Video(media)
            | Self::Audio(media)
            | Self::Document(media)
            | Self::Sticker(media) => media.caption.as_deref().unwrap_or(""),
            Self::Choice(choice) => &choice.title,
            Self::TemplateButton { text, .. } => text,
            Self::Order { text, .. } => text.as_deref().unwrap_or(""),
            Self::System(notice) => &notice.body,
            Self::Edit { content, .. } => content.text(),
            Self::Location(location) => location.name.as_deref().unwrap_or(""),
            Self::Contacts { .. }
            | Self::FlowReply { .. }
            | Self::Reaction { .. }
            | Self::Revoke { .. }
            | Self::Welcome
            | Self::Unsupported { .. }
            | Self::Unknown { .. } => "",
        }
    }

    /// Its first words on one line, for a list; what kind it is when it has none.
    pub fn preview(&self) -> String {
        let words: Vec<&str> = self.text().split_whitespace().collect();
        if words.is_empty() {
            return self.kind().to_owned();
        }
        clip(&words.join(" "), PREVIEW_CHARS)
    }

    /// The tag under which it is stored and shown, as in `text` or `image`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Image(_) => "image",
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::Document(_) => "document",
            Self::Sticker(_) => "sticker",
            Self::Location(_) => "location",
            Self::Contacts { .. } => "contacts",
            Self::Choice(_) => "choice",
            Self::TemplateButton { .. } => "template_button",
            Self::FlowReply { .. } => "flow_reply",
            Self::Reaction { .. } => "reaction",
            Self::Order { .. } => "order",
            Self::System(_) => "system",
            Self::Edit { .. } => "edit",
            Self::Revoke { .. } => "revoke",
            Self::Welcome => "welcome",
            Self::Unsupported { .. } => "unsupported",
            Self::Unknown { .. } => "unknown",
            Self::Buttons { .. } => "buttons",
            Self::List { .. } => "list",
        }
    }
}

/// A reference to a file at the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// The provider's media id; inbound ids live seven days.
    pub id: String,
    pub mime_type: String,
    /// SHA-256 of the bytes in lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// As the sender named it: data, never a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// A recorded voice note rather than an audio file.
    #[serde(default)]
    pub voice: bool,
    #[serde(default)]
    pub animated: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A shared contact card, reduced to what the product uses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub name: Option<String>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    /// `contact_request` when the person answered a request for their own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub id: String,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    pub product: String,
    pub quantity: i64,
    pub item_price: Decimal,
    pub currency: String,
}

/// WhatsApp telling of a change to the sender's account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemNotice {
    /// As Meta names it: `user_changed_number`, `user_changed_user_id`, ...
    pub event: String,
    pub body: String,
    /// The new number, when the notice says so.
    pub new_phone: Option<crate::phone::Phone>,
    /// The new business-scoped user id, when the notice says so.
    pub new_bsuid: Option<crate::contact::Bsuid>,
}

/// An error as the provider words it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderError {
    pub code: i64,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}

/// A reply button. WhatsApp: title ≤ 20 characters, id ≤ 256, both unique in the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub id: String,
    pub title: String,
}

/// A list row. WhatsApp: title ≤ 24 characters, description ≤ 72, id ≤ 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}
