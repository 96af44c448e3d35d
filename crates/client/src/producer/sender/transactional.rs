//! Carries out what the transactions of a producer want done.

use std::sync::Arc;

use tokio::time::Instant;

use super::{Event, Sender, coordinators};
use crate::Result;
use crate::producer::Shared;
use crate::producer::transactions::{Answer, Ask, Step};

/// When a request to a coordinator is to be made again.
pub(super) fn next_timeout(shared: &Shared, now: Instant) -> Option<Instant> {
    shared.transactions.as_ref()?.machine.lock().next_timeout(now)
}

pub(super) fn answered(shared: &Shared, ask: Ask, result: Result<Answer>) {
    if let Some(transactions) = &shared.transactions {
        transactions.machine.lock().answered(Instant::now(), ask, result);
        shared.progress.notify_waiters();
    }
}

impl Sender {
    /// Does what is to be done now. Whether there was anything.
    pub(super) fn step_transactions(&mut self, shared: &Arc<Shared>) -> bool {
        let Some(transactions) = &shared.transactions else { return false };
        let mut any = false;
        loop {
            let mut accumulator = shared.accumulator.lock();
            let mut machine = transactions.machine.lock();
            if let Some(fault) = accumulator.take_fault() {
                machine.fault(fault);
                any = true;
            }
            let step = machine.poll(Instant::now(), &accumulator.ground());
            let is_version_2 = machine.is_version_2();
            drop(machine);
            match step {
                None => break,
                Some(Step::Admit(partitions)) => accumulator.admit(&partitions),
                Some(Step::Drop(error)) => accumulator.drop_waiting(&error),
                Some(Step::Restart(identity)) => accumulator.restart(identity),
                Some(Step::Fail(error)) => accumulator.fail_all(&error),
                Some(Step::Ask(ask)) => {
                    let shared = Arc::clone(shared);
                    self.tasks.spawn(async move {
                        let result = match &shared.transactions {
                            Some(it) => {
                                let (client, config) = (&shared.client, &it.config);
                                let places = &it.coordinators;
                                coordinators::carry_out(client, config, places, is_version_2, &ask)
                                    .await
                            }
                            None => Err(crate::ClientError::ProducerClosed),
                        };
                        Event::Coordinated { ask, result }
                    });
                }
            }
            any = true;
        }
        // An end without a request is no step.
        shared.progress.notify_waiters();
        any
    }
}
