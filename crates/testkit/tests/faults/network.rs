//! Clients that send nonsense, nothing, half of something, or read nothing.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use wire::{ApiKey, Message, RequestHeader};

use crate::client::{
    Client, NONE, PATIENCE, Target, batch, others_are_served, produce_request, resident_kilobytes,
};

pub(crate) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("connect");
    stream.set_read_timeout(Some(PATIENCE)).expect("timeout");
    stream
}

/// Sends `bytes`; the broker must close without an answer, and go on for others.
fn is_closed_after(bytes: &[u8]) {
    let target = Target::start();
    let mut stream = connect(&target.address());
    // A broker that closes early resets what is still on its way.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => assert_eq!(answer, b"", "an answer to nonsense"),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    others_are_served(&target.address());
}

pub(crate) fn frame(key: i16, version: i16, body: &[u8]) -> Vec<u8> {
    let header = RequestHeader {
        api_key: key,
        api_version: version,
        correlation_id: 7,
        client_id: Some("faults".into()),
    };
    let mut bytes = vec![0; 4];
    header.encode(&mut bytes, 1).expect("header");
    bytes.extend_from_slice(body);
    let size = u32::try_from(bytes.len() - 4).expect("small");
    bytes[..4].copy_from_slice(&size.to_be_bytes());
    bytes
}

#[test]
fn a_negative_length_closes_the_connection() {
    is_closed_after(&[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
}

#[test]
fn a_huge_length_closes_the_connection() {
    is_closed_after(&[0x7f, 0xff, 0xff, 0xff, 0, 18, 0, 0]);
}

#[test]
fn an_empty_frame_closes_the_connection() {
    is_closed_after(&[0, 0, 0, 0]);
}

#[test]
fn a_web_browser_is_not_answered() {
    is_closed_after(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

#[test]
fn a_tls_greeting_is_not_answered() {
    is_closed_after(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 0, 0, 0, 0, 0]);
}

#[test]
fn noise_closes_the_connection() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    })
    .take(2_000)
    .collect();
    let mut bytes = 2_000_u32.to_be_bytes().to_vec();
    bytes.extend_from_slice(&noise);
    is_closed_after(&bytes);
}

#[test]
fn an_unknown_api_closes_the_connection() {
    is_closed_after(&frame(999, 0, &[]));
}

#[test]
fn an_unknown_version_closes_the_connection() {
    is_closed_after(&frame(ApiKey::Metadata.code(), 99, &[0; 8]));
}

#[test]
fn a_body_that_ends_within_a_field_closes_the_connection() {
    is_closed_after(&frame(ApiKey::Metadata.code(), 1, &[0, 0, 0, 1, 0, 9, b'x']));
}

#[test]
fn a_count_larger_than_the_frame_closes_the_connection() {
    is_closed_after(&frame(ApiKey::Metadata.code(), 1, &[0x7f, 0xff, 0xff, 0xff]));
}

#[test]
fn half_a_frame_and_then_the_end_harms_nobody() {
    let target = Target::start();
    let mut client = Client::new(&target.address());
    let topic = client.create("half", &[]);
    let whole = produce_frame(&topic);
    for cut in [1, 3, 4, 9, whole.len() / 2, whole.len() - 1] {
        let mut stream = connect(&target.address());
        stream.write_all(&whole[..cut]).expect("send");
        stream.shutdown(Shutdown::Write).expect("half-close");
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            Ok(_) => assert_eq!(answer, b"", "an answer to {cut} bytes"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
        }
    }
    assert_eq!(client.read(&topic).expect("read").len(), 1, "half a frame is in the log");
    others_are_served(&target.address());
}

#[test]
fn a_client_that_sends_byte_by_byte_is_answered() {
    let target = Target::start();
    let mut client = Client::new(&target.address());
    let topic = client.create("slow", &[]);
    let mut stream = connect(&target.address());
    stream.set_nodelay(true).expect("no delay");
    for byte in produce_frame(&topic) {
        stream.write_all(&[byte]).expect("send");
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut size = [0; 4];
    stream.read_exact(&mut size).expect("an answer");
    assert_eq!(client.read(&topic).expect("read").len(), 2);
}

/// It asks for much and reads nothing: the broker must keep neither the answers in memory nor others waiting.
#[test]
fn a_client_that_reads_nothing_holds_up_nobody() {
    let target = Target::start();
    let mut client = Client::new(&target.address());
    let topic = client.create("unread", &[]);
    let large = "x".repeat(500_000);
    for _ in 0..20 {
        assert_eq!(client.produce_code(&topic, batch(&[&large], None)), NONE);
    }
    let fetch = fetch_frame(&topic);
    let mut lazy: Vec<TcpStream> = (0..8).map(|_| connect(&target.address())).collect();
    for stream in &mut lazy {
        stream.set_nonblocking(true).expect("nonblocking");
        for _ in 0..200 {
            match stream.write(&fetch) {
                Ok(written) if written == fetch.len() => {}
                // Its window is full, which is what the broker should do to such a client.
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    let start = Instant::now();
    for _ in 0..10 {
        others_are_served(&target.address());
    }
    assert!(start.elapsed() < PATIENCE, "others wait for those who do not read");
    is_small(&target);
}

/// Half frames that together are larger than all the memory that the broker has for input.
#[test]
fn thousands_of_half_frames_harm_nobody() {
    const COUNT: usize = 2_000;
    raise_open_files();
    let target = Target::start();
    let half = vec![0; 60_000];
    let mut waiting = Vec::new();
    for _ in 0..COUNT {
        let mut stream = connect(&target.address());
        stream.set_nonblocking(true).expect("nonblocking");
        stream.write_all(&200_000_u32.to_be_bytes()).expect("length");
        // What its window does not take is not sent: the broker reads it or not.
        let _ = stream.write(&half);
        waiting.push(stream);
    }
    for _ in 0..4 {
        others_are_served(&target.address());
    }
    is_small(&target);
    drop(waiting);
    others_are_served(&target.address());
}

/// Requests whose answers pile up unread, of an API that is answered from memory.
#[test]
fn answers_that_nobody_reads_stop_their_connection_only() {
    let target = Target::start();
    let request = frame(ApiKey::ApiVersions.code(), 0, &[]).repeat(1_000);
    let mut lazy: Vec<TcpStream> = (0..50).map(|_| connect(&target.address())).collect();
    for stream in &mut lazy {
        stream.set_nonblocking(true).expect("nonblocking");
        // Until its window is full, which is what the broker should do to such a client.
        while stream.write(&request).is_ok_and(|written| written == request.len()) {}
    }
    for _ in 0..4 {
        others_are_served(&target.address());
    }
    is_small(&target);
}

pub(crate) fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = 12_000.max(limit.current.unwrap_or(u64::MAX));
    let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).expect("the limit on open files lets this test run");
}

/// Our own broker holds little more than the memory that it has for input, be it twice.
fn is_small(target: &Target) {
    if let Target::Own(ottla) = target {
        let kilobytes = resident_kilobytes(ottla);
        assert!(kilobytes < 160 << 10, "the broker holds {kilobytes} KB");
    }
}

fn encoded<M: Message>(message: &M, version: i16) -> Vec<u8> {
    let mut bytes = Vec::new();
    message.encode(&mut bytes, version).expect("encode");
    bytes
}

fn produce_frame(topic: &str) -> Vec<u8> {
    let request = produce_request(topic, 1, batch(&["slow"], None));
    frame(ApiKey::Produce.code(), 7, &encoded(&request, 7))
}

pub(crate) fn fetch_frame(topic: &str) -> Vec<u8> {
    use wire::messages::fetch_request::{FetchPartition, FetchTopic};
    let partition = FetchPartition {
        current_leader_epoch: -1,
        log_start_offset: -1,
        partition_max_bytes: 8 << 20,
        ..Default::default()
    };
    let topics =
        vec![FetchTopic { topic: topic.into(), partitions: vec![partition], ..Default::default() }];
    let request = wire::messages::FetchRequest {
        replica_id: -1,
        max_wait_ms: 100,
        min_bytes: 1,
        max_bytes: 8 << 20,
        session_epoch: -1,
        topics,
        ..Default::default()
    };
    frame(ApiKey::Fetch.code(), 11, &encoded(&request, 11))
}
