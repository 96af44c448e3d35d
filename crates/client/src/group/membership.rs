//! One member of a classic group: join, sync, heartbeat, leave.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use model::{Offset, TopicPartition};
use wire::messages::join_group_request::JoinGroupRequestProtocol;
use wire::messages::join_group_response::JoinGroupResponseMember;
use wire::messages::leave_group_request::MemberIdentity;
use wire::messages::sync_group_request::SyncGroupRequestAssignment;
use wire::messages::{
    HeartbeatRequest, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, OffsetCommitRequest,
    SyncGroupRequest,
};
use wire::records::client::consumer_protocol_assignment::TopicPartition as AssignedTopic;
use wire::records::client::consumer_protocol_subscription::TopicPartition as OwnedTopic;
use wire::records::client::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};
use wire::{ErrorCode, Message, Reader};

use super::assignor::{Assignor, Place, Subscriber, user_data};
use super::ownership::Partitions;
use super::{ConsumerGroupMetadata, GroupConfig};
use crate::admin::{check_commit, commit_request, decode_assignment};
use crate::backoff::Backoff;
use crate::client::Purpose;
use crate::error_map::{Reaction, Refused};
use crate::{Client, ClientError, Connection, Result};

const PROTOCOL_TYPE: &str = "consumer";

/// What members say of themselves, with what they have and since which generation.
const SUBSCRIPTION_VERSION: i16 = 3;
const ASSIGNMENT_VERSION: i16 = 1;

/// A member between two rebalances. Cloning gives the same member to the task of its heartbeats.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    client: Client,
    config: GroupConfig,
    coordinator: i32,
    member_id: String,
    generation: i32,
    /// What the group gave last, and in which generation: what a sticky assignor is told.
    last_given: (BTreeSet<Place>, i32),
    /// What was shared out, if this member led.
    partition_counts: Option<BTreeMap<String, i32>>,
}

/// How joining ended.
#[derive(Debug)]
pub(super) enum Joined {
    /// The group settled, and this is to be read.
    Given(Partitions),
    /// The group does not know this member, which is to join as a new one.
    Lost,
    /// What is to be read comes with the heartbeats.
    Began,
}

/// What a heartbeat brought.
#[derive(Debug)]
pub(super) enum Beat {
    Alive,
    /// The coordinator shares the topics, and this is to be read.
    Given(Partitions),
    /// Join again.
    Rejoin,
    /// The group gave this member up, or knows not even its id.
    Lost {
        id_too: bool,
    },
    Failed(ClientError),
}

impl Membership {
    pub(super) fn new(client: Client, config: GroupConfig) -> Self {
        Self {
            client,
            config,
            coordinator: -1,
            member_id: String::new(),
            generation: -1,
            last_given: (BTreeSet::new(), -1),
            partition_counts: None,
        }
    }

    pub(super) fn metadata(&self) -> ConsumerGroupMetadata {
        ConsumerGroupMetadata {
            group: self.config.group.clone(),
            generation: self.generation,
            member_id: self.member_id.clone(),
            instance_id: self.config.instance_id.clone(),
        }
    }

    fn subject(&self) -> String {
        format!("group {}", self.config.group)
    }

    async fn connection(&mut self) -> Result<Connection> {
        if self.coordinator < 0 {
            self.coordinator = self.client.find_coordinator(&self.config.group).await?;
        }
        self.client.broker(self.coordinator, Purpose::Group).await
    }

    /// Joins, or joins again while reading `owned`, until the group is settled.
    ///
    /// Cancel-safe: a member that was joining is one that joins again.
    pub(super) async fn join(&mut self, owned: &Partitions) -> Result<Joined> {
        let mut backoff = Backoff::of_outage(self.client.config());
        loop {
            let error = match self.join_once(owned).await {
                Ok(given) => return Ok(Joined::Given(given)),
                Err(error) => error,
            };
            let again = match &error {
                ClientError::Refused(refused) => {
                    self.react(refused);
                    if refused.reaction() == Reaction::RejoinAsNew && !owned.is_empty() {
                        return Ok(Joined::Lost);
                    }
                    refused.reaction() != Reaction::Fail
                }
                error => {
                    // Even with nobody listening: the client was connected once, and a broker that restarts is back soon.
                    self.coordinator = -1;
                    error.is_retriable()
                }
            };
            // Being told to join again is how a group settles, not a failure.
            if error.code() == Some(ErrorCode::RebalanceInProgress) {
                backoff = Backoff::of_outage(self.client.config());
                continue;
            }
            backoff.after(error, again).await?;
        }
    }

    /// What comes next is another life of this member, or a new member where the `id` is worth nothing.
    pub(super) fn forget(&mut self, id: bool) {
        self.generation = -1;
        if id {
            self.member_id.clear();
        }
    }

    fn react(&mut self, refused: &Refused) {
        match refused.reaction() {
            Reaction::FindCoordinator | Reaction::FindLeader => self.coordinator = -1,
            // A member of an earlier generation is still known by its id.
            Reaction::RejoinAsNew => {
                self.forget(refused.code() != Some(ErrorCode::IllegalGeneration));
            }
            Reaction::Rejoin | Reaction::Retry | Reaction::Fail => {}
        }
    }

    async fn join_once(&mut self, owned: &Partitions) -> Result<Partitions> {
        let connection = self.connection().await?;
        let joined = self.ask_to_join(&connection, owned).await?;
        let assignor = match &joined.protocol_name {
            Some(name) => self.assignor(name)?,
            None => return Err(self.no_assignor()),
        };
        self.member_id.clone_from(&joined.member_id);
        self.generation = joined.generation_id;
        let assignments = if joined.leader == joined.member_id {
            self.assign(assignor, &joined).await?
        } else {
            self.partition_counts = None;
            Vec::new()
        };
        let version = connection.version_of::<SyncGroupRequest>(i16::MAX)?;
        let request = SyncGroupRequest {
            group_id: self.config.group.clone(),
            generation_id: self.generation,
            member_id: self.member_id.clone(),
            group_instance_id: self.config.instance_id.clone(),
            protocol_type: (version >= 5).then(|| PROTOCOL_TYPE.to_owned()),
            protocol_name: (version >= 5).then(|| assignor.name().to_owned()),
            assignments,
        };
        let wait = self.config.poll_interval_max;
        let synced = connection.request_waiting(&request, version, wait).await?;
        Refused::check(synced.error_code, || self.subject(), None)?;
        let given = decode_assignment(&synced.assignment);
        let given: Partitions =
            given.map_err(|source| self.group_data(source))?.into_iter().collect();
        self.last_given = (places(&given), self.generation);
        Ok(given)
    }

    fn assignor(&self, name: &str) -> Result<Assignor> {
        let known = name.parse().ok();
        known.filter(|it| self.config.assignors.contains(it)).ok_or_else(|| self.no_assignor())
    }

    fn no_assignor(&self) -> ClientError {
        let known: Vec<_> = self.config.assignors.iter().map(|it| it.name()).collect();
        ClientError::UnknownAssignor { group: self.config.group.clone(), known: known.join(", ") }
    }

    /// Twice, where the coordinator first hands out an id (KIP-394).
    async fn ask_to_join(
        &mut self,
        connection: &Connection,
        owned: &Partitions,
    ) -> Result<JoinGroupResponse> {
        let version = connection.version_of::<JoinGroupRequest>(i16::MAX)?;
        let mut request = JoinGroupRequest {
            group_id: self.config.group.clone(),
            session_timeout_ms: millis(self.config.session_timeout),
            rebalance_timeout_ms: millis(self.config.poll_interval_max),
            member_id: self.member_id.clone(),
            group_instance_id: self.config.instance_id.clone(),
            protocol_type: PROTOCOL_TYPE.to_owned(),
            protocols: self.protocols(owned)?,
            reason: None,
        };
        let wait = self.config.poll_interval_max;
        let mut joined = connection.request_waiting(&request, version, wait).await?;
        if joined.error_code == ErrorCode::MemberIdRequired.code() {
            self.member_id.clone_from(&joined.member_id);
            request.member_id.clone_from(&joined.member_id);
            joined = connection.request_waiting(&request, version, wait).await?;
        }
        Refused::check(joined.error_code, || self.subject(), None)?;
        Ok(joined)
    }

    fn protocols(&self, owned: &Partitions) -> Result<Vec<JoinGroupRequestProtocol>> {
        let owned_topics: Vec<_> = by_topic(places(owned))
            .map(|(topic, partitions)| OwnedTopic { topic, partitions })
            .collect();
        let protocol = |assignor: &Assignor| {
            let (last, generation) = &self.last_given;
            let generation = match assignor {
                Assignor::Sticky => *generation,
                _ => self.generation,
            };
            let subscription = ConsumerProtocolSubscription {
                topics: self.config.topics.clone(),
                user_data: user_data::encode(*assignor, last, generation),
                owned_partitions: owned_topics.clone(),
                generation_id: self.generation,
                rack_id: None,
            };
            let metadata = self.versioned(&subscription, SUBSCRIPTION_VERSION)?;
            Ok(JoinGroupRequestProtocol { name: assignor.name().to_owned(), metadata })
        };
        self.config.assignors.iter().map(protocol).collect()
    }

    fn versioned(&self, message: &impl Message, version: i16) -> Result<Bytes> {
        let mut data = version.to_be_bytes().to_vec();
        message.encode(&mut data, version).map_err(|source| ClientError::NotEncodable {
            address: self
                .client
                .config()
                .bootstrap
                .first()
                .cloned()
                .unwrap_or_else(|| crate::ServerAddress { host: String::new(), port: 0 }),
            api: wire::ApiKey::JoinGroup,
            source,
        })?;
        Ok(data.into())
    }

    /// This member leads: it says who reads what.
    async fn assign(
        &mut self,
        assignor: Assignor,
        joined: &JoinGroupResponse,
    ) -> Result<Vec<SyncGroupRequestAssignment>> {
        let subscribers = joined.members.iter().map(|member| self.subscriber(assignor, member));
        let subscribers = subscribers.collect::<Result<Vec<_>>>()?;
        let topics: BTreeSet<&String> = subscribers.iter().flat_map(|it| &it.topics).collect();
        let names: Vec<&str> = topics.iter().map(|topic| topic.as_str()).collect();
        let counts = self.count_partitions(&names, self.config.creates_topics).await?;
        let assignment = assignor.assign(&subscribers, &counts);
        self.partition_counts = Some(counts);
        if joined.skip_assignment {
            // A static leader is back, and the group goes on as it was (KIP-814).
            return Ok(Vec::new());
        }
        let assigned = assignment.into_iter().map(|(member_id, places)| {
            let topic = |(topic, partitions)| AssignedTopic { topic, partitions };
            let data = ConsumerProtocolAssignment {
                assigned_partitions: by_topic(places).map(topic).collect(),
                user_data: None,
            };
            let assignment = self.versioned(&data, ASSIGNMENT_VERSION)?;
            Ok(SyncGroupRequestAssignment { member_id, assignment })
        });
        assigned.collect()
    }

    /// Topics that do not exist are left out.
    async fn count_partitions(
        &self,
        names: &[&str],
        create: bool,
    ) -> Result<BTreeMap<String, i32>> {
        let metadata = self.client.fetch_metadata(Some(names), create).await?;
        let count = |name: &&str| {
            let topic = metadata.topics.get(*name).filter(|topic| topic.error_code == 0)?;
            Some(((*name).to_owned(), i32::try_from(topic.partitions.len()).ok()?))
        };
        Ok(names.iter().filter_map(count).collect())
    }

    /// Whether a topic that this member shared out has other partitions by now. An answer that does not come says no: it
    /// will be asked again.
    pub(super) async fn must_share_again(&self) -> bool {
        let Some(shared) = &self.partition_counts else { return false };
        let names: Vec<&str> = shared.keys().map(String::as_str).collect();
        self.count_partitions(&names, false).await.is_ok_and(|counts| counts != *shared)
    }

    fn subscriber(
        &self,
        assignor: Assignor,
        member: &JoinGroupResponseMember,
    ) -> Result<Subscriber> {
        let decode = || {
            let mut input = Reader::shared(&member.metadata);
            let version = input.i16()?.clamp(0, ConsumerProtocolSubscription::VERSIONS.max);
            ConsumerProtocolSubscription::decode(&mut input, version)
        };
        let subscription = decode().map_err(|source| self.group_data(source))?;
        let data = subscription.user_data.unwrap_or_default();
        let (owned, generation) = match assignor {
            Assignor::Sticky => {
                user_data::decode_sticky(&data).map_err(|source| self.group_data(source))?
            }
            Assignor::Range | Assignor::RoundRobin | Assignor::CooperativeSticky => {
                let topics = subscription.owned_partitions.into_iter();
                let owned = topics.flat_map(|topic| {
                    topic.partitions.into_iter().map(move |index| (topic.topic.clone(), index))
                });
                let said = Some(subscription.generation_id).filter(|it| *it >= 0);
                (owned.collect(), said.or_else(|| user_data::decode_cooperative(&data)))
            }
        };
        Ok(Subscriber {
            instance_id: member.group_instance_id.clone(),
            member_id: member.member_id.clone(),
            topics: subscription.topics.into_iter().collect(),
            owned,
            generation,
        })
    }

    fn group_data(&self, source: wire::DecodeError) -> ClientError {
        ClientError::GroupData { group: self.config.group.clone(), source }
    }

    pub(super) async fn beat(&mut self) -> Beat {
        let attempt = async {
            let connection = self.connection().await?;
            let request = HeartbeatRequest {
                group_id: self.config.group.clone(),
                generation_id: self.generation,
                member_id: self.member_id.clone(),
                group_instance_id: self.config.instance_id.clone(),
            };
            let response = connection.request(&request).await?;
            Ok(Refused::check(response.error_code, || self.subject(), None)?)
        };
        match attempt.await {
            Ok(()) => Beat::Alive,
            Err(ClientError::Refused(refused)) => match refused.reaction() {
                Reaction::Rejoin => Beat::Rejoin,
                Reaction::RejoinAsNew => {
                    Beat::Lost { id_too: refused.code() != Some(ErrorCode::IllegalGeneration) }
                }
                Reaction::Fail => Beat::Failed(refused.into()),
                Reaction::Retry | Reaction::FindLeader | Reaction::FindCoordinator => {
                    self.react(&refused);
                    Beat::Alive
                }
            },
            // The next beat finds the coordinator again, or the session ends and joining says so.
            Err(_) => {
                self.coordinator = -1;
                Beat::Alive
            }
        }
    }

    /// Commits as this member of this generation.
    pub(super) async fn commit(
        &mut self,
        offsets: &BTreeMap<TopicPartition, Offset>,
    ) -> Result<()> {
        if offsets.is_empty() {
            return Ok(());
        }
        let request = OffsetCommitRequest {
            generation_id_or_member_epoch: self.generation,
            member_id: self.member_id.clone(),
            group_instance_id: self.config.instance_id.clone(),
            ..commit_request(&self.config.group, offsets)
        };
        let mut backoff = Backoff::of_call(self.client.config());
        loop {
            let attempt = async {
                let connection = self.connection().await?;
                let version = connection.version_of::<OffsetCommitRequest>(9)?;
                check_commit(&self.config.group, &connection.request_at(&request, version).await?)
            };
            match attempt.await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    if let ClientError::Refused(refused) = &error {
                        if refused.reaction() == Reaction::FindCoordinator {
                            self.coordinator = -1;
                        }
                    } else {
                        self.coordinator = -1;
                    }
                    let again = error.is_retriable();
                    backoff.after(error, again).await?;
                }
            }
        }
    }

    /// Leaves, so that the others need not wait for the session to end. A static member stays: it will be back.
    pub(super) async fn leave(&mut self) -> Result<()> {
        if self.member_id.is_empty() || self.config.instance_id.is_some() {
            return Ok(());
        }
        let connection = self.connection().await?;
        let version = connection.version_of::<LeaveGroupRequest>(i16::MAX)?;
        let mut request = LeaveGroupRequest {
            group_id: self.config.group.clone(),
            ..LeaveGroupRequest::default()
        };
        let member_id = std::mem::take(&mut self.member_id);
        if version >= 3 {
            request.members.push(MemberIdentity { member_id, ..MemberIdentity::default() });
        } else {
            request.member_id = member_id;
        }
        let response = connection.request_at(&request, version).await?;
        Ok(Refused::check(response.error_code, || self.subject(), None)?)
    }
}

fn places(partitions: &Partitions) -> BTreeSet<Place> {
    partitions.iter().map(|it| (it.topic.to_string(), it.partition.to_wire())).collect()
}

fn by_topic(places: BTreeSet<Place>) -> impl Iterator<Item = (String, Vec<i32>)> {
    let mut topics: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for (topic, index) in places {
        topics.entry(topic).or_default().push(index);
    }
    topics.into_iter()
}

pub(super) fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}
