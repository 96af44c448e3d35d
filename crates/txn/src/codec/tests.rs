use super::*;
use crate::test_world::{World, id, key, producer};
use crate::{Outcome, TransactionVersion};

fn read(encoded: &KeyValue) -> TransactionRecord {
    let key = Bytes::from(encoded.key.clone());
    let value = encoded.value.clone().map(Bytes::from);
    match decode(&key, value.as_ref()).unwrap() {
        Decoded::Record(record) => record,
        other => panic!("{other:?}"),
    }
}

#[test]
fn all_that_a_shard_writes_reads_back_equal() {
    let mut world = World::new(TransactionVersion::V2);
    let first = world.init(None).unwrap();
    world.add(first, 3).unwrap();
    world.add(first, 1).unwrap();
    let next = world.end(first, Outcome::Commit).unwrap();
    world.complete();
    world.add(next, 0).unwrap();
    assert_eq!(world.log.len(), 6);
    for record in &world.log {
        assert_eq!(&read(&encode(record).unwrap()), record);
    }
}

#[test]
fn a_record_lies_as_kafka_writes_it() {
    let transaction = Transaction {
        producer: producer(7, 2),
        previous_id: ProducerId::from_wire(7),
        next_id: None,
        timeout: Duration::from_secs(60),
        state: State::Ongoing,
        partitions: BTreeSet::from([key(1)]),
        started_at: Timestamp::from_millis(5),
        updated_at: Timestamp::from_millis(6).unwrap(),
        version: TransactionVersion::V2,
    };
    let stored =
        |format| TransactionRecord::Stored { id: id(), transaction: transaction.clone(), format };
    let tagged = encode(&stored(Format::Tagged)).unwrap();
    assert_eq!(tagged.key, b"\0\0\0\x08payments");
    let mut expected = vec![0, 1];
    expected.extend(7_i64.to_be_bytes());
    expected.extend(2_i16.to_be_bytes());
    expected.extend(60_000_i32.to_be_bytes());
    expected.extend([1, 2, 7]);
    expected.extend(b"orders");
    expected.extend([2, 0, 0, 0, 1, 0]);
    expected.extend(6_i64.to_be_bytes());
    expected.extend(5_i64.to_be_bytes());
    expected.extend([2, 0, 8]);
    expected.extend(7_i64.to_be_bytes());
    expected.extend([2, 2, 0, 2]);
    assert_eq!(tagged.value, Some(expected));
    let plain = encode(&stored(Format::Plain)).unwrap();
    assert_eq!(plain.value.as_ref().unwrap()[..2], [0, 0]);
    let TransactionRecord::Stored { transaction: back, .. } = read(&plain) else { panic!() };
    assert_eq!((back.previous_id, back.version), (None, TransactionVersion::V0));
}

#[test]
fn removals_and_unknown_types_are_told_apart() {
    let removed = TransactionRecord::Removed { id: id() };
    let encoded = encode(&removed).unwrap();
    assert_eq!(encoded.value, None);
    assert_eq!(read(&encoded), removed);
    assert_eq!(decode(&Bytes::from_static(b"\0\x09x"), None), Ok(Decoded::OtherType(9)));
}

#[test]
fn damaged_records_are_refused() {
    let cut = Bytes::from_static(b"\0\0\0\x09pay");
    assert!(matches!(decode(&cut, None), Err(CodecError::Decode(_))));
    let key = Bytes::from_static(b"\0\0\0\x08payments");
    let mut value = vec![0, 0];
    value.extend(7_i64.to_be_bytes());
    value.extend(2_i16.to_be_bytes());
    value.extend(1_i32.to_be_bytes());
    value.push(6);
    value.extend((-1_i32).to_be_bytes());
    value.extend([0; 16]);
    let value = Bytes::from(value);
    assert_eq!(decode(&key, Some(&value)), Err(CodecError::State(6)));
}
