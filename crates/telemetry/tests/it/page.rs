//! `docs/metrics.md` names every metric. `UPDATE=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use telemetry::{MetricKind, names};

#[test]
fn the_page_of_metrics_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).expect("the page is written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/metrics.md is stale: cargo xtask fix writes it anew");
}

fn page() -> String {
    let mut page = String::from(
        "# Metrics\n\nWhat `/metrics` says, in Prometheus' text format, under the names that the usual dashboards and exporters for Kafka use. \
         Made from `crates/telemetry` by `cargo xtask fix`.\n\nTimes are in milliseconds. A summary has quantiles 0.5 to 0.999, `_count` and \
         `_sum`, all since the start.\n\n| name | kind | what it says |\n|---|---|---|\n",
    );
    for metric in names::ALL {
        let kind = match metric.kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Summary => "summary",
        };
        let _ = writeln!(page, "| `{}` | {kind} | {} |", metric.name, metric.help);
    }
    page
}
