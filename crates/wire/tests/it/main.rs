//! Facts about all messages, through what the crate offers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

mod allocation;
mod defaults;
mod garbage;
mod known_answers;
mod response_writers;
mod round_trip;
mod views;
