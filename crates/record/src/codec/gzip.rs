use flate2::{Compress, Crc, Decompress, FlushCompress, FlushDecompress, Status};

use super::output::Output;
use super::{Failure, GzipLevel};
use crate::varint::Cursor;

/// Deflate, no flags, no time, default effort, and 255 for the system, as Java writes it since 16.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
/// Output is asked for in pieces of at least this many bytes.
const PIECE_SIZE: usize = 16 << 10;

#[derive(Default)]
pub(super) struct GzipWriter(Option<(GzipLevel, Compress)>);

#[derive(Default)]
pub(super) struct GzipReader(Option<Decompress>);

impl GzipWriter {
    /// Appends one member. `None` when the library fails.
    pub(super) fn compress(
        &mut self,
        level: GzipLevel,
        input: &[u8],
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let deflate = match &mut self.0 {
            Some((kept, deflate)) if *kept == level => {
                deflate.reset();
                deflate
            }
            slot => {
                let effort = u32::try_from(level.get())
                    .map_or_else(|_| flate2::Compression::default(), flate2::Compression::new);
                &mut slot.insert((level, Compress::new(effort, false))).1
            }
        };
        out.extend_from_slice(&HEADER);
        loop {
            // `total_in` says where the library stands.
            let done = usize::try_from(deflate.total_in()).ok()?;
            let rest = input.get(done..)?;
            out.reserve(rest.len() / 2 + PIECE_SIZE);
            match deflate.compress_vec(rest, out, FlushCompress::Finish).ok()? {
                Status::StreamEnd => break,
                Status::Ok | Status::BufError => {}
            }
        }
        let mut crc = Crc::new();
        crc.update(input);
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&crc.amount().to_le_bytes());
        Some(())
    }
}

impl GzipReader {
    /// Reads all members; bytes behind the last that begin no member are ignored, as Java ignores them.
    pub(super) fn decompress(&mut self, input: &[u8], output: &mut Output) -> Result<(), Failure> {
        let mut cursor = Cursor { rest: input };
        loop {
            skip_header(&mut cursor).ok_or(Failure::Corrupt)?;
            self.member(&mut cursor, output)?;
            if !cursor.rest.starts_with(&MAGIC) {
                return Ok(());
            }
        }
    }

    fn member(&mut self, cursor: &mut Cursor<'_>, output: &mut Output) -> Result<(), Failure> {
        let inflate = match &mut self.0 {
            Some(inflate) => {
                inflate.reset(false);
                inflate
            }
            slot @ None => slot.insert(Decompress::new(false)),
        };
        let mut crc = Crc::new();
        loop {
            let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
            let full = output.left() == 0;
            let room = output.room(PIECE_SIZE.max(cursor.rest.len().saturating_mul(2)));
            let status = inflate
                .decompress(cursor.rest, room, FlushDecompress::None)
                .map_err(|_| Failure::Corrupt)?;
            let taken = usize::try_from(inflate.total_in() - before_in).unwrap_or(usize::MAX);
            let given = usize::try_from(inflate.total_out() - before_out).unwrap_or(usize::MAX);
            crc.update(room.get(..given).ok_or(Failure::Corrupt)?);
            output.advance(given);
            cursor.take(taken).ok_or(Failure::Corrupt)?;
            match status {
                Status::StreamEnd => break,
                // No step without output: either it has no room left, or the input ends too early.
                _ if taken == 0 && given == 0 => {
                    return Err(if full { Failure::TooLarge } else { Failure::Corrupt });
                }
                Status::Ok | Status::BufError => {}
            }
        }
        let trailer = cursor.take(8).ok_or(Failure::Corrupt)?;
        let (sum, amount) = trailer.split_at(4);
        if sum != crc.sum().to_le_bytes() || amount != crc.amount().to_le_bytes() {
            return Err(Failure::Corrupt);
        }
        Ok(())
    }
}

/// Steps over the header of a member with its optional fields.
fn skip_header(cursor: &mut Cursor<'_>) -> Option<()> {
    let fixed = cursor.take(HEADER.len())?;
    if !fixed.starts_with(&MAGIC) {
        return None;
    }
    let flags = fixed[3];
    if flags & 0b100 != 0 {
        let size = cursor.take(2)?.first_chunk().copied().map(u16::from_le_bytes)?;
        cursor.take(usize::from(size))?;
    }
    // A name, then a comment, each up to a zero byte.
    for bit in [0b1000, 0b1_0000] {
        if flags & bit != 0 {
            while cursor.byte()? != 0 {}
        }
    }
    if flags & 0b10 != 0 {
        cursor.take(2)?;
    }
    Some(())
}
