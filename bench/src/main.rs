//! What the system costs in time and in DynamoDB units, measured on the embedded AWS.
//!
//! `cargo xtask bench [--json FILE] [--messages N] [--only SECTION]`. Nothing is asserted: the
//! figures depend on the machine, the units and ratios do not.

#![expect(clippy::indexing_slicing, reason = "an absent field of a JSON value reads as null")]

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};

use crate::report::{Table, say};
use crate::start::Built;

mod cost;
mod events;
mod fastapi;
mod intake;
mod login;
mod meta;
mod meter;
mod pipeline;
mod planning;
mod process;
mod reading;
mod report;
mod runtime_api;
mod seed;
mod site;
mod size;
mod source;
mod start;
mod units;

struct Arguments {
    json: Option<String>,
    messages: usize,
    /// One section of those in [`SECTIONS`], or [`SMOKE`].
    only: Option<String>,
    built: Built,
    /// A Python that has `FastAPI`.
    python: Option<PathBuf>,
}

/// What can be measured alone.
const SECTIONS: [&str; 10] = [
    "planning", "language", "init", "intake", "fastapi", "pipeline", "units", "cost", "login",
    "size",
];
/// No measurement: every built function is started and answers once.
const SMOKE: &str = "smoke";

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    if cfg!(debug_assertions) {
        say("a debug build: its times mean nothing; use `cargo xtask bench`");
    }
    let tables = Box::pin(measure(&arguments)).await?;
    tables.iter().for_each(Table::print);
    if let Some(path) = arguments.json {
        let all: Map<String, Value> =
            tables.iter().map(|table| (table.title.to_owned(), table.to_json())).collect();
        fs::write(&path, format!("{:#}\n", Value::Object(all))).context(path)?;
    }
    Ok(())
}

/// Planning comes first, so that the memory it tells is its own.
async fn measure(arguments: &Arguments) -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    if arguments.only.as_deref() == Some(SMOKE) {
        return Ok(vec![start::smoke(&arguments.built).await?]);
    }
    if arguments.wants("planning") {
        tables.extend(planning::measure()?);
    }
    if arguments.wants("language") {
        tables.push(reading::measure()?);
    }
    if arguments.wants("init") {
        tables.extend(start::measure(&arguments.built).await?);
    }
    if arguments.wants("intake") {
        tables.push(intake::measure(arguments.messages).await?);
    }
    if arguments.wants("fastapi") {
        let python = arguments.python.as_deref().context("--python, with FastAPI in it")?;
        tables.push(Box::pin(fastapi::measure(&arguments.built, python)).await?);
    }
    if arguments.wants("pipeline") {
        tables.push(pipeline::measure(arguments.messages).await?);
    }
    if arguments.wants("units") {
        tables.push(units::measure().await?);
    }
    if arguments.wants("units") || arguments.wants("cost") {
        let mix = units::mix(arguments.messages).await?;
        tables.extend([units::means(&mix), cost::table(&mix)]);
    }
    if arguments.wants("login") {
        tables.extend(login::measure().await?);
    }
    if arguments.wants("size") {
        tables.push(size::count()?);
    }
    Ok(tables)
}

impl Arguments {
    fn wants(&self, section: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == section)
    }

    fn read(mut given: impl Iterator<Item = String>) -> Result<Self> {
        // What cargo built lies side by side.
        let folder = std::env::current_exe()?.parent().context("no folder")?.to_owned();
        let built = Built { folder, emulator: Vec::new() };
        let mut arguments = Self { json: None, messages: 2_000, only: None, built, python: None };
        while let Some(name) = given.next() {
            let value = given.next().with_context(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--json" => arguments.json = Some(value),
                "--messages" => arguments.messages = value.parse()?,
                "--only" if SECTIONS.contains(&value.as_str()) || value == SMOKE => {
                    arguments.only = Some(value);
                }
                "--only" => bail!("--only {value}: it is one of {}", SECTIONS.join(", ")),
                "--bins" => arguments.built.folder = value.into(),
                "--emulator" => {
                    let words = value.split_whitespace().map(str::to_owned);
                    arguments.built.emulator = words.collect();
                }
                "--python" => arguments.python = Some(value.into()),
                _ => bail!("unknown argument {name}"),
            }
        }
        Ok(arguments)
    }
}
