//! What holds for every order of events, tried with random ones, and what a step costs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod allocation;
mod failover;
mod waiting;
