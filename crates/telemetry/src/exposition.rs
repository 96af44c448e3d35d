//! One page of metrics in Prometheus' text format.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::histogram::{Histogram, Snapshot};
use crate::limits::SAMPLE_COUNT_MAX;
use crate::{CoarseHistogram, Metric, MetricKind};

/// Values gathered for one page. Values of one metric with the same labels are added up.
#[derive(Debug, Default)]
pub struct Exposition {
    families: BTreeMap<Metric, BTreeMap<String, Sample>>,
    sample_count: usize,
    left_out: usize,
}

#[derive(Clone, Debug)]
enum Sample {
    Whole(i128),
    Real(f64),
    /// With how many of what was recorded make one of what is shown.
    Spread(Snapshot, u64),
}

impl Exposition {
    pub fn counter(&mut self, metric: &Metric, labels: &[(&str, &str)], value: u64) {
        self.push(metric, labels, Sample::Whole(i128::from(value)));
    }

    pub fn gauge(&mut self, metric: &Metric, labels: &[(&str, &str)], value: i64) {
        self.push(metric, labels, Sample::Whole(i128::from(value)));
    }

    /// For shares and seconds.
    pub fn real(&mut self, metric: &Metric, labels: &[(&str, &str)], value: f64) {
        self.push(metric, labels, Sample::Real(value));
    }

    /// Times that were recorded in microseconds, shown in milliseconds.
    pub fn times(&mut self, metric: &Metric, labels: &[(&str, &str)], micros: &Histogram) {
        self.push(metric, labels, Sample::Spread(micros.snapshot(), 1_000));
    }

    /// The same of a coarse histogram; nothing of one in which nothing was recorded, for there may be many.
    pub fn coarse_times<const POWERS: usize>(
        &mut self,
        metric: &Metric,
        labels: &[(&str, &str)],
        micros: &CoarseHistogram<POWERS>,
    ) {
        self.coarse_spread(metric, labels, micros, 1_000);
    }

    /// Numbers as they were recorded, likewise.
    pub fn coarse_numbers<const POWERS: usize>(
        &mut self,
        metric: &Metric,
        labels: &[(&str, &str)],
        numbers: &CoarseHistogram<POWERS>,
    ) {
        self.coarse_spread(metric, labels, numbers, 1);
    }

    fn coarse_spread<const POWERS: usize>(
        &mut self,
        metric: &Metric,
        labels: &[(&str, &str)],
        histogram: &CoarseHistogram<POWERS>,
        per_unit: u64,
    ) {
        if !histogram.is_empty() {
            self.push(metric, labels, Sample::Spread(histogram.snapshot(), per_unit));
        }
    }

    pub(crate) fn spread(&mut self, metric: &Metric, labels: &str, snapshot: Snapshot) {
        self.insert(metric, labels.to_owned(), Sample::Spread(snapshot, 1));
    }

    pub(crate) fn whole(&mut self, metric: &Metric, labels: &str, value: i128) {
        self.insert(metric, labels.to_owned(), Sample::Whole(value));
    }

    fn push(&mut self, metric: &Metric, labels: &[(&str, &str)], sample: Sample) {
        self.insert(metric, label_text(labels), sample);
    }

    fn insert(&mut self, metric: &Metric, labels: String, sample: Sample) {
        let family = self.families.entry(*metric).or_default();
        match (family.get_mut(&labels), sample) {
            (Some(Sample::Whole(sum)), Sample::Whole(more)) => *sum += more,
            (Some(Sample::Real(sum)), Sample::Real(more)) => *sum += more,
            (Some(Sample::Spread(sum, _)), Sample::Spread(more, _)) => sum.add(&more),
            (Some(other), sample) => *other = sample,
            (None, _) if self.sample_count >= SAMPLE_COUNT_MAX => self.left_out += 1,
            (None, sample) => {
                self.sample_count += 1;
                family.insert(labels, sample);
            }
        }
    }

    /// The page.
    pub fn render(&self) -> String {
        let mut page = String::with_capacity(self.sample_count.saturating_mul(96));
        for (metric, family) in &self.families {
            let Metric { name, kind, help } = metric;
            let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} {}", kind.word());
            for (labels, sample) in family {
                render_sample(&mut page, metric, labels, sample);
            }
        }
        if self.left_out > 0 {
            let _ = writeln!(page, "# {} samples above the bound were left out", self.left_out);
        }
        page
    }
}

fn render_sample(page: &mut String, metric: &Metric, labels: &str, sample: &Sample) {
    let name = metric.name;
    let braced = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let _ = match sample {
        Sample::Whole(value) => writeln!(page, "{name}{braced} {value}"),
        Sample::Real(value) => writeln!(page, "{name}{braced} {value}"),
        Sample::Spread(snapshot, per_unit) => {
            debug_assert_eq!(metric.kind, MetricKind::Summary);
            let comma = if labels.is_empty() { "" } else { "," };
            for (quantile, per_mille) in [
                ("0.5", 500),
                ("0.75", 750),
                ("0.95", 950),
                ("0.98", 980),
                ("0.99", 990),
                ("0.999", 999),
            ] {
                let value = shown(snapshot.quantile(per_mille), *per_unit);
                let _ = writeln!(page, "{name}{{{labels}{comma}quantile=\"{quantile}\"}} {value}");
            }
            let _ = writeln!(page, "{name}_sum{braced} {}", shown(snapshot.sum, *per_unit));
            writeln!(page, "{name}_count{braced} {}", snapshot.count())
        }
    };
}

#[expect(clippy::cast_precision_loss, reason = "nobody reads a time to its sixteenth digit")]
fn shown(value: u64, per_unit: u64) -> f64 {
    value as f64 / per_unit as f64
}

/// `name="value",…` with what Prometheus wants escaped.
pub(crate) fn label_text(labels: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (index, (name, value)) in labels.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(name);
        text.push_str("=\"");
        for character in value.chars() {
            match character {
                '\\' => text.push_str("\\\\"),
                '"' => text.push_str("\\\""),
                '\n' => text.push_str("\\n"),
                other => text.push(other),
            }
        }
        text.push('"');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: Metric = Metric { name: "bytes_total", kind: MetricKind::Counter, help: "Bytes." };
    const SHARE: Metric = Metric { name: "share", kind: MetricKind::Gauge, help: "A share." };

    #[test]
    fn times_are_shown_in_milliseconds() {
        const TIME: Metric = Metric { name: "time", kind: MetricKind::Summary, help: "A time." };
        let micros = Histogram::default();
        micros.record(1_500);
        let mut page = Exposition::default();
        page.times(&TIME, &[("request", "Fetch")], &micros);
        let page = page.render();
        assert!(page.contains("time_sum{request=\"Fetch\"} 1.5\n"), "{page}");
        assert!(page.contains("time{request=\"Fetch\",quantile=\"0.99\"} 1.5"), "{page}");
    }

    #[test]
    fn values_with_the_same_labels_are_one_line() {
        let mut page = Exposition::default();
        page.counter(&BYTES, &[("topic", "a")], 2);
        page.counter(&BYTES, &[("topic", "a")], 3);
        page.counter(&BYTES, &[("topic", "b\"\\\n")], 1);
        page.real(&SHARE, &[], 0.5);
        assert_eq!(
            page.render(),
            "# HELP bytes_total Bytes.\n# TYPE bytes_total counter\nbytes_total{topic=\"a\"} 5\n\
             bytes_total{topic=\"b\\\"\\\\\\n\"} 1\n# HELP share A share.\n# TYPE share gauge\nshare 0.5\n"
        );
    }
}
