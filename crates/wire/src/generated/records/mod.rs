// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

//! The records of Kafka's own topics and files.

pub mod client;
pub mod control;
pub mod group;
pub mod header;
pub mod metadata;
pub mod raft;
pub mod share;
pub mod storage;
pub mod streams;
pub mod transaction;
