//! Transactions among what disturbs them: late and repeated requests, kills, forgotten producers, compaction, readers of every
//! pace, and records that nobody can read. On real processes.

#![allow(clippy::expect_used, clippy::panic, reason = "a test")]

mod crash;
mod ends;
mod expiry;
mod producer;
mod racing;
mod reader;
mod reading;
mod unreadable;
mod world;
