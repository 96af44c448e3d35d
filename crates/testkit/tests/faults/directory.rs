//! Data directories that are in use, not writable, or damaged.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use testkit::{Ottla, Step};

use crate::client::{Client, NONE, batch, others_are_served};

/// Small segments, so that a few records make several with their indexes.
const SMALL_SEGMENTS: &[(&str, &str)] =
    &[("segment.bytes", "1048576"), ("index.interval.bytes", "4096")];

/// Where segments and indexes of the first partition lie.
fn partition(ottla: &Ottla, topic: &str) -> PathBuf {
    ottla.data().join(format!("{topic}-0"))
}

fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the partition's directory");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    found.sort();
    found
}

fn overwrite(path: &Path, position: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).expect("open");
    file.seek(SeekFrom::Start(position)).expect("seek");
    file.write_all(bytes).expect("write");
}

/// A topic of about 5 MB in segments of 1 MB; gives its name and all values.
fn filled(client: &mut Client) -> (String, Vec<Vec<u8>>) {
    let topic = client.create("filled", SMALL_SEGMENTS);
    for i in 0..50 {
        let values: Vec<String> = (0..10).map(|j| format!("{i} {j} ").repeat(1_250)).collect();
        assert_eq!(client.produce_code(&topic, batch(&values, None)), NONE);
    }
    let values = client.read(&topic).expect("read");
    assert_eq!(values.len(), 501);
    (topic, values)
}

/// Fills a topic, ends the broker, lets `damage` at the partition's directory, starts again: all must be there.
fn repaired_after(clean: bool, damage: impl FnOnce(&Ottla, &Path)) {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let (topic, values) = filled(&mut client);
    // A clean stop brings everything from the write-ahead log into segments, where it can be damaged.
    ottla.stop().expect("a clean stop");
    if !clean {
        ottla.restart().expect("a start");
        ottla.kill().expect("the kill");
    }
    damage(&ottla, &partition(&ottla, &topic));
    ottla.restart().expect("a start that repairs");
    let mut client = Client::new(&ottla.bootstrap());
    assert!(client.read(&topic).expect("read") == values, "the log is not as it was");
    assert_eq!(client.produce_code(&topic, batch(&["after"], None)), NONE);
    assert_eq!(client.read(&topic).expect("read").len(), 502);
    others_are_served(&ottla.bootstrap());
}

fn garbage(path: &Path) {
    let size = fs::metadata(path).expect("metadata").len().max(24);
    fs::write(path, vec![0xa5; usize::try_from(size).expect("small")]).expect("write");
}

#[test]
fn a_second_process_on_the_directory_is_refused() {
    let ottla = Ottla::start(&[]).expect("Ottla");
    let words = Ottla::refused(ottla.data(), &[]).expect("a refusal");
    assert!(words.contains(&ottla.data().display().to_string()), "no directory named: {words}");
    let lower = words.to_lowercase();
    assert!(
        lower.contains("lock") || lower.contains("in use") || lower.contains("another"),
        "{words}"
    );
    others_are_served(&ottla.bootstrap());
}

#[test]
fn a_directory_that_cannot_be_written_is_refused() {
    let own = TempDir::new().expect("a directory");
    let place = own.path().join("place");
    fs::create_dir(&place).expect("make");
    let source = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs"];
    let mounted = Step::new(source[0]).args(&source[1..]).args([&place]).run().is_ok();
    if !mounted {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&place, fs::Permissions::from_mode(0o555)).expect("permissions");
        let writable = fs::write(place.join("probe"), "x").is_ok();
        assert!(
            !writable,
            "neither a mount nor permissions make a directory read-only for this user"
        );
    }
    let words = Ottla::refused(&place.join("data"), &[]);
    if mounted {
        Step::new("umount").args([&place]).run().expect("umount");
    }
    let words = words.expect("a refusal");
    assert!(words.contains(&place.display().to_string()), "no directory named: {words}");
}

#[test]
fn corrupted_indexes_are_rebuilt_after_a_kill() {
    repaired_after(false, |_, partition| {
        for path in files(partition, "index").iter().chain(&files(partition, "timeindex")) {
            garbage(path);
        }
    });
}

#[test]
fn corrupted_indexes_are_rebuilt_after_a_clean_stop() {
    repaired_after(true, |_, partition| {
        let found = files(partition, "index");
        assert!(found.len() > 2, "several segments");
        for path in found.iter().chain(&files(partition, "timeindex")) {
            garbage(path);
        }
    });
}

#[test]
fn missing_indexes_are_rebuilt() {
    repaired_after(true, |_, partition| {
        for path in files(partition, "index").iter().chain(&files(partition, "timeindex")) {
            fs::remove_file(path).expect("remove");
        }
    });
}

#[test]
fn corrupted_checkpoints_are_made_anew() {
    repaired_after(true, |ottla, partition| {
        for name in [
            "recovery-point-offset-checkpoint",
            "log-start-offset-checkpoint",
            "replication-offset-checkpoint",
        ] {
            let path = ottla.data().join(name);
            if path.exists() {
                fs::write(path, "0\n1\nthis is no checkpoint\n").expect("write");
            }
        }
        let epochs = partition.join("leader-epoch-checkpoint");
        if epochs.exists() {
            fs::write(epochs, "nonsense").expect("write");
        }
    });
}

#[test]
fn a_corrupted_producer_snapshot_is_made_anew() {
    repaired_after(true, |_, partition| {
        for path in files(partition, "snapshot") {
            garbage(&path);
        }
    });
}

/// Damages the metadata log behind the end of a broker that made topics: it must refuse to start and leave the log as it
/// is, and serve all topics once that is mended.
fn metadata_damage_is_refused(clean: bool) {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let topics: Vec<String> = (0..5).map(|_| client.create("metadata", &[])).collect();
    if clean {
        ottla.stop().expect("a clean stop");
    } else {
        ottla.kill().expect("the kill");
    }
    let directory = ottla.data().join("__cluster_metadata-0");
    let segment = files(&directory, "log").into_iter().next().expect("the metadata log");
    let whole = fs::read(&segment).expect("read");
    overwrite(&segment, whole.len() as u64 / 3, &[0xff; 64]);
    let damaged = fs::read(&segment).expect("read");
    let words = Ottla::refused(ottla.data(), &[]).expect("a refusal");
    assert!(words.contains(&segment.display().to_string()), "the log is not named: {words}");
    assert!(words.contains("at position") && words.contains("restore"), "no help: {words}");
    assert!(fs::read(&segment).expect("read") == damaged, "the damaged log was changed");
    fs::write(&segment, whole).expect("write");
    ottla.restart().expect("a start");
    let mut client = Client::new(&ottla.bootstrap());
    for topic in topics {
        assert_eq!(client.produce_code(&topic, batch(&["after"], None)), NONE);
    }
}

#[test]
fn a_corrupted_metadata_log_is_refused_by_name() {
    metadata_damage_is_refused(true);
}

#[test]
fn a_metadata_log_corrupted_after_a_kill_is_refused_by_name() {
    metadata_damage_is_refused(false);
}

#[test]
fn a_foreign_meta_properties_is_refused() {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    ottla.stop().expect("a clean stop");
    fs::write(ottla.data().join("meta.properties"), "version=1\nnode.id=77\ncluster.id=x\n")
        .expect("write");
    let words = Ottla::refused(ottla.data(), &[]).expect("a refusal");
    let named =
        words.contains("meta.properties") || words.contains(&ottla.data().display().to_string());
    assert!(named && words.contains("77"), "neither file nor node is named: {words}");
}
