//! What Meta refuses: missing parameters, wrong values, too long, too many.

use serde_json::Value;

use super::answer::Refusal;

const BODY_CHARS_MAX: usize = 4_096;
const CAPTION_CHARS_MAX: usize = 1_024;
const INTERACTIVE_BODY_CHARS_MAX: usize = 1_024;
const LIST_BODY_CHARS_MAX: usize = 4_096;
const CALLBACK_CHARS_MAX: usize = 512;
const BUTTONS_MAX: usize = 3;
const ROWS_MAX: usize = 10;
const TITLE_CHARS_MAX: usize = 20;
const ROW_TITLE_CHARS_MAX: usize = 24;
const ROW_DESCRIPTION_CHARS_MAX: usize = 72;
const BUTTON_ID_CHARS_MAX: usize = 256;
const ROW_ID_CHARS_MAX: usize = 200;

/// What a body asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Mark a message, and all before it, as read.
    Read,
    /// Send to this recipient, as it was written.
    Send(String),
}

/// Reads a body of `/messages`.
pub(super) fn order(body: &Value, media_exists: &dyn Fn(&str) -> bool) -> Result<Order, Refusal> {
    if text(body, "messaging_product") != Some("whatsapp") {
        return Err(Refusal::bad(100, "The parameter messaging_product is required."));
    }
    if text(body, "status") == Some("read") {
        filled(body, "message_id")?;
        return Ok(Order::Read);
    }
    let recipient = recipient(body)?;
    if text(body, "biz_opaque_callback_data")
        .is_some_and(|data| data.chars().count() > CALLBACK_CHARS_MAX)
    {
        return Err(Refusal::bad(100, "biz_opaque_callback_data is too long"));
    }
    if let Some(context) = body.get("context") {
        filled(context, "message_id")?;
    }
    content(body, media_exists)?;
    Ok(Order::Send(recipient))
}

fn recipient(body: &Value) -> Result<String, Refusal> {
    if let Some(to) = text(body, "to") {
        let digits = to.trim_start_matches('+');
        let is_phone =
            (5..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        // A business-scoped id here is not refused: Meta drops such a message silently.
        let is_bsuid = domain::contact::Bsuid::parse(to).is_some();
        return if is_phone || is_bsuid { Ok(to.to_owned()) } else { Err(wrong("to")) };
    }
    match text(body, "recipient") {
        Some(id) if domain::contact::Bsuid::parse(id).is_some() => Ok(id.to_owned()),
        Some(_) => Err(wrong("recipient")),
        None => Err(Refusal::bad(100, "The parameter to is required.")),
    }
}

fn content(body: &Value, media_exists: &dyn Fn(&str) -> bool) -> Result<(), Refusal> {
    let kind = text(body, "type").unwrap_or("text");
    let Some(part) = body.get(kind) else {
        return Err(Refusal::bad(100, format!("The parameter {kind} is required.")));
    };
    match kind {
        "text" => within(part, "body", 1, BODY_CHARS_MAX),
        "image" | "video" | "audio" | "document" | "sticker" => media(part, media_exists),
        "location" => filled(part, "latitude").and(filled(part, "longitude")),
        "contacts" => match part.as_array() {
            Some(cards) if !cards.is_empty() => Ok(()),
            Some(_) | None => Err(wrong("contacts")),
        },
        "reaction" => filled(part, "message_id"),
        "interactive" => interactive(part),
        "template" => filled(part, "name"),
        other => Err(Refusal::bad(100, format!("Param type must be one of {{…}} - got {other}"))),
    }
}

fn media(part: &Value, media_exists: &dyn Fn(&str) -> bool) -> Result<(), Refusal> {
    if text(part, "caption").is_some_and(|caption| caption.chars().count() > CAPTION_CHARS_MAX) {
        return Err(wrong("caption"));
    }
    match (text(part, "id"), text(part, "link")) {
        (Some(id), None) if media_exists(id) => Ok(()),
        (None, Some(link)) if link.starts_with("https://") => Ok(()),
        _ => Err(wrong("id")),
    }
}

fn interactive(part: &Value) -> Result<(), Refusal> {
    let action = part.get("action").ok_or_else(|| missing("action"))?;
    let words = part.get("body").unwrap_or(&Value::Null);
    match text(part, "type") {
        Some("button") => {
            within(words, "text", 1, INTERACTIVE_BODY_CHARS_MAX)?;
            let buttons = list(action, "buttons")?;
            let buttons: Vec<&Value> =
                buttons.iter().map(|button| button.get("reply").unwrap_or(&Value::Null)).collect();
            if buttons.is_empty() || buttons.len() > BUTTONS_MAX {
                return Err(wrong("buttons"));
            }
            for button in &buttons {
                within(button, "id", 1, BUTTON_ID_CHARS_MAX)?;
                within(button, "title", 1, TITLE_CHARS_MAX)?;
            }
            distinct(&buttons, "id").and(distinct(&buttons, "title"))
        }
        Some("list") => {
            within(words, "text", 1, LIST_BODY_CHARS_MAX)?;
            within(action, "button", 1, TITLE_CHARS_MAX)?;
            let mut rows = Vec::new();
            for section in list(action, "sections")? {
                rows.extend(list(section, "rows")?);
            }
            if rows.is_empty() || rows.len() > ROWS_MAX {
                return Err(wrong("rows"));
            }
            for row in &rows {
                within(row, "id", 1, ROW_ID_CHARS_MAX)?;
                within(row, "title", 1, ROW_TITLE_CHARS_MAX)?;
                if row.get("description").is_some() {
                    within(row, "description", 1, ROW_DESCRIPTION_CHARS_MAX)?;
                }
            }
            distinct(&rows, "id")
        }
        Some(_) => Ok(()),
        None => Err(missing("type")),
    }
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, Refusal> {
    value.get(key).and_then(Value::as_array).ok_or_else(|| missing(key))
}

fn distinct(items: &[&Value], key: &str) -> Result<(), Refusal> {
    let mut seen = std::collections::BTreeSet::new();
    if items.iter().all(|item| seen.insert(text(item, key))) { Ok(()) } else { Err(wrong(key)) }
}

fn within(value: &Value, key: &str, least: usize, most: usize) -> Result<(), Refusal> {
    let words = text(value, key).ok_or_else(|| missing(key))?;
    if (least..=most).contains(&words.chars().count()) { Ok(()) } else { Err(wrong(key)) }
}

fn filled(value: &Value, key: &str) -> Result<(), Refusal> {
    within(value, key, 1, usize::MAX)
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn missing(key: &str) -> Refusal {
    Refusal::bad(131_008, format!("The parameter {key} is required."))
}

fn wrong(key: &str) -> Refusal {
    Refusal::bad(131_009, format!("The value of {key} is not valid."))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Order, order};

    fn judge(body: &Value) -> Result<Order, i64> {
        order(body, &|id| id == "1").map_err(|refusal| refusal.code)
    }

    fn message(kind: &str, part: &Value) -> Value {
        json!({ "messaging_product": "whatsapp", "to": "+971500000001", "type": kind, kind: part })
    }

    fn buttons(titles: &[&str]) -> Value {
        let buttons: Vec<Value> = titles
            .iter()
            .map(|title| json!({ "type": "reply", "reply": { "id": title, "title": title } }))
            .collect();
        message(
            "interactive",
            &json!({ "type": "button", "body": { "text": "?" }, "action": { "buttons": buttons } }),
        )
    }

    #[test]
    fn takes_what_meta_takes() {
        let read = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "w" });
        assert_eq!(judge(&read), Ok(Order::Read));
        for good in [
            message("text", &json!({ "body": "مرحبا" })),
            message("image", &json!({ "id": "1" })),
            buttons(&["Yes", "No"]),
        ] {
            assert_eq!(judge(&good), Ok(Order::Send("+971500000001".to_owned())), "{good}");
        }
    }

    #[test]
    fn refuses_what_meta_refuses_with_its_codes() {
        let long = "x".repeat(4_097);
        for (code, bad) in [
            (100, json!({})),
            (100, json!({ "messaging_product": "whatsapp", "text": { "body": "x" } })),
            (131_008, message("text", &json!({}))),
            (131_009, message("text", &json!({ "body": "" }))),
            (131_009, message("text", &json!({ "body": long }))),
            (131_009, message("image", &json!({ "id": "2" }))),
            (131_009, message("image", &json!({ "id": "1", "link": "https://x" }))),
            (131_009, buttons(&["Yes", "Yes"])),
            (131_009, buttons(&["a", "b", "c", "d"])),
            (131_009, buttons(&["a title of 21 letters"])),
            (100, message("poll", &json!({}))),
        ] {
            assert_eq!(judge(&bad), Err(code), "{bad}");
        }
    }
}
