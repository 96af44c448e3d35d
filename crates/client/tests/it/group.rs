//! Two and three members of a group that come, leave, die and return.

mod consumer_protocol;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use client::{
    Assignor, Client, Commit, ConsumerConfig, GroupConfig, GroupConsumer, GroupProtocol, NewRecord,
    Polled, Producer, ProducerConfig, Start,
};
use model::{PartitionIndex, TopicName};
use testkit::Ottla;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::{client_of, create, partition, values};

const TOPIC: &str = "orders";
const GROUP: &str = "accounting";
const PARTITION_COUNT: i32 = 4;
/// Far beyond what a settled machine needs; a rebalance that never comes fails the test here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session that does not end on a busy machine while its member lives.
const UNHURRIED: Duration = Duration::from_secs(30);

/// What a member saw.
#[derive(Debug)]
enum Seen {
    /// What the member has now.
    Assigned(&'static str, BTreeSet<i32>),
    /// What it gives up, and what it keeps.
    Revoked(&'static str, usize, BTreeSet<i32>),
    Read(Vec<String>),
}

struct Member {
    leave: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

struct Scene {
    ottla: Ottla,
    client: Client,
    session_timeout: Duration,
    members: BTreeMap<&'static str, Member>,
    seen: mpsc::UnboundedReceiver<Seen>,
    sender: mpsc::UnboundedSender<Seen>,
    /// What each member of the group reads at present.
    assigned: BTreeMap<&'static str, BTreeSet<i32>>,
    /// How often each was given partitions.
    assignments: BTreeMap<&'static str, u32>,
    /// How many partitions each gave up.
    revoked: BTreeMap<&'static str, usize>,
    assignors: Vec<Assignor>,
    protocol: GroupProtocol,
    read: Vec<String>,
    sent: usize,
}

impl Scene {
    async fn new(session_timeout: Duration) -> Self {
        let session = format!("group.consumer.session.timeout.ms={}", session_timeout.as_millis());
        let settings = [
            "group.initial.rebalance.delay.ms=0",
            "group.min.session.timeout.ms=1000",
            "group.consumer.min.session.timeout.ms=1000",
            "group.consumer.min.heartbeat.interval.ms=100",
            "group.consumer.heartbeat.interval.ms=100",
            "group.consumer.assignment.interval.ms=0",
            &session,
        ];
        let ottla = Ottla::start(&settings).unwrap();
        let client = client_of(&ottla).await;
        create(&client, TOPIC, PARTITION_COUNT, &[]).await;
        let (sender, seen) = mpsc::unbounded_channel();
        Self {
            ottla,
            client,
            session_timeout,
            members: BTreeMap::new(),
            seen,
            sender,
            assigned: BTreeMap::new(),
            assignments: BTreeMap::new(),
            revoked: BTreeMap::new(),
            assignors: vec![Assignor::Range, Assignor::CooperativeSticky],
            protocol: GroupProtocol::Classic,
            read: Vec::new(),
            sent: 0,
        }
    }

    async fn join(&mut self, name: &'static str, instance_id: Option<&str>) {
        let config = GroupConfig {
            instance_id: instance_id.map(str::to_owned),
            assignors: self.assignors.clone(),
            protocol: self.protocol,
            session_timeout: self.session_timeout,
            heartbeat_interval: Duration::from_millis(100),
            commit: Commit::Marked(Duration::from_millis(100)),
            start: Some(Start::Beginning),
            metadata_age_max: Duration::from_millis(500),
            ..GroupConfig::new(GROUP, vec![TOPIC.to_owned()])
        };
        // Connections of its own, as another process has.
        let client = client_of(&self.ottla).await;
        let consumer = GroupConsumer::new(client, config, ConsumerConfig::default()).unwrap();
        let (leave, left) = oneshot::channel();
        let task = tokio::spawn(run(name, consumer, self.sender.clone(), left));
        self.members.insert(name, Member { leave, task });
    }

    /// Commits and says good-bye.
    async fn leave(&mut self, name: &'static str) {
        let member = self.members.remove(name).unwrap();
        member.leave.send(()).unwrap();
        member.task.await.unwrap();
        self.assigned.remove(name);
    }

    /// Ends without a word.
    async fn kill(&mut self, name: &'static str) {
        let member = self.members.remove(name).unwrap();
        member.task.abort();
        assert!(member.task.await.unwrap_err().is_cancelled());
        self.assigned.remove(name);
    }

    fn take(&mut self, seen: Seen) {
        match seen {
            Seen::Assigned(name, partitions) => {
                if self.members.contains_key(name) {
                    self.assigned.insert(name, partitions);
                    *self.assignments.entry(name).or_default() += 1;
                }
            }
            Seen::Revoked(name, count, kept) => {
                if self.members.contains_key(name) {
                    self.assigned.insert(name, kept);
                    *self.revoked.entry(name).or_default() += count;
                }
            }
            Seen::Read(values) => self.read.extend(values),
        }
    }

    async fn next(&mut self) {
        let seen = tokio::time::timeout(PATIENCE, self.seen.recv()).await;
        let state = format!("{:?}, {} of {}", self.assigned, self.read.len(), self.sent);
        self.take(seen.expect(&state).unwrap());
    }

    /// Waits until the members, in the order of their names, read so many partitions, and each is read once.
    async fn settle(&mut self, shares: &[usize]) {
        loop {
            let mut found: Vec<usize> = self.assigned.values().map(BTreeSet::len).collect();
            found.sort_unstable_by(|a, b| b.cmp(a));
            let all: BTreeSet<i32> = self.assigned.values().flatten().copied().collect();
            if found == shares && all.len() == shares.iter().sum::<usize>() {
                return;
            }
            self.next().await;
        }
    }

    async fn produce(&mut self, count: usize) {
        let producer = Producer::new(self.client.clone(), ProducerConfig::default()).unwrap();
        for index in self.sent..self.sent + count {
            let to = i32::try_from(index).unwrap() % PARTITION_COUNT;
            let value = index.to_string();
            let record = NewRecord {
                topic: &TopicName::new(TOPIC).unwrap(),
                partition: PartitionIndex::from_wire(to),
                timestamp: None,
                key: None,
                value: Some(value.as_bytes()),
                headers: &[],
            };
            producer.send(record).await.unwrap();
        }
        producer.flush().await;
        self.sent += count;
    }

    async fn read_all(&mut self) {
        while self.read.iter().collect::<BTreeSet<_>>().len() < self.sent {
            self.next().await;
        }
    }

    fn each_was_read_once(&self) {
        assert_eq!(self.read.len(), self.read.iter().collect::<BTreeSet<_>>().len());
        assert_eq!(self.read.len(), self.sent);
    }

    /// What the group has committed, in all.
    async fn committed(&self) -> i64 {
        let committed = self.client.committed_offsets(GROUP).await.unwrap();
        let of =
            |index| committed.get(&partition(TOPIC, index)).map_or(0, |it| it.offset.to_wire());
        (0..PARTITION_COUNT).map(of).sum()
    }

    async fn everything_is_committed(&self) {
        let sent = i64::try_from(self.sent).unwrap();
        let all = async {
            while self.committed().await < sent {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, all).await.expect("commits");
        assert_eq!(self.committed().await, sent);
    }
}

fn indexes(consumer: &GroupConsumer) -> BTreeSet<i32> {
    consumer.assignment().iter().map(|it| it.partition.to_wire()).collect()
}

async fn run(
    name: &'static str,
    mut consumer: GroupConsumer,
    seen: mpsc::UnboundedSender<Seen>,
    mut left: oneshot::Receiver<()>,
) {
    loop {
        let polled = tokio::select! {
            _ = &mut left => break,
            polled = consumer.next() => polled.unwrap(),
        };
        // The test ends before its members do.
        let _ = seen.send(match polled {
            Polled::Assigned(_) => Seen::Assigned(name, indexes(&consumer)),
            Polled::Revoked(revoked) => Seen::Revoked(name, revoked.len(), indexes(&consumer)),
            Polled::Lost(lost) => Seen::Revoked(name, lost.len(), indexes(&consumer)),
            Polled::Fetched(fetched) => {
                consumer.mark(&fetched.partition, fetched.next);
                Seen::Read(values(&fetched))
            }
        });
    }
    consumer.close().await.unwrap();
}

#[tokio::test]
async fn members_that_come_and_leave_share_the_topic_and_read_each_record_once() {
    let mut scene = Scene::new(UNHURRIED).await;
    scene.join("a", None).await;
    scene.settle(&[4]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
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
    scene.read_all().await;
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
async fn members_share_by_each_assignor_and_read_each_record_once() {
    for assignor in [Assignor::RoundRobin, Assignor::Sticky] {
        let mut scene = Scene::new(UNHURRIED).await;
        scene.assignors = vec![assignor];
        scene.join("a", None).await;
        scene.settle(&[4]).await;
        scene.produce(400).await;
        scene.read_all().await;
        scene.join("b", None).await;
        scene.settle(&[2, 2]).await;
        assert_eq!(scene.revoked["a"], 4, "{assignor:?}");
        scene.produce(400).await;
        scene.read_all().await;
        scene.each_was_read_once();
    }
}

#[tokio::test]
async fn a_cooperative_member_gives_up_only_what_another_gets() {
    let mut scene = Scene::new(UNHURRIED).await;
    scene.assignors = vec![Assignor::CooperativeSticky];
    scene.join("a", None).await;
    scene.settle(&[4]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
    assert_eq!(scene.revoked["a"], 2);
    scene.produce(400).await;
    scene.read_all().await;
    scene.leave("a").await;
    scene.settle(&[4]).await;
    assert_eq!(scene.revoked.get("b"), None);
    scene.produce(400).await;
    scene.read_all().await;
    scene.each_was_read_once();
    scene.everything_is_committed().await;
}

#[tokio::test]
async fn the_partitions_of_a_member_that_dies_are_read_on_by_the_others() {
    let mut scene = Scene::new(Duration::from_secs(2)).await;
    for name in ["a", "b", "c"] {
        scene.join(name, None).await;
    }
    scene.settle(&[2, 1, 1]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.everything_is_committed().await;
    scene.kill("b").await;
    scene.produce(400).await;
    scene.settle(&[2, 2]).await;
    scene.read_all().await;
    scene.everything_is_committed().await;
    scene.kill("a").await;
    scene.produce(400).await;
    scene.settle(&[4]).await;
    scene.read_all().await;
    scene.everything_is_committed().await;
}

#[tokio::test]
async fn a_static_member_that_returns_in_time_has_its_partitions_without_a_rebalance() {
    let mut scene = Scene::new(UNHURRIED).await;
    scene.join("a", Some("one")).await;
    scene.join("b", Some("two")).await;
    scene.settle(&[2, 2]).await;
    let (before, assignments) = (scene.assigned.clone(), scene.assignments["b"]);
    scene.kill("a").await;
    scene.join("a", Some("one")).await;
    scene.settle(&[2, 2]).await;
    assert_eq!(scene.assigned, before);
    scene.produce(40).await;
    scene.read_all().await;
    assert_eq!(scene.assignments["b"], assignments, "the other member was not to notice");
    assert_eq!(scene.client.describe_group(GROUP).await.unwrap().members.len(), 2);
}

#[tokio::test]
async fn new_partitions_of_the_topic_are_shared_out_in_the_running_group() {
    let mut scene = Scene::new(UNHURRIED).await;
    scene.join("a", None).await;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
    scene.client.create_partitions(TOPIC, 8).await.unwrap();
    scene.settle(&[4, 4]).await;
}

#[tokio::test]
async fn a_group_whose_broker_is_killed_goes_on_from_its_offsets() {
    let mut scene = Scene::new(UNHURRIED).await;
    scene.join("a", None).await;
    scene.join("b", None).await;
    scene.settle(&[2, 2]).await;
    scene.produce(400).await;
    scene.read_all().await;
    scene.everything_is_committed().await;
    scene.ottla.kill().unwrap();
    // Longer than the pauses between the members' attempts.
    tokio::time::sleep(Duration::from_secs(3)).await;
    scene.ottla.restart().unwrap();
    assert_eq!(scene.committed().await, 400);
    scene.produce(400).await;
    scene.read_all().await;
    scene.each_was_read_once();
    scene.everything_is_committed().await;
}
