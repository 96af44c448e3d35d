use std::path::Path;
use std::time::{Duration, Instant};

use node::{Node, NodeError, StartOptions, load};
use record::BatchStamp;
use wire::messages::DeleteTopicsRequest;

use crate::protocol::{World, batch, now_ms};

fn options(data: &Path) -> StartOptions {
    StartOptions {
        data: Some(data.to_owned()),
        listen: Some("127.0.0.1:0".to_owned()),
        http: Some("127.0.0.1:0".to_owned()),
        ..StartOptions::default()
    }
}

fn start(options: &StartOptions) -> Result<Node, NodeError> {
    let configuration = load(options, []).expect("the settings fit");
    Node::start(&configuration.config, configuration.cluster_id.as_deref(), None)
}

fn refused(options: &StartOptions) -> String {
    start(options).err().expect("the node does not start").to_string()
}

#[test]
fn a_new_directory_is_formatted_and_a_clean_stop_leaves_kafkas_marker() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start(&options(directory.path())).expect("starts");
    assert_ne!(node.addresses()[0].port(), 0);
    node.stop().expect("stops");
    let file = |name: &str| std::fs::read_to_string(directory.path().join(name)).ok();
    assert!(file(".kafka_cleanshutdown").is_some());
    let properties = file("meta.properties").expect("it is formatted");
    assert!(properties.contains("node.id=1") && properties.contains("version=1"), "{properties}");
    let guard = directory.path().join("ottla.wal-not-drained");
    assert!(!guard.exists(), "Kafka may open the directory");
}

#[test]
fn a_node_starts_again_as_the_same_cluster() {
    let directory = tempfile::tempdir().expect("a directory");
    let properties = || std::fs::read(directory.path().join("meta.properties")).expect("formatted");
    start(&options(directory.path())).expect("starts").stop().expect("stops");
    let first = properties();
    start(&options(directory.path())).expect("starts again").stop().expect("stops");
    assert_eq!(properties(), first);
}

#[test]
fn one_directory_has_one_node() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start(&options(directory.path())).expect("starts");
    let message = refused(&options(directory.path()));
    assert!(message.contains("is held by another process"), "{message}");
    node.stop().expect("stops");
}

#[test]
fn a_directory_with_other_files_is_not_formatted() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("letter.txt"), "dear").expect("written");
    let message = refused(&options(directory.path()));
    assert!(message.contains("is not empty"), "{message}");
    assert!(!directory.path().join("meta.properties").exists());
}

#[test]
fn a_directory_of_another_node_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    start(&options(directory.path())).expect("starts").stop().expect("stops");
    let other = StartOptions { set: vec!["node.id=2".to_owned()], ..options(directory.path()) };
    let message = refused(&other);
    assert!(message.contains("belongs to node 1, and node.id is 2"), "{message}");
}

#[test]
fn a_node_that_should_ask_who_may_do_what_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let class = "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer";
    let set = vec![class.to_owned()];
    let message = refused(&StartOptions { set, ..options(directory.path()) });
    assert!(message.contains("access control is not built yet"), "{message}");
}

#[test]
fn a_second_data_directory_joins_the_first() {
    let (one, two) =
        (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    start(&options(one.path())).expect("starts").stop().expect("stops");
    let both = format!("log.dirs={},{}", one.path().display(), two.path().display());
    let options = StartOptions { data: None, set: vec![both], ..options(one.path()) };
    start(&options).expect("starts").stop().expect("stops");
    assert!(two.path().join("meta.properties").exists());
}

#[test]
fn a_port_in_use_is_named() {
    let (one, two) =
        (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let node = start(&options(one.path())).expect("starts");
    let address = node.addresses()[0].to_string();
    let message = refused(&StartOptions { listen: Some(address.clone()), ..options(two.path()) });
    assert!(message.contains(&address) && message.contains("in use"), "{message}");
    assert!(!two.path().join("meta.properties").exists(), "nothing is formatted before");
    node.stop().expect("stops");
}

#[test]
fn protocols_that_are_not_built_are_refused_by_name() {
    let directory = tempfile::tempdir().expect("a directory");
    let secure = StartOptions {
        listen: None,
        set: vec!["listeners=SSL://127.0.0.1:0".to_owned()],
        ..options(directory.path())
    };
    let message = refused(&secure);
    assert!(message.contains("listener SSL speaks SSL, which is not built yet"), "{message}");
}

#[test]
fn a_topic_deleted_soon_after_its_first_use_leaves_no_files() {
    let mut world = World::start(&[]);
    // Of this durability it has a directory at once.
    world.create_topic("brief", 1, &[("ottla.durability", "os")]);
    let batch = batch(now_ms(), Some(b"key"), b"value", &BatchStamp::default());
    assert_eq!(world.produce("brief", 0, batch).error_code, 0);
    let data = world.data().to_owned();
    let begins = |name: &str| {
        let entries = std::fs::read_dir(&data).expect("the directory");
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(name))
    };
    assert!(begins("brief-0"), "it has a directory");
    let request = DeleteTopicsRequest {
        topic_names: vec!["brief".to_owned()],
        timeout_ms: 10_000,
        ..DeleteTopicsRequest::default()
    };
    assert_eq!(world.call(5, &request).responses[0].error_code, 0);
    let patience = Instant::now() + Duration::from_secs(20);
    while begins("brief") {
        assert!(Instant::now() < patience, "the topic's files stay");
        std::thread::sleep(Duration::from_millis(10));
    }
    world.stop();
}
