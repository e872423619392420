//! Lambda, as far as a function can tell: environments that are processes, one event at a time,
//! and the Runtime API between them and their events.

mod api;
mod slot;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use self::api::Desk;
pub(crate) use self::slot::{Signalled, Slot};
use crate::chaos::{Chaos, locked};
use crate::services::Services;

/// How long an environment may take to ask for its first event, the rig's own limit.
const INIT_MAX: Duration = Duration::from_mins(1);
/// How long one that went on after a pause may still take.
const AFTERLIFE: Duration = Duration::from_secs(20);

/// A function as it is deployed.
pub(crate) struct Deployed {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) timeout: Duration,
    /// Environments at work at the same time. Those that are paused are not.
    pub(crate) at_once: usize,
    /// Where its standard output and error go.
    pub(crate) log: PathBuf,
}

/// The environments of a function.
pub(crate) struct Pool {
    deployed: Deployed,
    services: Services,
    chaos: Arc<Chaos>,
    idle: Mutex<Vec<Environment>>,
    working: Semaphore,
    pub(crate) started: AtomicUsize,
    pub(crate) invoked: AtomicUsize,
}

/// One environment: its process comes and goes, its place stays.
struct Environment {
    slot: Arc<Slot>,
    front: api::Front,
    child: Option<Child>,
    variables: Vec<(&'static str, String)>,
}

/// How an invocation ended that brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Ended {
    #[error("the environment was killed")]
    Killed,
    #[error("the environment is paused, and for longer than anybody waits")]
    Paused,
    #[error("the deadline passed, and the environment was killed")]
    Deadline,
    #[error("the function failed: {0}")]
    Failed(String),
}

/// Whether somebody else has done an invocation's work by now.
pub(crate) type IsDone = Arc<dyn Fn() -> bool + Send + Sync>;

impl Pool {
    pub(crate) fn new(deployed: Deployed, services: Services, chaos: Arc<Chaos>) -> Arc<Self> {
        Arc::new(Self {
            working: Semaphore::new(deployed.at_once),
            deployed,
            services,
            chaos,
            idle: Mutex::default(),
            started: AtomicUsize::new(0),
            invoked: AtomicUsize::new(0),
        })
    }

    /// Hands an event to a free environment and waits for what it answers.
    pub(crate) async fn invoke(
        self: &Arc<Self>,
        event: Bytes,
        is_done: IsDone,
    ) -> Result<Bytes, Ended> {
        let _permit = self.working.acquire().await.map_err(|_| Ended::Killed)?;
        self.invoked.fetch_add(1, Ordering::Relaxed);
        let mut environment = self.take().await;
        let Some(mut child) = self.process_of(&mut environment) else {
            return Err(Ended::Failed("no process".to_owned()));
        };
        let slot = Arc::clone(&environment.slot);
        let allowed =
            self.deployed.timeout + if slot.is_warm() { Duration::ZERO } else { INIT_MAX };
        let mut answer = environment.front.desk().offer(event, self.deployed.timeout);
        slot.begin();
        let ended = tokio::select! {
            reply = &mut answer => reply.unwrap_or(Err(Ended::Killed)),
            _ = child.wait() => Err(Ended::Killed),
            () = slot.paused() => Err(Ended::Paused),
            () = tokio::time::sleep(allowed) => Err(Ended::Deadline),
        };
        if slot.end() && ended != Err(Ended::Paused) {
            // It answered before the pause began.
            slot.signal(Signalled::Continue);
        }
        match &ended {
            Ok(_) | Err(Ended::Failed(_)) => {
                environment.child = Some(child);
                self.give_back(environment);
            }
            Err(Ended::Paused) => {
                let pool = Arc::clone(self);
                tokio::spawn(async move {
                    pool.chaos.sit_out(&slot, is_done).await;
                    let over = async {
                        tokio::select! {
                            _ = &mut answer => true,
                            _ = child.wait() => false,
                        }
                    };
                    if tokio::time::timeout(AFTERLIFE, over).await == Ok(true) {
                        environment.child = Some(child);
                    } else {
                        bury(&slot, child).await;
                    }
                    pool.give_back(environment);
                });
            }
            Err(Ended::Killed | Ended::Deadline) => {
                if ended == Err(Ended::Deadline) {
                    self.chaos.note_deadline(self.deployed.name);
                }
                bury(&slot, child).await;
                self.give_back(environment);
            }
        }
        ended
    }

    /// Environments under way or paused.
    pub(crate) fn busy(&self) -> usize {
        self.deployed.at_once - self.working.available_permits().min(self.deployed.at_once)
    }

    /// Ends every process that is idle. For the end of a campaign.
    pub(crate) async fn end(&self) {
        let idle = std::mem::take(&mut *locked(&self.idle));
        for environment in idle {
            if let Some(child) = environment.child {
                bury(&environment.slot, child).await;
            }
        }
    }

    async fn take(&self) -> Environment {
        if let Some(environment) = locked(&self.idle).pop() {
            return environment;
        }
        let slot = self.chaos.new_slot(self.deployed.name);
        let variables = self.services.doors(slot.number).await;
        let front = api::Front::open(Arc::clone(&slot), Arc::clone(&self.chaos)).await;
        Environment { slot, front, child: None, variables }
    }

    fn give_back(&self, environment: Environment) {
        locked(&self.idle).push(environment);
    }

    /// The process of an environment, started if there is none.
    fn process_of(&self, environment: &mut Environment) -> Option<Child> {
        if let Some(mut child) = environment.child.take()
            && matches!(child.try_wait(), Ok(None))
        {
            return Some(child);
        }
        environment.slot.forget();
        environment.front.renew(Desk::new());
        let deployed = &self.deployed;
        let log = File::options().create(true).append(true).open(&deployed.log).ok()?;
        let child = Command::new(&deployed.program)
            .args(&deployed.arguments)
            .env_clear()
            .envs(&deployed.variables)
            .envs(environment.variables.iter().map(|(name, value)| (*name, value.as_str())))
            .env("AWS_LAMBDA_RUNTIME_API", environment.front.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", deployed.name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .stdin(Stdio::null())
            .stderr(log.try_clone().ok()?)
            .stdout(log)
            .kill_on_drop(true)
            .spawn()
            .ok()?;
        environment.slot.started(child.id());
        self.started.fetch_add(1, Ordering::Relaxed);
        Some(child)
    }
}

/// Kills a process, if it lives, and waits for its end: nothing of it writes any more.
async fn bury(slot: &Slot, mut child: Child) {
    slot.signal(Signalled::Kill);
    let _ = child.wait().await;
    slot.forget();
}
