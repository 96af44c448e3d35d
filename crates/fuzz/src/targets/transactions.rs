//! What lies in `__transaction_state`.

use bytes::Bytes;
use model::{Instant, Offset, SeededRandom, Timestamp};
use txn::codec::{Decoded, decode, encode};
use txn::{Now, Soft, TransactionSettings, TransactionShard};
use wire::schema::{find, random_bytes};

use crate::seeds::{choice, prefix};
use crate::target::Verdict;

/// Deadlines that are carried out after what was loaded.
const DEADLINES: usize = 8;

/// Records one behind the other: lengths of key and value, then the two.
pub(super) fn seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..=random.below(8) {
        let (key, value) = key_value(random);
        bytes.extend(prefix(key.len()));
        bytes.extend(prefix(value.len()));
        bytes.extend(key);
        bytes.extend(value);
    }
    bytes
}

fn key_value(random: &mut SeededRandom) -> (Vec<u8>, Vec<u8>) {
    let schemas = (find("TransactionLogKey"), find("TransactionLogValue"));
    let (Some(key_schema), Some(value_schema)) = schemas else { return (Vec::new(), Vec::new()) };
    for _ in 0..200 {
        let key = [&0_i16.to_be_bytes()[..], &random_bytes(key_schema, 0, random)].concat();
        let version = i16::from(random.one_in(2));
        let mut body = random_bytes(value_schema, version, random);
        // Most bytes are no state of a transaction; it stands behind the producer and the time-out.
        if let Some(state) = body.get_mut(8 + 2 + 4) {
            *state = u8::try_from(random.below(8)).unwrap_or(0);
        }
        let value = [&version.to_be_bytes()[..], &body].concat();
        if decode(&Bytes::from(key.clone()), Some(&Bytes::from(value.clone()))).is_ok() {
            return (key, if random.one_in(5) { Vec::new() } else { value });
        }
    }
    (vec![0, 9], Vec::new())
}

pub(super) fn replay(input: &[u8]) -> Verdict {
    let mut shard = TransactionShard::new();
    let mut at = Offset::ZERO;
    let mut good = true;
    let mut rest = input;
    while let Some((key_size, after)) = choice(rest, usize::from(u16::MAX)) {
        let Some((value_size, after)) = choice(after, usize::from(u16::MAX)) else { break };
        let (key, after) = after.split_at(key_size.min(after.len()));
        let (value, after) = after.split_at(value_size.min(after.len()));
        rest = after;
        let (key, value) = (Bytes::copy_from_slice(key), Bytes::copy_from_slice(value));
        match decode(&key, Some(&value).filter(|value| !value.is_empty())) {
            Ok(Decoded::Record(record)) => {
                let bytes = encode(&record);
                assert!(bytes.is_ok(), "{record:?} was decoded: {bytes:?}");
                if let Ok(bytes) = bytes {
                    let (key, value) = (Bytes::from(bytes.key), bytes.value.map(Bytes::from));
                    let again = decode(&key, value.as_ref()).and_then(|again| match again {
                        Decoded::Record(again) => encode(&again),
                        other @ Decoded::OtherType(_) => unreachable!("{other:?} was a record"),
                    });
                    // What is of no use is not written again, so that it is the bytes that must stay.
                    assert_eq!(again.ok(), encode(&record).ok(), "decodes as another");
                }
                shard.replay(at, &record);
                at = at.plus(1).unwrap_or(at);
            }
            Ok(Decoded::OtherType(_)) => {}
            Err(_) => good = false,
        }
    }
    let mut soft = Soft::new(TransactionSettings::default());
    let Some(wall) = Timestamp::from_millis(1_700_000_000_000) else { return Verdict::Refused };
    let mut now = Now { instant: Instant::default(), wall };
    let decision = shard.loaded(&mut soft, now);
    for record in decision.records {
        shard.replay(at, &record);
        at = at.plus(1).unwrap_or(at);
    }
    // A day later every transaction has been open for too long.
    now.instant = now.instant.plus(std::time::Duration::from_secs(86_400));
    for _ in 0..DEADLINES {
        let decision = shard.time_passed(&mut soft, now);
        assert!(decision.records.iter().all(|record| encode(record).is_ok()), "is written");
        for record in decision.records {
            shard.replay(at, &record);
            at = at.plus(1).unwrap_or(at);
        }
    }
    if good { Verdict::Taken } else { Verdict::Refused }
}
