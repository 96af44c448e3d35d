//! Fixed-width fields, front to back.

/// Takes fields from the front of bytes that may be too short.
pub(crate) struct Take<'a>(&'a [u8]);

impl<'a> Take<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn array<const WIDTH: usize>(&mut self) -> Option<[u8; WIDTH]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }

    pub(crate) fn slice(&mut self, size: usize) -> Option<&'a [u8]> {
        let (field, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        Some(field)
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.0
    }
}

pub(crate) fn put<const WIDTH: usize>(out: &mut Vec<u8>, field: [u8; WIDTH]) {
    out.extend_from_slice(&field);
}

/// Copies `field` into `out` at `at`, which lies within.
pub(crate) fn set<const WIDTH: usize>(out: &mut [u8], at: usize, field: [u8; WIDTH]) {
    out[at..at + WIDTH].copy_from_slice(&field);
}

/// Memory is addressed in 64 bits here; a length in bytes is a position in a file.
pub(crate) const fn to_u64(size: usize) -> u64 {
    size as u64
}

/// A size within a segment, which is shorter than 2 GB. Larger ones were refused where they came in.
pub(crate) fn to_u32(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
