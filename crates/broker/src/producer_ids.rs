use std::collections::VecDeque;
use std::sync::Arc;

use controller::{AllocateProducerIds, ProducerIdBlock};
use model::{Instant, ProducerId};
use parking_lot::Mutex;

use crate::Broker;
use crate::limits::{PRODUCER_ID_WAIT_MAX, WAITING_PRODUCER_COUNT_MAX};

/// Producer ids for the clients of this broker, taken from the controller in blocks (KIP-730). Those who come when
/// the block is used up wait for the next, but not for long.
#[derive(Default)]
pub(crate) struct ProducerIds(Mutex<State>);

#[derive(Default)]
struct State {
    next: i64,
    left: u32,
    /// In the order of their deadlines.
    waiting: VecDeque<Waiting>,
    asked: bool,
    /// Somebody will look for those that have waited too long.
    is_watched: bool,
}

struct Waiting {
    until: Instant,
    done: Done,
}

type Done = Box<dyn FnOnce(Option<ProducerId>) + Send>;

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
        let until = broker.clock().now().plus(PRODUCER_ID_WAIT_MAX);
        state.waiting.push_back(Waiting { until, done: Box::new(done) });
        let must_ask = !std::mem::replace(&mut state.asked, true);
        let must_watch = !std::mem::replace(&mut state.is_watched, true);
        drop(state);
        if must_watch {
            watch(broker, until);
        }
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
            served.push((waiting.done, state.take()));
        }
        state.asked = !state.waiting.is_empty();
        let must_ask = state.asked;
        drop(state);
        for (done, id) in served {
            done(id);
        }
        if must_ask {
            ask(broker);
        }
    }

    /// Ends the wait of those that have waited long enough; when to look again, if anybody is left.
    fn give_up(&self, now: Instant) -> Option<Instant> {
        let (late, next) = {
            let state = &mut *self.0.lock();
            let count = state.waiting.partition_point(|waiting| waiting.until <= now);
            let late: Vec<Waiting> = state.waiting.drain(..count).collect();
            let next = state.waiting.front().map(|waiting| waiting.until);
            state.is_watched = next.is_some();
            (late, next)
        };
        late.into_iter().for_each(|waiting| (waiting.done)(None));
        next
    }
}

/// Looks for those that have waited too long, as long as anybody waits.
fn watch(broker: &Arc<Broker>, at: Instant) {
    broker.shares().later(at, |broker| {
        if let Some(next) = broker.producer_ids().give_up(broker.clock().now()) {
            watch(broker, next);
        }
    });
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn those_who_waited_long_enough_have_no_id_and_the_others_wait_on() {
        let ids = ProducerIds::default();
        let at = |seconds| Instant::ZERO.plus(Duration::from_secs(seconds));
        let (tell, told) = channel();
        for seconds in [1, 2, 5] {
            let tell = tell.clone();
            let done = move |id: Option<ProducerId>| tell.send((seconds, id)).unwrap();
            ids.0.lock().waiting.push_back(Waiting { until: at(seconds), done: Box::new(done) });
        }
        assert_eq!(ids.give_up(at(0)), Some(at(1)));
        assert_eq!(told.try_iter().count(), 0);
        assert_eq!(ids.give_up(at(2)), Some(at(5)));
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [(1, None), (2, None)]);
        assert_eq!(ids.give_up(at(6)), None);
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [(5, None)]);
        assert!(!ids.0.lock().is_watched);
    }
}
