// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use super::{messages, records};
use crate::VersionRange;
use crate::schema::{FieldKind, FieldSchema, MessageSchema, StructSchema, translate};

/// Every message, in the order of the specs.
pub static MESSAGES: [MessageSchema; 283] = [
    MessageSchema {
        name: "ProduceRequest",
        group: "api",
        versions: VersionRange::new(3, 13),
        flexible: VersionRange::new(9, 13),
        root: &PRODUCE_REQUEST,
        translate: translate::<messages::ProduceRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ProduceRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ProduceResponse",
        group: "api",
        versions: VersionRange::new(3, 13),
        flexible: VersionRange::new(9, 13),
        root: &PRODUCE_RESPONSE,
        translate: translate::<messages::ProduceResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ProduceResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "FetchRequest",
        group: "api",
        versions: VersionRange::new(4, 18),
        flexible: VersionRange::new(12, 18),
        root: &FETCH_REQUEST,
        translate: translate::<messages::FetchRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::FetchRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "FetchResponse",
        group: "api",
        versions: VersionRange::new(4, 18),
        flexible: VersionRange::new(12, 18),
        root: &FETCH_RESPONSE,
        translate: translate::<messages::FetchResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::FetchResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListOffsetsRequest",
        group: "api",
        versions: VersionRange::new(1, 11),
        flexible: VersionRange::new(6, 11),
        root: &LIST_OFFSETS_REQUEST,
        translate: translate::<messages::ListOffsetsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ListOffsetsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListOffsetsResponse",
        group: "api",
        versions: VersionRange::new(1, 11),
        flexible: VersionRange::new(6, 11),
        root: &LIST_OFFSETS_RESPONSE,
        translate: translate::<messages::ListOffsetsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ListOffsetsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "MetadataRequest",
        group: "api",
        versions: VersionRange::new(0, 13),
        flexible: VersionRange::new(9, 13),
        root: &METADATA_REQUEST,
        translate: translate::<messages::MetadataRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::MetadataRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "MetadataResponse",
        group: "api",
        versions: VersionRange::new(0, 13),
        flexible: VersionRange::new(9, 13),
        root: &METADATA_RESPONSE,
        translate: translate::<messages::MetadataResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::MetadataResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetCommitRequest",
        group: "api",
        versions: VersionRange::new(2, 10),
        flexible: VersionRange::new(8, 10),
        root: &OFFSET_COMMIT_REQUEST,
        translate: translate::<messages::OffsetCommitRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::OffsetCommitRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetCommitResponse",
        group: "api",
        versions: VersionRange::new(2, 10),
        flexible: VersionRange::new(8, 10),
        root: &OFFSET_COMMIT_RESPONSE,
        translate: translate::<messages::OffsetCommitResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::OffsetCommitResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetFetchRequest",
        group: "api",
        versions: VersionRange::new(1, 10),
        flexible: VersionRange::new(6, 10),
        root: &OFFSET_FETCH_REQUEST,
        translate: translate::<messages::OffsetFetchRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::OffsetFetchRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetFetchResponse",
        group: "api",
        versions: VersionRange::new(1, 10),
        flexible: VersionRange::new(6, 10),
        root: &OFFSET_FETCH_RESPONSE,
        translate: translate::<messages::OffsetFetchResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::OffsetFetchResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "FindCoordinatorRequest",
        group: "api",
        versions: VersionRange::new(0, 6),
        flexible: VersionRange::new(3, 6),
        root: &FIND_COORDINATOR_REQUEST,
        translate: translate::<messages::FindCoordinatorRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::FindCoordinatorRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "FindCoordinatorResponse",
        group: "api",
        versions: VersionRange::new(0, 6),
        flexible: VersionRange::new(3, 6),
        root: &FIND_COORDINATOR_RESPONSE,
        translate: translate::<messages::FindCoordinatorResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::FindCoordinatorResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "JoinGroupRequest",
        group: "api",
        versions: VersionRange::new(0, 9),
        flexible: VersionRange::new(6, 9),
        root: &JOIN_GROUP_REQUEST,
        translate: translate::<messages::JoinGroupRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::JoinGroupRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "JoinGroupResponse",
        group: "api",
        versions: VersionRange::new(0, 9),
        flexible: VersionRange::new(6, 9),
        root: &JOIN_GROUP_RESPONSE,
        translate: translate::<messages::JoinGroupResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::JoinGroupResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "HeartbeatRequest",
        group: "api",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(4, 4),
        root: &HEARTBEAT_REQUEST,
        translate: translate::<messages::HeartbeatRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::HeartbeatRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "HeartbeatResponse",
        group: "api",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(4, 4),
        root: &HEARTBEAT_RESPONSE,
        translate: translate::<messages::HeartbeatResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::HeartbeatResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "LeaveGroupRequest",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(4, 5),
        root: &LEAVE_GROUP_REQUEST,
        translate: translate::<messages::LeaveGroupRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::LeaveGroupRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "LeaveGroupResponse",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(4, 5),
        root: &LEAVE_GROUP_RESPONSE,
        translate: translate::<messages::LeaveGroupResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::LeaveGroupResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "SyncGroupRequest",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(4, 5),
        root: &SYNC_GROUP_REQUEST,
        translate: translate::<messages::SyncGroupRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::SyncGroupRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "SyncGroupResponse",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(4, 5),
        root: &SYNC_GROUP_RESPONSE,
        translate: translate::<messages::SyncGroupResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::SyncGroupResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeGroupsRequest",
        group: "api",
        versions: VersionRange::new(0, 6),
        flexible: VersionRange::new(5, 6),
        root: &DESCRIBE_GROUPS_REQUEST,
        translate: translate::<messages::DescribeGroupsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeGroupsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeGroupsResponse",
        group: "api",
        versions: VersionRange::new(0, 6),
        flexible: VersionRange::new(5, 6),
        root: &DESCRIBE_GROUPS_RESPONSE,
        translate: translate::<messages::DescribeGroupsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeGroupsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListGroupsRequest",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(3, 5),
        root: &LIST_GROUPS_REQUEST,
        translate: translate::<messages::ListGroupsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ListGroupsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListGroupsResponse",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(3, 5),
        root: &LIST_GROUPS_RESPONSE,
        translate: translate::<messages::ListGroupsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ListGroupsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "SaslHandshakeRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::NONE,
        root: &SASL_HANDSHAKE_REQUEST,
        translate: translate::<messages::SaslHandshakeRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::SaslHandshakeRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "SaslHandshakeResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::NONE,
        root: &SASL_HANDSHAKE_RESPONSE,
        translate: translate::<messages::SaslHandshakeResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::SaslHandshakeResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ApiVersionsRequest",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(3, 5),
        root: &API_VERSIONS_REQUEST,
        translate: translate::<messages::ApiVersionsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ApiVersionsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ApiVersionsResponse",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(3, 5),
        root: &API_VERSIONS_RESPONSE,
        translate: translate::<messages::ApiVersionsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ApiVersionsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "CreateTopicsRequest",
        group: "api",
        versions: VersionRange::new(2, 7),
        flexible: VersionRange::new(5, 7),
        root: &CREATE_TOPICS_REQUEST,
        translate: translate::<messages::CreateTopicsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::CreateTopicsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "CreateTopicsResponse",
        group: "api",
        versions: VersionRange::new(2, 7),
        flexible: VersionRange::new(5, 7),
        root: &CREATE_TOPICS_RESPONSE,
        translate: translate::<messages::CreateTopicsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::CreateTopicsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteTopicsRequest",
        group: "api",
        versions: VersionRange::new(1, 6),
        flexible: VersionRange::new(4, 6),
        root: &DELETE_TOPICS_REQUEST,
        translate: translate::<messages::DeleteTopicsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DeleteTopicsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteTopicsResponse",
        group: "api",
        versions: VersionRange::new(1, 6),
        flexible: VersionRange::new(4, 6),
        root: &DELETE_TOPICS_RESPONSE,
        translate: translate::<messages::DeleteTopicsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DeleteTopicsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteRecordsRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(2, 2),
        root: &DELETE_RECORDS_REQUEST,
        translate: translate::<messages::DeleteRecordsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DeleteRecordsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteRecordsResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(2, 2),
        root: &DELETE_RECORDS_RESPONSE,
        translate: translate::<messages::DeleteRecordsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DeleteRecordsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "InitProducerIdRequest",
        group: "api",
        versions: VersionRange::new(0, 6),
        flexible: VersionRange::new(2, 6),
        root: &INIT_PRODUCER_ID_REQUEST,
        translate: translate::<messages::InitProducerIdRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::InitProducerIdRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "InitProducerIdResponse",
        group: "api",
        versions: VersionRange::new(0, 6),
        flexible: VersionRange::new(2, 6),
        root: &INIT_PRODUCER_ID_RESPONSE,
        translate: translate::<messages::InitProducerIdResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::InitProducerIdResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetForLeaderEpochRequest",
        group: "api",
        versions: VersionRange::new(2, 4),
        flexible: VersionRange::new(4, 4),
        root: &OFFSET_FOR_LEADER_EPOCH_REQUEST,
        translate: translate::<messages::OffsetForLeaderEpochRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::OffsetForLeaderEpochRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetForLeaderEpochResponse",
        group: "api",
        versions: VersionRange::new(2, 4),
        flexible: VersionRange::new(4, 4),
        root: &OFFSET_FOR_LEADER_EPOCH_RESPONSE,
        translate: translate::<messages::OffsetForLeaderEpochResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::OffsetForLeaderEpochResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AddPartitionsToTxnRequest",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(3, 5),
        root: &ADD_PARTITIONS_TO_TXN_REQUEST,
        translate: translate::<messages::AddPartitionsToTxnRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AddPartitionsToTxnRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AddPartitionsToTxnResponse",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(3, 5),
        root: &ADD_PARTITIONS_TO_TXN_RESPONSE,
        translate: translate::<messages::AddPartitionsToTxnResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AddPartitionsToTxnResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AddOffsetsToTxnRequest",
        group: "api",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(3, 4),
        root: &ADD_OFFSETS_TO_TXN_REQUEST,
        translate: translate::<messages::AddOffsetsToTxnRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::AddOffsetsToTxnRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "AddOffsetsToTxnResponse",
        group: "api",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(3, 4),
        root: &ADD_OFFSETS_TO_TXN_RESPONSE,
        translate: translate::<messages::AddOffsetsToTxnResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::AddOffsetsToTxnResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "EndTxnRequest",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(3, 5),
        root: &END_TXN_REQUEST,
        translate: translate::<messages::EndTxnRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::EndTxnRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "EndTxnResponse",
        group: "api",
        versions: VersionRange::new(0, 5),
        flexible: VersionRange::new(3, 5),
        root: &END_TXN_RESPONSE,
        translate: translate::<messages::EndTxnResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::EndTxnResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "WriteTxnMarkersRequest",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(1, 2),
        root: &WRITE_TXN_MARKERS_REQUEST,
        translate: translate::<messages::WriteTxnMarkersRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::WriteTxnMarkersRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "WriteTxnMarkersResponse",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(1, 2),
        root: &WRITE_TXN_MARKERS_RESPONSE,
        translate: translate::<messages::WriteTxnMarkersResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::WriteTxnMarkersResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "TxnOffsetCommitRequest",
        group: "api",
        versions: VersionRange::new(0, 6),
        flexible: VersionRange::new(3, 6),
        root: &TXN_OFFSET_COMMIT_REQUEST,
        translate: translate::<messages::TxnOffsetCommitRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::TxnOffsetCommitRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "TxnOffsetCommitResponse",
        group: "api",
        versions: VersionRange::new(0, 6),
        flexible: VersionRange::new(3, 6),
        root: &TXN_OFFSET_COMMIT_RESPONSE,
        translate: translate::<messages::TxnOffsetCommitResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::TxnOffsetCommitResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeAclsRequest",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &DESCRIBE_ACLS_REQUEST,
        translate: translate::<messages::DescribeAclsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeAclsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeAclsResponse",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &DESCRIBE_ACLS_RESPONSE,
        translate: translate::<messages::DescribeAclsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeAclsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "CreateAclsRequest",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &CREATE_ACLS_REQUEST,
        translate: translate::<messages::CreateAclsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::CreateAclsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "CreateAclsResponse",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &CREATE_ACLS_RESPONSE,
        translate: translate::<messages::CreateAclsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::CreateAclsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteAclsRequest",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &DELETE_ACLS_REQUEST,
        translate: translate::<messages::DeleteAclsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DeleteAclsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteAclsResponse",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &DELETE_ACLS_RESPONSE,
        translate: translate::<messages::DeleteAclsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DeleteAclsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeConfigsRequest",
        group: "api",
        versions: VersionRange::new(1, 4),
        flexible: VersionRange::new(4, 4),
        root: &DESCRIBE_CONFIGS_REQUEST,
        translate: translate::<messages::DescribeConfigsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeConfigsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeConfigsResponse",
        group: "api",
        versions: VersionRange::new(1, 4),
        flexible: VersionRange::new(4, 4),
        root: &DESCRIBE_CONFIGS_RESPONSE,
        translate: translate::<messages::DescribeConfigsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeConfigsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterConfigsRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(2, 2),
        root: &ALTER_CONFIGS_REQUEST,
        translate: translate::<messages::AlterConfigsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::AlterConfigsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterConfigsResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(2, 2),
        root: &ALTER_CONFIGS_RESPONSE,
        translate: translate::<messages::AlterConfigsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::AlterConfigsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterReplicaLogDirsRequest",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(2, 2),
        root: &ALTER_REPLICA_LOG_DIRS_REQUEST,
        translate: translate::<messages::AlterReplicaLogDirsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterReplicaLogDirsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterReplicaLogDirsResponse",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(2, 2),
        root: &ALTER_REPLICA_LOG_DIRS_RESPONSE,
        translate: translate::<messages::AlterReplicaLogDirsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterReplicaLogDirsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeLogDirsRequest",
        group: "api",
        versions: VersionRange::new(1, 5),
        flexible: VersionRange::new(2, 5),
        root: &DESCRIBE_LOG_DIRS_REQUEST,
        translate: translate::<messages::DescribeLogDirsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeLogDirsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeLogDirsResponse",
        group: "api",
        versions: VersionRange::new(1, 5),
        flexible: VersionRange::new(2, 5),
        root: &DESCRIBE_LOG_DIRS_RESPONSE,
        translate: translate::<messages::DescribeLogDirsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeLogDirsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "SaslAuthenticateRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(2, 2),
        root: &SASL_AUTHENTICATE_REQUEST,
        translate: translate::<messages::SaslAuthenticateRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::SaslAuthenticateRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "SaslAuthenticateResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(2, 2),
        root: &SASL_AUTHENTICATE_RESPONSE,
        translate: translate::<messages::SaslAuthenticateResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::SaslAuthenticateResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "CreatePartitionsRequest",
        group: "api",
        versions: VersionRange::new(0, 3),
        flexible: VersionRange::new(2, 3),
        root: &CREATE_PARTITIONS_REQUEST,
        translate: translate::<messages::CreatePartitionsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::CreatePartitionsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "CreatePartitionsResponse",
        group: "api",
        versions: VersionRange::new(0, 3),
        flexible: VersionRange::new(2, 3),
        root: &CREATE_PARTITIONS_RESPONSE,
        translate: translate::<messages::CreatePartitionsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::CreatePartitionsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "CreateDelegationTokenRequest",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &CREATE_DELEGATION_TOKEN_REQUEST,
        translate: translate::<messages::CreateDelegationTokenRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::CreateDelegationTokenRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "CreateDelegationTokenResponse",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &CREATE_DELEGATION_TOKEN_RESPONSE,
        translate: translate::<messages::CreateDelegationTokenResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::CreateDelegationTokenResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RenewDelegationTokenRequest",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(2, 2),
        root: &RENEW_DELEGATION_TOKEN_REQUEST,
        translate: translate::<messages::RenewDelegationTokenRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::RenewDelegationTokenRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RenewDelegationTokenResponse",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(2, 2),
        root: &RENEW_DELEGATION_TOKEN_RESPONSE,
        translate: translate::<messages::RenewDelegationTokenResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::RenewDelegationTokenResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ExpireDelegationTokenRequest",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(2, 2),
        root: &EXPIRE_DELEGATION_TOKEN_REQUEST,
        translate: translate::<messages::ExpireDelegationTokenRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ExpireDelegationTokenRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ExpireDelegationTokenResponse",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(2, 2),
        root: &EXPIRE_DELEGATION_TOKEN_RESPONSE,
        translate: translate::<messages::ExpireDelegationTokenResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ExpireDelegationTokenResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeDelegationTokenRequest",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &DESCRIBE_DELEGATION_TOKEN_REQUEST,
        translate: translate::<messages::DescribeDelegationTokenRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeDelegationTokenRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeDelegationTokenResponse",
        group: "api",
        versions: VersionRange::new(1, 3),
        flexible: VersionRange::new(2, 3),
        root: &DESCRIBE_DELEGATION_TOKEN_RESPONSE,
        translate: translate::<messages::DescribeDelegationTokenResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeDelegationTokenResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteGroupsRequest",
        group: "api",
        versions: VersionRange::new(0, 3),
        flexible: VersionRange::new(2, 3),
        root: &DELETE_GROUPS_REQUEST,
        translate: translate::<messages::DeleteGroupsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DeleteGroupsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteGroupsResponse",
        group: "api",
        versions: VersionRange::new(0, 3),
        flexible: VersionRange::new(2, 3),
        root: &DELETE_GROUPS_RESPONSE,
        translate: translate::<messages::DeleteGroupsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DeleteGroupsResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ElectLeadersRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(2, 2),
        root: &ELECT_LEADERS_REQUEST,
        translate: translate::<messages::ElectLeadersRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ElectLeadersRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ElectLeadersResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(2, 2),
        root: &ELECT_LEADERS_RESPONSE,
        translate: translate::<messages::ElectLeadersResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ElectLeadersResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "IncrementalAlterConfigsRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &INCREMENTAL_ALTER_CONFIGS_REQUEST,
        translate: translate::<messages::IncrementalAlterConfigsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::IncrementalAlterConfigsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "IncrementalAlterConfigsResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &INCREMENTAL_ALTER_CONFIGS_RESPONSE,
        translate: translate::<messages::IncrementalAlterConfigsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::IncrementalAlterConfigsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterPartitionReassignmentsRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &ALTER_PARTITION_REASSIGNMENTS_REQUEST,
        translate: translate::<messages::AlterPartitionReassignmentsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterPartitionReassignmentsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterPartitionReassignmentsResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &ALTER_PARTITION_REASSIGNMENTS_RESPONSE,
        translate: translate::<messages::AlterPartitionReassignmentsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterPartitionReassignmentsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListPartitionReassignmentsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &LIST_PARTITION_REASSIGNMENTS_REQUEST,
        translate: translate::<messages::ListPartitionReassignmentsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ListPartitionReassignmentsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListPartitionReassignmentsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &LIST_PARTITION_REASSIGNMENTS_RESPONSE,
        translate: translate::<messages::ListPartitionReassignmentsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ListPartitionReassignmentsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetDeleteRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &OFFSET_DELETE_REQUEST,
        translate: translate::<messages::OffsetDeleteRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::OffsetDeleteRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetDeleteResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &OFFSET_DELETE_RESPONSE,
        translate: translate::<messages::OffsetDeleteResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::OffsetDeleteResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeClientQuotasRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &DESCRIBE_CLIENT_QUOTAS_REQUEST,
        translate: translate::<messages::DescribeClientQuotasRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeClientQuotasRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeClientQuotasResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &DESCRIBE_CLIENT_QUOTAS_RESPONSE,
        translate: translate::<messages::DescribeClientQuotasResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeClientQuotasResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterClientQuotasRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &ALTER_CLIENT_QUOTAS_REQUEST,
        translate: translate::<messages::AlterClientQuotasRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterClientQuotasRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterClientQuotasResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &ALTER_CLIENT_QUOTAS_RESPONSE,
        translate: translate::<messages::AlterClientQuotasResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterClientQuotasResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeUserScramCredentialsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DESCRIBE_USER_SCRAM_CREDENTIALS_REQUEST,
        translate: translate::<messages::DescribeUserScramCredentialsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeUserScramCredentialsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeUserScramCredentialsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DESCRIBE_USER_SCRAM_CREDENTIALS_RESPONSE,
        translate: translate::<messages::DescribeUserScramCredentialsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeUserScramCredentialsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterUserScramCredentialsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ALTER_USER_SCRAM_CREDENTIALS_REQUEST,
        translate: translate::<messages::AlterUserScramCredentialsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterUserScramCredentialsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterUserScramCredentialsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ALTER_USER_SCRAM_CREDENTIALS_RESPONSE,
        translate: translate::<messages::AlterUserScramCredentialsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterUserScramCredentialsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "VoteRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &VOTE_REQUEST,
        translate: translate::<messages::VoteRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::VoteRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "VoteResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &VOTE_RESPONSE,
        translate: translate::<messages::VoteResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::VoteResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "BeginQuorumEpochRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &BEGIN_QUORUM_EPOCH_REQUEST,
        translate: translate::<messages::BeginQuorumEpochRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::BeginQuorumEpochRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "BeginQuorumEpochResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &BEGIN_QUORUM_EPOCH_RESPONSE,
        translate: translate::<messages::BeginQuorumEpochResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::BeginQuorumEpochResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "EndQuorumEpochRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &END_QUORUM_EPOCH_REQUEST,
        translate: translate::<messages::EndQuorumEpochRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::EndQuorumEpochRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "EndQuorumEpochResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &END_QUORUM_EPOCH_RESPONSE,
        translate: translate::<messages::EndQuorumEpochResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::EndQuorumEpochResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeQuorumRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &DESCRIBE_QUORUM_REQUEST,
        translate: translate::<messages::DescribeQuorumRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeQuorumRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeQuorumResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &DESCRIBE_QUORUM_RESPONSE,
        translate: translate::<messages::DescribeQuorumResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeQuorumResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterPartitionRequest",
        group: "api",
        versions: VersionRange::new(2, 3),
        flexible: VersionRange::new(2, 3),
        root: &ALTER_PARTITION_REQUEST,
        translate: translate::<messages::AlterPartitionRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::AlterPartitionRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterPartitionResponse",
        group: "api",
        versions: VersionRange::new(2, 3),
        flexible: VersionRange::new(2, 3),
        root: &ALTER_PARTITION_RESPONSE,
        translate: translate::<messages::AlterPartitionResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::AlterPartitionResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "UpdateFeaturesRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &UPDATE_FEATURES_REQUEST,
        translate: translate::<messages::UpdateFeaturesRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::UpdateFeaturesRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "UpdateFeaturesResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &UPDATE_FEATURES_RESPONSE,
        translate: translate::<messages::UpdateFeaturesResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::UpdateFeaturesResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "EnvelopeRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ENVELOPE_REQUEST,
        translate: translate::<messages::EnvelopeRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::EnvelopeRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "EnvelopeResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ENVELOPE_RESPONSE,
        translate: translate::<messages::EnvelopeResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::EnvelopeResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "FetchSnapshotRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &FETCH_SNAPSHOT_REQUEST,
        translate: translate::<messages::FetchSnapshotRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::FetchSnapshotRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "FetchSnapshotResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &FETCH_SNAPSHOT_RESPONSE,
        translate: translate::<messages::FetchSnapshotResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::FetchSnapshotResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeClusterRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &DESCRIBE_CLUSTER_REQUEST,
        translate: translate::<messages::DescribeClusterRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeClusterRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeClusterResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &DESCRIBE_CLUSTER_RESPONSE,
        translate: translate::<messages::DescribeClusterResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::DescribeClusterResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeProducersRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DESCRIBE_PRODUCERS_REQUEST,
        translate: translate::<messages::DescribeProducersRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeProducersRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeProducersResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DESCRIBE_PRODUCERS_RESPONSE,
        translate: translate::<messages::DescribeProducersResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeProducersResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "BrokerRegistrationRequest",
        group: "api",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(0, 4),
        root: &BROKER_REGISTRATION_REQUEST,
        translate: translate::<messages::BrokerRegistrationRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::BrokerRegistrationRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "BrokerRegistrationResponse",
        group: "api",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(0, 4),
        root: &BROKER_REGISTRATION_RESPONSE,
        translate: translate::<messages::BrokerRegistrationResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::BrokerRegistrationResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "BrokerHeartbeatRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &BROKER_HEARTBEAT_REQUEST,
        translate: translate::<messages::BrokerHeartbeatRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::BrokerHeartbeatRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "BrokerHeartbeatResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &BROKER_HEARTBEAT_RESPONSE,
        translate: translate::<messages::BrokerHeartbeatResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::BrokerHeartbeatResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "UnregisterBrokerRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UNREGISTER_BROKER_REQUEST,
        translate: translate::<messages::UnregisterBrokerRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::UnregisterBrokerRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "UnregisterBrokerResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UNREGISTER_BROKER_RESPONSE,
        translate: translate::<messages::UnregisterBrokerResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::UnregisterBrokerResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeTransactionsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DESCRIBE_TRANSACTIONS_REQUEST,
        translate: translate::<messages::DescribeTransactionsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeTransactionsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeTransactionsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DESCRIBE_TRANSACTIONS_RESPONSE,
        translate: translate::<messages::DescribeTransactionsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeTransactionsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListTransactionsRequest",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &LIST_TRANSACTIONS_REQUEST,
        translate: translate::<messages::ListTransactionsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ListTransactionsRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListTransactionsResponse",
        group: "api",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &LIST_TRANSACTIONS_RESPONSE,
        translate: translate::<messages::ListTransactionsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ListTransactionsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AllocateProducerIdsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ALLOCATE_PRODUCER_IDS_REQUEST,
        translate: translate::<messages::AllocateProducerIdsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AllocateProducerIdsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AllocateProducerIdsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ALLOCATE_PRODUCER_IDS_RESPONSE,
        translate: translate::<messages::AllocateProducerIdsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AllocateProducerIdsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupHeartbeatRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &CONSUMER_GROUP_HEARTBEAT_REQUEST,
        translate: translate::<messages::ConsumerGroupHeartbeatRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ConsumerGroupHeartbeatRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupHeartbeatResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &CONSUMER_GROUP_HEARTBEAT_RESPONSE,
        translate: translate::<messages::ConsumerGroupHeartbeatResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ConsumerGroupHeartbeatResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupDescribeRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &CONSUMER_GROUP_DESCRIBE_REQUEST,
        translate: translate::<messages::ConsumerGroupDescribeRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ConsumerGroupDescribeRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupDescribeResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &CONSUMER_GROUP_DESCRIBE_RESPONSE,
        translate: translate::<messages::ConsumerGroupDescribeResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ConsumerGroupDescribeResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ControllerRegistrationRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONTROLLER_REGISTRATION_REQUEST,
        translate: translate::<messages::ControllerRegistrationRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ControllerRegistrationRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ControllerRegistrationResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONTROLLER_REGISTRATION_RESPONSE,
        translate: translate::<messages::ControllerRegistrationResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ControllerRegistrationResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "GetTelemetrySubscriptionsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &GET_TELEMETRY_SUBSCRIPTIONS_REQUEST,
        translate: translate::<messages::GetTelemetrySubscriptionsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::GetTelemetrySubscriptionsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "GetTelemetrySubscriptionsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &GET_TELEMETRY_SUBSCRIPTIONS_RESPONSE,
        translate: translate::<messages::GetTelemetrySubscriptionsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::GetTelemetrySubscriptionsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "PushTelemetryRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &PUSH_TELEMETRY_REQUEST,
        translate: translate::<messages::PushTelemetryRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::PushTelemetryRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "PushTelemetryResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &PUSH_TELEMETRY_RESPONSE,
        translate: translate::<messages::PushTelemetryResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::PushTelemetryResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "AssignReplicasToDirsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ASSIGN_REPLICAS_TO_DIRS_REQUEST,
        translate: translate::<messages::AssignReplicasToDirsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AssignReplicasToDirsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AssignReplicasToDirsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ASSIGN_REPLICAS_TO_DIRS_RESPONSE,
        translate: translate::<messages::AssignReplicasToDirsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AssignReplicasToDirsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListConfigResourcesRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &LIST_CONFIG_RESOURCES_REQUEST,
        translate: translate::<messages::ListConfigResourcesRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ListConfigResourcesRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ListConfigResourcesResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &LIST_CONFIG_RESOURCES_RESPONSE,
        translate: translate::<messages::ListConfigResourcesResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ListConfigResourcesResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeTopicPartitionsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DESCRIBE_TOPIC_PARTITIONS_REQUEST,
        translate: translate::<messages::DescribeTopicPartitionsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeTopicPartitionsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeTopicPartitionsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DESCRIBE_TOPIC_PARTITIONS_RESPONSE,
        translate: translate::<messages::DescribeTopicPartitionsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeTopicPartitionsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupHeartbeatRequest",
        group: "api",
        versions: VersionRange::new(1, 1),
        flexible: VersionRange::new(1, 1),
        root: &SHARE_GROUP_HEARTBEAT_REQUEST,
        translate: translate::<messages::ShareGroupHeartbeatRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ShareGroupHeartbeatRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupHeartbeatResponse",
        group: "api",
        versions: VersionRange::new(1, 1),
        flexible: VersionRange::new(1, 1),
        root: &SHARE_GROUP_HEARTBEAT_RESPONSE,
        translate: translate::<messages::ShareGroupHeartbeatResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ShareGroupHeartbeatResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupDescribeRequest",
        group: "api",
        versions: VersionRange::new(1, 1),
        flexible: VersionRange::new(1, 1),
        root: &SHARE_GROUP_DESCRIBE_REQUEST,
        translate: translate::<messages::ShareGroupDescribeRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ShareGroupDescribeRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupDescribeResponse",
        group: "api",
        versions: VersionRange::new(1, 1),
        flexible: VersionRange::new(1, 1),
        root: &SHARE_GROUP_DESCRIBE_RESPONSE,
        translate: translate::<messages::ShareGroupDescribeResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ShareGroupDescribeResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareFetchRequest",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(1, 2),
        root: &SHARE_FETCH_REQUEST,
        translate: translate::<messages::ShareFetchRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ShareFetchRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareFetchResponse",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(1, 2),
        root: &SHARE_FETCH_RESPONSE,
        translate: translate::<messages::ShareFetchResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ShareFetchResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareAcknowledgeRequest",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(1, 2),
        root: &SHARE_ACKNOWLEDGE_REQUEST,
        translate: translate::<messages::ShareAcknowledgeRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::ShareAcknowledgeRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareAcknowledgeResponse",
        group: "api",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(1, 2),
        root: &SHARE_ACKNOWLEDGE_RESPONSE,
        translate: translate::<messages::ShareAcknowledgeResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ShareAcknowledgeResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AddRaftVoterRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &ADD_RAFT_VOTER_REQUEST,
        translate: translate::<messages::AddRaftVoterRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::AddRaftVoterRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "AddRaftVoterResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &ADD_RAFT_VOTER_RESPONSE,
        translate: translate::<messages::AddRaftVoterResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::AddRaftVoterResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoveRaftVoterRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOVE_RAFT_VOTER_REQUEST,
        translate: translate::<messages::RemoveRaftVoterRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::RemoveRaftVoterRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoveRaftVoterResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOVE_RAFT_VOTER_RESPONSE,
        translate: translate::<messages::RemoveRaftVoterResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::RemoveRaftVoterResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "UpdateRaftVoterRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UPDATE_RAFT_VOTER_REQUEST,
        translate: translate::<messages::UpdateRaftVoterRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::UpdateRaftVoterRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "UpdateRaftVoterResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UPDATE_RAFT_VOTER_RESPONSE,
        translate: translate::<messages::UpdateRaftVoterResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::UpdateRaftVoterResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "InitializeShareGroupStateRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &INITIALIZE_SHARE_GROUP_STATE_REQUEST,
        translate: translate::<messages::InitializeShareGroupStateRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::InitializeShareGroupStateRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "InitializeShareGroupStateResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &INITIALIZE_SHARE_GROUP_STATE_RESPONSE,
        translate: translate::<messages::InitializeShareGroupStateResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::InitializeShareGroupStateResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ReadShareGroupStateRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &READ_SHARE_GROUP_STATE_REQUEST,
        translate: translate::<messages::ReadShareGroupStateRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ReadShareGroupStateRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ReadShareGroupStateResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &READ_SHARE_GROUP_STATE_RESPONSE,
        translate: translate::<messages::ReadShareGroupStateResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ReadShareGroupStateResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "WriteShareGroupStateRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &WRITE_SHARE_GROUP_STATE_REQUEST,
        translate: translate::<messages::WriteShareGroupStateRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::WriteShareGroupStateRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "WriteShareGroupStateResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &WRITE_SHARE_GROUP_STATE_RESPONSE,
        translate: translate::<messages::WriteShareGroupStateResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::WriteShareGroupStateResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteShareGroupStateRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DELETE_SHARE_GROUP_STATE_REQUEST,
        translate: translate::<messages::DeleteShareGroupStateRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DeleteShareGroupStateRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteShareGroupStateResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DELETE_SHARE_GROUP_STATE_RESPONSE,
        translate: translate::<messages::DeleteShareGroupStateResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DeleteShareGroupStateResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ReadShareGroupStateSummaryRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &READ_SHARE_GROUP_STATE_SUMMARY_REQUEST,
        translate: translate::<messages::ReadShareGroupStateSummaryRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ReadShareGroupStateSummaryRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ReadShareGroupStateSummaryResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &READ_SHARE_GROUP_STATE_SUMMARY_RESPONSE,
        translate: translate::<messages::ReadShareGroupStateSummaryResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::ReadShareGroupStateSummaryResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupHeartbeatRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &STREAMS_GROUP_HEARTBEAT_REQUEST,
        translate: translate::<messages::StreamsGroupHeartbeatRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::StreamsGroupHeartbeatRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupHeartbeatResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &STREAMS_GROUP_HEARTBEAT_RESPONSE,
        translate: translate::<messages::StreamsGroupHeartbeatResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::StreamsGroupHeartbeatResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupDescribeRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &STREAMS_GROUP_DESCRIBE_REQUEST,
        translate: translate::<messages::StreamsGroupDescribeRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::StreamsGroupDescribeRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupDescribeResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &STREAMS_GROUP_DESCRIBE_RESPONSE,
        translate: translate::<messages::StreamsGroupDescribeResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::StreamsGroupDescribeResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeShareGroupOffsetsRequest",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST,
        translate: translate::<messages::DescribeShareGroupOffsetsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeShareGroupOffsetsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DescribeShareGroupOffsetsResponse",
        group: "api",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE,
        translate: translate::<messages::DescribeShareGroupOffsetsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DescribeShareGroupOffsetsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterShareGroupOffsetsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ALTER_SHARE_GROUP_OFFSETS_REQUEST,
        translate: translate::<messages::AlterShareGroupOffsetsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterShareGroupOffsetsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AlterShareGroupOffsetsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ALTER_SHARE_GROUP_OFFSETS_RESPONSE,
        translate: translate::<messages::AlterShareGroupOffsetsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::AlterShareGroupOffsetsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteShareGroupOffsetsRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DELETE_SHARE_GROUP_OFFSETS_REQUEST,
        translate: translate::<messages::DeleteShareGroupOffsetsRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DeleteShareGroupOffsetsRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DeleteShareGroupOffsetsResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DELETE_SHARE_GROUP_OFFSETS_RESPONSE,
        translate: translate::<messages::DeleteShareGroupOffsetsResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::DeleteShareGroupOffsetsResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupTopologyDescriptionUpdateRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST,
        translate: translate::<messages::StreamsGroupTopologyDescriptionUpdateRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::StreamsGroupTopologyDescriptionUpdateRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupTopologyDescriptionUpdateResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_RESPONSE,
        translate: translate::<messages::StreamsGroupTopologyDescriptionUpdateResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::StreamsGroupTopologyDescriptionUpdateResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "UnregisterControllerRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UNREGISTER_CONTROLLER_REQUEST,
        translate: translate::<messages::UnregisterControllerRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::UnregisterControllerRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "UnregisterControllerResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UNREGISTER_CONTROLLER_RESPONSE,
        translate: translate::<messages::UnregisterControllerResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::UnregisterControllerResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "OttlaGroupLagRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &OTTLA_GROUP_LAG_REQUEST,
        translate: translate::<messages::OttlaGroupLagRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::OttlaGroupLagRequest::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OttlaGroupLagResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &OTTLA_GROUP_LAG_RESPONSE,
        translate: translate::<messages::OttlaGroupLagResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&messages::OttlaGroupLagResponse::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OttlaGroupHistoryRequest",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &OTTLA_GROUP_HISTORY_REQUEST,
        translate: translate::<messages::OttlaGroupHistoryRequest>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::OttlaGroupHistoryRequest::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "OttlaGroupHistoryResponse",
        group: "api",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &OTTLA_GROUP_HISTORY_RESPONSE,
        translate: translate::<messages::OttlaGroupHistoryResponse>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &messages::OttlaGroupHistoryResponse::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerProtocolAssignment",
        group: "client",
        versions: VersionRange::new(0, 3),
        flexible: VersionRange::NONE,
        root: &CONSUMER_PROTOCOL_ASSIGNMENT,
        translate: translate::<records::client::ConsumerProtocolAssignment>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::client::ConsumerProtocolAssignment::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerProtocolSubscription",
        group: "client",
        versions: VersionRange::new(0, 3),
        flexible: VersionRange::NONE,
        root: &CONSUMER_PROTOCOL_SUBSCRIPTION,
        translate: translate::<records::client::ConsumerProtocolSubscription>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::client::ConsumerProtocolSubscription::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DefaultPrincipalData",
        group: "client",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DEFAULT_PRINCIPAL_DATA,
        translate: translate::<records::client::DefaultPrincipalData>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::client::DefaultPrincipalData::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AbortedTxn",
        group: "control",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &ABORTED_TXN,
        translate: translate::<records::control::AbortedTxn>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::control::AbortedTxn::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ControlRecordTypeSchema",
        group: "control",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &CONTROL_RECORD_TYPE_SCHEMA,
        translate: translate::<records::control::ControlRecordTypeSchema>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::control::ControlRecordTypeSchema::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "EndTxnMarker",
        group: "control",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &END_TXN_MARKER,
        translate: translate::<records::control::EndTxnMarker>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::control::EndTxnMarker::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "KRaftVersionRecord",
        group: "control",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &K_RAFT_VERSION_RECORD,
        translate: translate::<records::control::KRaftVersionRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::control::KRaftVersionRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "LeaderChangeMessage",
        group: "control",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &LEADER_CHANGE_MESSAGE,
        translate: translate::<records::control::LeaderChangeMessage>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::control::LeaderChangeMessage::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "SnapshotFooterRecord",
        group: "control",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SNAPSHOT_FOOTER_RECORD,
        translate: translate::<records::control::SnapshotFooterRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::control::SnapshotFooterRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "SnapshotHeaderRecord",
        group: "control",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SNAPSHOT_HEADER_RECORD,
        translate: translate::<records::control::SnapshotHeaderRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::control::SnapshotHeaderRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "VotersRecord",
        group: "control",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &VOTERS_RECORD,
        translate: translate::<records::control::VotersRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::control::VotersRecord::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "LegacyOffsetCommitKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &LEGACY_OFFSET_COMMIT_KEY,
        translate: translate::<records::group::LegacyOffsetCommitKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::LegacyOffsetCommitKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "LegacyOffsetCommitValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &LEGACY_OFFSET_COMMIT_VALUE,
        translate: translate::<records::group::LegacyOffsetCommitValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::LegacyOffsetCommitValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetCommitKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &OFFSET_COMMIT_KEY,
        translate: translate::<records::group::OffsetCommitKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::group::OffsetCommitKey::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "OffsetCommitValue",
        group: "group",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(4, 4),
        root: &OFFSET_COMMIT_VALUE,
        translate: translate::<records::group::OffsetCommitValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::group::OffsetCommitValue::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "GroupMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &GROUP_METADATA_KEY,
        translate: translate::<records::group::GroupMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::group::GroupMetadataKey::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "GroupMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(4, 4),
        root: &GROUP_METADATA_VALUE,
        translate: translate::<records::group::GroupMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::GroupMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &CONSUMER_GROUP_METADATA_KEY,
        translate: translate::<records::group::ConsumerGroupMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONSUMER_GROUP_METADATA_VALUE,
        translate: translate::<records::group::ConsumerGroupMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupPartitionMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &CONSUMER_GROUP_PARTITION_METADATA_KEY,
        translate: translate::<records::group::ConsumerGroupPartitionMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupPartitionMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupPartitionMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONSUMER_GROUP_PARTITION_METADATA_VALUE,
        translate: translate::<records::group::ConsumerGroupPartitionMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupPartitionMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupMemberMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &CONSUMER_GROUP_MEMBER_METADATA_KEY,
        translate: translate::<records::group::ConsumerGroupMemberMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupMemberMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupMemberMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONSUMER_GROUP_MEMBER_METADATA_VALUE,
        translate: translate::<records::group::ConsumerGroupMemberMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupMemberMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupTargetAssignmentMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA_KEY,
        translate: translate::<records::group::ConsumerGroupTargetAssignmentMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupTargetAssignmentMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupTargetAssignmentMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA_VALUE,
        translate: translate::<records::group::ConsumerGroupTargetAssignmentMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupTargetAssignmentMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupTargetAssignmentMemberKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY,
        translate: translate::<records::group::ConsumerGroupTargetAssignmentMemberKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupTargetAssignmentMemberKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupTargetAssignmentMemberValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE,
        translate: translate::<records::group::ConsumerGroupTargetAssignmentMemberValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupTargetAssignmentMemberValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupCurrentMemberAssignmentKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY,
        translate: translate::<records::group::ConsumerGroupCurrentMemberAssignmentKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupCurrentMemberAssignmentKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupCurrentMemberAssignmentValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE,
        translate: translate::<records::group::ConsumerGroupCurrentMemberAssignmentValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupCurrentMemberAssignmentValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupMemberMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &SHARE_GROUP_MEMBER_METADATA_KEY,
        translate: translate::<records::group::ShareGroupMemberMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupMemberMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupMemberMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SHARE_GROUP_MEMBER_METADATA_VALUE,
        translate: translate::<records::group::ShareGroupMemberMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupMemberMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &SHARE_GROUP_METADATA_KEY,
        translate: translate::<records::group::ShareGroupMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SHARE_GROUP_METADATA_VALUE,
        translate: translate::<records::group::ShareGroupMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupTargetAssignmentMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &SHARE_GROUP_TARGET_ASSIGNMENT_METADATA_KEY,
        translate: translate::<records::group::ShareGroupTargetAssignmentMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupTargetAssignmentMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupTargetAssignmentMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SHARE_GROUP_TARGET_ASSIGNMENT_METADATA_VALUE,
        translate: translate::<records::group::ShareGroupTargetAssignmentMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupTargetAssignmentMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupTargetAssignmentMemberKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY,
        translate: translate::<records::group::ShareGroupTargetAssignmentMemberKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupTargetAssignmentMemberKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupTargetAssignmentMemberValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE,
        translate: translate::<records::group::ShareGroupTargetAssignmentMemberValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupTargetAssignmentMemberValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupCurrentMemberAssignmentKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY,
        translate: translate::<records::group::ShareGroupCurrentMemberAssignmentKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupCurrentMemberAssignmentKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupCurrentMemberAssignmentValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE,
        translate: translate::<records::group::ShareGroupCurrentMemberAssignmentValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupCurrentMemberAssignmentValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupStatePartitionMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &SHARE_GROUP_STATE_PARTITION_METADATA_KEY,
        translate: translate::<records::group::ShareGroupStatePartitionMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupStatePartitionMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareGroupStatePartitionMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SHARE_GROUP_STATE_PARTITION_METADATA_VALUE,
        translate: translate::<records::group::ShareGroupStatePartitionMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ShareGroupStatePartitionMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupRegularExpressionKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &CONSUMER_GROUP_REGULAR_EXPRESSION_KEY,
        translate: translate::<records::group::ConsumerGroupRegularExpressionKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupRegularExpressionKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConsumerGroupRegularExpressionValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONSUMER_GROUP_REGULAR_EXPRESSION_VALUE,
        translate: translate::<records::group::ConsumerGroupRegularExpressionValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::ConsumerGroupRegularExpressionValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &STREAMS_GROUP_METADATA_KEY,
        translate: translate::<records::group::StreamsGroupMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &STREAMS_GROUP_METADATA_VALUE,
        translate: translate::<records::group::StreamsGroupMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupMemberMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &STREAMS_GROUP_MEMBER_METADATA_KEY,
        translate: translate::<records::group::StreamsGroupMemberMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupMemberMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupMemberMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &STREAMS_GROUP_MEMBER_METADATA_VALUE,
        translate: translate::<records::group::StreamsGroupMemberMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupMemberMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupTargetAssignmentMetadataKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &STREAMS_GROUP_TARGET_ASSIGNMENT_METADATA_KEY,
        translate: translate::<records::group::StreamsGroupTargetAssignmentMetadataKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupTargetAssignmentMetadataKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupTargetAssignmentMetadataValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &STREAMS_GROUP_TARGET_ASSIGNMENT_METADATA_VALUE,
        translate: translate::<records::group::StreamsGroupTargetAssignmentMetadataValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupTargetAssignmentMetadataValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupTargetAssignmentMemberKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY,
        translate: translate::<records::group::StreamsGroupTargetAssignmentMemberKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupTargetAssignmentMemberKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupTargetAssignmentMemberValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE,
        translate: translate::<records::group::StreamsGroupTargetAssignmentMemberValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupTargetAssignmentMemberValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupCurrentMemberAssignmentKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY,
        translate: translate::<records::group::StreamsGroupCurrentMemberAssignmentKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupCurrentMemberAssignmentKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupCurrentMemberAssignmentValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE,
        translate: translate::<records::group::StreamsGroupCurrentMemberAssignmentValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupCurrentMemberAssignmentValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupTopologyKey",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &STREAMS_GROUP_TOPOLOGY_KEY,
        translate: translate::<records::group::StreamsGroupTopologyKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupTopologyKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "StreamsGroupTopologyValue",
        group: "group",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &STREAMS_GROUP_TOPOLOGY_VALUE,
        translate: translate::<records::group::StreamsGroupTopologyValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::group::StreamsGroupTopologyValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RequestHeader",
        group: "header",
        versions: VersionRange::new(1, 2),
        flexible: VersionRange::new(2, 2),
        root: &REQUEST_HEADER,
        translate: translate::<records::header::RequestHeader>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::header::RequestHeader::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ResponseHeader",
        group: "header",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &RESPONSE_HEADER,
        translate: translate::<records::header::ResponseHeader>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::header::ResponseHeader::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "RegisterBrokerRecord",
        group: "metadata",
        versions: VersionRange::new(0, 4),
        flexible: VersionRange::new(0, 4),
        root: &REGISTER_BROKER_RECORD,
        translate: translate::<records::metadata::RegisterBrokerRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::RegisterBrokerRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "UnregisterBrokerRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UNREGISTER_BROKER_RECORD,
        translate: translate::<records::metadata::UnregisterBrokerRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::UnregisterBrokerRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "TopicRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &TOPIC_RECORD,
        translate: translate::<records::metadata::TopicRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::metadata::TopicRecord::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "PartitionRecord",
        group: "metadata",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &PARTITION_RECORD,
        translate: translate::<records::metadata::PartitionRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::PartitionRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ConfigRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CONFIG_RECORD,
        translate: translate::<records::metadata::ConfigRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::metadata::ConfigRecord::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "PartitionChangeRecord",
        group: "metadata",
        versions: VersionRange::new(0, 2),
        flexible: VersionRange::new(0, 2),
        root: &PARTITION_CHANGE_RECORD,
        translate: translate::<records::metadata::PartitionChangeRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::PartitionChangeRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "FenceBrokerRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &FENCE_BROKER_RECORD,
        translate: translate::<records::metadata::FenceBrokerRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::FenceBrokerRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "UnfenceBrokerRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UNFENCE_BROKER_RECORD,
        translate: translate::<records::metadata::UnfenceBrokerRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::UnfenceBrokerRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoveTopicRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOVE_TOPIC_RECORD,
        translate: translate::<records::metadata::RemoveTopicRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::RemoveTopicRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "DelegationTokenRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &DELEGATION_TOKEN_RECORD,
        translate: translate::<records::metadata::DelegationTokenRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::DelegationTokenRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "UserScramCredentialRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &USER_SCRAM_CREDENTIAL_RECORD,
        translate: translate::<records::metadata::UserScramCredentialRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::UserScramCredentialRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "FeatureLevelRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &FEATURE_LEVEL_RECORD,
        translate: translate::<records::metadata::FeatureLevelRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::FeatureLevelRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ClientQuotaRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CLIENT_QUOTA_RECORD,
        translate: translate::<records::metadata::ClientQuotaRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::ClientQuotaRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ProducerIdsRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &PRODUCER_IDS_RECORD,
        translate: translate::<records::metadata::ProducerIdsRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::ProducerIdsRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "BrokerRegistrationChangeRecord",
        group: "metadata",
        versions: VersionRange::new(0, 3),
        flexible: VersionRange::new(0, 3),
        root: &BROKER_REGISTRATION_CHANGE_RECORD,
        translate: translate::<records::metadata::BrokerRegistrationChangeRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::BrokerRegistrationChangeRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AccessControlEntryRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ACCESS_CONTROL_ENTRY_RECORD,
        translate: translate::<records::metadata::AccessControlEntryRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::AccessControlEntryRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoveAccessControlEntryRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOVE_ACCESS_CONTROL_ENTRY_RECORD,
        translate: translate::<records::metadata::RemoveAccessControlEntryRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::RemoveAccessControlEntryRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "NoOpRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &NO_OP_RECORD,
        translate: translate::<records::metadata::NoOpRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::metadata::NoOpRecord::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ZkMigrationStateRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ZK_MIGRATION_STATE_RECORD,
        translate: translate::<records::metadata::ZkMigrationStateRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::ZkMigrationStateRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoveUserScramCredentialRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOVE_USER_SCRAM_CREDENTIAL_RECORD,
        translate: translate::<records::metadata::RemoveUserScramCredentialRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::RemoveUserScramCredentialRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "BeginTransactionRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &BEGIN_TRANSACTION_RECORD,
        translate: translate::<records::metadata::BeginTransactionRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::BeginTransactionRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "EndTransactionRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &END_TRANSACTION_RECORD,
        translate: translate::<records::metadata::EndTransactionRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::EndTransactionRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "AbortTransactionRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &ABORT_TRANSACTION_RECORD,
        translate: translate::<records::metadata::AbortTransactionRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::AbortTransactionRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoveDelegationTokenRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOVE_DELEGATION_TOKEN_RECORD,
        translate: translate::<records::metadata::RemoveDelegationTokenRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::RemoveDelegationTokenRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RegisterControllerRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REGISTER_CONTROLLER_RECORD,
        translate: translate::<records::metadata::RegisterControllerRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::RegisterControllerRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ClearElrRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &CLEAR_ELR_RECORD,
        translate: translate::<records::metadata::ClearElrRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::metadata::ClearElrRecord::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "UnregisterControllerRecord",
        group: "metadata",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &UNREGISTER_CONTROLLER_RECORD,
        translate: translate::<records::metadata::UnregisterControllerRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::metadata::UnregisterControllerRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "QuorumStateData",
        group: "raft",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(0, 1),
        root: &QUORUM_STATE_DATA,
        translate: translate::<records::raft::QuorumStateData>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::raft::QuorumStateData::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareSnapshotKey",
        group: "share",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &SHARE_SNAPSHOT_KEY,
        translate: translate::<records::share::ShareSnapshotKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::share::ShareSnapshotKey::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareSnapshotValue",
        group: "share",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SHARE_SNAPSHOT_VALUE,
        translate: translate::<records::share::ShareSnapshotValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::share::ShareSnapshotValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareUpdateKey",
        group: "share",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &SHARE_UPDATE_KEY,
        translate: translate::<records::share::ShareUpdateKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::share::ShareUpdateKey::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ShareUpdateValue",
        group: "share",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &SHARE_UPDATE_VALUE,
        translate: translate::<records::share::ShareUpdateValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(&records::share::ShareUpdateValue::default(), &mut out, version)
                .map(|()| out)
        },
    },
    MessageSchema {
        name: "ProducerSnapshot",
        group: "storage",
        versions: VersionRange::new(1, 1),
        flexible: VersionRange::NONE,
        root: &PRODUCER_SNAPSHOT,
        translate: translate::<records::storage::ProducerSnapshot>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::storage::ProducerSnapshot::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoteLogSegmentMetadataRecord",
        group: "storage",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOTE_LOG_SEGMENT_METADATA_RECORD,
        translate: translate::<records::storage::RemoteLogSegmentMetadataRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::storage::RemoteLogSegmentMetadataRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoteLogSegmentMetadataUpdateRecord",
        group: "storage",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOTE_LOG_SEGMENT_METADATA_UPDATE_RECORD,
        translate: translate::<records::storage::RemoteLogSegmentMetadataUpdateRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::storage::RemoteLogSegmentMetadataUpdateRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemotePartitionDeleteMetadataRecord",
        group: "storage",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOTE_PARTITION_DELETE_METADATA_RECORD,
        translate: translate::<records::storage::RemotePartitionDeleteMetadataRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::storage::RemotePartitionDeleteMetadataRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "RemoteLogSegmentMetadataSnapshotRecord",
        group: "storage",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::new(0, 0),
        root: &REMOTE_LOG_SEGMENT_METADATA_SNAPSHOT_RECORD,
        translate: translate::<records::storage::RemoteLogSegmentMetadataSnapshotRecord>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::storage::RemoteLogSegmentMetadataSnapshotRecord::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "SubscriptionInfoData",
        group: "streams",
        versions: VersionRange::new(1, 11),
        flexible: VersionRange::NONE,
        root: &SUBSCRIPTION_INFO_DATA,
        translate: translate::<records::streams::SubscriptionInfoData>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::streams::SubscriptionInfoData::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "TransactionLogKey",
        group: "transaction",
        versions: VersionRange::new(0, 0),
        flexible: VersionRange::NONE,
        root: &TRANSACTION_LOG_KEY,
        translate: translate::<records::transaction::TransactionLogKey>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::transaction::TransactionLogKey::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
    MessageSchema {
        name: "TransactionLogValue",
        group: "transaction",
        versions: VersionRange::new(0, 1),
        flexible: VersionRange::new(1, 1),
        root: &TRANSACTION_LOG_VALUE,
        translate: translate::<records::transaction::TransactionLogValue>,
        encode_default: |version| {
            let mut out = Vec::new();
            crate::Message::encode(
                &records::transaction::TransactionLogValue::default(),
                &mut out,
                version,
            )
            .map(|()| out)
        },
    },
];

static PRODUCE_REQUEST: StructSchema = StructSchema {
    name: "ProduceRequest",
    fields: &[
        FieldSchema::new("TransactionalId", FieldKind::String, 3, 13)
            .nullable(3, 13)
            .default("null"),
        FieldSchema::new("Acks", FieldKind::Int16, 3, 13),
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 3, 13),
        FieldSchema::new(
            "TopicData",
            FieldKind::Array(&FieldKind::Struct(&PRODUCE_REQUEST_TOPIC_PRODUCE_DATA)),
            3,
            13,
        ),
    ],
};
static PRODUCE_REQUEST_TOPIC_PRODUCE_DATA: StructSchema = StructSchema {
    name: "TopicProduceData",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 3, 12),
        FieldSchema::new("TopicId", FieldKind::Uuid, 13, 13),
        FieldSchema::new(
            "PartitionData",
            FieldKind::Array(&FieldKind::Struct(&PRODUCE_REQUEST_PARTITION_PRODUCE_DATA)),
            3,
            13,
        ),
    ],
};
static PRODUCE_REQUEST_PARTITION_PRODUCE_DATA: StructSchema = StructSchema {
    name: "PartitionProduceData",
    fields: &[
        FieldSchema::new("Index", FieldKind::Int32, 3, 13),
        FieldSchema::new("Records", FieldKind::Records, 3, 13).nullable(3, 13),
    ],
};
static PRODUCE_RESPONSE: StructSchema = StructSchema {
    name: "ProduceResponse",
    fields: &[
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(&PRODUCE_RESPONSE_TOPIC_PRODUCE_RESPONSE)),
            3,
            13,
        ),
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 3, 13),
        FieldSchema::new(
            "NodeEndpoints",
            FieldKind::Array(&FieldKind::Struct(&PRODUCE_RESPONSE_NODE_ENDPOINT)),
            10,
            13,
        )
        .tag(0),
    ],
};
static PRODUCE_RESPONSE_TOPIC_PRODUCE_RESPONSE: StructSchema = StructSchema {
    name: "TopicProduceResponse",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 3, 12),
        FieldSchema::new("TopicId", FieldKind::Uuid, 13, 13),
        FieldSchema::new(
            "PartitionResponses",
            FieldKind::Array(&FieldKind::Struct(&PRODUCE_RESPONSE_PARTITION_PRODUCE_RESPONSE)),
            3,
            13,
        ),
    ],
};
static PRODUCE_RESPONSE_PARTITION_PRODUCE_RESPONSE: StructSchema = StructSchema {
    name: "PartitionProduceResponse",
    fields: &[
        FieldSchema::new("Index", FieldKind::Int32, 3, 13),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 3, 13),
        FieldSchema::new("BaseOffset", FieldKind::Int64, 3, 13),
        FieldSchema::new("LogAppendTimeMs", FieldKind::Int64, 3, 13).default("-1"),
        FieldSchema::new("LogStartOffset", FieldKind::Int64, 5, 13).default("-1"),
        FieldSchema::new(
            "RecordErrors",
            FieldKind::Array(&FieldKind::Struct(&PRODUCE_RESPONSE_BATCH_INDEX_AND_ERROR_MESSAGE)),
            8,
            13,
        ),
        FieldSchema::new("ErrorMessage", FieldKind::String, 8, 13).nullable(8, 13).default("null"),
        FieldSchema::new(
            "CurrentLeader",
            FieldKind::Struct(&PRODUCE_RESPONSE_LEADER_ID_AND_EPOCH),
            10,
            13,
        )
        .tag(0),
    ],
};
static PRODUCE_RESPONSE_BATCH_INDEX_AND_ERROR_MESSAGE: StructSchema = StructSchema {
    name: "BatchIndexAndErrorMessage",
    fields: &[
        FieldSchema::new("BatchIndex", FieldKind::Int32, 8, 13),
        FieldSchema::new("BatchIndexErrorMessage", FieldKind::String, 8, 13)
            .nullable(8, 13)
            .default("null"),
    ],
};
static PRODUCE_RESPONSE_LEADER_ID_AND_EPOCH: StructSchema = StructSchema {
    name: "LeaderIdAndEpoch",
    fields: &[
        FieldSchema::new("LeaderId", FieldKind::Int32, 10, 13).default("-1"),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 10, 13).default("-1"),
    ],
};
static PRODUCE_RESPONSE_NODE_ENDPOINT: StructSchema = StructSchema {
    name: "NodeEndpoint",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 10, 13),
        FieldSchema::new("Host", FieldKind::String, 10, 13),
        FieldSchema::new("Port", FieldKind::Int32, 10, 13),
        FieldSchema::new("Rack", FieldKind::String, 10, 13).nullable(10, 13).default("null"),
    ],
};
static FETCH_REQUEST: StructSchema = StructSchema {
    name: "FetchRequest",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 12, 18)
            .nullable(12, 18)
            .default("null")
            .tag(0),
        FieldSchema::new("ReplicaId", FieldKind::Int32, 4, 14).default("-1"),
        FieldSchema::new("ReplicaState", FieldKind::Struct(&FETCH_REQUEST_REPLICA_STATE), 15, 18)
            .tag(1),
        FieldSchema::new("MaxWaitMs", FieldKind::Int32, 4, 18),
        FieldSchema::new("MinBytes", FieldKind::Int32, 4, 18),
        FieldSchema::new("MaxBytes", FieldKind::Int32, 4, 18).default("2147483647"),
        FieldSchema::new("IsolationLevel", FieldKind::Int8, 4, 18),
        FieldSchema::new("SessionId", FieldKind::Int32, 7, 18),
        FieldSchema::new("SessionEpoch", FieldKind::Int32, 7, 18).default("-1"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&FETCH_REQUEST_FETCH_TOPIC)),
            4,
            18,
        ),
        FieldSchema::new(
            "ForgottenTopicsData",
            FieldKind::Array(&FieldKind::Struct(&FETCH_REQUEST_FORGOTTEN_TOPIC)),
            7,
            18,
        ),
        FieldSchema::new("RackId", FieldKind::String, 11, 18),
    ],
};
static FETCH_REQUEST_REPLICA_STATE: StructSchema = StructSchema {
    name: "ReplicaState",
    fields: &[
        FieldSchema::new("ReplicaId", FieldKind::Int32, 15, 18).default("-1"),
        FieldSchema::new("ReplicaEpoch", FieldKind::Int64, 15, 18).default("-1"),
    ],
};
static FETCH_REQUEST_FETCH_TOPIC: StructSchema = StructSchema {
    name: "FetchTopic",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 4, 12),
        FieldSchema::new("TopicId", FieldKind::Uuid, 13, 18),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&FETCH_REQUEST_FETCH_PARTITION)),
            4,
            18,
        ),
    ],
};
static FETCH_REQUEST_FETCH_PARTITION: StructSchema = StructSchema {
    name: "FetchPartition",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 4, 18),
        FieldSchema::new("CurrentLeaderEpoch", FieldKind::Int32, 9, 18).default("-1"),
        FieldSchema::new("FetchOffset", FieldKind::Int64, 4, 18),
        FieldSchema::new("LastFetchedEpoch", FieldKind::Int32, 12, 18).default("-1"),
        FieldSchema::new("LogStartOffset", FieldKind::Int64, 5, 18).default("-1"),
        FieldSchema::new("PartitionMaxBytes", FieldKind::Int32, 4, 18),
        FieldSchema::new("ReplicaDirectoryId", FieldKind::Uuid, 17, 18).tag(0),
        FieldSchema::new("HighWatermark", FieldKind::Int64, 18, 18)
            .default("9223372036854775807")
            .tag(1),
    ],
};
static FETCH_REQUEST_FORGOTTEN_TOPIC: StructSchema = StructSchema {
    name: "ForgottenTopic",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 7, 12),
        FieldSchema::new("TopicId", FieldKind::Uuid, 13, 18),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 7, 18),
    ],
};
static FETCH_RESPONSE: StructSchema = StructSchema {
    name: "FetchResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 4, 18),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 7, 18),
        FieldSchema::new("SessionId", FieldKind::Int32, 7, 18),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(&FETCH_RESPONSE_FETCHABLE_TOPIC_RESPONSE)),
            4,
            18,
        ),
        FieldSchema::new(
            "NodeEndpoints",
            FieldKind::Array(&FieldKind::Struct(&FETCH_RESPONSE_NODE_ENDPOINT)),
            16,
            18,
        )
        .tag(0),
    ],
};
static FETCH_RESPONSE_FETCHABLE_TOPIC_RESPONSE: StructSchema = StructSchema {
    name: "FetchableTopicResponse",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 4, 12),
        FieldSchema::new("TopicId", FieldKind::Uuid, 13, 18),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&FETCH_RESPONSE_PARTITION_DATA)),
            4,
            18,
        ),
    ],
};
static FETCH_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 4, 18),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 4, 18),
        FieldSchema::new("HighWatermark", FieldKind::Int64, 4, 18),
        FieldSchema::new("LastStableOffset", FieldKind::Int64, 4, 18).default("-1"),
        FieldSchema::new("LogStartOffset", FieldKind::Int64, 5, 18).default("-1"),
        FieldSchema::new(
            "DivergingEpoch",
            FieldKind::Struct(&FETCH_RESPONSE_EPOCH_END_OFFSET),
            12,
            18,
        )
        .tag(0),
        FieldSchema::new(
            "CurrentLeader",
            FieldKind::Struct(&FETCH_RESPONSE_LEADER_ID_AND_EPOCH),
            12,
            18,
        )
        .tag(1),
        FieldSchema::new("SnapshotId", FieldKind::Struct(&FETCH_RESPONSE_SNAPSHOT_ID), 12, 18)
            .tag(2),
        FieldSchema::new(
            "AbortedTransactions",
            FieldKind::Array(&FieldKind::Struct(&FETCH_RESPONSE_ABORTED_TRANSACTION)),
            4,
            18,
        )
        .nullable(4, 18),
        FieldSchema::new("PreferredReadReplica", FieldKind::Int32, 11, 18).default("-1"),
        FieldSchema::new("Records", FieldKind::Records, 4, 18).nullable(4, 18),
    ],
};
static FETCH_RESPONSE_EPOCH_END_OFFSET: StructSchema = StructSchema {
    name: "EpochEndOffset",
    fields: &[
        FieldSchema::new("Epoch", FieldKind::Int32, 12, 18).default("-1"),
        FieldSchema::new("EndOffset", FieldKind::Int64, 12, 18).default("-1"),
    ],
};
static FETCH_RESPONSE_LEADER_ID_AND_EPOCH: StructSchema = StructSchema {
    name: "LeaderIdAndEpoch",
    fields: &[
        FieldSchema::new("LeaderId", FieldKind::Int32, 12, 18).default("-1"),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 12, 18).default("-1"),
    ],
};
static FETCH_RESPONSE_SNAPSHOT_ID: StructSchema = StructSchema {
    name: "SnapshotId",
    fields: &[
        FieldSchema::new("EndOffset", FieldKind::Int64, 12, 18).default("-1"),
        FieldSchema::new("Epoch", FieldKind::Int32, 12, 18).default("-1"),
    ],
};
static FETCH_RESPONSE_ABORTED_TRANSACTION: StructSchema = StructSchema {
    name: "AbortedTransaction",
    fields: &[
        FieldSchema::new("ProducerId", FieldKind::Int64, 4, 18),
        FieldSchema::new("FirstOffset", FieldKind::Int64, 4, 18),
    ],
};
static FETCH_RESPONSE_NODE_ENDPOINT: StructSchema = StructSchema {
    name: "NodeEndpoint",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 16, 18),
        FieldSchema::new("Host", FieldKind::String, 16, 18),
        FieldSchema::new("Port", FieldKind::Int32, 16, 18),
        FieldSchema::new("Rack", FieldKind::String, 16, 18).nullable(16, 18).default("null"),
    ],
};
static LIST_OFFSETS_REQUEST: StructSchema = StructSchema {
    name: "ListOffsetsRequest",
    fields: &[
        FieldSchema::new("ReplicaId", FieldKind::Int32, 1, 11),
        FieldSchema::new("IsolationLevel", FieldKind::Int8, 2, 11),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&LIST_OFFSETS_REQUEST_LIST_OFFSETS_TOPIC)),
            1,
            11,
        ),
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 10, 11),
    ],
};
static LIST_OFFSETS_REQUEST_LIST_OFFSETS_TOPIC: StructSchema = StructSchema {
    name: "ListOffsetsTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 11),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&LIST_OFFSETS_REQUEST_LIST_OFFSETS_PARTITION)),
            1,
            11,
        ),
    ],
};
static LIST_OFFSETS_REQUEST_LIST_OFFSETS_PARTITION: StructSchema = StructSchema {
    name: "ListOffsetsPartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 11),
        FieldSchema::new("CurrentLeaderEpoch", FieldKind::Int32, 4, 11).default("-1"),
        FieldSchema::new("Timestamp", FieldKind::Int64, 1, 11),
    ],
};
static LIST_OFFSETS_RESPONSE: StructSchema = StructSchema {
    name: "ListOffsetsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 2, 11),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &LIST_OFFSETS_RESPONSE_LIST_OFFSETS_TOPIC_RESPONSE,
            )),
            1,
            11,
        ),
    ],
};
static LIST_OFFSETS_RESPONSE_LIST_OFFSETS_TOPIC_RESPONSE: StructSchema = StructSchema {
    name: "ListOffsetsTopicResponse",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 11),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &LIST_OFFSETS_RESPONSE_LIST_OFFSETS_PARTITION_RESPONSE,
            )),
            1,
            11,
        ),
    ],
};
static LIST_OFFSETS_RESPONSE_LIST_OFFSETS_PARTITION_RESPONSE: StructSchema = StructSchema {
    name: "ListOffsetsPartitionResponse",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 11),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 11),
        FieldSchema::new("Timestamp", FieldKind::Int64, 1, 11).default("-1"),
        FieldSchema::new("Offset", FieldKind::Int64, 1, 11).default("-1"),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 4, 11).default("-1"),
    ],
};
static METADATA_REQUEST: StructSchema = StructSchema {
    name: "MetadataRequest",
    fields: &[
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&METADATA_REQUEST_METADATA_REQUEST_TOPIC)),
            0,
            13,
        )
        .nullable(1, 13),
        FieldSchema::new("AllowAutoTopicCreation", FieldKind::Bool, 4, 13).default("true"),
        FieldSchema::new("IncludeClusterAuthorizedOperations", FieldKind::Bool, 8, 10),
        FieldSchema::new("IncludeTopicAuthorizedOperations", FieldKind::Bool, 8, 13),
    ],
};
static METADATA_REQUEST_METADATA_REQUEST_TOPIC: StructSchema = StructSchema {
    name: "MetadataRequestTopic",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 10, 13),
        FieldSchema::new("Name", FieldKind::String, 0, 13).nullable(10, 13),
    ],
};
static METADATA_RESPONSE: StructSchema = StructSchema {
    name: "MetadataResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 3, 13),
        FieldSchema::new(
            "Brokers",
            FieldKind::Array(&FieldKind::Struct(&METADATA_RESPONSE_METADATA_RESPONSE_BROKER)),
            0,
            13,
        ),
        FieldSchema::new("ClusterId", FieldKind::String, 2, 13).nullable(2, 13).default("null"),
        FieldSchema::new("ControllerId", FieldKind::Int32, 1, 13).default("-1"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&METADATA_RESPONSE_METADATA_RESPONSE_TOPIC)),
            0,
            13,
        ),
        FieldSchema::new("ClusterAuthorizedOperations", FieldKind::Int32, 8, 10)
            .default("-2147483648"),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 13, 13),
    ],
};
static METADATA_RESPONSE_METADATA_RESPONSE_BROKER: StructSchema = StructSchema {
    name: "MetadataResponseBroker",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 0, 13),
        FieldSchema::new("Host", FieldKind::String, 0, 13),
        FieldSchema::new("Port", FieldKind::Int32, 0, 13),
        FieldSchema::new("Rack", FieldKind::String, 1, 13).nullable(1, 13).default("null"),
    ],
};
static METADATA_RESPONSE_METADATA_RESPONSE_TOPIC: StructSchema = StructSchema {
    name: "MetadataResponseTopic",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 13),
        FieldSchema::new("Name", FieldKind::String, 0, 13).nullable(12, 13),
        FieldSchema::new("TopicId", FieldKind::Uuid, 10, 13),
        FieldSchema::new("IsInternal", FieldKind::Bool, 1, 13),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&METADATA_RESPONSE_METADATA_RESPONSE_PARTITION)),
            0,
            13,
        ),
        FieldSchema::new("TopicAuthorizedOperations", FieldKind::Int32, 8, 13)
            .default("-2147483648"),
    ],
};
static METADATA_RESPONSE_METADATA_RESPONSE_PARTITION: StructSchema = StructSchema {
    name: "MetadataResponsePartition",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 13),
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 13),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 13),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 7, 13).default("-1"),
        FieldSchema::new("ReplicaNodes", FieldKind::Array(&FieldKind::Int32), 0, 13),
        FieldSchema::new("IsrNodes", FieldKind::Array(&FieldKind::Int32), 0, 13),
        FieldSchema::new("OfflineReplicas", FieldKind::Array(&FieldKind::Int32), 5, 13),
    ],
};
static OFFSET_COMMIT_REQUEST: StructSchema = StructSchema {
    name: "OffsetCommitRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 2, 10),
        FieldSchema::new("GenerationIdOrMemberEpoch", FieldKind::Int32, 2, 10).default("-1"),
        FieldSchema::new("MemberId", FieldKind::String, 2, 10),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 7, 10)
            .nullable(7, 10)
            .default("null"),
        FieldSchema::new("RetentionTimeMs", FieldKind::Int64, 2, 4).default("-1"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_COMMIT_REQUEST_OFFSET_COMMIT_REQUEST_TOPIC,
            )),
            2,
            10,
        ),
    ],
};
static OFFSET_COMMIT_REQUEST_OFFSET_COMMIT_REQUEST_TOPIC: StructSchema = StructSchema {
    name: "OffsetCommitRequestTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 2, 9),
        FieldSchema::new("TopicId", FieldKind::Uuid, 10, 10),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_COMMIT_REQUEST_OFFSET_COMMIT_REQUEST_PARTITION,
            )),
            2,
            10,
        ),
    ],
};
static OFFSET_COMMIT_REQUEST_OFFSET_COMMIT_REQUEST_PARTITION: StructSchema = StructSchema {
    name: "OffsetCommitRequestPartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 2, 10),
        FieldSchema::new("CommittedOffset", FieldKind::Int64, 2, 10),
        FieldSchema::new("CommittedLeaderEpoch", FieldKind::Int32, 6, 10).default("-1"),
        FieldSchema::new("CommittedMetadata", FieldKind::String, 2, 10).nullable(2, 10),
    ],
};
static OFFSET_COMMIT_RESPONSE: StructSchema = StructSchema {
    name: "OffsetCommitResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 3, 10),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_COMMIT_RESPONSE_OFFSET_COMMIT_RESPONSE_TOPIC,
            )),
            2,
            10,
        ),
    ],
};
static OFFSET_COMMIT_RESPONSE_OFFSET_COMMIT_RESPONSE_TOPIC: StructSchema = StructSchema {
    name: "OffsetCommitResponseTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 2, 9),
        FieldSchema::new("TopicId", FieldKind::Uuid, 10, 10),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_COMMIT_RESPONSE_OFFSET_COMMIT_RESPONSE_PARTITION,
            )),
            2,
            10,
        ),
    ],
};
static OFFSET_COMMIT_RESPONSE_OFFSET_COMMIT_RESPONSE_PARTITION: StructSchema = StructSchema {
    name: "OffsetCommitResponsePartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 2, 10),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 2, 10),
    ],
};
static OFFSET_FETCH_REQUEST: StructSchema = StructSchema {
    name: "OffsetFetchRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 1, 7),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&OFFSET_FETCH_REQUEST_OFFSET_FETCH_REQUEST_TOPIC)),
            1,
            7,
        )
        .nullable(2, 7),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(&OFFSET_FETCH_REQUEST_OFFSET_FETCH_REQUEST_GROUP)),
            8,
            10,
        ),
        FieldSchema::new("RequireStable", FieldKind::Bool, 7, 10),
    ],
};
static OFFSET_FETCH_REQUEST_OFFSET_FETCH_REQUEST_TOPIC: StructSchema = StructSchema {
    name: "OffsetFetchRequestTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 7),
        FieldSchema::new("PartitionIndexes", FieldKind::Array(&FieldKind::Int32), 1, 7),
    ],
};
static OFFSET_FETCH_REQUEST_OFFSET_FETCH_REQUEST_GROUP: StructSchema = StructSchema {
    name: "OffsetFetchRequestGroup",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 8, 10),
        FieldSchema::new("MemberId", FieldKind::String, 9, 10).nullable(9, 10).default("null"),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 9, 10).default("-1"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&OFFSET_FETCH_REQUEST_OFFSET_FETCH_REQUEST_TOPICS)),
            8,
            10,
        )
        .nullable(8, 10),
    ],
};
static OFFSET_FETCH_REQUEST_OFFSET_FETCH_REQUEST_TOPICS: StructSchema = StructSchema {
    name: "OffsetFetchRequestTopics",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 8, 9),
        FieldSchema::new("TopicId", FieldKind::Uuid, 10, 10),
        FieldSchema::new("PartitionIndexes", FieldKind::Array(&FieldKind::Int32), 8, 10),
    ],
};
static OFFSET_FETCH_RESPONSE: StructSchema = StructSchema {
    name: "OffsetFetchResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 3, 10),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_TOPIC,
            )),
            1,
            7,
        ),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 2, 7),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_GROUP,
            )),
            8,
            10,
        ),
    ],
};
static OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_TOPIC: StructSchema = StructSchema {
    name: "OffsetFetchResponseTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 7),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_PARTITION,
            )),
            1,
            7,
        ),
    ],
};
static OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_PARTITION: StructSchema = StructSchema {
    name: "OffsetFetchResponsePartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 7),
        FieldSchema::new("CommittedOffset", FieldKind::Int64, 1, 7),
        FieldSchema::new("CommittedLeaderEpoch", FieldKind::Int32, 5, 7).default("-1"),
        FieldSchema::new("Metadata", FieldKind::String, 1, 7).nullable(1, 7),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 7),
    ],
};
static OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_GROUP: StructSchema = StructSchema {
    name: "OffsetFetchResponseGroup",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 8, 10),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_TOPICS,
            )),
            8,
            10,
        ),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 8, 10),
    ],
};
static OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_TOPICS: StructSchema = StructSchema {
    name: "OffsetFetchResponseTopics",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 8, 9),
        FieldSchema::new("TopicId", FieldKind::Uuid, 10, 10),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_PARTITIONS,
            )),
            8,
            10,
        ),
    ],
};
static OFFSET_FETCH_RESPONSE_OFFSET_FETCH_RESPONSE_PARTITIONS: StructSchema = StructSchema {
    name: "OffsetFetchResponsePartitions",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 8, 10),
        FieldSchema::new("CommittedOffset", FieldKind::Int64, 8, 10),
        FieldSchema::new("CommittedLeaderEpoch", FieldKind::Int32, 8, 10).default("-1"),
        FieldSchema::new("Metadata", FieldKind::String, 8, 10).nullable(8, 10),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 8, 10),
    ],
};
static FIND_COORDINATOR_REQUEST: StructSchema = StructSchema {
    name: "FindCoordinatorRequest",
    fields: &[
        FieldSchema::new("Key", FieldKind::String, 0, 3),
        FieldSchema::new("KeyType", FieldKind::Int8, 1, 6),
        FieldSchema::new("CoordinatorKeys", FieldKind::Array(&FieldKind::String), 4, 6),
    ],
};
static FIND_COORDINATOR_RESPONSE: StructSchema = StructSchema {
    name: "FindCoordinatorResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 6),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 3),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new("NodeId", FieldKind::Int32, 0, 3),
        FieldSchema::new("Host", FieldKind::String, 0, 3),
        FieldSchema::new("Port", FieldKind::Int32, 0, 3),
        FieldSchema::new(
            "Coordinators",
            FieldKind::Array(&FieldKind::Struct(&FIND_COORDINATOR_RESPONSE_COORDINATOR)),
            4,
            6,
        ),
    ],
};
static FIND_COORDINATOR_RESPONSE_COORDINATOR: StructSchema = StructSchema {
    name: "Coordinator",
    fields: &[
        FieldSchema::new("Key", FieldKind::String, 4, 6),
        FieldSchema::new("NodeId", FieldKind::Int32, 4, 6),
        FieldSchema::new("Host", FieldKind::String, 4, 6),
        FieldSchema::new("Port", FieldKind::Int32, 4, 6),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 4, 6),
        FieldSchema::new("ErrorMessage", FieldKind::String, 4, 6).nullable(4, 6),
    ],
};
static JOIN_GROUP_REQUEST: StructSchema = StructSchema {
    name: "JoinGroupRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 9),
        FieldSchema::new("SessionTimeoutMs", FieldKind::Int32, 0, 9),
        FieldSchema::new("RebalanceTimeoutMs", FieldKind::Int32, 1, 9).default("-1"),
        FieldSchema::new("MemberId", FieldKind::String, 0, 9),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 5, 9).nullable(5, 9).default("null"),
        FieldSchema::new("ProtocolType", FieldKind::String, 0, 9),
        FieldSchema::new(
            "Protocols",
            FieldKind::Array(&FieldKind::Struct(&JOIN_GROUP_REQUEST_JOIN_GROUP_REQUEST_PROTOCOL)),
            0,
            9,
        ),
        FieldSchema::new("Reason", FieldKind::String, 8, 9).nullable(8, 9).default("null"),
    ],
};
static JOIN_GROUP_REQUEST_JOIN_GROUP_REQUEST_PROTOCOL: StructSchema = StructSchema {
    name: "JoinGroupRequestProtocol",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 9),
        FieldSchema::new("Metadata", FieldKind::Bytes, 0, 9),
    ],
};
static JOIN_GROUP_RESPONSE: StructSchema = StructSchema {
    name: "JoinGroupResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 2, 9),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 9),
        FieldSchema::new("GenerationId", FieldKind::Int32, 0, 9).default("-1"),
        FieldSchema::new("ProtocolType", FieldKind::String, 7, 9).nullable(7, 9).default("null"),
        FieldSchema::new("ProtocolName", FieldKind::String, 0, 9).nullable(7, 9),
        FieldSchema::new("Leader", FieldKind::String, 0, 9),
        FieldSchema::new("SkipAssignment", FieldKind::Bool, 9, 9),
        FieldSchema::new("MemberId", FieldKind::String, 0, 9),
        FieldSchema::new(
            "Members",
            FieldKind::Array(&FieldKind::Struct(&JOIN_GROUP_RESPONSE_JOIN_GROUP_RESPONSE_MEMBER)),
            0,
            9,
        ),
    ],
};
static JOIN_GROUP_RESPONSE_JOIN_GROUP_RESPONSE_MEMBER: StructSchema = StructSchema {
    name: "JoinGroupResponseMember",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 0, 9),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 5, 9).nullable(5, 9).default("null"),
        FieldSchema::new("Metadata", FieldKind::Bytes, 0, 9),
    ],
};
static HEARTBEAT_REQUEST: StructSchema = StructSchema {
    name: "HeartbeatRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 4),
        FieldSchema::new("GenerationId", FieldKind::Int32, 0, 4),
        FieldSchema::new("MemberId", FieldKind::String, 0, 4),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 3, 4).nullable(3, 4).default("null"),
    ],
};
static HEARTBEAT_RESPONSE: StructSchema = StructSchema {
    name: "HeartbeatResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 4),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 4),
    ],
};
static LEAVE_GROUP_REQUEST: StructSchema = StructSchema {
    name: "LeaveGroupRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 5),
        FieldSchema::new("MemberId", FieldKind::String, 0, 2),
        FieldSchema::new(
            "Members",
            FieldKind::Array(&FieldKind::Struct(&LEAVE_GROUP_REQUEST_MEMBER_IDENTITY)),
            3,
            5,
        ),
    ],
};
static LEAVE_GROUP_REQUEST_MEMBER_IDENTITY: StructSchema = StructSchema {
    name: "MemberIdentity",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 3, 5),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 3, 5).nullable(3, 5).default("null"),
        FieldSchema::new("Reason", FieldKind::String, 5, 5).nullable(5, 5).default("null"),
    ],
};
static LEAVE_GROUP_RESPONSE: StructSchema = StructSchema {
    name: "LeaveGroupResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 5),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 5),
        FieldSchema::new(
            "Members",
            FieldKind::Array(&FieldKind::Struct(&LEAVE_GROUP_RESPONSE_MEMBER_RESPONSE)),
            3,
            5,
        ),
    ],
};
static LEAVE_GROUP_RESPONSE_MEMBER_RESPONSE: StructSchema = StructSchema {
    name: "MemberResponse",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 3, 5),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 3, 5).nullable(3, 5),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 3, 5),
    ],
};
static SYNC_GROUP_REQUEST: StructSchema = StructSchema {
    name: "SyncGroupRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 5),
        FieldSchema::new("GenerationId", FieldKind::Int32, 0, 5),
        FieldSchema::new("MemberId", FieldKind::String, 0, 5),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 3, 5).nullable(3, 5).default("null"),
        FieldSchema::new("ProtocolType", FieldKind::String, 5, 5).nullable(5, 5).default("null"),
        FieldSchema::new("ProtocolName", FieldKind::String, 5, 5).nullable(5, 5).default("null"),
        FieldSchema::new(
            "Assignments",
            FieldKind::Array(&FieldKind::Struct(&SYNC_GROUP_REQUEST_SYNC_GROUP_REQUEST_ASSIGNMENT)),
            0,
            5,
        ),
    ],
};
static SYNC_GROUP_REQUEST_SYNC_GROUP_REQUEST_ASSIGNMENT: StructSchema = StructSchema {
    name: "SyncGroupRequestAssignment",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 0, 5),
        FieldSchema::new("Assignment", FieldKind::Bytes, 0, 5),
    ],
};
static SYNC_GROUP_RESPONSE: StructSchema = StructSchema {
    name: "SyncGroupResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 5),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 5),
        FieldSchema::new("ProtocolType", FieldKind::String, 5, 5).nullable(5, 5).default("null"),
        FieldSchema::new("ProtocolName", FieldKind::String, 5, 5).nullable(5, 5).default("null"),
        FieldSchema::new("Assignment", FieldKind::Bytes, 0, 5),
    ],
};
static DESCRIBE_GROUPS_REQUEST: StructSchema = StructSchema {
    name: "DescribeGroupsRequest",
    fields: &[
        FieldSchema::new("Groups", FieldKind::Array(&FieldKind::String), 0, 6),
        FieldSchema::new("IncludeAuthorizedOperations", FieldKind::Bool, 3, 6),
    ],
};
static DESCRIBE_GROUPS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeGroupsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 6),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_GROUPS_RESPONSE_DESCRIBED_GROUP)),
            0,
            6,
        ),
    ],
};
static DESCRIBE_GROUPS_RESPONSE_DESCRIBED_GROUP: StructSchema = StructSchema {
    name: "DescribedGroup",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 6),
        FieldSchema::new("ErrorMessage", FieldKind::String, 6, 6).nullable(6, 6).default("null"),
        FieldSchema::new("GroupId", FieldKind::String, 0, 6),
        FieldSchema::new("GroupState", FieldKind::String, 0, 6),
        FieldSchema::new("ProtocolType", FieldKind::String, 0, 6),
        FieldSchema::new("ProtocolData", FieldKind::String, 0, 6),
        FieldSchema::new(
            "Members",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_GROUPS_RESPONSE_DESCRIBED_GROUP_MEMBER)),
            0,
            6,
        ),
        FieldSchema::new("AuthorizedOperations", FieldKind::Int32, 3, 6).default("-2147483648"),
    ],
};
static DESCRIBE_GROUPS_RESPONSE_DESCRIBED_GROUP_MEMBER: StructSchema = StructSchema {
    name: "DescribedGroupMember",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 0, 6),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 4, 6).nullable(4, 6).default("null"),
        FieldSchema::new("ClientId", FieldKind::String, 0, 6),
        FieldSchema::new("ClientHost", FieldKind::String, 0, 6),
        FieldSchema::new("MemberMetadata", FieldKind::Bytes, 0, 6),
        FieldSchema::new("MemberAssignment", FieldKind::Bytes, 0, 6),
    ],
};
static LIST_GROUPS_REQUEST: StructSchema = StructSchema {
    name: "ListGroupsRequest",
    fields: &[
        FieldSchema::new("StatesFilter", FieldKind::Array(&FieldKind::String), 4, 5),
        FieldSchema::new("TypesFilter", FieldKind::Array(&FieldKind::String), 5, 5),
    ],
};
static LIST_GROUPS_RESPONSE: StructSchema = StructSchema {
    name: "ListGroupsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 5),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 5),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(&LIST_GROUPS_RESPONSE_LISTED_GROUP)),
            0,
            5,
        ),
    ],
};
static LIST_GROUPS_RESPONSE_LISTED_GROUP: StructSchema = StructSchema {
    name: "ListedGroup",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 5),
        FieldSchema::new("ProtocolType", FieldKind::String, 0, 5),
        FieldSchema::new("GroupState", FieldKind::String, 4, 5),
        FieldSchema::new("GroupType", FieldKind::String, 5, 5),
    ],
};
static SASL_HANDSHAKE_REQUEST: StructSchema = StructSchema {
    name: "SaslHandshakeRequest",
    fields: &[FieldSchema::new("Mechanism", FieldKind::String, 0, 1)],
};
static SASL_HANDSHAKE_RESPONSE: StructSchema = StructSchema {
    name: "SaslHandshakeResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("Mechanisms", FieldKind::Array(&FieldKind::String), 0, 1),
    ],
};
static API_VERSIONS_REQUEST: StructSchema = StructSchema {
    name: "ApiVersionsRequest",
    fields: &[
        FieldSchema::new("ClientSoftwareName", FieldKind::String, 3, 5),
        FieldSchema::new("ClientSoftwareVersion", FieldKind::String, 3, 5),
        FieldSchema::new("ClusterId", FieldKind::String, 5, 5).nullable(5, 5).default("null"),
        FieldSchema::new("NodeId", FieldKind::Int32, 5, 5).default("-1"),
    ],
};
static API_VERSIONS_RESPONSE: StructSchema = StructSchema {
    name: "ApiVersionsResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 5),
        FieldSchema::new(
            "ApiKeys",
            FieldKind::Array(&FieldKind::Struct(&API_VERSIONS_RESPONSE_API_VERSION)),
            0,
            5,
        ),
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 5),
        FieldSchema::new(
            "SupportedFeatures",
            FieldKind::Array(&FieldKind::Struct(&API_VERSIONS_RESPONSE_SUPPORTED_FEATURE_KEY)),
            3,
            5,
        )
        .tag(0),
        FieldSchema::new("FinalizedFeaturesEpoch", FieldKind::Int64, 3, 5).default("-1").tag(1),
        FieldSchema::new(
            "FinalizedFeatures",
            FieldKind::Array(&FieldKind::Struct(&API_VERSIONS_RESPONSE_FINALIZED_FEATURE_KEY)),
            3,
            5,
        )
        .tag(2),
        FieldSchema::new("ZkMigrationReady", FieldKind::Bool, 3, 5).tag(3),
    ],
};
static API_VERSIONS_RESPONSE_API_VERSION: StructSchema = StructSchema {
    name: "ApiVersion",
    fields: &[
        FieldSchema::new("ApiKey", FieldKind::Int16, 0, 5),
        FieldSchema::new("MinVersion", FieldKind::Int16, 0, 5),
        FieldSchema::new("MaxVersion", FieldKind::Int16, 0, 5),
    ],
};
static API_VERSIONS_RESPONSE_SUPPORTED_FEATURE_KEY: StructSchema = StructSchema {
    name: "SupportedFeatureKey",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 3, 5),
        FieldSchema::new("MinVersion", FieldKind::Int16, 3, 5),
        FieldSchema::new("MaxVersion", FieldKind::Int16, 3, 5),
    ],
};
static API_VERSIONS_RESPONSE_FINALIZED_FEATURE_KEY: StructSchema = StructSchema {
    name: "FinalizedFeatureKey",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 3, 5),
        FieldSchema::new("MaxVersionLevel", FieldKind::Int16, 3, 5),
        FieldSchema::new("MinVersionLevel", FieldKind::Int16, 3, 5),
    ],
};
static CREATE_TOPICS_REQUEST: StructSchema = StructSchema {
    name: "CreateTopicsRequest",
    fields: &[
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&CREATE_TOPICS_REQUEST_CREATABLE_TOPIC)),
            2,
            7,
        ),
        FieldSchema::new("timeoutMs", FieldKind::Int32, 2, 7).default("60000"),
        FieldSchema::new("validateOnly", FieldKind::Bool, 2, 7),
    ],
};
static CREATE_TOPICS_REQUEST_CREATABLE_TOPIC: StructSchema = StructSchema {
    name: "CreatableTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 2, 7),
        FieldSchema::new("NumPartitions", FieldKind::Int32, 2, 7),
        FieldSchema::new("ReplicationFactor", FieldKind::Int16, 2, 7),
        FieldSchema::new(
            "Assignments",
            FieldKind::Array(&FieldKind::Struct(
                &CREATE_TOPICS_REQUEST_CREATABLE_REPLICA_ASSIGNMENT,
            )),
            2,
            7,
        ),
        FieldSchema::new(
            "Configs",
            FieldKind::Array(&FieldKind::Struct(&CREATE_TOPICS_REQUEST_CREATABLE_TOPIC_CONFIG)),
            2,
            7,
        ),
    ],
};
static CREATE_TOPICS_REQUEST_CREATABLE_REPLICA_ASSIGNMENT: StructSchema = StructSchema {
    name: "CreatableReplicaAssignment",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 2, 7),
        FieldSchema::new("BrokerIds", FieldKind::Array(&FieldKind::Int32), 2, 7),
    ],
};
static CREATE_TOPICS_REQUEST_CREATABLE_TOPIC_CONFIG: StructSchema = StructSchema {
    name: "CreatableTopicConfig",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 2, 7),
        FieldSchema::new("Value", FieldKind::String, 2, 7).nullable(2, 7),
    ],
};
static CREATE_TOPICS_RESPONSE: StructSchema = StructSchema {
    name: "CreateTopicsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 2, 7),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&CREATE_TOPICS_RESPONSE_CREATABLE_TOPIC_RESULT)),
            2,
            7,
        ),
    ],
};
static CREATE_TOPICS_RESPONSE_CREATABLE_TOPIC_RESULT: StructSchema = StructSchema {
    name: "CreatableTopicResult",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 2, 7),
        FieldSchema::new("TopicId", FieldKind::Uuid, 7, 7),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 2, 7),
        FieldSchema::new("ErrorMessage", FieldKind::String, 2, 7).nullable(2, 7),
        FieldSchema::new("TopicConfigErrorCode", FieldKind::Int16, 5, 7).tag(0),
        FieldSchema::new("NumPartitions", FieldKind::Int32, 5, 7).default("-1"),
        FieldSchema::new("ReplicationFactor", FieldKind::Int16, 5, 7).default("-1"),
        FieldSchema::new(
            "Configs",
            FieldKind::Array(&FieldKind::Struct(&CREATE_TOPICS_RESPONSE_CREATABLE_TOPIC_CONFIGS)),
            5,
            7,
        )
        .nullable(5, 7),
    ],
};
static CREATE_TOPICS_RESPONSE_CREATABLE_TOPIC_CONFIGS: StructSchema = StructSchema {
    name: "CreatableTopicConfigs",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 5, 7),
        FieldSchema::new("Value", FieldKind::String, 5, 7).nullable(5, 7),
        FieldSchema::new("ReadOnly", FieldKind::Bool, 5, 7),
        FieldSchema::new("ConfigSource", FieldKind::Int8, 5, 7).default("-1"),
        FieldSchema::new("IsSensitive", FieldKind::Bool, 5, 7),
    ],
};
static DELETE_TOPICS_REQUEST: StructSchema = StructSchema {
    name: "DeleteTopicsRequest",
    fields: &[
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&DELETE_TOPICS_REQUEST_DELETE_TOPIC_STATE)),
            6,
            6,
        ),
        FieldSchema::new("TopicNames", FieldKind::Array(&FieldKind::String), 1, 5),
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 1, 6),
    ],
};
static DELETE_TOPICS_REQUEST_DELETE_TOPIC_STATE: StructSchema = StructSchema {
    name: "DeleteTopicState",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 6, 6).nullable(6, 6).default("null"),
        FieldSchema::new("TopicId", FieldKind::Uuid, 6, 6),
    ],
};
static DELETE_TOPICS_RESPONSE: StructSchema = StructSchema {
    name: "DeleteTopicsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 6),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(&DELETE_TOPICS_RESPONSE_DELETABLE_TOPIC_RESULT)),
            1,
            6,
        ),
    ],
};
static DELETE_TOPICS_RESPONSE_DELETABLE_TOPIC_RESULT: StructSchema = StructSchema {
    name: "DeletableTopicResult",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 6).nullable(6, 6),
        FieldSchema::new("TopicId", FieldKind::Uuid, 6, 6),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 6),
        FieldSchema::new("ErrorMessage", FieldKind::String, 5, 6).nullable(5, 6).default("null"),
    ],
};
static DELETE_RECORDS_REQUEST: StructSchema = StructSchema {
    name: "DeleteRecordsRequest",
    fields: &[
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&DELETE_RECORDS_REQUEST_DELETE_RECORDS_TOPIC)),
            0,
            2,
        ),
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 0, 2),
    ],
};
static DELETE_RECORDS_REQUEST_DELETE_RECORDS_TOPIC: StructSchema = StructSchema {
    name: "DeleteRecordsTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&DELETE_RECORDS_REQUEST_DELETE_RECORDS_PARTITION)),
            0,
            2,
        ),
    ],
};
static DELETE_RECORDS_REQUEST_DELETE_RECORDS_PARTITION: StructSchema = StructSchema {
    name: "DeleteRecordsPartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 2),
        FieldSchema::new("Offset", FieldKind::Int64, 0, 2),
    ],
};
static DELETE_RECORDS_RESPONSE: StructSchema = StructSchema {
    name: "DeleteRecordsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 2),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &DELETE_RECORDS_RESPONSE_DELETE_RECORDS_TOPIC_RESULT,
            )),
            0,
            2,
        ),
    ],
};
static DELETE_RECORDS_RESPONSE_DELETE_RECORDS_TOPIC_RESULT: StructSchema = StructSchema {
    name: "DeleteRecordsTopicResult",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &DELETE_RECORDS_RESPONSE_DELETE_RECORDS_PARTITION_RESULT,
            )),
            0,
            2,
        ),
    ],
};
static DELETE_RECORDS_RESPONSE_DELETE_RECORDS_PARTITION_RESULT: StructSchema = StructSchema {
    name: "DeleteRecordsPartitionResult",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 2),
        FieldSchema::new("LowWatermark", FieldKind::Int64, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
    ],
};
static INIT_PRODUCER_ID_REQUEST: StructSchema = StructSchema {
    name: "InitProducerIdRequest",
    fields: &[
        FieldSchema::new("TransactionalId", FieldKind::String, 0, 6).nullable(0, 6),
        FieldSchema::new("TransactionTimeoutMs", FieldKind::Int32, 0, 6),
        FieldSchema::new("ProducerId", FieldKind::Int64, 3, 6).default("-1"),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 3, 6).default("-1"),
        FieldSchema::new("Enable2Pc", FieldKind::Bool, 6, 6),
        FieldSchema::new("KeepPreparedTxn", FieldKind::Bool, 6, 6),
    ],
};
static INIT_PRODUCER_ID_RESPONSE: StructSchema = StructSchema {
    name: "InitProducerIdResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 6),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 6),
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 6).default("-1"),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 0, 6),
        FieldSchema::new("OngoingTxnProducerId", FieldKind::Int64, 6, 6).default("-1"),
        FieldSchema::new("OngoingTxnProducerEpoch", FieldKind::Int16, 6, 6).default("-1"),
    ],
};
static OFFSET_FOR_LEADER_EPOCH_REQUEST: StructSchema = StructSchema {
    name: "OffsetForLeaderEpochRequest",
    fields: &[
        FieldSchema::new("ReplicaId", FieldKind::Int32, 3, 4).default("-2"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_FOR_LEADER_EPOCH_REQUEST_OFFSET_FOR_LEADER_TOPIC,
            )),
            2,
            4,
        ),
    ],
};
static OFFSET_FOR_LEADER_EPOCH_REQUEST_OFFSET_FOR_LEADER_TOPIC: StructSchema = StructSchema {
    name: "OffsetForLeaderTopic",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 2, 4),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_FOR_LEADER_EPOCH_REQUEST_OFFSET_FOR_LEADER_PARTITION,
            )),
            2,
            4,
        ),
    ],
};
static OFFSET_FOR_LEADER_EPOCH_REQUEST_OFFSET_FOR_LEADER_PARTITION: StructSchema = StructSchema {
    name: "OffsetForLeaderPartition",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 2, 4),
        FieldSchema::new("CurrentLeaderEpoch", FieldKind::Int32, 2, 4).default("-1"),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 2, 4),
    ],
};
static OFFSET_FOR_LEADER_EPOCH_RESPONSE: StructSchema = StructSchema {
    name: "OffsetForLeaderEpochResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 2, 4),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_FOR_LEADER_EPOCH_RESPONSE_OFFSET_FOR_LEADER_TOPIC_RESULT,
            )),
            2,
            4,
        ),
    ],
};
static OFFSET_FOR_LEADER_EPOCH_RESPONSE_OFFSET_FOR_LEADER_TOPIC_RESULT: StructSchema =
    StructSchema {
        name: "OffsetForLeaderTopicResult",
        fields: &[
            FieldSchema::new("Topic", FieldKind::String, 2, 4),
            FieldSchema::new(
                "Partitions",
                FieldKind::Array(&FieldKind::Struct(
                    &OFFSET_FOR_LEADER_EPOCH_RESPONSE_EPOCH_END_OFFSET,
                )),
                2,
                4,
            ),
        ],
    };
static OFFSET_FOR_LEADER_EPOCH_RESPONSE_EPOCH_END_OFFSET: StructSchema = StructSchema {
    name: "EpochEndOffset",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 2, 4),
        FieldSchema::new("Partition", FieldKind::Int32, 2, 4),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 2, 4).default("-1"),
        FieldSchema::new("EndOffset", FieldKind::Int64, 2, 4).default("-1"),
    ],
};
static ADD_PARTITIONS_TO_TXN_REQUEST: StructSchema = StructSchema {
    name: "AddPartitionsToTxnRequest",
    fields: &[
        FieldSchema::new(
            "Transactions",
            FieldKind::Array(&FieldKind::Struct(
                &ADD_PARTITIONS_TO_TXN_REQUEST_ADD_PARTITIONS_TO_TXN_TRANSACTION,
            )),
            4,
            5,
        ),
        FieldSchema::new("V3AndBelowTransactionalId", FieldKind::String, 0, 3),
        FieldSchema::new("V3AndBelowProducerId", FieldKind::Int64, 0, 3),
        FieldSchema::new("V3AndBelowProducerEpoch", FieldKind::Int16, 0, 3),
        FieldSchema::new(
            "V3AndBelowTopics",
            FieldKind::Array(&FieldKind::Struct(
                &ADD_PARTITIONS_TO_TXN_REQUEST_ADD_PARTITIONS_TO_TXN_TOPIC,
            )),
            0,
            3,
        ),
    ],
};
static ADD_PARTITIONS_TO_TXN_REQUEST_ADD_PARTITIONS_TO_TXN_TRANSACTION: StructSchema =
    StructSchema {
        name: "AddPartitionsToTxnTransaction",
        fields: &[
            FieldSchema::new("TransactionalId", FieldKind::String, 4, 5),
            FieldSchema::new("ProducerId", FieldKind::Int64, 4, 5),
            FieldSchema::new("ProducerEpoch", FieldKind::Int16, 4, 5),
            FieldSchema::new("VerifyOnly", FieldKind::Bool, 4, 5),
            FieldSchema::new(
                "Topics",
                FieldKind::Array(&FieldKind::Struct(
                    &ADD_PARTITIONS_TO_TXN_REQUEST_ADD_PARTITIONS_TO_TXN_TOPIC,
                )),
                4,
                5,
            ),
        ],
    };
static ADD_PARTITIONS_TO_TXN_REQUEST_ADD_PARTITIONS_TO_TXN_TOPIC: StructSchema = StructSchema {
    name: "AddPartitionsToTxnTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 5),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 5),
    ],
};
static ADD_PARTITIONS_TO_TXN_RESPONSE: StructSchema = StructSchema {
    name: "AddPartitionsToTxnResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 5),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 4, 5),
        FieldSchema::new(
            "ResultsByTransaction",
            FieldKind::Array(&FieldKind::Struct(
                &ADD_PARTITIONS_TO_TXN_RESPONSE_ADD_PARTITIONS_TO_TXN_RESULT,
            )),
            4,
            5,
        ),
        FieldSchema::new(
            "ResultsByTopicV3AndBelow",
            FieldKind::Array(&FieldKind::Struct(
                &ADD_PARTITIONS_TO_TXN_RESPONSE_ADD_PARTITIONS_TO_TXN_TOPIC_RESULT,
            )),
            0,
            3,
        ),
    ],
};
static ADD_PARTITIONS_TO_TXN_RESPONSE_ADD_PARTITIONS_TO_TXN_RESULT: StructSchema = StructSchema {
    name: "AddPartitionsToTxnResult",
    fields: &[
        FieldSchema::new("TransactionalId", FieldKind::String, 4, 5),
        FieldSchema::new(
            "TopicResults",
            FieldKind::Array(&FieldKind::Struct(
                &ADD_PARTITIONS_TO_TXN_RESPONSE_ADD_PARTITIONS_TO_TXN_TOPIC_RESULT,
            )),
            4,
            5,
        ),
    ],
};
static ADD_PARTITIONS_TO_TXN_RESPONSE_ADD_PARTITIONS_TO_TXN_TOPIC_RESULT: StructSchema =
    StructSchema {
        name: "AddPartitionsToTxnTopicResult",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 5),
            FieldSchema::new(
                "ResultsByPartition",
                FieldKind::Array(&FieldKind::Struct(
                    &ADD_PARTITIONS_TO_TXN_RESPONSE_ADD_PARTITIONS_TO_TXN_PARTITION_RESULT,
                )),
                0,
                5,
            ),
        ],
    };
static ADD_PARTITIONS_TO_TXN_RESPONSE_ADD_PARTITIONS_TO_TXN_PARTITION_RESULT: StructSchema =
    StructSchema {
        name: "AddPartitionsToTxnPartitionResult",
        fields: &[
            FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 5),
            FieldSchema::new("PartitionErrorCode", FieldKind::Int16, 0, 5),
        ],
    };
static ADD_OFFSETS_TO_TXN_REQUEST: StructSchema = StructSchema {
    name: "AddOffsetsToTxnRequest",
    fields: &[
        FieldSchema::new("TransactionalId", FieldKind::String, 0, 4),
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 4),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 0, 4),
        FieldSchema::new("GroupId", FieldKind::String, 0, 4),
    ],
};
static ADD_OFFSETS_TO_TXN_RESPONSE: StructSchema = StructSchema {
    name: "AddOffsetsToTxnResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 4),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 4),
    ],
};
static END_TXN_REQUEST: StructSchema = StructSchema {
    name: "EndTxnRequest",
    fields: &[
        FieldSchema::new("TransactionalId", FieldKind::String, 0, 5),
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 5),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 0, 5),
        FieldSchema::new("Committed", FieldKind::Bool, 0, 5),
    ],
};
static END_TXN_RESPONSE: StructSchema = StructSchema {
    name: "EndTxnResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 5),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 5),
        FieldSchema::new("ProducerId", FieldKind::Int64, 5, 5).default("-1"),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 5, 5).default("-1"),
    ],
};
static WRITE_TXN_MARKERS_REQUEST: StructSchema = StructSchema {
    name: "WriteTxnMarkersRequest",
    fields: &[FieldSchema::new(
        "Markers",
        FieldKind::Array(&FieldKind::Struct(&WRITE_TXN_MARKERS_REQUEST_WRITABLE_TXN_MARKER)),
        1,
        2,
    )],
};
static WRITE_TXN_MARKERS_REQUEST_WRITABLE_TXN_MARKER: StructSchema = StructSchema {
    name: "WritableTxnMarker",
    fields: &[
        FieldSchema::new("ProducerId", FieldKind::Int64, 1, 2),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 1, 2),
        FieldSchema::new("TransactionResult", FieldKind::Bool, 1, 2),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &WRITE_TXN_MARKERS_REQUEST_WRITABLE_TXN_MARKER_TOPIC,
            )),
            1,
            2,
        ),
        FieldSchema::new("CoordinatorEpoch", FieldKind::Int32, 1, 2),
        FieldSchema::new("TransactionVersion", FieldKind::Int8, 2, 2),
    ],
};
static WRITE_TXN_MARKERS_REQUEST_WRITABLE_TXN_MARKER_TOPIC: StructSchema = StructSchema {
    name: "WritableTxnMarkerTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 2),
        FieldSchema::new("PartitionIndexes", FieldKind::Array(&FieldKind::Int32), 1, 2),
    ],
};
static WRITE_TXN_MARKERS_RESPONSE: StructSchema = StructSchema {
    name: "WriteTxnMarkersResponse",
    fields: &[FieldSchema::new(
        "Markers",
        FieldKind::Array(&FieldKind::Struct(
            &WRITE_TXN_MARKERS_RESPONSE_WRITABLE_TXN_MARKER_RESULT,
        )),
        1,
        2,
    )],
};
static WRITE_TXN_MARKERS_RESPONSE_WRITABLE_TXN_MARKER_RESULT: StructSchema = StructSchema {
    name: "WritableTxnMarkerResult",
    fields: &[
        FieldSchema::new("ProducerId", FieldKind::Int64, 1, 2),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &WRITE_TXN_MARKERS_RESPONSE_WRITABLE_TXN_MARKER_TOPIC_RESULT,
            )),
            1,
            2,
        ),
    ],
};
static WRITE_TXN_MARKERS_RESPONSE_WRITABLE_TXN_MARKER_TOPIC_RESULT: StructSchema = StructSchema {
    name: "WritableTxnMarkerTopicResult",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &WRITE_TXN_MARKERS_RESPONSE_WRITABLE_TXN_MARKER_PARTITION_RESULT,
            )),
            1,
            2,
        ),
    ],
};
static WRITE_TXN_MARKERS_RESPONSE_WRITABLE_TXN_MARKER_PARTITION_RESULT: StructSchema =
    StructSchema {
        name: "WritableTxnMarkerPartitionResult",
        fields: &[
            FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 2),
            FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        ],
    };
static TXN_OFFSET_COMMIT_REQUEST: StructSchema = StructSchema {
    name: "TxnOffsetCommitRequest",
    fields: &[
        FieldSchema::new("TransactionalId", FieldKind::String, 0, 6),
        FieldSchema::new("GroupId", FieldKind::String, 0, 6),
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 6),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 0, 6),
        FieldSchema::new("GenerationIdOrMemberEpoch", FieldKind::Int32, 3, 6).default("-1"),
        FieldSchema::new("MemberId", FieldKind::String, 3, 6),
        FieldSchema::new("GroupInstanceId", FieldKind::String, 3, 6).nullable(3, 6).default("null"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &TXN_OFFSET_COMMIT_REQUEST_TXN_OFFSET_COMMIT_REQUEST_TOPIC,
            )),
            0,
            6,
        ),
    ],
};
static TXN_OFFSET_COMMIT_REQUEST_TXN_OFFSET_COMMIT_REQUEST_TOPIC: StructSchema = StructSchema {
    name: "TxnOffsetCommitRequestTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 5),
        FieldSchema::new("TopicId", FieldKind::Uuid, 6, 6),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &TXN_OFFSET_COMMIT_REQUEST_TXN_OFFSET_COMMIT_REQUEST_PARTITION,
            )),
            0,
            6,
        ),
    ],
};
static TXN_OFFSET_COMMIT_REQUEST_TXN_OFFSET_COMMIT_REQUEST_PARTITION: StructSchema = StructSchema {
    name: "TxnOffsetCommitRequestPartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 6),
        FieldSchema::new("CommittedOffset", FieldKind::Int64, 0, 6),
        FieldSchema::new("CommittedLeaderEpoch", FieldKind::Int32, 2, 6).default("-1"),
        FieldSchema::new("CommittedMetadata", FieldKind::String, 0, 6).nullable(0, 6),
    ],
};
static TXN_OFFSET_COMMIT_RESPONSE: StructSchema = StructSchema {
    name: "TxnOffsetCommitResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 6),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &TXN_OFFSET_COMMIT_RESPONSE_TXN_OFFSET_COMMIT_RESPONSE_TOPIC,
            )),
            0,
            6,
        ),
    ],
};
static TXN_OFFSET_COMMIT_RESPONSE_TXN_OFFSET_COMMIT_RESPONSE_TOPIC: StructSchema = StructSchema {
    name: "TxnOffsetCommitResponseTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 5),
        FieldSchema::new("TopicId", FieldKind::Uuid, 6, 6),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &TXN_OFFSET_COMMIT_RESPONSE_TXN_OFFSET_COMMIT_RESPONSE_PARTITION,
            )),
            0,
            6,
        ),
    ],
};
static TXN_OFFSET_COMMIT_RESPONSE_TXN_OFFSET_COMMIT_RESPONSE_PARTITION: StructSchema =
    StructSchema {
        name: "TxnOffsetCommitResponsePartition",
        fields: &[
            FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 6),
            FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 6),
        ],
    };
static DESCRIBE_ACLS_REQUEST: StructSchema = StructSchema {
    name: "DescribeAclsRequest",
    fields: &[
        FieldSchema::new("ResourceTypeFilter", FieldKind::Int8, 1, 3),
        FieldSchema::new("ResourceNameFilter", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new("PatternTypeFilter", FieldKind::Int8, 1, 3).default("3"),
        FieldSchema::new("PrincipalFilter", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new("HostFilter", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new("Operation", FieldKind::Int8, 1, 3),
        FieldSchema::new("PermissionType", FieldKind::Int8, 1, 3),
    ],
};
static DESCRIBE_ACLS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeAclsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 3),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 3),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new(
            "Resources",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_ACLS_RESPONSE_DESCRIBE_ACLS_RESOURCE)),
            1,
            3,
        ),
    ],
};
static DESCRIBE_ACLS_RESPONSE_DESCRIBE_ACLS_RESOURCE: StructSchema = StructSchema {
    name: "DescribeAclsResource",
    fields: &[
        FieldSchema::new("ResourceType", FieldKind::Int8, 1, 3),
        FieldSchema::new("ResourceName", FieldKind::String, 1, 3),
        FieldSchema::new("PatternType", FieldKind::Int8, 1, 3).default("3"),
        FieldSchema::new(
            "Acls",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_ACLS_RESPONSE_ACL_DESCRIPTION)),
            1,
            3,
        ),
    ],
};
static DESCRIBE_ACLS_RESPONSE_ACL_DESCRIPTION: StructSchema = StructSchema {
    name: "AclDescription",
    fields: &[
        FieldSchema::new("Principal", FieldKind::String, 1, 3),
        FieldSchema::new("Host", FieldKind::String, 1, 3),
        FieldSchema::new("Operation", FieldKind::Int8, 1, 3),
        FieldSchema::new("PermissionType", FieldKind::Int8, 1, 3),
    ],
};
static CREATE_ACLS_REQUEST: StructSchema = StructSchema {
    name: "CreateAclsRequest",
    fields: &[FieldSchema::new(
        "Creations",
        FieldKind::Array(&FieldKind::Struct(&CREATE_ACLS_REQUEST_ACL_CREATION)),
        1,
        3,
    )],
};
static CREATE_ACLS_REQUEST_ACL_CREATION: StructSchema = StructSchema {
    name: "AclCreation",
    fields: &[
        FieldSchema::new("ResourceType", FieldKind::Int8, 1, 3),
        FieldSchema::new("ResourceName", FieldKind::String, 1, 3),
        FieldSchema::new("ResourcePatternType", FieldKind::Int8, 1, 3).default("3"),
        FieldSchema::new("Principal", FieldKind::String, 1, 3),
        FieldSchema::new("Host", FieldKind::String, 1, 3),
        FieldSchema::new("Operation", FieldKind::Int8, 1, 3),
        FieldSchema::new("PermissionType", FieldKind::Int8, 1, 3),
    ],
};
static CREATE_ACLS_RESPONSE: StructSchema = StructSchema {
    name: "CreateAclsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 3),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(&CREATE_ACLS_RESPONSE_ACL_CREATION_RESULT)),
            1,
            3,
        ),
    ],
};
static CREATE_ACLS_RESPONSE_ACL_CREATION_RESULT: StructSchema = StructSchema {
    name: "AclCreationResult",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 3),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 3).nullable(1, 3),
    ],
};
static DELETE_ACLS_REQUEST: StructSchema = StructSchema {
    name: "DeleteAclsRequest",
    fields: &[FieldSchema::new(
        "Filters",
        FieldKind::Array(&FieldKind::Struct(&DELETE_ACLS_REQUEST_DELETE_ACLS_FILTER)),
        1,
        3,
    )],
};
static DELETE_ACLS_REQUEST_DELETE_ACLS_FILTER: StructSchema = StructSchema {
    name: "DeleteAclsFilter",
    fields: &[
        FieldSchema::new("ResourceTypeFilter", FieldKind::Int8, 1, 3),
        FieldSchema::new("ResourceNameFilter", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new("PatternTypeFilter", FieldKind::Int8, 1, 3).default("3"),
        FieldSchema::new("PrincipalFilter", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new("HostFilter", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new("Operation", FieldKind::Int8, 1, 3),
        FieldSchema::new("PermissionType", FieldKind::Int8, 1, 3),
    ],
};
static DELETE_ACLS_RESPONSE: StructSchema = StructSchema {
    name: "DeleteAclsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 3),
        FieldSchema::new(
            "FilterResults",
            FieldKind::Array(&FieldKind::Struct(&DELETE_ACLS_RESPONSE_DELETE_ACLS_FILTER_RESULT)),
            1,
            3,
        ),
    ],
};
static DELETE_ACLS_RESPONSE_DELETE_ACLS_FILTER_RESULT: StructSchema = StructSchema {
    name: "DeleteAclsFilterResult",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 3),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new(
            "MatchingAcls",
            FieldKind::Array(&FieldKind::Struct(&DELETE_ACLS_RESPONSE_DELETE_ACLS_MATCHING_ACL)),
            1,
            3,
        ),
    ],
};
static DELETE_ACLS_RESPONSE_DELETE_ACLS_MATCHING_ACL: StructSchema = StructSchema {
    name: "DeleteAclsMatchingAcl",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 3),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 3).nullable(1, 3),
        FieldSchema::new("ResourceType", FieldKind::Int8, 1, 3),
        FieldSchema::new("ResourceName", FieldKind::String, 1, 3),
        FieldSchema::new("PatternType", FieldKind::Int8, 1, 3).default("3"),
        FieldSchema::new("Principal", FieldKind::String, 1, 3),
        FieldSchema::new("Host", FieldKind::String, 1, 3),
        FieldSchema::new("Operation", FieldKind::Int8, 1, 3),
        FieldSchema::new("PermissionType", FieldKind::Int8, 1, 3),
    ],
};
static DESCRIBE_CONFIGS_REQUEST: StructSchema = StructSchema {
    name: "DescribeConfigsRequest",
    fields: &[
        FieldSchema::new(
            "Resources",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_CONFIGS_REQUEST_DESCRIBE_CONFIGS_RESOURCE,
            )),
            1,
            4,
        ),
        FieldSchema::new("IncludeSynonyms", FieldKind::Bool, 1, 4),
        FieldSchema::new("IncludeDocumentation", FieldKind::Bool, 3, 4),
    ],
};
static DESCRIBE_CONFIGS_REQUEST_DESCRIBE_CONFIGS_RESOURCE: StructSchema = StructSchema {
    name: "DescribeConfigsResource",
    fields: &[
        FieldSchema::new("ResourceType", FieldKind::Int8, 1, 4),
        FieldSchema::new("ResourceName", FieldKind::String, 1, 4),
        FieldSchema::new("ConfigurationKeys", FieldKind::Array(&FieldKind::String), 1, 4)
            .nullable(1, 4),
    ],
};
static DESCRIBE_CONFIGS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeConfigsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 4),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_CONFIGS_RESPONSE_DESCRIBE_CONFIGS_RESULT,
            )),
            1,
            4,
        ),
    ],
};
static DESCRIBE_CONFIGS_RESPONSE_DESCRIBE_CONFIGS_RESULT: StructSchema = StructSchema {
    name: "DescribeConfigsResult",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 4),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 4).nullable(1, 4),
        FieldSchema::new("ResourceType", FieldKind::Int8, 1, 4),
        FieldSchema::new("ResourceName", FieldKind::String, 1, 4),
        FieldSchema::new(
            "Configs",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_CONFIGS_RESPONSE_DESCRIBE_CONFIGS_RESOURCE_RESULT,
            )),
            1,
            4,
        ),
    ],
};
static DESCRIBE_CONFIGS_RESPONSE_DESCRIBE_CONFIGS_RESOURCE_RESULT: StructSchema = StructSchema {
    name: "DescribeConfigsResourceResult",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 4),
        FieldSchema::new("Value", FieldKind::String, 1, 4).nullable(1, 4),
        FieldSchema::new("ReadOnly", FieldKind::Bool, 1, 4),
        FieldSchema::new("ConfigSource", FieldKind::Int8, 1, 4).default("-1"),
        FieldSchema::new("IsSensitive", FieldKind::Bool, 1, 4),
        FieldSchema::new(
            "Synonyms",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_CONFIGS_RESPONSE_DESCRIBE_CONFIGS_SYNONYM,
            )),
            1,
            4,
        ),
        FieldSchema::new("ConfigType", FieldKind::Int8, 3, 4),
        FieldSchema::new("Documentation", FieldKind::String, 3, 4).nullable(3, 4),
    ],
};
static DESCRIBE_CONFIGS_RESPONSE_DESCRIBE_CONFIGS_SYNONYM: StructSchema = StructSchema {
    name: "DescribeConfigsSynonym",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 4),
        FieldSchema::new("Value", FieldKind::String, 1, 4).nullable(1, 4),
        FieldSchema::new("Source", FieldKind::Int8, 1, 4),
    ],
};
static ALTER_CONFIGS_REQUEST: StructSchema = StructSchema {
    name: "AlterConfigsRequest",
    fields: &[
        FieldSchema::new(
            "Resources",
            FieldKind::Array(&FieldKind::Struct(&ALTER_CONFIGS_REQUEST_ALTER_CONFIGS_RESOURCE)),
            0,
            2,
        ),
        FieldSchema::new("ValidateOnly", FieldKind::Bool, 0, 2),
    ],
};
static ALTER_CONFIGS_REQUEST_ALTER_CONFIGS_RESOURCE: StructSchema = StructSchema {
    name: "AlterConfigsResource",
    fields: &[
        FieldSchema::new("ResourceType", FieldKind::Int8, 0, 2),
        FieldSchema::new("ResourceName", FieldKind::String, 0, 2),
        FieldSchema::new(
            "Configs",
            FieldKind::Array(&FieldKind::Struct(&ALTER_CONFIGS_REQUEST_ALTERABLE_CONFIG)),
            0,
            2,
        ),
    ],
};
static ALTER_CONFIGS_REQUEST_ALTERABLE_CONFIG: StructSchema = StructSchema {
    name: "AlterableConfig",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 2),
        FieldSchema::new("Value", FieldKind::String, 0, 2).nullable(0, 2),
    ],
};
static ALTER_CONFIGS_RESPONSE: StructSchema = StructSchema {
    name: "AlterConfigsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 2),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_CONFIGS_RESPONSE_ALTER_CONFIGS_RESOURCE_RESPONSE,
            )),
            0,
            2,
        ),
    ],
};
static ALTER_CONFIGS_RESPONSE_ALTER_CONFIGS_RESOURCE_RESPONSE: StructSchema = StructSchema {
    name: "AlterConfigsResourceResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 2).nullable(0, 2),
        FieldSchema::new("ResourceType", FieldKind::Int8, 0, 2),
        FieldSchema::new("ResourceName", FieldKind::String, 0, 2),
    ],
};
static ALTER_REPLICA_LOG_DIRS_REQUEST: StructSchema = StructSchema {
    name: "AlterReplicaLogDirsRequest",
    fields: &[FieldSchema::new(
        "Dirs",
        FieldKind::Array(&FieldKind::Struct(&ALTER_REPLICA_LOG_DIRS_REQUEST_ALTER_REPLICA_LOG_DIR)),
        1,
        2,
    )],
};
static ALTER_REPLICA_LOG_DIRS_REQUEST_ALTER_REPLICA_LOG_DIR: StructSchema = StructSchema {
    name: "AlterReplicaLogDir",
    fields: &[
        FieldSchema::new("Path", FieldKind::String, 1, 2),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_REPLICA_LOG_DIRS_REQUEST_ALTER_REPLICA_LOG_DIR_TOPIC,
            )),
            1,
            2,
        ),
    ],
};
static ALTER_REPLICA_LOG_DIRS_REQUEST_ALTER_REPLICA_LOG_DIR_TOPIC: StructSchema = StructSchema {
    name: "AlterReplicaLogDirTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 2),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 1, 2),
    ],
};
static ALTER_REPLICA_LOG_DIRS_RESPONSE: StructSchema = StructSchema {
    name: "AlterReplicaLogDirsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 2),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_REPLICA_LOG_DIRS_RESPONSE_ALTER_REPLICA_LOG_DIR_TOPIC_RESULT,
            )),
            1,
            2,
        ),
    ],
};
static ALTER_REPLICA_LOG_DIRS_RESPONSE_ALTER_REPLICA_LOG_DIR_TOPIC_RESULT: StructSchema =
    StructSchema {
        name: "AlterReplicaLogDirTopicResult",
        fields: &[
            FieldSchema::new("TopicName", FieldKind::String, 1, 2),
            FieldSchema::new(
                "Partitions",
                FieldKind::Array(&FieldKind::Struct(
                    &ALTER_REPLICA_LOG_DIRS_RESPONSE_ALTER_REPLICA_LOG_DIR_PARTITION_RESULT,
                )),
                1,
                2,
            ),
        ],
    };
static ALTER_REPLICA_LOG_DIRS_RESPONSE_ALTER_REPLICA_LOG_DIR_PARTITION_RESULT: StructSchema =
    StructSchema {
        name: "AlterReplicaLogDirPartitionResult",
        fields: &[
            FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 2),
            FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        ],
    };
static DESCRIBE_LOG_DIRS_REQUEST: StructSchema = StructSchema {
    name: "DescribeLogDirsRequest",
    fields: &[FieldSchema::new(
        "Topics",
        FieldKind::Array(&FieldKind::Struct(&DESCRIBE_LOG_DIRS_REQUEST_DESCRIBABLE_LOG_DIR_TOPIC)),
        1,
        5,
    )
    .nullable(1, 5)],
};
static DESCRIBE_LOG_DIRS_REQUEST_DESCRIBABLE_LOG_DIR_TOPIC: StructSchema = StructSchema {
    name: "DescribableLogDirTopic",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 1, 5),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 1, 5),
    ],
};
static DESCRIBE_LOG_DIRS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeLogDirsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 5),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 3, 5),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_LOG_DIRS_RESPONSE_DESCRIBE_LOG_DIRS_RESULT,
            )),
            1,
            5,
        ),
    ],
};
static DESCRIBE_LOG_DIRS_RESPONSE_DESCRIBE_LOG_DIRS_RESULT: StructSchema = StructSchema {
    name: "DescribeLogDirsResult",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 5),
        FieldSchema::new("LogDir", FieldKind::String, 1, 5),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_LOG_DIRS_RESPONSE_DESCRIBE_LOG_DIRS_TOPIC,
            )),
            1,
            5,
        ),
        FieldSchema::new("TotalBytes", FieldKind::Int64, 4, 5).default("-1"),
        FieldSchema::new("UsableBytes", FieldKind::Int64, 4, 5).default("-1"),
        FieldSchema::new("IsCordoned", FieldKind::Bool, 5, 5),
    ],
};
static DESCRIBE_LOG_DIRS_RESPONSE_DESCRIBE_LOG_DIRS_TOPIC: StructSchema = StructSchema {
    name: "DescribeLogDirsTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 5),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_LOG_DIRS_RESPONSE_DESCRIBE_LOG_DIRS_PARTITION,
            )),
            1,
            5,
        ),
    ],
};
static DESCRIBE_LOG_DIRS_RESPONSE_DESCRIBE_LOG_DIRS_PARTITION: StructSchema = StructSchema {
    name: "DescribeLogDirsPartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 5),
        FieldSchema::new("PartitionSize", FieldKind::Int64, 1, 5),
        FieldSchema::new("OffsetLag", FieldKind::Int64, 1, 5),
        FieldSchema::new("IsFutureKey", FieldKind::Bool, 1, 5),
    ],
};
static SASL_AUTHENTICATE_REQUEST: StructSchema = StructSchema {
    name: "SaslAuthenticateRequest",
    fields: &[FieldSchema::new("AuthBytes", FieldKind::Bytes, 0, 2)],
};
static SASL_AUTHENTICATE_RESPONSE: StructSchema = StructSchema {
    name: "SaslAuthenticateResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 2).nullable(0, 2),
        FieldSchema::new("AuthBytes", FieldKind::Bytes, 0, 2),
        FieldSchema::new("SessionLifetimeMs", FieldKind::Int64, 1, 2),
    ],
};
static CREATE_PARTITIONS_REQUEST: StructSchema = StructSchema {
    name: "CreatePartitionsRequest",
    fields: &[
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &CREATE_PARTITIONS_REQUEST_CREATE_PARTITIONS_TOPIC,
            )),
            0,
            3,
        ),
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 0, 3),
        FieldSchema::new("ValidateOnly", FieldKind::Bool, 0, 3),
    ],
};
static CREATE_PARTITIONS_REQUEST_CREATE_PARTITIONS_TOPIC: StructSchema = StructSchema {
    name: "CreatePartitionsTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 3),
        FieldSchema::new("Count", FieldKind::Int32, 0, 3),
        FieldSchema::new(
            "Assignments",
            FieldKind::Array(&FieldKind::Struct(
                &CREATE_PARTITIONS_REQUEST_CREATE_PARTITIONS_ASSIGNMENT,
            )),
            0,
            3,
        )
        .nullable(0, 3),
    ],
};
static CREATE_PARTITIONS_REQUEST_CREATE_PARTITIONS_ASSIGNMENT: StructSchema = StructSchema {
    name: "CreatePartitionsAssignment",
    fields: &[FieldSchema::new("BrokerIds", FieldKind::Array(&FieldKind::Int32), 0, 3)],
};
static CREATE_PARTITIONS_RESPONSE: StructSchema = StructSchema {
    name: "CreatePartitionsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 3),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(
                &CREATE_PARTITIONS_RESPONSE_CREATE_PARTITIONS_TOPIC_RESULT,
            )),
            0,
            3,
        ),
    ],
};
static CREATE_PARTITIONS_RESPONSE_CREATE_PARTITIONS_TOPIC_RESULT: StructSchema = StructSchema {
    name: "CreatePartitionsTopicResult",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 3),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 3),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 3).nullable(0, 3).default("null"),
    ],
};
static CREATE_DELEGATION_TOKEN_REQUEST: StructSchema = StructSchema {
    name: "CreateDelegationTokenRequest",
    fields: &[
        FieldSchema::new("OwnerPrincipalType", FieldKind::String, 3, 3).nullable(3, 3),
        FieldSchema::new("OwnerPrincipalName", FieldKind::String, 3, 3).nullable(3, 3),
        FieldSchema::new(
            "Renewers",
            FieldKind::Array(&FieldKind::Struct(
                &CREATE_DELEGATION_TOKEN_REQUEST_CREATABLE_RENEWERS,
            )),
            1,
            3,
        ),
        FieldSchema::new("MaxLifetimeMs", FieldKind::Int64, 1, 3),
    ],
};
static CREATE_DELEGATION_TOKEN_REQUEST_CREATABLE_RENEWERS: StructSchema = StructSchema {
    name: "CreatableRenewers",
    fields: &[
        FieldSchema::new("PrincipalType", FieldKind::String, 1, 3),
        FieldSchema::new("PrincipalName", FieldKind::String, 1, 3),
    ],
};
static CREATE_DELEGATION_TOKEN_RESPONSE: StructSchema = StructSchema {
    name: "CreateDelegationTokenResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 3),
        FieldSchema::new("PrincipalType", FieldKind::String, 1, 3),
        FieldSchema::new("PrincipalName", FieldKind::String, 1, 3),
        FieldSchema::new("TokenRequesterPrincipalType", FieldKind::String, 3, 3),
        FieldSchema::new("TokenRequesterPrincipalName", FieldKind::String, 3, 3),
        FieldSchema::new("IssueTimestampMs", FieldKind::Int64, 1, 3),
        FieldSchema::new("ExpiryTimestampMs", FieldKind::Int64, 1, 3),
        FieldSchema::new("MaxTimestampMs", FieldKind::Int64, 1, 3),
        FieldSchema::new("TokenId", FieldKind::String, 1, 3),
        FieldSchema::new("Hmac", FieldKind::Bytes, 1, 3),
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 3),
    ],
};
static RENEW_DELEGATION_TOKEN_REQUEST: StructSchema = StructSchema {
    name: "RenewDelegationTokenRequest",
    fields: &[
        FieldSchema::new("Hmac", FieldKind::Bytes, 1, 2),
        FieldSchema::new("RenewPeriodMs", FieldKind::Int64, 1, 2),
    ],
};
static RENEW_DELEGATION_TOKEN_RESPONSE: StructSchema = StructSchema {
    name: "RenewDelegationTokenResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        FieldSchema::new("ExpiryTimestampMs", FieldKind::Int64, 1, 2),
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 2),
    ],
};
static EXPIRE_DELEGATION_TOKEN_REQUEST: StructSchema = StructSchema {
    name: "ExpireDelegationTokenRequest",
    fields: &[
        FieldSchema::new("Hmac", FieldKind::Bytes, 1, 2),
        FieldSchema::new("ExpiryTimePeriodMs", FieldKind::Int64, 1, 2),
    ],
};
static EXPIRE_DELEGATION_TOKEN_RESPONSE: StructSchema = StructSchema {
    name: "ExpireDelegationTokenResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        FieldSchema::new("ExpiryTimestampMs", FieldKind::Int64, 1, 2),
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 2),
    ],
};
static DESCRIBE_DELEGATION_TOKEN_REQUEST: StructSchema = StructSchema {
    name: "DescribeDelegationTokenRequest",
    fields: &[FieldSchema::new(
        "Owners",
        FieldKind::Array(&FieldKind::Struct(
            &DESCRIBE_DELEGATION_TOKEN_REQUEST_DESCRIBE_DELEGATION_TOKEN_OWNER,
        )),
        1,
        3,
    )
    .nullable(1, 3)],
};
static DESCRIBE_DELEGATION_TOKEN_REQUEST_DESCRIBE_DELEGATION_TOKEN_OWNER: StructSchema =
    StructSchema {
        name: "DescribeDelegationTokenOwner",
        fields: &[
            FieldSchema::new("PrincipalType", FieldKind::String, 1, 3),
            FieldSchema::new("PrincipalName", FieldKind::String, 1, 3),
        ],
    };
static DESCRIBE_DELEGATION_TOKEN_RESPONSE: StructSchema = StructSchema {
    name: "DescribeDelegationTokenResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 3),
        FieldSchema::new(
            "Tokens",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_DELEGATION_TOKEN_RESPONSE_DESCRIBED_DELEGATION_TOKEN,
            )),
            1,
            3,
        ),
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 3),
    ],
};
static DESCRIBE_DELEGATION_TOKEN_RESPONSE_DESCRIBED_DELEGATION_TOKEN: StructSchema = StructSchema {
    name: "DescribedDelegationToken",
    fields: &[
        FieldSchema::new("PrincipalType", FieldKind::String, 1, 3),
        FieldSchema::new("PrincipalName", FieldKind::String, 1, 3),
        FieldSchema::new("TokenRequesterPrincipalType", FieldKind::String, 3, 3),
        FieldSchema::new("TokenRequesterPrincipalName", FieldKind::String, 3, 3),
        FieldSchema::new("IssueTimestamp", FieldKind::Int64, 1, 3),
        FieldSchema::new("ExpiryTimestamp", FieldKind::Int64, 1, 3),
        FieldSchema::new("MaxTimestamp", FieldKind::Int64, 1, 3),
        FieldSchema::new("TokenId", FieldKind::String, 1, 3),
        FieldSchema::new("Hmac", FieldKind::Bytes, 1, 3),
        FieldSchema::new(
            "Renewers",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_DELEGATION_TOKEN_RESPONSE_DESCRIBED_DELEGATION_TOKEN_RENEWER,
            )),
            1,
            3,
        ),
    ],
};
static DESCRIBE_DELEGATION_TOKEN_RESPONSE_DESCRIBED_DELEGATION_TOKEN_RENEWER: StructSchema =
    StructSchema {
        name: "DescribedDelegationTokenRenewer",
        fields: &[
            FieldSchema::new("PrincipalType", FieldKind::String, 1, 3),
            FieldSchema::new("PrincipalName", FieldKind::String, 1, 3),
        ],
    };
static DELETE_GROUPS_REQUEST: StructSchema = StructSchema {
    name: "DeleteGroupsRequest",
    fields: &[FieldSchema::new("GroupsNames", FieldKind::Array(&FieldKind::String), 0, 3)],
};
static DELETE_GROUPS_RESPONSE: StructSchema = StructSchema {
    name: "DeleteGroupsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 3),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(&DELETE_GROUPS_RESPONSE_DELETABLE_GROUP_RESULT)),
            0,
            3,
        ),
    ],
};
static DELETE_GROUPS_RESPONSE_DELETABLE_GROUP_RESULT: StructSchema = StructSchema {
    name: "DeletableGroupResult",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 3),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 3),
        FieldSchema::new("ErrorMessage", FieldKind::String, 3, 3).nullable(3, 3).default("null"),
    ],
};
static ELECT_LEADERS_REQUEST: StructSchema = StructSchema {
    name: "ElectLeadersRequest",
    fields: &[
        FieldSchema::new("ElectionType", FieldKind::Int8, 1, 2),
        FieldSchema::new(
            "TopicPartitions",
            FieldKind::Array(&FieldKind::Struct(&ELECT_LEADERS_REQUEST_TOPIC_PARTITIONS)),
            0,
            2,
        )
        .nullable(0, 2),
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 0, 2).default("60000"),
    ],
};
static ELECT_LEADERS_REQUEST_TOPIC_PARTITIONS: StructSchema = StructSchema {
    name: "TopicPartitions",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 0, 2),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 2),
    ],
};
static ELECT_LEADERS_RESPONSE: StructSchema = StructSchema {
    name: "ElectLeadersResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        FieldSchema::new(
            "ReplicaElectionResults",
            FieldKind::Array(&FieldKind::Struct(&ELECT_LEADERS_RESPONSE_REPLICA_ELECTION_RESULT)),
            0,
            2,
        ),
    ],
};
static ELECT_LEADERS_RESPONSE_REPLICA_ELECTION_RESULT: StructSchema = StructSchema {
    name: "ReplicaElectionResult",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 0, 2),
        FieldSchema::new(
            "PartitionResult",
            FieldKind::Array(&FieldKind::Struct(&ELECT_LEADERS_RESPONSE_PARTITION_RESULT)),
            0,
            2,
        ),
    ],
};
static ELECT_LEADERS_RESPONSE_PARTITION_RESULT: StructSchema = StructSchema {
    name: "PartitionResult",
    fields: &[
        FieldSchema::new("PartitionId", FieldKind::Int32, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 2).nullable(0, 2),
    ],
};
static INCREMENTAL_ALTER_CONFIGS_REQUEST: StructSchema = StructSchema {
    name: "IncrementalAlterConfigsRequest",
    fields: &[
        FieldSchema::new(
            "Resources",
            FieldKind::Array(&FieldKind::Struct(
                &INCREMENTAL_ALTER_CONFIGS_REQUEST_ALTER_CONFIGS_RESOURCE,
            )),
            0,
            1,
        ),
        FieldSchema::new("ValidateOnly", FieldKind::Bool, 0, 1),
    ],
};
static INCREMENTAL_ALTER_CONFIGS_REQUEST_ALTER_CONFIGS_RESOURCE: StructSchema = StructSchema {
    name: "AlterConfigsResource",
    fields: &[
        FieldSchema::new("ResourceType", FieldKind::Int8, 0, 1),
        FieldSchema::new("ResourceName", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Configs",
            FieldKind::Array(&FieldKind::Struct(
                &INCREMENTAL_ALTER_CONFIGS_REQUEST_ALTERABLE_CONFIG,
            )),
            0,
            1,
        ),
    ],
};
static INCREMENTAL_ALTER_CONFIGS_REQUEST_ALTERABLE_CONFIG: StructSchema = StructSchema {
    name: "AlterableConfig",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 1),
        FieldSchema::new("ConfigOperation", FieldKind::Int8, 0, 1),
        FieldSchema::new("Value", FieldKind::String, 0, 1).nullable(0, 1),
    ],
};
static INCREMENTAL_ALTER_CONFIGS_RESPONSE: StructSchema = StructSchema {
    name: "IncrementalAlterConfigsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(
                &INCREMENTAL_ALTER_CONFIGS_RESPONSE_ALTER_CONFIGS_RESOURCE_RESPONSE,
            )),
            0,
            1,
        ),
    ],
};
static INCREMENTAL_ALTER_CONFIGS_RESPONSE_ALTER_CONFIGS_RESOURCE_RESPONSE: StructSchema =
    StructSchema {
        name: "AlterConfigsResourceResponse",
        fields: &[
            FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
            FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1),
            FieldSchema::new("ResourceType", FieldKind::Int8, 0, 1),
            FieldSchema::new("ResourceName", FieldKind::String, 0, 1),
        ],
    };
static ALTER_PARTITION_REASSIGNMENTS_REQUEST: StructSchema = StructSchema {
    name: "AlterPartitionReassignmentsRequest",
    fields: &[
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 0, 1).default("60000"),
        FieldSchema::new("AllowReplicationFactorChange", FieldKind::Bool, 1, 1).default("true"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_PARTITION_REASSIGNMENTS_REQUEST_REASSIGNABLE_TOPIC,
            )),
            0,
            1,
        ),
    ],
};
static ALTER_PARTITION_REASSIGNMENTS_REQUEST_REASSIGNABLE_TOPIC: StructSchema = StructSchema {
    name: "ReassignableTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_PARTITION_REASSIGNMENTS_REQUEST_REASSIGNABLE_PARTITION,
            )),
            0,
            1,
        ),
    ],
};
static ALTER_PARTITION_REASSIGNMENTS_REQUEST_REASSIGNABLE_PARTITION: StructSchema = StructSchema {
    name: "ReassignablePartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 1),
        FieldSchema::new("Replicas", FieldKind::Array(&FieldKind::Int32), 0, 1)
            .nullable(0, 1)
            .default("null"),
    ],
};
static ALTER_PARTITION_REASSIGNMENTS_RESPONSE: StructSchema = StructSchema {
    name: "AlterPartitionReassignmentsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("AllowReplicationFactorChange", FieldKind::Bool, 1, 1).default("true"),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_PARTITION_REASSIGNMENTS_RESPONSE_REASSIGNABLE_TOPIC_RESPONSE,
            )),
            0,
            1,
        ),
    ],
};
static ALTER_PARTITION_REASSIGNMENTS_RESPONSE_REASSIGNABLE_TOPIC_RESPONSE: StructSchema =
    StructSchema {
        name: "ReassignableTopicResponse",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 1),
            FieldSchema::new(
                "Partitions",
                FieldKind::Array(&FieldKind::Struct(
                    &ALTER_PARTITION_REASSIGNMENTS_RESPONSE_REASSIGNABLE_PARTITION_RESPONSE,
                )),
                0,
                1,
            ),
        ],
    };
static ALTER_PARTITION_REASSIGNMENTS_RESPONSE_REASSIGNABLE_PARTITION_RESPONSE: StructSchema =
    StructSchema {
        name: "ReassignablePartitionResponse",
        fields: &[
            FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 1),
            FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
            FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1),
        ],
    };
static LIST_PARTITION_REASSIGNMENTS_REQUEST: StructSchema = StructSchema {
    name: "ListPartitionReassignmentsRequest",
    fields: &[
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 0, 0).default("60000"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &LIST_PARTITION_REASSIGNMENTS_REQUEST_LIST_PARTITION_REASSIGNMENTS_TOPICS,
            )),
            0,
            0,
        )
        .nullable(0, 0)
        .default("null"),
    ],
};
static LIST_PARTITION_REASSIGNMENTS_REQUEST_LIST_PARTITION_REASSIGNMENTS_TOPICS: StructSchema =
    StructSchema {
        name: "ListPartitionReassignmentsTopics",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 0),
            FieldSchema::new("PartitionIndexes", FieldKind::Array(&FieldKind::Int32), 0, 0),
        ],
    };
static LIST_PARTITION_REASSIGNMENTS_RESPONSE: StructSchema = StructSchema {
    name: "ListPartitionReassignmentsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &LIST_PARTITION_REASSIGNMENTS_RESPONSE_ONGOING_TOPIC_REASSIGNMENT,
            )),
            0,
            0,
        ),
    ],
};
static LIST_PARTITION_REASSIGNMENTS_RESPONSE_ONGOING_TOPIC_REASSIGNMENT: StructSchema =
    StructSchema {
        name: "OngoingTopicReassignment",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 0),
            FieldSchema::new(
                "Partitions",
                FieldKind::Array(&FieldKind::Struct(
                    &LIST_PARTITION_REASSIGNMENTS_RESPONSE_ONGOING_PARTITION_REASSIGNMENT,
                )),
                0,
                0,
            ),
        ],
    };
static LIST_PARTITION_REASSIGNMENTS_RESPONSE_ONGOING_PARTITION_REASSIGNMENT: StructSchema =
    StructSchema {
        name: "OngoingPartitionReassignment",
        fields: &[
            FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
            FieldSchema::new("Replicas", FieldKind::Array(&FieldKind::Int32), 0, 0),
            FieldSchema::new("AddingReplicas", FieldKind::Array(&FieldKind::Int32), 0, 0),
            FieldSchema::new("RemovingReplicas", FieldKind::Array(&FieldKind::Int32), 0, 0),
        ],
    };
static OFFSET_DELETE_REQUEST: StructSchema = StructSchema {
    name: "OffsetDeleteRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_DELETE_REQUEST_OFFSET_DELETE_REQUEST_TOPIC,
            )),
            0,
            0,
        ),
    ],
};
static OFFSET_DELETE_REQUEST_OFFSET_DELETE_REQUEST_TOPIC: StructSchema = StructSchema {
    name: "OffsetDeleteRequestTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_DELETE_REQUEST_OFFSET_DELETE_REQUEST_PARTITION,
            )),
            0,
            0,
        ),
    ],
};
static OFFSET_DELETE_REQUEST_OFFSET_DELETE_REQUEST_PARTITION: StructSchema = StructSchema {
    name: "OffsetDeleteRequestPartition",
    fields: &[FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0)],
};
static OFFSET_DELETE_RESPONSE: StructSchema = StructSchema {
    name: "OffsetDeleteResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_DELETE_RESPONSE_OFFSET_DELETE_RESPONSE_TOPIC,
            )),
            0,
            0,
        ),
    ],
};
static OFFSET_DELETE_RESPONSE_OFFSET_DELETE_RESPONSE_TOPIC: StructSchema = StructSchema {
    name: "OffsetDeleteResponseTopic",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &OFFSET_DELETE_RESPONSE_OFFSET_DELETE_RESPONSE_PARTITION,
            )),
            0,
            0,
        ),
    ],
};
static OFFSET_DELETE_RESPONSE_OFFSET_DELETE_RESPONSE_PARTITION: StructSchema = StructSchema {
    name: "OffsetDeleteResponsePartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
    ],
};
static DESCRIBE_CLIENT_QUOTAS_REQUEST: StructSchema = StructSchema {
    name: "DescribeClientQuotasRequest",
    fields: &[
        FieldSchema::new(
            "Components",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_CLIENT_QUOTAS_REQUEST_COMPONENT_DATA)),
            0,
            1,
        ),
        FieldSchema::new("Strict", FieldKind::Bool, 0, 1),
    ],
};
static DESCRIBE_CLIENT_QUOTAS_REQUEST_COMPONENT_DATA: StructSchema = StructSchema {
    name: "ComponentData",
    fields: &[
        FieldSchema::new("EntityType", FieldKind::String, 0, 1),
        FieldSchema::new("MatchType", FieldKind::Int8, 0, 1),
        FieldSchema::new("Match", FieldKind::String, 0, 1).nullable(0, 1),
    ],
};
static DESCRIBE_CLIENT_QUOTAS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeClientQuotasResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1),
        FieldSchema::new(
            "Entries",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_CLIENT_QUOTAS_RESPONSE_ENTRY_DATA)),
            0,
            1,
        )
        .nullable(0, 1),
    ],
};
static DESCRIBE_CLIENT_QUOTAS_RESPONSE_ENTRY_DATA: StructSchema = StructSchema {
    name: "EntryData",
    fields: &[
        FieldSchema::new(
            "Entity",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_CLIENT_QUOTAS_RESPONSE_ENTITY_DATA)),
            0,
            1,
        ),
        FieldSchema::new(
            "Values",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_CLIENT_QUOTAS_RESPONSE_VALUE_DATA)),
            0,
            1,
        ),
    ],
};
static DESCRIBE_CLIENT_QUOTAS_RESPONSE_ENTITY_DATA: StructSchema = StructSchema {
    name: "EntityData",
    fields: &[
        FieldSchema::new("EntityType", FieldKind::String, 0, 1),
        FieldSchema::new("EntityName", FieldKind::String, 0, 1).nullable(0, 1),
    ],
};
static DESCRIBE_CLIENT_QUOTAS_RESPONSE_VALUE_DATA: StructSchema = StructSchema {
    name: "ValueData",
    fields: &[
        FieldSchema::new("Key", FieldKind::String, 0, 1),
        FieldSchema::new("Value", FieldKind::Float64, 0, 1),
    ],
};
static ALTER_CLIENT_QUOTAS_REQUEST: StructSchema = StructSchema {
    name: "AlterClientQuotasRequest",
    fields: &[
        FieldSchema::new(
            "Entries",
            FieldKind::Array(&FieldKind::Struct(&ALTER_CLIENT_QUOTAS_REQUEST_ENTRY_DATA)),
            0,
            1,
        ),
        FieldSchema::new("ValidateOnly", FieldKind::Bool, 0, 1),
    ],
};
static ALTER_CLIENT_QUOTAS_REQUEST_ENTRY_DATA: StructSchema = StructSchema {
    name: "EntryData",
    fields: &[
        FieldSchema::new(
            "Entity",
            FieldKind::Array(&FieldKind::Struct(&ALTER_CLIENT_QUOTAS_REQUEST_ENTITY_DATA)),
            0,
            1,
        ),
        FieldSchema::new(
            "Ops",
            FieldKind::Array(&FieldKind::Struct(&ALTER_CLIENT_QUOTAS_REQUEST_OP_DATA)),
            0,
            1,
        ),
    ],
};
static ALTER_CLIENT_QUOTAS_REQUEST_ENTITY_DATA: StructSchema = StructSchema {
    name: "EntityData",
    fields: &[
        FieldSchema::new("EntityType", FieldKind::String, 0, 1),
        FieldSchema::new("EntityName", FieldKind::String, 0, 1).nullable(0, 1),
    ],
};
static ALTER_CLIENT_QUOTAS_REQUEST_OP_DATA: StructSchema = StructSchema {
    name: "OpData",
    fields: &[
        FieldSchema::new("Key", FieldKind::String, 0, 1),
        FieldSchema::new("Value", FieldKind::Float64, 0, 1),
        FieldSchema::new("Remove", FieldKind::Bool, 0, 1),
    ],
};
static ALTER_CLIENT_QUOTAS_RESPONSE: StructSchema = StructSchema {
    name: "AlterClientQuotasResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Entries",
            FieldKind::Array(&FieldKind::Struct(&ALTER_CLIENT_QUOTAS_RESPONSE_ENTRY_DATA)),
            0,
            1,
        ),
    ],
};
static ALTER_CLIENT_QUOTAS_RESPONSE_ENTRY_DATA: StructSchema = StructSchema {
    name: "EntryData",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1),
        FieldSchema::new(
            "Entity",
            FieldKind::Array(&FieldKind::Struct(&ALTER_CLIENT_QUOTAS_RESPONSE_ENTITY_DATA)),
            0,
            1,
        ),
    ],
};
static ALTER_CLIENT_QUOTAS_RESPONSE_ENTITY_DATA: StructSchema = StructSchema {
    name: "EntityData",
    fields: &[
        FieldSchema::new("EntityType", FieldKind::String, 0, 1),
        FieldSchema::new("EntityName", FieldKind::String, 0, 1).nullable(0, 1),
    ],
};
static DESCRIBE_USER_SCRAM_CREDENTIALS_REQUEST: StructSchema = StructSchema {
    name: "DescribeUserScramCredentialsRequest",
    fields: &[FieldSchema::new(
        "Users",
        FieldKind::Array(&FieldKind::Struct(&DESCRIBE_USER_SCRAM_CREDENTIALS_REQUEST_USER_NAME)),
        0,
        0,
    )
    .nullable(0, 0)],
};
static DESCRIBE_USER_SCRAM_CREDENTIALS_REQUEST_USER_NAME: StructSchema =
    StructSchema { name: "UserName", fields: &[FieldSchema::new("Name", FieldKind::String, 0, 0)] };
static DESCRIBE_USER_SCRAM_CREDENTIALS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeUserScramCredentialsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_USER_SCRAM_CREDENTIALS_RESPONSE_DESCRIBE_USER_SCRAM_CREDENTIALS_RESULT,
            )),
            0,
            0,
        ),
    ],
};
static DESCRIBE_USER_SCRAM_CREDENTIALS_RESPONSE_DESCRIBE_USER_SCRAM_CREDENTIALS_RESULT:
    StructSchema = StructSchema {
    name: "DescribeUserScramCredentialsResult",
    fields: &[
        FieldSchema::new("User", FieldKind::String, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new(
            "CredentialInfos",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_USER_SCRAM_CREDENTIALS_RESPONSE_CREDENTIAL_INFO,
            )),
            0,
            0,
        ),
    ],
};
static DESCRIBE_USER_SCRAM_CREDENTIALS_RESPONSE_CREDENTIAL_INFO: StructSchema = StructSchema {
    name: "CredentialInfo",
    fields: &[
        FieldSchema::new("Mechanism", FieldKind::Int8, 0, 0),
        FieldSchema::new("Iterations", FieldKind::Int32, 0, 0),
    ],
};
static ALTER_USER_SCRAM_CREDENTIALS_REQUEST: StructSchema = StructSchema {
    name: "AlterUserScramCredentialsRequest",
    fields: &[
        FieldSchema::new(
            "Deletions",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_USER_SCRAM_CREDENTIALS_REQUEST_SCRAM_CREDENTIAL_DELETION,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "Upsertions",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_USER_SCRAM_CREDENTIALS_REQUEST_SCRAM_CREDENTIAL_UPSERTION,
            )),
            0,
            0,
        ),
    ],
};
static ALTER_USER_SCRAM_CREDENTIALS_REQUEST_SCRAM_CREDENTIAL_DELETION: StructSchema =
    StructSchema {
        name: "ScramCredentialDeletion",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 0),
            FieldSchema::new("Mechanism", FieldKind::Int8, 0, 0),
        ],
    };
static ALTER_USER_SCRAM_CREDENTIALS_REQUEST_SCRAM_CREDENTIAL_UPSERTION: StructSchema =
    StructSchema {
        name: "ScramCredentialUpsertion",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 0),
            FieldSchema::new("Mechanism", FieldKind::Int8, 0, 0),
            FieldSchema::new("Iterations", FieldKind::Int32, 0, 0),
            FieldSchema::new("Salt", FieldKind::Bytes, 0, 0),
            FieldSchema::new("SaltedPassword", FieldKind::Bytes, 0, 0),
        ],
    };
static ALTER_USER_SCRAM_CREDENTIALS_RESPONSE: StructSchema = StructSchema {
    name: "AlterUserScramCredentialsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_USER_SCRAM_CREDENTIALS_RESPONSE_ALTER_USER_SCRAM_CREDENTIALS_RESULT,
            )),
            0,
            0,
        ),
    ],
};
static ALTER_USER_SCRAM_CREDENTIALS_RESPONSE_ALTER_USER_SCRAM_CREDENTIALS_RESULT: StructSchema =
    StructSchema {
        name: "AlterUserScramCredentialsResult",
        fields: &[
            FieldSchema::new("User", FieldKind::String, 0, 0),
            FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
            FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0),
        ],
    };
static VOTE_REQUEST: StructSchema = StructSchema {
    name: "VoteRequest",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 0, 2).nullable(0, 2).default("null"),
        FieldSchema::new("VoterId", FieldKind::Int32, 1, 2).default("-1"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&VOTE_REQUEST_TOPIC_DATA)),
            0,
            2,
        ),
    ],
};
static VOTE_REQUEST_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&VOTE_REQUEST_PARTITION_DATA)),
            0,
            2,
        ),
    ],
};
static VOTE_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 2),
        FieldSchema::new("ReplicaEpoch", FieldKind::Int32, 0, 2),
        FieldSchema::new("ReplicaId", FieldKind::Int32, 0, 2),
        FieldSchema::new("ReplicaDirectoryId", FieldKind::Uuid, 1, 2),
        FieldSchema::new("VoterDirectoryId", FieldKind::Uuid, 1, 2),
        FieldSchema::new("LastOffsetEpoch", FieldKind::Int32, 0, 2),
        FieldSchema::new("LastOffset", FieldKind::Int64, 0, 2),
        FieldSchema::new("PreVote", FieldKind::Bool, 2, 2),
    ],
};
static VOTE_RESPONSE: StructSchema = StructSchema {
    name: "VoteResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&VOTE_RESPONSE_TOPIC_DATA)),
            0,
            2,
        ),
        FieldSchema::new(
            "NodeEndpoints",
            FieldKind::Array(&FieldKind::Struct(&VOTE_RESPONSE_NODE_ENDPOINT)),
            1,
            2,
        )
        .tag(0),
    ],
};
static VOTE_RESPONSE_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&VOTE_RESPONSE_PARTITION_DATA)),
            0,
            2,
        ),
    ],
};
static VOTE_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 2),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 2),
        FieldSchema::new("VoteGranted", FieldKind::Bool, 0, 2),
    ],
};
static VOTE_RESPONSE_NODE_ENDPOINT: StructSchema = StructSchema {
    name: "NodeEndpoint",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 1, 2),
        FieldSchema::new("Host", FieldKind::String, 1, 2),
        FieldSchema::new("Port", FieldKind::Uint16, 1, 2),
    ],
};
static BEGIN_QUORUM_EPOCH_REQUEST: StructSchema = StructSchema {
    name: "BeginQuorumEpochRequest",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("VoterId", FieldKind::Int32, 1, 1).default("-1"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&BEGIN_QUORUM_EPOCH_REQUEST_TOPIC_DATA)),
            0,
            1,
        ),
        FieldSchema::new(
            "LeaderEndpoints",
            FieldKind::Array(&FieldKind::Struct(&BEGIN_QUORUM_EPOCH_REQUEST_LEADER_ENDPOINT)),
            1,
            1,
        ),
    ],
};
static BEGIN_QUORUM_EPOCH_REQUEST_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&BEGIN_QUORUM_EPOCH_REQUEST_PARTITION_DATA)),
            0,
            1,
        ),
    ],
};
static BEGIN_QUORUM_EPOCH_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 1),
        FieldSchema::new("VoterDirectoryId", FieldKind::Uuid, 1, 1),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
    ],
};
static BEGIN_QUORUM_EPOCH_REQUEST_LEADER_ENDPOINT: StructSchema = StructSchema {
    name: "LeaderEndpoint",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 1),
        FieldSchema::new("Host", FieldKind::String, 1, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 1, 1),
    ],
};
static BEGIN_QUORUM_EPOCH_RESPONSE: StructSchema = StructSchema {
    name: "BeginQuorumEpochResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&BEGIN_QUORUM_EPOCH_RESPONSE_TOPIC_DATA)),
            0,
            1,
        ),
        FieldSchema::new(
            "NodeEndpoints",
            FieldKind::Array(&FieldKind::Struct(&BEGIN_QUORUM_EPOCH_RESPONSE_NODE_ENDPOINT)),
            1,
            1,
        )
        .tag(0),
    ],
};
static BEGIN_QUORUM_EPOCH_RESPONSE_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&BEGIN_QUORUM_EPOCH_RESPONSE_PARTITION_DATA)),
            0,
            1,
        ),
    ],
};
static BEGIN_QUORUM_EPOCH_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
    ],
};
static BEGIN_QUORUM_EPOCH_RESPONSE_NODE_ENDPOINT: StructSchema = StructSchema {
    name: "NodeEndpoint",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 1, 1),
        FieldSchema::new("Host", FieldKind::String, 1, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 1, 1),
    ],
};
static END_QUORUM_EPOCH_REQUEST: StructSchema = StructSchema {
    name: "EndQuorumEpochRequest",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&END_QUORUM_EPOCH_REQUEST_TOPIC_DATA)),
            0,
            1,
        ),
        FieldSchema::new(
            "LeaderEndpoints",
            FieldKind::Array(&FieldKind::Struct(&END_QUORUM_EPOCH_REQUEST_LEADER_ENDPOINT)),
            1,
            1,
        ),
    ],
};
static END_QUORUM_EPOCH_REQUEST_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&END_QUORUM_EPOCH_REQUEST_PARTITION_DATA)),
            0,
            1,
        ),
    ],
};
static END_QUORUM_EPOCH_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("PreferredSuccessors", FieldKind::Array(&FieldKind::Int32), 0, 0),
        FieldSchema::new(
            "PreferredCandidates",
            FieldKind::Array(&FieldKind::Struct(&END_QUORUM_EPOCH_REQUEST_REPLICA_INFO)),
            1,
            1,
        ),
    ],
};
static END_QUORUM_EPOCH_REQUEST_REPLICA_INFO: StructSchema = StructSchema {
    name: "ReplicaInfo",
    fields: &[
        FieldSchema::new("CandidateId", FieldKind::Int32, 1, 1),
        FieldSchema::new("CandidateDirectoryId", FieldKind::Uuid, 1, 1),
    ],
};
static END_QUORUM_EPOCH_REQUEST_LEADER_ENDPOINT: StructSchema = StructSchema {
    name: "LeaderEndpoint",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 1),
        FieldSchema::new("Host", FieldKind::String, 1, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 1, 1),
    ],
};
static END_QUORUM_EPOCH_RESPONSE: StructSchema = StructSchema {
    name: "EndQuorumEpochResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&END_QUORUM_EPOCH_RESPONSE_TOPIC_DATA)),
            0,
            1,
        ),
        FieldSchema::new(
            "NodeEndpoints",
            FieldKind::Array(&FieldKind::Struct(&END_QUORUM_EPOCH_RESPONSE_NODE_ENDPOINT)),
            1,
            1,
        )
        .tag(0),
    ],
};
static END_QUORUM_EPOCH_RESPONSE_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&END_QUORUM_EPOCH_RESPONSE_PARTITION_DATA)),
            0,
            1,
        ),
    ],
};
static END_QUORUM_EPOCH_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
    ],
};
static END_QUORUM_EPOCH_RESPONSE_NODE_ENDPOINT: StructSchema = StructSchema {
    name: "NodeEndpoint",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 1, 1),
        FieldSchema::new("Host", FieldKind::String, 1, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 1, 1),
    ],
};
static DESCRIBE_QUORUM_REQUEST: StructSchema = StructSchema {
    name: "DescribeQuorumRequest",
    fields: &[FieldSchema::new(
        "Topics",
        FieldKind::Array(&FieldKind::Struct(&DESCRIBE_QUORUM_REQUEST_TOPIC_DATA)),
        0,
        2,
    )],
};
static DESCRIBE_QUORUM_REQUEST_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_QUORUM_REQUEST_PARTITION_DATA)),
            0,
            2,
        ),
    ],
};
static DESCRIBE_QUORUM_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 2)],
};
static DESCRIBE_QUORUM_RESPONSE: StructSchema = StructSchema {
    name: "DescribeQuorumResponse",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 2, 2).nullable(2, 2),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_QUORUM_RESPONSE_TOPIC_DATA)),
            0,
            2,
        ),
        FieldSchema::new(
            "Nodes",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_QUORUM_RESPONSE_NODE)),
            2,
            2,
        ),
    ],
};
static DESCRIBE_QUORUM_RESPONSE_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_QUORUM_RESPONSE_PARTITION_DATA)),
            0,
            2,
        ),
    ],
};
static DESCRIBE_QUORUM_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 2, 2).nullable(2, 2),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 2),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 2),
        FieldSchema::new("HighWatermark", FieldKind::Int64, 0, 2),
        FieldSchema::new(
            "CurrentVoters",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_QUORUM_RESPONSE_REPLICA_STATE)),
            0,
            2,
        ),
        FieldSchema::new(
            "Observers",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_QUORUM_RESPONSE_REPLICA_STATE)),
            0,
            2,
        ),
    ],
};
static DESCRIBE_QUORUM_RESPONSE_NODE: StructSchema = StructSchema {
    name: "Node",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 2, 2),
        FieldSchema::new(
            "Listeners",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_QUORUM_RESPONSE_LISTENER)),
            2,
            2,
        ),
    ],
};
static DESCRIBE_QUORUM_RESPONSE_LISTENER: StructSchema = StructSchema {
    name: "Listener",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 2, 2),
        FieldSchema::new("Host", FieldKind::String, 2, 2),
        FieldSchema::new("Port", FieldKind::Uint16, 2, 2),
    ],
};
static DESCRIBE_QUORUM_RESPONSE_REPLICA_STATE: StructSchema = StructSchema {
    name: "ReplicaState",
    fields: &[
        FieldSchema::new("ReplicaId", FieldKind::Int32, 0, 2),
        FieldSchema::new("ReplicaDirectoryId", FieldKind::Uuid, 2, 2),
        FieldSchema::new("LogEndOffset", FieldKind::Int64, 0, 2),
        FieldSchema::new("LastFetchTimestamp", FieldKind::Int64, 1, 2).default("-1"),
        FieldSchema::new("LastCaughtUpTimestamp", FieldKind::Int64, 1, 2).default("-1"),
    ],
};
static ALTER_PARTITION_REQUEST: StructSchema = StructSchema {
    name: "AlterPartitionRequest",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 2, 3),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 2, 3).default("-1"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&ALTER_PARTITION_REQUEST_TOPIC_DATA)),
            2,
            3,
        ),
    ],
};
static ALTER_PARTITION_REQUEST_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 2, 3),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&ALTER_PARTITION_REQUEST_PARTITION_DATA)),
            2,
            3,
        ),
    ],
};
static ALTER_PARTITION_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 2, 3),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 2, 3),
        FieldSchema::new("NewIsr", FieldKind::Array(&FieldKind::Int32), 2, 2),
        FieldSchema::new(
            "NewIsrWithEpochs",
            FieldKind::Array(&FieldKind::Struct(&ALTER_PARTITION_REQUEST_BROKER_STATE)),
            3,
            3,
        ),
        FieldSchema::new("LeaderRecoveryState", FieldKind::Int8, 2, 3),
        FieldSchema::new("PartitionEpoch", FieldKind::Int32, 2, 3),
    ],
};
static ALTER_PARTITION_REQUEST_BROKER_STATE: StructSchema = StructSchema {
    name: "BrokerState",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 3, 3),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 3, 3).default("-1"),
    ],
};
static ALTER_PARTITION_RESPONSE: StructSchema = StructSchema {
    name: "AlterPartitionResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 2, 3),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 2, 3),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&ALTER_PARTITION_RESPONSE_TOPIC_DATA)),
            2,
            3,
        ),
    ],
};
static ALTER_PARTITION_RESPONSE_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 2, 3),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&ALTER_PARTITION_RESPONSE_PARTITION_DATA)),
            2,
            3,
        ),
    ],
};
static ALTER_PARTITION_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 2, 3),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 2, 3),
        FieldSchema::new("LeaderId", FieldKind::Int32, 2, 3),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 2, 3),
        FieldSchema::new("Isr", FieldKind::Array(&FieldKind::Int32), 2, 3),
        FieldSchema::new("LeaderRecoveryState", FieldKind::Int8, 2, 3),
        FieldSchema::new("PartitionEpoch", FieldKind::Int32, 2, 3),
    ],
};
static UPDATE_FEATURES_REQUEST: StructSchema = StructSchema {
    name: "UpdateFeaturesRequest",
    fields: &[
        FieldSchema::new("timeoutMs", FieldKind::Int32, 0, 2).default("60000"),
        FieldSchema::new(
            "FeatureUpdates",
            FieldKind::Array(&FieldKind::Struct(&UPDATE_FEATURES_REQUEST_FEATURE_UPDATE_KEY)),
            0,
            2,
        ),
        FieldSchema::new("ValidateOnly", FieldKind::Bool, 1, 2),
    ],
};
static UPDATE_FEATURES_REQUEST_FEATURE_UPDATE_KEY: StructSchema = StructSchema {
    name: "FeatureUpdateKey",
    fields: &[
        FieldSchema::new("Feature", FieldKind::String, 0, 2),
        FieldSchema::new("MaxVersionLevel", FieldKind::Int16, 0, 2),
        FieldSchema::new("AllowDowngrade", FieldKind::Bool, 0, 0),
        FieldSchema::new("UpgradeType", FieldKind::Int8, 1, 2).default("1"),
    ],
};
static UPDATE_FEATURES_RESPONSE: StructSchema = StructSchema {
    name: "UpdateFeaturesResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 2).nullable(0, 2),
        FieldSchema::new(
            "Results",
            FieldKind::Array(&FieldKind::Struct(
                &UPDATE_FEATURES_RESPONSE_UPDATABLE_FEATURE_RESULT,
            )),
            0,
            1,
        ),
    ],
};
static UPDATE_FEATURES_RESPONSE_UPDATABLE_FEATURE_RESULT: StructSchema = StructSchema {
    name: "UpdatableFeatureResult",
    fields: &[
        FieldSchema::new("Feature", FieldKind::String, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1),
    ],
};
static ENVELOPE_REQUEST: StructSchema = StructSchema {
    name: "EnvelopeRequest",
    fields: &[
        FieldSchema::new("RequestData", FieldKind::Bytes, 0, 0),
        FieldSchema::new("RequestPrincipal", FieldKind::Bytes, 0, 0).nullable(0, 0),
        FieldSchema::new("ClientHostAddress", FieldKind::Bytes, 0, 0),
    ],
};
static ENVELOPE_RESPONSE: StructSchema = StructSchema {
    name: "EnvelopeResponse",
    fields: &[
        FieldSchema::new("ResponseData", FieldKind::Bytes, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
    ],
};
static FETCH_SNAPSHOT_REQUEST: StructSchema = StructSchema {
    name: "FetchSnapshotRequest",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 0, 1)
            .nullable(0, 1)
            .default("null")
            .tag(0),
        FieldSchema::new("ReplicaId", FieldKind::Int32, 0, 1).default("-1"),
        FieldSchema::new("MaxBytes", FieldKind::Int32, 0, 1).default("2147483647"),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&FETCH_SNAPSHOT_REQUEST_TOPIC_SNAPSHOT)),
            0,
            1,
        ),
    ],
};
static FETCH_SNAPSHOT_REQUEST_TOPIC_SNAPSHOT: StructSchema = StructSchema {
    name: "TopicSnapshot",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&FETCH_SNAPSHOT_REQUEST_PARTITION_SNAPSHOT)),
            0,
            1,
        ),
    ],
};
static FETCH_SNAPSHOT_REQUEST_PARTITION_SNAPSHOT: StructSchema = StructSchema {
    name: "PartitionSnapshot",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 1),
        FieldSchema::new("CurrentLeaderEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "SnapshotId",
            FieldKind::Struct(&FETCH_SNAPSHOT_REQUEST_SNAPSHOT_ID),
            0,
            1,
        ),
        FieldSchema::new("Position", FieldKind::Int64, 0, 1),
        FieldSchema::new("ReplicaDirectoryId", FieldKind::Uuid, 1, 1).tag(0),
    ],
};
static FETCH_SNAPSHOT_REQUEST_SNAPSHOT_ID: StructSchema = StructSchema {
    name: "SnapshotId",
    fields: &[
        FieldSchema::new("EndOffset", FieldKind::Int64, 0, 1),
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 1),
    ],
};
static FETCH_SNAPSHOT_RESPONSE: StructSchema = StructSchema {
    name: "FetchSnapshotResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&FETCH_SNAPSHOT_RESPONSE_TOPIC_SNAPSHOT)),
            0,
            1,
        ),
        FieldSchema::new(
            "NodeEndpoints",
            FieldKind::Array(&FieldKind::Struct(&FETCH_SNAPSHOT_RESPONSE_NODE_ENDPOINT)),
            1,
            1,
        )
        .tag(0),
    ],
};
static FETCH_SNAPSHOT_RESPONSE_TOPIC_SNAPSHOT: StructSchema = StructSchema {
    name: "TopicSnapshot",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&FETCH_SNAPSHOT_RESPONSE_PARTITION_SNAPSHOT)),
            0,
            1,
        ),
    ],
};
static FETCH_SNAPSHOT_RESPONSE_PARTITION_SNAPSHOT: StructSchema = StructSchema {
    name: "PartitionSnapshot",
    fields: &[
        FieldSchema::new("Index", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new(
            "SnapshotId",
            FieldKind::Struct(&FETCH_SNAPSHOT_RESPONSE_SNAPSHOT_ID),
            0,
            1,
        ),
        FieldSchema::new(
            "CurrentLeader",
            FieldKind::Struct(&FETCH_SNAPSHOT_RESPONSE_LEADER_ID_AND_EPOCH),
            0,
            1,
        )
        .tag(0),
        FieldSchema::new("Size", FieldKind::Int64, 0, 1),
        FieldSchema::new("Position", FieldKind::Int64, 0, 1),
        FieldSchema::new("UnalignedRecords", FieldKind::Records, 0, 1),
    ],
};
static FETCH_SNAPSHOT_RESPONSE_SNAPSHOT_ID: StructSchema = StructSchema {
    name: "SnapshotId",
    fields: &[
        FieldSchema::new("EndOffset", FieldKind::Int64, 0, 1),
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 1),
    ],
};
static FETCH_SNAPSHOT_RESPONSE_LEADER_ID_AND_EPOCH: StructSchema = StructSchema {
    name: "LeaderIdAndEpoch",
    fields: &[
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
    ],
};
static FETCH_SNAPSHOT_RESPONSE_NODE_ENDPOINT: StructSchema = StructSchema {
    name: "NodeEndpoint",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 1, 1),
        FieldSchema::new("Host", FieldKind::String, 1, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 1, 1),
    ],
};
static DESCRIBE_CLUSTER_REQUEST: StructSchema = StructSchema {
    name: "DescribeClusterRequest",
    fields: &[
        FieldSchema::new("IncludeClusterAuthorizedOperations", FieldKind::Bool, 0, 2),
        FieldSchema::new("EndpointType", FieldKind::Int8, 1, 2).default("1"),
        FieldSchema::new("IncludeFencedBrokers", FieldKind::Bool, 2, 2),
    ],
};
static DESCRIBE_CLUSTER_RESPONSE: StructSchema = StructSchema {
    name: "DescribeClusterResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 2).nullable(0, 2).default("null"),
        FieldSchema::new("EndpointType", FieldKind::Int8, 1, 2).default("1"),
        FieldSchema::new("ClusterId", FieldKind::String, 0, 2),
        FieldSchema::new("ControllerId", FieldKind::Int32, 0, 2).default("-1"),
        FieldSchema::new(
            "Brokers",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_CLUSTER_RESPONSE_DESCRIBE_CLUSTER_BROKER,
            )),
            0,
            2,
        ),
        FieldSchema::new("ClusterAuthorizedOperations", FieldKind::Int32, 0, 2)
            .default("-2147483648"),
    ],
};
static DESCRIBE_CLUSTER_RESPONSE_DESCRIBE_CLUSTER_BROKER: StructSchema = StructSchema {
    name: "DescribeClusterBroker",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 2),
        FieldSchema::new("Host", FieldKind::String, 0, 2),
        FieldSchema::new("Port", FieldKind::Int32, 0, 2),
        FieldSchema::new("Rack", FieldKind::String, 0, 2).nullable(0, 2).default("null"),
        FieldSchema::new("IsFenced", FieldKind::Bool, 2, 2),
    ],
};
static DESCRIBE_PRODUCERS_REQUEST: StructSchema = StructSchema {
    name: "DescribeProducersRequest",
    fields: &[FieldSchema::new(
        "Topics",
        FieldKind::Array(&FieldKind::Struct(&DESCRIBE_PRODUCERS_REQUEST_TOPIC_REQUEST)),
        0,
        0,
    )],
};
static DESCRIBE_PRODUCERS_REQUEST_TOPIC_REQUEST: StructSchema = StructSchema {
    name: "TopicRequest",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("PartitionIndexes", FieldKind::Array(&FieldKind::Int32), 0, 0),
    ],
};
static DESCRIBE_PRODUCERS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeProducersResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_PRODUCERS_RESPONSE_TOPIC_RESPONSE)),
            0,
            0,
        ),
    ],
};
static DESCRIBE_PRODUCERS_RESPONSE_TOPIC_RESPONSE: StructSchema = StructSchema {
    name: "TopicResponse",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_PRODUCERS_RESPONSE_PARTITION_RESPONSE)),
            0,
            0,
        ),
    ],
};
static DESCRIBE_PRODUCERS_RESPONSE_PARTITION_RESPONSE: StructSchema = StructSchema {
    name: "PartitionResponse",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new(
            "ActiveProducers",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_PRODUCERS_RESPONSE_PRODUCER_STATE)),
            0,
            0,
        ),
    ],
};
static DESCRIBE_PRODUCERS_RESPONSE_PRODUCER_STATE: StructSchema = StructSchema {
    name: "ProducerState",
    fields: &[
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 0),
        FieldSchema::new("ProducerEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("LastSequence", FieldKind::Int32, 0, 0).default("-1"),
        FieldSchema::new("LastTimestamp", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("CoordinatorEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("CurrentTxnStartOffset", FieldKind::Int64, 0, 0).default("-1"),
    ],
};
static BROKER_REGISTRATION_REQUEST: StructSchema = StructSchema {
    name: "BrokerRegistrationRequest",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 4),
        FieldSchema::new("ClusterId", FieldKind::String, 0, 4),
        FieldSchema::new("IncarnationId", FieldKind::Uuid, 0, 4),
        FieldSchema::new(
            "Listeners",
            FieldKind::Array(&FieldKind::Struct(&BROKER_REGISTRATION_REQUEST_LISTENER)),
            0,
            4,
        ),
        FieldSchema::new(
            "Features",
            FieldKind::Array(&FieldKind::Struct(&BROKER_REGISTRATION_REQUEST_FEATURE)),
            0,
            4,
        ),
        FieldSchema::new("Rack", FieldKind::String, 0, 4).nullable(0, 4),
        FieldSchema::new("IsMigratingZkBroker", FieldKind::Bool, 1, 4),
        FieldSchema::new("LogDirs", FieldKind::Array(&FieldKind::Uuid), 2, 4),
        FieldSchema::new("PreviousBrokerEpoch", FieldKind::Int64, 3, 4).default("-1"),
    ],
};
static BROKER_REGISTRATION_REQUEST_LISTENER: StructSchema = StructSchema {
    name: "Listener",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 4),
        FieldSchema::new("Host", FieldKind::String, 0, 4),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 4),
        FieldSchema::new("SecurityProtocol", FieldKind::Int16, 0, 4),
    ],
};
static BROKER_REGISTRATION_REQUEST_FEATURE: StructSchema = StructSchema {
    name: "Feature",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 4),
        FieldSchema::new("MinSupportedVersion", FieldKind::Int16, 0, 4),
        FieldSchema::new("MaxSupportedVersion", FieldKind::Int16, 0, 4),
    ],
};
static BROKER_REGISTRATION_RESPONSE: StructSchema = StructSchema {
    name: "BrokerRegistrationResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 4),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 4),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 0, 4).default("-1"),
    ],
};
static BROKER_HEARTBEAT_REQUEST: StructSchema = StructSchema {
    name: "BrokerHeartbeatRequest",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 2),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 0, 2).default("-1"),
        FieldSchema::new("CurrentMetadataOffset", FieldKind::Int64, 0, 2),
        FieldSchema::new("WantFence", FieldKind::Bool, 0, 2),
        FieldSchema::new("WantShutDown", FieldKind::Bool, 0, 2),
        FieldSchema::new("OfflineLogDirs", FieldKind::Array(&FieldKind::Uuid), 1, 2).tag(0),
        FieldSchema::new("CordonedLogDirs", FieldKind::Array(&FieldKind::Uuid), 2, 2)
            .nullable(2, 2)
            .default("null")
            .tag(1),
    ],
};
static BROKER_HEARTBEAT_RESPONSE: StructSchema = StructSchema {
    name: "BrokerHeartbeatResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("IsCaughtUp", FieldKind::Bool, 0, 2),
        FieldSchema::new("IsFenced", FieldKind::Bool, 0, 2).default("true"),
        FieldSchema::new("ShouldShutDown", FieldKind::Bool, 0, 2),
    ],
};
static UNREGISTER_BROKER_REQUEST: StructSchema = StructSchema {
    name: "UnregisterBrokerRequest",
    fields: &[FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0)],
};
static UNREGISTER_BROKER_RESPONSE: StructSchema = StructSchema {
    name: "UnregisterBrokerResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0),
    ],
};
static DESCRIBE_TRANSACTIONS_REQUEST: StructSchema = StructSchema {
    name: "DescribeTransactionsRequest",
    fields: &[FieldSchema::new("TransactionalIds", FieldKind::Array(&FieldKind::String), 0, 0)],
};
static DESCRIBE_TRANSACTIONS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeTransactionsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "TransactionStates",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_TRANSACTIONS_RESPONSE_TRANSACTION_STATE)),
            0,
            0,
        ),
    ],
};
static DESCRIBE_TRANSACTIONS_RESPONSE_TRANSACTION_STATE: StructSchema = StructSchema {
    name: "TransactionState",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("TransactionalId", FieldKind::String, 0, 0),
        FieldSchema::new("TransactionState", FieldKind::String, 0, 0),
        FieldSchema::new("TransactionTimeoutMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("TransactionStartTimeMs", FieldKind::Int64, 0, 0),
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 0),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_TRANSACTIONS_RESPONSE_TOPIC_DATA)),
            0,
            0,
        ),
    ],
};
static DESCRIBE_TRANSACTIONS_RESPONSE_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 0, 0),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 0),
    ],
};
static LIST_TRANSACTIONS_REQUEST: StructSchema = StructSchema {
    name: "ListTransactionsRequest",
    fields: &[
        FieldSchema::new("StateFilters", FieldKind::Array(&FieldKind::String), 0, 2),
        FieldSchema::new("ProducerIdFilters", FieldKind::Array(&FieldKind::Int64), 0, 2),
        FieldSchema::new("DurationFilter", FieldKind::Int64, 1, 2).default("-1"),
        FieldSchema::new("TransactionalIdPattern", FieldKind::String, 2, 2)
            .nullable(2, 2)
            .default("null"),
    ],
};
static LIST_TRANSACTIONS_RESPONSE: StructSchema = StructSchema {
    name: "ListTransactionsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 2),
        FieldSchema::new("UnknownStateFilters", FieldKind::Array(&FieldKind::String), 0, 2),
        FieldSchema::new(
            "TransactionStates",
            FieldKind::Array(&FieldKind::Struct(&LIST_TRANSACTIONS_RESPONSE_TRANSACTION_STATE)),
            0,
            2,
        ),
    ],
};
static LIST_TRANSACTIONS_RESPONSE_TRANSACTION_STATE: StructSchema = StructSchema {
    name: "TransactionState",
    fields: &[
        FieldSchema::new("TransactionalId", FieldKind::String, 0, 2),
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 2),
        FieldSchema::new("TransactionState", FieldKind::String, 0, 2),
    ],
};
static ALLOCATE_PRODUCER_IDS_REQUEST: StructSchema = StructSchema {
    name: "AllocateProducerIdsRequest",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 0, 0).default("-1"),
    ],
};
static ALLOCATE_PRODUCER_IDS_RESPONSE: StructSchema = StructSchema {
    name: "AllocateProducerIdsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ProducerIdStart", FieldKind::Int64, 0, 0),
        FieldSchema::new("ProducerIdLen", FieldKind::Int32, 0, 0),
    ],
};
static CONSUMER_GROUP_HEARTBEAT_REQUEST: StructSchema = StructSchema {
    name: "ConsumerGroupHeartbeatRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 1),
        FieldSchema::new("MemberId", FieldKind::String, 0, 1),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("InstanceId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("RackId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("RebalanceTimeoutMs", FieldKind::Int32, 0, 1).default("-1"),
        FieldSchema::new("SubscribedTopicNames", FieldKind::Array(&FieldKind::String), 0, 1)
            .nullable(0, 1)
            .default("null"),
        FieldSchema::new("SubscribedTopicRegex", FieldKind::String, 1, 1)
            .nullable(1, 1)
            .default("null"),
        FieldSchema::new("ServerAssignor", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new(
            "TopicPartitions",
            FieldKind::Array(&FieldKind::Struct(
                &CONSUMER_GROUP_HEARTBEAT_REQUEST_TOPIC_PARTITIONS,
            )),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
    ],
};
static CONSUMER_GROUP_HEARTBEAT_REQUEST_TOPIC_PARTITIONS: StructSchema = StructSchema {
    name: "TopicPartitions",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
static CONSUMER_GROUP_HEARTBEAT_RESPONSE: StructSchema = StructSchema {
    name: "ConsumerGroupHeartbeatResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("MemberId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("HeartbeatIntervalMs", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Assignment",
            FieldKind::Struct(&CONSUMER_GROUP_HEARTBEAT_RESPONSE_ASSIGNMENT),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
    ],
};
static CONSUMER_GROUP_HEARTBEAT_RESPONSE_ASSIGNMENT: StructSchema = StructSchema {
    name: "Assignment",
    fields: &[FieldSchema::new(
        "TopicPartitions",
        FieldKind::Array(&FieldKind::Struct(&CONSUMER_GROUP_HEARTBEAT_RESPONSE_TOPIC_PARTITIONS)),
        0,
        1,
    )],
};
static CONSUMER_GROUP_HEARTBEAT_RESPONSE_TOPIC_PARTITIONS: StructSchema = StructSchema {
    name: "TopicPartitions",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
static CONSUMER_GROUP_DESCRIBE_REQUEST: StructSchema = StructSchema {
    name: "ConsumerGroupDescribeRequest",
    fields: &[
        FieldSchema::new("GroupIds", FieldKind::Array(&FieldKind::String), 0, 1),
        FieldSchema::new("IncludeAuthorizedOperations", FieldKind::Bool, 0, 1),
    ],
};
static CONSUMER_GROUP_DESCRIBE_RESPONSE: StructSchema = StructSchema {
    name: "ConsumerGroupDescribeResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(&CONSUMER_GROUP_DESCRIBE_RESPONSE_DESCRIBED_GROUP)),
            0,
            1,
        ),
    ],
};
static CONSUMER_GROUP_DESCRIBE_RESPONSE_DESCRIBED_GROUP: StructSchema = StructSchema {
    name: "DescribedGroup",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("GroupId", FieldKind::String, 0, 1),
        FieldSchema::new("GroupState", FieldKind::String, 0, 1),
        FieldSchema::new("GroupEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("AssignmentEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("AssignorName", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Members",
            FieldKind::Array(&FieldKind::Struct(&CONSUMER_GROUP_DESCRIBE_RESPONSE_MEMBER)),
            0,
            1,
        ),
        FieldSchema::new("AuthorizedOperations", FieldKind::Int32, 0, 1).default("-2147483648"),
    ],
};
static CONSUMER_GROUP_DESCRIBE_RESPONSE_MEMBER: StructSchema = StructSchema {
    name: "Member",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 0, 1),
        FieldSchema::new("InstanceId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("RackId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("ClientId", FieldKind::String, 0, 1),
        FieldSchema::new("ClientHost", FieldKind::String, 0, 1),
        FieldSchema::new("SubscribedTopicNames", FieldKind::Array(&FieldKind::String), 0, 1),
        FieldSchema::new("SubscribedTopicRegex", FieldKind::String, 0, 1)
            .nullable(0, 1)
            .default("null"),
        FieldSchema::new(
            "Assignment",
            FieldKind::Struct(&CONSUMER_GROUP_DESCRIBE_RESPONSE_ASSIGNMENT),
            0,
            1,
        ),
        FieldSchema::new(
            "TargetAssignment",
            FieldKind::Struct(&CONSUMER_GROUP_DESCRIBE_RESPONSE_ASSIGNMENT),
            0,
            1,
        ),
        FieldSchema::new("MemberType", FieldKind::Int8, 1, 1).default("-1"),
    ],
};
static CONSUMER_GROUP_DESCRIBE_RESPONSE_TOPIC_PARTITIONS: StructSchema = StructSchema {
    name: "TopicPartitions",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 1),
        FieldSchema::new("TopicName", FieldKind::String, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
static CONSUMER_GROUP_DESCRIBE_RESPONSE_ASSIGNMENT: StructSchema = StructSchema {
    name: "Assignment",
    fields: &[FieldSchema::new(
        "TopicPartitions",
        FieldKind::Array(&FieldKind::Struct(&CONSUMER_GROUP_DESCRIBE_RESPONSE_TOPIC_PARTITIONS)),
        0,
        1,
    )],
};
static CONTROLLER_REGISTRATION_REQUEST: StructSchema = StructSchema {
    name: "ControllerRegistrationRequest",
    fields: &[
        FieldSchema::new("ControllerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("IncarnationId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("ZkMigrationReady", FieldKind::Bool, 0, 0),
        FieldSchema::new(
            "Listeners",
            FieldKind::Array(&FieldKind::Struct(&CONTROLLER_REGISTRATION_REQUEST_LISTENER)),
            0,
            0,
        ),
        FieldSchema::new(
            "Features",
            FieldKind::Array(&FieldKind::Struct(&CONTROLLER_REGISTRATION_REQUEST_FEATURE)),
            0,
            0,
        ),
    ],
};
static CONTROLLER_REGISTRATION_REQUEST_LISTENER: StructSchema = StructSchema {
    name: "Listener",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 0),
        FieldSchema::new("SecurityProtocol", FieldKind::Int16, 0, 0),
    ],
};
static CONTROLLER_REGISTRATION_REQUEST_FEATURE: StructSchema = StructSchema {
    name: "Feature",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("MinSupportedVersion", FieldKind::Int16, 0, 0),
        FieldSchema::new("MaxSupportedVersion", FieldKind::Int16, 0, 0),
    ],
};
static CONTROLLER_REGISTRATION_RESPONSE: StructSchema = StructSchema {
    name: "ControllerRegistrationResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0),
    ],
};
static GET_TELEMETRY_SUBSCRIPTIONS_REQUEST: StructSchema = StructSchema {
    name: "GetTelemetrySubscriptionsRequest",
    fields: &[FieldSchema::new("ClientInstanceId", FieldKind::Uuid, 0, 0)],
};
static GET_TELEMETRY_SUBSCRIPTIONS_RESPONSE: StructSchema = StructSchema {
    name: "GetTelemetrySubscriptionsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ClientInstanceId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("SubscriptionId", FieldKind::Int32, 0, 0),
        FieldSchema::new("AcceptedCompressionTypes", FieldKind::Array(&FieldKind::Int8), 0, 0),
        FieldSchema::new("PushIntervalMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("TelemetryMaxBytes", FieldKind::Int32, 0, 0),
        FieldSchema::new("DeltaTemporality", FieldKind::Bool, 0, 0),
        FieldSchema::new("RequestedMetrics", FieldKind::Array(&FieldKind::String), 0, 0),
    ],
};
static PUSH_TELEMETRY_REQUEST: StructSchema = StructSchema {
    name: "PushTelemetryRequest",
    fields: &[
        FieldSchema::new("ClientInstanceId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("SubscriptionId", FieldKind::Int32, 0, 0),
        FieldSchema::new("Terminating", FieldKind::Bool, 0, 0),
        FieldSchema::new("CompressionType", FieldKind::Int8, 0, 0),
        FieldSchema::new("Metrics", FieldKind::Bytes, 0, 0),
    ],
};
static PUSH_TELEMETRY_RESPONSE: StructSchema = StructSchema {
    name: "PushTelemetryResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
    ],
};
static ASSIGN_REPLICAS_TO_DIRS_REQUEST: StructSchema = StructSchema {
    name: "AssignReplicasToDirsRequest",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new(
            "Directories",
            FieldKind::Array(&FieldKind::Struct(&ASSIGN_REPLICAS_TO_DIRS_REQUEST_DIRECTORY_DATA)),
            0,
            0,
        ),
    ],
};
static ASSIGN_REPLICAS_TO_DIRS_REQUEST_DIRECTORY_DATA: StructSchema = StructSchema {
    name: "DirectoryData",
    fields: &[
        FieldSchema::new("Id", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&ASSIGN_REPLICAS_TO_DIRS_REQUEST_TOPIC_DATA)),
            0,
            0,
        ),
    ],
};
static ASSIGN_REPLICAS_TO_DIRS_REQUEST_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&ASSIGN_REPLICAS_TO_DIRS_REQUEST_PARTITION_DATA)),
            0,
            0,
        ),
    ],
};
static ASSIGN_REPLICAS_TO_DIRS_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0)],
};
static ASSIGN_REPLICAS_TO_DIRS_RESPONSE: StructSchema = StructSchema {
    name: "AssignReplicasToDirsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new(
            "Directories",
            FieldKind::Array(&FieldKind::Struct(&ASSIGN_REPLICAS_TO_DIRS_RESPONSE_DIRECTORY_DATA)),
            0,
            0,
        ),
    ],
};
static ASSIGN_REPLICAS_TO_DIRS_RESPONSE_DIRECTORY_DATA: StructSchema = StructSchema {
    name: "DirectoryData",
    fields: &[
        FieldSchema::new("Id", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&ASSIGN_REPLICAS_TO_DIRS_RESPONSE_TOPIC_DATA)),
            0,
            0,
        ),
    ],
};
static ASSIGN_REPLICAS_TO_DIRS_RESPONSE_TOPIC_DATA: StructSchema = StructSchema {
    name: "TopicData",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&ASSIGN_REPLICAS_TO_DIRS_RESPONSE_PARTITION_DATA)),
            0,
            0,
        ),
    ],
};
static ASSIGN_REPLICAS_TO_DIRS_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
    ],
};
static LIST_CONFIG_RESOURCES_REQUEST: StructSchema = StructSchema {
    name: "ListConfigResourcesRequest",
    fields: &[FieldSchema::new("ResourceTypes", FieldKind::Array(&FieldKind::Int8), 1, 1)],
};
static LIST_CONFIG_RESOURCES_RESPONSE: StructSchema = StructSchema {
    name: "ListConfigResourcesResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new(
            "ConfigResources",
            FieldKind::Array(&FieldKind::Struct(&LIST_CONFIG_RESOURCES_RESPONSE_CONFIG_RESOURCE)),
            0,
            1,
        ),
    ],
};
static LIST_CONFIG_RESOURCES_RESPONSE_CONFIG_RESOURCE: StructSchema = StructSchema {
    name: "ConfigResource",
    fields: &[
        FieldSchema::new("ResourceName", FieldKind::String, 0, 1),
        FieldSchema::new("ResourceType", FieldKind::Int8, 1, 1).default("16"),
    ],
};
static DESCRIBE_TOPIC_PARTITIONS_REQUEST: StructSchema = StructSchema {
    name: "DescribeTopicPartitionsRequest",
    fields: &[
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&DESCRIBE_TOPIC_PARTITIONS_REQUEST_TOPIC_REQUEST)),
            0,
            0,
        ),
        FieldSchema::new("ResponsePartitionLimit", FieldKind::Int32, 0, 0).default("2000"),
        FieldSchema::new(
            "Cursor",
            FieldKind::Struct(&DESCRIBE_TOPIC_PARTITIONS_REQUEST_CURSOR),
            0,
            0,
        )
        .nullable(0, 0)
        .default("null"),
    ],
};
static DESCRIBE_TOPIC_PARTITIONS_REQUEST_TOPIC_REQUEST: StructSchema = StructSchema {
    name: "TopicRequest",
    fields: &[FieldSchema::new("Name", FieldKind::String, 0, 0)],
};
static DESCRIBE_TOPIC_PARTITIONS_REQUEST_CURSOR: StructSchema = StructSchema {
    name: "Cursor",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 0),
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
    ],
};
static DESCRIBE_TOPIC_PARTITIONS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeTopicPartitionsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_TOPIC_PARTITIONS_RESPONSE_DESCRIBE_TOPIC_PARTITIONS_RESPONSE_TOPIC,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "NextCursor",
            FieldKind::Struct(&DESCRIBE_TOPIC_PARTITIONS_RESPONSE_CURSOR),
            0,
            0,
        )
        .nullable(0, 0)
        .default("null"),
    ],
};
static DESCRIBE_TOPIC_PARTITIONS_RESPONSE_DESCRIBE_TOPIC_PARTITIONS_RESPONSE_TOPIC: StructSchema = StructSchema { name: "DescribeTopicPartitionsResponseTopic", fields: &[FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0), FieldSchema::new("Name", FieldKind::String, 0, 0).nullable(0, 0), FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0), FieldSchema::new("IsInternal", FieldKind::Bool, 0, 0), FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Struct(&DESCRIBE_TOPIC_PARTITIONS_RESPONSE_DESCRIBE_TOPIC_PARTITIONS_RESPONSE_PARTITION)), 0, 0), FieldSchema::new("TopicAuthorizedOperations", FieldKind::Int32, 0, 0).default("-2147483648")] };
static DESCRIBE_TOPIC_PARTITIONS_RESPONSE_DESCRIBE_TOPIC_PARTITIONS_RESPONSE_PARTITION:
    StructSchema = StructSchema {
    name: "DescribeTopicPartitionsResponsePartition",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 0),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 0).default("-1"),
        FieldSchema::new("ReplicaNodes", FieldKind::Array(&FieldKind::Int32), 0, 0),
        FieldSchema::new("IsrNodes", FieldKind::Array(&FieldKind::Int32), 0, 0),
        FieldSchema::new("EligibleLeaderReplicas", FieldKind::Array(&FieldKind::Int32), 0, 0)
            .nullable(0, 0)
            .default("null"),
        FieldSchema::new("LastKnownElr", FieldKind::Array(&FieldKind::Int32), 0, 0)
            .nullable(0, 0)
            .default("null"),
        FieldSchema::new("OfflineReplicas", FieldKind::Array(&FieldKind::Int32), 0, 0),
    ],
};
static DESCRIBE_TOPIC_PARTITIONS_RESPONSE_CURSOR: StructSchema = StructSchema {
    name: "Cursor",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 0),
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
    ],
};
static SHARE_GROUP_HEARTBEAT_REQUEST: StructSchema = StructSchema {
    name: "ShareGroupHeartbeatRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 1, 1),
        FieldSchema::new("MemberId", FieldKind::String, 1, 1),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 1, 1),
        FieldSchema::new("RackId", FieldKind::String, 1, 1).nullable(1, 1).default("null"),
        FieldSchema::new("SubscribedTopicNames", FieldKind::Array(&FieldKind::String), 1, 1)
            .nullable(1, 1)
            .default("null"),
    ],
};
static SHARE_GROUP_HEARTBEAT_RESPONSE: StructSchema = StructSchema {
    name: "ShareGroupHeartbeatResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 1).nullable(1, 1).default("null"),
        FieldSchema::new("MemberId", FieldKind::String, 1, 1).nullable(1, 1).default("null"),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 1, 1),
        FieldSchema::new("HeartbeatIntervalMs", FieldKind::Int32, 1, 1),
        FieldSchema::new(
            "Assignment",
            FieldKind::Struct(&SHARE_GROUP_HEARTBEAT_RESPONSE_ASSIGNMENT),
            1,
            1,
        )
        .nullable(1, 1)
        .default("null"),
    ],
};
static SHARE_GROUP_HEARTBEAT_RESPONSE_ASSIGNMENT: StructSchema = StructSchema {
    name: "Assignment",
    fields: &[FieldSchema::new(
        "TopicPartitions",
        FieldKind::Array(&FieldKind::Struct(&SHARE_GROUP_HEARTBEAT_RESPONSE_TOPIC_PARTITIONS)),
        1,
        1,
    )],
};
static SHARE_GROUP_HEARTBEAT_RESPONSE_TOPIC_PARTITIONS: StructSchema = StructSchema {
    name: "TopicPartitions",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 1, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 1, 1),
    ],
};
static SHARE_GROUP_DESCRIBE_REQUEST: StructSchema = StructSchema {
    name: "ShareGroupDescribeRequest",
    fields: &[
        FieldSchema::new("GroupIds", FieldKind::Array(&FieldKind::String), 1, 1),
        FieldSchema::new("IncludeAuthorizedOperations", FieldKind::Bool, 1, 1),
    ],
};
static SHARE_GROUP_DESCRIBE_RESPONSE: StructSchema = StructSchema {
    name: "ShareGroupDescribeResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 1),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(&SHARE_GROUP_DESCRIBE_RESPONSE_DESCRIBED_GROUP)),
            1,
            1,
        ),
    ],
};
static SHARE_GROUP_DESCRIBE_RESPONSE_DESCRIBED_GROUP: StructSchema = StructSchema {
    name: "DescribedGroup",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 1).nullable(1, 1).default("null"),
        FieldSchema::new("GroupId", FieldKind::String, 1, 1),
        FieldSchema::new("GroupState", FieldKind::String, 1, 1),
        FieldSchema::new("GroupEpoch", FieldKind::Int32, 1, 1),
        FieldSchema::new("AssignmentEpoch", FieldKind::Int32, 1, 1),
        FieldSchema::new("AssignorName", FieldKind::String, 1, 1),
        FieldSchema::new(
            "Members",
            FieldKind::Array(&FieldKind::Struct(&SHARE_GROUP_DESCRIBE_RESPONSE_MEMBER)),
            1,
            1,
        ),
        FieldSchema::new("AuthorizedOperations", FieldKind::Int32, 1, 1).default("-2147483648"),
    ],
};
static SHARE_GROUP_DESCRIBE_RESPONSE_MEMBER: StructSchema = StructSchema {
    name: "Member",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 1, 1),
        FieldSchema::new("RackId", FieldKind::String, 1, 1).nullable(1, 1).default("null"),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 1, 1),
        FieldSchema::new("ClientId", FieldKind::String, 1, 1),
        FieldSchema::new("ClientHost", FieldKind::String, 1, 1),
        FieldSchema::new("SubscribedTopicNames", FieldKind::Array(&FieldKind::String), 1, 1),
        FieldSchema::new(
            "Assignment",
            FieldKind::Struct(&SHARE_GROUP_DESCRIBE_RESPONSE_ASSIGNMENT),
            1,
            1,
        ),
    ],
};
static SHARE_GROUP_DESCRIBE_RESPONSE_TOPIC_PARTITIONS: StructSchema = StructSchema {
    name: "TopicPartitions",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 1, 1),
        FieldSchema::new("TopicName", FieldKind::String, 1, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 1, 1),
    ],
};
static SHARE_GROUP_DESCRIBE_RESPONSE_ASSIGNMENT: StructSchema = StructSchema {
    name: "Assignment",
    fields: &[FieldSchema::new(
        "TopicPartitions",
        FieldKind::Array(&FieldKind::Struct(&SHARE_GROUP_DESCRIBE_RESPONSE_TOPIC_PARTITIONS)),
        1,
        1,
    )],
};
static SHARE_FETCH_REQUEST: StructSchema = StructSchema {
    name: "ShareFetchRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 1, 2).nullable(1, 2).default("null"),
        FieldSchema::new("MemberId", FieldKind::String, 1, 2).nullable(1, 2),
        FieldSchema::new("ShareSessionEpoch", FieldKind::Int32, 1, 2),
        FieldSchema::new("MaxWaitMs", FieldKind::Int32, 1, 2),
        FieldSchema::new("MinBytes", FieldKind::Int32, 1, 2),
        FieldSchema::new("MaxBytes", FieldKind::Int32, 1, 2).default("2147483647"),
        FieldSchema::new("MaxRecords", FieldKind::Int32, 1, 2),
        FieldSchema::new("BatchSize", FieldKind::Int32, 1, 2),
        FieldSchema::new("ShareAcquireMode", FieldKind::Int8, 2, 2),
        FieldSchema::new("IsRenewAck", FieldKind::Bool, 2, 2),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&SHARE_FETCH_REQUEST_FETCH_TOPIC)),
            1,
            2,
        ),
        FieldSchema::new(
            "ForgottenTopicsData",
            FieldKind::Array(&FieldKind::Struct(&SHARE_FETCH_REQUEST_FORGOTTEN_TOPIC)),
            1,
            2,
        ),
    ],
};
static SHARE_FETCH_REQUEST_FETCH_TOPIC: StructSchema = StructSchema {
    name: "FetchTopic",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 1, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&SHARE_FETCH_REQUEST_FETCH_PARTITION)),
            1,
            2,
        ),
    ],
};
static SHARE_FETCH_REQUEST_FETCH_PARTITION: StructSchema = StructSchema {
    name: "FetchPartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 2),
        FieldSchema::new(
            "AcknowledgementBatches",
            FieldKind::Array(&FieldKind::Struct(&SHARE_FETCH_REQUEST_ACKNOWLEDGEMENT_BATCH)),
            1,
            2,
        ),
    ],
};
static SHARE_FETCH_REQUEST_ACKNOWLEDGEMENT_BATCH: StructSchema = StructSchema {
    name: "AcknowledgementBatch",
    fields: &[
        FieldSchema::new("FirstOffset", FieldKind::Int64, 1, 2),
        FieldSchema::new("LastOffset", FieldKind::Int64, 1, 2),
        FieldSchema::new("AcknowledgeTypes", FieldKind::Array(&FieldKind::Int8), 1, 2),
    ],
};
static SHARE_FETCH_REQUEST_FORGOTTEN_TOPIC: StructSchema = StructSchema {
    name: "ForgottenTopic",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 1, 2),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 1, 2),
    ],
};
static SHARE_FETCH_RESPONSE: StructSchema = StructSchema {
    name: "ShareFetchResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 2).nullable(1, 2).default("null"),
        FieldSchema::new("AcquisitionLockTimeoutMs", FieldKind::Int32, 1, 2),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(
                &SHARE_FETCH_RESPONSE_SHARE_FETCHABLE_TOPIC_RESPONSE,
            )),
            1,
            2,
        ),
        FieldSchema::new(
            "NodeEndpoints",
            FieldKind::Array(&FieldKind::Struct(&SHARE_FETCH_RESPONSE_NODE_ENDPOINT)),
            1,
            2,
        ),
    ],
};
static SHARE_FETCH_RESPONSE_SHARE_FETCHABLE_TOPIC_RESPONSE: StructSchema = StructSchema {
    name: "ShareFetchableTopicResponse",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 1, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&SHARE_FETCH_RESPONSE_PARTITION_DATA)),
            1,
            2,
        ),
    ],
};
static SHARE_FETCH_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 2).nullable(1, 2).default("null"),
        FieldSchema::new("AcknowledgeErrorCode", FieldKind::Int16, 1, 2),
        FieldSchema::new("AcknowledgeErrorMessage", FieldKind::String, 1, 2)
            .nullable(1, 2)
            .default("null"),
        FieldSchema::new(
            "CurrentLeader",
            FieldKind::Struct(&SHARE_FETCH_RESPONSE_LEADER_ID_AND_EPOCH),
            1,
            2,
        ),
        FieldSchema::new("Records", FieldKind::Records, 1, 2),
        FieldSchema::new(
            "AcquiredRecords",
            FieldKind::Array(&FieldKind::Struct(&SHARE_FETCH_RESPONSE_ACQUIRED_RECORDS)),
            1,
            2,
        ),
    ],
};
static SHARE_FETCH_RESPONSE_LEADER_ID_AND_EPOCH: StructSchema = StructSchema {
    name: "LeaderIdAndEpoch",
    fields: &[
        FieldSchema::new("LeaderId", FieldKind::Int32, 1, 2),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 1, 2),
    ],
};
static SHARE_FETCH_RESPONSE_ACQUIRED_RECORDS: StructSchema = StructSchema {
    name: "AcquiredRecords",
    fields: &[
        FieldSchema::new("FirstOffset", FieldKind::Int64, 1, 2),
        FieldSchema::new("LastOffset", FieldKind::Int64, 1, 2),
        FieldSchema::new("DeliveryCount", FieldKind::Int16, 1, 2),
    ],
};
static SHARE_FETCH_RESPONSE_NODE_ENDPOINT: StructSchema = StructSchema {
    name: "NodeEndpoint",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 1, 2),
        FieldSchema::new("Host", FieldKind::String, 1, 2),
        FieldSchema::new("Port", FieldKind::Int32, 1, 2),
        FieldSchema::new("Rack", FieldKind::String, 1, 2).nullable(1, 2).default("null"),
    ],
};
static SHARE_ACKNOWLEDGE_REQUEST: StructSchema = StructSchema {
    name: "ShareAcknowledgeRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 1, 2).nullable(1, 2).default("null"),
        FieldSchema::new("MemberId", FieldKind::String, 1, 2).nullable(1, 2),
        FieldSchema::new("ShareSessionEpoch", FieldKind::Int32, 1, 2),
        FieldSchema::new("IsRenewAck", FieldKind::Bool, 2, 2),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&SHARE_ACKNOWLEDGE_REQUEST_ACKNOWLEDGE_TOPIC)),
            1,
            2,
        ),
    ],
};
static SHARE_ACKNOWLEDGE_REQUEST_ACKNOWLEDGE_TOPIC: StructSchema = StructSchema {
    name: "AcknowledgeTopic",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 1, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&SHARE_ACKNOWLEDGE_REQUEST_ACKNOWLEDGE_PARTITION)),
            1,
            2,
        ),
    ],
};
static SHARE_ACKNOWLEDGE_REQUEST_ACKNOWLEDGE_PARTITION: StructSchema = StructSchema {
    name: "AcknowledgePartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 2),
        FieldSchema::new(
            "AcknowledgementBatches",
            FieldKind::Array(&FieldKind::Struct(&SHARE_ACKNOWLEDGE_REQUEST_ACKNOWLEDGEMENT_BATCH)),
            1,
            2,
        ),
    ],
};
static SHARE_ACKNOWLEDGE_REQUEST_ACKNOWLEDGEMENT_BATCH: StructSchema = StructSchema {
    name: "AcknowledgementBatch",
    fields: &[
        FieldSchema::new("FirstOffset", FieldKind::Int64, 1, 2),
        FieldSchema::new("LastOffset", FieldKind::Int64, 1, 2),
        FieldSchema::new("AcknowledgeTypes", FieldKind::Array(&FieldKind::Int8), 1, 2),
    ],
};
static SHARE_ACKNOWLEDGE_RESPONSE: StructSchema = StructSchema {
    name: "ShareAcknowledgeResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 1, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 2).nullable(1, 2).default("null"),
        FieldSchema::new("AcquisitionLockTimeoutMs", FieldKind::Int32, 2, 2),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(
                &SHARE_ACKNOWLEDGE_RESPONSE_SHARE_ACKNOWLEDGE_TOPIC_RESPONSE,
            )),
            1,
            2,
        ),
        FieldSchema::new(
            "NodeEndpoints",
            FieldKind::Array(&FieldKind::Struct(&SHARE_ACKNOWLEDGE_RESPONSE_NODE_ENDPOINT)),
            1,
            2,
        ),
    ],
};
static SHARE_ACKNOWLEDGE_RESPONSE_SHARE_ACKNOWLEDGE_TOPIC_RESPONSE: StructSchema = StructSchema {
    name: "ShareAcknowledgeTopicResponse",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 1, 2),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&SHARE_ACKNOWLEDGE_RESPONSE_PARTITION_DATA)),
            1,
            2,
        ),
    ],
};
static SHARE_ACKNOWLEDGE_RESPONSE_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 1, 2),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 1, 2),
        FieldSchema::new("ErrorMessage", FieldKind::String, 1, 2).nullable(1, 2).default("null"),
        FieldSchema::new(
            "CurrentLeader",
            FieldKind::Struct(&SHARE_ACKNOWLEDGE_RESPONSE_LEADER_ID_AND_EPOCH),
            1,
            2,
        ),
    ],
};
static SHARE_ACKNOWLEDGE_RESPONSE_LEADER_ID_AND_EPOCH: StructSchema = StructSchema {
    name: "LeaderIdAndEpoch",
    fields: &[
        FieldSchema::new("LeaderId", FieldKind::Int32, 1, 2),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 1, 2),
    ],
};
static SHARE_ACKNOWLEDGE_RESPONSE_NODE_ENDPOINT: StructSchema = StructSchema {
    name: "NodeEndpoint",
    fields: &[
        FieldSchema::new("NodeId", FieldKind::Int32, 1, 2),
        FieldSchema::new("Host", FieldKind::String, 1, 2),
        FieldSchema::new("Port", FieldKind::Int32, 1, 2),
        FieldSchema::new("Rack", FieldKind::String, 1, 2).nullable(1, 2).default("null"),
    ],
};
static ADD_RAFT_VOTER_REQUEST: StructSchema = StructSchema {
    name: "AddRaftVoterRequest",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 0, 1).nullable(0, 1),
        FieldSchema::new("TimeoutMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("VoterId", FieldKind::Int32, 0, 1),
        FieldSchema::new("VoterDirectoryId", FieldKind::Uuid, 0, 1),
        FieldSchema::new(
            "Listeners",
            FieldKind::Array(&FieldKind::Struct(&ADD_RAFT_VOTER_REQUEST_LISTENER)),
            0,
            1,
        ),
        FieldSchema::new("AckWhenCommitted", FieldKind::Bool, 1, 1).default("true"),
    ],
};
static ADD_RAFT_VOTER_REQUEST_LISTENER: StructSchema = StructSchema {
    name: "Listener",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 1),
        FieldSchema::new("Host", FieldKind::String, 0, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 1),
    ],
};
static ADD_RAFT_VOTER_RESPONSE: StructSchema = StructSchema {
    name: "AddRaftVoterResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1),
    ],
};
static REMOVE_RAFT_VOTER_REQUEST: StructSchema = StructSchema {
    name: "RemoveRaftVoterRequest",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new("VoterId", FieldKind::Int32, 0, 0),
        FieldSchema::new("VoterDirectoryId", FieldKind::Uuid, 0, 0),
    ],
};
static REMOVE_RAFT_VOTER_RESPONSE: StructSchema = StructSchema {
    name: "RemoveRaftVoterResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0),
    ],
};
static UPDATE_RAFT_VOTER_REQUEST: StructSchema = StructSchema {
    name: "UpdateRaftVoterRequest",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new("CurrentLeaderEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("VoterId", FieldKind::Int32, 0, 0),
        FieldSchema::new("VoterDirectoryId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Listeners",
            FieldKind::Array(&FieldKind::Struct(&UPDATE_RAFT_VOTER_REQUEST_LISTENER)),
            0,
            0,
        ),
        FieldSchema::new(
            "KRaftVersionFeature",
            FieldKind::Struct(&UPDATE_RAFT_VOTER_REQUEST_K_RAFT_VERSION_FEATURE),
            0,
            0,
        ),
    ],
};
static UPDATE_RAFT_VOTER_REQUEST_LISTENER: StructSchema = StructSchema {
    name: "Listener",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 0),
    ],
};
static UPDATE_RAFT_VOTER_REQUEST_K_RAFT_VERSION_FEATURE: StructSchema = StructSchema {
    name: "KRaftVersionFeature",
    fields: &[
        FieldSchema::new("MinSupportedVersion", FieldKind::Int16, 0, 0),
        FieldSchema::new("MaxSupportedVersion", FieldKind::Int16, 0, 0),
    ],
};
static UPDATE_RAFT_VOTER_RESPONSE: StructSchema = StructSchema {
    name: "UpdateRaftVoterResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new(
            "CurrentLeader",
            FieldKind::Struct(&UPDATE_RAFT_VOTER_RESPONSE_CURRENT_LEADER),
            0,
            0,
        )
        .tag(0),
    ],
};
static UPDATE_RAFT_VOTER_RESPONSE_CURRENT_LEADER: StructSchema = StructSchema {
    name: "CurrentLeader",
    fields: &[
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 0).default("-1"),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 0).default("-1"),
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("Port", FieldKind::Int32, 0, 0),
    ],
};
static INITIALIZE_SHARE_GROUP_STATE_REQUEST: StructSchema = StructSchema {
    name: "InitializeShareGroupStateRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &INITIALIZE_SHARE_GROUP_STATE_REQUEST_INITIALIZE_STATE_DATA,
            )),
            0,
            0,
        ),
    ],
};
static INITIALIZE_SHARE_GROUP_STATE_REQUEST_INITIALIZE_STATE_DATA: StructSchema = StructSchema {
    name: "InitializeStateData",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &INITIALIZE_SHARE_GROUP_STATE_REQUEST_PARTITION_DATA,
            )),
            0,
            0,
        ),
    ],
};
static INITIALIZE_SHARE_GROUP_STATE_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
        FieldSchema::new("StateEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 0),
    ],
};
static INITIALIZE_SHARE_GROUP_STATE_RESPONSE: StructSchema = StructSchema {
    name: "InitializeShareGroupStateResponse",
    fields: &[FieldSchema::new(
        "Results",
        FieldKind::Array(&FieldKind::Struct(
            &INITIALIZE_SHARE_GROUP_STATE_RESPONSE_INITIALIZE_STATE_RESULT,
        )),
        0,
        0,
    )],
};
static INITIALIZE_SHARE_GROUP_STATE_RESPONSE_INITIALIZE_STATE_RESULT: StructSchema = StructSchema {
    name: "InitializeStateResult",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &INITIALIZE_SHARE_GROUP_STATE_RESPONSE_PARTITION_RESULT,
            )),
            0,
            0,
        ),
    ],
};
static INITIALIZE_SHARE_GROUP_STATE_RESPONSE_PARTITION_RESULT: StructSchema = StructSchema {
    name: "PartitionResult",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
    ],
};
static READ_SHARE_GROUP_STATE_REQUEST: StructSchema = StructSchema {
    name: "ReadShareGroupStateRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&READ_SHARE_GROUP_STATE_REQUEST_READ_STATE_DATA)),
            0,
            0,
        ),
    ],
};
static READ_SHARE_GROUP_STATE_REQUEST_READ_STATE_DATA: StructSchema = StructSchema {
    name: "ReadStateData",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&READ_SHARE_GROUP_STATE_REQUEST_PARTITION_DATA)),
            0,
            0,
        ),
    ],
};
static READ_SHARE_GROUP_STATE_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 0),
    ],
};
static READ_SHARE_GROUP_STATE_RESPONSE: StructSchema = StructSchema {
    name: "ReadShareGroupStateResponse",
    fields: &[FieldSchema::new(
        "Results",
        FieldKind::Array(&FieldKind::Struct(&READ_SHARE_GROUP_STATE_RESPONSE_READ_STATE_RESULT)),
        0,
        0,
    )],
};
static READ_SHARE_GROUP_STATE_RESPONSE_READ_STATE_RESULT: StructSchema = StructSchema {
    name: "ReadStateResult",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&READ_SHARE_GROUP_STATE_RESPONSE_PARTITION_RESULT)),
            0,
            0,
        ),
    ],
};
static READ_SHARE_GROUP_STATE_RESPONSE_PARTITION_RESULT: StructSchema = StructSchema {
    name: "PartitionResult",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("StateEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new(
            "StateBatches",
            FieldKind::Array(&FieldKind::Struct(&READ_SHARE_GROUP_STATE_RESPONSE_STATE_BATCH)),
            0,
            0,
        ),
    ],
};
static READ_SHARE_GROUP_STATE_RESPONSE_STATE_BATCH: StructSchema = StructSchema {
    name: "StateBatch",
    fields: &[
        FieldSchema::new("FirstOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("LastOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("DeliveryState", FieldKind::Int8, 0, 0),
        FieldSchema::new("DeliveryCount", FieldKind::Int16, 0, 0),
    ],
};
static WRITE_SHARE_GROUP_STATE_REQUEST: StructSchema = StructSchema {
    name: "WriteShareGroupStateRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(&WRITE_SHARE_GROUP_STATE_REQUEST_WRITE_STATE_DATA)),
            0,
            1,
        ),
    ],
};
static WRITE_SHARE_GROUP_STATE_REQUEST_WRITE_STATE_DATA: StructSchema = StructSchema {
    name: "WriteStateData",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&WRITE_SHARE_GROUP_STATE_REQUEST_PARTITION_DATA)),
            0,
            1,
        ),
    ],
};
static WRITE_SHARE_GROUP_STATE_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 1),
        FieldSchema::new("StateEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 1),
        FieldSchema::new("DeliveryCompleteCount", FieldKind::Int32, 1, 1).default("-1"),
        FieldSchema::new(
            "StateBatches",
            FieldKind::Array(&FieldKind::Struct(&WRITE_SHARE_GROUP_STATE_REQUEST_STATE_BATCH)),
            0,
            1,
        ),
    ],
};
static WRITE_SHARE_GROUP_STATE_REQUEST_STATE_BATCH: StructSchema = StructSchema {
    name: "StateBatch",
    fields: &[
        FieldSchema::new("FirstOffset", FieldKind::Int64, 0, 1),
        FieldSchema::new("LastOffset", FieldKind::Int64, 0, 1),
        FieldSchema::new("DeliveryState", FieldKind::Int8, 0, 1),
        FieldSchema::new("DeliveryCount", FieldKind::Int16, 0, 1),
    ],
};
static WRITE_SHARE_GROUP_STATE_RESPONSE: StructSchema = StructSchema {
    name: "WriteShareGroupStateResponse",
    fields: &[FieldSchema::new(
        "Results",
        FieldKind::Array(&FieldKind::Struct(&WRITE_SHARE_GROUP_STATE_RESPONSE_WRITE_STATE_RESULT)),
        0,
        1,
    )],
};
static WRITE_SHARE_GROUP_STATE_RESPONSE_WRITE_STATE_RESULT: StructSchema = StructSchema {
    name: "WriteStateResult",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 1),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &WRITE_SHARE_GROUP_STATE_RESPONSE_PARTITION_RESULT,
            )),
            0,
            1,
        ),
    ],
};
static WRITE_SHARE_GROUP_STATE_RESPONSE_PARTITION_RESULT: StructSchema = StructSchema {
    name: "PartitionResult",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
    ],
};
static DELETE_SHARE_GROUP_STATE_REQUEST: StructSchema = StructSchema {
    name: "DeleteShareGroupStateRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &DELETE_SHARE_GROUP_STATE_REQUEST_DELETE_STATE_DATA,
            )),
            0,
            0,
        ),
    ],
};
static DELETE_SHARE_GROUP_STATE_REQUEST_DELETE_STATE_DATA: StructSchema = StructSchema {
    name: "DeleteStateData",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&DELETE_SHARE_GROUP_STATE_REQUEST_PARTITION_DATA)),
            0,
            0,
        ),
    ],
};
static DELETE_SHARE_GROUP_STATE_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[FieldSchema::new("Partition", FieldKind::Int32, 0, 0)],
};
static DELETE_SHARE_GROUP_STATE_RESPONSE: StructSchema = StructSchema {
    name: "DeleteShareGroupStateResponse",
    fields: &[FieldSchema::new(
        "Results",
        FieldKind::Array(&FieldKind::Struct(
            &DELETE_SHARE_GROUP_STATE_RESPONSE_DELETE_STATE_RESULT,
        )),
        0,
        0,
    )],
};
static DELETE_SHARE_GROUP_STATE_RESPONSE_DELETE_STATE_RESULT: StructSchema = StructSchema {
    name: "DeleteStateResult",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(
                &DELETE_SHARE_GROUP_STATE_RESPONSE_PARTITION_RESULT,
            )),
            0,
            0,
        ),
    ],
};
static DELETE_SHARE_GROUP_STATE_RESPONSE_PARTITION_RESULT: StructSchema = StructSchema {
    name: "PartitionResult",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
    ],
};
static READ_SHARE_GROUP_STATE_SUMMARY_REQUEST: StructSchema = StructSchema {
    name: "ReadShareGroupStateSummaryRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &READ_SHARE_GROUP_STATE_SUMMARY_REQUEST_READ_STATE_SUMMARY_DATA,
            )),
            0,
            1,
        ),
    ],
};
static READ_SHARE_GROUP_STATE_SUMMARY_REQUEST_READ_STATE_SUMMARY_DATA: StructSchema =
    StructSchema {
        name: "ReadStateSummaryData",
        fields: &[
            FieldSchema::new("TopicId", FieldKind::Uuid, 0, 1),
            FieldSchema::new(
                "Partitions",
                FieldKind::Array(&FieldKind::Struct(
                    &READ_SHARE_GROUP_STATE_SUMMARY_REQUEST_PARTITION_DATA,
                )),
                0,
                1,
            ),
        ],
    };
static READ_SHARE_GROUP_STATE_SUMMARY_REQUEST_PARTITION_DATA: StructSchema = StructSchema {
    name: "PartitionData",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
    ],
};
static READ_SHARE_GROUP_STATE_SUMMARY_RESPONSE: StructSchema = StructSchema {
    name: "ReadShareGroupStateSummaryResponse",
    fields: &[FieldSchema::new(
        "Results",
        FieldKind::Array(&FieldKind::Struct(
            &READ_SHARE_GROUP_STATE_SUMMARY_RESPONSE_READ_STATE_SUMMARY_RESULT,
        )),
        0,
        1,
    )],
};
static READ_SHARE_GROUP_STATE_SUMMARY_RESPONSE_READ_STATE_SUMMARY_RESULT: StructSchema =
    StructSchema {
        name: "ReadStateSummaryResult",
        fields: &[
            FieldSchema::new("TopicId", FieldKind::Uuid, 0, 1),
            FieldSchema::new(
                "Partitions",
                FieldKind::Array(&FieldKind::Struct(
                    &READ_SHARE_GROUP_STATE_SUMMARY_RESPONSE_PARTITION_RESULT,
                )),
                0,
                1,
            ),
        ],
    };
static READ_SHARE_GROUP_STATE_SUMMARY_RESPONSE_PARTITION_RESULT: StructSchema = StructSchema {
    name: "PartitionResult",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("StateEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 1),
        FieldSchema::new("DeliveryCompleteCount", FieldKind::Int32, 1, 1).default("-1"),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST: StructSchema = StructSchema {
    name: "StreamsGroupHeartbeatRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 1),
        FieldSchema::new("MemberId", FieldKind::String, 0, 1),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("EndpointInformationEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("InstanceId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("RackId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("RebalanceTimeoutMs", FieldKind::Int32, 0, 1).default("-1"),
        FieldSchema::new(
            "Topology",
            FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_TOPOLOGY),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "ActiveTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_TASK_IDS)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "StandbyTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_TASK_IDS)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "WarmupTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_TASK_IDS)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new("ProcessId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new(
            "UserEndpoint",
            FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_ENDPOINT),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "ClientTags",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_KEY_VALUE)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "TaskOffsets",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_TASK_OFFSET)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "TaskEndOffsets",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_TASK_OFFSET)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new("ShutdownApplication", FieldKind::Bool, 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST_TOPOLOGY: StructSchema = StructSchema {
    name: "Topology",
    fields: &[
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Subtopologies",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_SUBTOPOLOGY)),
            0,
            1,
        ),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST_SUBTOPOLOGY: StructSchema = StructSchema {
    name: "Subtopology",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 1),
        FieldSchema::new("SourceTopics", FieldKind::Array(&FieldKind::String), 0, 1),
        FieldSchema::new("SourceTopicRegex", FieldKind::Array(&FieldKind::String), 0, 1),
        FieldSchema::new(
            "StateChangelogTopics",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_TOPIC_INFO)),
            0,
            1,
        ),
        FieldSchema::new("RepartitionSinkTopics", FieldKind::Array(&FieldKind::String), 0, 1),
        FieldSchema::new(
            "RepartitionSourceTopics",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_TOPIC_INFO)),
            0,
            1,
        ),
        FieldSchema::new(
            "CopartitionGroups",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_HEARTBEAT_REQUEST_COPARTITION_GROUP,
            )),
            0,
            1,
        ),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST_COPARTITION_GROUP: StructSchema = StructSchema {
    name: "CopartitionGroup",
    fields: &[
        FieldSchema::new("SourceTopics", FieldKind::Array(&FieldKind::Int16), 0, 1),
        FieldSchema::new("SourceTopicRegex", FieldKind::Array(&FieldKind::Int16), 0, 1),
        FieldSchema::new("RepartitionSourceTopics", FieldKind::Array(&FieldKind::Int16), 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST_KEY_VALUE: StructSchema = StructSchema {
    name: "KeyValue",
    fields: &[
        FieldSchema::new("Key", FieldKind::String, 0, 1),
        FieldSchema::new("Value", FieldKind::String, 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST_TOPIC_INFO: StructSchema = StructSchema {
    name: "TopicInfo",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Int32, 0, 1),
        FieldSchema::new("ReplicationFactor", FieldKind::Int16, 0, 1),
        FieldSchema::new(
            "TopicConfigs",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_REQUEST_KEY_VALUE)),
            0,
            1,
        ),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST_ENDPOINT: StructSchema = StructSchema {
    name: "Endpoint",
    fields: &[
        FieldSchema::new("Host", FieldKind::String, 0, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST_TASK_OFFSET: StructSchema = StructSchema {
    name: "TaskOffset",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 1),
        FieldSchema::new("Partition", FieldKind::Int32, 0, 1),
        FieldSchema::new("Offset", FieldKind::Int64, 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_REQUEST_TASK_IDS: StructSchema = StructSchema {
    name: "TaskIds",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_RESPONSE: StructSchema = StructSchema {
    name: "StreamsGroupHeartbeatResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("MemberId", FieldKind::String, 0, 1),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("HeartbeatIntervalMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("AcceptableRecoveryLagLegacy", FieldKind::Int32, 0, 0),
        FieldSchema::new("TaskOffsetIntervalMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("AcceptableRecoveryLag", FieldKind::Int64, 1, 1).default("-1"),
        FieldSchema::new(
            "Status",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_RESPONSE_STATUS)),
            0,
            1,
        )
        .nullable(0, 1),
        FieldSchema::new(
            "ActiveTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_RESPONSE_TASK_IDS)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "StandbyTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_RESPONSE_TASK_IDS)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "WarmupTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_RESPONSE_TASK_IDS)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new("TopologyDescriptionRequired", FieldKind::Bool, 1, 1),
        FieldSchema::new("EndpointInformationEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "PartitionsByUserEndpoint",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_HEARTBEAT_RESPONSE_ENDPOINT_TO_PARTITIONS,
            )),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
    ],
};
static STREAMS_GROUP_HEARTBEAT_RESPONSE_ENDPOINT_TO_PARTITIONS: StructSchema = StructSchema {
    name: "EndpointToPartitions",
    fields: &[
        FieldSchema::new(
            "UserEndpoint",
            FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_RESPONSE_ENDPOINT),
            0,
            1,
        ),
        FieldSchema::new(
            "ActivePartitions",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_RESPONSE_TOPIC_PARTITION)),
            0,
            1,
        ),
        FieldSchema::new(
            "StandbyPartitions",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_HEARTBEAT_RESPONSE_TOPIC_PARTITION)),
            0,
            1,
        ),
    ],
};
static STREAMS_GROUP_HEARTBEAT_RESPONSE_STATUS: StructSchema = StructSchema {
    name: "Status",
    fields: &[
        FieldSchema::new("StatusCode", FieldKind::Int8, 0, 1),
        FieldSchema::new("StatusDetail", FieldKind::String, 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_RESPONSE_TOPIC_PARTITION: StructSchema = StructSchema {
    name: "TopicPartition",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_RESPONSE_TASK_IDS: StructSchema = StructSchema {
    name: "TaskIds",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
static STREAMS_GROUP_HEARTBEAT_RESPONSE_ENDPOINT: StructSchema = StructSchema {
    name: "Endpoint",
    fields: &[
        FieldSchema::new("Host", FieldKind::String, 0, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 1),
    ],
};
static STREAMS_GROUP_DESCRIBE_REQUEST: StructSchema = StructSchema {
    name: "StreamsGroupDescribeRequest",
    fields: &[
        FieldSchema::new("GroupIds", FieldKind::Array(&FieldKind::String), 0, 1),
        FieldSchema::new("IncludeAuthorizedOperations", FieldKind::Bool, 0, 1),
        FieldSchema::new("IncludeTopologyDescription", FieldKind::Bool, 1, 1),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE: StructSchema = StructSchema {
    name: "StreamsGroupDescribeResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_DESCRIBED_GROUP)),
            0,
            1,
        ),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_DESCRIBED_GROUP: StructSchema = StructSchema {
    name: "DescribedGroup",
    fields: &[
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("GroupId", FieldKind::String, 0, 1),
        FieldSchema::new("GroupState", FieldKind::String, 0, 1),
        FieldSchema::new("GroupEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("AssignmentEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Topology",
            FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "Members",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_MEMBER)),
            0,
            1,
        ),
        FieldSchema::new("AuthorizedOperations", FieldKind::Int32, 0, 1).default("-2147483648"),
        FieldSchema::new(
            "TopologyDescription",
            FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION),
            1,
            1,
        )
        .nullable(1, 1)
        .default("null"),
        FieldSchema::new("TopologyDescriptionStatus", FieldKind::Int8, 1, 1),
        FieldSchema::new("AssignorName", FieldKind::String, 1, 1).nullable(1, 1).default("null"),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY: StructSchema = StructSchema {
    name: "Topology",
    fields: &[
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Subtopologies",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_SUBTOPOLOGY)),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_SUBTOPOLOGY: StructSchema = StructSchema {
    name: "Subtopology",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 1),
        FieldSchema::new("SourceTopics", FieldKind::Array(&FieldKind::String), 0, 1),
        FieldSchema::new("RepartitionSinkTopics", FieldKind::Array(&FieldKind::String), 0, 1),
        FieldSchema::new(
            "StateChangelogTopics",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TOPIC_INFO)),
            0,
            1,
        ),
        FieldSchema::new(
            "RepartitionSourceTopics",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TOPIC_INFO)),
            0,
            1,
        ),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_MEMBER: StructSchema = StructSchema {
    name: "Member",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 0, 1),
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("InstanceId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("RackId", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
        FieldSchema::new("ClientId", FieldKind::String, 0, 1),
        FieldSchema::new("ClientHost", FieldKind::String, 0, 1),
        FieldSchema::new("TopologyEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("ProcessId", FieldKind::String, 0, 1),
        FieldSchema::new(
            "UserEndpoint",
            FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_ENDPOINT),
            0,
            1,
        )
        .nullable(0, 1)
        .default("null"),
        FieldSchema::new(
            "ClientTags",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_KEY_VALUE)),
            0,
            1,
        ),
        FieldSchema::new(
            "TaskOffsets",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TASK_OFFSET)),
            0,
            1,
        ),
        FieldSchema::new(
            "TaskEndOffsets",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TASK_OFFSET)),
            0,
            1,
        ),
        FieldSchema::new(
            "Assignment",
            FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_ASSIGNMENT),
            0,
            1,
        ),
        FieldSchema::new(
            "TargetAssignment",
            FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_ASSIGNMENT),
            0,
            1,
        ),
        FieldSchema::new("IsClassic", FieldKind::Bool, 0, 1),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_ENDPOINT: StructSchema = StructSchema {
    name: "Endpoint",
    fields: &[
        FieldSchema::new("Host", FieldKind::String, 0, 1),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 1),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_TASK_OFFSET: StructSchema = StructSchema {
    name: "TaskOffset",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 1),
        FieldSchema::new("Partition", FieldKind::Int32, 0, 1),
        FieldSchema::new("Offset", FieldKind::Int64, 0, 1),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_ASSIGNMENT: StructSchema = StructSchema {
    name: "Assignment",
    fields: &[
        FieldSchema::new(
            "ActiveTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TASK_IDS)),
            0,
            1,
        ),
        FieldSchema::new(
            "StandbyTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TASK_IDS)),
            0,
            1,
        ),
        FieldSchema::new(
            "WarmupTasks",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TASK_IDS)),
            0,
            1,
        ),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_TASK_IDS: StructSchema = StructSchema {
    name: "TaskIds",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_KEY_VALUE: StructSchema = StructSchema {
    name: "KeyValue",
    fields: &[
        FieldSchema::new("Key", FieldKind::String, 0, 1),
        FieldSchema::new("Value", FieldKind::String, 0, 1),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_TOPIC_INFO: StructSchema = StructSchema {
    name: "TopicInfo",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Int32, 0, 1),
        FieldSchema::new("ReplicationFactor", FieldKind::Int16, 0, 1),
        FieldSchema::new(
            "TopicConfigs",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_KEY_VALUE)),
            0,
            1,
        ),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION: StructSchema = StructSchema {
    name: "TopologyDescription",
    fields: &[
        FieldSchema::new(
            "Subtopologies",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION_SUBTOPOLOGY,
            )),
            1,
            1,
        ),
        FieldSchema::new(
            "GlobalStores",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION_GLOBAL_STORE,
            )),
            1,
            1,
        ),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION_SUBTOPOLOGY: StructSchema =
    StructSchema {
        name: "TopologyDescriptionSubtopology",
        fields: &[
            FieldSchema::new("SubtopologyId", FieldKind::String, 1, 1),
            FieldSchema::new(
                "Nodes",
                FieldKind::Array(&FieldKind::Struct(
                    &STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION_NODE,
                )),
                1,
                1,
            ),
        ],
    };
static STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION_NODE: StructSchema = StructSchema {
    name: "TopologyDescriptionNode",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 1, 1),
        FieldSchema::new("NodeType", FieldKind::Int8, 1, 1),
        FieldSchema::new("SourceTopics", FieldKind::Array(&FieldKind::String), 1, 1),
        FieldSchema::new("SinkTopic", FieldKind::String, 1, 1).nullable(1, 1).default("null"),
        FieldSchema::new("Stores", FieldKind::Array(&FieldKind::String), 1, 1),
        FieldSchema::new("Successors", FieldKind::Array(&FieldKind::String), 1, 1),
    ],
};
static STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION_GLOBAL_STORE: StructSchema =
    StructSchema {
        name: "TopologyDescriptionGlobalStore",
        fields: &[
            FieldSchema::new(
                "Source",
                FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION_NODE),
                1,
                1,
            ),
            FieldSchema::new(
                "Processor",
                FieldKind::Struct(&STREAMS_GROUP_DESCRIBE_RESPONSE_TOPOLOGY_DESCRIPTION_NODE),
                1,
                1,
            ),
        ],
    };
static DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST: StructSchema = StructSchema {
    name: "DescribeShareGroupOffsetsRequest",
    fields: &[FieldSchema::new(
        "Groups",
        FieldKind::Array(&FieldKind::Struct(
            &DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST_DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST_GROUP,
        )),
        0,
        1,
    )],
};
static DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST_DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST_GROUP:
    StructSchema = StructSchema {
    name: "DescribeShareGroupOffsetsRequestGroup",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST_DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST_TOPIC,
            )),
            0,
            1,
        )
        .nullable(0, 1),
    ],
};
static DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST_DESCRIBE_SHARE_GROUP_OFFSETS_REQUEST_TOPIC:
    StructSchema = StructSchema {
    name: "DescribeShareGroupOffsetsRequestTopic",
    fields: &[
        FieldSchema::new("TopicName", FieldKind::String, 0, 1),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
static DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE: StructSchema = StructSchema {
    name: "DescribeShareGroupOffsetsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_GROUP,
            )),
            0,
            1,
        ),
    ],
};
static DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_GROUP:
    StructSchema = StructSchema {
    name: "DescribeShareGroupOffsetsResponseGroup",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 1),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_TOPIC,
            )),
            0,
            1,
        ),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
    ],
};
static DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_TOPIC: StructSchema = StructSchema { name: "DescribeShareGroupOffsetsResponseTopic", fields: &[FieldSchema::new("TopicName", FieldKind::String, 0, 1), FieldSchema::new("TopicId", FieldKind::Uuid, 0, 1), FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Struct(&DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_PARTITION)), 0, 1)] };
static DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_DESCRIBE_SHARE_GROUP_OFFSETS_RESPONSE_PARTITION:
    StructSchema = StructSchema {
    name: "DescribeShareGroupOffsetsResponsePartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 1),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 1),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1),
        FieldSchema::new("Lag", FieldKind::Int64, 1, 1).default("-1"),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 1),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 1).nullable(0, 1).default("null"),
    ],
};
static ALTER_SHARE_GROUP_OFFSETS_REQUEST: StructSchema = StructSchema {
    name: "AlterShareGroupOffsetsRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_SHARE_GROUP_OFFSETS_REQUEST_ALTER_SHARE_GROUP_OFFSETS_REQUEST_TOPIC,
            )),
            0,
            0,
        ),
    ],
};
static ALTER_SHARE_GROUP_OFFSETS_REQUEST_ALTER_SHARE_GROUP_OFFSETS_REQUEST_TOPIC: StructSchema =
    StructSchema {
        name: "AlterShareGroupOffsetsRequestTopic",
        fields: &[
            FieldSchema::new("TopicName", FieldKind::String, 0, 0),
            FieldSchema::new(
                "Partitions",
                FieldKind::Array(&FieldKind::Struct(
                    &ALTER_SHARE_GROUP_OFFSETS_REQUEST_ALTER_SHARE_GROUP_OFFSETS_REQUEST_PARTITION,
                )),
                0,
                0,
            ),
        ],
    };
static ALTER_SHARE_GROUP_OFFSETS_REQUEST_ALTER_SHARE_GROUP_OFFSETS_REQUEST_PARTITION: StructSchema =
    StructSchema {
        name: "AlterShareGroupOffsetsRequestPartition",
        fields: &[
            FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
            FieldSchema::new("StartOffset", FieldKind::Int64, 0, 0),
        ],
    };
static ALTER_SHARE_GROUP_OFFSETS_RESPONSE: StructSchema = StructSchema {
    name: "AlterShareGroupOffsetsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(
                &ALTER_SHARE_GROUP_OFFSETS_RESPONSE_ALTER_SHARE_GROUP_OFFSETS_RESPONSE_TOPIC,
            )),
            0,
            0,
        ),
    ],
};
static ALTER_SHARE_GROUP_OFFSETS_RESPONSE_ALTER_SHARE_GROUP_OFFSETS_RESPONSE_TOPIC: StructSchema = StructSchema { name: "AlterShareGroupOffsetsResponseTopic", fields: &[FieldSchema::new("TopicName", FieldKind::String, 0, 0), FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0), FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Struct(&ALTER_SHARE_GROUP_OFFSETS_RESPONSE_ALTER_SHARE_GROUP_OFFSETS_RESPONSE_PARTITION)), 0, 0)] };
static ALTER_SHARE_GROUP_OFFSETS_RESPONSE_ALTER_SHARE_GROUP_OFFSETS_RESPONSE_PARTITION:
    StructSchema = StructSchema {
    name: "AlterShareGroupOffsetsResponsePartition",
    fields: &[
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
    ],
};
static DELETE_SHARE_GROUP_OFFSETS_REQUEST: StructSchema = StructSchema {
    name: "DeleteShareGroupOffsetsRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Topics",
            FieldKind::Array(&FieldKind::Struct(
                &DELETE_SHARE_GROUP_OFFSETS_REQUEST_DELETE_SHARE_GROUP_OFFSETS_REQUEST_TOPIC,
            )),
            0,
            0,
        ),
    ],
};
static DELETE_SHARE_GROUP_OFFSETS_REQUEST_DELETE_SHARE_GROUP_OFFSETS_REQUEST_TOPIC: StructSchema =
    StructSchema {
        name: "DeleteShareGroupOffsetsRequestTopic",
        fields: &[FieldSchema::new("TopicName", FieldKind::String, 0, 0)],
    };
static DELETE_SHARE_GROUP_OFFSETS_RESPONSE: StructSchema = StructSchema {
    name: "DeleteShareGroupOffsetsResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new(
            "Responses",
            FieldKind::Array(&FieldKind::Struct(
                &DELETE_SHARE_GROUP_OFFSETS_RESPONSE_DELETE_SHARE_GROUP_OFFSETS_RESPONSE_TOPIC,
            )),
            0,
            0,
        ),
    ],
};
static DELETE_SHARE_GROUP_OFFSETS_RESPONSE_DELETE_SHARE_GROUP_OFFSETS_RESPONSE_TOPIC: StructSchema =
    StructSchema {
        name: "DeleteShareGroupOffsetsResponseTopic",
        fields: &[
            FieldSchema::new("TopicName", FieldKind::String, 0, 0),
            FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
            FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
            FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0)
                .nullable(0, 0)
                .default("null"),
        ],
    };
static STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST: StructSchema = StructSchema {
    name: "StreamsGroupTopologyDescriptionUpdateRequest",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
        FieldSchema::new("TopologyEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "TopologyDescription",
            FieldKind::Struct(
                &STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION,
            ),
            0,
            0,
        ),
    ],
};
static STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION: StructSchema = StructSchema { name: "TopologyDescription", fields: &[FieldSchema::new("Subtopologies", FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION_SUBTOPOLOGY)), 0, 0), FieldSchema::new("GlobalStores", FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION_GLOBAL_STORE)), 0, 0)] };
static STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION_SUBTOPOLOGY:
    StructSchema = StructSchema {
    name: "TopologyDescriptionSubtopology",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Nodes",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION_NODE,
            )),
            0,
            0,
        ),
    ],
};
static STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION_NODE: StructSchema =
    StructSchema {
        name: "TopologyDescriptionNode",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 0),
            FieldSchema::new("NodeType", FieldKind::Int8, 0, 0),
            FieldSchema::new("SourceTopics", FieldKind::Array(&FieldKind::String), 0, 0),
            FieldSchema::new("SinkTopic", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
            FieldSchema::new("Stores", FieldKind::Array(&FieldKind::String), 0, 0),
            FieldSchema::new("Successors", FieldKind::Array(&FieldKind::String), 0, 0),
        ],
    };
static STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION_GLOBAL_STORE:
    StructSchema = StructSchema {
    name: "TopologyDescriptionGlobalStore",
    fields: &[
        FieldSchema::new(
            "Source",
            FieldKind::Struct(
                &STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION_NODE,
            ),
            0,
            0,
        ),
        FieldSchema::new(
            "Processor",
            FieldKind::Struct(
                &STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_REQUEST_TOPOLOGY_DESCRIPTION_NODE,
            ),
            0,
            0,
        ),
    ],
};
static STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE_RESPONSE: StructSchema = StructSchema {
    name: "StreamsGroupTopologyDescriptionUpdateResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
    ],
};
static UNREGISTER_CONTROLLER_REQUEST: StructSchema = StructSchema {
    name: "UnregisterControllerRequest",
    fields: &[FieldSchema::new("ControllerId", FieldKind::Int32, 0, 0)],
};
static UNREGISTER_CONTROLLER_RESPONSE: StructSchema = StructSchema {
    name: "UnregisterControllerResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("ErrorMessage", FieldKind::String, 0, 0).nullable(0, 0),
    ],
};
static OTTLA_GROUP_LAG_REQUEST: StructSchema = StructSchema {
    name: "OttlaGroupLagRequest",
    fields: &[FieldSchema::new("Groups", FieldKind::Array(&FieldKind::String), 0, 0)],
};
static OTTLA_GROUP_LAG_RESPONSE: StructSchema = StructSchema {
    name: "OttlaGroupLagResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("TimeMs", FieldKind::Int64, 0, 0),
        FieldSchema::new("Partial", FieldKind::Bool, 0, 0),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(&OTTLA_GROUP_LAG_RESPONSE_GROUP_LAG)),
            0,
            0,
        ),
    ],
};
static OTTLA_GROUP_LAG_RESPONSE_GROUP_LAG: StructSchema = StructSchema {
    name: "GroupLag",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("GroupType", FieldKind::String, 0, 0),
        FieldSchema::new("GroupState", FieldKind::String, 0, 0),
        FieldSchema::new(
            "Partitions",
            FieldKind::Array(&FieldKind::Struct(&OTTLA_GROUP_LAG_RESPONSE_PARTITION_LAG)),
            0,
            0,
        ),
    ],
};
static OTTLA_GROUP_LAG_RESPONSE_PARTITION_LAG: StructSchema = StructSchema {
    name: "PartitionLag",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 0, 0),
        FieldSchema::new("PartitionIndex", FieldKind::Int32, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("CommittedOffset", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("CommitTimeMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("Position", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("PositionTimeMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("LogStartOffset", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("LogEndOffset", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("Lag", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("UnreadOffset", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("UnreadTimeMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("LagMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("ClientId", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("Host", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
    ],
};
static OTTLA_GROUP_HISTORY_REQUEST: StructSchema = StructSchema {
    name: "OttlaGroupHistoryRequest",
    fields: &[FieldSchema::new("Groups", FieldKind::Array(&FieldKind::String), 0, 0)],
};
static OTTLA_GROUP_HISTORY_RESPONSE: StructSchema = StructSchema {
    name: "OttlaGroupHistoryResponse",
    fields: &[
        FieldSchema::new("ThrottleTimeMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("TimeMs", FieldKind::Int64, 0, 0),
        FieldSchema::new(
            "Groups",
            FieldKind::Array(&FieldKind::Struct(&OTTLA_GROUP_HISTORY_RESPONSE_GROUP_HISTORY)),
            0,
            0,
        ),
    ],
};
static OTTLA_GROUP_HISTORY_RESPONSE_GROUP_HISTORY: StructSchema = StructSchema {
    name: "GroupHistory",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("ErrorCode", FieldKind::Int16, 0, 0),
        FieldSchema::new("GroupType", FieldKind::String, 0, 0),
        FieldSchema::new("GroupState", FieldKind::String, 0, 0),
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("SinceMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("RebalanceCount", FieldKind::Int64, 0, 0),
        FieldSchema::new(
            "Rebalances",
            FieldKind::Array(&FieldKind::Struct(&OTTLA_GROUP_HISTORY_RESPONSE_REBALANCE)),
            0,
            0,
        ),
        FieldSchema::new(
            "Members",
            FieldKind::Array(&FieldKind::Struct(&OTTLA_GROUP_HISTORY_RESPONSE_MEMBER_HISTORY)),
            0,
            0,
        ),
    ],
};
static OTTLA_GROUP_HISTORY_RESPONSE_REBALANCE: StructSchema = StructSchema {
    name: "Rebalance",
    fields: &[
        FieldSchema::new("StartedMs", FieldKind::Int64, 0, 0),
        FieldSchema::new("EndedMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("Cause", FieldKind::String, 0, 0),
        FieldSchema::new("ClientReason", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
        FieldSchema::new("ClientId", FieldKind::String, 0, 0),
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("MemberCount", FieldKind::Int32, 0, 0),
        FieldSchema::new("SlowestMemberId", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("SlowestClientId", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("SlowestHost", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("SlowestStep", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("SlowestMs", FieldKind::Int64, 0, 0).default("-1"),
    ],
};
static OTTLA_GROUP_HISTORY_RESPONSE_MEMBER_HISTORY: StructSchema = StructSchema {
    name: "MemberHistory",
    fields: &[
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
        FieldSchema::new("InstanceId", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("ClientId", FieldKind::String, 0, 0),
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("SessionTimeoutMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("RebalanceTimeoutMs", FieldKind::Int32, 0, 0),
        FieldSchema::new("JoinMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("SyncMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("SinceHeartbeatMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("HeartbeatGapMaxMs", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("Blocks", FieldKind::String, 0, 0).nullable(0, 0).default("null"),
    ],
};
static CONSUMER_PROTOCOL_ASSIGNMENT: StructSchema = StructSchema {
    name: "ConsumerProtocolAssignment",
    fields: &[
        FieldSchema::new(
            "AssignedPartitions",
            FieldKind::Array(&FieldKind::Struct(&CONSUMER_PROTOCOL_ASSIGNMENT_TOPIC_PARTITION)),
            0,
            3,
        ),
        FieldSchema::new("UserData", FieldKind::Bytes, 0, 3).nullable(0, 3).default("null"),
    ],
};
static CONSUMER_PROTOCOL_ASSIGNMENT_TOPIC_PARTITION: StructSchema = StructSchema {
    name: "TopicPartition",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 0, 3),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 3),
    ],
};
static CONSUMER_PROTOCOL_SUBSCRIPTION: StructSchema = StructSchema {
    name: "ConsumerProtocolSubscription",
    fields: &[
        FieldSchema::new("Topics", FieldKind::Array(&FieldKind::String), 0, 3),
        FieldSchema::new("UserData", FieldKind::Bytes, 0, 3).nullable(0, 3).default("null"),
        FieldSchema::new(
            "OwnedPartitions",
            FieldKind::Array(&FieldKind::Struct(&CONSUMER_PROTOCOL_SUBSCRIPTION_TOPIC_PARTITION)),
            1,
            3,
        ),
        FieldSchema::new("GenerationId", FieldKind::Int32, 2, 3).default("-1"),
        FieldSchema::new("RackId", FieldKind::String, 3, 3).nullable(3, 3).default("null"),
    ],
};
static CONSUMER_PROTOCOL_SUBSCRIPTION_TOPIC_PARTITION: StructSchema = StructSchema {
    name: "TopicPartition",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 1, 3),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 1, 3),
    ],
};
static DEFAULT_PRINCIPAL_DATA: StructSchema = StructSchema {
    name: "DefaultPrincipalData",
    fields: &[
        FieldSchema::new("Type", FieldKind::String, 0, 0),
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("TokenAuthenticated", FieldKind::Bool, 0, 0),
    ],
};
static ABORTED_TXN: StructSchema = StructSchema {
    name: "AbortedTxn",
    fields: &[
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 0),
        FieldSchema::new("FirstOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("LastOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("LastStableOffset", FieldKind::Int64, 0, 0),
    ],
};
static CONTROL_RECORD_TYPE_SCHEMA: StructSchema = StructSchema {
    name: "ControlRecordTypeSchema",
    fields: &[FieldSchema::new("Type", FieldKind::Int16, 0, 0)],
};
static END_TXN_MARKER: StructSchema = StructSchema {
    name: "EndTxnMarker",
    fields: &[FieldSchema::new("CoordinatorEpoch", FieldKind::Int32, 0, 0)],
};
static K_RAFT_VERSION_RECORD: StructSchema = StructSchema {
    name: "KRaftVersionRecord",
    fields: &[
        FieldSchema::new("Version", FieldKind::Int16, 0, 0),
        FieldSchema::new("KRaftVersion", FieldKind::Int16, 0, 0),
    ],
};
static LEADER_CHANGE_MESSAGE: StructSchema = StructSchema {
    name: "LeaderChangeMessage",
    fields: &[
        FieldSchema::new("Version", FieldKind::Int16, 0, 1),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 1),
        FieldSchema::new(
            "Voters",
            FieldKind::Array(&FieldKind::Struct(&LEADER_CHANGE_MESSAGE_VOTER)),
            0,
            1,
        ),
        FieldSchema::new(
            "GrantingVoters",
            FieldKind::Array(&FieldKind::Struct(&LEADER_CHANGE_MESSAGE_VOTER)),
            0,
            1,
        ),
    ],
};
static LEADER_CHANGE_MESSAGE_VOTER: StructSchema = StructSchema {
    name: "Voter",
    fields: &[
        FieldSchema::new("VoterId", FieldKind::Int32, 0, 1),
        FieldSchema::new("VoterDirectoryId", FieldKind::Uuid, 1, 1),
    ],
};
static SNAPSHOT_FOOTER_RECORD: StructSchema = StructSchema {
    name: "SnapshotFooterRecord",
    fields: &[FieldSchema::new("Version", FieldKind::Int16, 0, 0)],
};
static SNAPSHOT_HEADER_RECORD: StructSchema = StructSchema {
    name: "SnapshotHeaderRecord",
    fields: &[
        FieldSchema::new("Version", FieldKind::Int16, 0, 0),
        FieldSchema::new("LastContainedLogTimestamp", FieldKind::Int64, 0, 0),
    ],
};
static VOTERS_RECORD: StructSchema = StructSchema {
    name: "VotersRecord",
    fields: &[
        FieldSchema::new("Version", FieldKind::Int16, 0, 0),
        FieldSchema::new(
            "Voters",
            FieldKind::Array(&FieldKind::Struct(&VOTERS_RECORD_VOTER)),
            0,
            0,
        ),
    ],
};
static VOTERS_RECORD_VOTER: StructSchema = StructSchema {
    name: "Voter",
    fields: &[
        FieldSchema::new("VoterId", FieldKind::Int32, 0, 0),
        FieldSchema::new("VoterDirectoryId", FieldKind::Uuid, 0, 0),
        FieldSchema::new(
            "Endpoints",
            FieldKind::Array(&FieldKind::Struct(&VOTERS_RECORD_ENDPOINT)),
            0,
            0,
        ),
        FieldSchema::new(
            "KRaftVersionFeature",
            FieldKind::Struct(&VOTERS_RECORD_K_RAFT_VERSION_FEATURE),
            0,
            0,
        ),
    ],
};
static VOTERS_RECORD_ENDPOINT: StructSchema = StructSchema {
    name: "Endpoint",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 0),
    ],
};
static VOTERS_RECORD_K_RAFT_VERSION_FEATURE: StructSchema = StructSchema {
    name: "KRaftVersionFeature",
    fields: &[
        FieldSchema::new("MinSupportedVersion", FieldKind::Int16, 0, 0),
        FieldSchema::new("MaxSupportedVersion", FieldKind::Int16, 0, 0),
    ],
};
static LEGACY_OFFSET_COMMIT_KEY: StructSchema = StructSchema {
    name: "LegacyOffsetCommitKey",
    fields: &[
        FieldSchema::new("group", FieldKind::String, 0, 0),
        FieldSchema::new("topic", FieldKind::String, 0, 0),
        FieldSchema::new("partition", FieldKind::Int32, 0, 0),
    ],
};
static LEGACY_OFFSET_COMMIT_VALUE: StructSchema = StructSchema {
    name: "LegacyOffsetCommitValue",
    fields: &[
        FieldSchema::new("offset", FieldKind::Int64, 0, 0),
        FieldSchema::new("metadata", FieldKind::String, 0, 0),
        FieldSchema::new("commitTimestamp", FieldKind::Int64, 0, 0),
    ],
};
static OFFSET_COMMIT_KEY: StructSchema = StructSchema {
    name: "OffsetCommitKey",
    fields: &[
        FieldSchema::new("group", FieldKind::String, 0, 0),
        FieldSchema::new("topic", FieldKind::String, 0, 0),
        FieldSchema::new("partition", FieldKind::Int32, 0, 0),
    ],
};
static OFFSET_COMMIT_VALUE: StructSchema = StructSchema {
    name: "OffsetCommitValue",
    fields: &[
        FieldSchema::new("offset", FieldKind::Int64, 0, 4),
        FieldSchema::new("leaderEpoch", FieldKind::Int32, 3, 4).default("-1"),
        FieldSchema::new("metadata", FieldKind::String, 0, 4),
        FieldSchema::new("commitTimestamp", FieldKind::Int64, 0, 4),
        FieldSchema::new("expireTimestamp", FieldKind::Int64, 1, 1).default("-1"),
        FieldSchema::new("topicId", FieldKind::Uuid, 4, 4).tag(0),
    ],
};
static GROUP_METADATA_KEY: StructSchema = StructSchema {
    name: "GroupMetadataKey",
    fields: &[FieldSchema::new("group", FieldKind::String, 0, 0)],
};
static GROUP_METADATA_VALUE: StructSchema = StructSchema {
    name: "GroupMetadataValue",
    fields: &[
        FieldSchema::new("protocolType", FieldKind::String, 0, 4),
        FieldSchema::new("generation", FieldKind::Int32, 0, 4),
        FieldSchema::new("protocol", FieldKind::String, 0, 4).nullable(0, 4),
        FieldSchema::new("leader", FieldKind::String, 0, 4).nullable(0, 4),
        FieldSchema::new("currentStateTimestamp", FieldKind::Int64, 2, 4).default("-1"),
        FieldSchema::new(
            "members",
            FieldKind::Array(&FieldKind::Struct(&GROUP_METADATA_VALUE_MEMBER_METADATA)),
            0,
            4,
        ),
    ],
};
static GROUP_METADATA_VALUE_MEMBER_METADATA: StructSchema = StructSchema {
    name: "MemberMetadata",
    fields: &[
        FieldSchema::new("memberId", FieldKind::String, 0, 4),
        FieldSchema::new("groupInstanceId", FieldKind::String, 3, 4).nullable(3, 4).default("null"),
        FieldSchema::new("clientId", FieldKind::String, 0, 4),
        FieldSchema::new("clientHost", FieldKind::String, 0, 4),
        FieldSchema::new("rebalanceTimeout", FieldKind::Int32, 1, 4).default("-1"),
        FieldSchema::new("sessionTimeout", FieldKind::Int32, 0, 4),
        FieldSchema::new("subscription", FieldKind::Bytes, 0, 4),
        FieldSchema::new("assignment", FieldKind::Bytes, 0, 4),
    ],
};
static CONSUMER_GROUP_METADATA_KEY: StructSchema = StructSchema {
    name: "ConsumerGroupMetadataKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static CONSUMER_GROUP_METADATA_VALUE: StructSchema = StructSchema {
    name: "ConsumerGroupMetadataValue",
    fields: &[
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("MetadataHash", FieldKind::Int64, 0, 0).tag(0),
    ],
};
static CONSUMER_GROUP_PARTITION_METADATA_KEY: StructSchema = StructSchema {
    name: "ConsumerGroupPartitionMetadataKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static CONSUMER_GROUP_PARTITION_METADATA_VALUE: StructSchema = StructSchema {
    name: "ConsumerGroupPartitionMetadataValue",
    fields: &[FieldSchema::new(
        "Topics",
        FieldKind::Array(&FieldKind::Struct(
            &CONSUMER_GROUP_PARTITION_METADATA_VALUE_TOPIC_METADATA,
        )),
        0,
        0,
    )],
};
static CONSUMER_GROUP_PARTITION_METADATA_VALUE_TOPIC_METADATA: StructSchema = StructSchema {
    name: "TopicMetadata",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("TopicName", FieldKind::String, 0, 0),
        FieldSchema::new("NumPartitions", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "PartitionMetadata",
            FieldKind::Array(&FieldKind::Struct(
                &CONSUMER_GROUP_PARTITION_METADATA_VALUE_PARTITION_METADATA,
            )),
            0,
            0,
        ),
    ],
};
static CONSUMER_GROUP_PARTITION_METADATA_VALUE_PARTITION_METADATA: StructSchema = StructSchema {
    name: "PartitionMetadata",
    fields: &[
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
        FieldSchema::new("Racks", FieldKind::Array(&FieldKind::String), 0, 0),
    ],
};
static CONSUMER_GROUP_MEMBER_METADATA_KEY: StructSchema = StructSchema {
    name: "ConsumerGroupMemberMetadataKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static CONSUMER_GROUP_MEMBER_METADATA_VALUE: StructSchema = StructSchema {
    name: "ConsumerGroupMemberMetadataValue",
    fields: &[
        FieldSchema::new("InstanceId", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new("RackId", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new("ClientId", FieldKind::String, 0, 0),
        FieldSchema::new("ClientHost", FieldKind::String, 0, 0),
        FieldSchema::new("SubscribedTopicNames", FieldKind::Array(&FieldKind::String), 0, 0),
        FieldSchema::new("SubscribedTopicRegex", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new("RebalanceTimeoutMs", FieldKind::Int32, 0, 0).default("-1"),
        FieldSchema::new("ServerAssignor", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new(
            "ClassicMemberMetadata",
            FieldKind::Struct(&CONSUMER_GROUP_MEMBER_METADATA_VALUE_CLASSIC_MEMBER_METADATA),
            0,
            0,
        )
        .nullable(0, 0)
        .tag(0),
    ],
};
static CONSUMER_GROUP_MEMBER_METADATA_VALUE_CLASSIC_MEMBER_METADATA: StructSchema = StructSchema {
    name: "ClassicMemberMetadata",
    fields: &[
        FieldSchema::new("SessionTimeoutMs", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "SupportedProtocols",
            FieldKind::Array(&FieldKind::Struct(
                &CONSUMER_GROUP_MEMBER_METADATA_VALUE_CLASSIC_PROTOCOL,
            )),
            0,
            0,
        ),
    ],
};
static CONSUMER_GROUP_MEMBER_METADATA_VALUE_CLASSIC_PROTOCOL: StructSchema = StructSchema {
    name: "ClassicProtocol",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Metadata", FieldKind::Bytes, 0, 0),
    ],
};
static CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA_KEY: StructSchema = StructSchema {
    name: "ConsumerGroupTargetAssignmentMetadataKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA_VALUE: StructSchema = StructSchema {
    name: "ConsumerGroupTargetAssignmentMetadataValue",
    fields: &[
        FieldSchema::new("AssignmentEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("AssignmentTimestamp", FieldKind::Int64, 0, 0).tag(0),
    ],
};
static CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY: StructSchema = StructSchema {
    name: "ConsumerGroupTargetAssignmentMemberKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE: StructSchema = StructSchema {
    name: "ConsumerGroupTargetAssignmentMemberValue",
    fields: &[FieldSchema::new(
        "TopicPartitions",
        FieldKind::Array(&FieldKind::Struct(
            &CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE_TOPIC_PARTITION,
        )),
        0,
        0,
    )],
};
static CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE_TOPIC_PARTITION: StructSchema = StructSchema {
    name: "TopicPartition",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 0),
    ],
};
static CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY: StructSchema = StructSchema {
    name: "ConsumerGroupCurrentMemberAssignmentKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE: StructSchema = StructSchema {
    name: "ConsumerGroupCurrentMemberAssignmentValue",
    fields: &[
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("PreviousMemberEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("State", FieldKind::Int8, 0, 0),
        FieldSchema::new(
            "AssignedPartitions",
            FieldKind::Array(&FieldKind::Struct(
                &CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TOPIC_PARTITIONS,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "PartitionsPendingRevocation",
            FieldKind::Array(&FieldKind::Struct(
                &CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TOPIC_PARTITIONS,
            )),
            0,
            0,
        ),
    ],
};
static CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TOPIC_PARTITIONS: StructSchema =
    StructSchema {
        name: "TopicPartitions",
        fields: &[
            FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
            FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 0),
            FieldSchema::new("AssignmentEpochs", FieldKind::Array(&FieldKind::Int32), 0, 0)
                .nullable(0, 0)
                .tag(0),
        ],
    };
static SHARE_GROUP_MEMBER_METADATA_KEY: StructSchema = StructSchema {
    name: "ShareGroupMemberMetadataKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static SHARE_GROUP_MEMBER_METADATA_VALUE: StructSchema = StructSchema {
    name: "ShareGroupMemberMetadataValue",
    fields: &[
        FieldSchema::new("RackId", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new("ClientId", FieldKind::String, 0, 0),
        FieldSchema::new("ClientHost", FieldKind::String, 0, 0),
        FieldSchema::new("SubscribedTopicNames", FieldKind::Array(&FieldKind::String), 0, 0),
    ],
};
static SHARE_GROUP_METADATA_KEY: StructSchema = StructSchema {
    name: "ShareGroupMetadataKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static SHARE_GROUP_METADATA_VALUE: StructSchema = StructSchema {
    name: "ShareGroupMetadataValue",
    fields: &[
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("MetadataHash", FieldKind::Int64, 0, 0),
    ],
};
static SHARE_GROUP_TARGET_ASSIGNMENT_METADATA_KEY: StructSchema = StructSchema {
    name: "ShareGroupTargetAssignmentMetadataKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static SHARE_GROUP_TARGET_ASSIGNMENT_METADATA_VALUE: StructSchema = StructSchema {
    name: "ShareGroupTargetAssignmentMetadataValue",
    fields: &[
        FieldSchema::new("AssignmentEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("AssignmentTimestamp", FieldKind::Int64, 0, 0).tag(0),
    ],
};
static SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY: StructSchema = StructSchema {
    name: "ShareGroupTargetAssignmentMemberKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE: StructSchema = StructSchema {
    name: "ShareGroupTargetAssignmentMemberValue",
    fields: &[FieldSchema::new(
        "TopicPartitions",
        FieldKind::Array(&FieldKind::Struct(
            &SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE_TOPIC_PARTITION,
        )),
        0,
        0,
    )],
};
static SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE_TOPIC_PARTITION: StructSchema = StructSchema {
    name: "TopicPartition",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 0),
    ],
};
static SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY: StructSchema = StructSchema {
    name: "ShareGroupCurrentMemberAssignmentKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE: StructSchema = StructSchema {
    name: "ShareGroupCurrentMemberAssignmentValue",
    fields: &[
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("PreviousMemberEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("State", FieldKind::Int8, 0, 0),
        FieldSchema::new(
            "AssignedPartitions",
            FieldKind::Array(&FieldKind::Struct(
                &SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TOPIC_PARTITIONS,
            )),
            0,
            0,
        ),
    ],
};
static SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TOPIC_PARTITIONS: StructSchema = StructSchema {
    name: "TopicPartitions",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 0),
    ],
};
static SHARE_GROUP_STATE_PARTITION_METADATA_KEY: StructSchema = StructSchema {
    name: "ShareGroupStatePartitionMetadataKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static SHARE_GROUP_STATE_PARTITION_METADATA_VALUE: StructSchema = StructSchema {
    name: "ShareGroupStatePartitionMetadataValue",
    fields: &[
        FieldSchema::new(
            "InitializingTopics",
            FieldKind::Array(&FieldKind::Struct(
                &SHARE_GROUP_STATE_PARTITION_METADATA_VALUE_TOPIC_PARTITIONS_INFO,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "InitializedTopics",
            FieldKind::Array(&FieldKind::Struct(
                &SHARE_GROUP_STATE_PARTITION_METADATA_VALUE_TOPIC_PARTITIONS_INFO,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "DeletingTopics",
            FieldKind::Array(&FieldKind::Struct(
                &SHARE_GROUP_STATE_PARTITION_METADATA_VALUE_TOPIC_INFO,
            )),
            0,
            0,
        ),
    ],
};
static SHARE_GROUP_STATE_PARTITION_METADATA_VALUE_TOPIC_PARTITIONS_INFO: StructSchema =
    StructSchema {
        name: "TopicPartitionsInfo",
        fields: &[
            FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
            FieldSchema::new("TopicName", FieldKind::String, 0, 0),
            FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 0),
        ],
    };
static SHARE_GROUP_STATE_PARTITION_METADATA_VALUE_TOPIC_INFO: StructSchema = StructSchema {
    name: "TopicInfo",
    fields: &[
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("TopicName", FieldKind::String, 0, 0),
    ],
};
static CONSUMER_GROUP_REGULAR_EXPRESSION_KEY: StructSchema = StructSchema {
    name: "ConsumerGroupRegularExpressionKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("RegularExpression", FieldKind::String, 0, 0),
    ],
};
static CONSUMER_GROUP_REGULAR_EXPRESSION_VALUE: StructSchema = StructSchema {
    name: "ConsumerGroupRegularExpressionValue",
    fields: &[
        FieldSchema::new("Topics", FieldKind::Array(&FieldKind::String), 0, 0),
        FieldSchema::new("Version", FieldKind::Int64, 0, 0),
        FieldSchema::new("Timestamp", FieldKind::Int64, 0, 0),
    ],
};
static STREAMS_GROUP_METADATA_KEY: StructSchema = StructSchema {
    name: "StreamsGroupMetadataKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static STREAMS_GROUP_METADATA_VALUE: StructSchema = StructSchema {
    name: "StreamsGroupMetadataValue",
    fields: &[
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("MetadataHash", FieldKind::Int64, 0, 0),
        FieldSchema::new("ValidatedTopologyEpoch", FieldKind::Int32, 0, 0).default("-1").tag(0),
        FieldSchema::new(
            "LastAssignmentConfigs",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_METADATA_VALUE_LAST_ASSIGNMENT_CONFIG,
            )),
            0,
            0,
        )
        .nullable(0, 0)
        .tag(1),
        FieldSchema::new("StoredDescriptionTopologyEpoch", FieldKind::Int32, 0, 0)
            .default("-1")
            .tag(2),
        FieldSchema::new("FailedDescriptionTopologyEpoch", FieldKind::Int32, 0, 0)
            .default("-1")
            .tag(3),
    ],
};
static STREAMS_GROUP_METADATA_VALUE_LAST_ASSIGNMENT_CONFIG: StructSchema = StructSchema {
    name: "LastAssignmentConfig",
    fields: &[
        FieldSchema::new("Key", FieldKind::String, 0, 0),
        FieldSchema::new("Value", FieldKind::String, 0, 0),
    ],
};
static STREAMS_GROUP_MEMBER_METADATA_KEY: StructSchema = StructSchema {
    name: "StreamsGroupMemberMetadataKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static STREAMS_GROUP_MEMBER_METADATA_VALUE: StructSchema = StructSchema {
    name: "StreamsGroupMemberMetadataValue",
    fields: &[
        FieldSchema::new("InstanceId", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new("RackId", FieldKind::String, 0, 0).nullable(0, 0),
        FieldSchema::new("ClientId", FieldKind::String, 0, 0),
        FieldSchema::new("ClientHost", FieldKind::String, 0, 0),
        FieldSchema::new("RebalanceTimeoutMs", FieldKind::Int32, 0, 0).default("-1"),
        FieldSchema::new("TopologyEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("ProcessId", FieldKind::String, 0, 0),
        FieldSchema::new(
            "UserEndpoint",
            FieldKind::Struct(&STREAMS_GROUP_MEMBER_METADATA_VALUE_ENDPOINT),
            0,
            0,
        )
        .nullable(0, 0)
        .default("null"),
        FieldSchema::new(
            "ClientTags",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_MEMBER_METADATA_VALUE_KEY_VALUE)),
            0,
            0,
        ),
    ],
};
static STREAMS_GROUP_MEMBER_METADATA_VALUE_ENDPOINT: StructSchema = StructSchema {
    name: "Endpoint",
    fields: &[
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 0),
    ],
};
static STREAMS_GROUP_MEMBER_METADATA_VALUE_KEY_VALUE: StructSchema = StructSchema {
    name: "KeyValue",
    fields: &[
        FieldSchema::new("Key", FieldKind::String, 0, 0),
        FieldSchema::new("Value", FieldKind::String, 0, 0),
    ],
};
static STREAMS_GROUP_TARGET_ASSIGNMENT_METADATA_KEY: StructSchema = StructSchema {
    name: "StreamsGroupTargetAssignmentMetadataKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static STREAMS_GROUP_TARGET_ASSIGNMENT_METADATA_VALUE: StructSchema = StructSchema {
    name: "StreamsGroupTargetAssignmentMetadataValue",
    fields: &[
        FieldSchema::new("AssignmentEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("AssignmentTimestamp", FieldKind::Int64, 0, 0).tag(0),
    ],
};
static STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY: StructSchema = StructSchema {
    name: "StreamsGroupTargetAssignmentMemberKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE: StructSchema = StructSchema {
    name: "StreamsGroupTargetAssignmentMemberValue",
    fields: &[
        FieldSchema::new(
            "ActiveTasks",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "StandbyTasks",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "WarmupTasks",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
    ],
};
static STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_VALUE_TASK_IDS: StructSchema = StructSchema {
    name: "TaskIds",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 0),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 0),
    ],
};
static STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY: StructSchema = StructSchema {
    name: "StreamsGroupCurrentMemberAssignmentKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("MemberId", FieldKind::String, 0, 0),
    ],
};
static STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE: StructSchema = StructSchema {
    name: "StreamsGroupCurrentMemberAssignmentValue",
    fields: &[
        FieldSchema::new("MemberEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("PreviousMemberEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("State", FieldKind::Int8, 0, 0),
        FieldSchema::new(
            "ActiveTasks",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "StandbyTasks",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "WarmupTasks",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "ActiveTasksPendingRevocation",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "StandbyTasksPendingRevocation",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
        FieldSchema::new(
            "WarmupTasksPendingRevocation",
            FieldKind::Array(&FieldKind::Struct(
                &STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TASK_IDS,
            )),
            0,
            0,
        ),
    ],
};
static STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_VALUE_TASK_IDS: StructSchema = StructSchema {
    name: "TaskIds",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 0),
        FieldSchema::new("Partitions", FieldKind::Array(&FieldKind::Int32), 0, 0),
        FieldSchema::new("AssignmentEpochs", FieldKind::Array(&FieldKind::Int32), 0, 0)
            .nullable(0, 0)
            .tag(0),
    ],
};
static STREAMS_GROUP_TOPOLOGY_KEY: StructSchema = StructSchema {
    name: "StreamsGroupTopologyKey",
    fields: &[FieldSchema::new("GroupId", FieldKind::String, 0, 0)],
};
static STREAMS_GROUP_TOPOLOGY_VALUE: StructSchema = StructSchema {
    name: "StreamsGroupTopologyValue",
    fields: &[
        FieldSchema::new("Epoch", FieldKind::Int32, 0, 0),
        FieldSchema::new(
            "Subtopologies",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_TOPOLOGY_VALUE_SUBTOPOLOGY)),
            0,
            0,
        ),
    ],
};
static STREAMS_GROUP_TOPOLOGY_VALUE_SUBTOPOLOGY: StructSchema = StructSchema {
    name: "Subtopology",
    fields: &[
        FieldSchema::new("SubtopologyId", FieldKind::String, 0, 0),
        FieldSchema::new("SourceTopics", FieldKind::Array(&FieldKind::String), 0, 0),
        FieldSchema::new("SourceTopicRegex", FieldKind::Array(&FieldKind::String), 0, 0),
        FieldSchema::new(
            "StateChangelogTopics",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_TOPOLOGY_VALUE_TOPIC_INFO)),
            0,
            0,
        ),
        FieldSchema::new("RepartitionSinkTopics", FieldKind::Array(&FieldKind::String), 0, 0),
        FieldSchema::new(
            "RepartitionSourceTopics",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_TOPOLOGY_VALUE_TOPIC_INFO)),
            0,
            0,
        ),
        FieldSchema::new(
            "CopartitionGroups",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_TOPOLOGY_VALUE_COPARTITION_GROUP)),
            0,
            0,
        ),
    ],
};
static STREAMS_GROUP_TOPOLOGY_VALUE_COPARTITION_GROUP: StructSchema = StructSchema {
    name: "CopartitionGroup",
    fields: &[
        FieldSchema::new("SourceTopics", FieldKind::Array(&FieldKind::Int16), 0, 0),
        FieldSchema::new("SourceTopicRegex", FieldKind::Array(&FieldKind::Int16), 0, 0),
        FieldSchema::new("RepartitionSourceTopics", FieldKind::Array(&FieldKind::Int16), 0, 0),
    ],
};
static STREAMS_GROUP_TOPOLOGY_VALUE_TOPIC_CONFIG: StructSchema = StructSchema {
    name: "TopicConfig",
    fields: &[
        FieldSchema::new("key", FieldKind::String, 0, 0),
        FieldSchema::new("value", FieldKind::String, 0, 0),
    ],
};
static STREAMS_GROUP_TOPOLOGY_VALUE_TOPIC_INFO: StructSchema = StructSchema {
    name: "TopicInfo",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Partitions", FieldKind::Int32, 0, 0),
        FieldSchema::new("ReplicationFactor", FieldKind::Int16, 0, 0),
        FieldSchema::new(
            "TopicConfigs",
            FieldKind::Array(&FieldKind::Struct(&STREAMS_GROUP_TOPOLOGY_VALUE_TOPIC_CONFIG)),
            0,
            0,
        ),
    ],
};
static REQUEST_HEADER: StructSchema = StructSchema {
    name: "RequestHeader",
    fields: &[
        FieldSchema::new("ApiKey", FieldKind::Int16, 1, 2),
        FieldSchema::new("ApiVersion", FieldKind::Int16, 1, 2),
        FieldSchema::new("CorrelationId", FieldKind::Int32, 1, 2),
        FieldSchema::new("ClientId", FieldKind::String, 1, 2).nullable(1, 2).plain(),
    ],
};
static RESPONSE_HEADER: StructSchema = StructSchema {
    name: "ResponseHeader",
    fields: &[FieldSchema::new("CorrelationId", FieldKind::Int32, 0, 1)],
};
static REGISTER_BROKER_RECORD: StructSchema = StructSchema {
    name: "RegisterBrokerRecord",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 4),
        FieldSchema::new("IsMigratingZkBroker", FieldKind::Bool, 2, 4),
        FieldSchema::new("IncarnationId", FieldKind::Uuid, 0, 4),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 0, 4),
        FieldSchema::new(
            "EndPoints",
            FieldKind::Array(&FieldKind::Struct(&REGISTER_BROKER_RECORD_BROKER_ENDPOINT)),
            0,
            4,
        ),
        FieldSchema::new(
            "Features",
            FieldKind::Array(&FieldKind::Struct(&REGISTER_BROKER_RECORD_BROKER_FEATURE)),
            0,
            4,
        ),
        FieldSchema::new("Rack", FieldKind::String, 0, 4).nullable(0, 4),
        FieldSchema::new("Fenced", FieldKind::Bool, 0, 4).default("true"),
        FieldSchema::new("InControlledShutdown", FieldKind::Bool, 1, 4),
        FieldSchema::new("LogDirs", FieldKind::Array(&FieldKind::Uuid), 3, 4).tag(0),
        FieldSchema::new("CordonedLogDirs", FieldKind::Array(&FieldKind::Uuid), 4, 4)
            .nullable(4, 4)
            .default("null")
            .tag(1),
    ],
};
static REGISTER_BROKER_RECORD_BROKER_ENDPOINT: StructSchema = StructSchema {
    name: "BrokerEndpoint",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 4),
        FieldSchema::new("Host", FieldKind::String, 0, 4),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 4),
        FieldSchema::new("SecurityProtocol", FieldKind::Int16, 0, 4),
    ],
};
static REGISTER_BROKER_RECORD_BROKER_FEATURE: StructSchema = StructSchema {
    name: "BrokerFeature",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 4),
        FieldSchema::new("MinSupportedVersion", FieldKind::Int16, 0, 4),
        FieldSchema::new("MaxSupportedVersion", FieldKind::Int16, 0, 4),
    ],
};
static UNREGISTER_BROKER_RECORD: StructSchema = StructSchema {
    name: "UnregisterBrokerRecord",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 0, 0),
    ],
};
static TOPIC_RECORD: StructSchema = StructSchema {
    name: "TopicRecord",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
    ],
};
static PARTITION_RECORD: StructSchema = StructSchema {
    name: "PartitionRecord",
    fields: &[
        FieldSchema::new("PartitionId", FieldKind::Int32, 0, 2).default("-1"),
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 2),
        FieldSchema::new("Replicas", FieldKind::Array(&FieldKind::Int32), 0, 2),
        FieldSchema::new("Isr", FieldKind::Array(&FieldKind::Int32), 0, 2),
        FieldSchema::new("RemovingReplicas", FieldKind::Array(&FieldKind::Int32), 0, 2),
        FieldSchema::new("AddingReplicas", FieldKind::Array(&FieldKind::Int32), 0, 2),
        FieldSchema::new("Leader", FieldKind::Int32, 0, 2).default("-1"),
        FieldSchema::new("LeaderRecoveryState", FieldKind::Int8, 0, 2).tag(0),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 2).default("-1"),
        FieldSchema::new("PartitionEpoch", FieldKind::Int32, 0, 2).default("-1"),
        FieldSchema::new("Directories", FieldKind::Array(&FieldKind::Uuid), 1, 2),
        FieldSchema::new("EligibleLeaderReplicas", FieldKind::Array(&FieldKind::Int32), 2, 2)
            .nullable(2, 2)
            .default("null")
            .tag(1),
        FieldSchema::new("LastKnownElr", FieldKind::Array(&FieldKind::Int32), 2, 2)
            .nullable(2, 2)
            .default("null")
            .tag(2),
    ],
};
static CONFIG_RECORD: StructSchema = StructSchema {
    name: "ConfigRecord",
    fields: &[
        FieldSchema::new("ResourceType", FieldKind::Int8, 0, 0),
        FieldSchema::new("ResourceName", FieldKind::String, 0, 0),
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Value", FieldKind::String, 0, 0).nullable(0, 0),
    ],
};
static PARTITION_CHANGE_RECORD: StructSchema = StructSchema {
    name: "PartitionChangeRecord",
    fields: &[
        FieldSchema::new("PartitionId", FieldKind::Int32, 0, 2).default("-1"),
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 2),
        FieldSchema::new("Isr", FieldKind::Array(&FieldKind::Int32), 0, 2)
            .nullable(0, 2)
            .default("null")
            .tag(0),
        FieldSchema::new("Leader", FieldKind::Int32, 0, 2).default("-2").tag(1),
        FieldSchema::new("Replicas", FieldKind::Array(&FieldKind::Int32), 0, 2)
            .nullable(0, 2)
            .default("null")
            .tag(2),
        FieldSchema::new("RemovingReplicas", FieldKind::Array(&FieldKind::Int32), 0, 2)
            .nullable(0, 2)
            .default("null")
            .tag(3),
        FieldSchema::new("AddingReplicas", FieldKind::Array(&FieldKind::Int32), 0, 2)
            .nullable(0, 2)
            .default("null")
            .tag(4),
        FieldSchema::new("LeaderRecoveryState", FieldKind::Int8, 0, 2).default("-1").tag(5),
        FieldSchema::new("Directories", FieldKind::Array(&FieldKind::Uuid), 1, 2)
            .nullable(1, 2)
            .default("null")
            .tag(8),
        FieldSchema::new("EligibleLeaderReplicas", FieldKind::Array(&FieldKind::Int32), 2, 2)
            .nullable(2, 2)
            .default("null")
            .tag(6),
        FieldSchema::new("LastKnownElr", FieldKind::Array(&FieldKind::Int32), 2, 2)
            .nullable(2, 2)
            .default("null")
            .tag(7),
    ],
};
static FENCE_BROKER_RECORD: StructSchema = StructSchema {
    name: "FenceBrokerRecord",
    fields: &[
        FieldSchema::new("Id", FieldKind::Int32, 0, 0),
        FieldSchema::new("Epoch", FieldKind::Int64, 0, 0),
    ],
};
static UNFENCE_BROKER_RECORD: StructSchema = StructSchema {
    name: "UnfenceBrokerRecord",
    fields: &[
        FieldSchema::new("Id", FieldKind::Int32, 0, 0),
        FieldSchema::new("Epoch", FieldKind::Int64, 0, 0),
    ],
};
static REMOVE_TOPIC_RECORD: StructSchema = StructSchema {
    name: "RemoveTopicRecord",
    fields: &[FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0)],
};
static DELEGATION_TOKEN_RECORD: StructSchema = StructSchema {
    name: "DelegationTokenRecord",
    fields: &[
        FieldSchema::new("Owner", FieldKind::String, 0, 0),
        FieldSchema::new("Requester", FieldKind::String, 0, 0),
        FieldSchema::new("Renewers", FieldKind::Array(&FieldKind::String), 0, 0),
        FieldSchema::new("IssueTimestamp", FieldKind::Int64, 0, 0),
        FieldSchema::new("MaxTimestamp", FieldKind::Int64, 0, 0),
        FieldSchema::new("ExpirationTimestamp", FieldKind::Int64, 0, 0),
        FieldSchema::new("TokenId", FieldKind::String, 0, 0),
    ],
};
static USER_SCRAM_CREDENTIAL_RECORD: StructSchema = StructSchema {
    name: "UserScramCredentialRecord",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Mechanism", FieldKind::Int8, 0, 0),
        FieldSchema::new("Salt", FieldKind::Bytes, 0, 0),
        FieldSchema::new("StoredKey", FieldKind::Bytes, 0, 0),
        FieldSchema::new("ServerKey", FieldKind::Bytes, 0, 0),
        FieldSchema::new("Iterations", FieldKind::Int32, 0, 0),
    ],
};
static FEATURE_LEVEL_RECORD: StructSchema = StructSchema {
    name: "FeatureLevelRecord",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("FeatureLevel", FieldKind::Int16, 0, 0),
    ],
};
static CLIENT_QUOTA_RECORD: StructSchema = StructSchema {
    name: "ClientQuotaRecord",
    fields: &[
        FieldSchema::new(
            "Entity",
            FieldKind::Array(&FieldKind::Struct(&CLIENT_QUOTA_RECORD_ENTITY_DATA)),
            0,
            0,
        ),
        FieldSchema::new("Key", FieldKind::String, 0, 0),
        FieldSchema::new("Value", FieldKind::Float64, 0, 0),
        FieldSchema::new("Remove", FieldKind::Bool, 0, 0),
    ],
};
static CLIENT_QUOTA_RECORD_ENTITY_DATA: StructSchema = StructSchema {
    name: "EntityData",
    fields: &[
        FieldSchema::new("EntityType", FieldKind::String, 0, 0),
        FieldSchema::new("EntityName", FieldKind::String, 0, 0).nullable(0, 0),
    ],
};
static PRODUCER_IDS_RECORD: StructSchema = StructSchema {
    name: "ProducerIdsRecord",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 0, 0).default("-1"),
        FieldSchema::new("NextProducerId", FieldKind::Int64, 0, 0),
    ],
};
static BROKER_REGISTRATION_CHANGE_RECORD: StructSchema = StructSchema {
    name: "BrokerRegistrationChangeRecord",
    fields: &[
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 3),
        FieldSchema::new("BrokerEpoch", FieldKind::Int64, 0, 3),
        FieldSchema::new("Fenced", FieldKind::Int8, 0, 3).tag(0),
        FieldSchema::new("InControlledShutdown", FieldKind::Int8, 1, 3).tag(1),
        FieldSchema::new("LogDirs", FieldKind::Array(&FieldKind::Uuid), 2, 3).tag(2),
        FieldSchema::new("CordonedLogDirs", FieldKind::Array(&FieldKind::Uuid), 3, 3)
            .nullable(3, 3)
            .default("null")
            .tag(3),
    ],
};
static ACCESS_CONTROL_ENTRY_RECORD: StructSchema = StructSchema {
    name: "AccessControlEntryRecord",
    fields: &[
        FieldSchema::new("Id", FieldKind::Uuid, 0, 0),
        FieldSchema::new("ResourceType", FieldKind::Int8, 0, 0),
        FieldSchema::new("ResourceName", FieldKind::String, 0, 0),
        FieldSchema::new("PatternType", FieldKind::Int8, 0, 0),
        FieldSchema::new("Principal", FieldKind::String, 0, 0),
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("Operation", FieldKind::Int8, 0, 0),
        FieldSchema::new("PermissionType", FieldKind::Int8, 0, 0),
    ],
};
static REMOVE_ACCESS_CONTROL_ENTRY_RECORD: StructSchema = StructSchema {
    name: "RemoveAccessControlEntryRecord",
    fields: &[FieldSchema::new("Id", FieldKind::Uuid, 0, 0)],
};
static NO_OP_RECORD: StructSchema = StructSchema { name: "NoOpRecord", fields: &[] };
static ZK_MIGRATION_STATE_RECORD: StructSchema = StructSchema {
    name: "ZkMigrationStateRecord",
    fields: &[FieldSchema::new("ZkMigrationState", FieldKind::Int8, 0, 0)],
};
static REMOVE_USER_SCRAM_CREDENTIAL_RECORD: StructSchema = StructSchema {
    name: "RemoveUserScramCredentialRecord",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Mechanism", FieldKind::Int8, 0, 0),
    ],
};
static BEGIN_TRANSACTION_RECORD: StructSchema = StructSchema {
    name: "BeginTransactionRecord",
    fields: &[FieldSchema::new("Name", FieldKind::String, 0, 0)
        .nullable(0, 0)
        .default("null")
        .tag(0)],
};
static END_TRANSACTION_RECORD: StructSchema =
    StructSchema { name: "EndTransactionRecord", fields: &[] };
static ABORT_TRANSACTION_RECORD: StructSchema = StructSchema {
    name: "AbortTransactionRecord",
    fields: &[FieldSchema::new("Reason", FieldKind::String, 0, 0)
        .nullable(0, 0)
        .default("null")
        .tag(0)],
};
static REMOVE_DELEGATION_TOKEN_RECORD: StructSchema = StructSchema {
    name: "RemoveDelegationTokenRecord",
    fields: &[FieldSchema::new("TokenId", FieldKind::String, 0, 0)],
};
static REGISTER_CONTROLLER_RECORD: StructSchema = StructSchema {
    name: "RegisterControllerRecord",
    fields: &[
        FieldSchema::new("ControllerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("IncarnationId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("ZkMigrationReady", FieldKind::Bool, 0, 0),
        FieldSchema::new(
            "EndPoints",
            FieldKind::Array(&FieldKind::Struct(&REGISTER_CONTROLLER_RECORD_CONTROLLER_ENDPOINT)),
            0,
            0,
        ),
        FieldSchema::new(
            "Features",
            FieldKind::Array(&FieldKind::Struct(&REGISTER_CONTROLLER_RECORD_CONTROLLER_FEATURE)),
            0,
            0,
        ),
    ],
};
static REGISTER_CONTROLLER_RECORD_CONTROLLER_ENDPOINT: StructSchema = StructSchema {
    name: "ControllerEndpoint",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Host", FieldKind::String, 0, 0),
        FieldSchema::new("Port", FieldKind::Uint16, 0, 0),
        FieldSchema::new("SecurityProtocol", FieldKind::Int16, 0, 0),
    ],
};
static REGISTER_CONTROLLER_RECORD_CONTROLLER_FEATURE: StructSchema = StructSchema {
    name: "ControllerFeature",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("MinSupportedVersion", FieldKind::Int16, 0, 0),
        FieldSchema::new("MaxSupportedVersion", FieldKind::Int16, 0, 0),
    ],
};
static CLEAR_ELR_RECORD: StructSchema = StructSchema {
    name: "ClearElrRecord",
    fields: &[FieldSchema::new("TopicName", FieldKind::String, 0, 0)],
};
static UNREGISTER_CONTROLLER_RECORD: StructSchema = StructSchema {
    name: "UnregisterControllerRecord",
    fields: &[FieldSchema::new("ControllerId", FieldKind::Int32, 0, 0)],
};
static QUORUM_STATE_DATA: StructSchema = StructSchema {
    name: "QuorumStateData",
    fields: &[
        FieldSchema::new("ClusterId", FieldKind::String, 0, 0),
        FieldSchema::new("LeaderId", FieldKind::Int32, 0, 1).default("-1"),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 1).default("-1"),
        FieldSchema::new("VotedId", FieldKind::Int32, 0, 1).default("-1"),
        FieldSchema::new("VotedDirectoryId", FieldKind::Uuid, 1, 1),
        FieldSchema::new("AppliedOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new(
            "CurrentVoters",
            FieldKind::Array(&FieldKind::Struct(&QUORUM_STATE_DATA_VOTER)),
            0,
            0,
        )
        .nullable(0, 0),
    ],
};
static QUORUM_STATE_DATA_VOTER: StructSchema =
    StructSchema { name: "Voter", fields: &[FieldSchema::new("VoterId", FieldKind::Int32, 0, 0)] };
static SHARE_SNAPSHOT_KEY: StructSchema = StructSchema {
    name: "ShareSnapshotKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
    ],
};
static SHARE_SNAPSHOT_VALUE: StructSchema = StructSchema {
    name: "ShareSnapshotValue",
    fields: &[
        FieldSchema::new("SnapshotEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("StateEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("DeliveryCompleteCount", FieldKind::Int32, 0, 0).default("-1").tag(0),
        FieldSchema::new("CreateTimestamp", FieldKind::Int64, 0, 0),
        FieldSchema::new("WriteTimestamp", FieldKind::Int64, 0, 0),
        FieldSchema::new(
            "StateBatches",
            FieldKind::Array(&FieldKind::Struct(&SHARE_SNAPSHOT_VALUE_STATE_BATCH)),
            0,
            0,
        ),
    ],
};
static SHARE_SNAPSHOT_VALUE_STATE_BATCH: StructSchema = StructSchema {
    name: "StateBatch",
    fields: &[
        FieldSchema::new("FirstOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("LastOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("DeliveryState", FieldKind::Int8, 0, 0),
        FieldSchema::new("DeliveryCount", FieldKind::Int16, 0, 0),
    ],
};
static SHARE_UPDATE_KEY: StructSchema = StructSchema {
    name: "ShareUpdateKey",
    fields: &[
        FieldSchema::new("GroupId", FieldKind::String, 0, 0),
        FieldSchema::new("TopicId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
    ],
};
static SHARE_UPDATE_VALUE: StructSchema = StructSchema {
    name: "ShareUpdateValue",
    fields: &[
        FieldSchema::new("SnapshotEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("DeliveryCompleteCount", FieldKind::Int32, 0, 0).default("-1").tag(0),
        FieldSchema::new(
            "StateBatches",
            FieldKind::Array(&FieldKind::Struct(&SHARE_UPDATE_VALUE_STATE_BATCH)),
            0,
            0,
        ),
    ],
};
static SHARE_UPDATE_VALUE_STATE_BATCH: StructSchema = StructSchema {
    name: "StateBatch",
    fields: &[
        FieldSchema::new("FirstOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("LastOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("DeliveryState", FieldKind::Int8, 0, 0),
        FieldSchema::new("DeliveryCount", FieldKind::Int16, 0, 0),
    ],
};
static PRODUCER_SNAPSHOT: StructSchema = StructSchema {
    name: "ProducerSnapshot",
    fields: &[
        FieldSchema::new("Crc", FieldKind::Uint32, 1, 1),
        FieldSchema::new(
            "ProducerEntries",
            FieldKind::Array(&FieldKind::Struct(&PRODUCER_SNAPSHOT_PRODUCER_ENTRY)),
            1,
            1,
        ),
    ],
};
static PRODUCER_SNAPSHOT_PRODUCER_ENTRY: StructSchema = StructSchema {
    name: "ProducerEntry",
    fields: &[
        FieldSchema::new("ProducerId", FieldKind::Int64, 1, 1),
        FieldSchema::new("Epoch", FieldKind::Int16, 1, 1),
        FieldSchema::new("LastSequence", FieldKind::Int32, 1, 1),
        FieldSchema::new("LastOffset", FieldKind::Int64, 1, 1),
        FieldSchema::new("OffsetDelta", FieldKind::Int32, 1, 1),
        FieldSchema::new("Timestamp", FieldKind::Int64, 1, 1),
        FieldSchema::new("CoordinatorEpoch", FieldKind::Int32, 1, 1),
        FieldSchema::new("CurrentTxnFirstOffset", FieldKind::Int64, 1, 1),
    ],
};
static REMOTE_LOG_SEGMENT_METADATA_RECORD: StructSchema = StructSchema {
    name: "RemoteLogSegmentMetadataRecord",
    fields: &[
        FieldSchema::new(
            "RemoteLogSegmentId",
            FieldKind::Struct(&REMOTE_LOG_SEGMENT_METADATA_RECORD_REMOTE_LOG_SEGMENT_ID_ENTRY),
            0,
            0,
        ),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("EndOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("MaxTimestampMs", FieldKind::Int64, 0, 0),
        FieldSchema::new("EventTimestampMs", FieldKind::Int64, 0, 0),
        FieldSchema::new(
            "SegmentLeaderEpochs",
            FieldKind::Array(&FieldKind::Struct(
                &REMOTE_LOG_SEGMENT_METADATA_RECORD_SEGMENT_LEADER_EPOCH_ENTRY,
            )),
            0,
            0,
        ),
        FieldSchema::new("SegmentSizeInBytes", FieldKind::Int32, 0, 0),
        FieldSchema::new("CustomMetadata", FieldKind::Bytes, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("RemoteLogSegmentState", FieldKind::Int8, 0, 0),
        FieldSchema::new("TxnIndexEmpty", FieldKind::Bool, 0, 0).tag(0),
    ],
};
static REMOTE_LOG_SEGMENT_METADATA_RECORD_REMOTE_LOG_SEGMENT_ID_ENTRY: StructSchema =
    StructSchema {
        name: "RemoteLogSegmentIdEntry",
        fields: &[
            FieldSchema::new(
                "TopicIdPartition",
                FieldKind::Struct(&REMOTE_LOG_SEGMENT_METADATA_RECORD_TOPIC_ID_PARTITION_ENTRY),
                0,
                0,
            ),
            FieldSchema::new("Id", FieldKind::Uuid, 0, 0),
        ],
    };
static REMOTE_LOG_SEGMENT_METADATA_RECORD_TOPIC_ID_PARTITION_ENTRY: StructSchema = StructSchema {
    name: "TopicIdPartitionEntry",
    fields: &[
        FieldSchema::new("Name", FieldKind::String, 0, 0),
        FieldSchema::new("Id", FieldKind::Uuid, 0, 0),
        FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
    ],
};
static REMOTE_LOG_SEGMENT_METADATA_RECORD_SEGMENT_LEADER_EPOCH_ENTRY: StructSchema = StructSchema {
    name: "SegmentLeaderEpochEntry",
    fields: &[
        FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 0),
        FieldSchema::new("Offset", FieldKind::Int64, 0, 0),
    ],
};
static REMOTE_LOG_SEGMENT_METADATA_UPDATE_RECORD: StructSchema = StructSchema {
    name: "RemoteLogSegmentMetadataUpdateRecord",
    fields: &[
        FieldSchema::new(
            "RemoteLogSegmentId",
            FieldKind::Struct(
                &REMOTE_LOG_SEGMENT_METADATA_UPDATE_RECORD_REMOTE_LOG_SEGMENT_ID_ENTRY,
            ),
            0,
            0,
        ),
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("EventTimestampMs", FieldKind::Int64, 0, 0),
        FieldSchema::new("CustomMetadata", FieldKind::Bytes, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("RemoteLogSegmentState", FieldKind::Int8, 0, 0),
    ],
};
static REMOTE_LOG_SEGMENT_METADATA_UPDATE_RECORD_REMOTE_LOG_SEGMENT_ID_ENTRY: StructSchema =
    StructSchema {
        name: "RemoteLogSegmentIdEntry",
        fields: &[
            FieldSchema::new(
                "TopicIdPartition",
                FieldKind::Struct(
                    &REMOTE_LOG_SEGMENT_METADATA_UPDATE_RECORD_TOPIC_ID_PARTITION_ENTRY,
                ),
                0,
                0,
            ),
            FieldSchema::new("Id", FieldKind::Uuid, 0, 0),
        ],
    };
static REMOTE_LOG_SEGMENT_METADATA_UPDATE_RECORD_TOPIC_ID_PARTITION_ENTRY: StructSchema =
    StructSchema {
        name: "TopicIdPartitionEntry",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 0),
            FieldSchema::new("Id", FieldKind::Uuid, 0, 0),
            FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
        ],
    };
static REMOTE_PARTITION_DELETE_METADATA_RECORD: StructSchema = StructSchema {
    name: "RemotePartitionDeleteMetadataRecord",
    fields: &[
        FieldSchema::new(
            "TopicIdPartition",
            FieldKind::Struct(&REMOTE_PARTITION_DELETE_METADATA_RECORD_TOPIC_ID_PARTITION_ENTRY),
            0,
            0,
        ),
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("EventTimestampMs", FieldKind::Int64, 0, 0),
        FieldSchema::new("RemotePartitionDeleteState", FieldKind::Int8, 0, 0),
    ],
};
static REMOTE_PARTITION_DELETE_METADATA_RECORD_TOPIC_ID_PARTITION_ENTRY: StructSchema =
    StructSchema {
        name: "TopicIdPartitionEntry",
        fields: &[
            FieldSchema::new("Name", FieldKind::String, 0, 0),
            FieldSchema::new("Id", FieldKind::Uuid, 0, 0),
            FieldSchema::new("Partition", FieldKind::Int32, 0, 0),
        ],
    };
static REMOTE_LOG_SEGMENT_METADATA_SNAPSHOT_RECORD: StructSchema = StructSchema {
    name: "RemoteLogSegmentMetadataSnapshotRecord",
    fields: &[
        FieldSchema::new("SegmentId", FieldKind::Uuid, 0, 0),
        FieldSchema::new("StartOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("EndOffset", FieldKind::Int64, 0, 0),
        FieldSchema::new("BrokerId", FieldKind::Int32, 0, 0),
        FieldSchema::new("MaxTimestampMs", FieldKind::Int64, 0, 0),
        FieldSchema::new("EventTimestampMs", FieldKind::Int64, 0, 0),
        FieldSchema::new(
            "SegmentLeaderEpochs",
            FieldKind::Array(&FieldKind::Struct(
                &REMOTE_LOG_SEGMENT_METADATA_SNAPSHOT_RECORD_SEGMENT_LEADER_EPOCH_ENTRY,
            )),
            0,
            0,
        ),
        FieldSchema::new("SegmentSizeInBytes", FieldKind::Int32, 0, 0),
        FieldSchema::new("CustomMetadata", FieldKind::Bytes, 0, 0).nullable(0, 0).default("null"),
        FieldSchema::new("RemoteLogSegmentState", FieldKind::Int8, 0, 0),
        FieldSchema::new("TxnIndexEmpty", FieldKind::Bool, 0, 0).tag(0),
    ],
};
static REMOTE_LOG_SEGMENT_METADATA_SNAPSHOT_RECORD_SEGMENT_LEADER_EPOCH_ENTRY: StructSchema =
    StructSchema {
        name: "SegmentLeaderEpochEntry",
        fields: &[
            FieldSchema::new("LeaderEpoch", FieldKind::Int32, 0, 0),
            FieldSchema::new("Offset", FieldKind::Int64, 0, 0),
        ],
    };
static SUBSCRIPTION_INFO_DATA: StructSchema = StructSchema {
    name: "SubscriptionInfoData",
    fields: &[
        FieldSchema::new("version", FieldKind::Int32, 1, 11),
        FieldSchema::new("latestSupportedVersion", FieldKind::Int32, 3, 11).default("-1"),
        FieldSchema::new("processId", FieldKind::Uuid, 1, 11),
        FieldSchema::new(
            "prevTasks",
            FieldKind::Array(&FieldKind::Struct(&SUBSCRIPTION_INFO_DATA_TASK_ID)),
            1,
            6,
        ),
        FieldSchema::new(
            "standbyTasks",
            FieldKind::Array(&FieldKind::Struct(&SUBSCRIPTION_INFO_DATA_TASK_ID)),
            1,
            6,
        ),
        FieldSchema::new("userEndPoint", FieldKind::Bytes, 2, 11),
        FieldSchema::new(
            "taskOffsetSums",
            FieldKind::Array(&FieldKind::Struct(&SUBSCRIPTION_INFO_DATA_TASK_OFFSET_SUM)),
            7,
            11,
        ),
        FieldSchema::new("uniqueField", FieldKind::Int8, 8, 11),
        FieldSchema::new("errorCode", FieldKind::Int32, 9, 11),
        FieldSchema::new(
            "clientTags",
            FieldKind::Array(&FieldKind::Struct(&SUBSCRIPTION_INFO_DATA_CLIENT_TAG)),
            11,
            11,
        ),
    ],
};
static SUBSCRIPTION_INFO_DATA_TASK_ID: StructSchema = StructSchema {
    name: "TaskId",
    fields: &[
        FieldSchema::new("topicGroupId", FieldKind::Int32, 1, 6),
        FieldSchema::new("partition", FieldKind::Int32, 1, 6),
    ],
};
static SUBSCRIPTION_INFO_DATA_TASK_OFFSET_SUM: StructSchema = StructSchema {
    name: "TaskOffsetSum",
    fields: &[
        FieldSchema::new("topicGroupId", FieldKind::Int32, 7, 11),
        FieldSchema::new("partition", FieldKind::Int32, 10, 11),
        FieldSchema::new("offsetSum", FieldKind::Int64, 10, 11),
        FieldSchema::new("namedTopology", FieldKind::String, 10, 11).nullable(10, 11),
        FieldSchema::new(
            "partitionToOffsetSum",
            FieldKind::Array(&FieldKind::Struct(&SUBSCRIPTION_INFO_DATA_PARTITION_TO_OFFSET_SUM)),
            7,
            9,
        ),
    ],
};
static SUBSCRIPTION_INFO_DATA_PARTITION_TO_OFFSET_SUM: StructSchema = StructSchema {
    name: "PartitionToOffsetSum",
    fields: &[
        FieldSchema::new("partition", FieldKind::Int32, 7, 9),
        FieldSchema::new("offsetSum", FieldKind::Int64, 7, 9),
    ],
};
static SUBSCRIPTION_INFO_DATA_CLIENT_TAG: StructSchema = StructSchema {
    name: "ClientTag",
    fields: &[
        FieldSchema::new("key", FieldKind::Bytes, 11, 11),
        FieldSchema::new("value", FieldKind::Bytes, 11, 11),
    ],
};
static TRANSACTION_LOG_KEY: StructSchema = StructSchema {
    name: "TransactionLogKey",
    fields: &[FieldSchema::new("TransactionalId", FieldKind::String, 0, 0)],
};
static TRANSACTION_LOG_VALUE: StructSchema = StructSchema {
    name: "TransactionLogValue",
    fields: &[
        FieldSchema::new("ProducerId", FieldKind::Int64, 0, 1),
        FieldSchema::new("PreviousProducerId", FieldKind::Int64, 1, 1).default("-1").tag(0),
        FieldSchema::new("NextProducerId", FieldKind::Int64, 1, 1).default("-1").tag(1),
        FieldSchema::new("ProducerEpoch", FieldKind::Int16, 0, 1),
        FieldSchema::new("NextProducerEpoch", FieldKind::Int16, 1, 1).default("-1").tag(3),
        FieldSchema::new("TransactionTimeoutMs", FieldKind::Int32, 0, 1),
        FieldSchema::new("TransactionStatus", FieldKind::Int8, 0, 1),
        FieldSchema::new(
            "TransactionPartitions",
            FieldKind::Array(&FieldKind::Struct(&TRANSACTION_LOG_VALUE_PARTITIONS_SCHEMA)),
            0,
            1,
        )
        .nullable(0, 1),
        FieldSchema::new("TransactionLastUpdateTimestampMs", FieldKind::Int64, 0, 1),
        FieldSchema::new("TransactionStartTimestampMs", FieldKind::Int64, 0, 1),
        FieldSchema::new("ClientTransactionVersion", FieldKind::Int16, 1, 1).tag(2),
    ],
};
static TRANSACTION_LOG_VALUE_PARTITIONS_SCHEMA: StructSchema = StructSchema {
    name: "PartitionsSchema",
    fields: &[
        FieldSchema::new("Topic", FieldKind::String, 0, 1),
        FieldSchema::new("PartitionIds", FieldKind::Array(&FieldKind::Int32), 0, 1),
    ],
};
