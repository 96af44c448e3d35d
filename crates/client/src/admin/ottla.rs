//! What only Ottla's brokers tell. Each call gives `None` where the server is not Ottla, or does not know it yet.

use model::{Offset, Timestamp, TopicPartition};
use wire::Request;
use wire::messages::ottla_group_lag_response as lag;
use wire::messages::{
    OttlaGroupHistoryRequest, OttlaGroupHistoryResponse, OttlaGroupLagRequest,
    OttlaGroupLagResponse, ottla_group_history_response as history,
};

use super::groups::{place, subject};
use crate::error_map::Refused;
use crate::{Client, ClientError, Result, Target};

/// How far groups are behind.
#[derive(Clone, Debug, Default)]
pub struct LagReport {
    pub groups: Vec<GroupLag>,
    /// Some times are missing, because finding them would have taken too long: asking again gives more.
    pub partial: bool,
}

#[derive(Clone, Debug)]
pub struct GroupLag {
    pub group: String,
    pub kind: String,
    pub state: String,
    pub partitions: Vec<PartitionLag>,
}

/// How far a group is behind in one partition. `None` is what is not known.
#[derive(Clone, Debug)]
pub struct PartitionLag {
    pub partition: TopicPartition,
    pub committed: Option<Offset>,
    pub committed_at: Option<Timestamp>,
    /// From where its member fetched last, and when.
    pub position: Option<Offset>,
    pub position_at: Option<Timestamp>,
    pub log_start: Option<Offset>,
    pub log_end: Option<Offset>,
    pub records: Option<i64>,
    /// The first record that is not consumed.
    pub unread: Option<Offset>,
    pub unread_at: Option<Timestamp>,
    /// Its age, by the broker's clock.
    pub millis: Option<i64>,
    pub member_id: Option<String>,
    pub client_id: Option<String>,
    pub host: Option<String>,
}

/// Why a group rebalanced, and whom it waits for.
#[derive(Clone, Debug)]
pub struct GroupHistory {
    pub group: String,
    pub kind: String,
    pub state: String,
    /// Generation or group epoch.
    pub epoch: i32,
    /// Nothing is known of what was before.
    pub since: Option<Timestamp>,
    pub rebalance_count: i64,
    /// The last ones, the newest first.
    pub rebalances: Vec<Rebalance>,
    pub members: Vec<MemberHistory>,
}

#[derive(Clone, Debug)]
pub struct Rebalance {
    pub started: Option<Timestamp>,
    /// `None` while it runs.
    pub ended: Option<Timestamp>,
    pub epoch: Option<i32>,
    pub cause: String,
    pub client_reason: Option<String>,
    /// Who set it off; empty where nobody did.
    pub member_id: String,
    pub client_id: String,
    pub host: String,
    pub member_count: i32,
    pub slowest_member_id: Option<String>,
    pub slowest_client_id: Option<String>,
    pub slowest_host: Option<String>,
    pub slowest_step: Option<String>,
    pub slowest_millis: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct MemberHistory {
    pub member_id: String,
    pub instance_id: Option<String>,
    pub client_id: String,
    pub host: String,
    pub session_timeout_millis: Option<i64>,
    pub rebalance_timeout_millis: i64,
    pub join_millis: Option<i64>,
    pub sync_millis: Option<i64>,
    pub since_heartbeat_millis: Option<i64>,
    pub heartbeat_gap_max_millis: Option<i64>,
    /// What the group waits for from it.
    pub blocks: Option<String>,
}

impl Client {
    /// How far groups are behind, in records and in time; all groups if none is named.
    pub async fn group_lag(&self, groups: &[String]) -> Result<Option<LagReport>> {
        if !self.offers::<OttlaGroupLagRequest>(Target::Any).await? {
            return Ok(None);
        }
        let mut report = LagReport::default();
        if groups.is_empty() {
            for broker in self.fetch_metadata(Some(&[]), false).await?.brokers.into_keys() {
                let request = OttlaGroupLagRequest::default();
                let response = self.request(Target::Broker(broker), &request, |_| Ok(())).await?;
                report.take(response);
            }
        }
        for group in groups {
            self.check_group(group).await?;
            let request = OttlaGroupLagRequest { groups: vec![group.clone()] };
            let code_of = |response: &OttlaGroupLagResponse| {
                for it in &response.groups {
                    Refused::check(it.error_code, subject(group), None)?;
                }
                Ok(())
            };
            report.take(self.request(Target::Coordinator(group), &request, code_of).await?);
        }
        Ok(Some(report))
    }

    /// Why a group rebalanced, and whom it waits for.
    pub async fn group_history(&self, group: &str) -> Result<Option<GroupHistory>> {
        if !self.offers::<OttlaGroupHistoryRequest>(Target::Any).await? {
            return Ok(None);
        }
        self.check_group(group).await?;
        let request = OttlaGroupHistoryRequest { groups: vec![group.to_owned()] };
        let code_of = |response: &OttlaGroupHistoryResponse| {
            for it in &response.groups {
                Refused::check(it.error_code, subject(group), None)?;
            }
            Ok(())
        };
        let response = self.request(Target::Coordinator(group), &request, code_of).await?;
        Ok(response.groups.into_iter().next().map(group_history))
    }

    /// Whether a server knows an API at all.
    pub(crate) async fn offers<R: Request>(&self, target: Target<'_>) -> Result<bool> {
        match self.connection(target).await?.version_of::<R>(i16::MAX) {
            Ok(_) => Ok(true),
            Err(ClientError::NotOffered { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl LagReport {
    fn take(&mut self, response: OttlaGroupLagResponse) {
        self.partial |= response.partial;
        self.groups.extend(response.groups.into_iter().map(|group| GroupLag {
            group: group.group_id,
            kind: group.group_type,
            state: group.group_state,
            partitions: group.partitions.into_iter().filter_map(partition_lag).collect(),
        }));
    }
}

fn known(number: i64) -> Option<i64> {
    (number >= 0).then_some(number)
}

fn group_history(it: history::GroupHistory) -> GroupHistory {
    let rebalance = |it: history::Rebalance| Rebalance {
        started: Timestamp::from_millis(it.started_ms),
        ended: Timestamp::from_millis(it.ended_ms),
        epoch: (it.epoch >= 0).then_some(it.epoch),
        cause: it.cause,
        client_reason: it.client_reason,
        member_id: it.member_id,
        client_id: it.client_id,
        host: it.host,
        member_count: it.member_count,
        slowest_member_id: it.slowest_member_id,
        slowest_client_id: it.slowest_client_id,
        slowest_host: it.slowest_host,
        slowest_step: it.slowest_step,
        slowest_millis: known(it.slowest_ms),
    };
    let member = |it: history::MemberHistory| MemberHistory {
        member_id: it.member_id,
        instance_id: it.instance_id,
        client_id: it.client_id,
        host: it.host,
        session_timeout_millis: known(it.session_timeout_ms.into()),
        rebalance_timeout_millis: it.rebalance_timeout_ms.into(),
        join_millis: known(it.join_ms),
        sync_millis: known(it.sync_ms),
        since_heartbeat_millis: known(it.since_heartbeat_ms),
        heartbeat_gap_max_millis: known(it.heartbeat_gap_max_ms),
        blocks: it.blocks,
    };
    GroupHistory {
        group: it.group_id,
        kind: it.group_type,
        state: it.group_state,
        epoch: it.epoch,
        since: Timestamp::from_millis(it.since_ms),
        rebalance_count: it.rebalance_count,
        rebalances: it.rebalances.into_iter().map(rebalance).collect(),
        members: it.members.into_iter().map(member).collect(),
    }
}

fn partition_lag(it: lag::PartitionLag) -> Option<PartitionLag> {
    Some(PartitionLag {
        partition: place(&it.topic, it.partition_index)?,
        committed: Offset::from_wire(it.committed_offset),
        committed_at: Timestamp::from_millis(it.commit_time_ms),
        position: Offset::from_wire(it.position),
        position_at: Timestamp::from_millis(it.position_time_ms),
        log_start: Offset::from_wire(it.log_start_offset),
        log_end: Offset::from_wire(it.log_end_offset),
        records: known(it.lag),
        unread: Offset::from_wire(it.unread_offset),
        unread_at: Timestamp::from_millis(it.unread_time_ms),
        millis: known(it.lag_ms),
        member_id: it.member_id,
        client_id: it.client_id,
        host: it.host,
    })
}
