//! The broker dies (SIGKILL) within transactions.

use testkit::Ottla;

use crate::producer::Producer;
use crate::reader::Reader;
use crate::world::{
    NONE, PRODUCER_FENCED, UNSTABLE_OFFSET_COMMIT, create, described, stored, until_state, wait_for,
};

const TOPIC: &str = "outputs";
const GROUP: &str = "moving";

/// What a client that moves records does up to its commit.
fn moves(producer: &mut Producer, value: &str, offset: i64) {
    producer.send(TOPIC, 0, &[value]);
    producer.send_offset(GROUP, TOPIC, 0, offset);
}

fn crash(ottla: &mut Ottla) {
    ottla.kill().expect("the kill");
    ottla.restart().expect("a start");
}

#[test]
fn a_kill_between_offsets_and_commit_leaves_the_commit_to_the_client() {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, &[]);
    let mut producer = Producer::new(&address, "mover", 60_000);
    moves(&mut producer, "one", 1);
    producer.end(true);
    until_state(&address, "mover", "CompleteCommit");
    for (turn, committed) in [(2, true), (3, false), (4, true)] {
        let before = stored(&address, GROUP, (TOPIC, 0), true).expect("an offset");
        moves(&mut producer, &format!("turn-{turn}"), turn);
        crash(&mut ottla);
        producer.reconnect();
        let place = (TOPIC, 0);
        assert_eq!(described(&address, "mover").transaction_state, "Ongoing");
        assert_eq!(stored(&address, GROUP, place, true), Err(UNSTABLE_OFFSET_COMMIT));
        assert_eq!(stored(&address, GROUP, place, false), Ok(before));
        producer.end(committed);
        let state = if committed { "CompleteCommit" } else { "CompleteAbort" };
        until_state(&address, "mover", state);
        // The end is acknowledged when it is decided; that it is decided holds over another crash.
        crash(&mut ottla);
        producer.reconnect();
        let after = if committed { turn } else { before };
        assert_eq!(stored(&address, GROUP, place, true), Ok(after), "turn {turn}");
    }
    let values = Reader::new(&address, TOPIC, 0).values_to_the_end();
    assert_eq!(values, ["one", "turn-2", "turn-4"]);
}

#[test]
fn a_kill_between_offsets_and_commit_leaves_neither_to_the_next_life() {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, &[]);
    let mut producer = Producer::new(&address, "mover", 60_000);
    moves(&mut producer, "one", 1);
    producer.end(true);
    for turn in 2..5 {
        moves(&mut producer, "never", turn);
        crash(&mut ottla);
        let mut zombie = producer;
        zombie.reconnect();
        producer = Producer::new(&address, "mover", 60_000);
        let late = zombie.try_end(true);
        assert_eq!(late.error_code, PRODUCER_FENCED, "turn {turn}");
        assert_eq!(stored(&address, GROUP, (TOPIC, 0), true), Ok(1), "turn {turn}");
    }
    moves(&mut producer, "two", 2);
    producer.end(true);
    until_state(&address, "mover", "CompleteCommit");
    assert_eq!(stored(&address, GROUP, (TOPIC, 0), true), Ok(2));
    assert_eq!(Reader::new(&address, TOPIC, 0).values_to_the_end(), ["one", "two"]);
}

/// Outcome decided, partitions perhaps not told: whoever starts again tells them.
#[test]
fn a_kill_right_behind_the_commit_ends_the_transaction_after_the_start() {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    let address = ottla.bootstrap();
    create(&address, TOPIC, 8, &[]);
    let mut wanted = vec![Vec::new(); 8];
    for turn in 0..6 {
        let committed = turn % 3 != 2;
        let mut producer = Producer::new(&address, &format!("sudden-{turn}"), 60_000);
        let value = format!("value-{turn}");
        for partition in 0..8 {
            producer.send(TOPIC, partition, &[&value]);
        }
        producer.send_offset(GROUP, TOPIC, 0, turn);
        let answer = producer.try_end(committed);
        ottla.kill().expect("the kill");
        assert_eq!(answer.error_code, NONE);
        ottla.restart().expect("a start");
        if committed {
            wanted.iter_mut().for_each(|values| values.push(value.clone()));
        }
    }
    for (partition, wanted) in (0..).zip(&wanted) {
        let mut reader = Reader::new(&address, TOPIC, partition);
        reader.until_stable();
        assert_eq!(&reader.values_to_the_end(), wanted, "partition {partition}");
    }
    // The coordinator of the group hears of the last end a little later than the topic, and says so until then.
    let offset = wait_for("the last end", || {
        let found = stored(&address, GROUP, (TOPIC, 0), true);
        (found != Err(UNSTABLE_OFFSET_COMMIT)).then_some(found)
    });
    assert_eq!(offset, Ok(4));
}
