//! Who is recognised as whom.

use serde_json::{Value, json};

use crate::world::{FOREMAN, STRANGER, World};

const BSUID: &str = "DE.1502576394655843";

fn with(mut item: Value, bsuid: Option<&str>, phone: bool) -> Value {
    let fields = item.as_object_mut().unwrap();
    if let Some(bsuid) = bsuid {
        fields.insert("from_user_id".to_owned(), json!(bsuid));
    }
    if !phone {
        fields.remove("from");
    }
    item
}

#[tokio::test]
async fn a_phone_and_a_scoped_id_seen_together_are_one_contact_from_then_on() {
    let world = World::new().await;
    world.take(&[with(world.text(STRANGER, "wamid.1", "one"), None, true)]).await;
    world.take(&[with(world.text(STRANGER, "wamid.2", "two"), Some(BSUID), true)]).await;
    world.take(&[with(world.text(STRANGER, "wamid.3", "three"), Some(BSUID), false)]).await;
    let by_phone = world.store.contact_of(STRANGER).await.unwrap();
    assert_eq!(by_phone, world.store.contact_of(BSUID).await.unwrap());
    let texts: Vec<_> = world
        .messages(STRANGER)
        .await
        .into_iter()
        .filter(|m| m.direction == domain::message::Direction::Inbound)
        .map(|m| m.content.text().to_owned())
        .collect();
    assert_eq!(texts, ["one", "two", "three"]);
}

#[tokio::test]
async fn a_person_without_a_phone_is_a_contact_too() {
    let world = World::new().await;
    world.take(&[with(world.text("", "wamid.1", "hello"), Some(BSUID), false)]).await;
    assert_eq!(world.messages(BSUID).await.len(), 2);
}

#[tokio::test]
async fn a_known_variant_of_a_number_is_the_same_person() {
    let world = World::new().await;
    world.take(&[world.text("5511988887777", "wamid.1", "oi")]).await;
    world.take(&[world.text("551188887777", "wamid.2", "oi")]).await;
    let one = world.store.contact_of("5511988887777").await.unwrap();
    assert_eq!(one, world.store.contact_of("551188887777").await.unwrap());
}

#[tokio::test]
async fn a_changed_number_stays_the_same_contact() {
    let world = World::new().await;
    world.take(&[world.text(FOREMAN, "wamid.1", "hello")]).await;
    let notice = json!({
        "type": "user_changed_number", "wa_id": "971509999999", "body": "Omar changed",
    });
    world.take(&[world.item(FOREMAN, "wamid.2", "system", notice)]).await;
    world.take(&[world.text("971509999999", "wamid.3", "hello again")]).await;
    let old = world.store.contact_of(FOREMAN).await.unwrap();
    assert_eq!(old, world.store.contact_of("971509999999").await.unwrap());
}

#[tokio::test]
async fn a_new_scoped_id_leads_to_the_same_contact() {
    let world = World::new().await;
    world.take(&[with(world.text(STRANGER, "wamid.1", "one"), Some(BSUID), true)]).await;
    let rotated = |previous: &str, current: &str| {
        let item = json!({
            "wa_id": STRANGER,
            "user_id": { "previous": previous, "current": current },
            "timestamp": "1790004200",
        });
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": { "phone_number_id": crate::world::NUMBER },
            "user_id_update": [item],
        });
        let change = json!({ "field": "user_id_update", "value": value });
        let entry = json!({ "id": "1", "changes": [change] });
        json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string()
    };
    let new = "DE.77";
    for _ in 0..2 {
        let records = world.records_of_body(rotated(BSUID, new).as_bytes());
        assert!(world.handle(records).await.batch_item_failures.is_empty());
    }
    world.take(&[with(world.text("", "wamid.2", "two"), Some(new), false)]).await;
    assert_eq!(
        world.store.contact_of(new).await.unwrap(),
        world.store.contact_of(STRANGER).await.unwrap()
    );
    // Nobody's old id, and a phone nobody has: kept, and nothing follows.
    let records = world
        .records_of_body(rotated("DE.1", "DE.2").replace(STRANGER, "4915110000000").as_bytes());
    assert!(world.handle(records).await.batch_item_failures.is_empty());
    assert_eq!(world.store.contact_of("DE.2").await.unwrap(), None);
}
