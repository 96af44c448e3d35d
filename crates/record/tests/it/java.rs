//! What Java writes is read alike, and what is written here Java reads alike.

use std::fmt::Write as _;

use model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::{
    BatchBuilder, BatchStamp, BatchView, Batches, Codec, Compression, Compressor, ControlStamp,
    ControlType, Decompressor, EndTransactionMarker, GzipLevel, HeaderView, Lz4Level,
    ProducerStamp, TimestampType, ZstdLevel, crc32c, recompress, write_control_batch,
    write_end_transaction_batch,
};

use crate::oracle;

const SIZE_MAX: usize = 16 << 20;

#[test]
fn batches_that_java_writes_are_read_as_java_reads_them() {
    let directory = oracle::written_by_java();
    let names = oracle::names(directory);
    // 61 codecs and levels of one content, 12 of two others, 10 of special kinds.
    assert_eq!(names.len(), 83, "{names:?}");
    for name in &names {
        let bytes = oracle::bytes(directory, name);
        similar(name, &dump(&bytes), &oracle::text(directory, name));
    }
}

#[test]
fn uncompressed_batches_built_of_what_java_wrote_are_the_same_bytes() {
    let directory = oracle::written_by_java();
    let mut compared = 0;
    for name in oracle::names(directory) {
        let java = oracle::bytes(directory, &name);
        let view = BatchView::parse_checked(&java).unwrap();
        if view.header().attributes().codec() != Some(Codec::None) {
            continue;
        }
        // Java counts from the first record's own time, which a batch of LogAppendTime no longer shows.
        if view.header().timestamp_type() == TimestampType::LogAppendTime {
            continue;
        }
        assert!(rebuilt(&view, Compression::None) == java, "{name}");
        compared += 1;
    }
    // Three contents, and nine special kinds.
    assert_eq!(compared, 12);
}

#[test]
fn batches_that_are_written_here_java_reads_alike() {
    let directory = oracle::empty_directory("written-here");
    let source = oracle::written_by_java();
    let mut expected = Vec::new();
    let mut put = |name: String, bytes: Vec<u8>| {
        oracle::put(&directory, &name, &bytes);
        expected.push((name, dump(&bytes)));
    };
    let mut compressor = Compressor::new();
    let mut decompressor = Decompressor::new();
    for content in ["few", "text", "noise"] {
        let java = oracle::bytes(source, &format!("{content}_none"));
        let view = BatchView::parse_checked(&java).unwrap();
        for compression in every_compression() {
            let name = format!("{content} {compression:?}");
            let built = rebuilt(&view, compression);
            put(name.clone(), built);
            let mut again = Vec::new();
            recompress(
                &view,
                compression,
                &mut compressor,
                &mut decompressor,
                SIZE_MAX,
                &mut again,
            )
            .unwrap();
            put(name + " recompressed", again);
        }
    }
    for name in ["append-time", "idempotent", "transactional"] {
        let java = oracle::bytes(source, name);
        let view = BatchView::parse_checked(&java).unwrap();
        put(name.to_owned(), rebuilt(&view, Compression::Zstd(ZstdLevel::DEFAULT)));
    }
    for (name, batch) in control_batches() {
        put(name.to_owned(), batch);
    }
    assert_eq!(expected.len(), 3 * 61 * 2 + 3 + 7);
    oracle::run("dump", &directory);
    for (name, ours) in expected {
        similar(&name, &ours, &oracle::text(&directory, &name));
    }
}

fn control_batches() -> Vec<(&'static str, Vec<u8>)> {
    let stamp = ControlStamp {
        base_offset: Offset::from_wire(12).unwrap(),
        leader_epoch: LeaderEpoch::from_wire(4),
        timestamp: Timestamp::from_millis(1_700_000_000_000).unwrap(),
    };
    let id = ProducerId::from_wire(4001).unwrap();
    let epoch = ProducerEpoch::from_wire(2).unwrap();
    let mut batches = Vec::new();
    for (name, committed) in [("commit", true), ("abort", false)] {
        let marker = EndTransactionMarker { committed, coordinator_epoch: 6 };
        let mut batch = Vec::new();
        write_end_transaction_batch(stamp, id, epoch, marker, &mut batch).unwrap();
        batches.push((name, batch));
    }
    let types = [
        ("leader change", ControlType::LeaderChange),
        ("snapshot header", ControlType::SnapshotHeader),
        ("snapshot footer", ControlType::SnapshotFooter),
        ("kraft version", ControlType::KRaftVersion),
        ("kraft voters", ControlType::KRaftVoters),
    ];
    for (name, control_type) in types {
        let mut batch = Vec::new();
        write_control_batch(stamp, &[(control_type, &[0, 1, 2])], &mut batch).unwrap();
        batches.push((name, batch));
    }
    batches
}

#[test]
fn markers_that_java_writes_are_built_the_same() {
    let java = oracle::bytes(oracle::written_by_java(), "commit");
    let (_, ours) = control_batches().swap_remove(0);
    assert_eq!(ours, java);
    let mut decompressor = Decompressor::new();
    let view = BatchView::parse_checked(&java).unwrap();
    let record = view.records(&mut decompressor, 0).unwrap().next().unwrap().unwrap();
    let marker = EndTransactionMarker::parse(&record).unwrap();
    assert_eq!(marker, EndTransactionMarker { committed: true, coordinator_epoch: 6 });
}

fn every_compression() -> Vec<Compression> {
    let mut all = vec![Compression::None, Compression::Snappy];
    let levels = [-131_072, -1000, -50].into_iter().chain(-7..=22);
    all.extend(levels.clone().filter_map(GzipLevel::new).map(Compression::Gzip));
    all.extend(levels.clone().filter_map(Lz4Level::new).map(Compression::Lz4));
    let zstd = levels.filter(|level| *level != 0);
    all.extend(zstd.filter_map(ZstdLevel::new).map(Compression::Zstd));
    all
}

/// A batch of the same content, built record by record.
fn rebuilt(view: &BatchView<'_>, compression: Compression) -> Vec<u8> {
    let mut decompressor = Decompressor::new();
    let mut builder = BatchBuilder::new();
    let header = view.header();
    let append_time = match header.timestamp_type() {
        TimestampType::CreateTime => None,
        TimestampType::LogAppendTime => header.max_timestamp(),
    };
    for record in view.records(&mut decompressor, SIZE_MAX).unwrap() {
        let record = record.unwrap();
        let headers: Vec<HeaderView<'_>> = record.headers.collect();
        builder.append(record.timestamp, record.key, record.value, &headers).unwrap();
    }
    let stamp = BatchStamp {
        base_offset: header.base_offset(),
        leader_epoch: header.leader_epoch(),
        compression,
        producer: header.producer(),
        transactional: header.attributes().is_transactional(),
        control: header.attributes().is_control(),
        append_time,
    };
    builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec()
}

#[track_caller]
fn similar(name: &str, ours: &str, java: &str) {
    for (index, (ours, java)) in ours.lines().zip(java.lines()).enumerate() {
        assert_eq!(ours, java, "{name}, line {index}");
    }
    assert_eq!(ours.lines().count(), java.lines().count(), "{name}");
}

/// The same text that the oracle makes of batches.
fn dump(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut decompressor = Decompressor::new();
    for view in Batches::checked(bytes) {
        let view = view.unwrap();
        dump_header(&view, &mut out);
        for record in view.records(&mut decompressor, SIZE_MAX).unwrap() {
            let record = record.unwrap();
            let time = record.timestamp.map_or(-1, Timestamp::as_millis);
            let (key, value) = (hex(record.key), hex(record.value));
            write!(out, "record offset={} time={time} key={key} value={value}", record.offset)
                .unwrap();
            for header in record.headers {
                let key = hex(Some(header.key));
                write!(out, " header={key}:{}", hex(header.value)).unwrap();
            }
            if view.header().attributes().is_control() {
                let name = match ControlType::parse_key(record.key).unwrap() {
                    ControlType::Abort => "ABORT",
                    ControlType::Commit => "COMMIT",
                    ControlType::LeaderChange => "LEADER_CHANGE",
                    ControlType::SnapshotHeader => "SNAPSHOT_HEADER",
                    ControlType::SnapshotFooter => "SNAPSHOT_FOOTER",
                    ControlType::KRaftVersion => "KRAFT_VERSION",
                    ControlType::KRaftVoters => "KRAFT_VOTERS",
                    ControlType::Unknown(_) => "UNKNOWN",
                };
                write!(out, " control={name}").unwrap();
            }
            out.push('\n');
        }
    }
    out
}

fn dump_header(view: &BatchView<'_>, out: &mut String) {
    let header = view.header();
    let attributes = header.attributes();
    let producer = header.producer();
    let time = match header.timestamp_type() {
        TimestampType::CreateTime => "CreateTime",
        TimestampType::LogAppendTime => "LogAppendTime",
    };
    let sequence = producer.and_then(|ProducerStamp { base_sequence, .. }| base_sequence);
    writeln!(
        out,
        "batch base={} last={} next={} epoch={} codec={} time={time} maxtime={} pid={} pepoch={} \
         seq={} tx={} control={} horizon={} count={} size={} crc={:08x}",
        header.base_offset(),
        header.last_offset(),
        header.next_offset(),
        header.leader_epoch().map_or(-1, LeaderEpoch::to_wire),
        attributes.codec().unwrap().name(),
        header.max_timestamp().map_or(-1, Timestamp::as_millis),
        producer.map_or(-1, |stamp| ProducerId::to_wire(stamp.id)),
        producer.map_or(-1, |stamp| ProducerEpoch::to_wire(stamp.epoch)),
        sequence.map_or(-1, Sequence::to_wire),
        attributes.is_transactional(),
        attributes.is_control(),
        header.delete_horizon().map_or(-1, Timestamp::as_millis),
        header.record_count(),
        header.size(),
        header.crc(),
    )
    .unwrap();
}

fn hex(bytes: Option<&[u8]>) -> String {
    match bytes {
        None => "null".to_owned(),
        Some(bytes) if bytes.len() <= 32 => {
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        }
        Some(bytes) => format!("{}:{:08x}", bytes.len(), crc32c(bytes)),
    }
}
