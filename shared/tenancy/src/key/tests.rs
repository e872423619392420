use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::role::TenantRole;
use domain::{Error, Ids, UserId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{ApiKey, Holder, KeyFault, KeyRef, KeyStatus, KeyWish, MintedKey, ShownKey, Upkeep};
use crate::caller::Credential;
use crate::policy::{Action, KeyScope, Reach};
use crate::scope::TenantScope;

const NOW: Timestamp = Timestamp::constant(1_772_438_400, 0);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A small generator: bytes that look random and come out the same every time.
#[derive(Default)]
struct Dice(AtomicU64);

impl Ids for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let next = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            *byte = ((next ^ (next >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 56) as u8;
        }
    }
}

fn holder(role: TenantRole) -> Holder {
    Holder { user: UserId::from_uuid(Uuid::from_u128(7)), role }
}

fn wish(days: i32) -> KeyWish {
    KeyWish {
        name: "ERP".to_owned(),
        scopes: BTreeSet::from([KeyScope::CostsRead]),
        networks: Vec::new(),
        auto_rotate: false,
        life: DAY * days,
    }
}

fn made(wish: KeyWish) -> (ApiKey, MintedKey) {
    let dice = Dice::default();
    let minted = MintedKey::mint(&dice);
    (ApiKey::create(wish, holder(TenantRole::Owner), &minted, &dice, NOW).unwrap(), minted)
}

#[test]
fn a_key_reads_as_itself_and_any_typing_error_is_noticed() {
    let dice = Dice::default();
    let mut seen = BTreeSet::new();
    for _ in 0..50 {
        let minted = MintedKey::mint(&dice);
        let text = minted.text().to_owned();
        assert_eq!(text.len(), 57);
        assert!(text.starts_with(&minted.stored().label().prefix()) && seen.insert(text.clone()));
        let shown: ShownKey = text.parse().unwrap();
        assert!(minted.stored().is(&shown));
        for place in 0..text.len() {
            for other in ["0", "z", "_", "é", "-"] {
                let mut wrong = text.clone();
                wrong.replace_range(place..=place, other);
                if wrong != text {
                    assert_eq!(wrong.parse::<ShownKey>(), Err(KeyFault::Form), "{wrong}");
                }
            }
        }
        for cut in [&text[1..], &text[..56], &format!("{text}0"), "", "wac_live_", "wac_"] {
            assert_eq!(cut.parse::<ShownKey>(), Err(KeyFault::Form), "{cut}");
        }
        let shown = format!("{minted:?} {shown:?}");
        assert!(!shown.contains(&text[18..50]), "{shown}");
    }
    // The checksum as any other implementation of CRC-32 computes it.
    let elsewhere = "wac_live_Ab3dEf9h_0123456789ABCDEFGHIJKLMNOPQRSTUV_2Y8qIt";
    assert!(elsewhere.parse::<ShownKey>().is_ok());
    assert!(elsewhere.replace("live", "test").parse::<ShownKey>().is_err());
}

#[test]
fn a_key_opens_only_with_its_secret_in_its_time_and_from_its_networks() {
    let scope = TenantScope::of_stream_key(&format!("T#{}", "0".repeat(26))).unwrap();
    let networks = ["10.1.0.0/16", "2001:db8::/32"].map(|text| text.parse().unwrap()).to_vec();
    let (key, minted) = made(KeyWish { networks, ..wish(90) });
    let at = KeyRef::of_key(&scope, key.id);
    let shown: ShownKey = minted.text().parse().unwrap();
    let inside = Some(IpAddr::from([10, 1, 2, 3]));
    let check = |key: &ApiKey, shown: &ShownKey, from: Option<IpAddr>, days: i32| {
        at.check(key, shown, from, NOW + DAY * days).map(|_| ())
    };
    assert_eq!(check(&key, &shown, inside, 0), Ok(()));
    assert_eq!(check(&key, &shown, Some("::ffff:10.1.2.3".parse().unwrap()), 0), Ok(()));
    assert_eq!(check(&key, &shown, Some("2001:db8::1".parse().unwrap()), 89), Ok(()));
    for from in [None, Some(IpAddr::from([10, 2, 0, 1])), Some("::1".parse().unwrap())] {
        assert_eq!(check(&key, &shown, from, 0), Err(KeyFault::Network), "{from:?}");
    }
    assert_eq!(check(&key, &shown, inside, 90), Err(KeyFault::Ended));
    assert_eq!(check(&key.revoke(NOW).unwrap(), &shown, inside, 0), Err(KeyFault::Revoked));

    // The same label with another secret, and another key's record behind the label.
    let mut stored = serde_json::to_value(&key).unwrap();
    stored["secret"]["hash"] = serde_json::json!("A".repeat(43));
    let forged: ApiKey = serde_json::from_value(stored).unwrap();
    assert_eq!(check(&forged, &shown, inside, 0), Err(KeyFault::Secret));
    let (other, _) = made(wish(1));
    let other = ApiKey { id: domain::KeyId::from_uuid(Uuid::from_u128(9)), ..other };
    assert_eq!(check(&other, &shown, inside, 0), Err(KeyFault::Unknown));
    let unseen = ApiKey { secret: None, ..key.clone() };
    assert_eq!(check(&unseen, &shown, inside, 0), Err(KeyFault::Unknown));

    let genuine = at.check(&key, &shown, inside, NOW).unwrap();
    let caller = genuine.caller(TenantRole::Member, 3);
    assert_eq!((caller.user(), caller.permission_version()), (key.user, 3));
    assert!(matches!(caller.credential(), Credential::Key { id, .. } if *id == key.id));
    assert_eq!(caller.reach(Action::ReadCosts), Reach::Member);
    for never in [Action::ReadTasks, Action::OwnAccount, Action::ManageKeys, Action::ReadPolicy] {
        assert_eq!(caller.reach(never), Reach::Deny, "{never:?}");
    }
    assert!(!caller.is_fresh(NOW));
}

#[test]
fn a_key_gets_no_scope_that_its_holder_has_not() {
    let minted = MintedKey::mint(&Dice::default());
    for role in TenantRole::ALL {
        for scope in KeyScope::ALL {
            let wish = KeyWish { scopes: BTreeSet::from([scope]), ..wish(30) };
            let made = ApiKey::create(wish, holder(role), &minted, &Dice::default(), NOW);
            let messages = [KeyScope::MessagesRead, KeyScope::MessagesWrite].contains(&scope);
            let low = [TenantRole::Member, TenantRole::Viewer].contains(&role);
            assert_eq!(made.is_err(), messages && low, "{role:?} {scope:?}");
        }
    }
    let lives = [(0, false), (1, false), (365, false), (366, false), (29, true), (30, true)];
    for (days, auto_rotate) in lives {
        let wish = KeyWish { auto_rotate, ..wish(days) };
        let made = ApiKey::create(wish, holder(TenantRole::Owner), &minted, &Dice::default(), NOW);
        let holds = (1..=365).contains(&days) && (!auto_rotate || days >= 30);
        assert_eq!(made.is_ok(), holds, "{days} {auto_rotate}");
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: domain::Result<T>, code: &str) {
    let Err(Error::Refused(refusal)) = result else { panic!("{result:?}") };
    assert_eq!(refusal.code, code);
}

#[test]
fn a_key_is_rotated_once_and_ends_when_the_overlap_does() {
    let (key, _) = made(wish(365));
    let (dice, owner) = (Dice::default(), holder(TenantRole::Owner));
    let minted = MintedKey::mint(&dice);
    let later = NOW + DAY * 10;
    let (old, new) = key.rotate(owner, &minted, &dice, later).unwrap();
    assert_eq!((old.successor, new.replaces), (Some(new.id), Some(old.id)));
    assert_eq!((old.status(later), new.status(later)), (KeyStatus::Ending, KeyStatus::Active));
    assert_eq!(old.ends_at(), later + DAY * 14);
    assert_eq!(old.status(later + DAY * 14), KeyStatus::Ended);
    assert_eq!(new.expires_at, later + DAY * 365);
    refused(old.rotate(owner, &minted, &dice, later), "key_already_rotated");
    refused(old.rotate(owner, &minted, &dice, later + DAY * 14), "key_ended");
    refused(new.reveal(owner, &minted, later), "key_already_revealed");
    assert!(new.rotate(owner, &minted, &dice, later).is_ok());
    let revoked = new.revoke(later).unwrap();
    refused(revoked.rotate(owner, &minted, &dice, later), "key_ended");
    assert_eq!((revoked.revoke(later), old.revoke(later + DAY * 14)), (None, None));
}

#[test]
fn a_successor_nobody_saw_is_shown_once_and_leaves_the_old_one_a_week() {
    let (key, _) = made(wish(365));
    let (dice, admin) = (Dice::default(), holder(TenantRole::Admin));
    let minted = MintedKey::mint(&dice);
    let (old, pending) = key.rotate_unseen(&dice, NOW).unwrap();
    assert_eq!(pending.status(NOW), KeyStatus::Pending);
    refused(pending.rotate(admin, &minted, &dice, NOW), "key_not_revealed");
    let early = NOW + DAY;
    let seen = pending.reveal(admin, &minted, early).unwrap();
    assert_eq!((seen.status(early), seen.user), (KeyStatus::Active, admin.user));
    assert_eq!(old.after_reveal(early), None);
    let late = NOW + DAY * 13;
    assert_eq!(old.after_reveal(late).unwrap().ends_at(), late + DAY * 7);
    refused(seen.reveal(admin, &minted, late), "key_already_revealed");
    refused(pending.reveal(admin, &minted, NOW + DAY * 14), "key_ended");
}

/// Everything the schedule does with a key when it looks every hour: on which day, what.
fn diary(mut key: ApiKey) -> Vec<(i64, Upkeep)> {
    let mut done = Vec::new();
    for hour in 0..(24 * 400) {
        let now = NOW + SignedDuration::from_hours(hour);
        let due = key.upkeep_due_at();
        let what = key.upkeep(now);
        assert_eq!(what != Upkeep::Rest, due.is_some_and(|due| due <= now));
        key = match what {
            Upkeep::Rest => continue,
            Upkeep::Remind => key.reminded(now),
            Upkeep::Rotate => key.rotate_unseen(&Dice::default(), now).unwrap().0,
            Upkeep::Close => key.closed(now),
        };
        done.push((hour / 24, what));
    }
    assert_eq!(key.upkeep_due_at(), None);
    done
}

#[test]
fn the_schedule_reminds_rotates_and_closes_in_time_and_once() {
    use Upkeep::{Close, Remind, Rotate};
    let expected = [90, 180, 270, 351, 358, 360, 364].map(|day| (day, Remind));
    assert_eq!(diary(made(wish(365)).0), [&expected[..], &[(365, Close)]].concat());
    assert_eq!(diary(made(wish(3)).0), [(2, Remind), (3, Close)]);
    let auto = |days| made(KeyWish { auto_rotate: true, ..wish(days) }).0;
    assert_eq!(diary(auto(365)), [(90, Rotate), (104, Close)]);
    assert_eq!(diary(auto(60)), [(46, Rotate), (60, Close)]);
    let (_, pending) = auto(365).rotate_unseen(&Dice::default(), NOW).unwrap();
    assert_eq!(diary(pending), [(7, Remind), (13, Remind), (14, Close)]);
    let (key, _) = made(wish(365));
    assert_eq!(diary(key.revoke(NOW).unwrap()), []);
    // A schedule that stood still for a year only closes.
    assert_eq!(auto(60).upkeep(NOW + DAY * 300), Close);
}
