//! Groups of every type as `ottla group` shows and changes them, on both brokers.

use std::fs;
use std::time::{Duration, Instant};

use client::{Client, ClientConfig, Refused, ServerAddress, Target};
use serde_json::Value;
use tempfile::TempDir;
use testkit::{ApacheKafka, Ottla};
use wire::messages::streams_group_heartbeat_request::{Subtopology, TopicInfo, Topology};
use wire::messages::{
    ConsumerGroupHeartbeatRequest, ShareGroupHeartbeatRequest, StreamsGroupHeartbeatRequest,
    consumer_group_heartbeat_request as consumer, streams_group_heartbeat_request as streams,
};

use super::{Cluster, PATIENCE, json};

/// Assignments are made without delay, so that members get theirs with few heartbeats.
const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    "group.consumer.assignment.interval.ms=0",
    "group.share.assignment.interval.ms=0",
    "group.streams.assignment.interval.ms=0",
    "group.streams.initial.rebalance.delay.ms=0",
    "group.coordinator.rebalance.protocols=classic,consumer,share,streams",
];
const CHANGELOG: &str = "app-store-changelog";

fn connect(runtime: &tokio::runtime::Runtime, cluster: &Cluster) -> Client {
    let config = ClientConfig::new(ServerAddress::parse_list(&cluster.0).unwrap());
    runtime.block_on(Client::connect(config)).unwrap()
}

fn described(cluster: &Cluster, group: &str) -> Value {
    json(cluster, &["group", "describe", group])[0].clone()
}

/// Describes a group again and again, with `step` before, until it is as wanted.
fn wait_for(
    cluster: &Cluster,
    group: &str,
    mut step: impl FnMut(),
    is_wanted: impl Fn(&Value) -> bool,
) -> Value {
    let end = Instant::now() + PATIENCE;
    loop {
        step();
        let found = described(cluster, group);
        if is_wanted(&found) {
            return found;
        }
        assert!(Instant::now() < end, "{found:#}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn has_all(group: &Value) -> bool {
    group["state"] == "Stable" && group["members"][0]["assignment"].as_array().unwrap().len() == 2
}

fn ok(code: i16) -> client::Result<()> {
    Ok(Refused::check(code, String::new, None)?)
}

/// What `t` holds: two records in each of two partitions.
fn make_topic(cluster: &Cluster) {
    cluster.run(&["topic", "create", "t", "--partitions", "2"]);
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("lines");
    fs::write(&file, "a\nb\n").unwrap();
    for partition in ["0", "1"] {
        cluster.run(&["produce", "t", "--partition", partition, "--file", file.to_str().unwrap()]);
    }
}

fn consumer_group(cluster: &Cluster, runtime: &tokio::runtime::Runtime, client: &Client) {
    let (mut epoch, mut owned) = (0, Vec::new());
    let mut beat = |last: Option<i32>| {
        let request = ConsumerGroupHeartbeatRequest {
            group_id: "c".to_owned(),
            member_id: "member-of-c".to_owned(),
            member_epoch: last.unwrap_or(epoch),
            rack_id: Some("r1".to_owned()),
            rebalance_timeout_ms: 60_000,
            subscribed_topic_names: Some(vec!["t".to_owned()]),
            topic_partitions: Some(owned.clone()),
            ..ConsumerGroupHeartbeatRequest::default()
        };
        let asked = client.request(Target::Coordinator("c"), &request, |it| ok(it.error_code));
        let answer = runtime.block_on(asked).unwrap();
        epoch = answer.member_epoch;
        let given = answer.assignment.into_iter().flat_map(|it| it.topic_partitions);
        owned.extend(given.map(|it| consumer::TopicPartitions {
            topic_id: it.topic_id,
            partitions: it.partitions,
        }));
    };
    let found = wait_for(cluster, "c", || beat(None), has_all);
    assert_eq!(found["type"], "Consumer");
    assert_eq!(found["assignor"], "uniform");
    assert!(found["epoch"].as_i64().unwrap() >= 1, "{found:#}");
    assert_eq!(found["epoch"], found["assignment_epoch"]);
    let member = &found["members"][0];
    assert_eq!(member["consumer_id"], "member-of-c");
    assert_eq!(
        (&member["epoch"], &member["rack"], &member["protocol"]),
        (&found["epoch"], &Value::from("r1"), &Value::from("consumer"))
    );
    assert_eq!(member["topics"][0], "t");
    assert_eq!(member["target_assignment"], member["assignment"]);
    assert_eq!(found["offsets"].as_array().unwrap().len(), 2, "what is read without a commit");
    let text = cluster.run(&["group", "describe", "c", "--all"]);
    assert!(text.contains("member-of-c") && text.contains("t:0,1"), "{text}");
    assert!(text.contains("Consumer  Stable"), "{text}");
    let busy = cluster.fail(&["group", "reset", "c", "--topic", "t", "--to", "end"]);
    assert!(busy.contains("stop its members"), "{busy}");
    let busy = cluster.fail(&["group", "delete", "c"]);
    assert!(busy.contains("NON_EMPTY_GROUP"), "{busy}");
    beat(Some(-1));
    let reset =
        json(cluster, &["group", "reset-offsets", "c", "--topic", "t:1", "--to", "beginning"]);
    assert_eq!(reset["offsets"][0]["new_offset"], 0);
    let found = described(cluster, "c");
    assert_eq!((&found["state"], &found["offsets"][0]["lag"]), (&"Empty".into(), &2.into()));
}

fn share_group(cluster: &Cluster, runtime: &tokio::runtime::Runtime, client: &Client) {
    let mut epoch = 0;
    let mut beat = |last: Option<i32>| {
        let request = ShareGroupHeartbeatRequest {
            group_id: "s".to_owned(),
            member_id: "member-of-s".to_owned(),
            member_epoch: last.unwrap_or(epoch),
            rack_id: None,
            subscribed_topic_names: Some(vec!["t".to_owned()]),
        };
        let asked = client.request(Target::Coordinator("s"), &request, |it| ok(it.error_code));
        epoch = runtime.block_on(asked).unwrap().member_epoch;
    };
    let found = wait_for(
        cluster,
        "s",
        || beat(None),
        |it| has_all(it) && it["offsets"].as_array().unwrap().len() == 2,
    );
    assert_eq!((&found["type"], &found["assignor"]), (&"Share".into(), &"simple".into()));
    assert_eq!(found["members"][0]["consumer_id"], "member-of-s");
    assert_eq!(found["members"][0]["epoch"], found["epoch"]);
    let text = cluster.run(&["group", "describe", "s"]);
    assert!(text.starts_with("GROUP  TOPIC  PARTITION  START-OFFSET  LAG"), "{text}");
    beat(Some(-1));
    let reset = json(cluster, &["group", "reset-offsets", "s", "--topic", "t", "--to", "1"]);
    assert_eq!(reset["offsets"].as_array().unwrap().len(), 2);
    let found = described(cluster, "s");
    assert_eq!(found["state"], "Empty");
    for row in found["offsets"].as_array().unwrap() {
        assert_eq!((&row["start_offset"], &row["lag"]), (&1.into(), &1.into()), "{found:#}");
    }
    cluster.run(&["group", "delete", "s", "--topic", "t"]);
    assert_eq!(described(cluster, "s")["offsets"].as_array().unwrap().len(), 0);
}

fn streams_join() -> StreamsGroupHeartbeatRequest {
    let subtopology = Subtopology {
        subtopology_id: "0".to_owned(),
        source_topics: vec!["t".to_owned()],
        state_changelog_topics: vec![TopicInfo {
            name: CHANGELOG.to_owned(),
            ..TopicInfo::default()
        }],
        ..Subtopology::default()
    };
    StreamsGroupHeartbeatRequest {
        group_id: "app".to_owned(),
        member_id: "member-of-app".to_owned(),
        rebalance_timeout_ms: 60_000,
        topology: Some(Topology { epoch: 0, subtopologies: vec![subtopology] }),
        active_tasks: Some(Vec::new()),
        standby_tasks: Some(Vec::new()),
        warmup_tasks: Some(Vec::new()),
        process_id: Some("process".to_owned()),
        user_endpoint: Some(streams::Endpoint { host: "here".to_owned(), port: 7 }),
        client_tags: Some(Vec::new()),
        ..StreamsGroupHeartbeatRequest::default()
    }
}

fn streams_group(cluster: &Cluster, runtime: &tokio::runtime::Runtime, client: &Client) {
    let mut epoch = 0;
    let mut beat = |last: Option<i32>| {
        let joining = streams_join();
        let request = match last.unwrap_or(epoch) {
            0 => joining,
            member_epoch => StreamsGroupHeartbeatRequest {
                group_id: joining.group_id,
                member_id: joining.member_id,
                member_epoch,
                rebalance_timeout_ms: -1,
                ..StreamsGroupHeartbeatRequest::default()
            },
        };
        let asked = client.request(Target::Coordinator("app"), &request, |it| ok(it.error_code));
        epoch = runtime.block_on(asked).unwrap().member_epoch;
    };
    let found = wait_for(cluster, "app", || beat(None), has_all);
    assert_eq!((&found["type"], &found["assignor"]), (&"Streams".into(), &"sticky".into()));
    let topology = &found["topology"];
    assert_eq!(topology["epoch"], 0);
    assert_eq!(topology["subtopologies"][0]["source_topics"][0], "t");
    assert_eq!(topology["subtopologies"][0]["changelog_topics"][0]["name"], CHANGELOG);
    let member = &found["members"][0];
    assert_eq!(member["streams"]["tasks"]["active"]["0"], serde_json::json!([0, 1]));
    assert_eq!(member["streams"]["user_endpoint"], "here:7");
    assert_eq!(member["epoch"], found["epoch"]);
    let text = cluster.run(&["group", "describe", "app", "--state", "--members", "--topology"]);
    assert!(text.contains("Streams  Stable") && text.contains("0:0,1"), "{text}");
    assert!(text.contains(CHANGELOG), "{text}");
    beat(Some(-1));
    let reset = ["group", "reset-offsets", "app", "--topic", "t", "--to", "end"];
    let reset = json(cluster, &[&reset[..], &["--delete-all-internal-topics"]].concat());
    assert_eq!(reset["deleted_topics"][0], CHANGELOG);
    assert_eq!(reset["offsets"][0]["new_offset"], 2);
    let topics = cluster.run(&["topic", "list"]);
    assert!(!topics.contains(CHANGELOG), "{topics}");
    assert_eq!(described(cluster, "app")["offsets"][0]["lag"], 0);
}

fn classic_group(cluster: &Cluster) {
    cluster.run(&["consume", "t", "--group", "old", "--until-end"]);
    let found = described(cluster, "old");
    assert_eq!((&found["type"], &found["state"]), (&"Classic".into(), &"Empty".into()));
    assert_eq!((&found["epoch"], &found["topology"]), (&Value::Null, &Value::Null));
    let text = cluster.run(&["group", "describe", "old", "--state"]);
    assert!(text.contains("Classic  Empty"), "{text}");
    let refused = cluster.fail(&["group", "delete", "old", "--delete-all-internal-topics"]);
    assert!(refused.contains("not a streams group"), "{refused}");
}

/// `look` is called while all groups are there, without members.
fn story(cluster: &Cluster, look: impl FnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = connect(&runtime, cluster);
    make_topic(cluster);
    classic_group(cluster);
    consumer_group(cluster, &runtime, &client);
    share_group(cluster, &runtime, &client);
    streams_group(cluster, &runtime, &client);
    let listed = json(cluster, &["group", "list"]);
    let types: Vec<(&str, String)> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["group"].as_str().unwrap(), it["type"].as_str().unwrap().to_lowercase()))
        .collect();
    let wanted = [("app", "streams"), ("c", "consumer"), ("old", "classic"), ("s", "share")];
    assert_eq!(types, wanted.map(|(group, kind)| (group, kind.to_owned())));
    look();
    cluster.run(&["group", "delete", "app", "c", "old", "s"]);
    assert_eq!(json(cluster, &["group", "list"]), Value::Array(Vec::new()));
    let missing = cluster.fail(&["group", "describe", "c"]);
    assert!(missing.contains("GROUP_ID_NOT_FOUND"), "{missing}");
}

/// The page of metrics counts groups by type and state.
fn counted(ottla: &Ottla) {
    let page = ottla.page("/metrics").unwrap();
    let of = |name: &str| {
        let name = format!("kafka_server_groupcoordinatormetrics_{name} ");
        let line = page.lines().find_map(|line| line.strip_prefix(name.as_str()));
        assert!(line.is_some(), "{name} is not in {page}");
        line.unwrap().to_owned()
    };
    for kind in ["classic", "consumer", "share", "streams"] {
        assert_eq!(of(&format!("group_count{{protocol=\"{kind}\"}}")), "1");
        assert_eq!(of(&format!("{kind}_group_count{{state=\"Empty\"}}")), "1");
        assert_eq!(of(&format!("{kind}_group_count{{state=\"Stable\"}}")), "0");
    }
}

#[test]
fn groups_of_every_type_are_described_listed_reset_and_deleted_on_ottla() {
    let ottla = Ottla::start(SETTINGS).unwrap();
    story(&Cluster(ottla.bootstrap()), || counted(&ottla));
}

#[test]
fn groups_of_every_type_are_described_listed_reset_and_deleted_on_apache_kafka() {
    let kafka = ApacheKafka::start(SETTINGS).unwrap();
    story(&Cluster(kafka.bootstrap()), || {});
}

/// Groups of a client that makes a new one for each thing it does.
const CROWD: usize = 10_000;
/// How many are made at a time.
const CROWD_AT_ONCE: usize = 50;
/// Far longer than a listing, or the lag, of all of them takes.
const CROWD_PATIENCE: Duration = Duration::from_secs(20);
/// A group with one offset takes less memory than this, its place in the log and in tables included.
const CROWD_MEMORY_MAX: u64 = CROWD as u64 * (8 << 10);

async fn make_crowd(client: &Client) {
    let place = model::TopicPartition {
        topic: model::TopicName::new("t").unwrap(),
        partition: model::PartitionIndex::ZERO,
    };
    let offsets = std::collections::BTreeMap::from([(place, model::Offset::ZERO)]);
    let mut made = tokio::task::JoinSet::new();
    for worker in 0..CROWD_AT_ONCE {
        let (client, offsets) = (client.clone(), offsets.clone());
        made.spawn(async move {
            for number in (worker..CROWD).step_by(CROWD_AT_ONCE) {
                client.set_offsets(&format!("crowd-{number:05}"), &offsets).await.unwrap();
            }
        });
    }
    while let Some(done) = made.join_next().await {
        done.unwrap();
    }
}

/// Bytes of memory that a process has.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let found = run();
    assert!(begun.elapsed() < CROWD_PATIENCE, "{what} took {:?}", begun.elapsed());
    found
}

#[test]
fn ten_thousand_groups_are_listed_measured_and_survive_a_restart() {
    let mut ottla = Ottla::start(&[]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    make_topic(&cluster);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = connect(&runtime, &cluster);
    runtime.block_on(client.set_offsets("first", &Default::default())).unwrap();
    let before = resident(ottla.pid());
    runtime.block_on(make_crowd(&client));
    let grown = resident(ottla.pid()).saturating_sub(before);
    assert!(grown < CROWD_MEMORY_MAX, "{grown} bytes");
    for _ in 0..2 {
        let listed = timed("the listing", || json(&cluster, &["group", "list"]));
        assert_eq!(listed.as_array().unwrap().len(), CROWD);
        let lag = timed("the lag of all", || json(&cluster, &["group", "lag"]));
        let lag = lag.as_array().unwrap();
        assert_eq!(lag.len(), CROWD);
        for group in lag {
            let row = &group["partitions"][0];
            assert_eq!((row["lag"].as_i64(), row["unread_offset"].as_i64()), (Some(2), Some(0)));
        }
        ottla.stop().unwrap();
        ottla.restart().unwrap();
    }
}
