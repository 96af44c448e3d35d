//! The transaction coordinator in the shell.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use model::{Instant, Offset, ProducerId, SeededRandom, Timestamp};
use record::Codec;
use settings::BrokerSettings;
use txn::codec::{self, CodecError, Decoded};
use txn::{
    Completion, Decision, Event, Now, Soft, TransactionRecord, TransactionSettings,
    TransactionShard, TransactionVersion,
};

use super::machine::{Decided, KeyValue, Machine};
use super::{Coordinator, Settings, Unavailable};
use crate::limits::TRANSACTION_COMMIT_WAIT_MAX;

/// The topic that holds transactions.
pub const TRANSACTION_TOPIC: &str = "__transaction_state";

/// The transaction coordinator of this broker.
pub type TransactionCoordinator = Coordinator<TransactionShard>;

impl Settings<TransactionSettings> {
    pub fn of_transactions(settings: &BrokerSettings, version: TransactionVersion) -> Self {
        let millis = |millis: u32| Duration::from_millis(u64::from(millis));
        let transactions = settings.transactions;
        Self {
            machine: TransactionSettings {
                timeout_max: millis(transactions.timeout_max_ms),
                id_expiration: millis(transactions.id_expiration_ms),
                expiry_check_interval: millis(transactions.expiry_check_interval_ms),
                version,
            },
            commit_timeout: TRANSACTION_COMMIT_WAIT_MAX,
            codec: Codec::None,
        }
    }
}

impl Machine for TransactionShard {
    const TOPIC: &'static str = TRANSACTION_TOPIC;
    const KIND: &'static str = "transaction";

    type Soft = Soft;
    type Settings = TransactionSettings;
    type Now = Now;
    type Record = TransactionRecord;
    type Ticket = u64;
    type Reply = Infallible;
    type Effect = Completion;
    type Event = Event;
    type Decision<R> = Decision<R>;

    fn now(instant: Instant, wall: Timestamp) -> Now {
        Now { instant, wall }
    }

    fn ticket(number: u64) -> u64 {
        number
    }

    fn soft(settings: &TransactionSettings, _random: SeededRandom) -> Soft {
        Soft::new(settings.clone())
    }

    fn set_settings(soft: &mut Soft, settings: &TransactionSettings) {
        soft.set_settings(settings.clone());
    }

    fn set_record_size_max(soft: &mut Soft, size_max: usize) {
        soft.set_record_size_max(size_max);
    }

    fn replay(&mut self, at: Offset, record: &TransactionRecord) {
        Self::replay(self, at, record);
    }

    fn loaded(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        Self::loaded(self, soft, now)
    }

    fn time_passed(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        Self::time_passed(self, soft, now)
    }

    fn next_timeout(&self, soft: &Soft) -> Option<Instant> {
        Self::next_timeout(self, soft)
    }

    fn encode(record: &TransactionRecord) -> Result<KeyValue, Unavailable> {
        match codec::encode(record) {
            Ok(codec::KeyValue { key, value }) => Ok(KeyValue { key, value }),
            Err(error) => {
                tracing::error!(%error, "encode transaction record");
                Err(encode_failure(&error))
            }
        }
    }

    fn decode(
        key: &Bytes,
        value: Option<&Bytes>,
        _producer: Option<ProducerId>,
    ) -> Result<Option<TransactionRecord>, String> {
        match codec::decode(key, value) {
            Ok(Decoded::Record(record)) => Ok(Some(record)),
            Ok(Decoded::OtherType(_)) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn take_apart<R>(decision: Decision<R>) -> Decided<Self, R> {
        let Decision { records, reply, completions, events, seen } = decision;
        Decided { records, reply, answers: Vec::new(), effects: completions, events, seen }
    }

    fn say(event: &Event) {
        match event {
            Event::TimedOut { id, producer } => {
                let (producer_id, epoch) = (producer.id, producer.epoch);
                tracing::info!(%id, %producer_id, %epoch, "abort transaction that was open for too long");
            }
            Event::TakenOver { id, producer } => {
                let (producer_id, epoch) = (producer.id, producer.epoch);
                tracing::info!(%id, %producer_id, %epoch, "abort transaction of a producer that is replaced");
            }
            Event::Expired { count } => {
                tracing::info!(count, "forgot transactional ids that were idle");
            }
        }
    }
}

fn encode_failure(error: &CodecError) -> Unavailable {
    match error {
        CodecError::Encode(_) | CodecError::TransactionalId(_) => Unavailable::TooLarge,
        CodecError::Decode(_)
        | CodecError::TopicName(_)
        | CodecError::Partition(_)
        | CodecError::ProducerId(_)
        | CodecError::ProducerEpoch(_)
        | CodecError::State(_) => Unavailable::NotCommitted,
    }
}
