//! Bad input and broken machines: the client gets Kafka's code, the operator a clear line, other clients notice nothing, and
//! nothing acknowledged is lost.
//!
//! `FAULTS_AT=HOST:PORT` runs the tests of [`network`] and [`produce`] against another broker, such as Apache Kafka; those
//! that stop, break or restart a broker need Ottla.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's own functions, which the lints do not know as tests"
)]

mod client;
mod crash;
mod crowd;
mod descriptors;
mod directory;
mod disk_full;
mod log_dirs;
mod mutate;
mod network;
mod produce;
mod retention;
mod segments;
mod share_state;
mod workload;
