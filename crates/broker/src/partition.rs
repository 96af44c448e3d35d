mod cleaning;
mod first_record;
mod past_damage;
mod patch;
mod read_result;
mod readers;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use io::arena::Region;
use model::{
    BrokerId, Instant, LeaderEpoch, Offset, PartitionId, ProducerEpoch, ProducerId, Sequence,
    Timestamp, TopicPartition,
};
use parking_lot::{Mutex, MutexGuard};
use replica::{
    Acks, Append, AppendError, BatchFacts, DeleteRecordsError, Effect, Effects, FetchFrom,
    FetchVerdict, FetchWaiter, FetchWaiters, Guard, Input, Leader, LeaderTerm, Origin, Outcome,
    ParkedProduces, Released, ReplicaLog,
};
use settings::{LogSettings, TopicSettings};
use storage::{
    AbortedTransaction, Appended, DirectWrite, LaneSequence, LogDir, LogRange, PartitionLog,
    ReadPlan, Resolved, StorageError,
};

pub(crate) use self::first_record::FirstRecord;
use self::patch::patched;
pub(crate) use self::read_result::{ReadError, ReadResult};
use self::readers::Readers;
pub(crate) use self::readers::{ClientMark, LastFetch};
use crate::partition_error::PartitionError;
use crate::ticket::{FetchTicket, Ticket};
use crate::topic_rules;
use crate::traffic::Traffic;

/// One partition of this broker: the machine that decides, the log that keeps, and who waits, behind one small lock.
///
/// Every method that steps the machine holds the lock for one step and no system call. What is to be done after it comes
/// back in a [`StepOutput`].
pub struct Partition {
    id: PartitionId,
    name: TopicPartition,
    dir: Arc<LogDir>,
    state: Mutex<State>,
    /// The metadata named it while this process ran.
    known: AtomicBool,
    traffic: Traffic,
    /// The damage that was told last.
    damage: Mutex<Option<(PathBuf, u64)>>,
    /// Its cleaning failed in a way that it would fail again: it is left as it is until the next start.
    uncleanable: AtomicBool,
}

pub(crate) struct State {
    role: Role,
    log: PartitionLog,
    settings: Arc<TopicSettings>,
    produces: ParkedProduces<Ticket>,
    fetches: FetchWaiters<FetchTicket>,
    readers: Readers,
    /// Whether the log holds aborted transactions; `None` until somebody wanted to know.
    aborted: Option<bool>,
}

enum Role {
    Leader(Leader),
    /// Led by nobody, or by another broker.
    Idle(ReplicaLog),
    /// Its topic is gone.
    Deleted,
}

/// What steps came to, to be carried out without the lock. Made once and used again.
#[derive(Default)]
pub(crate) struct StepOutput {
    effects: Effects<Ticket, ()>,
    /// Produces that may be answered.
    pub(crate) released: Vec<Released<Ticket>>,
    /// Fetches that may have something to read.
    pub(crate) woken: Vec<FetchTicket>,
    pub(crate) deleted: Option<Result<Offset, DeleteRecordsError>>,
    /// Writes past the write-ahead log that this thread must run now.
    pub(crate) write: Option<DirectWrite>,
    /// The append is durable when its lane has come so far.
    pub(crate) sequence: Option<(LaneSequence, Offset)>,
}

/// A batch to append, and who waits for it.
pub(crate) struct AppendRequest<'a> {
    pub(crate) ticket: Ticket,
    pub(crate) facts: BatchFacts,
    pub(crate) acks: Acks,
    pub(crate) origin: Origin,
    /// The batch is the bytes `range` of it. Ranges of one region come in ascending order.
    pub(crate) region: &'a mut Region,
    pub(crate) range: Range<usize>,
    /// Then the one who waits is told that it took too long.
    pub(crate) deadline: Instant,
}

impl fmt::Debug for Partition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Partition({})", self.name)
    }
}

/// The two clocks, read once for a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) instant: Instant,
    pub(crate) wall: Timestamp,
}

impl Partition {
    pub(crate) fn new(
        name: TopicPartition,
        log: PartitionLog,
        replica: ReplicaLog,
        settings: Arc<TopicSettings>,
    ) -> Self {
        Self {
            id: log.id(),
            name,
            dir: Arc::clone(log.dir()),
            state: Mutex::new(State {
                role: Role::Idle(replica),
                log,
                settings,
                produces: ParkedProduces::new(),
                fetches: FetchWaiters::new(),
                readers: Readers::default(),
                aborted: None,
            }),
            known: AtomicBool::new(false),
            traffic: Traffic::default(),
            damage: Mutex::new(None),
            uncleanable: AtomicBool::new(false),
        }
    }

    pub(crate) fn was_known(&self) -> bool {
        self.known.load(Ordering::Relaxed)
    }

    /// Notes where its log is damaged; false when that is known.
    pub(crate) fn note_damage(&self, path: &Path, position: u64) -> bool {
        let mut known = self.damage.lock();
        if known.as_ref().is_some_and(|(file, at)| file == path && *at == position) {
            return false;
        }
        *known = Some((path.to_owned(), position));
        true
    }

    pub(crate) fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    pub fn id(&self) -> PartitionId {
        self.id
    }

    pub fn name(&self) -> &TopicPartition {
        &self.name
    }

    /// The log directory that it lies in.
    pub fn dir(&self) -> &Arc<LogDir> {
        &self.dir
    }

    /// Whether what is appended here is durable, and visible, once its directory's write-ahead log has come so far: nothing
    /// bypasses that, and there are no other replicas.
    pub(crate) fn is_alone_and_durable(&self) -> bool {
        let state = self.state.lock();
        let is_alone = state.leader().is_ok_and(|leader| leader.followers().is_empty());
        is_alone && state.log.config().durability == storage::Durability::Fsync
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Steps one batch in: offsets are decided here, and the log's order is their order.
    pub(crate) fn append(&self, now: Now, request: AppendRequest<'_>, out: &mut StepOutput) {
        let state = &mut *self.lock();
        let Role::Leader(leader) = &mut state.role else {
            self.traffic.refused();
            return out.released.push((request.ticket, Err(AppendError::NotLeader)));
        };
        let AppendRequest { ticket, facts, acks, origin, region, range, deadline } = request;
        let end = leader.log().log_end();
        if let Some(last) = end.plus(facts.offset_count - 1) {
            let producers = leader.log().producers();
            state.log.roll_for(range.len(), last, facts.max_timestamp, now.wall, producers);
        }
        let append = Append { ticket, facts, batch: (), acks, origin };
        leader.step(now.instant, now.wall, Input::Append(append), &mut out.effects);
        let mut batch = Some((region, range, facts));
        let mut moved = false;
        for effect in out.effects.drain() {
            match effect {
                Effect::Write { base, leader_epoch, batch: () } => {
                    let Some((region, range, facts)) = batch.take() else { continue };
                    self.traffic.took_in(facts.offset_count, range.len());
                    let batch = patched(&state.log, region, range, base, leader_epoch, &facts);
                    match state.log.append(batch, now.wall) {
                        Appended::InLane(sequence) => {
                            out.sequence = Some((sequence, leader.log().log_end()));
                        }
                        Appended::Direct(write) => out.write = write,
                    }
                }
                Effect::Answer { ticket, result, once } => {
                    if result.is_err() {
                        self.traffic.refused();
                    }
                    let progress = leader.progress();
                    let released = &mut out.released;
                    state.produces.park(ticket, result, once, deadline, &progress, released);
                }
                other => {
                    let (deleted, write) = (&mut out.deleted, &mut out.write);
                    let (log, aborted) = (&mut state.log, &mut state.aborted);
                    moved |= carry_out(log, leader.log(), aborted, other, deleted, write);
                }
            }
        }
        if moved {
            state.moved(out);
        }
    }

    /// What a producer's batch needs to be appended as part of a transaction, see [`Leader::guard_for`].
    pub(crate) fn guard_for(
        &self,
        producer: ProducerId,
        epoch: ProducerEpoch,
        first: Option<Sequence>,
    ) -> Result<Option<Guard>, PartitionError> {
        match &mut self.lock().role {
            Role::Leader(leader) => Ok(leader.guard_for(producer, epoch, first)),
            Role::Idle(_) | Role::Deleted => {
                Err(PartitionError::NotLeader { leader: None, leader_epoch: LeaderEpoch::ZERO })
            }
        }
    }

    /// The log is durable up to `end`.
    pub(crate) fn durable(&self, now: Now, end: Offset, out: &mut StepOutput) {
        self.step(now, Input::DurableEnd(end), out);
    }

    /// Deletes what lies before an offset; `None` is all that is committed. The answer is in `out.deleted`.
    pub(crate) fn delete_records(
        &self,
        now: Now,
        before: Option<Offset>,
        out: &mut StepOutput,
    ) -> Result<(), PartitionError> {
        let led = self.lock().leader().map(|_| ());
        led?;
        let ticket = Ticket::Nobody;
        self.step(now, Input::DeleteRecords { ticket, before }, out);
        Ok(())
    }

    pub(crate) fn step(&self, now: Now, input: Input<Ticket, ()>, out: &mut StepOutput) {
        let state = &mut *self.lock();
        let Role::Leader(leader) = &mut state.role else { return };
        leader.step(now.instant, now.wall, input, &mut out.effects);
        let mut moved = false;
        for effect in out.effects.drain() {
            let (deleted, write) = (&mut out.deleted, &mut out.write);
            let (log, aborted) = (&mut state.log, &mut state.aborted);
            moved |= carry_out(log, leader.log(), aborted, effect, deleted, write);
        }
        if moved {
            state.moved(out);
        }
    }

    /// Reads for a fetch: where the batches lie is appended to `ranges`. Looks into files where they are not in memory.
    pub(crate) fn read(
        &self,
        from: &FetchFrom,
        size_max: u32,
        at_least_one: bool,
        ranges: &mut Vec<LogRange>,
        client: Option<LastFetch>,
    ) -> Result<ReadResult, ReadError> {
        let (result, mut plan) = {
            let mut state = self.lock();
            client.into_iter().for_each(|fetch| state.readers.note(fetch));
            state.plan_read(from, size_max, at_least_one, ranges)?
        };
        let mut next = *from;
        // Each turn goes on in a later segment.
        while let ReadPlan::File(read) = plan {
            match read.resolve()? {
                Resolved::Range(range) => {
                    ranges.push(LogRange::File(range));
                    break;
                }
                Resolved::Nothing => break,
                Resolved::ContinueAt(offset) => {
                    next.offset = offset;
                    next.last_fetched_epoch = None;
                    (_, plan) = self.lock().plan_read(&next, size_max, at_least_one, ranges)?;
                }
            }
        }
        Ok(result)
    }

    /// Aborted transactions that touch a range, for a reader of committed records. Looks into files if there are any.
    pub(crate) fn aborted_between(
        &self,
        from: Offset,
        end: Offset,
    ) -> Result<Vec<AbortedTransaction>, StorageError> {
        let search = || {
            let state = self.lock();
            match state.aborted {
                Some(false) => None,
                Some(true) => Some((state.log.search_aborted(from, end), false)),
                None => Some((state.log.search_aborted(state.log.log_start(), Offset::MAX), true)),
            }
        };
        let (mut found, first_look) = loop {
            let Some((search, first_look)) = search() else { return Ok(Vec::new()) };
            match search.run() {
                // Compacted meanwhile: the new plan is of what there is now.
                Err(StorageError::Replaced) => {}
                found => break (found?, first_look),
            }
        };
        if first_look {
            self.lock().aborted.get_or_insert(!found.is_empty());
            found.retain(|aborted| aborted.first < end && aborted.last >= from);
        }
        Ok(found)
    }

    /// Time has passed.
    pub(crate) fn tick(&self, now: Now, out: &mut StepOutput) {
        self.step(now, Input::Tick, out);
        self.expire(now.instant, out);
    }

    /// Tells those whose deadline has come.
    pub(crate) fn expire(&self, now: Instant, out: &mut StepOutput) {
        let mut state = self.lock();
        state.produces.expire(now, &mut out.released);
        state.fetches.expire(now, &mut out.woken);
    }

    /// There is no room for what is queued: producers hear of it at once. It stays queued, and is written when there is
    /// room: one that sends its batch again then, by its sequence number, hears that it is there.
    pub(crate) fn refuse_waiting(&self, out: &mut StepOutput) {
        self.lock().produces.fail_all(AppendError::Storage, &mut out.released);
    }

    /// The log directory failed: nobody is to wait any longer.
    pub(crate) fn fail(&self, out: &mut StepOutput) {
        let mut state = self.lock();
        state.produces.fail_all(AppendError::Storage, &mut out.released);
        state.fetches.wake_all(&mut out.woken);
    }

    /// Takes over what the metadata says: who leads, who is in sync, and the topic's settings.
    pub(crate) fn follow(
        &self,
        now: Now,
        me: BrokerId,
        metadata: &metadata::Partition,
        settings: &Arc<TopicSettings>,
        log: &LogSettings,
        out: &mut StepOutput,
    ) {
        self.known.store(true, Ordering::Relaxed);
        let state = &mut *self.lock();
        let new_settings = *state.settings != **settings;
        if new_settings {
            state.settings = Arc::clone(settings);
            state.log.set_config(Arc::new(topic_rules::log_config(settings)));
        }
        let leader_settings = topic_rules::leader_settings(settings, log);
        let leads = metadata.leader == Some(me) && metadata.isr.contains(&me);
        match &mut state.role {
            Role::Deleted => return,
            Role::Leader(leader) if leads && leader.leader_epoch() == metadata.leader_epoch => {
                let decided = Input::Decided {
                    replicas: metadata.replicas.clone(),
                    in_sync: metadata.isr.clone(),
                    partition_epoch: metadata.partition_epoch,
                };
                leader.step(now.instant, now.wall, decided, &mut out.effects);
                let settings = Input::Settings(leader_settings);
                leader.step(now.instant, now.wall, settings, &mut out.effects);
            }
            Role::Leader(leader) if metadata.leader_epoch < leader.leader_epoch() => return,
            Role::Leader(_) | Role::Idle(_) => {
                state.resign(out);
                let term = leads.then(|| LeaderTerm {
                    me,
                    leader_epoch: metadata.leader_epoch,
                    partition_epoch: metadata.partition_epoch,
                    replicas: metadata.replicas.clone(),
                    in_sync: metadata.isr.clone(),
                });
                state.lead(now.instant, term, leader_settings, out);
            }
        }
        let mut moved = false;
        for effect in out.effects.drain() {
            // Only who leads has any.
            let Role::Leader(leader) = &state.role else { continue };
            let (deleted, write) = (&mut out.deleted, &mut out.write);
            let (log, aborted) = (&mut state.log, &mut state.aborted);
            moved |= carry_out(log, leader.log(), aborted, effect, deleted, write);
        }
        if moved {
            state.moved(out);
        }
    }

    /// The topic is gone: its log is deleted, and nobody waits for it any longer.
    pub(crate) fn delete(&self, out: &mut StepOutput) {
        let state = &mut *self.lock();
        state.resign(out);
        state.role = Role::Deleted;
        out.write = state.log.delete();
    }
}

impl State {
    /// The machine, where this broker leads.
    pub(crate) fn leader(&self) -> Result<&Leader, PartitionError> {
        match &self.role {
            Role::Leader(leader) => Ok(leader),
            Role::Idle(_) => {
                Err(PartitionError::NotLeader { leader: None, leader_epoch: LeaderEpoch::ZERO })
            }
            Role::Deleted => Err(PartitionError::UnknownPartition),
        }
    }

    pub(crate) fn log(&self) -> &PartitionLog {
        &self.log
    }

    /// What is known of the own log in any role; `None` once the topic is gone.
    pub(crate) fn replica_log(&self) -> Option<&ReplicaLog> {
        match &self.role {
            Role::Leader(leader) => Some(leader.log()),
            Role::Idle(log) => Some(log),
            Role::Deleted => None,
        }
    }

    pub(crate) fn settings(&self) -> &Arc<TopicSettings> {
        &self.settings
    }

    /// What a fetch may read here; ranges in memory are appended to `ranges`.
    fn plan_read(
        &self,
        from: &FetchFrom,
        size_max: u32,
        at_least_one: bool,
        ranges: &mut Vec<LogRange>,
    ) -> Result<(ReadResult, ReadPlan), ReadError> {
        let leader = self.leader()?;
        let verdict = leader.check_fetch(from)?;
        let log = leader.log();
        let mut result = ReadResult {
            high_watermark: log.high_watermark(),
            last_stable: log.last_stable(),
            log_start: log.log_start(),
            diverging: None,
            end: from.offset,
        };
        let plan = match verdict {
            FetchVerdict::Diverging(end) => {
                result.diverging = Some(end);
                ReadPlan::Nothing
            }
            FetchVerdict::Read { end } => {
                result.end = end;
                self.log.read(from.offset, end, size_max, at_least_one, ranges)
            }
        };
        Ok((result, plan))
    }

    /// Lets a fetch wait here. False when it need not, or too many wait: it should look again.
    pub(crate) fn park_fetch(&mut self, waiter: FetchWaiter<FetchTicket>) -> bool {
        let Role::Leader(leader) = &self.role else { return false };
        if leader.log().end_for(waiter.reader) > waiter.from {
            return false;
        }
        self.fetches.park(waiter).is_ok()
    }

    pub(crate) fn unpark_fetch(&mut self, ticket: FetchTicket) {
        self.fetches.remove(ticket);
    }

    /// An end moved: answers may leave, fetches may go on.
    fn moved(&mut self, out: &mut StepOutput) {
        let Role::Leader(leader) = &self.role else { return };
        self.produces.release(&leader.progress(), &mut out.released);
        // Fetches look again by themselves when they want more than one byte.
        self.fetches.wake(leader.log(), |_, _| 0, &mut out.woken);
    }

    fn resign(&mut self, out: &mut StepOutput) {
        let role = std::mem::replace(&mut self.role, Role::Deleted);
        self.role = match role {
            Role::Leader(leader) => {
                self.produces.fail_all(AppendError::NotLeader, &mut out.released);
                self.fetches.wake_all(&mut out.woken);
                Role::Idle(leader.resign())
            }
            Role::Idle(log) => Role::Idle(log),
            Role::Deleted => Role::Deleted,
        };
    }

    fn lead(
        &mut self,
        now: Instant,
        term: Option<LeaderTerm>,
        settings: replica::LeaderSettings,
        out: &mut StepOutput,
    ) {
        let Some(term) = term else { return };
        let role = std::mem::replace(&mut self.role, Role::Deleted);
        self.role = match role {
            Role::Idle(log) => {
                Role::Leader(Leader::new(now, log, term, settings, &mut out.effects))
            }
            role @ (Role::Leader(_) | Role::Deleted) => role,
        };
    }
}

/// Does what concerns the log; true when an end that others wait for has moved.
fn carry_out(
    log: &mut PartitionLog,
    replica: &ReplicaLog,
    aborted: &mut Option<bool>,
    effect: Effect<Ticket, ()>,
    deleted: &mut Option<Result<Offset, DeleteRecordsError>>,
    write: &mut Option<DirectWrite>,
) -> bool {
    match effect {
        Effect::HighWatermarkMoved(_) | Effect::LastStableMoved(_) => return true,
        Effect::LogStartMoved(start) => {
            // Retention has moved the log's own start already; then there is nothing left to do.
            if let Some(gone) = log.raise_start(start, replica.producers()) {
                *write = write.take().or(gone.write);
            }
        }
        Effect::TransactionEnded(ended) => {
            if ended.outcome == Outcome::Abort {
                *aborted = Some(true);
            }
            let of_log = log.transaction_ended(&ended);
            *write = write.take().or(of_log);
        }
        Effect::DeletedRecords { ticket: _, result } => *deleted = Some(result),
        Effect::Answer { .. } | Effect::Write { .. } => {
            unreachable!("only an append gives this effect, and carries it out itself")
        }
        // The checkpoint takes epochs from the replica. Low watermarks and in-sync sets matter with followers, and a
        // follower's effects come from a follower only: brokers do not replicate yet.
        Effect::EpochStarted { .. }
        | Effect::LowWatermarkMoved(_)
        | Effect::ProposeInSync { .. }
        | Effect::Truncate { .. }
        | Effect::Restart { .. }
        | Effect::BeginAt { .. } => {}
    }
    false
}
