use std::io::{ErrorKind, IoSlice};
use std::path::Path;

use io::{Disk, Open, PAGE_SIZE, PageBuffer, RealDisk, SimDisk};

/// Runs one fact against the real and the simulated disk.
fn on_each_disk(check: impl Fn(&dyn Disk, &Path)) {
    let dir = tempfile::tempdir().unwrap();
    check(&RealDisk, dir.path());
    let sim = SimDisk::new(1);
    sim.create_dir_all(Path::new("/log")).unwrap();
    check(&sim, Path::new("/log"));
}

fn names(disk: &dyn Disk, path: &Path) -> Vec<String> {
    let mut names: Vec<_> = disk.list(path).unwrap().into_iter().map(|entry| entry.name).collect();
    names.sort();
    names
}

#[test]
fn bytes_are_read_where_they_were_written() {
    on_each_disk(|disk, dir| {
        let file = disk.open(&dir.join("f"), Open::CREATE).unwrap();
        file.write_at(b"world", 6).unwrap();
        file.write_vectored_at(&[IoSlice::new(b"hel"), IoSlice::new(b""), IoSlice::new(b"lo")], 0)
            .unwrap();
        let mut buffer = [9; 20];
        assert_eq!(file.read_at(&mut buffer, 0).unwrap(), 11);
        assert_eq!(&buffer[..11], b"hello\0world");
        assert_eq!(file.read_at(&mut buffer, 11).unwrap(), 0);
        assert_eq!(file.read_at(&mut buffer, 99).unwrap(), 0);
        let short = file.read_exact_at(&mut buffer, 0).unwrap_err();
        assert_eq!(short.kind(), ErrorKind::UnexpectedEof);
        file.sync_data().unwrap();
        assert_eq!(disk.file_size(&dir.join("f")).unwrap(), Some(11));
    });
}

#[test]
fn what_was_just_written_is_read_without_waiting() {
    on_each_disk(|disk, dir| {
        let file = disk.open(&dir.join("f"), Open::CREATE).unwrap();
        file.write_at(&[1; 10_000], 0).unwrap();
        assert!(file.is_cached(0));
        assert!(file.is_cached(9_999));
        assert!(file.is_cached(20_000), "behind the end there is nothing to wait for");
    });
}

#[test]
fn a_vectored_write_takes_more_buffers_than_the_kernel_does() {
    on_each_disk(|disk, dir| {
        let file = disk.open(&dir.join("f"), Open::CREATE).unwrap();
        let bytes: Vec<u8> = (0..3000_u32).map(|i| (i % 251) as u8).collect();
        let slices: Vec<_> = bytes.chunks(1).map(IoSlice::new).collect();
        file.write_vectored_at(&slices, 5).unwrap();
        let mut read = vec![0; 3000];
        file.read_exact_at(&mut read, 5).unwrap();
        assert_eq!(read, bytes);
    });
}

#[test]
fn cutting_and_growing_again_leaves_zeros() {
    on_each_disk(|disk, dir| {
        let file = disk.open(&dir.join("f"), Open::CREATE).unwrap();
        file.write_at(b"abcdef", 0).unwrap();
        file.set_len(2).unwrap();
        file.set_len(4).unwrap();
        assert_eq!(disk.read(&dir.join("f")).unwrap(), b"ab\0\0");
        file.allocate(0, 1 << 16).unwrap();
        assert_eq!(file.size().unwrap(), 4);
    });
}

#[test]
fn a_missing_file_is_not_found_unless_it_may_be_created() {
    on_each_disk(|disk, dir| {
        let missing = disk.open(&dir.join("f"), Open::WRITE).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        assert_eq!(disk.file_size(&dir.join("f")).unwrap(), None);
        disk.open(&dir.join("f"), Open::CREATE).unwrap().write_at(b"x", 0).unwrap();
        assert_eq!(disk.open(&dir.join("f"), Open::CREATE).unwrap().size().unwrap(), 1);
        assert_eq!(disk.open(&dir.join("f"), Open::REPLACE).unwrap().size().unwrap(), 0);
        assert!(disk.open(&dir.join("f"), Open::READ).unwrap().write_at(b"x", 0).is_err());
        assert!(disk.open(&dir.join("no/f"), Open::CREATE).is_err());
    });
}

#[test]
fn replace_leaves_one_whole_file() {
    on_each_disk(|disk, dir| {
        disk.replace(&dir.join("f"), b"first, longer").unwrap();
        disk.replace(&dir.join("f"), b"second").unwrap();
        assert_eq!(disk.read(&dir.join("f")).unwrap(), b"second");
        assert_eq!(names(disk, dir), ["f"]);
    });
}

#[test]
fn directories_are_made_listed_renamed_and_removed_whole() {
    on_each_disk(|disk, dir| {
        disk.create_dir_all(&dir.join("a/b")).unwrap();
        disk.create_dir_all(&dir.join("a/b")).unwrap();
        disk.open(&dir.join("a/b/f"), Open::CREATE).unwrap();
        disk.sync_dir(&dir.join("a")).unwrap();
        disk.rename(&dir.join("a"), &dir.join("c")).unwrap();
        assert!(disk.is_dir(&dir.join("c/b")).unwrap());
        assert!(!disk.is_dir(&dir.join("a")).unwrap());
        assert_eq!(names(disk, &dir.join("c/b")), ["f"]);
        disk.remove_dir_all(&dir.join("c")).unwrap();
        assert!(names(disk, dir).is_empty());
        disk.file_system(dir).unwrap().sync().unwrap();
    });
}

#[test]
fn an_open_file_outlives_its_name() {
    on_each_disk(|disk, dir| {
        let file = disk.open(&dir.join("f"), Open::CREATE).unwrap();
        file.write_at(b"still here", 0).unwrap();
        disk.remove_file(&dir.join("f")).unwrap();
        assert!(disk.remove_file(&dir.join("f")).is_err());
        let mut buffer = [0; 10];
        file.read_exact_at(&mut buffer, 0).unwrap();
        assert_eq!(&buffer, b"still here");
    });
}

#[test]
fn a_lock_is_held_once_until_dropped() {
    on_each_disk(|disk, dir| {
        let lock = disk.lock(&dir.join(".lock")).unwrap();
        assert_eq!(disk.lock(&dir.join(".lock")).unwrap_err().kind(), ErrorKind::WouldBlock);
        drop(lock);
        disk.lock(&dir.join(".lock")).unwrap();
    });
}

#[test]
fn direct_writes_of_whole_pages_are_read_back() {
    on_each_disk(|disk, dir| {
        disk.open(&dir.join("f"), Open::CREATE).unwrap();
        // A file system without direct files refuses at the opening, as the contract says.
        let Ok(file) = disk.open(&dir.join("f"), Open::DIRECT) else { return };
        let mut buffer = PageBuffer::new();
        buffer.extend_from_slice(&[5; 5000]);
        buffer.pad_to_page();
        file.write_at(&buffer, PAGE_SIZE as u64).unwrap();
        let read = disk.read(&dir.join("f")).unwrap();
        assert_eq!(read.len(), 3 * PAGE_SIZE);
        assert_eq!(&read[PAGE_SIZE..], &buffer[..]);
    });
}

#[test]
fn a_real_file_is_sent_by_both_twins() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    RealDisk.replace(&path, b"0123456789").unwrap();
    let file = RealDisk.open(&path, Open::READ).unwrap();
    let target = std::fs::File::create(dir.path().join("to")).unwrap();
    for send in [io::send_file, io::posix::send_file] {
        let mut position = 2;
        let to = std::os::fd::AsFd::as_fd(&target);
        assert_eq!(send(to, file.as_fd().unwrap(), &mut position, 4).unwrap(), 4);
        assert_eq!(position, 6);
    }
    assert_eq!(std::fs::read(dir.path().join("to")).unwrap(), b"23452345");
}
