//! What the system costs in time and in DynamoDB units, measured on the embedded AWS.
//!
//! `cargo xtask bench [--json FILE] [--messages N]`. Nothing is asserted: the figures depend on
//! the machine, the units and ratios do not.

#![expect(clippy::indexing_slicing, reason = "an absent field of a JSON value reads as null")]

use std::fs;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};

use crate::report::{Table, say};

mod intake;
mod login;
mod meta;
mod meter;
mod pipeline;
mod reading;
mod report;
mod seed;
mod site;
mod size;
mod source;
mod units;

struct Arguments {
    json: Option<String>,
    messages: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    if cfg!(debug_assertions) {
        say("a debug build: its times mean nothing; use `cargo xtask bench`");
    }
    let [units, mix] = units::measure().await?;
    let [sign_in, sign_in_units] = login::measure().await?;
    let tables = [
        reading::measure()?,
        intake::measure(arguments.messages).await?,
        pipeline::measure(arguments.messages).await?,
        units,
        mix,
        sign_in,
        sign_in_units,
        size::count()?,
    ];
    tables.iter().for_each(Table::print);
    if let Some(path) = arguments.json {
        let all: Map<String, Value> =
            tables.iter().map(|table| (table.title.to_owned(), table.to_json())).collect();
        fs::write(&path, format!("{:#}\n", Value::Object(all))).context(path)?;
    }
    Ok(())
}

impl Arguments {
    fn read(mut given: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = Self { json: None, messages: 2_000 };
        while let Some(name) = given.next() {
            let value = given.next().with_context(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--json" => arguments.json = Some(value),
                "--messages" => arguments.messages = value.parse()?,
                _ => bail!("unknown argument {name}"),
            }
        }
        Ok(arguments)
    }
}
