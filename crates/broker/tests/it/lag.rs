//! How far groups are behind, as Ottla's own API tells it.

use io::{Clock, SystemClock};
use model::{Timestamp, Uuid};
use record::{BatchBuilder, BatchStamp, Compression, Compressor};
use wire::messages::api_versions_response::ApiVersion;
use wire::messages::ottla_group_lag_response::PartitionLag;
use wire::messages::{
    ApiVersionsRequest, FetchResponse, OttlaGroupHistoryRequest, OttlaGroupLagRequest,
};

use crate::fetching::fetch;
use crate::groups::{GROUP, commit, join_twice, started, sync};
use crate::harness::*;

/// Records so many milliseconds old.
fn aged(ages: &[i64], compression: Compression) -> (Vec<i64>, Vec<u8>) {
    let now = SystemClock::new().wall().as_millis();
    let times: Vec<i64> = ages.iter().map(|age| now - age).collect();
    let mut builder = BatchBuilder::new();
    for time in &times {
        builder.append(Timestamp::from_millis(*time), Some(b"key"), Some(b"value"), &[]).unwrap();
    }
    let stamp = BatchStamp { compression, ..BatchStamp::default() };
    (times, builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec())
}

fn lag(client: &mut Client) -> PartitionLag {
    let response = client.call(0, &OttlaGroupLagRequest { groups: vec![GROUP.to_owned()] });
    assert!(!response.partial);
    assert_eq!(response.groups[0].error_code, 0);
    let row = response.groups[0].partitions[0].clone();
    if row.unread_time_ms >= 0 {
        assert_eq!(row.lag_ms, response.time_ms - row.unread_time_ms);
    }
    row
}

/// Lag in records, and offset and time of the first record that is not consumed.
fn behind(row: &PartitionLag) -> (i64, i64, i64) {
    (row.lag, row.unread_offset, row.unread_time_ms)
}

#[test]
fn lag_in_time_is_that_of_the_first_record_that_is_not_consumed() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let mut client = broker.connect();
    let (plain, batch) = aged(&[9_000, 8_000, 7_000], Compression::None);
    client.produce("orders", 0, batch);
    let (packed, batch) = aged(&[3_000, 5_000, 1_000], Compression::Lz4(record::Lz4Level::DEFAULT));
    client.produce("orders", 0, batch);
    let times = [plain, packed].concat();
    for (committed, time) in (0_i64..).zip(&times) {
        client.call(9, &commit(None, Uuid::ZERO, committed));
        // The second time it is remembered.
        for _ in 0..2 {
            let row = lag(&mut client);
            assert_eq!(behind(&row), (6 - committed, committed, *time));
            assert_eq!(
                (row.committed_offset, row.log_start_offset, row.log_end_offset),
                (committed, 0, 6)
            );
        }
    }
    for beyond in [6, 9] {
        client.call(9, &commit(None, Uuid::ZERO, beyond));
        let row = lag(&mut client);
        assert_eq!((behind(&row), row.lag_ms), ((0, -1, -1), 0));
    }
    broker.stop();
}

#[test]
fn what_retention_took_is_not_waited_for_and_a_restart_changes_nothing() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let mut client = broker.connect();
    let (_, batch) = aged(&[9_000, 8_000], Compression::None);
    client.produce("orders", 0, batch);
    let (times, batch) = aged(&[4_000, 3_000], Compression::None);
    client.produce("orders", 0, batch);
    client.call(9, &commit(None, Uuid::ZERO, 1));
    delete_before(&mut client, 2);
    let row = lag(&mut client);
    assert_eq!(behind(&row), (3, 2, times[0]));
    assert_eq!(row.log_start_offset, 2);
    broker.stop();
    let broker = started(data.path());
    assert_eq!(behind(&lag(&mut broker.connect())), (3, 2, times[0]));
    broker.stop();
}

fn delete_before(client: &mut Client, offset: i64) {
    use wire::messages::DeleteRecordsRequest;
    use wire::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
    let partitions = vec![DeleteRecordsPartition { partition_index: 0, offset }];
    let topics = vec![DeleteRecordsTopic { name: "orders".to_owned(), partitions }];
    let response = client.call(2, &DeleteRecordsRequest { topics, timeout_ms: 10_000 });
    assert_eq!(response.topics[0].partitions[0].error_code, 0);
}

/// A consumer's assignment, as its leader writes it: partition 0 of "orders".
const ORDERS_0: &str = "\0\0\0\0\0\u{1}\0\u{6}orders\0\0\0\u{1}\0\0\0\0\0\0\0\0";

#[test]
fn the_position_of_a_member_is_where_it_fetched_last() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let mut client = broker.connect();
    let (_, batch) = aged(&[1_000; 5], Compression::None);
    client.produce("orders", 0, batch);
    let joined = join_twice(&mut client);
    client.call(5, &sync(&joined, &[(&joined.member_id, ORDERS_0)]));
    let row = lag(&mut client);
    assert_eq!((row.position, row.committed_offset, row.lag), (-1, -1, -1));
    assert_eq!((row.log_end_offset, row.member_id.as_deref()), (5, Some(&*joined.member_id)));
    client.call(9, &commit(Some(&joined), Uuid::ZERO, 1));
    for offset in [0, 4] {
        let before = SystemClock::new().wall().as_millis();
        let _: FetchResponse = client.call(12, &fetch("orders", &[(0, offset)]));
        let row = lag(&mut client);
        assert_eq!((row.position, row.committed_offset, row.lag), (offset, 1, 4));
        assert!(row.position_time_ms >= before - 1, "{} {before}", row.position_time_ms);
        assert_eq!(
            (row.client_id.as_deref(), row.host.as_deref()),
            (Some("test"), Some("/127.0.0.1"))
        );
    }
    broker.stop();
}

#[test]
fn all_groups_are_told_when_none_is_named_and_one_that_is_not_there_is_an_error() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let mut client = broker.connect();
    client.call(9, &commit(None, Uuid::ZERO, 0));
    let response = client.call(0, &OttlaGroupLagRequest::default());
    let group = &response.groups[0];
    assert_eq!((response.groups.len(), group.group_id.as_str()), (1, GROUP));
    assert_eq!((group.group_type.as_str(), group.group_state.as_str()), ("classic", "Empty"));
    let groups = vec!["nobody".to_owned(), String::new()];
    let response = client.call(0, &OttlaGroupLagRequest { groups });
    assert_eq!(response.groups.iter().map(|it| it.error_code).collect::<Vec<_>>(), [69, 24]);
    broker.stop();
}

#[test]
fn a_group_tells_why_it_rebalanced_and_whom_it_waits_for() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let mut client = broker.connect();
    let joined = join_twice(&mut client);
    let request = OttlaGroupHistoryRequest { groups: vec![GROUP.to_owned()] };
    let waiting = client.call(0, &request).groups.remove(0);
    assert_eq!((waiting.error_code, waiting.group_state.as_str()), (0, "CompletingRebalance"));
    assert_eq!(waiting.members[0].blocks.as_deref(), Some("leads, and owes the assignment"));
    assert!(waiting.since_ms > 0);
    client.call(5, &sync(&joined, &[(&joined.member_id, ORDERS_0)]));
    let request = OttlaGroupHistoryRequest { groups: vec![GROUP.to_owned(), "nobody".to_owned()] };
    let response = client.call(0, &request);
    let [stable, nobody] = &response.groups[..] else { panic!("{response:?}") };
    assert_eq!((stable.epoch, stable.members[0].blocks.as_deref()), (1, None));
    assert_eq!((stable.rebalance_count, stable.rebalances.len()), (1, 1));
    let rebalance = &stable.rebalances[0];
    assert_eq!(rebalance.cause, "a new member joined");
    assert_eq!((rebalance.epoch, rebalance.member_count), (1, 1));
    assert_eq!((&*rebalance.member_id, &*rebalance.client_id), (&*joined.member_id, "test"));
    assert_eq!(rebalance.host, "/127.0.0.1");
    assert!(rebalance.ended_ms >= rebalance.started_ms);
    assert_eq!(nobody.error_code, 69);
    broker.stop();
}

#[test]
fn only_ottlas_own_client_is_told_of_ottlas_own_apis() {
    let data = tempfile::tempdir().unwrap();
    let broker = started(data.path());
    let mut client = broker.connect();
    let mut own = |name: &str| {
        let request = ApiVersionsRequest {
            client_software_name: name.to_owned(),
            client_software_version: "1".to_owned(),
            ..ApiVersionsRequest::default()
        };
        let keys = client.call(4, &request).api_keys;
        keys.iter().filter(|key: &&ApiVersion| key.api_key >= 20_000).count()
    };
    assert_eq!(own("apache-kafka-java"), 0);
    assert!(own("ottla") > 0);
    broker.stop();
}
