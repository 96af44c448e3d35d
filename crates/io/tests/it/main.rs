//! One contract for every disk.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod disk_contract;
