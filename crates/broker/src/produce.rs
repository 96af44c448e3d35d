//! Produce, on the loop that read it: every batch is checked, stepped into its partition and answered from here.
//!
//! Per request: one pass over the frame to find the batches, one CRC per batch, one step under each partition's lock, one
//! answer. The bytes stay where the socket put them; nothing is allocated once the loop's memory has grown.

mod answer;
mod transactional;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use io::arena::{ArenaFull, Region};
use model::{PartitionId, ProducerEpoch, ProducerId, Timestamp, Uuid};
use record::{InvalidBatch, ValidBatch, recompress, set_log_append_time, set_max_timestamp};
use replica::{Acks, AppendError, Appended, BatchFacts, Novelty, Origin};
use settings::{TimestampType, TopicSettings};
use storage::LaneState;
use transport::{AnswerKey, ConnectionKey, LoopIo, Slab, SlabKey, TimerKey};
use txn::TransactionalId;
use wire::ErrorCode;
use wire::messages::produce_request::ProduceRequestView;

use self::answer::write_answer;
pub(crate) use self::transactional::Joined;
use self::transactional::{Joining, Transactional};
use crate::dispatch::{Head, Refused};
use crate::hot::{Hot, OwnAppend, Timer};
use crate::partition::{AppendRequest, Now, Partition};
use crate::partition_error::PartitionError;
use crate::ticket::{ProduceTicket, Ticket};
use crate::{LoopMessage, error_map, limits, topic_rules, topics};

/// A produce whose answer is not complete.
pub(crate) struct PendingProduce {
    connection: ConnectionKey,
    slot: AnswerKey,
    head: Head,
    acks: Acks,
    transactional_id: Option<TransactionalId>,
    parts: Parts,
    /// Parts without a result.
    waiting: usize,
    /// Every part has been stepped.
    complete: bool,
    timer: Option<TimerKey>,
}

/// What a request names, which the answer names again: so the request's memory can go before the answer does.
#[derive(Default)]
struct Parts {
    list: Vec<Part>,
    topics: Vec<TopicOfParts>,
    /// Their names, back to back.
    names: String,
}

/// A topic of a request; its partitions are the next ones of the parts.
struct TopicOfParts {
    name: Range<usize>,
    id: Uuid,
    part_count: usize,
}

/// One partition of a request.
struct Part {
    index: i32,
    partition: Option<Arc<Partition>>,
    settings: Option<Arc<TopicSettings>>,
    /// Where its batch lies in the frame.
    range: Range<usize>,
    result: PartResult,
}

/// What is answered for one partition.
#[derive(Clone, Copy, Debug)]
struct PartResult {
    error: ErrorCode,
    invalid: Option<InvalidBatch>,
    base: i64,
    log_append_time: i64,
    log_start: i64,
    leader: Option<(i32, i32)>,
    done: bool,
}

impl PartResult {
    const WAITING: Self = Self {
        error: ErrorCode::None,
        invalid: None,
        base: -1,
        log_append_time: -1,
        log_start: -1,
        leader: None,
        done: false,
    };

    const fn failed(error: ErrorCode) -> Self {
        Self { error, done: true, ..Self::WAITING }
    }
}

/// The produces of a loop that wait for the log.
#[derive(Default)]
pub(crate) struct PendingProduces {
    pending: Slab<PendingProduce>,
    /// Memory of answered ones.
    spare_parts: Vec<Parts>,
    /// Batches of transactions that wait for the coordinator, in the order in which they came.
    joining: BTreeMap<(PartitionId, ProducerId, ProducerEpoch), Joining>,
}

/// The batch as it goes into the log.
enum Prepared {
    /// It stays where it was read.
    InFrame,
    /// It was written anew: other codec, other times.
    Anew(Region),
}

/// Why a batch does not come to its partition.
enum NotPrepared {
    Invalid(InvalidBatch),
    /// With what the producer sends again.
    NoMemory(ArenaFull, BatchFacts),
}

impl Hot {
    /// Takes a Produce request in. Its answer may leave at once, or when the log has come so far.
    pub(crate) fn produce(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        (connection, slot): (ConnectionKey, AnswerKey),
        head: Head,
        mut frame: Region,
    ) -> Result<(), Refused> {
        let broker = Arc::clone(&self.broker);
        self.topics.refresh(&broker);
        let mut parts = self.produces.spare_parts.pop().unwrap_or_default();
        let request = match self.find_parts(&head, &frame, &mut parts) {
            Ok(request) => request,
            Err(error) => {
                self.produces.keep(parts);
                return Err(error);
            }
        };
        let waiting = parts.list.len();
        let deadline = io.now().plus(request.timeout);
        let key = self.produces.pending.insert(PendingProduce {
            connection,
            slot,
            head,
            acks: request.acks,
            transactional_id: request.transactional_id,
            parts,
            waiting,
            complete: false,
            timer: None,
        });
        for part in 0..waiting {
            self.append_part(io, key, part, &mut frame, deadline);
        }
        // Batches that stay in the frame keep it.
        io.release(frame);
        let Some(pending) = self.produces.pending.get_mut(key) else { return Ok(()) };
        pending.complete = true;
        if pending.waiting == 0 {
            self.answer_produce(io, key);
        } else {
            pending.timer = Some(io.set_timer(deadline, Timer::Produce(key).to_token()));
        }
        Ok(())
    }

    /// Finds the partition and the batch of every part.
    fn find_parts(
        &mut self,
        head: &Head,
        frame: &Region,
        parts: &mut Parts,
    ) -> Result<ProduceFacts, Refused> {
        let body = frame.bytes().get(head.body..).unwrap_or_default();
        let request = ProduceRequestView::parse(body, head.version)?;
        let acks = match request.acks {
            0 => Ok(Acks::None),
            1 => Ok(Acks::Leader),
            -1 => Ok(Acks::AllInSync),
            _ => Err(ErrorCode::InvalidRequiredAcks),
        };
        let by_id = head.version >= TOPIC_ID_VERSION_MIN;
        let internal_allowed = head.client_is_admin;
        for topic in request.topic_data {
            let place = if by_id {
                self.topics.by_id(&self.broker, topic.topic_id)
            } else {
                self.topics.by_name(&self.broker, topic.name)
            };
            parts.begin_topic(topic.name, topic.topic_id, topic.partition_data.len());
            for partition in topic.partition_data {
                let mut part = Part {
                    index: partition.index,
                    partition: None,
                    settings: None,
                    range: range_in(frame, partition.records.unwrap_or_default()),
                    result: PartResult::WAITING,
                };
                let found = match (acks, place) {
                    (Err(error), _) => Err(PartResult::failed(error)),
                    (Ok(_), None) if by_id => Err(refused(PartitionError::UnknownTopicId)),
                    (Ok(_), None) => Err(refused(PartitionError::UnknownTopic)),
                    (Ok(_), Some(place)) => self
                        .topics
                        .partition(&self.broker, place, partition.index)
                        .map(|found| (Arc::clone(found), place))
                        .map_err(refused),
                };
                match found {
                    Ok((found, place)) => {
                        let topic = self.topics.get(place);
                        part.settings = topic.map(|topic| Arc::clone(&topic.settings));
                        let internal =
                            topic.is_some_and(|topic| topics::is_internal(&topic.topic.name));
                        if internal && !internal_allowed {
                            part.result = PartResult::failed(ErrorCode::InvalidTopicException);
                        }
                        part.partition = Some(found);
                    }
                    Err(result) => part.result = result,
                }
                parts.list.push(part);
            }
        }
        let timeout = Duration::from_millis(u64::try_from(request.timeout_ms).unwrap_or(0));
        let transactional_id = request.transactional_id.and_then(TransactionalId::new);
        Ok(ProduceFacts { acks: acks.unwrap_or(Acks::Leader), timeout, transactional_id })
    }

    fn append_part(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        key: SlabKey,
        part: usize,
        frame: &mut Region,
        deadline: model::Instant,
    ) {
        let now = self.now(io);
        let Some(pending) = self.produces.pending.get_mut(key) else { return };
        let (version, acks) = (pending.head.version, pending.acks);
        let Some(place) = pending.parts.list.get_mut(part) else { return };
        let (Some(partition), Some(settings), false) =
            (place.partition.clone(), place.settings.take(), place.result.done)
        else {
            pending.waiting -= 1;
            return;
        };
        let range = place.range.clone();
        let prepared = self.prepare(&settings, version, now.wall, frame, range.clone());
        let (valid, mut prepared) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return self.not_prepared(key, part, &error),
        };
        if partition.dir().lane().state() != LaneState::Running {
            return self.part_done(key, part, PartResult::failed(ErrorCode::KafkaStorageError));
        }
        let log_append_time = match settings.timestamp_type {
            TimestampType::LogAppendTime => now.wall.as_millis(),
            TimestampType::CreateTime => -1,
        };
        self.note_time(key, part, log_append_time);
        let mut facts = BatchFacts::from(&valid);
        let (region, range) = match &mut prepared {
            Prepared::InFrame => (&mut *frame, range.start..range.start + valid.size()),
            Prepared::Anew(region) => {
                facts.size_bytes = u32::try_from(region.len()).unwrap_or(u32::MAX);
                if log_append_time >= 0 {
                    facts.max_timestamp = Some(now.wall);
                }
                let whole = 0..region.len();
                (region, whole)
            }
        };
        let ticket = ProduceTicket {
            home: self.home,
            part: u32::try_from(part).unwrap_or(u32::MAX),
            request: key,
        };
        let mut origin = Origin::CLIENT;
        if facts.transactional {
            let batch = region.bytes().get(range.clone()).unwrap_or_default();
            let batch = Transactional { ticket, partition: &partition, facts, deadline, batch };
            match self.membership(io, &batch) {
                Some(allowed) => origin = allowed,
                None => return,
            }
        }
        let request = AppendRequest {
            ticket: Ticket::Produce(ticket),
            facts,
            acks,
            origin,
            region,
            range,
            deadline,
        };
        partition.append(now, request, &mut self.out);
        self.appended(io, now, partition);
    }

    /// After a step that may have written: sees to the write, and carries out what else it came to.
    fn appended(&mut self, io: &mut LoopIo<LoopMessage>, now: Now, partition: Arc<Partition>) {
        if let Some(write) = self.out.write.take() {
            match write.run() {
                Ok(Some(end)) => partition.durable(now, end, &mut self.out),
                Ok(None) => {}
                Err(error) => {
                    self.broker.log_dir_error(partition.dir(), &error);
                    partition.refuse_waiting(&mut self.out);
                }
            }
        }
        if let Some((sequence, end)) = self.out.sequence.take() {
            let number = self.broker.dir_number(partition.dir());
            if let Some(queue) = self.appended.get_mut(number) {
                // Other loops push to the same lane; this loop's own come in the lane's order.
                queue.push_back(OwnAppend { sequence, partition, end });
            }
        }
        self.deliver(io);
    }

    /// Checks a batch, and writes it anew where the topic wants it otherwise than it came.
    fn prepare(
        &mut self,
        settings: &TopicSettings,
        version: i16,
        wall: Timestamp,
        frame: &Region,
        range: Range<usize>,
    ) -> Result<(ValidBatch, Prepared), NotPrepared> {
        let rules = topic_rules::produce_rules(settings, version, wall);
        let bytes = frame.bytes().get(range).unwrap_or_default();
        let valid = record::validate(bytes, &rules, &mut self.decompressor)?;
        let codec = topic_rules::compression(settings).filter(|to| to.codec() != valid.codec());
        let set_time = settings.timestamp_type == TimestampType::LogAppendTime;
        if codec.is_none() && !set_time && !valid.max_timestamp_differs() {
            return Ok((valid, Prepared::InFrame));
        }
        let batch = bytes.get(..valid.size()).unwrap_or_default();
        self.rebuilt.clear();
        match codec {
            None => self.rebuilt.extend_from_slice(batch),
            Some(to) => {
                let view = record::BatchView::parse(batch)
                    .map_err(|_| InvalidBatch::Incomplete { present: batch.len() })?;
                recompress(
                    &view,
                    to,
                    &mut self.compressor,
                    &mut self.decompressor,
                    rules.decompressed_size_max,
                    &mut self.rebuilt,
                )
                .map_err(|_| InvalidBatch::Decompress(valid.codec()))?;
            }
        }
        let timed = if set_time {
            set_log_append_time(&mut self.rebuilt, wall)
        } else if valid.max_timestamp_differs() {
            set_max_timestamp(&mut self.rebuilt, valid.max_timestamp())
        } else {
            Ok(())
        };
        timed.map_err(|_| InvalidBatch::Incomplete { present: self.rebuilt.len() })?;
        // Not from the loop's own chunk, whose rest the connection holds that sent the batch: it would begin a new one.
        let region = self.broker.arena().region_of(&self.rebuilt);
        let region =
            region.map_err(|full| NotPrepared::NoMemory(full, BatchFacts::from(&valid)))?;
        if self.rebuilt.capacity() > limits::REBUILT_SIZE_KEPT_MAX {
            self.rebuilt = Vec::new();
        }
        Ok((valid, Prepared::Anew(region)))
    }

    fn not_prepared(&mut self, key: SlabKey, part: usize, error: &NotPrepared) {
        let result = match error {
            NotPrepared::Invalid(invalid) => PartResult {
                invalid: Some(*invalid),
                ..PartResult::failed(error_map::invalid_batch(invalid))
            },
            NotPrepared::NoMemory(full, _) => PartResult::failed(error_map::arena_full(full)),
        };
        let pending = self.produces.pending.get(key);
        let place = pending.and_then(|pending| pending.parts.list.get(part));
        if let Some(partition) = place.and_then(|place| place.partition.as_ref()) {
            partition.traffic().refused();
            if let NotPrepared::NoMemory(_, facts) = error {
                transactional::note_refused(partition, facts);
            }
        }
        self.part_done(key, part, result);
    }

    fn note_time(&mut self, key: SlabKey, part: usize, log_append_time: i64) {
        let pending = self.produces.pending.get_mut(key);
        if let Some(place) = pending.and_then(|pending| pending.parts.list.get_mut(part)) {
            place.result.log_append_time = log_append_time;
        }
    }

    fn part_done(&mut self, key: SlabKey, part: usize, result: PartResult) {
        let Some(pending) = self.produces.pending.get_mut(key) else { return };
        let Some(place) = pending.parts.list.get_mut(part) else { return };
        if !place.result.done {
            pending.waiting -= 1;
        }
        place.result = PartResult { done: true, ..result };
        // As Kafka does, a refusal that comes from the log says where the log starts.
        if says_log_start(&result)
            && let Some(partition) = &place.partition
        {
            place.result.log_start = partition.lock().log().log_start().to_wire();
        }
    }

    /// A partition has its result; the last one lets the answer go.
    pub(crate) fn produce_released(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        ticket: ProduceTicket,
        result: &Result<Appended, AppendError>,
    ) {
        let part = ticket.part as usize;
        let key = ticket.request;
        let pending = self.produces.pending.get(key);
        let Some(place) = pending.and_then(|pending| pending.parts.list.get(part)) else { return };
        let result = match result {
            Ok(appended) => PartResult {
                base: appended.base.to_wire(),
                log_append_time: match appended.novelty {
                    Novelty::New => place.result.log_append_time,
                    Novelty::Duplicate { max_timestamp } => {
                        max_timestamp.map_or(-1, Timestamp::as_millis)
                    }
                },
                log_start: appended.log_start.to_wire(),
                ..PartResult::WAITING
            },
            Err(error) => PartResult::failed(error_map::append_error(error)),
        };
        self.part_done(key, part, result);
        self.answer_if_complete(io, key);
    }

    fn answer_if_complete(&mut self, io: &mut LoopIo<LoopMessage>, key: SlabKey) {
        let complete = self
            .produces
            .pending
            .get(key)
            .is_some_and(|pending| pending.waiting == 0 && pending.complete);
        if complete {
            self.answer_produce(io, key);
        }
    }

    /// The deadline of a produce: its partitions tell who has waited too long.
    pub(crate) fn produce_timed_out(&mut self, io: &mut LoopIo<LoopMessage>, key: SlabKey) {
        let Some(pending) = self.produces.pending.get_mut(key) else { return };
        pending.timer = None;
        let now = io.now();
        for part in &pending.parts.list {
            if let (Some(partition), false) = (&part.partition, part.result.done) {
                partition.expire(now, &mut self.out);
            }
        }
        self.deliver(io);
    }

    fn answer_produce(&mut self, io: &mut LoopIo<LoopMessage>, key: SlabKey) {
        let Some(mut pending) = self.produces.pending.remove(key) else { return };
        if let Some(timer) = pending.timer.take() {
            io.cancel_timer(timer);
        }
        let took = io.now().since(pending.head.arrived);
        self.requests().answered(pending.head.key, took);
        if pending.acks == Acks::None {
            // A client that wants no answer learns of trouble by losing its connection, as in Kafka.
            if pending.parts.list.iter().any(|part| part.result.error != ErrorCode::None) {
                io.close(pending.connection);
            } else {
                io.answer(pending.slot, None);
            }
        } else {
            let mut answer = io.answer_buffer();
            pending.head.begin_answer(&mut answer);
            match write_answer(&pending, answer.bytes()) {
                Ok(()) => io.answer(pending.slot, Some(answer)),
                Err(error) => {
                    tracing::error!(%error, "encode produce response");
                    io.recycle(answer);
                    io.close(pending.connection);
                }
            }
        }
        self.produces.keep(pending.parts);
    }
}

impl PendingProduces {
    fn keep(&mut self, mut parts: Parts) {
        parts.list.clear();
        parts.topics.clear();
        parts.names.clear();
        if self.spare_parts.len() < limits::SPARE_LIST_COUNT_MAX && parts.is_small() {
            self.spare_parts.push(parts);
        }
    }
}

impl Parts {
    fn begin_topic(&mut self, name: &str, id: Uuid, part_count: usize) {
        let start = self.names.len();
        self.names.push_str(name);
        self.topics.push(TopicOfParts { name: start..self.names.len(), id, part_count });
    }

    /// Whether its memory is worth keeping.
    fn is_small(&self) -> bool {
        let length_max = limits::SPARE_LIST_LENGTH_MAX;
        self.list.capacity() <= length_max
            && self.topics.capacity() <= length_max
            && self.names.capacity() <= limits::SPARE_NAMES_SIZE_MAX
    }
}

/// What counts for all parts of a request.
struct ProduceFacts {
    acks: Acks,
    timeout: Duration,
    transactional_id: Option<TransactionalId>,
}

/// From this version on a produce names topics by id (KIP-516).
const TOPIC_ID_VERSION_MIN: i16 = 13;

fn refused(error: PartitionError) -> PartResult {
    let leader = match error {
        PartitionError::NotLeader { leader, leader_epoch } => {
            Some((leader.map_or(-1, model::BrokerId::to_wire), leader_epoch.to_wire()))
        }
        _ => None,
    };
    PartResult { leader, ..PartResult::failed(error_map::partition_error(&error)) }
}

/// Where `part`, a view into the frame, lies in it.
fn range_in(frame: &Region, part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr().wrapping_sub(frame.bytes().as_ptr().addr());
    if part.is_empty() || start > frame.len() {
        return 0..0;
    }
    start..start + part.len()
}

const fn says_log_start(result: &PartResult) -> bool {
    match result.invalid {
        Some(invalid) => matches!(
            invalid,
            InvalidBatch::NoKey { .. }
                | InvalidBatch::NullValue { .. }
                | InvalidBatch::UnmarkedNullValue { .. }
        ),
        None => matches!(
            result.error,
            ErrorCode::OutOfOrderSequenceNumber | ErrorCode::InvalidProducerEpoch
        ),
    }
}

impl From<InvalidBatch> for NotPrepared {
    fn from(error: InvalidBatch) -> Self {
        Self::Invalid(error)
    }
}
