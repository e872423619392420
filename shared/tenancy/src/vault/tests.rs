use std::sync::atomic::{AtomicU8, Ordering};

use domain::{Ids, SessionId, UserId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::challenge::{Challenge, GOOD_FOR};
use super::refresh::RefreshToken;
use super::{Vault, VaultSecret};
use crate::TenantScope;

struct Counted(AtomicU8);

impl Ids for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

fn ids() -> Counted {
    Counted(AtomicU8::new(1))
}

fn vault(main: &str, older: &[&str]) -> Vault {
    let text = |word: &str| word.repeat(32);
    let older = older.iter().map(|word| text(word)).collect();
    Vault::new(&VaultSecret { main: text(main), older }).unwrap()
}

fn scope() -> TenantScope {
    TenantScope::of_stream_key(&format!("T#{}", "0".repeat(25) + "7")).unwrap()
}

fn token() -> RefreshToken {
    let user = UserId::from_uuid(Uuid::from_u128(5));
    RefreshToken::first(&scope(), user, SessionId::from_uuid(Uuid::from_u128(6)), &ids())
}

#[test]
fn a_refresh_token_opens_with_its_vault_and_not_when_a_character_differs() {
    let (ours, token) = (vault("a", &[]), token());
    let text = ours.write_refresh(&token);
    assert_eq!(text.len(), 160);
    assert_eq!(ours.read_refresh(&text), Some(token.clone()));
    assert_eq!(vault("b", &[]).read_refresh(&text), None);
    assert_eq!(vault("b", &["a"]).read_refresh(&text), Some(token.clone()), "after a change");
    for place in 0..text.len() {
        let mut forged = text.clone();
        let other = if &text[place..=place] == "A" { "B" } else { "A" };
        forged.replace_range(place..=place, other);
        assert_eq!(ours.read_refresh(&forged), None, "{place}");
    }
    for garbage in ["", "A", &text[..120], &"A".repeat(10_000)] {
        assert_eq!(ours.read_refresh(garbage), None);
    }
    assert!(!format!("{token:?} {:?}", VaultSecret::generate(&ids())).contains("secret: ["));
}

#[test]
fn the_same_salt_gives_the_same_successor_and_another_another() {
    let first = token();
    let next = first.successor(&[7; 32]);
    assert_eq!(next, first.successor(&[7; 32]));
    assert_ne!(next.hash(), first.successor(&[8; 32]).hash());
    assert_ne!(next.hash(), first.hash());
    assert_eq!((next.generation, next.session), (2, first.session));
}

#[test]
fn a_challenge_ends_after_five_minutes_and_is_no_refresh_token() {
    let (vault, now) = (vault("a", &[]), Timestamp::from_second(1_772_438_400).unwrap());
    let challenge = Challenge {
        scope: scope(),
        user: UserId::from_uuid(Uuid::from_u128(5)),
        permission_version: 3,
        expires_at: now + GOOD_FOR,
    };
    let text = vault.write_challenge(&challenge);
    let at = |seconds| vault.read_challenge(&text, now + SignedDuration::from_secs(seconds));
    assert_eq!(at(299), Some(challenge));
    assert_eq!(at(300), None);
    assert_eq!(vault.read_refresh(&text), None);
    assert_eq!(vault.read_challenge(&vault.write_refresh(&token()), now), None);
}

#[test]
fn a_sealed_secret_opens_for_its_user_alone() {
    let (ours, ids) = (vault("a", &[]), ids());
    let [user, other] = [1, 2].map(|n| UserId::from_uuid(Uuid::from_u128(n)));
    let sealed = ours.seal(&scope(), user, b"twenty random bytes!", &ids).unwrap();
    assert_ne!(sealed, ours.seal(&scope(), user, b"twenty random bytes!", &ids).unwrap());
    assert_eq!(ours.open(&scope(), user, &sealed).unwrap(), b"twenty random bytes!");
    assert!(vault("b", &["a"]).open(&scope(), user, &sealed).is_ok());
    for refused in [
        ours.open(&scope(), other, &sealed),
        vault("b", &[]).open(&scope(), user, &sealed),
        ours.open(&scope(), user, "AAAA"),
        ours.open(&scope(), user, "not base64!"),
    ] {
        assert!(refused.is_err());
    }
    assert!(Vault::new(&VaultSecret { main: "short".to_owned(), older: Vec::new() }).is_err());
}
