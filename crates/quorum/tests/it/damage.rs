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

/// A directory with two topics, stopped; its log file and size.
fn with_topics() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    quorum::format(disk().as_ref(), dir.path(), &format()).unwrap();
    let (quorum, thread) = quorum::start(options(disk(), dir.path()), |_| {}).unwrap();
    join(&quorum, 1);
    ask(&quorum, topic("a", 1)).unwrap();
    ask(&quorum, topic("b", 1)).unwrap();
    thread.stop().unwrap();
    let log = dir.path().join(quorum::METADATA_DIR).join(format!("{:020}.log", 0));
    (dir, log)
}

fn topics_after_start(dir: &Path) -> Vec<String> {
    let (quorum, thread) = quorum::start(options(disk(), dir), |_| {}).unwrap();
    let names = quorum.image().topics().map(|topic| topic.name.to_string()).collect();
    thread.stop().unwrap();
    names
}

#[test]
fn a_torn_end_is_cut_at_every_byte() {
    let (dir, log) = with_topics();
    let bytes = std::fs::read(&log).unwrap();
    let state = log.with_file_name("quorum-state");
    let saved = std::fs::read(&state).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for kept in (0..bytes.len()).step_by(7) {
        std::fs::write(&log, &bytes[..kept]).unwrap();
        std::fs::write(&state, &saved).unwrap();
        seen.insert(topics_after_start(dir.path()).len());
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn garbage_behind_the_log_is_cut() {
    let (dir, log) = with_topics();
    let mut bytes = std::fs::read(&log).unwrap();
    bytes.extend_from_slice(&[0; 100]);
    std::fs::write(&log, &bytes).unwrap();
    assert_eq!(topics_after_start(dir.path()), ["a", "b"]);
}

#[test]
fn damage_that_no_crash_explains_is_refused_and_left_alone() {
    let (dir, log) = with_topics();
    // A second life, whose leader change proves that what came before it was synced.
    assert_eq!(topics_after_start(dir.path()).len(), 2);
    let mut bytes = std::fs::read(&log).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&log, &bytes).unwrap();
    let error = start_error(options(disk(), dir.path()));
    assert!(matches!(error, QuorumError::Damaged { .. }), "{error}");
    assert_eq!(std::fs::read(&log).unwrap(), bytes);
}

#[test]
fn a_damaged_snapshot_and_a_damaged_state_are_refused_by_name() {
    let (dir, log) = with_topics();
    let state = log.with_file_name("quorum-state");
    let saved = std::fs::read(&state).unwrap();
    std::fs::write(&state, b"{").unwrap();
    let error = start_error(options(disk(), dir.path())).to_string();
    assert!(error.contains("quorum-state"), "{error}");
    std::fs::write(&state, saved).unwrap();
    let snapshot = log.with_file_name("00000000000000000000-0000000000.checkpoint");
    let mut bytes = std::fs::read(&snapshot).unwrap();
    bytes.pop();
    std::fs::write(&snapshot, bytes).unwrap();
    let error = start_error(options(disk(), dir.path())).to_string();
    assert!(error.contains(".checkpoint"), "{error}");
}

#[test]
fn what_is_not_formatted_or_not_ours_is_refused() {
    let empty = tempfile::tempdir().unwrap();
    let error = start_error(options(disk(), empty.path()));
    assert!(matches!(error, QuorumError::NotFormatted(_)));
    let (dir, _) = with_topics();
    let mut other = options(disk(), dir.path());
    other.own.directory = model::Uuid::from_bytes([9; 16]);
    assert!(matches!(start_error(other), QuorumError::NotSingleVoter(_)));
}

#[test]
fn a_lost_quorum_state_does_not_lead_an_epoch_twice() {
    let (dir, log) = with_topics();
    std::fs::remove_file(log.with_file_name("quorum-state")).unwrap();
    let (quorum, thread) = quorum::start(options(disk(), dir.path()), |_| {}).unwrap();
    assert_eq!(quorum.status().epoch.to_wire(), 2);
    assert!(!content(&quorum.image()).is_empty());
    thread.stop().unwrap();
}
