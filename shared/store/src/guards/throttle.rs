//! The login throttle: guessing becomes slow, and nobody can shut anybody else out.
//!
//! What counts against a person's sign-in is what was tried *from the same network*: five tries in
//! fifteen minutes, then one after ever longer pauses, the longest fifteen minutes. Guesses from
//! everywhere at once shorten the five to one; they never refuse a network its first try. A network
//! with thirty failures is refused to the end of its quarter of an hour. So nobody outside a
//! person's network can keep them out at all, and nobody inside it for longer than fifteen minutes
//! after they stop.

use domain::email::Email;
use domain::{Network, Result};
use jiff::{SignedDuration, Timestamp};

use super::{Guards, Window, Write, Written, guard, number, of_network, write};
use crate::fault;
use crate::key::{self, Key};
use crate::tables::Table;
use crate::transaction::key_of;

/// Within which failures count together, and the longest anybody waits.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Tries of a network at an address before it has to wait.
const FREE_TRIES: i64 = 5;
/// The same while the address is tried from many networks.
const FREE_TRIES_UNDER_ATTACK: i64 = 1;
/// The first wait; each is twice as long as the one before.
const FIRST_WAIT_MS: i64 = 30_000;
/// Failures at an address in a window, from wherever, that are an attack.
const FAILURES_OF_AN_ATTACK: i64 = 50;
/// Failures of a network in a window, at whatever addresses, that close it.
const FAILURES_OF_A_NETWORK: i64 = 30;
/// Rounds against others who try at the same instant.
const ROUNDS_MAX: usize = 4;

/// Whether a try may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is counted: say how it ended. Nothing said counts as a failure of this network here.
    Open,
    /// Not before so long. The try is not counted.
    Closed { retry_after: SignedDuration },
}

impl Guards {
    /// Asks for a try to sign in, and counts it before it is made, so that tries side by side are
    /// counted like tries one after the other. One write unit (two after a failure) and one read.
    pub async fn login_attempt(
        &self,
        email: &Email,
        network: &Network,
        now: Timestamp,
    ) -> Result<Admission> {
        let window = Window::at(now, WINDOW);
        let (of_address, of_network) = futures::future::try_join(
            self.counted("login-address", email.as_str(), window),
            self.counted("login-network", network.as_str(), window),
        )
        .await?;
        if of_network >= FAILURES_OF_A_NETWORK {
            return Ok(Admission::Closed { retry_after: window.ends_at.duration_since(now) });
        }
        let attacked = of_address >= FAILURES_OF_AN_ATTACK;
        let free = if attacked { FREE_TRIES_UNDER_ATTACK } else { FREE_TRIES };
        self.try_at(&tries(email, network), free, now).await
    }

    /// The password was wrong, or there is nobody of that name: the same for both.
    pub async fn login_failed(
        &self,
        email: &Email,
        network: &Network,
        now: Timestamp,
    ) -> Result<()> {
        futures::future::try_join(
            self.count("login-address", email.as_str(), WINDOW, now),
            self.count("login-network", network.as_str(), WINDOW, now),
        )
        .await?;
        Ok(())
    }

    /// The person signed in: what they tried from here is forgotten.
    pub async fn login_succeeded(&self, email: &Email, network: &Network) -> Result<()> {
        let request = self
            .store
            .client
            .delete_item()
            .table_name(self.store.name(Table::Guards))
            .set_key(Some(key_of(&tries(email, network))));
        Box::pin(request.send()).await.map_err(fault::of)?;
        Ok(())
    }

    async fn try_at(&self, key: &Key, free: i64, now: Timestamp) -> Result<Admission> {
        let now_ms = now.as_millisecond();
        let expires_s = now.as_second().saturating_add(WINDOW.as_secs());
        let first = Write::when(
            "attribute_not_exists(pk) OR tried_at <= :past",
            "SET n = :next, tried_at = :now, #ttl = :ttl",
        )
        .number(":past", now_ms.saturating_sub(window_ms()))
        .number(":next", 1)
        .number(":now", now_ms)
        .number(":ttl", expires_s);
        let mut refused = write(&self.store, key, first).await?;
        for _ in 0..ROUNDS_MAX {
            let Written::Refused(stored) = refused else { return Ok(Admission::Open) };
            let tried = number(&stored, "n").unwrap_or(1);
            let last_ms = number(&stored, "tried_at").unwrap_or(now_ms);
            let wait_ms = last_ms.saturating_add(wait_ms(tried, free)).saturating_sub(now_ms);
            if wait_ms > 0 {
                let retry_after = SignedDuration::from_millis(wait_ms.min(window_ms()));
                return Ok(Admission::Closed { retry_after });
            }
            let next = Write::when(
                "n = :tried AND tried_at = :last",
                "SET n = :next, tried_at = :now, #ttl = :ttl",
            )
            .number(":tried", tried)
            .number(":last", last_ms)
            .number(":next", tried.saturating_add(1))
            .number(":now", now_ms)
            .number(":ttl", expires_s);
            refused = write(&self.store, key, next).await?;
        }
        match refused {
            Written::Done(_) => Ok(Admission::Open),
            // So many at once are not one person's fingers.
            Written::Refused(_) => {
                Ok(Admission::Closed { retry_after: SignedDuration::from_secs(1) })
            }
        }
    }
}

/// A network's tries at an address.
fn tries(email: &Email, network: &Network) -> Key {
    guard(format!("LOGIN#{}", key::hash(email.as_str())), of_network(network))
}

fn window_ms() -> i64 {
    WINDOW.as_secs().saturating_mul(1_000)
}

/// How long after the last of so many tries the next one may be made.
fn wait_ms(tried: i64, free: i64) -> i64 {
    if tried < free {
        return 0;
    }
    let over = u32::try_from(tried.saturating_sub(free)).unwrap_or(u32::MAX);
    FIRST_WAIT_MS.saturating_mul(2_i64.saturating_pow(over)).min(window_ms())
}

#[cfg(test)]
mod tests {
    use super::{FREE_TRIES, wait_ms};

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (0..14).map(|tried| wait_ms(tried, FREE_TRIES) / 1_000).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900]);
        assert_eq!(wait_ms(i64::MAX, 1), 900_000);
    }
}
