//! The same with the coordinator sharing the topics (KIP-848).

use client::NewTopic;
use wire::ErrorCode;

use super::*;

async fn scene(session_timeout: Duration) -> Scene {
    let mut scene = Scene::new(session_timeout).await;
    scene.protocol = GroupProtocol::Consumer;
    scene
}

/// One who reads what a pattern says, by an assignor of the coordinator.
fn consumer(client: &Client, pattern: &str, assignor: Option<&str>) -> GroupConsumer {
    let config = GroupConfig {
        protocol: GroupProtocol::Consumer,
        pattern: Some(pattern.to_owned()),
        remote_assignor: assignor.map(str::to_owned),
        start: Some(Start::Beginning),
        ..GroupConfig::new(GROUP, Vec::new())
    };
    GroupConsumer::new(client.clone(), config, ConsumerConfig::default()).unwrap()
}

/// Waits until the member reads these topics.
async fn has(member: &mut GroupConsumer, expected: &[&str]) {
    let all = async {
        loop {
            let topics: BTreeSet<String> =
                member.assignment().iter().map(|it| it.topic.to_string()).collect();
            if topics.iter().map(String::as_str).eq(expected.iter().copied()) {
                return;
            }
            member.next().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, all).await.expect("topics");
}

#[tokio::test]
async fn members_that_come_and_leave_give_up_only_what_another_gets_and_read_each_record_once() {
    let mut scene = scene(UNHURRIED).await;
    scene.join("a", None).await;
    scene.settle(&[4]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
    assert_eq!(scene.revoked["a"], 2);
    scene.produce(400).await;
    scene.read_all().await;
    scene.join("c", None).await;
    scene.settle(&[2, 1, 1]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.leave("a").await;
    scene.settle(&[2, 2]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.leave("b").await;
    scene.settle(&[4]).await;
    scene.leave("c").await;
    scene.each_was_read_once();
    scene.everything_is_committed().await;
    // Whoever comes later begins where they ended.
    scene.produce(40).await;
    scene.join("d", None).await;
    scene.settle(&[4]).await;
    scene.read_all().await;
    scene.each_was_read_once();
}

#[tokio::test]
async fn the_partitions_of_a_member_that_dies_are_read_on_by_the_other() {
    let mut scene = scene(Duration::from_secs(2)).await;
    scene.join("a", None).await;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.everything_is_committed().await;
    scene.kill("b").await;
    scene.settle(&[4]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.everything_is_committed().await;
}

#[tokio::test]
async fn the_partitions_of_a_static_member_wait_for_its_return() {
    let mut scene = scene(UNHURRIED).await;
    scene.join("a", Some("one")).await;
    scene.join("b", Some("two")).await;
    scene.settle(&[2, 2]).await;
    let (before, assignments) = (scene.assigned.clone(), scene.assignments["b"]);
    scene.leave("a").await;
    scene.produce(40).await;
    scene.join("a", Some("one")).await;
    scene.settle(&[2, 2]).await;
    scene.read_all().await;
    assert_eq!(scene.assigned, before);
    assert_eq!(scene.assignments["b"], assignments, "the other member was not to notice");
    scene.each_was_read_once();
}

#[tokio::test]
async fn new_partitions_are_shared_out_in_the_running_group() {
    let mut scene = scene(UNHURRIED).await;
    scene.join("a", None).await;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
    scene.client.create_partitions(TOPIC, 8).await.unwrap();
    scene.settle(&[4, 4]).await;
}

#[tokio::test]
async fn a_group_whose_broker_is_killed_goes_on_from_its_offsets() {
    let mut scene = scene(UNHURRIED).await;
    scene.join("a", None).await;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.everything_is_committed().await;
    scene.ottla.kill().unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    scene.ottla.restart().unwrap();
    scene.produce(400).await;
    scene.read_all().await;
    scene.each_was_read_once();
    scene.everything_is_committed().await;
}

#[tokio::test]
async fn members_of_both_protocols_share_a_group() {
    let mut scene = Scene::new(UNHURRIED).await;
    scene.join("a", None).await;
    scene.settle(&[4]).await;
    scene.protocol = GroupProtocol::Consumer;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.leave("a").await;
    scene.settle(&[4]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.everything_is_committed().await;
}

#[tokio::test]
async fn a_pattern_takes_in_topics_that_are_made_later() {
    let scene = Scene::new(UNHURRIED).await;
    let mut member = consumer(&scene.client, "ord.*s", Some("range"));
    has(&mut member, &["orders"]).await;
    for name in ["ordinals", "invoices"] {
        let topic = NewTopic {
            name: name.to_owned(),
            partition_count: Some(1),
            replication_factor: None,
            configs: BTreeMap::new(),
        };
        scene.client.create_topic(&topic, false).await.unwrap();
    }
    has(&mut member, &["orders", "ordinals"]).await;
    let described = scene.client.describe_group(GROUP).await.unwrap();
    assert_eq!(described.members.len(), 1);
    member.close().await.unwrap();
    let described = scene.client.describe_group(GROUP).await.unwrap();
    assert!(described.members.is_empty());
}

#[tokio::test]
async fn what_the_coordinator_does_not_know_is_refused() {
    let scene = Scene::new(UNHURRIED).await;
    for (pattern, assignor, code) in [
        ("orders", Some("by dice"), ErrorCode::UnsupportedAssignor),
        ("(orders", None, ErrorCode::InvalidRegularExpression),
    ] {
        let mut member = consumer(&scene.client, pattern, assignor);
        let error = member.next().await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error}");
    }
}
