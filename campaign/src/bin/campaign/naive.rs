//! How one would take messages without further thought: look whether it is there, write it, count
//! it. A function like the others, in the processor's place; the check must see that it is wrong.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result};
use aws_clients::AwsClients;
use aws_lambda_events::sqs::SqsEvent;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::conversation::{BotState, Conversation, ConversationStatus};
use domain::delivery::Delivery;
use domain::message::{Author, Direction, Message};
use domain::{ContactId, ConversationId, Language};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use queue::{Envelope, EventKind, Payload};
use serde::Serialize;
use serde_json::{Value, json};
use store::inbound_message_id;
use telemetry::{Environment, Function, Setting};
use whatsapp::InboundMessage;

/// The argument with which this program is that function.
pub(crate) const ARGUMENT: &str = "naive-function";

/// Runs as a function until it is ended.
pub(crate) async fn serve() -> Result<(), Error> {
    let environment = Environment::read(Function::Processor)?;
    let table = environment.get(Setting::ConversationsTable)?.to_owned();
    let clients = AwsClients::new(&environment)?;
    let naive = &Naive { client: clients.dynamodb().clone(), table };
    run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        for record in event.payload.records {
            let number = record.attributes.get("SequenceNumber").cloned();
            naive.take(record.body.as_deref().unwrap_or_default(), number).await?;
        }
        Ok::<_, Error>(json!({ "batchItemFailures": [] }))
    }))
    .await
}

struct Naive {
    client: Client,
    table: String,
}

/// An event on its way.
struct Taken {
    owner: String,
    channel: domain::ChannelId,
    message: InboundMessage,
    ordinal: Option<String>,
    conversation: ConversationId,
}

impl Naive {
    async fn take(&self, body: &str, ordinal: Option<String>) -> Result<()> {
        let envelope = Envelope::parse(body)?;
        let (Some(route), EventKind::Message, Payload::Inline(raw)) =
            (envelope.route, envelope.kind, &envelope.payload)
        else {
            return Ok(());
        };
        let message = whatsapp::decode_message(raw.get())?;
        let number = message.phone_number_id.clone().or(envelope.phone_number_id);
        let number = number.unwrap_or_default();
        let phone = message.sender.phone.as_ref().context("a phone")?.to_string();
        // One conversation for each person, without looking for it.
        let of_person = inbound_message_id(&number, &phone).uuid();
        let owner = route.scope().tenant().key();
        let conversation = ConversationId::from_uuid(of_person);
        let id = inbound_message_id(&number, &message.provider_id);
        let taken = Taken { owner, channel: route.channel(), message, ordinal, conversation };
        let (pk, sk) = (taken.partition(), format!("M#{}", id.key()));
        if self.get(&pk, &sk).await?.is_some() {
            return Ok(());
        }
        if self.get(&pk, "META").await?.is_none() {
            self.put(&taken.owner, (&pk, "META"), &taken.head()).await?;
        }
        let head = self.get(&pk, "META").await?.context("a head")?;
        let count = head.get("doc").and_then(|doc| doc.as_m().ok()?.get("message_count"));
        let count = count.and_then(|count| count.as_n().ok()?.parse::<u64>().ok());
        let record = taken.record(id, count.unwrap_or(0) + 1);
        self.put(&taken.owner, (&pk, &sk), &record).await?;
        self.count(&pk).await
    }

    async fn get(&self, pk: &str, sk: &str) -> Result<Option<HashMap<String, AttributeValue>>> {
        let call = self.client.get_item().table_name(&self.table).consistent_read(true);
        let call = call.key("pk", text(pk)).key("sk", text(sk));
        Ok(call.send().await?.item)
    }

    async fn put(&self, owner: &str, (pk, sk): (&str, &str), doc: &impl Serialize) -> Result<()> {
        let doc: AttributeValue = serde_dynamo::to_attribute_value(doc)?;
        let call = self.client.put_item().table_name(&self.table);
        let call = call.item("pk", text(pk)).item("sk", text(sk)).item("t", text(owner));
        call.item("doc", doc).send().await?;
        Ok(())
    }

    async fn count(&self, pk: &str) -> Result<()> {
        let call = self.client.update_item().table_name(&self.table);
        call.key("pk", text(pk))
            .key("sk", text("META"))
            .update_expression(
                "SET doc.message_count = doc.message_count + :one, doc.unread = doc.unread + :one",
            )
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .send()
            .await?;
        Ok(())
    }
}

impl Taken {
    fn partition(&self) -> String {
        format!("T#{}#C#{}", self.owner, self.conversation.key())
    }

    fn head(&self) -> Value {
        let at = self.message.timestamp;
        let head = Conversation {
            id: self.conversation,
            contact: ContactId::from_uuid(self.conversation.uuid()),
            contact_name: String::new(),
            channel: self.channel,
            status: ConversationStatus::Pending,
            bot: BotState::Active,
            generation: 1,
            assignee: None,
            assigned_at: None,
            language: Language::En,
            project: None,
            awaiting: None,
            message_count: 0,
            unread: 0,
            last_message_at: at,
            last_message: String::new(),
            last_inbound_at: None,
            created_at: at,
            version: 1,
        };
        json!(head)
    }

    fn record(&self, id: domain::MessageId, seq: u64) -> Message {
        Message {
            id,
            conversation: self.conversation,
            direction: Direction::Inbound,
            author: Author::Contact,
            content: self.message.content.clone(),
            seq,
            at: self.message.timestamp,
            delivery: Delivery::Received,
            reported_at: BTreeMap::new(),
            provider_id: Some(self.message.provider_id.clone()),
            reply_to: None,
            errors: Vec::new(),
            reaction: None,
            revoked_at: None,
            edited_at: None,
            attempts: 0,
            claim_until: None,
            ordinal: self.ordinal.clone(),
            effects: Vec::new(),
            placeholder: false,
            version: 1,
        }
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
