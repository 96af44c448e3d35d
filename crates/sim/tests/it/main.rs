//! The scenarios from a row of seeds, that they repeat, and that they catch planted bugs.

#![allow(clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::print_stdout,
    reason = "which fact caught a planted bug, shown when the test fails"
)]

mod faults;
mod planted;
mod power_cuts;
mod replication;
mod workload;
