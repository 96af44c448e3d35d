use model::{Offset, Timestamp};
use record::{BatchBuilder, BatchStamp, Compressor, HeaderView};
use settings::TimestampType;
use share::{DeadLetter, DeadLetterCause};

use super::super::{SharedPartition, group_settings};
use super::destination::Destination;
use super::originals::{Original, Originals};
use crate::Broker;
use crate::topic_rules::compression;

/// Bytes of one batch of dead letters, where the topic lets them be as many. One record may be larger.
const BATCH_SIZE_MAX: usize = 1024 * 1024;

/// What share groups of Apache Kafka call what a dead letter tells; every client may look for these.
const TOPIC: &[u8] = b"__dlq.errors.topic";
const PARTITION: &[u8] = b"__dlq.errors.partition";
const OFFSET: &[u8] = b"__dlq.errors.offset";
const GROUP: &[u8] = b"__dlq.errors.group";
const DELIVERY_COUNT: &[u8] = b"__dlq.errors.delivery.count";
const MESSAGE: &[u8] = b"__dlq.errors.message";

/// Kafka's words too: consumers tell the causes apart by them.
const REJECTED: &str = "Offset rejected by client.";
const DELIVERED_TOO_OFTEN: &str = "Offset delivery count exceeded the threshold.";

/// A batch of the first letters.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// `None` when none of the letters that it would be of can be written.
    pub(super) batch: Option<Vec<u8>>,
    pub(super) record_count: u64,
    /// Offsets among them that cannot be written, however often it is tried.
    pub(super) lost_count: u64,
}

/// What all letters of a share-partition have in common.
struct Writer<'a> {
    destination: &'a Destination,
    size_max: usize,
    now: Timestamp,
    topic: String,
    partition: String,
    group: &'a str,
    delivery_count_limit: u16,
    builder: BatchBuilder,
    built: Built,
}

/// What came of one record.
enum Fit {
    Written,
    Lost,
    /// It belongs in the next batch.
    Full,
}

/// Puts as many of the letters in a batch as fit, in order.
pub(super) fn build(
    broker: &Broker,
    shared: &SharedPartition,
    destination: &Destination,
    letters: &[DeadLetter],
) -> Built {
    let key = shared.key();
    let name = shared.partition().name();
    let size_max = (destination.settings.max_message_bytes as usize).min(BATCH_SIZE_MAX);
    let mut writer = Writer {
        destination,
        size_max,
        now: broker.now().wall,
        topic: name.topic.as_str().to_owned(),
        partition: key.partition.to_string(),
        group: key.group.as_str(),
        delivery_count_limit: group_settings(broker, &key.group).delivery_count_limit,
        builder: BatchBuilder::new(),
        built: Built::default(),
    };
    let mut originals = destination.copies.then(|| Originals::new(broker, shared.partition()));
    'letters: for letter in letters {
        let mut next = Some(letter.range);
        while let Some(range) = next {
            let offset = range.first();
            let original = originals.as_mut().and_then(|it| it.get(offset, letter.range.end()));
            match writer.append(letter, offset, original) {
                Fit::Written => writer.built.record_count += 1,
                Fit::Lost => writer.built.lost_count += 1,
                Fit::Full => break 'letters,
            }
            next = offset.plus(1).and_then(|offset| range.from(offset));
        }
    }
    writer.finish()
}

impl Writer<'_> {
    fn append(&mut self, letter: &DeadLetter, offset: Offset, original: Option<&Original>) -> Fit {
        let (offset, delivery_count) = (offset.to_string(), letter.delivery_count.to_string());
        let header = |key, value| HeaderView { key, value: Some(value) };
        let headers = [
            header(TOPIC, self.topic.as_bytes()),
            header(PARTITION, self.partition.as_bytes()),
            header(OFFSET, offset.as_bytes()),
            header(GROUP, self.group.as_bytes()),
            header(DELIVERY_COUNT, delivery_count.as_bytes()),
            header(MESSAGE, self.cause(letter).as_bytes()),
        ];
        let key = original.and_then(|original| original.key.as_deref());
        let value = original.and_then(|original| original.value.as_deref());
        let whole = BatchBuilder::record_size_max(key, value, &headers);
        let bare = BatchBuilder::record_size_max(None, None, &headers);
        let fits = |size: usize, max: usize| self.builder.size() + size <= max;
        let max = self.destination.settings.max_message_bytes as usize;
        let fit = match self.builder.is_empty() {
            // A record that is larger than a batch should be has one for itself.
            true => [whole, bare].map(|size| fits(size, max)),
            false if !fits(whole, self.size_max) => return Fit::Full,
            false => [true, true],
        };
        // Better where it was, without what it was, than nothing. A compacted topic takes nothing without a key.
        let (key, value) = if fit[0] { (key, value) } else { (None, None) };
        let needs_key = self.destination.settings.cleanup.compact;
        if !(fit[0] || fit[1]) || (needs_key && key.is_none()) {
            return Fit::Lost;
        }
        match self.builder.append(Some(self.now), key, value, &headers) {
            Ok(()) => Fit::Written,
            Err(_) if self.builder.is_empty() => Fit::Lost,
            Err(_) => Fit::Full,
        }
    }

    /// An earlier leader has not written down why: then the number of deliveries tells.
    const fn cause(&self, letter: &DeadLetter) -> &'static str {
        match letter.cause {
            DeadLetterCause::Rejected => REJECTED,
            DeadLetterCause::DeliveryCountLimit => DELIVERED_TOO_OFTEN,
            DeadLetterCause::Unknown if letter.delivery_count >= self.delivery_count_limit => {
                DELIVERED_TOO_OFTEN
            }
            DeadLetterCause::Unknown => REJECTED,
        }
    }

    fn finish(mut self) -> Built {
        let settings = &self.destination.settings;
        let is_log_time = settings.timestamp_type == TimestampType::LogAppendTime;
        let stamp = BatchStamp {
            compression: compression(settings).unwrap_or_default(),
            append_time: is_log_time.then_some(self.now),
            ..BatchStamp::default()
        };
        let batch = self.builder.finish(&stamp, &mut Compressor::new());
        self.built.batch = batch.ok().map(|batch| batch.to_vec());
        self.built
    }
}
