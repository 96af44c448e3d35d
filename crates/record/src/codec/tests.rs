use super::*;

const SIZE_MAX: usize = 8 << 20;
const CODECS: [Codec; 4] = [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

fn compressed(codec: Codec, input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let compression = Compression::with_default_level(codec);
    Compressor::new().compress(compression, input, &mut out).unwrap();
    out
}

fn text(size: usize) -> Vec<u8> {
    (0..size).map(|index| b"the quick brown fox "[index * index / 7 % 20]).collect()
}

#[track_caller]
fn check(codec: Codec, input: &[u8], expected: &[u8]) {
    let output = Decompressor::new().decompress(codec, input, SIZE_MAX).map(<[u8]>::to_vec);
    assert!(output.as_deref() == Ok(expected), "{codec:?}");
}

#[test]
fn all_sizes_around_a_block_come_back() {
    for codec in CODECS {
        for size in [0, 1, 12, 13, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 300_000] {
            check(codec, &compressed(codec, &text(size)), &text(size));
        }
    }
}

#[test]
fn what_was_in_the_output_stays_before_the_compressed_bytes() {
    for codec in CODECS {
        let mut out = b"before".to_vec();
        let compression = Compression::with_default_level(codec);
        let mut compressor = Compressor::new();
        for _ in 0..2 {
            compressor.compress(compression, &text(100_000), &mut out).unwrap();
            assert!(out.starts_with(b"before"));
            check(codec, &out[6..], &text(100_000));
            out.truncate(6);
        }
    }
}

#[test]
fn concatenated_gzip_members_and_zstd_frames_are_one_content() {
    for codec in [Codec::Gzip, Codec::Zstd] {
        let twice = [compressed(codec, b"one"), compressed(codec, b"two")].concat();
        check(codec, &twice, b"onetwo");
    }
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9];
    let frames = [&skippable[..], &compressed(Codec::Zstd, b"one")].concat();
    check(Codec::Zstd, &frames, b"one");
}

#[test]
fn bytes_behind_a_gzip_member_are_ignored_as_java_ignores_them() {
    check(Codec::Gzip, &[compressed(Codec::Gzip, b"one"), vec![0; 9]].concat(), b"one");
}

#[test]
fn gzip_with_every_optional_field_is_read() {
    let plain = compressed(Codec::Gzip, b"value");
    let mut fields = plain[..10].to_vec();
    fields[3] = 0b1_1110;
    fields.extend_from_slice(&[3, 0, 1, 2, 3]);
    fields.extend_from_slice(b"name\0comment\0");
    fields.extend_from_slice(&[0xab, 0xcd]);
    fields.extend_from_slice(&plain[10..]);
    check(Codec::Gzip, &fields, b"value");
}

#[test]
fn snappy_is_read_raw_framed_and_framed_twice() {
    let raw = snap::raw::Encoder::new().compress_vec(&text(50_000)).unwrap();
    check(Codec::Snappy, &raw, &text(50_000));
    let framed = compressed(Codec::Snappy, &text(70_000));
    let twice = [framed.clone(), framed].concat();
    check(Codec::Snappy, &twice, &[text(70_000), text(70_000)].concat());
}

#[test]
fn an_lz4_frame_has_the_header_that_java_clients_want() {
    let frame = compressed(Codec::Lz4, b"value");
    assert_eq!(&frame[..7], &[0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
    assert_eq!(&frame[frame.len() - 4..], &[0; 4]);
}

#[test]
fn lz4_frames_with_checksums_and_content_size_are_read() {
    let block = b"value";
    let mut frame = MAGIC_LZ4.to_vec();
    let descriptor = [0b0111_1100, 4 << 4, 5, 0, 0, 0, 0, 0, 0, 0];
    frame.extend_from_slice(&descriptor);
    frame.push(xxh32::xxh32(&descriptor).to_be_bytes()[2]);
    frame.extend_from_slice(&[5, 0, 0, 0x80]);
    frame.extend_from_slice(block);
    frame.extend_from_slice(&xxh32::xxh32(block).to_le_bytes());
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(&xxh32::xxh32(block).to_le_bytes());
    check(Codec::Lz4, &frame, block);
    let mut wrong = frame.clone();
    wrong[15 + 4] ^= 1;
    let refused = Decompressor::new().decompress(Codec::Lz4, &wrong, SIZE_MAX).map(<[u8]>::len);
    assert_eq!(refused, Err(DecompressError::Corrupt(Codec::Lz4)));
}

const MAGIC_LZ4: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];

#[test]
fn lz4_blocks_that_need_each_other_are_refused_as_java_refuses_them() {
    let mut frame = compressed(Codec::Lz4, b"value");
    frame[4] &= !0b10_0000;
    frame[6] = xxh32::xxh32(&frame[4..6]).to_be_bytes()[2];
    let refused = Decompressor::new().decompress(Codec::Lz4, &frame, SIZE_MAX).map(<[u8]>::len);
    assert_eq!(refused, Err(DecompressError::Corrupt(Codec::Lz4)));
}

#[test]
fn the_bound_is_exact_and_the_buffer_stays_below_it() {
    for codec in CODECS {
        let bomb = compressed(codec, &vec![0; 1 << 20]);
        let mut decompressor = Decompressor::new();
        for size_max in [0, 1, 1000, 100_000, (1 << 20) - 1] {
            let refused = decompressor.decompress(codec, &bomb, size_max).map(<[u8]>::len);
            assert_eq!(refused, Err(DecompressError::TooLarge { size_max }), "{codec:?}");
            assert!(decompressor.buffer_size() <= size_max, "{codec:?}");
        }
        let whole = decompressor.decompress(codec, &bomb, 1 << 20).map(<[u8]>::len);
        assert_eq!(whole, Ok(1 << 20), "{codec:?}");
        assert!(decompressor.buffer_size() <= 1 << 20, "{codec:?}");
    }
}

#[test]
fn a_stream_cut_anywhere_is_corrupt() {
    for codec in CODECS {
        let whole = compressed(codec, &text(500));
        let mut decompressor = Decompressor::new();
        for size in 1..whole.len() {
            // Framed snappy has no end mark: between its blocks a cut cannot be seen; the batch's count sees it.
            if codec == Codec::Snappy && size == 16 {
                continue;
            }
            let refused = decompressor.decompress(codec, &whole[..size], SIZE_MAX).map(<[u8]>::len);
            assert_eq!(refused, Err(DecompressError::Corrupt(codec)), "cut at {size}");
        }
        check(codec, &whole, &text(500));
    }
}

#[test]
fn a_claim_of_size_alone_takes_no_memory() {
    let mut decompressor = Decompressor::new();
    // zstd: one segment of 8 EB; snappy: 4 GB; lz4: blocks of 4 MB.
    let zstd = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x70, 1, 0, 0];
    let snappy = [0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1, 2, 3];
    let mut lz4 = MAGIC_LZ4.to_vec();
    lz4.extend_from_slice(&[0x60, 0x70, xxh32::xxh32(&[0x60, 0x70]).to_be_bytes()[2]]);
    lz4.extend_from_slice(&[1, 0, 0, 0, 0xff]);
    for (codec, bytes) in
        [(Codec::Zstd, &zstd[..]), (Codec::Snappy, &snappy[..]), (Codec::Lz4, &lz4[..])]
    {
        let refused = decompressor.decompress(codec, bytes, 1 << 30).map(<[u8]>::len);
        assert!(refused != Ok(1), "{codec:?}");
        assert!(decompressor.buffer_size() < 1000, "{codec:?}: {}", decompressor.buffer_size());
    }
}

#[test]
fn a_large_buffer_is_given_back_at_the_next_batch() {
    let mut decompressor = Decompressor::new();
    let large = compressed(Codec::Zstd, &vec![7; BUFFER_KEPT_MAX + 1]);
    assert!(decompressor.decompress(Codec::Zstd, &large, SIZE_MAX).is_ok());
    assert!(decompressor.buffer_size() > BUFFER_KEPT_MAX);
    let small = compressed(Codec::Zstd, b"small");
    assert!(decompressor.decompress(Codec::Zstd, &small, SIZE_MAX).is_ok());
    assert!(decompressor.buffer_size() < 1000);
}

#[test]
fn only_the_levels_of_kafkas_settings_exist() {
    assert!(GzipLevel::new(0).is_none() && GzipLevel::new(10).is_none());
    assert!(Lz4Level::new(0).is_none() && Lz4Level::new(18).is_none());
    assert!(ZstdLevel::new(-131_073).is_none() && ZstdLevel::new(23).is_none());
    let defaults = (GzipLevel::DEFAULT, Lz4Level::DEFAULT, ZstdLevel::DEFAULT);
    assert_eq!((defaults.0.get(), defaults.1.get(), defaults.2.get()), (-1, 9, 3));
}
