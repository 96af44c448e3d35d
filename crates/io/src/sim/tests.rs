use std::path::Path;

use super::*;
use crate::{Disk, Open};

fn disk_with(seed: u64) -> SimDisk {
    let disk = SimDisk::new(seed);
    disk.create_dir_all(Path::new("/d")).unwrap();
    disk.sync_dir(Path::new("/")).unwrap();
    disk
}

/// Contents of `/d/f` after a power cut, over many seeds.
fn outcomes(before: impl Fn(&SimDisk)) -> Vec<Option<Vec<u8>>> {
    let run = |seed| {
        let disk = disk_with(seed);
        before(&disk);
        disk.power_on();
        disk.read(Path::new("/d/f")).ok()
    };
    let mut all: Vec<_> = (0..64).map(run).collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn synced_content_and_name_survive() {
    let outcomes = outcomes(|disk| {
        let file = disk.open(Path::new("/d/f"), Open::CREATE).unwrap();
        file.write_at(b"kept", 0).unwrap();
        file.sync_data().unwrap();
        disk.sync_dir(Path::new("/d")).unwrap();
    });
    assert_eq!(outcomes, [Some(b"kept".to_vec())]);
}

#[test]
fn an_unsynced_name_may_be_lost_although_the_file_was_synced() {
    let outcomes = outcomes(|disk| {
        let file = disk.open(Path::new("/d/f"), Open::CREATE).unwrap();
        file.write_at(b"kept", 0).unwrap();
        file.sync_data().unwrap();
    });
    assert_eq!(outcomes, [None, Some(b"kept".to_vec())]);
}

#[test]
fn each_unsynced_sector_is_kept_or_lost_by_itself() {
    let outcomes = outcomes(|disk| {
        let file = disk.open(Path::new("/d/f"), Open::CREATE).unwrap();
        file.write_at(&[1; 1024], 0).unwrap();
        file.sync_data().unwrap();
        disk.sync_dir(Path::new("/d")).unwrap();
        file.write_at(&[2; 1024], 0).unwrap();
    });
    let seen: Vec<(u8, u8)> = outcomes
        .iter()
        .map(|bytes| (bytes.as_ref().unwrap()[0], bytes.as_ref().unwrap()[512]))
        .collect();
    assert_eq!(seen, [(1, 1), (1, 2), (2, 1), (2, 2)]);
}

#[test]
fn a_rename_is_never_half_done() {
    for seed in 0..64 {
        let disk = disk_with(seed);
        disk.replace(Path::new("/d/f"), b"old").unwrap();
        let file = disk.open(Path::new("/d/f.tmp"), Open::REPLACE).unwrap();
        file.write_at(b"new", 0).unwrap();
        file.sync_data().unwrap();
        disk.rename(Path::new("/d/f.tmp"), Path::new("/d/f")).unwrap();
        disk.power_on();
        let content = disk.read(Path::new("/d/f")).unwrap();
        assert!(content == b"old" || content == b"new");
    }
}

#[test]
fn a_direct_write_is_durable_when_it_returns() {
    let outcomes = outcomes(|disk| {
        disk.open(Path::new("/d/f"), Open::CREATE).unwrap();
        disk.sync_dir(Path::new("/d")).unwrap();
        let file = disk.open(Path::new("/d/f"), Open::DIRECT_DURABLE).unwrap();
        let mut buffer = crate::PageBuffer::new();
        buffer.extend_from_slice(&[3; 4096]);
        assert!(file.write_at(&buffer[..100], 0).is_err(), "not whole pages");
        file.write_at(&buffer, 0).unwrap();
    });
    assert_eq!(outcomes, [Some(vec![3; 4096])]);
}

#[test]
fn what_a_failed_sync_left_is_not_saved_by_a_later_one() {
    let outcomes = outcomes(|disk| {
        disk.replace(Path::new("/d/f"), b"old").unwrap();
        let file = disk.open(Path::new("/d/f"), Open::WRITE).unwrap();
        file.write_at(b"new", 0).unwrap();
        disk.set_fault(Path::new("/d/f"), Fault::Sync);
        assert!(file.sync_data().is_err());
        disk.clear_faults();
        file.sync_data().unwrap();
    });
    assert_eq!(outcomes, [Some(b"old".to_vec())]);
}

#[test]
fn a_crash_at_the_nth_operation_stops_everything_after_it() {
    let disk = disk_with(3);
    let file = disk.open(Path::new("/d/f"), Open::CREATE).unwrap();
    disk.crash_after(2);
    file.write_at(b"a", 0).unwrap();
    assert!(file.write_at(b"b", 1).is_err());
    assert!(disk.is_off());
    assert!(file.size().is_err());
    disk.power_on();
    assert!(file.size().is_err(), "a handle of the earlier life");
    assert!(disk.list(Path::new("/d")).is_ok());
}

#[test]
fn a_full_disk_refuses_growth_and_allows_overwriting() {
    let disk = disk_with(1);
    let file = disk.open(Path::new("/d/f"), Open::CREATE).unwrap();
    file.write_at(&[1; 100], 0).unwrap();
    disk.set_capacity(Some(100));
    let full = file.write_at(&[1; 100], 1).unwrap_err();
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    file.write_at(&[2; 100], 0).unwrap();
}

#[test]
fn one_seed_repeats_exactly() {
    let run = |seed| {
        let disk = disk_with(seed);
        let file = disk.open(Path::new("/d/f"), Open::CREATE).unwrap();
        disk.sync_dir(Path::new("/d")).unwrap();
        file.write_at(&[1; 8192], 0).unwrap();
        disk.power_on();
        disk.read(Path::new("/d/f")).unwrap()
    };
    assert_eq!(run(5), run(5));
}

#[test]
fn an_ordered_fault_comes_once_and_at_its_time() {
    let disk = disk_with(1);
    let file = disk.open(Path::new("/d/f"), Open::CREATE).unwrap();
    disk.fail_once(Path::new("/d"), Fault::Sync, 1);
    file.sync_data().unwrap();
    assert!(file.sync_data().is_err());
    assert_eq!(disk.troubles().syncs_again, 0);
    file.sync_data().unwrap();
    assert_eq!((disk.troubles().sync_errors, disk.troubles().syncs_again), (1, 1));
}

#[test]
fn a_fork_has_its_own_fate() {
    let disk = disk_with(1);
    disk.replace(Path::new("/d/f"), b"old").unwrap();
    let fork = disk.fork();
    fork.replace(Path::new("/d/f"), b"new").unwrap();
    assert_eq!(disk.read(Path::new("/d/f")).unwrap(), b"old");
    assert_eq!(fork.read(Path::new("/d/f")).unwrap(), b"new");
}

#[test]
fn rot_is_where_it_says_and_outlives_a_power_cut() {
    for seed in 0..64 {
        let disk = disk_with(seed);
        for name in ["/d/f", "/d/g"] {
            let file = disk.open(Path::new(name), Open::CREATE).unwrap();
            for sector in 0..4 {
                file.write_at(&[7; 512], sector * 512).unwrap();
                file.sync_data().unwrap();
            }
            file.write_at(&[9; 512], 1024).unwrap();
            file.sync_data().unwrap();
        }
        disk.sync_dir(Path::new("/d")).unwrap();
        let before = ["/d/f", "/d/g"].map(|name| disk.read(Path::new(name)).unwrap());
        let mut random = model::SeededRandom::new(seed);
        let rot = if seed % 2 == 0 {
            disk.flip_any_bit(&mut random, |_| true)
        } else {
            disk.misdirect_a_write(&mut random, |_| true)
        };
        let Some(rot) = rot else { continue };
        disk.power_on();
        for (name, before) in ["/d/f", "/d/g"].into_iter().zip(before) {
            let after = disk.read(Path::new(name)).unwrap();
            assert_eq!(after.len(), before.len());
            for (position, (now, then)) in (0..).zip(after.iter().zip(&before)) {
                let inside = |(path, range): &(std::path::PathBuf, std::ops::Range<u64>)| {
                    path == Path::new(name) && range.contains(&position)
                };
                assert!(now == then || rot.places.iter().any(inside), "{name} {position} {rot:?}");
            }
        }
    }
}
