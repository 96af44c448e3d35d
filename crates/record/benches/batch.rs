//! Records and bytes per second of the hot paths, one thread: `cargo bench -p record`.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use model::{LeaderEpoch, Offset, Timestamp};
use record::{
    BatchBuilder, BatchStamp, BatchView, Codec, Compression, Compressor, Decompressor,
    ProduceRules, patch_base_offset_and_epoch, validate,
};

const RECORD_COUNT: u64 = 148;

fn main() {
    let value: Vec<u8> =
        (0..100_u32).map(|index| b"0123456789abcdef"[index as usize * 7 % 16]).collect();
    let time = Timestamp::from_millis(1_700_000_000_000);
    let mut builder = BatchBuilder::with_capacity(32 << 10);
    let mut compressor = Compressor::new();
    let mut decompressor = Decompressor::new();
    let plain = BatchStamp::default();

    let mut fill = |stamp: &BatchStamp, compressor: &mut Compressor| {
        builder.clear();
        for _ in 0..RECORD_COUNT {
            let _ = builder.append(black_box(time), None, Some(black_box(&value)), &[]);
        }
        builder.finish(stamp, compressor).map(|batch| batch.to_vec()).unwrap_or_default()
    };
    let batch = fill(&plain, &mut compressor);
    println!("batch of {RECORD_COUNT} records of 100 B, {} B", batch.len());

    let mut builder = BatchBuilder::with_capacity(32 << 10);
    measure("build with header and CRC", batch.len(), || {
        builder.clear();
        for _ in 0..RECORD_COUNT {
            let _ = builder.append(black_box(time), None, Some(black_box(&value)), &[]);
        }
        black_box(builder.finish(&plain, &mut compressor).map(|batch| batch.len())).is_ok()
    });
    measure("read: CRC and record views", batch.len(), || {
        let view = BatchView::parse_checked(black_box(&batch));
        view.is_ok_and(|view| {
            let records = view.records(&mut decompressor, 0);
            records.is_ok_and(|records| {
                records.map(|record| black_box(record).is_ok()).filter(|ok| *ok).count() == 148
            })
        })
    });
    let rules = ProduceRules::default();
    measure("validate: CRC and offsets", batch.len(), || {
        black_box(validate(black_box(&batch), &rules, &mut decompressor)).is_ok()
    });
    let mut owned = batch.clone();
    measure("patch base offset and epoch", batch.len(), || {
        patch_base_offset_and_epoch(black_box(&mut owned), Offset::ZERO, LeaderEpoch::ZERO);
        true
    });
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let compression = Compression::with_default_level(codec);
        let records = &batch[61..];
        let mut out = Vec::new();
        measure(&format!("{} compress", codec.name()), records.len(), || {
            out.clear();
            compressor.compress(compression, black_box(records), &mut out).is_ok()
        });
        measure(&format!("{} decompress", codec.name()), records.len(), || {
            decompressor.decompress(codec, black_box(&out), 1 << 20).is_ok()
        });
    }
}

/// The best of three rounds of a fifth of a second.
fn measure(name: &str, size: usize, mut work: impl FnMut() -> bool) {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let mut count = 0_u32;
        while start.elapsed() < Duration::from_millis(200) {
            for _ in 0..64 {
                assert!(work(), "{name} failed");
            }
            count += 64;
        }
        best = best.min(start.elapsed() / count);
    }
    let seconds = best.as_secs_f64();
    let records = RECORD_COUNT as f64 / seconds / 1e6;
    let bytes = size as f64 / seconds / 1e9;
    println!("{name:32} {records:8.1} M records/s {bytes:8.2} GB/s");
}
