//! Share groups on this broker: the share coordinator, the share-partitions that it leads, the sessions of members and
//! the fetches that wait.
//!
//! A share-partition lives here from its first fetch on: its state is read from the share coordinator, kept behind one
//! small lock ([`SharedPartition`]), and written through the coordinator before members hear of it. All that waits for
//! time, or has to look into files, is done by one thread ([`worker`]).
//!
//! Lock order: none of the locks here is held while another one is taken, but for that of the worker, which is below all.

mod answer;
mod dead_letters;
mod fetch;
mod fetches;
mod lost_state;
mod metrics;
mod opening;
mod partition;
mod records;
mod state;
mod unreadable;
mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use group::GroupId;
use io::Clock;
use metadata::{ConfigKind, ConfigResource, Image};
use model::{Instant, PartitionIndex, SeededRandom};
use parking_lot::Mutex;
use settings::{BrokerSettings, ShareGroupOwnSettings};
use share::{CoordinatorEffect, SessionKey, SharePartitionKey, ShareSessions};

use crate::Broker;
use crate::coordinator::{OnEffect, SHARE_TOPIC, Settings, ShareCoordinator};
use crate::partition::StepOutput;
use crate::partition_error::PartitionError;

pub(crate) use fetch::{Asked, ShareFetch, share_settings};
use fetches::Fetches;
use metrics::ShareMetrics;
pub(crate) use partition::SharedPartition;
pub(crate) use state::{StateRefused, delete_states, initialize_states};
use unreadable::Unreadable;
use worker::Worker;

/// The feature under which share groups are served (KIP-932).
pub(crate) const SHARE_VERSION: &str = "share.version";

/// Share groups, as far as this broker serves them.
pub struct Shares {
    coordinator: ShareCoordinator,
    partitions: Mutex<BTreeMap<SharePartitionKey, Arc<SharedPartition>>>,
    sessions: Mutex<ShareSessions>,
    fetches: Fetches,
    worker: Worker,
    metrics: ShareMetrics,
    /// Numbers the lives of share-partitions.
    lives: AtomicU64,
    unreadable: Unreadable,
}

impl Shares {
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        settings: &BrokerSettings,
        random: SeededRandom,
        on_effect: OnEffect<share::ShareShard>,
    ) -> Self {
        let session_count_max = settings.groups.share.session_count_max as usize;
        Self {
            coordinator: ShareCoordinator::new(
                clock,
                Settings::of_shares(settings),
                random,
                on_effect,
            ),
            partitions: Mutex::default(),
            sessions: Mutex::new(ShareSessions::new(session_count_max)),
            fetches: Fetches::default(),
            worker: Worker::default(),
            metrics: ShareMetrics::default(),
            lives: AtomicU64::new(0),
            unreadable: Unreadable::default(),
        }
    }

    pub fn coordinator(&self) -> &ShareCoordinator {
        &self.coordinator
    }

    pub(crate) fn metrics(&self) -> &ShareMetrics {
        &self.metrics
    }

    pub(crate) fn sessions(&self) -> &Mutex<ShareSessions> {
        &self.sessions
    }

    pub(crate) fn set_settings(&self, settings: &BrokerSettings) {
        self.coordinator.set_settings(Settings::of_shares(settings));
    }

    /// The worker's thread, until [`Self::stop`].
    pub(crate) fn work(&self, broker: &Arc<Broker>) {
        self.worker.work(broker);
    }

    /// Has the worker do something at its time, whatever it is about.
    pub(crate) fn later(&self, at: Instant, job: impl FnOnce(&Arc<Broker>) + Send + 'static) {
        self.worker.later(at, job);
    }

    /// Ends the worker and lets go of all that waits.
    pub(crate) fn stop(&self) {
        self.worker.stop();
        self.fetches.abandon_all();
    }

    /// Takes the next image over, in the order of images.
    pub(crate) fn follow(&self, broker: &Arc<Broker>, image: &Arc<Image>) {
        self.coordinator.follow(broker, image);
        let stale: Vec<Arc<SharedPartition>> = {
            let partitions = self.partitions.lock();
            partitions.values().filter(|shared| !shared.is_led_in(broker, image)).cloned().collect()
        };
        stale.iter().for_each(|shared| self.forget(broker, shared));
    }

    fn next_life(&self) -> u64 {
        self.lives.fetch_add(1, Ordering::Relaxed)
    }

    /// The share-partition, if it is in use here.
    pub(crate) fn get(&self, key: &SharePartitionKey) -> Option<Arc<SharedPartition>> {
        self.partitions.lock().get(key).cloned()
    }

    /// The share-partition. One that nobody used yet is opened, which takes its time.
    pub(crate) fn find_or_open(
        &self,
        broker: &Arc<Broker>,
        key: &SharePartitionKey,
    ) -> Result<Arc<SharedPartition>, PartitionError> {
        if let Some(found) = self.get(key) {
            return Ok(found);
        }
        let image = broker.image();
        let topic = image.topic_by_id(key.topic).ok_or(PartitionError::UnknownTopicId)?;
        let settings = broker.topic_settings(&image, &topic.name);
        let partition = broker.partition(topic, key.partition, &settings)?;
        let unknown = PartitionError::UnknownPartition;
        let metadata = topic.partitions.get(&key.partition).ok_or(unknown)?;
        let now = broker.now().instant;
        let new = SharedPartition::new(key.clone(), partition, metadata.leader_epoch, now);
        let new = Arc::new(new);
        let found = {
            let mut partitions = self.partitions.lock();
            Arc::clone(partitions.entry(key.clone()).or_insert_with(|| Arc::clone(&new)))
        };
        if Arc::ptr_eq(&found, &new) {
            opening::open(broker, &new);
        }
        Ok(found)
    }

    /// Lets go of a share-partition that is led elsewhere, or whose state was set anew: who comes next reads it anew.
    pub(crate) fn forget(&self, broker: &Arc<Broker>, shared: &Arc<SharedPartition>) {
        {
            let mut partitions = self.partitions.lock();
            if partitions.get(shared.key()).is_some_and(|known| Arc::ptr_eq(known, shared)) {
                partitions.remove(shared.key());
            }
        }
        shared.end(broker);
    }

    /// The same by name.
    pub(crate) fn forget_key(&self, broker: &Arc<Broker>, key: &SharePartitionKey) {
        if let Some(shared) = self.get(key) {
            self.forget(broker, &shared);
        }
    }

    /// A connection is gone, and with it the sessions of its members: what they held others may have.
    pub(crate) fn connection_closed(&self, broker: &Arc<Broker>, connection: u64) {
        for id in self.fetches.connection_closed(connection) {
            self.wake(id);
        }
        let closed = self.sessions.lock().connection_closed(connection);
        for session in closed {
            self.release(broker, &session);
        }
    }

    /// Ends a member's session; what it held others may have.
    pub(crate) fn close_session(&self, broker: &Arc<Broker>, key: &SessionKey) {
        let closed = self.sessions.lock().close(key);
        if let Some(session) = closed {
            self.release(broker, &session);
        }
    }

    fn release(&self, broker: &Arc<Broker>, session: &share::ClosedSession) {
        for partition in &session.partitions {
            let key = SharePartitionKey {
                group: session.key.group.clone(),
                topic: partition.topic,
                partition: partition.partition,
            };
            if let Some(shared) = self.get(&key) {
                shared.release_member(broker, &session.key.member);
            }
        }
    }
}

/// Whether this cluster has dead letters of share groups (KIP-1191).
pub(crate) fn are_dead_letters_served(broker: &Broker) -> bool {
    broker.image().feature(SHARE_VERSION) >= 2
}

/// Whether this cluster has share groups.
pub(crate) fn are_served(broker: &Broker) -> bool {
    broker.image().feature(SHARE_VERSION) >= 1
}

/// What a group goes by. Settings that an older version of the rules let in and that cannot be read are none.
pub(crate) fn group_settings(broker: &Broker, group: &GroupId) -> ShareGroupOwnSettings {
    let (image, config) = (broker.image(), broker.config());
    let name = group.as_str().to_owned();
    let own = image.config(&ConfigResource { kind: ConfigKind::Group, name });
    let settings = own.map(|own| config.share_group(own));
    match settings {
        Some(Ok(settings)) => settings,
        Some(Err(_)) | None => config.settings().groups.share.own.clone(),
    }
}

/// Carries out what the share coordinator wants done outside of its state.
pub(crate) fn carry_out(broker: &Broker, index: PartitionIndex, effect: CoordinatorEffect) {
    let CoordinatorEffect::DeleteRecordsBefore(before) = effect;
    let Ok(partition) = broker.partition_of(SHARE_TOPIC, index) else { return };
    let mut out = StepOutput::default();
    if partition.delete_records(broker.now(), Some(before), &mut out).is_ok() {
        broker.carry_out(&partition, &mut out);
    }
}
