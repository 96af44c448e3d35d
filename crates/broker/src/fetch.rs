//! Fetch, on the loop that read it: reads what there is, or waits until there is enough.
//!
//! An answer is header bytes and, between them, ranges of the log: references into the arena, or ranges of segment files. A
//! fetch that waits stands in its partitions' lists and is woken by the step that moves what it waits for.

mod answer;
mod cold;
mod params;

use std::ops::Range;
use std::sync::Arc;

use io::arena::Region;
use model::{LeaderEpoch, Offset, Uuid};
use replica::{FetchFrom, FetchWaiter, Reader};
use storage::LogRange;
use transport::{AnswerKey, ConnectionKey, LoopIo, Slab, SlabKey, TimerKey};
use wire::messages::fetch_request::FetchRequestView;
use wire::messages::fetch_response::AbortedTransaction;
use wire::{ErrorCode, FetchResponseHead, FetchResponseWriter};

use self::answer::{aborted, bound_memory, count, is_news, push_ranges, told, write_answer};
use self::params::{Asking, Attempt, asked, params};
use crate::dispatch::{Head, Refused};
use crate::fetch_session::{FetchTarget, SessionError, SharedSession};
use crate::hot::{Hot, Timer};
use crate::partition::{LastFetch, Partition, ReadError, ReadResult};
use crate::partition_error::PartitionError;
use crate::ticket::FetchTicket;
use crate::{LoopMessage, error_map, limits};

/// Where the partitions of a fetch stand.
enum Targets {
    Own(Vec<FetchTarget>),
    Session(SharedSession),
}

/// A fetch that waits, or is about to be answered.
pub(crate) struct ParkedFetch {
    connection: ConnectionKey,
    asking: Asking,
    targets: Targets,
    timer: Option<TimerKey>,
    /// Stands in the list of those to look at again.
    ready: bool,
}

/// The fetches of a loop that wait, and memory that is used again.
#[derive(Default)]
pub(crate) struct ParkedFetches {
    /// Empty while a fetch is being looked at.
    parked: Slab<Option<ParkedFetch>>,
    ready: Vec<SlabKey>,
    outcomes: Vec<Outcome>,
    ranges: Vec<LogRange>,
    positions: Vec<(usize, Range<usize>)>,
    spare_targets: Vec<Vec<FetchTarget>>,
}

/// What a read of one partition came to.
struct Outcome {
    target: usize,
    result: Result<ReadResult, ErrorCode>,
    leader: Option<(i32, i32)>,
    /// Its ranges among those of the fetch.
    ranges: Range<usize>,
    size: u64,
    /// How much of `size` is in memory.
    memory: u64,
    aborted: Option<Vec<AbortedTransaction>>,
}

/// What all reads came to.
#[derive(Default)]
struct Summary {
    size: u64,
    /// An error, or something else that the client should hear of at once.
    urgent: bool,
}

impl ParkedFetches {
    /// A partition has something for a fetch that waits on it.
    pub(crate) fn wake(&mut self, ticket: FetchTicket) {
        let Some(Some(fetch)) = self.parked.get_mut(ticket.fetch) else { return };
        let part = ticket.part as usize;
        match &mut fetch.targets {
            Targets::Own(targets) => unpark(targets, part),
            Targets::Session(session) => unpark(&mut session.lock().targets, part),
        }
        if !fetch.ready {
            fetch.ready = true;
            self.ready.push(ticket.fetch);
        }
    }

    fn keep(&mut self, targets: Targets) {
        let Targets::Own(mut targets) = targets else { return };
        targets.clear();
        if self.spare_targets.len() < limits::SPARE_LIST_COUNT_MAX
            && targets.capacity() <= limits::SPARE_LIST_LENGTH_MAX
        {
            self.spare_targets.push(targets);
        }
    }
}

fn unpark(targets: &mut [FetchTarget], part: usize) {
    if let Some(target) = targets.get_mut(part) {
        target.parked = false;
    }
}

impl Hot {
    /// Takes a Fetch request in.
    pub(crate) fn fetch(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        (connection, slot): (ConnectionKey, AnswerKey),
        head: Head,
        frame: &Region,
    ) -> Result<(), Refused> {
        let broker = Arc::clone(&self.broker);
        self.topics.refresh(&broker);
        let body = frame.bytes().get(head.body..).unwrap_or_default();
        let request = FetchRequestView::parse(body, head.version)?;
        let params = params(&broker, &request, head.version);
        let (targets, incremental) = match self.targets(io, &head, &request) {
            Ok(found) => found,
            Err(error) => {
                self.answer_session_error(io, slot, &head, error);
                return Ok(());
            }
        };
        let asking = Asking {
            key: SlabKey::from_bits(u64::MAX),
            connection,
            slot,
            head,
            params,
            by_id: head.version >= TOPIC_ID_VERSION_MIN,
            incremental,
            session_id: 0,
            due: false,
            read_ahead: false,
            seen: io.now(),
        };
        let fetch = ParkedFetch { connection, asking, targets, timer: None, ready: false };
        let deadline = io.now().plus(params.max_wait);
        let key = self.fetches.parked.insert(Some(fetch));
        if !self.attempt(io, key, params.max_wait.is_zero())
            && let Some(Some(fetch)) = self.fetches.parked.get_mut(key)
        {
            fetch.timer = Some(io.set_timer(deadline, Timer::Fetch(key).to_token()));
            io.set_note(connection, Some(key));
        }
        Ok(())
    }

    /// The partitions that the request is about: its own, or its session's.
    fn targets(
        &mut self,
        io: &LoopIo<LoopMessage>,
        head: &Head,
        request: &FetchRequestView<'_>,
    ) -> Result<(Targets, bool), SessionError> {
        let by_id = head.version >= TOPIC_ID_VERSION_MIN;
        let broker = Arc::clone(&self.broker);
        let sessions = broker.fetch_sessions();
        if head.version >= SESSION_VERSION_MIN && request.session_epoch > 0 {
            let (id, epoch) = (request.session_id, request.session_epoch);
            let session = sessions.next(io.now(), id, epoch, by_id)?;
            self.update_session(&session, request, by_id);
            return Ok((Targets::Session(session), true));
        }
        if request.session_id != 0 {
            sessions.remove(request.session_id);
        }
        let mut targets = self.fetches.spare_targets.pop().unwrap_or_default();
        for topic in request.topics {
            for partition in topic.partitions {
                let (name, topic_id) = self.topic_of(topic.topic, topic.topic_id, by_id);
                targets.push(FetchTarget {
                    name,
                    topic_id,
                    partition: partition.partition,
                    asked: asked(&partition),
                    told: None,
                    found: None,
                    parked: false,
                });
            }
        }
        let wants_session = head.version >= SESSION_VERSION_MIN && request.session_epoch == 0;
        if wants_session
            && !targets.is_empty()
            && let Some(session) = sessions.create(io.now(), by_id, &mut targets)
        {
            self.fetches.keep(Targets::Own(targets));
            return Ok((Targets::Session(session), false));
        }
        Ok((Targets::Own(targets), false))
    }

    fn update_session(
        &mut self,
        session: &SharedSession,
        request: &FetchRequestView<'_>,
        by_id: bool,
    ) {
        let mut session = session.lock();
        for topic in request.topics {
            for partition in topic.partitions {
                let name = (!by_id).then_some(topic.topic);
                match session.place(topic.topic_id, name, partition.partition) {
                    Some(place) => {
                        if let Some(target) = session.targets.get_mut(place) {
                            target.asked = asked(&partition);
                        }
                    }
                    None => {
                        let (name, topic_id) = self.topic_of(topic.topic, topic.topic_id, by_id);
                        session.ask(FetchTarget {
                            name,
                            topic_id,
                            partition: partition.partition,
                            asked: asked(&partition),
                            told: None,
                            found: None,
                            parked: false,
                        });
                    }
                }
            }
        }
        for topic in request.forgotten_topics_data {
            for partition in topic.partitions {
                session.forget(topic.topic_id, topic.topic, partition);
            }
        }
    }

    /// Name and id of a topic that a request names by one of them.
    fn topic_of(&mut self, name: &str, id: Uuid, by_id: bool) -> (Option<model::TopicName>, Uuid) {
        let place = if by_id {
            self.topics.by_id(&self.broker, id)
        } else {
            self.topics.by_name(&self.broker, name)
        };
        match place.and_then(|place| self.topics.get(place)) {
            Some(found) => (Some(found.topic.name.clone()), found.topic.id.uuid()),
            None if by_id => (None, id),
            // A name that is no topic name is answered by the name that was asked for, cut of nothing.
            None => (model::TopicName::new(name).ok(), Uuid::ZERO),
        }
    }

    /// Looks again at the fetches that were woken.
    pub(crate) fn attempt_ready(&mut self, io: &mut LoopIo<LoopMessage>) {
        if self.fetches.ready.is_empty() {
            return;
        }
        let broker = Arc::clone(&self.broker);
        self.topics.refresh(&broker);
        while let Some(key) = self.fetches.ready.pop() {
            if let Some(Some(fetch)) = self.fetches.parked.get_mut(key) {
                fetch.ready = false;
                self.attempt(io, key, false);
            }
        }
    }

    /// The deadline of a fetch: it is answered with what there is.
    pub(crate) fn fetch_timed_out(&mut self, io: &mut LoopIo<LoopMessage>, key: SlabKey) {
        let Some(Some(fetch)) = self.fetches.parked.get_mut(key) else { return };
        fetch.timer = None;
        let broker = Arc::clone(&self.broker);
        self.topics.refresh(&broker);
        self.attempt(io, key, true);
    }

    /// The connection is gone: its fetch, of which there is one at most, waits no longer.
    pub(crate) fn drop_fetch(&mut self, io: &mut LoopIo<LoopMessage>, key: SlabKey) {
        self.remove_fetch(io, key);
    }

    fn remove_fetch(&mut self, io: &mut LoopIo<LoopMessage>, key: SlabKey) {
        let Some(Some(mut fetch)) = self.fetches.parked.remove(key) else { return };
        if let Some(timer) = fetch.timer.take() {
            io.cancel_timer(timer);
        }
        io.set_note(fetch.connection, None);
        let home = self.home;
        match &mut fetch.targets {
            Targets::Own(targets) => leave_all(targets, home, key),
            Targets::Session(session) => leave_all(&mut session.lock().targets, home, key),
        }
        self.fetches.keep(fetch.targets);
    }

    /// Reads what there is and answers if that is enough, or if it is `due`. Else the fetch waits. True when answered.
    fn attempt(&mut self, io: &mut LoopIo<LoopMessage>, key: SlabKey, due: bool) -> bool {
        // Taken out meanwhile, so that the loop's memory can be used beside it.
        let Some(mut fetch) = self.fetches.parked.get_mut(key).and_then(Option::take) else {
            return true;
        };
        let attempt = match &mut fetch.targets {
            Targets::Own(targets) => {
                let asking = Asking { key, due, session_id: 0, seen: io.now(), ..fetch.asking };
                self.attempt_on(io, &asking, targets, &mut 0)
            }
            Targets::Session(session) => {
                let session = &mut *session.lock();
                let (session_id, seen) = (session.id, io.now());
                let asking = Asking { key, due, session_id, seen, ..fetch.asking };
                self.attempt_on(io, &asking, &mut session.targets, &mut session.start)
            }
        };
        fetch.asking.read_ahead |= attempt == Attempt::ReadsAhead;
        if let Some(place) = self.fetches.parked.get_mut(key) {
            *place = Some(fetch);
        }
        if attempt == Attempt::Answered {
            self.remove_fetch(io, key);
        }
        attempt == Attempt::Answered
    }

    fn attempt_on(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        asking: &Asking,
        targets: &mut [FetchTarget],
        start: &mut usize,
    ) -> Attempt {
        loop {
            let summary = self.read_all(asking, targets, *start);
            let enough = asking.due
                || targets.is_empty()
                || summary.urgent
                || summary.size >= asking.params.size_min;
            if enough && !asking.due && !asking.read_ahead && self.read_ahead(asking) {
                self.fetches.ranges.clear();
                return Attempt::ReadsAhead;
            }
            if enough {
                self.answer_fetch(io, asking, targets, start);
                return Attempt::Answered;
            }
            self.fetches.ranges.clear();
            if self.wait_on_all(asking, targets) {
                return Attempt::Waits;
            }
        }
    }

    /// Reads every partition, beginning with the one whose turn it is.
    fn read_all(&mut self, asking: &Asking, targets: &mut [FetchTarget], start: usize) -> Summary {
        self.fetches.outcomes.clear();
        self.fetches.ranges.clear();
        let mut summary = Summary::default();
        let mut left = asking.params.size_max;
        let mut memory = limits::FETCH_MEMORY_SIZE_MAX;
        for turn in 0..targets.len() {
            let place = (start + turn) % targets.len();
            let Some(target) = targets.get_mut(place) else { break };
            let outcome = self.read_one(asking, place, target, left, summary.size == 0);
            summary.size += outcome.size;
            left = left.saturating_sub(u32::try_from(outcome.size).unwrap_or(u32::MAX));
            memory = memory.saturating_sub(outcome.memory);
            if memory == 0 {
                (left, summary.urgent) = (0, true);
            }
            summary.urgent |= match &outcome.result {
                Err(_) => true,
                Ok(result) => result.diverging.is_some(),
            };
            self.fetches.outcomes.push(outcome);
        }
        summary
    }

    fn read_one(
        &mut self,
        asking: &Asking,
        place: usize,
        target: &mut FetchTarget,
        left: u32,
        first: bool,
    ) -> Outcome {
        let before = self.fetches.ranges.len();
        let mut outcome = Outcome {
            target: place,
            result: Err(ErrorCode::None),
            leader: None,
            ranges: before..before,
            size: 0,
            memory: 0,
            aborted: None,
        };
        let partition = match self.find(target, asking.by_id) {
            Ok(partition) => partition,
            Err(error) => {
                if let PartitionError::NotLeader { leader, leader_epoch } = error {
                    let leader = leader.map_or(-1, model::BrokerId::to_wire);
                    outcome.leader = Some((leader, leader_epoch.to_wire()));
                }
                outcome.result = Err(error_map::partition_error(&error));
                return outcome;
            }
        };
        if asking.params.from_follower {
            outcome.result = Err(ErrorCode::NotLeaderOrFollower);
            return outcome;
        }
        let Some(offset) = Offset::from_wire(target.asked.offset) else {
            outcome.result = Err(ErrorCode::OffsetOutOfRange);
            return outcome;
        };
        let from = FetchFrom {
            reader: asking.params.reader,
            offset,
            leader_epoch: LeaderEpoch::from_wire(target.asked.leader_epoch),
            last_fetched_epoch: LeaderEpoch::from_wire(target.asked.last_fetched_epoch),
        };
        let size_max = u32::try_from(target.asked.size_max).unwrap_or(0).min(left);
        let client = asking.head.client.map(|client| LastFetch::new(client, offset, asking.seen));
        match partition.read(&from, size_max, first, &mut self.fetches.ranges, client) {
            Ok(result) => {
                outcome.memory = bound_memory(&mut self.fetches.ranges, before);
                let ranges = self.fetches.ranges.get(before..).unwrap_or_default();
                outcome.size = ranges.iter().map(LogRange::size).sum();
                outcome.ranges = before..self.fetches.ranges.len();
                outcome.result = Ok(result);
                if asking.params.reader == Reader::Committed {
                    match partition.aborted_between(offset, result.end) {
                        Ok(found) => outcome.aborted = Some(found.iter().map(aborted).collect()),
                        Err(error) => {
                            self.fetches.ranges.truncate(before);
                            outcome.ranges = before..before;
                            (outcome.size, outcome.memory) = (0, 0);
                            outcome.result = Err(self.read_failed(&partition, &error.into()));
                        }
                    }
                }
            }
            Err(error) => {
                self.fetches.ranges.truncate(before);
                outcome.result = Err(self.read_failed(&partition, &error));
            }
        }
        outcome
    }

    fn read_failed(&self, partition: &Partition, error: &ReadError) -> ErrorCode {
        match error {
            ReadError::Partition(error) => error_map::partition_error(error),
            ReadError::Refused(refused) => error_map::fetch_refused(refused),
            ReadError::Storage(error) => {
                self.broker.read_error(partition, error);
                error_map::storage_error(error)
            }
        }
    }

    /// The partition of a target, found anew when the metadata have changed.
    fn find(
        &mut self,
        target: &mut FetchTarget,
        by_id: bool,
    ) -> Result<Arc<Partition>, PartitionError> {
        let generation = self.topics.generation();
        if let Some((found_in, found)) = &target.found
            && *found_in == generation
        {
            return found.clone();
        }
        let place = if by_id {
            self.topics.by_id(&self.broker, target.topic_id)
        } else {
            let name = target.name.as_ref().map(model::TopicName::as_str);
            name.and_then(|name| self.topics.by_name(&self.broker, name))
        };
        let found = match place {
            Some(place) => self.topics.partition(&self.broker, place, target.partition).cloned(),
            None if by_id => Err(PartitionError::UnknownTopicId),
            None => Err(PartitionError::UnknownTopic),
        };
        target.found = Some((generation, found.clone()));
        found
    }

    /// Stands in the lists of all partitions. False when one of them has moved since it was read.
    fn wait_on_all(&mut self, asking: &Asking, targets: &mut [FetchTarget]) -> bool {
        for outcome in &self.fetches.outcomes {
            let (Ok(result), Some(target)) = (&outcome.result, targets.get_mut(outcome.target))
            else {
                continue;
            };
            if target.parked {
                continue;
            }
            let Some((_, Ok(partition))) = &target.found else { continue };
            let waiter = FetchWaiter {
                waiter: ticket(self.home, asking.key, outcome.target),
                reader: asking.params.reader,
                from: result.end,
                size_bytes_min: 1,
                deadline: None,
            };
            if !partition.lock().park_fetch(waiter) {
                return false;
            }
            target.parked = true;
        }
        true
    }

    fn answer_fetch(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        asking: &Asking,
        targets: &mut [FetchTarget],
        start: &mut usize,
    ) {
        if asking.incremental {
            let told = |outcome: &Outcome| {
                targets.get(outcome.target).is_some_and(|target| is_news(outcome, target.told))
            };
            self.fetches.outcomes.retain(told);
        }
        if let Some(last) = self.fetches.outcomes.iter().rfind(|outcome| outcome.size > 0) {
            *start = (last.target + 1) % targets.len().max(1);
        }
        let mut answer = io.answer_buffer();
        asking.head.begin_answer(&mut answer);
        let fetches = &mut self.fetches;
        fetches.positions.clear();
        let (outcomes, positions) = (&mut fetches.outcomes, &mut fetches.positions);
        let written = write_answer(asking, outcomes, targets, answer.bytes(), positions);
        if let Err(error) = written {
            tracing::error!(%error, "encode fetch response");
            io.recycle(answer);
            io.close(asking.connection);
            return;
        }
        push_ranges(&mut answer, &mut fetches.ranges, &fetches.positions);
        for outcome in &fetches.outcomes {
            count(outcome, targets);
            if let (Ok(result), Some(target)) = (&outcome.result, targets.get_mut(outcome.target)) {
                target.told = Some(told(result));
            }
        }
        let took = io.now().since(asking.head.arrived);
        self.requests().answered(asking.head.key, took);
        io.answer(asking.slot, Some(answer));
    }

    fn answer_session_error(
        &mut self,
        io: &mut LoopIo<LoopMessage>,
        slot: AnswerKey,
        head: &Head,
        error: SessionError,
    ) {
        let mut answer = io.answer_buffer();
        head.begin_answer(&mut answer);
        let error_code = error_map::session_error(&error).code();
        let fields = FetchResponseHead { error_code, ..FetchResponseHead::default() };
        let written = FetchResponseWriter::begin(answer.bytes(), head.version, fields)
            .and_then(|writer| writer.finish(&[]));
        // An answer without topics fits every version that has sessions.
        debug_assert!(written.is_ok());
        io.answer(slot, Some(answer));
    }
}

/// From this version on a fetch has sessions (KIP-227).
const SESSION_VERSION_MIN: i16 = 7;
/// From this version on a fetch names topics by id (KIP-516).
const TOPIC_ID_VERSION_MIN: i16 = 13;
/// From this version on an answer names the leader (KIP-595).
const LEADER_VERSION_MIN: i16 = 12;

fn ticket(home: u16, fetch: SlabKey, part: usize) -> FetchTicket {
    FetchTicket { home, part: u32::try_from(part).unwrap_or(u32::MAX), fetch }
}

fn leave_all(targets: &mut [FetchTarget], home: u16, key: SlabKey) {
    for (part, target) in targets.iter_mut().enumerate() {
        if std::mem::take(&mut target.parked)
            && let Some((_, Ok(partition))) = &target.found
        {
            partition.lock().unpark_fetch(ticket(home, key, part));
        }
    }
}
