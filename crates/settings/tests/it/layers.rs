use settings::{CleanupPolicy, Compression, Durability, SecurityProtocol, TimestampType};

use crate::{node, raw};

#[test]
fn a_node_that_says_nothing_is_a_durable_single_one() {
    let config = node(&[]).expect("defaults fit each other");
    let settings = config.settings();
    assert!(settings.roles.broker && settings.roles.controller);
    assert_eq!(settings.node_id, 1);
    assert_eq!(settings.log_dirs, ["/data"]);
    assert_eq!(settings.metadata_dir(), "/data");
    assert_eq!(settings.listeners.len(), 1);
    assert_eq!(settings.listeners[0].endpoint.port, 9092);
    assert_eq!(settings.listeners[0].protocol, SecurityProtocol::Plaintext);
    assert_eq!(settings.inter_broker_listener.as_deref(), Some("PLAINTEXT"));
    assert_eq!(settings.http_listen.as_deref(), Some(":8080"));
    assert_eq!(settings.memory_bytes, None);
    assert_eq!(settings.offsets_topic.partition_count, 50);
    assert_eq!(settings.groups.offsets_retention_ms, 7 * 24 * 3_600_000);

    let topic = config.topic_defaults();
    assert_eq!(topic.durability, Durability::Fsync);
    assert_eq!(topic.cleanup, CleanupPolicy { delete: true, compact: false });
    assert_eq!(topic.compression, Compression::Producer);
    assert_eq!(topic.timestamp_type, TimestampType::CreateTime);
    assert_eq!(topic.segment_bytes, 1 << 30);
    assert_eq!(topic.retention_ms, Some(7 * 24 * 3_600_000));
    assert_eq!(topic.retention_bytes, None);
    assert_eq!(topic.flush_messages, i64::MAX as u64);
}

#[test]
fn a_topic_takes_its_brokers_value_and_its_own_wins() {
    let config =
        node(&[("log.segment.bytes", "2097152"), ("compression.type", "lz4")]).expect("fits");
    let own = raw(&[("compression.type", "zstd"), ("compression.zstd.level", "7")]);
    assert_eq!(config.topic_defaults().segment_bytes, 2_097_152);
    assert_eq!(config.topic_defaults().compression, Compression::Lz4 { level: 9 });
    let topic = config.topic_settings(&own).expect("fits");
    assert_eq!(topic.segment_bytes, 2_097_152);
    assert_eq!(topic.compression, Compression::Zstd { level: 7 });
}

#[test]
fn the_finest_unit_of_retention_wins_and_is_milliseconds_for_topics() {
    let retention =
        |pairs: &[(&str, &str)]| node(pairs).expect("fits").topic_defaults().retention_ms;
    assert_eq!(retention(&[("log.retention.hours", "2")]), Some(7_200_000));
    assert_eq!(
        retention(&[("log.retention.hours", "2"), ("log.retention.minutes", "3")]),
        Some(180_000)
    );
    assert_eq!(retention(&[("log.retention.minutes", "3"), ("log.retention.ms", "5")]), Some(5));
    assert_eq!(retention(&[("log.retention.minutes", "-1")]), None);
}

#[test]
fn a_value_set_for_one_broker_wins_over_one_for_all_over_the_file() {
    let config = node(&[("log.retention.ms", "1")]).expect("fits");
    let retention = |all: &[(&str, &str)], one: &[(&str, &str)]| {
        let (changed, ignored) = config.with_dynamic(&raw(all), &raw(one));
        assert_eq!(ignored, []);
        changed.topic_defaults().retention_ms
    };
    assert_eq!(retention(&[], &[]), Some(1));
    assert_eq!(retention(&[("log.retention.ms", "2")], &[]), Some(2));
    assert_eq!(retention(&[("log.retention.ms", "2")], &[("log.retention.ms", "3")]), Some(3));
}

#[test]
fn a_changed_value_that_cannot_be_taken_leaves_the_others_in_force() {
    let config = node(&[]).expect("fits");
    let all = raw(&[("log.segment.bytes", "no number"), ("message.max.bytes", "99")]);
    let (changed, ignored) = config.with_dynamic(&all, &raw(&[]));
    assert_eq!(changed.topic_defaults().max_message_bytes, 99);
    assert_eq!(changed.topic_defaults().segment_bytes, 1 << 30);
    assert_eq!(
        ignored.iter().map(|invalid| invalid.name.as_str()).collect::<Vec<_>>(),
        ["log.segment.bytes"]
    );
}

#[test]
fn one_message_before_each_flush_means_durable() {
    let config = node(&[("ottla.durability", "os")]).expect("fits");
    assert_eq!(config.topic_defaults().durability, Durability::Os);
    let topic = config.topic_settings(&raw(&[("flush.messages", "1")])).expect("fits");
    assert_eq!(topic.durability, Durability::Fsync);
}

#[test]
fn listeners_know_their_protocol_and_their_part() {
    let config = node(&[
        ("listeners", "PLAINTEXT://:9092,INTERNAL://127.0.0.1:9094,CONTROLLER://:9093"),
        ("controller.listener.names", "controller"),
        (
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
        ),
        ("inter.broker.listener.name", "internal"),
        ("advertised.listeners", "PLAINTEXT://kafka.example.com:19092"),
    ])
    .expect("fits");
    let settings = config.settings();
    let names: Vec<&str> =
        settings.broker_listeners().map(|listener| listener.endpoint.name.as_str()).collect();
    assert_eq!(names, ["PLAINTEXT", "INTERNAL"]);
    assert_eq!(settings.inter_broker_listener.as_deref(), Some("INTERNAL"));
    assert_eq!(settings.advertised[0].host.as_deref(), Some("kafka.example.com"));
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    for (pairs, culprit) in [
        (&[("listeners", "FOO://:9092")] as &[_], "listeners"),
        (&[("advertised.listeners", "OTHER://h:1")], "advertised.listeners"),
        (&[("controller.listener.names", "PLAINTEXT")], "process.roles is broker"),
        (&[("process.roles", "controller")], "process.roles is controller"),
        (&[("log.retention.ms", "0")], "log.retention.ms"),
        (
            &[("group.min.session.timeout.ms", "9"), ("group.max.session.timeout.ms", "8")],
            "group.min.session.timeout.ms",
        ),
        (&[("broker.id", "2")], "broker.id"),
        (&[("queued.max.request.bytes", "10")], "queued.max.request.bytes"),
        (
            &[
                ("log.cleaner.min.compaction.lag.ms", "9"),
                ("log.cleaner.max.compaction.lag.ms", "8"),
            ],
            "min.compaction.lag.ms",
        ),
        (&[("socket.request.max.bytes", "x")], "socket.request.max.bytes"),
        (&[("listener.name.plaintext.ssl.client.auth", "perhaps")], "ssl.client.auth"),
    ] {
        let invalid = node(pairs).expect_err(culprit);
        assert_eq!(invalid.name, culprit);
    }
}
