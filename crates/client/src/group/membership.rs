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
use wire::records::client::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};
use wire::{ErrorCode, Message, Reader};

use super::GroupConfig;
use super::assignor::{self, Subscriber};
use crate::admin::{check_commit, commit_request, decode_assignment};
use crate::backoff::Backoff;
use crate::client::Purpose;
use crate::error_map::{Reaction, Refused};
use crate::{Client, ClientError, Connection, Result};

const PROTOCOL_TYPE: &str = "consumer";
const ASSIGNOR: &str = "range";

/// The subscription's newest version without what this member does not say.
const SUBSCRIPTION_VERSION: i16 = 1;
const ASSIGNMENT_VERSION: i16 = 1;

/// A member between two rebalances. Cloning gives the same member to the task of its heartbeats.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    client: Client,
    config: GroupConfig,
    coordinator: i32,
    member_id: String,
    generation: i32,
    /// What was shared out, if this member led.
    partition_counts: Option<BTreeMap<String, i32>>,
}

/// What a heartbeat brought.
#[derive(Debug)]
pub(super) enum Beat {
    Alive,
    /// Join again.
    Rejoin,
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
            partition_counts: None,
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

    /// Joins, or joins again, until the group is settled; gives what is to be read.
    pub(super) async fn join(&mut self) -> Result<Vec<TopicPartition>> {
        let mut backoff = Backoff::default();
        loop {
            let error = match self.join_once().await {
                Ok(assignment) => return Ok(assignment),
                Err(error) => error,
            };
            let again = match &error {
                ClientError::Refused(refused) => {
                    self.react(refused.reaction());
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
                continue;
            }
            backoff.after(error, again).await?;
        }
    }

    fn react(&mut self, reaction: Reaction) {
        match reaction {
            Reaction::FindCoordinator | Reaction::FindLeader => self.coordinator = -1,
            Reaction::RejoinAsNew => {
                self.member_id.clear();
                self.generation = -1;
            }
            Reaction::Rejoin | Reaction::Retry | Reaction::Fail => {}
        }
    }

    async fn join_once(&mut self) -> Result<Vec<TopicPartition>> {
        let connection = self.connection().await?;
        let joined = self.ask_to_join(&connection).await?;
        self.member_id.clone_from(&joined.member_id);
        self.generation = joined.generation_id;
        let assignments = if joined.leader == joined.member_id {
            self.assign(&joined).await?
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
            protocol_name: (version >= 5).then(|| ASSIGNOR.to_owned()),
            assignments,
        };
        let wait = self.config.rebalance_timeout;
        let synced = connection.request_waiting(&request, version, wait).await?;
        Refused::check(synced.error_code, || self.subject(), None)?;
        decode_assignment(&synced.assignment).map_err(|source| self.group_data(source))
    }

    /// Twice, where the coordinator first hands out an id (KIP-394).
    async fn ask_to_join(&mut self, connection: &Connection) -> Result<JoinGroupResponse> {
        let version = connection.version_of::<JoinGroupRequest>(i16::MAX)?;
        let mut request = JoinGroupRequest {
            group_id: self.config.group.clone(),
            session_timeout_ms: millis(self.config.session_timeout),
            rebalance_timeout_ms: millis(self.config.rebalance_timeout),
            member_id: self.member_id.clone(),
            group_instance_id: self.config.instance_id.clone(),
            protocol_type: PROTOCOL_TYPE.to_owned(),
            protocols: vec![JoinGroupRequestProtocol {
                name: ASSIGNOR.to_owned(),
                metadata: self.subscription()?,
            }],
            reason: None,
        };
        let wait = self.config.rebalance_timeout;
        let mut joined = connection.request_waiting(&request, version, wait).await?;
        if joined.error_code == ErrorCode::MemberIdRequired.code() {
            self.member_id.clone_from(&joined.member_id);
            request.member_id.clone_from(&joined.member_id);
            joined = connection.request_waiting(&request, version, wait).await?;
        }
        Refused::check(joined.error_code, || self.subject(), None)?;
        Ok(joined)
    }

    fn subscription(&self) -> Result<Bytes> {
        let subscription = ConsumerProtocolSubscription {
            topics: self.config.topics.clone(),
            ..ConsumerProtocolSubscription::default()
        };
        self.versioned(&subscription, SUBSCRIPTION_VERSION)
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
        joined: &JoinGroupResponse,
    ) -> Result<Vec<SyncGroupRequestAssignment>> {
        let subscribers = joined.members.iter().map(|member| self.subscriber(member));
        let subscribers = subscribers.collect::<Result<Vec<_>>>()?;
        let topics: BTreeSet<&String> = subscribers.iter().flat_map(|it| &it.topics).collect();
        let names: Vec<&str> = topics.iter().map(|topic| topic.as_str()).collect();
        let counts = self.count_partitions(&names, true).await?;
        let assignment = assignor::range(&subscribers, &counts);
        self.partition_counts = Some(counts);
        let assigned = assignment.into_iter().map(|(member_id, topics)| {
            let topic = |(topic, partitions)| AssignedTopic { topic, partitions };
            let data = ConsumerProtocolAssignment {
                assigned_partitions: topics.into_iter().map(topic).collect(),
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

    fn subscriber(&self, member: &JoinGroupResponseMember) -> Result<Subscriber> {
        let decode = || {
            let mut input = Reader::shared(&member.metadata);
            let version = input.i16()?.clamp(0, ConsumerProtocolSubscription::VERSIONS.max);
            ConsumerProtocolSubscription::decode(&mut input, version)
        };
        let subscription = decode().map_err(|source| self.group_data(source))?;
        Ok(Subscriber {
            instance_id: member.group_instance_id.clone(),
            member_id: member.member_id.clone(),
            topics: subscription.topics.into_iter().collect(),
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
                Reaction::Rejoin | Reaction::RejoinAsNew => Beat::Rejoin,
                Reaction::Fail => Beat::Failed(refused.into()),
                reaction => {
                    self.react(reaction);
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
        let mut backoff = Backoff::default();
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
                        self.react(match refused.reaction() {
                            Reaction::FindCoordinator => Reaction::FindCoordinator,
                            _ => Reaction::Fail,
                        });
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

fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}
