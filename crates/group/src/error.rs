use crate::streams::InvalidTopology;

/// Why the coordinator refuses a request, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    #[error("the group id must not be empty")]
    InvalidGroupId,
    #[error("the session timeout is outside the allowed range")]
    InvalidSessionTimeout,
    /// The answer to a first join (KIP-394): come back with the member id that the reply carries.
    #[error("join again with the given member id")]
    MemberIdRequired,
    #[error("the group has no such member")]
    UnknownMember,
    /// Another process has taken over the instance id (KIP-345).
    #[error("the instance id belongs to a newer member")]
    FencedInstance,
    #[error("the member is of another generation")]
    IllegalGeneration,
    #[error("the group is rebalancing")]
    RebalanceInProgress,
    #[error("the member's protocols do not fit the group's")]
    InconsistentProtocol,
    #[error("the group has as many members as it may")]
    GroupFull,
    /// Counted in bytes; see [`crate::MembersRoom`].
    #[error(
        "the members' metadata take as much memory as one group, or all groups of a broker, may: see ottla.memory.bytes"
    )]
    MembersTooLarge,
    #[error("the group does not exist")]
    GroupNotFound,
    #[error("the group is not a consumer group")]
    NotConsumerGroup,
    #[error("the group is not a share group")]
    NotShareGroup,
    #[error("the group is not a streams group")]
    NotStreamsGroup,
    #[error("the group is not a classic group")]
    NotClassicGroup,
    /// The member is of an earlier life, or has lost touch: it must let go of everything and join again (KIP-848).
    #[error("the member's epoch is not the one that the coordinator knows")]
    FencedMemberEpoch,
    /// A commit or a fetch of offsets comes with an epoch that is over, or that the member has not heard of.
    #[error("the member's epoch is over")]
    StaleMemberEpoch,
    /// Members of consumer groups commit with their epoch, which older versions cannot carry.
    #[error("this version of the request knows no member epochs")]
    VersionTooOld,
    #[error("the instance id belongs to a member that has not left")]
    UnreleasedInstance,
    #[error("the assignor is none of those of group.consumer.assignors")]
    UnsupportedAssignor,
    #[error("the pattern of topic names is not a regular expression")]
    InvalidPattern,
    #[error(transparent)]
    InvalidTopology(#[from] InvalidTopology),
    /// The topology is not that of the group, and neither older.
    #[error("Topology updates are not supported yet.")]
    TopologyChanged,
    #[error("the member holds a task that the topology does not have")]
    UnknownTask,
    #[error("the group has members")]
    NonEmptyGroup,
    #[error("the group is subscribed to the topic")]
    SubscribedToTopic,
    #[error(
        "the change does not fit in a record of __consumer_offsets: its max.message.bytes is smaller"
    )]
    RecordTooLarge,
    #[error("the offset's metadata is too long")]
    OffsetMetadataTooLarge,
    /// A transaction that is still open has committed another offset (KIP-447).
    #[error("a transaction's offset commit is not decided yet")]
    UnstableOffset,
}

/// The reply to a request of many parts: one result for each, in the request's order, or one refusal for all.
pub type PartResults = Result<Vec<Result<(), GroupError>>, GroupError>;
