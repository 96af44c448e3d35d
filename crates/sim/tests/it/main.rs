//! The scenarios from a row of seeds, that they repeat, and that they catch a planted bug.

#![allow(clippy::panic, reason = "a test that cannot go on has failed")]

mod power_cuts;
mod replication;
