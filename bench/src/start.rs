//! How long a function's process takes to ask for its first event, and to answer it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rust_decimal::Decimal;
use serde_json::Value;
use telemetry::Function;
use testkit::Dice;

use crate::events::{Events, is_done};
use crate::process::Program;
use crate::report::{Table, figure, micros, percentile, ratio};
use crate::runtime_api::RuntimeApi;

/// What the others are compared with; see `bench/examples`.
pub(crate) const HELLO: &str = "hello";
/// Starts of each, in an order that is shuffled every round.
const ROUNDS: usize = 60;

/// Where the built functions are, and how they are run.
pub(crate) struct Built {
    pub(crate) folder: PathBuf,
    /// Of another processor, with its arguments, when they are not for this one.
    pub(crate) emulator: Vec<String>,
}

/// A program and what was measured of it.
struct Runner {
    function: Option<Function>,
    /// In AWS: clients for encrypted endpoints. Nobody is called but the secret store, here.
    alone: Program,
    /// On the embedded services.
    served: Program,
    starts: Vec<Duration>,
    cpu: Vec<Duration>,
    answers: Vec<Duration>,
    resident_kib: u64,
}

pub(crate) async fn measure(built: &Built) -> Result<[Table; 2]> {
    let mut events = Events::start().await?;
    let mut runners = vec![Runner::hello(built)?];
    for function in Function::ALL {
        runners.push(Runner::new(function, built, &events)?);
    }
    let mut dice = Dice::new(1);
    for _ in 0..ROUNDS {
        let mut order: Vec<usize> = (0..runners.len()).collect();
        dice.shuffle(&mut order);
        for place in order {
            let runner = runners.get_mut(place).context("no such runner")?;
            runner.start().await?;
            runner.answer(&mut events).await?;
        }
    }
    tables(runners)
}

/// Every function is started once and answers once; nothing is timed.
pub(crate) async fn smoke(built: &Built) -> Result<Table> {
    let mut events = Events::start().await?;
    let mut table = Table::new("answered an event", &["MB"]);
    for function in Function::ALL {
        let mut runner = Runner::new(function, built, &events)?;
        runner.answer(&mut events).await.context(function.name())?;
        table.row(function.name(), [megabytes(runner.served.bytes()?)]);
    }
    Ok(table)
}

impl Runner {
    fn hello(built: &Built) -> Result<Self> {
        let path = built.folder.join("examples").join(HELLO);
        let program = || -> Result<Program> { Program::of(&path, BTreeMap::new(), built) };
        Ok(Self::of(None, program()?, program()?))
    }

    fn new(function: Function, built: &Built, events: &Events) -> Result<Self> {
        let mut path = built.folder.join(function.name());
        if path.is_dir() {
            // A package.
            path.push("bootstrap");
        }
        let variables = events.site.variables(function)?;
        let mut alone = variables.clone();
        alone.retain(|name, _| {
            !name.starts_with("AWS_ENDPOINT_URL_") || name.ends_with("SECRETS_MANAGER")
        });
        let alone = Program::of(&path, alone, built)?;
        Ok(Self::of(Some(function), alone, Program::of(&path, variables, built)?))
    }

    fn of(function: Option<Function>, alone: Program, served: Program) -> Self {
        let (starts, cpu, answers) = Default::default();
        Self { function, alone, served, starts, cpu, answers, resident_kib: 0 }
    }

    fn name(&self) -> &'static str {
        self.function.map_or(HELLO, Function::name)
    }

    async fn start(&mut self) -> Result<()> {
        let mut api = RuntimeApi::start().await?;
        let process = self.alone.start(&[("AWS_LAMBDA_RUNTIME_API", &api.address)])?;
        let asked = api.asked().await.context(self.name())?;
        self.starts.push(asked.duration_since(process.begun));
        self.cpu.push(process.cpu()?);
        self.resident_kib = process.resident_kib()?;
        Ok(())
    }

    async fn answer(&mut self, events: &mut Events) -> Result<()> {
        let event = match self.function {
            Some(function) => events.next(function).await?,
            None => Value::Null,
        };
        let mut api = RuntimeApi::start().await?;
        api.give(&event)?;
        let process = self.served.start(&[("AWS_LAMBDA_RUNTIME_API", &api.address)])?;
        api.asked().await?;
        let (at, answer) = api.answered().await?;
        ensure!(is_done(&answer), "{} answered {answer}", self.name());
        self.answers.push(at.duration_since(process.begun));
        Ok(())
    }
}

impl Program {
    fn of(path: &Path, mut variables: BTreeMap<String, String>, built: &Built) -> Result<Self> {
        for (name, value) in [
            ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "bench"),
        ] {
            variables.insert(name.to_owned(), value.to_owned());
        }
        ensure!(path.exists(), "{} is not built", path.display());
        Ok(Self {
            path: path.to_owned(),
            arguments: Vec::new(),
            variables,
            emulator: built.emulator.clone(),
        })
    }
}

/// The first runner is the one that the others are compared with.
fn tables(runners: Vec<Runner>) -> Result<[Table; 2]> {
    let columns = &["p50", "p90", "× hello", "CPU p50", "CPU × hello", "RSS MB", "binary MB"];
    let mut starts = Table::new("start to the first question, ms", columns);
    let mut answers =
        Table::new("start to the first answer, ms", &["p50", "p90", "× hello", "after start"]);
    let mut least = None;
    for mut runner in runners {
        let bytes = runner.alone.bytes()?;
        for times in [&mut runner.starts, &mut runner.cpu, &mut runner.answers] {
            times.sort_unstable();
        }
        let half = |times: &[Duration]| -> Result<Decimal> { milliseconds(times, 50) };
        let own = [half(&runner.starts)?, half(&runner.cpu)?, half(&runner.answers)?];
        let [start, cpu, answer] = own;
        let [least_start, least_cpu, least_answer] = *least.get_or_insert(own);
        starts.row(
            runner.name(),
            [
                figure(start),
                figure(milliseconds(&runner.starts, 90)?),
                ratio(start, least_start),
                figure(cpu),
                ratio(cpu, least_cpu),
                figure(Decimal::from(runner.resident_kib) / Decimal::from(1_024)),
                megabytes(bytes),
            ],
        );
        answers.row(
            runner.name(),
            [
                figure(answer),
                figure(milliseconds(&runner.answers, 90)?),
                ratio(answer, least_answer),
                figure(answer - start),
            ],
        );
    }
    Ok([starts, answers])
}

fn milliseconds(sorted: &[Duration], percent: usize) -> Result<Decimal> {
    Ok(micros(percentile(sorted, percent)?) / Decimal::from(1_000))
}

fn megabytes(bytes: u64) -> Value {
    figure(Decimal::from(bytes) / Decimal::from(1_000_000))
}
