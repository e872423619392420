//! What a message does: by whom, and with whose yes.

use domain::content::{Choice, Content};
use domain::conversation::BotState;
use domain::message::{Author, Message};
use domain::outbox::OutboundEffect;
use domain::project::{CostStatus, InsightKind, TaskStatus};
use domain::tenant::{User, UserStatus};
use rust_decimal::Decimal;
use serde_json::json;
use store::{Commit, PageRequest};

use crate::world::{CLIENT, FOREMAN, STRANGER, World, counted};

fn body(answer: Option<&Message>) -> &str {
    answer.map_or("", |answer| answer.content.text())
}

#[tokio::test]
async fn a_cost_counts_once_and_only_after_a_yes() {
    let world = World::new().await;
    let offer = world.say(FOREMAN, "wamid.1", "paid 1,500.50 AED for cement bags").await.unwrap();
    assert!(offer.content.text().contains("1500.50 AED"), "{}", offer.content.text());
    assert_eq!(world.project().await.cost_confirmed(), Decimal::ZERO);

    let asked = world.tap(FOREMAN, "wamid.2", &offer, "Edit").await;
    assert!(body(asked.as_ref()).contains("AED"));
    let offer = world.say(FOREMAN, "wamid.3", "1750").await.unwrap();
    assert!(offer.content.text().contains("1750.00 AED"), "{}", offer.content.text());

    let yes = world.tap_item(FOREMAN, "wamid.4", &offer, "Confirm");
    let again = world.tap_item(FOREMAN, "wamid.5", &offer, "Confirm");
    world.take(&[yes.clone(), yes, again]).await;
    let late = world.tap(FOREMAN, "wamid.6", &offer, "Reject").await;
    assert!(body(late.as_ref()).contains("already"), "{late:?}");
    let project = world.project().await;
    assert_eq!(project.cost_confirmed().to_string(), "1750.00");
    let costs = world.store.costs(world.project, &PageRequest::first(9)).await.unwrap().items;
    assert_eq!(costs.len(), 1);
    assert_eq!(costs[0].status, CostStatus::Confirmed);
}

#[tokio::test]
async fn a_cost_is_settled_by_nobody_whose_role_may_not_whatever_they_tap() {
    let world = World::new().await;
    let offer = world.say(FOREMAN, "wamid.1", "paid 1,500.50 AED for cement bags").await.unwrap();
    let proposed = world.store.costs(world.project, &PageRequest::first(9)).await.unwrap().items;
    for (place, title) in ["Edit", "Reject", "Confirm"].into_iter().enumerate() {
        let refused = world.tap(CLIENT, &format!("wamid.c{place}"), &offer, title).await;
        assert!(body(refused.as_ref()).contains("does not allow"), "{title}: {refused:?}");
        world.say(CLIENT, &format!("wamid.a{place}"), "1").await;
    }
    let costs = world.store.costs(world.project, &PageRequest::first(9)).await.unwrap().items;
    assert_eq!(costs, proposed);
    // Once it is settled, they hear as little.
    world.tap(FOREMAN, "wamid.2", &offer, "Confirm").await;
    let refused = world.tap(CLIENT, "wamid.3", &offer, "Reject").await;
    assert!(!body(refused.as_ref()).contains("1500"), "{refused:?}");
    assert_eq!(world.project().await.cost_confirmed().to_string(), "1500.50");
}

#[tokio::test]
async fn work_is_found_by_its_words_changed_and_taken_back() {
    let world = World::new().await;
    let added = world.say(FOREMAN, "wamid.1", "add a task: waterproofing of the roof").await;
    world.say(FOREMAN, "wamid.2", "add a task: install the kitchen doors").await.unwrap();
    let done =
        world.say(FOREMAN, "wamid.3", "the waterproofing of the roof is done").await.unwrap();
    assert_eq!(world.project().await.tasks_done, 1, "{}", done.content.text());
    let back = world.tap(FOREMAN, "wamid.4", &done, "Undo").await;
    assert_eq!(body(back.as_ref()), "Taken back.");
    let again = world.tap(FOREMAN, "wamid.5", &done, "Undo").await;
    assert_eq!(body(again.as_ref()), "That was taken back already.");
    assert_eq!(world.project().await.tasks_done, 0);
    // The task has changed since it was added: its creation stays.
    let refused = world.tap(FOREMAN, "wamid.6", added.as_ref().unwrap(), "Undo").await;
    assert!(body(refused.as_ref()).contains("changed since"));

    let progressed = world.say(FOREMAN, "wamid.7", "progress on the kitchen doors 60%").await;
    let tasks = world.tasks().await;
    let doors = tasks.iter().find(|task| task.title.contains("doors")).unwrap();
    assert_eq!((doors.status, doors.progress), (TaskStatus::InProgress, 60), "{progressed:?}");
    let status = world.say(FOREMAN, "wamid.8", "what is the status of the project?").await;
    assert!(body(status.as_ref()).contains("0 of 2 tasks done"), "{status:?}");
}

#[tokio::test]
async fn a_problem_reaches_the_manager_and_a_role_that_may_not_changes_nothing() {
    let world = World::new().await;
    let text = "there is a big crack in column C3, urgent, please look today";
    let answer = world.say(FOREMAN, "wamid.1", text).await;
    assert!(body(answer.as_ref()).contains("project manager is being told"), "{answer:?}");
    let insights = world.store.insights(world.project, &PageRequest::first(9)).await.unwrap().items;
    assert_eq!(insights[0].kind, InsightKind::RiskAlert);
    let outbox = world.outbox().await;
    assert_eq!(counted(&outbox), (1, 1));
    let told = outbox.iter().find_map(|item| match &item.effect {
        OutboundEffect::NotifyInsight { user, insight, .. } => Some((*user, *insight)),
        OutboundEffect::Message { .. }
        | OutboundEffect::Mail { .. }
        | OutboundEffect::PhoneCode { .. } => None,
    });
    assert_eq!(told, Some((world.manager, insights[0].id)));

    let refused = world.say(CLIENT, "wamid.2", "add a task: paint my room pink").await;
    assert!(body(refused.as_ref()).contains("does not allow"), "{refused:?}");
    assert_eq!(world.project().await.tasks_total, 0);
}

#[tokio::test]
async fn a_stranger_is_stored_and_heard_and_changes_nothing() {
    let world = World::new().await;
    let polite = world.say(STRANGER, "wamid.1", "add a task: give me the keys").await;
    assert!(body(polite.as_ref()).contains("do not know"), "{polite:?}");
    let second = world.say(STRANGER, "wamid.2", "paid 900 AED for sand").await;
    assert_eq!(second, None, "the same sentence is not said twice in a row");
    assert_eq!(world.project().await.tasks_total, 0);
    // A forged tap names real records; it is still a stranger's.
    let own = world.say(FOREMAN, "wamid.3", "paid 900 AED for sand").await.unwrap();
    let forged = world.tap_item(STRANGER, "wamid.4", &own, "Confirm");
    world.take(&[forged]).await;
    assert_eq!(world.project().await.cost_confirmed(), Decimal::ZERO);
    assert_eq!(world.messages(STRANGER).await.len(), 5);
}

#[tokio::test]
async fn an_unsure_reading_is_asked_about_and_the_tap_decides() {
    let world = World::new().await;
    let text = "waterproofing roof C";
    let Some(asked) = world.say(FOREMAN, "wamid.1", text).await else { panic!("no answer") };
    assert_eq!(world.project().await.tasks_total, 0, "{:?}", asked.content);
    // Whatever was offered, a tap on "add a task" for that message adds it.
    let question = world.messages(FOREMAN).await.remove(0);
    let id = format!("meant/task_create/{}", question.id);
    let reply = json!({ "id": id, "title": "Add a task" });
    let tap = json!({ "type": "button_reply", "button_reply": reply });
    world.take(&[world.item(FOREMAN, "wamid.2", "interactive", tap)]).await;
    let tapped = world.messages(FOREMAN).await;
    let content = Content::Choice(Choice { id, title: "Add a task".to_owned() });
    assert!(tapped.iter().any(|message| message.content == content));
    let tasks = world.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].title, text);
}

#[tokio::test]
async fn a_paused_bot_stores_and_says_nothing() {
    let world = World::new().await;
    let farewell = world.say(FOREMAN, "wamid.1", "I want to talk to a human").await.unwrap();
    assert_eq!(farewell.author, Author::Notice, "it must pass the pause it announces");
    let head = world.head(FOREMAN).await;
    assert_eq!((head.bot, head.generation), (BotState::Paused, 2));
    assert_eq!(world.say(FOREMAN, "wamid.2", "add a task: sweep the site").await, None);
    assert_eq!(world.project().await.tasks_total, 0);
    assert_eq!(world.head(FOREMAN).await.unread, 2);
}

#[tokio::test]
async fn three_languages_make_three_tasks_and_are_answered_in_kind() {
    let world = World::new().await;
    for (id, text, word) in [
        ("wamid.1", "please add a task: order the tiles", "Task added"),
        ("wamid.2", "أضف مهمة: فحص السقالة", "أُضيفت"),
        ("wamid.3", "добавь задачу: проверить опалубку", "Задача добавлена"),
    ] {
        let answer = world.say(FOREMAN, id, text).await;
        assert!(body(answer.as_ref()).contains(word), "{answer:?}");
    }
    assert_eq!(world.project().await.tasks_total, 3);
}

#[tokio::test]
async fn a_phone_speaks_for_its_user_only_while_it_is_theirs_and_they_are_active() {
    let world = World::new().await;
    let phone: domain::Phone = format!("+{FOREMAN}").parse().unwrap();
    let added = world.say(FOREMAN, "wamid.1", "add a task: pour the stairs").await.unwrap();
    let id = world.store.user_of_phone(&phone).await.unwrap().unwrap();
    let change = async |status: UserStatus, is_linked: bool| {
        let before = world.store.user(id).await.unwrap().unwrap();
        let after = User {
            status,
            phone: is_linked.then(|| phone.clone()),
            version: before.version + 1,
            ..before.clone()
        };
        let mut write = world.store.transaction();
        write.replace_user(&after, before.version);
        match (before.phone.is_some(), is_linked) {
            (true, false) => write.unlink_phone(&phone),
            (false, true) => write.link_phone(&phone, id),
            (true, true) | (false, false) => {}
        }
        assert_eq!(write.commit().await.unwrap(), Commit::Done);
    };
    // Words and a button of before: how many tasks there are then, and how many were taken back.
    let tries = async |wamid: &str| {
        world.say(FOREMAN, wamid, "add a task: paint the fence").await;
        world.tap(FOREMAN, &format!("{wamid}.tap"), &added, "Undo").await;
        let tasks = world.tasks().await;
        let taken_back = tasks.iter().filter(|task| task.status == TaskStatus::Cancelled);
        (tasks.len(), taken_back.count())
    };
    change(UserStatus::Deactivated, true).await;
    assert_eq!(tries("wamid.2").await, (1, 0));
    change(UserStatus::Active, false).await;
    assert_eq!(tries("wamid.3").await, (1, 0));
    change(UserStatus::Active, true).await;
    assert_eq!(tries("wamid.4").await, (2, 1));
}
