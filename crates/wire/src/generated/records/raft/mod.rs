// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

pub mod quorum_state_data;

pub use quorum_state_data::QuorumStateData;
