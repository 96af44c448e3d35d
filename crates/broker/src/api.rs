//! The APIs that this broker serves. One line in the table makes an API served and advertised.

pub mod add_offsets_to_txn;
pub mod add_partitions_to_txn;
pub mod alter_configs;
pub mod alter_partition_reassignments;
pub mod alter_share_group_offsets;
pub mod api_versions;
pub mod consumer_group_describe;
pub mod consumer_group_heartbeat;
pub mod create_partitions;
pub mod create_topics;
pub mod delete_groups;
pub mod delete_records;
pub mod delete_share_group_offsets;
pub mod delete_share_group_state;
pub mod delete_topics;
pub mod describe_cluster;
pub mod describe_configs;
mod describe_each;
pub mod describe_groups;
pub mod describe_log_dirs;
pub mod describe_producers;
pub mod describe_quorum;
pub mod describe_share_group_offsets;
pub mod describe_topic_partitions;
pub mod describe_transactions;
pub mod elect_leaders;
pub mod end_txn;
pub mod find_coordinator;
pub mod heartbeat;
pub mod incremental_alter_configs;
pub mod init_producer_id;
pub mod initialize_share_group_state;
pub mod join_group;
pub mod leave_group;
pub mod list_config_resources;
pub mod list_groups;
pub mod list_offsets;
pub mod list_partition_reassignments;
pub mod list_transactions;
pub mod metadata;
pub mod offset_commit;
pub mod offset_delete;
pub mod offset_fetch;
pub mod offset_for_leader_epoch;
pub mod ottla_group_history;
pub mod ottla_group_lag;
pub mod read_share_group_state;
pub mod read_share_group_state_summary;
pub mod share_acknowledge;
pub mod share_fetch;
pub mod share_group_describe;
pub mod share_group_heartbeat;
mod share_group_state;
pub mod streams_group_describe;
pub mod streams_group_heartbeat;
pub mod sync_group;
pub mod txn_offset_commit;
pub mod unregister_broker;
pub mod update_features;
pub mod write_share_group_state;
pub mod write_txn_markers;

use std::sync::Arc;

use bytes::Bytes;
use wire::{ApiKey, DecodeError, Message, Reader, messages};

use crate::limits::DECODED_SIZE_MAX;
use crate::{Broker, Client, ReplyTo, Request};

/// Hands a request to its API: `Key: Message => handler`.
macro_rules! apis {
    ($($key:ident: $request:ident => $handler:path;)*) => {
        /// The APIs of the table below.
        const TABLE: &[ApiKey] = &[$(ApiKey::$key),*];

        /// Decodes the body and calls the API's handler; `None` when the API is not in the table.
        pub(crate) fn call(
            broker: &Arc<Broker>,
            key: ApiKey,
            version: i16,
            body: &Bytes,
            client: Client,
            reply: impl FnOnce() -> ReplyTo,
        ) -> Option<Result<(), DecodeError>> {
            match key {
                $(ApiKey::$key => Some(decode(body, version).map(
                    |message: messages::$request| {
                        $handler(broker, Request { version, message, client }, reply());
                    },
                )),)*
                _ => None,
            }
        }
    };
}

apis! {
    ConsumerGroupDescribe: ConsumerGroupDescribeRequest => consumer_group_describe::handle;
    ConsumerGroupHeartbeat: ConsumerGroupHeartbeatRequest => consumer_group_heartbeat::handle;
    DeleteGroups: DeleteGroupsRequest => delete_groups::handle;
    DescribeGroups: DescribeGroupsRequest => describe_groups::handle;
    FindCoordinator: FindCoordinatorRequest => find_coordinator::handle;
    Heartbeat: HeartbeatRequest => heartbeat::handle;
    JoinGroup: JoinGroupRequest => join_group::handle;
    LeaveGroup: LeaveGroupRequest => leave_group::handle;
    ListGroups: ListGroupsRequest => list_groups::handle;
    OffsetCommit: OffsetCommitRequest => offset_commit::handle;
    OffsetDelete: OffsetDeleteRequest => offset_delete::handle;
    OffsetFetch: OffsetFetchRequest => offset_fetch::handle;
    StreamsGroupDescribe: StreamsGroupDescribeRequest => streams_group_describe::handle;
    StreamsGroupHeartbeat: StreamsGroupHeartbeatRequest => streams_group_heartbeat::handle;
    SyncGroup: SyncGroupRequest => sync_group::handle;
    AlterShareGroupOffsets: AlterShareGroupOffsetsRequest => alter_share_group_offsets::handle;
    DeleteShareGroupOffsets: DeleteShareGroupOffsetsRequest => delete_share_group_offsets::handle;
    DescribeShareGroupOffsets: DescribeShareGroupOffsetsRequest => describe_share_group_offsets::handle;
    ShareGroupDescribe: ShareGroupDescribeRequest => share_group_describe::handle;
    ShareGroupHeartbeat: ShareGroupHeartbeatRequest => share_group_heartbeat::handle;
    ShareAcknowledge: ShareAcknowledgeRequest => share_acknowledge::handle;
    ShareFetch: ShareFetchRequest => share_fetch::handle;
    DeleteShareGroupState: DeleteShareGroupStateRequest => delete_share_group_state::handle;
    InitializeShareGroupState: InitializeShareGroupStateRequest => initialize_share_group_state::handle;
    ReadShareGroupState: ReadShareGroupStateRequest => read_share_group_state::handle;
    ReadShareGroupStateSummary: ReadShareGroupStateSummaryRequest => read_share_group_state_summary::handle;
    WriteShareGroupState: WriteShareGroupStateRequest => write_share_group_state::handle;
    AddOffsetsToTxn: AddOffsetsToTxnRequest => add_offsets_to_txn::handle;
    AddPartitionsToTxn: AddPartitionsToTxnRequest => add_partitions_to_txn::handle;
    DescribeTransactions: DescribeTransactionsRequest => describe_transactions::handle;
    EndTxn: EndTxnRequest => end_txn::handle;
    ListTransactions: ListTransactionsRequest => list_transactions::handle;
    TxnOffsetCommit: TxnOffsetCommitRequest => txn_offset_commit::handle;
    WriteTxnMarkers: WriteTxnMarkersRequest => write_txn_markers::handle;
    AlterConfigs: AlterConfigsRequest => alter_configs::handle;
    AlterPartitionReassignments: AlterPartitionReassignmentsRequest => alter_partition_reassignments::handle;
    CreatePartitions: CreatePartitionsRequest => create_partitions::handle;
    CreateTopics: CreateTopicsRequest => create_topics::handle;
    DeleteTopics: DeleteTopicsRequest => delete_topics::handle;
    DescribeCluster: DescribeClusterRequest => describe_cluster::handle;
    DescribeConfigs: DescribeConfigsRequest => describe_configs::handle;
    DescribeQuorum: DescribeQuorumRequest => describe_quorum::handle;
    DescribeTopicPartitions: DescribeTopicPartitionsRequest => describe_topic_partitions::handle;
    ElectLeaders: ElectLeadersRequest => elect_leaders::handle;
    IncrementalAlterConfigs: IncrementalAlterConfigsRequest => incremental_alter_configs::handle;
    InitProducerId: InitProducerIdRequest => init_producer_id::handle;
    ListConfigResources: ListConfigResourcesRequest => list_config_resources::handle;
    ListPartitionReassignments: ListPartitionReassignmentsRequest => list_partition_reassignments::handle;
    Metadata: MetadataRequest => metadata::handle;
    UnregisterBroker: UnregisterBrokerRequest => unregister_broker::handle;
    UpdateFeatures: UpdateFeaturesRequest => update_features::handle;
    ApiVersions: ApiVersionsRequest => api_versions::handle;
    DeleteRecords: DeleteRecordsRequest => delete_records::handle;
    DescribeLogDirs: DescribeLogDirsRequest => describe_log_dirs::handle;
    DescribeProducers: DescribeProducersRequest => describe_producers::handle;
    ListOffsets: ListOffsetsRequest => list_offsets::handle;
    OffsetForLeaderEpoch: OffsetForLeaderEpochRequest => offset_for_leader_epoch::handle;
    OttlaGroupHistory: OttlaGroupHistoryRequest => ottla_group_history::handle;
    OttlaGroupLag: OttlaGroupLagRequest => ottla_group_lag::handle;
}

/// The APIs that the loops serve in place, from bytes in the frame.
const HOT: [ApiKey; 2] = [ApiKey::Produce, ApiKey::Fetch];

/// Every API that is served, in the order of keys.
pub fn served() -> Vec<ApiKey> {
    let mut served = [TABLE, &HOT].concat();
    served.sort();
    served
}

fn decode<M: Message>(body: &Bytes, version: i16) -> Result<M, DecodeError> {
    let mut input = Reader::shared(body);
    input.limit_memory(DECODED_SIZE_MAX);
    let message = M::decode(&mut input, version)?;
    // Bytes after the last field are ignored, as Kafka does.
    Ok(message)
}

/// Whether a broker listener takes this version of an API. Produce says more than it takes, see
/// [`ApiKey::advertised_versions`].
pub(crate) fn takes(key: ApiKey, version: i16) -> bool {
    (TABLE.contains(&key) || HOT.contains(&key)) && key.stable_versions().contains(version)
}
