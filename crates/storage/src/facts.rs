use record::BatchView;
use replica::BatchFacts;

/// What a replica must know of a batch of the log, at recovery. A control batch that cannot be read, such as one of a kind
/// that a later Kafka wrote, ends no transaction.
pub fn batch_facts(batch: &BatchView<'_>) -> BatchFacts {
    BatchFacts::of_stored(batch).unwrap_or_else(|_| BatchFacts::of_header(batch.header()))
}
