//! Snappy as Java's `SnappyOutputStream` frames it: a header of 16 bytes, then blocks of 32 KB, each with its length
//! before it. Some clients send one block without any frame; that is read too.

use super::Failure;
use super::output::Output;
use crate::limits::SNAPPY_BLOCK_SIZE;
use crate::varint::Cursor;

const MAGIC: [u8; 8] = *b"\x82SNAPPY\0";
/// The version of the framing, and the oldest that can read it.
const VERSIONS: [u8; 8] = [0, 0, 0, 1, 0, 0, 0, 1];
/// No element of the format gives more than 64 bytes for 3.
const EXPANSION_MAX: usize = 22;

/// Appends one framed stream. `None` when the library fails.
pub(super) fn compress(
    encoder: &mut snap::raw::Encoder,
    input: &[u8],
    out: &mut Vec<u8>,
) -> Option<()> {
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&VERSIONS);
    for block in input.chunks(SNAPPY_BLOCK_SIZE) {
        let start = out.len();
        out.resize(start + 4 + snap::raw::max_compress_len(block.len()), 0);
        let size = encoder.compress(block, &mut out[start + 4..]).ok()?;
        out.truncate(start + 4 + size);
        out[start..start + 4].copy_from_slice(&u32::try_from(size).ok()?.to_be_bytes());
    }
    Some(())
}

pub(super) fn decompress(
    decoder: &mut snap::raw::Decoder,
    input: &[u8],
    output: &mut Output,
) -> Result<(), Failure> {
    if !input.starts_with(&MAGIC) {
        return decompress_block(decoder, input, output);
    }
    let mut cursor = Cursor { rest: input };
    while !cursor.rest.is_empty() {
        // Streams may be concatenated: a header can stand wherever a block can begin.
        if cursor.rest.starts_with(&MAGIC) {
            let header = cursor.take(MAGIC.len() + VERSIONS.len()).ok_or(Failure::Corrupt)?;
            // A newer writer says in the last four bytes which readers it still serves.
            if header[12..] > VERSIONS[4..] {
                return Err(Failure::Corrupt);
            }
            continue;
        }
        let block = read_block(&mut cursor).ok_or(Failure::Corrupt)?;
        decompress_block(decoder, block, output)?;
    }
    Ok(())
}

fn read_block<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let length = cursor.take(4)?.first_chunk().copied().map(i32::from_be_bytes)?;
    cursor.take(usize::try_from(length).ok()?)
}

fn decompress_block(
    decoder: &mut snap::raw::Decoder,
    block: &[u8],
    output: &mut Output,
) -> Result<(), Failure> {
    let size = snap::raw::decompress_len(block).map_err(|_| Failure::Corrupt)?;
    if size > block.len().saturating_mul(EXPANSION_MAX) {
        return Err(Failure::Corrupt);
    }
    if size > output.left() {
        return Err(Failure::TooLarge);
    }
    let written = decoder.decompress(block, output.room(size)).map_err(|_| Failure::Corrupt)?;
    output.advance(written);
    Ok(())
}
