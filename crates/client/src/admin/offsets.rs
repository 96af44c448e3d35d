use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, UNIX_EPOCH};

use model::{Offset, Timestamp, TopicPartition};
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::{ListOffsetsRequest, ListOffsetsResponse};

use crate::backoff::Backoff;
use crate::error_map::Refused;
use crate::{Client, ClientError, Isolation, Result, Target};

/// Which offset of a partition is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetQuery {
    /// The first that is there.
    Earliest,
    /// The one that the next record gets, as far as readers may see.
    Latest,
    /// The first record that is not older.
    Time(Timestamp),
    /// The record with the largest timestamp (Kafka 3.0 and up).
    MaxTimestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedOffset {
    /// `None` when no record answers the question.
    pub offset: Option<Offset>,
    pub timestamp: Option<Timestamp>,
    pub leader_epoch: i32,
}

impl OffsetQuery {
    /// The first record that is not older than so long before now; the first of all where the clock has no such time.
    pub fn ago(ago: Duration) -> Self {
        let since = UNIX_EPOCH.elapsed().ok().and_then(|since| since.checked_sub(ago));
        let millis = since.and_then(|since| i64::try_from(since.as_millis()).ok());
        millis.and_then(Timestamp::from_millis).map_or(Self::Earliest, Self::Time)
    }

    const fn to_wire(self) -> i64 {
        match self {
            Self::Earliest => -2,
            Self::Latest => -1,
            Self::MaxTimestamp => -3,
            Self::Time(time) => time.as_millis(),
        }
    }

    const fn version_min(self) -> i16 {
        if matches!(self, Self::MaxTimestamp) { 7 } else { 1 }
    }
}

impl Client {
    /// Asks the leaders of partitions for offsets. Waits a while for those that have no leader, then fails.
    pub async fn list_offsets(
        &self,
        queries: &[(TopicPartition, OffsetQuery)],
        isolation: Isolation,
    ) -> Result<HashMap<TopicPartition, ListedOffset>> {
        self.list_offsets_where(queries, isolation, |_| true).await
    }

    /// As [`Self::list_offsets`], but leaves out the partitions that have no leader, or lose it meanwhile.
    pub async fn list_led_offsets(
        &self,
        queries: &[(TopicPartition, OffsetQuery)],
        isolation: Isolation,
    ) -> Result<HashMap<TopicPartition, ListedOffset>> {
        let is_wanted = |it: &TopicPartition| self.known_leader(it) != Some(None);
        self.list_offsets_where(queries, isolation, is_wanted).await
    }

    async fn list_offsets_where(
        &self,
        queries: &[(TopicPartition, OffsetQuery)],
        isolation: Isolation,
        is_wanted: impl Fn(&TopicPartition) -> bool,
    ) -> Result<HashMap<TopicPartition, ListedOffset>> {
        let mut backoff = Backoff::of_call(self.config());
        let mut found = HashMap::new();
        loop {
            let is_left = |it: &TopicPartition| !found.contains_key(it) && is_wanted(it);
            let left: Vec<_> = queries.iter().filter(|(it, _)| is_left(it)).collect();
            if left.is_empty() {
                return Ok(found);
            }
            let Err(error) = self.list_offsets_once(&left, isolation, &mut found).await else {
                continue;
            };
            let again = error.is_retriable() && !matches!(error, ClientError::Unreachable { .. });
            backoff.after(error, again).await?;
            let mut topics: Vec<&str> = left.iter().map(|(it, _)| it.topic.as_str()).collect();
            topics.dedup();
            self.topics(&topics, false).await?;
        }
    }

    /// Those of the partitions that have no leader, as far as it is known now.
    pub fn leaderless_of(&self, partitions: &[TopicPartition]) -> Vec<TopicPartition> {
        partitions.iter().filter(|it| self.known_leader(it) == Some(None)).cloned().collect()
    }

    /// `None` for a partition that is not known, `Some(None)` for one that has no leader.
    fn known_leader(&self, partition: &TopicPartition) -> Option<Option<i32>> {
        let (topic, index) = (partition.topic.as_str(), partition.partition.to_wire());
        self.with_known(|known| known.partition(topic, index).map(|it| it.leader))
    }

    async fn list_offsets_once(
        &self,
        queries: &[&(TopicPartition, OffsetQuery)],
        isolation: Isolation,
        found: &mut HashMap<TopicPartition, ListedOffset>,
    ) -> Result<()> {
        let mut by_leader: BTreeMap<i32, Vec<&(TopicPartition, OffsetQuery)>> = BTreeMap::new();
        for query in queries {
            let leader = match self.known_leader(&query.0) {
                Some(Some(leader)) => leader,
                // The caller asks again, and does not for each attempt of this one wait for many of its own.
                Some(None) => return Err(ClientError::NoLeader(query.0.clone())),
                None => self.leader(&query.0).await?,
            };
            by_leader.entry(leader).or_default().push(query);
        }
        for (leader, queries) in by_leader {
            let connection = self.connection(Target::Broker(leader)).await?;
            let version = connection.version_of::<ListOffsetsRequest>(i16::MAX)?;
            let needed = queries.iter().map(|(_, query)| query.version_min()).max().unwrap_or(1);
            if version < needed {
                return Err(ClientError::NotOffered {
                    address: connection.address().clone(),
                    api: wire::ApiKey::ListOffsets,
                    offered: connection.versions().offered(wire::ApiKey::ListOffsets),
                    known: wire::VersionRange::new(needed, i16::MAX),
                });
            }
            let request = self.list_offsets_request(&queries, isolation, version);
            let response = connection.request_at(&request, version).await?;
            take(&queries, &response, found)?;
        }
        Ok(())
    }

    fn list_offsets_request(
        &self,
        queries: &[&(TopicPartition, OffsetQuery)],
        isolation: Isolation,
        version: i16,
    ) -> ListOffsetsRequest {
        let mut topics: BTreeMap<&str, ListOffsetsTopic> = BTreeMap::new();
        for (partition, query) in queries {
            let (name, index) = (partition.topic.as_str(), partition.partition.to_wire());
            let topic = topics.entry(name).or_insert_with(|| ListOffsetsTopic {
                name: name.to_owned(),
                ..ListOffsetsTopic::default()
            });
            topic.partitions.push(ListOffsetsPartition {
                partition_index: index,
                timestamp: query.to_wire(),
                ..ListOffsetsPartition::default()
            });
        }
        ListOffsetsRequest {
            replica_id: -1,
            isolation_level: i8::from(isolation == Isolation::Committed && version >= 2),
            topics: topics.into_values().collect(),
            timeout_ms: super::CHANGE_TIMEOUT_MS,
        }
    }
}

fn take(
    queries: &[&(TopicPartition, OffsetQuery)],
    response: &ListOffsetsResponse,
    found: &mut HashMap<TopicPartition, ListedOffset>,
) -> Result<()> {
    let mut first_error = None;
    for (partition, _) in queries {
        let (name, index) = (partition.topic.as_str(), partition.partition.to_wire());
        let topic = response.topics.iter().find(|topic| topic.name == name);
        let answer =
            topic.and_then(|topic| topic.partitions.iter().find(|it| it.partition_index == index));
        let Some(answer) = answer else {
            return Err(ClientError::NoLeader(partition.clone()));
        };
        match Refused::check(answer.error_code, || partition.to_string(), None) {
            Ok(()) => {
                let listed = ListedOffset {
                    offset: Offset::from_wire(answer.offset),
                    timestamp: Timestamp::from_millis(answer.timestamp),
                    leader_epoch: answer.leader_epoch,
                };
                found.insert(partition.clone(), listed);
            }
            Err(refused) => first_error = Some(refused),
        }
    }
    first_error.map_or(Ok(()), |refused| Err(refused.into()))
}
