//! Creating tables.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
    TimeToLiveSpecification,
};

use crate::template::{Index, KeyPart, Table};

/// Creates a table unless there is one of its name. The keys and indexes of a table that is
/// there stay as they are.
pub(crate) async fn create(client: &Client, table: &Table) -> anyhow::Result<()> {
    let attributes = table.attributes.iter().map(|attribute| {
        AttributeDefinition::builder()
            .attribute_name(&attribute.name)
            .attribute_type(ScalarAttributeType::from(attribute.kind.as_str()))
            .build()
    });
    let indexes = table.indexes.iter().map(index).collect::<anyhow::Result<Vec<_>>>()?;
    let stream = table.stream.as_deref().map(stream).transpose()?;
    let outcome = client
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes.collect::<Result<_, _>>()?))
        .set_key_schema(Some(key(&table.key)?))
        .set_global_secondary_indexes(Some(indexes).filter(|indexes| !indexes.is_empty()))
        .set_stream_specification(stream)
        .send()
        .await;
    match outcome {
        Ok(_) => set_time_to_live(client, table).await,
        Err(error) => {
            let refused = error.as_service_error();
            if refused.is_some_and(CreateTableError::is_resource_in_use_exception) {
                return Ok(());
            }
            Err(error.into())
        }
    }
}

async fn set_time_to_live(client: &Client, table: &Table) -> anyhow::Result<()> {
    let Some(attribute) = &table.time_to_live else { return Ok(()) };
    let specification =
        TimeToLiveSpecification::builder().attribute_name(attribute).enabled(true).build()?;
    client
        .update_time_to_live()
        .table_name(&table.name)
        .time_to_live_specification(specification)
        .send()
        .await?;
    Ok(())
}

fn key(parts: &[KeyPart]) -> anyhow::Result<Vec<KeySchemaElement>> {
    let element = |part: &KeyPart| {
        KeySchemaElement::builder()
            .attribute_name(&part.attribute)
            .key_type(KeyType::from(part.kind.as_str()))
            .build()
    };
    Ok(parts.iter().map(element).collect::<Result<_, _>>()?)
}

fn index(index: &Index) -> anyhow::Result<GlobalSecondaryIndex> {
    let names = &index.projection.non_key_attributes;
    let projection = Projection::builder()
        .projection_type(ProjectionType::from(index.projection.kind.as_str()))
        .set_non_key_attributes((!names.is_empty()).then(|| names.clone()))
        .build();
    Ok(GlobalSecondaryIndex::builder()
        .index_name(&index.name)
        .set_key_schema(Some(key(&index.key)?))
        .projection(projection)
        .build()?)
}

fn stream(view: &str) -> anyhow::Result<StreamSpecification> {
    Ok(StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::from(view))
        .build()?)
}
