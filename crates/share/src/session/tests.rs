use model::{PartitionId, PartitionIndex, TopicId, Uuid};

use super::*;
use crate::samples::{group, member};
use crate::{SESSION_PARTITION_COUNT_MAX, SESSION_PARTITION_TOTAL_MAX};

fn key(name: &str) -> SessionKey {
    SessionKey { group: group("workers"), member: member(name) }
}

fn partition(number: usize) -> PartitionId {
    let topic = TopicId::new(Uuid::from_bytes([7; 16])).unwrap();
    let partition = PartitionIndex::from_wire(i32::try_from(number).unwrap()).unwrap();
    PartitionId { topic, partition }
}

fn epoch(raw: i32) -> SessionEpoch {
    SessionEpoch::from_wire(raw).unwrap()
}

fn adding(add: &[PartitionId]) -> FetchRequest<'_> {
    FetchRequest { add, ..FetchRequest::default() }
}

fn opened() -> ShareSessions {
    let mut sessions = ShareSessions::new(3);
    let all = [0, 1, 2].map(partition);
    let fetch = sessions.fetch(&key("ann"), 1, epoch(0), adding(&all)).unwrap();
    assert_eq!(fetch.kind, FetchKind::Full);
    sessions
}

#[test]
fn a_session_goes_on_epoch_by_epoch_with_what_changed() {
    let mut sessions = opened();
    let (add, forget) = ([partition(3)], [partition(0)]);
    let request = FetchRequest { add: &add, forget: &forget, acknowledges: true };
    let fetch = sessions.fetch(&key("ann"), 1, epoch(1), request).unwrap();
    assert_eq!(fetch.kind, FetchKind::Incremental);
    let mut partitions = fetch.partitions;
    partitions.sort();
    assert_eq!(partitions, [1, 2, 3].map(partition));
    let again = sessions.fetch(&key("ann"), 1, epoch(1), adding(&[]));
    assert_eq!(again, Err(SessionError::InvalidEpoch));
    assert_eq!(sessions.acknowledge(&key("ann"), epoch(2)), Ok(false));
    assert!(sessions.fetch(&key("ann"), 1, epoch(3), adding(&[])).is_ok());
}

#[test]
fn every_request_begins_with_another_partition() {
    let mut sessions = opened();
    let mut first = Vec::new();
    for number in 1..=3 {
        let fetch = sessions.fetch(&key("ann"), 1, epoch(number), adding(&[])).unwrap();
        first.push(fetch.partitions[0]);
    }
    first.sort();
    assert_eq!(first, [0, 1, 2].map(partition));
}

#[test]
fn an_answer_names_what_has_news_and_what_is_new_once() {
    let mut sessions = opened();
    let new = [partition(3)];
    sessions.fetch(&key("ann"), 1, epoch(1), adding(&new)).unwrap();
    assert!(sessions.answers(&key("ann"), partition(3), false));
    assert!(!sessions.answers(&key("ann"), partition(3), false));
    assert!(sessions.answers(&key("ann"), partition(0), true));
    assert!(!sessions.answers(&key("ann"), partition(0), false));
}

#[test]
fn nobody_goes_on_with_a_session_that_is_not_there() {
    let mut sessions = ShareSessions::new(3);
    for raw in [1, -1] {
        let fetch = sessions.fetch(&key("ann"), 1, epoch(raw), adding(&[]));
        assert_eq!(fetch, Err(SessionError::NotFound));
        assert_eq!(sessions.acknowledge(&key("ann"), epoch(raw)), Err(SessionError::NotFound));
    }
    assert_eq!(sessions.acknowledge(&key("ann"), epoch(0)), Err(SessionError::InvalidEpoch));
}

#[test]
fn the_opening_request_acknowledges_nothing() {
    let mut sessions = opened();
    let request = FetchRequest { acknowledges: true, ..FetchRequest::default() };
    let opening = sessions.fetch(&key("ann"), 1, epoch(0), request);
    assert_eq!(opening, Err(SessionError::AcknowledgesAtOpening));
    assert!(sessions.fetch(&key("ann"), 1, epoch(1), adding(&[])).is_ok(), "the old one stays");
}

#[test]
fn the_last_request_closes_only_when_its_acknowledgements_are_done() {
    let mut sessions = opened();
    let last = sessions.fetch(&key("ann"), 1, epoch(-1), adding(&[])).unwrap();
    assert_eq!(last, SessionFetch { partitions: Vec::new(), kind: FetchKind::Final });
    assert_eq!(sessions.acknowledge(&key("ann"), epoch(-1)), Ok(true));
    let closed = sessions.close(&key("ann")).unwrap();
    assert_eq!(closed.partitions, [0, 1, 2].map(partition));
    assert_eq!(sessions.close(&key("ann")), None);
}

#[test]
fn the_end_of_a_connection_ends_its_sessions_and_no_others() {
    let mut sessions = opened();
    sessions.fetch(&key("bob"), 1, epoch(0), adding(&[partition(5)])).unwrap();
    sessions.fetch(&key("eve"), 2, epoch(0), adding(&[])).unwrap();
    // Ann comes again on another connection before the end of the first is seen.
    sessions.fetch(&key("ann"), 3, epoch(0), adding(&[])).unwrap();
    let closed = sessions.connection_closed(1);
    assert_eq!(closed.iter().map(|session| &session.key).collect::<Vec<_>>(), [&key("bob")]);
    assert_eq!(sessions.connection_closed(1), []);
    assert_eq!(sessions.len(), 2);
}

#[test]
fn there_are_no_more_sessions_than_allowed() {
    let mut sessions = opened();
    for name in ["bob", "eve"] {
        sessions.fetch(&key(name), 1, epoch(0), adding(&[])).unwrap();
    }
    let one_more = sessions.fetch(&key("joe"), 1, epoch(0), adding(&[]));
    assert_eq!(one_more, Err(SessionError::LimitReached));
    assert!(sessions.fetch(&key("eve"), 1, epoch(0), adding(&[])).is_ok(), "its own place is free");
}

#[test]
fn there_are_no_more_partitions_than_allowed() {
    let most: Vec<_> = (0..SESSION_PARTITION_COUNT_MAX).map(partition).collect();
    let one_more = [partition(SESSION_PARTITION_COUNT_MAX)];
    let mut sessions = ShareSessions::new(1_000);
    for number in 0..SESSION_PARTITION_TOTAL_MAX / SESSION_PARTITION_COUNT_MAX {
        sessions.fetch(&key(&number.to_string()), 1, epoch(0), adding(&most)).unwrap();
    }
    let full = sessions.fetch(&key("late"), 1, epoch(0), adding(&one_more));
    assert_eq!(full, Err(SessionError::LimitReached));
    let larger = sessions.fetch(&key("0"), 1, epoch(1), adding(&one_more));
    assert_eq!(larger, Err(SessionError::TooManyPartitions));
    sessions.close(&key("0")).unwrap();
    assert!(sessions.fetch(&key("late"), 1, epoch(0), adding(&one_more)).is_ok());
}
