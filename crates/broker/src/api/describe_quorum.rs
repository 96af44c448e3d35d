use std::sync::Arc;

use model::{Offset, Uuid};
use quorum::QuorumStatus;
use wire::ErrorCode;
use wire::messages::describe_quorum_response::{
    Listener, Node, PartitionData, ReplicaState, TopicData,
};
use wire::messages::{DescribeQuorumRequest, DescribeQuorumResponse};

use crate::{Broker, ReplyTo, Request};

/// From this version on voters are named with their directories, and where they listen (KIP-853).
const DIRECTORY_VERSION_MIN: i16 = 2;
const METADATA_TOPIC: &str = "__cluster_metadata";

/// Shows the metadata quorum (KIP-836).
pub fn handle(broker: &Arc<Broker>, request: Request<DescribeQuorumRequest>, reply: ReplyTo) {
    let mut status = broker.quorum().status();
    // An answer that is only a refusal names no nodes.
    let is_about_metadata =
        request.message.topics.iter().any(|topic| topic.topic_name == METADATA_TOPIC);
    let has_directories = request.version >= DIRECTORY_VERSION_MIN;
    let has_nodes = has_directories && is_about_metadata;
    if !has_directories {
        for (voter, _) in &mut status.voters {
            voter.key.directory = Uuid::ZERO;
        }
    }
    let now = broker.clock().wall().as_millis();
    let topics = request.message.topics.into_iter().map(|topic| {
        let is_metadata = topic.topic_name == METADATA_TOPIC;
        let partitions = topic.partitions.into_iter().map(|partition| {
            let index = partition.partition_index;
            if is_metadata && index == 0 { describe(&status, now) } else { unknown(index) }
        });
        TopicData { partitions: partitions.collect(), topic_name: topic.topic_name }
    });
    let topics = topics.collect();
    let nodes = status.voters.iter().filter(|_| has_nodes).map(|(voter, _)| Node {
        node_id: voter.key.id.to_wire(),
        listeners: voter
            .endpoints
            .iter()
            .map(|at| Listener { name: at.listener.clone(), host: at.host.clone(), port: at.port })
            .collect(),
    });
    let nodes = nodes.collect();
    let default = DescribeQuorumResponse::default();
    reply.send(&DescribeQuorumResponse { topics, nodes, error_message: None, ..default });
}

fn describe(status: &QuorumStatus, now: i64) -> PartitionData {
    let voters = status.voters.iter().map(|(voter, end)| {
        let is_leader = status.leader == Some(voter.key.id);
        ReplicaState {
            replica_id: voter.key.id.to_wire(),
            replica_directory_id: voter.key.directory,
            log_end_offset: end.map_or(-1, Offset::to_wire),
            // The leader is always where it is itself; of others nothing is known yet.
            last_fetch_timestamp: if is_leader { now } else { -1 },
            last_caught_up_timestamp: if is_leader { now } else { -1 },
        }
    });
    let current_voters = voters.collect();
    let Some(leader) = status.leader else {
        let error_code = ErrorCode::NotLeaderOrFollower.code();
        return PartitionData { error_code, current_voters, ..PartitionData::default() };
    };
    PartitionData {
        error_message: None,
        leader_id: leader.to_wire(),
        leader_epoch: status.epoch.to_wire(),
        high_watermark: status.high_watermark.to_wire(),
        current_voters,
        ..PartitionData::default()
    }
}

fn unknown(partition_index: i32) -> PartitionData {
    PartitionData {
        partition_index,
        error_code: ErrorCode::UnknownTopicOrPartition.code(),
        error_message: Some("only partition 0 of __cluster_metadata is a quorum's".to_owned()),
        ..PartitionData::default()
    }
}
