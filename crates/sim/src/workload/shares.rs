//! The broker's side of the share group: a share-partition for each output partition, and the share coordinator.

use std::collections::BTreeMap;
use std::time::Duration;

use group::{GroupId, MemberId, Ticket};
use io::Clock;
use model::{Offset, PartitionId};
use record::{BatchView, Batches, ControlType};
use replica::{Origin, Reader};
use share::{
    AbortedTransaction, AcknowledgeType, AcknowledgementBatch, Acquire, AcquireMode, BatchKind,
    CoordinatorEffect, CoordinatorSettings, Effect, Effects, FetchRequest, FetchedBatch,
    OffsetRange, Opening, Read, ReadState, SessionEpoch, SessionKey, SharePartition,
    SharePartitionKey, ShareSessions, ShareSettings, ShareShard, Soft, StateEpoch, StateWrite,
    Write, WriteError, WriteId,
};

use super::Key;
use super::broker::{Broker, Caller, Reply, Then, after, facts_of};
use super::checker::{MemberNumber, ShareRules};
use super::key::OUTPUT_COUNT;
use super::reader::{Given, records_of};
use crate::failure::Broken;
use crate::stop::Stop;

/// High enough that no record is ever given up, however often answers are lost.
pub(super) const RULES: ShareRules =
    ShareRules { lock: Duration::from_secs(2), delivery_count_limit: 1_000 };

/// Far more than there are members.
const SESSION_COUNT_MAX: usize = 100;

/// A record that a member was given, and how often it was given so far.
pub(super) type Shared = (Given, u16);

/// Who asks, and which request of its share session this is.
#[derive(Clone, Copy, Debug)]
pub(super) struct InSession {
    pub(super) member: MemberNumber,
    /// Grows from life to life of the member: nothing comes any more of one that was closed.
    pub(super) connection: u64,
    pub(super) epoch: SessionEpoch,
}

/// What a member wants of the output.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShareFetch {
    pub(super) session: InSession,
    pub(super) mode: AcquireMode,
    pub(super) record_count_max: u32,
}

/// What a member says about records of one output partition, in their order.
#[derive(Clone, Debug)]
pub(super) struct ShareAcknowledge {
    pub(super) session: InSession,
    pub(super) output: u8,
    pub(super) types: BTreeMap<Offset, AcknowledgeType>,
}

pub(super) struct Shares {
    shard: ShareShard,
    soft: Soft,
    settings: ShareSettings,
    partitions: BTreeMap<u8, SharePartition>,
    sessions: ShareSessions,
    /// The newest of each member, and the newest request on it.
    connections: BTreeMap<MemberNumber, (u64, u64)>,
    asked: BTreeMap<Ticket, Caller>,
}

impl Shares {
    pub(super) fn new(planted: share::Planted) -> Self {
        let settings = ShareSettings {
            record_lock_duration: RULES.lock,
            delivery_count_limit: RULES.delivery_count_limit,
            planted,
            ..ShareSettings::default()
        };
        let coordinator = CoordinatorSettings {
            updates_per_snapshot: 10,
            cold_snapshot_interval: Duration::from_secs(3),
            prune_interval: Duration::from_secs(1),
        };
        Self {
            shard: ShareShard::with_planted(planted),
            soft: Soft::new(coordinator),
            settings,
            partitions: BTreeMap::new(),
            sessions: ShareSessions::new(SESSION_COUNT_MAX),
            connections: BTreeMap::new(),
            asked: BTreeMap::new(),
        }
    }

    /// Up to where the group is done with all, and how many records are in flight behind.
    pub(super) fn standing(&self, output: u8) -> (Offset, u64) {
        let standing =
            |partition: &SharePartition| (partition.start_offset(), partition.in_flight_count());
        self.partitions.get(&output).map_or((Offset::ZERO, 0), standing)
    }
}

impl Broker {
    pub(super) fn replay_share(
        &mut self,
        at: Offset,
        key: &bytes::Bytes,
        value: Option<&bytes::Bytes>,
    ) -> Result<(), Broken> {
        let decoded = share::codec::decode(key, value).map_err(Broken::crash)?;
        if let share::codec::Decoded::Record(record) = decoded {
            self.shares.shard.replay(at, &record);
        }
        Ok(())
    }

    /// Asks the coordinator for the state of each share-partition, after a start.
    pub(super) fn open_shares(&mut self) -> Result<(), Stop> {
        let now = self.groups_now();
        let loaded = self.shares.shard.loaded(&mut self.shares.soft, now);
        self.decided_in_shares(loaded)?;
        for output in 0..OUTPUT_COUNT {
            let key = key(output);
            let is_new = self.shares.shard.state(&key).is_none();
            if is_new {
                let start = Some(Offset::ZERO);
                let Shares { shard, soft, .. } = &self.shares;
                let begun = shard.initialize(soft, now, &key, StateEpoch::ZERO, start);
                self.decided_in_shares(begun.map_err(Broken::crash)?)?;
            }
            let leader_epoch = self.logs.leader_epoch(Key::Output(output));
            let read = Read { key, leader_epoch };
            let read = self.shares.shard.read(&self.shares.soft, now, &read);
            let read = read.map_err(Broken::crash)?;
            let state = read.reply.clone();
            let needed = self.decided_in_shares(read)?;
            self.once(Key::Shares, needed, Then::OpenShare(output, state));
        }
        Ok(())
    }

    pub(super) fn open_share(&mut self, output: u8, state: ReadState) -> Result<(), Stop> {
        let opening = Opening {
            life: u64::from(output),
            state_epoch: state.state_epoch,
            leader_epoch: self.logs.leader_epoch(Key::Output(output)),
            start_offset: state.start_offset.unwrap_or(Offset::ZERO),
            is_start_new: state.start_offset.is_none(),
            batches: state.batches,
        };
        let mut out = Effects::default();
        let opened = SharePartition::open(opening, self.shares.settings, &mut out);
        self.shares.partitions.insert(output, opened.map_err(Broken::crash)?);
        self.carry_out_share(output, out)
    }

    pub(super) fn share_fetch(&mut self, caller: Caller, asked: ShareFetch) -> Result<(), Stop> {
        if !self.is_heard(caller, asked.session)? {
            return Ok(());
        }
        let InSession { member, connection, epoch } = asked.session;
        let all: Vec<PartitionId> = (0..OUTPUT_COUNT).map(|it| Key::Output(it).id()).collect();
        let request = FetchRequest { add: &all, ..FetchRequest::default() };
        let taken = self.shares.sessions.fetch(&session_key(member), connection, epoch, request);
        let Ok(session) = taken else {
            self.answer(caller, Reply::NoSession);
            return Ok(());
        };
        for partition in session.partitions {
            let output = u8::try_from(partition.partition.to_wire()).unwrap_or(0);
            let given = self.acquire(output, asked)?;
            if !given.is_empty() {
                self.answer(caller, Reply::Shared(output, given));
                return Ok(());
            }
        }
        self.answer(caller, Reply::Shared(0, Vec::new()));
        Ok(())
    }

    /// Whether a request is looked at: the share-partitions are open, and its connection is, on which nothing comes after what was
    /// sent later. A newer connection of a member is the end of the one before.
    fn is_heard(&mut self, caller: Caller, session: InSession) -> Result<bool, Stop> {
        if self.shares.partitions.len() < usize::from(OUTPUT_COUNT) {
            self.answer(caller, Reply::Later);
            return Ok(false);
        }
        let InSession { member, connection, .. } = session;
        let new = (connection, caller.number);
        let newest = self.shares.connections.entry(member).or_insert(new);
        let (before, number) = *newest;
        if caller.number < number {
            return Ok(false);
        }
        *newest = new;
        if before < connection {
            for closed in self.shares.sessions.connection_closed(before) {
                for partition in closed.partitions {
                    let output = u8::try_from(partition.partition.to_wire()).unwrap_or(0);
                    let Some(partition) = self.shares.partitions.get_mut(&output) else { continue };
                    let mut out = Effects::default();
                    partition.release_member(&closed.key.member, &mut out);
                    self.carry_out_share(output, out)?;
                }
            }
        }
        Ok(true)
    }

    fn acquire(&mut self, output: u8, asked: ShareFetch) -> Result<Vec<Shared>, Stop> {
        let (now, log) = (self.clock.now(), Key::Output(output));
        let Some(partition) = self.shares.partitions.get_mut(&output) else {
            return Ok(Vec::new());
        };
        if !partition.can_acquire() {
            return Ok(Vec::new());
        }
        let fetch_offset = partition.next_fetch_offset();
        let bytes = self.logs.read(log, fetch_offset, Reader::Committed)?;
        let (fetched, records) = parse(&bytes)?;
        let aborted = self.logs.aborted(log, fetch_offset)?;
        let aborted: Vec<AbortedTransaction> = aborted
            .iter()
            .map(|known| AbortedTransaction { first: known.first, producer: known.producer })
            .collect();
        let request = Acquire {
            member: &member_id(asked.session.member),
            mode: asked.mode,
            record_count_max: asked.record_count_max,
            batch_size: asked.record_count_max,
            fetch_offset,
            fetched: &fetched,
            aborted: &aborted,
        };
        let mut out = Effects::default();
        let acquired = partition.acquire(now, &request, &mut out);
        let count_of = |at: Offset| {
            let row = acquired.records.iter().find(|row| row.range.contains(at));
            row.map(|row| row.delivery_count)
        };
        let given = records.into_iter().filter_map(|given| {
            let count = count_of(given.offset)?;
            Some((given, count))
        });
        let given = given.collect();
        self.carry_out_share(output, out)?;
        Ok(given)
    }

    pub(super) fn share_acknowledge(
        &mut self,
        caller: Caller,
        asked: &ShareAcknowledge,
    ) -> Result<(), Stop> {
        if !self.is_heard(caller, asked.session)? {
            return Ok(());
        }
        let InSession { member, epoch, .. } = asked.session;
        if self.shares.sessions.acknowledge(&session_key(member), epoch).is_err() {
            self.answer(caller, Reply::NoSession);
            return Ok(());
        }
        let (now, ticket) = (self.clock.now(), Ticket(self.number()));
        let Some(partition) = self.shares.partitions.get_mut(&asked.output) else { return Ok(()) };
        let batch = |(at, kind): (&Offset, &AcknowledgeType)| {
            let range = OffsetRange::new(*at, *at)?;
            Some(AcknowledgementBatch { range, types: vec![*kind] })
        };
        let batches: Vec<AcknowledgementBatch> = asked.types.iter().filter_map(batch).collect();
        self.shares.asked.insert(ticket, caller);
        let mut out = Effects::default();
        partition.acknowledge(now, ticket, &member_id(member), &batches, &mut out);
        self.carry_out_share(asked.output, out)
    }

    /// Ends locks whose time is over, and does what the coordinator does by itself.
    pub(super) fn tick_shares(&mut self) -> Result<(), Stop> {
        let now = self.clock.now();
        if self.shares.soft.next_timeout().is_some_and(|at| at <= now) {
            let now = self.groups_now();
            let mut decision = self.shares.shard.time_passed(&mut self.shares.soft, now);
            let effects = std::mem::take(&mut decision.effects);
            let needed = self.decided_in_shares(decision)?;
            for CoordinatorEffect::DeleteRecordsBefore(before) in effects {
                self.once(Key::Shares, needed, Then::PruneShares(before));
            }
        }
        for output in 0..OUTPUT_COUNT {
            let Some(partition) = self.shares.partitions.get_mut(&output) else { continue };
            if partition.next_timeout().is_some_and(|at| at <= now) {
                let mut out = Effects::default();
                partition.time_passed(now, &mut out);
                self.carry_out_share(output, out)?;
            }
        }
        Ok(())
    }

    fn carry_out_share(&mut self, output: u8, mut out: Effects) -> Result<(), Stop> {
        let effects: Vec<Effect> = out.drain().collect();
        for effect in effects {
            match effect {
                Effect::Write(write) => self.write_share(output, write)?,
                Effect::Answer { ticket, result } => {
                    if let Some(caller) = self.shares.asked.remove(&ticket) {
                        let reply = if result.is_ok() { Reply::Done } else { Reply::NotHeld };
                        self.answer(caller, reply);
                    }
                }
                // Members ask again by themselves.
                Effect::Fetchable => {}
                Effect::DeadLetter(_) => {
                    return Err(
                        Broken::crash("a dead letter, and there is no topic for them").into()
                    );
                }
                Effect::Fenced => {
                    return Err(Broken::crash("a share-partition with one leader is fenced").into());
                }
            }
        }
        Ok(())
    }

    fn write_share(&mut self, output: u8, write: StateWrite) -> Result<(), Stop> {
        let request = Write {
            key: key(output),
            state_epoch: write.state_epoch,
            leader_epoch: write.leader_epoch,
            start_offset: Some(write.start_offset),
            delivery_complete_count: Some(write.delivery_complete_count),
            batches: write.batches,
        };
        let decision = self.shares.shard.write(&self.shares.soft, self.groups_now(), &request);
        let needed = self.decided_in_shares(decision.map_err(Broken::crash)?)?;
        self.once(Key::Shares, needed, Then::ShareWritten(output, write.id));
        Ok(())
    }

    pub(super) fn share_written(&mut self, output: u8, id: WriteId) -> Result<(), Stop> {
        let now = self.clock.now();
        let Some(partition) = self.shares.partitions.get_mut(&output) else { return Ok(()) };
        let mut out = Effects::default();
        partition.write_done(now, id, Ok::<(), WriteError>(()), &mut out);
        self.carry_out_share(output, out)
    }

    /// Gives where the log must be committed for the reply to leave.
    fn decided_in_shares<R>(&mut self, decision: share::Decision<R>) -> Result<Offset, Stop> {
        let mut needed = after(decision.seen);
        if decision.records.is_empty() {
            return Ok(needed);
        }
        let mut encoded = Vec::new();
        for record in &decision.records {
            let share::codec::KeyValue { key, value } =
                share::codec::encode(record).map_err(Broken::crash)?;
            encoded.push((key, value));
        }
        let batch = self.batch_of(&encoded, None)?;
        let ticket = self.number();
        let facts = facts_of(&batch)?;
        let base = self.logs.append(Key::Shares, ticket, facts, &batch, Origin::COORDINATOR)?;
        let mut next = base.map_err(Broken::crash)?;
        for record in &decision.records {
            self.shares.shard.replay(next, record);
            next = after(Some(next));
        }
        needed = needed.max(next);
        Ok(needed)
    }
}

fn group() -> GroupId {
    GroupId::new("sharers").unwrap_or_else(|| unreachable!("a short name"))
}

fn session_key(member: MemberNumber) -> SessionKey {
    SessionKey { group: group(), member: member_id(member) }
}

fn key(output: u8) -> SharePartitionKey {
    let group = group();
    let PartitionId { topic, partition } = Key::Output(output).id();
    SharePartitionKey { group, topic, partition }
}

fn member_id(number: MemberNumber) -> MemberId {
    MemberId::new(&format!("sharer-{number}")).unwrap_or_else(|| unreachable!("not empty"))
}

/// The batches as the machine wants to know of them, and all records that are no markers.
fn parse(bytes: &[u8]) -> Result<(Vec<FetchedBatch>, Vec<Given>), Stop> {
    let (mut fetched, mut records) = (Vec::new(), Vec::new());
    for batch in Batches::checked(bytes) {
        let batch = batch
            .map_err(|stop| Broken::correctness("batches_are_whole", format_args!("{stop:?}")))?;
        let header = batch.header();
        let range = OffsetRange::between(header.base_offset(), header.next_offset());
        let range = range.ok_or_else(|| Broken::crash("a batch without offsets"))?;
        fetched.push(FetchedBatch { range, kind: kind_of(&batch)? });
        if !header.attributes().is_control() {
            records.extend(records_of(&batch, Given::of)?);
        }
    }
    Ok((fetched, records))
}

fn kind_of(batch: &BatchView<'_>) -> Result<BatchKind, Broken> {
    let attributes = batch.header().attributes();
    let producer = batch.header().producer().map(|producer| producer.id);
    if !attributes.is_control() {
        let transactional = producer.filter(|_| attributes.is_transactional());
        return Ok(transactional.map_or(BatchKind::Records, BatchKind::Transactional));
    }
    let is_abort = |record: record::RecordView<'_>| {
        ControlType::parse_key(record.key) == Ok(ControlType::Abort)
    };
    let aborts = records_of(batch, is_abort)?.contains(&true);
    Ok(producer.filter(|_| aborts).map_or(BatchKind::Control, BatchKind::AbortMarker))
}
