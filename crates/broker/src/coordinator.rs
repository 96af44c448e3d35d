//! The shell of the coordinators: one shard for each partition of a coordinator's topic that this broker leads. What is
//! decided, and how it lies in the log, is the [`Machine`]'s.
//!
//! A request is decided under its shard's lock by whatever loop it came in on; its records are appended and replayed
//! under the same lock, so that the log's order is the order of decisions. The reply waits in the shard until the log
//! is committed so far, and leaves from the thread that learns of it. Nothing here waits: reading a log when leadership
//! begins, and deadlines, are the work of one thread of its own.
//!
//! Lock order: shard, then partition. [`Coordinator::committed`] may be called under any other lock but a
//! shard's: it never waits for a shard.

mod active;
mod alarm;
#[cfg(test)]
mod damage_tests;
mod follow;
mod gather;
mod groups;
mod in_transaction;
mod load;
mod log;
mod machine;
mod members_memory;
#[cfg(test)]
mod memory_log;
mod partition_log;
mod record_batches;
mod reload_pause;
mod shard;
mod shares;
#[cfg(test)]
mod tests;
mod thread;
mod transactions;
mod unavailable;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use io::Clock;
use model::{Offset, PartitionIndex, SeededRandom, coordinator_partition};
use parking_lot::{Mutex, RwLock};
use record::Codec;
use storage::LogDir;

pub use gather::Gather;
pub use groups::{GROUP_TOPIC, GroupCoordinator};
pub use in_transaction::{InTransaction, Marker};
pub use log::{AppendRefused, CoordinatorLog, LogUnreadable, Urgency};
pub use machine::{Decided, GoneTopic, KeyValue, Machine};
pub use shares::{SHARE_TOPIC, ShareCoordinator};
pub use transactions::{TRANSACTION_TOPIC, TransactionCoordinator};
pub use unavailable::Unavailable;

use alarm::Alarm;
use members_memory::MembersMemory;
use shard::Shard;

/// The coordinator of this broker that runs a machine. Cloning gives another handle to it.
pub struct Coordinator<M: Machine>(Arc<Shared<M>>);

/// Told of what is to be done outside of the shards, and by the shard of which partition; must not wait for anything, and is called without any lock held.
pub type OnEffect<M> = Arc<dyn Fn(PartitionIndex, <M as Machine>::Effect) + Send + Sync>;

struct Shared<M: Machine> {
    clock: Arc<dyn Clock>,
    alarm: Arc<Alarm<M>>,
    shards: RwLock<BTreeMap<PartitionIndex, Arc<Shard<M>>>>,
    /// Of [`Machine::TOPIC`]; 0 while it does not exist.
    partition_count: AtomicU32,
    settings: RwLock<Settings<M::Settings>>,
    random: Mutex<SeededRandom>,
    followed: Mutex<follow::Followed>,
    /// Counts changes of the set of topics.
    names_version: AtomicU64,
    on_effect: OnEffect<M>,
    members: Arc<MembersMemory>,
}

/// What the operator may set.
#[derive(Clone, Debug)]
pub struct Settings<S> {
    pub machine: S,
    /// How long a reply waits for its records to be committed.
    pub commit_timeout: Duration,
    /// Of the batches in the coordinator's topic.
    pub codec: Codec,
}

impl<M: Machine> Clone for Coordinator<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// The partition that a key (a group, a transactional id) belongs to among so many; `None` when there is none.
pub(crate) fn partition_of_key(key: &str, partition_count: usize) -> Option<PartitionIndex> {
    let count = NonZeroU32::new(u32::try_from(partition_count).ok()?)?;
    Some(coordinator_partition(key, count))
}

impl<M: Machine> Coordinator<M> {
    /// A coordinator of no partition yet. `random` is for the machine's own names: seed it from the system's.
    pub fn new(
        clock: Arc<dyn Clock>,
        settings: Settings<M::Settings>,
        random: SeededRandom,
        on_effect: OnEffect<M>,
    ) -> Self {
        Self(Arc::new(Shared {
            clock,
            alarm: Arc::new(Alarm::default()),
            shards: RwLock::default(),
            partition_count: AtomicU32::new(0),
            settings: RwLock::new(settings),
            random: Mutex::new(random),
            followed: Mutex::default(),
            names_version: AtomicU64::new(0),
            on_effect,
            members: Arc::default(),
        }))
    }

    /// Bounds what the members of all groups take by the size of the broker's arena.
    pub fn bound_members_by(&self, arena_size: usize) {
        self.0.members.bound_by(arena_size);
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
    pub fn set_settings(&self, settings: Settings<M::Settings>) {
        for shard in self.all_shards() {
            shard.set_settings(&settings);
        }
        *self.0.settings.write() = settings;
    }

    /// [`Machine::TOPIC`] has so many partitions; 0 when it does not exist.
    pub fn set_partition_count(&self, count: u32) {
        self.0.partition_count.store(count, Ordering::Release);
    }

    /// Another number whenever topics came or went.
    pub(crate) fn names_version(&self) -> u64 {
        self.0.names_version.load(Ordering::Acquire)
    }

    /// The partition that a key belongs to; `None` while the topic does not exist.
    pub fn partition_of(&self, key: &str) -> Option<PartitionIndex> {
        let count = self.0.partition_count.load(Ordering::Acquire);
        partition_of_key(key, usize::try_from(count).ok()?)
    }

    /// This broker has become leader of a partition: its state is loaded.
    pub fn elected(&self, partition: PartitionIndex, log: Arc<dyn CoordinatorLog>) {
        let random = self.0.random.lock().fork();
        let settings = self.0.settings.read().clone();
        let (clock, alarm) = (Arc::clone(&self.0.clock), Arc::clone(&self.0.alarm));
        let on_effect = Arc::clone(&self.0.on_effect);
        let members = Arc::clone(&self.0.members);
        let shard = Shard::new(partition, log, clock, alarm, settings, random, on_effect);
        let shard = Arc::new(shard.counting_members(members));
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

    /// Topics are gone, and with them what shards hold of them.
    pub fn topics_deleted(&self, topics: &[GoneTopic]) {
        for shard in self.all_shards() {
            shard.topics_deleted(topics);
        }
    }

    /// Decides a request about a key. `done` is called once, from whatever thread, when the reply may leave or it is
    /// certain that there is none; it must not wait for anything.
    pub fn decide<R: Send + 'static>(
        &self,
        key: &str,
        decide: impl FnOnce(&M, &mut M::Soft, M::Now) -> M::Decision<R>,
        done: impl FnOnce(Result<R, Unavailable>) + Send + 'static,
    ) {
        match self.shard_of(key) {
            Some(shard) => shard.decide(decide, done),
            None => done(Err(Unavailable::NotCoordinator)),
        }
    }

    /// As [`Self::decide`], for who is about to write to a partition of `dir` what rests on the decision. Where that goes through
    /// the same write-ahead log as the decision's records, the reply does not wait for them. Then `done` is told `true`,
    /// and whoever gets the reply must have the directory committed, once he has written or does not want to any more.
    pub fn decide_before<R: Send + 'static>(
        &self,
        key: &str,
        dir: &LogDir,
        decide: impl FnOnce(&M, &mut M::Soft, M::Now) -> M::Decision<R>,
        done: impl FnOnce(Result<R, Unavailable>, bool) + Send + 'static,
    ) {
        match self.shard_of(key) {
            Some(shard) => shard.decide_before(dir, decide, done),
            None => done(Err(Unavailable::NotCoordinator), false),
        }
    }

    /// The same for a request that the machine may park: its answer comes under the ticket.
    pub fn decide_parked(
        &self,
        key: &str,
        decide: impl FnOnce(&M, &mut M::Soft, M::Now, M::Ticket) -> M::Decision<()>,
        done: impl FnOnce(Result<M::Reply, Unavailable>) + Send + 'static,
    ) {
        match self.shard_of(key) {
            Some(shard) => shard.decide_parked(decide, done),
            None => done(Err(Unavailable::NotCoordinator)),
        }
    }

    /// Whether the records of `key` go through the write-ahead log of `dir` and have no other replica: then they and what else
    /// does are durable in the order in which they are written.
    pub(crate) fn goes_before(&self, key: &str, dir: &LogDir) -> bool {
        self.shard_of(key).is_some_and(|shard| shard.log().goes_before(dir))
    }

    /// Asks every shard of this broker.
    pub fn decide_all<R: Send + 'static>(
        &self,
        decide: impl Fn(&M, &mut M::Soft, M::Now) -> M::Decision<R>,
        done: impl FnOnce(Vec<Result<R, Unavailable>>) + Send + 'static,
    ) {
        let shards = self.all_shards();
        let gather = Gather::new(shards.len(), done);
        for (index, shard) in shards.iter().enumerate() {
            let part = gather.part(index);
            shard.decide(&decide, move |result| part.give(result));
        }
    }

    /// Places in the logs that could not be read and were left out.
    pub(crate) fn damaged_count(&self) -> usize {
        self.all_shards().iter().map(|shard| shard.damaged_count()).sum()
    }

    fn shard_of(&self, key: &str) -> Option<Arc<Shard<M>>> {
        self.shard(self.partition_of(key)?)
    }

    fn shard(&self, partition: PartitionIndex) -> Option<Arc<Shard<M>>> {
        self.0.shards.read().get(&partition).cloned()
    }

    fn all_shards(&self) -> Vec<Arc<Shard<M>>> {
        self.0.all_shards()
    }
}

impl<M: Machine> Shared<M> {
    fn all_shards(&self) -> Vec<Arc<Shard<M>>> {
        self.shards.read().values().cloned().collect()
    }
}
