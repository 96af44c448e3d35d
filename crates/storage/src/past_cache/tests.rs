use std::io::IoSlice;
use std::path::Path;

use io::{Disk, SimDisk};
use model::{PartitionId, PartitionIndex, SeededRandom, TopicId, TopicName, TopicPartition, Uuid};

use super::*;
use crate::limits::OPEN_FILES_MAX;
use crate::place::Place;

fn files(disk: &SimDisk) -> PartitionFiles {
    disk.create_dir_all(Path::new("/d")).unwrap();
    let place = Arc::new(Place::new(Arc::new(disk.clone()), Path::new("/d"), OPEN_FILES_MAX));
    let topic = TopicId::new(Uuid::from_bytes([1; 16])).unwrap();
    let partition = PartitionIndex::from_wire(0).unwrap();
    let name = TopicPartition { topic: TopicName::new("t").unwrap(), partition };
    PartitionFiles::new(&place, PartitionId { topic, partition }, name, false)
}

fn log(disk: &SimDisk) -> Vec<u8> {
    disk.read(Path::new("/d/t-0/00000000000000000000.log")).unwrap()
}

#[test]
fn runs_of_any_length_lie_back_to_back_as_they_were_given() {
    let disk = SimDisk::new(1);
    let files = files(&disk);
    let mut past_cache = PastCache::new(1);
    let mut random = SeededRandom::new(7);
    let mut expected: Vec<u8> = Vec::new();
    let lengths = [1, 4095, 4096, 4097, PAST_CACHE_STAGE_SIZE - 5, 3 * PAST_CACHE_STAGE_SIZE + 9];
    for round in 0..120_u8 {
        let run: Vec<Vec<u8>> = (0..=random.below(3))
            .map(|_| {
                let length = lengths.get(usize::from(round % 20)).copied();
                let length =
                    length.unwrap_or_else(|| 1 + usize::try_from(random.below(20_000)).unwrap());
                (0..=250_u8).cycle().take(length).map(|byte| byte ^ round).collect()
            })
            .collect();
        let slices: Vec<_> = run.iter().map(|batch| IoSlice::new(batch)).collect();
        let position = u32::try_from(expected.len()).unwrap();
        let mut dirty = Dirty::default();
        assert!(
            past_cache
                .write(&files, (Offset::ZERO, position), &slices, LastPage::Write, &mut dirty)
                .unwrap()
        );
        assert_eq!(dirty.count(), 1, "the log is to be synced");
        run.iter().for_each(|batch| expected.extend(batch));
        assert_eq!(log(&disk).len(), expected.len());
    }
    assert!(log(&disk) == expected);
}

#[test]
fn a_run_written_twice_leaves_what_it_wrote_once() {
    let disk = SimDisk::new(1);
    let files = files(&disk);
    let mut past_cache = PastCache::new(1);
    let mut dirty = Dirty::default();
    let (first, second) = (vec![1; 5_000], vec![2; 30_000]);
    let mut write = |position, bytes: &[u8]| {
        let slices = [IoSlice::new(bytes)];
        assert!(
            past_cache
                .write(&files, (Offset::ZERO, position), &slices, LastPage::Write, &mut dirty)
                .unwrap()
        );
    };
    write(0, &first);
    write(5_000, &second);
    write(0, &first);
    write(5_000, &second);
    assert!(log(&disk) == [first, second].concat());
}

#[test]
fn a_run_that_is_too_short_or_has_no_such_writes_is_left_to_the_cache() {
    let disk = SimDisk::new(1);
    let files = files(&disk);
    let mut dirty = Dirty::default();
    let bytes = vec![1; 9_999];
    let slices = [IoSlice::new(&bytes)];
    let short = PastCache::new(10_000).write(
        &files,
        (Offset::ZERO, 0),
        &slices,
        LastPage::Write,
        &mut dirty,
    );
    assert!(!short.unwrap());
    disk.allow_direct(false);
    let refused =
        PastCache::new(1).write(&files, (Offset::ZERO, 0), &slices, LastPage::Write, &mut dirty);
    assert!(!refused.unwrap());
    assert!(log(&disk).is_empty());
    assert!(files.place.refuses_direct());
}

#[test]
fn after_a_read_from_the_file_some_runs_stay_in_the_cache() {
    let files = files(&SimDisk::new(1));
    assert!(!files.take_run_for_readers());
    files.note_file_reader();
    let kept = (0..100).filter(|_| files.take_run_for_readers()).count();
    assert_eq!(kept, crate::limits::RUNS_CACHED_FOR_READERS as usize);
}

#[test]
fn what_lies_in_memory_as_in_the_file_is_written_from_there() {
    let disk = SimDisk::new(1);
    let files = files(&disk);
    let mut past_cache = PastCache::new(1);
    let arena = io::arena::Arena::new(8 << 20);
    let mut random = SeededRandom::new(3);
    let mut expected: Vec<u8> = Vec::new();
    for round in 0..150_u8 {
        // Runs of an arena, some where the file has them and some elsewhere in a page, and bytes that lie anywhere.
        let mut parts: Vec<Vec<u8>> = Vec::new();
        let mut slices = Vec::new();
        let mut position = expected.len();
        for part in 0..=random.below(3) {
            let length =
                1 + usize::try_from(random.below(if part == 1 { 900 } else { 300_000 })).unwrap();
            let bytes: Vec<u8> =
                (0..=250_u8).cycle().take(length).map(|byte| byte ^ round).collect();
            let shift = if random.below(4) == 0 { 512 } else { 0 };
            let skip = (position + shift) % PAGE_SIZE;
            let mut region = arena.pages(320 << 10, skip).unwrap();
            assert!(region.extend_from_slice(&bytes));
            slices.push(region.freeze());
            position += length;
            parts.push(bytes);
        }
        let given: Vec<_> = slices.iter().map(|slice| IoSlice::new(slice)).collect();
        let start = u32::try_from(expected.len()).unwrap();
        let mut dirty = Dirty::default();
        assert!(
            past_cache
                .write(&files, (Offset::ZERO, start), &given, LastPage::Write, &mut dirty)
                .unwrap()
        );
        parts.iter().for_each(|part| expected.extend(part));
        assert!(log(&disk) == expected, "round {round}");
    }
    assert!(!files.place.refuses_direct(), "no write was refused");
}
