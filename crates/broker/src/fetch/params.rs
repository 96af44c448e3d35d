//! What a Fetch request asks for.

use std::time::Duration;

use model::Instant;
use replica::Reader;
use transport::{AnswerKey, ConnectionKey, SlabKey};
use wire::messages::fetch_request::{FetchPartition, FetchRequestView};

use crate::Broker;
use crate::dispatch::Head;
use crate::fetch_session::Asked;

/// What a fetch wants.
#[derive(Clone, Copy, Debug)]
pub(super) struct FetchParams {
    pub(super) max_wait: Duration,
    pub(super) size_min: u64,
    pub(super) size_max: u32,
    pub(super) reader: Reader,
    /// Followers are refused: this broker has none.
    pub(super) from_follower: bool,
}

pub(super) fn params(broker: &Broker, request: &FetchRequestView<'_>, version: i16) -> FetchParams {
    let config = broker.config();
    let replica = if version >= 15 { request.replica_state.replica_id } else { request.replica_id };
    let size_max = u32::try_from(request.max_bytes).unwrap_or(0);
    FetchParams {
        max_wait: Duration::from_millis(u64::try_from(request.max_wait_ms).unwrap_or(0)),
        size_min: u64::try_from(request.min_bytes).unwrap_or(0),
        size_max: size_max.min(config.settings().fetch.response_bytes_max),
        reader: if request.isolation_level == 1 { Reader::Committed } else { Reader::Uncommitted },
        from_follower: replica >= 0,
    }
}

pub(super) fn asked(partition: &FetchPartition) -> Asked {
    Asked {
        offset: partition.fetch_offset,
        size_max: partition.partition_max_bytes,
        leader_epoch: partition.current_leader_epoch,
        last_fetched_epoch: partition.last_fetched_epoch,
    }
}

/// What an attempt must know of its fetch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking {
    pub(super) key: SlabKey,
    pub(super) connection: ConnectionKey,
    pub(super) slot: AnswerKey,
    pub(super) head: Head,
    pub(super) params: FetchParams,
    pub(super) by_id: bool,
    pub(super) incremental: bool,
    pub(super) session_id: i32,
    pub(super) due: bool,
    /// What it reads was brought into memory once.
    pub(super) read_ahead: bool,
    /// When it is looked at.
    pub(super) seen: Instant,
}

/// What looking at a fetch came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    Answered,
    /// For one of its partitions, or its time.
    Waits,
    /// For what it found to be in memory.
    ReadsAhead,
}
