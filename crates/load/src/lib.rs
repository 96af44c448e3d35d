//! The load of benchmarks, the same bytes to whatever broker: what is measured is the broker, not a client's batching.
//!
//! [`frames`] encodes requests once, before any clock starts; [`run`] sends them on a number of connections from one thread,
//! in a closed loop or by the clock, and times each answer; [`Process`] is what the system knows of the broker, if it is on
//! this machine. `ottla bench` and the tables of `bench` both stand on it.

mod clock;
mod connection;
mod error;
pub mod frames;
pub mod limits;
mod outcome;
mod pace;
mod process;
mod run;

pub use error::{LoadError, Result};
pub use outcome::Outcome;
pub use pace::Pace;
pub use process::{Process, wait_for_rest};
pub use run::{Answers, Connected, Lane, Load, run};
