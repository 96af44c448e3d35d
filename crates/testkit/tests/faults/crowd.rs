//! Clients that hold much and move little, and topics that go while they are used. Whatever they do, others are served, the
//! process lives, and its memory stays within its bound.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use wire::ApiKey;

use crate::client::{
    Client, LEADER_NOT_AVAILABLE, NONE, NOT_LEADER_OR_FOLLOWER, Target, UNKNOWN_TOPIC_OR_PARTITION,
    batch, others_are_served, resident_kilobytes,
};
use crate::network::{connect, fetch_frame, frame, raise_open_files};

/// What the whole process may hold, whatever its clients do.
const RESIDENT_KILOBYTES_MAX: u64 = 256 << 10;

/// Kafka's default `socket.request.max.bytes`.
const FRAME_SIZE_MAX: u32 = 104_857_600;

/// `UNKNOWN_TOPIC_ID`: what the newest fetches and produces of a topic that is gone get.
const UNKNOWN_TOPIC_ID: i16 = 100;

fn is_within_bound(target: &Target) {
    if let Target::Own(ottla) = target {
        let kilobytes = resident_kilobytes(ottla);
        assert!(kilobytes < RESIDENT_KILOBYTES_MAX, "the broker holds {kilobytes} KB");
    }
}

#[test]
fn five_thousand_idle_connections_harm_nobody() {
    const COUNT: usize = 5_000;
    raise_open_files();
    let target = Target::start();
    let idle: Vec<TcpStream> = (0..COUNT).map(|_| connect(&target.address())).collect();
    others_are_served(&target.address());
    is_within_bound(&target);
    drop(idle);
    others_are_served(&target.address());
}

/// Its answer is megabytes, it takes them byte by byte, and gets all of them in the end.
#[test]
fn readers_of_one_byte_at_a_time_hold_up_nobody() {
    let target = Target::start();
    let mut client = Client::new(&target.address());
    let topic = client.create("sips", &[]);
    let large = "x".repeat(500_000);
    for _ in 0..12 {
        assert_eq!(client.produce_code(&topic, batch(&[&large], None)), NONE);
    }
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers = (0..16).map(|_| {
            scope.spawn(|| {
                let mut stream = connect(&target.address());
                stream.write_all(&fetch_frame(&topic)).expect("ask");
                let mut size = [0; 4];
                stream.read_exact(&mut size).expect("a size");
                let mut left = u32::from_be_bytes(size);
                assert!(left > 2_000_000, "an answer of {left} bytes");
                let mut byte = [0];
                while !enough.load(Ordering::Acquire) {
                    stream.read_exact(&mut byte).expect("a byte");
                    left -= 1;
                    std::thread::sleep(Duration::from_millis(1));
                }
                let rest = u64::from(left);
                let read = std::io::copy(&mut stream.take(rest), &mut std::io::sink());
                assert_eq!(read.expect("the rest"), rest);
            })
        });
        let readers: Vec<_> = readers.collect();
        for _ in 0..4 {
            others_are_served(&target.address());
        }
        is_within_bound(&target);
        enough.store(true, Ordering::Release);
        readers.into_iter().for_each(|reader| reader.join().expect("a reader"));
    });
    others_are_served(&target.address());
}

#[test]
fn a_client_that_sends_one_byte_a_second_is_answered_and_holds_up_nobody() {
    let target = Target::start();
    let request = frame(ApiKey::ApiVersions.code(), 0, &[]);
    let (slow, rest) = request.split_at(6);
    let mut stream = connect(&target.address());
    stream.set_nodelay(true).expect("no delay");
    for byte in slow {
        stream.write_all(&[*byte]).expect("send");
        others_are_served(&target.address());
        std::thread::sleep(Duration::from_secs(1));
    }
    stream.write_all(rest).expect("send the rest");
    let mut size = [0; 4];
    stream.read_exact(&mut size).expect("an answer");
    assert!(u32::from_be_bytes(size) > 100, "an answer of nothing");
    is_within_bound(&target);
}

/// Longer than any may be, and as long as one may be but with little behind it.
#[test]
fn oversized_frames_take_no_memory_and_hold_up_nobody() {
    let target = Target::start();
    let part = vec![0; 300_000];
    let mut waiting = Vec::new();
    for number in 0..60 {
        let size = FRAME_SIZE_MAX + u32::from(number % 2 == 0);
        let mut stream = connect(&target.address());
        stream.set_nonblocking(true).expect("nonblocking");
        stream.write_all(&size.to_be_bytes()).expect("length");
        // What its window does not take is not sent.
        let _ = stream.write(&part);
        waiting.push((size, stream));
    }
    for _ in 0..4 {
        others_are_served(&target.address());
    }
    is_within_bound(&target);
    for (size, mut stream) in waiting {
        if size > FRAME_SIZE_MAX {
            stream.set_nonblocking(false).expect("blocking");
            let mut answer = Vec::new();
            match stream.read_to_end(&mut answer) {
                Ok(_) => assert_eq!(answer, b"", "an answer to a frame that is too long"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
            }
        }
    }
    others_are_served(&target.address());
}

/// Producers and readers at work get Kafka's codes while it goes, and the next topic of that name begins at offset 0.
#[test]
fn a_topic_that_is_deleted_under_load_comes_again_empty() {
    let target = Target::start();
    let address = target.address();
    let mut client = Client::new(&address);
    let topic = client.create("doomed", &[]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = Client::new(&address);
                let large = "x".repeat(20_000);
                let allowed = [
                    NONE,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    NOT_LEADER_OR_FOLLOWER,
                    LEADER_NOT_AVAILABLE,
                    UNKNOWN_TOPIC_ID,
                ];
                while !over.load(Ordering::Acquire) {
                    let produced = client.produce_code(&topic, batch(&[&large], None));
                    assert!(allowed.contains(&produced), "produce: {produced}");
                    let fetched = client.fetch(&topic, 0).error_code;
                    assert!(allowed.contains(&fetched), "fetch: {fetched}");
                }
            });
        }
        for _ in 0..6 {
            std::thread::sleep(Duration::from_millis(300));
            assert_eq!(client.delete_code(&topic), NONE);
            others_are_served(&address);
            // A request of the others may make it again first, where topics are made by their first use.
            let made = client.create_code(&topic, &[]);
            assert!([NONE, TOPIC_ALREADY_EXISTS].contains(&made), "create: {made}");
        }
        is_within_bound(&target);
        over.store(true, Ordering::Release);
    });
    assert_eq!(client.delete_code(&topic), NONE);
    assert_eq!(client.create_code(&topic, &[]), NONE);
    assert_eq!(client.read(&topic), Ok(Vec::new()), "records of a topic that was deleted");
    others_are_served(&address);
}

const TOPIC_ALREADY_EXISTS: i16 = 36;
