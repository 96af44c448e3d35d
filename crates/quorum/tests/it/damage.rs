use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::{Disk, RealDisk};
use quorum::{QuorumError, QuorumOptions};

use crate::fixture::{ask, content, format, join, options, topic};

fn disk() -> Arc<dyn Disk> {
    Arc::new(RealDisk)
}

fn start_error(options: QuorumOptions) -> QuorumError {
    match quorum::start(options, |_| {}) {
        Ok(_) => panic!("it started"),
        Err(error) => error,
    }
}

/// A directory with the topics `a` and `b`, stopped in order.
struct WithTopics {
    dir: tempfile::TempDir,
    log: PathBuf,
    /// The log and the mark of what is synced, as they were before `b` was made.
    before_b: (Vec<u8>, Vec<u8>),
}

fn with_topics() -> WithTopics {
    let dir = tempfile::tempdir().unwrap();
    quorum::format(disk().as_ref(), dir.path(), &format()).unwrap();
    let log = dir.path().join(quorum::METADATA_DIR).join(format!("{:020}.log", 0));
    let (quorum, thread) = quorum::start(options(disk(), dir.path()), |_| {}).unwrap();
    join(&quorum, 1);
    ask(&quorum, topic("a", 1)).unwrap();
    let before_b = (fs::read(&log).unwrap(), fs::read(mark_of(&log)).unwrap());
    ask(&quorum, topic("b", 1)).unwrap();
    thread.stop().unwrap();
    WithTopics { dir, log, before_b }
}

fn mark_of(log: &Path) -> PathBuf {
    log.with_file_name("quorum-synced")
}

/// Starts must refuse what lies there now, in words that name the log and `position`, and change nothing.
fn refused(dir: &Path, log: &Path, position: usize) {
    let before = fs::read(log).unwrap();
    let words = start_error(options(disk(), dir)).to_string();
    assert!(words.contains(&log.display().to_string()), "{words}");
    assert!(words.contains(&format!("at position {position}:")), "{position}: {words}");
    assert!(words.contains("restore") && words.contains("quorum-synced"), "{words}");
    assert!(fs::read(log).unwrap() == before, "the log was changed");
}

/// Where each batch begins, and the end.
fn batch_starts(log: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    for batch in record::Batches::checked(log) {
        let size = batch.unwrap().header().size();
        starts.push(starts.last().unwrap() + size);
    }
    starts
}

fn topics_after_start(dir: &Path) -> Vec<String> {
    let (quorum, thread) = quorum::start(options(disk(), dir), |_| {}).unwrap();
    let names = quorum.image().topics().map(|topic| topic.name.to_string()).collect();
    thread.stop().unwrap();
    names
}

#[test]
fn a_write_that_was_not_synced_is_cut_at_every_byte() {
    let WithTopics { dir, log, before_b: (before, mark) } = with_topics();
    let bytes = fs::read(&log).unwrap();
    let state = log.with_file_name("quorum-state");
    let saved = fs::read(&state).unwrap();
    assert!(bytes.len() > before.len() + 50);
    for kept in before.len()..bytes.len() {
        fs::write(&log, &bytes[..kept]).unwrap();
        fs::write(mark_of(&log), &mark).unwrap();
        fs::write(&state, &saved).unwrap();
        assert_eq!(topics_after_start(dir.path()), ["a"], "{kept}");
    }
}

#[test]
fn a_write_that_reached_the_disk_in_part_is_cut() {
    let WithTopics { dir, log, before_b: (before, mark) } = with_topics();
    let bytes = fs::read(&log).unwrap();
    for place in before.len()..bytes.len() {
        // What did not reach the disk is zeros.
        let mut torn = bytes.clone();
        let end = bytes.len().min(place + 32);
        torn[place..end].fill(0);
        if torn == bytes {
            continue;
        }
        fs::write(&log, &torn).unwrap();
        fs::write(mark_of(&log), &mark).unwrap();
        assert_eq!(topics_after_start(dir.path()), ["a"], "{place}");
    }
}

#[test]
fn what_was_synced_is_never_cut() {
    let WithTopics { dir, log, before_b: (before, mark) } = with_topics();
    let (bytes, newest) = (fs::read(&log).unwrap(), fs::read(mark_of(&log)).unwrap());
    for (mark, end) in [(&mark, before.len()), (&newest, bytes.len())] {
        for kept in (0..end).step_by(7) {
            fs::write(&log, &bytes[..kept]).unwrap();
            fs::write(mark_of(&log), mark).unwrap();
            let start = batch_starts(&bytes).into_iter().rfind(|start| *start <= kept).unwrap();
            refused(dir.path(), &log, start);
        }
    }
}

#[test]
fn damage_in_the_middle_is_refused_and_left_alone() {
    let WithTopics { dir, log, before_b: (_, mark) } = with_topics();
    let (bytes, newest) = (fs::read(&log).unwrap(), fs::read(mark_of(&log)).unwrap());
    let starts = batch_starts(&bytes);
    for place in (0..bytes.len()).step_by(11) {
        let mut damaged = bytes.clone();
        let end = bytes.len().min(place + 64);
        damaged[place..end].fill(0xff);
        let start = *starts.iter().rfind(|start| **start <= place).unwrap();
        fs::write(&log, &damaged).unwrap();
        fs::write(mark_of(&log), &newest).unwrap();
        refused(dir.path(), &log, start);
        // As after a kill, where the last write is all that no mark vouches for.
        let last = starts[starts.len() - 2];
        if place < last {
            fs::write(mark_of(&log), &mark).unwrap();
            refused(dir.path(), &log, start);
        }
    }
}

#[test]
fn a_write_of_several_batches_is_torn_in_any_order_and_damage_once_another_follows() {
    let WithTopics { dir, log, .. } = with_topics();
    // The second life writes a leader change and more at once; its mark says so before.
    let first_end = fs::read(&log).unwrap().len();
    assert_eq!(topics_after_start(dir.path()).len(), 2);
    let bytes = fs::read(&log).unwrap();
    let starts: Vec<_> =
        batch_starts(&bytes).into_iter().filter(|start| *start >= first_end).collect();
    assert!(starts.len() > 2, "several batches");
    let newest = fs::read(mark_of(&log)).unwrap();
    // The slot of the newest mark, the third of that life, is lost: the one before it counts.
    let mut in_between = newest;
    in_between[..100].fill(0);
    let mut damaged = bytes.clone();
    damaged[first_end + 70] ^= 1;
    fs::write(&log, &damaged).unwrap();
    fs::write(mark_of(&log), &in_between).unwrap();
    assert_eq!(topics_after_start(dir.path()).len(), 2);
    assert!(fs::read(&log).unwrap()[..first_end] == bytes[..first_end], "more was cut");

    fs::write(&log, &bytes).unwrap();
    let (quorum, thread) = quorum::start(options(disk(), dir.path()), |_| {}).unwrap();
    join(&quorum, 3);
    thread.stop().unwrap();
    let mut damaged = fs::read(&log).unwrap();
    damaged[first_end + 70] ^= 1;
    fs::write(&log, &damaged).unwrap();
    fs::write(mark_of(&log), &in_between).unwrap();
    refused(dir.path(), &log, first_end);
}

#[test]
fn without_a_mark_the_clean_stop_and_the_epochs_tell() {
    let WithTopics { dir, log, .. } = with_topics();
    let bytes = fs::read(&log).unwrap();
    let torn = &bytes[..bytes.len() - 3];
    let last = batch_starts(&bytes).into_iter().rev().nth(1).unwrap();
    let closed = dir.path().join(".kafka_cleanshutdown");
    fs::write(&log, torn).unwrap();
    fs::remove_file(mark_of(&log)).unwrap();
    fs::write(&closed, "").unwrap();
    refused(dir.path(), &log, last);
    fs::remove_file(&closed).unwrap();
    assert_eq!(topics_after_start(dir.path()), ["a"]);
    assert_eq!(topics_after_start(dir.path()), ["a"]);
    let mut damaged = fs::read(&log).unwrap();
    damaged[100] ^= 1;
    fs::write(&log, &damaged).unwrap();
    fs::write(mark_of(&log), "a mark that cannot be read").unwrap();
    refused(dir.path(), &log, 0);
}

#[test]
fn what_another_program_wrote_behind_the_mark_may_be_torn() {
    let WithTopics { dir, log, before_b: (before, _) } = with_topics();
    let mark = fs::read(mark_of(&log)).unwrap();
    let first_end = fs::read(&log).unwrap().len();
    assert_eq!(topics_after_start(dir.path()).len(), 2);
    // As a program leaves it that knows of no marks: several batches of an epoch that no mark has.
    let bytes = fs::read(&log).unwrap();
    let mut damaged = bytes.clone();
    damaged[first_end + 70] ^= 1;
    fs::write(&log, &damaged).unwrap();
    fs::write(mark_of(&log), &mark).unwrap();
    assert_eq!(topics_after_start(dir.path()).len(), 2);
    let mut damaged = bytes;
    damaged[before.len() + 70] ^= 1;
    fs::write(&log, &damaged).unwrap();
    fs::write(mark_of(&log), &mark).unwrap();
    refused(dir.path(), &log, before.len());
}

#[test]
fn garbage_behind_the_log_is_cut() {
    let WithTopics { dir, log, .. } = with_topics();
    let mut bytes = fs::read(&log).unwrap();
    bytes.extend_from_slice(&[0; 100]);
    fs::write(&log, &bytes).unwrap();
    assert_eq!(topics_after_start(dir.path()), ["a", "b"]);
}

#[test]
fn a_log_whose_beginning_is_in_no_snapshot_is_refused() {
    let WithTopics { dir, log, .. } = with_topics();
    let bytes = fs::read(&log).unwrap();
    let starts = batch_starts(&bytes);
    let view = record::BatchView::parse_checked(&bytes[starts[2]..]).unwrap();
    let later = log.with_file_name(format!("{:020}.log", view.header().base_offset().to_wire()));
    fs::write(&later, &bytes[starts[2]..]).unwrap();
    fs::remove_file(&log).unwrap();
    refused(dir.path(), &later, 0);
}

#[test]
fn a_damaged_snapshot_and_a_damaged_state_are_refused_by_name() {
    let WithTopics { dir, log, .. } = with_topics();
    let state = log.with_file_name("quorum-state");
    let saved = fs::read(&state).unwrap();
    fs::write(&state, b"{").unwrap();
    let error = start_error(options(disk(), dir.path())).to_string();
    assert!(error.contains("quorum-state"), "{error}");
    fs::write(&state, saved).unwrap();
    let snapshot = log.with_file_name("00000000000000000000-0000000000.checkpoint");
    let mut bytes = fs::read(&snapshot).unwrap();
    bytes.pop();
    fs::write(&snapshot, bytes).unwrap();
    let error = start_error(options(disk(), dir.path())).to_string();
    assert!(error.contains(".checkpoint"), "{error}");
}

#[test]
fn what_is_not_formatted_or_not_ours_is_refused() {
    let empty = tempfile::tempdir().unwrap();
    let error = start_error(options(disk(), empty.path()));
    assert!(matches!(error, QuorumError::NotFormatted(_)));
    let WithTopics { dir, .. } = with_topics();
    let mut other = options(disk(), dir.path());
    other.own.directory = model::Uuid::from_bytes([9; 16]);
    assert!(matches!(start_error(other), QuorumError::NotSingleVoter(_)));
}

#[test]
fn a_lost_quorum_state_does_not_lead_an_epoch_twice() {
    let WithTopics { dir, log, .. } = with_topics();
    fs::remove_file(log.with_file_name("quorum-state")).unwrap();
    let (quorum, thread) = quorum::start(options(disk(), dir.path()), |_| {}).unwrap();
    assert_eq!(quorum.status().epoch.to_wire(), 2);
    assert!(!content(&quorum.image()).is_empty());
    thread.stop().unwrap();
}
