//! A small organisation: one number, one person who has just written to it.

use domain::contact::Contact;
use domain::conversation::{BotState, Conversation, ConversationStatus};
use domain::settings::Settings;
use domain::tenant::{Channel, ChannelStatus, NumberProfile, Tenant};
use domain::{ChannelId, Clock, ContactId, ConversationId, Currency, Language, Phone};
use jiff::Timestamp;
use store::{Commit, TenantStore};
use tenancy::TenantScope;

use crate::cloud::Cloud;

/// The record of an organisation in Dubai that has set nothing.
pub fn tenant(scope: &TenantScope, name: &str, now: Timestamp) -> Tenant {
    Tenant {
        id: scope.tenant(),
        name: name.to_owned(),
        language: Language::En,
        time_zone: "Asia/Dubai".to_owned(),
        currency: Currency::AED,
        settings: Settings::default(),
        created_at: now,
        version: 1,
    }
}

/// An organisation, its number and its first conversation.
pub struct Organisation {
    pub scope: TenantScope,
    pub store: TenantStore,
    pub channel: ChannelId,
    pub contact: ContactId,
    pub conversation: ConversationId,
}

#[expect(clippy::expect_used, reason = "a set-up that fails fails the test")]
impl Organisation {
    /// Founds it. The person's phone is `+971500000001`.
    pub async fn found(cloud: &Cloud) -> Self {
        let now = cloud.clock.now();
        let scope = TenantScope::found(&*cloud.clock, &*cloud.ids);
        let store = cloud.store().for_tenant(&scope);
        let channel = ChannelId::mint(&*cloud.ids, now);
        let contact = ContactId::mint(&*cloud.ids, now);
        let conversation = ConversationId::mint(&*cloud.ids, now);
        let phone: Phone = "+971500000001".parse().expect("a phone number");
        let mut transaction = store.transaction();
        transaction.insert_channel(&Channel {
            id: channel,
            phone_number_id: "106540352242922".to_owned(),
            display_phone: "+971 4 000 0000".to_owned(),
            status: ChannelStatus::Connected,
            profile: NumberProfile::default(),
            created_at: now,
            version: 1,
        });
        transaction.insert_identity(phone.digits(), contact);
        transaction.insert_contact(&Contact {
            id: contact,
            name: "Omar".to_owned(),
            phone: Some(phone),
            bsuid: None,
            user: None,
            conversations: [(channel.to_string(), conversation)].into(),
            created_at: now,
            version: 1,
        });
        transaction.insert_conversation(&Conversation {
            id: conversation,
            contact,
            contact_name: "Omar".to_owned(),
            channel,
            status: ConversationStatus::Pending,
            bot: BotState::Active,
            generation: 1,
            assignee: None,
            assigned_at: None,
            language: Language::En,
            project: None,
            awaiting: None,
            message_count: 1,
            unread: 1,
            last_message_at: now,
            last_message: "hello".to_owned(),
            last_inbound_at: Some(now),
            created_at: now,
            version: 1,
        });
        assert_eq!(transaction.commit().await.expect("the tables answer"), Commit::Done);
        Self { scope, store, channel, contact, conversation }
    }

    /// The conversation as it stands.
    pub async fn head(&self) -> Conversation {
        let found = self.store.conversation(self.conversation).await;
        found.expect("the table answers").expect("the conversation is there")
    }

    /// Writes the conversation as `change` leaves it.
    pub async fn change_head(&self, change: impl FnOnce(&mut Conversation)) {
        let mut head = self.head().await;
        let old = head.version;
        change(&mut head);
        head.version += 1;
        let mut transaction = self.store.transaction();
        transaction.replace_conversation(&head, old);
        assert_eq!(transaction.commit().await.expect("the tables answer"), Commit::Done);
    }

    /// A person takes the conversation over: the bot is silent from now on.
    pub async fn take_over(&self) {
        self.change_head(|head| {
            head.bot = BotState::Paused;
            head.status = ConversationStatus::Open;
            head.generation += 1;
        })
        .await;
    }
}
