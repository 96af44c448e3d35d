//! Every decoder, and the recovery of every kind of file, on garbage.
//!
//! A [`Target`] is a function of bytes. Whatever they are, it must come back soon, without a panic, with bounded memory,
//! and what it took must be true of itself: what was decoded and encoded decodes as the same, what is served has its
//! checksum. Inputs are valid ones, made from a seed, that were damaged; so one number repeats a run exactly, and the
//! input of a failure is made small and printed as hexadecimal digits.
//!
//! `cargo xtask fuzz` runs it for long, `tests/` for a moment. Start reading at [`TARGETS`] and [`run`].

mod allocations;
mod hex;
mod limits;
mod minimise;
mod mutate;
mod run;
mod seeds;
mod target;
mod targets;
mod watch;

pub use hex::{from_hex, to_hex};
pub use run::{Broken, Counts, Failure, repeat, run};
pub use target::{Memory, Target, Verdict};
pub use targets::TARGETS;
pub use watch::watch;

/// The target of that name.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
