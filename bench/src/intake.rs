//! The webhook's own time for one signed message, and how much of it is reading and checking.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use embedded_aws::Data;
use serde_json::json;
use telemetry::SystemClock;
use whatsapp::{AppSecret, AppSecrets, sign};

use crate::meta::{self, TEXTS};
use crate::report::{Table, figure, micros, percentile, ratio};
use crate::seed::{Seed, phone};
use crate::site::{SECRET, Setup, Site};

const WARM_UP: usize = 200;

/// What a post takes, its median.
pub(crate) async fn post(posts: usize) -> Result<Duration> {
    let (_, times) = post_all(posts).await?;
    percentile(&times, 50)
}

pub(crate) async fn measure(posts: usize) -> Result<Table> {
    let (bodies, posting) = post_all(posts).await?;
    let secret = AppSecret::new(SECRET)?;
    let signatures: Vec<String> = bodies.iter().map(|body| sign(body, &secret)).collect();
    let secrets = AppSecrets { current: secret, previous: None };
    let mut reading = Vec::new();
    for (signature, body) in signatures.iter().zip(&bodies) {
        let begun = Instant::now();
        let is_signed = whatsapp::verify(body, Some(signature), &secrets);
        let events = black_box(whatsapp::parse(black_box(body))?);
        reading.push(begun.elapsed());
        ensure!(is_signed && events.len() == 1, "a body is not what it should be");
    }
    let reading = warm(reading);
    let whole = micros(percentile(&posting, 50)?);
    let mut table = Table::new("intake, µs", &["p50", "p99", "share"]);
    for (name, times) in
        [("POST of one message, to its 200", posting), ("of it, HMAC and parsing", reading)]
    {
        let half = micros(percentile(&times, 50)?);
        let most = micros(percentile(&times, 99)?);
        table.row(name, [figure(half), figure(most), ratio(half, whole)]);
    }
    Ok(table)
}

/// Posts bodies one after the other: the bodies, and the times of those after the warm-up.
async fn post_all(posts: usize) -> Result<(Vec<Vec<u8>>, Vec<Duration>)> {
    let seed = Seed { projects: 1, members: 2, tasks: 0 };
    let clock = Arc::new(SystemClock);
    let site = Site::start(Setup { data: Data::Memory, clock, seed, is_metered: false }).await?;
    let texts = TEXTS.iter().cycle().enumerate().take(posts + WARM_UP);
    let body = |(number, text): (usize, &&str)| {
        let (from, content) = (phone(number % 100), json!({ "body": text }));
        let item = meta::message(&from, number, site.clock.now(), "text", &content);
        meta::body("messages", &item)
    };
    let bodies: Vec<Vec<u8>> = texts.map(body).collect();
    let mut posting = Vec::new();
    for body in &bodies {
        let body = body.clone();
        let begun = Instant::now();
        site.post(body).await?;
        posting.push(begun.elapsed());
    }
    Ok((bodies, warm(posting)))
}

/// Sorted, without those of a cold start.
fn warm(times: Vec<Duration>) -> Vec<Duration> {
    let mut times: Vec<Duration> = times.into_iter().skip(WARM_UP).collect();
    times.sort_unstable();
    times
}
