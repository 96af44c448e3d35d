use std::io::Write;
use std::time::Duration;

use transport::Config;

use crate::harness::*;

#[test]
fn impossible_lengths_close_the_connection_and_no_other() {
    let server = TestServer::start(Config { request_size_max: 1000, ..Config::default() });
    let mut bystander = server.connect();
    let lengths = [-1, 0, 1001, i32::MAX, i32::MIN];
    for length in lengths {
        let mut client = server.connect();
        client.0.write_all(&i32::to_be_bytes(length)).unwrap();
        assert!(client.is_closed(), "{length}");
    }
    assert_eq!(*server.refused.lock().unwrap(), lengths.map(|length| (length, 1000)));
    bystander.send(&[(ECHO, b"")]);
    assert_eq!(bystander.answer(), b"e");
}

#[test]
fn the_handler_can_close_a_connection() {
    let server = TestServer::start(Config::default());
    let mut client = server.connect();
    client.send(&[(HOLD, b""), (CLOSE, b"")]);
    assert!(client.is_closed());
}

#[test]
fn one_connection_too_many_from_an_address_is_closed_at_once() {
    let server = TestServer::start(Config { connection_count_per_ip_max: 2, ..Config::default() });
    let mut first = server.connect();
    let mut second = server.connect();
    for client in [&mut first, &mut second] {
        client.send(&[(ECHO, b"")]);
        client.answer();
    }
    assert!(server.connect().is_closed());
    drop(first);
    // The server needs a moment to see that the first has gone.
    let served = (0..500).any(|_| {
        let mut client = server.connect();
        let sent = client.0.write_all(&framed(&[(ECHO, b"")]));
        let served = sent.is_ok() && !client.is_closed();
        std::thread::sleep(Duration::from_millis(10));
        served
    });
    assert!(served);
}

#[test]
fn connections_past_the_rate_wait_their_turn() {
    let server = TestServer::start(Config { connection_rate_max: 5, ..Config::default() });
    let started = std::time::Instant::now();
    for _ in 0..7 {
        let mut client = server.connect();
        client.send(&[(ECHO, b"")]);
        assert_eq!(client.answer(), b"e");
    }
    // Five at once, and one every 200 ms from then on.
    assert!(started.elapsed() >= Duration::from_millis(350));
}

#[test]
fn a_crowd_is_let_in_without_pauses() {
    let server = TestServer::start(Config { backlog: 2000, ..Config::default() });
    let mut clients: Vec<Client> = (0..1000).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(&[(ECHO, b"")]);
        assert_eq!(client.answer(), b"e");
    }
}

#[test]
fn connections_past_the_bound_wait_until_one_leaves() {
    let server = TestServer::start(Config { connection_count_max: 1, ..Config::default() });
    let mut first = server.connect();
    first.send(&[(ECHO, b"")]);
    first.answer();
    let mut second = server.connect();
    second.send(&[(ECHO, b"2")]);
    second.0.set_nonblocking(true).unwrap();
    assert!(std::io::Read::read(&mut second.0, &mut [0]).is_err());
    second.0.set_nonblocking(false).unwrap();
    drop(first);
    assert_eq!(second.answer(), b"e2");
}

#[test]
fn an_idle_connection_is_closed() {
    let idle_max = Duration::from_millis(120);
    let server = TestServer::start(Config { idle_max, ..Config::default() });
    let mut client = server.connect();
    client.send(&[(ECHO, b"")]);
    client.answer();
    assert!(client.is_closed());
}

#[test]
fn a_client_that_takes_nothing_is_closed_and_the_rest_goes_on() {
    let config = Config {
        // Longer than the quick client's thread may be kept waiting on a busy machine.
        send_stall_max: Duration::from_millis(1_500),
        send_buffer_size: Some(4096),
        ..Config::default()
    };
    let server = TestServer::start(config);
    let mut slow = server.connect();
    for _ in 0..10 {
        slow.send(&[(FILE, b"")]);
    }
    let mut quick = server.connect();
    quick.send(&[(FILE, b"")]);
    assert_eq!(quick.answer().len(), FILE_SIZE + 1);
    std::thread::sleep(Duration::from_millis(3_000));
    let mut taken = 0;
    let mut buffer = vec![0; 65536];
    while let Ok(count @ 1..) = std::io::Read::read(&mut slow.0, &mut buffer) {
        taken += count;
    }
    assert!(taken < 10 * FILE_SIZE);
}
