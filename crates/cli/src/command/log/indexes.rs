//! The three indexes of a segment. Entries of zeros at the end are room that was taken beforehand.

use std::io::{Result, Write};

use serde_json::json;

fn i32_at(entry: &[u8], at: usize) -> i64 {
    entry
        .get(at..at + 4)
        .and_then(|it| it.try_into().ok())
        .map_or(0, |it| i32::from_be_bytes(it).into())
}

fn i64_at(entry: &[u8], at: usize) -> i64 {
    entry.get(at..at + 8).and_then(|it| it.try_into().ok()).map_or(0, i64::from_be_bytes)
}

/// Whether the file ends with a whole entry.
fn ends_well(bytes: &[u8], size: usize, out: &mut impl Write) -> Result<bool> {
    let left = bytes.len() % size;
    if left != 0 {
        writeln!(out, "damaged: {left} bytes are left behind the last entry of {size}")?;
    }
    Ok(left == 0)
}

/// 4 bytes of offset from the base, 4 of position.
pub(super) fn offsets(bytes: &[u8], base: i64, json: bool, out: &mut impl Write) -> Result<bool> {
    for (index, entry) in bytes.chunks_exact(8).enumerate() {
        let (delta, position) = (i32_at(entry, 0), i32_at(entry, 4));
        if index > 0 && delta == 0 {
            break;
        }
        let offset = base + delta;
        if json {
            writeln!(out, "{}", json!({ "offset": offset, "position": position }))?;
        } else {
            writeln!(out, "offset: {offset} position: {position}")?;
        }
    }
    ends_well(bytes, 8, out)
}

/// 8 bytes of time, 4 of offset from the base.
pub(super) fn times(bytes: &[u8], base: i64, json: bool, out: &mut impl Write) -> Result<bool> {
    for (index, entry) in bytes.chunks_exact(12).enumerate() {
        let (timestamp, delta) = (i64_at(entry, 0), i32_at(entry, 8));
        if index > 0 && timestamp == 0 {
            break;
        }
        let offset = base + delta;
        if json {
            writeln!(out, "{}", json!({ "timestamp": timestamp, "offset": offset }))?;
        } else {
            writeln!(out, "timestamp: {timestamp} offset: {offset}")?;
        }
    }
    ends_well(bytes, 12, out)
}

/// 2 bytes of version, then producer, first, last and last stable offset of an aborted transaction.
pub(super) fn transactions(bytes: &[u8], json: bool, out: &mut impl Write) -> Result<bool> {
    for entry in bytes.chunks_exact(34) {
        let [producer, first, last, stable] = [2, 10, 18, 26].map(|at| i64_at(entry, at));
        if json {
            let line = json!({
                "producer_id": producer, "first_offset": first, "last_offset": last,
                "last_stable_offset": stable,
            });
            writeln!(out, "{line}")?;
        } else {
            writeln!(
                out,
                "producerId: {producer} firstOffset: {first} lastOffset: {last} lastStableOffset: {stable}"
            )?;
        }
    }
    ends_well(bytes, 34, out)
}
