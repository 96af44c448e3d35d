//! The pages of a running node, asked for over a real socket.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod page;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use telemetry::{Health, HttpServer, Process, Registry, State, names};

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the page is served");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .expect("the request leaves");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the answer is text");
    answer
}

#[test]
fn metrics_are_served_in_prometheus_text() {
    let registry = Arc::new(Registry::default());
    let process = Arc::new(Process::default());
    registry.collect_from(&process);
    let bytes = registry.counter(&names::BYTES_IN, &[("topic", "orders")]);
    bytes.add(42);
    let server = HttpServer::start("127.0.0.1:0", registry, Arc::default()).expect("starts");
    let answer = get(server.address(), "/metrics");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("content-type: text/plain; version=0.0.4"), "{answer}");
    assert!(
        answer.contains("kafka_server_brokertopicmetrics_bytesin_total{topic=\"orders\"} 42\n"),
        "{answer}"
    );
    for name in
        ["process_cpu_seconds_total ", "process_open_fds ", "process_resident_memory_bytes "]
    {
        assert!(answer.contains(&format!("\n{name}")), "{name}: {answer}");
    }
}

#[test]
fn a_node_is_ready_only_while_it_serves_clients() {
    let health = Arc::new(Health::default());
    let server =
        HttpServer::start("127.0.0.1:0", Arc::default(), Arc::clone(&health)).expect("starts");
    let status = |path| get(server.address(), path).split(' ').nth(1).map(ToOwned::to_owned);
    assert_eq!(status("/health").as_deref(), Some("200"));
    assert_eq!(status("/health/ready").as_deref(), Some("503"));
    health.set(State::Ready);
    assert_eq!(status("/health/ready").as_deref(), Some("200"));
    health.set(State::Degraded("data directory /x failed".to_owned()));
    assert!(get(server.address(), "/health/ready").contains("data directory /x failed"));
    health.set(State::Stopping);
    assert_eq!(status("/health/ready").as_deref(), Some("503"));
    assert_eq!(status("/nowhere").as_deref(), Some("404"));
}

#[test]
fn what_is_wrong_with_a_ready_node_is_asked_for_each_time() {
    let health = Health::default();
    let full = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&full);
    health.ask(move || seen.load(Ordering::Relaxed).then(|| "/x is full".to_owned()));
    full.store(true, Ordering::Relaxed);
    assert_eq!(health.state(), State::Starting("begin".to_owned()));
    health.set(State::Ready);
    assert_eq!(health.state(), State::Degraded("/x is full".to_owned()));
    full.store(false, Ordering::Relaxed);
    assert_eq!(health.state(), State::Ready);
}

#[test]
fn a_port_in_use_is_an_error_of_the_start() {
    let first = HttpServer::start("127.0.0.1:0", Arc::default(), Arc::default()).expect("starts");
    let listen = first.address().to_string();
    let second = HttpServer::start(&listen, Arc::default(), Arc::default());
    let error = second.err().expect("the port is taken").to_string();
    assert!(error.contains(&listen), "{error}");
}
