//! Batches of this crate beside Apache Kafka's own classes, and what must hold for all batches.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests are outside of test functions, where clippy.toml does not reach"
)]

mod java;
mod oracle;
mod properties;
mod verdicts;
