//! A running node, and a client that says to it exactly what a test wants.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use model::{Timestamp, Uuid};
use node::{Node, StartOptions, load};
use record::{BatchBuilder, BatchStamp, Compressor};
use wire::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::metadata_request::MetadataRequestTopic;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{
    CreateTopicsRequest, IncrementalAlterConfigsRequest, MetadataRequest, ProduceRequest,
    ProduceResponse,
};
use wire::{Message, Reader, Request, RequestHeader};

/// A node with its own directory, and a connection to it.
pub(crate) struct World {
    node: Option<Node>,
    data: tempfile::TempDir,
    stream: TcpStream,
    correlation_id: i32,
}

/// Whose settings are changed.
#[derive(Clone, Copy)]
pub(crate) enum Resource<'a> {
    Topic(&'a str),
    AllBrokers,
    Group(&'a str),
}

/// What a produce came to.
pub(crate) struct Produced {
    pub(crate) error_code: i16,
    pub(crate) log_append_time_ms: i64,
}

impl World {
    pub(crate) fn start(settings: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let options = StartOptions {
            data: Some(data.path().to_owned()),
            listen: Some("127.0.0.1:0".to_owned()),
            http: Some("127.0.0.1:0".to_owned()),
            set: settings.iter().map(ToString::to_string).collect(),
            ..StartOptions::default()
        };
        let configuration = load(&options, []).expect("the settings fit");
        let node = Node::start(&configuration.config, None, None).expect("the node starts");
        let stream = TcpStream::connect(node.addresses()[0]).expect("the node listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        Self { node: Some(node), data, stream, correlation_id: 0 }
    }

    pub(crate) fn node(&self) -> &Node {
        self.node.as_ref().expect("it runs")
    }

    pub(crate) fn call<R: Request>(&mut self, version: i16, request: &R) -> R::Response {
        self.correlation_id += 1;
        let header = RequestHeader {
            api_key: R::KEY.code(),
            api_version: version,
            correlation_id: self.correlation_id,
            client_id: Some("test".to_owned()),
        };
        let mut frame = vec![0; 4];
        header.encode(&mut frame, R::KEY.request_header_version(version)).expect("a header");
        request.encode(&mut frame, version).expect("the request fits its version");
        let length = i32::try_from(frame.len() - 4).expect("a small frame");
        frame[..4].copy_from_slice(&length.to_be_bytes());
        self.stream.write_all(&frame).expect("the request leaves");
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).expect("the answer comes");
        let size = usize::try_from(i32::from_be_bytes(length)).expect("a length");
        let mut answer = vec![0; size];
        self.stream.read_exact(&mut answer).expect("the whole answer comes");
        let answer = Bytes::from(answer);
        let mut input = Reader::shared(&answer);
        assert_eq!(input.i32().expect("a correlation id"), self.correlation_id);
        if R::KEY.response_header_version(version) == 1 {
            assert_eq!(input.i8().expect("tagged fields"), 0);
        }
        R::Response::decode(&mut input, version).expect("the answer has its form")
    }

    pub(crate) fn create_topic(&mut self, name: &str, partitions: i32, configs: &[(&str, &str)]) {
        let config = |(name, value): &(&str, &str)| CreatableTopicConfig {
            name: (*name).to_owned(),
            value: Some((*value).to_owned()),
        };
        let topic = CreatableTopic {
            name: name.to_owned(),
            num_partitions: partitions,
            replication_factor: 1,
            assignments: Vec::new(),
            configs: configs.iter().map(config).collect(),
        };
        let request = CreateTopicsRequest { topics: vec![topic], ..CreateTopicsRequest::default() };
        let response = self.call(5, &request);
        assert_eq!(response.topics[0].error_code, 0, "{:?}", response.topics[0].error_message);
    }

    pub(crate) fn topic_id(&mut self, name: &str) -> Uuid {
        let topic =
            MetadataRequestTopic { name: Some(name.to_owned()), ..MetadataRequestTopic::default() };
        let request = MetadataRequest { topics: Some(vec![topic]), ..MetadataRequest::default() };
        self.call(12, &request).topics[0].topic_id
    }

    /// Sets a setting; `None` unsets it.
    pub(crate) fn alter(&mut self, resource: Resource<'_>, name: &str, value: Option<&str>) {
        let (resource_type, resource_name) = match resource {
            Resource::Topic(topic) => (2, topic),
            Resource::AllBrokers => (4, ""),
            Resource::Group(group) => (32, group),
        };
        let config = AlterableConfig {
            name: name.to_owned(),
            config_operation: i8::from(value.is_none()),
            value: value.map(ToOwned::to_owned),
        };
        let resource = AlterConfigsResource {
            resource_type,
            resource_name: resource_name.to_owned(),
            configs: vec![config],
        };
        let request =
            IncrementalAlterConfigsRequest { resources: vec![resource], validate_only: false };
        let response = self.call(1, &request);
        let response = &response.responses[0];
        assert_eq!(response.error_code, 0, "{name}: {:?}", response.error_message);
    }

    pub(crate) fn produce(&mut self, topic: &str, index: i32, batch: Vec<u8>) -> Produced {
        self.produce_as(None, topic, index, batch)
    }

    /// As a transactional producer, if an id is given.
    pub(crate) fn produce_as(
        &mut self,
        transactional_id: Option<&str>,
        topic: &str,
        index: i32,
        batch: Vec<u8>,
    ) -> Produced {
        let request = ProduceRequest {
            transactional_id: transactional_id.map(ToOwned::to_owned),
            acks: -1,
            timeout_ms: 10_000,
            topic_data: vec![TopicProduceData {
                name: topic.to_owned(),
                topic_id: Uuid::ZERO,
                partition_data: vec![PartitionProduceData { index, records: Some(batch.into()) }],
            }],
        };
        let response: ProduceResponse = self.call(9, &request);
        let partition = &response.responses[0].partition_responses[0];
        Produced {
            error_code: partition.error_code,
            log_append_time_ms: partition.log_append_time_ms,
        }
    }

    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// The segments of a partition, oldest first.
    pub(crate) fn segments(&self, topic: &str, index: i32) -> Vec<PathBuf> {
        segments(&self.data.path().join(format!("{topic}-{index}")))
    }

    pub(crate) fn stop(mut self) {
        self.node.take().expect("it runs").stop().expect("it stops in order");
    }
}

fn segments(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut logs: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "log")).collect();
    logs.sort();
    logs
}

pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the year 292 million")
}

/// A batch of one record.
pub(crate) fn batch(
    timestamp_ms: i64,
    key: Option<&[u8]>,
    value: &[u8],
    stamp: &BatchStamp,
) -> Vec<u8> {
    let mut builder = BatchBuilder::new();
    let timestamp = Timestamp::from_millis(timestamp_ms);
    builder.append(timestamp, key, Some(value), &[]).expect("it fits");
    builder.finish(stamp, &mut Compressor::new()).expect("it is built").to_vec()
}
