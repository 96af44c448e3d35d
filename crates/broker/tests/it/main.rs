//! A broker with its real parts, over sockets of this machine and a directory of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod admin;
mod asking;
mod compacting;
mod consumer_groups;
mod damaged_groups;
mod dead_letters;
mod fetching;
mod groups;
mod harness;
mod lag;
mod producing;
mod restarting;
mod share_groups;
mod streams_groups;
