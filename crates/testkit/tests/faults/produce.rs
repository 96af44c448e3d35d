//! Produce requests that must be refused, each with Kafka's code, and leave nothing in the log.

use bytes::Bytes;
use testkit::Step;

use crate::client::{
    CORRUPT_MESSAGE, Client, INVALID_RECORD, INVALID_TOPIC, MESSAGE_TOO_LARGE, NONE, Target,
    UNKNOWN_TOPIC_OR_PARTITION, batch, others_are_served, unique,
};

/// `spoil` changes a good batch; the broker answers `code` and the topic stays as it was.
fn refused_with(code: i16, spoil: impl FnOnce(&mut Vec<u8>)) {
    let target = Target::start();
    let mut client = Client::new(&target.address());
    let topic = client.create("refused", &[]);
    let before = client.read(&topic).expect("read");
    let mut bytes = batch(&["one", "two"], None).to_vec();
    spoil(&mut bytes);
    assert_eq!(client.produce_code(&topic, Bytes::from(bytes)), code);
    assert_eq!(client.read(&topic).expect("read"), before, "what was refused is in the log");
    assert_eq!(client.produce_code(&topic, batch(&["good"], None)), NONE);
    others_are_served(&target.address());
}

#[test]
fn a_wrong_crc_is_a_corrupt_message() {
    refused_with(CORRUPT_MESSAGE, |batch| batch[17] ^= 1);
}

#[test]
fn a_flipped_bit_of_a_record_is_a_corrupt_message() {
    refused_with(CORRUPT_MESSAGE, |batch| {
        let last = batch.len() - 2;
        batch[last] ^= 0x20;
    });
}

#[test]
fn a_batch_that_ends_too_early_is_an_invalid_record() {
    refused_with(INVALID_RECORD, |batch| batch.truncate(batch.len() - 1));
}

#[test]
fn a_batch_longer_than_the_topic_takes_is_too_large() {
    let target = Target::start();
    let mut client = Client::new(&target.address());
    let topic = client.create("small", &[("max.message.bytes", "1000")]);
    assert_eq!(client.produce_code(&topic, batch(&["x".repeat(2_000)], None)), MESSAGE_TOO_LARGE);
    let default = client.create("default", &[]);
    let over = batch(&["x".repeat(1_100_000)], None);
    assert_eq!(client.produce_code(&default, over), MESSAGE_TOO_LARGE);
    assert_eq!(client.produce_code(&topic, batch(&["fits"], None)), NONE);
    others_are_served(&target.address());
}

#[test]
fn an_unknown_topic_or_partition_is_named_as_such() {
    let target = Target::start();
    let mut client = Client::new(&target.address());
    let code = client.produce_code(&unique("nowhere"), batch(&["x"], None));
    assert_eq!(code, UNKNOWN_TOPIC_OR_PARTITION);
    others_are_served(&target.address());
}

#[test]
fn bad_names_are_invalid_topics() {
    let target = Target::start();
    let mut client = Client::new(&target.address());
    let long = "x".repeat(250);
    for name in ["", ".", "..", "a/b", "a b", "ä", "nul\0", "../../etc", long.as_str()] {
        assert_eq!(client.create_code(name, &[]), INVALID_TOPIC, "{name:?}");
    }
    others_are_served(&target.address());
}

#[test]
fn a_compression_bomb_takes_no_memory() {
    let Target::Own(ottla) = Target::start() else { return };
    let mut client = Client::new(&ottla.bootstrap());
    // Recompression makes the broker look inside.
    let topic = client.create("bomb", &[("compression.type", "lz4")]);
    // 512 MB of zeros as gzip, in front of it a right header with a right CRC.
    let bomb = bomb();
    let before = resident_kilobytes(ottla.pid());
    let code = client.produce_code(&topic, bomb);
    assert_ne!(code, NONE, "512 MB from one batch");
    let grown = resident_kilobytes(ottla.pid()).saturating_sub(before);
    assert!(grown < 256 << 10, "{grown} KB more than before");
    others_are_served(&ottla.bootstrap());
}

fn bomb() -> Bytes {
    let zeros = Step::new("sh")
        .args(["-c", "head -c 536870912 /dev/zero | gzip -9 | od -An -v -tx1 | tr -d ' \\n'"]);
    let text = zeros.run().expect("gzip");
    let squeezed: Vec<u8> = (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("hex"))
        .collect();
    let mut bytes = batch(&["x"], None)[..61].to_vec();
    bytes[22] |= 1;
    bytes.extend_from_slice(&squeezed);
    let length = i32::try_from(bytes.len() - 12).expect("small");
    bytes[8..12].copy_from_slice(&length.to_be_bytes());
    let crc = record::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    Bytes::from(bytes)
}

fn resident_kilobytes(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("a number")
}
