//! How a share-partition begins on this broker: its state comes from the share coordinator; where a group that is new to it
//! starts is looked up in the log.

use std::sync::Arc;
use std::time::Duration;

use model::{Instant, Offset, PartitionIndex, Timestamp};
use replica::Reader;
use share::{
    AutoOffsetReset, CoordinatorError, Decision, Effects, Opening, Read, ReadState, SharePartition,
    StartFrom,
};
use storage::StorageError;
use wire::ErrorCode;

use super::{SharedPartition, fetch, group_settings, lost_state};
use crate::Broker;
use crate::coordinator::{SHARE_TOPIC, Unavailable};
use crate::error_map;
use crate::partition_error::PartitionError;

/// Until a coordinator that is being loaded is asked again.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// How long who waits for a state that cannot be read hears nothing: a coordinator that has moved is back by then.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is said then: Kafka's own clients try again after it, and give up after codes about coordinators.
pub(super) const UNREADABLE: ErrorCode = ErrorCode::KafkaStorageError;

/// Reads the state of a share-partition; who waits for it is woken when it is there.
pub(super) fn open(broker: &Arc<Broker>, shared: &Arc<SharedPartition>) {
    let read = Read { key: shared.key().clone(), leader_epoch: shared.leader_epoch() };
    let (opening, answering) = (Arc::clone(shared), Arc::clone(broker));
    let began = broker.now().instant;
    broker.shares().coordinator.decide(
        &shared.key().to_string(),
        move |shard, soft, now| match shard.read(soft, now, &read) {
            Ok(decision) => decision.map(Ok),
            Err(error) => Decision::refused(Err(error)),
        },
        move |result| was_read(&answering, opening, began, result),
    );
}

fn was_read(
    broker: &Arc<Broker>,
    shared: Arc<SharedPartition>,
    began: Instant,
    result: Result<Result<ReadState, CoordinatorError>, Unavailable>,
) {
    match result {
        // The search for a time looks into files, and nothing of it may wait where this is called.
        Ok(Ok(state)) => broker.shares().worker.soon(move |broker| {
            if let Some(index) = state_partition(broker, &shared) {
                broker.shares().unreadable.clear(index);
            }
            let opened = begin(broker, &shared, state);
            shared.opened(broker, opened);
            broker.shares().metrics().loaded(broker.now().instant.since(began));
        }),
        Ok(Err(CoordinatorError::ReadUninitialized)) => lost_state::not_found(broker, shared),
        Ok(Err(error)) => shared.opened(broker, Err(error_map::share_coordinator_error(&error))),
        // Nobody has set it up, or all of the topic is lost.
        Err(_) if broker.image().topic(SHARE_TOPIC).is_none() => {
            lost_state::not_found(broker, shared);
        }
        // That has an end, and may take long.
        Err(Unavailable::Loading) => open_later(broker, shared),
        Err(why) if broker.now().instant.since(shared.wanted_since()) >= PATIENCE => {
            unreadable(broker, &shared, why);
        }
        Err(_) => open_later(broker, shared),
    }
}

/// Who waits hears of it and may try again; it is opened anew then.
fn unreadable(broker: &Arc<Broker>, shared: &Arc<SharedPartition>, why: Unavailable) {
    if let Some(partition) = state_partition(broker, shared)
        && broker.shares().unreadable.note(partition)
    {
        tracing::error!(
            topic = SHARE_TOPIC, %partition, %why,
            "states of share groups cannot be read: their members get errors"
        );
    }
    shared.opened(broker, Err(UNREADABLE));
}

/// Of the coordinator's topic, where the state lies.
fn state_partition(broker: &Broker, shared: &SharedPartition) -> Option<PartitionIndex> {
    broker.shares().coordinator.partition_of(&shared.key().to_string())
}

/// Reads the state once more in a while, if it is wanted still.
pub(super) fn open_later(broker: &Broker, shared: Arc<SharedPartition>) {
    let at = broker.now().instant.plus(RETRY_PAUSE);
    broker.shares().worker.later(at, move |broker| {
        let is_known = broker.shares().get(shared.key());
        if is_known.is_some_and(|known| Arc::ptr_eq(&known, &shared)) {
            open(broker, &shared);
        }
    });
}

fn begin(
    broker: &Arc<Broker>,
    shared: &SharedPartition,
    state: ReadState,
) -> Result<(SharePartition, Effects), ErrorCode> {
    let own = group_settings(broker, &shared.key().group);
    let reset = AutoOffsetReset::parse(&own.auto_offset_reset).unwrap_or_default();
    let reader = if own.read_committed { Reader::Committed } else { Reader::Uncommitted };
    let from = reset.start_from(state.start_offset, broker.now().wall);
    let start_offset = start(broker, shared, reader, from)?;
    let opening = Opening {
        life: broker.shares().next_life(),
        state_epoch: state.state_epoch,
        leader_epoch: shared.leader_epoch(),
        start_offset,
        is_start_new: state.start_offset.is_none(),
        batches: state.batches,
    };
    let mut effects = Effects::default();
    let settings = fetch::share_settings(broker, &own);
    let machine = SharePartition::open(opening, settings, &mut effects).map_err(|error| {
        let (group, partition) = (&shared.key().group, shared.partition().name());
        tracing::error!(%group, %partition, %error, "open share-partition");
        ErrorCode::UnknownServerError
    })?;
    Ok((machine, effects))
}

fn start(
    broker: &Broker,
    shared: &SharedPartition,
    reader: Reader,
    from: StartFrom,
) -> Result<Offset, ErrorCode> {
    let refused = |error: PartitionError| error_map::partition_error(&error);
    let (log_start, end) = {
        let state = shared.partition().lock();
        let log = state.leader().map_err(refused)?.log();
        (log.log_start(), log.end_for(reader))
    };
    match from {
        StartFrom::Offset(offset) => Ok(offset.max(log_start)),
        StartFrom::LogEnd => Ok(end),
        StartFrom::LogStart => Ok(log_start),
        StartFrom::Time(time) => Ok(first_since(broker, shared, time)?.unwrap_or(end).min(end)),
    }
}

/// The first record with this timestamp or a later one.
fn first_since(
    broker: &Broker,
    shared: &SharedPartition,
    time: Timestamp,
) -> Result<Option<Offset>, ErrorCode> {
    let partition = shared.partition();
    loop {
        let Some(search) = partition.lock().log().search_timestamp(time) else { return Ok(None) };
        match search.run() {
            Ok(found) => return Ok(found.map(|found| found.offset)),
            // Compacted meanwhile: the new plan is of what there is now.
            Err(StorageError::Replaced) => {}
            Err(StorageError::Gone) => return Ok(None),
            Err(error) => {
                broker.read_error(partition, &error);
                return Err(error_map::storage_error(&error));
            }
        }
    }
}
