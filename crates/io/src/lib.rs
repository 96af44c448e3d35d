//! Doors to the machine: the clock, the disk and the memory of produced bytes.
//!
//! Everything above asks through these traits, so a simulation can put its own world behind them.

pub mod arena;
mod clock;
mod disk;
pub mod limits;
mod memory;
mod sim;

pub use clock::{Clock, SettableClock, SystemClock};
#[cfg(target_os = "linux")]
pub use disk::linux;
pub use disk::{Advice, Disk, Entry, File, FileSystem, Lock, Open, PageBuffer, RealDisk, posix};
pub use limits::{PAGE_SIZE, SECTOR_SIZE};
pub use sim::{Fault, Rot, RotKind, SimDisk, Troubles};

/// `sendfile`, or its portable twin.
pub use disk::send_file;
