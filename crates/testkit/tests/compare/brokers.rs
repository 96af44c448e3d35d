//! The broker and the cluster themselves.

use testkit::Failed;
use testkit::compare::Comparison;
use wire::messages::describe_quorum_request::{PartitionData, TopicData};
use wire::messages::elect_leaders_request::TopicPartitions;
use wire::messages::list_partition_reassignments_request::ListPartitionReassignmentsTopics;
use wire::messages::{
    ApiVersionsRequest, DescribeClusterRequest, DescribeQuorumRequest, ElectLeadersRequest,
    InitProducerIdRequest, ListPartitionReassignmentsRequest,
};

use crate::topics::prepare;

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    api_versions(c)?;
    for v in 0..=2 {
        c.case("brokers", v, |_| DescribeClusterRequest {
            endpoint_type: 1,
            ..Default::default()
        })?;
        c.case("operations", v, |_| DescribeClusterRequest {
            include_cluster_authorized_operations: true,
            endpoint_type: 1,
            ..Default::default()
        })?;
        if v >= 1 {
            c.case("unknown kind of endpoint", v, |_| DescribeClusterRequest {
                endpoint_type: 9,
                ..Default::default()
            })?;
        }
    }
    for v in 0..=5 {
        let ask = |producer_id: i64, producer_epoch: i16| InitProducerIdRequest {
            transactional_id: None,
            transaction_timeout_ms: 60_000,
            producer_id,
            producer_epoch,
            ..Default::default()
        };
        // Until the broker has its first block of ids it answers 14.
        for side in [&mut c.kafka, &mut c.ottla] {
            for _ in 0..100 {
                if side.call(&ask(-1, -1), v)?.is_none_or(|answer| answer.error_code == 0) {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        c.case("new producer", v, |_| ask(-1, -1))?;
        if v >= 3 {
            c.case("id without epoch", v, |_| ask(5, -1))?;
            c.case("with id and epoch", v, |_| ask(5, 3))?;
        }
        c.case("empty transactional id", v, |_| InitProducerIdRequest {
            transactional_id: Some(String::new()),
            ..ask(-1, -1)
        })?;
    }
    for v in 0..=2 {
        let ask = |topic: &str| DescribeQuorumRequest {
            topics: vec![TopicData {
                topic_name: topic.into(),
                partitions: vec![PartitionData { partition_index: 0 }],
            }],
        };
        c.case("of another topic", v, |_| ask("known"))?;
    }
    prepare(c, "elected", 1, &[])?;
    for v in 0..=2 {
        let ask = |topic: &str| ElectLeadersRequest {
            election_type: 0,
            topic_partitions: Some(vec![TopicPartitions {
                topic: topic.into(),
                partitions: vec![0],
            }]),
            timeout_ms: 10_000,
        };
        c.case("not needed", v, |_| ask("elected"))?;
        c.case("unknown topic", v, |_| ask("not-there"))?;
        c.case("all", v, |_| ElectLeadersRequest { topic_partitions: None, ..ask("elected") })?;
    }
    c.case("none", 0, |_| ListPartitionReassignmentsRequest { timeout_ms: 10_000, topics: None })?;
    c.case("none of one topic", 0, |_| ListPartitionReassignmentsRequest {
        timeout_ms: 10_000,
        topics: Some(vec![ListPartitionReassignmentsTopics {
            name: "elected".into(),
            partition_indexes: vec![0],
        }]),
    })?;
    Ok(())
}

/// The lists themselves differ by the APIs of later issues, so what is compared is how a request is treated.
fn api_versions(c: &mut Comparison) -> Result<(), Failed> {
    for v in 3..=5 {
        c.case("bad name of the client", v, |_| ApiVersionsRequest {
            client_software_name: "!".into(),
            client_software_version: "1".into(),
            ..Default::default()
        })?;
        c.case("no name of the client", v, |_| ApiVersionsRequest::default())?;
    }
    c.case("another cluster's id", 5, |_| ApiVersionsRequest {
        client_software_name: "compare".into(),
        client_software_version: "1".into(),
        cluster_id: Some("another".into()),
        node_id: 1,
    })?;
    Ok(())
}
