//! Who has which metric.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::exposition::label_text;
use crate::{Counter, Exposition, Gauge, Histogram, Metric, MetricKind};

/// All metrics of a node. Metrics are registered at start or when a topic or connection appears, never per request.
#[derive(Default)]
pub struct Registry {
    entries: Mutex<Vec<Entry>>,
    collectors: Mutex<Vec<Weak<dyn Collect>>>,
}

/// Tells values that are looked up only when somebody asks for the page.
pub trait Collect: Send + Sync {
    fn collect(&self, page: &mut Exposition);
}

struct Entry {
    metric: &'static Metric,
    labels: String,
    value: Value,
}

/// Held weakly: when its owner lets go of a metric, it is gone from the page.
enum Value {
    Counter(Weak<Counter>),
    Gauge(Weak<Gauge>),
    Histogram(Weak<Histogram>),
}

impl Registry {
    pub fn counter(&self, metric: &'static Metric, labels: &[(&str, &str)]) -> Arc<Counter> {
        debug_assert_eq!(metric.kind, MetricKind::Counter);
        let counter = Arc::new(Counter::default());
        self.push(metric, labels, Value::Counter(Arc::downgrade(&counter)));
        counter
    }

    pub fn gauge(&self, metric: &'static Metric, labels: &[(&str, &str)]) -> Arc<Gauge> {
        debug_assert_eq!(metric.kind, MetricKind::Gauge);
        let gauge = Arc::new(Gauge::default());
        self.push(metric, labels, Value::Gauge(Arc::downgrade(&gauge)));
        gauge
    }

    pub fn histogram(&self, metric: &'static Metric, labels: &[(&str, &str)]) -> Arc<Histogram> {
        debug_assert_eq!(metric.kind, MetricKind::Summary);
        let histogram = Arc::new(Histogram::default());
        self.push(metric, labels, Value::Histogram(Arc::downgrade(&histogram)));
        histogram
    }

    /// `collector` is asked at each page for as long as its owner keeps it.
    pub fn collect_from(&self, collector: &Arc<impl Collect + 'static>) {
        let weak: Weak<dyn Collect> = Arc::downgrade(&(Arc::clone(collector) as Arc<dyn Collect>));
        let mut collectors = self.collectors.lock().unwrap_or_else(PoisonError::into_inner);
        collectors.push(weak);
    }

    /// The page of metrics as it is now.
    pub fn render(&self) -> String {
        let mut page = Exposition::default();
        let collectors: Vec<Arc<dyn Collect>> = {
            let mut collectors = self.collectors.lock().unwrap_or_else(PoisonError::into_inner);
            collectors.retain(|collector| collector.strong_count() > 0);
            collectors.iter().filter_map(Weak::upgrade).collect()
        };
        for collector in collectors {
            collector.collect(&mut page);
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.write_to(&mut page));
        page.render()
    }

    fn push(&self, metric: &'static Metric, labels: &[(&str, &str)], value: Value) {
        let entry = Entry { metric, labels: label_text(labels), value };
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }
}

impl Entry {
    /// False: nobody holds it any more.
    fn write_to(&self, page: &mut Exposition) -> bool {
        let Self { metric, labels, value } = self;
        match value {
            Value::Counter(counter) => counter
                .upgrade()
                .map(|counter| page.whole(metric, labels, i128::from(counter.value()))),
            Value::Gauge(gauge) => {
                gauge.upgrade().map(|gauge| page.whole(metric, labels, i128::from(gauge.value())))
            }
            Value::Histogram(histogram) => histogram
                .upgrade()
                .map(|histogram| page.spread(metric, labels, histogram.snapshot())),
        }
        .is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static REQUESTS: Metric =
        Metric { name: "requests_total", kind: MetricKind::Counter, help: "Requests." };
    static TIMES: Metric = Metric { name: "time_ms", kind: MetricKind::Summary, help: "Time." };
    static SIZE: Metric = Metric { name: "size", kind: MetricKind::Gauge, help: "Size." };

    #[test]
    fn loops_count_apart_and_are_added_up() {
        let registry = Registry::default();
        let one = registry.counter(&REQUESTS, &[("request", "Produce")]);
        let other = registry.counter(&REQUESTS, &[("request", "Produce")]);
        one.add(2);
        other.add(3);
        assert!(registry.render().contains("requests_total{request=\"Produce\"} 5\n"));
        drop(other);
        assert!(registry.render().contains("requests_total{request=\"Produce\"} 2\n"));
        drop(one);
        assert_eq!(registry.render(), "");
    }

    #[test]
    fn a_spread_has_quantiles_a_count_and_a_sum() {
        let registry = Registry::default();
        let times = registry.histogram(&TIMES, &[("request", "Fetch")]);
        times.record(7);
        let page = registry.render();
        assert!(page.contains("time_ms{request=\"Fetch\",quantile=\"0.99\"} 7\n"), "{page}");
        assert!(page.contains("time_ms_count{request=\"Fetch\"} 1\n"), "{page}");
        assert!(page.contains("time_ms_sum{request=\"Fetch\"} 7\n"), "{page}");
    }

    #[test]
    fn a_collector_is_asked_for_as_long_as_it_lives() {
        struct One;
        impl Collect for One {
            fn collect(&self, page: &mut Exposition) {
                page.gauge(&SIZE, &[], -1);
            }
        }
        let registry = Registry::default();
        let one = Arc::new(One);
        registry.collect_from(&one);
        assert!(registry.render().contains("size -1\n"));
        drop(one);
        assert_eq!(registry.render(), "");
    }
}
