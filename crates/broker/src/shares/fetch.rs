//! Share fetches: each reads what its member may have, acquires it and is answered, or waits.
//!
//! An attempt goes over the partitions twice. First each is read that no other fetch reads at that moment; that tells how
//! much there is. If it is enough, records of each are acquired. Where there is nothing, the fetch stands in the list of the
//! share-partition, for records that come back, and in that of the log, for new ones.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use group::MemberId;
use model::{Instant, Offset, PartitionId};
use replica::{FetchWaiter, Reader};
use settings::ShareGroupOwnSettings;
use share::{
    Acquire, AcquireMode, AcquiredRecords, FetchKind, SessionKey, SharePartitionKey, ShareSettings,
};
use storage::LogRange;
use transport::SlabKey;
use wire::ErrorCode;
use wire::messages::share_fetch_response::LeaderIdAndEpoch;

use super::fetches::Busy;
use super::partition::Begin;
use super::records::{self, ReadLog, ReadStop};
use super::worker::JobKey;
use super::{SharedPartition, Shares, answer, are_dead_letters_served};
use crate::partition_error::PartitionError;
use crate::ticket::{FetchTicket, SHARE_HOME};
use crate::{Broker, ReplyTo, error_map};

/// How often an attempt goes on that read only what is not to be had: decided records, gaps. Then others get their turn.
const ROUND_COUNT_MAX: usize = 16;

/// What a fetch wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) max_wait: Duration,
    pub(crate) size_min: usize,
    pub(crate) size_max: u32,
    /// 0: only acknowledgements.
    pub(crate) record_max: u32,
    pub(crate) batch_size: u32,
    pub(crate) mode: AcquireMode,
}

/// A share fetch while it is open.
pub(crate) struct ShareFetch {
    id: u64,
    session: SessionKey,
    reply: ReplyTo,
    asked: Asked,
    kind: FetchKind,
    own: ShareGroupOwnSettings,
    targets: Vec<Target>,
    /// How acknowledgements went that came along.
    acknowledged: BTreeMap<PartitionId, ErrorCode>,
    timer: Option<JobKey>,
    /// When it was looked at first.
    began: Option<Instant>,
}

struct Target {
    partition: PartitionId,
    shared: Option<Arc<SharedPartition>>,
    /// Stands in the list of the log.
    parked: bool,
    outcome: Outcome,
}

/// What the answer says of one partition.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) error: Option<ErrorCode>,
    pub(super) leader: Option<LeaderIdAndEpoch>,
    /// Whole batches, where they lie.
    pub(super) records: Vec<LogRange>,
    pub(super) acquired: Vec<AcquiredRecords>,
}

/// What looking at a fetch came to.
enum Attempt {
    Answer,
    Wait,
    /// It is to be looked at on the worker, who may read files.
    HandOver,
}

/// What was read of one target.
struct Read {
    place: usize,
    shared: Arc<SharedPartition>,
    offset: Offset,
    log: ReadLog,
}

impl Shares {
    /// Makes room for a fetch of a connection.
    pub(crate) fn begin_fetch(&self, connection: u64) -> u64 {
        self.fetches.begin(connection)
    }

    /// The acknowledgements that came along are done.
    pub(crate) fn start_fetch(&self, broker: &Arc<Broker>, fetch: Box<ShareFetch>) {
        self.drive(broker, fetch, false);
    }

    /// Something happened that these fetches wait for.
    pub(super) fn wake_all(&self, _broker: &Arc<Broker>, waiters: impl IntoIterator<Item = u64>) {
        waiters.into_iter().for_each(|id| self.wake(id));
    }

    /// A log has something for a fetch that waits on it.
    pub(crate) fn wake(&self, id: u64) {
        if self.fetches.wake(id) {
            self.worker.soon(move |broker| broker.shares().look_again(broker, id, false));
        }
    }

    fn look_again(&self, broker: &Arc<Broker>, id: u64, is_due: bool) {
        if let Some(fetch) = self.fetches.take(id, is_due) {
            self.drive(broker, fetch, true);
        }
    }

    /// Works on a fetch until it is answered or waits.
    fn drive(&self, broker: &Arc<Broker>, mut fetch: Box<ShareFetch>, may_block: bool) {
        let id = fetch.id;
        loop {
            let Some(is_due) = self.fetches.is_due(id) else { return fetch.finish(broker) };
            match fetch.attempt(broker, is_due, may_block) {
                Attempt::Answer => return fetch.finish(broker),
                // It counts as worked on until then.
                Attempt::HandOver => {
                    return self.worker.soon(move |broker| {
                        broker.shares().drive(broker, fetch, true);
                    });
                }
                Attempt::Wait => {}
            }
            if fetch.timer.is_none() {
                let at = broker.now().instant.plus(fetch.asked.max_wait);
                let look = move |broker: &Arc<Broker>| broker.shares().look_again(broker, id, true);
                fetch.timer = Some(self.worker.later(at, look));
            }
            match self.fetches.wait(id, fetch) {
                Ok(()) => return,
                Err(Busy::Again(again)) => fetch = again,
                Err(Busy::Gone(gone)) => return gone.finish(broker),
            }
        }
    }
}

impl ShareFetch {
    /// Of a member, about these partitions, in the order in which they are to be read.
    pub(crate) fn new(
        (id, session): (u64, SessionKey),
        reply: ReplyTo,
        asked: Asked,
        own: ShareGroupOwnSettings,
        (partitions, kind): (Vec<PartitionId>, FetchKind),
    ) -> Self {
        let target = |partition| Target {
            partition,
            shared: None,
            parked: false,
            outcome: Outcome::default(),
        };
        Self {
            id,
            session,
            reply,
            asked,
            kind,
            own,
            targets: partitions.into_iter().map(target).collect(),
            acknowledged: BTreeMap::new(),
            timer: None,
            began: None,
        }
    }

    /// How the acknowledgements went.
    pub(crate) fn acknowledged(
        &mut self,
        results: impl IntoIterator<Item = (PartitionId, ErrorCode)>,
    ) {
        self.acknowledged.extend(results);
    }

    /// Nobody waits for the answer any more.
    pub(super) fn abandon(self) {
        self.reply.abandon();
    }

    fn member(&self) -> &MemberId {
        &self.session.member
    }

    fn key(&self, partition: PartitionId) -> SharePartitionKey {
        super::state::key(&self.session.group, partition)
    }

    fn reader(&self) -> Reader {
        if self.own.read_committed { Reader::Committed } else { Reader::Uncommitted }
    }

    fn attempt(&mut self, broker: &Arc<Broker>, is_due: bool, may_block: bool) -> Attempt {
        self.unpark();
        if self.kind == FetchKind::Final || self.asked.record_max == 0 || self.targets.is_empty() {
            return Attempt::Answer;
        }
        let settings = share_settings(broker, &self.own);
        let began = *self.began.get_or_insert_with(|| broker.now().instant);
        for _ in 0..ROUND_COUNT_MAX {
            let mut reads = Vec::new();
            if self.read_all(broker, settings, may_block, &mut reads) {
                end_all(broker, &reads, self.id);
                return Attempt::HandOver;
            }
            let has_error = self.targets.iter().any(|target| target.outcome.error.is_some());
            let size: usize = reads.iter().map(|read| read.log.size()).sum();
            let is_enough = size >= self.asked.size_min.max(1);
            if !is_enough && !is_due && !has_error {
                let moved = !self.park(&reads);
                end_all(broker, &reads, self.id);
                if moved {
                    continue;
                }
                return Attempt::Wait;
            }
            let waited = broker.now().instant.since(began);
            let metrics = broker.shares().metrics();
            metrics.group(&self.session.group).may_read(waited, reads.len(), self.targets.len());
            let acquired = self.acquire_all(broker, &reads);
            if is_due && !acquired {
                metrics.expired_fetches.add(1);
            }
            end_all(broker, &reads, self.id);
            if acquired || is_due || has_error {
                return Attempt::Answer;
            }
        }
        let id = self.id;
        broker.shares().worker.soon(move |broker| broker.shares().look_again(broker, id, false));
        Attempt::Wait
    }

    /// Reads each partition that no other fetch reads. True when that would have to wait for files.
    fn read_all(
        &mut self,
        broker: &Arc<Broker>,
        settings: ShareSettings,
        may_block: bool,
        reads: &mut Vec<Read>,
    ) -> bool {
        let mut left = self.asked.size_max;
        let mut records_left = u64::from(self.asked.record_max);
        for place in 0..self.targets.len() {
            // What is read beyond the wanted records would be read in vain.
            if left == 0 || records_left == 0 {
                break;
            }
            match self.read_one(broker, settings, (left, may_block), place) {
                Ok(Some(read)) => {
                    left = left.saturating_sub(u32::try_from(read.log.size()).unwrap_or(u32::MAX));
                    records_left = records_left.saturating_sub(read.log.offset_count());
                    reads.push(read);
                }
                Ok(None) => {}
                Err(ReadStop::Failed(error)) => {
                    if let Some(target) = self.targets.get_mut(place) {
                        target.outcome.error = Some(error);
                    }
                }
                Err(ReadStop::Blocks | ReadStop::BeforeLogStart(_)) => return true,
            }
        }
        false
    }

    /// `None` when there is nothing to be had. What is given is to be ended.
    fn read_one(
        &mut self,
        broker: &Arc<Broker>,
        settings: ShareSettings,
        (size_max, may_block): (u32, bool),
        place: usize,
    ) -> Result<Option<Read>, ReadStop> {
        let (id, reader) = (self.id, self.reader());
        let Some(target) = self.targets.get(place) else { return Ok(None) };
        let partition = target.partition;
        if let Some(error) = target.shared.as_ref().and_then(|shared| shared.failure()) {
            return Err(ReadStop::Failed(error));
        }
        let key = self.key(partition);
        // A share-partition that is gone is found anew, and a log that begins later is read there: once each.
        for _ in 0..3 {
            let shared = match broker.shares().find_or_open(broker, &key) {
                Ok(shared) => shared,
                Err(error) => return Err(self.not_found(place, &error)),
            };
            let target = self.targets.get_mut(place).ok_or(ReadStop::Blocks)?;
            if let Some(old) = target.shared.replace(Arc::clone(&shared))
                && !Arc::ptr_eq(&old, &shared)
            {
                old.leave(id);
            }
            let now = broker.now().instant;
            let offset = match shared.begin_fetch(now, id, settings) {
                Begin::Read(offset) => offset,
                Begin::NotNow => return Ok(None),
                Begin::Gone => continue,
                Begin::Failed(error) => return Err(ReadStop::Failed(error)),
            };
            let asked = (size_max, may_block);
            match records::read(broker, shared.partition(), reader, offset, asked) {
                Ok(log) => return Ok(Some(Read { place, shared, offset, log })),
                Err(ReadStop::BeforeLogStart(log_start)) => {
                    shared.end_fetch(broker, id);
                    shared.log_start_moved(broker, log_start);
                }
                Err(stop) => {
                    shared.end_fetch(broker, id);
                    return Err(stop);
                }
            }
        }
        Ok(None)
    }

    fn not_found(&mut self, place: usize, error: &PartitionError) -> ReadStop {
        if let PartitionError::NotLeader { leader, leader_epoch } = error
            && let Some(target) = self.targets.get_mut(place)
        {
            let leader_id = leader.map_or(-1, model::BrokerId::to_wire);
            let leader_epoch = leader_epoch.to_wire();
            target.outcome.leader = Some(LeaderIdAndEpoch { leader_id, leader_epoch });
        }
        ReadStop::Failed(error_map::partition_error(error))
    }

    /// Whether anything was acquired.
    fn acquire_all(&mut self, broker: &Arc<Broker>, reads: &[Read]) -> bool {
        let mut left = self.asked.record_max;
        let mut any = false;
        for read in reads.iter().filter(|read| !read.log.batches.is_empty()) {
            if left == 0 {
                break;
            }
            let request = Acquire {
                member: self.member(),
                mode: self.asked.mode,
                record_count_max: left,
                batch_size: self.asked.batch_size,
                fetch_offset: read.offset,
                fetched: &read.log.batches,
                aborted: &read.log.aborted,
            };
            let Some(acquired) = read.shared.acquire(broker, &request) else { continue };
            let (Some(first), Some(last)) = (acquired.records.first(), acquired.records.last())
            else {
                continue;
            };
            let records = read.log.ranges_of(first.range.first(), last.range.last());
            let count: u64 = acquired.records.iter().map(|records| records.range.count()).sum();
            left = left.saturating_sub(u32::try_from(count).unwrap_or(u32::MAX));
            any = true;
            let size: u64 = records.iter().map(LogRange::size).sum();
            read.shared.partition().traffic().gave_out(size);
            if let Some(target) = self.targets.get_mut(read.place) {
                target.outcome.records = records;
                target.outcome.acquired = acquired.records;
            }
        }
        any
    }

    /// Stands in the lists of the logs that were read to their end. False when one of them has moved since.
    fn park(&mut self, reads: &[Read]) -> bool {
        for read in reads {
            let Some(target) = self.targets.get_mut(read.place) else { continue };
            let waiter = FetchWaiter {
                waiter: ticket(self.id, read.place),
                reader: if self.own.read_committed {
                    Reader::Committed
                } else {
                    Reader::Uncommitted
                },
                from: read.log.end,
                size_bytes_min: 1,
                deadline: None,
            };
            if !read.shared.partition().lock().park_fetch(waiter) {
                return false;
            }
            target.parked = true;
        }
        true
    }

    fn unpark(&mut self) {
        let id = self.id;
        for (place, target) in self.targets.iter_mut().enumerate() {
            if std::mem::take(&mut target.parked)
                && let Some(shared) = &target.shared
            {
                shared.partition().lock().unpark_fetch(ticket(id, place));
            }
        }
    }

    /// Answers, if anybody is there to hear it; what was acquired for nobody is given back.
    fn finish(mut self: Box<Self>, broker: &Arc<Broker>) {
        self.unpark();
        if let Some(timer) = self.timer.take() {
            broker.shares().worker.cancel(timer);
        }
        for target in &self.targets {
            if let Some(shared) = &target.shared {
                shared.leave(self.id);
            }
        }
        if broker.shares().fetches.finish(self.id) {
            return self.answer(broker);
        }
        for target in self.targets.iter().filter(|target| !target.outcome.acquired.is_empty()) {
            if let Some(shared) = &target.shared {
                shared.release_member(broker, self.member());
            }
        }
        self.abandon();
    }

    fn answer(self: Box<Self>, broker: &Arc<Broker>) {
        let Self { session, reply, kind, own, targets, mut acknowledged, .. } = *self;
        let mut partitions = Vec::new();
        {
            let sessions = &mut *broker.shares().sessions().lock();
            for target in targets {
                let Target { partition, outcome, .. } = target;
                let acknowledged = acknowledged.remove(&partition);
                let has_news = outcome.error.is_some()
                    || !outcome.acquired.is_empty()
                    || acknowledged.is_some();
                let is_told = match kind {
                    FetchKind::Full => true,
                    FetchKind::Incremental => sessions.answers(&session, partition, has_news),
                    FetchKind::Final => has_news,
                };
                if is_told {
                    partitions.push((partition, outcome, acknowledged.unwrap_or_default()));
                }
            }
        }
        // Acknowledged, and not fetched any more.
        let others = acknowledged.into_iter();
        partitions.extend(others.map(|(it, error)| (it, Outcome::default(), error)));
        if kind == FetchKind::Final {
            broker.shares().close_session(broker, &session);
        }
        answer::send(reply, &own, partitions);
    }
}

/// What the machine goes by.
pub(crate) fn share_settings(broker: &Broker, own: &ShareGroupOwnSettings) -> ShareSettings {
    ShareSettings {
        record_lock_count_max: own.record_locks_max,
        record_lock_duration: Duration::from_millis(u64::from(own.record_lock_duration_ms)),
        delivery_count_limit: own.delivery_count_limit,
        renew_allowed: own.renews,
        dead_letters: own.dead_letter_topic.is_some() && are_dead_letters_served(broker),
        ..ShareSettings::default()
    }
}

fn end_all(broker: &Arc<Broker>, reads: &[Read], id: u64) {
    reads.iter().for_each(|read| read.shared.end_fetch(broker, id));
}

fn ticket(id: u64, place: usize) -> FetchTicket {
    let part = u32::try_from(place).unwrap_or(u32::MAX);
    FetchTicket { home: SHARE_HOME, part, fetch: SlabKey::from_bits(id) }
}
