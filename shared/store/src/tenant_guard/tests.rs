use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemInput;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
use aws_sdk_dynamodb::operation::execute_statement::ExecuteStatementInput;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::operation::scan::ScanInput;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsInput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsInput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemInput;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, DeleteRequest, Get, KeysAndAttributes, Put, PutRequest,
    TransactGetItem, TransactWriteItem, Update, WriteRequest,
};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_runtime_api::client::interceptors::context::Input;
use domain::Error;
use tenancy::TenantScope;

use super::{Reach, TenantGuard, Trespass};
use crate::item::Attributes;
use crate::tables::{Store, TableNames};

const OWN: &str = "T#0000000000000000000000000a";
const OTHER: &str = "T#0000000000000000000000000b";

fn names() -> Arc<TableNames> {
    let name = |text: &str| text.to_owned();
    Arc::new(TableNames {
        directory: name("directory"),
        tenants: name("tenants"),
        projects: name("projects"),
        conversations: name("conversations"),
        jobs: name("jobs"),
        guards: name("guards"),
        audit: name("audit"),
    })
}

fn of_tenant() -> TenantGuard {
    let owner = OWN.trim_start_matches("T#").to_owned();
    TenantGuard { reach: Reach::Tenant { partition: OWN.to_owned(), owner }, names: names() }
}

fn of_nobody() -> TenantGuard {
    TenantGuard { reach: Reach::Nobody, names: names() }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn row(attributes: &[(&str, &str)]) -> Attributes {
    let named = attributes.iter().map(|(name, value)| ((*name).to_owned(), text(value)));
    named.chain([("sk".to_owned(), text("R"))]).collect()
}

/// Every operation that names one key, on this key of this table.
#[expect(clippy::too_many_lines, reason = "a list of every operation")]
fn each(table: &str, pk: &str) -> Vec<(&'static str, Input)> {
    let key = row(&[("pk", pk)]);
    let batch = KeysAndAttributes::builder().keys(row(&[("pk", OWN)])).keys(key.clone());
    let writes = |request| HashMap::from([(table.to_owned(), vec![request])]);
    let put = PutRequest::builder().set_item(Some(key.clone())).build().unwrap();
    let delete = DeleteRequest::builder().set_key(Some(key.clone())).build().unwrap();
    let get = Get::builder().table_name(table).set_key(Some(key.clone())).build().unwrap();
    let query = |condition: &str, value: &str| {
        QueryInput::builder()
            .table_name(table)
            .key_condition_expression(condition)
            .expression_attribute_names("#p", "pk")
            .expression_attribute_values(":v", text(value))
            .expression_attribute_values(":s", text("M#"))
    };
    let mut all = vec![
        (
            "GetItem",
            Input::erase(
                GetItemInput::builder()
                    .table_name(table)
                    .set_key(Some(key.clone()))
                    .build()
                    .unwrap(),
            ),
        ),
        (
            "PutItem",
            Input::erase(
                PutItemInput::builder()
                    .table_name(table)
                    .set_item(Some(key.clone()))
                    .build()
                    .unwrap(),
            ),
        ),
        (
            "UpdateItem",
            Input::erase(
                UpdateItemInput::builder()
                    .table_name(table)
                    .set_key(Some(key.clone()))
                    .update_expression("SET doc = :doc")
                    .build()
                    .unwrap(),
            ),
        ),
        (
            "DeleteItem",
            Input::erase(
                DeleteItemInput::builder()
                    .table_name(table)
                    .set_key(Some(key.clone()))
                    .build()
                    .unwrap(),
            ),
        ),
        ("Query", Input::erase(query("pk = :v AND sk > :s", pk).build().unwrap())),
        ("Query by name", Input::erase(query("#p=:v", pk).build().unwrap())),
        (
            "BatchGetItem",
            Input::erase(
                BatchGetItemInput::builder()
                    .request_items(table, batch.build().unwrap())
                    .build()
                    .unwrap(),
            ),
        ),
        (
            "TransactGetItems",
            Input::erase(
                TransactGetItemsInput::builder()
                    .transact_items(TransactGetItem::builder().get(get).build())
                    .build()
                    .unwrap(),
            ),
        ),
    ];
    for (name, request) in [
        ("BatchWriteItem put", WriteRequest::builder().put_request(put).build()),
        ("BatchWriteItem delete", WriteRequest::builder().delete_request(delete).build()),
    ] {
        let batch = BatchWriteItemInput::builder().set_request_items(Some(writes(request)));
        all.push((name, Input::erase(batch.build().unwrap())));
    }
    all.extend(parts(table, &key).map(|(name, part)| (name, transaction(part))));
    all
}

fn parts(table: &str, key: &Attributes) -> [(&'static str, TransactWriteItem); 4] {
    let part = TransactWriteItem::builder;
    let key = || Some(key.clone());
    let put = Put::builder().table_name(table).set_item(key()).build().unwrap();
    let update = Update::builder().table_name(table).set_key(key()).update_expression("REMOVE x");
    let delete = Delete::builder().table_name(table).set_key(key()).build().unwrap();
    let check = ConditionCheck::builder()
        .table_name(table)
        .set_key(key())
        .condition_expression("attribute_exists(pk)");
    [
        ("transacted put", part().put(put).build()),
        ("transacted update", part().update(update.build().unwrap()).build()),
        ("transacted delete", part().delete(delete).build()),
        ("transacted check", part().condition_check(check.build().unwrap()).build()),
    ]
}

/// A transaction whose last part is this one.
fn transaction(part: TransactWriteItem) -> Input {
    let [(_, own), ..] = parts("tenants", &row(&[("pk", OWN)]));
    let input = TransactWriteItemsInput::builder().transact_items(own).transact_items(part);
    Input::erase(input.build().unwrap())
}

/// A key that says nothing of a tenant.
const NOBODYS: &str = "COUNT#x";

#[test]
fn an_operand_without_a_character_is_refused_as_dynamodb_does() {
    let query = |low: &str| {
        let query = QueryInput::builder().table_name("projects");
        let query = query.key_condition_expression("pk = :pk AND sk BETWEEN :low AND :high");
        let query = query.expression_attribute_values(":pk", text(OWN));
        let query = query.expression_attribute_values(":low", text(low));
        Input::erase(query.expression_attribute_values(":high", text("~")).build().unwrap())
    };
    assert_eq!(of_tenant().request(&query(" ")), Ok(()));
    assert_eq!(of_tenant().request(&query("")), Err(Trespass::Empty));
}

#[test]
fn every_operation_is_held_to_the_scopes_own_keys() {
    let guard = of_tenant();
    let mut refused = 0;
    for table in ["tenants", "projects", "conversations", "jobs", "audit", "guards"] {
        for own in [OWN.to_owned(), format!("{OWN}#P#x")] {
            for (operation, input) in each(table, &own) {
                assert_eq!(guard.request(&input), Ok(()), "{operation} {table} {own}");
            }
        }
        for foreign in
            [OTHER.to_owned(), format!("{OTHER}#P#x"), format!("{OWN}x#P#x"), NOBODYS.to_owned()]
        {
            for (operation, input) in each(table, &foreign) {
                let is_free = table == "guards" && foreign == NOBODYS;
                assert_eq!(guard.request(&input).is_ok(), is_free, "{operation} {table}");
                refused += usize::from(!is_free);
            }
        }
    }
    for (operation, input) in each("directory", OTHER) {
        assert_eq!(guard.request(&input), Err(Trespass::Key), "{operation}");
    }
    assert!(refused > 300, "{refused}");
}

#[test]
fn what_cannot_be_checked_is_refused() {
    let scan = Input::erase(ScanInput::builder().table_name("tenants").build().unwrap());
    let statement = ExecuteStatementInput::builder().statement("SELECT * FROM tenants");
    let statement = Input::erase(statement.build().unwrap());
    for guard in [of_tenant(), of_nobody()] {
        assert_eq!(guard.request(&scan), Err(Trespass::Operation));
        assert_eq!(guard.request(&statement), Err(Trespass::Operation));
    }
    let query = |condition: &str| {
        let query = QueryInput::builder()
            .table_name("projects")
            .index_name("gsi1")
            .key_condition_expression(condition)
            .expression_attribute_values(":own", text(OWN))
            .expression_attribute_values(":due", text("DUE#1"))
            .expression_attribute_values(":written", text("WRITTEN#1"));
        Input::erase(query.build().unwrap())
    };
    for (condition, expected) in [
        ("g1pk = :own", Ok(())),
        ("g2pk = :own AND g2sk > :own", Ok(())),
        ("sk = :own", Err(Trespass::Condition)),
        (":own = pk", Err(Trespass::Condition)),
        ("g1pk = :missing", Err(Trespass::Condition)),
        ("g1pk = :own OR pk = :due", Err(Trespass::Condition)),
        ("", Err(Trespass::Condition)),
        ("g1pk = :due", Err(Trespass::Key)),
        ("g1pk = :written", Err(Trespass::Key)),
    ] {
        assert_eq!(of_tenant().request(&query(condition)), expected, "{condition}");
    }
    assert_eq!(of_nobody().request(&query("g1pk = :due")), Ok(()));
    assert_eq!(of_nobody().request(&query("g1pk = :written")), Ok(()));
    assert_eq!(of_nobody().request(&query("g1pk = :own")), Err(Trespass::Key));
    let elsewhere = QueryInput::builder()
        .table_name("projects")
        .key_condition_expression("pk = :own")
        .expression_attribute_values(":own", text(OWN))
        .set_exclusive_start_key(Some(row(&[("pk", OTHER)])));
    let elsewhere = Input::erase(elsewhere.build().unwrap());
    assert_eq!(of_tenant().request(&elsewhere), Err(Trespass::Key));
}

#[test]
fn an_entry_of_an_index_is_a_key_and_a_row_says_whose_it_is() {
    let put = |attributes: &[(&str, &str)]| {
        let put = PutItemInput::builder().table_name("jobs").set_item(Some(row(attributes)));
        Input::erase(put.build().unwrap())
    };
    let owner = OWN.trim_start_matches("T#");
    let update = |expression: &str| {
        let update = UpdateItemInput::builder()
            .table_name("jobs")
            .set_key(Some(row(&[("pk", OWN)])))
            .update_expression(expression)
            .expression_attribute_names("#g", "g1pk")
            .expression_attribute_values(":own", text(&format!("{OWN}#INBOX#1")))
            .expression_attribute_values(":other", text(OTHER))
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":due", text("DUE#3"));
        Input::erase(update.build().unwrap())
    };
    for (input, expected) in [
        (put(&[("pk", OWN), ("t", owner), ("g1pk", "DUE#1"), ("g2pk", OWN)]), Ok(())),
        (put(&[("pk", OWN), ("t", owner), ("g1pk", "WRITTEN#1")]), Ok(())),
        (put(&[("pk", "WRITTEN#1"), ("t", owner)]), Err(Trespass::Key)),
        (put(&[("pk", OWN), ("g1pk", OTHER)]), Err(Trespass::Key)),
        (put(&[("pk", OWN), ("g2pk", "INBOX")]), Err(Trespass::Key)),
        (put(&[("pk", OWN), ("t", "somebody")]), Err(Trespass::Owner)),
        (update("SET doc = :own, g1pk = :own REMOVE g2pk"), Ok(())),
        (update("SET #g = :due"), Ok(())),
        (update("REMOVE #g"), Ok(())),
        (update("SET #g=:other"), Err(Trespass::Key)),
        (update("SET g2pk = if_not_exists(g2pk, :own)"), Err(Trespass::Key)),
        (update("SET t = :other"), Err(Trespass::Owner)),
        (update("SET t = :owner"), Ok(())),
    ] {
        assert_eq!(of_tenant().request(&input), expected, "{input:?}");
    }
}

#[test]
fn a_row_of_the_directory_is_touched_by_its_owner_only() {
    let owner = OWN.trim_start_matches("T#");
    let put = |attributes: &[(&str, &str)]| {
        let put = Put::builder().table_name("directory").set_item(Some(row(attributes)));
        transaction(TransactWriteItem::builder().put(put.build().unwrap()).build())
    };
    let delete = |condition: Option<&str>, asked: &str| {
        let delete = Delete::builder()
            .table_name("directory")
            .set_key(Some(row(&[("pk", "SLUG#acme")])))
            .set_condition_expression(condition.map(str::to_owned))
            .expression_attribute_values(":owner", text(asked));
        transaction(TransactWriteItem::builder().delete(delete.build().unwrap()).build())
    };
    for (input, expected) in [
        (put(&[("pk", "SLUG#acme"), ("t", owner)]), Ok(())),
        (put(&[("pk", "SLUG#acme"), ("t", "somebody")]), Err(Trespass::Owner)),
        (put(&[("pk", "SLUG#acme")]), Err(Trespass::Unasked)),
        (delete(Some("t = :owner"), owner), Ok(())),
        (delete(Some("t = :owner"), "somebody"), Err(Trespass::Owner)),
        (delete(Some("attribute_exists(pk)"), owner), Err(Trespass::Unasked)),
        (delete(None, owner), Err(Trespass::Unasked)),
    ] {
        assert_eq!(of_tenant().request(&input), expected, "{input:?}");
        assert_eq!(of_nobody().request(&input), Err(Trespass::Key));
    }
    for (operation, input) in each("directory", "EMAIL#x") {
        let allowed = !operation.starts_with("transacted") && operation != "BatchGetItem";
        assert_eq!(of_nobody().request(&input).is_ok(), allowed, "{operation}");
        assert!(of_tenant().request(&input).is_err(), "{operation}");
    }
    for (operation, input) in each("projects", &format!("{OWN}#P#x")) {
        assert_eq!(of_nobody().request(&input), Err(Trespass::Key), "{operation}");
    }
}

/// A client of a server that counts who comes, and never answers.
fn listened(listener: &TcpListener) -> Client {
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let timeouts = aws_sdk_dynamodb::config::timeout::TimeoutConfig::builder()
        .operation_timeout(std::time::Duration::from_millis(200))
        .build();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .timeout_config(timeouts)
        .endpoint_url(url);
    Client::from_conf(config.build())
}

#[tokio::test]
async fn what_is_refused_never_leaves_and_is_a_defect_not_an_outage() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let store = Store::new(listened(&listener), (*names()).clone());
    let scope = TenantScope::of_stream_key(OWN).unwrap();
    let tenant = store.for_tenant(&scope);
    let foreign = crate::key::Key {
        table: crate::tables::Table::Projects,
        pk: format!("{OTHER}#P#x"),
        sk: "META".to_owned(),
    };
    let refused = tenant.store.item(&foreign).await;
    assert!(matches!(&refused, Err(Error::Internal(_))), "{refused:?}");
    let chain = telemetry::chain(&refused.unwrap_err());
    assert!(chain.contains("not the scope's own") && !chain.contains(OTHER), "{chain}");
    assert!(store.item(&foreign).await.is_err());
    assert!(listener.accept().is_err(), "a refused request was sent");

    let own = crate::key::Key { pk: format!("{OWN}#P#x"), ..foreign };
    let sent = tenant.store.item(&own).await;
    assert!(matches!(&sent, Err(Error::Unavailable(_))), "{sent:?}");
    assert!(listener.accept().is_ok(), "an own request was not sent");
}
