//! A node that runs: what starts after what, and what stops before what.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use broker::{Broker, BrokerParts, Identity, LoopMessage, Serving, workable_features};
use controller::ControllerSettings;
use io::arena::Arena;
use io::{Clock, Disk, RealDisk, SystemClock};
use model::{BrokerId, SeededRandom, TopicPartition};
use quorum::{Format, MetadataLogOptions, Quorum, QuorumOptions, QuorumThread};
use raft::{ReplicaKey, Voter, VoterEndpoint, VoterSet};
use settings::{BrokerConfig, BrokerSettings};
use storage::{LaneConfig, LogDir, OpenSettings, Opened, RecoveredPartition};
use telemetry::log::Levels;
use telemetry::{Health, HttpServer, Process, Registry, State};
use transport::Server;

use crate::config_rules::SettingRules;
use crate::descriptors::{Descriptors, descriptors};
use crate::directories::{Directories, Directory};
use crate::limits::RECOVERY_THREAD_COUNT_MAX;
use crate::registration::{Introduction, Registration};
use crate::stored_topics::StoredTopics;
use crate::workers::ScopedThreads;
use crate::{NodeError, endpoints, memory, random};

/// The setting that makes Apache Kafka ask who may do what.
const AUTHORIZER: &str = "authorizer.class.name";

/// A running node. Stop it before the process ends: otherwise the next start recovers as after a crash.
pub struct Node {
    health: Arc<Health>,
    http: Option<HttpServer>,
    addresses: Vec<SocketAddr>,
    data: Vec<PathBuf>,
    serving: Serving,
    registration: Registration,
    quorum: QuorumThread,
    quorum_failed: Arc<AtomicBool>,
    broker: Arc<Broker>,
    /// Of the metadata log, where it has a directory of its own: unlocked last.
    _metadata_lock: Option<Box<dyn io::Lock>>,
    _process: Arc<Process>,
}

/// What every step of the start needs.
struct Starting<'a> {
    config: &'a BrokerConfig,
    disk: Arc<dyn Disk>,
    clock: Arc<dyn Clock>,
    random: SeededRandom,
    own: BrokerId,
    descriptors: Descriptors,
}

impl Node {
    /// Starts everything. When it returns, clients are served. `cluster_id` is for a new cluster; `levels` are those that
    /// clients may see and change.
    pub fn start(
        config: &BrokerConfig,
        cluster_id: Option<&str>,
        levels: Option<Arc<Levels>>,
    ) -> Result<Self, NodeError> {
        Self::start_by_clock(config, cluster_id, levels, Arc::new(SystemClock::new()))
    }

    /// As [`Self::start`], with a clock that need not be the machine's.
    pub fn start_by_clock(
        config: &BrokerConfig,
        cluster_id: Option<&str>,
        levels: Option<Arc<Levels>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, NodeError> {
        let settings = config.settings();
        if !(settings.roles.broker && settings.roles.controller) {
            return Err(NodeError::RolesApart);
        }
        if config.started_with().get(AUTHORIZER).is_some_and(|class| !class.is_empty()) {
            return Err(NodeError::Authorizer);
        }
        let (health, registry) = (Arc::new(Health::default()), Arc::new(Registry::default()));
        let process = Arc::new(Process::default());
        registry.collect_from(&process);
        let listen = settings.http_listen.as_deref();
        let http = listen
            .map(|listen| HttpServer::start(listen, Arc::clone(&registry), Arc::clone(&health)))
            .transpose()?;
        let own = i32::try_from(settings.node_id).ok().and_then(BrokerId::from_wire);
        let mut starting = Starting {
            config,
            disk: Arc::new(RealDisk),
            clock,
            random: random::seeded().map_err(NodeError::Random)?,
            own: own.ok_or(NodeError::NodeId(settings.node_id))?,
            descriptors: descriptors(settings.log_dirs.len()),
        };
        health.set(State::Starting("listen for clients".to_owned()));
        let server = starting.listen()?;
        let addresses = server.addresses();
        health.set(State::Starting("open the data directories".to_owned()));
        let mut directories = Directories::prepare(
            &*starting.disk,
            settings,
            starting.own,
            cluster_id,
            &mut starting.random,
        )?;
        let quorum_failed = Arc::new(AtomicBool::new(false));
        let (quorum, quorum_thread) = starting.quorum(&directories, &addresses, &quorum_failed)?;
        health.set(State::Starting("recover the logs".to_owned()));
        let metadata_lock = directories.metadata_lock.take();
        let cluster_id = directories.cluster_id.clone();
        let data = directories.log_dirs.iter().map(|dir| dir.path.clone()).collect();
        let (log_dirs, failed, arena) = starting.log_dirs(directories, &quorum)?;
        let introduction = starting.introduction(&cluster_id, &addresses, &log_dirs);
        let identity = Identity { cluster_id, id: starting.own };
        let loop_count = loop_count(settings);
        let (mut dirs, mut partitions) = (Vec::new(), Vec::new());
        for (dir, _, recovered) in log_dirs {
            dirs.push(dir);
            partitions.extend(recovered);
        }
        let clock = Arc::clone(&starting.clock);
        let broker = Broker::new(BrokerParts {
            identity,
            config: config.clone(),
            quorum: quorum.clone(),
            clock,
            arena,
            log_dirs: dirs,
            partitions,
            failed,
            loop_count,
        });
        if let Some(levels) = levels {
            broker.set_levels(levels);
        }
        registry.collect_from(&broker);
        let asked = Arc::downgrade(&broker);
        health.ask(move || asked.upgrade()?.trouble());
        // Weak: the broker holds the quorum, and each would keep the other for ever.
        let watching = Arc::downgrade(&broker);
        quorum.watch(Box::new(move |image| {
            if let Some(broker) = watching.upgrade() {
                broker.publish(image);
            }
        }));
        health.set(State::Starting("register with the controller".to_owned()));
        let previous_epoch = introduction.previous_epoch;
        let registration = match Registration::begin(&quorum, introduction) {
            Ok(registration) => registration,
            Err(refused) => {
                // Whoever is refused must be able to go back to the program that he came from.
                for error in broker::close_unserved(&broker, previous_epoch) {
                    tracing::error!(%error, "leave data directory clean");
                }
                quorum_thread.stop()?;
                return Err(refused.into());
            }
        };
        let serving = broker::serve(&broker, server).map_err(NodeError::Threads)?;
        health.set(State::Ready);
        Ok(Self {
            health,
            http,
            addresses,
            data,
            serving,
            registration,
            quorum: quorum_thread,
            quorum_failed,
            broker,
            _metadata_lock: metadata_lock,
            _process: process,
        })
    }

    /// Where clients connect, one for each listener.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Where metrics and health are; `None` if they are off.
    pub fn http_address(&self) -> Option<SocketAddr> {
        self.http.as_ref().map(HttpServer::address)
    }

    /// Where the data lies.
    pub fn data(&self) -> &[PathBuf] {
        &self.data
    }

    /// Why the node has to stop by itself; `None` while it can serve.
    pub fn failure(&self) -> Option<&'static str> {
        if self.broker.has_lost_all_dirs() {
            Some("no data directory is left")
        } else if self.quorum_failed.load(Ordering::Acquire) {
            Some("the metadata log cannot go on")
        } else {
            None
        }
    }

    /// Stops in order: partitions are handed over, requests in progress answered, everything written and synced, and the
    /// directories left clean.
    pub fn stop(self) -> Result<(), NodeError> {
        self.health.set(State::Stopping);
        let epoch = self.registration.epoch;
        self.registration.end(self.broker.config().settings().quorum.controlled_shutdown);
        let unclean = self.serving.stop(Some(epoch));
        self.quorum.stop()?;
        drop(self.http);
        match unclean.into_iter().next() {
            Some(error) => Err(NodeError::Unclean(error)),
            None => Ok(()),
        }
    }
}

type OpenedDir = (Arc<LogDir>, model::Uuid, Vec<RecoveredPartition>);

impl Starting<'_> {
    fn settings(&self) -> &BrokerSettings {
        self.config.settings()
    }

    fn listen(&self) -> Result<Server<LoopMessage>, NodeError> {
        let settings = self.settings();
        let addresses = endpoints::to_bind(settings)?;
        Ok(Server::bind(
            transport_config(self.config, self.descriptors),
            &addresses,
            loop_count(settings),
        )?)
    }

    fn quorum(
        &mut self,
        directories: &Directories,
        bound: &[SocketAddr],
        failed: &Arc<AtomicBool>,
    ) -> Result<(Quorum, QuorumThread), NodeError> {
        let own = ReplicaKey { id: self.own, directory: directories.metadata_id.uuid() };
        let endpoints = endpoints::of_controller(self.settings(), bound);
        let dir = &directories.metadata_dir;
        if !quorum::is_formatted(&*self.disk, dir)? {
            if !directories.is_new {
                return Err(NodeError::NoMetadata(dir.clone()));
            }
            let voter = Voter {
                key: own,
                endpoints: endpoints.clone(),
                kraft_version_min: 0,
                kraft_version_max: 1,
            };
            let format = Format {
                voters: VoterSet::new([voter]),
                features: broker::new_features(),
                now: self.clock.wall(),
            };
            quorum::format(&*self.disk, dir, &format)?;
            tracing::info!(cluster_id = %directories.cluster_id, dir = %dir.display(), "format data directory");
        }
        let settings = self.settings();
        let controller = ControllerSettings {
            cluster_id: directories.cluster_id.clone(),
            partition_count: i32::try_from(settings.num_partitions).unwrap_or(i32::MAX),
            replication_factor: i16::try_from(settings.default_replication_factor)
                .unwrap_or(i16::MAX),
            session: millis(settings.quorum.session_timeout_ms),
            topic_deletion: settings.delete_topics,
        };
        let endpoints = endpoints.iter().map(plain).collect();
        let log = metadata_log_options(settings);
        // As the loops take them: by their own bound, and by what fits the memory.
        let arena = Arena::new(memory::arena_size(settings.memory_bytes));
        let request_size_max =
            size(settings.connections.request_bytes_max).min(arena.region_size_max());
        let options = QuorumOptions {
            own,
            log_dir: dir.clone(),
            static_voters: endpoints::static_voters(settings),
            disk: Arc::clone(&self.disk),
            clock: Arc::clone(&self.clock),
            rules: Arc::new(SettingRules { config: self.config.clone(), request_size_max }),
            controller,
            seed: self.random.next_u64(),
            incarnation: random::uuid(&mut self.random),
            endpoints,
            features: workable_features(),
            log,
        };
        let failed = Arc::clone(failed);
        Ok(quorum::start(options, move |error| {
            tracing::error!(%error, "stop the metadata quorum");
            failed.store(true, Ordering::Release);
        })?)
    }

    fn log_dirs(
        &mut self,
        directories: Directories,
        quorum: &Quorum,
    ) -> Result<(Vec<OpenedDir>, Vec<TopicPartition>, Arena), NodeError> {
        let size = memory::arena_size(self.settings().memory_bytes);
        let arena = Arena::new(size);
        let threads = usize::try_from(self.settings().log.recovery_threads).unwrap_or(1);
        let workers = ScopedThreads { count: threads.min(RECOVERY_THREAD_COUNT_MAX) };
        let settings = OpenSettings {
            disk: Arc::clone(&self.disk),
            arena: arena.clone(),
            lane: LaneConfig::for_arena(u64::try_from(size).unwrap_or(u64::MAX)),
            open_files_max: self.descriptors.files_per_dir,
            salt: self.random.next_u64(),
            wall: self.clock.wall(),
            workers: Arc::new(workers),
        };
        let topics = StoredTopics { image: quorum.image(), config: self.config.clone() };
        for (path, error) in directories.failed {
            tracing::error!(dir = %path.display(), %error, "data directory stays offline");
        }
        let (mut opened_dirs, mut failed) = (Vec::new(), Vec::new());
        for Directory { path, id, lock } in directories.log_dirs {
            let opened = match LogDir::open_locked(&path, lock, &settings, &topics) {
                Ok(opened) => opened,
                Err(error) => {
                    tracing::error!(dir = %path.display(), %error, "data directory stays offline");
                    continue;
                }
            };
            tell(&path, &opened);
            failed.extend(opened.failed.into_iter().map(|failed| failed.name));
            opened_dirs.push((opened.dir, id.uuid(), opened.partitions));
        }
        if opened_dirs.is_empty() {
            return Err(NodeError::NoDirectory);
        }
        Ok((opened_dirs, failed, arena))
    }

    fn introduction(
        &mut self,
        cluster_id: &str,
        bound: &[SocketAddr],
        log_dirs: &[OpenedDir],
    ) -> Introduction {
        let settings = self.settings();
        let before = log_dirs.iter().map(|(dir, ..)| dir.broker_epoch_before());
        // Clean only if every directory was left so, in the same life.
        let mut epochs: Vec<_> = before.collect();
        epochs.dedup();
        let previous_epoch = if let [epoch] = epochs.as_slice() { *epoch } else { None };
        Introduction {
            cluster_id: cluster_id.to_owned(),
            id: self.own,
            endpoints: endpoints::to_register(settings, bound),
            rack: settings.rack.clone(),
            log_dirs: log_dirs.iter().map(|(dir, id, _)| (Arc::clone(dir), *id)).collect(),
            features: workable_features(),
            previous_epoch,
            heartbeat_interval: millis(settings.quorum.heartbeat_interval_ms),
            incarnation: random::uuid(&mut self.random),
        }
    }
}

/// Says what the opening of a directory found.
fn tell(path: &std::path::Path, opened: &Opened) {
    let dir = path.display();
    for notice in &opened.notices {
        if notice.is_warning() {
            tracing::warn!(%dir, "{notice}");
        } else {
            tracing::info!(%dir, "{notice}");
        }
    }
    for failed in &opened.failed {
        tracing::error!(%dir, partition = %failed.name, error = %failed.error, "partition stays offline");
    }
}

fn plain(endpoint: &VoterEndpoint) -> metadata::Endpoint {
    metadata::Endpoint {
        name: endpoint.listener.clone(),
        host: endpoint.host.clone(),
        port: endpoint.port,
        security: metadata::SecurityProtocol::Plaintext,
    }
}

fn millis(millis: u32) -> Duration {
    Duration::from_millis(u64::from(millis))
}

/// As many as the settings want, but never more than there are processors: a loop does not wait for anything.
fn loop_count(settings: &BrokerSettings) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    usize::try_from(settings.network_threads).unwrap_or(processors).min(processors)
}

fn transport_config(config: &BrokerConfig, descriptors: Descriptors) -> transport::Config {
    let connections = &config.settings().connections;
    // Kafka's default would keep the system from fitting the buffer to the distance, and large requests come in more slowly
    // through it: it counts only where it was written.
    let receive_is_written = config.started_with().contains_key("socket.receive.buffer.bytes");
    let receive_buffer = connections.receive_buffer_bytes.filter(|_| receive_is_written);
    let per_ip = connections.per_ip_overrides.iter().filter_map(|(host, count)| {
        // Names are Kafka's other way to write it; they were addresses when the node started.
        let address = host.parse::<IpAddr>().ok()?;
        Some((address.to_canonical(), size(*count)))
    });
    transport::Config {
        request_size_max: size(connections.request_bytes_max),
        idle_max: connections.idle_ms_max.map_or(Duration::MAX, Duration::from_millis),
        connection_count_max: size(connections.count_max).min(descriptors.connections),
        connection_count_per_ip_max: size(connections.per_ip_max),
        per_ip_overrides: per_ip.collect(),
        connection_rate_max: connections.creation_rate_max,
        send_buffer_size: connections.send_buffer_bytes.map(size),
        receive_buffer_size: receive_buffer.map(size),
        backlog: connections.backlog,
        ..transport::Config::default()
    }
}

fn size(bytes: u32) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn metadata_log_options(settings: &BrokerSettings) -> MetadataLogOptions {
    let quorum = &settings.quorum;
    MetadataLogOptions {
        segment_bytes: u64::from(quorum.segment_bytes),
        bytes_between_snapshots: quorum.snapshot_after_bytes,
        snapshot_interval: quorum.snapshot_after_ms.map(Duration::from_millis),
        retention_bytes: quorum.retention_bytes,
        election_timeout: millis(quorum.election_timeout_ms),
        fetch_timeout: millis(quorum.fetch_timeout_ms),
        ..MetadataLogOptions::default()
    }
}
