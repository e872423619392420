//! What somebody wants to be tried, and for how long.

use super::{BODIES, READERS};
use crate::run::Outcome;

#[derive(Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) targets: Vec<&'static str>,
    /// For each of them.
    pub(super) seconds: u64,
    pub(super) seed: u64,
}

impl Wanted {
    /// `<target>` or `all`, which shares the time among them.
    pub(super) fn read(arguments: &[&str]) -> Outcome<Self> {
        let (name, mut rest) = match arguments {
            [name, rest @ ..] => (*name, rest.iter()),
            [] => return Err(known()),
        };
        let all = READERS.into_iter().chain([BODIES]);
        let targets: Vec<_> = all.filter(|target| name == "all" || name == *target).collect();
        if targets.is_empty() {
            return Err(known());
        }
        let (mut seconds, mut seed) = (10, 1);
        while let Some(option) = rest.next() {
            let place = match *option {
                "--seconds" => &mut seconds,
                "--seed" => &mut seed,
                _ => return Err(format!("fuzz knows --seconds and --seed, not {option}")),
            };
            let value = rest.next().and_then(|value| value.parse().ok());
            *place = value.ok_or_else(|| format!("{option} wants a number"))?;
        }
        let shares = u64::try_from(targets.len()).unwrap_or(u64::MAX);
        Ok(Self { seconds: (seconds / shares).max(1), targets, seed })
    }

    pub(super) fn readers(&self) -> impl Iterator<Item = &'static str> {
        self.targets.iter().copied().filter(|target| *target != BODIES)
    }
}

fn known() -> String {
    format!("fuzz knows all, {BODIES}, {}", READERS.join(", "))
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn reads_what_is_wanted() {
        let one = Wanted::read(&["tokens", "--seed", "3", "--seconds", "60"]).unwrap();
        assert_eq!(one, Wanted { targets: vec!["tokens"], seconds: 60, seed: 3 });
        let all = Wanted::read(&["all", "--seconds", "70"]).unwrap();
        assert_eq!((all.targets.len(), all.seconds, all.seed), (7, 10, 1));
        assert_eq!(all.readers().count(), 6);
        for wrong in [&[][..], &["control"], &["all", "--seconds"], &["all", "--fast"]] {
            assert!(Wanted::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
