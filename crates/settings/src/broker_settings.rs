//! The settings of one node, resolved and typed. Times are in milliseconds, sizes in bytes.

use crate::listener::parse_protocol_map;
use crate::values::Values;
use crate::{
    ConsumerGroupSettings, Endpoint, InvalidListeners, InvalidValue, Listener, ShareGroupSettings,
    StreamsGroupSettings, parse_advertised, parse_listeners,
};

/// What a node's settings are.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerSettings {
    pub node_id: u32,
    pub roles: Roles,
    pub rack: Option<String>,

    pub listeners: Vec<Listener>,
    /// Empty: clients are told the address that they came in on.
    pub advertised: Vec<Endpoint>,
    pub controller_listener_names: Vec<String>,
    /// Listener of the brokers among themselves.
    pub inter_broker_listener: Option<String>,
    pub connections: ConnectionSettings,
    pub fetch: FetchSettings,
    /// Event loops.
    pub network_threads: u32,
    /// `None`: as much as fits the machine.
    pub memory_bytes: Option<u64>,
    /// HOST:PORT of metrics and health; `None`: off.
    pub http_listen: Option<String>,
    pub lines: LineSettings,
    /// Partitions of groups that the page of metrics shows one by one.
    pub shown_group_partitions_max: u32,

    pub log_dirs: Vec<String>,
    /// Where the metadata log lies; else in the first of `log_dirs`.
    pub metadata_log_dir: Option<String>,
    pub log: LogSettings,

    pub auto_create_topics: bool,
    pub delete_topics: bool,
    pub num_partitions: u32,
    pub default_replication_factor: u32,
    /// Partitions that one DescribeTopicPartitions answers.
    pub describe_partitions_max: u32,

    pub groups: GroupSettings,
    pub offsets_topic: InternalTopicSettings,
    pub transaction_topic: InternalTopicSettings,
    pub share_topic: InternalTopicSettings,
    pub transactions: TransactionSettings,
    pub quorum: QuorumSettings,
}

/// One part that a node plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Broker,
    Controller,
}

/// The parts that a node plays: one of them at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Roles {
    pub broker: bool,
    pub controller: bool,
}

/// Limits and properties of client connections.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionSettings {
    pub count_max: u32,
    pub per_ip_max: u32,
    /// Addresses or host names with a limit of their own.
    pub per_ip_overrides: Vec<(String, u32)>,
    /// New connections a second.
    pub creation_rate_max: u32,
    /// `None`: never closed for silence.
    pub idle_ms_max: Option<u64>,
    pub backlog: u32,
    /// `None`: the system's.
    pub receive_buffer_bytes: Option<u32>,
    pub send_buffer_bytes: Option<u32>,
    pub request_bytes_max: u32,
    /// Requests that wait at a time, all connections together.
    pub queued_requests_max: u32,
    pub queued_bytes_max: Option<u64>,
}

/// Where log lines go, and how they look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSettings {
    pub json: bool,
    /// One of the names of `Level`, in any case.
    pub level: String,
    /// `None`: standard output.
    pub file: Option<String>,
    pub file_bytes_max: u64,
    pub file_count_max: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchSettings {
    pub response_bytes_max: u32,
    pub session_count_max: u32,
}

/// Work on logs that goes on beside requests.
#[derive(Clone, Debug, PartialEq)]
pub struct LogSettings {
    pub retention_check_interval_ms: u64,
    pub initial_task_delay_ms: u64,
    pub flush_check_interval_ms: u64,
    pub recovery_point_interval_ms: u64,
    pub log_start_interval_ms: u64,
    pub recovery_threads: u32,
    pub producer_id_expiration_ms: u64,
    pub producer_id_check_interval_ms: u64,
    pub dir_failure_timeout_ms: u64,
    pub cordoned_dirs: Vec<String>,
    pub cleaner: CleanerSettings,
}

/// Compaction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CleanerSettings {
    pub enabled: bool,
    pub threads: u32,
    /// Of all threads together, as are the other sizes.
    pub dedupe_bytes: u64,
    pub load_factor: f64,
    pub buffer_bytes: u32,
    pub bytes_per_second_max: f64,
    pub backoff_ms: u64,
}

/// Groups and committed offsets.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSettings {
    pub consumer: ConsumerGroupSettings,
    pub share: ShareGroupSettings,
    pub streams: StreamsGroupSettings,
    pub session_timeout_min_ms: u32,
    pub session_timeout_max_ms: u32,
    pub initial_rebalance_delay_ms: u32,
    pub member_count_max: u32,
    pub offset_metadata_bytes_max: u32,
    pub offsets_retention_ms: u64,
    pub offsets_check_interval_ms: u64,
    pub offsets_commit_timeout_ms: u32,
    /// The number that names a codec in a batch.
    pub offsets_codec: u8,
}

/// Transactions and transactional ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionSettings {
    pub timeout_max_ms: u32,
    pub id_expiration_ms: u32,
    pub expiry_check_interval_ms: u32,
    /// Whether clients that add partitions themselves are asked for proof of it.
    pub verification: bool,
    /// How long a partition that joins waits for the end of the transaction before.
    pub join_wait_ms_max: u32,
}

/// A topic that a coordinator keeps its state in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InternalTopicSettings {
    pub partition_count: u32,
    /// As asked; a cluster with fewer brokers makes fewer.
    pub replication_factor: u32,
    pub segment_bytes: u32,
    pub min_insync_replicas: Option<u32>,
}

/// The quorum, the metadata log and the controller.
#[derive(Clone, Debug, PartialEq)]
pub struct QuorumSettings {
    /// ID@HOST:PORT; empty when the quorum may change.
    pub voters: Vec<String>,
    pub bootstrap_servers: Vec<String>,
    pub election_timeout_ms: u32,
    pub election_backoff_max_ms: u32,
    pub fetch_timeout_ms: u32,
    pub request_timeout_ms: u32,
    pub retry_backoff_ms: u32,
    pub append_linger_ms: u32,
    pub fetch_bytes_max: u32,
    pub segment_bytes: u32,
    pub segment_ms: u64,
    pub retention_bytes: Option<u64>,
    pub retention_ms: Option<u64>,
    pub snapshot_after_bytes: u64,
    /// `None`: never by time alone.
    pub snapshot_after_ms: Option<u64>,
    /// `None`: no records without content.
    pub idle_record_interval_ms: Option<u32>,
    pub heartbeat_interval_ms: u32,
    pub session_timeout_ms: u32,
    pub registration_timeout_ms: u32,
    /// Whether a stopping broker hands its partitions over first.
    pub controlled_shutdown: bool,
}

impl BrokerSettings {
    pub(crate) fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        let roles = Roles::from_items(values.list("process.roles"));
        let controller_listener_names: Vec<String> = values
            .list("controller.listener.names")
            .iter()
            .map(|name| name.to_uppercase())
            .collect();
        let listeners = listeners(values, &controller_listener_names).map_err(refused)?;
        let advertised = parse_advertised(values.list("advertised.listeners")).map_err(refused)?;
        Ok(Self {
            node_id: values.number("node.id")?,
            roles,
            rack: values.optional_text("broker.rack").map(ToOwned::to_owned),
            inter_broker_listener: inter_broker_listener(values, &listeners),
            listeners,
            advertised,
            controller_listener_names,
            connections: ConnectionSettings::from_values(values)?,
            fetch: FetchSettings {
                response_bytes_max: values.number("fetch.max.bytes")?,
                session_count_max: values.number("max.incremental.fetch.session.cache.slots")?,
            },
            network_threads: values.number("num.network.threads")?,
            memory_bytes: values.limit("ottla.memory.bytes")?,
            http_listen: Some(values.text("ottla.http.listen")?)
                .filter(|listen| *listen != "off")
                .map(ToOwned::to_owned),
            lines: LineSettings {
                json: values.text("ottla.log.format")? == "json",
                level: values.text("ottla.log.level")?.to_owned(),
                file: values.optional_text("ottla.log.file").map(ToOwned::to_owned),
                file_bytes_max: values.number("ottla.log.file.max.bytes")?,
                file_count_max: values.number("ottla.log.file.count")?,
            },
            shown_group_partitions_max: values.number("ottla.metrics.group.partitions.max")?,
            log_dirs: log_dirs(values),
            metadata_log_dir: values.optional_text("metadata.log.dir").map(ToOwned::to_owned),
            log: LogSettings::from_values(values)?,
            auto_create_topics: values.flag("auto.create.topics.enable")?,
            delete_topics: values.flag("delete.topic.enable")?,
            num_partitions: values.number("num.partitions")?,
            default_replication_factor: values.number("default.replication.factor")?,
            describe_partitions_max: values.number("max.request.partition.size.limit")?,
            groups: GroupSettings::from_values(values)?,
            offsets_topic: internal_topic(values, "offsets.topic", None)?,
            transaction_topic: internal_topic(
                values,
                "transaction.state.log",
                Some("transaction.state.log.min.isr"),
            )?,
            share_topic: internal_topic(
                values,
                "share.coordinator.state.topic",
                Some("share.coordinator.state.topic.min.isr"),
            )?,
            transactions: TransactionSettings::from_values(values)?,
            quorum: QuorumSettings::from_values(values)?,
        })
    }

    /// Where the metadata log lies.
    pub fn metadata_dir(&self) -> &str {
        let first = self.log_dirs.first().map_or("", String::as_str);
        self.metadata_log_dir.as_deref().unwrap_or(first)
    }

    /// Listeners that clients and brokers use.
    pub fn broker_listeners(&self) -> impl Iterator<Item = &Listener> {
        self.listeners.iter().filter(|listener| !listener.is_controller)
    }
}

fn log_dirs(values: &Values) -> Vec<String> {
    let dirs = values.list("log.dirs");
    if dirs.is_empty() { values.list("log.dir").to_vec() } else { dirs.to_vec() }
}

fn listeners(
    values: &Values,
    controller_names: &[String],
) -> Result<Vec<Listener>, InvalidListeners> {
    let map_text = values.optional_text("listener.security.protocol.map").unwrap_or_default();
    let map = parse_protocol_map(map_text)?;
    // Only while the map is not set, a controller's listener needs no entry and speaks plain text.
    let map_is_default = map_text == DEFAULT_PROTOCOL_MAP;
    let endpoints = parse_listeners(values.list("listeners"))?;
    endpoints
        .into_iter()
        .map(|endpoint| {
            let is_controller = controller_names.contains(&endpoint.name);
            let protocol = match map.get(&endpoint.name) {
                Some(protocol) => *protocol,
                None if is_controller && map_is_default => crate::SecurityProtocol::Plaintext,
                None => return Err(InvalidListeners::NoProtocol { name: endpoint.name }),
            };
            Ok(Listener { endpoint, protocol, is_controller })
        })
        .collect()
}

const DEFAULT_PROTOCOL_MAP: &str =
    "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT";

/// The listener that is named, else the first that speaks the protocol that is named.
fn inter_broker_listener(values: &Values, listeners: &[Listener]) -> Option<String> {
    if let Some(name) = values.optional_text("inter.broker.listener.name") {
        return Some(name.to_uppercase());
    }
    let protocol = values.optional_text("security.inter.broker.protocol")?;
    let named = listeners.iter().find(|listener| listener.endpoint.name == protocol);
    let speaks =
        |listener: &&Listener| !listener.is_controller && listener.protocol.name() == protocol;
    named.or_else(|| listeners.iter().find(speaks)).map(|listener| listener.endpoint.name.clone())
}

fn refused(error: InvalidListeners) -> InvalidValue {
    InvalidValue::listeners(&error)
}

impl Roles {
    /// Without a word Ottla is both.
    fn from_items(items: &[String]) -> Self {
        let has = |word: &str| items.is_empty() || items.iter().any(|item| item == word);
        Self { broker: has("broker"), controller: has("controller") }
    }
}

impl ConnectionSettings {
    fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self {
            count_max: values.number("max.connections")?,
            per_ip_max: values.number("max.connections.per.ip")?,
            per_ip_overrides: per_ip_overrides(values.text("max.connections.per.ip.overrides")?)?,
            creation_rate_max: values.number("max.connection.creation.rate")?,
            idle_ms_max: values.limit("connections.max.idle.ms")?,
            backlog: values.number("socket.listen.backlog.size")?,
            receive_buffer_bytes: u32::try_from(values.whole("socket.receive.buffer.bytes")?).ok(),
            send_buffer_bytes: u32::try_from(values.whole("socket.send.buffer.bytes")?).ok(),
            request_bytes_max: values.number("socket.request.max.bytes")?,
            queued_requests_max: values.number("queued.max.requests")?,
            queued_bytes_max: values.limit("queued.max.request.bytes")?.filter(|bytes| *bytes > 0),
        })
    }
}

fn per_ip_overrides(text: &str) -> Result<Vec<(String, u32)>, InvalidValue> {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| {
            let parsed = entry.rsplit_once(':').and_then(|(host, count)| {
                Some((host.trim().to_owned(), count.trim().parse().ok()?))
            });
            parsed.ok_or_else(|| {
                InvalidValue::because(
                    "max.connections.per.ip.overrides",
                    text,
                    "a list of HOST:COUNT",
                )
            })
        })
        .collect()
}

impl LogSettings {
    fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self {
            retention_check_interval_ms: values.number("log.retention.check.interval.ms")?,
            initial_task_delay_ms: values.number("log.initial.task.delay.ms")?,
            flush_check_interval_ms: values.number("log.flush.scheduler.interval.ms")?,
            recovery_point_interval_ms: values.number("log.flush.offset.checkpoint.interval.ms")?,
            log_start_interval_ms: values
                .number("log.flush.start.offset.checkpoint.interval.ms")?,
            recovery_threads: values.number("num.recovery.threads.per.data.dir")?,
            producer_id_expiration_ms: values.number("producer.id.expiration.ms")?,
            producer_id_check_interval_ms: values
                .number("producer.id.expiration.check.interval.ms")?,
            dir_failure_timeout_ms: values.number("log.dir.failure.timeout.ms")?,
            cordoned_dirs: values.list("cordoned.log.dirs").to_vec(),
            cleaner: CleanerSettings {
                enabled: values.flag("log.cleaner.enable")?,
                threads: values.number("log.cleaner.threads")?,
                dedupe_bytes: values.number("log.cleaner.dedupe.buffer.size")?,
                load_factor: values.real("log.cleaner.io.buffer.load.factor")?,
                buffer_bytes: values.number("log.cleaner.io.buffer.size")?,
                bytes_per_second_max: values.real("log.cleaner.io.max.bytes.per.second")?,
                backoff_ms: values.number("log.cleaner.backoff.ms")?,
            },
        })
    }
}

impl GroupSettings {
    fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self {
            consumer: ConsumerGroupSettings::from_values(values)?,
            share: ShareGroupSettings::from_values(values)?,
            streams: StreamsGroupSettings::from_values(values)?,
            session_timeout_min_ms: values.number("group.min.session.timeout.ms")?,
            session_timeout_max_ms: values.number("group.max.session.timeout.ms")?,
            initial_rebalance_delay_ms: values.number("group.initial.rebalance.delay.ms")?,
            member_count_max: values.number("group.max.size")?,
            offset_metadata_bytes_max: values.number("offset.metadata.max.bytes")?,
            offsets_retention_ms: values.number::<u64>("offsets.retention.minutes")? * 60_000,
            offsets_check_interval_ms: values.number("offsets.retention.check.interval.ms")?,
            offsets_commit_timeout_ms: values.number("offsets.commit.timeout.ms")?,
            offsets_codec: values.number("offsets.topic.compression.codec")?,
        })
    }
}

impl TransactionSettings {
    fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        Ok(Self {
            timeout_max_ms: values.number("transaction.max.timeout.ms")?,
            id_expiration_ms: values.number("transactional.id.expiration.ms")?,
            expiry_check_interval_ms: values
                .number("transaction.remove.expired.transaction.cleanup.interval.ms")?,
            verification: values.flag("transaction.partition.verification.enable")?,
            join_wait_ms_max: values.number("add.partitions.to.txn.retry.backoff.max.ms")?,
        })
    }
}

fn internal_topic(
    values: &Values,
    prefix: &str,
    min_insync_replicas: Option<&str>,
) -> Result<InternalTopicSettings, InvalidValue> {
    Ok(InternalTopicSettings {
        partition_count: values.number(&format!("{prefix}.num.partitions"))?,
        replication_factor: values.number(&format!("{prefix}.replication.factor"))?,
        segment_bytes: values.number(&format!("{prefix}.segment.bytes"))?,
        min_insync_replicas: min_insync_replicas.map(|name| values.number(name)).transpose()?,
    })
}

impl QuorumSettings {
    fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        let segment_bytes = match values.optional_whole("internal.metadata.log.segment.bytes") {
            Some(_) => values.number("internal.metadata.log.segment.bytes")?,
            None => values.number("metadata.log.segment.bytes")?,
        };
        let snapshot_after_ms: u64 = values.number("metadata.log.max.snapshot.interval.ms")?;
        let idle_record_interval_ms: u32 = values.number("metadata.max.idle.interval.ms")?;
        Ok(Self {
            voters: values.list("controller.quorum.voters").to_vec(),
            bootstrap_servers: values.list("controller.quorum.bootstrap.servers").to_vec(),
            election_timeout_ms: values.number("controller.quorum.election.timeout.ms")?,
            election_backoff_max_ms: values.number("controller.quorum.election.backoff.max.ms")?,
            fetch_timeout_ms: values.number("controller.quorum.fetch.timeout.ms")?,
            request_timeout_ms: values.number("controller.quorum.request.timeout.ms")?,
            retry_backoff_ms: values.number("controller.quorum.retry.backoff.ms")?,
            append_linger_ms: values.number("controller.quorum.append.linger.ms")?,
            fetch_bytes_max: values.number("controller.quorum.fetch.max.bytes")?,
            segment_bytes,
            segment_ms: values.number("metadata.log.segment.ms")?,
            retention_bytes: values.limit("metadata.max.retention.bytes")?,
            retention_ms: values.limit("metadata.max.retention.ms")?,
            snapshot_after_bytes: values
                .number("metadata.log.max.record.bytes.between.snapshots")?,
            snapshot_after_ms: (snapshot_after_ms > 0).then_some(snapshot_after_ms),
            idle_record_interval_ms: (idle_record_interval_ms > 0)
                .then_some(idle_record_interval_ms),
            heartbeat_interval_ms: values.number("broker.heartbeat.interval.ms")?,
            session_timeout_ms: values.number("broker.session.timeout.ms")?,
            registration_timeout_ms: values.number("initial.broker.registration.timeout.ms")?,
            controlled_shutdown: values.flag("controlled.shutdown.enable")?,
        })
    }
}
