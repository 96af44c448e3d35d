use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use broker::{Broker, BrokerParts, Identity, LoopMessage, Serving, serve};
use bytes::Bytes;
use controller::{
    BrokerHeartbeat, ConfigRules, ControllerSettings, CreateTopics, Layout, NewTopic, Operation,
    Refusal, RegisterBroker,
};
use io::arena::Arena;
use io::{Clock, RealDisk, SystemClock};
use metadata::{ConfigKind, ConfigResource, ConfigValues, Endpoint, SecurityProtocol};
use model::{BrokerId, TopicId, TopicName, TopicPartition, Uuid};
use quorum::{Format, MetadataLogOptions, Quorum, QuorumOptions, QuorumThread};
use raft::{ReplicaKey, Voter, VoterSet};
use record::{BatchBuilder, BatchStamp, Compressor};
use settings::BrokerConfig;
use storage::{LaneConfig, LogConfig, LogDirs, OpenSettings};
use transport::Server;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{ProduceRequest, ProduceResponse};
use wire::{Message, Reader, Request, RequestHeader};

const ID: BrokerId = BrokerId::from_wire(1).unwrap();
const DIRECTORY: Uuid = Uuid::from_bytes([7; 16]);
const ARENA_SIZE: usize = 32 << 20;

/// One broker with its quorum of one, on a directory that outlives it.
pub(crate) struct TestBroker {
    serving: Option<Serving>,
    quorum: Quorum,
    quorum_thread: Option<QuorumThread>,
    pub(crate) address: SocketAddr,
    /// The memory for produced bytes.
    pub(crate) arena: Arena,
}

struct AnyConfig;

impl ConfigRules for AnyConfig {
    fn check(&self, _: &ConfigResource, _: &ConfigValues, _: &ConfigValues) -> Result<(), Refusal> {
        Ok(())
    }

    fn is_list(&self, _: ConfigKind, _: &str) -> bool {
        false
    }

    fn default_value(&self, _: ConfigKind, _: &str) -> Option<String> {
        None
    }
}

struct DefaultTopics;

impl storage::Topics for DefaultTopics {
    fn config(&self, _: &TopicPartition) -> Arc<LogConfig> {
        Arc::default()
    }

    fn id_of(&self, _: &TopicName) -> Option<TopicId> {
        None
    }
}

fn start_quorum(data: &Path, clock: &Arc<dyn Clock>) -> (Quorum, QuorumThread) {
    let own = ReplicaKey { id: ID, directory: DIRECTORY };
    let disk = RealDisk;
    if !quorum::is_formatted(&disk, data).unwrap() {
        let voter =
            Voter { key: own, endpoints: vec![], kraft_version_min: 0, kraft_version_max: 1 };
        let format = Format {
            voters: VoterSet::new([voter]),
            features: broker::new_features(),
            now: clock.wall(),
        };
        quorum::format(&disk, data, &format).unwrap();
    }
    let options = QuorumOptions {
        own,
        log_dir: data.to_path_buf(),
        static_voters: None,
        disk: Arc::new(RealDisk),
        clock: Arc::clone(clock),
        rules: Arc::new(AnyConfig),
        controller: ControllerSettings {
            cluster_id: "test".to_owned(),
            partition_count: 1,
            replication_factor: 1,
            session: Duration::from_secs(3600),
            topic_deletion: true,
        },
        seed: 1,
        incarnation: Uuid::from_bytes([9; 16]),
        endpoints: vec![],
        features: broker::workable_features(),
        log: MetadataLogOptions::default(),
    };
    quorum::start(options, |error| panic!("{error}")).unwrap()
}

impl TestBroker {
    /// Starts on what lies in `data`, with settings by their Kafka names.
    pub(crate) fn start(data: &Path, settings: &[(&str, &str)]) -> Self {
        Self::start_sized(data, settings, ARENA_SIZE, LaneConfig::for_arena(ARENA_SIZE as u64))
    }

    /// As [`Self::start`], by another clock than the machine's.
    pub(crate) fn start_by(clock: &Arc<dyn Clock>, data: &Path, settings: &[(&str, &str)]) -> Self {
        let lane = LaneConfig::for_arena(ARENA_SIZE as u64);
        Self::start_with(Arc::clone(clock), data, settings, ARENA_SIZE, lane)
    }

    /// As [`Self::start`], with so much memory and such a write-ahead log.
    pub(crate) fn start_sized(
        data: &Path,
        settings: &[(&str, &str)],
        arena_size: usize,
        lane: LaneConfig,
    ) -> Self {
        Self::start_with(Arc::new(SystemClock::new()), data, settings, arena_size, lane)
    }

    fn start_with(
        clock: Arc<dyn Clock>,
        data: &Path,
        settings: &[(&str, &str)],
        arena_size: usize,
        lane: LaneConfig,
    ) -> Self {
        std::fs::create_dir_all(data).unwrap();
        let mut raw = BrokerConfig::single_node_defaults(data.to_str().unwrap());
        let given = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        raw.extend(given);
        raw.entry("controller.listener.names".to_owned())
            .or_insert_with(|| "CONTROLLER".to_owned());
        let config = BrokerConfig::new(raw).unwrap();
        let (quorum, quorum_thread) = start_quorum(data, &clock);
        let arena = Arena::new(arena_size);
        let open = OpenSettings {
            disk: Arc::new(RealDisk),
            arena: arena.clone(),
            lane,
            open_files_max: storage::limits::OPEN_FILES_MAX,
            workers: Arc::new(storage::InTurn),
            salt: clock.wall().as_millis().unsigned_abs(),
            wall: clock.wall(),
        };
        let opened =
            LogDirs::open(&[data.to_path_buf()], &open, &DefaultTopics).expect("open log dirs");
        let server: Server<LoopMessage> =
            Server::bind(transport::Config::default(), &["127.0.0.1:0".parse().unwrap()], 2)
                .unwrap();
        let address = server.addresses()[0];
        let broker = Broker::new(BrokerParts {
            identity: Identity { cluster_id: "test".to_owned(), id: ID },
            config,
            quorum: quorum.clone(),
            clock,
            arena: arena.clone(),
            log_dirs: opened.dirs.iter().cloned().collect(),
            partitions: opened.partitions,
            failed: Vec::new(),
            loop_count: 2,
        });
        // Weak: the broker holds the quorum, and would be kept by it for ever.
        let watching = Arc::downgrade(&broker);
        quorum.watch(Box::new(move |image| {
            if let Some(broker) = watching.upgrade() {
                broker.publish(image);
            }
        }));
        register(&quorum, address);
        let serving = Some(serve(&broker, server).unwrap());
        Self { serving, quorum, quorum_thread: Some(quorum_thread), address, arena }
    }

    pub(crate) fn create_topic(&self, name: &str, partitions: i32, configs: &[(&str, &str)]) {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), Some((*value).to_owned()));
        let topic = NewTopic {
            name: name.to_owned(),
            layout: Layout::Counts { partitions, replicas: 1 },
            configs: configs.iter().map(owned).collect(),
        };
        let reply = ask(&self.quorum, CreateTopics { topics: vec![topic], validate_only: false });
        reply.into_iter().next().unwrap().1.unwrap();
    }

    pub(crate) fn topic_id(&self, name: &str) -> Uuid {
        self.quorum.image().topic(name).unwrap().id.uuid()
    }

    /// Stops without leaving anything clean, as far as a process can do that to itself.
    pub(crate) fn partition_count(&self, topic: &str) -> usize {
        self.quorum.image().topic(topic).unwrap().partitions.len()
    }

    pub(crate) fn crash(mut self) {
        drop(self.serving.take());
        self.quorum_thread.take().unwrap().stop().unwrap();
    }

    pub(crate) fn stop(mut self) {
        let errors = self.serving.take().unwrap().stop(None);
        assert!(errors.is_empty(), "{errors:?}");
        self.quorum_thread.take().unwrap().stop().unwrap();
    }

    pub(crate) fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream, correlation_id: 0 }
    }
}

impl Drop for TestBroker {
    fn drop(&mut self) {
        drop(self.serving.take());
        if let Some(thread) = self.quorum_thread.take() {
            let _ = thread.stop();
        }
    }
}

fn register(quorum: &Quorum, address: SocketAddr) {
    let endpoint = Endpoint {
        name: "PLAINTEXT".to_owned(),
        host: address.ip().to_string(),
        port: address.port(),
        security: SecurityProtocol::Plaintext,
    };
    let request = RegisterBroker {
        cluster_id: "test".to_owned(),
        id: ID,
        incarnation: Uuid::from_bytes([9; 16]),
        endpoints: vec![endpoint],
        features: broker::workable_features(),
        rack: None,
        log_dirs: vec![DIRECTORY],
        cordoned_log_dirs: None,
        previous_epoch: None,
    };
    let epoch = ask(quorum, request).unwrap();
    for _ in 0..3 {
        let beat = BrokerHeartbeat {
            id: ID,
            epoch,
            metadata_end: Some(quorum.status().high_watermark),
            want_fence: false,
            want_shut_down: false,
            offline_log_dirs: vec![],
        };
        if !ask(quorum, beat).unwrap().fenced {
            return;
        }
    }
    panic!("the broker stays fenced");
}

fn ask<O>(quorum: &Quorum, operation: O) -> O::Reply
where
    O: Operation + Send + 'static,
    O::Reply: Send + 'static,
{
    let (answer, answered) = mpsc::sync_channel(1);
    quorum.submit(operation, move |result| answer.send(result).unwrap());
    answered.recv_timeout(Duration::from_secs(20)).unwrap().unwrap()
}

/// A client that speaks the protocol as it is told to.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    correlation_id: i32,
}

impl Client {
    pub(crate) fn send<R: Request>(&mut self, version: i16, request: &R) {
        self.correlation_id += 1;
        let bytes = frame(version, self.correlation_id, request);
        self.stream.write_all(&bytes).unwrap();
    }

    /// As [`Self::call`], under the name of Kafka's own administrative client: it may write to internal topics.
    pub(crate) fn call_as_admin<R: Request>(&mut self, version: i16, request: &R) -> R::Response {
        self.correlation_id += 1;
        let bytes = frame_of("__admin_client", version, self.correlation_id, request);
        self.stream.write_all(&bytes).unwrap();
        self.receive::<R>(version, 0)
    }

    /// The answer to the request sent last but `behind` ones.
    pub(crate) fn receive<R: Request>(&mut self, version: i16, behind: i32) -> R::Response {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).unwrap();
        let mut bytes = vec![0; usize::try_from(i32::from_be_bytes(length)).unwrap()];
        self.stream.read_exact(&mut bytes).unwrap();
        let bytes = Bytes::from(bytes);
        let mut input = Reader::shared(&bytes);
        assert_eq!(input.i32().unwrap(), self.correlation_id - behind);
        if R::KEY.response_header_version(version) == 1 {
            assert_eq!(input.i8().unwrap(), 0);
        }
        let response = R::Response::decode(&mut input, version).unwrap();
        input.finish().unwrap();
        response
    }

    pub(crate) fn call<R: Request>(&mut self, version: i16, request: &R) -> R::Response {
        self.send(version, request);
        self.receive::<R>(version, 0)
    }

    pub(crate) fn produce(&mut self, topic: &str, partition: i32, batch: Vec<u8>) -> i64 {
        let response: ProduceResponse = self.call(9, &produce(topic, partition, -1, batch));
        let partition = &response.responses[0].partition_responses[0];
        assert_eq!(partition.error_code, 0, "{:?}", partition.error_message);
        partition.base_offset
    }

    pub(crate) fn is_closed(&mut self) -> bool {
        match self.stream.read(&mut [0]) {
            Ok(count) => count == 0,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

/// A request as it goes over the wire, with its length.
pub(crate) fn frame<R: Request>(version: i16, correlation_id: i32, request: &R) -> Vec<u8> {
    frame_of("test", version, correlation_id, request)
}

fn frame_of<R: Request>(
    client_id: &str,
    version: i16,
    correlation_id: i32,
    request: &R,
) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    let header = RequestHeader {
        api_key: R::KEY.code(),
        api_version: version,
        correlation_id,
        client_id: Some(client_id.to_owned()),
    };
    header.encode(&mut bytes, R::KEY.request_header_version(version)).unwrap();
    request.encode(&mut bytes, version).unwrap();
    let length = i32::try_from(bytes.len() - 4).unwrap();
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    bytes
}

pub(crate) fn produce(topic: &str, index: i32, acks: i16, batch: Vec<u8>) -> ProduceRequest {
    ProduceRequest {
        transactional_id: None,
        acks,
        timeout_ms: 10_000,
        topic_data: vec![TopicProduceData {
            name: topic.to_owned(),
            topic_id: Uuid::ZERO,
            partition_data: vec![PartitionProduceData { index, records: Some(batch.into()) }],
        }],
    }
}

/// A batch of records with these values.
pub(crate) fn batch(values: &[&[u8]]) -> Vec<u8> {
    batch_with(values, &BatchStamp::default())
}

pub(crate) fn batch_with(values: &[&[u8]], stamp: &BatchStamp) -> Vec<u8> {
    let mut builder = BatchBuilder::new();
    let now = SystemClock::new().wall();
    for value in values {
        builder.append(Some(now), Some(b"key"), Some(value), &[]).unwrap();
    }
    builder.finish(stamp, &mut Compressor::new()).unwrap().to_vec()
}
