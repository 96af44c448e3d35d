//! A log of the share coordinator with damage in it.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use group::{GroupId, Now};
use io::{Clock, SystemClock};
use model::{Offset, PartitionIndex, SeededRandom, TopicId, Uuid};
use record::{BatchBuilder, BatchStamp, Codec, Compressor};
use replica::Origin;
use share::{
    CoordinatorSettings, Decision, SharePartitionKey, ShareShard, Soft, StateEpoch, codec,
};

use super::memory_log::MemoryLog;
use super::*;

fn key(group: &str) -> SharePartitionKey {
    SharePartitionKey {
        group: GroupId::new(group).unwrap(),
        topic: TopicId::new(Uuid::from_bytes([7; 16])).unwrap(),
        partition: PartitionIndex::ZERO,
    }
}

/// The record that sets up the state of a group, as it lies in a log.
fn set_up(group: &str) -> codec::KeyValue {
    let clock = SystemClock::new();
    let now = Now { instant: clock.now(), wall: clock.wall() };
    let soft = Soft::new(CoordinatorSettings::default());
    let start = Some(Offset::ZERO);
    let decided = ShareShard::new().initialize(&soft, now, &key(group), StateEpoch::ZERO, start);
    codec::encode(&decided.unwrap().records[0]).unwrap()
}

fn append(log: &MemoryLog, record: &codec::KeyValue) {
    let mut builder = BatchBuilder::new();
    builder.append(None, Some(&record.key), record.value.as_deref(), &[]).unwrap();
    let mut compressor = Compressor::new();
    let batch = builder.finish(&BatchStamp::default(), &mut compressor).unwrap();
    log.append(batch, 1, Origin::COORDINATOR, Urgency::Now).unwrap();
}

/// Which of these groups the coordinator knows, once it has loaded the log.
fn known(log: &Arc<MemoryLog>, groups: [&'static str; 4]) -> Vec<bool> {
    let settings = Settings {
        machine: CoordinatorSettings::default(),
        commit_timeout: Duration::from_secs(5),
        codec: Codec::None,
    };
    let clock = Arc::new(SystemClock::new());
    let random = SeededRandom::new(1);
    let coordinator = ShareCoordinator::new(clock, settings, random, Arc::new(|_, _| {}));
    let thread = coordinator.start().unwrap();
    coordinator.set_partition_count(1);
    log.commit();
    coordinator.elected(PartitionIndex::ZERO, Arc::clone(log) as Arc<dyn CoordinatorLog>);
    let found = loop {
        let (sender, receiver) = channel();
        let look = move |shard: &ShareShard, _: &mut Soft, _: Now| {
            Decision::refused(groups.map(|group| shard.state(&key(group)).is_some()).to_vec())
        };
        coordinator.decide("any", look, move |result| sender.send(result).unwrap());
        match receiver.recv().unwrap() {
            Ok(found) => break found,
            Err(Unavailable::Loading) => std::thread::yield_now(),
            Err(why) => panic!("{why}"),
        }
    };
    coordinator.stop();
    thread.join().unwrap();
    found
}

#[test]
fn damaged_batches_and_unreadable_records_are_stepped_over() {
    let log = Arc::new(MemoryLog::new());
    append(&log, &set_up("whole"));
    append(&log, &set_up("damaged"));
    let mut unreadable = set_up("unreadable");
    unreadable.value.as_mut().unwrap().truncate(9);
    append(&log, &unreadable);
    append(&log, &set_up("after"));
    log.damage(1);
    let groups = ["whole", "damaged", "unreadable", "after"];
    assert_eq!(known(&log, groups), [true, false, false, true]);
}
