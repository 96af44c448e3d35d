//! zstd frames, in one step each way. Decompressing straight into the whole output needs no window buffer, which a frame
//! could otherwise demand at 128 MB with its second byte.

use zstd::zstd_safe::{CCtx, CParameter, DCtx, compress_bound};

use super::output::Output;
use super::{Failure, ZstdLevel};
use crate::varint::Cursor;

#[derive(Default)]
pub(super) struct ZstdWriter(Option<CCtx<'static>>);

#[derive(Default)]
pub(super) struct ZstdReader(Option<DCtx<'static>>);

impl ZstdWriter {
    /// Appends one frame. `None` when the library fails.
    pub(super) fn compress(
        &mut self,
        level: ZstdLevel,
        input: &[u8],
        out: &mut Vec<u8>,
    ) -> Option<()> {
        if self.0.is_none() {
            self.0 = CCtx::try_create();
        }
        let context = self.0.as_mut()?;
        context.set_parameter(CParameter::CompressionLevel(level.get())).ok()?;
        let start = out.len();
        out.resize(start + compress_bound(input.len()), 0);
        let size = context.compress2(&mut out[start..], input).ok()?;
        out.truncate(start + size);
        Some(())
    }
}

impl ZstdReader {
    /// Reads all frames up to the end of `input`.
    pub(super) fn decompress(&mut self, input: &[u8], output: &mut Output) -> Result<(), Failure> {
        let wanted = size_bound(input).ok_or(Failure::Corrupt)?;
        if self.0.is_none() {
            self.0 = DCtx::try_create();
        }
        let context = self.0.as_mut().ok_or(Failure::Corrupt)?;
        let bounded = output.left() < wanted;
        let room = output.room(wanted);
        // The library may leave half of a frame in a context after an error; each call begins anew all the same.
        match context.decompress(room, input) {
            Ok(size) => {
                output.advance(size);
                Ok(())
            }
            Err(_) if bounded => Err(Failure::TooLarge),
            Err(_) => Err(Failure::Corrupt),
        }
    }
}

const FRAME_MAGIC: u32 = 0xfd2f_b528;
const BLOCK_SIZE_MAX: u64 = 128 << 10;

/// How many bytes the frames can give at most, from the headers of their blocks; what a frame only claims does not
/// count. `None` when they are no frames.
fn size_bound(input: &[u8]) -> Option<usize> {
    let mut cursor = Cursor { rest: input };
    let mut bound = 0_u64;
    while !cursor.rest.is_empty() {
        let magic = u32::try_from(little_endian(&mut cursor, 4)?).ok()?;
        if magic & 0xffff_fff0 == 0x184d_2a50 {
            let size = little_endian(&mut cursor, 4)?;
            cursor.take(usize::try_from(size).ok()?)?;
        } else if magic == FRAME_MAGIC {
            bound = bound.saturating_add(frame_bound(&mut cursor)?);
        } else {
            return None;
        }
    }
    usize::try_from(bound).ok()
}

/// Steps over one frame behind its magic number.
fn frame_bound(cursor: &mut Cursor<'_>) -> Option<u64> {
    let descriptor = cursor.byte()?;
    let single_segment = descriptor & 0b10_0000 != 0;
    let window = if single_segment { None } else { Some(window_size(cursor.byte()?)) };
    let dictionary_id_size = [0, 1, 2, 4][usize::from(descriptor & 3)];
    cursor.take(dictionary_id_size)?;
    let content_size = match descriptor >> 6 {
        0 if !single_segment => None,
        0 => Some(little_endian(cursor, 1)?),
        1 => Some(little_endian(cursor, 2)? + 256),
        2 => Some(little_endian(cursor, 4)?),
        _ => Some(little_endian(cursor, 8)?),
    };
    let block_size_max = window.or(content_size)?.min(BLOCK_SIZE_MAX);
    let mut bound = 0_u64;
    loop {
        let header = little_endian(cursor, 3)?;
        let size = header >> 3;
        let (present, given) = match header >> 1 & 3 {
            0 => (size, size),
            1 => (1, size),
            2 => (size, block_size_max),
            _ => return None,
        };
        cursor.take(usize::try_from(present).ok()?)?;
        bound = bound.saturating_add(given);
        if header & 1 != 0 {
            break;
        }
    }
    if descriptor & 0b100 != 0 {
        cursor.take(4)?;
    }
    Some(content_size.map_or(bound, |size| size.min(bound)))
}

fn window_size(descriptor: u8) -> u64 {
    let base = 1_u64 << (10 + (descriptor >> 3));
    base + base / 8 * u64::from(descriptor & 7)
}

fn little_endian(cursor: &mut Cursor<'_>, width: usize) -> Option<u64> {
    let bytes = cursor.take(width)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}
