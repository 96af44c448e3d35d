//! Topics: created, described, grown, deleted.

use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::create_partitions_request::{
    CreatePartitionsAssignment, CreatePartitionsTopic,
};
use wire::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use wire::messages::delete_topics_request::DeleteTopicState;
use wire::messages::describe_topic_partitions_request::{Cursor, TopicRequest};
use wire::messages::metadata_request::MetadataRequestTopic;
use wire::messages::{
    CreatePartitionsRequest, CreateTopicsRequest, DeleteTopicsRequest,
    DescribeTopicPartitionsRequest, MetadataRequest,
};

/// A request for one topic.
pub(crate) fn create(name: &str, partitions: i32, configs: &[(&str, &str)]) -> CreateTopicsRequest {
    let configs = configs.iter().map(|(name, value)| CreatableTopicConfig {
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
    CreateTopicsRequest { topics: vec![topic], timeout_ms: 10_000, validate_only: false }
}

fn assigned(name: &str, brokers: &[&[i32]]) -> CreateTopicsRequest {
    let mut request = create(name, -1, &[]);
    request.topics[0].replication_factor = -1;
    request.topics[0].assignments = brokers
        .iter()
        .zip(0..)
        .map(|(brokers, partition_index)| CreatableReplicaAssignment {
            partition_index,
            broker_ids: brokers.to_vec(),
        })
        .collect();
    request
}

/// A topic that both sides know before the next case asks for it.
pub(crate) fn prepare(
    c: &mut Comparison,
    name: &str,
    partitions: i32,
    configs: &[(&str, &str)],
) -> Result<(), Failed> {
    for side in [&mut c.kafka, &mut c.ottla] {
        side.call(&create(name, partitions, configs), 7)?;
        known(side, name);
    }
    Ok(())
}

fn known(side: &mut Side, name: &str) {
    for _ in 0..200 {
        if !side.topic_id(name).is_zero() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    create_topics(c)?;
    metadata(c)?;
    describe_topic_partitions(c)?;
    create_partitions(c)?;
    delete_topics(c)
}

fn create_topics(c: &mut Comparison) -> Result<(), Failed> {
    for v in 2..=7 {
        let name = format!("create-{v}");
        c.case("accepted", v, |_| create(&name, 3, &[("retention.ms", "1000")]))?;
        c.case("exists", v, |_| create(&name, 3, &[]))?;
        c.case("bad name", v, |_| create("a b", 1, &[]))?;
        c.case("long name", v, |_| create(&"x".repeat(250), 1, &[]))?;
        c.case("empty name", v, |_| create("", 1, &[]))?;
        c.case("dots", v, |_| create("..", 1, &[]))?;
        c.case("no partitions", v, |_| create(&format!("zero-{v}"), 0, &[]))?;
        c.case("negative partitions", v, |_| create(&format!("neg-{v}"), -2, &[]))?;
        c.case("unknown setting", v, |_| {
            create(&format!("u-{v}"), 1, &[("no.such.setting", "1")])
        })?;
        c.case("bad value", v, |_| create(&format!("b-{v}"), 1, &[("retention.ms", "many")]))?;
        c.case("value out of range", v, |_| {
            create(&format!("r-{v}"), 1, &[("segment.bytes", "1")])
        })?;
        c.case("bad policy", v, |_| create(&format!("p-{v}"), 1, &[("cleanup.policy", "keep")]))?;
        c.case("twice in one request", v, |_| {
            let mut request = create(&format!("twice-{v}"), 1, &[]);
            request.topics.push(request.topics[0].clone());
            request
        })?;
        c.case("too many replicas", v, |_| {
            let mut request = create(&format!("rf-{v}"), 1, &[]);
            request.topics[0].replication_factor = 3;
            request
        })?;
        c.case("no replicas", v, |_| {
            let mut request = create(&format!("rf0-{v}"), 1, &[]);
            request.topics[0].replication_factor = 0;
            request
        })?;
        c.case("only validated", v, |_| {
            let mut request = create(&format!("validate-{v}"), 2, &[]);
            request.validate_only = true;
            request
        })?;
        c.case("assigned", v, |_| assigned(&format!("assigned-{v}"), &[&[1], &[1]]))?;
        c.case("assigned to an unknown broker", v, |_| assigned(&format!("nobody-{v}"), &[&[7]]))?;
        c.case("assigned twice to one broker", v, |_| assigned(&format!("same-{v}"), &[&[1, 1]]))?;
        c.case("defaults", v, |_| {
            let mut request = create(&format!("default-{v}"), -1, &[]);
            request.topics[0].replication_factor = -1;
            request
        })?;
        c.case("name that collides", v, |_| create(&format!("create_{v}"), 1, &[]))?;
        c.case("nothing", v, |_| CreateTopicsRequest { timeout_ms: 1000, ..Default::default() })?;
    }
    Ok(())
}

fn by_name(names: &[&str], create: bool) -> MetadataRequest {
    let topics = names
        .iter()
        .map(|name| MetadataRequestTopic { name: Some((*name).into()), ..Default::default() });
    MetadataRequest {
        topics: Some(topics.collect()),
        allow_auto_topic_creation: create,
        ..Default::default()
    }
}

fn metadata(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, "known", 3, &[])?;
    for v in 0..=13 {
        // Older versions cannot forbid the creation, so they ask for known topics only.
        c.case("known topic", v, |_| by_name(&["known"], true))?;
        c.case("bad name", v, |_| by_name(&["a b"], true))?;
        if v >= 1 {
            c.case("no topics", v, |_| by_name(&[], true))?;
        }
        if v >= 4 {
            c.case("unknown topic", v, |_| by_name(&["not-there", "known"], false))?;
        }
        if v >= 8 {
            c.case("operations", v, |_| MetadataRequest {
                include_topic_authorized_operations: true,
                include_cluster_authorized_operations: v <= 10,
                ..by_name(&["known"], false)
            })?;
        }
        if v >= 12 {
            c.case("by id", v, |side| {
                let topic_id = side.topic_id("known");
                let topic = MetadataRequestTopic { topic_id, name: None };
                MetadataRequest { topics: Some(vec![topic]), ..by_name(&[], false) }
            })?;
            c.case("by unknown id", v, |_| {
                let topic =
                    MetadataRequestTopic { topic_id: model::Uuid::from_bytes([9; 16]), name: None };
                MetadataRequest { topics: Some(vec![topic]), ..by_name(&[], false) }
            })?;
        }
    }
    Ok(())
}

fn describe_topic_partitions(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, "described", 5, &[])?;
    let request =
        |names: &[&str], limit: i32, cursor: Option<Cursor>| DescribeTopicPartitionsRequest {
            topics: names.iter().map(|name| TopicRequest { name: (*name).into() }).collect(),
            response_partition_limit: limit,
            cursor,
        };
    c.case("known", 0, |_| request(&["described", "known"], 2000, None))?;
    c.case("unknown", 0, |_| request(&["not-there"], 2000, None))?;
    c.case("bad name", 0, |_| request(&["a b"], 2000, None))?;
    c.case("limited", 0, |_| request(&["described", "known"], 3, None))?;
    c.case("continued", 0, |_| {
        request(
            &["described", "known"],
            3,
            Some(Cursor { topic_name: "described".into(), partition_index: 3 }),
        )
    })?;
    Ok(())
}

fn create_partitions(c: &mut Comparison) -> Result<(), Failed> {
    for v in 0..=3 {
        let name = format!("grow-{v}");
        prepare(c, &name, 2, &[])?;
        let grow = |name: &str, count: i32, brokers: Option<&[i32]>, validate_only: bool| {
            CreatePartitionsRequest {
                topics: vec![CreatePartitionsTopic {
                    name: name.into(),
                    count,
                    assignments: brokers.map(|b| {
                        b.iter()
                            .map(|b| CreatePartitionsAssignment { broker_ids: vec![*b] })
                            .collect()
                    }),
                }],
                timeout_ms: 10_000,
                validate_only,
            }
        };
        c.case("only validated", v, |_| grow(&name, 4, None, true))?;
        c.case("accepted", v, |_| grow(&name, 4, None, false))?;
        c.case("same count", v, |_| grow(&name, 4, None, false))?;
        c.case("shrink", v, |_| grow(&name, 3, None, false))?;
        c.case("negative", v, |_| grow(&name, -1, None, false))?;
        c.case("unknown topic", v, |_| grow("not-there", 3, None, false))?;
        c.case("assigned", v, |_| grow(&name, 6, Some(&[1, 1]), false))?;
        c.case("assigned too few", v, |_| grow(&name, 9, Some(&[1]), false))?;
        c.case("assigned to nobody", v, |_| grow(&name, 7, Some(&[9]), false))?;
        c.case("twice in one request", v, |_| {
            let mut request = grow(&name, 10, None, false);
            request.topics.push(request.topics[0].clone());
            request
        })?;
    }
    Ok(())
}

fn delete_topics(c: &mut Comparison) -> Result<(), Failed> {
    for v in 1..=6 {
        let name = format!("delete-{v}");
        prepare(c, &name, 2, &[])?;
        let delete = |name: &str| DeleteTopicsRequest {
            topic_names: if v < 6 { vec![name.into()] } else { Vec::new() },
            topics: if v < 6 {
                Vec::new()
            } else {
                vec![DeleteTopicState { name: Some(name.into()), topic_id: model::Uuid::ZERO }]
            },
            timeout_ms: 10_000,
        };
        c.case("accepted", v, |_| delete(&name))?;
        c.case("unknown", v, |_| delete("not-there"))?;
    }
    prepare(c, "delete-by-id", 1, &[])?;
    let by_id = |topic_id| DeleteTopicsRequest {
        topics: vec![DeleteTopicState { name: None, topic_id }],
        timeout_ms: 10_000,
        ..Default::default()
    };
    c.case("by id", 6, |side| by_id(side.topic_id("delete-by-id")))?;
    c.case("by unknown id", 6, |_| by_id(model::Uuid::from_bytes([7; 16])))?;
    Ok(())
}
