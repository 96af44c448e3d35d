//! Segments, and snapshots of the metadata log, which have the same form.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use record::limits::BATCH_HEADER_SIZE;
use record::{BatchHeader, BatchView, Codec, Decompressor, RecordView, TimestampType};
use serde_json::{Value, json};

use super::{DumpOptions, Topic, metadata, written};
use crate::error::{CliError, Result};
use crate::limits::{DUMP_BATCH_SIZE_MAX, DUMP_READ_SIZE};
use crate::output::to_base64;

/// Prints each batch, and its records if wanted; stops at the first place that is no batch, and says which.
pub(super) fn dump(
    file: &Path,
    topic: Topic,
    options: DumpOptions,
    out: &mut impl Write,
) -> Result<bool> {
    let failed = |source| CliError::File { path: file.to_owned(), source };
    let mut input = BufReader::with_capacity(DUMP_READ_SIZE, File::open(file).map_err(failed)?);
    let mut decompressor = Decompressor::new();
    let (mut position, mut buffer) = (0_u64, Vec::new());
    let mut good = true;
    loop {
        buffer.clear();
        let head = u64::try_from(BATCH_HEADER_SIZE).unwrap_or(u64::MAX);
        let count = input.by_ref().take(head).read_to_end(&mut buffer).map_err(failed)?;
        if count == 0 || buffer.iter().all(|byte| *byte == 0) {
            return Ok(good);
        }
        let header = match buffer.first_chunk::<BATCH_HEADER_SIZE>().map(BatchHeader::parse) {
            Some(Ok(header)) if header.size() <= DUMP_BATCH_SIZE_MAX => header,
            Some(Ok(header)) => {
                return damaged(out, position, &format!("a batch of {} bytes", header.size()));
            }
            Some(Err(error)) => return damaged(out, position, &error.to_string()),
            None => return damaged(out, position, "the file ends within a batch's header"),
        };
        let rest = u64::try_from(header.size() - BATCH_HEADER_SIZE).unwrap_or(u64::MAX);
        input.by_ref().take(rest).read_to_end(&mut buffer).map_err(failed)?;
        let batch = match BatchView::parse(&buffer) {
            Ok(batch) => batch,
            Err(error) => return damaged(out, position, &error.to_string()),
        };
        let valid = batch.check_crc().is_ok();
        good &= valid;
        batch_line(&batch, position, valid, options.json, out).map_err(written)?;
        if options.records || topic == Topic::Metadata {
            good &= records(&batch, topic, options, &mut decompressor, out)?;
        }
        position += u64::try_from(header.size()).unwrap_or(0);
    }
}

fn damaged(out: &mut impl Write, position: u64, reason: &str) -> Result<bool> {
    writeln!(out, "damaged: at position {position}: {reason}").map_err(written)?;
    Ok(false)
}

fn batch_line(
    batch: &BatchView<'_>,
    position: u64,
    valid: bool,
    json: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let header = batch.header();
    let (attributes, producer) = (header.attributes(), header.producer());
    let id = producer.map_or(-1, |it| it.id.to_wire());
    let epoch = producer.map_or(-1, |it| it.epoch.to_wire());
    let sequence = producer.and_then(|it| it.base_sequence).map_or(-1, model::Sequence::to_wire);
    let time = header.max_timestamp().map_or(-1, model::Timestamp::as_millis);
    let time_type = match header.timestamp_type() {
        TimestampType::CreateTime => "CreateTime",
        TimestampType::LogAppendTime => "LogAppendTime",
    };
    let codec = attributes.codec().map_or("unknown", Codec::name);
    let leader_epoch = header.leader_epoch().map_or(-1, model::LeaderEpoch::to_wire);
    if json {
        let line = json!({
            "base_offset": header.base_offset().to_wire(), "last_offset": header.last_offset().to_wire(),
            "count": header.record_count(), "base_sequence": sequence, "producer_id": id,
            "producer_epoch": epoch, "leader_epoch": leader_epoch,
            "transactional": attributes.is_transactional(), "control": attributes.is_control(),
            "position": position, time_type: time, "size": header.size(), "codec": codec,
            "crc": header.crc(), "valid": valid,
        });
        return writeln!(out, "{line}");
    }
    writeln!(
        out,
        "baseOffset: {} lastOffset: {} count: {} baseSequence: {sequence} producerId: {id} \
         producerEpoch: {epoch} leaderEpoch: {leader_epoch} isTransactional: {} isControl: {} \
         position: {position} {time_type}: {time} size: {} codec: {codec} crc: {} valid: {valid}",
        header.base_offset(),
        header.last_offset(),
        header.record_count(),
        attributes.is_transactional(),
        attributes.is_control(),
        header.size(),
        header.crc(),
    )
}

fn records(
    batch: &BatchView<'_>,
    topic: Topic,
    options: DumpOptions,
    decompressor: &mut Decompressor,
    out: &mut impl Write,
) -> Result<bool> {
    let is_control = batch.header().attributes().is_control();
    let records = match batch.records(decompressor, record::limits::DECOMPRESSED_SIZE_MAX) {
        Ok(records) => records,
        Err(error) => {
            writeln!(out, "| damaged: {error}").map_err(written)?;
            return Ok(false);
        }
    };
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                writeln!(out, "| damaged: {error}").map_err(written)?;
                return Ok(false);
            }
        };
        let decoded = metadata::decode(topic, is_control, &record);
        record_line(&record, decoded, options.json, out).map_err(written)?;
    }
    Ok(true)
}

fn record_line(
    record: &RecordView<'_>,
    decoded: Option<(String, String)>,
    json: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let time = record.timestamp.map_or(-1, model::Timestamp::as_millis);
    let (key, value) = match decoded {
        Some((key, value)) => (Some(key), Some(value)),
        None => (record.key.map(show), record.value.map(show)),
    };
    if json {
        let headers: Vec<Value> = record
            .headers
            .map(|header| json!([String::from_utf8_lossy(header.key), header.value.map(show)]))
            .collect();
        let line = json!({
            "offset": record.offset.to_wire(), "timestamp": time, "key": key, "value": value,
            "headers": headers,
        });
        return writeln!(out, "{line}");
    }
    write!(out, "| offset: {} timestamp: {time}", record.offset)?;
    for header in record.headers {
        let value = header.value.map_or_else(|| "null".to_owned(), show);
        write!(out, " header {}: {value}", String::from_utf8_lossy(header.key))?;
    }
    for (name, content) in [("key", key), ("payload", value)] {
        if let Some(content) = content {
            write!(out, " {name}: {content}")?;
        }
    }
    writeln!(out)
}

/// Text as it is, other bytes as base64.
fn show(bytes: &[u8]) -> String {
    str::from_utf8(bytes).map_or_else(|_| format!("base64:{}", to_base64(bytes)), str::to_owned)
}
