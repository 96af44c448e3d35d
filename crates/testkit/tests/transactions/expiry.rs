//! Producers and transactional ids that were silent for too long.

use std::thread::sleep;
use std::time::Duration;

use testkit::Ottla;

use crate::producer::{END, Producer};
use crate::reader::Reader;
use crate::world::{
    INVALID_PRODUCER_ID_MAPPING, NONE, TRANSACTIONAL_ID_NOT_FOUND, create, described, producers_of,
    until_state, wait_for,
};

const TOPIC: &str = "seldom";

#[test]
fn an_idle_producer_is_forgotten_and_one_with_a_transaction_is_not() {
    let mut ottla = Ottla::start(&[
        "producer.id.expiration.ms=1000",
        "producer.id.expiration.check.interval.ms=100",
    ])
    .expect("Ottla");
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, &[]);
    let mut open = Producer::new(&address, "open", 600_000);
    let mut idle = Producer::new(&address, "idle", 600_000);
    open.send(TOPIC, 0, &["of the open one"]);
    idle.send(TOPIC, 0, &["of the idle one"]);
    idle.end(true);
    until_state(&address, "idle", "CompleteCommit");
    for crashed in [false, true] {
        let left = wait_for("the idle one to be forgotten", || {
            let left = producers_of(&address, TOPIC, 0);
            (left.len() == 1).then_some(left)
        });
        assert_eq!(left[0].producer_id, open.producer.0);
        assert_eq!(left[0].current_txn_start_offset, 0);
        // It is no stranger to its coordinator, and writes on.
        let value = format!("later, crashed {crashed}");
        idle.send(TOPIC, 0, &[&value]);
        idle.end(true);
        if !crashed {
            ottla.kill().expect("the kill");
            ottla.restart().expect("a start");
            idle.reconnect();
            open.reconnect();
        }
    }
    open.end(true);
    let mut reader = Reader::new(&address, TOPIC, 0);
    reader.until_stable();
    let values = reader.values_to_the_end();
    assert_eq!(
        values,
        ["of the open one", "of the idle one", "later, crashed false", "later, crashed true"]
    );
}

#[test]
fn an_expired_transactional_id_is_unknown_and_begins_anew() {
    let mut ottla = Ottla::start(&[
        "transactional.id.expiration.ms=1500",
        "transaction.remove.expired.transaction.cleanup.interval.ms=100",
    ])
    .expect("Ottla");
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, &[]);
    let mut open = Producer::new(&address, "open", 600_000);
    open.send(TOPIC, 0, &["open"]);
    let mut done = Producer::new(&address, "done", 600_000);
    done.send(TOPIC, 0, &["done"]);
    done.end(true);
    let unused = Producer::new(&address, "unused", 600_000);
    for id in ["done", "unused"] {
        wait_for(id, || {
            (described(&address, id).error_code == TRANSACTIONAL_ID_NOT_FOUND).then_some(())
        });
    }
    ottla.kill().expect("the kill");
    ottla.restart().expect("a start");
    for id in ["done", "unused"] {
        let code = described(&address, id).error_code;
        assert_eq!(code, TRANSACTIONAL_ID_NOT_FOUND, "{id} is back after a start");
    }
    for producer in [&mut done, &mut open] {
        producer.reconnect();
    }
    assert_eq!(
        done.try_send(TOPIC, 0, &[("key", "forgotten")]),
        Err(INVALID_PRODUCER_ID_MAPPING),
        "whose id was forgotten"
    );
    let mut late = testkit::compare::Side::new(address.clone());
    let code = late.call(&unused.end_request(true), END).expect("end").expect("an answer");
    assert_eq!(code.error_code, INVALID_PRODUCER_ID_MAPPING);
    // What is open is never idle, however old.
    sleep(Duration::from_millis(500));
    assert_eq!(described(&address, "open").transaction_state, "Ongoing");
    assert_eq!(open.try_end(true).error_code, NONE);
    done.init(600_000);
    done.send(TOPIC, 0, &["anew"]);
    done.end(true);
    let mut reader = Reader::new(&address, TOPIC, 0);
    reader.until_stable();
    assert_eq!(reader.values_to_the_end(), ["open", "done", "anew"]);
}
