//! What the group coordinator has done with the share coordinator.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use group::{Assignment, GroupEpoch, GroupId, StateToInitialize};
use model::{Offset, PartitionId};
use share::{CoordinatorError, Decision, SharePartitionKey, StateEpoch};

use crate::Broker;
use crate::api::find_coordinator::share_topic;
use crate::coordinator::{Gather, SHARE_TOPIC, Unavailable};

/// Until a coordinator that is being loaded is asked again, and how often.
const RETRY_PAUSE: Duration = Duration::from_millis(50);
const RETRY_COUNT_MAX: u32 = 60;

/// How it went with each partition.
pub(crate) type Results = Vec<(PartitionId, Result<(), StateRefused>)>;

/// Why the share coordinator has not done what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StateRefused {
    #[error(transparent)]
    Refused(#[from] CoordinatorError),
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Sets states up; `starts` says where to start, where that is known.
pub(crate) fn initialize_states(
    broker: &Arc<Broker>,
    group: &GroupId,
    wanted: &StateToInitialize,
    starts: &BTreeMap<PartitionId, Offset>,
    done: impl FnOnce(Results) + Send + 'static,
) {
    let epoch = StateEpoch::from_wire(wanted.epoch.to_wire()).unwrap_or(StateEpoch::ZERO);
    let starts = starts.clone();
    let partitions: Vec<PartitionId> = wanted.partitions.partitions().collect();
    let group = group.clone();
    with_topic(broker, move |broker| {
        let gather = Gather::new(partitions.len(), done);
        for (index, partition) in partitions.into_iter().enumerate() {
            let part = gather.part(index);
            let start = starts.get(&partition).copied();
            let ask = Ask { key: key(&group, partition), what: What::Initialize(epoch, start) };
            ask_until_loaded(broker, ask, 0, move |result| part.give((partition, result)));
        }
    });
}

/// Takes states out.
pub(crate) fn delete_states(
    broker: &Arc<Broker>,
    group: &GroupId,
    partitions: &Assignment,
    done: impl FnOnce(Results) + Send + 'static,
) {
    let partitions: Vec<PartitionId> = partitions.partitions().collect();
    let gather = Gather::new(partitions.len(), done);
    for (index, partition) in partitions.into_iter().enumerate() {
        let part = gather.part(index);
        let ask = Ask { key: key(group, partition), what: What::Delete };
        ask_until_loaded(broker, ask, 0, move |result| part.give((partition, result)));
    }
}

/// Sets up a state that should be there and is not; one that is there stays as it is. Where to start is for its leader to decide.
pub(super) fn restore_state(
    broker: &Arc<Broker>,
    key: SharePartitionKey,
    epoch: GroupEpoch,
    done: impl FnOnce(Result<(), StateRefused>) + Send + 'static,
) {
    let epoch = StateEpoch::from_wire(epoch.to_wire()).unwrap_or(StateEpoch::ZERO);
    let ask = Ask { key, what: What::Restore(epoch) };
    with_topic(broker, move |broker| ask_until_loaded(broker, ask, 0, done));
}

pub(super) fn key(group: &GroupId, partition: PartitionId) -> SharePartitionKey {
    let PartitionId { topic, partition } = partition;
    SharePartitionKey { group: group.clone(), topic, partition }
}

#[derive(Clone)]
struct Ask {
    key: SharePartitionKey,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Initialize(StateEpoch, Option<Offset>),
    Restore(StateEpoch),
    Delete,
}

/// The topic of the states is made when the first one is to be set up.
fn with_topic(broker: &Arc<Broker>, then: impl FnOnce(&Arc<Broker>) + Send + 'static) {
    if broker.image().topic(SHARE_TOPIC).is_some() {
        return then(broker);
    }
    let answering = Arc::clone(broker);
    broker.quorum().submit(share_topic(broker), move |made| {
        if let Err(error) = made {
            tracing::warn!(topic = SHARE_TOPIC, %error, "create a coordinator's topic");
        }
        then(&answering);
    });
}

/// A coordinator whose topic was just made is being loaded for an instant.
fn ask_until_loaded(
    broker: &Arc<Broker>,
    ask: Ask,
    tried: u32,
    done: impl FnOnce(Result<(), StateRefused>) + Send + 'static,
) {
    let (answering, again, Ask { key, what }) = (Arc::clone(broker), ask.clone(), ask);
    let forgotten = key.clone();
    broker.shares().coordinator.decide(
        &key.to_string(),
        move |shard, soft, now| {
            let (epoch, start) = match what {
                What::Delete => return shard.delete(&key).map(Ok),
                What::Restore(_) if shard.state(&key).is_some() => {
                    return Decision::refused(Ok(()));
                }
                What::Restore(epoch) => (epoch, None),
                What::Initialize(epoch, start) => (epoch, start),
            };
            match shard.initialize(soft, now, &key, epoch, start) {
                Ok(decision) => decision.map(Ok),
                Err(error) => Decision::refused(Err(error)),
            }
        },
        move |result| {
            let may_retry = tried < RETRY_COUNT_MAX;
            match result {
                Err(Unavailable::Loading | Unavailable::NotCoordinator) if may_retry => {
                    let at = answering.now().instant.plus(RETRY_PAUSE);
                    // The box ends what would be a type within itself.
                    let done: Box<dyn FnOnce(Result<(), StateRefused>) + Send> = Box::new(done);
                    answering.shares().worker.later(at, move |broker| {
                        ask_until_loaded(broker, again, tried + 1, done);
                    });
                }
                Err(why) => done(Err(why.into())),
                Ok(result) => {
                    // Who still works on the old state must not go on.
                    answering.shares().forget_key(&answering, &forgotten);
                    done(result.map_err(Into::into));
                }
            }
        },
    );
}
