// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{AnyRecord, DecodeError, EncodeError, Message, Reader, Record, VersionRange};

pub mod consumer_group_current_member_assignment_key;
pub mod consumer_group_current_member_assignment_value;
pub mod consumer_group_member_metadata_key;
pub mod consumer_group_member_metadata_value;
pub mod consumer_group_metadata_key;
pub mod consumer_group_metadata_value;
pub mod consumer_group_partition_metadata_key;
pub mod consumer_group_partition_metadata_value;
pub mod consumer_group_regular_expression_key;
pub mod consumer_group_regular_expression_value;
pub mod consumer_group_target_assignment_member_key;
pub mod consumer_group_target_assignment_member_value;
pub mod consumer_group_target_assignment_metadata_key;
pub mod consumer_group_target_assignment_metadata_value;
pub mod group_metadata_key;
pub mod group_metadata_value;
pub mod legacy_offset_commit_key;
pub mod legacy_offset_commit_value;
pub mod offset_commit_key;
pub mod offset_commit_value;
pub mod share_group_current_member_assignment_key;
pub mod share_group_current_member_assignment_value;
pub mod share_group_member_metadata_key;
pub mod share_group_member_metadata_value;
pub mod share_group_metadata_key;
pub mod share_group_metadata_value;
pub mod share_group_state_partition_metadata_key;
pub mod share_group_state_partition_metadata_value;
pub mod share_group_target_assignment_member_key;
pub mod share_group_target_assignment_member_value;
pub mod share_group_target_assignment_metadata_key;
pub mod share_group_target_assignment_metadata_value;
pub mod streams_group_current_member_assignment_key;
pub mod streams_group_current_member_assignment_value;
pub mod streams_group_member_metadata_key;
pub mod streams_group_member_metadata_value;
pub mod streams_group_metadata_key;
pub mod streams_group_metadata_value;
pub mod streams_group_target_assignment_member_key;
pub mod streams_group_target_assignment_member_value;
pub mod streams_group_target_assignment_metadata_key;
pub mod streams_group_target_assignment_metadata_value;
pub mod streams_group_topology_key;
pub mod streams_group_topology_value;

pub use consumer_group_current_member_assignment_key::ConsumerGroupCurrentMemberAssignmentKey;
pub use consumer_group_current_member_assignment_value::ConsumerGroupCurrentMemberAssignmentValue;
pub use consumer_group_member_metadata_key::ConsumerGroupMemberMetadataKey;
pub use consumer_group_member_metadata_value::ConsumerGroupMemberMetadataValue;
pub use consumer_group_metadata_key::ConsumerGroupMetadataKey;
pub use consumer_group_metadata_value::ConsumerGroupMetadataValue;
pub use consumer_group_partition_metadata_key::ConsumerGroupPartitionMetadataKey;
pub use consumer_group_partition_metadata_value::ConsumerGroupPartitionMetadataValue;
pub use consumer_group_regular_expression_key::ConsumerGroupRegularExpressionKey;
pub use consumer_group_regular_expression_value::ConsumerGroupRegularExpressionValue;
pub use consumer_group_target_assignment_member_key::ConsumerGroupTargetAssignmentMemberKey;
pub use consumer_group_target_assignment_member_value::ConsumerGroupTargetAssignmentMemberValue;
pub use consumer_group_target_assignment_metadata_key::ConsumerGroupTargetAssignmentMetadataKey;
pub use consumer_group_target_assignment_metadata_value::ConsumerGroupTargetAssignmentMetadataValue;
pub use group_metadata_key::GroupMetadataKey;
pub use group_metadata_value::GroupMetadataValue;
pub use legacy_offset_commit_key::LegacyOffsetCommitKey;
pub use legacy_offset_commit_value::LegacyOffsetCommitValue;
pub use offset_commit_key::OffsetCommitKey;
pub use offset_commit_value::OffsetCommitValue;
pub use share_group_current_member_assignment_key::ShareGroupCurrentMemberAssignmentKey;
pub use share_group_current_member_assignment_value::ShareGroupCurrentMemberAssignmentValue;
pub use share_group_member_metadata_key::ShareGroupMemberMetadataKey;
pub use share_group_member_metadata_value::ShareGroupMemberMetadataValue;
pub use share_group_metadata_key::ShareGroupMetadataKey;
pub use share_group_metadata_value::ShareGroupMetadataValue;
pub use share_group_state_partition_metadata_key::ShareGroupStatePartitionMetadataKey;
pub use share_group_state_partition_metadata_value::ShareGroupStatePartitionMetadataValue;
pub use share_group_target_assignment_member_key::ShareGroupTargetAssignmentMemberKey;
pub use share_group_target_assignment_member_value::ShareGroupTargetAssignmentMemberValue;
pub use share_group_target_assignment_metadata_key::ShareGroupTargetAssignmentMetadataKey;
pub use share_group_target_assignment_metadata_value::ShareGroupTargetAssignmentMetadataValue;
pub use streams_group_current_member_assignment_key::StreamsGroupCurrentMemberAssignmentKey;
pub use streams_group_current_member_assignment_value::StreamsGroupCurrentMemberAssignmentValue;
pub use streams_group_member_metadata_key::StreamsGroupMemberMetadataKey;
pub use streams_group_member_metadata_value::StreamsGroupMemberMetadataValue;
pub use streams_group_metadata_key::StreamsGroupMetadataKey;
pub use streams_group_metadata_value::StreamsGroupMetadataValue;
pub use streams_group_target_assignment_member_key::StreamsGroupTargetAssignmentMemberKey;
pub use streams_group_target_assignment_member_value::StreamsGroupTargetAssignmentMemberValue;
pub use streams_group_target_assignment_metadata_key::StreamsGroupTargetAssignmentMetadataKey;
pub use streams_group_target_assignment_metadata_value::StreamsGroupTargetAssignmentMetadataValue;
pub use streams_group_topology_key::StreamsGroupTopologyKey;
pub use streams_group_topology_value::StreamsGroupTopologyValue;

/// Any key of the `group` records.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupKey {
    LegacyOffsetCommit(LegacyOffsetCommitKey),
    OffsetCommit(OffsetCommitKey),
    GroupMetadata(GroupMetadataKey),
    ConsumerGroupMetadata(ConsumerGroupMetadataKey),
    ConsumerGroupPartitionMetadata(ConsumerGroupPartitionMetadataKey),
    ConsumerGroupMemberMetadata(ConsumerGroupMemberMetadataKey),
    ConsumerGroupTargetAssignmentMetadata(ConsumerGroupTargetAssignmentMetadataKey),
    ConsumerGroupTargetAssignmentMember(ConsumerGroupTargetAssignmentMemberKey),
    ConsumerGroupCurrentMemberAssignment(ConsumerGroupCurrentMemberAssignmentKey),
    ShareGroupMemberMetadata(ShareGroupMemberMetadataKey),
    ShareGroupMetadata(ShareGroupMetadataKey),
    ShareGroupTargetAssignmentMetadata(ShareGroupTargetAssignmentMetadataKey),
    ShareGroupTargetAssignmentMember(ShareGroupTargetAssignmentMemberKey),
    ShareGroupCurrentMemberAssignment(ShareGroupCurrentMemberAssignmentKey),
    ShareGroupStatePartitionMetadata(ShareGroupStatePartitionMetadataKey),
    ConsumerGroupRegularExpression(ConsumerGroupRegularExpressionKey),
    StreamsGroupMetadata(StreamsGroupMetadataKey),
    StreamsGroupMemberMetadata(StreamsGroupMemberMetadataKey),
    StreamsGroupTargetAssignmentMetadata(StreamsGroupTargetAssignmentMetadataKey),
    StreamsGroupTargetAssignmentMember(StreamsGroupTargetAssignmentMemberKey),
    StreamsGroupCurrentMemberAssignment(StreamsGroupCurrentMemberAssignmentKey),
    StreamsGroupTopology(StreamsGroupTopologyKey),
}

impl AnyRecord for GroupKey {
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            LegacyOffsetCommitKey::KEY => {
                LegacyOffsetCommitKey::decode(input, version).map(Self::LegacyOffsetCommit)
            }
            OffsetCommitKey::KEY => OffsetCommitKey::decode(input, version).map(Self::OffsetCommit),
            GroupMetadataKey::KEY => {
                GroupMetadataKey::decode(input, version).map(Self::GroupMetadata)
            }
            ConsumerGroupMetadataKey::KEY => {
                ConsumerGroupMetadataKey::decode(input, version).map(Self::ConsumerGroupMetadata)
            }
            ConsumerGroupPartitionMetadataKey::KEY => {
                ConsumerGroupPartitionMetadataKey::decode(input, version)
                    .map(Self::ConsumerGroupPartitionMetadata)
            }
            ConsumerGroupMemberMetadataKey::KEY => {
                ConsumerGroupMemberMetadataKey::decode(input, version)
                    .map(Self::ConsumerGroupMemberMetadata)
            }
            ConsumerGroupTargetAssignmentMetadataKey::KEY => {
                ConsumerGroupTargetAssignmentMetadataKey::decode(input, version)
                    .map(Self::ConsumerGroupTargetAssignmentMetadata)
            }
            ConsumerGroupTargetAssignmentMemberKey::KEY => {
                ConsumerGroupTargetAssignmentMemberKey::decode(input, version)
                    .map(Self::ConsumerGroupTargetAssignmentMember)
            }
            ConsumerGroupCurrentMemberAssignmentKey::KEY => {
                ConsumerGroupCurrentMemberAssignmentKey::decode(input, version)
                    .map(Self::ConsumerGroupCurrentMemberAssignment)
            }
            ShareGroupMemberMetadataKey::KEY => ShareGroupMemberMetadataKey::decode(input, version)
                .map(Self::ShareGroupMemberMetadata),
            ShareGroupMetadataKey::KEY => {
                ShareGroupMetadataKey::decode(input, version).map(Self::ShareGroupMetadata)
            }
            ShareGroupTargetAssignmentMetadataKey::KEY => {
                ShareGroupTargetAssignmentMetadataKey::decode(input, version)
                    .map(Self::ShareGroupTargetAssignmentMetadata)
            }
            ShareGroupTargetAssignmentMemberKey::KEY => {
                ShareGroupTargetAssignmentMemberKey::decode(input, version)
                    .map(Self::ShareGroupTargetAssignmentMember)
            }
            ShareGroupCurrentMemberAssignmentKey::KEY => {
                ShareGroupCurrentMemberAssignmentKey::decode(input, version)
                    .map(Self::ShareGroupCurrentMemberAssignment)
            }
            ShareGroupStatePartitionMetadataKey::KEY => {
                ShareGroupStatePartitionMetadataKey::decode(input, version)
                    .map(Self::ShareGroupStatePartitionMetadata)
            }
            ConsumerGroupRegularExpressionKey::KEY => {
                ConsumerGroupRegularExpressionKey::decode(input, version)
                    .map(Self::ConsumerGroupRegularExpression)
            }
            StreamsGroupMetadataKey::KEY => {
                StreamsGroupMetadataKey::decode(input, version).map(Self::StreamsGroupMetadata)
            }
            StreamsGroupMemberMetadataKey::KEY => {
                StreamsGroupMemberMetadataKey::decode(input, version)
                    .map(Self::StreamsGroupMemberMetadata)
            }
            StreamsGroupTargetAssignmentMetadataKey::KEY => {
                StreamsGroupTargetAssignmentMetadataKey::decode(input, version)
                    .map(Self::StreamsGroupTargetAssignmentMetadata)
            }
            StreamsGroupTargetAssignmentMemberKey::KEY => {
                StreamsGroupTargetAssignmentMemberKey::decode(input, version)
                    .map(Self::StreamsGroupTargetAssignmentMember)
            }
            StreamsGroupCurrentMemberAssignmentKey::KEY => {
                StreamsGroupCurrentMemberAssignmentKey::decode(input, version)
                    .map(Self::StreamsGroupCurrentMemberAssignment)
            }
            StreamsGroupTopologyKey::KEY => {
                StreamsGroupTopologyKey::decode(input, version).map(Self::StreamsGroupTopology)
            }

            _ => Err(DecodeError::RecordKey { group: "GroupKey", key }),
        }
    }

    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::LegacyOffsetCommit(it) => it.encode(out, version),
            Self::OffsetCommit(it) => it.encode(out, version),
            Self::GroupMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupPartitionMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupMemberMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupTargetAssignmentMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupTargetAssignmentMember(it) => it.encode(out, version),
            Self::ConsumerGroupCurrentMemberAssignment(it) => it.encode(out, version),
            Self::ShareGroupMemberMetadata(it) => it.encode(out, version),
            Self::ShareGroupMetadata(it) => it.encode(out, version),
            Self::ShareGroupTargetAssignmentMetadata(it) => it.encode(out, version),
            Self::ShareGroupTargetAssignmentMember(it) => it.encode(out, version),
            Self::ShareGroupCurrentMemberAssignment(it) => it.encode(out, version),
            Self::ShareGroupStatePartitionMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupRegularExpression(it) => it.encode(out, version),
            Self::StreamsGroupMetadata(it) => it.encode(out, version),
            Self::StreamsGroupMemberMetadata(it) => it.encode(out, version),
            Self::StreamsGroupTargetAssignmentMetadata(it) => it.encode(out, version),
            Self::StreamsGroupTargetAssignmentMember(it) => it.encode(out, version),
            Self::StreamsGroupCurrentMemberAssignment(it) => it.encode(out, version),
            Self::StreamsGroupTopology(it) => it.encode(out, version),
        }
    }

    fn key(&self) -> i16 {
        match self {
            Self::LegacyOffsetCommit(_) => LegacyOffsetCommitKey::KEY,
            Self::OffsetCommit(_) => OffsetCommitKey::KEY,
            Self::GroupMetadata(_) => GroupMetadataKey::KEY,
            Self::ConsumerGroupMetadata(_) => ConsumerGroupMetadataKey::KEY,
            Self::ConsumerGroupPartitionMetadata(_) => ConsumerGroupPartitionMetadataKey::KEY,
            Self::ConsumerGroupMemberMetadata(_) => ConsumerGroupMemberMetadataKey::KEY,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => {
                ConsumerGroupTargetAssignmentMetadataKey::KEY
            }
            Self::ConsumerGroupTargetAssignmentMember(_) => {
                ConsumerGroupTargetAssignmentMemberKey::KEY
            }
            Self::ConsumerGroupCurrentMemberAssignment(_) => {
                ConsumerGroupCurrentMemberAssignmentKey::KEY
            }
            Self::ShareGroupMemberMetadata(_) => ShareGroupMemberMetadataKey::KEY,
            Self::ShareGroupMetadata(_) => ShareGroupMetadataKey::KEY,
            Self::ShareGroupTargetAssignmentMetadata(_) => {
                ShareGroupTargetAssignmentMetadataKey::KEY
            }
            Self::ShareGroupTargetAssignmentMember(_) => ShareGroupTargetAssignmentMemberKey::KEY,
            Self::ShareGroupCurrentMemberAssignment(_) => ShareGroupCurrentMemberAssignmentKey::KEY,
            Self::ShareGroupStatePartitionMetadata(_) => ShareGroupStatePartitionMetadataKey::KEY,
            Self::ConsumerGroupRegularExpression(_) => ConsumerGroupRegularExpressionKey::KEY,
            Self::StreamsGroupMetadata(_) => StreamsGroupMetadataKey::KEY,
            Self::StreamsGroupMemberMetadata(_) => StreamsGroupMemberMetadataKey::KEY,
            Self::StreamsGroupTargetAssignmentMetadata(_) => {
                StreamsGroupTargetAssignmentMetadataKey::KEY
            }
            Self::StreamsGroupTargetAssignmentMember(_) => {
                StreamsGroupTargetAssignmentMemberKey::KEY
            }
            Self::StreamsGroupCurrentMemberAssignment(_) => {
                StreamsGroupCurrentMemberAssignmentKey::KEY
            }
            Self::StreamsGroupTopology(_) => StreamsGroupTopologyKey::KEY,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::LegacyOffsetCommit(_) => LegacyOffsetCommitKey::NAME,
            Self::OffsetCommit(_) => OffsetCommitKey::NAME,
            Self::GroupMetadata(_) => GroupMetadataKey::NAME,
            Self::ConsumerGroupMetadata(_) => ConsumerGroupMetadataKey::NAME,
            Self::ConsumerGroupPartitionMetadata(_) => ConsumerGroupPartitionMetadataKey::NAME,
            Self::ConsumerGroupMemberMetadata(_) => ConsumerGroupMemberMetadataKey::NAME,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => {
                ConsumerGroupTargetAssignmentMetadataKey::NAME
            }
            Self::ConsumerGroupTargetAssignmentMember(_) => {
                ConsumerGroupTargetAssignmentMemberKey::NAME
            }
            Self::ConsumerGroupCurrentMemberAssignment(_) => {
                ConsumerGroupCurrentMemberAssignmentKey::NAME
            }
            Self::ShareGroupMemberMetadata(_) => ShareGroupMemberMetadataKey::NAME,
            Self::ShareGroupMetadata(_) => ShareGroupMetadataKey::NAME,
            Self::ShareGroupTargetAssignmentMetadata(_) => {
                ShareGroupTargetAssignmentMetadataKey::NAME
            }
            Self::ShareGroupTargetAssignmentMember(_) => ShareGroupTargetAssignmentMemberKey::NAME,
            Self::ShareGroupCurrentMemberAssignment(_) => {
                ShareGroupCurrentMemberAssignmentKey::NAME
            }
            Self::ShareGroupStatePartitionMetadata(_) => ShareGroupStatePartitionMetadataKey::NAME,
            Self::ConsumerGroupRegularExpression(_) => ConsumerGroupRegularExpressionKey::NAME,
            Self::StreamsGroupMetadata(_) => StreamsGroupMetadataKey::NAME,
            Self::StreamsGroupMemberMetadata(_) => StreamsGroupMemberMetadataKey::NAME,
            Self::StreamsGroupTargetAssignmentMetadata(_) => {
                StreamsGroupTargetAssignmentMetadataKey::NAME
            }
            Self::StreamsGroupTargetAssignmentMember(_) => {
                StreamsGroupTargetAssignmentMemberKey::NAME
            }
            Self::StreamsGroupCurrentMemberAssignment(_) => {
                StreamsGroupCurrentMemberAssignmentKey::NAME
            }
            Self::StreamsGroupTopology(_) => StreamsGroupTopologyKey::NAME,
        }
    }

    fn versions(&self) -> VersionRange {
        match self {
            Self::LegacyOffsetCommit(_) => LegacyOffsetCommitKey::VERSIONS,
            Self::OffsetCommit(_) => OffsetCommitKey::VERSIONS,
            Self::GroupMetadata(_) => GroupMetadataKey::VERSIONS,
            Self::ConsumerGroupMetadata(_) => ConsumerGroupMetadataKey::VERSIONS,
            Self::ConsumerGroupPartitionMetadata(_) => ConsumerGroupPartitionMetadataKey::VERSIONS,
            Self::ConsumerGroupMemberMetadata(_) => ConsumerGroupMemberMetadataKey::VERSIONS,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => {
                ConsumerGroupTargetAssignmentMetadataKey::VERSIONS
            }
            Self::ConsumerGroupTargetAssignmentMember(_) => {
                ConsumerGroupTargetAssignmentMemberKey::VERSIONS
            }
            Self::ConsumerGroupCurrentMemberAssignment(_) => {
                ConsumerGroupCurrentMemberAssignmentKey::VERSIONS
            }
            Self::ShareGroupMemberMetadata(_) => ShareGroupMemberMetadataKey::VERSIONS,
            Self::ShareGroupMetadata(_) => ShareGroupMetadataKey::VERSIONS,
            Self::ShareGroupTargetAssignmentMetadata(_) => {
                ShareGroupTargetAssignmentMetadataKey::VERSIONS
            }
            Self::ShareGroupTargetAssignmentMember(_) => {
                ShareGroupTargetAssignmentMemberKey::VERSIONS
            }
            Self::ShareGroupCurrentMemberAssignment(_) => {
                ShareGroupCurrentMemberAssignmentKey::VERSIONS
            }
            Self::ShareGroupStatePartitionMetadata(_) => {
                ShareGroupStatePartitionMetadataKey::VERSIONS
            }
            Self::ConsumerGroupRegularExpression(_) => ConsumerGroupRegularExpressionKey::VERSIONS,
            Self::StreamsGroupMetadata(_) => StreamsGroupMetadataKey::VERSIONS,
            Self::StreamsGroupMemberMetadata(_) => StreamsGroupMemberMetadataKey::VERSIONS,
            Self::StreamsGroupTargetAssignmentMetadata(_) => {
                StreamsGroupTargetAssignmentMetadataKey::VERSIONS
            }
            Self::StreamsGroupTargetAssignmentMember(_) => {
                StreamsGroupTargetAssignmentMemberKey::VERSIONS
            }
            Self::StreamsGroupCurrentMemberAssignment(_) => {
                StreamsGroupCurrentMemberAssignmentKey::VERSIONS
            }
            Self::StreamsGroupTopology(_) => StreamsGroupTopologyKey::VERSIONS,
        }
    }
}

impl From<LegacyOffsetCommitKey> for GroupKey {
    fn from(it: LegacyOffsetCommitKey) -> Self {
        Self::LegacyOffsetCommit(it)
    }
}

impl From<OffsetCommitKey> for GroupKey {
    fn from(it: OffsetCommitKey) -> Self {
        Self::OffsetCommit(it)
    }
}

impl From<GroupMetadataKey> for GroupKey {
    fn from(it: GroupMetadataKey) -> Self {
        Self::GroupMetadata(it)
    }
}

impl From<ConsumerGroupMetadataKey> for GroupKey {
    fn from(it: ConsumerGroupMetadataKey) -> Self {
        Self::ConsumerGroupMetadata(it)
    }
}

impl From<ConsumerGroupPartitionMetadataKey> for GroupKey {
    fn from(it: ConsumerGroupPartitionMetadataKey) -> Self {
        Self::ConsumerGroupPartitionMetadata(it)
    }
}

impl From<ConsumerGroupMemberMetadataKey> for GroupKey {
    fn from(it: ConsumerGroupMemberMetadataKey) -> Self {
        Self::ConsumerGroupMemberMetadata(it)
    }
}

impl From<ConsumerGroupTargetAssignmentMetadataKey> for GroupKey {
    fn from(it: ConsumerGroupTargetAssignmentMetadataKey) -> Self {
        Self::ConsumerGroupTargetAssignmentMetadata(it)
    }
}

impl From<ConsumerGroupTargetAssignmentMemberKey> for GroupKey {
    fn from(it: ConsumerGroupTargetAssignmentMemberKey) -> Self {
        Self::ConsumerGroupTargetAssignmentMember(it)
    }
}

impl From<ConsumerGroupCurrentMemberAssignmentKey> for GroupKey {
    fn from(it: ConsumerGroupCurrentMemberAssignmentKey) -> Self {
        Self::ConsumerGroupCurrentMemberAssignment(it)
    }
}

impl From<ShareGroupMemberMetadataKey> for GroupKey {
    fn from(it: ShareGroupMemberMetadataKey) -> Self {
        Self::ShareGroupMemberMetadata(it)
    }
}

impl From<ShareGroupMetadataKey> for GroupKey {
    fn from(it: ShareGroupMetadataKey) -> Self {
        Self::ShareGroupMetadata(it)
    }
}

impl From<ShareGroupTargetAssignmentMetadataKey> for GroupKey {
    fn from(it: ShareGroupTargetAssignmentMetadataKey) -> Self {
        Self::ShareGroupTargetAssignmentMetadata(it)
    }
}

impl From<ShareGroupTargetAssignmentMemberKey> for GroupKey {
    fn from(it: ShareGroupTargetAssignmentMemberKey) -> Self {
        Self::ShareGroupTargetAssignmentMember(it)
    }
}

impl From<ShareGroupCurrentMemberAssignmentKey> for GroupKey {
    fn from(it: ShareGroupCurrentMemberAssignmentKey) -> Self {
        Self::ShareGroupCurrentMemberAssignment(it)
    }
}

impl From<ShareGroupStatePartitionMetadataKey> for GroupKey {
    fn from(it: ShareGroupStatePartitionMetadataKey) -> Self {
        Self::ShareGroupStatePartitionMetadata(it)
    }
}

impl From<ConsumerGroupRegularExpressionKey> for GroupKey {
    fn from(it: ConsumerGroupRegularExpressionKey) -> Self {
        Self::ConsumerGroupRegularExpression(it)
    }
}

impl From<StreamsGroupMetadataKey> for GroupKey {
    fn from(it: StreamsGroupMetadataKey) -> Self {
        Self::StreamsGroupMetadata(it)
    }
}

impl From<StreamsGroupMemberMetadataKey> for GroupKey {
    fn from(it: StreamsGroupMemberMetadataKey) -> Self {
        Self::StreamsGroupMemberMetadata(it)
    }
}

impl From<StreamsGroupTargetAssignmentMetadataKey> for GroupKey {
    fn from(it: StreamsGroupTargetAssignmentMetadataKey) -> Self {
        Self::StreamsGroupTargetAssignmentMetadata(it)
    }
}

impl From<StreamsGroupTargetAssignmentMemberKey> for GroupKey {
    fn from(it: StreamsGroupTargetAssignmentMemberKey) -> Self {
        Self::StreamsGroupTargetAssignmentMember(it)
    }
}

impl From<StreamsGroupCurrentMemberAssignmentKey> for GroupKey {
    fn from(it: StreamsGroupCurrentMemberAssignmentKey) -> Self {
        Self::StreamsGroupCurrentMemberAssignment(it)
    }
}

impl From<StreamsGroupTopologyKey> for GroupKey {
    fn from(it: StreamsGroupTopologyKey) -> Self {
        Self::StreamsGroupTopology(it)
    }
}

/// Any value of the `group` records.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupValue {
    LegacyOffsetCommit(LegacyOffsetCommitValue),
    OffsetCommit(OffsetCommitValue),
    GroupMetadata(GroupMetadataValue),
    ConsumerGroupMetadata(ConsumerGroupMetadataValue),
    ConsumerGroupPartitionMetadata(ConsumerGroupPartitionMetadataValue),
    ConsumerGroupMemberMetadata(ConsumerGroupMemberMetadataValue),
    ConsumerGroupTargetAssignmentMetadata(ConsumerGroupTargetAssignmentMetadataValue),
    ConsumerGroupTargetAssignmentMember(ConsumerGroupTargetAssignmentMemberValue),
    ConsumerGroupCurrentMemberAssignment(ConsumerGroupCurrentMemberAssignmentValue),
    ShareGroupMemberMetadata(ShareGroupMemberMetadataValue),
    ShareGroupMetadata(ShareGroupMetadataValue),
    ShareGroupTargetAssignmentMetadata(ShareGroupTargetAssignmentMetadataValue),
    ShareGroupTargetAssignmentMember(ShareGroupTargetAssignmentMemberValue),
    ShareGroupCurrentMemberAssignment(ShareGroupCurrentMemberAssignmentValue),
    ShareGroupStatePartitionMetadata(ShareGroupStatePartitionMetadataValue),
    ConsumerGroupRegularExpression(ConsumerGroupRegularExpressionValue),
    StreamsGroupMetadata(StreamsGroupMetadataValue),
    StreamsGroupMemberMetadata(StreamsGroupMemberMetadataValue),
    StreamsGroupTargetAssignmentMetadata(StreamsGroupTargetAssignmentMetadataValue),
    StreamsGroupTargetAssignmentMember(StreamsGroupTargetAssignmentMemberValue),
    StreamsGroupCurrentMemberAssignment(StreamsGroupCurrentMemberAssignmentValue),
    StreamsGroupTopology(StreamsGroupTopologyValue),
}

impl AnyRecord for GroupValue {
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            LegacyOffsetCommitValue::KEY => {
                LegacyOffsetCommitValue::decode(input, version).map(Self::LegacyOffsetCommit)
            }
            OffsetCommitValue::KEY => {
                OffsetCommitValue::decode(input, version).map(Self::OffsetCommit)
            }
            GroupMetadataValue::KEY => {
                GroupMetadataValue::decode(input, version).map(Self::GroupMetadata)
            }
            ConsumerGroupMetadataValue::KEY => {
                ConsumerGroupMetadataValue::decode(input, version).map(Self::ConsumerGroupMetadata)
            }
            ConsumerGroupPartitionMetadataValue::KEY => {
                ConsumerGroupPartitionMetadataValue::decode(input, version)
                    .map(Self::ConsumerGroupPartitionMetadata)
            }
            ConsumerGroupMemberMetadataValue::KEY => {
                ConsumerGroupMemberMetadataValue::decode(input, version)
                    .map(Self::ConsumerGroupMemberMetadata)
            }
            ConsumerGroupTargetAssignmentMetadataValue::KEY => {
                ConsumerGroupTargetAssignmentMetadataValue::decode(input, version)
                    .map(Self::ConsumerGroupTargetAssignmentMetadata)
            }
            ConsumerGroupTargetAssignmentMemberValue::KEY => {
                ConsumerGroupTargetAssignmentMemberValue::decode(input, version)
                    .map(Self::ConsumerGroupTargetAssignmentMember)
            }
            ConsumerGroupCurrentMemberAssignmentValue::KEY => {
                ConsumerGroupCurrentMemberAssignmentValue::decode(input, version)
                    .map(Self::ConsumerGroupCurrentMemberAssignment)
            }
            ShareGroupMemberMetadataValue::KEY => {
                ShareGroupMemberMetadataValue::decode(input, version)
                    .map(Self::ShareGroupMemberMetadata)
            }
            ShareGroupMetadataValue::KEY => {
                ShareGroupMetadataValue::decode(input, version).map(Self::ShareGroupMetadata)
            }
            ShareGroupTargetAssignmentMetadataValue::KEY => {
                ShareGroupTargetAssignmentMetadataValue::decode(input, version)
                    .map(Self::ShareGroupTargetAssignmentMetadata)
            }
            ShareGroupTargetAssignmentMemberValue::KEY => {
                ShareGroupTargetAssignmentMemberValue::decode(input, version)
                    .map(Self::ShareGroupTargetAssignmentMember)
            }
            ShareGroupCurrentMemberAssignmentValue::KEY => {
                ShareGroupCurrentMemberAssignmentValue::decode(input, version)
                    .map(Self::ShareGroupCurrentMemberAssignment)
            }
            ShareGroupStatePartitionMetadataValue::KEY => {
                ShareGroupStatePartitionMetadataValue::decode(input, version)
                    .map(Self::ShareGroupStatePartitionMetadata)
            }
            ConsumerGroupRegularExpressionValue::KEY => {
                ConsumerGroupRegularExpressionValue::decode(input, version)
                    .map(Self::ConsumerGroupRegularExpression)
            }
            StreamsGroupMetadataValue::KEY => {
                StreamsGroupMetadataValue::decode(input, version).map(Self::StreamsGroupMetadata)
            }
            StreamsGroupMemberMetadataValue::KEY => {
                StreamsGroupMemberMetadataValue::decode(input, version)
                    .map(Self::StreamsGroupMemberMetadata)
            }
            StreamsGroupTargetAssignmentMetadataValue::KEY => {
                StreamsGroupTargetAssignmentMetadataValue::decode(input, version)
                    .map(Self::StreamsGroupTargetAssignmentMetadata)
            }
            StreamsGroupTargetAssignmentMemberValue::KEY => {
                StreamsGroupTargetAssignmentMemberValue::decode(input, version)
                    .map(Self::StreamsGroupTargetAssignmentMember)
            }
            StreamsGroupCurrentMemberAssignmentValue::KEY => {
                StreamsGroupCurrentMemberAssignmentValue::decode(input, version)
                    .map(Self::StreamsGroupCurrentMemberAssignment)
            }
            StreamsGroupTopologyValue::KEY => {
                StreamsGroupTopologyValue::decode(input, version).map(Self::StreamsGroupTopology)
            }

            _ => Err(DecodeError::RecordKey { group: "GroupValue", key }),
        }
    }

    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::LegacyOffsetCommit(it) => it.encode(out, version),
            Self::OffsetCommit(it) => it.encode(out, version),
            Self::GroupMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupPartitionMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupMemberMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupTargetAssignmentMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupTargetAssignmentMember(it) => it.encode(out, version),
            Self::ConsumerGroupCurrentMemberAssignment(it) => it.encode(out, version),
            Self::ShareGroupMemberMetadata(it) => it.encode(out, version),
            Self::ShareGroupMetadata(it) => it.encode(out, version),
            Self::ShareGroupTargetAssignmentMetadata(it) => it.encode(out, version),
            Self::ShareGroupTargetAssignmentMember(it) => it.encode(out, version),
            Self::ShareGroupCurrentMemberAssignment(it) => it.encode(out, version),
            Self::ShareGroupStatePartitionMetadata(it) => it.encode(out, version),
            Self::ConsumerGroupRegularExpression(it) => it.encode(out, version),
            Self::StreamsGroupMetadata(it) => it.encode(out, version),
            Self::StreamsGroupMemberMetadata(it) => it.encode(out, version),
            Self::StreamsGroupTargetAssignmentMetadata(it) => it.encode(out, version),
            Self::StreamsGroupTargetAssignmentMember(it) => it.encode(out, version),
            Self::StreamsGroupCurrentMemberAssignment(it) => it.encode(out, version),
            Self::StreamsGroupTopology(it) => it.encode(out, version),
        }
    }

    fn key(&self) -> i16 {
        match self {
            Self::LegacyOffsetCommit(_) => LegacyOffsetCommitValue::KEY,
            Self::OffsetCommit(_) => OffsetCommitValue::KEY,
            Self::GroupMetadata(_) => GroupMetadataValue::KEY,
            Self::ConsumerGroupMetadata(_) => ConsumerGroupMetadataValue::KEY,
            Self::ConsumerGroupPartitionMetadata(_) => ConsumerGroupPartitionMetadataValue::KEY,
            Self::ConsumerGroupMemberMetadata(_) => ConsumerGroupMemberMetadataValue::KEY,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => {
                ConsumerGroupTargetAssignmentMetadataValue::KEY
            }
            Self::ConsumerGroupTargetAssignmentMember(_) => {
                ConsumerGroupTargetAssignmentMemberValue::KEY
            }
            Self::ConsumerGroupCurrentMemberAssignment(_) => {
                ConsumerGroupCurrentMemberAssignmentValue::KEY
            }
            Self::ShareGroupMemberMetadata(_) => ShareGroupMemberMetadataValue::KEY,
            Self::ShareGroupMetadata(_) => ShareGroupMetadataValue::KEY,
            Self::ShareGroupTargetAssignmentMetadata(_) => {
                ShareGroupTargetAssignmentMetadataValue::KEY
            }
            Self::ShareGroupTargetAssignmentMember(_) => ShareGroupTargetAssignmentMemberValue::KEY,
            Self::ShareGroupCurrentMemberAssignment(_) => {
                ShareGroupCurrentMemberAssignmentValue::KEY
            }
            Self::ShareGroupStatePartitionMetadata(_) => ShareGroupStatePartitionMetadataValue::KEY,
            Self::ConsumerGroupRegularExpression(_) => ConsumerGroupRegularExpressionValue::KEY,
            Self::StreamsGroupMetadata(_) => StreamsGroupMetadataValue::KEY,
            Self::StreamsGroupMemberMetadata(_) => StreamsGroupMemberMetadataValue::KEY,
            Self::StreamsGroupTargetAssignmentMetadata(_) => {
                StreamsGroupTargetAssignmentMetadataValue::KEY
            }
            Self::StreamsGroupTargetAssignmentMember(_) => {
                StreamsGroupTargetAssignmentMemberValue::KEY
            }
            Self::StreamsGroupCurrentMemberAssignment(_) => {
                StreamsGroupCurrentMemberAssignmentValue::KEY
            }
            Self::StreamsGroupTopology(_) => StreamsGroupTopologyValue::KEY,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::LegacyOffsetCommit(_) => LegacyOffsetCommitValue::NAME,
            Self::OffsetCommit(_) => OffsetCommitValue::NAME,
            Self::GroupMetadata(_) => GroupMetadataValue::NAME,
            Self::ConsumerGroupMetadata(_) => ConsumerGroupMetadataValue::NAME,
            Self::ConsumerGroupPartitionMetadata(_) => ConsumerGroupPartitionMetadataValue::NAME,
            Self::ConsumerGroupMemberMetadata(_) => ConsumerGroupMemberMetadataValue::NAME,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => {
                ConsumerGroupTargetAssignmentMetadataValue::NAME
            }
            Self::ConsumerGroupTargetAssignmentMember(_) => {
                ConsumerGroupTargetAssignmentMemberValue::NAME
            }
            Self::ConsumerGroupCurrentMemberAssignment(_) => {
                ConsumerGroupCurrentMemberAssignmentValue::NAME
            }
            Self::ShareGroupMemberMetadata(_) => ShareGroupMemberMetadataValue::NAME,
            Self::ShareGroupMetadata(_) => ShareGroupMetadataValue::NAME,
            Self::ShareGroupTargetAssignmentMetadata(_) => {
                ShareGroupTargetAssignmentMetadataValue::NAME
            }
            Self::ShareGroupTargetAssignmentMember(_) => {
                ShareGroupTargetAssignmentMemberValue::NAME
            }
            Self::ShareGroupCurrentMemberAssignment(_) => {
                ShareGroupCurrentMemberAssignmentValue::NAME
            }
            Self::ShareGroupStatePartitionMetadata(_) => {
                ShareGroupStatePartitionMetadataValue::NAME
            }
            Self::ConsumerGroupRegularExpression(_) => ConsumerGroupRegularExpressionValue::NAME,
            Self::StreamsGroupMetadata(_) => StreamsGroupMetadataValue::NAME,
            Self::StreamsGroupMemberMetadata(_) => StreamsGroupMemberMetadataValue::NAME,
            Self::StreamsGroupTargetAssignmentMetadata(_) => {
                StreamsGroupTargetAssignmentMetadataValue::NAME
            }
            Self::StreamsGroupTargetAssignmentMember(_) => {
                StreamsGroupTargetAssignmentMemberValue::NAME
            }
            Self::StreamsGroupCurrentMemberAssignment(_) => {
                StreamsGroupCurrentMemberAssignmentValue::NAME
            }
            Self::StreamsGroupTopology(_) => StreamsGroupTopologyValue::NAME,
        }
    }

    fn versions(&self) -> VersionRange {
        match self {
            Self::LegacyOffsetCommit(_) => LegacyOffsetCommitValue::VERSIONS,
            Self::OffsetCommit(_) => OffsetCommitValue::VERSIONS,
            Self::GroupMetadata(_) => GroupMetadataValue::VERSIONS,
            Self::ConsumerGroupMetadata(_) => ConsumerGroupMetadataValue::VERSIONS,
            Self::ConsumerGroupPartitionMetadata(_) => {
                ConsumerGroupPartitionMetadataValue::VERSIONS
            }
            Self::ConsumerGroupMemberMetadata(_) => ConsumerGroupMemberMetadataValue::VERSIONS,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => {
                ConsumerGroupTargetAssignmentMetadataValue::VERSIONS
            }
            Self::ConsumerGroupTargetAssignmentMember(_) => {
                ConsumerGroupTargetAssignmentMemberValue::VERSIONS
            }
            Self::ConsumerGroupCurrentMemberAssignment(_) => {
                ConsumerGroupCurrentMemberAssignmentValue::VERSIONS
            }
            Self::ShareGroupMemberMetadata(_) => ShareGroupMemberMetadataValue::VERSIONS,
            Self::ShareGroupMetadata(_) => ShareGroupMetadataValue::VERSIONS,
            Self::ShareGroupTargetAssignmentMetadata(_) => {
                ShareGroupTargetAssignmentMetadataValue::VERSIONS
            }
            Self::ShareGroupTargetAssignmentMember(_) => {
                ShareGroupTargetAssignmentMemberValue::VERSIONS
            }
            Self::ShareGroupCurrentMemberAssignment(_) => {
                ShareGroupCurrentMemberAssignmentValue::VERSIONS
            }
            Self::ShareGroupStatePartitionMetadata(_) => {
                ShareGroupStatePartitionMetadataValue::VERSIONS
            }
            Self::ConsumerGroupRegularExpression(_) => {
                ConsumerGroupRegularExpressionValue::VERSIONS
            }
            Self::StreamsGroupMetadata(_) => StreamsGroupMetadataValue::VERSIONS,
            Self::StreamsGroupMemberMetadata(_) => StreamsGroupMemberMetadataValue::VERSIONS,
            Self::StreamsGroupTargetAssignmentMetadata(_) => {
                StreamsGroupTargetAssignmentMetadataValue::VERSIONS
            }
            Self::StreamsGroupTargetAssignmentMember(_) => {
                StreamsGroupTargetAssignmentMemberValue::VERSIONS
            }
            Self::StreamsGroupCurrentMemberAssignment(_) => {
                StreamsGroupCurrentMemberAssignmentValue::VERSIONS
            }
            Self::StreamsGroupTopology(_) => StreamsGroupTopologyValue::VERSIONS,
        }
    }
}

impl From<LegacyOffsetCommitValue> for GroupValue {
    fn from(it: LegacyOffsetCommitValue) -> Self {
        Self::LegacyOffsetCommit(it)
    }
}

impl From<OffsetCommitValue> for GroupValue {
    fn from(it: OffsetCommitValue) -> Self {
        Self::OffsetCommit(it)
    }
}

impl From<GroupMetadataValue> for GroupValue {
    fn from(it: GroupMetadataValue) -> Self {
        Self::GroupMetadata(it)
    }
}

impl From<ConsumerGroupMetadataValue> for GroupValue {
    fn from(it: ConsumerGroupMetadataValue) -> Self {
        Self::ConsumerGroupMetadata(it)
    }
}

impl From<ConsumerGroupPartitionMetadataValue> for GroupValue {
    fn from(it: ConsumerGroupPartitionMetadataValue) -> Self {
        Self::ConsumerGroupPartitionMetadata(it)
    }
}

impl From<ConsumerGroupMemberMetadataValue> for GroupValue {
    fn from(it: ConsumerGroupMemberMetadataValue) -> Self {
        Self::ConsumerGroupMemberMetadata(it)
    }
}

impl From<ConsumerGroupTargetAssignmentMetadataValue> for GroupValue {
    fn from(it: ConsumerGroupTargetAssignmentMetadataValue) -> Self {
        Self::ConsumerGroupTargetAssignmentMetadata(it)
    }
}

impl From<ConsumerGroupTargetAssignmentMemberValue> for GroupValue {
    fn from(it: ConsumerGroupTargetAssignmentMemberValue) -> Self {
        Self::ConsumerGroupTargetAssignmentMember(it)
    }
}

impl From<ConsumerGroupCurrentMemberAssignmentValue> for GroupValue {
    fn from(it: ConsumerGroupCurrentMemberAssignmentValue) -> Self {
        Self::ConsumerGroupCurrentMemberAssignment(it)
    }
}

impl From<ShareGroupMemberMetadataValue> for GroupValue {
    fn from(it: ShareGroupMemberMetadataValue) -> Self {
        Self::ShareGroupMemberMetadata(it)
    }
}

impl From<ShareGroupMetadataValue> for GroupValue {
    fn from(it: ShareGroupMetadataValue) -> Self {
        Self::ShareGroupMetadata(it)
    }
}

impl From<ShareGroupTargetAssignmentMetadataValue> for GroupValue {
    fn from(it: ShareGroupTargetAssignmentMetadataValue) -> Self {
        Self::ShareGroupTargetAssignmentMetadata(it)
    }
}

impl From<ShareGroupTargetAssignmentMemberValue> for GroupValue {
    fn from(it: ShareGroupTargetAssignmentMemberValue) -> Self {
        Self::ShareGroupTargetAssignmentMember(it)
    }
}

impl From<ShareGroupCurrentMemberAssignmentValue> for GroupValue {
    fn from(it: ShareGroupCurrentMemberAssignmentValue) -> Self {
        Self::ShareGroupCurrentMemberAssignment(it)
    }
}

impl From<ShareGroupStatePartitionMetadataValue> for GroupValue {
    fn from(it: ShareGroupStatePartitionMetadataValue) -> Self {
        Self::ShareGroupStatePartitionMetadata(it)
    }
}

impl From<ConsumerGroupRegularExpressionValue> for GroupValue {
    fn from(it: ConsumerGroupRegularExpressionValue) -> Self {
        Self::ConsumerGroupRegularExpression(it)
    }
}

impl From<StreamsGroupMetadataValue> for GroupValue {
    fn from(it: StreamsGroupMetadataValue) -> Self {
        Self::StreamsGroupMetadata(it)
    }
}

impl From<StreamsGroupMemberMetadataValue> for GroupValue {
    fn from(it: StreamsGroupMemberMetadataValue) -> Self {
        Self::StreamsGroupMemberMetadata(it)
    }
}

impl From<StreamsGroupTargetAssignmentMetadataValue> for GroupValue {
    fn from(it: StreamsGroupTargetAssignmentMetadataValue) -> Self {
        Self::StreamsGroupTargetAssignmentMetadata(it)
    }
}

impl From<StreamsGroupTargetAssignmentMemberValue> for GroupValue {
    fn from(it: StreamsGroupTargetAssignmentMemberValue) -> Self {
        Self::StreamsGroupTargetAssignmentMember(it)
    }
}

impl From<StreamsGroupCurrentMemberAssignmentValue> for GroupValue {
    fn from(it: StreamsGroupCurrentMemberAssignmentValue) -> Self {
        Self::StreamsGroupCurrentMemberAssignment(it)
    }
}

impl From<StreamsGroupTopologyValue> for GroupValue {
    fn from(it: StreamsGroupTopologyValue) -> Self {
        Self::StreamsGroupTopology(it)
    }
}
