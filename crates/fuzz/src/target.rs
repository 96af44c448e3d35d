use model::SeededRandom;

/// Something that takes bytes from outside.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    /// An input to begin with.
    pub seed: fn(&mut SeededRandom) -> Vec<u8>,
    /// Whether a seed must be taken as it is; else it is damage already.
    pub seeds_are_whole: bool,
    /// Puts checksums right, so that damage gets past them.
    pub mend: Option<fn(&mut [u8])>,
    /// Panics when what must hold does not.
    pub run: fn(&[u8]) -> Verdict,
    pub memory: Memory,
    /// How many inputs a short run tries.
    pub count: u64,
}

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Taken,
    Refused,
}

impl Verdict {
    pub const fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Taken } else { Self::Refused }
    }
}

/// Bytes that a run may hold at once: so many, and so many for each byte of the input.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub base: usize,
    pub per_byte: usize,
}

impl Memory {
    pub const fn allowed(self, input_size: usize) -> usize {
        self.base.saturating_add(self.per_byte.saturating_mul(input_size))
    }
}
