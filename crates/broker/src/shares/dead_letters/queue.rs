use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use model::Instant;
use parking_lot::Mutex;
use share::{DeadLetter, OffsetRange};

use super::super::SharedPartition;
use crate::Broker;

/// Rows of records that one batch is made of at most.
const ROW_COUNT_MAX: usize = 1_000;

/// At most one line of a share-partition in this time.
const LINE_PAUSE: Duration = Duration::from_secs(10);

/// The dead letters of one share-partition that are not written yet. Each is of records in flight, so there are no more than
/// may be in flight.
#[derive(Default)]
pub(in crate::shares) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: VecDeque<DeadLetter>,
    /// Somebody works on those at the front.
    is_sending: bool,
    /// Since the last success.
    failure_count: u32,
    said_at: Option<Instant>,
    unsaid_count: u64,
}

impl Queue {
    /// Whether somebody is to begin.
    pub(super) fn push(&self, letter: DeadLetter) -> bool {
        let state = &mut *self.0.lock();
        state.waiting.push_back(letter);
        !std::mem::replace(&mut state.is_sending, true)
    }

    pub(super) fn front(&self) -> Vec<DeadLetter> {
        self.0.lock().waiting.iter().take(ROW_COUNT_MAX).copied().collect()
    }

    pub(super) fn offset_count(&self) -> u64 {
        self.0.lock().waiting.iter().map(|letter| letter.range.count()).sum()
    }

    /// So many offsets at the front are done: which ones, and whether there are more.
    pub(super) fn finish(&self, offset_count: u64) -> (Vec<OffsetRange>, bool) {
        let state = &mut *self.0.lock();
        state.failure_count = 0;
        let mut left = offset_count;
        let mut ranges = Vec::new();
        while left > 0 {
            let Some(letter) = state.waiting.front_mut() else { break };
            let Some(done) = letter.range.take(left) else { break };
            ranges.push(done);
            left -= done.count();
            match letter.range.from(done.end()) {
                Some(rest) => letter.range = rest,
                None => drop(state.waiting.pop_front()),
            }
        }
        state.is_sending = !state.waiting.is_empty();
        (ranges, state.is_sending)
    }

    /// The attempt failed; how many of them have by now.
    pub(super) fn failed(&self) -> u32 {
        let state = &mut *self.0.lock();
        state.failure_count += 1;
        state.failure_count
    }

    /// Its share-partition is led by nobody here.
    pub(super) fn clear(&self) {
        let state = &mut *self.0.lock();
        state.waiting.clear();
        state.is_sending = false;
        state.failure_count = 0;
    }

    /// Says in the log that records are lost, but not all the time.
    pub(super) fn say(
        &self,
        broker: &Broker,
        shared: &Arc<SharedPartition>,
        offset_count: u64,
        why: &str,
    ) {
        let now = broker.now().instant;
        let record_count = {
            let state = &mut *self.0.lock();
            state.unsaid_count += offset_count;
            if state.said_at.is_some_and(|at| at.plus(LINE_PAUSE) > now) {
                return;
            }
            state.said_at = Some(now);
            std::mem::take(&mut state.unsaid_count)
        };
        let (group, partition) = (&shared.key().group, shared.partition().name());
        tracing::warn!(%group, %partition, record_count, why, "archive records without dead letters");
    }
}

#[cfg(test)]
mod tests {
    use model::Offset;
    use share::DeadLetterCause;

    use super::*;

    fn range(first: i64, last: i64) -> OffsetRange {
        let offset = |raw| Offset::from_wire(raw).unwrap();
        OffsetRange::new(offset(first), offset(last)).unwrap()
    }

    fn letter(first: i64, last: i64) -> DeadLetter {
        let cause = DeadLetterCause::Rejected;
        DeadLetter { range: range(first, last), delivery_count: 1, cause }
    }

    #[test]
    fn what_is_done_leaves_the_front_and_the_rest_is_to_be_sent() {
        let queue = Queue::default();
        assert!(queue.push(letter(0, 4)), "nobody is at work");
        assert!(!queue.push(letter(7, 9)), "somebody is");
        assert_eq!(queue.finish(3), (vec![range(0, 2)], true));
        assert_eq!(queue.front(), [letter(3, 4), letter(7, 9)]);
        assert_eq!(queue.finish(3), (vec![range(3, 4), range(7, 7)], true));
        assert_eq!(queue.finish(u64::MAX), (vec![range(8, 9)], false));
        assert!(queue.push(letter(10, 10)), "the next one begins anew");
    }

    #[test]
    fn a_success_forgets_the_failures_before_it() {
        let queue = Queue::default();
        queue.push(letter(0, 1));
        assert_eq!((queue.failed(), queue.failed()), (1, 2));
        queue.finish(1);
        assert_eq!(queue.failed(), 1);
    }
}
