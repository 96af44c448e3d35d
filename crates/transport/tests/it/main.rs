//! The loops over real sockets of this machine.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod harness;
mod limits;
mod memory;
mod order;
