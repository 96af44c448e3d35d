//! How the coordinators' decisions get into their logs, and back from there after a start.

use bytes::Bytes;
use group::{GroupRecord, TransactionOutcome};
use io::Clock;
use model::{CoordinatorEpoch, Offset, ProducerId};
use record::{
    BatchBuilder, BatchStamp, BatchView, Batches, Compressor, ControlStamp, ControlType,
    EndTransactionMarker, ProducerStamp, write_end_transaction_batch,
};
use replica::{AppendError, Guard, MarkerEpochRule, Membership, Origin, Reader};
use txn::{Completion, Outcome, Producer, TransactionalId};

use super::Key;
use super::broker::{Broker, Caller, Reply, Then, after, facts_of};
use super::reader::records_of;
use crate::failure::Broken;
use crate::stop::Stop;

type KeyValue = (Vec<u8>, Option<Vec<u8>>);

/// A record as it lies in a log.
struct Stored {
    at: Offset,
    key: Bytes,
    value: Option<Bytes>,
}

impl Broker {
    /// Carries out a decision of the transaction coordinator about a request.
    pub(super) fn decided(&mut self, decision: txn::Decision<(Caller, Reply)>) -> Result<(), Stop> {
        let (caller, reply) = decision.reply.clone();
        let needed = self.write_transactions(decision)?;
        self.once(Key::Transactions, needed, Then::Answer(caller, reply));
        self.release()
    }

    /// Of a deadline, or of a start.
    pub(super) fn decided_by_itself(&mut self, decision: txn::Decision<()>) -> Result<(), Stop> {
        self.write_transactions(decision)?;
        self.release()
    }

    /// The transaction is over.
    pub(super) fn closed(
        &mut self,
        decision: txn::Decision<()>,
        id: &TransactionalId,
    ) -> Result<(), Stop> {
        let needed = self.write_transactions(decision)?;
        self.once(Key::Transactions, needed, Then::Closed(id.clone()));
        Ok(())
    }

    /// Gives where the log must be committed for the reply to leave.
    fn write_transactions<R>(&mut self, decision: txn::Decision<R>) -> Result<Offset, Stop> {
        let mut encoded = Vec::new();
        for record in &decision.records {
            let txn::codec::KeyValue { key, value } =
                txn::codec::encode(record).map_err(Broken::crash)?;
            encoded.push((key, value));
        }
        let mut needed = after(decision.seen);
        if !encoded.is_empty() {
            let batch = self.batch_of(&encoded, None)?;
            let base = self.write(Key::Transactions, &batch, Origin::COORDINATOR)?;
            let mut next = base.map_err(Broken::crash)?;
            for record in &decision.records {
                self.transactions.replay(next, record);
                next = after(Some(next));
            }
            needed = needed.max(next);
        }
        for completion in decision.completions {
            self.once(Key::Transactions, needed, Then::Begin(completion));
        }
        Ok(needed)
    }

    /// Carries out a commit of offsets within a transaction.
    pub(super) fn decided_in_group(
        &mut self,
        caller: Caller,
        decision: group::Decision<group::PartResults>,
        producer: Producer,
        guard: Option<Guard>,
    ) -> Result<(), Stop> {
        let mut reply = match &decision.reply {
            Err(_) => Reply::StaleMember,
            Ok(results) if results.iter().any(Result::is_err) => Reply::Fenced,
            Ok(_) => Reply::Done,
        };
        let mut needed = after(decision.seen);
        if !decision.records.is_empty() {
            let mut encoded = Vec::new();
            for record in &decision.records {
                let group::codec::KeyValue { key, value } =
                    group::codec::encode(record).map_err(Broken::crash)?;
                encoded.push((key, value));
            }
            let batch = self.batch_of(&encoded, Some(producer))?;
            let origin = Origin::Coordinator { membership: Membership::Proved(guard) };
            match self.write(Key::Offsets, &batch, origin)? {
                Ok(mut next) => {
                    for record in &decision.records {
                        self.groups.replay(next, record);
                        next = after(Some(next));
                    }
                    needed = needed.max(next);
                }
                Err(_) => reply = Reply::Fenced,
            }
        }
        self.once(Key::Offsets, needed, Then::Answer(caller, reply));
        self.release()
    }

    /// Writes how a transaction ended to one partition; gives where its log must be committed.
    pub(super) fn write_marker(
        &mut self,
        key: Key,
        completion: &Completion,
    ) -> Result<Offset, Stop> {
        let committed = completion.outcome == Outcome::Commit;
        let stamp = ControlStamp {
            base_offset: Offset::ZERO,
            leader_epoch: None,
            timestamp: self.clock.wall(),
        };
        let coordinator_epoch = self.logs.leader_epoch(Key::Transactions).to_wire();
        let coordinator_epoch = CoordinatorEpoch::from_wire(coordinator_epoch).unwrap_or_default();
        let marker =
            EndTransactionMarker { committed, coordinator_epoch: coordinator_epoch.to_wire() };
        let Producer { id, epoch } = completion.producer;
        let mut batch = Vec::new();
        write_end_transaction_batch(stamp, id, epoch, marker, &mut batch).map_err(Broken::crash)?;
        let origin = Origin::Marker { epoch_rule: MarkerEpochRule::Later };
        match self.write(key, &batch, origin)? {
            Ok(at) => {
                if key == Key::Offsets {
                    self.groups.replay(at, &ended(id, committed));
                }
                Ok(after(Some(at)))
            }
            // A later life of the producer wrote there, which it could only after this transaction had ended.
            Err(AppendError::Producer(_)) => Ok(Offset::ZERO),
            Err(error) => Err(Broken::crash(error).into()),
        }
    }

    pub(super) fn write(
        &mut self,
        key: Key,
        batch: &[u8],
        origin: Origin,
    ) -> Result<Result<Offset, AppendError>, Stop> {
        let ticket = self.number();
        self.logs.append(key, ticket, facts_of(batch)?, batch, origin)
    }

    pub(super) fn batch_of(
        &self,
        records: &[KeyValue],
        within: Option<Producer>,
    ) -> Result<Vec<u8>, Broken> {
        let mut builder = BatchBuilder::new();
        for (key, value) in records {
            let wall = Some(self.clock.wall());
            builder.append(wall, Some(key), value.as_deref(), &[]).map_err(Broken::crash)?;
        }
        let producer = within.map(|producer| ProducerStamp {
            id: producer.id,
            epoch: producer.epoch,
            base_sequence: None,
        });
        let transactional = producer.is_some();
        let stamp = BatchStamp { producer, transactional, ..BatchStamp::default() };
        let batch = builder.finish(&stamp, &mut Compressor::new()).map_err(Broken::crash)?;
        Ok(batch.to_vec())
    }

    /// Reads the coordinators' logs, and goes on with what an earlier life had decided.
    pub(super) fn load(&mut self) -> Result<(), Stop> {
        self.load_log(Key::Transactions, |broker, stored, _| {
            let decoded = txn::codec::decode(&stored.key, stored.value.as_ref());
            if let txn::codec::Decoded::Record(record) = decoded.map_err(Broken::crash)? {
                broker.transactions.replay(stored.at, &record);
            }
            Ok(())
        })?;
        self.load_log(Key::Offsets, |broker, stored, producer| {
            let decoded = group::codec::decode(&stored.key, stored.value.as_ref(), producer);
            if let group::codec::Decoded::Record(record) = decoded.map_err(Broken::crash)? {
                broker.groups.replay(stored.at, &record);
            }
            Ok(())
        })?;
        self.load_log(Key::Shares, |broker, stored, _| {
            broker.replay_share(stored.at, &stored.key, stored.value.as_ref())
        })?;
        let now = self.groups_now();
        let loaded = self.groups.loaded(&mut self.groups_soft, now);
        if !loaded.records.is_empty() {
            return Err(Broken::crash("a group's records contradict each other").into());
        }
        let now = self.transactions_now();
        let loaded = self.transactions.loaded(&mut self.transactions_soft, now);
        self.decided_by_itself(loaded)?;
        self.open_shares()?;
        self.release()
    }

    fn load_log(
        &mut self,
        log: Key,
        replay: impl Fn(&mut Self, &Stored, Option<ProducerId>) -> Result<(), Broken>,
    ) -> Result<(), Stop> {
        let mut next = self.logs.log_start(log);
        loop {
            let bytes = self.logs.read(log, next, Reader::Follower)?;
            if bytes.is_empty() {
                return Ok(());
            }
            for batch in Batches::checked(&bytes) {
                let batch = batch.map_err(|stop| Broken::crash(format_args!("{stop:?}")))?;
                self.load_batch(log, &batch, &replay)?;
                next = batch.header().next_offset();
            }
        }
    }

    fn load_batch(
        &mut self,
        log: Key,
        batch: &BatchView<'_>,
        replay: &impl Fn(&mut Self, &Stored, Option<ProducerId>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let attributes = batch.header().attributes();
        let producer = batch.header().producer().map(|producer| producer.id);
        let producer = producer.filter(|_| attributes.is_transactional());
        let stored = records_of(batch, |record| Stored {
            at: record.offset,
            key: Bytes::copy_from_slice(record.key.unwrap_or_default()),
            value: record.value.map(Bytes::copy_from_slice),
        })?;
        for record in &stored {
            match producer.filter(|_| attributes.is_control()) {
                Some(producer) if log == Key::Offsets => {
                    let kind = ControlType::parse_key(Some(&record.key)).map_err(Broken::crash)?;
                    let committed = kind == ControlType::Commit;
                    self.groups.replay(record.at, &ended(producer, committed));
                }
                _ => replay(self, record, producer)?,
            }
        }
        Ok(())
    }
}

fn ended(producer: ProducerId, committed: bool) -> GroupRecord {
    let outcome = match committed {
        true => TransactionOutcome::Committed,
        false => TransactionOutcome::Aborted,
    };
    GroupRecord::TransactionEnded { producer, outcome }
}
