//! Batches of transactions: none is appended before it is certain that its transaction will be ended (KIP-890).
//!
//! The first batch of a transaction in a partition waits until the coordinator has said that the partition takes part; those
//! that come meanwhile wait behind it, so that a producer's sequence keeps its order. Each of them costs one copy, for the
//! request's own memory is shared by then.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use io::arena::Region;
use model::{Instant, PartitionId};
use replica::{BatchFacts, Guard, Membership, Origin, ProducerFacts, UnknownProducer};
use transport::LoopIo;
use txn::{PartitionKey, Producer, TransactionVersion, TransactionalId};
use wire::ErrorCode;

use super::PartResult;
use crate::hot::Hot;
use crate::loop_message::Kind;
use crate::partition::{AppendRequest, Partition};
use crate::ticket::{ProduceTicket, Ticket};
use crate::transactions::{HowToJoin, Join, Refused, Uncommitted};
use crate::{LoopMessage, error_map};

/// From this version on a partition joins a transaction by being written to.
const JOINING_VERSION_MIN: i16 = 12;
/// From this version on producers know that a transaction must be aborted.
const ABORTABLE_VERSION_MIN: i16 = 11;

/// A batch of a transaction on its way to the log.
pub(super) struct Transactional<'a> {
    pub(super) ticket: ProduceTicket,
    pub(super) partition: &'a Arc<Partition>,
    pub(super) facts: BatchFacts,
    pub(super) deadline: Instant,
    pub(super) batch: &'a [u8],
}

/// What the batches of one producer's epoch for one partition wait for.
pub(super) struct Joining {
    guard: Guard,
    waiting: VecDeque<Deferred>,
}

/// A batch that waits, with memory of its own.
struct Deferred {
    ticket: ProduceTicket,
    partition: Arc<Partition>,
    facts: BatchFacts,
    deadline: Instant,
    unknown_producer: UnknownProducer,
    region: Region,
    knows_abortable: bool,
}

/// What the coordinator said of a producer that wants to write to a partition.
#[derive(Debug)]
pub(crate) struct Joined {
    partition: PartitionId,
    producer: Producer,
    result: Result<(), Refused>,
    uncommitted: Uncommitted,
}

/// A batch for which there was no memory comes again: in a transaction, those behind it must not go first meanwhile.
pub(super) fn note_refused(partition: &Partition, facts: &BatchFacts) {
    if let Some(producer) = facts.producer.filter(|_| facts.transactional) {
        // Where this broker does not lead, nothing is appended either.
        let _ = partition.guard_for(producer.id, producer.epoch, producer.base_sequence);
    }
}

impl Hot {
    /// As what the batch may be appended at once. `None` when it waits, or was refused.
    pub(super) fn membership(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        batch: &Transactional<'_>,
    ) -> Option<Origin> {
        let pending = self.produces.pending.get(batch.ticket.request)?;
        let version = pending.head.version;
        let joins = version >= JOINING_VERSION_MIN;
        let unknown_producer = match joins {
            true => UnknownProducer::MustStartAtZero,
            false => UnknownProducer::AnySequence,
        };
        let origin = |membership| Origin::Client { unknown_producer, membership };
        if !joins && !self.broker.config().settings().transactions.verification {
            return Some(origin(Membership::Trusted));
        }
        let (Some(id), Some(producer)) = (pending.transactional_id.clone(), batch.facts.producer)
        else {
            self.refuse(batch.ticket, ErrorCode::TransactionalIdAuthorizationFailed);
            return None;
        };
        let place = (batch.partition.id(), producer.id, producer.epoch);
        let is_asked = self.produces.joining.contains_key(&place);
        if !is_asked {
            let first = producer.base_sequence;
            match batch.partition.guard_for(producer.id, producer.epoch, first) {
                // The append finds out for itself that this broker does not lead.
                Err(_) | Ok(None) => return Some(origin(Membership::Proved(None))),
                Ok(Some(guard)) => {
                    let joining = Joining { guard, waiting: VecDeque::new() };
                    self.produces.joining.insert(place, joining);
                    self.ask(io, id, batch.partition, producer, joins);
                }
            }
        }
        // Not from the loop's own chunk, whose rest the connection holds that sent the batch: it would begin a new one.
        let Ok(region) = self.broker.arena().region_of(batch.batch) else {
            self.refuse(batch.ticket, error_map::arena_full(&io::arena::ArenaFull));
            return None;
        };
        let deferred = Deferred {
            ticket: batch.ticket,
            partition: Arc::clone(batch.partition),
            facts: batch.facts,
            deadline: batch.deadline,
            unknown_producer,
            region,
            knows_abortable: version >= ABORTABLE_VERSION_MIN,
        };
        self.produces.joining.get_mut(&place)?.waiting.push_back(deferred);
        None
    }

    fn ask(
        &self,
        io: &LoopIo<LoopMessage>,
        id: TransactionalId,
        partition: &Arc<Partition>,
        producer: ProducerFacts,
        joins: bool,
    ) {
        let name = partition.name();
        let key = PartitionKey { topic: name.topic.clone(), partition: name.partition };
        let producer = Producer { id: producer.id, epoch: producer.epoch };
        let join = Join {
            id,
            producer,
            partitions: BTreeSet::from([key]),
            how: match joins {
                true => HowToJoin::Add(TransactionVersion::V2),
                false => HowToJoin::Verify,
            },
        };
        let before = partition.is_alone_and_durable().then(|| Arc::clone(partition.dir()));
        let (home, partition) = (io.handle().clone(), partition.id());
        join.ask(&self.broker, before, move |result, uncommitted| {
            let joined = Joined { partition, producer, result, uncommitted };
            home.send(LoopMessage(Kind::Joined(joined)));
        });
    }

    /// The coordinator has answered: what waits is appended in its order, or refused.
    pub(crate) fn joined(&mut self, io: &mut LoopIo<LoopMessage>, joined: Joined) {
        let Joined { partition, producer, result, uncommitted } = joined;
        let place = (partition, producer.id, producer.epoch);
        let Some(joining) = self.produces.joining.remove(&place) else { return };
        for deferred in joining.waiting {
            match &result {
                Ok(()) => self.append_deferred(io, joining.guard, deferred),
                Err(refused) => {
                    let code = error_map::refused_membership(refused, deferred.knows_abortable);
                    self.refuse(deferred.ticket, code);
                    self.answer_if_complete(io, deferred.ticket.request);
                }
            }
        }
        if self.appended.iter().any(|queue| !queue.is_empty()) {
            // At the end of this round, with what others join by now.
            uncommitted.leave();
        }
    }

    fn append_deferred(&mut self, io: &mut LoopIo<LoopMessage>, guard: Guard, batch: Deferred) {
        let Some(pending) = self.produces.pending.get(batch.ticket.request) else { return };
        let now = self.now(io);
        let Deferred { ticket, partition, facts, deadline, unknown_producer, mut region, .. } =
            batch;
        let request = AppendRequest {
            ticket: Ticket::Produce(ticket),
            facts,
            acks: pending.acks,
            origin: Origin::Client {
                unknown_producer,
                membership: Membership::Proved(Some(guard)),
            },
            range: 0..region.len(),
            region: &mut region,
            deadline,
        };
        partition.append(now, request, &mut self.out);
        self.appended(io, now, partition);
    }

    fn refuse(&mut self, ticket: ProduceTicket, code: ErrorCode) {
        self.part_done(ticket.request, ticket.part as usize, PartResult::failed(code));
    }
}
