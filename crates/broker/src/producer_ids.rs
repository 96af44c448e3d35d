use std::collections::VecDeque;
use std::sync::Arc;

use controller::{AllocateProducerIds, ProducerIdBlock};
use model::ProducerId;
use parking_lot::Mutex;

use crate::Broker;
use crate::limits::WAITING_PRODUCER_COUNT_MAX;

/// Producer ids for the clients of this broker, taken from the controller in blocks (KIP-730). Those who come when
/// the block is used up wait for the next.
#[derive(Default)]
pub(crate) struct ProducerIds(Mutex<State>);

#[derive(Default)]
struct State {
    next: i64,
    left: u32,
    waiting: VecDeque<Waiting>,
    asked: bool,
}

type Waiting = Box<dyn FnOnce(Option<ProducerId>) + Send>;

impl ProducerIds {
    /// Gives an id to `done`, now or when the controller has answered; `None` when there is none to be had just now.
    /// `done` is called once, without locks held, and must not wait for anything.
    pub(crate) fn next(
        &self,
        broker: &Arc<Broker>,
        done: impl FnOnce(Option<ProducerId>) + Send + 'static,
    ) {
        let mut state = self.0.lock();
        if let Some(id) = state.take() {
            drop(state);
            return done(Some(id));
        }
        if state.waiting.len() >= WAITING_PRODUCER_COUNT_MAX {
            drop(state);
            return done(None);
        }
        state.waiting.push_back(Box::new(done));
        let must_ask = !std::mem::replace(&mut state.asked, true);
        drop(state);
        if must_ask {
            ask(broker);
        }
    }

    fn answered(&self, broker: &Arc<Broker>, block: Option<ProducerIdBlock>) {
        let mut state = self.0.lock();
        if let Some(block) = block {
            (state.next, state.left) = (block.first.to_wire(), block.count);
        }
        let mut served = Vec::new();
        while state.left > 0 || block.is_none() {
            let Some(waiting) = state.waiting.pop_front() else { break };
            served.push((waiting, state.take()));
        }
        state.asked = !state.waiting.is_empty();
        let must_ask = state.asked;
        drop(state);
        for (waiting, id) in served {
            waiting(id);
        }
        if must_ask {
            ask(broker);
        }
    }
}

impl State {
    fn take(&mut self) -> Option<ProducerId> {
        self.left = self.left.checked_sub(1)?;
        let id = ProducerId::from_wire(self.next);
        self.next += 1;
        id
    }
}

/// Asks the controller for a block. Its answer may come before this returns.
fn ask(broker: &Arc<Broker>) {
    let id = broker.id();
    let Some(epoch) = broker.image().broker(id).map(|own| own.epoch) else {
        return broker.producer_ids().answered(broker, None);
    };
    let answering = Arc::clone(broker);
    broker.quorum().submit(AllocateProducerIds { broker: id, epoch }, move |allocated| {
        let block = match allocated {
            Ok(Ok(block)) => Some(block),
            Ok(Err(refusal)) => {
                tracing::warn!(%refusal, "ask for producer ids");
                None
            }
            Err(why) => {
                tracing::warn!(%why, "ask for producer ids");
                None
            }
        };
        answering.producer_ids().answered(&answering, block);
    });
}
