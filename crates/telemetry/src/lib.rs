//! Metrics, health and log lines: what an operator sees of a running node.
//!
//! Metrics: [`Registry`] hands out [`Counter`]s, [`Gauge`]s and [`Histogram`]s, each a few atomic numbers that its
//! owner changes without a lock and without allocating. A loop registers its own under the same name and labels as
//! the other loops do; the page of metrics adds them up. What is known only when somebody asks (sizes of partitions,
//! lags of groups) is told by a [`Collect`]. Names are those that dashboards for Kafka use; see [`names`].
//!
//! Log lines: [`log::start`] makes `tracing` write them as Kafka does, or as JSON.

mod coarse_histogram;
mod exposition;
mod health;
mod histogram;
mod http;
mod limits;
pub mod log;
mod metric;
pub mod names;
mod process;
mod registry;

pub use coarse_histogram::CoarseHistogram;
pub use exposition::Exposition;
pub use health::{Health, State};
pub use histogram::Histogram;
pub use http::{HttpError, HttpServer};
pub use metric::{Counter, Gauge, Metric, MetricKind};
pub use process::Process;
pub use registry::{Collect, Registry};
