//! A log that was changed behind the functions' back: each kind of change is found.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::AuditId;
use domain::audit::AuditEntry;
use jiff::SignedDuration;
use uuid::Uuid;

use super::{Archive, Row, text, trail};
use crate::office::Company;

/// Rows before and after.
type Damage = Vec<(Option<Row>, Option<Row>)>;
/// What is done, how, and what a verification must find.
type Kind = (&'static str, fn(&[Row]) -> Damage, &'static [&'static str]);

const KINDS: [Kind; 12] = [
    (
        "an entry says something else",
        |rows| vec![changed(&entries(rows)[1], |row| set(row, "action", "task.deleted"))],
        &["entry_changed"],
    ),
    (
        "an entry has one field more",
        |rows| vec![changed(&entries(rows)[0], |row| set(row, "ip_prefix", "10.0.0.0/24"))],
        &["entry_changed"],
    ),
    (
        "an entry belongs to nobody",
        |rows| {
            vec![changed(&entries(rows)[0], |row| {
                row.insert("t".to_owned(), AttributeValue::S("0".repeat(26)));
            })]
        },
        &["entry_changed"],
    ),
    ("an entry is gone", |rows| vec![(Some(entries(rows)[2].clone()), None)], &["entry_removed"]),
    (
        "an entry and its mark are gone",
        |rows| {
            let entry = entries(rows)[2].clone();
            let mark = entry_mark(rows, &entry);
            vec![(Some(entry), None), (Some(mark), None)]
        },
        &["entry_removed"],
    ),
    (
        "two entries have changed places",
        |rows| exchanged(&entries(rows)[0], &entries(rows)[3]),
        &["entry_changed", "entry_changed"],
    ),
    ("a row is put in", |rows| vec![(None, Some(foreign(&entries(rows)[0])))], &["entry_inserted"]),
    (
        "a row is put in with a mark",
        |rows| {
            let entry = foreign(&entries(rows)[0]);
            let mut mark = entry_mark(rows, &entries(rows)[0]);
            for (name, value) in [("pk", text(&entry, "pk")), ("sk", text(&entry, "sk"))] {
                let value = value.replace("E#", "L#");
                mark.insert(name.to_owned(), AttributeValue::S(value));
            }
            vec![(None, Some(entry)), (None, Some(mark))]
        },
        &["entry_inserted"],
    ),
    (
        "a link says that an entry was another",
        |rows| {
            vec![changed(&links(rows)[1], |row| {
                let doc = doc(row);
                let Some(AttributeValue::L(entries)) = doc.get_mut("entries") else { panic!() };
                let Some(AttributeValue::M(entry)) = entries.first_mut() else { panic!() };
                entry.insert("hash".to_owned(), AttributeValue::S("0".repeat(64)));
            })]
        },
        &["entry_changed", "link_changed"],
    ),
    (
        "a link is gone",
        |rows| vec![(Some(links(rows)[1].clone()), None)],
        &["entry_inserted", "entry_inserted", "link_removed"],
    ),
    (
        "the last link is gone",
        |rows| vec![(Some(links(rows)[2].clone()), None)],
        &["entry_inserted", "entry_inserted"],
    ),
    (
        "two links have changed places",
        |rows| exchanged(&links(rows)[0], &links(rows)[1]),
        &["link_changed", "link_moved", "link_moved"],
    ),
];

#[tokio::test]
async fn every_kind_of_tampering_is_found_and_named() {
    let (archive, company) = chained().await;
    let rows = archive.rows(&company).await;
    assert_eq!((entries(&rows).len(), links(&rows).len()), (6, 3));
    assert_eq!(archive.verify(&company, "").await.kinds, [""; 0]);
    for (what, damage, expected) in KINDS {
        let damage = damage(&rows);
        archive.replace(&damage).await;
        let found = archive.verify(&company, "limit=2").await;
        assert_eq!(found.kinds, expected, "{what}");
        let repair: Damage = damage.into_iter().map(|(before, after)| (after, before)).collect();
        archive.replace(&repair).await;
        assert_eq!(archive.verify(&company, "").await.kinds, [""; 0], "{what}: not repaired");
    }
}

/// Whoever can rewrite the table to its end leaves a log that is whole in itself; a head that was
/// kept elsewhere tells it all the same.
#[tokio::test]
async fn a_head_kept_elsewhere_proves_what_the_table_alone_cannot() {
    let (archive, company) = chained().await;
    let head = archive.verify(&company, "").await.head;
    let known = format!("known_seq={}&known_hash={}", head["seq"], head["hash"].as_str().unwrap());
    assert_eq!(archive.verify(&company, &known).await.kinds, [""; 0]);

    let rows = archive.rows(&company).await;
    let last = links(&rows)[2].clone();
    let mut cut: Damage = vec![(Some(last), None)];
    for entry in &entries(&rows)[4..] {
        cut.push((Some(entry.clone()), None));
        cut.push((Some(entry_mark(&rows, entry)), None));
    }
    archive.replace(&cut).await;
    assert_eq!(archive.verify(&company, "").await.kinds, [""; 0]);
    assert_eq!(archive.verify(&company, &known).await.kinds, ["history_rewritten"]);
}

/// A row put in afterwards does not get into the chain by the stream either.
#[tokio::test]
async fn a_backdated_row_is_not_linked() {
    let (archive, company) = chained().await;
    let rows = archive.rows(&company).await;
    archive.put(foreign(&entries(&rows)[0])).await;
    // Its identifier is of today, its word of the day before yesterday.
    let trail = trail(company.owner.id);
    let today = company.now + SignedDuration::from_hours(25);
    let ids = &*archive.office.cloud.ids;
    let mut entry: AuditEntry = trail.entry(ids, today, "task.created", "a-target");
    entry.at = company.now;
    let mut write = company.store.transaction();
    write.audit::<()>(entry, None, None);
    write.commit().await.unwrap();
    archive.chain_what_is_new().await;
    let verdict = archive.verify(&company, "").await;
    assert_eq!((verdict.links, verdict.entries), (3, 6), "nothing was linked");
    assert_eq!((verdict.kinds, verdict.pending), (vec!["entry_inserted".to_owned()], 1));
}

/// Six entries in three links, a day old.
async fn chained() -> (Archive, Company) {
    let archive = Archive::open().await;
    let company = Company::found(&archive.office, "ALFA").await;
    for hour in 0..3 {
        let at = company.now + SignedDuration::from_mins(hour);
        archive.tell(&company, at, &["task.created", "task.done"]).await;
        archive.chain_what_is_new().await;
    }
    archive.office.cloud.advance(25 * 3_600);
    (archive, company)
}

impl Archive {
    async fn replace(&self, damage: &Damage) {
        for (before, _) in damage {
            if let Some(row) = before {
                self.delete(row).await;
            }
        }
        for (_, after) in damage {
            if let Some(row) = after {
                self.put(row.clone()).await;
            }
        }
    }
}

/// In the order they were told.
fn entries(rows: &[Row]) -> Vec<Row> {
    rows.iter().filter(|row| text(row, "sk").starts_with("E#")).cloned().collect()
}

fn links(rows: &[Row]) -> Vec<Row> {
    rows.iter().filter(|row| text(row, "pk").ends_with("#L")).cloned().collect()
}

fn entry_mark(rows: &[Row], entry: &Row) -> Row {
    let sk = text(entry, "sk").replace("E#", "L#");
    rows.iter().find(|row| text(row, "sk") == sk).unwrap().clone()
}

fn doc(row: &mut Row) -> &mut Row {
    let Some(AttributeValue::M(doc)) = row.get_mut("doc") else { panic!("no record") };
    doc
}

fn set(row: &mut Row, name: &str, value: &str) {
    doc(row).insert(name.to_owned(), AttributeValue::S(value.to_owned()));
}

fn changed(row: &Row, change: impl FnOnce(&mut Row)) -> (Option<Row>, Option<Row>) {
    let mut after = row.clone();
    change(&mut after);
    (Some(row.clone()), Some(after))
}

/// Two rows with each other's records.
fn exchanged(a: &Row, b: &Row) -> Damage {
    let with = |row: &Row, other: &Row| {
        changed(row, |row| {
            row.insert("doc".to_owned(), other["doc"].clone());
        })
    };
    vec![with(a, b), with(b, a)]
}

/// A row like another, under an identifier of the same instant.
fn foreign(row: &Row) -> Row {
    let key = text(row, "sk").trim_start_matches("E#");
    let like: AuditId = format!("aud_{key}").parse().unwrap();
    // In the same shard.
    let id = AuditId::from_uuid(Uuid::from_u128(like.uuid().as_u128() + 8_000_000));
    let mut row = row.clone();
    row.insert("sk".to_owned(), AttributeValue::S(format!("E#{}", id.key())));
    set(&mut row, "id", &id.to_string());
    row
}
