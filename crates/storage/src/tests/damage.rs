//! Files that are missing, cut or garbage.

use io::{Disk, Open};
use model::{Offset, SeededRandom};

use super::world::*;
use crate::*;

/// A clean log of several segments.
fn several_segments() -> (World, State) {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..60 {
        let _ = world.append(index, 2, 900);
        world.commit().unwrap();
    }
    world.close().unwrap();
    let state = world.partitions[0].borrow().now().clone();
    world.disk.restart();
    (world, state)
}

fn files_with(world: &World, extension: &str) -> Vec<std::path::PathBuf> {
    let entries = world.disk.list(&World::path("t-0")).unwrap();
    let mut names: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
    names.sort();
    names.retain(|name| name.ends_with(extension));
    names.iter().map(|name| World::path(&format!("t-0/{name}"))).collect()
}

fn overwrite(world: &World, path: &std::path::Path, bytes: &[u8]) {
    world.disk.open(path, Open::REPLACE).unwrap().write_at(bytes, 0).unwrap();
}

#[test]
fn missing_indexes_are_made_again_as_they_were() {
    for extension in [".index", ".timeindex"] {
        let (mut world, state) = several_segments();
        let files = files_with(&world, extension);
        assert!(files.len() > 2);
        let before: Vec<_> = files.iter().map(|path| world.disk.read(path).unwrap()).collect();
        files.iter().for_each(|path| world.disk.remove_file(path).unwrap());
        world.reopen().unwrap();
        assert!(world.notices.iter().any(Notice::is_warning));
        assert_eq!(world.partitions[0].borrow().now().batches, state.batches);
        world.close().unwrap();
        let after: Vec<_> = files.iter().map(|path| world.disk.read(path).unwrap()).collect();
        // The active segment's own are made again as it grows; sealed ones at once.
        let sealed = before.len() - 1;
        assert_eq!(after[..sealed], before[..sealed]);
    }
}

#[test]
fn garbage_in_an_index_costs_time_and_never_a_record() {
    for seed in 0..40 {
        let (mut world, state) = several_segments();
        let mut random = SeededRandom::new(seed);
        for path in [files_with(&world, ".index"), files_with(&world, ".timeindex")].concat() {
            let mut bytes = world.disk.read(&path).unwrap();
            match random.below(3) {
                0 => random.fill(&mut bytes),
                1 => bytes.truncate(usize::try_from(random.below(bytes.len() as u64 + 1)).unwrap()),
                _ => {}
            }
            overwrite(&world, &path, &bytes);
        }
        world.reopen().unwrap();
        assert_eq!(world.partitions[0].borrow().now().batches, state.batches, "seed {seed}");
        let log = &world.partitions[0].borrow().log;
        for batch in &state.batches {
            let read = read_at(log, batch.0, log.log_end(), 10);
            assert_eq!(read, batch.1, "seed {seed}, offset {}", batch.0);
        }
    }
}

#[test]
fn garbage_in_checkpoints_is_replaced_by_what_the_log_says() {
    for name in [
        "recovery-point-offset-checkpoint",
        "replication-offset-checkpoint",
        "log-start-offset-checkpoint",
        "t-0/leader-epoch-checkpoint",
    ] {
        let (mut world, state) = several_segments();
        overwrite(&world, &World::path(name), b"0\nnot a number\n");
        world.reopen().unwrap();
        let ignored = Notice::CheckpointIgnored { path: World::path(name) };
        assert!(world.notices.contains(&ignored), "{name}");
        let partition = world.partitions[0].borrow();
        assert_eq!(partition.now().batches, state.batches);
        assert_eq!(partition.epochs.entries().len(), 1, "{name}");
    }
}

#[test]
fn without_the_marker_the_log_is_walked_and_a_torn_end_cut() {
    let (mut world, state) = several_segments();
    world.disk.remove_file(&World::path(".kafka_cleanshutdown")).unwrap();
    // As if Kafka had crashed: it flushes recovery points rarely.
    overwrite(&world, &World::path("recovery-point-offset-checkpoint"), b"0\n1\nt 0 20\n");
    let active = files_with(&world, ".log").pop().unwrap();
    let mut bytes = world.disk.read(&active).unwrap();
    let whole = bytes.len();
    bytes.extend_from_slice(&[1; 100]);
    overwrite(&world, &active, &bytes);
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, state.batches);
    assert_eq!(world.disk.file_size(&active).unwrap(), Some(whole as u64));
    let cut = Notice::TailCut { path: active, position: whole as u64, size: 100 };
    assert!(world.notices.contains(&cut));
}

#[test]
fn a_damaged_snapshot_is_passed_over() {
    let (mut world, _) = several_segments();
    let snapshots = files_with(&world, ".snapshot");
    assert!(snapshots.len() > 2);
    overwrite(&world, snapshots.last().unwrap(), b"\0\x01garbage");
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().next_sequence, 120);
}

#[test]
fn damage_below_the_recovery_point_fails_that_partition_only() {
    let mut world = World::plain();
    for partition in 0..2 {
        let index = world.create(id(1, partition), name("t", partition));
        for _ in 0..3 {
            let _ = world.append(index, 2, 900);
        }
    }
    world.close().unwrap();
    world.disk.restart();
    overwrite(&world, &World::path("t-0/00000000000000000000.log"), &[7; 3000]);
    let opened = world.open().unwrap();
    assert_eq!(opened.failed.len(), 1);
    assert_eq!(opened.failed[0].name, name("t", 0));
    assert_eq!(opened.partitions.len(), 1);
    assert_eq!(opened.partitions[0].log.log_end(), offset(6));
}

#[test]
fn bad_directory_properties_refuse_the_directory() {
    let (mut world, _) = several_segments();
    overwrite(&world, &World::path("meta.properties"), b"nothing");
    assert!(matches!(world.open().unwrap_err(), StorageError::Corrupt { .. }));
}

/// Reads forwards as a consumer would, until an error.
fn read_until_damage(log: &PartitionLog) -> (Vec<(Offset, Vec<u8>)>, Option<StorageError>) {
    let mut batches = Vec::new();
    let mut at = log.log_start();
    while at < log.log_end() {
        let mut out = Vec::new();
        let ReadPlan::File(read) = log.read(at, log.log_end(), 4000, true, &mut out) else {
            unreachable!("all of it is in files");
        };
        let bytes = match read.resolve() {
            Ok(Resolved::Range(range)) => range.read().unwrap(),
            Ok(Resolved::ContinueAt(next)) => {
                at = next;
                continue;
            }
            Ok(Resolved::Nothing) => break,
            Err(error) => return (batches, Some(error)),
        };
        for batch in record::Batches::checked(&bytes) {
            let batch = batch.unwrap();
            batches.push((batch.header().base_offset(), batch.bytes().to_vec()));
            at = batch.header().next_offset();
        }
    }
    (batches, None)
}

#[test]
fn a_bit_that_flips_in_an_old_segment_is_found_by_the_first_reader_and_never_served() {
    for seed in 0..60 {
        let (mut world, state) = several_segments();
        let mut random = SeededRandom::new(seed);
        let logs = files_with(&world, ".log");
        let path = &logs[usize::try_from(random.below(logs.len() as u64 - 1)).unwrap()];
        let mut bytes = world.disk.read(path).unwrap();
        let place = usize::try_from(random.below(bytes.len() as u64)).unwrap();
        // The leader epoch is under no CRC, and in no order that a batch by itself would show.
        let mut start = 0;
        for batch in record::Batches::checked(&bytes) {
            let size = batch.unwrap().bytes().len();
            if start + size > place {
                break;
            }
            start += size;
        }
        if (8..16).contains(&(place - start)) {
            continue;
        }
        bytes[place] ^= 1 << random.below(8);
        overwrite(&world, path, &bytes);
        let opened = world.open().unwrap();
        let Some(found) = opened.partitions.first() else {
            assert!(place < 100, "seed {seed}: a log is refused for damage in its middle");
            continue;
        };
        for _ in 0..2 {
            let (read, error) = read_until_damage(&found.log);
            let same = |(read, whole): (&(Offset, Vec<u8>), &std::sync::Arc<_>)| *read == **whole;
            assert!(read.iter().zip(&state.batches).all(same), "seed {seed}: rot was served");
            assert!(read.len() < state.batches.len(), "seed {seed}: more than is whole");
            let Some(StorageError::Corrupt { path: named, position, .. }) = error else {
                panic!("seed {seed}: {error:?}");
            };
            assert_eq!((&named, position), (path, start as u64), "seed {seed}");
        }
    }
}

/// Reads as who steps over damage; and how often it came to some.
fn read_past_damage(log: &PartitionLog) -> (Vec<(Offset, Vec<u8>)>, usize) {
    let (mut batches, mut at, mut count) = (Vec::new(), log.log_start(), 0);
    while at < log.log_end() {
        let mut out = Vec::new();
        let ReadPlan::File(read) = log.read(at, log.log_end(), 4000, true, &mut out) else {
            unreachable!("all of it is in files");
        };
        let (bytes, next) = match read.resolve() {
            Ok(Resolved::Range(range)) => (range.read().unwrap(), None),
            Ok(Resolved::ContinueAt(next)) => (Vec::new(), Some(next)),
            Ok(Resolved::Nothing) => break,
            Err(StorageError::Corrupt { .. }) => {
                count += 1;
                let PastDamage { bytes, next } = read.past_damage().unwrap().unwrap();
                (bytes, Some(next))
            }
            Err(error) => panic!("{error}"),
        };
        for batch in record::Batches::checked(&bytes) {
            let batch = batch.unwrap();
            batches.push((batch.header().base_offset(), batch.bytes().to_vec()));
            at = batch.header().next_offset();
        }
        assert!(next.is_none_or(|next| next >= at), "it goes back");
        at = next.unwrap_or(at);
    }
    (batches, count)
}

#[test]
fn past_a_damaged_batch_the_others_can_be_read() {
    for seed in 0..200 {
        let (mut world, state) = several_segments();
        let mut random = SeededRandom::new(seed);
        let logs = files_with(&world, ".log");
        let path = &logs[usize::try_from(random.below(logs.len() as u64)).unwrap()];
        let mut bytes = world.disk.read(path).unwrap();
        // One byte anywhere, or a part of a batch, its header too.
        let place = usize::try_from(random.below(bytes.len() as u64)).unwrap();
        let size =
            if random.one_in(2) { 1 } else { 1 + usize::try_from(random.below(40)).unwrap() };
        let mut damaged = std::collections::BTreeSet::new();
        let mut start = 0;
        for batch in record::Batches::checked(&bytes) {
            let batch = batch.unwrap();
            let end = start + batch.bytes().len();
            let is_hit = start < place + size && place < end;
            if is_hit {
                damaged.insert(batch.header().base_offset());
            }
            start = end;
        }
        let end = bytes.len().min(place + size);
        bytes[place..end].iter_mut().for_each(|byte| *byte ^= 0x55);
        overwrite(&world, path, &bytes);
        let opened = world.open().unwrap();
        // Where a segment begins is looked at when it is opened.
        let Some(found) = opened.partitions.first() else { continue };
        let (read, count) = read_past_damage(&found.log);
        let whole = state.batches.iter().filter(|batch| !damaged.contains(&batch.0));
        let missing: Vec<_> =
            whole.filter(|batch| !read.iter().any(|read| *read == ***batch)).collect();
        assert!(missing.is_empty(), "seed {seed}: {} whole batches are not read", missing.len());
        let is_alike = |read: &(Offset, Vec<u8>)| state.batches.iter().any(|it| *read == **it);
        // A leader epoch is under no checksum.
        let others = read.iter().filter(|read| !is_alike(read) && !damaged.contains(&read.0));
        assert_eq!(others.count(), 0, "seed {seed}: rot was read");
        assert!(count > 0 || read.len() == state.batches.len(), "seed {seed}");
    }
}

/// As Apache Kafka's cleaner leaves the files of a segment that stands for itself and the next one.
fn swapped(world: &World, logs: &[std::path::PathBuf]) -> Vec<std::path::PathBuf> {
    let [first, second] = [&logs[0], &logs[1]].map(|path| world.disk.read(path).unwrap());
    let swap = logs[0].with_extension("log.swap");
    overwrite(world, &swap, &[first, second].concat());
    for extension in ["index", "timeindex"] {
        let empty = logs[0].with_extension(format!("{extension}.swap"));
        overwrite(world, &empty, b"");
    }
    let old =
        |log: &std::path::PathBuf| ["log", "index", "timeindex"].map(|e| log.with_extension(e));
    logs[..2].iter().flat_map(old).collect()
}

#[test]
fn a_cleaning_that_kafka_had_decided_is_ended_wherever_it_was_killed() {
    // Of the six files that are replaced this many are gone.
    for gone in 0..=6 {
        let (mut world, state) = several_segments();
        let logs = files_with(&world, ".log");
        let old = swapped(&world, &logs);
        old[..gone].iter().for_each(|path| world.disk.remove_file(path).unwrap());
        world.reopen().unwrap();
        let ended = Notice::CleaningEnded { path: World::path("t-0") };
        assert!(world.notices.contains(&ended));
        assert_eq!(world.partitions[0].borrow().now().batches, state.batches, "{gone} are gone");
        assert_eq!(files_with(&world, ".swap"), [] as [std::path::PathBuf; 0]);
        assert_eq!(files_with(&world, ".log").len(), logs.len() - 1);
    }
}

#[test]
fn a_cleaning_that_was_not_decided_is_undone() {
    let (mut world, state) = several_segments();
    let logs = files_with(&world, ".log");
    let _ = swapped(&world, &logs);
    // A part of it is not whole yet.
    overwrite(&world, &logs[0].with_extension("log.cleaned"), b"part");
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, state.batches);
    assert_eq!(files_with(&world, ".log"), logs);
    assert_eq!(files_with(&world, ".cleaned"), [] as [std::path::PathBuf; 0]);
}
