//! A member of the classic protocol: what it asks.

use bytes::Bytes;
use testkit::compare::Side;
use wire::messages::join_group_request::JoinGroupRequestProtocol;
use wire::messages::sync_group_request::SyncGroupRequestAssignment;
use wire::messages::{HeartbeatRequest, JoinGroupRequest, SyncGroupRequest};

use super::TOPIC;

pub(crate) fn classic(group: &str, member: &str) -> JoinGroupRequest {
    JoinGroupRequest {
        group_id: group.into(),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 10_000,
        member_id: member.into(),
        group_instance_id: None,
        protocol_type: "consumer".into(),
        protocols: vec![JoinGroupRequestProtocol {
            name: "range".into(),
            metadata: subscription(),
        }],
        reason: None,
    }
}

/// A subscription to [`TOPIC`], version 0.
fn subscription() -> Bytes {
    let mut bytes = vec![0, 0, 0, 0, 0, 1, 0, 8];
    bytes.extend_from_slice(TOPIC.as_bytes());
    bytes.extend_from_slice(&[0xff; 4]);
    bytes.into()
}

/// [`TOPIC`] with all its partitions, as a leader hands it out.
pub(crate) fn all_assigned() -> Bytes {
    let mut bytes = vec![0, 0, 0, 0, 0, 1, 0, 8];
    bytes.extend_from_slice(TOPIC.as_bytes());
    bytes.extend_from_slice(&[0, 0, 0, 4]);
    (0..4_i32).for_each(|index| bytes.extend_from_slice(&index.to_be_bytes()));
    bytes.extend_from_slice(&[0xff; 4]);
    bytes.into()
}

pub(crate) fn sync(
    group: &str,
    member: &str,
    generation: i32,
    assignment: Option<Bytes>,
) -> SyncGroupRequest {
    let assigned = |assignment| SyncGroupRequestAssignment { member_id: member.into(), assignment };
    SyncGroupRequest {
        group_id: group.into(),
        generation_id: generation,
        member_id: member.into(),
        group_instance_id: None,
        protocol_type: Some("consumer".into()),
        protocol_name: Some("range".into()),
        assignments: assignment.map(assigned).into_iter().collect(),
    }
}

pub(crate) fn beat(group: &str, member: &str, generation_id: i32) -> HeartbeatRequest {
    HeartbeatRequest {
        group_id: group.into(),
        generation_id,
        member_id: member.into(),
        group_instance_id: None,
    }
}

pub(super) fn id(side: &Side) -> String {
    side.memory.get("classic").cloned().unwrap_or_default()
}
