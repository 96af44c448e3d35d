//! The shell of the group coordinator: one shard for each partition of `__consumer_offsets` that this broker leads.
//!
//! A request is decided under its shard's lock by whatever loop it came in on; its records are appended and replayed
//! under the same lock, so that the log's order is the order of decisions. The reply waits in the shard until the log
//! is committed so far, and leaves from the thread that learns of it. Nothing here waits: reading a log when leadership
//! begins, and deadlines, are the work of one thread of its own.
//!
//! Lock order: shard, then partition. [`GroupCoordinator::committed`] may be called under any other lock but a
//! shard's: it never waits for a shard.

mod active;
mod alarm;
mod follow;
mod gather;
mod load;
mod log;
#[cfg(test)]
mod memory_log;
mod partition_log;
mod record_batches;
mod shard;
#[cfg(test)]
mod tests;
mod thread;
mod unavailable;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use group::{Decision, DeletedTopic, GroupSettings, GroupShard, Now, Reply, Soft, Ticket};
use io::Clock;
use model::{Offset, PartitionIndex, SeededRandom, coordinator_partition};
use parking_lot::{Mutex, RwLock};
use record::Codec;
use settings::BrokerSettings;

pub use gather::Gather;
pub use log::{AppendRefused, CoordinatorLog, LogUnreadable};
pub use unavailable::Unavailable;

use alarm::Alarm;
use shard::Shard;

/// The topic that holds groups and offsets.
pub const GROUP_TOPIC: &str = "__consumer_offsets";

/// The group coordinator of this broker. Cloning gives another handle to it.
#[derive(Clone)]
pub struct GroupCoordinator(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    alarm: Arc<Alarm>,
    shards: RwLock<BTreeMap<PartitionIndex, Arc<Shard>>>,
    /// Of [`GROUP_TOPIC`]; 0 while it does not exist.
    partition_count: AtomicU32,
    settings: RwLock<Settings>,
    random: Mutex<SeededRandom>,
    followed: Mutex<follow::Followed>,
}

/// What the operator may set.
#[derive(Clone, Debug)]
pub struct Settings {
    pub groups: GroupSettings,
    /// How long a reply waits for its records to be committed: `offsets.commit.timeout.ms`.
    pub commit_timeout: Duration,
    /// Of the batches that hold groups and offsets: `offsets.topic.compression.codec`.
    pub codec: Codec,
}

impl Settings {
    pub fn of(settings: &BrokerSettings) -> Self {
        let millis = |millis: u32| Duration::from_millis(u64::from(millis));
        let groups = &settings.groups;
        Self {
            groups: GroupSettings {
                session_timeout_min: millis(groups.session_timeout_min_ms),
                session_timeout_max: millis(groups.session_timeout_max_ms),
                initial_rebalance_delay: millis(groups.initial_rebalance_delay_ms),
                member_count_max: groups.member_count_max as usize,
                offset_metadata_size_max: groups.offset_metadata_bytes_max as usize,
                offsets_retention: Duration::from_millis(groups.offsets_retention_ms),
                offsets_retention_check_interval: Duration::from_millis(
                    groups.offsets_check_interval_ms,
                ),
            },
            commit_timeout: millis(groups.offsets_commit_timeout_ms),
            codec: Codec::from_wire(groups.offsets_codec).unwrap_or(Codec::None),
        }
    }
}

/// The partition that a group belongs to among so many; `None` when there is none.
pub(crate) fn group_partition(group: &str, partition_count: usize) -> Option<PartitionIndex> {
    let count = NonZeroU32::new(u32::try_from(partition_count).ok()?)?;
    Some(coordinator_partition(group, count))
}

impl GroupCoordinator {
    /// A coordinator of no partition yet. `random` makes member ids: seed it from the system's.
    pub fn new(clock: Arc<dyn Clock>, settings: Settings, random: SeededRandom) -> Self {
        Self(Arc::new(Shared {
            clock,
            alarm: Arc::new(Alarm::default()),
            shards: RwLock::default(),
            partition_count: AtomicU32::new(0),
            settings: RwLock::new(settings),
            random: Mutex::new(random),
            followed: Mutex::default(),
        }))
    }

    /// Starts the thread that loads shards and keeps deadlines.
    pub fn start(&self) -> std::io::Result<std::thread::JoinHandle<()>> {
        thread::start(Arc::clone(&self.0))
    }

    /// Ends the thread and refuses everything that is parked.
    pub fn stop(&self) {
        self.0.alarm.stop();
        let shards = std::mem::take(&mut *self.0.shards.write());
        shards.values().for_each(|shard| shard.unload());
    }

    /// Settings that changed while the broker runs.
    pub fn set_settings(&self, settings: Settings) {
        for shard in self.all_shards() {
            shard.set_settings(&settings);
        }
        *self.0.settings.write() = settings;
    }

    /// [`GROUP_TOPIC`] has so many partitions; 0 when it does not exist.
    pub fn set_partition_count(&self, count: u32) {
        self.0.partition_count.store(count, Ordering::Release);
    }

    /// The partition that a group belongs to; `None` while the topic does not exist.
    pub fn partition_of(&self, group: &str) -> Option<PartitionIndex> {
        let count = self.0.partition_count.load(Ordering::Acquire);
        group_partition(group, usize::try_from(count).ok()?)
    }

    /// This broker has become leader of a partition: its groups are loaded.
    pub fn elected(&self, partition: PartitionIndex, log: Arc<dyn CoordinatorLog>) {
        let random = self.0.random.lock().fork();
        let settings = self.0.settings.read().clone();
        let (clock, alarm) = (Arc::clone(&self.0.clock), Arc::clone(&self.0.alarm));
        let shard = Arc::new(Shard::new(partition, log, clock, alarm, settings, random));
        let old = self.0.shards.write().insert(partition, Arc::clone(&shard));
        if let Some(old) = old {
            old.unload();
        }
        shard.begin_load();
    }

    /// This broker does not lead the partition any more.
    pub fn resigned(&self, partition: PartitionIndex) {
        let shard = self.0.shards.write().remove(&partition);
        if let Some(shard) = shard {
            shard.unload();
        }
    }

    /// The high watermark of a partition has moved: replies that wait for it leave.
    pub fn committed(&self, partition: PartitionIndex, high_watermark: Offset) {
        if let Some(shard) = self.shard(partition) {
            shard.committed(high_watermark);
        }
    }

    /// A write of the partition was lost after it had been taken: what rests on it is forgotten, and loaded again.
    pub fn write_failed(&self, partition: PartitionIndex) {
        if let Some(shard) = self.shard(partition) {
            shard.write_failed();
        }
    }

    /// Topics are gone, and with them the offsets that groups hold of them.
    pub fn topics_deleted(&self, topics: &[DeletedTopic]) {
        for shard in self.all_shards() {
            shard.decide(|hard, _, _| hard.topics_deleted(topics), |_| {});
        }
    }

    /// Decides a request about a group. `done` is called once, from whatever thread, when the reply may leave or it is
    /// certain that there is none; it must not wait for anything.
    pub fn decide<R: Send + 'static>(
        &self,
        group: &str,
        decide: impl FnOnce(&GroupShard, &mut Soft, Now) -> Decision<R>,
        done: impl FnOnce(Result<R, Unavailable>) + Send + 'static,
    ) {
        match self.shard_of(group) {
            Some(shard) => shard.decide(decide, done),
            None => done(Err(Unavailable::NotCoordinator)),
        }
    }

    /// The same for a request that the machine may park: its answer comes under the ticket.
    pub fn decide_parked(
        &self,
        group: &str,
        decide: impl FnOnce(&GroupShard, &mut Soft, Now, Ticket) -> Decision<()>,
        done: impl FnOnce(Result<Reply, Unavailable>) + Send + 'static,
    ) {
        match self.shard_of(group) {
            Some(shard) => shard.decide_parked(decide, done),
            None => done(Err(Unavailable::NotCoordinator)),
        }
    }

    /// Asks every shard of this broker.
    pub fn decide_all<R: Send + 'static>(
        &self,
        decide: impl Fn(&GroupShard, &mut Soft, Now) -> Decision<R>,
        done: impl FnOnce(Vec<Result<R, Unavailable>>) + Send + 'static,
    ) {
        let shards = self.all_shards();
        let gather = Gather::new(shards.len(), done);
        for (index, shard) in shards.iter().enumerate() {
            let part = gather.part(index);
            shard.decide(&decide, move |result| part.give(result));
        }
    }

    fn shard_of(&self, group: &str) -> Option<Arc<Shard>> {
        self.shard(self.partition_of(group)?)
    }

    fn shard(&self, partition: PartitionIndex) -> Option<Arc<Shard>> {
        self.0.shards.read().get(&partition).cloned()
    }

    fn all_shards(&self) -> Vec<Arc<Shard>> {
        self.0.all_shards()
    }
}

impl Shared {
    fn all_shards(&self) -> Vec<Arc<Shard>> {
        self.shards.read().values().cloned().collect()
    }
}
