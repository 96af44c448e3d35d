use bytes::Bytes;
use model::Uuid;
use wire::messages::join_group_request::JoinGroupRequestProtocol;
use wire::messages::leave_group_request::MemberIdentity;
use wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use wire::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use wire::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use wire::messages::sync_group_request::SyncGroupRequestAssignment;
use wire::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, FindCoordinatorRequest, HeartbeatRequest,
    JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, ListGroupsRequest, OffsetCommitRequest,
    OffsetDeleteRequest, OffsetFetchRequest, SyncGroupRequest,
};

use crate::harness::{Client, TestBroker};

pub(crate) const GROUP: &str = "readers";
/// Few partitions, and no wait for members that are not to come.
const SETTINGS: &[(&str, &str)] =
    &[("offsets.topic.num.partitions", "3"), ("group.initial.rebalance.delay.ms", "0")];
const NO_ERROR: i16 = 0;
const LOADING: i16 = 14;
const NOT_COORDINATOR: i16 = 16;

pub(crate) fn started(data: &std::path::Path) -> TestBroker {
    let broker = TestBroker::start(data, SETTINGS);
    let mut client = broker.connect();
    let request =
        FindCoordinatorRequest { key: GROUP.to_owned(), ..FindCoordinatorRequest::default() };
    let found = client.call(2, &request);
    assert_eq!((found.error_code, found.node_id), (NO_ERROR, 1), "{:?}", found.error_message);
    assert_eq!(found.port, i32::from(broker.address.port()));
    loaded(&mut client);
    broker
}

/// Waits until the coordinator has read its log.
fn loaded(client: &mut Client) {
    loop {
        let request = ListGroupsRequest::default();
        match client.call(5, &request).error_code {
            LOADING | NOT_COORDINATOR => std::thread::yield_now(),
            error => return assert_eq!(error, NO_ERROR),
        }
    }
}

fn join(member: &str) -> JoinGroupRequest {
    // A consumer's subscription to "orders".
    let metadata = Bytes::from_static(b"\0\x01\0\0\0\x01\0\x06orders\xff\xff\xff\xff\0\0\0\0");
    JoinGroupRequest {
        group_id: GROUP.to_owned(),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 10_000,
        member_id: member.to_owned(),
        protocol_type: "consumer".to_owned(),
        protocols: vec![JoinGroupRequestProtocol { name: "range".to_owned(), metadata }],
        ..JoinGroupRequest::default()
    }
}

pub(crate) fn sync(joined: &JoinGroupResponse, assignments: &[(&str, &str)]) -> SyncGroupRequest {
    let given = |(member, text): &(&str, &str)| SyncGroupRequestAssignment {
        member_id: (*member).to_owned(),
        assignment: Bytes::copy_from_slice(text.as_bytes()),
    };
    SyncGroupRequest {
        group_id: GROUP.to_owned(),
        generation_id: joined.generation_id,
        member_id: joined.member_id.clone(),
        protocol_type: Some("consumer".to_owned()),
        protocol_name: Some("range".to_owned()),
        assignments: assignments.iter().map(given).collect(),
        ..SyncGroupRequest::default()
    }
}

fn heartbeat(joined: &JoinGroupResponse) -> HeartbeatRequest {
    HeartbeatRequest {
        group_id: GROUP.to_owned(),
        generation_id: joined.generation_id,
        member_id: joined.member_id.clone(),
        group_instance_id: None,
    }
}

pub(crate) fn commit(
    joined: Option<&JoinGroupResponse>,
    topic_id: Uuid,
    offset: i64,
) -> OffsetCommitRequest {
    OffsetCommitRequest {
        group_id: GROUP.to_owned(),
        generation_id_or_member_epoch: joined.map_or(-1, |joined| joined.generation_id),
        member_id: joined.map(|joined| joined.member_id.clone()).unwrap_or_default(),
        topics: vec![OffsetCommitRequestTopic {
            name: "orders".to_owned(),
            topic_id,
            partitions: vec![OffsetCommitRequestPartition {
                partition_index: 0,
                committed_offset: offset,
                committed_metadata: Some("note".to_owned()),
                ..OffsetCommitRequestPartition::default()
            }],
        }],
        ..OffsetCommitRequest::default()
    }
}

pub(crate) fn committed(client: &mut Client) -> i64 {
    let request = OffsetFetchRequest {
        groups: vec![OffsetFetchRequestGroup { group_id: GROUP.to_owned(), ..Default::default() }],
        ..OffsetFetchRequest::default()
    };
    let mut request = request;
    request.groups[0].topics = None;
    let group = &client.call(8, &request).groups[0];
    assert_eq!(group.error_code, NO_ERROR);
    group.topics.first().map_or(-1, |topic| topic.partitions[0].committed_offset)
}

/// Joins as modern clients do: with the id that the first answer gives.
pub(crate) fn join_twice(client: &mut Client) -> JoinGroupResponse {
    let first = client.call(9, &join(""));
    assert_eq!(first.error_code, 79);
    let joined = client.call(9, &join(&first.member_id));
    assert_eq!(joined.error_code, NO_ERROR);
    joined
}

#[test]
fn two_members_share_the_work_and_commit_what_they_did() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 2, &[]);
    let (mut first, mut second) = (broker.connect(), broker.connect());
    let alone = join_twice(&mut first);
    assert_eq!((alone.generation_id, alone.members.len()), (1, 1));
    assert_eq!(first.call(5, &sync(&alone, &[(&alone.member_id, "all")])).assignment, "all");

    let id = second.call(9, &join("")).member_id;
    second.send(9, &join(&id));
    while first.call(4, &heartbeat(&alone)).error_code != 27 {
        std::thread::yield_now();
    }
    let leader = first.call(9, &join(&alone.member_id));
    let follower = second.receive::<JoinGroupRequest>(9, 0);
    assert_eq!((leader.generation_id, follower.generation_id), (2, 2));
    assert_eq!((leader.members.len(), follower.members.len()), (2, 0));
    assert_eq!(follower.leader, leader.member_id);

    second.send(5, &sync(&follower, &[]));
    let halves = [(leader.member_id.as_str(), "left"), (follower.member_id.as_str(), "right")];
    assert_eq!(first.call(5, &sync(&leader, &halves)).assignment, "left");
    assert_eq!(second.receive::<SyncGroupRequest>(5, 0).assignment, "right");

    let answer = first.call(9, &commit(Some(&leader), Uuid::ZERO, 7));
    assert_eq!(answer.topics[0].partitions[0].error_code, NO_ERROR);
    let stale = second.call(9, &commit(Some(&alone), Uuid::ZERO, 3));
    assert_eq!(stale.topics[0].partitions[0].error_code, 22);
    assert_eq!(committed(&mut second), 7);
    broker.stop();
}

#[test]
fn members_and_offsets_outlive_a_crash_of_the_broker() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let mut client = broker.connect();
    let joined = join_twice(&mut client);
    client.call(5, &sync(&joined, &[(&joined.member_id, "all")]));
    for offset in 1..=5 {
        client.call(9, &commit(Some(&joined), Uuid::ZERO, offset));
    }
    broker.crash();
    let broker = started(data.path());
    let mut client = broker.connect();
    assert_eq!(committed(&mut client), 5);
    assert_eq!(client.call(4, &heartbeat(&joined)).error_code, NO_ERROR);
    assert_eq!(client.call(5, &sync(&joined, &[])).assignment, "all");
    broker.stop();
    let broker = started(data.path());
    assert_eq!(committed(&mut broker.connect()), 5);
}

#[test]
fn a_group_is_listed_described_and_deleted() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let mut client = broker.connect();
    let joined = join_twice(&mut client);
    client.call(5, &sync(&joined, &[(&joined.member_id, "all")]));

    let listed = client.call(5, &ListGroupsRequest::default());
    assert_eq!(listed.groups.len(), 1);
    assert_eq!(
        (listed.groups[0].group_state.as_str(), listed.groups[0].group_type.as_str()),
        ("Stable", "classic")
    );
    let describe = DescribeGroupsRequest {
        groups: vec![GROUP.to_owned(), "nobody".to_owned()],
        include_authorized_operations: false,
    };
    let described = client.call(6, &describe).groups;
    assert_eq!(
        (described[0].group_state.as_str(), described[0].protocol_data.as_str()),
        ("Stable", "range")
    );
    assert_eq!(described[0].members[0].client_host, "/127.0.0.1");
    assert_eq!(described[0].members[0].member_assignment, "all");
    assert_eq!((described[1].group_state.as_str(), described[1].error_code), ("Dead", 69));

    let delete = DeleteGroupsRequest { groups_names: vec![GROUP.to_owned()] };
    assert_eq!(client.call(2, &delete).results[0].error_code, 68);
    let forget = OffsetDeleteRequest {
        group_id: GROUP.to_owned(),
        topics: vec![OffsetDeleteRequestTopic {
            name: "orders".to_owned(),
            partitions: vec![OffsetDeleteRequestPartition { partition_index: 0 }],
        }],
    };
    assert_eq!(client.call(0, &forget).topics[0].partitions[0].error_code, 86);
    let leave = LeaveGroupRequest {
        group_id: GROUP.to_owned(),
        members: vec![MemberIdentity { member_id: joined.member_id, ..MemberIdentity::default() }],
        ..LeaveGroupRequest::default()
    };
    assert_eq!(client.call(5, &leave).members[0].error_code, NO_ERROR);
    assert_eq!(client.call(0, &forget).topics[0].partitions[0].error_code, NO_ERROR);
    assert_eq!(client.call(2, &delete).results[0].error_code, NO_ERROR);
    assert_eq!(client.call(2, &delete).results[0].error_code, 69);
    assert!(client.call(5, &ListGroupsRequest::default()).groups.is_empty());
}

#[test]
fn every_version_of_commit_and_fetch_tells_the_same() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let id = broker.topic_id("orders");
    let mut client = broker.connect();
    for version in 2..=10 {
        let mut request =
            commit(None, if version >= 10 { id } else { Uuid::ZERO }, i64::from(version));
        if version >= 10 {
            request.topics[0].name.clear();
        }
        let answer = client.call(version, &request);
        assert_eq!(answer.topics[0].partitions[0].error_code, NO_ERROR, "{version}");
        assert_eq!(committed(&mut client), i64::from(version));
    }
    for version in 1..=7 {
        let topic =
            OffsetFetchRequestTopic { name: "orders".to_owned(), partition_indexes: vec![0, 1] };
        let request = OffsetFetchRequest {
            group_id: GROUP.to_owned(),
            topics: Some(vec![topic]),
            ..Default::default()
        };
        let answer = client.call(version, &request);
        let offsets: Vec<_> =
            answer.topics[0].partitions.iter().map(|part| part.committed_offset).collect();
        assert_eq!((answer.error_code, offsets), (NO_ERROR, vec![10, -1]), "{version}");
        assert_eq!(answer.topics[0].partitions[0].metadata.as_deref(), Some("note"));
    }
    for version in 8..=10 {
        let topic = OffsetFetchRequestTopics {
            name: if version < 10 { "orders".to_owned() } else { String::new() },
            topic_id: if version < 10 { Uuid::ZERO } else { id },
            partition_indexes: vec![0],
        };
        let group = OffsetFetchRequestGroup {
            group_id: GROUP.to_owned(),
            topics: Some(vec![topic]),
            ..Default::default()
        };
        let other = OffsetFetchRequestGroup { group_id: "other".to_owned(), ..group.clone() };
        let request = OffsetFetchRequest { groups: vec![group, other], ..Default::default() };
        let answer = client.call(version, &request);
        let offsets: Vec<_> = answer
            .groups
            .iter()
            .map(|group| group.topics[0].partitions[0].committed_offset)
            .collect();
        assert_eq!(offsets, [10, -1], "{version}");
    }
}

#[test]
fn offsets_of_a_topic_that_does_not_exist_are_refused_one_by_one() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    let mut client = broker.connect();
    let answer = client.call(9, &commit(None, Uuid::ZERO, 1));
    assert_eq!(answer.topics[0].partitions[0].error_code, 3);
    let answer = client.call(10, &commit(None, Uuid::from_bytes([3; 16]), 1));
    assert_eq!(answer.topics[0].partitions[0].error_code, 100);
}
