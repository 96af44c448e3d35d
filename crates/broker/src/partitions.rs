use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::{BrokerId, DirectoryId, Offset, PartitionId, PartitionIndex, TopicPartition};
use parking_lot::RwLock;
use replica::ReplicaLog;
use settings::TopicSettings;
use storage::{Captured, LogDir, RecoveredPartition};

use crate::partition::{Partition, StepOutput};
use crate::topic_rules;
use crate::traffic::Traffic;

/// The partitions that lie in this broker's log directories.
pub struct Partitions {
    dirs: Vec<Dir>,
    map: RwLock<Map>,
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

    /// The partition; made, with an empty log, when this broker does not have it yet.
    pub(crate) fn find_or_make(
        &self,
        me: BrokerId,
        topic: &metadata::Topic,
        index: PartitionIndex,
        metadata: &metadata::Partition,
        settings: &Arc<TopicSettings>,
        out: &mut StepOutput,
    ) -> Arc<Partition> {
        let id = PartitionId { topic: topic.id, partition: index };
        if let Some(found) = self.get(id) {
            return found;
        }
        let mut map = self.map.write();
        if let Some(found) = map.by_id.get(&id) {
            return Arc::clone(found);
        }
        let name = TopicPartition { topic: topic.name.clone(), partition: index };
        // An earlier topic of this name, whose deletion has not been carried out yet.
        if let Some(before) = map.by_name.get(&name).copied()
            && let Some(before) = map.remove(before)
        {
            before.delete(out);
        }
        let dir = self.dir_of(&map, me, metadata);
        let config = Arc::new(topic_rules::log_config(settings));
        let log = dir.create_log(id, name.clone(), config, Offset::ZERO);
        let replica = ReplicaLog::empty(Offset::ZERO);
        let partition = Arc::new(Partition::new(name, log, replica, Arc::clone(settings)));
        map.insert(&partition);
        partition
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
                if metadata.replicas.contains(&me) && !map.by_id.contains_key(&id) {
                    let name = TopicPartition { topic: topic.name.clone(), partition: *index };
                    let dir = self.named_dir(me, metadata).unwrap_or(emptiest);
                    unused.push((name, Arc::clone(dir)));
                }
            }
        }
        unused
    }

    /// The directory that the metadata name, else the one with the fewest partitions of those that work.
    fn dir_of(&self, map: &Map, me: BrokerId, metadata: &metadata::Partition) -> &Arc<LogDir> {
        self.named_dir(me, metadata).unwrap_or_else(|| self.emptiest_dir(map))
    }

    /// The directory that the metadata name, or the only one.
    fn named_dir(&self, me: BrokerId, metadata: &metadata::Partition) -> Option<&Arc<LogDir>> {
        if let [only] = self.dirs.as_slice() {
            return Some(&only.dir);
        }
        let wanted = metadata.directory(me)?;
        let id_of = |dir: &Arc<LogDir>| {
            dir.properties().and_then(|properties| properties.directory_id).map(DirectoryId::uuid)
        };
        self.dirs().find(|dir| id_of(dir) == Some(wanted))
    }

    fn emptiest_dir(&self, map: &Map) -> &Arc<LogDir> {
        let count = |dir: &&Dir| {
            let inside = |partition: &&Arc<Partition>| Arc::ptr_eq(partition.dir(), &dir.dir);
            (dir.dir.is_offline(), map.by_id.values().filter(inside).count())
        };
        match self.dirs.iter().min_by_key(count) {
            Some(found) => &found.dir,
            None => unreachable!("a broker has at least one log directory"),
        }
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

impl storage::Partitions for Partitions {
    fn capture(&self, id: PartitionId) -> Option<Captured> {
        let partition = self.get(id)?;
        let state = partition.lock();
        let replica = state.replica_log()?;
        Some(state.log().capture(replica))
    }
}
