use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::TopicName;
use storage::LogDir;
use wire::ErrorCode;
use wire::messages::describe_log_dirs_request::DescribableLogDirTopic;
use wire::messages::describe_log_dirs_response::{
    DescribeLogDirsPartition, DescribeLogDirsResult, DescribeLogDirsTopic,
};
use wire::messages::{DescribeLogDirsRequest, DescribeLogDirsResponse};

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
        let results = describing.partitions().dirs();
        let results = results.map(|dir| describe(&describing, dir, &wanted)).collect();
        reply.send(&DescribeLogDirsResponse { results, ..DescribeLogDirsResponse::default() });
    });
}

fn describe(broker: &Broker, dir: &Arc<LogDir>, wanted: &Wanted) -> DescribeLogDirsResult {
    let path = std::path::absolute(dir.path()).unwrap_or_else(|_| dir.path().to_path_buf());
    let mut result =
        DescribeLogDirsResult { log_dir: path.display().to_string(), ..Default::default() };
    if dir.is_offline() {
        result.error_code = ErrorCode::KafkaStorageError.code();
        return result;
    }
    let mut topics: BTreeMap<TopicName, Vec<DescribeLogDirsPartition>> = BTreeMap::new();
    for partition in broker.partitions().all() {
        let name = partition.name();
        let index = name.partition.to_wire();
        let key = || (name.topic.as_str().to_owned(), index);
        if !Arc::ptr_eq(partition.dir(), dir)
            || wanted.as_ref().is_some_and(|wanted| !wanted.contains(&key()))
        {
            continue;
        }
        let size = partition.lock().log().size();
        topics.entry(name.topic.clone()).or_default().push(DescribeLogDirsPartition {
            partition_index: index,
            partition_size: i64::try_from(size).unwrap_or(i64::MAX),
            // How far a replica that is being moved is behind; none is.
            offset_lag: 0,
            is_future_key: false,
        });
    }
    result.topics = topics
        .into_iter()
        .map(|(name, partitions)| DescribeLogDirsTopic {
            name: name.as_str().to_owned(),
            partitions,
        })
        .collect();
    if let Ok(space) = io::posix::space(dir.path()) {
        result.total_bytes = i64::try_from(space.total).unwrap_or(i64::MAX);
        result.usable_bytes = i64::try_from(space.usable).unwrap_or(i64::MAX);
    }
    result
}
