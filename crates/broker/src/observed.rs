//! What the page of metrics says of this broker and its cluster, looked up when somebody asks.

use std::sync::Arc;

use metadata::Image;
use model::{BrokerId, TopicName};
use storage::LogDir;
use telemetry::{Collect, Exposition, names};

use crate::Broker;
use crate::partition::Partition;

/// One label pair list for everything that is said of a partition.
struct PartitionLabels<'a> {
    topic: &'a str,
    partition: String,
}

impl PartitionLabels<'_> {
    fn pairs(&self) -> [(&str, &str); 2] {
        [("topic", self.topic), ("partition", &self.partition)]
    }
}

impl Collect for Broker {
    fn collect(&self, page: &mut Exposition) {
        let image = self.image();
        self.collect_replicas(&image, page);
        self.collect_cluster(&image, page);
        self.collect_quorum(page);
        self.collect_groups(&image, page);
        let settings = self.config();
        let shown_max = settings.settings().shown_group_partitions_max as usize;
        self.shares().show(shown_max, page);
        page.gauge(&names::BROKER_STATE, &[], RUNNING);
        let offline = self.partitions().dirs().filter(|dir| dir.is_offline()).count();
        page.gauge(&names::OFFLINE_DIRECTORIES, &[], whole(offline));
        let full = self.partitions().full_dirs().count();
        page.gauge(&names::FULL_DIRECTORIES, &[], whole(full));
        for dir in self.partitions().dirs() {
            let of_dir =
                |one: &&Arc<Partition>| Arc::ptr_eq(one.dir(), dir) && one.is_uncleanable();
            let all = self.partitions().all();
            let (count, bytes) = all
                .iter()
                .filter(of_dir)
                .fold((0, 0), |(count, bytes), one| (count + 1, bytes + one.lock().log().size()));
            let path = dir.path().display().to_string();
            let labels = [("logDirectory", path.as_str())];
            page.gauge(&names::UNCLEANABLE_PARTITIONS, &labels, whole(count));
            let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            page.gauge(&names::UNCLEANABLE_BYTES, &labels, bytes);
        }
        self.cleaner().show(self.now().instant, page);
        for partition in self.partitions().all() {
            partition.traffic().show(Some(partition.name().topic.as_str()), page);
            collect_log(&partition, page);
        }
        self.partitions().gone().show(None, page);
        for home in self.loops() {
            let number = home.number().to_string();
            let labels = [("networkProcessor", number.as_str())];
            page.gauge(&names::CONNECTIONS, &labels, whole(home.connection_count()));
        }
        for requests in self.all_requests() {
            requests.show(page);
        }
    }
}

/// Kafka's number for a broker that serves.
const RUNNING: i64 = 3;

impl Broker {
    /// What is wrong although clients are served: each data directory that is offline or full.
    pub fn trouble(&self) -> Option<String> {
        let words = |what: &'static str| {
            move |dir: &Arc<LogDir>| format!("data directory {} is {what}", dir.path().display())
        };
        let offline = self.partitions().dirs().filter(|dir| dir.is_offline()).map(words("offline"));
        let full = self.partitions().full_dirs().map(words("full: produce is refused"));
        let troubles: Vec<String> = offline.chain(full).collect();
        (!troubles.is_empty()).then(|| troubles.join("; "))
    }

    /// Partitions with a replica here, and how they are.
    fn collect_replicas(&self, image: &Image, page: &mut Exposition) {
        let own = self.id();
        let (mut led, mut held, mut under_replicated, mut under_min, mut at_min) = (0, 0, 0, 0, 0);
        for topic in image.topics() {
            let settings = self.topic_settings(image, &topic.name);
            for (index, partition) in topic.partitions.iter() {
                held += i64::from(partition.replicas.contains(&own));
                if partition.leader != Some(own) {
                    continue;
                }
                let in_sync = partition.isr.len();
                // More than there are replicas is not asked for, as in Kafka.
                let min = partition.replicas.len().min(settings.min_insync_replicas as usize);
                let is_under = in_sync < partition.replicas.len();
                led += 1;
                under_replicated += i64::from(is_under);
                under_min += i64::from(in_sync < min);
                at_min += i64::from(in_sync == min);
                let labels = labels(&topic.name, index.to_wire());
                let pairs = &labels.pairs();
                page.gauge(&names::PARTITION_UNDER_REPLICATED, pairs, i64::from(is_under));
                page.gauge(&names::PARTITION_UNDER_MIN_ISR, pairs, i64::from(in_sync < min));
                page.gauge(&names::PARTITION_AT_MIN_ISR, pairs, i64::from(in_sync == min));
                page.gauge(&names::PARTITION_REPLICAS, pairs, whole(partition.replicas.len()));
            }
        }
        page.gauge(&names::LEADER_COUNT, &[], led);
        page.gauge(&names::PARTITION_COUNT, &[], held);
        page.gauge(&names::UNDER_REPLICATED, &[], under_replicated);
        page.gauge(&names::UNDER_MIN_ISR, &[], under_min);
        page.gauge(&names::AT_MIN_ISR, &[], at_min);
        let offline = self.partitions().all().iter().filter(|one| one.dir().is_offline()).count();
        page.gauge(&names::OFFLINE_REPLICAS, &[], whole(offline));
    }

    /// What the active controller knows of the cluster, and what exporters say of each topic.
    fn collect_cluster(&self, image: &Image, page: &mut Exposition) {
        let (mut partitions, mut offline, mut not_preferred) = (0, 0, 0);
        for topic in image.topics() {
            let name = topic.name.as_str();
            page.gauge(&names::TOPIC_PARTITIONS, &[("topic", name)], whole(topic.partitions.len()));
            for (index, partition) in topic.partitions.iter() {
                let labels = labels(&topic.name, index.to_wire());
                let pairs = &labels.pairs();
                let is_preferred = partition.leader == partition.preferred_leader();
                let is_under = partition.isr.len() < partition.replicas.len();
                partitions += 1;
                offline += i64::from(partition.leader.is_none());
                not_preferred += i64::from(!is_preferred);
                let leader = partition.leader.map_or(-1, |leader| i64::from(leader.to_wire()));
                page.gauge(&names::TOPIC_LEADER, pairs, leader);
                page.gauge(&names::TOPIC_REPLICAS, pairs, whole(partition.replicas.len()));
                page.gauge(&names::TOPIC_IN_SYNC, pairs, whole(partition.isr.len()));
                page.gauge(&names::TOPIC_LEADER_PREFERRED, pairs, i64::from(is_preferred));
                page.gauge(&names::TOPIC_UNDER_REPLICATED, pairs, i64::from(is_under));
            }
        }
        let active = image.active_brokers().count();
        page.gauge(&names::BROKERS, &[], whole(active));
        for broker in image.active_brokers() {
            let Some(endpoint) = broker.endpoints.first() else { continue };
            let id = broker.id.to_string();
            let address = format!("{}:{}", endpoint.host, endpoint.port);
            page.gauge(&names::BROKER_INFO, &[("id", &id), ("address", &address)], 1);
        }
        let is_active_controller = self.quorum().status().leader == Some(self.id());
        page.gauge(&names::ACTIVE_CONTROLLER, &[], i64::from(is_active_controller));
        if is_active_controller {
            page.gauge(&names::GLOBAL_TOPICS, &[], whole(image.topic_count()));
            page.gauge(&names::GLOBAL_PARTITIONS, &[], partitions);
            page.gauge(&names::OFFLINE_PARTITIONS, &[], offline);
            page.gauge(&names::PREFERRED_IMBALANCE, &[], not_preferred);
            page.gauge(&names::ACTIVE_BROKERS, &[], whole(active));
            page.gauge(&names::FENCED_BROKERS, &[], whole(image.brokers().count() - active));
        }
    }

    fn collect_quorum(&self, page: &mut Exposition) {
        let status = self.quorum().status();
        let id = |id: Option<BrokerId>| id.map_or(-1, |id| i64::from(id.to_wire()));
        let state = if status.leader == Some(self.id()) { "leader" } else { "unattached" };
        page.gauge(&names::RAFT_STATE, &[("state", state)], 1);
        page.gauge(&names::RAFT_LEADER, &[], id(status.leader));
        page.gauge(&names::RAFT_EPOCH, &[], i64::from(status.epoch.to_wire()));
        page.gauge(&names::RAFT_HIGH_WATERMARK, &[], status.high_watermark.to_wire());
        page.gauge(&names::RAFT_LOG_END, &[], status.log_end.to_wire());
    }
}

fn collect_log(partition: &Partition, page: &mut Exposition) {
    let (start, end, high_watermark, size, segments) = {
        let state = partition.lock();
        let log = state.log();
        let high_watermark = state.replica_log().map(replica::ReplicaLog::high_watermark);
        (log.log_start(), log.log_end(), high_watermark, log.size(), log.segment_bases().count())
    };
    let name = partition.name();
    let labels = labels(&name.topic, name.partition.to_wire());
    let pairs = &labels.pairs();
    page.gauge(&names::LOG_START_OFFSET, pairs, start.to_wire());
    page.gauge(&names::LOG_END_OFFSET, pairs, end.to_wire());
    page.gauge(&names::LOG_SIZE, pairs, i64::try_from(size).unwrap_or(i64::MAX));
    page.gauge(&names::LOG_SEGMENTS, pairs, whole(segments));
    page.gauge(&names::TOPIC_OLDEST_OFFSET, pairs, start.to_wire());
    if let Some(high_watermark) = high_watermark {
        page.gauge(&names::TOPIC_CURRENT_OFFSET, pairs, high_watermark.to_wire());
    }
}

fn labels(topic: &TopicName, partition: i32) -> PartitionLabels<'_> {
    PartitionLabels { topic: topic.as_str(), partition: partition.to_string() }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
