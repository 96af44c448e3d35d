//! The lz4 frame format as Kafka writes it: independent blocks of 64 KB without checksums of their own.

use lz4::block::{CompressionMode, compress_bound, compress_to_buffer, decompress_to_buffer};

use super::output::Output;
use super::xxh32::xxh32;
use super::{Failure, Lz4Level};
use crate::limits::LZ4_BLOCK_SIZE;
use crate::varint::Cursor;

const MAGIC: [u8; 4] = 0x184d_2204_u32.to_le_bytes();
/// Format version 1, independent blocks.
const FLAGS: u8 = 0b0110_0000;
/// Blocks of at most 64 KB.
const BLOCK_SIZE_64_KB: u8 = 4 << 4;
/// In a block's length: the block is not compressed.
const STORED: u32 = 1 << 31;

/// Appends one frame. `None` when the library fails.
pub(super) fn compress(level: Lz4Level, input: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mode = if level == Lz4Level::DEFAULT {
        CompressionMode::DEFAULT
    } else {
        CompressionMode::HIGHCOMPRESSION(level.get())
    };
    let descriptor = [FLAGS, BLOCK_SIZE_64_KB];
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&descriptor);
    out.push(header_checksum(&descriptor));
    for block in input.chunks(LZ4_BLOCK_SIZE) {
        let start = out.len();
        out.resize(start + 4 + compress_bound(block.len()).ok()?, 0);
        let size = compress_to_buffer(block, Some(mode), false, &mut out[start + 4..]).ok()?;
        let stored = size >= block.len();
        if stored {
            out[start + 4..start + 4 + block.len()].copy_from_slice(block);
        }
        let size = if stored { block.len() } else { size };
        out.truncate(start + 4 + size);
        let length = u32::try_from(size).ok()? | if stored { STORED } else { 0 };
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    }
    out.extend_from_slice(&[0; 4]);
    Some(())
}

fn header_checksum(descriptor: &[u8]) -> u8 {
    xxh32(descriptor).to_be_bytes()[2]
}

struct Frame {
    block_checksum: bool,
    content_checksum: bool,
    block_size_max: usize,
}

/// Reads the first frame, as Java does: what follows it is not looked at.
pub(super) fn decompress(input: &[u8], output: &mut Output) -> Result<(), Failure> {
    let mut cursor = Cursor { rest: input };
    let frame = read_header(&mut cursor).ok_or(Failure::Corrupt)?;
    loop {
        let length = read_u32(&mut cursor).ok_or(Failure::Corrupt)?;
        if length == 0 {
            // Java steps over the content's checksum unread; the batch has its own.
            return if frame.content_checksum && cursor.take(4).is_none() {
                Err(Failure::Corrupt)
            } else {
                Ok(())
            };
        }
        read_block(&frame, length, &mut cursor, output)?;
    }
}

fn read_block(
    frame: &Frame,
    length: u32,
    cursor: &mut Cursor<'_>,
    output: &mut Output,
) -> Result<(), Failure> {
    let size = usize::try_from(length & !STORED).map_err(|_| Failure::Corrupt)?;
    if size > frame.block_size_max {
        return Err(Failure::Corrupt);
    }
    let block = cursor.take(size).ok_or(Failure::Corrupt)?;
    if frame.block_checksum && read_u32(cursor) != Some(xxh32(block)) {
        return Err(Failure::Corrupt);
    }
    if length & STORED != 0 {
        return output.push(block);
    }
    // A block cannot give more than 255 bytes a byte, whatever its frame allows.
    let wanted = frame.block_size_max.min(size.saturating_mul(255).saturating_add(16));
    let bounded = output.left() < wanted;
    let room = output.room(wanted);
    let room_size = i32::try_from(room.len()).map_err(|_| Failure::Corrupt)?;
    // Within the bound it is the block that is wrong; at the bound it is taken as too large.
    let failure = if bounded { Failure::TooLarge } else { Failure::Corrupt };
    let written = decompress_to_buffer(block, Some(room_size), room).map_err(|_| failure)?;
    output.advance(written);
    Ok(())
}

fn read_header(cursor: &mut Cursor<'_>) -> Option<Frame> {
    if cursor.take(4)? != MAGIC {
        return None;
    }
    let descriptor_start = cursor.rest;
    let flags = cursor.byte()?;
    let block = cursor.byte()?;
    // Version 1, blocks independent, no reserved bit, no dictionary. Kafka's Java clients refuse dependent blocks.
    if flags & 0b1110_0011 != FLAGS || block & 0b1000_1111 != 0 {
        return None;
    }
    let block_size_max = match block >> 4 {
        code @ 4..=7 => 1 << (8 + 2 * code),
        _ => return None,
    };
    let has_content_size = flags & 0b1000 != 0;
    if has_content_size {
        cursor.take(8)?;
    }
    let descriptor = descriptor_start.get(..if has_content_size { 10 } else { 2 })?;
    let checksum = cursor.byte()?;
    (checksum == header_checksum(descriptor)).then_some(Frame {
        block_checksum: flags & 0b1_0000 != 0,
        content_checksum: flags & 0b100 != 0,
        block_size_max,
    })
}

fn read_u32(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.take(4)?.first_chunk().copied().map(u32::from_le_bytes)
}
