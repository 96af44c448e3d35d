//! A shard in a small world for tests: decisions are carried out at once, time is turned by hand, and completions wait until
//! the test tells the partitions.

use std::collections::BTreeSet;
use std::time::Duration;

use model::{Instant, Offset, PartitionIndex, ProducerEpoch, ProducerId, Timestamp, TopicName};

use crate::{
    AddPartitions, Completion, Decision, EndTransaction, InitProducer, Now, Outcome, PartitionKey,
    Producer, Soft, State, TransactionError, TransactionRecord, TransactionSettings,
    TransactionShard, TransactionVersion, TransactionalId,
};

pub(crate) struct World {
    pub(crate) shard: TransactionShard,
    pub(crate) soft: Soft,
    pub(crate) log: Vec<TransactionRecord>,
    pub(crate) completions: Vec<Completion>,
    pub(crate) version: TransactionVersion,
    millis: u64,
    next_id: i64,
}

pub(crate) fn id() -> TransactionalId {
    TransactionalId::new("payments").unwrap()
}

pub(crate) fn producer(id: i64, epoch: i16) -> Producer {
    Producer {
        id: ProducerId::from_wire(id).unwrap(),
        epoch: ProducerEpoch::from_wire(epoch).unwrap(),
    }
}

pub(crate) fn key(partition: i32) -> PartitionKey {
    PartitionKey {
        topic: TopicName::new("orders").unwrap(),
        partition: PartitionIndex::from_wire(partition).unwrap(),
    }
}

impl World {
    pub(crate) fn new(version: TransactionVersion) -> Self {
        let settings = TransactionSettings { version, ..TransactionSettings::default() };
        Self {
            shard: TransactionShard::new(),
            soft: Soft::new(settings),
            log: Vec::new(),
            completions: Vec::new(),
            version,
            millis: 0,
            next_id: 1_000,
        }
    }

    pub(crate) fn now(&self) -> Now {
        let wall = 1_700_000_000_000 + i64::try_from(self.millis).unwrap();
        Now {
            instant: Instant::from_millis(self.millis),
            wall: Timestamp::from_millis(wall).unwrap(),
        }
    }

    fn carry_out<R>(&mut self, decision: Decision<R>) -> R {
        for record in decision.records {
            let at = Offset::from_wire(i64::try_from(self.log.len()).unwrap()).unwrap();
            self.shard.replay(at, &record);
            self.log.push(record);
        }
        self.completions.extend(decision.completions);
        decision.reply
    }

    /// The process dies and another one loads the log.
    pub(crate) fn restart(&mut self) {
        self.shard = TransactionShard::new();
        for (index, record) in self.log.iter().enumerate() {
            let at = Offset::from_wire(i64::try_from(index).unwrap()).unwrap();
            self.shard.replay(at, record);
        }
        self.soft = Soft::new(self.soft.settings().clone());
        self.completions.clear();
        let now = self.now();
        let decision = self.shard.loaded(&mut self.soft, now);
        self.carry_out(decision);
    }

    pub(crate) fn fresh(&mut self) -> Option<ProducerId> {
        self.next_id += 1;
        ProducerId::from_wire(self.next_id)
    }

    pub(crate) fn init(
        &mut self,
        expected: Option<Producer>,
    ) -> Result<Producer, TransactionError> {
        let fresh = self.fresh();
        let timeout = Duration::from_secs(60);
        let request = InitProducer { id: id(), timeout, expected, fresh };
        let now = self.now();
        let decision = self.shard.init_producer(&mut self.soft, now, &request);
        self.carry_out(decision)
    }

    pub(crate) fn add(
        &mut self,
        producer: Producer,
        partition: i32,
    ) -> Result<(), TransactionError> {
        let request = AddPartitions {
            id: id(),
            producer,
            partitions: BTreeSet::from([key(partition)]),
            version: self.version,
        };
        let now = self.now();
        let decision = self.shard.add_partitions(&mut self.soft, now, &request);
        self.carry_out(decision)
    }

    pub(crate) fn end(
        &mut self,
        producer: Producer,
        outcome: Outcome,
    ) -> Result<Producer, TransactionError> {
        let fresh = self.fresh();
        let request = EndTransaction { id: id(), producer, outcome, version: self.version, fresh };
        let now = self.now();
        let decision = self.shard.end(&mut self.soft, now, &request);
        self.carry_out(decision)
    }

    /// All partitions of all decided transactions are told.
    pub(crate) fn complete(&mut self) -> Vec<Completion> {
        let done = std::mem::take(&mut self.completions);
        for completion in &done {
            let now = self.now();
            let decision = self.shard.complete(&mut self.soft, now, completion);
            self.carry_out(decision);
        }
        done
    }

    pub(crate) fn pass(&mut self, duration: Duration) {
        let end = Instant::from_millis(self.millis).plus(duration);
        for _ in 0..10_000 {
            let due = self.shard.next_timeout(&self.soft).filter(|at| *at <= end);
            let at = due.unwrap_or(end);
            self.millis = self.millis.max(at.as_nanos() / 1_000_000);
            if due.is_none() {
                return;
            }
            let now = self.now();
            let decision = self.shard.time_passed(&mut self.soft, now);
            self.carry_out(decision);
        }
        panic!("deadlines never end");
    }

    pub(crate) fn state(&self) -> Option<State> {
        self.shard.describe(&id()).reply.ok().map(|described| described.state)
    }
}
