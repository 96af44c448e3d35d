//! What goes in and out, counted: per partition, and per kind of request and loop.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use telemetry::{Exposition, Histogram, Metric, names};
use wire::ApiKey;

/// Numbers of one partition. They only grow; nothing waits for them.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    messages_in: AtomicU64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    produces: AtomicU64,
    fetches: AtomicU64,
    failed_produces: AtomicU64,
    failed_fetches: AtomicU64,
}

impl Traffic {
    pub(crate) fn took_in(&self, messages: u32, bytes: usize) {
        add(&self.produces, 1);
        add(&self.messages_in, u64::from(messages));
        add(&self.bytes_in, u64::try_from(bytes).unwrap_or(0));
    }

    pub(crate) fn refused(&self) {
        add(&self.produces, 1);
        add(&self.failed_produces, 1);
    }

    pub(crate) fn gave_out(&self, bytes: u64) {
        add(&self.fetches, 1);
        add(&self.bytes_out, bytes);
    }

    pub(crate) fn gave_error(&self) {
        add(&self.fetches, 1);
        add(&self.failed_fetches, 1);
    }

    /// Takes the numbers of a partition that goes, so that the sums over all do not fall.
    pub(crate) fn inherit(&self, gone: &Self) {
        for ((_, own), (_, more)) in self.numbers().into_iter().zip(gone.numbers()) {
            add(own, more.load(Ordering::Relaxed));
        }
    }

    /// For the topic, if one is named, and for all.
    pub(crate) fn show(&self, topic: Option<&str>, page: &mut Exposition) {
        for (metric, number) in self.numbers() {
            let number = number.load(Ordering::Relaxed);
            page.counter(metric, &[], number);
            if let Some(topic) = topic {
                page.counter(metric, &[("topic", topic)], number);
            }
        }
    }

    fn numbers(&self) -> [(&'static Metric, &AtomicU64); 7] {
        [
            (&names::MESSAGES_IN, &self.messages_in),
            (&names::BYTES_IN, &self.bytes_in),
            (&names::BYTES_OUT, &self.bytes_out),
            (&names::PRODUCE_REQUESTS, &self.produces),
            (&names::FETCH_REQUESTS, &self.fetches),
            (&names::FAILED_PRODUCE_REQUESTS, &self.failed_produces),
            (&names::FAILED_FETCH_REQUESTS, &self.failed_fetches),
        ]
    }
}

/// Requests that one loop has served, by kind.
#[derive(Default)]
pub(crate) struct Requests {
    kinds: Vec<Kind>,
}

#[derive(Default)]
struct Kind {
    count: AtomicU64,
    /// Microseconds until the answer; made with the first request of the kind.
    times: OnceLock<Histogram>,
}

impl Requests {
    pub(crate) fn new() -> Self {
        Self { kinds: ApiKey::ALL.iter().map(|_| Kind::default()).collect() }
    }

    pub(crate) fn arrived(&self, key: ApiKey) {
        if let Some(kind) = self.kind(key) {
            add(&kind.count, 1);
        }
    }

    pub(crate) fn answered(&self, key: ApiKey, took: Duration) {
        if let Some(kind) = self.kind(key) {
            let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            kind.times.get_or_init(Histogram::default).record(micros);
        }
    }

    pub(crate) fn show(&self, page: &mut Exposition) {
        for (key, kind) in ApiKey::ALL.iter().zip(&self.kinds) {
            let count = kind.count.load(Ordering::Relaxed);
            if count == 0 {
                continue;
            }
            let labels = [("request", key.name())];
            page.counter(&names::REQUESTS, &labels, count);
            if let Some(times) = kind.times.get() {
                page.times(&names::TOTAL_TIME, &labels, times);
            }
        }
    }

    fn kind(&self, key: ApiKey) -> Option<&Kind> {
        self.kinds.get(key.place())
    }
}

fn add(number: &AtomicU64, more: u64) {
    number.fetch_add(more, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_deleted_partition_took_in_stays_in_the_sum() {
        let (all, gone) = (Traffic::default(), Traffic::default());
        gone.took_in(3, 70);
        gone.refused();
        all.took_in(1, 10);
        all.inherit(&gone);
        let mut page = Exposition::default();
        all.show(None, &mut page);
        let page = page.render();
        for line in ["messagesin_total 4", "bytesin_total 80", "totalproducerequests_total 3"] {
            assert!(page.contains(&format!("kafka_server_brokertopicmetrics_{line}\n")), "{page}");
        }
    }
}
