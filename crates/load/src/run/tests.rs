use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use super::*;

/// Correlation id, then the error code.
const ANSWERS: Answers = Answers::WithCode { at: 4 };

/// A server on which each frame that comes in is answered by `answer`; an empty answer is none.
fn server(answer: impl Fn(usize) -> Vec<u8> + Send + Clone + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = answer.clone();
            thread::spawn(move || serve(stream.unwrap(), answer));
        }
    });
    address
}

fn serve(mut stream: TcpStream, answer: impl Fn(usize) -> Vec<u8>) {
    for number in 0.. {
        let mut size = [0; 4];
        if stream.read_exact(&mut size).is_err() {
            return;
        }
        let mut body = vec![0; usize::try_from(u32::from_be_bytes(size)).unwrap()];
        stream.read_exact(&mut body).unwrap();
        stream.write_all(&answer(number)).unwrap();
    }
}

/// An answer of so many bytes behind its error code.
fn answer(code: i16, more: usize) -> Vec<u8> {
    let size = u32::try_from(4 + 2 + more).unwrap();
    [&size.to_be_bytes()[..], &[0; 4], &code.to_be_bytes(), &vec![0xff; more]].concat()
}

fn frame(size: usize) -> Vec<u8> {
    [&u32::try_from(size).unwrap().to_be_bytes()[..], &vec![1; size]].concat()
}

fn load(address: SocketAddr, count: usize, pace: Pace) -> Load {
    let frames = Arc::new(vec![frame(10), frame(100_000)]);
    let lanes = (0..count).map(|_| Lane { address, frames: Arc::clone(&frames) }).collect();
    Load::lasting(lanes, pace, ANSWERS, Duration::from_secs(60))
}

#[test]
fn every_request_is_answered_and_none_is_sent_beyond_the_last() {
    let address = server(|number| answer(0, number % 3 * 300_000));
    let mut load = load(address, 3, Pace::Closed { depth: 5 });
    load.requests_max = 100;
    let outcome = run(&load).unwrap();
    assert_eq!(outcome.request_count(), 100);
    assert_eq!(outcome.latencies.len(), 100);
}

#[test]
fn an_open_load_goes_by_the_clock_though_nothing_is_answered_for_long() {
    // The first answer of each connection comes late, as those of a broker that stands still do.
    let address = server(|number| {
        if number == 0 {
            thread::sleep(Duration::from_millis(300));
        }
        answer(0, 0)
    });
    let mut load = load(address, 2, Pace::Open { per_second: 100.0 });
    load.requests_max = 40;
    let outcome = run(&load).unwrap();
    assert_eq!(outcome.request_count(), 40);
    // The clock goes on: the last is due after 390 ms, and what was due early has waited.
    assert!(outcome.took >= Duration::from_millis(390), "{:?}", outcome.took);
    assert!(outcome.latencies.max() >= 300_000);
    assert!(outcome.percentile_micros(60.0) >= 100_000);
}

#[test]
fn a_slow_clock_is_not_driven_by_answers() {
    let address = server(|_| answer(0, 0));
    let mut load = load(address, 1, Pace::Open { per_second: 20.0 });
    load.lasts = Duration::from_millis(500);
    let outcome = run(&load).unwrap();
    assert!((5..=20).contains(&outcome.request_count()), "{}", outcome.request_count());
}

#[test]
fn without_answers_a_load_ends_when_the_server_has_taken_all() {
    let address = server(|number| if number == 60 { answer(0, 0) } else { Vec::new() });
    let mut load = load(address, 1, Pace::Closed { depth: 5 });
    load.answers = Answers::None;
    load.requests_max = 60;
    let outcome = run(&load).unwrap();
    assert_eq!(outcome.request_count(), 60);
    assert_eq!(outcome.received_bytes, 6);
}

#[test]
fn a_load_without_answers_ends_by_the_clock_on_all_connections() {
    // The last request of a connection is smaller than any other.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || take_until_the_last(stream.unwrap()));
        }
    });
    let frames = Arc::new(vec![frame(10_000)]);
    let lanes = (0..3).map(|_| Lane { address, frames: Arc::clone(&frames) }).collect();
    let pace = Pace::Closed { depth: 5 };
    let load = Load::lasting(lanes, pace, Answers::None, Duration::from_millis(50));
    let outcome = run(&load).unwrap();
    assert!(outcome.request_count() > 0);
    assert_eq!(outcome.received_bytes, 3 * 6);
}

fn take_until_the_last(mut stream: TcpStream) {
    let mut body = vec![0; 10_000];
    loop {
        let mut size = [0; 4];
        stream.read_exact(&mut size).unwrap();
        let size = usize::try_from(u32::from_be_bytes(size)).unwrap();
        stream.read_exact(&mut body[..size]).unwrap();
        if size < 10_000 {
            stream.write_all(&answer(0, 0)).unwrap();
            // A broker closes no connection on its own.
            let _ = stream.read(&mut body);
            return;
        }
    }
}

#[test]
fn what_was_due_is_sent_though_the_time_is_over() {
    // Nothing is read for longer than the load lasts: most of it waits in the client.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        thread::sleep(Duration::from_millis(300));
        serve(stream, |_| answer(0, 0));
    });
    let frames = Arc::new(vec![frame(1_000_000)]);
    let lanes = vec![Lane { address, frames }];
    let pace = Pace::Open { per_second: 100.0 };
    let load = Load::lasting(lanes, pace, ANSWERS, Duration::from_millis(200));
    let outcome = run(&load).unwrap();
    assert!(outcome.request_count() >= 15, "{}", outcome.request_count());
    assert!(outcome.latencies.max() >= 200_000);
}

#[test]
fn an_error_code_ends_the_load_and_is_told() {
    let address = server(|number| answer(if number == 3 { 6 } else { 0 }, 7));
    let result = run(&load(address, 1, Pace::Closed { depth: 1 }));
    assert!(matches!(result, Err(LoadError::Refused { code: 6, .. })), "{result:?}");
}

#[test]
fn an_answer_without_room_for_a_code_is_none() {
    let address = server(|_| vec![0, 0, 0, 4, 0, 0, 0, 0]);
    let result = run(&load(address, 1, Pace::Closed { depth: 1 }));
    assert!(matches!(result, Err(LoadError::NoAnswer(_))), "{result:?}");
}

#[test]
fn a_server_that_closes_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || drop(listener.accept()));
    let result = run(&load(address, 1, Pace::Closed { depth: 1 }));
    assert!(
        matches!(result, Err(LoadError::Closed(_) | LoadError::Connection { .. })),
        "{result:?}"
    );
}
