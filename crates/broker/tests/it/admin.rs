use model::Uuid;
use wire::ApiKey;
use wire::messages as m;

use crate::harness::{Client, TestBroker};

fn start() -> (tempfile::TempDir, TestBroker, Client) {
    let dir = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(dir.path(), &[("num.partitions", "2")]);
    let client = broker.connect();
    (dir, broker, client)
}

fn versions<R: wire::Request>() -> impl Iterator<Item = i16> {
    let range = R::KEY.stable_versions();
    range.min..=range.max
}

fn create(name: &str, partitions: i32, replicas: i16) -> m::CreateTopicsRequest {
    m::CreateTopicsRequest {
        topics: vec![m::create_topics_request::CreatableTopic {
            name: name.to_owned(),
            num_partitions: partitions,
            replication_factor: replicas,
            assignments: vec![],
            configs: vec![],
        }],
        timeout_ms: 1_000,
        validate_only: false,
    }
}

fn metadata(names: &[&str], may_create: bool) -> m::MetadataRequest {
    let topics = names.iter().map(|name| m::metadata_request::MetadataRequestTopic {
        name: Some((*name).to_owned()),
        ..Default::default()
    });
    m::MetadataRequest {
        topics: Some(topics.collect()),
        allow_auto_topic_creation: may_create,
        ..Default::default()
    }
}

#[test]
fn topics_are_made_and_taken_away_in_every_version() {
    let (_dir, _broker, mut client) = start();
    for version in versions::<m::CreateTopicsRequest>() {
        let name = format!("t{version}");
        let made = client.call(version, &create(&name, 3, 1)).topics.remove(0);
        assert_eq!((made.error_code, made.error_message), (0, None), "version {version}");
        if version >= 5 {
            assert_eq!((made.num_partitions, made.replication_factor), (3, 1));
            let configs = made.configs.unwrap();
            assert!(configs.iter().any(|config| config.name == "retention.ms"));
        }
        assert_eq!(made.topic_id.is_zero(), version < 7);
        let again = client.call(version, &create(&name, 3, 1)).topics.remove(0);
        assert_eq!((again.error_code, again.num_partitions), (36, -1));
    }
    for version in versions::<m::DeleteTopicsRequest>() {
        let name = format!("t{}", version.max(2));
        let names = vec![name.clone(), "missing".to_owned()];
        let mut request = m::DeleteTopicsRequest { timeout_ms: 1_000, ..Default::default() };
        if version < 6 {
            request.topic_names = names;
        } else {
            let by_name = |name| m::delete_topics_request::DeleteTopicState {
                name: Some(name),
                topic_id: Uuid::ZERO,
            };
            request.topics = names.into_iter().map(by_name).collect();
        }
        let codes: Vec<i16> =
            client.call(version, &request).responses.iter().map(|one| one.error_code).collect();
        let gone = if version == 2 { 3 } else { 0 };
        assert_eq!(codes, [gone, 3], "version {version}");
    }
}

#[test]
fn each_bad_topic_has_its_code() {
    let (_dir, _broker, mut client) = start();
    let mut code = |request: &m::CreateTopicsRequest| client.call(7, request).topics[0].error_code;
    assert_eq!(code(&create("a b", 1, 1)), 17);
    assert_eq!(code(&create("a", 0, 1)), 37);
    assert_eq!(code(&create("a", 1, 0)), 38);
    assert_eq!(code(&create("a", 1, 2)), 38);
    assert_eq!(code(&create("a", 20_000, 1)), 44);
    let mut manual = create("a", -1, -1);
    manual.topics[0].assignments = vec![m::create_topics_request::CreatableReplicaAssignment {
        partition_index: 0,
        broker_ids: vec![9],
    }];
    assert_eq!(code(&manual), 39);
    manual.topics[0].assignments[0].broker_ids = vec![1];
    assert_eq!(code(&manual), 0);
}

#[test]
fn metadata_shows_topics_by_name_and_id_in_every_version() {
    let (_dir, broker, mut client) = start();
    broker.create_topic("a", 2, &[]);
    let id = broker.topic_id("a");
    for version in versions::<m::MetadataRequest>() {
        let response = client.call(version, &metadata(&["a"], true));
        assert_eq!(response.brokers.len(), 1, "version {version}");
        let port = i32::from(broker.address.port());
        let at = &response.brokers[0];
        assert_eq!((at.node_id, at.host.as_str(), at.port), (1, "127.0.0.1", port));
        let topic = &response.topics[0];
        assert_eq!((topic.error_code, topic.partitions.len()), (0, 2));
        assert_eq!(topic.topic_id, if version >= 10 { id } else { Uuid::ZERO });
        assert!(topic.partitions.iter().all(|one| one.error_code == 0 && one.leader_id == 1));
        if version >= 1 {
            assert_eq!(response.controller_id, 1);
            let all =
                client.call(version, &m::MetadataRequest { topics: None, ..metadata(&[], true) });
            assert_eq!(all.topics.len(), 1);
            assert!(client.call(version, &metadata(&[], true)).topics.is_empty());
        } else {
            assert_eq!(client.call(version, &metadata(&[], true)).topics.len(), 1);
        }
        if version >= 4 {
            let missing = client.call(version, &metadata(&["missing", "a b"], false)).topics;
            assert_eq!((missing[0].error_code, missing[1].error_code), (3, 17));
        }
    }
    for (id, code) in [(id, 0), (Uuid::from_bytes([3; 16]), 100)] {
        let by_id = m::metadata_request::MetadataRequestTopic { topic_id: id, name: None };
        let request = m::MetadataRequest { topics: Some(vec![by_id]), ..metadata(&[], false) };
        assert_eq!(client.call(12, &request).topics[0].error_code, code);
    }
}

#[test]
fn a_missing_topic_is_made_by_asking_for_it_unless_that_is_switched_off() {
    let (_dir, _broker, mut client) = start();
    let made = client.call(12, &metadata(&["made", "__consumer_offsets"], true)).topics;
    assert!(made.iter().all(|topic| topic.error_code == 0), "{made:?}");
    let partitions = |name: &str| {
        made.iter().find(|topic| topic.name.as_deref() == Some(name)).unwrap().partitions.len()
    };
    assert_eq!(partitions("made"), 1);
    assert_eq!(partitions("__consumer_offsets"), 50);
    let dir = tempfile::tempdir().unwrap();
    let off = TestBroker::start(dir.path(), &[("auto.create.topics.enable", "false")]);
    let asked = off.connect().call(12, &metadata(&["made"], true)).topics;
    assert_eq!(asked[0].error_code, 3);
}

#[test]
fn a_cluster_describes_its_brokers() {
    let (_dir, broker, mut client) = start();
    for version in versions::<m::DescribeClusterRequest>() {
        let response = client.call(version, &m::DescribeClusterRequest::default());
        assert_eq!((response.error_code, response.cluster_id.as_str()), (0, "test"));
        assert_eq!(response.brokers[0].port, i32::from(broker.address.port()));
        assert_eq!(response.controller_id, 1);
    }
    let controllers = m::DescribeClusterRequest { endpoint_type: 2, ..Default::default() };
    assert_eq!(client.call(1, &controllers).error_code, 114);
    let unknown = m::DescribeClusterRequest { endpoint_type: 7, ..Default::default() };
    assert_eq!(client.call(1, &unknown).error_code, 115);
}

#[test]
fn partitions_are_described_page_by_page() {
    use m::describe_topic_partitions_request::{Cursor, TopicRequest};
    let (_dir, broker, mut client) = start();
    broker.create_topic("a", 3, &[]);
    broker.create_topic("b", 2, &[]);
    let mut request = m::DescribeTopicPartitionsRequest {
        topics: vec![],
        response_partition_limit: 2,
        cursor: None,
    };
    let mut seen = Vec::new();
    loop {
        let page = client.call(0, &request);
        for topic in &page.topics {
            let name = topic.name.clone().unwrap();
            seen.extend(topic.partitions.iter().map(|one| (name.clone(), one.partition_index)));
        }
        let Some(next) = page.next_cursor else { break };
        let m::describe_topic_partitions_response::Cursor { topic_name, partition_index } = next;
        request.cursor = Some(Cursor { topic_name, partition_index });
    }
    let expected = [("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1)];
    assert_eq!(seen, expected.map(|(name, index)| (name.to_owned(), index)));
    let missing = vec![TopicRequest { name: "missing".to_owned() }];
    let request = m::DescribeTopicPartitionsRequest { topics: missing, cursor: None, ..request };
    assert_eq!(client.call(0, &request).topics[0].error_code, 3);
}

#[test]
fn partitions_are_added_and_never_taken_away() {
    let (_dir, broker, mut client) = start();
    broker.create_topic("a", 1, &[]);
    let mut count = 1;
    for version in versions::<m::CreatePartitionsRequest>() {
        count += 1;
        let topic = |name: &str, count| m::create_partitions_request::CreatePartitionsTopic {
            name: name.to_owned(),
            count,
            assignments: None,
        };
        let request = m::CreatePartitionsRequest {
            topics: vec![topic("a", count), topic("missing", 3)],
            timeout_ms: 1_000,
            validate_only: false,
        };
        let results = client.call(version, &request).results;
        assert_eq!((results[0].error_code, results[1].error_code), (0, 3));
        let less = m::CreatePartitionsRequest { topics: vec![topic("a", 1)], ..request };
        assert_eq!(client.call(version, &less).results[0].error_code, 37);
    }
}

fn set(kind: i8, name: &str, key: &str, value: Option<&str>) -> m::IncrementalAlterConfigsRequest {
    use m::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
    m::IncrementalAlterConfigsRequest {
        resources: vec![AlterConfigsResource {
            resource_type: kind,
            resource_name: name.to_owned(),
            configs: vec![AlterableConfig {
                name: key.to_owned(),
                config_operation: i8::from(value.is_none()),
                value: value.map(str::to_owned),
            }],
        }],
        validate_only: false,
    }
}

fn describe(kind: i8, name: &str, key: Option<&str>) -> m::DescribeConfigsRequest {
    m::DescribeConfigsRequest {
        resources: vec![m::describe_configs_request::DescribeConfigsResource {
            resource_type: kind,
            resource_name: name.to_owned(),
            configuration_keys: key.map(|key| vec![key.to_owned()]),
        }],
        include_synonyms: true,
        include_documentation: true,
    }
}

#[test]
fn a_setting_of_a_topic_is_changed_and_described_with_its_source() {
    let (_dir, broker, mut client) = start();
    broker.create_topic("a", 1, &[]);
    for version in versions::<m::IncrementalAlterConfigsRequest>() {
        let request = set(2, "a", "retention.ms", Some("5000"));
        assert_eq!(client.call(version, &request).responses[0].error_code, 0);
        let missing = set(2, "missing", "retention.ms", Some("5000"));
        assert_eq!(client.call(version, &missing).responses[0].error_code, 3);
        let unknown = set(99, "a", "retention.ms", Some("5000"));
        assert_eq!(client.call(version, &unknown).responses[0].error_code, 42);
    }
    for version in versions::<m::DescribeConfigsRequest>() {
        let describe = |kind, name: &str, key: Option<&str>| m::DescribeConfigsRequest {
            include_documentation: version >= 3,
            ..describe(kind, name, key)
        };
        let result =
            client.call(version, &describe(2, "a", Some("retention.ms"))).results.remove(0);
        assert_eq!(result.error_code, 0);
        let [config] = &result.configs[..] else { panic!("{:?}", result.configs) };
        assert_eq!((config.value.as_deref(), config.config_source), (Some("5000"), 1));
        assert_eq!(config.synonyms[0].name, "retention.ms");
        let text = config.documentation.as_deref().unwrap_or_default();
        assert_eq!(!text.is_empty(), version >= 3);
        let missing = client.call(version, &describe(2, "missing", None)).results.remove(0);
        assert_eq!(missing.error_code, 3);
        let own = client.call(version, &describe(4, "1", None)).results.remove(0);
        assert!(own.error_code == 0 && own.configs.len() > 200);
        assert_eq!(client.call(version, &describe(4, "9", None)).results[0].error_code, 42);
    }
    let response = client.call(1, &set(2, "a", "retention.ms", None));
    assert_eq!(response.responses[0].error_code, 0);
    let result = client.call(4, &describe(2, "a", Some("retention.ms"))).results.remove(0);
    assert_ne!(result.configs[0].config_source, 1);
}

#[test]
fn the_older_way_of_changing_settings_replaces_them() {
    use m::alter_configs_request::{AlterConfigsResource, AlterableConfig};
    let (_dir, broker, mut client) = start();
    broker.create_topic("a", 1, &[("retention.ms", "5")]);
    for version in versions::<m::AlterConfigsRequest>() {
        let request = m::AlterConfigsRequest {
            resources: vec![AlterConfigsResource {
                resource_type: 2,
                resource_name: "a".to_owned(),
                configs: vec![AlterableConfig {
                    name: "segment.ms".to_owned(),
                    value: Some("70000".to_owned()),
                }],
            }],
            validate_only: false,
        };
        assert_eq!(client.call(version, &request).responses[0].error_code, 0);
    }
    let result = client.call(4, &describe(2, "a", None)).results.remove(0);
    let source = |name: &str| {
        result.configs.iter().find(|config| config.name == name).unwrap().config_source
    };
    assert_eq!(source("segment.ms"), 1);
    assert_ne!(source("retention.ms"), 1);
}

#[test]
fn resources_with_settings_are_listed() {
    let (_dir, broker, mut client) = start();
    broker.create_topic("a", 1, &[]);
    assert!(client.call(0, &m::ListConfigResourcesRequest::default()).config_resources.is_empty());
    let all = client.call(1, &m::ListConfigResourcesRequest::default()).config_resources;
    let listed: Vec<_> =
        all.iter().map(|one| (one.resource_type, one.resource_name.as_str())).collect();
    assert_eq!(listed, [(2, "a"), (4, "1"), (8, "1")]);
    let unknown = m::ListConfigResourcesRequest { resource_types: vec![77] };
    assert_eq!(client.call(1, &unknown).error_code, 35);
}

#[test]
fn idempotent_producers_get_ids_that_nobody_else_has() {
    let (_dir, _broker, mut client) = start();
    let mut ids = std::collections::BTreeSet::new();
    for version in versions::<m::InitProducerIdRequest>() {
        for _ in 0..250 {
            let request = m::InitProducerIdRequest { transactional_id: None, ..Default::default() };
            let given = client.call(version, &request);
            assert_eq!((given.error_code, given.producer_epoch), (0, 0));
            assert!(ids.insert(given.producer_id));
        }
        let request = m::InitProducerIdRequest {
            transactional_id: Some("t".to_owned()),
            ..Default::default()
        };
        // Nobody has asked yet who coordinates transactions.
        assert_eq!(client.call(version, &request).error_code, 16);
    }
    assert!(ids.len() > 1_000);
}

#[test]
fn leaders_that_lead_need_no_election() {
    use m::elect_leaders_request::TopicPartitions;
    let (_dir, broker, mut client) = start();
    broker.create_topic("a", 1, &[]);
    for version in versions::<m::ElectLeadersRequest>() {
        let one = |topic: &str| TopicPartitions { topic: topic.to_owned(), partitions: vec![0] };
        let request = m::ElectLeadersRequest {
            topic_partitions: Some(vec![one("a"), one("missing")]),
            ..Default::default()
        };
        let results = client.call(version, &request).replica_election_results;
        let code = |index: usize| results[index].partition_result[0].error_code;
        assert_eq!((code(0), code(1)), (84, 3));
        let all = m::ElectLeadersRequest { topic_partitions: None, ..Default::default() };
        let topics = client.call(version, &all).replica_election_results;
        assert!(topics.iter().all(|topic| topic.partition_result.is_empty()));
    }
}

#[test]
fn features_that_are_not_known_cannot_be_raised() {
    use m::update_features_request::FeatureUpdateKey;
    let (_dir, _broker, mut client) = start();
    for version in versions::<m::UpdateFeaturesRequest>() {
        let mut request = m::UpdateFeaturesRequest {
            feature_updates: vec![FeatureUpdateKey {
                feature: "eligible.leader.replicas.version".to_owned(),
                max_version_level: 1,
                ..Default::default()
            }],
            ..Default::default()
        };
        let mut code = |request: &m::UpdateFeaturesRequest| {
            let response = client.call(version, request);
            let of_feature = response.results.first().map(|result| result.error_code);
            of_feature.unwrap_or(response.error_code)
        };
        assert_eq!(code(&request), 95, "version {version}");
        request.feature_updates[0].feature = "metadata.version".to_owned();
        request.feature_updates[0].max_version_level = 33;
        assert_eq!(code(&request), 0, "version {version}");
    }
}

#[test]
fn the_quorum_shows_its_one_voter() {
    use m::describe_quorum_request::{PartitionData, TopicData};
    let (_dir, _broker, mut client) = start();
    let topic = |name: &str| TopicData {
        topic_name: name.to_owned(),
        partitions: vec![PartitionData { partition_index: 0 }],
    };
    for version in versions::<m::DescribeQuorumRequest>() {
        let request =
            m::DescribeQuorumRequest { topics: vec![topic("__cluster_metadata"), topic("a")] };
        let response = client.call(version, &request);
        let metadata = &response.topics[0].partitions[0];
        assert_eq!((metadata.error_code, metadata.leader_id, metadata.leader_epoch), (0, 1, 1));
        assert_eq!(metadata.current_voters[0].log_end_offset, metadata.high_watermark);
        assert_eq!(response.topics[1].partitions[0].error_code, 3);
        assert_eq!(response.nodes.len(), usize::from(version >= 2));
    }
}

#[test]
fn replicas_stay_where_they_are() {
    use m::alter_partition_reassignments_request::{ReassignablePartition, ReassignableTopic};
    let (_dir, broker, mut client) = start();
    broker.create_topic("a", 1, &[]);
    for version in versions::<m::AlterPartitionReassignmentsRequest>() {
        let partition = |replicas| ReassignablePartition { partition_index: 0, replicas };
        let mut code = |name: &str, replicas: Option<Vec<i32>>| {
            let partitions = vec![partition(replicas)];
            let topic = ReassignableTopic { name: name.to_owned(), partitions };
            let request =
                m::AlterPartitionReassignmentsRequest { topics: vec![topic], ..Default::default() };
            client.call(version, &request).responses[0].partitions[0].error_code
        };
        assert_eq!(code("a", Some(vec![1])), 0);
        assert_eq!(code("a", Some(vec![9])), 39);
        assert_eq!(code("a", None), 85);
        assert_eq!(code("missing", Some(vec![1])), 3);
    }
    let all = m::ListPartitionReassignmentsRequest { topics: None, ..Default::default() };
    let listed = client.call(0, &all);
    assert!(listed.error_code == 0 && listed.topics.is_empty());
}

#[test]
fn a_broker_that_never_was_cannot_be_taken_out() {
    let (_dir, _broker, mut client) = start();
    let gone = client.call(0, &m::UnregisterBrokerRequest { broker_id: 9 });
    assert_eq!(gone.error_code, 102);
}

#[test]
fn every_api_of_administration_is_advertised() {
    let (_dir, _broker, mut client) = start();
    let request = m::ApiVersionsRequest {
        client_software_name: "test".to_owned(),
        client_software_version: "1".to_owned(),
        ..Default::default()
    };
    let keys = client.call(3, &request).api_keys;
    for key in [
        ApiKey::Metadata,
        ApiKey::CreateTopics,
        ApiKey::DeleteTopics,
        ApiKey::CreatePartitions,
        ApiKey::DescribeCluster,
        ApiKey::DescribeTopicPartitions,
        ApiKey::IncrementalAlterConfigs,
        ApiKey::AlterConfigs,
        ApiKey::DescribeConfigs,
        ApiKey::ListConfigResources,
        ApiKey::InitProducerId,
        ApiKey::ElectLeaders,
        ApiKey::UpdateFeatures,
        ApiKey::DescribeQuorum,
        ApiKey::AlterPartitionReassignments,
        ApiKey::ListPartitionReassignments,
        ApiKey::UnregisterBroker,
    ] {
        assert!(keys.iter().any(|one| one.api_key == key.code()), "{key} is not advertised");
    }
}
