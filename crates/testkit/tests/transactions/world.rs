//! What every test here needs of a broker: topics, committed offsets, and what the coordinator says.

use std::thread::sleep;
use std::time::{Duration, Instant};

use testkit::compare::Side;
use wire::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use wire::messages::describe_producers_request::TopicRequest;
use wire::messages::describe_producers_response::ProducerState;
use wire::messages::describe_transactions_response::TransactionState;
use wire::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use wire::messages::{
    CreateTopicsRequest, DescribeProducersRequest, DescribeTransactionsRequest,
    FindCoordinatorRequest, OffsetFetchRequest,
};

pub(crate) const NONE: i16 = 0;
pub(crate) const INVALID_TXN_STATE: i16 = 48;
pub(crate) const INVALID_PRODUCER_ID_MAPPING: i16 = 49;
pub(crate) const CONCURRENT_TRANSACTIONS: i16 = 51;
pub(crate) const UNSTABLE_OFFSET_COMMIT: i16 = 88;
pub(crate) const PRODUCER_FENCED: i16 = 90;
pub(crate) const TRANSACTIONAL_ID_NOT_FOUND: i16 = 105;
/// The coordinator is not there yet, or is busy with the transaction before.
pub(crate) const COME_AGAIN: [i16; 4] = [14, 15, 16, CONCURRENT_TRANSACTIONS];

/// Far above what anything here takes, also while the machine does other work.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
pub(crate) const PAUSE: Duration = Duration::from_millis(10);

/// Asks until there is something.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(Instant::now() < end, "{what}: not in time");
        sleep(PAUSE);
    }
}

pub(crate) fn create(address: &str, name: &str, partitions: i32, settings: &[(&str, &str)]) {
    let configs = settings.iter().map(|(name, value)| CreatableTopicConfig {
        name: (*name).into(),
        value: Some((*value).into()),
    });
    let topic = CreatableTopic {
        name: name.into(),
        num_partitions: partitions,
        replication_factor: 1,
        configs: configs.collect(),
        ..Default::default()
    };
    let request =
        CreateTopicsRequest { topics: vec![topic], timeout_ms: 10_000, ..Default::default() };
    let answer = Side::new(address.to_owned()).call(&request, 7).expect("create");
    assert_eq!(answer.expect("an answer").topics[0].error_code, NONE, "create {name}");
}

/// As every client does first; it makes the coordinators' topics.
pub(crate) fn find_coordinators(address: &str) {
    let mut side = Side::new(address.to_owned());
    for key_type in [0, 1] {
        let ask = FindCoordinatorRequest {
            key_type,
            coordinator_keys: vec!["any".to_owned()],
            ..Default::default()
        };
        wait_for("a coordinator", || {
            let answer = side.call(&ask, 4).ok()??;
            answer.coordinators.iter().all(|found| found.error_code == NONE).then_some(())
        });
    }
}

/// What the coordinator says of a transactional id, once it says something.
pub(crate) fn described(address: &str, id: &str) -> TransactionState {
    let mut side = Side::new(address.to_owned());
    let ask = DescribeTransactionsRequest { transactional_ids: vec![id.to_owned()] };
    wait_for(id, || {
        let answer = side.call(&ask, 0).ok()??;
        answer.transaction_states.into_iter().find(|s| !COME_AGAIN.contains(&s.error_code))
    })
}

pub(crate) fn until_state(address: &str, id: &str, wanted: &str) -> TransactionState {
    wait_for(&format!("{id} in {wanted}"), || {
        Some(described(address, id)).filter(|state| state.transaction_state == wanted)
    })
}

/// The producers that a partition remembers.
pub(crate) fn producers_of(address: &str, topic: &str, partition: i32) -> Vec<ProducerState> {
    let ask = DescribeProducersRequest {
        topics: vec![TopicRequest { name: topic.into(), partition_indexes: vec![partition] }],
    };
    let answer = Side::new(address.to_owned()).call(&ask, 0).expect("describe");
    let partition = answer.expect("an answer").topics.remove(0).partitions.remove(0);
    assert_eq!(partition.error_code, NONE);
    partition.active_producers
}

/// The group's committed offset of a partition, -1 for none; or the code that is answered instead.
pub(crate) fn stored(
    address: &str,
    group: &str,
    (topic, partition): (&str, i32),
    require_stable: bool,
) -> Result<i64, i16> {
    let request = OffsetFetchRequest {
        groups: vec![OffsetFetchRequestGroup {
            group_id: group.into(),
            member_epoch: -1,
            topics: Some(vec![OffsetFetchRequestTopics {
                name: topic.into(),
                partition_indexes: vec![partition],
                ..Default::default()
            }]),
            ..Default::default()
        }],
        require_stable,
        ..Default::default()
    };
    let mut side = Side::new(address.to_owned());
    wait_for(group, || {
        let group = side.call(&request, 9).ok()??.groups.remove(0);
        if COME_AGAIN.contains(&group.error_code) {
            return None;
        }
        assert_eq!(group.error_code, NONE);
        let found = group.topics.first()?.partitions.first()?.clone();
        Some(match found.error_code {
            NONE => Ok(found.committed_offset),
            code => Err(code),
        })
    })
}
