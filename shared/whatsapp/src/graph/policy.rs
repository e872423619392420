//! Graph's error codes and what each means for a send.
//!
//! The table of the reference (§9.3), in one place. Decided by code alone: titles, subcodes and
//! HTTP statuses vary for the same error.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::graph::error::Wait;

/// What can be done about an error code; the variants mirror [`crate::SendError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    Retry(Wait),
    Ambiguous,
    ChannelDown,
    WindowClosed,
    Recipient,
    Fix,
}

/// Applies per pair of numbers: 1, 4, 16, 64 s.
const PAIR_RATE: Wait = Wait { first: Duration::from_secs(1), factor: 4 };

#[rustfmt::skip]
const TABLE: &[(RangeInclusive<i64>, Policy)] = &[
    // Token, permission.
    (0..=0, Policy::ChannelDown),
    (3..=3, Policy::ChannelDown),
    (10..=10, Policy::ChannelDown),
    (190..=190, Policy::ChannelDown),
    (200..=299, Policy::ChannelDown),
    (131_005..=131_005, Policy::ChannelDown),
    // Account locked or unpaid, number not registered or without a name.
    (368..=368, Policy::ChannelDown),
    (131_031..=131_031, Policy::ChannelDown),
    (131_037..=131_037, Policy::ChannelDown),
    (131_042..=131_042, Policy::ChannelDown),
    (131_045..=131_045, Policy::ChannelDown),
    (133_000..=133_000, Policy::ChannelDown),
    (133_006..=133_006, Policy::ChannelDown),
    (133_010..=133_010, Policy::ChannelDown),
    (133_015..=133_015, Policy::ChannelDown),
    (134_011..=134_011, Policy::ChannelDown),
    // Limits: refused before processing.
    (4..=4, Policy::Retry(Wait::seconds(60))),
    (613..=613, Policy::Retry(Wait::seconds(60))),
    (80_007..=80_007, Policy::Retry(Wait::seconds(60))),
    (130_429..=130_429, Policy::Retry(Wait::seconds(1))),
    (131_056..=131_056, Policy::Retry(PAIR_RATE)),
    // Maintenance, upgrade, template still syncing.
    (131_057..=131_057, Policy::Retry(Wait::seconds(60))),
    (2_494_100..=2_494_100, Policy::Retry(Wait::seconds(60))),
    (134_101..=134_101, Policy::Retry(Wait::seconds(600))),
    // Server side: it may have gone out.
    (1..=2, Policy::Ambiguous),
    (131_000..=131_000, Policy::Ambiguous),
    (131_016..=131_016, Policy::Ambiguous),
    (133_004..=133_004, Policy::Ambiguous),
    (131_047..=131_047, Policy::WindowClosed),
    // The person: undeliverable, opted out, blocked by us, capped, held out, phone or identity
    // check needed.
    (130_403..=130_403, Policy::Recipient),
    (130_472..=130_472, Policy::Recipient),
    (130_497..=130_497, Policy::Recipient),
    (131_026..=131_026, Policy::Recipient),
    (131_049..=131_050, Policy::Recipient),
    (131_062..=131_062, Policy::Recipient),
    (137_000..=137_000, Policy::Recipient),
    // Bad request, test list, media, groups.
    (33..=33, Policy::Fix),
    (100..=100, Policy::Fix),
    (131_008..=131_009, Policy::Fix),
    (131_020..=131_021, Policy::Fix),
    (131_030..=131_030, Policy::Fix),
    (131_041..=131_041, Policy::Fix),
    (131_051..=131_053, Policy::Fix),
    (131_055..=131_055, Policy::Fix),
    (131_059..=131_060, Policy::Fix),
    (131_063..=131_063, Policy::Fix),
    (131_201..=131_215, Policy::Fix),
    (135_000..=135_000, Policy::Fix),
    // An operator must act, but what is at fault is not the number: campaign, template, flow, PIN,
    // username, set-up, call.
    (131_048..=131_048, Policy::Fix),
    (131_064..=131_064, Policy::Fix),
    (132_000..=132_099, Policy::Fix),
    (133_005..=133_005, Policy::Fix),
    (133_008..=133_009, Policy::Fix),
    (133_016..=133_016, Policy::Fix),
    (134_100..=134_100, Policy::Fix),
    (134_102..=134_102, Policy::Fix),
    (138_000..=138_018, Policy::Fix),
    (139_000..=139_004, Policy::Fix),
    (139_100..=139_103, Policy::Fix),
    (147_001..=147_005, Policy::Fix),
    (2_388_019..=2_388_299, Policy::Fix),
    (2_593_107..=2_593_109, Policy::Fix),
];

/// What a code means for a send; `None` for codes the table does not know.
pub fn policy(code: i64) -> Option<Policy> {
    TABLE.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, policy)| *policy)
}

#[cfg(test)]
mod tests {
    use super::{Policy, TABLE, policy};
    use std::time::Duration;

    /// Every code of the reference's table, by what its row prescribes.
    #[test]
    fn every_row_of_the_reference_has_its_policy() {
        let down = [
            0, 190, 3, 10, 200, 210, 299, 131_005, 131_037, 131_045, 133_000, 133_006, 133_010,
            133_015, 131_031, 368, 131_042, 134_011,
        ];
        let retry = [
            (4, 60),
            (80_007, 60),
            (130_429, 1),
            (131_056, 1),
            (131_057, 60),
            (2_494_100, 60),
            (134_101, 600),
            (613, 60),
        ];
        let ambiguous = [1, 2, 131_000, 131_016, 133_004];
        let recipient = [131_026, 130_497, 131_049, 131_050, 130_403, 130_472, 131_062, 137_000];
        let fix = [
            131_048, 131_064, 133_016, 33, 100, 131_008, 131_009, 135_000, 131_021, 131_030,
            131_051, 131_052, 131_053, 131_060, 131_063, 131_055, 134_100, 134_102, 132_000,
            132_012, 132_018, 132_008, 132_001, 132_005, 132_007, 132_015, 132_016, 132_068,
            132_069, 133_005, 133_008, 133_009, 138_000, 138_018, 139_000, 139_004, 139_100,
            139_103, 131_020, 131_041, 131_059, 131_201, 131_215, 147_001, 147_005, 2_388_019,
            2_388_039, 2_388_040, 2_388_047, 2_388_072, 2_388_073, 2_388_293, 2_388_299, 2_593_107,
            2_593_109,
        ];
        for code in down {
            assert_eq!(policy(code), Some(Policy::ChannelDown), "{code}");
        }
        for (code, first) in retry {
            let Some(Policy::Retry(wait)) = policy(code) else { panic!("{code}") };
            assert_eq!(wait.first, Duration::from_secs(first), "{code}");
        }
        for code in ambiguous {
            assert_eq!(policy(code), Some(Policy::Ambiguous), "{code}");
        }
        for code in recipient {
            assert_eq!(policy(code), Some(Policy::Recipient), "{code}");
        }
        for code in fix {
            assert_eq!(policy(code), Some(Policy::Fix), "{code}");
        }
        assert_eq!(policy(131_047), Some(Policy::WindowClosed));
        assert_eq!(policy(999_999), None);
    }

    #[test]
    fn no_code_stands_in_two_rows() {
        for (place, (codes, _)) in TABLE.iter().enumerate() {
            for (other, _) in &TABLE[place + 1..] {
                let apart = codes.end() < other.start() || other.end() < codes.start();
                assert!(apart, "{codes:?} and {other:?}");
            }
        }
    }

    #[test]
    fn pair_rate_backs_off_by_powers_of_four_and_waits_have_an_end() {
        let Some(Policy::Retry(wait)) = policy(131_056) else { panic!("no retry") };
        let waits: Vec<u64> = (0..5).map(|n| wait.before(n).as_secs()).collect();
        assert_eq!(waits, [1, 4, 16, 64, 256]);
        assert_eq!(wait.before(u32::MAX), Duration::from_mins(5));
        let Some(Policy::Retry(slow)) = policy(134_101) else { panic!("no retry") };
        assert_eq!(slow.before(3), Duration::from_mins(10));
    }
}
