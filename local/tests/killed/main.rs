//! The whole process killed with SIGKILL at random points, started again, and drained: what was
//! accepted is there once, did what it does once, and is in order.
//!
//! `HNDASAH_SEED` repeats a run; the seed of a failing one is printed.
#![cfg(test)]

mod check;
mod plan;
mod process;

use std::path::Path;
use std::sync::Arc;

use domain::Clock as _;
use jiff::SignedDuration;
use local::{Data, MovingClock, Options, System};
use telemetry::SystemIds;

use crate::plan::{Chance, Plan};
use crate::process::Process;

const MESSAGES: usize = 2_000;
const KILLS: usize = 12;
/// People who post at the same time; each waits for an answer before the next call.
const LANES: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_accepted_is_lost_or_done_twice_over_kills() {
    let seed = seed();
    println!("HNDASAH_SEED={seed}");
    let mut chance = Chance::new(seed);
    let plan = Plan::draw(&mut chance, MESSAGES);
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");

    let process = Arc::new(Process::new(&data));
    process.start().await;
    let lanes = plan.lanes(LANES).into_iter().map(|calls| {
        let process = Arc::clone(&process);
        tokio::spawn(async move {
            for call in calls {
                // As Meta does: again until it is taken.
                while !process.post(&call).await {}
            }
        })
    });
    let lanes: Vec<_> = lanes.collect();
    // Spread over what the system and Meta exchange: intake, processing and sending are all met.
    let mut points: Vec<usize> = (0..KILLS).map(|_| chance.below(plan.exchanges())).collect();
    points.sort_unstable();
    for point in points {
        process.exchanged(point).await;
        process.kill();
        process.start().await;
    }
    for lane in lanes {
        lane.await.unwrap();
    }
    process.kill();

    let clock = Arc::new(MovingClock::starting_at(telemetry::SystemClock.now()));
    let system = open(&data, &clock).await;
    system.drain().await.unwrap();
    // Claims lapse after 20 s, an unknown outcome is settled after a minute, retries are spaced.
    for _ in 0..12 {
        system.advance(&clock, SignedDuration::from_secs(61)).await.unwrap();
    }
    let found = check::everything(&system, &plan).await;
    println!("{found:#?}");
    system.shutdown().await.unwrap();
}

async fn open(data: &Path, clock: &Arc<MovingClock>) -> System {
    let options = Options {
        data: Data::Directory(data.to_owned()),
        port: 0,
        clock: Arc::clone(clock) as _,
        ids: Arc::new(SystemIds),
        background: false,
        with_roles: false,
    };
    System::start(options).await.unwrap()
}

fn seed() -> u64 {
    let given = std::env::var_os("HNDASAH_SEED").and_then(|text| text.to_str()?.parse().ok());
    given.unwrap_or_else(|| u64::from(std::process::id()) * 2_654_435_761)
}
