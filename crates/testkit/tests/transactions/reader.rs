//! A reader as clients are: it leaves out what was aborted by the list that comes with each answer.

use std::collections::BTreeSet;
use std::time::Instant;

use model::ProducerId;
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{BatchView, Batches, Decompressor, EndTransactionMarker};
use testkit::Failed;
use testkit::compare::Side;
use wire::messages::FetchRequest;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::fetch_response::PartitionData;

use crate::world::{NONE, PATIENCE, wait_for};

const FETCH: i16 = 12;
/// What a reader takes in one answer where a test does not say.
pub(crate) const AT_ONCE: i32 = 1 << 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) offset: i64,
    pub(crate) key: String,
    pub(crate) value: String,
}

/// Reads one partition.
pub(crate) struct Reader {
    side: Side,
    topic: String,
    partition: i32,
    committed: bool,
    pub(crate) position: i64,
    size_max: i32,
    decompressor: Decompressor,
}

impl Reader {
    /// Of committed records.
    pub(crate) fn new(address: &str, topic: &str, partition: i32) -> Self {
        Self {
            side: Side::new(address.to_owned()),
            topic: topic.to_owned(),
            partition,
            committed: true,
            position: 0,
            size_max: AT_ONCE,
            decompressor: Decompressor::new(),
        }
    }

    pub(crate) fn uncommitted_too(mut self) -> Self {
        self.committed = false;
        self
    }

    pub(crate) fn from(mut self, position: i64) -> Self {
        self.position = position;
        self
    }

    /// Takes so few bytes at a time.
    pub(crate) fn slowly(mut self, size_max: i32) -> Self {
        self.size_max = size_max;
        self
    }

    fn request(&self, wait_ms: i32) -> FetchRequest {
        let partition = FetchPartition {
            partition: self.partition,
            current_leader_epoch: -1,
            fetch_offset: self.position,
            last_fetched_epoch: -1,
            log_start_offset: -1,
            partition_max_bytes: self.size_max,
            ..Default::default()
        };
        FetchRequest {
            replica_id: -1,
            max_wait_ms: wait_ms,
            min_bytes: i32::from(wait_ms > 0),
            max_bytes: 8 << 20,
            isolation_level: i8::from(self.committed),
            session_epoch: -1,
            topics: vec![FetchTopic {
                topic: self.topic.clone(),
                partitions: vec![partition],
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    /// One answer as it came; an error when the broker is away.
    pub(crate) fn fetch(&mut self, wait_ms: i32) -> Result<PartitionData, Failed> {
        let answer = self.side.call(&self.request(wait_ms), FETCH)?;
        let answer = answer.ok_or_else(|| Failed("closed".to_owned()))?;
        let part = answer.responses.into_iter().flat_map(|topic| topic.partitions).next();
        let part = part.ok_or_else(|| Failed(format!("error {}", answer.error_code)))?;
        match part.error_code {
            NONE => Ok(part),
            code => Err(Failed(format!("fetch {} at {}: error {code}", self.topic, self.position))),
        }
    }

    /// Asks and goes away before the answer comes, as a reader that is killed.
    pub(crate) fn fetch_and_hang_up(&mut self) -> Result<(), Failed> {
        let request = self.request(500);
        self.side.call_and_hang_up(&request, FETCH)
    }

    /// The records of the next answer that count for this reader; its position moves behind them.
    pub(crate) fn step(&mut self, wait_ms: i32) -> Result<Vec<Read>, Failed> {
        let part = self.fetch(wait_ms)?;
        let mut aborted: Vec<(i64, i64)> = part
            .aborted_transactions
            .iter()
            .flatten()
            .map(|aborted| (aborted.first_offset, aborted.producer_id))
            .collect();
        aborted.sort_unstable();
        let mut coming = aborted.into_iter().peekable();
        let mut within = BTreeSet::new();
        let mut found = Vec::new();
        for batch in Batches::checked(&part.records.unwrap_or_default()) {
            // The last one may be cut.
            let Ok(batch) = batch else { break };
            let header = *batch.header();
            let next = header.next_offset().to_wire();
            while let Some((_, id)) = coming.next_if(|(first, _)| *first < next) {
                within.insert(id);
            }
            let producer = header.producer().map(|producer| producer.id.to_wire());
            if header.attributes().is_control() {
                self.control(&batch, &mut within)?;
            } else if !(header.attributes().is_transactional()
                && producer.is_some_and(|id| within.contains(&id)))
            {
                self.data(&batch, &mut found)?;
            }
            self.position = self.position.max(next);
        }
        Ok(found)
    }

    fn control(&mut self, batch: &BatchView<'_>, within: &mut BTreeSet<i64>) -> Result<(), Failed> {
        let producer = batch.header().producer().map(|stamp| stamp.id).map(ProducerId::to_wire);
        let records = batch.records(&mut self.decompressor, DECOMPRESSED_SIZE_MAX);
        for record in records.map_err(unreadable)? {
            let marker = EndTransactionMarker::parse(&record.map_err(unreadable)?);
            if let (Ok(marker), Some(producer)) = (marker, producer)
                && !marker.committed
            {
                within.remove(&producer);
            }
        }
        Ok(())
    }

    fn data(&mut self, batch: &BatchView<'_>, found: &mut Vec<Read>) -> Result<(), Failed> {
        let from = self.position;
        let records = batch.records(&mut self.decompressor, DECOMPRESSED_SIZE_MAX);
        for record in records.map_err(unreadable)? {
            let record = record.map_err(unreadable)?;
            // Batches are given whole, also to who asks from their middle.
            if record.offset.to_wire() >= from {
                found.push(Read {
                    offset: record.offset.to_wire(),
                    key: text(record.key),
                    value: text(record.value),
                });
            }
        }
        Ok(())
    }

    /// Everything up to the end that this reader may see, which must be that of the log: nothing is open.
    pub(crate) fn read_to_the_end(&mut self) -> Vec<Read> {
        let mut found = Vec::new();
        let until = Instant::now() + PATIENCE;
        loop {
            let before = self.position;
            found.extend(self.step(0).expect("a fetch"));
            if self.position == before {
                let part = self.fetch(0).expect("a fetch");
                let end =
                    if self.committed { part.last_stable_offset } else { part.high_watermark };
                if self.position == end {
                    return found;
                }
                // A marker may have come between the two answers.
                assert!(Instant::now() < until, "{} ends before its end {end}", self.topic);
            }
        }
    }

    pub(crate) fn values_to_the_end(&mut self) -> Vec<String> {
        self.read_to_the_end().into_iter().map(|read| read.value).collect()
    }

    /// Waits until nothing is open.
    pub(crate) fn until_stable(&mut self) {
        wait_for("the end of all transactions", || {
            let part = self.fetch(0).ok()?;
            (part.last_stable_offset == part.high_watermark).then_some(())
        });
    }
}

fn text(bytes: Option<&[u8]>) -> String {
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn unreadable(error: impl std::fmt::Display) -> Failed {
    Failed(error.to_string())
}
