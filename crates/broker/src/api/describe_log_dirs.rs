use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{TopicName, TopicPartition};
use storage::LogDir;
use wire::ErrorCode;
use wire::messages::describe_log_dirs_request::DescribableLogDirTopic;
use wire::messages::describe_log_dirs_response::{
    DescribeLogDirsPartition, DescribeLogDirsResult, DescribeLogDirsTopic,
};
use wire::messages::{DescribeLogDirsRequest, DescribeLogDirsResponse};

use crate::partition::Partition;
use crate::{Broker, ReplyTo, Request};

/// Partitions that the request asks for; `None` is all of them.
type Wanted = Option<BTreeSet<(String, i32)>>;

pub fn handle(broker: &Arc<Broker>, request: Request<DescribeLogDirsRequest>, reply: ReplyTo) {
    let wanted: Wanted = request.message.topics.map(|topics| {
        let named = |topic: DescribableLogDirTopic| {
            topic.partitions.into_iter().map(move |index| (topic.topic.clone(), index))
        };
        topics.into_iter().flat_map(named).collect()
    });
    let describing = Arc::clone(broker);
    // The size of a file system is asked of the system.
    broker.blocking().run(move || {
        let partitions = describing.partitions();
        // Before those with a log, so that one that gets it meanwhile is seen twice rather than not at all.
        let unused = partitions.unused(describing.id(), &describing.image());
        let found = Found { unused, with_log: partitions.all(), wanted };
        let results = partitions.dirs().map(|dir| describe(dir, &found)).collect();
        reply.send(&DescribeLogDirsResponse { results, ..DescribeLogDirsResponse::default() });
    });
}

/// What lies, or will lie, in the directories.
struct Found {
    with_log: Vec<Arc<Partition>>,
    unused: Vec<(TopicPartition, Arc<LogDir>)>,
    wanted: Wanted,
}

impl Found {
    /// The wanted partitions of one directory, with their sizes in bytes. One that was not used yet has none.
    fn sizes(&self, dir: &Arc<LogDir>) -> BTreeMap<&TopicName, BTreeMap<i32, u64>> {
        let unused = self.unused.iter().map(|(name, of)| (name, of, None));
        let with_log = self.with_log.iter().map(|it| (it.name(), it.dir(), Some(it)));
        let mut sizes: BTreeMap<&TopicName, BTreeMap<i32, u64>> = BTreeMap::new();
        for (name, of, partition) in unused.chain(with_log) {
            let index = name.partition.to_wire();
            let key = || (name.topic.as_str().to_owned(), index);
            if !Arc::ptr_eq(of, dir)
                || self.wanted.as_ref().is_some_and(|wanted| !wanted.contains(&key()))
            {
                continue;
            }
            let size = partition.map_or(0, |partition| partition.lock().log().size());
            sizes.entry(&name.topic).or_default().insert(index, size);
        }
        sizes
    }
}

fn describe(dir: &Arc<LogDir>, found: &Found) -> DescribeLogDirsResult {
    let path = std::path::absolute(dir.path()).unwrap_or_else(|_| dir.path().to_path_buf());
    let mut result =
        DescribeLogDirsResult { log_dir: path.display().to_string(), ..Default::default() };
    if dir.is_offline() {
        result.error_code = ErrorCode::KafkaStorageError.code();
        return result;
    }
    let partition = |(index, size)| DescribeLogDirsPartition {
        partition_index: index,
        partition_size: i64::try_from(size).unwrap_or(i64::MAX),
        // How far a replica that is being moved is behind; none is.
        offset_lag: 0,
        is_future_key: false,
    };
    let topic = |(name, sizes): (&TopicName, BTreeMap<i32, u64>)| DescribeLogDirsTopic {
        name: name.as_str().to_owned(),
        partitions: sizes.into_iter().map(partition).collect(),
    };
    result.topics = found.sizes(dir).into_iter().map(topic).collect();
    if let Ok(space) = io::posix::space(dir.path()) {
        result.total_bytes = i64::try_from(space.total).unwrap_or(i64::MAX);
        result.usable_bytes = i64::try_from(space.usable).unwrap_or(i64::MAX);
    }
    result
}
