use std::io::Write;
use std::time::Instant;

use transport::Config;

use crate::harness::*;

#[test]
fn answers_leave_in_the_order_of_the_requests() {
    let server = TestServer::start(Config::default());
    let mut client = server.connect();
    client.send(&[(HOLD, b"1"), (ECHO, b"2"), (SILENT, b""), (HOLD, b"3"), (RELEASE, b"4")]);
    for expected in ["h1", "e2", "h3", "r4"] {
        assert_eq!(client.answer(), expected.as_bytes());
    }
}

#[test]
fn a_request_that_does_not_overlap_waits_for_those_before_and_holds_back_those_after() {
    let server = TestServer::start(Config::default());
    let mut client = server.connect();
    // Were the release taken in while the first is held, its effect would answer the first.
    client.send(&[(HOLD_ALONE, b"1"), (RELEASE, b"2")]);
    let mut other = server.connect();
    other.send(&[(ECHO, b"")]);
    other.answer();
    client.0.set_nonblocking(true).unwrap();
    assert!(std::io::Read::read(&mut client.0, &mut [0]).is_err());
    client.0.set_nonblocking(false).unwrap();
    other.send(&[(RELEASE, b"")]);
    other.answer();
    assert_eq!(client.answer(), b"H1");
    assert_eq!(client.answer(), b"r2");
}

#[test]
fn frames_arrive_whole_however_they_are_cut() {
    let server = TestServer::start(Config::default());
    let mut client = server.connect();
    let bytes = framed(&[(ECHO, b"first"), (ECHO_ALONE, b"second"), (ECHO, &[9; 700])]);
    for cut in 1..bytes.len() {
        client.0.write_all(&bytes[..cut]).unwrap();
        client.0.write_all(&bytes[cut..]).unwrap();
        assert_eq!(client.answer(), b"efirst");
        assert_eq!(client.answer(), b"asecond");
        assert_eq!(client.answer().len(), 701);
    }
    for byte in &bytes {
        client.0.write_all(std::slice::from_ref(byte)).unwrap();
    }
    assert_eq!(client.answer(), b"efirst");
}

#[test]
fn large_frames_arrive_whole_from_many_connections_at_once() {
    let server = TestServer::start(Config::default());
    std::thread::scope(|scope| {
        for number in 0..6_usize {
            let mut client = server.connect();
            scope.spawn(move || {
                for size in [10, 5_000, 70_000, 300_000, 1_048_576, 3_000_000] {
                    let size = size + number;
                    client.send(&[(COUNT, &vec![1; size - 1]), (ECHO, b"x")]);
                    assert_eq!(client.answer(), size.to_string().as_bytes());
                    assert_eq!(client.answer(), b"ex");
                }
            });
        }
    });
}

#[test]
fn shared_bytes_and_files_stand_between_own_bytes() {
    let server = TestServer::start(Config::default());
    let mut client = server.connect();
    client.send(&[(SHARED, b"abc"), (FILE, b""), (ECHO_ALONE, b"z")]);
    assert_eq!(client.answer(), b"<Sabc>");
    let file = client.answer();
    assert_eq!(file.len(), FILE_SIZE + 1);
    assert!(file[1..].iter().all(|byte| *byte == 7));
    assert_eq!(client.answer(), b"az");
}

#[test]
fn more_pipelined_requests_than_the_bound_are_all_answered() {
    let server = TestServer::start(Config::default());
    let mut client = server.connect();
    let mut writer = client.0.try_clone().unwrap();
    let sender = std::thread::spawn(move || {
        for _ in 0..100 {
            writer.write_all(&framed(&[(ECHO, &[5; 3_000][..]); 50])).unwrap();
        }
    });
    for _ in 0..5_000 {
        assert_eq!(client.answer().len(), 3_001);
    }
    sender.join().unwrap();
}

#[test]
fn a_muted_connection_gets_its_answer_at_once_and_is_read_later() {
    let server = TestServer::start(Config::default());
    let mut client = server.connect();
    let start = Instant::now();
    client.send(&[(MUTE, b"")]);
    assert_eq!(client.answer(), b"m");
    client.send(&[(ECHO, b"")]);
    assert_eq!(client.answer(), b"e");
    assert!(start.elapsed().as_millis() >= u128::from(MUTE_MS));
}

#[test]
fn a_client_that_ends_its_side_still_gets_its_answers() {
    let server = TestServer::start(Config::default());
    let mut client = server.connect();
    client.send(&[(ECHO, b"0"), (HOLD, b"1"), (ECHO, b"2")]);
    client.0.shutdown(std::net::Shutdown::Write).unwrap();
    // Now the others have been taken in too: they came together.
    assert_eq!(client.answer(), b"e0");
    let mut other = server.connect();
    other.send(&[(RELEASE, b"")]);
    assert_eq!(client.answer(), b"h1");
    assert_eq!(client.answer(), b"e2");
    assert!(client.is_closed());
}
