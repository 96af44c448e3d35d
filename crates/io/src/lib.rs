//! Doors to the machine: the clock, the disk and the memory of produced bytes.
//!
//! Everything above asks through these traits, so a simulation can put its own world behind them.

pub mod arena;
mod clock;
pub mod limits;

pub use clock::{Clock, SystemClock};
