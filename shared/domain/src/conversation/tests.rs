use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{BotState, Conversation, ConversationStatus};
use crate::delivery::Delivery;
use crate::error::Error;
use crate::id::{ChannelId, ContactId, ConversationId, MessageId, UserId};
use crate::locale::Language;
use crate::message::Author;

const AMAL: UserId = UserId::from_uuid(Uuid::from_u128(1));
const BADR: UserId = UserId::from_uuid(Uuid::from_u128(2));

fn now() -> Timestamp {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn with_the_bot() -> Conversation {
    Conversation {
        id: ConversationId::from_uuid(Uuid::from_u128(3)),
        contact: ContactId::from_uuid(Uuid::from_u128(4)),
        contact_name: "Yusuf".to_owned(),
        channel: ChannelId::from_uuid(Uuid::from_u128(5)),
        status: ConversationStatus::Pending,
        bot: BotState::Active,
        generation: 1,
        assignee: None,
        assigned_at: None,
        language: Language::En,
        project: None,
        awaiting: None,
        message_count: 2,
        unread: 1,
        last_message_at: now() + seconds(2),
        last_message: "hello".to_owned(),
        last_inbound_at: Some(now()),
        created_at: now(),
        version: 7,
    }
}

fn code(error: Error) -> &'static str {
    let Error::Refused(refusal) = error else { panic!("{error:?}") };
    refusal.code
}

#[test]
fn a_takeover_pauses_the_bot_once_and_holds_for_half_a_minute() {
    let taken = with_the_bot().take_over(AMAL, false, now()).unwrap().unwrap();
    assert!(!taken.is_bot_active());
    assert_eq!((taken.status, taken.generation, taken.version), (ConversationStatus::Open, 2, 8));
    assert_eq!(taken.assignee, Some(AMAL));
    assert_eq!(taken.take_over(AMAL, false, now()).unwrap(), None, "idempotent");

    let soon = taken.take_over(BADR, false, now() + seconds(29));
    assert_eq!(code(soon.unwrap_err()), "taken_by_another");
    let forced = taken.take_over(BADR, true, now() + seconds(29)).unwrap().unwrap();
    assert_eq!((forced.assignee, forced.generation), (Some(BADR), 3));
    assert!(taken.take_over(BADR, false, now() + seconds(30)).unwrap().is_some());

    let given_back = taken.release(now()).unwrap().unwrap();
    assert!(given_back.is_bot_active());
    assert_eq!((given_back.generation, given_back.assignee), (3, None));
    assert_eq!(given_back.release(now()).unwrap(), None, "idempotent");
    assert!(given_back.take_over(BADR, false, now()).unwrap().is_some());

    let over = Conversation { status: ConversationStatus::Resolved, ..taken };
    assert_eq!(code(over.take_over(AMAL, true, now()).unwrap_err()), "conversation_resolved");
    assert_eq!(code(over.release(now()).unwrap_err()), "conversation_resolved");
}

#[test]
fn an_answer_takes_over_from_the_bot_and_comes_last() {
    let id = MessageId::from_uuid(Uuid::from_u128(9));
    let (head, message) = with_the_bot().reply(AMAL, id, "on my\n way", now()).unwrap();
    assert!(!head.is_bot_active());
    assert_eq!((head.generation, head.assignee, head.unread), (2, Some(AMAL), 0));
    assert_eq!((head.message_count, message.seq), (3, 3));
    assert_eq!(head.last_message, "on my way");
    assert_eq!(message.at, now() + seconds(2), "never before the last message");
    assert_eq!((message.author, message.delivery), (Author::User { id: AMAL }, Delivery::Queued));

    let (after, _) = head.reply(BADR, id, "me too", now()).unwrap();
    assert_eq!((after.assignee, after.generation), (Some(AMAL), 2), "a helping hand");

    let day = SignedDuration::from_hours(24) - seconds(30);
    assert!(with_the_bot().reply(AMAL, id, "x", now() + day - seconds(1)).is_ok());
    let late = with_the_bot().reply(AMAL, id, "x", now() + day);
    assert_eq!(code(late.unwrap_err()), "window_closed");
    let never = Conversation { last_inbound_at: None, ..with_the_bot() };
    assert_eq!(code(never.reply(AMAL, id, "x", now()).unwrap_err()), "window_closed");
}
