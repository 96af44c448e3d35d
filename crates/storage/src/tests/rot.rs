//! Bytes that change where nobody computes a checksum over them, and files that change hands.

use std::path::Path;
use std::sync::Arc;

use io::{Disk, Open};
use model::{TopicId, TopicName, TopicPartition};

use super::world::*;
use crate::*;

fn overwrite(world: &World, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let path = World::path(name);
    let mut bytes = world.disk.read(&path).unwrap();
    change(&mut bytes);
    world.disk.open(&path, Open::REPLACE).unwrap().write_at(&bytes, 0).unwrap();
}

/// One log with some batches of two records each.
fn written(count: usize) -> World {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..count {
        let _ = world.append(index, 2, 900);
        world.commit().unwrap();
    }
    world
}

fn closed(count: usize) -> World {
    let world = written(count);
    world.close().unwrap();
    world.disk.restart();
    world
}

#[test]
fn an_index_that_rots_cuts_no_log_elsewhere() {
    let end = offset(25);
    let cut = |damage: &dyn Fn(&mut Vec<u8>)| {
        let mut world = closed(15);
        overwrite(&world, "t-0/00000000000000000000.index", damage);
        let opened = world.open().unwrap();
        let log = &opened.partitions.first().unwrap().log;
        let truncation = log.search_truncation(end).unwrap().run().unwrap();
        let text = format!("{truncation:?}");
        (truncation.end(), text[text.find("size:").unwrap()..][..12].to_owned())
    };
    let right = cut(&|_| ());
    assert_eq!(right.0, offset(24), "a batch goes as a whole");
    for position in 0..15 * 8 {
        for bit in [0, 3, 6] {
            let found = cut(&|bytes| {
                if let Some(byte) = bytes.get_mut(position) {
                    *byte ^= 1 << bit;
                }
            });
            assert_eq!(found, right, "byte {position}, bit {bit}");
        }
    }
}

#[test]
fn a_salt_that_rots_is_named_and_no_frame_is_forgotten() {
    let mut world = written(3);
    world.disk.restart();
    overwrite(&world, "ottla.wal-not-drained/salt", |bytes| bytes[5] ^= 1);
    let error = world.open().unwrap_err();
    assert!(matches!(error, StorageError::Corrupt { damage: Damage::Form, .. }), "{error}");
    assert!(error.to_string().contains("salt"), "{error}");
    world.disk.restart();
    overwrite(&world, "ottla.wal-not-drained/salt", |bytes| bytes[5] ^= 1);
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches.len(), 3);
}

#[test]
fn a_log_that_ends_before_its_recovery_point_is_named() {
    let mut world = closed(60);
    let mut logs: Vec<_> = world.disk.list(&World::path("t-0")).unwrap();
    logs.retain(|entry| entry.name.ends_with(".log"));
    let newest = logs.iter().map(|entry| &entry.name).max().unwrap();
    world.disk.remove_file(&World::path(&format!("t-0/{newest}"))).unwrap();
    let opened = world.open().unwrap();
    let damage = match &opened.failed[0].error {
        StorageError::Corrupt { damage, .. } => *damage,
        other => panic!("{other}"),
    };
    assert!(matches!(damage, Damage::Short { synced, .. } if synced == offset(120)), "{damage}");
}

#[test]
fn a_base_offset_that_rots_is_not_served_wherever_it_points() {
    for bit in [0, 1, 2, 7, 20, 40, 60] {
        let mut world = closed(6);
        overwrite(&world, "t-0/00000000000000000000.log", |bytes| {
            let second = record::Batches::new(bytes).next().unwrap().unwrap().bytes().len();
            let field: [u8; 8] = bytes[second..second + 8].try_into().unwrap();
            let rotten = (u64::from_be_bytes(field) ^ (1 << bit)).to_be_bytes();
            bytes[second..second + 8].copy_from_slice(&rotten);
        });
        let opened = world.open().unwrap();
        let Some(found) = opened.partitions.first() else {
            assert!(!opened.failed.is_empty(), "bit {bit}");
            continue;
        };
        let log = &found.log;
        let mut out = Vec::new();
        let ReadPlan::File(read) = log.read(offset(0), log.log_end(), 10_000, true, &mut out)
        else {
            panic!("all of it is in files");
        };
        let Ok(Resolved::Range(range)) = read.resolve() else { continue };
        let bases: Vec<i64> = record::Batches::checked(&range.read().unwrap())
            .map(|batch| batch.unwrap().header().base_offset().to_wire())
            .collect();
        assert_eq!(bases, [0], "bit {bit}");
        let search = log.search_timestamp(wall(10_010)).unwrap();
        if let Ok(Some(record)) = search.run() {
            assert!(record.offset < log.log_end(), "bit {bit}: {record:?}");
        }
    }
}

#[test]
fn a_batch_that_says_that_it_ends_earlier_does_not_leave_its_records_out() {
    for batch in 0..6 {
        let mut world = closed(6);
        overwrite(&world, "t-0/00000000000000000000.log", |bytes| {
            let sizes = record::Batches::new(bytes).map(|batch| batch.unwrap().bytes().len());
            let at: usize = sizes.take(batch).sum();
            // The delta of its last offset: 1, since it has two records.
            assert_eq!(bytes[at + 23..at + 27], [0, 0, 0, 1]);
            bytes[at + 26] = 0;
        });
        let opened = world.open().unwrap();
        let Some(found) = opened.partitions.first() else {
            assert!(!opened.failed.is_empty(), "batch {batch}");
            continue;
        };
        let asked = offset(i64::try_from(batch).unwrap() * 2 + 1);
        let mut out = Vec::new();
        let plan = found.log.read(asked, found.log.log_end(), 10_000, true, &mut out);
        let ReadPlan::File(read) = plan else { panic!("all of it is in files") };
        let error = read.resolve().unwrap_err();
        assert!(matches!(error, StorageError::Corrupt { .. }), "batch {batch}: {error}");
    }
}

#[test]
fn a_last_batch_whose_base_offset_rots_moves_no_end() {
    for bit in [0, 3, 13, 40] {
        let mut world = closed(6);
        overwrite(&world, "t-0/00000000000000000000.log", |bytes| {
            let last = record::Batches::new(bytes).map(|batch| batch.unwrap().bytes().len());
            let sizes: Vec<usize> = last.collect();
            let at: usize = sizes[..sizes.len() - 1].iter().sum();
            bytes[at + 7 - bit / 8] ^= 1 << (bit % 8);
        });
        let opened = world.open().unwrap();
        assert!(opened.partitions.is_empty(), "bit {bit}");
        assert!(matches!(opened.failed[0].error, StorageError::Corrupt { .. }), "bit {bit}");
    }
}

#[test]
fn a_directory_that_does_not_say_whose_it_is_blocks_its_name() {
    let mut world = closed(3);
    overwrite(&world, "t-0/partition.metadata", |bytes| bytes[0] = b'V');
    let opened = world.open().unwrap();
    assert_eq!(opened.failed[0].name, name("t", 0));
    assert!(opened.failed[0].error.to_string().contains("partition.metadata"));
    assert!(opened.partitions.is_empty());
}

/// Metadata without a single topic but one.
struct Only(TopicId, Arc<LogConfig>);

impl Topics for Only {
    fn config(&self, _name: &TopicPartition) -> Arc<LogConfig> {
        Arc::clone(&self.1)
    }

    fn is_known(&self, topic: TopicId) -> bool {
        topic == self.0
    }

    fn id_of(&self, _topic: &TopicName) -> Option<TopicId> {
        Some(self.0)
    }
}

#[test]
fn a_topic_that_the_metadata_do_not_have_is_renamed_and_kept() {
    let mut world = closed(3);
    let log = "00000000000000000000.log";
    let before = world.disk.read(&World::path("t-0").join(log)).unwrap();
    let topics = Only(id(2, 0).topic, Arc::clone(&world.config));
    let with = settings(&world.disk, &world.arena, world.lane, 77);
    let opened = LogDir::open(Path::new(DIR), &with, &topics).unwrap();
    assert!(opened.partitions.is_empty());
    let [Notice::StrayKept { path }] = &opened.notices[..] else { panic!("{:?}", opened.notices) };
    let stray = path.file_name().unwrap().to_str().unwrap();
    assert!(stray.starts_with("t-0.") && stray.ends_with("-stray"), "{stray}");
    assert_eq!(world.disk.read(&path.join(log)).unwrap(), before);

    // A topic of that name begins with nothing of it, and another start says nothing more.
    world.dir = opened.dir;
    world.partitions.clear();
    let index = world.create(id(2, 0), name("t", 0));
    let _ = world.append(index, 2, 900);
    world.commit().unwrap();
    world.close().unwrap();
    world.disk.restart();
    let with = settings(&world.disk, &world.arena, world.lane, 78);
    let opened = LogDir::open(Path::new(DIR), &with, &topics).unwrap();
    assert!(opened.notices.is_empty(), "{:?}", opened.notices);
    assert_eq!(opened.partitions[0].log.log_end(), offset(2));
    assert_eq!(world.disk.read(&path.join(log)).unwrap(), before);
}

#[test]
fn a_log_never_begins_in_a_directory_with_segments_of_nobody() {
    let mut world = closed(3);
    let log = "00000000000000000000.log";
    let before = world.disk.read(&World::path("t-0").join(log)).unwrap();
    world.disk.remove_file(&World::path("t-0/partition.metadata")).unwrap();
    let opened = world.open().unwrap();
    assert!(matches!(opened.notices[..], [Notice::DirectoryIgnored { .. }]));
    world.dir = opened.dir;
    world.partitions.clear();
    let index = world.create(id(2, 0), name("t", 0));
    let _ = world.append(index, 2, 700);
    world.commit().unwrap();
    world.close().unwrap();
    let entries = world.disk.list(Path::new(DIR)).unwrap();
    let stray = entries.iter().find(|entry| entry.name.ends_with("-stray")).unwrap();
    assert_eq!(world.disk.read(&World::path(&stray.name).join(log)).unwrap(), before);
}

/// As Kafka before 2.8 leaves one, and a kill while it was made.
#[test]
fn a_directory_that_does_not_say_whose_it_is_says_so_once_the_metadata_did() {
    let mut world = closed(3);
    world.disk.remove_file(&World::path("t-0/partition.metadata")).unwrap();
    let topics = Only(id(1, 0).topic, Arc::clone(&world.config));
    let with = settings(&world.disk, &world.arena, world.lane, 77);
    let opened = LogDir::open(Path::new(DIR), &with, &topics).unwrap();
    world.take_up(opened);
    let index = world.index_of(id(1, 0)).unwrap();
    let _ = world.append(index, 2, 700);
    world.commit().unwrap();
    let end = world.partitions[index].borrow().log.log_end();
    world.disk.restart();

    // Another topic has the name when it is opened next.
    let with = settings(&world.disk, &world.arena, world.lane, 78);
    let opened = LogDir::open(Path::new(DIR), &with, &topics).unwrap();
    assert_eq!(opened.partitions[0].log.log_end(), end);
    world.take_up(opened);
    let old = world.index_of(id(1, 0)).unwrap();
    let _ = world.partitions[old].borrow_mut().log.delete();
    world.commit().unwrap();
    world.disk.restart();
    let topics = Only(id(2, 0).topic, Arc::clone(&world.config));
    let with = settings(&world.disk, &world.arena, world.lane, 79);
    let opened = LogDir::open(Path::new(DIR), &with, &topics).unwrap();
    assert!(opened.partitions.is_empty(), "{:?}", opened.partitions);
}
