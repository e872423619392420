//! Guessing is slow, and nobody can shut anybody else out.

use domain::email::Email;
use domain::{Clock, Network};
use futures::future::join_all;
use jiff::SignedDuration;
use store::{Admission, Guards};
use testkit::Cloud;

struct Door {
    cloud: Cloud,
    guards: Guards,
    email: Email,
}

fn network(third: u8) -> Network {
    Network::of(Some(std::net::Ipv4Addr::new(203, 0, third, 7).into()))
}

impl Door {
    async fn new() -> Self {
        let cloud = Cloud::start().await;
        let guards = cloud.store().guards();
        Self { cloud, guards, email: "omar@example.com".parse().unwrap() }
    }

    /// Seconds to wait; none when the try may be made.
    async fn ask(&self, from: &Network) -> Option<i64> {
        let now = self.cloud.clock.now();
        match self.guards.login_attempt(&self.email, from, now).await.unwrap() {
            Admission::Open => None,
            Admission::Closed { retry_after } => Some(retry_after.as_secs()),
        }
    }

    async fn fail(&self, from: &Network) {
        let now = self.cloud.clock.now();
        self.guards.login_failed(&self.email, from, now).await.unwrap();
    }
}

#[tokio::test]
async fn after_five_tries_each_wait_is_twice_the_one_before_and_none_is_over_fifteen_minutes() {
    let door = Door::new().await;
    let here = network(1);
    for _ in 0..5 {
        assert_eq!(door.ask(&here).await, None);
    }
    for wait in [30, 60, 120, 240, 480, 900] {
        assert_eq!(door.ask(&here).await, Some(wait));
        door.cloud.advance(wait - 1);
        // Asking too early costs nothing: the wait does not begin again.
        assert_eq!(door.ask(&here).await, Some(1));
        door.cloud.advance(1);
        assert_eq!(door.ask(&here).await, None);
    }
    door.cloud.advance(900);
    for _ in 0..5 {
        assert_eq!(door.ask(&here).await, None, "a quarter of an hour later nothing is held");
    }
    door.guards.login_succeeded(&door.email, &here).await.unwrap();
    assert_eq!(door.ask(&here).await, None);
}

#[tokio::test]
async fn tries_side_by_side_are_counted_like_tries_one_after_the_other() {
    let door = Door::new().await;
    let here = network(1);
    let asked = join_all((0..24).map(|_| door.ask(&here))).await;
    let admitted = asked.iter().filter(|wait| wait.is_none()).count();
    assert!((1..=5).contains(&admitted), "{admitted} of 24 at once");
}

#[tokio::test]
async fn an_attacker_keeps_nobody_outside_their_network_out_and_nobody_in_it_for_long() {
    let door = Door::new().await;
    let (attacker, victim) = (network(1), network(2));
    // Two hours of an attack that never rests.
    for minute in 0..120 {
        while door.ask(&attacker).await.is_none() {
            door.fail(&attacker).await;
        }
        if minute % 10 == 9 {
            assert_eq!(door.ask(&victim).await, None, "minute {minute}");
            door.guards.login_succeeded(&door.email, &victim).await.unwrap();
        }
        door.cloud.advance(60);
    }
    let wait = door.ask(&attacker).await.unwrap_or(0);
    assert!(wait <= 900, "{wait}");
    door.cloud.advance(wait);
    assert_eq!(door.ask(&attacker).await, None);
}

#[tokio::test]
async fn guesses_from_everywhere_slow_every_network_but_refuse_none_its_first() {
    let door = Door::new().await;
    for third in 0..50 {
        assert_eq!(door.ask(&network(third)).await, None);
        door.fail(&network(third)).await;
    }
    let victim = network(200);
    assert_eq!(door.ask(&victim).await, None);
    assert_eq!(door.ask(&victim).await, Some(30));
    door.cloud.advance(900);
    for _ in 0..5 {
        assert_eq!(door.ask(&victim).await, None);
    }
}

#[tokio::test]
async fn a_network_of_many_failures_is_closed_to_the_end_of_its_quarter() {
    let door = Door::new().await;
    let here = network(1);
    let now = door.cloud.clock.now();
    for number in 0..30 {
        let email: Email = format!("worker{number}@example.com").parse().unwrap();
        assert_eq!(door.guards.login_attempt(&email, &here, now).await.unwrap(), Admission::Open);
        door.guards.login_failed(&email, &here, now).await.unwrap();
    }
    let wait = door.ask(&here).await.unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    assert_eq!(door.ask(&network(2)).await, None);
    door.cloud.advance(wait);
    assert_eq!(door.ask(&here).await, None);
}

#[tokio::test]
async fn a_crash_between_counting_and_anything_else_leaves_a_count_with_its_end() {
    let door = Door::new().await;
    let here = network(1);
    // Everybody who was let through died before saying how it ended.
    for _ in 0..5 {
        assert_eq!(door.ask(&here).await, None);
    }
    assert_eq!(door.ask(&here).await, Some(30), "what was begun is counted");
    let window = SignedDuration::from_mins(5);
    let count = async || {
        let now = door.cloud.clock.now();
        door.guards.count("2fa", "usr_1", window, now).await.unwrap()
    };
    assert_eq!((count().await.count, count().await.count), (1, 2));

    // Every item that counts says when it ends, and is taken for absent from then on, although
    // nobody has deleted it.
    let items = door.cloud.aws.dynamodb().scan().table_name("hndasah-local-guards").send().await;
    let items = items.unwrap().items.unwrap();
    assert_eq!(items.len(), 2);
    for item in &items {
        let ends: i64 = item["ttl"].as_n().unwrap().parse().unwrap();
        let left = ends - door.cloud.clock.now().as_second();
        assert!((1..=900).contains(&left), "{left}");
        let text = format!("{item:?}");
        assert!(!text.contains("omar") && !text.contains("203.0"), "{text}");
    }
    door.cloud.advance(900);
    assert_eq!(door.ask(&here).await, None);
    assert_eq!(count().await.count, 1);
}
