//! Small files beside the segments.

use std::io::{Result, Write};

use serde_json::json;
use storage::checkpoint::{
    decode_leader_epochs, decode_offsets, decode_partition_metadata, decode_producer_snapshot,
};

use super::Kind;

/// Whether the content had its form.
pub(super) fn dump(kind: Kind, bytes: &[u8], json: bool, out: &mut impl Write) -> Result<bool> {
    let good = match kind {
        Kind::ProducerSnapshot => match decode_producer_snapshot(bytes) {
            Ok(entries) => lines(out, entries.iter().map(|entry| format!("{entry:?}")), json)?,
            Err(_) => false,
        },
        Kind::LeaderEpochs => match decode_leader_epochs(bytes) {
            Ok(entries) => lines(out, entries.iter().map(|entry| format!("{entry:?}")), json)?,
            Err(_) => false,
        },
        Kind::Offsets => match decode_offsets(bytes) {
            Ok(entries) => {
                lines(out, entries.iter().map(|(place, offset)| format!("{place} {offset}")), json)?
            }
            Err(_) => false,
        },
        Kind::PartitionMetadata => match decode_partition_metadata(bytes) {
            Ok(topic) => lines(out, std::iter::once(format!("topic_id: {topic}")), json)?,
            Err(_) => false,
        },
        Kind::MetaProperties
        | Kind::Segment(_)
        | Kind::OffsetIndex
        | Kind::TimeIndex
        | Kind::TransactionIndex => {
            let text = String::from_utf8_lossy(bytes);
            lines(out, text.lines().map(str::to_owned), json)?
        }
    };
    if !good {
        writeln!(out, "damaged: the file does not have its form")?;
    }
    Ok(good)
}

fn lines(out: &mut impl Write, lines: impl Iterator<Item = String>, json: bool) -> Result<bool> {
    for line in lines {
        if json {
            writeln!(out, "{}", json!({ "entry": line }))?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(true)
}
