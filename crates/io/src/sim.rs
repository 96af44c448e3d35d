//! A disk in memory that behaves as badly as disks may.
//!
//! What was written but not synced is, at a power cut, kept or lost for each sector of 512 bytes by itself; names in
//! a directory that was not synced likewise, one change at a time. Everything is chosen by a seed, so a run repeats
//! exactly. Calls fail or take long when that is ordered, and stored data rots. A crash can be ordered at the n-th operation that changes something: that operation may be half done, and
//! every call after it fails until [`SimDisk::power_on`] or [`SimDisk::restart`].

mod disk;
mod file;
mod file_system;
mod inode;
mod rot;
#[cfg(test)]
mod tests;
mod trouble;

pub use disk::SimDisk;
pub use rot::{Rot, RotKind};
pub use trouble::{Fault, Troubles};
