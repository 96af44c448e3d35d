use crate::fetching::fetch_all;
use crate::harness::*;

#[test]
fn acknowledged_records_are_there_after_a_crash_and_after_a_stop() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    broker.create_topic("os", 1, &[("ottla.durability", "os")]);
    let mut client = broker.connect();
    for offset in 0..10 {
        assert_eq!(client.produce("t", 0, batch(&[b"value"])), offset);
        assert_eq!(client.produce("os", 0, batch(&[b"value"])), offset);
    }
    let before = fetch_all(&mut client, "t");
    broker.crash();

    let broker = TestBroker::start(data.path(), &[]);
    let mut client = broker.connect();
    assert!(fetch_all(&mut client, "t") == before);
    assert_eq!(client.produce("t", 0, batch(&[b"more"])), 10);
    assert_eq!(client.produce("os", 0, batch(&[b"more"])), 10);
    let before = fetch_all(&mut client, "t");
    broker.stop();

    let broker = TestBroker::start(data.path(), &[]);
    let mut client = broker.connect();
    assert!(fetch_all(&mut client, "t") == before);
    broker.stop();
}
