//! The broker's side: the coordinators' machines and the partitions, as the broker joins them, without sockets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use group::{
    ConsumerHeartbeat, ConsumerHeartbeatReply, Generation, GroupError, GroupId, GroupShard,
    OffsetToCommit,
};
use io::Clock;
use model::{Offset, ProducerId};
use record::BatchView;
use replica::{AppendError, BatchFacts, Guard, Membership, Origin, UnknownProducer};
use share::{ReadState, WriteId};
use txn::{
    AddPartitions, Completion, EndTransaction, InitProducer, Outcome, Producer, TransactionError,
    TransactionShard, TransactionVersion, TransactionalId,
};

use super::Key;
use super::logs::{Logs, Ticket};
use super::member::Named;
use super::members::Topics;
use super::reader::{Page, read_from_log};
use super::shares::{ShareAcknowledge, ShareFetch, Shared, Shares};
use crate::clock::SimClock;
use crate::failure::Broken;
use crate::network::Address;
use crate::stop::Stop;

/// How long a transaction may be open.
pub(super) const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(20);

/// Who asks, and which of its requests it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Caller {
    pub(super) client: Address,
    pub(super) number: u64,
}

#[derive(Clone, Debug)]
pub(super) enum Request {
    /// Of an idempotent producer.
    Feed {
        key: Key,
        batch: Arc<[u8]>,
    },
    Init {
        id: TransactionalId,
    },
    /// What the group has committed. `stable`: nothing that a transaction is about to change.
    FetchOffsets {
        keys: Vec<Key>,
        stable: bool,
        /// Who asks, if it is a member.
        named: Option<Named>,
    },
    /// Committed records.
    Read {
        key: Key,
        from: Offset,
    },
    Add {
        id: TransactionalId,
        producer: Producer,
        keys: Vec<Key>,
    },
    Produce {
        id: TransactionalId,
        producer: Producer,
        key: Key,
        batch: Arc<[u8]>,
    },
    CommitOffsets {
        id: TransactionalId,
        producer: Producer,
        offsets: Vec<(Key, Offset)>,
        named: Option<Named>,
    },
    End {
        id: TransactionalId,
        producer: Producer,
        outcome: Outcome,
    },
    /// Of a member of the consumer group. With the number of the report: on one connection they come in their order, and each once.
    Heartbeat(u64, Box<ConsumerHeartbeat>),
    ShareFetch(ShareFetch),
    ShareAcknowledge(ShareAcknowledge),
}

#[derive(Clone, Debug)]
pub(super) enum Reply {
    Done,
    Producer(Producer),
    Offsets(Vec<(Key, Offset)>),
    Page(Page),
    Heartbeat(Result<ConsumerHeartbeatReply, GroupError>),
    /// The group knows its member at another epoch, or not at all.
    StaleMember,
    /// Of one output partition.
    Shared(u8, Vec<Shared>),
    /// A member of the share group does not hold what it decides about.
    NotHeld,
    /// Its share session is another one.
    NoSession,
    /// Ask again.
    Later,
    /// Begin a new life.
    Fenced,
}

/// What is to be done when a log is committed up to some place.
#[derive(Debug)]
pub(super) enum Then {
    Answer(Caller, Reply),
    /// The outcome is decided.
    Begin(Completion),
    /// One partition was told how the transaction ended.
    Told(TransactionalId),
    /// It is closed.
    Closed(TransactionalId),
    OpenShare(u8, ReadState),
    ShareWritten(u8, WriteId),
    /// The share coordinator needs nothing before the offset.
    PruneShares(Offset),
}

pub(super) struct Broker {
    pub(super) logs: Logs,
    pub(super) clock: SimClock,
    pub(super) transactions: TransactionShard,
    pub(super) transactions_soft: txn::Soft,
    pub(super) groups: GroupShard,
    pub(super) groups_soft: group::Soft,
    pub(super) topics: Topics,
    pub(super) shares: Shares,
    pub(super) waiting: BTreeMap<(Key, Offset, u64), Then>,
    /// Completions under way, and how many partitions have not been told.
    running: BTreeMap<TransactionalId, (Completion, usize)>,
    produces: BTreeMap<Ticket, Caller>,
    next_number: u64,
    /// How often records went from the share coordinator's log.
    pub(super) pruned: u64,
    answers: Vec<(Caller, Reply)>,
}

impl Broker {
    /// With machines that know nothing yet: see [`Self::load`].
    pub(super) fn new(
        logs: Logs,
        clock: SimClock,
        transactions_soft: txn::Soft,
        (groups_soft, topics): (group::Soft, Topics),
        shares: Shares,
    ) -> Self {
        Self {
            logs,
            clock,
            transactions: TransactionShard::new(),
            transactions_soft,
            groups: GroupShard::new(),
            groups_soft,
            topics,
            shares,
            waiting: BTreeMap::new(),
            running: BTreeMap::new(),
            produces: BTreeMap::new(),
            next_number: 0,
            pruned: 0,
            answers: Vec::new(),
        }
    }

    pub(super) fn drain_answers(&mut self) -> Vec<(Caller, Reply)> {
        std::mem::take(&mut self.answers)
    }

    pub(super) fn answer(&mut self, caller: Caller, reply: Reply) {
        self.answers.push((caller, reply));
    }

    pub(super) fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    /// `fresh`: a producer id that nobody has.
    pub(super) fn handle(
        &mut self,
        caller: Caller,
        request: Request,
        fresh: ProducerId,
    ) -> Result<(), Stop> {
        let now = self.transactions_now();
        let version = TransactionVersion::V2;
        match request {
            Request::Feed { key, batch } => self.append(caller, key, &batch, Origin::CLIENT),
            Request::Init { id } => {
                let timeout = TRANSACTION_TIMEOUT;
                let init = InitProducer { id, timeout, expected: None, fresh: Some(fresh) };
                let soft = &mut self.transactions_soft;
                let decision = self.transactions.init_producer(soft, now, &init);
                self.decided(decision.map(|given| producer_reply(caller, given)))
            }
            Request::FetchOffsets { named, .. } if !self.may_fetch(named.as_ref()) => {
                self.answers.push((caller, Reply::StaleMember));
                Ok(())
            }
            Request::FetchOffsets { keys, stable, .. } => self.fetch_offsets(caller, &keys, stable),
            // Who begins there is an earlier life that knows only of an old commit of the group.
            Request::Read { key, from } if from < self.logs.log_start(key) => {
                self.answers.push((caller, Reply::Fenced));
                Ok(())
            }
            Request::Read { key, from } => {
                let page = read_from_log(&self.logs, key, from)?;
                self.answers.push((caller, Reply::Page(page)));
                Ok(())
            }
            Request::Add { id, producer, keys } => {
                let partitions = keys.into_iter().map(Key::in_transaction).collect();
                let add = AddPartitions { id, producer, partitions, version };
                let soft = &mut self.transactions_soft;
                let decision = self.transactions.add_partitions(soft, now, &add);
                self.decided(decision.map(|done| match done {
                    Ok(()) => (caller, Reply::Done),
                    Err(error) => (caller, refusal(error)),
                }))
            }
            Request::Produce { id, producer, key, batch } => {
                match self.may_write(&id, producer, key) {
                    Ok(guard) => {
                        let membership = Membership::Proved(guard);
                        let unknown_producer = UnknownProducer::MustStartAtZero;
                        let origin = Origin::Client { unknown_producer, membership };
                        self.append(caller, key, &batch, origin)
                    }
                    Err(reply) => {
                        self.answers.push((caller, reply));
                        Ok(())
                    }
                }
            }
            Request::CommitOffsets { id, producer, offsets, named } => {
                match self.may_write(&id, producer, Key::Offsets) {
                    Ok(guard) => self.commit_offsets(caller, (producer, guard), named, &offsets),
                    Err(reply) => {
                        self.answers.push((caller, reply));
                        Ok(())
                    }
                }
            }
            Request::End { id, producer, outcome } => {
                let end = EndTransaction { id, producer, outcome, version, fresh: Some(fresh) };
                let decision = self.transactions.end(&mut self.transactions_soft, now, &end);
                self.decided(decision.map(|given| producer_reply(caller, given)))
            }
            Request::Heartbeat(_, report) => self.heartbeat(caller, &report),
            Request::ShareFetch(asked) => {
                self.share_fetch(caller, asked)?;
                self.release()
            }
            Request::ShareAcknowledge(asked) => {
                self.share_acknowledge(caller, &asked)?;
                self.release()
            }
        }
    }

    /// Whether the producer has a transaction open to which the partition belongs, as the coordinator has it and it is
    /// committed.
    fn may_write(
        &mut self,
        id: &TransactionalId,
        producer: Producer,
        key: Key,
    ) -> Result<Option<Guard>, Reply> {
        let Some(guard) = self.logs.guard_for(key, producer) else { return Ok(None) };
        let partition = key.in_transaction();
        let decision = self.transactions.verify_partitions(id, producer, [&partition]);
        let committed = self.logs.high_watermark(Key::Transactions);
        if decision.seen.is_some_and(|seen| seen >= committed) {
            return Err(Reply::Later);
        }
        let verified = decision.reply.and_then(|each| each.into_iter().collect());
        verified.map(|()| Some(guard)).map_err(refusal)
    }

    fn append(
        &mut self,
        caller: Caller,
        key: Key,
        batch: &[u8],
        origin: Origin,
    ) -> Result<(), Stop> {
        let ticket = self.number();
        self.produces.insert(ticket, caller);
        let _: Result<Offset, AppendError> =
            self.logs.append(key, ticket, facts_of(batch)?, batch, origin)?;
        self.take_released();
        Ok(())
    }

    /// What a client hears of its produces.
    fn take_released(&mut self) {
        for (ticket, result) in self.logs.drain_released() {
            let Some(caller) = self.produces.remove(&ticket) else { continue };
            let reply = match result {
                Ok(_) => Reply::Done,
                Err(AppendError::Producer(_)) => Reply::Fenced,
                Err(_) => Reply::Later,
            };
            self.answers.push((caller, reply));
        }
    }

    fn fetch_offsets(&mut self, caller: Caller, keys: &[Key], stable: bool) -> Result<(), Stop> {
        let names: Vec<_> = keys.iter().map(|key| key.in_group()).collect();
        let asked = names.iter().map(|name| (&name.topic, None, name.partition));
        let decision = self.groups.fetch_offsets(&group_id(), asked, stable);
        let seen = decision.seen;
        let found: Result<Vec<_>, _> = decision.reply.into_iter().collect();
        let reply = match found {
            Err(_) => Reply::Later,
            Ok(found) => {
                let offset = |found: Option<&group::CommittedOffset>| {
                    found.and_then(|committed| committed.offset).unwrap_or(Offset::ZERO)
                };
                Reply::Offsets(keys.iter().copied().zip(found.into_iter().map(offset)).collect())
            }
        };
        self.once(Key::Offsets, after(seen), Then::Answer(caller, reply));
        self.release()
    }

    fn commit_offsets(
        &mut self,
        caller: Caller,
        (producer, guard): (Producer, Option<Guard>),
        named: Option<Named>,
        offsets: &[(Key, Offset)],
    ) -> Result<(), Stop> {
        let to_commit = |(key, offset): &(Key, Offset)| OffsetToCommit {
            partition: key.in_group(),
            topic_id: Some(key.id().topic),
            offset: Some(*offset),
            leader_epoch: None,
            metadata: "".into(),
        };
        let request = group::CommitOffsets {
            group: group_id(),
            generation: named.as_ref().and_then(|named| Generation::from_wire(named.epoch)),
            instance: named.as_ref().and_then(|named| named.instance.clone()),
            member: named.map(|named| named.member),
            knows_member_epochs: true,
            retention: None,
            offsets: offsets.iter().map(to_commit).collect(),
        };
        let now = self.groups_now();
        let soft = &mut self.groups_soft;
        let id = producer.id;
        let decision = self.groups.commit_offsets_in_transaction(soft, now, request, id);
        self.decided_in_group(caller, decision, producer, guard)
    }

    /// Notes what is to be done once a log is committed up to a place.
    pub(super) fn once(&mut self, log: Key, needed: Offset, then: Then) {
        let number = self.number();
        self.waiting.insert((log, needed, number), then);
    }

    /// Does what the committed logs allow, in the order of the logs.
    pub(super) fn release(&mut self) -> Result<(), Stop> {
        self.take_released();
        for key in Key::all() {
            loop {
                let committed = self.logs.high_watermark(key);
                let from = (key, Offset::ZERO, 0);
                let next = self.waiting.range(from..=(key, committed, u64::MAX)).next();
                let Some(at) = next.map(|(at, _)| *at) else { break };
                match self.waiting.remove(&at) {
                    Some(Then::Answer(caller, reply)) => self.answers.push((caller, reply)),
                    Some(Then::Begin(completion)) => self.begin(completion)?,
                    Some(Then::Told(id)) => self.told(&id)?,
                    Some(Then::Closed(id)) => drop(self.running.remove(&id)),
                    Some(Then::OpenShare(output, state)) => self.open_share(output, state)?,
                    Some(Then::PruneShares(before)) => {
                        self.pruned += u64::from(self.logs.delete_records(Key::Shares, before));
                    }
                    Some(Then::ShareWritten(output, id)) => self.share_written(output, id)?,
                    None => {}
                }
            }
        }
        Ok(())
    }

    /// Tells all partitions how the transaction ended.
    fn begin(&mut self, completion: Completion) -> Result<(), Stop> {
        let keys: BTreeSet<Key> =
            completion.partitions.iter().filter_map(Key::of_transaction).collect();
        let id = completion.id.clone();
        self.running.insert(id.clone(), (completion.clone(), keys.len() + 1));
        for key in keys {
            let end = self.write_marker(key, &completion)?;
            self.once(key, end, Then::Told(id.clone()));
        }
        self.told(&id)
    }

    fn told(&mut self, id: &TransactionalId) -> Result<(), Stop> {
        let Some((completion, left)) = self.running.get_mut(id) else { return Ok(()) };
        *left -= 1;
        if *left > 0 {
            return Ok(());
        }
        let (completion, now) = (completion.clone(), self.transactions_now());
        let decision = self.transactions.complete(&mut self.transactions_soft, now, &completion);
        self.closed(decision, id)
    }

    /// Deadlines of the machines, and of produces.
    pub(super) fn tick(&mut self) -> Result<(), Stop> {
        const DEADLINES_MAX: usize = 16;
        for _ in 0..DEADLINES_MAX {
            let next = self.transactions.next_timeout(&self.transactions_soft);
            if next.is_none_or(|at| at > self.clock.now()) {
                break;
            }
            let now = self.transactions_now();
            let decision = self.transactions.time_passed(&mut self.transactions_soft, now);
            self.decided_by_itself(decision)?;
        }
        self.tick_groups()?;
        self.tick_shares()?;
        self.release()
    }

    pub(super) fn transactions_now(&self) -> txn::Now {
        txn::Now { instant: self.clock.now(), wall: self.clock.wall() }
    }

    pub(super) fn groups_now(&self) -> group::Now {
        group::Now { instant: self.clock.now(), wall: self.clock.wall() }
    }
}

/// The offset behind what a reply rests on.
pub(super) fn after(seen: Option<Offset>) -> Offset {
    seen.and_then(|seen| seen.plus(1)).unwrap_or(Offset::ZERO)
}

pub(super) fn group_id() -> GroupId {
    GroupId::new("copiers").unwrap_or_else(|| unreachable!("a short name"))
}

fn producer_reply(caller: Caller, given: Result<Producer, TransactionError>) -> (Caller, Reply) {
    (caller, given.map_or_else(refusal, Reply::Producer))
}

fn refusal(error: TransactionError) -> Reply {
    match error {
        TransactionError::ConcurrentTransactions => Reply::Later,
        _ => Reply::Fenced,
    }
}

pub(super) fn facts_of(batch: &[u8]) -> Result<BatchFacts, Broken> {
    let view = BatchView::parse(batch).map_err(Broken::crash)?;
    BatchFacts::of_stored(&view).map_err(Broken::crash)
}
