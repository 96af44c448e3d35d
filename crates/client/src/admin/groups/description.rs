//! Groups of every kind, as their coordinators describe them.

use std::collections::{BTreeMap, BTreeSet};

use model::TopicPartition;

/// Which of Kafka's protocols the members of a group speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    Classic,
    /// KIP-848.
    Consumer,
    /// KIP-932.
    Share,
    /// KIP-1071.
    Streams,
}

impl GroupKind {
    /// Kafka's word, as ListGroups has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic => "Classic",
            Self::Consumer => "Consumer",
            Self::Share => "Share",
            Self::Streams => "Streams",
        }
    }

    /// As the setting `group.protocol` of clients has it.
    pub const fn protocol(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Consumer => "consumer",
            Self::Share => "share",
            Self::Streams => "streams",
        }
    }
}

#[derive(Clone, Debug)]
pub struct GroupDescription {
    pub group: String,
    pub kind: GroupKind,
    pub state: String,
    /// `consumer` for groups that consume topics; what the members of a classic group say otherwise.
    pub protocol_type: String,
    /// The assignor. Empty while there is none.
    pub protocol: String,
    pub coordinator: i32,
    /// `None` for classic groups: DescribeGroups does not tell their generation.
    pub epoch: Option<i32>,
    /// The epoch of the target assignment; `None` for classic groups.
    pub assignment_epoch: Option<i32>,
    /// Of a streams group whose members have said what they run.
    pub topology: Option<Topology>,
    pub members: Vec<GroupMember>,
}

#[derive(Clone, Debug, Default)]
pub struct GroupMember {
    pub id: String,
    pub instance_id: Option<String>,
    pub rack_id: Option<String>,
    pub client_id: String,
    pub host: String,
    /// `None` for members of classic groups.
    pub epoch: Option<i32>,
    /// A member of a consumer group that still speaks the classic protocol.
    pub is_classic: bool,
    /// Topics that it asked for by name.
    pub topics: Vec<String>,
    /// A pattern of topics that it asked for.
    pub pattern: Option<String>,
    /// Empty if the members do not speak the protocol of consumers. A streams member has here what its active tasks read.
    pub assignment: BTreeSet<TopicPartition>,
    /// What it shall have; empty where no coordinator assigns.
    pub target: BTreeSet<TopicPartition>,
    pub streams: Option<StreamsMember>,
}

/// What only members of streams groups have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamsMember {
    pub topology_epoch: i32,
    pub process_id: String,
    /// Where it answers interactive queries, as `HOST:PORT`.
    pub user_endpoint: Option<String>,
    pub client_tags: BTreeMap<String, String>,
    pub tasks: Tasks,
    pub target_tasks: Tasks,
}

/// Partitions by subtopology, for each role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tasks {
    pub active: BTreeMap<String, Vec<i32>>,
    pub standby: BTreeMap<String, Vec<i32>>,
    pub warmup: BTreeMap<String, Vec<i32>>,
}

/// What a streams application runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    pub epoch: i32,
    pub subtopologies: Vec<Subtopology>,
}

/// A part of a topology whose tasks read the same partitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subtopology {
    pub id: String,
    pub source_topics: Vec<String>,
    pub repartition_sink_topics: Vec<String>,
    pub changelog_topics: Vec<InternalTopic>,
    pub repartition_source_topics: Vec<InternalTopic>,
}

/// A topic that belongs to the group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InternalTopic {
    pub name: String,
    /// `None` when the coordinator works the number out.
    pub partition_count: Option<i32>,
    /// `None` for the broker's default.
    pub replication_factor: Option<i16>,
}

impl Topology {
    /// The topics that exist for this group alone, each once.
    pub fn internal_topics(&self) -> BTreeSet<&str> {
        self.subtopologies
            .iter()
            .flat_map(|it| it.changelog_topics.iter().chain(&it.repartition_source_topics))
            .map(|topic| topic.name.as_str())
            .collect()
    }
}

impl Subtopology {
    /// What its tasks read: of each topic the partition that has their number.
    pub fn read_topics(&self) -> BTreeSet<&str> {
        let internal = self.repartition_source_topics.iter().map(|topic| topic.name.as_str());
        self.source_topics.iter().map(String::as_str).chain(internal).collect()
    }
}
