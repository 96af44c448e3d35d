use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use io::Clock;
use io::arena::Arena;
use metadata::{ConfigResource, Image};
use model::{BrokerId, PartitionIndex, SeededRandom, TopicName, TopicPartition};
use parking_lot::RwLock;
use quorum::Quorum;
use replica::Released;
use settings::{BrokerConfig, BrokerSettings, TopicSettings};
use storage::{LogDir, RecoveredPartition, StorageError};
use telemetry::log::Levels;
use transport::LoopHandle;

use crate::LoopMessage;
use crate::blocking::Blocking;
use crate::cleaner::Cleaner;
use crate::committer::Committer;
use crate::coordinator::{self, GroupCoordinator};
use crate::drainer::Drainer;
use crate::fetch_session::FetchSessions;
use crate::image_cell::ImageCell;
use crate::internal_topics::InternalTopics;
use crate::lag::Lags;
use crate::loop_message::Kind;
use crate::own_appends::OwnAppends;
use crate::partition::{Now, Partition, StepOutput};
use crate::partition_error::PartitionError;
use crate::partitions::Partitions;
use crate::producer_ids::ProducerIds;
use crate::shares::{self, Shares};
use crate::ticket::{FetchTicket, SHARE_HOME, Ticket};
use crate::traffic::Requests;
use crate::transactions::Transactions;
use crate::upkeep::Upkeep;

/// Who this broker is.
#[derive(Clone, Debug)]
pub struct Identity {
    pub cluster_id: String,
    pub id: BrokerId,
}

/// What a broker is made of.
pub struct BrokerParts {
    pub identity: Identity,
    pub config: BrokerConfig,
    pub quorum: Quorum,
    pub clock: Arc<dyn Clock>,
    pub arena: Arena,
    /// The open log directories.
    pub log_dirs: Vec<Arc<LogDir>>,
    /// The logs that lie in them.
    pub partitions: Vec<RecoveredPartition>,
    /// Those that could not be opened: they stay offline, and nothing takes their place.
    pub failed: Vec<TopicPartition>,
    pub loop_count: usize,
}

/// Everything that the loops and other threads of a broker share.
pub struct Broker {
    identity: Identity,
    config: RwLock<Arc<BrokerConfig>>,
    image: ImageCell,
    quorum: Quorum,
    clock: Arc<dyn Clock>,
    arena: Arena,
    /// One for each loop.
    requests: Vec<Requests>,
    committers: Vec<Committer>,
    drainers: Vec<Drainer>,
    upkeep: Vec<Upkeep>,
    cleaner: Cleaner,
    /// Set once, before the loops start.
    loops: OnceLock<Vec<LoopHandle<LoopMessage>>>,
    partitions: Partitions,
    fetch_sessions: FetchSessions,
    own_appends: OwnAppends,
    blocking: Blocking,
    /// Answers about lag may take seconds, which nothing else shall wait for.
    lag_answers: Blocking,
    lags: Lags,
    groups: GroupCoordinator,
    transactions: Transactions,
    shares: Shares,
    producer_ids: ProducerIds,
    internal_topics: InternalTopics,
    /// Set once, when lines are written to a log whose levels can be changed.
    levels: OnceLock<Arc<Levels>>,
    all_dirs_failed: AtomicBool,
}

impl Broker {
    pub fn new(parts: BrokerParts) -> Arc<Self> {
        let BrokerParts { identity, config, quorum, clock, arena, loop_count, .. } = parts;
        let (dirs, recovered, failed) = (parts.log_dirs, parts.partitions, parts.failed);
        let session_count_max = config.settings().fetch.session_count_max as usize;
        let seed = clock.wall().as_millis().unsigned_abs() ^ clock.now().as_nanos();
        let committer = |dir: &Arc<LogDir>| Committer::new(Arc::clone(dir), loop_count);
        let drainer = |dir: &Arc<LogDir>| Drainer::new(Arc::clone(dir));
        let upkeep = |dir: &Arc<LogDir>| Upkeep::new(Arc::clone(dir));
        let random = SeededRandom::new(seed.rotate_left(32));
        let (settings, arena_size) = (config.settings(), arena.usage().size_max);
        let groups = GroupCoordinator::of_broker(clock.clone(), settings, random, arena_size);
        Arc::new_cyclic(|own: &Weak<Self>| Self {
            groups,
            transactions: transactions(&clock, config.settings(), seed, own.clone()),
            shares: shares(&clock, config.settings(), seed, own.clone()),
            requests: (0..loop_count.max(1)).map(|_| Requests::new()).collect(),
            committers: dirs.iter().map(committer).collect(),
            drainers: dirs.iter().map(drainer).collect(),
            upkeep: dirs.iter().map(upkeep).collect(),
            cleaner: Cleaner::default(),
            partitions: Partitions::new(dirs, recovered, failed, config.topic_defaults()),
            fetch_sessions: FetchSessions::new(session_count_max, seed),
            own_appends: OwnAppends::default(),
            blocking: Blocking::new(crate::limits::BLOCKING_JOB_COUNT_MAX),
            lag_answers: Blocking::new(crate::limits::LAG_ANSWER_COUNT_MAX),
            lags: Lags::default(),
            loops: OnceLock::new(),
            producer_ids: ProducerIds::default(),
            internal_topics: InternalTopics::default(),
            levels: OnceLock::new(),
            image: ImageCell::default(),
            config: RwLock::new(Arc::new(config)),
            all_dirs_failed: AtomicBool::new(false),
            identity,
            quorum,
            clock,
            arena,
        })
    }

    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    pub fn id(&self) -> BrokerId {
        self.identity.id
    }

    /// The settings of the moment, static and dynamic.
    pub fn config(&self) -> Arc<BrokerConfig> {
        Arc::clone(&self.config.read())
    }

    /// The metadata of the moment.
    pub fn image(&self) -> Arc<Image> {
        self.image.load()
    }

    pub(crate) fn image_cell(&self) -> &ImageCell {
        &self.image
    }

    /// Where changes of the metadata are asked for.
    pub fn quorum(&self) -> &Quorum {
        &self.quorum
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub fn arena(&self) -> &Arena {
        &self.arena
    }

    pub(crate) fn now(&self) -> Now {
        Now { instant: self.clock.now(), wall: self.clock.wall() }
    }

    /// Requests that a loop has served.
    pub(crate) fn requests(&self, home: usize) -> &Requests {
        // There are as many as loops; whatever else came would count somewhere.
        &self.requests[home % self.requests.len()]
    }

    pub(crate) fn all_requests(&self) -> &[Requests] {
        &self.requests
    }

    pub(crate) fn committers(&self) -> &[Committer] {
        &self.committers
    }

    pub(crate) fn drainers(&self) -> &[Drainer] {
        &self.drainers
    }

    pub(crate) fn upkeep(&self) -> &[Upkeep] {
        &self.upkeep
    }

    pub(crate) fn cleaner(&self) -> &Cleaner {
        &self.cleaner
    }

    /// A checkpoint of this log directory would let something go on.
    pub(crate) fn call_checkpoint(&self, dir: &Arc<LogDir>) {
        if let Some(upkeep) = self.upkeep.get(self.dir_number(dir)) {
            upkeep.call_checkpoint();
        }
    }

    /// Enough has been committed to this log directory for a drain to pay.
    pub(crate) fn call_drainer(&self, dir: &Arc<LogDir>) {
        if let Some(drainer) = self.drainers.get(self.dir_number(dir)) {
            drainer.call();
        }
    }

    /// There is work beside requests for this log directory.
    pub(crate) fn call_upkeep(&self, dir: &Arc<LogDir>) {
        if let Some(upkeep) = self.upkeep.get(self.dir_number(dir)) {
            upkeep.call();
        }
    }

    pub(crate) fn fetch_sessions(&self) -> &FetchSessions {
        &self.fetch_sessions
    }

    pub fn groups(&self) -> &GroupCoordinator {
        &self.groups
    }

    pub fn transactions(&self) -> &Transactions {
        &self.transactions
    }

    pub fn shares(&self) -> &Shares {
        &self.shares
    }

    /// For what has to look into files.
    pub(crate) fn blocking(&self) -> &Blocking {
        &self.blocking
    }

    pub(crate) fn lag_answers(&self) -> &Blocking {
        &self.lag_answers
    }

    pub(crate) fn lags(&self) -> &Lags {
        &self.lags
    }

    pub fn partitions(&self) -> &Partitions {
        &self.partitions
    }

    /// The event loops; none before they are made.
    pub(crate) fn loops(&self) -> &[LoopHandle<LoopMessage>] {
        self.loops.get().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn producer_ids(&self) -> &ProducerIds {
        &self.producer_ids
    }

    pub(crate) fn internal_topics(&self) -> &InternalTopics {
        &self.internal_topics
    }

    /// Says whose levels `broker-loggers` shows and changes. A second call is without effect.
    pub fn set_levels(&self, levels: Arc<Levels>) {
        let _ = self.levels.set(levels);
    }

    /// The levels of the loggers; `None` where no log is written.
    pub(crate) fn levels(&self) -> Option<&Arc<Levels>> {
        self.levels.get()
    }

    /// Says which loops there are: once, before they start.
    pub fn set_loops(&self, loops: Vec<LoopHandle<LoopMessage>>) {
        let again = self.loops.set(loops).is_err();
        assert!(!again, "the loops are made once");
    }

    /// Takes the next image over: called by the quorum's thread, in the order of the metadata log. Settings of the
    /// image take effect with it.
    pub fn publish(self: &Arc<Self>, image: &Arc<Image>) {
        self.apply_settings(image);
        self.image.publish(Arc::clone(image));
        self.groups.follow(self, image);
        self.transactions.follow(self, image);
        self.shares.follow(self, image);
        for upkeep in &self.upkeep {
            upkeep.image_changed();
        }
    }

    fn apply_settings(&self, image: &Image) {
        let of = |resource: &ConfigResource| image.config(resource).cloned().unwrap_or_default();
        let all_brokers = of(&ConfigResource::broker_default());
        let this_broker = of(&ConfigResource::broker(self.id()));
        let config = self.config();
        if *config.all_brokers() == all_brokers && *config.this_broker() == this_broker {
            return;
        }
        let (changed, ignored) = config.with_dynamic(&all_brokers, &this_broker);
        for invalid in ignored {
            tracing::warn!(%invalid, "ignore dynamic setting");
        }
        self.groups.set_settings(coordinator::Settings::of_groups(changed.settings()));
        self.transactions.set_settings(changed.settings());
        self.shares.set_settings(changed.settings());
        let is_cleaners = config.settings().log.cleaner != changed.settings().log.cleaner;
        *self.config.write() = Arc::new(changed);
        if is_cleaners {
            self.cleaner.settings_changed();
        }
    }

    /// The settings of a topic: its own over the broker's.
    pub fn topic_settings(&self, image: &Image, name: &TopicName) -> Arc<TopicSettings> {
        let config = self.config();
        let Some(own) = image.config(&ConfigResource::topic(name.as_str())) else {
            return Arc::clone(config.topic_defaults());
        };
        config.topic_settings(own).unwrap_or_else(|invalid| {
            tracing::warn!(topic = %name, %invalid, "ignore the topic's settings");
            Arc::clone(config.topic_defaults())
        })
    }

    /// The partition, if this broker leads it and its directory is well. Made when it is asked for the first time.
    pub fn partition(
        &self,
        topic: &metadata::Topic,
        index: PartitionIndex,
        settings: &Arc<TopicSettings>,
    ) -> Result<Arc<Partition>, PartitionError> {
        let unknown = PartitionError::UnknownPartition;
        let metadata = topic.partitions.get(&index).ok_or(unknown)?;
        if metadata.leader != Some(self.id()) {
            let (leader, leader_epoch) = (metadata.leader, metadata.leader_epoch);
            return Err(PartitionError::NotLeader { leader, leader_epoch });
        }
        let mut out = StepOutput::default();
        let partition =
            self.partitions.find_or_make(self.id(), topic, index, metadata, settings, &mut out);
        self.deliver_with_writes(&mut out);
        let partition = partition?;
        if partition.dir().is_offline() {
            return Err(PartitionError::Offline);
        }
        let config = self.config();
        let log = &config.settings().log;
        let now = self.now();
        partition.follow(now, self.id(), metadata, settings, log, &mut out);
        self.deliver_with_writes(&mut out);
        Ok(partition)
    }

    /// As [`Self::partition`], of a topic of the newest image.
    pub fn partition_of(
        &self,
        topic: &str,
        index: PartitionIndex,
    ) -> Result<Arc<Partition>, PartitionError> {
        let image = self.image();
        let topic = image.topic(topic).ok_or(PartitionError::UnknownTopic)?;
        let settings = self.topic_settings(&image, &topic.name);
        self.partition(topic, index, &settings)
    }

    /// Carries out what a step came to that was no append, on any thread: changes of the log's start and the like stand in
    /// the lane's queue, and nobody else may come to commit them.
    pub(crate) fn carry_out(&self, partition: &Arc<Partition>, out: &mut StepOutput) {
        self.run_write(partition, out);
        self.call_committer(partition.dir());
        self.deliver(out);
    }

    pub(crate) fn own_appends(&self) -> &OwnAppends {
        &self.own_appends
    }

    /// Has what is queued in a directory committed.
    pub(crate) fn call_committer(&self, dir: &Arc<LogDir>) {
        if let Some(committer) = self.committers.get(self.dir_number(dir)) {
            committer.kick();
        }
    }

    /// Runs the write that a step gave this thread, and steps what it made durable.
    pub(crate) fn run_write(&self, partition: &Arc<Partition>, out: &mut StepOutput) {
        let Some(write) = out.write.take() else { return };
        match write.run() {
            Ok(Some(end)) => partition.durable(self.now(), end, out),
            Ok(None) => {}
            Err(error) => {
                self.log_dir_error(partition.dir(), &error);
                partition.refuse_waiting(out);
            }
        }
    }

    /// Runs the writes that a full disk stopped.
    pub(crate) fn run_stopped_writes(&self, dir: &Arc<LogDir>) {
        for write in dir.stopped_writes() {
            let mut out = StepOutput::default();
            // A partition that is gone has nobody to be told, but its files are still to go.
            let partition = self.partitions.get(write.partition());
            match (write.run(), partition) {
                (Ok(Some(end)), Some(partition)) => partition.durable(self.now(), end, &mut out),
                (Ok(_), _) => {}
                (Err(error), _) => self.log_dir_error(dir, &error),
            }
            self.deliver(&mut out);
        }
    }

    /// A group found no room: who waits for this directory hears of it.
    pub(crate) fn refuse_waiting(&self, dir: &Arc<LogDir>) {
        let mut out = StepOutput::default();
        for partition in self.partitions.all() {
            if Arc::ptr_eq(partition.dir(), dir) {
                partition.refuse_waiting(&mut out);
            }
        }
        self.deliver(&mut out);
    }

    fn deliver_with_writes(&self, out: &mut StepOutput) {
        if let Some(write) = out.write.take()
            && let Err(error) = write.run()
        {
            tracing::warn!(%error, "write to a log that is deleted");
        }
        self.deliver(out);
    }

    /// Carries out what steps came to, on a thread that is no loop.
    pub(crate) fn deliver(&self, out: &mut StepOutput) {
        while let Some((ticket, result)) = out.released.pop() {
            self.release((ticket, result));
        }
        while let Some(ticket) = out.woken.pop() {
            self.wake(ticket);
        }
    }

    pub(crate) fn release(&self, (ticket, result): Released<Ticket>) {
        match ticket {
            Ticket::Produce(ticket) => {
                if let Some(home) = self.loops().get(usize::from(ticket.home)) {
                    home.send(LoopMessage(Kind::Released(ticket, result)));
                }
            }
            Ticket::Own(key) => self.own_appends.finish(key, result),
            Ticket::Nobody => {}
        }
    }

    pub(crate) fn wake(&self, ticket: FetchTicket) {
        if ticket.home == SHARE_HOME {
            return self.shares.wake(ticket.fetch.to_bits());
        }
        if let Some(home) = self.loops().get(usize::from(ticket.home)) {
            home.send(LoopMessage(Kind::Woken(ticket)));
        }
    }

    /// Place of a log directory among those of the settings.
    pub(crate) fn dir_number(&self, dir: &Arc<LogDir>) -> usize {
        let same = |committer: &Committer| Arc::ptr_eq(committer.dir(), dir);
        self.committers.iter().position(same).unwrap_or(usize::MAX)
    }

    /// An operation on a log directory failed. A full disk is waited out; anything else takes the directory offline.
    pub(crate) fn log_dir_error(&self, dir: &Arc<LogDir>, error: &StorageError) {
        match error {
            StorageError::Gone | StorageError::Replaced => {}
            error if error.is_full() => {
                if self.partitions.note_full(dir, true) {
                    tracing::error!(
                        dir = %dir.path().display(),
                        %error,
                        "log directory is full: produce is refused until there is room"
                    );
                }
            }
            error => self.log_dir_failed(dir, error),
        }
    }

    /// A read of a partition failed. A damaged batch is not served, and concerns nobody but its readers.
    pub(crate) fn read_error(&self, partition: &Partition, error: &StorageError) {
        match error {
            StorageError::Corrupt { path, position, .. } => {
                if partition.note_damage(path, *position) {
                    tracing::error!(partition = %partition.name(), %error, "a batch is damaged and is not served");
                }
            }
            error => self.log_dir_error(partition.dir(), error),
        }
    }

    /// Takes a log directory offline: nobody waits on its partitions any longer.
    pub(crate) fn log_dir_failed(&self, dir: &Arc<LogDir>, error: &StorageError) {
        dir.fail();
        if !self.partitions.note_failed(dir) {
            return;
        }
        tracing::error!(dir = %dir.path().display(), %error, "log directory goes offline");
        let mut out = StepOutput::default();
        for partition in self.partitions.all() {
            if Arc::ptr_eq(partition.dir(), dir) {
                partition.fail(&mut out);
                self.deliver(&mut out);
            }
        }
        if self.committers.iter().all(|committer| committer.dir().is_offline()) {
            self.all_dirs_failed.store(true, Ordering::Release);
        }
    }

    /// Whether no log directory is left to serve from: the process then stops, as Kafka's does.
    pub fn has_lost_all_dirs(&self) -> bool {
        self.all_dirs_failed.load(Ordering::Acquire)
    }
}

/// The transaction coordinator of a broker that is being made.
fn transactions(
    clock: &Arc<dyn Clock>,
    settings: &BrokerSettings,
    seed: u64,
    own: Weak<Broker>,
) -> Transactions {
    let complete = move |_, completion| {
        if let Some(broker) = own.upgrade() {
            broker.transactions.completions().begin(&broker, completion);
        }
    };
    let random = SeededRandom::new(seed.rotate_left(16));
    Transactions::new(Arc::clone(clock), settings, random, Arc::new(complete))
}

/// Share groups of a broker that is being made.
fn shares(
    clock: &Arc<dyn Clock>,
    settings: &BrokerSettings,
    seed: u64,
    own: Weak<Broker>,
) -> Shares {
    let carry_out = move |partition, effect| {
        if let Some(broker) = own.upgrade() {
            shares::carry_out(&broker, partition, effect);
        }
    };
    let random = SeededRandom::new(seed.rotate_left(48));
    Shares::new(Arc::clone(clock), settings, random, Arc::new(carry_out))
}
