use bytes::Bytes;
use group::MembersRoom;
use model::{Instant, Offset, ProducerId, SeededRandom, Timestamp, TopicId, TopicName};

use super::Unavailable;

/// What the shell must know of the machine whose shards it runs. The machine is the hard state of one partition; a
/// decision borrows it, and its records are replayed once they are in the log.
pub trait Machine: Default + Send + Sized + 'static {
    /// The topic that holds its state.
    const TOPIC: &'static str;
    /// What a shard is of, for log lines and the name of the thread.
    const KIND: &'static str;

    /// What dies with the process.
    type Soft: Send + 'static;
    /// What the operator may set of it.
    type Settings: Clone + Send + Sync + 'static;
    /// The time of a step.
    type Now: Copy;
    /// One change of the hard state.
    type Record;
    /// Names a parked request.
    type Ticket: Copy + Ord + Send;
    /// What a parked request ends with.
    type Reply: Send + 'static;
    /// Something to be done outside of the shard once a decision's records are committed.
    type Effect: Send + 'static;
    /// For the log.
    type Event;
    /// Its own word for a decision with a reply.
    type Decision<R>;

    /// A batch of the log that is damaged on disk is left out, and said to be. Without it whoever rests on the records gets
    /// more than they should have, never less; where that is not so the partition stays without a coordinator.
    const STEPS_OVER_DAMAGE: bool = false;

    /// Records that are larger than the topic allows are not written.
    const HEEDS_RECORD_SIZE: bool = false;

    fn now(instant: Instant, wall: Timestamp) -> Self::Now;

    fn ticket(number: u64) -> Self::Ticket;

    /// A soft state with nothing in it yet.
    fn soft(settings: &Self::Settings, random: SeededRandom) -> Self::Soft;

    fn set_settings(soft: &mut Self::Soft, settings: &Self::Settings);

    /// Records may have so many bytes of key and value; a machine that heeds it says what else cannot be done.
    fn set_record_size_max(_soft: &mut Self::Soft, _size_max: usize) {}

    /// So much room there is for members, said before each step.
    fn set_members_room(_soft: &mut Self::Soft, _room: MembersRoom) {}

    /// Bytes that members take.
    fn members_size(&self, _soft: &Self::Soft) -> usize {
        0
    }

    /// Takes over a record that is in the log at `at`.
    fn replay(&mut self, at: Offset, record: &Self::Record);

    /// Called once when all of the log is replayed.
    fn loaded(&self, soft: &mut Self::Soft, now: Self::Now) -> Self::Decision<()>;

    /// Carries out a deadline that is over.
    fn time_passed(&self, soft: &mut Self::Soft, now: Self::Now) -> Self::Decision<()>;

    /// When to call [`Self::time_passed`]; `None` while nothing has a deadline.
    fn next_timeout(&self, soft: &Self::Soft) -> Option<Instant>;

    /// Topics are gone; `None` where that is no concern.
    fn topics_deleted(
        &self,
        _soft: &mut Self::Soft,
        _now: Self::Now,
        _topics: &[GoneTopic],
    ) -> Option<Self::Decision<()>> {
        None
    }

    fn encode(record: &Self::Record) -> Result<KeyValue, Unavailable>;

    /// `producer` is that of the record's batch if it is part of a transaction. `None` for a record of a type that is not
    /// known: it stays in the log, and nothing reads it. An error says why a record cannot be read.
    fn decode(
        key: &Bytes,
        value: Option<&Bytes>,
        producer: Option<ProducerId>,
    ) -> Result<Option<Self::Record>, String>;

    /// The record that the end marker of a transaction stands for; `None` where transactions do not write.
    fn transaction_ended(_producer: ProducerId, _committed: bool) -> Option<Self::Record> {
        None
    }

    /// A decision in the shell's words.
    fn take_apart<R>(decision: Self::Decision<R>) -> Decided<Self, R>;

    /// Writes the log line of an event.
    fn say(event: &Self::Event);
}

/// A decision in the shell's words.
pub struct Decided<M: Machine, R> {
    /// To be appended in this order, then replayed.
    pub records: Vec<M::Record>,
    pub reply: R,
    /// Parked requests that end with this step.
    pub answers: Vec<(M::Ticket, M::Reply)>,
    /// To be done once the records are committed.
    pub effects: Vec<M::Effect>,
    pub events: Vec<M::Event>,
    /// The newest record that the replies rest on.
    pub seen: Option<Offset>,
}

/// Key and value of a record; no value deletes.
pub struct KeyValue {
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
}

/// A topic that was, and is no more.
#[derive(Clone, Debug)]
pub struct GoneTopic {
    pub name: TopicName,
    pub id: TopicId,
}
