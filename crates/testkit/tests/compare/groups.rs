//! Classic groups and committed offsets.

use bytes::Bytes;
use testkit::Failed;
use testkit::compare::{Comparison, Side};
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
    JoinGroupRequest, LeaveGroupRequest, ListGroupsRequest, OffsetCommitRequest,
    OffsetDeleteRequest, OffsetFetchRequest, SyncGroupRequest,
};

use crate::topics::prepare;

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, "grouped", 2, &[])?;
    find_coordinators(c)?;
    for v in 0..=9 {
        memberships(c, v)?;
    }
    commits(c)?;
    listings(c)
}

pub(crate) fn find_coordinators(c: &mut Comparison) -> Result<(), Failed> {
    let ask = |v: i16, key: &str, key_type: i8| FindCoordinatorRequest {
        key: if v < 4 { key.into() } else { String::new() },
        key_type,
        coordinator_keys: if v < 4 { Vec::new() } else { vec![key.into()] },
    };
    // The first one makes the internal topic; until it is there the answer is 15, as often as it takes.
    for side in [&mut c.kafka, &mut c.ottla] {
        for _ in 0..500 {
            let answer = side.call(&ask(4, "warm-up", 0), 4)?;
            let ready =
                answer.is_some_and(|answer| answer.coordinators.iter().all(|c| c.error_code == 0));
            if ready
                && side
                    .call(&fetch_one(5, "warm-up"), 5)?
                    .is_some_and(|answer| answer.error_code == 0)
            {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
    for v in 0..=6 {
        c.case("of a group", v, |_| ask(v, "g", 0))?;
        if v >= 1 {
            c.case("of an unknown kind", v, |_| ask(v, "g", 9))?;
        }
        c.case("of an empty group id", v, |_| ask(v, "", 0))?;
    }
    Ok(())
}

fn join(group: &str, member_id: &str, protocol: &str) -> JoinGroupRequest {
    JoinGroupRequest {
        group_id: group.into(),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 10_000,
        member_id: member_id.into(),
        group_instance_id: None,
        protocol_type: "consumer".into(),
        protocols: vec![JoinGroupRequestProtocol {
            name: protocol.into(),
            metadata: subscription(),
        }],
        reason: None,
    }
}

/// A consumer's subscription to `grouped`, version 0.
fn subscription() -> Bytes {
    let mut bytes = vec![0, 0, 0, 0, 0, 1, 0, 7];
    bytes.extend_from_slice(b"grouped");
    bytes.extend_from_slice(&[0xff; 4]);
    bytes.into()
}

pub(crate) fn member(side: &Side) -> String {
    side.memory.get("member").cloned().unwrap_or_default()
}

/// A member's life, in the versions of each API that go with this version of JoinGroup.
fn memberships(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = format!("members-{v}");
    let (sync_v, heartbeat_v, leave_v) = (v.min(5), v.min(4), v.min(5));
    c.case("empty group id", v, |_| join("", "", "range"))?;
    c.case("unknown member", v, |_| join(&group, "nobody", "range"))?;
    c.case("session too short", v, |_| JoinGroupRequest {
        session_timeout_ms: 1,
        ..join(&group, "", "range")
    })?;
    c.case("session too long", v, |_| JoinGroupRequest {
        session_timeout_ms: 9_000_000,
        ..join(&group, "", "range")
    })?;
    c.case("no protocols", v, |_| JoinGroupRequest {
        protocols: Vec::new(),
        ..join(&group, "", "range")
    })?;
    let mut first = c.case("first join", v, |_| join(&group, "", "range"))?;
    if v >= 4 {
        remember(c, &first);
        first = c.case("join with the given id", v, |side| join(&group, &member(side), "range"))?;
    }
    remember(c, &first);
    let sync = |side: &Side, generation_id: i32, protocol: &str| SyncGroupRequest {
        group_id: group.clone(),
        generation_id,
        member_id: member(side),
        group_instance_id: None,
        protocol_type: Some("consumer".into()),
        protocol_name: Some(protocol.into()),
        assignments: vec![SyncGroupRequestAssignment {
            member_id: member(side),
            assignment: Bytes::from_static(b"\0\0\0\0\0\0\xff\xff\xff\xff"),
        }],
    };
    c.case("sync of another generation", sync_v, |side| sync(side, 9, "range"))?;
    if sync_v >= 5 {
        c.case("sync of another protocol", sync_v, |side| sync(side, 1, "roundrobin"))?;
    }
    c.case("heartbeat before sync", heartbeat_v, |side| heartbeat(&group, 1, &member(side)))?;
    c.case("sync", sync_v, |side| sync(side, 1, "range"))?;
    c.case("sync again", sync_v, |side| sync(side, 1, "range"))?;
    c.case("heartbeat", heartbeat_v, |side| heartbeat(&group, 1, &member(side)))?;
    c.case("heartbeat of another generation", heartbeat_v, |side| {
        heartbeat(&group, 7, &member(side))
    })?;
    c.case("heartbeat of nobody", heartbeat_v, |_| heartbeat(&group, 1, "nobody"))?;
    c.case("heartbeat of no group", heartbeat_v, |_| heartbeat("no-such-group", 1, "nobody"))?;
    c.case("a protocol that others do not know", v, |_| JoinGroupRequest {
        protocol_type: "connect".into(),
        ..join(&group, "", "x")
    })?;
    for described in 0..=6 {
        c.case("described", described, |_| DescribeGroupsRequest {
            groups: vec![group.clone()],
            include_authorized_operations: described >= 3,
        })?;
        c.case("no such group described", described, |_| DescribeGroupsRequest {
            groups: vec!["no-such-group".into()],
            include_authorized_operations: false,
        })?;
    }
    for deleted in 0..=3 {
        c.case("delete while it lives", deleted, |_| DeleteGroupsRequest {
            groups_names: vec![group.clone()],
        })?;
    }
    let leave = |member_id: String| LeaveGroupRequest {
        group_id: group.clone(),
        member_id: if leave_v < 3 { member_id.clone() } else { String::new() },
        members: if leave_v < 3 {
            Vec::new()
        } else {
            vec![MemberIdentity { member_id, ..Default::default() }]
        },
    };
    c.case("leave of nobody", leave_v, |_| leave("nobody".into()))?;
    c.case("leave", leave_v, |side| leave(member(side)))?;
    c.case("leave again", leave_v, |side| leave(member(side)))?;
    static_membership(c, v)
}

/// KIP-345: an instance id keeps its place.
fn static_membership(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    if v < 5 {
        return Ok(());
    }
    let group = format!("static-{v}");
    let fixed = |member_id: &str| JoinGroupRequest {
        group_instance_id: Some("one".into()),
        ..join(&group, member_id, "range")
    };
    let first = c.case("static member", v, |_| fixed(""))?;
    remember(c, &first);
    for side in [&mut c.kafka, &mut c.ottla] {
        let old = member(side);
        side.memory.insert("old".into(), old);
    }
    let again = c.case("static member returns", v, |_| fixed(""))?;
    remember(c, &again);
    c.case("its old id", v, |side| fixed(&side.memory.get("old").cloned().unwrap_or_default()))?;
    c.case("heartbeat of its old id", 4, |side| HeartbeatRequest {
        group_instance_id: Some("one".into()),
        ..heartbeat(&group, 2, &side.memory.get("old").cloned().unwrap_or_default())
    })?;
    c.case("leave by instance", 5, |_| LeaveGroupRequest {
        group_id: group.clone(),
        member_id: String::new(),
        members: vec![MemberIdentity {
            group_instance_id: Some("one".into()),
            ..Default::default()
        }],
    })?;
    Ok(())
}

type Joined = wire::messages::JoinGroupResponse;

pub(crate) fn remember(c: &mut Comparison, joined: &(Option<Joined>, Option<Joined>)) {
    for (side, joined) in [(&mut c.kafka, &joined.0), (&mut c.ottla, &joined.1)] {
        let id = joined.as_ref().map(|joined| joined.member_id.clone()).unwrap_or_default();
        side.memory.insert("member".into(), id);
    }
}

fn heartbeat(group: &str, generation_id: i32, member_id: &str) -> HeartbeatRequest {
    HeartbeatRequest {
        group_id: group.into(),
        generation_id,
        member_id: member_id.into(),
        group_instance_id: None,
    }
}

fn commit(
    side: &mut Side,
    v: i16,
    group: &str,
    topic: &str,
    metadata: &str,
) -> OffsetCommitRequest {
    OffsetCommitRequest {
        group_id: group.into(),
        generation_id_or_member_epoch: -1,
        topics: vec![OffsetCommitRequestTopic {
            name: if v >= 10 { String::new() } else { topic.into() },
            topic_id: if v >= 10 { some_id(side, topic) } else { model::Uuid::ZERO },
            partitions: vec![OffsetCommitRequestPartition {
                partition_index: 1,
                committed_offset: 17,
                committed_metadata: Some(metadata.into()),
                ..Default::default()
            }],
        }],
        ..Default::default()
    }
}

fn some_id(side: &mut Side, topic: &str) -> model::Uuid {
    let id = side.topic_id(topic);
    if id.is_zero() { model::Uuid::from_bytes([3; 16]) } else { id }
}

fn fetch_one(v: i16, group: &str) -> OffsetFetchRequest {
    OffsetFetchRequest {
        group_id: if v < 8 { group.into() } else { String::new() },
        topics: Some(vec![OffsetFetchRequestTopic {
            name: "grouped".into(),
            partition_indexes: vec![0, 1],
        }]),
        ..Default::default()
    }
}

fn fetch(side: &mut Side, v: i16, group: &str, all: bool) -> OffsetFetchRequest {
    if v < 8 {
        let one = fetch_one(v, group);
        return OffsetFetchRequest { topics: if all { None } else { one.topics.clone() }, ..one };
    }
    let topics = vec![OffsetFetchRequestTopics {
        name: if v >= 10 { String::new() } else { "grouped".into() },
        topic_id: if v >= 10 { some_id(side, "grouped") } else { model::Uuid::ZERO },
        partition_indexes: vec![0, 1],
    }];
    OffsetFetchRequest {
        groups: vec![OffsetFetchRequestGroup {
            group_id: group.into(),
            member_id: None,
            member_epoch: -1,
            topics: (!all).then_some(topics),
        }],
        ..Default::default()
    }
}

fn commits(c: &mut Comparison) -> Result<(), Failed> {
    for v in 2..=10 {
        let group = format!("commits-{v}");
        c.case("without a member", v, |s| commit(s, v, &group, "grouped", "note"))?;
        c.case("unknown topic", v, |s| commit(s, v, &group, "not-there", ""))?;
        c.case("metadata too long", v, |s| commit(s, v, &group, "grouped", &"m".repeat(5000)))?;
        c.case("empty group id", v, |s| commit(s, v, "", "grouped", ""))?;
        c.case("generation of no group", v, |s| OffsetCommitRequest {
            generation_id_or_member_epoch: 4,
            member_id: "nobody".into(),
            ..commit(s, v, &format!("none-{v}"), "grouped", "")
        })?;
        c.case("wrong generation", v, |s| OffsetCommitRequest {
            generation_id_or_member_epoch: 4,
            member_id: "nobody".into(),
            ..commit(s, v, &group, "grouped", "")
        })?;
    }
    for v in 1..=10 {
        c.case("fetched", v, |s| fetch(s, v, "commits-5", false))?;
        if v >= 2 {
            c.case("all fetched", v, |s| fetch(s, v, "commits-5", true))?;
        }
        c.case("of no group", v, |s| fetch(s, v, "no-such-group", false))?;
        if v >= 7 {
            c.case("only stable", v, |s| OffsetFetchRequest {
                require_stable: true,
                ..fetch(s, v, "commits-6", false)
            })?;
        }
    }
    let delete = |group: &str, topic: &str| OffsetDeleteRequest {
        group_id: group.into(),
        topics: vec![OffsetDeleteRequestTopic {
            name: topic.into(),
            partitions: vec![OffsetDeleteRequestPartition { partition_index: 1 }],
        }],
    };
    c.case("offset deleted", 0, |_| delete("commits-4", "grouped"))?;
    c.case("offset of an unknown topic", 0, |_| delete("commits-4", "not-there"))?;
    c.case("offset of no group", 0, |_| delete("no-such-group", "grouped"))?;
    Ok(())
}

fn listings(c: &mut Comparison) -> Result<(), Failed> {
    for v in 0..=3 {
        c.case("deleted", v, |_| DeleteGroupsRequest {
            groups_names: vec![format!("commits-{}", 6 + v)],
        })?;
        c.case("no such group", v, |_| DeleteGroupsRequest {
            groups_names: vec!["no-such-group".into()],
        })?;
    }
    for v in 0..=5 {
        let wanted = listed(&mut c.kafka, v, &[])?;
        let found = listed(&mut c.ottla, v, &[])?;
        c.note("groups listed", &wanted, &found);
        if v >= 4 {
            let (wanted, found) =
                (listed(&mut c.kafka, v, &["Empty"])?, listed(&mut c.ottla, v, &["Empty"])?);
            c.note("empty groups listed", &wanted, &found);
            c.case("in a state that is none", v, |_| ListGroupsRequest {
                states_filter: vec!["Nowhere".into()],
                types_filter: Vec::new(),
            })?;
        }
        if v >= 5 {
            c.case("of a type that is none", v, |_| ListGroupsRequest {
                states_filter: Vec::new(),
                types_filter: vec!["nothing".into()],
            })?;
        }
    }
    Ok(())
}

fn listed(side: &mut Side, v: i16, states: &[&str]) -> Result<Vec<String>, Failed> {
    let request = ListGroupsRequest {
        states_filter: states.iter().map(ToString::to_string).collect(),
        types_filter: Vec::new(),
    };
    let response =
        side.call(&request, v)?.ok_or_else(|| Failed("ListGroups closed the connection".into()))?;
    let mut groups: Vec<String> =
        response.groups.iter().map(|group| format!("{group:?}")).collect();
    groups.sort();
    Ok(groups)
}
