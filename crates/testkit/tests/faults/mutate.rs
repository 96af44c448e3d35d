//! Requests that begin as valid ones and are then damaged: every API, every version, the same damage in each run.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use model::SeededRandom;
use testkit::Ottla;
use wire::messages::{ApiVersionsRequest, FetchRequest, ProduceRequest};
use wire::schema::{find, random_bytes};
use wire::{ApiKey, Message, RequestHeader};

use crate::client::{Client, batch, others_are_served, produce_request, resident_kilobytes};

/// Damaged requests of each API and version.
const COUNT: u32 = 60;
/// Connections that stay open behind what was sent on them, some of them half-way through a frame.
const OPEN_COUNT: usize = 300;
/// An answer that comes is read; for one that does not, nobody waits.
const PATIENCE: Duration = Duration::from_millis(4);
/// What the broker's memory may grow by from the first damaged request to the last: the arena that it may fill, and no more
/// than that again.
const GROWTH_MAX_KB: u64 = 64 << 10;

/// Numbers that lengths and counts are overwritten with.
const HOSTILE: [[u8; 5]; 8] = [
    [0xff, 0xff, 0xff, 0xff, 0xff],
    [0x7f, 0xff, 0xff, 0xff, 0xff],
    [0x80, 0x00, 0x00, 0x00, 0x00],
    [0x00, 0xff, 0xff, 0xff, 0x00],
    [0x00, 0x00, 0x00, 0x00, 0x00],
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0x07],
    [0x00, 0x01, 0x00, 0x00, 0x01],
];

#[test]
fn damaged_requests_of_every_api_harm_nobody() {
    let ottla = Ottla::start(&[]).expect("Ottla");
    let address = ottla.bootstrap();
    let topic = Client::new(&address).create("mutated", &[]);
    let mut random = SeededRandom::new(3);
    let mut open = VecDeque::new();
    let apis = served(&address);
    assert!(apis.len() > 30, "{apis:?}");
    let before = resident_kilobytes(&ottla);
    for (key, min, max) in apis {
        for version in min..=max {
            for _ in 0..COUNT {
                let body = valid(key, version, &topic, &mut random);
                let frame = damaged(frame(key, version, &body), &mut random);
                open.push_back(send(&address, &frame));
                if open.len() > OPEN_COUNT {
                    open.pop_front();
                }
            }
        }
        // Whichever loop of the broker takes the connection.
        for _ in 0..2 {
            others_are_served(&address);
        }
    }
    let grown = resident_kilobytes(&ottla).saturating_sub(before);
    assert!(grown < GROWTH_MAX_KB, "the broker grew by {grown} KB");
    drop(open);
    for _ in 0..4 {
        others_are_served(&address);
    }
}

/// The APIs that the broker names, with the versions it takes.
fn served(address: &str) -> Vec<(ApiKey, i16, i16)> {
    let mut client = Client::new(address);
    let answer = client.side.call(&ApiVersionsRequest::default(), 0);
    let answer = answer.expect("versions").expect("an answer");
    let known = answer.api_keys.iter().filter_map(|api| {
        Some((ApiKey::from_code(api.api_key)?, api.min_version, api.max_version))
    });
    known.collect()
}

/// A body of the format, with random content or with some that the broker has a use for.
fn valid(key: ApiKey, version: i16, topic: &str, random: &mut SeededRandom) -> Vec<u8> {
    let useful = random.below(2) == 0;
    let mut body = Vec::new();
    let encoded = match key {
        ApiKey::Produce if useful && version < 13 => {
            let request: ProduceRequest = produce_request(topic, 1, batch(&["a", "b"], None));
            request.encode(&mut body, version).is_ok()
        }
        ApiKey::Fetch if useful && version < 13 => {
            fetch_request(topic).encode(&mut body, version).is_ok()
        }
        _ => false,
    };
    if encoded {
        return body;
    }
    let schema = find(&format!("{}Request", key.name())).expect("a schema");
    random_bytes(schema, version, random)
}

fn fetch_request(topic: &str) -> FetchRequest {
    use wire::messages::fetch_request::{FetchPartition, FetchTopic};
    let partition = FetchPartition {
        current_leader_epoch: -1,
        last_fetched_epoch: -1,
        log_start_offset: -1,
        partition_max_bytes: 1 << 20,
        ..Default::default()
    };
    let topics =
        vec![FetchTopic { topic: topic.into(), partitions: vec![partition], ..Default::default() }];
    FetchRequest { replica_id: -1, min_bytes: 1, max_bytes: 1 << 20, topics, ..Default::default() }
}

fn frame(key: ApiKey, version: i16, body: &[u8]) -> Vec<u8> {
    let header = RequestHeader {
        api_key: key.code(),
        api_version: version,
        correlation_id: 7,
        client_id: Some("mutate".into()),
    };
    let mut bytes = vec![0; 4];
    header.encode(&mut bytes, key.request_header_version(version)).expect("header");
    bytes.extend_from_slice(body);
    bytes
}

/// One kind of damage behind the header's fixed part, and a length that fits what is there, or lies.
fn damaged(mut frame: Vec<u8>, random: &mut SeededRandom) -> Vec<u8> {
    const FIXED: usize = 12;
    let place = |random: &mut SeededRandom, length: usize| {
        let range = u64::try_from(length.saturating_sub(FIXED)).unwrap_or(0).max(1);
        FIXED + usize::try_from(random.below(range)).unwrap_or(0)
    };
    for _ in 0..=random.below(3) {
        let at = place(random, frame.len());
        match random.below(6) {
            0 => frame.truncate(at),
            1 => {
                let bit = random.below(8);
                frame.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << bit);
            }
            2 | 3 => {
                let hostile = HOSTILE[usize::try_from(random.below(8)).unwrap_or(0)];
                for (byte, other) in frame.iter_mut().skip(at).zip(hostile) {
                    *byte = other;
                }
            }
            4 => {
                let again = frame.split_off(at.min(frame.len()));
                frame.extend_from_slice(&again);
                frame.extend_from_slice(&again);
            }
            // As it was.
            _ => {}
        }
    }
    let mut size = u32::try_from(frame.len().saturating_sub(4)).unwrap_or(0);
    if random.below(10) == 0 {
        size += u32::try_from(random.below(1 << 20)).unwrap_or(0);
    }
    frame[..4].copy_from_slice(&size.to_be_bytes());
    frame
}

/// Sends it and reads what comes at once, be it an answer or the end.
fn send(address: &str, frame: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("connect");
    stream.set_read_timeout(Some(PATIENCE)).expect("timeout");
    // The broker may close before all of it is sent; that others are served is what counts.
    let _ = stream.write_all(frame);
    let _ = stream.read(&mut [0; 4096]);
    stream
}
