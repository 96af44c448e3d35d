//! Reads, searches, rolls and retention.

use model::{CoordinatorEpoch, LeaderEpoch, Offset, ProducerEpoch, ProducerId};
use record::{BatchView, ControlStamp, EndTransactionMarker, ProducerStamp};
use replica::{EndedTransaction, Outcome, ProducerStates};

use super::world::*;
use crate::*;

fn with_batches(count: usize) -> World {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..count {
        let _ = world.append(index, 3, 900);
    }
    world.commit().unwrap();
    world
}

fn drained(count: usize) -> World {
    let mut world = with_batches(count);
    world.checkpoint().unwrap();
    world.close().unwrap();
    world.disk.restart();
    world.reopen().unwrap();
    world
}

#[test]
fn fetches_from_memory_and_from_files_give_the_same_whole_batches() {
    for world in [with_batches(40), drained(40)] {
        let partition = world.partitions[0].borrow();
        let all = &partition.now().batches;
        for (at, batch) in all.iter().enumerate() {
            for from in batch.0.to_wire()..batch.0.to_wire() + 3 {
                let size = u32::try_from(batch.1.len()).unwrap();
                let read = |size_max| {
                    read_at(&partition.log, offset(from), partition.log.log_end(), size_max)
                };
                assert_eq!(read(1), batch.1, "at least one");
                assert_eq!(read(size + 1), batch.1, "no part of a batch");
            }
            let next = all.get(at + 1).filter(|next| next.0 < partition.log.log_end());
            assert!(next.is_none_or(|next| next.0 > batch.0));
        }
    }
}

#[test]
fn nothing_at_or_above_the_bound_is_read() {
    for world in [with_batches(40), drained(40)] {
        let partition = world.partitions[0].borrow();
        let bound = offset(60);
        let mut at = Offset::ZERO;
        while at < bound {
            let bytes = read_at(&partition.log, at, bound, 5000);
            let last = record::Batches::new(&bytes).last().unwrap().unwrap();
            at = last.header().next_offset();
        }
        assert_eq!(at, bound);
        assert!(read_at(&partition.log, bound, bound, 5000).is_empty());
    }
}

#[test]
fn the_first_record_at_or_after_a_time_is_found() {
    for world in [with_batches(40), drained(40)] {
        let partition = world.partitions[0].borrow();
        // Record r of the batch at base b has time 10 000 + 10 b + r.
        for record in 0..120_i64 {
            let (base, within) = (record / 3 * 3, record % 3);
            let time = 10_000 + base * 10 + within;
            let found = partition.log.search_timestamp(wall(time)).unwrap().run().unwrap().unwrap();
            assert_eq!((found.offset, found.timestamp), (offset(record), wall(time)));
            assert_eq!(found.leader_epoch, Some(LeaderEpoch::ZERO));
        }
        let late = partition.log.search_timestamp(wall(99_999));
        assert!(late.is_none());
        let newest = partition.log.search_max_timestamp().unwrap().run().unwrap().unwrap();
        assert_eq!(newest.offset, offset(119));
    }
}

#[test]
fn a_batch_that_lies_across_the_cut_goes_as_a_whole() {
    for mut world in [with_batches(10), drained(10)] {
        {
            let mut partition = world.partitions[0].borrow_mut();
            let truncation = partition.log.search_truncation(offset(14)).unwrap().run().unwrap();
            assert_eq!(truncation.end(), offset(12));
            assert!(partition.log.truncate(truncation).is_none());
            assert_eq!(partition.log.log_end(), offset(12));
            assert_eq!(read_all(&partition.log).len(), 4);
        }
        world.commit().unwrap();
        world.disk.power_on();
        world.reopen().unwrap();
        assert_eq!(world.partitions[0].borrow().now().end, offset(12));
        assert_eq!(world.partitions[0].borrow().now().batches.len(), 4);
    }
}

#[test]
fn records_before_the_logs_start_are_not_found_by_time() {
    let mut world = with_batches(10);
    world.commit().unwrap();
    let mut partition = world.partitions[0].borrow_mut();
    let _ = partition.log.raise_start(offset(7), &ProducerStates::default()).unwrap();
    let found = partition.log.search_timestamp(wall(0)).unwrap().run().unwrap().unwrap();
    assert_eq!(found.offset, offset(7));
    drop(partition);
    world.partitions.clear();
}

#[test]
fn old_segments_go_by_age_by_size_and_below_the_start() {
    let world = drained(60);
    let mut partition = world.partitions[0].borrow_mut();
    let bases: Vec<_> = partition.log.segment_bases().collect();
    assert!(bases.len() >= 4);
    let producers = partition.producers.clone();

    let size = partition.log.size();
    let config = LogConfig { retention_ms: None, retention_bytes: Some(size - 1), ..small_log() };
    partition.log.set_config(config.into());
    assert!(
        partition.log.delete_old(wall(0), offset(180), &producers).is_none(),
        "not a whole segment"
    );
    let config =
        LogConfig { retention_ms: None, retention_bytes: Some(size - 17_000), ..small_log() };
    partition.log.set_config(config.into());
    let deleted = partition.log.delete_old(wall(0), offset(180), &producers).unwrap();
    assert_eq!((deleted.segments, deleted.log_start), (1, bases[1]));

    let _ = partition.log.raise_start(bases[2].plus(1).unwrap(), &producers).unwrap();
    assert_eq!(partition.log.segment_bases().next(), Some(bases[2]));

    let config = LogConfig { retention_ms: Some(1000), ..small_log() };
    partition.log.set_config(config.into());
    let held = partition.log.delete_old(wall(1_000_000), bases[2], &producers);
    assert!(held.is_none(), "not committed yet");
    let deleted = partition.log.delete_old(wall(1_000_000), offset(180), &producers).unwrap();
    assert_eq!(deleted.log_start, offset(180));
    assert_eq!(partition.log.segment_bases().collect::<Vec<_>>(), [offset(180)]);
}

/// A log that holds nothing any more, of which the last batches were of epoch 3.
fn emptied() -> World {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    let epoch = LeaderEpoch::from_wire(3).unwrap();
    world.partitions[index].borrow_mut().epochs.assign(epoch, offset(0));
    for _ in 0..30 {
        let _ = world.append(index, 3, 900);
        world.commit().unwrap();
    }
    world.checkpoint().unwrap();
    {
        let partition = &mut *world.partitions[index].borrow_mut();
        let config = LogConfig { retention_ms: Some(1000), ..small_log() };
        partition.log.set_config(config.into());
        let deleted =
            partition.log.delete_old(wall(1_000_000), offset(90), &partition.producers).unwrap();
        assert_eq!(deleted.log_start, offset(90));
        partition.epochs.start_at(deleted.log_start);
    }
    world.commit().unwrap();
    world
}

/// The leader epoch with which a log begins that retention has emptied, after its process has ended like this.
fn epoch_after(end: impl FnOnce(&World)) -> Option<i32> {
    let mut world = emptied();
    end(&world);
    world.reopen().unwrap();
    let partition = world.partitions[0].borrow();
    assert_eq!((partition.log.log_start(), partition.log.log_end()), (offset(90), offset(90)));
    partition.epochs.latest().map(LeaderEpoch::to_wire)
}

#[test]
fn a_log_that_retention_has_emptied_keeps_its_leader_epoch_through_a_clean_stop() {
    let epoch = epoch_after(|world| {
        world.close().unwrap();
        world.disk.restart();
    });
    assert_eq!(epoch, Some(3));
}

#[test]
fn a_log_that_retention_has_emptied_keeps_its_leader_epoch_through_a_crash() {
    assert_eq!(epoch_after(|world| world.disk.power_on()), Some(3), "by the write-ahead log");
    let epoch = epoch_after(|world| {
        world.checkpoint().unwrap();
        world.disk.power_on();
    });
    assert_eq!(epoch, Some(3), "by the checkpoint");
}

#[test]
fn aborted_transactions_are_found_in_memory_in_the_index_and_after_a_crash() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    let producer = ProducerStamp {
        id: ProducerId::from_wire(9).unwrap(),
        epoch: ProducerEpoch::ZERO,
        base_sequence: None,
    };
    let check = |world: &World| {
        let log = &world.partitions[0].borrow().log;
        let found = log.search_aborted(offset(0), offset(3)).run().unwrap();
        let expected = AbortedTransaction {
            producer: producer.id,
            first: offset(0),
            last: offset(1),
            last_stable: offset(2),
        };
        assert_eq!(found, [expected]);
        assert_eq!(log.search_aborted(offset(2), offset(3)).run().unwrap(), []);
    };
    {
        let mut partition = world.partitions[index].borrow_mut();
        for bytes in [transactional(producer), marker(producer)] {
            let view = BatchView::parse(&bytes).unwrap();
            let (base, facts) = (view.header().base_offset(), batch_facts(&view));
            let ended = partition.producers.replay(base, &facts, None);
            let batch = AppendBatch::parse(world.arena.copy_of(&bytes).unwrap()).unwrap();
            let _ = partition.log.append(batch, wall(1));
            partition.epochs.assign(LeaderEpoch::ZERO, base);
            if let Some(ended) = ended {
                let EndedTransaction { outcome: Outcome::Abort, .. } = ended else { panic!() };
                assert!(partition.log.transaction_ended(&ended).is_none());
            }
        }
    }
    check(&world);
    world.commit().unwrap();
    world.disk.power_on();
    world.reopen().unwrap();
    check(&world);
    let coordinator =
        world.partitions[0].borrow().producers.get(producer.id).unwrap().coordinator_epoch();
    assert_eq!(coordinator, CoordinatorEpoch::from_wire(3));
    world.close().unwrap();
    world.disk.restart();
    world.reopen().unwrap();
    check(&world);
}

fn transactional(producer: ProducerStamp) -> Vec<u8> {
    let mut builder = record::BatchBuilder::new();
    builder.append(Some(wall(1)), None, Some(b"undone"), &[]).unwrap();
    let stamp = record::BatchStamp {
        leader_epoch: Some(LeaderEpoch::ZERO),
        producer: Some(ProducerStamp { base_sequence: Some(model::Sequence::ZERO), ..producer }),
        transactional: true,
        ..record::BatchStamp::default()
    };
    builder.finish(&stamp, &mut record::Compressor::new()).unwrap().to_vec()
}

fn marker(producer: ProducerStamp) -> Vec<u8> {
    let mut out = Vec::new();
    let stamp = ControlStamp {
        base_offset: offset(1),
        leader_epoch: Some(LeaderEpoch::ZERO),
        timestamp: wall(2),
    };
    let marker = EndTransactionMarker { committed: false, coordinator_epoch: 3 };
    record::write_end_transaction_batch(stamp, producer.id, producer.epoch, marker, &mut out)
        .unwrap();
    out
}

#[test]
fn the_whole_window_of_a_producer_survives_a_crash_after_a_checkpoint() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..7 {
        let _ = world.append(index, 2, 100);
    }
    world.commit().unwrap();
    world.checkpoint().unwrap();
    let producer = ProducerId::from_wire(7).unwrap();
    let window = |world: &World| {
        let partition = world.partitions[0].borrow();
        partition.producers.get(producer).unwrap().window().copied().collect::<Vec<_>>()
    };
    let before = window(&world);
    assert_eq!(before.len(), 5);
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(window(&world), before);
}

#[test]
fn batches_that_are_deleted_with_their_segments_are_known_after_a_crash() {
    // In a group of their own some go to the segment at once, and nowhere else.
    for (size, drains) in [(100, false), (100, true), (9_000, false), (9_000, true)] {
        let mut world = World::plain();
        let index = world.create(id(1, 0), name("t", 0));
        for _ in 0..4 {
            let _ = world.append(index, 2, size);
            world.commit().unwrap();
        }
        let producer = ProducerId::from_wire(7).unwrap();
        let window = |world: &World| {
            let partition = world.partitions[0].borrow();
            partition.producers.get(producer).unwrap().window().copied().collect::<Vec<_>>()
        };
        let before = window(&world);
        assert_eq!(before.len(), 4);
        {
            let partition = &mut *world.partitions[index].borrow_mut();
            let _ = partition.log.roll(wall(1), &partition.producers);
            let deleted = partition.log.raise_start(offset(8), &partition.producers).unwrap();
            assert!(deleted.segments > 0);
            partition.epochs.start_at(offset(8));
        }
        world.commit().unwrap();
        if drains {
            let _ = world.dir.lane().drain_step(DrainGoal::All).unwrap();
        }
        world.disk.power_on();
        world.reopen().unwrap();
        assert_eq!(window(&world), before, "batches of {size}, drained: {drains}");
        assert_eq!(world.partitions[0].borrow().log.log_start(), offset(8));
    }
}

#[test]
fn a_transaction_that_is_aborted_behind_a_truncation_is_known_as_such_after_a_crash() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    let stamp = ProducerStamp {
        id: ProducerId::from_wire(9).unwrap(),
        epoch: ProducerEpoch::ZERO,
        base_sequence: None,
    };
    let append = |world: &World, bytes: Vec<u8>| {
        let partition = &mut *world.partitions[index].borrow_mut();
        let view = BatchView::parse(&bytes).unwrap();
        let (base, facts) = (view.header().base_offset(), batch_facts(&view));
        let batch = AppendBatch::parse(world.arena.copy_of(&bytes).unwrap()).unwrap();
        let _ = partition.log.append(batch, wall(1));
        partition.epochs.assign(LeaderEpoch::ZERO, base);
        if let Some(ended) = partition.producers.replay(base, &facts, None) {
            assert!(partition.log.transaction_ended(&ended).is_none());
        }
    };
    append(&world, transactional(stamp));
    let _ = world.append(index, 1, 100);
    world.commit().unwrap();
    world.checkpoint().unwrap();
    {
        let partition = &mut *world.partitions[index].borrow_mut();
        let truncation = partition.log.search_truncation(offset(1)).unwrap().run().unwrap();
        assert!(partition.log.truncate(truncation).is_none());
        partition.producers = partition.log.scan_producers(offset(1)).run().unwrap();
    }
    append(&world, marker(stamp));
    world.commit().unwrap();
    world.disk.power_on();
    world.reopen().unwrap();
    let log = &world.partitions[0].borrow().log;
    let found = log.search_aborted(offset(0), offset(2)).run().unwrap();
    assert_eq!(found.iter().map(|found| found.last).collect::<Vec<_>>(), [offset(1)]);
}

#[test]
fn a_topic_goes_from_os_to_fsync_without_losing_what_it_wrote_before() {
    for seed in 0..20 {
        let mut world = World::new(seed, small_lane(), small_log());
        let os = LogConfig { durability: Durability::Os, ..small_log() };
        let index = world.create_with(id(1, 0), name("t", 0), os.into());
        for _ in 0..5 {
            let Appended::Direct(Some(write)) = world.append(index, 1, 300) else { panic!() };
            write.run().unwrap();
        }
        world.partitions[index].borrow_mut().log.set_config(small_log().into());
        assert!(matches!(world.append(index, 1, 300), Appended::InLane(_)));
        world.commit().unwrap();
        let before = world.partitions[0].borrow().now().clone();
        world.disk.power_on();
        world.reopen().unwrap();
        assert_eq!(world.partitions[0].borrow().now().batches, before.batches, "seed {seed}");
    }
}

#[test]
fn a_topic_goes_from_fsync_to_os_once_its_frames_are_checkpointed() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    let _ = world.append(index, 1, 300);
    world.commit().unwrap();
    let os = LogConfig { durability: Durability::Os, ..small_log() };
    world.partitions[index].borrow_mut().log.set_config(os.into());
    assert!(matches!(world.append(index, 1, 300), Appended::InLane(_)), "a replay would undo it");
    world.checkpoint().unwrap();
    let Appended::Direct(Some(write)) = world.append(index, 1, 300) else { panic!() };
    assert_eq!(write.run().unwrap(), Some(offset(3)));
    let before = world.partitions[0].borrow().now().clone();
    world.disk.restart();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, before.batches);
}
