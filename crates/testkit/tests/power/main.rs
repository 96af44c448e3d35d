//! Power cuts and failing disks under a real Ottla. Needs `/dev/fuse` and root, and says so where either is missing.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's own functions, which the lints do not know as tests"
)]

mod crashes;
mod loss;
