//! Every bound of this crate, with its reason.

use std::time::Duration;

/// Bytes that decoding one request may take in memory beside its own: arrays of small elements grow when decoded.
/// A request of 100 MB of topic names is no request that anybody needs.
pub(crate) const DECODED_SIZE_MAX: usize = 64 * 1024 * 1024;

/// Bytes of buffer kept for the next batch that is written anew; a larger one served an unusual batch.
pub(crate) const REBUILT_SIZE_KEPT_MAX: usize = 4 * 1024 * 1024;

/// Bytes of a fetch answer that come from memory, from which on no further partition is read: a client that takes them slowly
/// holds that memory. Segments' files have no such bound.
pub(crate) const FETCH_MEMORY_SIZE_MAX: u64 = 2 * 1024 * 1024;

/// Lists of partitions kept for the next requests, of at most [`SPARE_LIST_LENGTH_MAX`] entries each.
pub(crate) const SPARE_LIST_COUNT_MAX: usize = 256;

/// A longer list is given back: it served an unusual request.
pub(crate) const SPARE_LIST_LENGTH_MAX: usize = 4096;

/// Bytes of topics' names kept with such a list: those of a few dozen topics.
pub(crate) const SPARE_NAMES_SIZE_MAX: usize = 4096;

/// Requests that this broker's own appends may have open: coordinators refuse long before.
pub(crate) const OWN_APPEND_COUNT_MAX: usize = 1 << 20;

/// How soon produces are looked at again that wait for the log to catch up.
pub(crate) const STALL_INTERVAL: Duration = Duration::from_millis(1);

/// A commit that takes longer says that the device is slow: about ten times what one takes on a good one.
pub(crate) const INLINE_COMMIT_MAX: Duration = Duration::from_millis(2);

/// How long after a slow commit no event loop commits by itself.
pub(crate) const SLOW_DEVICE_PAUSE: Duration = Duration::from_secs(1);

/// How often the upkeep of a log directory looks around when nobody calls it.
pub(crate) const UPKEEP_INTERVAL: Duration = Duration::from_secs(1);

/// A checkpoint is taken at least so often while anything is written: it bounds what a start has to replay.
pub(crate) const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(60);

/// How soon a full disk is tried again.
pub(crate) const FULL_RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// Jobs that wait for the thread that looks into files; beyond it, whoever asks does it himself.
pub(crate) const BLOCKING_JOB_COUNT_MAX: usize = 1024;

/// Topics that one Metadata request may cause to be made: a client that names more asks again for the rest.
pub(crate) const AUTO_CREATED_TOPIC_COUNT_MAX: usize = 1_000;

/// How long a request waits for its change of a transaction to be committed: a third of what clients wait for an answer
/// (`request.timeout.ms`), so that they are told COORDINATOR_NOT_AVAILABLE and ask again on the same connection.
pub(crate) const TRANSACTION_COMMIT_WAIT_MAX: Duration = Duration::from_secs(10);

/// How soon the end of a transaction is written again to a partition that did not take it.
pub(crate) const MARKER_RETRY_PAUSE: Duration = Duration::from_millis(100);

/// Requests that wait for the transaction before theirs to be closed; a tenth of a second each at most. Beyond it a client
/// is told to ask again.
pub(crate) const TRANSACTION_WAITER_COUNT_MAX: usize = 10_000;

/// Producers that wait for the next block of producer ids. The controller answers in milliseconds, so more is a storm.
pub(crate) const WAITING_PRODUCER_COUNT_MAX: usize = 10_000;

/// How long one of them waits. The controller answers in milliseconds; when its disk hangs, the client is told to ask again
/// (COORDINATOR_LOAD_IN_PROGRESS, as by Kafka), and that well before it gives up by itself.
pub(crate) const PRODUCER_ID_WAIT_MAX: Duration = Duration::from_secs(2);

/// Bytes of a compiled pattern of topic names; a larger one is refused as no pattern. Generous: names are short.
pub const PATTERN_PROGRAM_SIZE_MAX: usize = 1024 * 1024;

/// Bytes of a text that explains a refusal: it may quote what the client sent, and an answer says no more than a person reads.
pub(crate) const ERROR_TEXT_SIZE_MAX: usize = 1_000;

/// Topics of streams groups that could not be made, kept with the reason until they are tried again. Beyond it a failure is
/// not remembered, so that the topic is tried again at the next report.
pub(crate) const INTERNAL_TOPIC_FAILURE_COUNT_MAX: usize = 1_000;

/// Clients whose last fetch a partition remembers: more than groups usually read it.
pub(crate) const READER_COUNT_MAX: usize = 8;

/// Batches without records (markers, and what compaction left) that are stepped over to find a record's time; a thousand of
/// them are read in milliseconds.
pub(crate) const EMPTY_BATCHES_MAX: usize = 1_000;

/// Times of unread records that are remembered: 5 MB when full. As many partitions as that can be behind without a look into
/// the log each time that somebody asks.
pub(crate) const LAG_CACHE_COUNT_MAX: usize = 50_000;

/// Looks into the log for one answer about lag, and the time they may take together: a disk that was not read lately takes
/// 10 ms for each. What is found is remembered, so that who asks again learns more.
pub(crate) const LAG_LOOKUP_COUNT_MAX: usize = 10_000;
pub(crate) const LAG_LOOKUP_TIME_MAX: Duration = Duration::from_secs(2);

/// Answers about lag that wait for the thread that works them out; beyond it, an answer tells what is known without a look
/// into the log.
pub(crate) const LAG_ANSWER_COUNT_MAX: usize = 16;

/// Looks into the log for a page of metrics, which is asked for every few seconds.
pub(crate) const PAGE_LOOKUP_COUNT_MAX: usize = 1_000;
pub(crate) const PAGE_LOOKUP_TIME_MAX: Duration = Duration::from_millis(250);

/// Partitions of groups in one answer about lag: 10,000 groups with ten each, about 20 MB.
pub(crate) const LAG_ROW_COUNT_MAX: usize = 100_000;
