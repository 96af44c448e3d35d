//! A disk that is full: produce is refused with Kafka's code, reads go on, and room heals it.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use testkit::{Ottla, Step};

use crate::client::{Client, NONE, batch};

/// A file system of its own, of so many megabytes.
struct SmallDisk {
    _own: TempDir,
    place: PathBuf,
}

impl SmallDisk {
    /// Needs root, or a user that may mount; the message says so where neither is given.
    fn new(megabytes: u32) -> Self {
        let own = TempDir::new().expect("a directory");
        let place = own.path().join("disk");
        fs::create_dir(&place).expect("make");
        Step::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .args([&place])
            .run()
            .expect("this test mounts a tmpfs, which needs root");
        Self { _own: own, place }
    }

    fn path(&self) -> &Path {
        &self.place
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A process that is just dying may hold it for a moment more.
        let _ = Step::new("umount").args(["-l"]).args([&self.place]).run();
    }
}

#[test]
fn a_kill_on_a_full_disk_loses_nothing_acknowledged() {
    let disk = SmallDisk::new(160);
    let mut ottla = Ottla::start_in(&disk.path().join("data"), &[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let topic = client.create("full", &[("segment.bytes", "4194304")]);
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![1; 60 << 20]).expect("ballast");
    let large = "x".repeat(900_000);
    let mut acknowledged = 1;
    while client.produce(&topic, -1, batch(&[&large], None)).is_some_and(|p| p.error_code == NONE) {
        acknowledged += 1;
        assert!(acknowledged < 200, "more than the disk holds was acknowledged");
    }
    ottla.kill().expect("the kill");
    fs::remove_file(&ballast).expect("remove");
    ottla.restart().expect("a start after the kill");
    let found = Client::new(&ottla.bootstrap()).read(&topic).expect("read").len();
    assert!(found >= acknowledged, "{found} of {acknowledged} acknowledged records are there");
}
