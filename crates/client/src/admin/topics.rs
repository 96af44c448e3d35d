use std::collections::BTreeMap;

use wire::messages::create_partitions_request::CreatePartitionsTopic;
use wire::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use wire::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use wire::messages::delete_topics_request::DeleteTopicState;
use wire::messages::{
    CreatePartitionsRequest, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse,
    DeleteRecordsRequest, DeleteTopicsRequest, DeleteTopicsResponse, DescribeClusterRequest,
};

use super::{CHANGE_TIMEOUT, CHANGE_TIMEOUT_MS};
use crate::error_map::Refused;
use crate::{Broker, Client, Result, ServerAddress, Target};
use model::TopicPartition;

/// A topic to create.
#[derive(Clone, Debug)]
pub struct NewTopic {
    pub name: String,
    /// `None` is the cluster's default.
    pub partition_count: Option<i32>,
    /// `None` is the cluster's default.
    pub replication_factor: Option<i16>,
    pub configs: BTreeMap<String, String>,
}

/// The cluster and its brokers.
#[derive(Clone, Debug)]
pub struct ClusterDescription {
    pub cluster_id: String,
    /// In a KRaft cluster some broker; `None` if there is none at present.
    pub controller: Option<i32>,
    /// With a flag for those that are fenced.
    pub brokers: Vec<(Broker, bool)>,
}

impl Client {
    /// Creates one topic, or only checks that it could be created.
    pub async fn create_topic(&self, topic: &NewTopic, validate_only: bool) -> Result<()> {
        let config = |(name, value): (&String, &String)| CreatableTopicConfig {
            name: name.clone(),
            value: Some(value.clone()),
        };
        let creatable = CreatableTopic {
            name: topic.name.clone(),
            num_partitions: topic.partition_count.unwrap_or(-1),
            replication_factor: topic.replication_factor.unwrap_or(-1),
            configs: topic.configs.iter().map(config).collect(),
            ..CreatableTopic::default()
        };
        let request = CreateTopicsRequest {
            topics: vec![creatable],
            timeout_ms: CHANGE_TIMEOUT_MS,
            validate_only,
        };
        let code_of = |response: &CreateTopicsResponse| {
            for result in &response.topics {
                let subject = || format!("topic {}", result.name);
                Refused::check(result.error_code, subject, result.error_message.as_deref())?;
            }
            Ok(())
        };
        self.request_waiting(Target::Controller, &request, CHANGE_TIMEOUT, code_of).await?;
        Ok(())
    }

    pub async fn delete_topic(&self, name: &str) -> Result<()> {
        let code_of = |response: &DeleteTopicsResponse| {
            for result in &response.responses {
                let subject = || format!("topic {name}");
                Refused::check(result.error_code, subject, result.error_message.as_deref())?;
            }
            Ok(())
        };
        let version = self
            .connection(Target::Controller)
            .await?
            .version_of::<DeleteTopicsRequest>(i16::MAX)?;
        let mut request =
            DeleteTopicsRequest { timeout_ms: CHANGE_TIMEOUT_MS, ..DeleteTopicsRequest::default() };
        if version >= 6 {
            let state = DeleteTopicState { name: Some(name.to_owned()), ..Default::default() };
            request.topics.push(state);
        } else {
            request.topic_names.push(name.to_owned());
        }
        self.request_waiting(Target::Controller, &request, CHANGE_TIMEOUT, code_of).await?;
        Ok(())
    }

    /// Adds partitions until there are `count`.
    pub async fn create_partitions(&self, topic: &str, count: i32) -> Result<()> {
        let topic = CreatePartitionsTopic {
            name: topic.to_owned(),
            count,
            ..CreatePartitionsTopic::default()
        };
        let request = CreatePartitionsRequest {
            topics: vec![CreatePartitionsTopic { assignments: None, ..topic }],
            timeout_ms: CHANGE_TIMEOUT_MS,
            ..CreatePartitionsRequest::default()
        };
        let code_of = |response: &CreatePartitionsResponse| {
            for result in &response.results {
                let subject = || format!("topic {}", result.name);
                Refused::check(result.error_code, subject, result.error_message.as_deref())?;
            }
            Ok(())
        };
        self.request_waiting(Target::Controller, &request, CHANGE_TIMEOUT, code_of).await?;
        Ok(())
    }

    /// Deletes the records before an offset; -1 means all. Gives the new beginning.
    pub async fn delete_records(&self, partition: &TopicPartition, before: i64) -> Result<i64> {
        let leader = self.leader(partition).await?;
        let at = DeleteRecordsPartition {
            partition_index: partition.partition.to_wire(),
            offset: before,
        };
        let topic = DeleteRecordsTopic { name: partition.topic.to_string(), partitions: vec![at] };
        let request = DeleteRecordsRequest { topics: vec![topic], timeout_ms: CHANGE_TIMEOUT_MS };
        let response = self
            .request_waiting(Target::Broker(leader), &request, CHANGE_TIMEOUT, |response| {
                for result in response.topics.iter().flat_map(|topic| &topic.partitions) {
                    Refused::check(result.error_code, || partition.to_string(), None)?;
                }
                Ok(())
            })
            .await?;
        let mut results = response.topics.iter().flat_map(|topic| &topic.partitions);
        Ok(results.next().map_or(-1, |result| result.low_watermark))
    }

    pub async fn describe_cluster(&self) -> Result<ClusterDescription> {
        let connection = self.connection(Target::Any).await?;
        let Ok(version) = connection.version_of::<DescribeClusterRequest>(i16::MAX) else {
            return self.describe_old_cluster().await;
        };
        let request = DescribeClusterRequest {
            include_fenced_brokers: version >= 2,
            ..DescribeClusterRequest::default()
        };
        let response = connection.request_at(&request, version).await?;
        let subject = || "cluster".to_owned();
        Refused::check(response.error_code, subject, response.error_message.as_deref())?;
        let brokers = response.brokers.into_iter().filter_map(|broker| {
            let address =
                ServerAddress { host: broker.host, port: u16::try_from(broker.port).ok()? };
            let it = Broker { id: broker.broker_id, address, rack: broker.rack };
            Some((it, broker.is_fenced))
        });
        Ok(ClusterDescription {
            cluster_id: response.cluster_id,
            controller: (response.controller_id >= 0).then_some(response.controller_id),
            brokers: brokers.collect(),
        })
    }

    /// Brokers older than 2.8 say it in Metadata.
    async fn describe_old_cluster(&self) -> Result<ClusterDescription> {
        let metadata = self.fetch_metadata(Some(&[]), false).await?;
        Ok(ClusterDescription {
            cluster_id: metadata.cluster_id.unwrap_or_default(),
            controller: metadata.controller,
            brokers: metadata.brokers.into_values().map(|broker| (broker, false)).collect(),
        })
    }
}
