//! Every metric, declared once. Names are those that the usual dashboards and exporters for Kafka know; the text is ours.

use crate::{Metric, MetricKind};

macro_rules! metrics {
    ($(#[doc = $help:literal] $constant:ident: $kind:ident = $name:literal;)*) => {
        $(#[doc = $help] pub static $constant: Metric =
            Metric { name: $name, kind: MetricKind::$kind, help: $help.trim_ascii() };)*

        /// Every metric there is.
        pub static ALL: &[&Metric] = &[$(&$constant),*];
    };
}

metrics! {
    /// Records taken in. Labels: topic, or none for all.
    MESSAGES_IN: Counter = "kafka_server_brokertopicmetrics_messagesin_total";
    /// Bytes of batches taken in. Labels: topic, or none for all.
    BYTES_IN: Counter = "kafka_server_brokertopicmetrics_bytesin_total";
    /// Bytes of batches given out to consumers. Labels: topic, or none for all.
    BYTES_OUT: Counter = "kafka_server_brokertopicmetrics_bytesout_total";
    /// Produce requests, one for each topic in them. Labels: topic, or none for all.
    PRODUCE_REQUESTS: Counter = "kafka_server_brokertopicmetrics_totalproducerequests_total";
    /// Fetch requests, one for each topic in them. Labels: topic, or none for all.
    FETCH_REQUESTS: Counter = "kafka_server_brokertopicmetrics_totalfetchrequests_total";
    /// Produce requests that failed. Labels: topic, or none for all.
    FAILED_PRODUCE_REQUESTS: Counter = "kafka_server_brokertopicmetrics_failedproducerequests_total";
    /// Fetch requests that failed. Labels: topic, or none for all.
    FAILED_FETCH_REQUESTS: Counter = "kafka_server_brokertopicmetrics_failedfetchrequests_total";

    /// Partitions led here.
    LEADER_COUNT: Gauge = "kafka_server_replicamanager_leadercount";
    /// Partitions with a replica here.
    PARTITION_COUNT: Gauge = "kafka_server_replicamanager_partitioncount";
    /// Partitions led here with fewer replicas in sync than they have.
    UNDER_REPLICATED: Gauge = "kafka_server_replicamanager_underreplicatedpartitions";
    /// Partitions led here with fewer replicas in sync than min.insync.replicas.
    UNDER_MIN_ISR: Gauge = "kafka_server_replicamanager_underminisrpartitioncount";
    /// Partitions led here with exactly min.insync.replicas in sync.
    AT_MIN_ISR: Gauge = "kafka_server_replicamanager_atminisrpartitioncount";
    /// Replicas here whose data directory failed.
    OFFLINE_REPLICAS: Gauge = "kafka_server_replicamanager_offlinereplicacount";

    /// 1 on the active controller, 0 elsewhere.
    ACTIVE_CONTROLLER: Gauge = "kafka_controller_kafkacontroller_activecontrollercount";
    /// Partitions without a leader.
    OFFLINE_PARTITIONS: Gauge = "kafka_controller_kafkacontroller_offlinepartitionscount";
    /// Topics of the cluster.
    GLOBAL_TOPICS: Gauge = "kafka_controller_kafkacontroller_globaltopiccount";
    /// Partitions of the cluster.
    GLOBAL_PARTITIONS: Gauge = "kafka_controller_kafkacontroller_globalpartitioncount";
    /// Brokers that serve.
    ACTIVE_BROKERS: Gauge = "kafka_controller_kafkacontroller_activebrokercount";
    /// Brokers that are registered and fenced.
    FENCED_BROKERS: Gauge = "kafka_controller_kafkacontroller_fencedbrokercount";
    /// Partitions that are not led by their preferred replica.
    PREFERRED_IMBALANCE: Gauge = "kafka_controller_kafkacontroller_preferredreplicaimbalancecount";

    /// Requests. Labels: request.
    REQUESTS: Counter = "kafka_network_requestmetrics_requests_total";
    /// Milliseconds from a request's arrival to its answer. Labels: request.
    TOTAL_TIME: Summary = "kafka_network_requestmetrics_totaltimems";
    /// Open connections. Labels: networkProcessor.
    CONNECTIONS: Gauge = "kafka_server_socket_server_metrics_connection_count";

    /// Bytes of a partition on disk. Labels: topic, partition.
    LOG_SIZE: Gauge = "kafka_log_log_size";
    /// Offset that the next record of a partition will have. Labels: topic, partition.
    LOG_END_OFFSET: Gauge = "kafka_log_log_logendoffset";
    /// First offset of a partition. Labels: topic, partition.
    LOG_START_OFFSET: Gauge = "kafka_log_log_logstartoffset";
    /// Segments of a partition. Labels: topic, partition.
    LOG_SEGMENTS: Gauge = "kafka_log_log_numlogsegments";
    /// Partitions whose compaction failed, so that they stay as they are until the next start. Labels: logDirectory.
    UNCLEANABLE_PARTITIONS: Gauge = "kafka_log_logcleanermanager_uncleanable_partitions_count";
    /// Bytes of these partitions. Labels: logDirectory.
    UNCLEANABLE_BYTES: Gauge = "kafka_log_logcleanermanager_uncleanable_bytes";
    /// Percent of the log that was the dirtiest one when a cleaner last looked, which had not been cleaned before.
    MAX_DIRTY_PERCENT: Gauge = "kafka_log_logcleanermanager_max_dirty_percent";
    /// Milliseconds since a cleaner last looked for something to clean; from the start on if none has.
    TIME_SINCE_CLEANER_RUN: Gauge = "kafka_log_logcleanermanager_time_since_last_run_ms";
    /// Percent of the largest table of keys that the last cleanings could have had which they used; the most of all cleaners.
    CLEANER_BUFFER_PERCENT: Gauge = "kafka_log_logcleaner_max_buffer_utilization_percent";
    /// Percent of what the last cleanings read which they wrote again.
    CLEANER_RECOPY_PERCENT: Gauge = "kafka_log_logcleaner_cleaner_recopy_percent";
    /// Seconds of the longest of the cleaners' last cleanings.
    CLEANER_TIME_MAX: Gauge = "kafka_log_logcleaner_max_clean_time_secs";
    /// Seconds by which the last logs to be cleaned were later than max.compaction.lag.ms wants; the most of all cleaners.
    COMPACTION_DELAY_MAX: Gauge = "kafka_log_logcleaner_max_compaction_delay_secs";
    /// Cleaners whose thread has ended by a defect.
    DEAD_CLEANERS: Gauge = "kafka_log_logcleaner_deadthreadcount";
    /// Cleanings of partitions that came to their end.
    CLEANINGS: Counter = "ottla_log_cleanings_total";
    /// Bytes that cleaners read and wrote.
    CLEANER_BYTES: Counter = "ottla_log_cleaner_bytes_total";
    /// Data directories that failed.
    OFFLINE_DIRECTORIES: Gauge = "kafka_log_logmanager_offlinelogdirectorycount";
    /// Data directories without room: produce to their partitions is refused until there is some.
    FULL_DIRECTORIES: Gauge = "ottla_log_fulldirectorycount";
    /// 1 if fewer replicas are in sync than min.insync.replicas. Labels: topic, partition.
    PARTITION_UNDER_MIN_ISR: Gauge = "kafka_cluster_partition_underminisr";
    /// 1 if exactly min.insync.replicas are in sync. Labels: topic, partition.
    PARTITION_AT_MIN_ISR: Gauge = "kafka_cluster_partition_atminisr";
    /// Replicas of a partition. Labels: topic, partition.
    PARTITION_REPLICAS: Gauge = "kafka_cluster_partition_replicascount";
    /// 1 if not all replicas are in sync. Labels: topic, partition.
    PARTITION_UNDER_REPLICATED: Gauge = "kafka_cluster_partition_underreplicated";

    /// What this voter is. Labels: state.
    RAFT_STATE: Gauge = "kafka_server_raftmetrics_current_state";
    /// Node that leads the quorum; -1 if unknown.
    RAFT_LEADER: Gauge = "kafka_server_raftmetrics_current_leader";
    /// Epoch of the quorum.
    RAFT_EPOCH: Gauge = "kafka_server_raftmetrics_current_epoch";
    /// High watermark of the metadata log.
    RAFT_HIGH_WATERMARK: Gauge = "kafka_server_raftmetrics_high_watermark";
    /// End of the metadata log.
    RAFT_LOG_END: Gauge = "kafka_server_raftmetrics_log_end_offset";

    /// Groups coordinated here.
    GROUPS: Gauge = "kafka_coordinator_group_groupmetadatamanager_numgroups";
    /// Offsets that these groups committed.
    GROUP_OFFSETS: Gauge = "kafka_coordinator_group_groupmetadatamanager_numoffsets";
    /// Groups that gather members.
    GROUPS_PREPARING: Gauge = "kafka_coordinator_group_groupmetadatamanager_numgroupspreparingrebalance";
    /// Groups that wait for their leader's assignment.
    GROUPS_COMPLETING: Gauge = "kafka_coordinator_group_groupmetadatamanager_numgroupscompletingrebalance";
    /// Groups whose members all have their assignment.
    GROUPS_STABLE: Gauge = "kafka_coordinator_group_groupmetadatamanager_numgroupsstable";
    /// Groups without members.
    GROUPS_EMPTY: Gauge = "kafka_coordinator_group_groupmetadatamanager_numgroupsempty";
    /// Groups coordinated here. Labels: protocol, which is classic, consumer, share or streams.
    GROUP_COUNT: Gauge = "kafka_server_groupcoordinatormetrics_group_count";
    /// Classic groups. Labels: state.
    CLASSIC_GROUP_COUNT: Gauge = "kafka_server_groupcoordinatormetrics_classic_group_count";
    /// Consumer groups (KIP-848). Labels: state.
    CONSUMER_GROUP_COUNT: Gauge = "kafka_server_groupcoordinatormetrics_consumer_group_count";
    /// Share groups (KIP-932). Labels: state.
    SHARE_GROUP_COUNT: Gauge = "kafka_server_groupcoordinatormetrics_share_group_count";
    /// Streams groups (KIP-1071). Labels: state.
    STREAMS_GROUP_COUNT: Gauge = "kafka_server_groupcoordinatormetrics_streams_group_count";
    /// Offsets that all groups committed.
    OFFSET_COUNT: Gauge = "kafka_server_groupcoordinatormetrics_offset_count";
    /// Offset that a group committed. Labels: consumergroup, topic, partition.
    GROUP_CURRENT_OFFSET: Gauge = "kafka_consumergroup_current_offset";
    /// Records that a group has not committed yet. Labels: consumergroup, topic, partition.
    GROUP_LAG: Gauge = "kafka_consumergroup_lag";
    /// Offsets that a group committed, added up. Labels: consumergroup, topic.
    GROUP_CURRENT_OFFSET_SUM: Gauge = "kafka_consumergroup_current_offset_sum";
    /// Records that a group has not committed yet, added up. Labels: consumergroup, topic.
    GROUP_LAG_SUM: Gauge = "kafka_consumergroup_lag_sum";
    /// Milliseconds since the timestamp of the first record that a group has not consumed, 0 when there is none. Labels: consumergroup, topic, partition.
    GROUP_LAG_TIME: Gauge = "ottla_consumergroup_lag_ms";
    /// The longest of these of a group. Labels: consumergroup.
    GROUP_LAG_TIME_MAX: Gauge = "ottla_consumergroup_lag_ms_max";
    /// Members of a group. Labels: consumergroup.
    GROUP_MEMBERS: Gauge = "kafka_consumergroup_members";
    /// Groups that this page has nothing of but their number, see ottla.metrics.group.partitions.max. Labels: kind, which is consumer or share.
    GROUPS_LEFT_OUT: Gauge = "ottla_metrics_groups_left_out";
    /// Partitions of these groups. Labels: kind.
    GROUP_PARTITIONS_LEFT_OUT: Gauge = "ottla_metrics_group_partitions_left_out";

    /// Records of which members of share groups said what became of them. Labels: group, ackType.
    SHARE_ACKNOWLEDGEMENTS: Counter = "kafka_server_sharegroupmetrics_recordacknowledgements_total";
    /// ShareFetch requests.
    SHARE_FETCH_REQUESTS: Counter = "kafka_server_brokertopicmetrics_totalsharefetchrequests_total";
    /// ShareFetch requests that were refused.
    FAILED_SHARE_FETCH_REQUESTS: Counter = "kafka_server_brokertopicmetrics_failedsharefetchrequests_total";
    /// Requests that acknowledge records, by ShareAcknowledge or along with a ShareFetch.
    SHARE_ACKNOWLEDGEMENT_REQUESTS: Counter = "kafka_server_brokertopicmetrics_totalshareacknowledgementrequests_total";
    /// Acknowledgements of partitions that were refused.
    FAILED_SHARE_ACKNOWLEDGEMENTS: Counter = "kafka_server_brokertopicmetrics_failedshareacknowledgementrequests_total";
    /// Milliseconds that it took to read the state of a share-partition.
    SHARE_LOAD_TIME: Summary = "kafka_server_sharegroupmetrics_partitionloadtimems";
    /// Writes of the state of share-partitions.
    SHARE_STATE_WRITES: Counter = "kafka_server_share_coordinator_metrics_write_total";
    /// Milliseconds that such a write took.
    SHARE_STATE_WRITE_TIME: Summary = "kafka_server_share_coordinator_metrics_write_latency";
    /// Places in logs of __share_group_state that were damaged when they were read, and left out.
    SHARE_STATE_DAMAGE: Gauge = "ottla_share_coordinator_damaged_places";
    /// Share-partitions whose state was lost by such damage, and which began anew.
    SHARE_LOST_STATES: Counter = "ottla_share_coordinator_lost_states_total";
    /// Dead letters written. Labels: group.
    DEAD_LETTERS: Counter = "kafka_server_sharegroupmetrics_deadletterqueuerecordcount_total";
    /// Batches of dead letters that were to be written. Labels: group.
    DEAD_LETTER_REQUESTS: Counter = "kafka_server_sharegroupmetrics_deadletterqueuetotalproducerequests_total";
    /// Batches of dead letters that were not written. Labels: group.
    FAILED_DEAD_LETTER_REQUESTS: Counter = "kafka_server_sharegroupmetrics_deadletterqueuefailedproducerequests_total";
    /// Records between a share-partition's start and its end. Labels: group, topic, partition.
    SHARE_IN_FLIGHT: Gauge = "kafka_server_sharepartitionmetrics_inflightmessagecount";
    /// Rows of these records that share one fate. Labels: group, topic, partition.
    SHARE_IN_FLIGHT_BATCHES: Gauge = "kafka_server_sharepartitionmetrics_inflightbatchcount";
    /// Rows of records whose lock ended before a decision. Labels: group, topic, partition.
    SHARE_LOCK_TIMEOUTS: Counter = "kafka_server_sharepartitionmetrics_acquisitionlocktimeout_total";
    /// Records that came into flight together. Labels: group, topic, partition.
    SHARE_IN_FLIGHT_BATCH_SIZE: Summary = "kafka_server_sharepartitionmetrics_inflightbatchmessagecount";
    /// Milliseconds for which a fetch kept others from reading a share-partition. Labels: group, topic, partition.
    SHARE_FETCH_LOCK_TIME: Summary = "kafka_server_sharepartitionmetrics_fetchlocktimems";
    /// Percent of the time from one such hold's end to the next one's end for which it was held. Labels: group, topic, partition.
    SHARE_FETCH_LOCK_RATIO: Summary = "kafka_server_sharepartitionmetrics_fetchlockratio";
    /// Milliseconds from a ShareFetch until its partitions could be read. Labels: group.
    SHARE_ACQUIRE_TIME: Summary = "kafka_server_sharegroupmetrics_topicpartitionsacquiretimems";
    /// Percent of the partitions of a ShareFetch that could be read for it. Labels: group.
    SHARE_FETCH_RATIO: Summary = "kafka_server_sharegroupmetrics_requesttopicpartitionsfetchratio";
    /// ShareFetch requests that waited for as long as they wanted to.
    SHARE_FETCH_EXPIRES: Counter = "kafka_server_delayedsharefetchmetrics_expires_total";
    /// Share sessions.
    SHARE_SESSIONS: Gauge = "kafka_server_sharesessioncache_sharesessionscount";
    /// Partitions in share sessions.
    SHARE_SESSION_PARTITIONS: Gauge = "kafka_server_sharesessioncache_sharepartitionscount";

    /// Brokers of the cluster.
    BROKERS: Gauge = "kafka_brokers";
    /// A broker and its address; always 1. Labels: id, address.
    BROKER_INFO: Gauge = "kafka_broker_info";
    /// Partitions of a topic. Labels: topic.
    TOPIC_PARTITIONS: Gauge = "kafka_topic_partitions";
    /// High watermark of a partition. Labels: topic, partition.
    TOPIC_CURRENT_OFFSET: Gauge = "kafka_topic_partition_current_offset";
    /// First offset of a partition. Labels: topic, partition.
    TOPIC_OLDEST_OFFSET: Gauge = "kafka_topic_partition_oldest_offset";
    /// Leader of a partition. Labels: topic, partition.
    TOPIC_LEADER: Gauge = "kafka_topic_partition_leader";
    /// Replicas of a partition. Labels: topic, partition.
    TOPIC_REPLICAS: Gauge = "kafka_topic_partition_replicas";
    /// Replicas of a partition that are in sync. Labels: topic, partition.
    TOPIC_IN_SYNC: Gauge = "kafka_topic_partition_in_sync_replica";
    /// 1 if a partition is led by its preferred replica. Labels: topic, partition.
    TOPIC_LEADER_PREFERRED: Gauge = "kafka_topic_partition_leader_is_preferred";
    /// 1 if not all replicas of a partition are in sync. Labels: topic, partition.
    TOPIC_UNDER_REPLICATED: Gauge = "kafka_topic_partition_under_replicated_partition";

    /// What the broker is at, by Kafka's numbers: 0 not running, 1 starting, 2 recovery, 3 running, 6 pending shutdown, 7 shutting down.
    BROKER_STATE: Gauge = "kafka_server_kafkaserver_brokerstate";
    /// Bytes that this process read from disks.
    DISK_READ: Gauge = "kafka_server_kafkaserver_linux_disk_read_bytes";
    /// Bytes that this process wrote to disks.
    DISK_WRITTEN: Gauge = "kafka_server_kafkaserver_linux_disk_write_bytes";

    /// Seconds of processor time used.
    PROCESS_CPU: Counter = "process_cpu_seconds_total";
    /// When the process began, in seconds since 1970.
    PROCESS_START_TIME: Gauge = "process_start_time_seconds";
    /// Bytes of memory in use.
    PROCESS_RESIDENT: Gauge = "process_resident_memory_bytes";
    /// Bytes of address space in use.
    PROCESS_VIRTUAL: Gauge = "process_virtual_memory_bytes";
    /// Files and sockets that are open.
    PROCESS_OPEN_FILES: Gauge = "process_open_fds";
    /// Threads.
    PROCESS_THREADS: Gauge = "process_threads";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_are_what_prometheus_takes() {
        let names: BTreeSet<&str> = ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), ALL.len());
        for metric in ALL {
            let fits = metric
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
            assert!(fits && metric.help.ends_with('.'), "{}", metric.name);
            assert_eq!(
                metric.name.ends_with("_total"),
                metric.kind == MetricKind::Counter,
                "{}",
                metric.name
            );
        }
    }
}
