//! Power cuts and failing disks under a real Ottla. Needs `/dev/fuse` and root, and says so where either is missing.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's own functions, which the lints do not know as tests"
)]

#[allow(dead_code, reason = "the tests of faults need more of it")]
#[path = "../faults/client.rs"]
mod client;
mod crashes;
mod disk;
mod loss;
