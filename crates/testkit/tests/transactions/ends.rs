//! Ends of transactions that come late, twice, or whose answers are lost.

use testkit::Ottla;
use testkit::compare::Side;

use crate::producer::{END, END_OLD, Producer, ended};
use crate::reader::Reader;
use crate::world::{
    CONCURRENT_TRANSACTIONS, INVALID_TXN_STATE, NONE, PRODUCER_FENCED, create, described,
    until_state, wait_for,
};

const TOPIC: &str = "ended";

fn start() -> (Ottla, String) {
    let ottla = Ottla::start(&[]).expect("Ottla");
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, &[]);
    (ottla, address)
}

/// The end of the first transaction was held somewhere on its way, its client asked again, and is in the next one when it
/// comes at last.
#[test]
fn a_held_end_does_not_end_the_next_transaction() {
    let (_ottla, address) = start();
    for held_commits in [true, false] {
        for other_way in [true, false] {
            let id = &format!("held-{held_commits}-{other_way}");
            let mut producer = Producer::new(&address, id, 60_000);
            producer.send(TOPIC, 0, &["first"]);
            let held = producer.end_request(held_commits);
            producer.end(held_commits != other_way);
            producer.send(TOPIC, 0, &["second"]);
            let late = ended(&mut Side::new(address.clone()), &held);
            assert_eq!(late.error_code, PRODUCER_FENCED, "{id}");
            let state = described(&address, id);
            assert_eq!(state.transaction_state, "Ongoing", "{id}");
            assert_eq!(state.producer_epoch, producer.producer.1);
            producer.end(false);
        }
    }
    let values = Reader::new(&address, TOPIC, 0).values_to_the_end();
    assert!(!values.contains(&"second".to_owned()), "{values:?}");
    assert_eq!(values.len(), 2, "{values:?}");
}

/// The end of a transaction without a record is not decided while the one before is being ended; the client asks again and
/// again. The last of those may come when the transaction after it is open.
#[test]
fn a_held_end_of_an_empty_transaction_does_not_end_the_next_one() {
    let (_ottla, address) = start();
    let mut refused_meanwhile = 0;
    for turn in 0..200 {
        let mut producer = Producer::new(&address, "empty", 60_000);
        producer.send(TOPIC, 0, &["counts"]);
        let answer = producer.try_end(true);
        assert_eq!(answer.error_code, NONE);
        producer.goes_on_as((answer.producer_id, answer.producer_epoch));
        // The transaction before may not be complete yet; this one is empty.
        let empty = producer.end_request(false);
        let once = producer.side.call(&empty, END).expect("end").expect("an answer");
        assert!([NONE, CONCURRENT_TRANSACTIONS].contains(&once.error_code), "{}", once.error_code);
        if once.error_code == CONCURRENT_TRANSACTIONS {
            refused_meanwhile += 1;
            producer.end(false);
        } else {
            producer.goes_on_as((once.producer_id, once.producer_epoch));
        }
        producer.send(TOPIC, 0, &["open"]);
        let late = ended(&mut Side::new(address.clone()), &empty);
        assert_eq!(late.error_code, PRODUCER_FENCED, "turn {turn}");
        assert_eq!(described(&address, "empty").transaction_state, "Ongoing");
        producer.end(false);
        if refused_meanwhile > 0 && turn >= 20 {
            break;
        }
    }
    let values = Reader::new(&address, TOPIC, 0).values_to_the_end();
    assert!(values.iter().all(|value| value == "counts"), "{values:?}");
}

#[test]
fn retries_of_an_end_on_new_connections_are_answered_alike() {
    let (_ottla, address) = start();
    for committed in [true, false] {
        let id = &format!("retried-{committed}");
        let mut producer = Producer::new(&address, id, 60_000);
        producer.send(TOPIC, 0, &[id]);
        let request = producer.end_request(committed);
        let first = ended(&mut producer.side, &request);
        assert_eq!((first.error_code, first.producer_epoch), (NONE, producer.producer.1 + 1));
        for _ in 0..5 {
            let again = ended(&mut Side::new(address.clone()), &request);
            assert_eq!(again, first);
        }
        let other = producer.end_request(!committed);
        let refused = ended(&mut Side::new(address.clone()), &other);
        assert_eq!(refused.error_code, INVALID_TXN_STATE, "an outcome never changes");
        producer.goes_on_as((first.producer_id, first.producer_epoch));
        producer.send(TOPIC, 0, &["next"]);
        producer.end(false);
    }
    assert_eq!(Reader::new(&address, TOPIC, 0).values_to_the_end(), ["retried-true"]);
}

/// Before version 5 the epoch stays, so that a retry is known by the state alone.
#[test]
fn retries_of_an_end_by_older_clients_are_answered_alike() {
    let (_ottla, address) = start();
    for committed in [true, false] {
        let id = &format!("older-{committed}");
        let mut producer = Producer::new(&address, id, 60_000);
        producer.send(TOPIC, 0, &[id]);
        let end = |committed: bool| {
            let request = producer.end_request(committed);
            wait_for("an end", || {
                let mut side = Side::new(address.clone());
                let answer = side.call(&request, END_OLD).ok()??;
                Some(answer.error_code).filter(|code| *code != CONCURRENT_TRANSACTIONS)
            })
        };
        for _ in 0..5 {
            assert_eq!(end(committed), NONE);
        }
        assert_eq!(end(!committed), INVALID_TXN_STATE);
    }
    assert_eq!(Reader::new(&address, TOPIC, 0).values_to_the_end(), ["older-true"]);
}

/// The client saw its connection break, which tells it nothing. Its retry finds out what had happened, over a crash of the
/// broker too.
#[test]
fn a_commit_that_answered_an_error_but_happened_is_found_by_its_retry() {
    let (mut ottla, address) = start();
    let mut wanted = Vec::new();
    for turn in 0..6 {
        let id = &format!("lost-{}", turn % 2);
        let mut producer = Producer::new(&address, id, 60_000);
        let value = format!("value-{turn}");
        producer.send(TOPIC, 0, &[&value]);
        let request = producer.end_request(true);
        producer.side.call_and_hang_up(&request, END).expect("send");
        wait_for("the outcome", || {
            let state = described(&address, id).transaction_state;
            (state == "PrepareCommit" || state == "CompleteCommit").then_some(())
        });
        if turn >= 3 {
            ottla.kill().expect("the kill");
            ottla.restart().expect("a start");
        }
        producer.reconnect();
        let answer = ended(&mut producer.side, &request);
        assert_eq!(answer.error_code, NONE, "turn {turn}");
        assert_eq!(answer.producer_epoch, producer.producer.1 + 1);
        producer.goes_on_as((answer.producer_id, answer.producer_epoch));
        wanted.push(value);
        let next = format!("next-{turn}");
        producer.send(TOPIC, 0, &[&next]);
        producer.end(true);
        wanted.push(next);
    }
    until_state(&address, "lost-1", "CompleteCommit");
    let mut reader = Reader::new(&address, TOPIC, 0);
    reader.until_stable();
    assert_eq!(reader.values_to_the_end(), wanted);
}
