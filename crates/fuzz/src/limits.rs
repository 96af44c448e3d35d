//! Bounds of this crate, each with its unit and reason.

use std::time::Duration;

/// Bytes of an input after damage: large enough for the files of a small directory, small enough to be read at once.
pub(crate) const INPUT_SIZE_MAX: usize = 64 << 10;

/// Bytes of an input that is nothing but noise.
pub(crate) const NOISE_SIZE_MAX: u64 = 256;

/// Damages to one input.
pub(crate) const DAMAGE_COUNT_MAX: u64 = 4;

/// Bytes that one damage overwrites, doubles or takes away at most.
pub(crate) const DAMAGE_SIZE_MAX: u64 = 600;

/// Runs of a target that making a failing input smaller may take.
pub(crate) const MINIMISE_COUNT_MAX: usize = 3_000;

/// Hexadecimal digits that are printed of a failing input; a longer one goes to a file.
pub(crate) const HEX_SIZE_MAX: usize = 8 << 10;

/// A run that takes longer hangs: a thousand times what the slowest takes in an unoptimised build.
pub(crate) const HANG: Duration = Duration::from_secs(60);
