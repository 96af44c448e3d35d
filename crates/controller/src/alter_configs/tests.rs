use super::*;
use crate::create_topics::{CreateTopics, Layout, NewTopic};
use crate::fixture::World;

fn world() -> World {
    let mut world = World::new(1);
    let topics = vec![NewTopic {
        name: "a".to_owned(),
        layout: Layout::Counts { partitions: 1, replicas: 1 },
        configs: vec![("retention.ms".to_owned(), Some("5".to_owned()))],
    }];
    world.reply(&CreateTopics { topics, validate_only: false });
    world
}

fn alter(
    world: &mut World,
    resource: &ConfigResource,
    operations: &[(&str, ConfigOp)],
) -> (Result<(), Refusal>, usize) {
    let operations = operations.iter().map(|(name, op)| ((*name).to_owned(), op.clone())).collect();
    let resources = vec![(resource.clone(), operations)];
    let (mut reply, records) =
        world.run(&IncrementalAlterConfigs { resources, validate_only: false });
    (reply.pop().unwrap().1, records.len())
}

fn set(value: &str) -> ConfigOp {
    ConfigOp::Set(value.to_owned())
}

fn value<'a>(world: &'a World, name: &str) -> Option<&'a str> {
    world.controller.image().config_value(&ConfigResource::topic("a"), name)
}

#[test]
fn settings_are_set_and_deleted_one_by_one() {
    let mut world = world();
    let topic = ConfigResource::topic("a");
    assert_eq!(alter(&mut world, &topic, &[("max.x", set("1"))]), (Ok(()), 1));
    assert_eq!(value(&world, "retention.ms"), Some("5"));
    assert_eq!(alter(&mut world, &topic, &[("retention.ms", ConfigOp::Delete)]), (Ok(()), 1));
    assert_eq!(value(&world, "retention.ms"), None);
    assert_eq!(value(&world, "max.x"), Some("1"));
}

#[test]
fn a_value_that_is_there_is_written_again_only_for_brokers() {
    let mut world = world();
    let topic = ConfigResource::topic("a");
    assert_eq!(alter(&mut world, &topic, &[("retention.ms", set("5"))]), (Ok(()), 0));
    let broker = ConfigResource::broker_default();
    assert_eq!(alter(&mut world, &broker, &[("x", set("5"))]), (Ok(()), 1));
    assert_eq!(alter(&mut world, &broker, &[("x", set("5"))]), (Ok(()), 1));
}

#[test]
fn lists_grow_and_shrink_from_their_default() {
    let mut world = world();
    let topic = ConfigResource::topic("a");
    let append = ConfigOp::Append("compact,delete".to_owned());
    assert_eq!(alter(&mut world, &topic, &[("cleanup.policy", append)]), (Ok(()), 1));
    assert_eq!(value(&world, "cleanup.policy"), Some("delete,compact"));
    let subtract = ConfigOp::Subtract("delete".to_owned());
    assert_eq!(alter(&mut world, &topic, &[("cleanup.policy", subtract)]), (Ok(()), 1));
    assert_eq!(value(&world, "cleanup.policy"), Some("compact"));
    let append = ConfigOp::Append("1".to_owned());
    let (refused, records) = alter(&mut world, &topic, &[("retention.ms", append)]);
    assert!(matches!(refused, Err(Refusal::InvalidConfig(_))));
    assert_eq!(records, 0);
}

#[test]
fn what_cannot_have_settings_is_refused() {
    let mut world = world();
    let mut refusal = |kind, name: &str| {
        let resource = ConfigResource { kind, name: name.to_owned() };
        alter(&mut world, &resource, &[("x", set("1"))]).0.unwrap_err()
    };
    assert_eq!(refusal(ConfigKind::Topic, "b"), Refusal::UnknownTopicOrPartition);
    assert!(matches!(refusal(ConfigKind::Topic, "b c"), Refusal::InvalidTopicName(_)));
    assert!(matches!(refusal(ConfigKind::Topic, ""), Refusal::InvalidRequest(_)));
    assert!(matches!(refusal(ConfigKind::Broker, "one"), Refusal::InvalidRequest(_)));
    assert!(matches!(refusal(ConfigKind::Broker, "9"), Refusal::BrokerNotRegistered(_)));
    assert!(matches!(refusal(ConfigKind::Group, ""), Refusal::InvalidRequest(_)));
    assert!(matches!(refusal(ConfigKind::ClientMetrics, ""), Refusal::InvalidRequest(_)));
}

#[test]
fn repeated_resources_and_names_are_refused_and_others_pass() {
    let mut world = world();
    let topic = ConfigResource::topic("a");
    let twice = [("x", set("1")), ("x", set("2"))];
    assert!(matches!(alter(&mut world, &topic, &twice).0, Err(Refusal::InvalidRequest(_))));
    let one = |name: &str| vec![(name.to_owned(), set("1"))];
    let group = ConfigResource { kind: ConfigKind::Group, name: "g".to_owned() };
    let resources =
        vec![(topic.clone(), one("x")), (group.clone(), one("y")), (topic.clone(), one("z"))];
    let reply = world.reply(&IncrementalAlterConfigs { resources, validate_only: false });
    let passed: Vec<bool> = reply.iter().map(|(_, result)| result.is_ok()).collect();
    assert_eq!(passed, [false, true, false]);
    assert_eq!(world.controller.image().config_value(&group, "y"), Some("1"));
    assert_eq!(value(&world, "x"), None);
}

#[test]
fn the_older_way_replaces_all_settings() {
    let mut world = world();
    let topic = ConfigResource::topic("a");
    let mut alter = |settings: &[(&str, Option<&str>)]| {
        let settings = settings.iter().map(|(n, v)| ((*n).to_owned(), v.map(str::to_owned)));
        let resources = vec![(topic.clone(), settings.collect())];
        world.reply(&AlterConfigs { resources, validate_only: false }).pop().unwrap().1
    };
    assert_eq!(alter(&[("segment.ms", Some("7"))]), Ok(()));
    assert!(matches!(alter(&[("segment.ms", None)]), Err(Refusal::InvalidRequest(_))));
    assert!(matches!(alter(&[("bad", Some("1"))]), Err(Refusal::InvalidConfig(_))));
    assert_eq!(value(&world, "segment.ms"), Some("7"));
    assert_eq!(value(&world, "retention.ms"), None);
}
