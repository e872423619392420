//! One service fails in one way at one stage, all the time the stage lasts.

use std::cell::{Cell, RefCell};

use campaign::check::Check;
use campaign::ledger::{Ledger, Want};
use campaign::script::Script;
use http::StatusCode;
use testkit::{Fault, Faults, Faulty};

use super::day::MIX;
use super::posting;
use super::pump::Pump;
use super::world::World;

/// Where on a message's way something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The webhook takes the call.
    Intake,
    /// The processor stores and decides.
    Process,
    /// The dispatcher hands the answer over.
    Dispatch,
    /// The sweep hands it over, because the dispatcher never saw it.
    Sweep,
    /// The sender sends it.
    Send,
    /// The sender writes down that it was taken.
    Record,
}

/// What each service is asked for at each stage. SQS is asked for nothing while all goes well with
/// a message that is processed or sent.
const DYNAMODB: [Stage; 6] =
    [Stage::Intake, Stage::Process, Stage::Dispatch, Stage::Sweep, Stage::Send, Stage::Record];
const SQS: [Stage; 3] = [Stage::Intake, Stage::Dispatch, Stage::Sweep];
const GRAPH: [Stage; 1] = [Stage::Send];

#[tokio::test]
async fn whatever_fails_wherever_the_end_is_as_if_nothing_had() {
    let world = World::start(1, &[2]).await;
    let ledger = RefCell::default();
    let table = Table {
        world: &world,
        ledger: &ledger,
        pump: Pump::new(&world, &ledger, 1).await,
        script: RefCell::new(Script::new(&world.firms, 1, MIX)),
    };
    let services = &world.services;
    for fault in Fault::ANYWHERE {
        for stage in DYNAMODB {
            table.play(&services.dynamodb, fault, stage).await;
        }
        for stage in SQS {
            table.play(&services.sqs, fault, stage).await;
        }
        for stage in GRAPH {
            table.play(&services.graph, fault, stage).await;
        }
        table.check(fault).await;
    }
    for stage in SQS {
        table.play(&services.sqs, Fault::Partial, stage).await;
    }
    table.check(Fault::Partial).await;
}

struct Table<'a> {
    world: &'a World,
    ledger: &'a RefCell<Ledger>,
    pump: Pump<'a>,
    script: RefCell<Script>,
}

impl Table<'_> {
    /// One task by message, with a fault on its way; then everything comes to rest.
    async fn play(&self, service: &Faulty, fault: Fault, stage: Stage) {
        // What functions remember of the services is forgotten.
        self.world.cloud.advance(310);
        let (before, copies) = (service.injected(), self.world.graph.copies(0).len());
        let call = self.script.borrow_mut().one(&self.world.scene(&[]), Want::Task);
        if stage == Stage::Intake {
            service.set(Faults::always(fault));
            let status = posting::call(self.world, &call.body).await;
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{fault:?}");
            service.calm();
        }
        posting::deliver(self.world, &call.body).await;
        self.ledger.borrow_mut().said.extend(call.said);
        for here in [Stage::Process, Stage::Dispatch, Stage::Sweep, Stage::Send, Stage::Record] {
            if here == stage {
                self.set(service, fault, stage);
            }
            self.pass(here, stage).await;
            if here == stage {
                service.calm();
                self.world.graph.at_next_copy(|| ());
            }
        }
        self.pump.run(&Cell::new(false)).await;
        let happened = service.injected().get(&fault) > before.get(&fault);
        assert!(happened, "{fault:?} at {stage:?} is no case: nothing was asked");
        // A second copy only where nobody could know of the first.
        let most = match (stage, fault) {
            (Stage::Record, _) | (Stage::Send, Fault::Lost) => 2,
            _ => 1,
        };
        let copies = self.world.graph.copies(0).len() - copies;
        assert!((1..=most).contains(&copies), "{fault:?} at {stage:?}: {copies} copies");
    }

    /// One stage of the way, where the fault is at stage `faulty`.
    async fn pass(&self, here: Stage, faulty: Stage) {
        match here {
            Stage::Process => drop(self.pump.process("InboundQueue").await),
            Stage::Dispatch if faulty != Stage::Sweep => drop(self.pump.dispatch().await),
            Stage::Sweep if faulty == Stage::Sweep => {
                self.world.cloud.advance(60);
                // When it fails it comes again in a minute.
                drop(self.world.sweep().await);
            }
            Stage::Send if faulty != Stage::Record => drop(self.pump.send().await),
            Stage::Record if faulty == Stage::Record => drop(self.pump.send().await),
            // The call, and the other way to the same place.
            Stage::Intake | Stage::Dispatch | Stage::Sweep | Stage::Send | Stage::Record => {}
        }
    }

    fn set(&self, service: &Faulty, fault: Fault, stage: Stage) {
        if stage == Stage::Record {
            let service = service.clone();
            self.world.graph.at_next_copy(move || service.set(Faults::always(fault)));
        } else {
            service.set(Faults::always(fault));
        }
    }

    async fn check(&self, fault: Fault) {
        let storage = self.world.storage().await;
        let waiting = self.pump.waiting().await;
        let findings = Check {
            firms: &self.world.firms,
            ledger: &self.ledger.borrow(),
            storage: &storage,
            copies: &self.world.graph.copies(0),
            waiting: &waiting,
        }
        .run();
        assert!(findings.violations.is_empty(), "{fault:?}: {:#?}", findings.violations);
        assert_eq!(findings.undecided, 0, "{fault:?}");
    }
}
