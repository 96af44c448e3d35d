// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

/// What a response says went wrong, as a number on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum ErrorCode {
    /// Unexpected server error: see the server's log.
    UnknownServerError = -1,
    /// No error.
    #[default]
    None = 0,
    /// The offset is outside the range that the partition holds.
    OffsetOutOfRange = 1,
    /// The batch does not match its checksum, its size, or the form that the topic asks for.
    CorruptMessage = 2,
    /// The server does not host this topic or partition.
    UnknownTopicOrPartition = 3,
    /// The fetch asks for an invalid number of bytes.
    InvalidFetchSize = 4,
    /// The partition has no leader at present.
    LeaderNotAvailable = 5,
    /// This broker is not the leader, or for fetches not a replica, of the partition.
    NotLeaderOrFollower = 6,
    /// The request was not finished in its time.
    RequestTimedOut = 7,
    /// The broker is not available.
    BrokerNotAvailable = 8,
    /// No replica is available for the partition.
    ReplicaNotAvailable = 9,
    /// The batch is larger than the largest that the server accepts.
    MessageTooLarge = 10,
    /// The controller has moved on to a later epoch.
    StaleControllerEpoch = 11,
    /// The metadata stored with the offset is too long.
    OffsetMetadataTooLarge = 12,
    /// The connection broke before an answer came.
    NetworkException = 13,
    /// The coordinator is still loading its state.
    CoordinatorLoadInProgress = 14,
    /// The coordinator is not available.
    CoordinatorNotAvailable = 15,
    /// This broker is not the coordinator.
    NotCoordinator = 16,
    /// The topic does not exist as asked for, or its name is invalid.
    InvalidTopicException = 17,
    /// The batches together are larger than a segment may be.
    RecordListTooLarge = 18,
    /// Fewer replicas are in sync than the topic requires.
    NotEnoughReplicas = 19,
    /// The batch was written, but fewer replicas were in sync than the topic requires.
    NotEnoughReplicasAfterAppend = 20,
    /// The number of required acknowledgements must be -1, 0 or 1.
    InvalidRequiredAcks = 21,
    /// The generation is not the group's current one.
    IllegalGeneration = 22,
    /// The protocol type or protocols do not fit those of the group's members.
    InconsistentGroupProtocol = 23,
    /// The group id is invalid.
    InvalidGroupId = 24,
    /// The member is not known to the coordinator.
    UnknownMemberId = 25,
    /// The session timeout is outside what the broker allows.
    InvalidSessionTimeout = 26,
    /// The group is rebalancing; join again.
    RebalanceInProgress = 27,
    /// The committed offsets are larger than a batch may be.
    InvalidCommitOffsetSize = 28,
    /// Not authorized to access the topic.
    TopicAuthorizationFailed = 29,
    /// Not authorized to access the group.
    GroupAuthorizationFailed = 30,
    /// Not authorized to act on the cluster.
    ClusterAuthorizationFailed = 31,
    /// The timestamp of a record is outside the allowed range.
    InvalidTimestamp = 32,
    /// The SASL mechanism is not offered by the broker.
    UnsupportedSaslMechanism = 33,
    /// The request does not fit the state of authentication.
    IllegalSaslState = 34,
    /// The version of this API is not supported.
    UnsupportedVersion = 35,
    /// A topic of this name exists.
    TopicAlreadyExists = 36,
    /// The number of partitions is invalid.
    InvalidPartitions = 37,
    /// The replication factor is below 1 or above the number of available brokers.
    InvalidReplicationFactor = 38,
    /// The assignment of replicas is invalid.
    InvalidReplicaAssignment = 39,
    /// The configuration is invalid.
    InvalidConfig = 40,
    /// This node is not the active controller.
    NotController = 41,
    /// The request contradicts itself or lacks something; see the server's log.
    InvalidRequest = 42,
    /// The message format of the partition does not allow this.
    UnsupportedForMessageFormat = 43,
    /// The request breaks a policy of the server.
    PolicyViolation = 44,
    /// The sequence number does not follow the last one of this producer.
    OutOfOrderSequenceNumber = 45,
    /// The sequence number was seen before.
    DuplicateSequenceNumber = 46,
    /// A newer instance of this producer has taken over.
    InvalidProducerEpoch = 47,
    /// The transaction is not in a state that allows this.
    InvalidTxnState = 48,
    /// The producer id is not the one that belongs to the transactional id.
    InvalidProducerIdMapping = 49,
    /// The transaction timeout is larger than the broker allows.
    InvalidTransactionTimeout = 50,
    /// Another operation on this transaction is still under way.
    ConcurrentTransactions = 51,
    /// The marker comes from a transaction coordinator that was replaced.
    TransactionCoordinatorFenced = 52,
    /// Not authorized to use the transactional id.
    TransactionalIdAuthorizationFailed = 53,
    /// Security features are disabled on the server.
    SecurityDisabled = 54,
    /// The operation was not tried, because another part of the request failed.
    OperationNotAttempted = 55,
    /// The disk under this partition's log failed.
    KafkaStorageError = 56,
    /// The log directory is not among those of the broker.
    LogDirNotFound = 57,
    /// Authentication failed.
    SaslAuthenticationFailed = 58,
    /// The producer id is not known: its records have expired or it never wrote.
    UnknownProducerId = 59,
    /// A reassignment of the partition is under way.
    ReassignmentInProgress = 60,
    /// Delegation tokens are not enabled.
    DelegationTokenAuthDisabled = 61,
    /// The delegation token does not exist.
    DelegationTokenNotFound = 62,
    /// The delegation token belongs to somebody else.
    DelegationTokenOwnerMismatch = 63,
    /// Delegation tokens cannot be managed over this kind of connection.
    DelegationTokenRequestNotAllowed = 64,
    /// Not authorized to use the delegation token.
    DelegationTokenAuthorizationFailed = 65,
    /// The delegation token has expired.
    DelegationTokenExpired = 66,
    /// The type of principal is not supported.
    InvalidPrincipalType = 67,
    /// The group still has members.
    NonEmptyGroup = 68,
    /// The group does not exist.
    GroupIdNotFound = 69,
    /// The fetch session is not known.
    FetchSessionIdNotFound = 70,
    /// The epoch of the fetch session is not the expected one.
    InvalidFetchSessionEpoch = 71,
    /// The leader has no listener that matches the one the request came in on.
    ListenerNotFound = 72,
    /// Topic deletion is disabled.
    TopicDeletionDisabled = 73,
    /// The leader epoch is older than the current one.
    FencedLeaderEpoch = 74,
    /// The leader epoch is newer than this broker knows.
    UnknownLeaderEpoch = 75,
    /// The client does not support the compression of these records.
    UnsupportedCompressionType = 76,
    /// The broker's epoch is not that of its current registration.
    StaleBrokerEpoch = 77,
    /// The leader does not yet know its high watermark after an election.
    OffsetNotAvailable = 78,
    /// The group needs a member id before one joins: join again with the one given.
    MemberIdRequired = 79,
    /// The preferred leader is not available.
    PreferredLeaderNotAvailable = 80,
    /// The group has as many members as it may.
    GroupMaxSizeReached = 81,
    /// Another member holds this static instance id.
    FencedInstanceId = 82,
    /// No replica that may lead the partition is available.
    EligibleLeadersNotAvailable = 83,
    /// The partition needs no election.
    ElectionNotNeeded = 84,
    /// No reassignment of this partition is under way.
    NoReassignmentInProgress = 85,
    /// The group is subscribed to the topic.
    GroupSubscribedToTopic = 86,
    /// A record was refused by the broker's checks.
    InvalidRecord = 87,
    /// An open transaction has offsets for the partition that are not yet settled.
    UnstableOffsetCommit = 88,
    /// The quota for this kind of request is used up.
    ThrottlingQuotaExceeded = 89,
    /// Another producer with the same transactional id has taken over.
    ProducerFenced = 90,
    /// The resource does not exist.
    ResourceNotFound = 91,
    /// The resource is named more than once or exists.
    DuplicateResource = 92,
    /// The credential does not meet the requirements.
    UnacceptableCredential = 93,
    /// The sets of voters of the two sides differ.
    InconsistentVoterSet = 94,
    /// The requested feature level is invalid.
    InvalidUpdateVersion = 95,
    /// The features could not be updated.
    FeatureUpdateFailed = 96,
    /// A forwarded principal could not be read.
    PrincipalDeserializationFailure = 97,
    /// The snapshot does not exist.
    SnapshotNotFound = 98,
    /// The position is outside the snapshot.
    PositionOutOfRange = 99,
    /// This server knows no topic with this id.
    UnknownTopicId = 100,
    /// A live broker with this id is already registered.
    DuplicateBrokerRegistration = 101,
    /// The broker is not registered.
    BrokerIdNotRegistered = 102,
    /// The topic id in the log and in the request differ.
    InconsistentTopicId = 103,
    /// The cluster id is not that of this cluster.
    InconsistentClusterId = 104,
    /// The transactional id does not exist.
    TransactionalIdNotFound = 105,
    /// The fetch session mixes topic names and topic ids.
    FetchSessionTopicIdError = 106,
    /// The replica may not join the in-sync replicas.
    IneligibleReplica = 107,
    /// The leader changed, and the new one is named in the answer.
    NewLeaderElected = 108,
    /// The offset now lies in tiered storage.
    OffsetMovedToTieredStorage = 109,
    /// The member epoch is older than the coordinator's.
    FencedMemberEpoch = 110,
    /// The static instance id is still held by another member.
    UnreleasedInstanceId = 111,
    /// The assignor is not supported, or the members share none.
    UnsupportedAssignor = 112,
    /// The member epoch of the request is not the current one.
    StaleMemberEpoch = 113,
    /// The request was sent to the wrong kind of endpoint.
    MismatchedEndpointType = 114,
    /// The kind of endpoint is not supported.
    UnsupportedEndpointType = 115,
    /// The controller id is not known.
    UnknownControllerId = 116,
    /// The telemetry subscription is out of date; ask for a new one.
    UnknownSubscriptionId = 117,
    /// The telemetry is larger than the server accepts.
    TelemetryTooLarge = 118,
    /// The registration of the broker is invalid.
    InvalidRegistration = 119,
    /// The transaction cannot go on; abort it and start another.
    TransactionAbortable = 120,
    /// The state of a record does not allow this acknowledgement.
    InvalidRecordState = 121,
    /// The share session is not known.
    ShareSessionNotFound = 122,
    /// The epoch of the share session is not the expected one.
    InvalidShareSessionEpoch = 123,
    /// The state epoch of the share group is out of date.
    FencedStateEpoch = 124,
    /// The voter's directory id or endpoint does not fit.
    InvalidVoterKey = 125,
    /// The voter is already in the set.
    DuplicateVoter = 126,
    /// The voter is not in the set.
    VoterNotFound = 127,
    /// The regular expression is invalid.
    InvalidRegularExpression = 128,
    /// The client should learn the cluster afresh from its bootstrap servers.
    RebootstrapRequired = 129,
    /// The topology of the application is invalid.
    StreamsInvalidTopology = 130,
    /// The epoch of the topology is invalid.
    StreamsInvalidTopologyEpoch = 131,
    /// The topology is older than the one of the group.
    StreamsTopologyFenced = 132,
    /// The broker holds as many share sessions as it may.
    ShareSessionLimitReached = 133,
    /// The group could not be deleted.
    GroupDeletionFailed = 134,
    /// The description of the topology could not be updated.
    StreamsTopologyDescriptionUpdateFailed = 135,
    /// The controller is not registered.
    ControllerIdNotRegistered = 136,
}

impl ErrorCode {
    pub const ALL: [Self; 138] = [
        Self::UnknownServerError,
        Self::None,
        Self::OffsetOutOfRange,
        Self::CorruptMessage,
        Self::UnknownTopicOrPartition,
        Self::InvalidFetchSize,
        Self::LeaderNotAvailable,
        Self::NotLeaderOrFollower,
        Self::RequestTimedOut,
        Self::BrokerNotAvailable,
        Self::ReplicaNotAvailable,
        Self::MessageTooLarge,
        Self::StaleControllerEpoch,
        Self::OffsetMetadataTooLarge,
        Self::NetworkException,
        Self::CoordinatorLoadInProgress,
        Self::CoordinatorNotAvailable,
        Self::NotCoordinator,
        Self::InvalidTopicException,
        Self::RecordListTooLarge,
        Self::NotEnoughReplicas,
        Self::NotEnoughReplicasAfterAppend,
        Self::InvalidRequiredAcks,
        Self::IllegalGeneration,
        Self::InconsistentGroupProtocol,
        Self::InvalidGroupId,
        Self::UnknownMemberId,
        Self::InvalidSessionTimeout,
        Self::RebalanceInProgress,
        Self::InvalidCommitOffsetSize,
        Self::TopicAuthorizationFailed,
        Self::GroupAuthorizationFailed,
        Self::ClusterAuthorizationFailed,
        Self::InvalidTimestamp,
        Self::UnsupportedSaslMechanism,
        Self::IllegalSaslState,
        Self::UnsupportedVersion,
        Self::TopicAlreadyExists,
        Self::InvalidPartitions,
        Self::InvalidReplicationFactor,
        Self::InvalidReplicaAssignment,
        Self::InvalidConfig,
        Self::NotController,
        Self::InvalidRequest,
        Self::UnsupportedForMessageFormat,
        Self::PolicyViolation,
        Self::OutOfOrderSequenceNumber,
        Self::DuplicateSequenceNumber,
        Self::InvalidProducerEpoch,
        Self::InvalidTxnState,
        Self::InvalidProducerIdMapping,
        Self::InvalidTransactionTimeout,
        Self::ConcurrentTransactions,
        Self::TransactionCoordinatorFenced,
        Self::TransactionalIdAuthorizationFailed,
        Self::SecurityDisabled,
        Self::OperationNotAttempted,
        Self::KafkaStorageError,
        Self::LogDirNotFound,
        Self::SaslAuthenticationFailed,
        Self::UnknownProducerId,
        Self::ReassignmentInProgress,
        Self::DelegationTokenAuthDisabled,
        Self::DelegationTokenNotFound,
        Self::DelegationTokenOwnerMismatch,
        Self::DelegationTokenRequestNotAllowed,
        Self::DelegationTokenAuthorizationFailed,
        Self::DelegationTokenExpired,
        Self::InvalidPrincipalType,
        Self::NonEmptyGroup,
        Self::GroupIdNotFound,
        Self::FetchSessionIdNotFound,
        Self::InvalidFetchSessionEpoch,
        Self::ListenerNotFound,
        Self::TopicDeletionDisabled,
        Self::FencedLeaderEpoch,
        Self::UnknownLeaderEpoch,
        Self::UnsupportedCompressionType,
        Self::StaleBrokerEpoch,
        Self::OffsetNotAvailable,
        Self::MemberIdRequired,
        Self::PreferredLeaderNotAvailable,
        Self::GroupMaxSizeReached,
        Self::FencedInstanceId,
        Self::EligibleLeadersNotAvailable,
        Self::ElectionNotNeeded,
        Self::NoReassignmentInProgress,
        Self::GroupSubscribedToTopic,
        Self::InvalidRecord,
        Self::UnstableOffsetCommit,
        Self::ThrottlingQuotaExceeded,
        Self::ProducerFenced,
        Self::ResourceNotFound,
        Self::DuplicateResource,
        Self::UnacceptableCredential,
        Self::InconsistentVoterSet,
        Self::InvalidUpdateVersion,
        Self::FeatureUpdateFailed,
        Self::PrincipalDeserializationFailure,
        Self::SnapshotNotFound,
        Self::PositionOutOfRange,
        Self::UnknownTopicId,
        Self::DuplicateBrokerRegistration,
        Self::BrokerIdNotRegistered,
        Self::InconsistentTopicId,
        Self::InconsistentClusterId,
        Self::TransactionalIdNotFound,
        Self::FetchSessionTopicIdError,
        Self::IneligibleReplica,
        Self::NewLeaderElected,
        Self::OffsetMovedToTieredStorage,
        Self::FencedMemberEpoch,
        Self::UnreleasedInstanceId,
        Self::UnsupportedAssignor,
        Self::StaleMemberEpoch,
        Self::MismatchedEndpointType,
        Self::UnsupportedEndpointType,
        Self::UnknownControllerId,
        Self::UnknownSubscriptionId,
        Self::TelemetryTooLarge,
        Self::InvalidRegistration,
        Self::TransactionAbortable,
        Self::InvalidRecordState,
        Self::ShareSessionNotFound,
        Self::InvalidShareSessionEpoch,
        Self::FencedStateEpoch,
        Self::InvalidVoterKey,
        Self::DuplicateVoter,
        Self::VoterNotFound,
        Self::InvalidRegularExpression,
        Self::RebootstrapRequired,
        Self::StreamsInvalidTopology,
        Self::StreamsInvalidTopologyEpoch,
        Self::StreamsTopologyFenced,
        Self::ShareSessionLimitReached,
        Self::GroupDeletionFailed,
        Self::StreamsTopologyDescriptionUpdateFailed,
        Self::ControllerIdNotRegistered,
    ];

    /// The number on the wire.
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// `None` for a code that Apache Kafka 4.4 does not know.
    pub const fn from_code(code: i16) -> Option<Self> {
        Some(match code {
            -1 => Self::UnknownServerError,
            0 => Self::None,
            1 => Self::OffsetOutOfRange,
            2 => Self::CorruptMessage,
            3 => Self::UnknownTopicOrPartition,
            4 => Self::InvalidFetchSize,
            5 => Self::LeaderNotAvailable,
            6 => Self::NotLeaderOrFollower,
            7 => Self::RequestTimedOut,
            8 => Self::BrokerNotAvailable,
            9 => Self::ReplicaNotAvailable,
            10 => Self::MessageTooLarge,
            11 => Self::StaleControllerEpoch,
            12 => Self::OffsetMetadataTooLarge,
            13 => Self::NetworkException,
            14 => Self::CoordinatorLoadInProgress,
            15 => Self::CoordinatorNotAvailable,
            16 => Self::NotCoordinator,
            17 => Self::InvalidTopicException,
            18 => Self::RecordListTooLarge,
            19 => Self::NotEnoughReplicas,
            20 => Self::NotEnoughReplicasAfterAppend,
            21 => Self::InvalidRequiredAcks,
            22 => Self::IllegalGeneration,
            23 => Self::InconsistentGroupProtocol,
            24 => Self::InvalidGroupId,
            25 => Self::UnknownMemberId,
            26 => Self::InvalidSessionTimeout,
            27 => Self::RebalanceInProgress,
            28 => Self::InvalidCommitOffsetSize,
            29 => Self::TopicAuthorizationFailed,
            30 => Self::GroupAuthorizationFailed,
            31 => Self::ClusterAuthorizationFailed,
            32 => Self::InvalidTimestamp,
            33 => Self::UnsupportedSaslMechanism,
            34 => Self::IllegalSaslState,
            35 => Self::UnsupportedVersion,
            36 => Self::TopicAlreadyExists,
            37 => Self::InvalidPartitions,
            38 => Self::InvalidReplicationFactor,
            39 => Self::InvalidReplicaAssignment,
            40 => Self::InvalidConfig,
            41 => Self::NotController,
            42 => Self::InvalidRequest,
            43 => Self::UnsupportedForMessageFormat,
            44 => Self::PolicyViolation,
            45 => Self::OutOfOrderSequenceNumber,
            46 => Self::DuplicateSequenceNumber,
            47 => Self::InvalidProducerEpoch,
            48 => Self::InvalidTxnState,
            49 => Self::InvalidProducerIdMapping,
            50 => Self::InvalidTransactionTimeout,
            51 => Self::ConcurrentTransactions,
            52 => Self::TransactionCoordinatorFenced,
            53 => Self::TransactionalIdAuthorizationFailed,
            54 => Self::SecurityDisabled,
            55 => Self::OperationNotAttempted,
            56 => Self::KafkaStorageError,
            57 => Self::LogDirNotFound,
            58 => Self::SaslAuthenticationFailed,
            59 => Self::UnknownProducerId,
            60 => Self::ReassignmentInProgress,
            61 => Self::DelegationTokenAuthDisabled,
            62 => Self::DelegationTokenNotFound,
            63 => Self::DelegationTokenOwnerMismatch,
            64 => Self::DelegationTokenRequestNotAllowed,
            65 => Self::DelegationTokenAuthorizationFailed,
            66 => Self::DelegationTokenExpired,
            67 => Self::InvalidPrincipalType,
            68 => Self::NonEmptyGroup,
            69 => Self::GroupIdNotFound,
            70 => Self::FetchSessionIdNotFound,
            71 => Self::InvalidFetchSessionEpoch,
            72 => Self::ListenerNotFound,
            73 => Self::TopicDeletionDisabled,
            74 => Self::FencedLeaderEpoch,
            75 => Self::UnknownLeaderEpoch,
            76 => Self::UnsupportedCompressionType,
            77 => Self::StaleBrokerEpoch,
            78 => Self::OffsetNotAvailable,
            79 => Self::MemberIdRequired,
            80 => Self::PreferredLeaderNotAvailable,
            81 => Self::GroupMaxSizeReached,
            82 => Self::FencedInstanceId,
            83 => Self::EligibleLeadersNotAvailable,
            84 => Self::ElectionNotNeeded,
            85 => Self::NoReassignmentInProgress,
            86 => Self::GroupSubscribedToTopic,
            87 => Self::InvalidRecord,
            88 => Self::UnstableOffsetCommit,
            89 => Self::ThrottlingQuotaExceeded,
            90 => Self::ProducerFenced,
            91 => Self::ResourceNotFound,
            92 => Self::DuplicateResource,
            93 => Self::UnacceptableCredential,
            94 => Self::InconsistentVoterSet,
            95 => Self::InvalidUpdateVersion,
            96 => Self::FeatureUpdateFailed,
            97 => Self::PrincipalDeserializationFailure,
            98 => Self::SnapshotNotFound,
            99 => Self::PositionOutOfRange,
            100 => Self::UnknownTopicId,
            101 => Self::DuplicateBrokerRegistration,
            102 => Self::BrokerIdNotRegistered,
            103 => Self::InconsistentTopicId,
            104 => Self::InconsistentClusterId,
            105 => Self::TransactionalIdNotFound,
            106 => Self::FetchSessionTopicIdError,
            107 => Self::IneligibleReplica,
            108 => Self::NewLeaderElected,
            109 => Self::OffsetMovedToTieredStorage,
            110 => Self::FencedMemberEpoch,
            111 => Self::UnreleasedInstanceId,
            112 => Self::UnsupportedAssignor,
            113 => Self::StaleMemberEpoch,
            114 => Self::MismatchedEndpointType,
            115 => Self::UnsupportedEndpointType,
            116 => Self::UnknownControllerId,
            117 => Self::UnknownSubscriptionId,
            118 => Self::TelemetryTooLarge,
            119 => Self::InvalidRegistration,
            120 => Self::TransactionAbortable,
            121 => Self::InvalidRecordState,
            122 => Self::ShareSessionNotFound,
            123 => Self::InvalidShareSessionEpoch,
            124 => Self::FencedStateEpoch,
            125 => Self::InvalidVoterKey,
            126 => Self::DuplicateVoter,
            127 => Self::VoterNotFound,
            128 => Self::InvalidRegularExpression,
            129 => Self::RebootstrapRequired,
            130 => Self::StreamsInvalidTopology,
            131 => Self::StreamsInvalidTopologyEpoch,
            132 => Self::StreamsTopologyFenced,
            133 => Self::ShareSessionLimitReached,
            134 => Self::GroupDeletionFailed,
            135 => Self::StreamsTopologyDescriptionUpdateFailed,
            136 => Self::ControllerIdNotRegistered,

            _ => return None,
        })
    }

    /// Kafka's name, such as `OFFSET_OUT_OF_RANGE`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownServerError => "UNKNOWN_SERVER_ERROR",
            Self::None => "NONE",
            Self::OffsetOutOfRange => "OFFSET_OUT_OF_RANGE",
            Self::CorruptMessage => "CORRUPT_MESSAGE",
            Self::UnknownTopicOrPartition => "UNKNOWN_TOPIC_OR_PARTITION",
            Self::InvalidFetchSize => "INVALID_FETCH_SIZE",
            Self::LeaderNotAvailable => "LEADER_NOT_AVAILABLE",
            Self::NotLeaderOrFollower => "NOT_LEADER_OR_FOLLOWER",
            Self::RequestTimedOut => "REQUEST_TIMED_OUT",
            Self::BrokerNotAvailable => "BROKER_NOT_AVAILABLE",
            Self::ReplicaNotAvailable => "REPLICA_NOT_AVAILABLE",
            Self::MessageTooLarge => "MESSAGE_TOO_LARGE",
            Self::StaleControllerEpoch => "STALE_CONTROLLER_EPOCH",
            Self::OffsetMetadataTooLarge => "OFFSET_METADATA_TOO_LARGE",
            Self::NetworkException => "NETWORK_EXCEPTION",
            Self::CoordinatorLoadInProgress => "COORDINATOR_LOAD_IN_PROGRESS",
            Self::CoordinatorNotAvailable => "COORDINATOR_NOT_AVAILABLE",
            Self::NotCoordinator => "NOT_COORDINATOR",
            Self::InvalidTopicException => "INVALID_TOPIC_EXCEPTION",
            Self::RecordListTooLarge => "RECORD_LIST_TOO_LARGE",
            Self::NotEnoughReplicas => "NOT_ENOUGH_REPLICAS",
            Self::NotEnoughReplicasAfterAppend => "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
            Self::InvalidRequiredAcks => "INVALID_REQUIRED_ACKS",
            Self::IllegalGeneration => "ILLEGAL_GENERATION",
            Self::InconsistentGroupProtocol => "INCONSISTENT_GROUP_PROTOCOL",
            Self::InvalidGroupId => "INVALID_GROUP_ID",
            Self::UnknownMemberId => "UNKNOWN_MEMBER_ID",
            Self::InvalidSessionTimeout => "INVALID_SESSION_TIMEOUT",
            Self::RebalanceInProgress => "REBALANCE_IN_PROGRESS",
            Self::InvalidCommitOffsetSize => "INVALID_COMMIT_OFFSET_SIZE",
            Self::TopicAuthorizationFailed => "TOPIC_AUTHORIZATION_FAILED",
            Self::GroupAuthorizationFailed => "GROUP_AUTHORIZATION_FAILED",
            Self::ClusterAuthorizationFailed => "CLUSTER_AUTHORIZATION_FAILED",
            Self::InvalidTimestamp => "INVALID_TIMESTAMP",
            Self::UnsupportedSaslMechanism => "UNSUPPORTED_SASL_MECHANISM",
            Self::IllegalSaslState => "ILLEGAL_SASL_STATE",
            Self::UnsupportedVersion => "UNSUPPORTED_VERSION",
            Self::TopicAlreadyExists => "TOPIC_ALREADY_EXISTS",
            Self::InvalidPartitions => "INVALID_PARTITIONS",
            Self::InvalidReplicationFactor => "INVALID_REPLICATION_FACTOR",
            Self::InvalidReplicaAssignment => "INVALID_REPLICA_ASSIGNMENT",
            Self::InvalidConfig => "INVALID_CONFIG",
            Self::NotController => "NOT_CONTROLLER",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::UnsupportedForMessageFormat => "UNSUPPORTED_FOR_MESSAGE_FORMAT",
            Self::PolicyViolation => "POLICY_VIOLATION",
            Self::OutOfOrderSequenceNumber => "OUT_OF_ORDER_SEQUENCE_NUMBER",
            Self::DuplicateSequenceNumber => "DUPLICATE_SEQUENCE_NUMBER",
            Self::InvalidProducerEpoch => "INVALID_PRODUCER_EPOCH",
            Self::InvalidTxnState => "INVALID_TXN_STATE",
            Self::InvalidProducerIdMapping => "INVALID_PRODUCER_ID_MAPPING",
            Self::InvalidTransactionTimeout => "INVALID_TRANSACTION_TIMEOUT",
            Self::ConcurrentTransactions => "CONCURRENT_TRANSACTIONS",
            Self::TransactionCoordinatorFenced => "TRANSACTION_COORDINATOR_FENCED",
            Self::TransactionalIdAuthorizationFailed => "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
            Self::SecurityDisabled => "SECURITY_DISABLED",
            Self::OperationNotAttempted => "OPERATION_NOT_ATTEMPTED",
            Self::KafkaStorageError => "KAFKA_STORAGE_ERROR",
            Self::LogDirNotFound => "LOG_DIR_NOT_FOUND",
            Self::SaslAuthenticationFailed => "SASL_AUTHENTICATION_FAILED",
            Self::UnknownProducerId => "UNKNOWN_PRODUCER_ID",
            Self::ReassignmentInProgress => "REASSIGNMENT_IN_PROGRESS",
            Self::DelegationTokenAuthDisabled => "DELEGATION_TOKEN_AUTH_DISABLED",
            Self::DelegationTokenNotFound => "DELEGATION_TOKEN_NOT_FOUND",
            Self::DelegationTokenOwnerMismatch => "DELEGATION_TOKEN_OWNER_MISMATCH",
            Self::DelegationTokenRequestNotAllowed => "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED",
            Self::DelegationTokenAuthorizationFailed => "DELEGATION_TOKEN_AUTHORIZATION_FAILED",
            Self::DelegationTokenExpired => "DELEGATION_TOKEN_EXPIRED",
            Self::InvalidPrincipalType => "INVALID_PRINCIPAL_TYPE",
            Self::NonEmptyGroup => "NON_EMPTY_GROUP",
            Self::GroupIdNotFound => "GROUP_ID_NOT_FOUND",
            Self::FetchSessionIdNotFound => "FETCH_SESSION_ID_NOT_FOUND",
            Self::InvalidFetchSessionEpoch => "INVALID_FETCH_SESSION_EPOCH",
            Self::ListenerNotFound => "LISTENER_NOT_FOUND",
            Self::TopicDeletionDisabled => "TOPIC_DELETION_DISABLED",
            Self::FencedLeaderEpoch => "FENCED_LEADER_EPOCH",
            Self::UnknownLeaderEpoch => "UNKNOWN_LEADER_EPOCH",
            Self::UnsupportedCompressionType => "UNSUPPORTED_COMPRESSION_TYPE",
            Self::StaleBrokerEpoch => "STALE_BROKER_EPOCH",
            Self::OffsetNotAvailable => "OFFSET_NOT_AVAILABLE",
            Self::MemberIdRequired => "MEMBER_ID_REQUIRED",
            Self::PreferredLeaderNotAvailable => "PREFERRED_LEADER_NOT_AVAILABLE",
            Self::GroupMaxSizeReached => "GROUP_MAX_SIZE_REACHED",
            Self::FencedInstanceId => "FENCED_INSTANCE_ID",
            Self::EligibleLeadersNotAvailable => "ELIGIBLE_LEADERS_NOT_AVAILABLE",
            Self::ElectionNotNeeded => "ELECTION_NOT_NEEDED",
            Self::NoReassignmentInProgress => "NO_REASSIGNMENT_IN_PROGRESS",
            Self::GroupSubscribedToTopic => "GROUP_SUBSCRIBED_TO_TOPIC",
            Self::InvalidRecord => "INVALID_RECORD",
            Self::UnstableOffsetCommit => "UNSTABLE_OFFSET_COMMIT",
            Self::ThrottlingQuotaExceeded => "THROTTLING_QUOTA_EXCEEDED",
            Self::ProducerFenced => "PRODUCER_FENCED",
            Self::ResourceNotFound => "RESOURCE_NOT_FOUND",
            Self::DuplicateResource => "DUPLICATE_RESOURCE",
            Self::UnacceptableCredential => "UNACCEPTABLE_CREDENTIAL",
            Self::InconsistentVoterSet => "INCONSISTENT_VOTER_SET",
            Self::InvalidUpdateVersion => "INVALID_UPDATE_VERSION",
            Self::FeatureUpdateFailed => "FEATURE_UPDATE_FAILED",
            Self::PrincipalDeserializationFailure => "PRINCIPAL_DESERIALIZATION_FAILURE",
            Self::SnapshotNotFound => "SNAPSHOT_NOT_FOUND",
            Self::PositionOutOfRange => "POSITION_OUT_OF_RANGE",
            Self::UnknownTopicId => "UNKNOWN_TOPIC_ID",
            Self::DuplicateBrokerRegistration => "DUPLICATE_BROKER_REGISTRATION",
            Self::BrokerIdNotRegistered => "BROKER_ID_NOT_REGISTERED",
            Self::InconsistentTopicId => "INCONSISTENT_TOPIC_ID",
            Self::InconsistentClusterId => "INCONSISTENT_CLUSTER_ID",
            Self::TransactionalIdNotFound => "TRANSACTIONAL_ID_NOT_FOUND",
            Self::FetchSessionTopicIdError => "FETCH_SESSION_TOPIC_ID_ERROR",
            Self::IneligibleReplica => "INELIGIBLE_REPLICA",
            Self::NewLeaderElected => "NEW_LEADER_ELECTED",
            Self::OffsetMovedToTieredStorage => "OFFSET_MOVED_TO_TIERED_STORAGE",
            Self::FencedMemberEpoch => "FENCED_MEMBER_EPOCH",
            Self::UnreleasedInstanceId => "UNRELEASED_INSTANCE_ID",
            Self::UnsupportedAssignor => "UNSUPPORTED_ASSIGNOR",
            Self::StaleMemberEpoch => "STALE_MEMBER_EPOCH",
            Self::MismatchedEndpointType => "MISMATCHED_ENDPOINT_TYPE",
            Self::UnsupportedEndpointType => "UNSUPPORTED_ENDPOINT_TYPE",
            Self::UnknownControllerId => "UNKNOWN_CONTROLLER_ID",
            Self::UnknownSubscriptionId => "UNKNOWN_SUBSCRIPTION_ID",
            Self::TelemetryTooLarge => "TELEMETRY_TOO_LARGE",
            Self::InvalidRegistration => "INVALID_REGISTRATION",
            Self::TransactionAbortable => "TRANSACTION_ABORTABLE",
            Self::InvalidRecordState => "INVALID_RECORD_STATE",
            Self::ShareSessionNotFound => "SHARE_SESSION_NOT_FOUND",
            Self::InvalidShareSessionEpoch => "INVALID_SHARE_SESSION_EPOCH",
            Self::FencedStateEpoch => "FENCED_STATE_EPOCH",
            Self::InvalidVoterKey => "INVALID_VOTER_KEY",
            Self::DuplicateVoter => "DUPLICATE_VOTER",
            Self::VoterNotFound => "VOTER_NOT_FOUND",
            Self::InvalidRegularExpression => "INVALID_REGULAR_EXPRESSION",
            Self::RebootstrapRequired => "REBOOTSTRAP_REQUIRED",
            Self::StreamsInvalidTopology => "STREAMS_INVALID_TOPOLOGY",
            Self::StreamsInvalidTopologyEpoch => "STREAMS_INVALID_TOPOLOGY_EPOCH",
            Self::StreamsTopologyFenced => "STREAMS_TOPOLOGY_FENCED",
            Self::ShareSessionLimitReached => "SHARE_SESSION_LIMIT_REACHED",
            Self::GroupDeletionFailed => "GROUP_DELETION_FAILED",
            Self::StreamsTopologyDescriptionUpdateFailed => {
                "STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED"
            }
            Self::ControllerIdNotRegistered => "CONTROLLER_ID_NOT_REGISTERED",
        }
    }

    /// Whether a client may send the same request again.
    pub const fn is_retriable(self) -> bool {
        matches!(
            self,
            Self::CorruptMessage
                | Self::UnknownTopicOrPartition
                | Self::LeaderNotAvailable
                | Self::NotLeaderOrFollower
                | Self::RequestTimedOut
                | Self::ReplicaNotAvailable
                | Self::NetworkException
                | Self::CoordinatorLoadInProgress
                | Self::CoordinatorNotAvailable
                | Self::NotCoordinator
                | Self::NotEnoughReplicas
                | Self::NotEnoughReplicasAfterAppend
                | Self::NotController
                | Self::ConcurrentTransactions
                | Self::KafkaStorageError
                | Self::FetchSessionIdNotFound
                | Self::InvalidFetchSessionEpoch
                | Self::ListenerNotFound
                | Self::FencedLeaderEpoch
                | Self::UnknownLeaderEpoch
                | Self::OffsetNotAvailable
                | Self::PreferredLeaderNotAvailable
                | Self::EligibleLeadersNotAvailable
                | Self::ElectionNotNeeded
                | Self::UnstableOffsetCommit
                | Self::ThrottlingQuotaExceeded
                | Self::UnknownTopicId
                | Self::InconsistentTopicId
                | Self::FetchSessionTopicIdError
                | Self::ShareSessionNotFound
                | Self::InvalidShareSessionEpoch
                | Self::ShareSessionLimitReached
        )
    }

    /// What it tells a person.
    pub const fn message(self) -> &'static str {
        match self {
            Self::UnknownServerError => "Unexpected server error: see the server's log.",
            Self::None => "No error.",
            Self::OffsetOutOfRange => "The offset is outside the range that the partition holds.",
            Self::CorruptMessage => {
                "The batch does not match its checksum, its size, or the form that the topic asks for."
            }
            Self::UnknownTopicOrPartition => "The server does not host this topic or partition.",
            Self::InvalidFetchSize => "The fetch asks for an invalid number of bytes.",
            Self::LeaderNotAvailable => "The partition has no leader at present.",
            Self::NotLeaderOrFollower => {
                "This broker is not the leader, or for fetches not a replica, of the partition."
            }
            Self::RequestTimedOut => "The request was not finished in its time.",
            Self::BrokerNotAvailable => "The broker is not available.",
            Self::ReplicaNotAvailable => "No replica is available for the partition.",
            Self::MessageTooLarge => {
                "The batch is larger than the largest that the server accepts."
            }
            Self::StaleControllerEpoch => "The controller has moved on to a later epoch.",
            Self::OffsetMetadataTooLarge => "The metadata stored with the offset is too long.",
            Self::NetworkException => "The connection broke before an answer came.",
            Self::CoordinatorLoadInProgress => "The coordinator is still loading its state.",
            Self::CoordinatorNotAvailable => "The coordinator is not available.",
            Self::NotCoordinator => "This broker is not the coordinator.",
            Self::InvalidTopicException => {
                "The topic does not exist as asked for, or its name is invalid."
            }
            Self::RecordListTooLarge => "The batches together are larger than a segment may be.",
            Self::NotEnoughReplicas => "Fewer replicas are in sync than the topic requires.",
            Self::NotEnoughReplicasAfterAppend => {
                "The batch was written, but fewer replicas were in sync than the topic requires."
            }
            Self::InvalidRequiredAcks => {
                "The number of required acknowledgements must be -1, 0 or 1."
            }
            Self::IllegalGeneration => "The generation is not the group's current one.",
            Self::InconsistentGroupProtocol => {
                "The protocol type or protocols do not fit those of the group's members."
            }
            Self::InvalidGroupId => "The group id is invalid.",
            Self::UnknownMemberId => "The member is not known to the coordinator.",
            Self::InvalidSessionTimeout => "The session timeout is outside what the broker allows.",
            Self::RebalanceInProgress => "The group is rebalancing; join again.",
            Self::InvalidCommitOffsetSize => {
                "The committed offsets are larger than a batch may be."
            }
            Self::TopicAuthorizationFailed => "Not authorized to access the topic.",
            Self::GroupAuthorizationFailed => "Not authorized to access the group.",
            Self::ClusterAuthorizationFailed => "Not authorized to act on the cluster.",
            Self::InvalidTimestamp => "The timestamp of a record is outside the allowed range.",
            Self::UnsupportedSaslMechanism => "The SASL mechanism is not offered by the broker.",
            Self::IllegalSaslState => "The request does not fit the state of authentication.",
            Self::UnsupportedVersion => "The version of this API is not supported.",
            Self::TopicAlreadyExists => "A topic of this name exists.",
            Self::InvalidPartitions => "The number of partitions is invalid.",
            Self::InvalidReplicationFactor => {
                "The replication factor is below 1 or above the number of available brokers."
            }
            Self::InvalidReplicaAssignment => "The assignment of replicas is invalid.",
            Self::InvalidConfig => "The configuration is invalid.",
            Self::NotController => "This node is not the active controller.",
            Self::InvalidRequest => {
                "The request contradicts itself or lacks something; see the server's log."
            }
            Self::UnsupportedForMessageFormat => {
                "The message format of the partition does not allow this."
            }
            Self::PolicyViolation => "The request breaks a policy of the server.",
            Self::OutOfOrderSequenceNumber => {
                "The sequence number does not follow the last one of this producer."
            }
            Self::DuplicateSequenceNumber => "The sequence number was seen before.",
            Self::InvalidProducerEpoch => "A newer instance of this producer has taken over.",
            Self::InvalidTxnState => "The transaction is not in a state that allows this.",
            Self::InvalidProducerIdMapping => {
                "The producer id is not the one that belongs to the transactional id."
            }
            Self::InvalidTransactionTimeout => {
                "The transaction timeout is larger than the broker allows."
            }
            Self::ConcurrentTransactions => {
                "Another operation on this transaction is still under way."
            }
            Self::TransactionCoordinatorFenced => {
                "The marker comes from a transaction coordinator that was replaced."
            }
            Self::TransactionalIdAuthorizationFailed => {
                "Not authorized to use the transactional id."
            }
            Self::SecurityDisabled => "Security features are disabled on the server.",
            Self::OperationNotAttempted => {
                "The operation was not tried, because another part of the request failed."
            }
            Self::KafkaStorageError => "The disk under this partition's log failed.",
            Self::LogDirNotFound => "The log directory is not among those of the broker.",
            Self::SaslAuthenticationFailed => "Authentication failed.",
            Self::UnknownProducerId => {
                "The producer id is not known: its records have expired or it never wrote."
            }
            Self::ReassignmentInProgress => "A reassignment of the partition is under way.",
            Self::DelegationTokenAuthDisabled => "Delegation tokens are not enabled.",
            Self::DelegationTokenNotFound => "The delegation token does not exist.",
            Self::DelegationTokenOwnerMismatch => "The delegation token belongs to somebody else.",
            Self::DelegationTokenRequestNotAllowed => {
                "Delegation tokens cannot be managed over this kind of connection."
            }
            Self::DelegationTokenAuthorizationFailed => {
                "Not authorized to use the delegation token."
            }
            Self::DelegationTokenExpired => "The delegation token has expired.",
            Self::InvalidPrincipalType => "The type of principal is not supported.",
            Self::NonEmptyGroup => "The group still has members.",
            Self::GroupIdNotFound => "The group does not exist.",
            Self::FetchSessionIdNotFound => "The fetch session is not known.",
            Self::InvalidFetchSessionEpoch => {
                "The epoch of the fetch session is not the expected one."
            }
            Self::ListenerNotFound => {
                "The leader has no listener that matches the one the request came in on."
            }
            Self::TopicDeletionDisabled => "Topic deletion is disabled.",
            Self::FencedLeaderEpoch => "The leader epoch is older than the current one.",
            Self::UnknownLeaderEpoch => "The leader epoch is newer than this broker knows.",
            Self::UnsupportedCompressionType => {
                "The client does not support the compression of these records."
            }
            Self::StaleBrokerEpoch => "The broker's epoch is not that of its current registration.",
            Self::OffsetNotAvailable => {
                "The leader does not yet know its high watermark after an election."
            }
            Self::MemberIdRequired => {
                "The group needs a member id before one joins: join again with the one given."
            }
            Self::PreferredLeaderNotAvailable => "The preferred leader is not available.",
            Self::GroupMaxSizeReached => "The group has as many members as it may.",
            Self::FencedInstanceId => "Another member holds this static instance id.",
            Self::EligibleLeadersNotAvailable => {
                "No replica that may lead the partition is available."
            }
            Self::ElectionNotNeeded => "The partition needs no election.",
            Self::NoReassignmentInProgress => "No reassignment of this partition is under way.",
            Self::GroupSubscribedToTopic => "The group is subscribed to the topic.",
            Self::InvalidRecord => "A record was refused by the broker's checks.",
            Self::UnstableOffsetCommit => {
                "An open transaction has offsets for the partition that are not yet settled."
            }
            Self::ThrottlingQuotaExceeded => "The quota for this kind of request is used up.",
            Self::ProducerFenced => {
                "Another producer with the same transactional id has taken over."
            }
            Self::ResourceNotFound => "The resource does not exist.",
            Self::DuplicateResource => "The resource is named more than once or exists.",
            Self::UnacceptableCredential => "The credential does not meet the requirements.",
            Self::InconsistentVoterSet => "The sets of voters of the two sides differ.",
            Self::InvalidUpdateVersion => "The requested feature level is invalid.",
            Self::FeatureUpdateFailed => "The features could not be updated.",
            Self::PrincipalDeserializationFailure => "A forwarded principal could not be read.",
            Self::SnapshotNotFound => "The snapshot does not exist.",
            Self::PositionOutOfRange => "The position is outside the snapshot.",
            Self::UnknownTopicId => "This server knows no topic with this id.",
            Self::DuplicateBrokerRegistration => {
                "A live broker with this id is already registered."
            }
            Self::BrokerIdNotRegistered => "The broker is not registered.",
            Self::InconsistentTopicId => "The topic id in the log and in the request differ.",
            Self::InconsistentClusterId => "The cluster id is not that of this cluster.",
            Self::TransactionalIdNotFound => "The transactional id does not exist.",
            Self::FetchSessionTopicIdError => "The fetch session mixes topic names and topic ids.",
            Self::IneligibleReplica => "The replica may not join the in-sync replicas.",
            Self::NewLeaderElected => "The leader changed, and the new one is named in the answer.",
            Self::OffsetMovedToTieredStorage => "The offset now lies in tiered storage.",
            Self::FencedMemberEpoch => "The member epoch is older than the coordinator's.",
            Self::UnreleasedInstanceId => "The static instance id is still held by another member.",
            Self::UnsupportedAssignor => {
                "The assignor is not supported, or the members share none."
            }
            Self::StaleMemberEpoch => "The member epoch of the request is not the current one.",
            Self::MismatchedEndpointType => "The request was sent to the wrong kind of endpoint.",
            Self::UnsupportedEndpointType => "The kind of endpoint is not supported.",
            Self::UnknownControllerId => "The controller id is not known.",
            Self::UnknownSubscriptionId => {
                "The telemetry subscription is out of date; ask for a new one."
            }
            Self::TelemetryTooLarge => "The telemetry is larger than the server accepts.",
            Self::InvalidRegistration => "The registration of the broker is invalid.",
            Self::TransactionAbortable => {
                "The transaction cannot go on; abort it and start another."
            }
            Self::InvalidRecordState => {
                "The state of a record does not allow this acknowledgement."
            }
            Self::ShareSessionNotFound => "The share session is not known.",
            Self::InvalidShareSessionEpoch => {
                "The epoch of the share session is not the expected one."
            }
            Self::FencedStateEpoch => "The state epoch of the share group is out of date.",
            Self::InvalidVoterKey => "The voter's directory id or endpoint does not fit.",
            Self::DuplicateVoter => "The voter is already in the set.",
            Self::VoterNotFound => "The voter is not in the set.",
            Self::InvalidRegularExpression => "The regular expression is invalid.",
            Self::RebootstrapRequired => {
                "The client should learn the cluster afresh from its bootstrap servers."
            }
            Self::StreamsInvalidTopology => "The topology of the application is invalid.",
            Self::StreamsInvalidTopologyEpoch => "The epoch of the topology is invalid.",
            Self::StreamsTopologyFenced => "The topology is older than the one of the group.",
            Self::ShareSessionLimitReached => "The broker holds as many share sessions as it may.",
            Self::GroupDeletionFailed => "The group could not be deleted.",
            Self::StreamsTopologyDescriptionUpdateFailed => {
                "The description of the topology could not be updated."
            }
            Self::ControllerIdNotRegistered => "The controller is not registered.",
        }
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}
