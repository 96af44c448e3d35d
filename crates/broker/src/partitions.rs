use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::{BrokerId, DirectoryId, Offset, PartitionId, PartitionIndex, TopicPartition, Uuid};
use parking_lot::RwLock;
use replica::ReplicaLog;
use settings::TopicSettings;
use storage::{Captured, LaneState, LogDir, RecoveredPartition};

use crate::partition::{Partition, StepOutput};
use crate::partition_error::PartitionError;
use crate::topic_rules;
use crate::traffic::Traffic;

/// The partitions that lie in this broker's log directories.
pub struct Partitions {
    dirs: Vec<Dir>,
    map: RwLock<Map>,
    /// Could not be opened at the start.
    failed: Vec<TopicPartition>,
    /// What partitions took in and gave out that are deleted.
    gone: Traffic,
}

struct Dir {
    dir: Arc<LogDir>,
    /// Its failure has been told.
    failed: AtomicBool,
    /// That it is full has been told.
    full: AtomicBool,
}

#[derive(Default)]
struct Map {
    by_id: BTreeMap<PartitionId, Arc<Partition>>,
    /// Names are those of directories: one life of a topic must be gone before the next takes its place.
    by_name: BTreeMap<TopicPartition, PartitionId>,
}

impl Map {
    fn insert(&mut self, partition: &Arc<Partition>) {
        self.by_id.insert(partition.id(), Arc::clone(partition));
        self.by_name.insert(partition.name().clone(), partition.id());
    }

    fn remove(&mut self, id: PartitionId) -> Option<Arc<Partition>> {
        let partition = self.by_id.remove(&id)?;
        if self.by_name.get(partition.name()) == Some(&id) {
            self.by_name.remove(partition.name());
        }
        Some(partition)
    }
}

impl Partitions {
    pub(crate) fn new(
        dirs: Vec<Arc<LogDir>>,
        recovered: Vec<RecoveredPartition>,
        failed: Vec<TopicPartition>,
        settings: &Arc<TopicSettings>,
    ) -> Self {
        let mut map = Map::default();
        for RecoveredPartition { log, replica } in recovered {
            let name = log.name().clone();
            map.insert(&Arc::new(Partition::new(name, log, replica, Arc::clone(settings))));
        }
        let dir = |dir| Dir { dir, failed: AtomicBool::new(false), full: AtomicBool::new(false) };
        Self {
            dirs: dirs.into_iter().map(dir).collect(),
            map: RwLock::new(map),
            failed,
            gone: Traffic::default(),
        }
    }

    pub fn get(&self, id: PartitionId) -> Option<Arc<Partition>> {
        self.map.read().by_id.get(&id).cloned()
    }

    /// All of them, as of now.
    pub fn all(&self) -> Vec<Arc<Partition>> {
        self.map.read().by_id.values().cloned().collect()
    }

    pub(crate) fn gone(&self) -> &Traffic {
        &self.gone
    }

    pub fn dirs(&self) -> impl Iterator<Item = &Arc<LogDir>> {
        self.dirs.iter().map(|dir| &dir.dir)
    }

    /// Those that have no room.
    pub(crate) fn full_dirs(&self) -> impl Iterator<Item = &Arc<LogDir>> {
        // What has been told stays until it is over; what has not may be seen already.
        let is_full = |dir: &&Dir| {
            dir.full.load(Ordering::Acquire) || dir.dir.lane().state() == LaneState::Full
        };
        self.dirs.iter().filter(is_full).map(|dir| &dir.dir)
    }

    /// Notes that a directory failed; false when that was known.
    pub(crate) fn note_failed(&self, dir: &Arc<LogDir>) -> bool {
        let known = self.dirs.iter().find(|known| Arc::ptr_eq(&known.dir, dir));
        known.is_some_and(|known| !known.failed.swap(true, Ordering::AcqRel))
    }

    /// Notes whether a directory is full; false when that was known.
    pub(crate) fn note_full(&self, dir: &Arc<LogDir>, full: bool) -> bool {
        let known = self.dirs.iter().find(|known| Arc::ptr_eq(&known.dir, dir));
        known.is_some_and(|known| known.full.swap(full, Ordering::AcqRel) != full)
    }

    /// The partition; made, with an empty log, when this broker does not have it yet. Not where its log may be, but cannot
    /// be got at: in a directory that is offline, or one that could not be opened.
    pub(crate) fn find_or_make(
        &self,
        me: BrokerId,
        topic: &metadata::Topic,
        index: PartitionIndex,
        metadata: &metadata::Partition,
        settings: &Arc<TopicSettings>,
        out: &mut StepOutput,
    ) -> Result<Arc<Partition>, PartitionError> {
        let id = PartitionId { topic: topic.id, partition: index };
        if let Some(found) = self.get(id) {
            return Ok(found);
        }
        let mut map = self.map.write();
        if let Some(found) = map.by_id.get(&id) {
            return Ok(Arc::clone(found));
        }
        let name = TopicPartition { topic: topic.name.clone(), partition: index };
        if self.failed.contains(&name) {
            return Err(PartitionError::Offline);
        }
        let dir = self.dir_of(&map, me, metadata)?;
        // An earlier topic of this name, whose deletion has not been carried out yet.
        if let Some(before) = map.by_name.get(&name).copied()
            && let Some(before) = map.remove(before)
        {
            before.delete(out);
        }
        let config = Arc::new(topic_rules::log_config(settings));
        let log = dir.create_log(id, name.clone(), config, Offset::ZERO);
        let replica = ReplicaLog::empty(Offset::ZERO);
        let partition = Arc::new(Partition::new(name, log, replica, Arc::clone(settings)));
        map.insert(&partition);
        Ok(partition)
    }

    /// Partitions that this broker is to hold and that nobody used yet, so that they have no log, each with the
    /// directory that it will get as things stand.
    pub fn unused(
        &self,
        me: BrokerId,
        image: &metadata::Image,
    ) -> Vec<(TopicPartition, Arc<LogDir>)> {
        let map = self.map.read();
        let emptiest = self.emptiest_dir(&map);
        let mut unused = Vec::new();
        for topic in image.topics() {
            for (index, metadata) in topic.partitions.iter() {
                let id = PartitionId { topic: topic.id, partition: *index };
                let name = TopicPartition { topic: topic.name.clone(), partition: *index };
                if metadata.replicas.contains(&me)
                    && !map.by_id.contains_key(&id)
                    && !self.failed.contains(&name)
                    && let Ok(named) = self.named_dir(me, metadata)
                    && let Some(dir) = named.or(emptiest)
                {
                    unused.push((name, Arc::clone(dir)));
                }
            }
        }
        unused
    }

    /// The directory that the metadata name; if they name none, the one with the fewest partitions of those that work.
    fn dir_of(
        &self,
        map: &Map,
        me: BrokerId,
        metadata: &metadata::Partition,
    ) -> Result<&Arc<LogDir>, PartitionError> {
        let named = self.named_dir(me, metadata)?;
        named.or_else(|| self.emptiest_dir(map)).ok_or(PartitionError::Offline)
    }

    /// The directory that the metadata name, if they do; an error when it is none of those that could be opened.
    fn named_dir(
        &self,
        me: BrokerId,
        metadata: &metadata::Partition,
    ) -> Result<Option<&Arc<LogDir>>, PartitionError> {
        let wanted = metadata.directory(me).filter(|id| !is_reserved(*id));
        let have_ids = || self.dirs().all(|dir| directory_id(dir).is_some());
        let Some(wanted) = wanted.filter(|_| have_ids()) else { return Ok(None) };
        let named = self.dirs().find(|dir| directory_id(dir) == Some(wanted));
        named.map(Some).ok_or(PartitionError::Offline)
    }

    fn emptiest_dir(&self, map: &Map) -> Option<&Arc<LogDir>> {
        let count = |dir: &&Arc<LogDir>| {
            let inside = |partition: &&Arc<Partition>| Arc::ptr_eq(partition.dir(), dir);
            map.by_id.values().filter(inside).count()
        };
        self.dirs().filter(|dir| !dir.is_offline()).min_by_key(count)
    }

    /// Deletes the log of a partition whose topic is gone.
    pub(crate) fn delete(&self, id: PartitionId, out: &mut StepOutput) {
        let removed = self.map.write().remove(id);
        if let Some(partition) = removed {
            self.gone.inherit(partition.traffic());
            partition.delete(out);
        }
    }
}

/// The id by which the metadata know a directory.
pub(crate) fn directory_id(dir: &LogDir) -> Option<Uuid> {
    dir.properties().and_then(|properties| properties.directory_id).map(DirectoryId::uuid)
}

/// The hundred lowest ids say something else than where a replica lies.
fn is_reserved(id: Uuid) -> bool {
    u128::from_be_bytes(*id.as_bytes()) < 100
}

impl storage::Partitions for Partitions {
    fn capture(&self, id: PartitionId) -> Option<Captured> {
        let partition = self.get(id)?;
        let state = partition.lock();
        let replica = state.replica_log()?;
        Some(state.log().capture(replica))
    }
}
