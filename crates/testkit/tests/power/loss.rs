//! The file system itself: what a program writes on it, and what of that is left.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};

use rustix::fs::OFlags;
use testkit::lossy_fs::{LossyFs, NameRule};

const SIZE: usize = 300_000;

fn flags(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

fn sync_dir(place: &std::path::Path) {
    File::open(place).expect("open").sync_all().expect("sync the directory");
}

#[test]
fn without_a_sync_writes_are_lost_and_with_one_none_is() {
    let (mut whole, mut cuts) = (0, 0);
    for seed in 0..12 {
        let mut disk = LossyFs::new(NameRule::EachDirectory).expect("a disk");
        let (synced, not) = (disk.path().join("synced"), disk.path().join("not"));
        let mut files = [&synced, &not].map(|path| File::create(path).expect("create"));
        sync_dir(disk.path());
        for file in &mut files {
            file.write_all(&[7; SIZE]).expect("write");
        }
        files[0].sync_data().expect("sync");
        assert_eq!(fs::read(&not).expect("read"), [7; SIZE], "before the cut all is seen");
        drop(files);
        disk.power_cut(seed, &[]).expect("a cut");
        assert!(fs::read(&synced).expect("read") == [7; SIZE], "a synced write is lost");
        whole += u32::from(fs::read(&not).expect("read") == [7; SIZE]);
        cuts += 1;
    }
    assert!(whole < cuts, "no cut lost anything");
}

#[test]
fn a_name_is_durable_once_its_directory_is_synced() {
    let mut lost = 0;
    for seed in 0..12 {
        let mut disk = LossyFs::new(NameRule::EachDirectory).expect("a disk");
        let at = |name: &str| disk.path().join(name);
        for name in ["a", "b"] {
            let mut file = File::create(at(name)).expect("create");
            file.write_all(name.as_bytes()).expect("write");
            file.sync_all().expect("sync");
        }
        fs::rename(at("b"), at("c")).expect("rename");
        sync_dir(disk.path());
        fs::create_dir(at("later")).expect("make");
        fs::remove_file(at("a")).expect("remove");
        let (c, a, later) = (at("c"), at("a"), at("later"));
        disk.power_cut(seed, &[]).expect("a cut");
        assert_eq!(fs::read(c).expect("read"), b"b");
        lost += u32::from(a.exists()) + u32::from(!later.exists());
    }
    assert!(lost > 0);
}

#[test]
fn direct_durable_writes_survive_every_cut() {
    for seed in 0..6 {
        let mut disk = LossyFs::new(NameRule::EachDirectory).expect("a disk");
        let path = disk.path().join("log");
        let file = File::create(&path).expect("create");
        file.write_all_at(&[0; SIZE], 0).expect("write");
        file.sync_all().expect("sync");
        sync_dir(disk.path());
        let durable = File::options()
            .read(true)
            .write(true)
            .custom_flags(flags(OFlags::DIRECT | OFlags::DSYNC))
            .open(&path)
            .expect("direct writes are possible");
        // Aligned as such writes must be on other file systems.
        let mut page = vec![0; 3 * 4096];
        let start = page.as_ptr().align_offset(4096);
        page[start..start + 4096].fill(5);
        durable.write_all_at(&page[start..start + 4096], 8192).expect("write");
        drop((file, durable));
        disk.power_cut(seed, &[]).expect("a cut");
        let found = fs::read(&path).expect("read");
        assert_eq!(found.len(), SIZE);
        assert!(found[8192..8192 + 4096].iter().all(|byte| *byte == 5));
        assert_eq!(disk.counts().durable_writes, 1);
    }
}

#[test]
fn locks_of_files_hold_against_other_processes() {
    let disk = LossyFs::new(NameRule::EachDirectory).expect("a disk");
    let path = disk.path().join(".lock");
    let file = File::create(&path).expect("create");
    let lock = rustix::fs::FlockOperation::NonBlockingLockExclusive;
    rustix::fs::fcntl_lock(&file, lock).expect("the lock");
    let script = "import fcntl,sys\nf=open(sys.argv[1],'r+')\n\
                  try: fcntl.lockf(f,fcntl.LOCK_EX|fcntl.LOCK_NB)\nexcept OSError: sys.exit(7)";
    let mut other = std::process::Command::new("python3");
    let status = other.args(["-c", script]).arg(&path).status().expect("python3");
    assert_eq!(status.code(), Some(7), "another process took the lock");
}

#[test]
fn a_full_disk_takes_what_has_its_place_already_and_nothing_new() {
    let disk = LossyFs::new(NameRule::EachDirectory).expect("a disk");
    let mut file = File::create(disk.path().join("file")).expect("create");
    file.write_all(&[1; 8192]).expect("write");
    disk.set_room(Some(4096));
    file.write_all(&[2; 4096]).expect("the last page");
    let error = file.write_all(&[3; 4096]).expect_err("a full disk");
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    file.write_all_at(&[4; 4096], 0).expect("a page that is there");
    disk.set_room(None);
    file.write_all(&[5; 4096]).expect("room again");
}

#[test]
fn a_failed_sync_says_so_and_its_writes_are_lost() {
    let mut disk = LossyFs::new(NameRule::EachDirectory).expect("a disk");
    let path = disk.path().join("file");
    let mut file = File::create(&path).expect("create");
    sync_dir(disk.path());
    file.write_all(&[1; 4096]).expect("write");
    disk.fail_syncs(true);
    file.sync_all().expect_err("a failed sync");
    disk.fail_syncs(false);
    file.sync_all().expect("the next sync says nothing");
    drop(file);
    disk.power_cut(1, &[]).expect("a cut");
    let mut bytes = Vec::new();
    File::open(&path).expect("open").read_to_end(&mut bytes).expect("read");
    assert!(!bytes.contains(&1));
}

#[test]
fn a_sync_of_the_file_system_is_not_believed_in() {
    // Linux answers `syncfs` of a FUSE file system itself, so whoever relies on it loses what it wrote.
    let disk = LossyFs::new(NameRule::EachDirectory).expect("a disk");
    let file = File::create(disk.path().join("file")).expect("create");
    file.write_all_at(&[1; 4096], 0).expect("write");
    rustix::fs::syncfs(&file).expect("syncfs says that all is well");
    let synced = disk.counts();
    assert_eq!((synced.file_syncs, synced.directory_syncs), (0, 0));
    assert!(!io::linux::sync_file_system(&file).expect("an answer"));
}
